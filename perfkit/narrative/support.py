"""Which figures the results support, derived here anew and by nothing that writes the story.

Stated figures are those of the scorecard, the profile's lines and the form's cells. Derived ones are:
differences (gap, change, rest, points lost, margins), a part in percent of a whole (half up, two
decimals), sums over rows, a level 1 or a level 2, and counts of rows and findings by what they have in
common. A figure of one row is supported only in a passage that names the row.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from perfkit import levels
from perfkit.narrative.wording import one_line
from perfkit.scoring.settle import has_reason

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from perfkit.checks import Finding
    from perfkit.form import Fund
    from perfkit.scoring import RowScore, Scorecard

NAME_AS_CUT = 39
ITEMS_TOLD = 8
HALF = Fraction(1, 2)
Values = defaultdict[str, set[Decimal]]


@dataclass(frozen=True, slots=True)
class RowSupport:
    """Hold the figures of one row and the names that it goes by in a story."""

    names: tuple[str, ...]
    cells: str
    lost: Decimal
    values: Values


@dataclass(frozen=True, slots=True)
class Support:
    """Hold the figures that hold everywhere, by unit, and those of each row."""

    everywhere: Values
    rows: tuple[RowSupport, ...] = field(default=())

    @classmethod
    def of(cls, card: Scorecard, findings: Sequence[Finding]) -> Support:
        """Derive every supported figure of a form's results."""
        everywhere: Values = defaultdict(set)
        for derive in (_totals, _budget, _lines):
            derive(card, everywhere)
        _row_counts(card, findings, everywhere)
        _finding_counts(findings, everywhere)
        return cls(everywhere, tuple(_row(row) for row in card.indicators))

    def holds(self, value: Decimal, unit: str, text: str, passage: str) -> bool:
        """Tell whether a figure with its unit is supported in a passage.

        `text` is the figure with the character after it: a cell told as it stands holds just that.
        """
        named = [row for row in self.rows if any(name in passage for name in row.names)]
        if any(text in row.cells for row in named):
            return True
        if unit == "points" and value == _sum(row.lost for row in named):
            return True
        scale = 10000 if unit in {"wan", "money_wan"} else 1
        known = [self.everywhere, *(row.values for row in named)]
        return any(
            value * scale in values[other] for values in known for other in _READINGS.get(unit, (unit,))
        )


# A unit that the words beside a figure leave open, and what it may then be.
_READINGS = {
    "": ("points", "quantity", "year"),
    "count": ("rows", "findings"),
    "wan": ("quantity",),
    "money_wan": ("money", "quantity"),
}
# The measures whose gap is told with the word of another unit.
_TOLD_AS = {
    "分": "points",
    "元": "money",
    "%": "points_apart",
    "天": "delay",
    "个月": "delay",
    "项": "rows",
    "处": "findings",
}


def form_texts(card: Scorecard, only: str = "") -> list[str]:
    """Give the texts of the form that a story may quote, on one line, names also as cut for prose."""
    form = card.form
    cells = (only,) if only else ("name", "level1", "level2", "target", "actual", "reason")
    texts = [one_line(getattr(row, cell) or "") for row in form.indicators for cell in cells]
    if only:
        return texts
    cut = [_cut(name) for row in form.indicators if (name := one_line(row.name or "")) != _cut(name)]
    heads = (form.project, form.department, form.unit, form.budget.total.rate)
    return [*texts, *cut, *(one_line(head or "") for head in heads)]


def _cut(name: str) -> str:
    return name if len(name) <= NAME_AS_CUT + 1 else name[:NAME_AS_CUT].rstrip() + "…"


def _totals(card: Scorecard, known: Values) -> None:
    """Points of the total and its parts, sums over rows, levels and what a cap took off."""
    result, points = card.total, known["points"]
    parts = (result.score, result.declared, result.computed, result.weight)
    points.update(part for part in parts if part is not None)
    groups: defaultdict[tuple[str, ...], list[RowScore]] = defaultdict(list)
    for row in card.indicators:
        if row.applies:
            first = levels.level1(row.indicator.level1) or one_line(row.indicator.level1 or "")
            second = levels.level2(row.indicator.level2) or one_line(row.indicator.level2 or "")
            for group in ((), (first,), (first, second)):
                groups[group].append(row)
    for rows in groups.values():
        scored = [row for row in rows if row.weight is not None and row.score is not None]
        points.update((_sum(row.score for row in rows), _sum(row.lost for row in rows)))
        points.update((_sum(row.weight for row in rows), _sum(row.weight for row in scored)))
        points.add(_sum(row.score for row in scored))
    whole = _sum((card.budget.score, *(row.score for row in card.indicators if row.applies)))
    points.add(whole)
    if result.score is not None:
        points.add(abs(whole - result.score))
        points.update(abs(result.score - grade.at_least) for grade in card.profile.grades)
        if result.declared is not None:
            points.add(abs(result.declared - result.score))
    points.add(_sum((card.budget.lost, *(row.lost for row in card.indicators))))


def _budget(card: Scorecard, known: Values) -> None:
    """Amounts in yuan, their differences and changes, the rate and the points of the budget line."""
    budget, form = card.budget, card.form
    known["percent"].update(rate for rate in (budget.rate, budget.printed_rate) if rate is not None)
    points = (budget.score, budget.declared, budget.computed, budget.weight, budget.lost)
    known["points"].update(figure for figure in points if figure is not None)
    yuan = 10000 if form.money_unit == "万元" else 1
    for fund in (form.budget.total, *form.budget.sources.values()):
        amounts = [a for a in (fund.initial, fund.adjusted, fund.executed) if a is not None]
        known["money"].update(amount * yuan for amount in amounts)
        known["money"].update(abs(one - other) * yuan for one in amounts for other in amounts)
    known["percent"].update(_change(form.budget.total))


def _change(fund: Fund) -> set[Decimal]:
    if fund.initial is None or fund.adjusted is None or fund.initial <= 0:
        return set()
    return {_percent(abs(fund.adjusted - fund.initial), fund.initial)}


def _lines(card: Scorecard, known: Values) -> None:
    """The profile's lines: grades in points, thresholds in percent; the form's year."""
    known["points"].update(grade.at_least for grade in card.profile.grades)
    thresholds = card.profile.thresholds
    known["percent"].update((thresholds.over_achievement * 100, thresholds.low_execution))
    known["row"].update(Decimal(row.number) for row in card.indicators)
    if card.form.year is not None:
        known["year"].add(Decimal(card.form.year))


def _row_counts(card: Scorecard, findings: Sequence[Finding], known: Values) -> None:
    """Counts of rows by what they have in common: verdict, loss, score, level 1, reason."""
    rows = [row for row in card.indicators if row.applies]
    lost = [row for row in rows if (row.lost or 0) > 0]
    off = [row for row in rows if row.reading.verdict in {"missed", "partly"} and row not in lost]
    departed = [*lost, *off]
    unmeasured = {finding.row for finding in findings if finding.code == "PK206"}
    over = card.profile.thresholds.over_achievement
    groups = (
        (rows, lost, off, departed),
        ([row for row in rows if row.score is None and row.weight is not None],),
        ([row for row in rows if row.score is not None and row.weight is not None],),
        ([row for row in card.indicators if not row.applies],),
        ([row for row in rows if row.status == "differs"],),
        ([row for row in rows if row.reading.verdict == "unverifiable" and row not in lost],),
        (
            [
                row
                for row in rows
                if (row.reading.completion or 0) >= over and row.reading.direction in {"at_least", "equal"}
            ],
        ),
        ([row for row in departed if not _tells(row.indicator.reason)],),
        ([row for row in departed if row.number in unmeasured and one_line(row.indicator.reason or "")],),
    )
    counts = known["rows"]
    counts.update(Decimal(len(rows)) for group in groups for rows in group)
    counts.update(map(Decimal, Counter(row.reading.verdict for row in rows).values()))
    dimensions: defaultdict[str, list[RowScore]] = defaultdict(list)
    for row in rows:
        dimensions[levels.level1(row.indicator.level1) or one_line(row.indicator.level1 or "")].append(row)
    for own in dimensions.values():
        met = [row for row in own if row.reading.verdict == "met"]
        unscored = [row for row in own if row.weight is not None and row.score is None]
        counts.update(Decimal(len(part)) for part in (own, met, unscored))


def _tells(reason: str | None) -> bool:
    return has_reason(one_line(reason or ""))


def _finding_counts(findings: Sequence[Finding], known: Values) -> None:
    """Counts of findings: by severity, those to verify, more of one code, those beyond the items told."""
    counts = known["findings"]
    serious = [finding for finding in findings if finding.severity != "info"]
    counts.add(Decimal(len(serious)))
    counts.update(map(Decimal, Counter(finding.severity for finding in findings).values()))
    kinds = Counter((finding.severity != "error", finding.code) for finding in serious)
    counts.update(Decimal(count - 1) for count in kinds.values())
    told = sorted(kinds.items(), key=lambda kind: kind[0][0])
    counts.add(Decimal(sum(count for _, count in told[ITEMS_TOLD:])))


def _row(row: RowScore) -> RowSupport:
    """The figures of one row: points, gap in its own unit, gap and completion in percent, delay."""
    values: Values = defaultdict(set)
    figures = (row.weight, row.score, row.declared, row.computed, row.lost)
    values["points"].update(figure for figure in figures if figure is not None)
    indicator, target, actual = row.indicator, row.reading.target, row.reading.actual
    bounds = [bound for bound in (target.value, target.low, target.high) if bound is not None]
    for bound in bounds:
        gap = abs((actual.value or 0) - bound)
        values["quantity"].add(gap)
        values[_TOLD_AS.get(target.unit or actual.unit, "quantity")].add(gap)
        if bound:
            values["percent"].add(_percent(gap, abs(bound)))
    if row.reading.completion is not None:
        values["percent"].add(_percent(row.reading.completion, Decimal(1)))
    values["delay"].update(_delays(target.day, actual.day))
    cells = f"{one_line(indicator.target or '')}\n{one_line(indicator.actual or '')}"
    values["quantity"].update(map(Decimal, re.findall(r"[0-9]+(?:\.[0-9]+)?", cells.replace(",", ""))))
    name = one_line(indicator.name or "")
    marks = ("“”", "「」", "『』", "‘’", "«»")
    names = [f"{pair[0]}{text}{pair[1]}" for text in {name, _cut(name)} if text for pair in marks]
    numbered = (f"第{row.number}行", f"row {row.number}")
    return RowSupport((*names, *numbered), cells, row.lost or Decimal(0), values)


def _delays(due: str, done: str) -> set[Decimal]:
    try:
        first, last = date.fromisoformat(due), date.fromisoformat(done)
    except ValueError:
        return set()
    months = last.year * 12 + last.month - first.year * 12 - first.month
    return {Decimal(months), Decimal((last - first).days)}


def _percent(part: Decimal, whole: Decimal) -> Decimal:
    return Decimal(int(Fraction(part) / Fraction(whole) * 10000 + HALF)) / 100


def _sum(figures: Iterable[Decimal | None]) -> Decimal:
    return sum((figure for figure in figures if figure is not None), Decimal(0))
