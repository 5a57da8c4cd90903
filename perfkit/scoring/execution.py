"""The budget line (预算执行率): the money it is made of, its rate, and the points that the rate earns.

A form may leave out a budget, an amount or the whole total line; what stands in for it is decided here,
in one place, and told.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

from perfkit.profile import Cite, Execution, Profile
from perfkit.scoring.card import ExecutionScore, Status
from perfkit.scoring.explanation import (
    HUNDRED,
    MODES,
    NO_FACTS,
    ONE,
    ZERO,
    Clause,
    Explanation,
    Working,
    clamp,
    product,
    rounded,
    total,
    worked,
)
from perfkit.scoring.measured import step_of
from perfkit.scoring.rows import Room, reviewed, settle
from perfkit.values import printed_rate, read_rate

if TYPE_CHECKING:
    from perfkit.form import Budget, Form, Fund
    from perfkit.scoring.rows import Settled


@dataclass(frozen=True, slots=True)
class Rate:
    """Hold what was `spent`, the `budget` it is divided by, the `exact` rate in percent and as `rounded`."""

    spent: Decimal | None
    budget: Decimal | None
    exact: Decimal | None
    rounded: Decimal | None
    clauses: tuple[Clause, ...]


def rate_of(form: Form, rules: Execution) -> Rate:
    """Give the execution rate of a form (预算执行率) in percent: spent ÷ budget, by a profile's rules.

    The budget is the year's (全年预算数) or the initial one (年初预算数), as the profile says; the other
    stands in for a blank one. Above 100 where more was spent; None for a budget of zero or less. Where an
    amount is missing, the rate as printed stands in. Amounts are in the form's `money_unit`.
    """
    fund, told = filled(form.budget)
    spent, budget = fund.executed, _denominator(form.budget, fund, rules)
    if spent is None or budget is None:
        printed = printed_rate(form.budget.total.rate)
        said = () if printed is None else (("rate_printed", {"rate": printed}),)
        shown = None if printed is None else rounded(printed, rules.rate)
        return Rate(spent, budget, printed, shown, (*told, *said))
    if budget <= ZERO:
        return Rate(spent, budget, None, None, told)
    exact = product(spent, HUNDRED, budget)
    shown = rounded(exact, rules.rate)
    facts = {
        "spent": (spent, form.money_unit),
        "budget": (budget, form.money_unit),
        "base": rules.budget,
        "exact": exact,
        "rate": shown,
        "mode": rules.rate.mode,
        "digits": rules.rate.digits,
    }
    return Rate(spent, budget, exact, shown, (*told, ("rate" if exact == shown else "rate_rounded", facts)))


def budgets_of(form: Form, rules: Execution) -> tuple[Decimal, ...]:
    """Give the budgets that a printed rate may be made by: the profile's, with and without carry-over.

    Amounts above 0 in the form's `money_unit`, one or two; none where the form prints no budget.
    """
    fund, _ = filled(form.budget)
    amount = fund.initial if rules.budget == "initial" else fund.adjusted
    if amount is None or amount <= ZERO:
        return ()
    carried = form.budget.carried_over.adjusted if rules.budget == "adjusted_with_carry_over" else None
    return (amount, total([amount, carried])) if carried else (amount,)


def misprinted(form: Form, rules: Execution) -> bool:
    """Tell whether the printed rate is none that the amounts give, at the precision that is printed."""
    fund, _ = filled(form.budget)
    budgets = budgets_of(form, rules)
    if fund.executed is None or not budgets:
        return False
    rates = [product(fund.executed, HUNDRED, budget) for budget in budgets]
    printed = read_rate(form.budget.total.rate, rates[0])
    modes = (ROUND_HALF_UP, MODES[rules.rate.mode])
    return printed is not None and not any(printed.is_(rate, *modes) for rate in rates)


def filled(budget: Budget) -> tuple[Fund, tuple[Clause, ...]]:
    """Give the total line; where it holds no money and its lines do, their sum.

    A line of zeros or blanks over lines that hold money is a sum nobody made, not a statement that nothing
    was spent (PK110 reports the line).
    """
    fund, lines = budget.total, budget.sources.values()
    empty = not any((fund.initial, fund.adjusted, fund.executed))
    if not empty or not any(line.initial or line.adjusted or line.executed for line in lines):
        return fund, ()
    initial, adjusted, executed = (_sum(budget, key) for key in ("initial", "adjusted", "executed"))
    return replace(fund, initial=initial, adjusted=adjusted, executed=executed), (("summed_lines", NO_FACTS),)


def _sum(budget: Budget, key: str) -> Decimal | None:
    figures = [getattr(line, key) for line in budget.sources.values() if getattr(line, key) is not None]
    return total(figures) if figures else None


def _denominator(budget: Budget, fund: Fund, rules: Execution) -> Decimal | None:
    """Give the budget that the profile divides by; a blank one is stood in for by the other."""
    first, second = (fund.adjusted, fund.initial)
    if rules.budget == "initial":
        first, second = second, first
    base = second if first is None else first
    if base is None or rules.budget != "adjusted_with_carry_over":
        return base
    return total([base, _left_out(budget, fund)])


def _left_out(budget: Budget, fund: Fund) -> Decimal:
    """Give the carried-over money that the total line does not hold yet."""
    carried = budget.carried_over.adjusted or ZERO
    others = total(line.adjusted or ZERO for line in (budget.fiscal, budget.other))
    return carried if fund.adjusted == others else ZERO


def score_execution(form: Form, profile: Profile) -> ExecutionScore:
    """Score the budget line of a form (预算执行率), in points.

    The rate in percent earns its share of the weight (mof-2020: 10 points, 财预〔2020〕10号), or what the
    profile's steps give for it; a profile may set a pass line, a cap at full points, and what a budget of
    zero earns. Points are None where amounts and printed rate are missing, or where a person is to score.
    """
    fund, rate = form.budget.total, rate_of(form, profile.execution)
    printed = printed_rate(fund.rate, rate.exact)
    if not profile.scored:
        told = Explanation(rate.clauses or (("scoreless", NO_FACTS),), profile.source)
        return ExecutionScore(fund, rate.rounded, printed, None, None, None, None, Status.UNSCORED, told)
    weight = _weight(form, profile)
    working, settled = _settled(rate, weight, fund.score, profile)
    if fund.review is not None:
        settled = reviewed(settled, fund.review, weight, profile.corrections)
    return ExecutionScore(
        fund,
        rate.rounded,
        printed,
        weight,
        fund.score,
        settled.computed,
        settled.score,
        settled.status,
        Explanation((*rate.clauses, *working.clauses, *settled.clauses), profile.execution.source),
        working.points,
        misprinted(form, profile.execution),
    )


def _settled(
    rate: Rate, weight: Decimal | None, declared: Decimal | None, profile: Profile
) -> tuple[Working, Settled]:
    """Settle the points that the profile's way gives, or the other way where the declared ones are of that.

    The acts do not say whether the rate is rounded before the points are taken from it, and a unit may do
    either: 95.945% of 10 points are 9.59, and 9.60 by way of 95.95%.
    """
    ways = [rate.rounded, rate.exact]
    if profile.execution.points_from == "division":
        ways.reverse()
    if profile.execution.method != "proportional" or ways[0] == ways[1]:
        del ways[1]
    settled = [
        (working, settle(declared, working, weight, profile, Room()))
        for working in (_work(rate, used, weight, profile.execution) for used in ways)
    ]
    return next((each for each in settled if each[1].status is Status.AGREES), settled[0])


def _weight(form: Form, profile: Profile) -> Decimal | None:
    """Give the weight of the budget line: as printed, or the profile's where the rows leave it that room."""
    printed = form.budget.total.weight
    if printed is not None:
        return printed if printed >= ZERO else None
    weights = [row.weight for row in form.indicators if row.weight is not None]
    fits = bool(weights) and total([*weights, profile.execution_weight]) == HUNDRED
    return profile.execution_weight if fits else None


def _work(rate: Rate, used: Decimal | None, weight: Decimal | None, rules: Execution) -> Working:
    """Work out the exact points of the budget line from the rate that is used."""
    if weight is None:
        return worked(None, "no_weight", Cite())
    if used is None:
        return _without_rate(rate, weight, rules)
    if rules.method == "manual":
        return worked(None, "rate_manual", rules.source)
    if rules.pass_line is not None and used < rules.pass_line:
        return worked(ZERO, "rate_pass_line", rules.source, line=rules.pass_line)
    if rules.method == "steps":
        return _by_steps(used, weight, rules)
    told = "rate_points" if used == rate.rounded else "unrounded_points"
    return _proportional(used, weight, rules, told)


def _proportional(used: Decimal, weight: Decimal, rules: Execution, told: str) -> Working:
    points = max(product(used, weight, HUNDRED), ZERO)
    if rules.capped and points > weight:
        return worked(weight, "rate_capped", rules.source, weight=weight)
    return worked(points, told, rules.source, weight=weight, points=points)


def _by_steps(used: Decimal, weight: Decimal, rules: Execution) -> Working:
    step = step_of(used, rules.steps)
    percent = step.percent if step else ZERO
    points = product(weight, percent, HUNDRED)
    return worked(points, "rate_step", rules.source, percent=percent, weight=weight, points=points)


def _without_rate(rate: Rate, weight: Decimal, rules: Execution) -> Working:
    """Work out a line without a rate: an amount is missing, or the budget is zero."""
    if rate.budget is None or rate.spent is None or rate.budget < ZERO:
        return worked(None, "no_money", rules.source)
    one = product(rate.spent, weight, ONE)
    points = {"zero": ZERO, "full": weight, "one": one}.get(rules.zero_budget)
    if points is not None and rules.capped:
        points = clamp(points, weight)
    return worked(points, f"zero_budget_{rules.zero_budget}", rules.source, weight=weight)
