"""Findings for people at a terminal: grouped by form, coloured where it can be, a summary at the end."""

from __future__ import annotations

from collections import Counter
from typing import IO, TYPE_CHECKING

from rich.console import Console
from rich.text import Text as Styled

from perfkit.checks.finding import SEVERITIES, Finding, Findings
from perfkit.checks.phrasing import field_label, printable, row_label, severity_label
from perfkit.text import say
from perfkit.text.catalogue import place_in

if TYPE_CHECKING:
    from collections.abc import Iterable

_STYLES = {"error": "bold red", "warning": "yellow", "info": "cyan"}
_EVIDENCE, _FIX = say("checks.list.evidence"), say("checks.list.fix")
_ASIDE = say("checks.list.aside")
_ACROSS, _ACROSS_CODES = say("checks.list.across"), "PK5"


class TextWriter:
    """Print each form's findings under its file name; text of a form is never taken for markup."""

    def __init__(self, stream: IO[str], language: str) -> None:
        self._console = Console(file=stream, highlight=False, soft_wrap=True, markup=False, emoji=False)
        self._language = language
        self._counts: Counter[str] = Counter()
        self._forms = 0

    def add(self, findings: Iterable[Finding], file: str = "") -> None:
        """Print the findings of one form; a form without any is only counted."""
        found = list(findings)
        aside = findings.set_aside if isinstance(findings, Findings) else ()
        across = bool(found) and all(finding.code.startswith(_ACROSS_CODES) for finding in found)
        self._forms += not across
        if not found and not aside:
            return
        name = _ACROSS[self._language] if across else file or next(each.file for each in (*found, *aside))
        self._console.print(Styled(printable(name) or "—", style="bold underline"))
        for finding in found:
            self._counts[finding.severity] += 1
            self._print(finding, finding.file if across else "")
        for finding in aside:
            self._print_aside(finding)
        self._console.print()

    def close(self) -> None:
        """Print the summary line."""
        self._console.print(self._summary())

    def _print(self, finding: Finding, file: str) -> None:
        language = self._language
        style = _STYLES[finding.severity]
        where = [printable(file), row_label(finding.row, language), field_label(finding.field, language)]
        if finding.place:
            where.append(f"({place_in(printable(finding.place), language)})")
        line = Styled("  ")
        line.append(severity_label(finding.severity, language), style)
        line.append(f" {finding.code} ", "bold")
        line.append(" ".join(filter(None, where)), "dim")
        line.append(f" {finding.message[language]}")
        self._console.print(line)
        for label, text in ((_EVIDENCE, finding.evidence), (_FIX, finding.fix)):
            self._console.print(Styled(f"      {label[language]}: {text[language]}", style="dim"))

    def _print_aside(self, finding: Finding) -> None:
        """Print a finding that a person has set aside, with the reason; it counts no more."""
        aside, language = finding.set_aside, self._language
        if aside is None:
            return
        by = f" ({aside.by})" if aside.by else ""
        told = f"{finding.code} {finding.message[language]} — {printable(aside.reason + by)}"
        self._console.print(Styled(f"  {_ASIDE[language]}: {told}", style="dim"))

    def _summary(self) -> Styled:
        counts = [(severity, self._counts[severity]) for severity in SEVERITIES if self._counts[severity]]
        total = sum(self._counts.values())
        forms = say("checks.list.forms", n=self._forms)
        if not counts:
            clean = say("checks.list.clean", forms=forms)
            return Styled(clean[self._language], style="green")
        head = say("checks.list.head", forms=forms, findings=say("checks.list.findings", n=total))
        line = Styled(head[self._language])
        for place, (severity, count) in enumerate(counts):
            if place:
                line.append(say("checks.list.joint")[self._language])
            told = say(f"checks.list.count_{severity}", n=count)
            line.append(told[self._language], _STYLES[severity])
        return line
