"""Rows whose target and actual are figures or dates: which formula of the profile applies to which."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from perfkit.form import Indicator
from perfkit.profile import Profile
from perfkit.scoring.formulas import AT_LEAST, AT_MOST, ZERO_TARGET, Case, manual, step_of
from perfkit.scoring.points import HUNDRED, ONE, ZERO, clamp, cut, less, product
from perfkit.scoring.working import Clause, Working, worked
from perfkit.values import Direction, Kind, Reading, Verdict

PERCENT = "%"


def work_measured(row: Indicator, reading: Reading, weight: Decimal, profile: Profile) -> Working:
    """Work out a row that was measured."""
    if reading.kind is Kind.DATE:
        return _date(reading, weight, profile)
    met = reading.verdict is Verdict.MET
    if met and reading.direction is not Direction.EQUAL:
        return _met(row, reading, weight, profile)
    case = _case(reading, weight, profile)
    if case is not None and reading.direction is Direction.EQUAL and case.actual > case.target:
        return _above_equal(row, reading, case, profile)
    if met:
        return _met(row, reading, weight, profile)
    if case is None:
        return worked(None, "no_ratio", profile.quantity.source, reading=reading)
    if case.actual >= case.target and reading.direction is Direction.AT_LEAST:
        return _met(row, reading, weight, profile)
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
    return reading.direction is Direction.WITHIN


def _bound(reading: Reading) -> Decimal | None:
    """Give the target's figure; of a range, the end that the actual lies beyond."""
    target, actual = reading.target, reading.actual.value
    if not _within(reading) or actual is None:
        return target.value
    return target.low if target.low is not None and actual < target.low else target.high


def _missed(row: Indicator, reading: Reading, case: Case, profile: Profile) -> Working:
    rules = profile.quantity
    upper = reading.direction is Direction.AT_MOST or (_within(reading) and case.actual > case.target)
    if case.target < ZERO or (case.target == ZERO and not upper):
        return (ZERO_TARGET[rules.zero_target] if case.target == ZERO else manual)(case)
    if upper:
        return AT_MOST[rules.at_most](case)
    if _satisfaction(row) and profile.satisfaction.method == "steps" and case.unit == PERCENT:
        return _satisfaction_step(case, profile)
    return AT_LEAST[rules.at_least](case)


def _above_equal(row: Indicator, reading: Reading, case: Case, profile: Profile) -> Working:
    """Work out an actual above an `=` target; above a target of zero there is no ratio."""
    rules = profile.quantity
    if case.target <= ZERO:
        return (ZERO_TARGET[rules.zero_target] if case.target == ZERO else manual)(case)
    if rules.above_equal == "full":
        return _met(row, reading, case.weight, profile)
    return (AT_MOST[rules.at_most] if rules.above_equal == "at_most" else manual)(case)


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


def _met(row: Indicator, reading: Reading, weight: Decimal, profile: Profile) -> Working:
    """Give full points, less what the profile takes for going far beyond the target."""
    full = worked(weight, "met", profile.quantity.source, reading=reading, weight=weight)
    rules = profile.over_achievement
    ratio = over_ratio(row, reading, profile)
    if rules.method == "ignore" or ratio is None or ratio < rules.threshold:
        return full
    points, key = _over(ratio, weight, profile)
    said = Clause(
        f"over_{key}", {"ratio": ratio, "threshold": rules.threshold, "taken": less(weight, points)}
    )
    return Working(points, (*full.clauses, said), rules.source, room=rules.method == "manual")


def over_ratio(row: Indicator, reading: Reading, profile: Profile) -> Decimal | None:
    """Give actual ÷ target of a row where more is better, against the target that the profile names."""
    if reading.direction not in (Direction.AT_LEAST, Direction.EQUAL) or reading.completion is None:
        return None
    if profile.over_achievement.against == "initial" and row.initial_target:
        from perfkit.values import read_target

        first = read_target(row.initial_target, name=row.name or "", level2=row.level2 or "")
        if first.value and first.unit == reading.target.unit and reading.actual.value is not None:
            return product(reading.actual.value, ONE, first.value)
    return reading.completion


def _over(ratio: Decimal, weight: Decimal, profile: Profile) -> tuple[Decimal, str]:
    """Give the points left after over-achievement, and the name of the phrase for it."""
    rules = profile.over_achievement
    if rules.method == "fixed":
        return clamp(less(weight, rules.points), weight), "fixed"
    if rules.method == "proportional":
        return clamp(less(weight, product(weight, less(ratio, rules.threshold))), weight), "proportional"
    if rules.method == "steps":
        step = step_of(ratio, rules.steps)
        return product(weight, step.percent if step else HUNDRED, HUNDRED), "steps"
    return weight, rules.method


def _date(reading: Reading, weight: Decimal, profile: Profile) -> Working:
    if reading.verdict is Verdict.MET:
        return worked(weight, "met_date", profile.quantity.source, reading=reading, weight=weight)
    rules = profile.timeliness
    if rules.method == "all_or_nothing":
        return worked(ZERO, "late_nothing", rules.source, reading=reading)
    days = _days(reading)
    if rules.method == "manual" or days is None:
        return worked(None, "late_manual", rules.source, reading=reading)
    planned, taken, months = days
    if rules.method == "duration":
        points = clamp(product(weight, Decimal(planned), Decimal(taken)), weight)
        facts = {"planned": Decimal(planned), "taken": Decimal(taken)}
    else:
        percent = product(rules.percent, Decimal(months))
        points = clamp(less(weight, product(weight, percent, HUNDRED)), weight)
        facts = {"months": Decimal(months), "percent": rules.percent}
    return worked(
        points, f"late_{rules.method}", rules.source, reading=reading, weight=weight, points=points, **facts
    )


def _days(reading: Reading) -> tuple[int, int, int] | None:
    """Give days planned, days taken (both from 1 January of the target's year) and months begun late."""
    try:
        due, done = date.fromisoformat(reading.target.day), date.fromisoformat(reading.actual.day)
    except ValueError:
        return None
    start = date(due.year, 1, 1)
    if done <= due:
        return None
    months = (done.year - due.year) * 12 + done.month - due.month + (1 if done.day > due.day else 0)
    return (due - start).days + 1, (done - start).days + 1, max(months, 1)
