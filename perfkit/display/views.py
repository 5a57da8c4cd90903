"""A scorecard as a reader looks at it: by dimension, by row lost, by source of money; where findings stand.

Tables, figures and the terminal all draw from these views and their labels (`labels.yaml`), so that they
can never disagree. Sums only: no score is made here. A mark says where a finding stands, and what links to
it.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING

from perfkit.form import Indicator
from perfkit.text import catalogue
from perfkit.text.catalogue import place_in
from perfkit.text.figures import carried as plain
from perfkit.text.folding import one_line
from perfkit.values.vocabulary import level1, strip_decoration

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from perfkit.checks import Finding
    from perfkit.form import Form, Fund
    from perfkit.language import Language
    from perfkit.rollup import RollUp
    from perfkit.scoring import ExecutionScore, RowScore, Scorecard, Total


def label(key: str, language: Language, **values: object) -> str:
    """Say a word or phrase in a language, its places filled; a count `n` picks singular or plural."""
    return catalogue.choose(f"labels.{key}", language, **values)


def has_label(key: str) -> bool:
    """Tell whether there are words for a key."""
    return key in catalogue.words("labels")


def listed(items: Iterable[str], language: Language) -> str:
    """Join the members of a list as a language separates them."""
    return catalogue.listed(items)[language]


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
    place = place_in(finding.place, language)
    return " · ".join(part for part in (label(key, language, row=finding.row), place) if part)


def by_cell(marks: Sequence[Mark], row: int | None) -> Mapping[str, list[Mark]]:
    """Give the marks on a row (or on the form as a whole) by the cell they stand in."""
    found: defaultdict[str, list[Mark]] = defaultdict(list)
    for mark in marks:
        if mark.finding.row == row:
            found[mark.cell].append(mark)
    return found


_NOTHING = Decimal(0)
_NO_ROW = Indicator()
BESIDE = ("deduction", "review", "opinion")


@dataclass(frozen=True, slots=True)
class Dimension:
    """Hold what one dimension earned: the budget line, or the rows of one level 1 (一级指标).

    `weight`, `earned` and `lost` are points over the rows that have a weight; `unscored` is the weight
    of rows without a score, so that the three make it up. `unweighed` are the points of rows without a
    weight, which count in the total all the same. `rows` counts indicators, 0 for the budget line.
    """

    name: str
    weight: Decimal
    earned: Decimal
    lost: Decimal
    unscored: Decimal
    rows: int
    unweighed: Decimal = _NOTHING

    @property
    def share(self) -> Decimal | None:
        """Give the part of its points that a dimension earned, None where it has no points."""
        return self.earned / self.weight if self.weight else None


def dimensions(card: Scorecard, language: Language) -> tuple[Dimension, ...]:
    """Give the dimensions in the form's order, the budget line first where it carries points."""
    names = dict.fromkeys(_level1(row, language) for row in card.indicators)
    grouped = [
        _dimension(name, rows, len(rows))
        for name in names
        for rows in [[row for row in card.indicators if _level1(row, language) == name]]
    ]
    if card.budget.weight is None:
        return tuple(grouped)
    return (_dimension(label("execution_dimension", language), [card.budget], 0), *grouped)


def _level1(row: RowScore, language: Language) -> str:
    """Name the dimension of a row: its canonical level 1, else the heading as printed."""
    printed = row.indicator.level1
    canonical = level1(printed)
    if canonical:
        return label(f"level1.{canonical}", language)
    return one_line(printed or "") or label("unnamed", language)


def _dimension(name: str, rows: Sequence[RowScore | ExecutionScore], count: int) -> Dimension:
    weighted = [row for row in rows if row.weight is not None]
    scored = [row for row in weighted if row.score is not None]
    return Dimension(
        name=name,
        weight=_sum(row.weight for row in weighted),
        earned=_sum(row.score for row in scored),
        lost=_sum(row.lost for row in scored),
        unscored=_sum(row.weight for row in weighted if row.score is None),
        rows=count,
        unweighed=_sum(row.score for row in rows if row.weight is None),
    )


def _sum(figures: Iterable[Decimal | None]) -> Decimal:
    return sum((figure for figure in figures if figure is not None), _NOTHING)


def lines(card: Scorecard) -> tuple[RowScore | ExecutionScore, ...]:
    """Give every line that may carry points: the budget line, then the rows."""
    return (card.budget, *card.indicators)


def losses(card: Scorecard) -> tuple[RowScore | ExecutionScore, ...]:
    """Give the lines that lost points, the most first."""
    losing = [row for row in lines(card) if (row.lost or 0) > 0]
    return tuple(sorted(losing, key=lambda row: -(row.lost or 0)))


def funds(form: Form) -> tuple[tuple[str, Fund], ...]:
    """Give the lines of the budget block by key: the total, then its sources (其中)."""
    return (("total", form.budget.total), *form.budget.sources.items())


def beside(form: Form) -> tuple[str, ...]:
    """Name the columns beside the score (扣分, 核查得分, 核查意见) in which a form has anything."""
    filled = {name for name in BESIDE for row in form.indicators if getattr(row, name) is not None}
    if form.budget.total.review is not None or form.review_total is not None:
        filled.add("review")
    return tuple(name for name in BESIDE if name in filled)


def row_name(row: RowScore | ExecutionScore, language: Language) -> str:
    """Give the name of a row as the form prints it, or that of the budget line."""
    indicator = getattr(row, "indicator", None)
    if indicator is None:
        return label("execution_dimension", language)
    return one_line(indicator.name or "") or label("nameless", language)


def short_name(row: RowScore | ExecutionScore, language: Language) -> str:
    """Give the name of a row without the marks a form prints before it (`指标1:`, `★`), for figures."""
    name = row_name(row, language)
    return one_line(strip_decoration(name)) or name


@dataclass(frozen=True, slots=True)
class Printed:
    """Hold a line as the form prints it, so that a form without scores of ours shows like one with."""

    number: int
    indicator: Indicator = _NO_ROW
    weight: Decimal | None = None
    score: Decimal | None = None

    @property
    def lost(self) -> Decimal | None:
        """Give the points printed as lost, None where weight or score is missing."""
        return None if self.weight is None or self.score is None else self.weight - self.score


def printed(form: Form) -> tuple[Printed, ...]:
    """Give the indicator rows of a form as printed."""
    return tuple(Printed(number, row, row.weight, row.score) for number, row in form.numbered())


@dataclass(frozen=True, slots=True)
class Merged:
    """Hold one row with its merged cells: `level1_span` and `level2_span` are 0 inside a merged cell."""

    row: RowScore | Printed
    level1_span: int
    level2_span: int


def merged(rows: Sequence[RowScore | Printed]) -> Iterator[Merged]:
    """Yield the rows with the spans of their level-1 and level-2 cells, as the form merges them."""
    for _, same1 in groupby(rows, key=lambda row: row.indicator.level1):
        first = list(same1)
        for _, same2 in groupby(first, key=lambda row: row.indicator.level2):
            second = list(same2)
            for row in second:
                spans = (len(first) if row is first[0] else 0, len(second) if row is second[0] else 0)
                yield Merged(row, *spans)


def grade(name: str | None, language: Language) -> str | None:
    """Give a grade (评价等级) in a language; one that is not of the national four as it is."""
    known = f"grade.{name}"
    return label(known, language) if name and has_label(known) else name


def lost(rows: Iterable[RowScore | ExecutionScore]) -> Decimal:
    """Sum the points that rows lost."""
    return _sum(row.lost for row in rows)


def money_unit(form: Form, language: Language) -> str:
    """Say the form's money unit in a language."""
    return label("yuan" if form.money_unit == "元" else "wan", language)


def whole(found: Sequence[Dimension], name: str = "") -> Dimension:
    """Give the sum of dimensions under a name."""
    return Dimension(
        name=name,
        weight=_sum(d.weight for d in found),
        earned=_sum(d.earned for d in found),
        lost=_sum(d.lost for d in found),
        unscored=_sum(d.unscored for d in found),
        rows=sum(d.rows for d in found),
        unweighed=_sum(d.unweighed for d in found),
    )


def cut_off(card: Scorecard) -> Decimal:
    """Give the points by which the total lies below the sum of its lines: capped, rounded, printed lower."""
    if card.total.score is None:
        return _NOTHING
    return _sum(row.score for row in lines(card)) - card.total.score


def met(card: Scorecard) -> tuple[int, int]:
    """Count the indicators whose actual reaches its target, and all indicators."""
    return sum(row.reading.verdict == "met" for row in card.indicators), len(card.indicators)


def headline(card: Scorecard, language: Language) -> str:
    """Say in a line what a form scored."""
    return _headline(card.form.project, card.total, language)


def rolled_headline(result: RollUp, language: Language) -> str:
    """Say in a line what several units scored together."""
    said = _headline(result.project, result.total, language)
    return label("rolled_headline", language, said=said, n=len(result.units))


def _headline(name: str, total: Total, language: Language) -> str:
    if total.score is None:
        key = "scored_not"
    elif not total.complete:
        key = "scored_incomplete"
    else:
        key = "scored_headline" if total.grade else "scored_without_grade"
    project = one_line(name) or label("nameless", language)
    told = {"project": project, "score": plain(total.score), "grade": grade(total.grade, language)}
    return label(key, language, **told, provisional=provisional(total, language))


def provisional(total: Total, language: Language) -> str:
    """Say in brackets that a total is to be verified (待核实), "" where it is final."""
    return label("provisional", language) if total.state == "provisional" else ""


def because(total: Total, language: Language) -> str:
    """Say why a total is to be verified, "" where it is final."""
    reasons = ("；" if language == "zh" else "; ").join(reason.text[language] for reason in total.because)
    return label("provisional_because", language, because=reasons) if reasons else ""
