"""5xx: across projects. What shows only when forms lie side by side.

`Across` takes one card at a time and keeps of each only what the rules compare (a few figures and hashes,
never the form), so that ten thousand forms pass through it in little memory.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from perfkit.checks.finding import Finding, Findings
from perfkit.checks.history import LONGEST, Mark, Year, below
from perfkit.checks.pages import pages
from perfkit.checks.registry import Hit, hit
from perfkit.checks.selection import wanted_codes
from perfkit.checks.subject import HUNDRED
from perfkit.checks.wording import worded
from perfkit.checks.words import is_blank, plain, words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from perfkit.form import Form
    from perfkit.scoring import Scorecard

FEWEST_PROJECTS = 3
SHORTEST_REASON = 6
MOST_NAMED = 5


@dataclass(slots=True)
class _Group:
    """Count the projects that share something; of the first few their names are kept."""

    count: int = 0
    full: int = 0
    first: str = ""
    text: str = ""
    names: list[str] = field(default_factory=list)

    def add(self, form: Form, *, full: bool = True) -> None:
        self.count += 1
        self.full += full
        self.first = self.first or form.source.file
        if len(self.names) < MOST_NAMED:
            self.names.append(form.project or form.source.file)

    @property
    def projects(self) -> tuple[str, ...]:
        return (*self.names, "…") if self.count > len(self.names) else tuple(self.names)


@dataclass(frozen=True, slots=True)
class _Copy:
    """Hold where a project was seen: its file and whose it is."""

    file: str
    owner: tuple[str, str]

    def is_of(self, other: _Copy) -> bool:
        """Tell whether nothing says that the two belong to different departments or units."""
        return all(
            not mine or not theirs or mine == theirs
            for mine, theirs in zip(self.owner, other.owner, strict=True)
        )


class Across:
    """Gather one card at a time, and give the findings over all of them (PK501 to PK504)."""

    def __init__(self, *, select: Sequence[str] = (), ignore: Sequence[str] = ()) -> None:
        self._select, self._ignore = tuple(select), tuple(ignore)
        self._wanted: dict[tuple[str, ...], frozenset[str]] = {}
        self._severities: Mapping[str, str] = {}
        self._departments: dict[str, _Group] = {}
        self._once: dict[bytes, tuple[str, str]] = {}
        self._reasons: dict[bytes, _Group] = {}
        self._copies: dict[tuple[str, int | None], list[_Copy]] = {}
        self._twice: list[Finding] = []
        self._years: dict[tuple[str, str], dict[int, Year]] = {}

    def add(self, card: Scorecard) -> None:
        """Take one card into account."""
        wanted = self._wanted_by(card)
        self._severities = {**self._severities, **card.profile.severities}
        steps: dict[str, Callable[[Scorecard], None]] = {
            "PK501": self._add_marks,
            "PK502": self._add_reasons,
            "PK503": self._add_project,
            "PK504": self._add_targets,
        }
        for code, step in steps.items():
            if code in wanted:
                step(card)

    def findings(self) -> Findings:
        """Give the findings over all cards added so far."""
        return Findings([*self._all_full(), *self._copied(), *self._twice, *self._lowered()])

    def _wanted_by(self, card: Scorecard) -> frozenset[str]:
        ignored = card.profile.ignore
        if ignored not in self._wanted:
            self._wanted[ignored] = wanted_codes(self._select, self._ignore, ignored)
        return self._wanted[ignored]

    def _add_marks(self, card: Scorecard) -> None:
        form = card.form
        total = form.total if form.total is not None else card.total.score
        owner = form.department or form.unit
        if owner and total is not None:
            self._departments.setdefault(_owner(owner), _Group(text=owner)).add(form, full=total == HUNDRED)

    def _add_reasons(self, card: Scorecard) -> None:
        said = {}
        for row in card.form.indicators:
            reason = (row.reason or "").strip()
            folded = plain(reason)
            if len(folded) >= SHORTEST_REASON and not words().says_nothing(reason):
                said[folded] = reason
        for folded, reason in said.items():
            digest = blake2b(folded.encode(), digest_size=8).digest()
            first = self._once.get(digest)
            if first is None:
                self._once[digest] = (card.form.source.file, card.form.project)
                continue
            group = self._reasons.get(digest)
            if group is None:
                group = self._reasons[digest] = _Group(
                    1, 1, first[0], reason[: 2 * LONGEST], [first[1] or first[0]]
                )
            group.add(card.form)

    def _add_project(self, card: Scorecard) -> None:
        form = card.form
        copy = _Copy(form.source.file, (_owner(form.department), _owner(form.unit)))
        seen = self._copies.setdefault((_timeless(form.project), form.year), [])
        other = next((one for one in seen if one.is_of(copy)), None)
        if other is not None and plain(form.project):
            facts: dict[str, Any] = {
                "project": form.project,
                "year": form.year,
                "other": other.file or form.project,
            }
            self._twice.append(self._finding("PK503", hit("project", **facts), form.source.file))
        seen.append(copy)

    def _add_targets(self, card: Scorecard) -> None:
        form = card.form
        if form.year is None or is_blank(form.project):
            return
        owner = _owner(form.unit) or _owner(form.department)
        years = self._years.setdefault((_timeless(form.project), owner), {})
        years.setdefault(form.year, Year.of(card))

    def _all_full(self) -> Iterator[Finding]:
        for group in self._departments.values():
            if group.count >= FEWEST_PROJECTS and group.full == group.count:
                facts: dict[str, Any] = {
                    "department": group.text,
                    "count": group.count,
                    "projects": group.projects,
                }
                yield self._finding("PK501", hit("total", **facts), group.first)

    def _copied(self) -> Iterator[Finding]:
        for group in self._reasons.values():
            if group.count >= FEWEST_PROJECTS:
                facts: dict[str, Any] = {
                    "reason": group.text,
                    "count": group.count,
                    "projects": group.projects,
                }
                yield self._finding("PK502", hit("reason", **facts), group.first)

    def _lowered(self) -> Iterator[Finding]:
        for years in self._years.values():
            for year, this in years.items():
                if year - 1 not in years:
                    continue
                before = years[year - 1].marks()
                for name, mark in this.marks().items():
                    last = before.get(name)
                    if last is not None and mark.kept and below(mark, last):
                        yield self._finding("PK504", _hit(mark, last, year), this.file)

    def _finding(self, code: str, found: Hit, file: str) -> Finding:
        return worded(pages()[code], found, self._severities, file=file)


def _hit(mark: Mark, last: Mark, year: int) -> Hit:
    facts = {"indicator": mark.name, "target": mark.target_text, "last": last.actual_text}
    return Hit("target", mark.number, {**facts, "year": str(year), "last_year": str(year - 1)})


def _timeless(project: str) -> str:
    """Give a project's name without its year and a last 项目, so that it is found under either spelling."""
    return words().without("years", plain(project)).removesuffix("项目")


def _owner(name: str | None) -> str:
    """Give a department's or unit's name without its code (219001-…) and without 本级."""
    return words().without("owner_marks", plain(name))
