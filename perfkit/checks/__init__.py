"""The findings: what a reviewer or an auditor would say about a form (codes PK101 … PK504)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from perfkit.checks.across import Across
from perfkit.checks.finding import Finding, Findings, Severity
from perfkit.checks.listing import render, writer
from perfkit.errors import need
from perfkit.form import Form
from perfkit.scoring import Scorecard

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from perfkit.checks.registry import Rule, Subject
    from perfkit.form import Indicator

__all__ = [
    "Across",
    "Finding",
    "Findings",
    "Severity",
    "check",
    "check_all",
    "explain",
    "render",
    "rules",
    "writer",
]


def check(form: Form, card: Scorecard, *, select: Sequence[str] = (), ignore: Sequence[str] = ()) -> Findings:
    """Find every defect of one form.

    `select` and `ignore` take codes (`PK210`), prefixes (`PK2`) and slugs; the profile's own `ignore` and
    what a row, or the form as a whole, sets aside with a reason count too.

    Raises:
        SettingsError: a code that does not exist, in an argument or in the profile.
    """
    need("form", Form, form)
    need("card", Scorecard, card)
    found: list[Finding] = []
    aside: list[Finding] = []
    for finding in _findings(form, card, select, ignore):
        (found if finding.set_aside is None else aside).append(finding)
    return Findings(found, aside)


def check_all(
    cards: Iterable[Scorecard], *, select: Sequence[str] = (), ignore: Sequence[str] = ()
) -> Findings:
    """Find the defects across forms (5xx); `Across` does the same for a stream, a card at a time."""
    need("cards", Iterable, cards)
    across = Across(select=select, ignore=ignore)
    for card in cards:
        need("cards", Scorecard, card)
        across.add(card)
    return across.findings()


def explain(code: str, language: str = "zh") -> str:
    """Give the page of a code or slug: what it means, why it matters, an example, how to mend it."""
    from perfkit.checks.finding import section
    from perfkit.checks.registry import page

    return section(page(code), language)


def rules() -> Mapping[str, Rule]:
    """Give every rule that looks at one form, by code, in the order of the codes; others' rules last."""
    from perfkit.checks import completeness, logic, measurability, money_block, scores  # noqa: F401
    from perfkit.checks.finding import OTHERS, pages
    from perfkit.checks.registry import registered
    from perfkit.plugins import FINDINGS, added

    brought = (page.code for page in pages().values() if page.family == OTHERS)
    return {**registered(), **{code: added(FINDINGS)[code].hits for code in brought}}


def _findings(form: Form, card: Scorecard, select: Sequence[str], ignore: Sequence[str]) -> Iterator[Finding]:
    from perfkit.checks.registry import Subject, matches, wanted_codes

    subject = Subject(form, card)
    wanted = wanted_codes(select, ignore, card.profile.ignore)
    parts: list[tuple[int | None, Form | Indicator]] = [(None, form), *form.numbered()]
    aside = {
        (number, code): one
        for number, part in parts
        for one in part.ignore
        if one.reason.strip()
        for code in matches(one.code)
    }
    for code, rule in rules().items():
        if code not in wanted:
            continue
        for found in _of_rule(code, rule, subject):
            yield replace(found, set_aside=aside.get((found.row, code)))


def _of_rule(code: str, rule: Rule, subject: Subject) -> Iterable[Finding]:
    """Give what one rule finds; another package's rule that breaks is told by its name and finds nothing."""
    from perfkit.checks.finding import OTHERS, pages
    from perfkit.checks.phrasing import finding_of
    from perfkit.plugins import FINDINGS, tell

    def found() -> Iterator[Finding]:
        for hit in rule(subject):
            yield finding_of(code, hit, subject.form, subject.profile.severities)

    if pages()[code].family != OTHERS:
        return found()
    try:
        return list(found())
    except Exception as error:  # noqa: BLE001  # whatever a stranger's code raises is told by its name
        tell(FINDINGS, code, error)
        return ()
