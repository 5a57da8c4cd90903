"""The budget line (预算执行率): the rate, and the points it earns by the profile."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal, InvalidOperation

from perfkit.form import Budget, Form, Fund
from perfkit.profile import Cite, Profile
from perfkit.scoring.card import ExecutionScore, Status
from perfkit.scoring.formulas import step_of
from perfkit.scoring.points import HUNDRED, ONE, ZERO, clamp, product, rounded, total
from perfkit.scoring.settle import settle
from perfkit.scoring.telling import Explanation
from perfkit.scoring.working import Clause, Working, worked


def score_execution(form: Form, profile: Profile) -> ExecutionScore:
    """Score the budget line of a form."""
    fund = form.budget.total
    spent, budget, told = _money(form.budget, profile)
    exact = None if spent is None or not budget else product(spent, HUNDRED, budget)
    printed = printed_rate(fund.rate)
    if exact is None and printed is not None and (spent is None or budget is None):
        exact, told = printed, (Clause("rate_printed", {"rate": printed}),)
    rate = None if exact is None else rounded(exact, profile.execution.rate)
    if not profile.scored:
        explanation = Explanation(
            (*told, *_rate_clause(spent, budget, exact, rate, form, profile)), profile.source
        )
        return ExecutionScore(fund, rate, printed, None, None, None, None, Status.UNSCORED, explanation)
    weight = _weight(form, profile)
    said = _rate_clause(spent, budget, exact, rate, form, profile)
    working = _work(spent, budget, exact, rate, weight, profile)
    settled = settle(fund.score, working, weight, profile.totalling.row)
    explanation = Explanation((*told, *said, *working.clauses, *settled.clauses), profile.execution.source)
    return ExecutionScore(
        fund,
        rate,
        printed,
        weight,
        fund.score,
        settled.computed,
        settled.score,
        settled.status,
        explanation,
        working.points,
    )


def printed_rate(text: str | None) -> Decimal | None:
    """Read the rate as printed, in percent: `98.98%`, `0.958`, `1`, `79.27`; None where it is no figure.

    Without a percent sign a figure up to 1.5 is taken for a share (`1` is 100%), a larger one for percent.
    """
    found = _RATE.fullmatch((text or "").strip())
    if found is None:
        return None
    try:
        value = Decimal(found["figure"])
    except InvalidOperation:
        return None
    return product(value, HUNDRED) if not found["sign"] and value <= Decimal("1.5") else value


_RATE = re.compile(r"(?P<figure>\d{1,12}(?:[.．]\d{1,12})?)\s*(?P<sign>[%％]?)", re.ASCII)


def _money(budget: Budget, profile: Profile) -> tuple[Decimal | None, Decimal | None, tuple[Clause, ...]]:
    """Give what was spent and the budget that the profile divides by, and what is to be said of them.

    A total line of zeros or blanks over lines that hold money is a sum nobody made, not a statement that
    nothing was spent: the lines are summed (RULES §6; PK110 reports the line).
    """
    fund = budget.total
    told: tuple[Clause, ...] = ()
    if not any((fund.initial, fund.adjusted, fund.executed)) and any(
        line.initial or line.adjusted or line.executed for line in budget.sources.values()
    ):
        initial, adjusted, executed = (_sum(budget, key) for key in ("initial", "adjusted", "executed"))
        fund = replace(fund, initial=initial, adjusted=adjusted, executed=executed)
        told = (Clause("summed_lines"),)
    chosen, other = (
        (fund.initial, fund.adjusted)
        if profile.execution.budget == "initial"
        else (fund.adjusted, fund.initial)
    )
    base = other if chosen is None else chosen
    if profile.execution.budget == "adjusted_with_carry_over" and base is not None:
        base = total([base, _left_out(budget, fund)])
    return fund.executed, base, told


def _sum(budget: Budget, key: str) -> Decimal | None:
    figures = [getattr(line, key) for line in budget.sources.values() if getattr(line, key) is not None]
    return total(figures) if figures else None


def _left_out(budget: Budget, fund: Fund) -> Decimal:
    """Give the carried-over money that the total line does not hold yet."""
    carried = budget.carried_over.adjusted or ZERO
    others = total(line.adjusted or ZERO for line in (budget.fiscal, budget.other))
    return carried if fund.adjusted == others else ZERO


def _weight(form: Form, profile: Profile) -> Decimal | None:
    """Give the weight of the budget line: as printed, or the profile's where the rows leave it that room."""
    printed = form.budget.total.weight
    if printed is not None:
        return printed if printed >= ZERO else None
    weights = [row.weight for row in form.indicators if row.weight is not None]
    fits = bool(weights) and total([*weights, profile.execution_weight]) == HUNDRED
    return profile.execution_weight if fits else None


def _rate_clause(
    spent: Decimal | None,
    budget: Decimal | None,
    exact: Decimal | None,
    rate: Decimal | None,
    form: Form,
    profile: Profile,
) -> tuple[Clause, ...]:
    if spent is None or not budget or exact is None or rate is None:
        return ()
    rule = profile.execution.rate
    unit = form.money_unit
    facts = {"spent": (spent, unit), "budget": (budget, unit), "rate": rate, "mode": rule.mode}
    key = "rate" if exact == rate else "rate_rounded"
    return (Clause(key, facts | {"exact": exact, "digits": rule.digits, "base": profile.execution.budget}),)


def _work(
    spent: Decimal | None,
    budget: Decimal | None,
    exact: Decimal | None,
    rate: Decimal | None,
    weight: Decimal | None,
    profile: Profile,
) -> Working:
    rules = profile.execution
    if weight is None:
        return worked(None, "no_weight", Cite())
    if exact is None or rate is None:
        return _without_rate(spent, budget, weight, profile)
    used = rate if rules.points_from == "rate" else exact
    if rules.pass_line is not None and used < rules.pass_line:
        return worked(ZERO, "rate_pass_line", rules.source, rate=rate, line=rules.pass_line)
    if rules.method == "manual":
        return worked(None, "rate_manual", rules.source)
    if rules.method == "steps":
        step = step_of(used, rules.steps)
        percent = step.percent if step else ZERO
        points = product(weight, percent, HUNDRED)
        return worked(points, "rate_step", rules.source, percent=percent, weight=weight, points=points)
    points = max(product(used, weight, HUNDRED), ZERO)
    if rules.capped and points > weight:
        return worked(weight, "rate_capped", rules.source, weight=weight)
    return worked(points, "rate_points", rules.source, rate=rate, weight=weight, points=points)


def _without_rate(
    spent: Decimal | None, budget: Decimal | None, weight: Decimal, profile: Profile
) -> Working:
    rules = profile.execution
    if budget is None or spent is None or budget < ZERO:
        return worked(None, "no_money", rules.source)
    points = {
        "zero": ZERO,
        "full": weight,
        "one": product(spent, weight, ONE),
    }.get(rules.zero_budget)
    if points is not None and rules.capped:
        points = clamp(points, weight)
    return worked(points, f"zero_budget_{rules.zero_budget}", rules.source, weight=weight)
