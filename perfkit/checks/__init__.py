"""The findings: what a reviewer or an auditor would say about a form (codes PK101 … PK504)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfkit.checks.across import Across
from perfkit.checks.finding import Finding, Findings, Severity
from perfkit.checks.outputs import render, writer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from perfkit.form import Form
    from perfkit.scoring import Scorecard

__all__ = ["Across", "Finding", "Findings", "Severity", "check", "check_all", "explain", "render", "writer"]


def check(form: Form, card: Scorecard, *, select: Sequence[str] = (), ignore: Sequence[str] = ()) -> Findings:
    """Find every defect of one form.

    `select` and `ignore` take codes (`PK210`), prefixes (`PK2`) and slugs; the profile's own `ignore` and
    what a row sets aside with a reason count too.

    Raises:
        SettingsError: a code that does not exist, in an argument or in the profile.
    """
    return Findings(tuple(_findings(form, card, select, ignore)))


def check_all(
    cards: Iterable[Scorecard], *, select: Sequence[str] = (), ignore: Sequence[str] = ()
) -> Findings:
    """Find the defects across forms (5xx); `Across` does the same for a stream, a card at a time."""
    across = Across(select=select, ignore=ignore)
    for card in cards:
        across.add(card)
    return across.findings()


def explain(code: str, language: str = "zh") -> str:
    """Give the page of a code or slug: what it means, why it matters, an example, how to mend it."""
    from perfkit.checks.manual import section
    from perfkit.checks.pages import page

    return section(page(code), language)


def _findings(form: Form, card: Scorecard, select: Sequence[str], ignore: Sequence[str]) -> Iterator[Finding]:
    from perfkit.checks.registry import rules
    from perfkit.checks.selection import matches, wanted_codes
    from perfkit.checks.subject import Subject
    from perfkit.checks.wording import finding_of

    subject = Subject(form, card)
    wanted = wanted_codes(select, ignore, card.profile.ignore)
    set_aside = {
        (number, code)
        for number, row in form.numbered()
        for one in row.ignore
        if one.reason.strip()
        for code in matches(one.code)
    }
    for code, rule in rules().items():
        if code not in wanted:
            continue
        for hit in rule(subject):
            if (hit.row, code) not in set_aside:
                yield finding_of(code, hit, form, card.profile.severities)
