"""The budget block of the whole (项目资金): line by line, in one money unit, 元 and 万元 converted exactly.

The rate of the whole is Σ executed ÷ Σ budget, each unit's budget being what its own rate is measured
against. A source line that a unit leaves blank is money it does not have; an amount
missing from a total line is not zero, so that the whole's is left blank and said.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from perfkit.errors import Fault
from perfkit.form import Budget, Form, Fund
from perfkit.rollup.cells import Combined, same
from perfkit.rollup.rolled_up import Note, Rule
from perfkit.rollup.weights import IN_YUAN, joined, listed, named, parts, tell
from perfkit.scoring.execution import filled, rate_of
from perfkit.scoring.explanation import amount
from perfkit.scoring.points import ONE, product, total
from perfkit.text import say

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from perfkit.form import MoneyUnit
    from perfkit.profile import Execution
    from perfkit.rollup.rolled_up import Unit

AMOUNTS = ("initial", "adjusted", "executed")
_OTHER = {"initial": "adjusted", "adjusted": "initial"}


@dataclass(slots=True)
class Funds:
    """Hold the budget block of the whole while it is made, in the money unit `shown`.

    `cells` say by path where its amounts come from, `notes` what a reader must know.
    """

    units: Sequence[Unit]
    shown: MoneyUnit
    budget: Budget = field(default_factory=Budget)
    cells: dict[str, Combined] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def converted(self, fund: Fund, form: Form) -> Fund:
        """Give a form's line with its amounts in the money unit of the whole."""
        factor, divisor = IN_YUAN[form.money_unit], IN_YUAN[self.shown]
        if factor == divisor:
            return fund
        found: dict[str, Any] = {name: getattr(fund, name) for name in AMOUNTS}
        turned: dict[str, Any] = {
            name: each and product(each, factor, divisor) for name, each in found.items()
        }
        return replace(fund, **turned)

    def put(self, path: str, amounts: Sequence[Decimal | None], whole: Decimal | None) -> None:
        """Keep where an amount comes from."""
        told = [
            (unit.name, None if each is None else amount(each, self.shown))
            for unit, each in zip(self.units, amounts, strict=True)
        ]
        if whole is None:
            self.cells[path] = Combined(None, Rule.LEFT, tell("left_blank", parts=listed(told)))
            return
        known = joined("_plus", parts((name, each) for name, each in told if each is not None))
        said = tell("sum", parts=known, text=amount(whole, self.shown))
        self.cells[path] = Combined(f"{whole:f}", Rule.SUM, said)

    def say(self, key: str, **facts: object) -> None:
        """Add a note."""
        self.notes.append(Note(key, tell(key, **facts)))


def money_unit(units: Sequence[Unit]) -> MoneyUnit:
    """Give the money unit of the whole: 元 where any form is in 元."""
    return "元" if any(unit.form.money_unit == "元" for unit in units) else "万元"


def combine_funds(units: Sequence[Unit], rules: Execution) -> Funds:
    """Sum the budget blocks of several units."""
    funds = Funds(units, money_unit(units))
    totals = [funds.converted(filled(unit.form.budget)[0], unit.form) for unit in units]
    summed: dict[str, Any] = {name: _total(name, totals, funds) for name in AMOUNTS}
    sources = {line: _source(line, funds) for line in Budget().sources}
    funds.budget = Budget(replace(_agreed(funds), **summed), **sources)
    _rebase(rules, funds)
    return funds


def _total(name: str, lines: Sequence[Fund], funds: Funds) -> Decimal | None:
    """Give one amount of the total line; as in scoring, one budget stands in for the other."""
    amounts = [getattr(line, name) for line in lines]
    if all(each is None for each in amounts):
        return None
    blank = [unit.name for unit, each in zip(funds.units, amounts, strict=True) if each is None]
    if blank and name in _OTHER:
        amounts = [
            getattr(line, _OTHER[name]) if each is None else each
            for line, each in zip(lines, amounts, strict=True)
        ]
    known = [each for each in amounts if each is not None]
    whole = total(known) if len(known) == len(amounts) else None
    if blank:
        key = "money_blank" if whole is None else "money_stood_in"
        funds.say(key, line=tell("total_line"), field=tell(f"_{name}"), units=named(blank))
    funds.put(f"budget.total.{name}", amounts, whole)
    return whole


def _source(line: str, funds: Funds) -> Fund:
    """Give one source line (其中), over the units that have money of it."""
    lines = [funds.converted(getattr(unit.form.budget, line), unit.form) for unit in funds.units]
    summed: dict[str, Any] = {}
    for name in AMOUNTS:
        amounts = [getattr(each, name) for each in lines]
        known = [each for each in amounts if each is not None]
        if known:
            summed[name] = total(known)
            funds.put(f"budget.{line}.{name}", amounts, summed[name])
    return Fund(**summed)


def _agreed(funds: Funds) -> Fund:
    """Give the total line with what people set, where the units agree: weight, points, the printed rate."""
    lines = [(unit.name, unit.form.budget.total) for unit in funds.units]
    worth = list(dict.fromkeys(line.weight for _, line in lines if line.weight is not None))
    if len(worth) > 1:
        printed = [(name, None if line.weight is None else f"{line.weight:f}") for name, line in lines]
        funds.faults.append(
            Fault(
                say("faults.units_give_budget_line"),
                place="budget.total.weight",
                got=listed(printed).en,
                expected=say("faults.one_weight"),
                hint=say("faults.agree_on_weight_let"),
            )
        )
    points, rates = {line.score for _, line in lines}, {same(line.rate) for _, line in lines}
    return Fund(
        weight=worth[0] if worth else None,
        rate=lines[0][1].rate if len(rates) == 1 else None,
        score=points.pop() if len(points) == 1 else None,
    )


def _rebase(rules: Execution, funds: Funds) -> None:
    """Let the whole's rate be measured against the sum of the budgets that the units' rates are.

    The lines alone do not tell it where one unit's total holds the money carried over and another's does not.
    """
    yuan = [unit.budget for unit in funds.units if unit.budget is not None]
    if len(yuan) < len(funds.units):
        return
    budgets = [product(each, ONE, IN_YUAN[funds.shown]) for each in yuan]
    wanted = total(budgets)
    if rate_of(Form(money_unit=funds.shown, budget=funds.budget), rules).budget == wanted:
        return
    name = "initial" if rules.budget == "initial" else "adjusted"
    base: dict[str, Any] = {name: wanted}
    funds.budget = replace(funds.budget, total=replace(funds.budget.total, **base))
    funds.put(f"budget.total.{name}", budgets, wanted)
    funds.say("money_base", text=amount(wanted, funds.shown))
