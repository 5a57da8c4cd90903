"""The budget line (预算执行率): the points that its rate earns by the profile."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfkit.profile import Cite, Execution, Profile
from perfkit.scoring.card import ExecutionScore, Status
from perfkit.scoring.corrections import reviewed
from perfkit.scoring.formulas import step_of
from perfkit.scoring.points import HUNDRED, ONE, ZERO, clamp, product, total
from perfkit.scoring.rate import Rate, printed_rate, rate_of
from perfkit.scoring.settle import settle
from perfkit.scoring.telling import Explanation
from perfkit.scoring.working import NO_FACTS, Working, worked

if TYPE_CHECKING:
    from decimal import Decimal

    from perfkit.form import Form


def score_execution(form: Form, profile: Profile) -> ExecutionScore:
    """Score the budget line of a form."""
    fund, rate = form.budget.total, rate_of(form, profile.execution)
    printed = printed_rate(fund.rate)
    if not profile.scored:
        told = Explanation(rate.clauses or (("scoreless", NO_FACTS),), profile.source)
        return ExecutionScore(fund, rate.rounded, printed, None, None, None, None, Status.UNSCORED, told)
    weight = _weight(form, profile)
    working = _work(rate, weight, profile.execution)
    settled = settle(fund.score, working, weight, profile.totalling.row)
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
    )


def _weight(form: Form, profile: Profile) -> Decimal | None:
    """Give the weight of the budget line: as printed, or the profile's where the rows leave it that room."""
    printed = form.budget.total.weight
    if printed is not None:
        return printed if printed >= ZERO else None
    weights = [row.weight for row in form.indicators if row.weight is not None]
    fits = bool(weights) and total([*weights, profile.execution_weight]) == HUNDRED
    return profile.execution_weight if fits else None


def _work(rate: Rate, weight: Decimal | None, rules: Execution) -> Working:
    """Work out the exact points of the budget line."""
    if weight is None:
        return worked(None, "no_weight", Cite())
    if rate.exact is None or rate.rounded is None:
        return _without_rate(rate, weight, rules)
    if rules.method == "manual":
        return worked(None, "rate_manual", rules.source)
    used = rate.rounded if rules.points_from == "rate" else rate.exact
    if rules.pass_line is not None and used < rules.pass_line:
        return worked(ZERO, "rate_pass_line", rules.source, line=rules.pass_line)
    return _by_steps(used, weight, rules) if rules.method == "steps" else _proportional(used, weight, rules)


def _proportional(used: Decimal, weight: Decimal, rules: Execution) -> Working:
    points = max(product(used, weight, HUNDRED), ZERO)
    if rules.capped and points > weight:
        return worked(weight, "rate_capped", rules.source, weight=weight)
    return worked(points, "rate_points", rules.source, weight=weight, points=points)


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
