"""Whether an actual reaches its target: number with number, date with date, words with either.

Each function takes two parts and gives an `Outcome`. Nothing is repaired and nothing is guessed into
a zero: what cannot be compared is unverifiable, what only a person can weigh is a judgement.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from perfkit.values.context import Context
from perfkit.values.dates import Span
from perfkit.values.quantity import Quantity
from perfkit.values.suspects import lost_sign
from perfkit.values.terms import Basis, Direction, Flag, Verdict
from perfkit.values.units import BARE, PERCENT, comparable

NO_FLAGS: frozenset[Flag] = frozenset()
HUNDRED = Decimal(100)
_WAN = Decimal(10_000)
_DROPS = re.compile(r"[降减缩]|节约|节省")


@dataclass(frozen=True, slots=True)
class Outcome:
    """Hold what came of comparing one target with one actual; the values are in the target's unit."""

    verdict: Verdict
    basis: Basis = Basis.NONE
    completion: Decimal | None = None
    late: bool = False
    flags: frozenset[Flag] = NO_FLAGS
    target: Decimal | None = None
    actual: Decimal | None = None


UNVERIFIABLE = Outcome(Verdict.UNVERIFIABLE)
JUDGEMENT = Outcome(Verdict.JUDGEMENT)
MISMATCH = Outcome(Verdict.UNVERIFIABLE, flags=frozenset({Flag.KIND_MISMATCH}))


def direction_of(target: Quantity, context: Context) -> Direction:
    """Give the direction of a target: its operator, else the row's good side."""
    if target.direction is not None:
        return target.direction
    if target.number == 0 and target.high is None:
        return Direction.AT_MOST
    if target.unit.dimension == "time" and context.timeliness and not context.lasting:
        return Direction.AT_MOST
    return context.side


def compare_quantities(target: Quantity, actual: Quantity, context: Context) -> Outcome:
    """Compare two quantities in the target's unit."""
    if target.unit_named and not comparable(target.unit, actual.unit):
        outcome = compare_quantities(
            replace(target, unit=BARE, scale=Decimal(1), unit_named=False), actual, context
        )
        return replace(outcome, flags=outcome.flags | {Flag.UNIT_MISMATCH})
    if not comparable(target.unit, actual.unit) or _count_against_percent(target, actual, context):
        return Outcome(Verdict.UNVERIFIABLE, flags=frozenset({Flag.UNIT_MISMATCH}))
    target, low, high = _aligned(target, actual, context)
    direction = direction_of(target, context)
    wanted = target.value
    if target.unit == PERCENT and _suspect(wanted, high, context):
        return Outcome(Verdict.UNVERIFIABLE, flags=frozenset({Flag.SCAN_SUSPECT}))
    if low < 0 < wanted and _DROPS.search(f"{target.operator}{target.label}{context.name}"):
        low, high = -high, -low
    if _in_another_unit(target, actual, high):
        return Outcome(Verdict.UNVERIFIABLE, flags=frozenset({Flag.UNIT_MISMATCH}))
    value = high if direction is Direction.AT_MOST else low
    if direction is Direction.WITHIN:
        met, wanted = _within(target, value, context)
    else:
        met = _reaches(direction, wanted, value, context)
    return Outcome(
        Verdict.MET if met else Verdict.MISSED,
        Basis.MEASURED,
        completion=value / wanted if wanted else None,
        target=wanted,
        actual=value,
    )


def _in_another_unit(target: Quantity, actual: Quantity, value: Decimal) -> bool:
    """Tell a bare amount in 元 against a limit in 万元: 10⁴ apart, never to be called exceeded."""
    times = value / target.value if actual.bare and target.value and target.unit.dimension == "money" else 0
    return target.scale == _WAN and _WAN / 5 < times < _WAN * 5 and target.direction is not Direction.AT_LEAST


def _reaches(direction: Direction, wanted: Decimal, value: Decimal, context: Context) -> bool:
    """Compare by direction; over an `=` target counts as reached (RULES.md R2), save where low is good."""
    low_is_good = direction is Direction.AT_MOST or (
        direction is Direction.EQUAL and (context.side is Direction.AT_MOST or wanted == 0)
    )
    return value <= wanted if low_is_good else value >= wanted


def _within(target: Quantity, value: Decimal, context: Context) -> tuple[bool, Decimal]:
    """Compare with a range; give also the bound that the value is measured by.

    Over the range is fine for a count of things done, under it for a cost.
    """
    low, high = target.value, (target.high if target.high is not None else target.number) * target.scale
    if target.tolerance and target.high is None:
        low, high = -high, high
        if target.unit == PERCENT and value > HUNDRED / 2 and high < HUNDRED / 2:
            value -= HUNDRED
        return low <= value <= high, Decimal(0)
    if value < low:
        return context.side is Direction.AT_MOST and not target.tolerance, low
    if value > high:
        return context.side is Direction.AT_LEAST and target.operator == "-", high
    return True, value


def _count_against_percent(target: Quantity, actual: Quantity, context: Context) -> bool:
    """Tell a bare count of things that is answered by a percentage (`5` by `100%`)."""
    return target.bare and actual.unit == PERCENT and not context.rate and target.number not in (1, HUNDRED)


def _aligned(target: Quantity, actual: Quantity, context: Context) -> tuple[Quantity, Decimal, Decimal]:
    """Bring both to one unit: a bare number inherits the other's, as printed (`≤90万元` and `90`)."""
    low, high = actual.number, actual.high if actual.high is not None else actual.number
    if actual.bare and not target.bare:
        if target.unit.dimension == "ratio":
            factor = HUNDRED if _as_ratio(target, actual, context) else Decimal(1)
        else:
            factor = target.scale
        return target, low * factor, high * factor
    if target.bare and not actual.bare:
        if actual.unit == PERCENT and target.number == 1:
            target = replace(target, number=HUNDRED)
        elif not actual.unit.bare and target.number < 1000 * actual.number:
            target = replace(target, scale=actual.scale)
        target = replace(target, unit=actual.unit)
    factor = actual.scale
    if not target.unit.bare and not actual.unit.bare:
        factor = factor * actual.unit.factor / target.unit.factor
    return target, low * factor, high * factor


def _as_ratio(target: Quantity, actual: Quantity, context: Context) -> bool:
    """Tell whether a bare actual is a ratio of 1: `1` or `0.95` against a high percentage."""
    if actual.number < 0 or actual.number > 1:
        return False
    if direction_of(target, context) is Direction.AT_MOST:
        return target.value >= HUNDRED / 2
    return target.value >= 10


def _suspect(wanted: Decimal, actual: Decimal, context: Context) -> bool:
    """Tell whether a `2` was scanned for `≥`, on either side."""
    if lost_sign(wanted, actual):
        return True
    return context.capped and (lost_sign(wanted, Decimal(0)) or lost_sign(actual, Decimal(0)))


def compare_dates(target: Span, actual: Span, year: int | None) -> Outcome:
    """Compare a date with a deadline; a year that neither the cell nor the form prints is the other's."""
    fallback = year or next((y for y in (target.last[0], actual.last[0]) if y >= 1000), 0)
    target, actual = target.in_year(fallback), actual.in_year(fallback)
    if actual.last <= target.last:
        return Outcome(Verdict.MET, Basis.MEASURED)
    if actual.first > target.last or actual.ranged:
        return Outcome(Verdict.MISSED, Basis.MEASURED, late=True)
    return UNVERIFIABLE


def as_month(quantity: Quantity, deadline: Span) -> Span | None:
    """Take a bare actual (`12`) for the month, or the year, that the deadline speaks of."""
    number = quantity.number
    if not quantity.bare or number != number.to_integral_value():
        return None
    year = deadline.last[0]
    if 1 <= number <= 12:
        return Span((year, int(number), 1), (year, int(number), 28))
    if 1990 <= number <= 2100:
        return Span((int(number), 1, 1), (int(number), 12, 31), vague=True)
    return None


def days(span: Span) -> int:
    """Count the days of a span."""
    (y1, m1, d1), (y2, m2, d2) = span.first, span.last
    return (date(y2 or 2024, m2, min(d2, 28)) - date(y1 or 2024, m1, min(d1, 28))).days + 1
