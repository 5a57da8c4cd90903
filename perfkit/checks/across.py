"""5xx: across projects. What shows only when forms lie side by side, or when years do.

`Across` takes one card at a time and keeps of each only what the rules compare (a few figures and hashes,
never the form), so that ten thousand forms pass through it in little memory. What a project aimed at and
reached in a year is packed small (PK504).
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from decimal import Decimal
from hashlib import blake2b
from typing import TYPE_CHECKING, Any
from zlib import compress, decompress

from perfkit.checks.finding import Finding, Findings, pages
from perfkit.checks.phrasing import worded
from perfkit.checks.registry import HUNDRED, Hit, hit, matches, wanted_codes
from perfkit.checks.words import bare_name, is_blank, plain, words
from perfkit.scoring.proof import says_nothing
from perfkit.values import Direction
from perfkit.values.quantity import units

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from perfkit.form import Form
    from perfkit.scoring import RowScore, Scorecard

LONGEST = 40


@dataclass(frozen=True, slots=True)
class Mark:
    """Hold what one measured row of a year aimed at and reached."""

    number: int
    name: str
    target: Decimal | None
    actual: Decimal | None
    unit: str
    less: bool
    target_text: str
    actual_text: str
    kept: bool


@dataclass(frozen=True, slots=True)
class Year:
    """Hold the measured rows of a form, packed: they are opened only where the year before is there too."""

    file: str
    packed: bytes

    @classmethod
    def of(cls, card: Scorecard) -> Year:
        """Pack the measured rows of a card."""
        marks: dict[str, tuple[object, ...]] = {}
        for row in card.indicators:
            name = bare_name(row.indicator.name)
            if name and (row.reading.target.value is not None or row.reading.actual.value is not None):
                marks.setdefault(name, _pack(row))
        return cls(card.form.source.file, compress(json.dumps(marks).encode(), 1))

    def marks(self) -> dict[str, Mark]:
        """Give the rows by their bare names."""
        return {name: _unpack(*fields) for name, fields in json.loads(decompress(self.packed)).items()}


def _pack(row: RowScore) -> tuple[object, ...]:
    reading = row.reading
    aside = any("PK504" in matches(one.code) and one.reason.strip() for one in row.indicator.ignore)
    return (
        row.number,
        (row.indicator.name or "")[:LONGEST],
        None if reading.target.value is None else str(reading.target.value),
        None if reading.actual.value is None else str(reading.actual.value),
        reading.target.unit or reading.actual.unit,
        reading.direction is Direction.AT_MOST,
        reading.target.text[:LONGEST],
        reading.actual.text[:LONGEST],
        not aside,
    )


def _unpack(number: int, name: str, target: str | None, actual: str | None, *rest: Any) -> Mark:
    return Mark(number, name, _figure(target), _figure(actual), *rest)


def _figure(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def below(mark: Mark, last: Mark) -> bool:
    """Tell whether a target asks for less than what was reached the year before."""
    if mark.target is None or last.actual is None or mark.less is not last.less:
        return False
    target, reached = mark.target, last.actual
    wanted, given = units().get(mark.unit), units().get(last.unit)
    if wanted and given and not wanted.counts and wanted.dimension == given.dimension:
        target, reached = target * wanted.factor, reached * given.factor  # 12500米 after 12.8公里
    elif not _comparable(mark.unit, last.unit):
        return False
    return target > reached if mark.less else target < reached


def _comparable(one: str, other: str) -> bool:
    """Tell whether figures of two years may be compared: 40个 after 42项, never 40户 after 90人."""
    if one == other:
        return True
    known, kinds = units(), words().kinds
    counters = all(unit in known and known[unit].counts for unit in (one, other))
    return counters and len({kinds.get(one, ""), kinds.get(other, "")} - {""}) < 2  # noqa: PLR2004


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


class Copies:
    """Find the forms of one project and year that neither department nor unit tells apart (重复报送)."""

    def __init__(self) -> None:
        self._seen: dict[tuple[str, int | None], list[tuple[str, tuple[str, str]]]] = {}

    def earlier(
        self, name: str, project: str | None, year: int | None, department: str | None, unit: str | None
    ) -> str | None:
        """Take a form into account; give the name of the first one that it repeats, None where it is new."""
        if project is None or not plain(project):
            return None
        owners = (owner_of(department), owner_of(unit))
        seen = self._seen.setdefault((timeless(project), year), [])
        found = next((first for first, theirs in seen if _may_be_one(owners, theirs)), None)
        seen.append((name, owners))
        return found


def _may_be_one(owners: tuple[str, str], others: tuple[str, str]) -> bool:
    """Tell whether nothing says that two forms belong to different departments or units."""
    return all(not mine or not theirs or mine == theirs for mine, theirs in zip(owners, others, strict=True))


class Across:
    """Gather one card at a time, and give the findings over all of them (PK501 to PK504)."""

    def __init__(self, *, select: Sequence[str] = (), ignore: Sequence[str] = ()) -> None:
        self._select, self._ignore = tuple(select), tuple(ignore)
        self._wanted: dict[tuple[str, ...], frozenset[str]] = {}
        self._severities: Mapping[str, str] = {}
        self._departments: dict[str, _Group] = {}
        self._once: dict[bytes, tuple[str, str]] = {}
        self._reasons: dict[bytes, _Group] = {}
        self._copies = Copies()
        self._twice: list[Finding] = []
        self._years: dict[tuple[str, str], dict[int, Year]] = {}

    def add(self, card: Scorecard) -> None:
        """Take one card into account."""
        aside = (one.code for one in card.form.ignore if one.reason.strip())
        wanted = self._wanted_by(card).difference(*map(matches, aside))
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
            self._departments.setdefault(owner_of(owner), _Group(text=owner)).add(form, full=total == HUNDRED)

    def _add_reasons(self, card: Scorecard) -> None:
        said = {}
        for row in card.form.indicators:
            reason = (row.reason or "").strip()
            folded = plain(reason)
            if len(folded) >= SHORTEST_REASON and not says_nothing(reason):
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
        name = form.source.own_file or form.project
        other = self._copies.earlier(name, form.project, form.year, form.department, form.unit)
        if other is not None:
            facts: dict[str, Any] = {"project": form.project, "year": form.year, "other": other}
            self._twice.append(self._finding("PK503", hit("project", **facts), form.source.file))

    def _add_targets(self, card: Scorecard) -> None:
        form = card.form
        if form.year is None or is_blank(form.project):
            return
        owner = owner_of(form.unit) or owner_of(form.department)
        years = self._years.setdefault((timeless(form.project), owner), {})
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
    facts |= {"year": str(year), "last_year": str(year - 1)}
    return Hit("target", mark.number, facts, variant="less" if mark.less else "")


def timeless(project: str) -> str:
    """Give a project's name without its year and a last 项目, so that it is found under either spelling."""
    return words().without("years", plain(project)).removesuffix("项目")


def owner_of(name: str | None) -> str:
    """Give a department's or unit's name without its code (219001-…) and without 本级."""
    return words().without("owner_marks", plain(name))
