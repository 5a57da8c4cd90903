"""Units' forms by hand: what the tests of this room say most often."""

from dataclasses import replace
from decimal import Decimal

from perfkit.form import Budget, Form, Fund, Indicator
from perfkit.profile import Profile
from perfkit.profiles import load_profile
from perfkit.rollup import RollUp, roll_up
from perfkit.scoring import RowScore

BUDGETS = ("200", "800", "500")
NAMES = "甲乙丙"


def ruled(profile: str = "hubei", **settings: str) -> Profile:
    """Give a profile that rolls up by other settings."""
    rules = load_profile(profile)
    return replace(rules, roll_up=replace(rules.roll_up, **settings))


def row(target: str | None, actual: str | None, name: str = "培训场次", **fields: object) -> Indicator:
    """Give an indicator of ten points."""
    levels = {"level1": "产出指标", "level2": "数量指标", "weight": Decimal(10)}
    return Indicator(name, target=target, actual=actual, **(levels | fields))


def money(budget: str | None, executed: str | None = None, **fields: object) -> Budget:
    """Give a budget block whose total line holds one budget."""
    planned = None if budget is None else Decimal(budget)
    spent = planned if executed is None else Decimal(executed)
    return Budget(Fund(planned, planned, spent, **({"weight": Decimal(20)} | fields)))


def unit(*rows: Indicator, name: str = "甲", budget: Budget | str | None = "200", **fields: object) -> Form:
    """Give the form of one unit, in 万元."""
    block = budget if isinstance(budget, Budget) else money(budget)
    return Form("道路养护", 2022, "交通局", name, budget=block, indicators=rows, **fields)


def rolled(
    *cells: tuple[str | None, str | None], profile: Profile | str = "hubei", **fields: object
) -> RollUp:
    """Roll up units that have one row each, given by target and actual."""
    forms = [
        unit(row(*cell, **fields), name=name, budget=budget)
        for cell, name, budget in zip(cells, NAMES, BUDGETS, strict=False)
    ]
    return roll_up(forms, profile)


def only(result: RollUp) -> RowScore:
    """Give the one row of a whole."""
    assert result.card is not None
    [scored] = result.card.indicators
    return scored
