"""Rows whose target and actual are figures: which formula of the profile applies to which."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfkit.scoring.formulas import (
    AT_LEAST_FORMULAS,
    AT_MOST_FORMULAS,
    ZERO_TARGET,
    Case,
    manual,
    step_of,
)
from perfkit.scoring.lateness import work_date
from perfkit.scoring.over import work_met
from perfkit.scoring.points import HUNDRED, ZERO, cut, product
from perfkit.scoring.working import Working, worked
from perfkit.values.terms import AT_LEAST, AT_MOST, DATE, EQUAL, MET, WITHIN

if TYPE_CHECKING:
    from decimal import Decimal

    from perfkit.form import Indicator
    from perfkit.profile import Profile
    from perfkit.values import Reading

PERCENT = "%"


def work_measured(row: Indicator, reading: Reading, weight: Decimal, profile: Profile) -> Working:
    """Work out a row that was measured."""
    if reading.kind is DATE:
        return work_date(reading, weight, profile)
    equal, met = reading.direction is EQUAL, reading.verdict is MET
    case = None if met and not equal else _case(reading, weight, profile)
    if case is not None and equal and case.actual > case.target:
        return _above_equal(row, reading, case, profile)
    if met or (case is not None and case.actual >= case.target and reading.direction is AT_LEAST):
        return work_met(row, reading, weight, profile)
    if case is None:
        return worked(None, "no_ratio", profile.quantity.source, reading=reading)
    return _missed(row, reading, case, profile)


def _case(reading: Reading, weight: Decimal, profile: Profile) -> Case | None:
    """Give the figures of a row, None where they cannot be set against each other."""
    target, actual = _bound(reading), reading.actual.value
    if target is None or actual is None or (reading.completion is None and target != 0):
        return None
    rules = profile.quantity
    if rules.compare_digits is not None:
        target, actual = cut(target, rules.compare_digits), cut(actual, rules.compare_digits)
    unit = reading.target.unit or reading.actual.unit
    return Case(actual, target, unit, weight, rules.source, rules.pass_line)


def _within(reading: Reading) -> bool:
    return reading.direction is WITHIN


def _bound(reading: Reading) -> Decimal | None:
    """Give the target's figure; of a range, the end that the actual lies beyond."""
    target, actual = reading.target, reading.actual.value
    if not _within(reading) or actual is None:
        return target.value
    return target.low if target.low is not None and actual < target.low else target.high


def _missed(row: Indicator, reading: Reading, case: Case, profile: Profile) -> Working:
    rules = profile.quantity
    upper = reading.direction is AT_MOST or (_within(reading) and case.actual > case.target)
    if case.target < ZERO or (case.target == ZERO and not upper):
        return (ZERO_TARGET[rules.zero_target] if case.target == ZERO else manual)(case)
    if upper:
        return AT_MOST_FORMULAS[rules.at_most](case)
    if _satisfaction(row) and profile.satisfaction.method == "steps" and case.unit == PERCENT:
        return _satisfaction_step(case, profile)
    return AT_LEAST_FORMULAS[rules.at_least](case)


def _above_equal(row: Indicator, reading: Reading, case: Case, profile: Profile) -> Working:
    """Work out an actual above an `=` target; above a target of zero there is no ratio."""
    rules, met = profile.quantity, reading.verdict is MET
    by_direction = rules.above_equal == "by_direction"
    if by_direction and met:
        return work_met(row, reading, case.weight, profile)
    if case.target <= ZERO:
        return (ZERO_TARGET[rules.zero_target] if case.target == ZERO else manual)(case)
    if rules.above_equal == "full":
        return work_met(row, reading, case.weight, profile)
    at_most = by_direction or rules.above_equal == "at_most"
    return (AT_MOST_FORMULAS[rules.at_most] if at_most else manual)(case)


def _satisfaction(row: Indicator) -> bool:
    return "满意" in f"{row.level1 or ''}{row.level2 or ''}"


def _satisfaction_step(case: Case, profile: Profile) -> Working:
    step = step_of(case.actual, profile.satisfaction.steps)
    percent = step.percent if step else ZERO
    floor = step.at_least if step else profile.satisfaction.steps[-1].at_least
    points = product(case.weight, percent, HUNDRED)
    return worked(
        points,
        "satisfaction_step" if step else "satisfaction_below",
        profile.satisfaction.source,
        actual=(case.actual, case.unit),
        target=(case.target, case.unit),
        floor=floor,
        percent=percent,
        weight=case.weight,
        points=points,
    )
