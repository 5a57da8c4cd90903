"""The marks of findings: where each stands, and the anchor that its marks in the tables link to."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from perfkit.checks.labels import place_label
from perfkit.display.labels import label

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from perfkit.checks import Finding
    from perfkit.language import Language

_ON_FORM = frozenset({"project", "department", "unit", "goals", "indicators", "total", "grade", "budget"})
_ON_ROW = frozenset({"name", "target", "actual", "weight", "score", "reason"})


@dataclass(frozen=True, slots=True)
class Mark:
    """Hold a finding with the anchor its marks link to (`PK210-3`) and its place in words."""

    finding: Finding
    anchor: str
    where: str
    title: str

    @property
    def cell(self) -> str:
        """Give the cell of the official table that the finding speaks of.

        A field that is no cell of the table is marked at the row's name, or at the head of the form.
        """
        field = self.finding.field
        if self.finding.row is None:
            return field if field.partition(".")[0] in _ON_FORM else "form"
        field = field.rpartition("].")[2]
        return field if field in _ON_ROW else "name"


def marks_of(findings: Sequence[Finding], language: Language) -> tuple[Mark, ...]:
    """Give each finding its anchor: code and row, and a count where a row has the same code twice."""
    seen: defaultdict[str, int] = defaultdict(int)
    marks = []
    for finding in findings:
        stem = finding.code if finding.row is None else f"{finding.code}-{finding.row}"
        seen[stem] += 1
        anchor = stem if seen[stem] == 1 else f"{stem}.{seen[stem]}"
        title = f"{label(finding.severity, language)} {finding.message[language]}"
        marks.append(Mark(finding, anchor, _where(finding, language), title))
    return tuple(marks)


def _where(finding: Finding, language: Language) -> str:
    key = "whole_form" if finding.row is None else "row_number"
    place = place_label(finding.place, language)
    return " · ".join(part for part in (label(key, language, row=finding.row), place) if part)


def by_cell(marks: Sequence[Mark], row: int | None) -> Mapping[str, list[Mark]]:
    """Give the marks on a row (or on the form as a whole) by the cell they stand in."""
    found: defaultdict[str, list[Mark]] = defaultdict(list)
    for mark in marks:
        if mark.finding.row == row:
            found[mark.cell].append(mark)
    return found
