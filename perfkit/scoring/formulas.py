"""What a measured row that misses its target earns: one small function for each formula of the field.

A formula takes a `Case` and gives the exact points with the clause that tells them. Negative actuals
count as 0, points never leave the range from 0 to the weight.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from perfkit.scoring.points import CONTEXT, HUNDRED, ZERO, clamp, product
from perfkit.scoring.working import Working, worked

if TYPE_CHECKING:
    from perfkit.profile import Cite, Percent, Step


class Case(NamedTuple):
    """Hold a row's figures: actual and target in one unit, the weight, and the rule's source."""

    actual: Decimal
    target: Decimal
    unit: str
    weight: Decimal
    source: Cite
    pass_line: Percent | None = None


Formula = Callable[[Case], Working]


def proportional(case: Case) -> Working:
    """Give A ÷ T × weight (未完成的按完成值与指标值的比例记分), nothing below the pass line."""
    percent = product(max(case.actual, ZERO), HUNDRED, case.target)
    if case.pass_line is not None and percent < case.pass_line:
        return _worked(ZERO, "pass_line", case, percent=percent, line=case.pass_line)
    points = clamp(product(case.weight, max(case.actual, ZERO), case.target), case.weight)
    return _worked(points, "proportional", case, percent=percent)


def mirrored(case: Case) -> Working:
    """Give (2 − A ÷ T) × weight, and nothing from twice the target on."""
    if case.actual >= CONTEXT.multiply(Decimal(2), case.target):
        return _worked(ZERO, "mirrored_zero", case)
    share = CONTEXT.subtract(CONTEXT.add(case.target, case.target), case.actual)
    return _worked(clamp(product(case.weight, share, case.target), case.weight), "mirrored", case)


def inverse(case: Case) -> Working:
    """Give T ÷ A × weight."""
    percent = product(case.target, HUNDRED, case.actual)
    points = clamp(product(case.weight, case.target, case.actual), case.weight)
    return _worked(points, "inverse", case, percent=percent)


def all_or_nothing(case: Case) -> Working:
    """Give nothing for a target that is missed."""
    return _worked(ZERO, "all_or_nothing", case)


def manual(case: Case) -> Working:
    """Leave the points to a person: the rule set has no formula here."""
    return _worked(None, "no_formula", case)


def nothing(case: Case) -> Working:
    """Give nothing where a target of zero leaves no ratio."""
    return _worked(ZERO, "zero_target", case)


AT_LEAST_FORMULAS: dict[str, Formula] = {
    "proportional": proportional,
    "all_or_nothing": all_or_nothing,
    "manual": manual,
}
AT_MOST_FORMULAS: dict[str, Formula] = {
    "mirrored": mirrored,
    "inverse": inverse,
    "all_or_nothing": all_or_nothing,
    "manual": manual,
}
ZERO_TARGET: dict[str, Formula] = {"zero": nothing, "manual": manual}


def step_of(value: Decimal, steps: tuple[Step, ...]) -> Step | None:
    """Give the step that a value has reached, or None below the lowest."""
    return next((step for step in steps if value >= step.at_least), None)


def _worked(points: Decimal | None, key: str, case: Case, **facts: Decimal | None) -> Working:
    return worked(
        points,
        key,
        case.source,
        actual=(case.actual, case.unit),
        target=(case.target, case.unit),
        weight=case.weight,
        points=points,
        side="above" if case.actual > case.target else "below",
        **facts,
    )
