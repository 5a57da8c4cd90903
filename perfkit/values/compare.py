"""Whether an actual reaches its target: number with number, date with date.

Nothing is repaired and nothing is guessed into a zero: what cannot be compared is unverifiable, what
only a person can weigh is a judgement.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from perfkit.values.bounds import bounded
from perfkit.values.orientation import good_side
from perfkit.values.quantity import ONE, Quantity
from perfkit.values.suspects import lost_sign
from perfkit.values.terms import (
    AT_LEAST,
    AT_MOST,
    EQUAL,
    MEASURED,
    MET,
    MISSED,
    WITHIN,
    Basis,
    Direction,
    Flag,
    Verdict,
)
from perfkit.values.units import BARE, PERCENT, comparable

if TYPE_CHECKING:
    from perfkit.values.context import Context
    from perfkit.values.dates import Span

NO_FLAGS: frozenset[Flag] = frozenset()
_ZERO = Decimal(0)
_HUNDRED = Decimal(100)
_HALF = Decimal(50)
_HIGH_PERCENTAGE = Decimal(10)
_WAN = Decimal(10_000)
_MOST_TIMES_A_BARE_TARGET = 1000
_DROPS = re.compile(r"[降减缩]|节约|节省")


_Ends = tuple[Decimal, Decimal]


class Outcome(NamedTuple):
    """Hold what came of comparing one target with one actual; the values are both in `unit`.

    `direction` is the one they were compared by, None where no figures were compared.
    """

    verdict: Verdict
    basis: Basis = Basis.NONE
    completion: Decimal | None = None
    late: bool = False
    flags: frozenset[Flag] = NO_FLAGS
    target: Decimal | None = None
    actual: Decimal | None = None
    unit: str = ""
    direction: Direction | None = None


UNVERIFIABLE = Outcome(Verdict.UNVERIFIABLE)
JUDGEMENT = Outcome(Verdict.JUDGEMENT)
KIND_MISMATCH = Outcome(Verdict.UNVERIFIABLE, flags=frozenset({Flag.KIND_MISMATCH}))
UNIT_MISMATCH = Outcome(Verdict.UNVERIFIABLE, flags=frozenset({Flag.UNIT_MISMATCH}))
SCAN_SUSPECT = Outcome(Verdict.UNVERIFIABLE, flags=frozenset({Flag.SCAN_SUSPECT}))
_MET_DATE = Outcome(Verdict.MET, MEASURED)
_LATE_DATE = Outcome(Verdict.MISSED, MEASURED, late=True)


def direction_of(target: Quantity, context: Context) -> Direction:
    """Give the direction of a target: its operator, else the row's good side; a bare 0 is a limit."""
    if target.direction is not None:
        return target.direction
    if not target.number and target.high is None:
        return AT_MOST
    if target.unit.dimension == "time" and context.timeliness and not context.lasting:
        return AT_MOST
    return _side(target, context)


def _side(target: Quantity, context: Context) -> Direction:
    """Give the good side by the row's name and by what the cell itself prints before the number."""
    return good_side(context.name + target.label, context.level2) if target.label else context.side


def compare_quantities(target: Quantity, actual: Quantity, context: Context, direction: Direction) -> Outcome:
    """Compare two quantities in the target's unit, by the target's direction."""
    if not actual.number and direction is AT_MOST and actual.unit.counts and actual.high is None:
        actual = actual._replace(unit=target.unit)  # none of anything is none
    if target.unit is not actual.unit:
        if target.unit_named and target.unit == PERCENT and actual.unit.dimension == "ratio":
            target = target._replace(unit=actual.unit)  # `千人口献血率≥12` speaks of ‰
        if not comparable(target.unit, actual.unit):
            return _against_another_unit(target, actual, context)
        if _count_against_percent(target, actual, context) or _in_another_unit(target, actual):
            return UNIT_MISMATCH
    wanted, top, low, high = _aligned(target, actual, direction)
    if target.unit == PERCENT and _suspect(target, actual, wanted, high, context):
        return SCAN_SUSPECT
    if low < _ZERO < wanted and _DROPS.search(f"{target.operator}{target.label}{context.name}"):
        low, high = -high, -low
    value = high if direction is AT_MOST else low
    met: bool | None
    if direction is WITHIN:
        met, bound = _within(target, (wanted, top), (low, high), context)
    else:
        limit = _limits(direction, wanted, target, context)
        reached, bound = value <= wanted if limit else value >= wanted, wanted
        worded = actual.label or actual.operator or len(target.operator) > 1
        met = bounded(reached, target, actual, (value, bound, limit), context.name) if worded else reached
    if met is None:
        return JUDGEMENT
    return Outcome(
        MET if met else MISSED,
        MEASURED,
        value / bound if bound else None,
        False,  # noqa: FBT003 a figure is never late
        NO_FLAGS,
        wanted,
        value,
        str(target.unit if target.unit.name else actual.unit),
        direction,
    )


def _against_another_unit(target: Quantity, actual: Quantity, context: Context) -> Outcome:
    """Compare quantities whose units differ as bare numbers where only the name gave the target its unit."""
    if not target.unit_named:
        return UNIT_MISMATCH
    plain = target._replace(unit=BARE, scale=ONE, unit_named=False)
    outcome = compare_quantities(plain, actual, context, direction_of(plain, context))
    return outcome._replace(flags=outcome.flags | UNIT_MISMATCH.flags, direction=None)


def _limits(direction: Direction, wanted: Decimal, target: Quantity, context: Context) -> bool:
    """Tell a limit; over an `=` target counts as reached (RULES.md R2), save where low is good."""
    if direction is EQUAL:
        return wanted == 0 or _side(target, context) is AT_MOST
    return direction is AT_MOST


def _within(target: Quantity, asked: _Ends, given: _Ends, context: Context) -> tuple[bool, Decimal]:
    """Compare with a range; give also the bound that the actual is measured by, 0 for none.

    Over a range of things to be done is fine, and so is under a range of cost. `±10%` is a range around
    zero, or around 100% where the actual is a share of the plan.
    """
    (wanted, top), (low, high) = asked, given
    if target.tolerance and target.high is None:
        share = target.unit == PERCENT and low > _HALF > top
        around = _HUNDRED if share else _ZERO
        return around - top <= low and high <= around + top, _ZERO
    if low < wanted:
        return context.side is AT_MOST and target.operator == "-", wanted
    if high > top:
        return context.side is AT_LEAST and target.operator == "-", top
    return True, low


def _count_against_percent(target: Quantity, actual: Quantity, context: Context) -> bool:
    """Tell a bare count of things that is answered by a percentage (`5` by `100%`)."""
    if actual.unit != PERCENT or not target.bare or context.rate:
        return False
    return target.number not in (1, _HUNDRED)


def _in_another_unit(target: Quantity, actual: Quantity) -> bool:
    """Tell a bare amount in 元 against a limit in 万元: 10⁴ apart, never to be called exceeded."""
    if target.scale != _WAN or not actual.bare or target.unit.dimension != "money" or not target.number:
        return False
    return target.direction is not AT_LEAST and _WAN / 5 < actual.number / target.number < _WAN * 5


def _aligned(
    target: Quantity, actual: Quantity, direction: Direction
) -> tuple[Decimal, Decimal, Decimal, Decimal]:
    """Give the ends of both in one unit: a bare number inherits the other's, as printed (`≤90万元`, `90`)."""
    number, scale, factor, over = target.number, target.scale, actual.scale, ONE
    bare, asked_bare = actual.bare, target.bare
    if bare and not asked_bare:
        factor = scale
        if target.unit.dimension == "ratio" and scale == 1 and _as_ratio(target, actual, direction):
            factor = _HUNDRED
    elif asked_bare and not bare:
        if actual.unit == PERCENT and number == 1:
            number = _HUNDRED
        elif actual.unit.name and number < _MOST_TIMES_A_BARE_TARGET * actual.number:
            scale = actual.scale
    elif target.unit.factor != actual.unit.factor and target.unit.name and actual.unit.name:
        factor, over = factor * actual.unit.factor, target.unit.factor
    if target.unit.per or actual.unit.per:
        times, periods = _by_period(target, actual)
        factor, over = factor * times, over * periods
    wanted, low = number * scale, actual.number * factor
    top = wanted if target.high is None else target.high * scale
    high = low if actual.high is None else actual.high * factor
    return (wanted, top, low, high) if over is ONE else (wanted, top, low / over, high / over)


def _by_period(target: Quantity, actual: Quantity) -> tuple[int, int]:
    """Give what an actual is multiplied and divided by to stand in its target's period.

    `每月1次` is answered by `12次` a year; the same number without a period (`1次`) repeats the target's.
    """
    asked, given = target.unit.times, actual.unit.times
    if asked and given:
        return given, asked
    if asked and not actual.bare and actual.number >= 2 * target.number:
        return 1, asked
    if given and not target.bare and target.number >= 2 * actual.number:
        return given, 1
    return 1, 1


def _as_ratio(target: Quantity, actual: Quantity, direction: Direction) -> bool:
    """Tell whether a bare actual is a ratio of 1: `1` or `0.95` against a high percentage."""
    floor = _HALF if direction is AT_MOST else _HIGH_PERCENTAGE
    return 0 < actual.number <= 1 and target.value >= floor


def _suspect(target: Quantity, actual: Quantity, wanted: Decimal, high: Decimal, context: Context) -> bool:
    """Tell whether a `2` was scanned for `≥` in a percentage; where an operator stands, none was lost."""
    lost = not target.operator and lost_sign(wanted)
    if lost and high <= _HUNDRED:
        return True
    return bool(lost or (not actual.operator and lost_sign(high))) and context.capped


def compare_dates(target: Span, actual: Span, year: int | None) -> Outcome:
    """Compare a date with a deadline; a year that neither the cell nor the form prints is the other's."""
    fallback = year or target.year or actual.year
    target, actual = target.in_year(fallback), actual.in_year(fallback)
    if actual.last <= target.last:
        return _MET_DATE
    if actual.first > target.last or actual.ranged:
        return _LATE_DATE
    return UNVERIFIABLE
