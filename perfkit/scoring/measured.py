"""Rows whose target and actual are figures or dates: which formula of the profile applies to which.

Full points where the target is met, less what the profile takes for going far beyond it (超额完成); a
small function for each formula of the field where it is missed; and what a profile gives for late dates.
No national rule says what lateness costs, or from where on a target was set too low: profiles do.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from perfkit.scoring.explanation import (
    CONTEXT,
    HUNDRED,
    ONE,
    ZERO,
    Working,
    clamp,
    cut,
    less,
    product,
    worked,
)
from perfkit.values import Reading, Verdict, read_target
from perfkit.values.rules import AT_LEAST, AT_MOST, DATE, EQUAL, MET, WITHIN

if TYPE_CHECKING:
    from perfkit.form import Indicator
    from perfkit.profile import Cite, Percent, Profile, Step


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
    """Give A ÷ T × weight, from 0 to the weight, and nothing below the pass line (in percent of the target).

    未完成指标值的，按照完成值与指标值的比例记分 (财预〔2020〕10号第十八条).
    """
    percent = product(max(case.actual, ZERO), HUNDRED, case.target)
    if case.pass_line is not None and percent < case.pass_line:
        return _worked(ZERO, "pass_line", case, percent=percent, line=case.pass_line)
    points = clamp(product(case.weight, max(case.actual, ZERO), case.target), case.weight)
    return _worked(points, "proportional", case, percent=percent)


def mirrored(case: Case) -> Working:
    """Give (2 − A ÷ T) × weight, and nothing from twice the target on: one formula for a limit exceeded.

    No national act gives one for 反向指标; a profile that uses it cites its own source.
    """
    if case.actual >= CONTEXT.multiply(Decimal(2), case.target):
        return _worked(ZERO, "mirrored_zero", case)
    share = CONTEXT.subtract(CONTEXT.add(case.target, case.target), case.actual)
    return _worked(clamp(product(case.weight, share, case.target), case.weight), "mirrored", case)


def inverse(case: Case) -> Working:
    """Give T ÷ A × weight: the other formula for a limit exceeded, which never comes to 0.

    No national act gives one for 反向指标; a profile that uses it cites its own source.
    """
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
    """Give the step that a value has reached, or None below the lowest; `steps` run from the highest down."""
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


def work_met(row: Indicator, reading: Reading, weight: Decimal, profile: Profile) -> Working:
    """Give full points, less what the profile takes for going far beyond the target."""
    full = worked(weight, "met", profile.quantity.source, reading=reading, weight=weight)
    rules = profile.over_achievement
    ratio = None if rules.method == "ignore" else over_ratio(row, reading, profile)
    if ratio is None or ratio < rules.threshold:
        return full
    points = _left(ratio, weight, profile)
    facts = {"ratio": ratio, "threshold": rules.threshold, "taken": less(weight, points)}
    kept = {"reading": reading, "weight": weight, "cited": full.source}
    clauses = (("met", kept), (f"over_{rules.method}", facts))
    return Working(points, clauses, rules.source, room=rules.method == "manual")


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


MONTHS = 12


def work_date(reading: Reading, weight: Decimal, profile: Profile) -> Working:
    """Work out a row of dates."""
    if reading.verdict is Verdict.MET:
        return worked(weight, "met_date", profile.quantity.source, reading=reading, weight=weight)
    rules = profile.timeliness
    if rules.method == "all_or_nothing":
        return worked(ZERO, "late_nothing", rules.source, reading=reading)
    days = _days(reading)
    if rules.method == "manual" or days is None:
        return _by_person(reading, weight, profile)
    planned, taken, months = days
    if rules.method == "duration":
        points = product(weight, planned, taken)
        facts = {"planned": planned, "days": taken}
    else:
        points = clamp(less(weight, product(weight, product(rules.percent, months), HUNDRED)), weight)
        facts = {"months": months, "percent": rules.percent}
    return worked(points, f"late_{rules.method}", rules.source, weight=weight, points=points, **facts)


def late_band(weight: Decimal, profile: Profile) -> tuple[Decimal, Decimal] | None:
    """Give the least and the most points of a row that came late, None where the profile sets none.

    No national act says what lateness costs.
    """
    rules = profile.timeliness
    if rules.late_at_most is None:
        return None
    return product(weight, rules.late_at_least, HUNDRED), product(weight, rules.late_at_most, HUNDRED)


def _by_person(reading: Reading, weight: Decimal, profile: Profile) -> Working:
    band, source = late_band(weight, profile), profile.timeliness.source
    if band is None:
        return worked(None, "late_manual", source, reading=reading)
    return worked(None, "late_band", source, reading=reading, low=band[0], high=band[1])


def _days(reading: Reading) -> tuple[Decimal, Decimal, Decimal] | None:
    """Give days planned, days taken (both from 1 January of the target's year) and months begun late."""
    try:
        due, done = date.fromisoformat(reading.target.day), date.fromisoformat(reading.actual.day)
    except ValueError:
        return None
    if done <= due:
        return None
    before = due.replace(month=1, day=1).toordinal() - 1
    months = (done.year - due.year) * MONTHS + done.month - due.month + (done.day > due.day)
    return Decimal(due.toordinal() - before), Decimal(done.toordinal() - before), Decimal(max(months, 1))


PERCENT = "%"


def work_measured(row: Indicator, reading: Reading, weight: Decimal, profile: Profile) -> Working:
    """Work out the exact points of a row that was measured, None where its profile has no formula.

    Full points where the target is met (财预〔2020〕10号第十八条), less what the profile takes for going far
    beyond it; else the profile's formula for the row's direction.
    """
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
