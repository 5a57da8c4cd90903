"""What was spent and what was earned: budget execution (预算执行), and results by dimension (一级指标).

Execution tells what was planned and changed, what was spent, and from which source; a dimension tells what
it earned, and under which level 2 points were lost.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from perfkit.narrative.story import Paragraph, Points
from perfkit.narrative.voice import percentage
from perfkit.scoring import Status
from perfkit.scoring.explanation import ZERO, less, total
from perfkit.text import one_line
from perfkit.values import Verdict

if TYPE_CHECKING:
    from decimal import Decimal

    from perfkit.form import Fund
    from perfkit.narrative.story import Block, Case
    from perfkit.scoring import RowScore


def execution(case: Case) -> tuple[Block, ...]:
    """Tell the rate and its points, the budget and its change, the spending, and the sources."""
    fund = case.fund
    empty = fund.initial is fund.adjusted is fund.executed is None
    money = [case.say("execution.nothing")] if empty else [_planned(case, fund), _executed(case, fund)]
    summed = case.say("execution.summed") if case.summed else ""
    doubted = case.say("execution.doubted", doubt=case.doubted_money) if case.doubted_money else ""
    sentences = (doubted, summed, *money, _sources(case), _printed(case), _differs(case))
    return (Paragraph(lead=_execution_lead(case), text=case.voice.text(*sentences)),)


def _execution_lead(case: Case) -> str:
    budget = case.card.budget
    if budget.rate is None:
        return case.say("execution.unknown", score=budget.score, weight=budget.weight)
    if budget.score is None or budget.weight is None:
        return case.say("execution.rate", rate=budget.rate)
    return case.say("execution.scored", rate=budget.rate, score=budget.score, weight=budget.weight)


def _planned(case: Case, fund: Fund) -> str:
    initial, adjusted = fund.initial, fund.adjusted
    if initial is None and adjusted is None:
        return case.say("execution.blank")
    if initial is None and adjusted is not None:
        return case.say("execution.adjusted", adjusted=case.money(adjusted))
    if initial is not None and adjusted is None:
        return case.say("execution.initial", initial=case.money(initial))
    return _changed(case, initial or ZERO, adjusted or ZERO)


def _changed(case: Case, initial: Decimal, adjusted: Decimal) -> str:
    change = less(adjusted, initial)
    if not change:
        return case.say("execution.unchanged", adjusted=case.money(adjusted))
    if case.form.budget.carried(change):
        amounts = {"initial": initial, "carried": change, "adjusted": adjusted}
        return case.say("execution.joined", **{name: case.money(each) for name, each in amounts.items()})
    return case.say(
        "execution.up" if change > 0 else "execution.down",
        initial=case.money(initial),
        adjusted=case.money(adjusted),
        change=case.money(abs(change)),
        percent=percentage(abs(change), initial) if initial > 0 else None,
    )


def _executed(case: Case, fund: Fund) -> str:
    if fund.executed is None:
        return case.say("execution.no_executed")
    executed = case.money(fund.executed)
    if fund.adjusted is None:
        return case.say("execution.executed_only", executed=executed)
    rest = less(fund.adjusted, fund.executed)
    if not rest:
        return case.say("execution.spent_all", executed=executed)
    if rest < 0:
        return case.say("execution.overspent", executed=executed, excess=case.money(-rest))
    return case.say("execution.executed", executed=executed, rest=case.money(rest))


def _sources(case: Case) -> str:
    filled = {
        key: fund
        for key, fund in case.form.budget.sources.items()
        if any((fund.initial, fund.adjusted, fund.executed))
    }
    if not filled:
        return ""
    if len(filled) == 1:
        key, fund = next(iter(filled.items()))
        same = (fund.adjusted, fund.executed) == (case.fund.adjusted, case.fund.executed)
        if same:
            return case.say("execution.one_source", source=case.say(f"execution.{key}"))
    parts = [
        _source(case, key, fund)
        for key, fund in filled.items()
        if fund.adjusted is not None or fund.executed is not None
    ]
    return case.say("execution.sources", parts=parts) if parts else ""


def _source(case: Case, key: str, fund: Fund) -> str:
    amounts = {
        name: None if amount is None else case.money(amount)
        for name, amount in (("adjusted", fund.adjusted), ("executed", fund.executed))
    }
    return case.say("execution.source", source=case.say(f"execution.{key}"), **amounts)


def _printed(case: Case) -> str:
    """Tell a printed rate that is not the one the amounts give (`0.958` is 95.8%)."""
    budget = case.card.budget
    if not case.misprinted_rate:
        return ""
    printed = one_line(case.form.budget.total.rate or "")
    return case.say("execution.printed", printed=printed, rate=budget.rate)


def _differs(case: Case) -> str:
    """Tell the unit's own score of this line beside the rule's, and which counts."""
    budget = case.card.budget
    phrase = {Status.DIFFERS: "differs", Status.LOWER: "lower"}.get(budget.status)
    if phrase is None or budget.declared is None or budget.computed is None:
        return ""
    return case.say(f"execution.{phrase}", declared=budget.declared, computed=budget.computed)


MOST_IN_PROSE = 4


@dataclass(frozen=True, slots=True)
class Dimension:
    """Hold the rows of one level 1, by the name they are told under."""

    name: str
    rows: tuple[RowScore, ...]

    @property
    def weight(self) -> Decimal:
        """Give the points that the rows can earn."""
        return total(row.weight or ZERO for row in self.rows)

    @property
    def score(self) -> Decimal:
        """Give the points that the rows have earned."""
        return total(row.score or ZERO for row in self.rows)

    @property
    def lost(self) -> Decimal:
        """Give the points that the scored rows have lost."""
        return total(row.lost or ZERO for row in self.rows)

    @property
    def weighted(self) -> bool:
        """Tell whether any row has a weight."""
        return any(row.weight is not None for row in self.rows)

    @property
    def unscored(self) -> int:
        """Count the weighted rows without a score."""
        return sum(row.weight is not None and row.score is None for row in self.rows)


def dimensions(case: Case) -> tuple[Block, ...]:
    """Tell each dimension's points; a form without points tells how many targets were met."""
    groups = _grouped(case)
    if not groups:
        return (Paragraph(case.say("dimensions.none")),)
    parts = [_points(case, each) if each.weighted else _targets(case, each) for each in groups]
    lead = _dimension_lead(case, groups)
    if len(parts) > MOST_IN_PROSE:
        return (*((Paragraph("", lead),) if lead else ()), Points(tuple(parts)))
    return (Paragraph(lead=lead, text=case.say("dimensions.result", parts=parts)),)


def _grouped(case: Case) -> tuple[Dimension, ...]:
    groups: dict[str, list[RowScore]] = {}
    for row in case.rows:
        groups.setdefault(case.level1(row), []).append(row)
    return tuple(Dimension(name, tuple(rows)) for name, rows in groups.items())


def _dimension_lead(case: Case, groups: tuple[Dimension, ...]) -> str:
    if len(groups) == 1:
        return ""
    if not case.weighted:
        return case.say("dimensions.by_target")
    lost = [dimension.name for dimension in groups if dimension.lost > 0]
    full = [d.name for d in groups if not d.lost and not d.unscored and d.weighted]
    if not full and not lost:
        return ""
    phrase = ("mixed" if full else "all_lost") if lost else ("all_full" if len(full) > 1 else "one_full")
    return case.say(f"dimensions.{phrase}", full=full, lost=lost)


def _targets(case: Case, dimension: Dimension) -> str:
    met = sum(row.reading.verdict is Verdict.MET for row in dimension.rows)
    return case.say("dimensions.targets", level=dimension.name, rows=len(dimension.rows), met=met)


def _points(case: Case, dimension: Dimension) -> str:
    facts = {"level": dimension.name, "rows": len(dimension.rows), "weight": dimension.weight}
    scored = len(dimension.rows) > dimension.unscored
    facts["score"] = dimension.score if scored else None
    if dimension.unscored:
        return case.say("dimensions.unscored", unscored=dimension.unscored, **facts)
    if dimension.lost > 0:
        return case.say("dimensions.lost", parts=_places(case, dimension), **facts)
    return case.say("dimensions.full", **facts)


def _places(case: Case, dimension: Dimension) -> list[str]:
    """Tell under which level 2 the points were lost."""
    losses: dict[str, Decimal] = {}
    for row in dimension.rows:
        if row.lost:
            level = case.level2(row)
            losses[level] = total((losses.get(level, ZERO), row.lost))
    return [case.say("dimensions.part", level=level, lost=lost) for level, lost in losses.items()]
