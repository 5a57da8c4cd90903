"""Rows that went far beyond their target (超额完成), and what a profile takes off for it.

The national act asks to reduce points where the target was set clearly too low, and gives neither a line
nor a formula; profiles do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfkit.scoring.formulas import step_of
from perfkit.scoring.points import HUNDRED, ONE, clamp, less, product
from perfkit.scoring.working import Working, worked
from perfkit.values import Reading, read_target
from perfkit.values.terms import AT_LEAST, EQUAL

if TYPE_CHECKING:
    from decimal import Decimal

    from perfkit.form import Indicator
    from perfkit.profile import Profile


def work_met(row: Indicator, reading: Reading, weight: Decimal, profile: Profile) -> Working:
    """Give full points, less what the profile takes for going far beyond the target."""
    full = worked(weight, "met", profile.quantity.source, reading=reading, weight=weight)
    rules = profile.over_achievement
    ratio = None if rules.method == "ignore" else over_ratio(row, reading, profile)
    if ratio is None or ratio < rules.threshold:
        return full
    points = _left(ratio, weight, profile)
    facts = {"ratio": ratio, "threshold": rules.threshold, "taken": less(weight, points)}
    said = (f"over_{rules.method}", facts)
    return Working(points, (*full.clauses, said), rules.source, room=rules.method == "manual")


def over_ratio(row: Indicator, reading: Reading, profile: Profile) -> Decimal | None:
    """Give actual ÷ target of a row where more is better, against the target that the profile names."""
    if reading.direction not in (AT_LEAST, EQUAL) or reading.completion is None:
        return None
    if profile.over_achievement.against == "initial" and row.initial_target:
        first = read_target(row.initial_target, name=row.name or "", level2=row.level2 or "")
        if first.value and first.unit == reading.target.unit and reading.actual.value is not None:
            return product(reading.actual.value, ONE, first.value)
    return reading.completion


def _left(ratio: Decimal, weight: Decimal, profile: Profile) -> Decimal:
    """Give the points that over-achievement leaves."""
    rules = profile.over_achievement
    if rules.method == "fixed":
        return clamp(less(weight, rules.points), weight)
    if rules.method == "proportional":
        return clamp(less(weight, product(weight, less(ratio, rules.threshold))), weight)
    if rules.method == "steps":
        step = step_of(ratio, rules.steps)
        return product(weight, step.percent if step else HUNDRED, HUNDRED)
    return weight
