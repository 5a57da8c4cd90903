"""Findings for people at a terminal: grouped by form, coloured where it can be, a summary at the end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import IO

from rich.console import Console
from rich.text import Text as Styled

from perfkit.checks.finding import SEVERITIES, Finding
from perfkit.checks.outputs.labels import field_label, place_label, row_label, severity_label
from perfkit.checks.wording import printable
from perfkit.language import Text

_STYLES = {"error": "bold red", "warning": "yellow", "info": "cyan"}
_EVIDENCE, _FIX = Text("依据", "evidence"), Text("建议", "fix")
_NO_FILE = Text("（跨项目）", "(across projects)")


class TextWriter:
    """Print each form's findings under its file name; text of a form is never taken for markup."""

    def __init__(self, stream: IO[str], language: str) -> None:
        self._console = Console(file=stream, highlight=False, soft_wrap=True, markup=False, emoji=False)
        self._language = language
        self._counts: Counter[str] = Counter()
        self._forms = 0

    def add(self, findings: Iterable[Finding], file: str = "") -> None:
        """Print the findings of one form; a form without any is only counted."""
        self._forms += 1
        found = list(findings)
        if not found:
            return
        name = file or found[0].file or _NO_FILE[self._language]
        self._console.print(Styled(printable(name), style="bold underline"))
        for finding in found:
            self._counts[finding.severity] += 1
            self._print(finding)
        self._console.print()

    def close(self) -> None:
        """Print the summary line."""
        self._console.print(self._summary())

    def _print(self, finding: Finding) -> None:
        language = self._language
        style = _STYLES[finding.severity]
        where = [row_label(finding.row, language), field_label(finding.field, language)]
        if finding.place:
            where.append(f"({place_label(printable(finding.place), language)})")
        line = Styled("  ")
        line.append(severity_label(finding.severity, language), style)
        line.append(f" {finding.code} ", "bold")
        line.append(" ".join(filter(None, where)), "dim")
        line.append(f" {finding.message[language]}")
        self._console.print(line)
        for label, text in ((_EVIDENCE, finding.evidence), (_FIX, finding.fix)):
            self._console.print(Styled(f"      {label[language]}: {text[language]}", style="dim"))

    def _summary(self) -> Styled:
        counts = [(severity, self._counts[severity]) for severity in SEVERITIES if self._counts[severity]]
        total = sum(self._counts.values())
        if not counts:
            clean = Text(f"{self._forms}份自评表，未发现问题", f"{_forms(self._forms)}, no findings")
            return Styled(clean[self._language], style="green")
        head = Text(f"{self._forms}份自评表，{total}条问题：", f"{_forms(self._forms)}, {_found(total)}: ")
        line = Styled(head[self._language])
        for place, (severity, count) in enumerate(counts):
            if place:
                line.append("、" if self._language == "zh" else ", ")
            label = severity_label(severity, self._language)
            line.append(
                f"{label}{count}条" if self._language == "zh" else _plural(count, label), _STYLES[severity]
            )
        return line


def _forms(count: int) -> str:
    return _plural(count, "form")


def _found(count: int) -> str:
    return _plural(count, "finding")


def _plural(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 or noun == "info" else f"{count} {noun}s"
