"""A finding: what a reviewer would say about a form, with its place, its evidence and its mending."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, overload

from perfkit.shown import Shown

if TYPE_CHECKING:
    from perfkit.form import Ignore
    from perfkit.language import Text

Severity = Literal["error", "warning", "info"]
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "info")
MONEY_DOUBTED = frozenset({"PK117", "PK119"})  # what the checks doubt of the amounts


@dataclass(frozen=True, slots=True)
class Owner:
    """Say whose finding it is: the project, its department (主管部门) and unit (实施单位)."""

    project: str = ""
    department: str = ""
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """Hold one finding: code, slug and severity, where it stands, what it says.

    `row` is the indicator's number from 1, or None for the form as a whole; `field` the field of the
    form (`target`, `score`, `budget.total.rate`); `place` where that was read from (a line, a cell) in
    `source`, the unit's own file; `owner` says whose form it is. `also` names the findings that the same
    cause would have made. `set_aside` holds why, and by whom, a person has set the finding aside.
    """

    code: str
    slug: str
    severity: Severity
    message: Text
    evidence: Text
    fix: Text
    file: str = ""
    row: int | None = None
    field: str = ""
    place: str = ""
    source: str = ""
    owner: Owner = Owner()
    also: tuple[str, ...] = ()
    set_aside: Ignore | None = None

    def to_dict(self, language: str = "zh") -> dict[str, Any]:
        """Give the finding as `perfkit check --format json` prints it."""
        return {
            "code": self.code,
            "slug": self.slug,
            "severity": self.severity,
            "file": self.file,
            "row": self.row,
            "field": self.field,
            "message": self.message[language],
            "evidence": self.evidence[language],
            "fix": self.fix[language],
        }


def _sorted(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    return tuple(sorted(findings, key=lambda f: (SEVERITIES.index(f.severity), f.file, f.row or 0, f.code)))


class Findings(Sequence[Finding], Shown):
    """Hold findings, worst first, then in the form's order; empty when nothing is to be said.

    `set_aside` holds those that a person has set aside with a reason: they are told, and count no more.
    """

    def __init__(self, findings: Sequence[Finding] = (), set_aside: Sequence[Finding] = ()) -> None:
        self._findings = _sorted(findings)
        self.set_aside = _sorted(set_aside)

    @overload
    def __getitem__(self, index: int) -> Finding: ...
    @overload
    def __getitem__(self, index: slice) -> Findings: ...
    def __getitem__(self, index: int | slice) -> Finding | Findings:
        if isinstance(index, slice):
            return Findings(self._findings[index])
        return self._findings[index]

    def __len__(self) -> int:
        return len(self._findings)

    def __iter__(self) -> Iterator[Finding]:
        return iter(self._findings)

    def on_row(self, number: int) -> Findings:
        """Give the findings on one indicator row, counted from 1."""
        return Findings([f for f in self._findings if f.row == number])

    def of(self, severity: Severity) -> Findings:
        """Give the findings of one severity."""
        return Findings([f for f in self._findings if f.severity == severity])

    def to_dict(self, language: str = "zh") -> list[dict[str, Any]]:
        """Give the findings as `perfkit check --format json` prints them."""
        return [finding.to_dict(language) for finding in self._findings]
