"""The execution rate (预算执行率) of a form: the money it is made of, and what is to be said of that.

A form may leave out a budget, an amount or the whole total line; what stands in for it is decided here,
in one place, and told.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from perfkit.scoring.points import HUNDRED, ZERO, product, rounded, total
from perfkit.scoring.working import NO_FACTS, Clause

if TYPE_CHECKING:
    from perfkit.form import Budget, Form, Fund
    from perfkit.profile import Execution

LARGEST_SHARE = Decimal("1.5")
_PRINTED = re.compile(r"(?P<figure>\d{1,12}(?:\.\d{1,12})?)\s*(?P<sign>[%％]?)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Rate:
    """Hold what was `spent`, the `budget` it is divided by, the `exact` rate in percent and as `rounded`."""

    spent: Decimal | None
    budget: Decimal | None
    exact: Decimal | None
    rounded: Decimal | None
    clauses: tuple[Clause, ...]


def rate_of(form: Form, rules: Execution) -> Rate:
    """Give the execution rate of a form by a profile's rules.

    Where an amount is missing, the rate as printed stands in.
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


def printed_rate(text: str | None) -> Decimal | None:
    """Read the rate as printed, in percent: `98.98%`, `0.958`, `1`, `79.27`; None where it is no figure.

    Without a percent sign a figure up to 1.5 is taken for a share (`1` is 100%), a larger one for percent.
    """
    found = _PRINTED.fullmatch((text or "").strip())
    if found is None:
        return None
    value = Decimal(found["figure"])
    return product(value, HUNDRED) if not found["sign"] and value <= LARGEST_SHARE else value


def filled(budget: Budget) -> tuple[Fund, tuple[Clause, ...]]:
    """Give the total line; where it holds no money and its lines do, their sum.

    A line of zeros or blanks over lines that hold money is a sum nobody made, not a statement that nothing
    was spent (RULES §6; PK110 reports the line).
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
