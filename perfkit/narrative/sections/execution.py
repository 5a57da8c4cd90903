"""Budget execution (预算执行): what was planned and changed, what was spent, and from which source."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfkit.narrative.story import Paragraph
from perfkit.narrative.wording import one_line, percentage
from perfkit.scoring import Status
from perfkit.scoring.points import ZERO, less

if TYPE_CHECKING:
    from decimal import Decimal

    from perfkit.form import Fund
    from perfkit.narrative.case import Case
    from perfkit.narrative.story import Block


def execution(case: Case) -> tuple[Block, ...]:
    """Tell the rate and its points, the budget and its change, the spending, and the sources."""
    fund = case.fund
    empty = fund.initial is fund.adjusted is fund.executed is None
    money = [case.say("execution.nothing")] if empty else [_planned(case, fund), _executed(case, fund)]
    summed = case.say("execution.summed") if case.summed else ""
    sentences = (summed, *money, _sources(case), _printed(case), _differs(case))
    return (Paragraph(lead=_lead(case), text=case.voice.text(*sentences)),)


def _lead(case: Case) -> str:
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
    budget = case.card.budget
    if budget.status is not Status.DIFFERS or budget.declared is None or budget.score is None:
        return ""
    return case.say("execution.differs", declared=budget.declared, score=budget.score)
