"""Number with number: both in one unit, by the target's direction, as far as the actual's words allow.

Figures are compared as printed. An operator or a change beside the actual's figure may settle the verdict
otherwise, or leave it to a person: `不足95%` is below it, `提高3个百分点` says not where it ends.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING

from perfkit.values.cell import lost_sign
from perfkit.values.context import either_side, good_side, tells_a_side
from perfkit.values.quantity import BARE, ONE, PERCENT, Quantity, comparable
from perfkit.values.rules import (
    AT_LEAST,
    AT_MOST,
    EQUAL,
    JUDGEMENT,
    MEASURED,
    MET,
    MISSED,
    NO_FLAGS,
    SCAN_SUSPECT,
    UNIT_MISMATCH,
    WITHIN,
    Direction,
    Outcome,
)
from perfkit.values.vocabulary import search, table

if TYPE_CHECKING:
    from perfkit.values.context import Context

_ZERO = Decimal(0)
_HUNDRED = Decimal(100)
_HALF = Decimal(50)
_HIGH_PERCENTAGE = Decimal(10)
_WAN = Decimal(10_000)
_MOST_TIMES_A_BARE_TARGET = 1000
_MONTHS, _WEEKS = 12, 52
_DROPS = re.compile(r"[降减缩]|节约|节省")


_Ends = tuple[Decimal, Decimal]


_FALLS = re.compile(r"[降减缩]|回落|下滑")
_RISES = re.compile(r"[增升涨]|提高")
AHEAD = re.compile(r"(?:提前|提早)(?:约|至少)?$")
_NEARLY = re.compile(r"(?:接近|将近|近)$")
_CHANGED = re.compile(r"[增减降升涨新节缩]|提高")
_MOVED = re.compile(r"(?:增|升|提高|提升|降|减)(?:加|长|少|低)?[到至为]$")
_COMPARED = re.compile(r"同比|环比|[较比](?:上|去|往)?年|[较比]同期")
_NEWLY = search("newly")
_LEVEL_NAME = re.compile(r"(?<![增加升降减速])(?:率|水平|比例|比重|占比)$")
_FAR = 5
_TIMES = "次"
_POINTS = re.compile(r"(?:得|评|均|综合|测评)分(?:数|值)?[为是达到:]*$")
_ENDS_AT = ("到", "至")
_ROUNDED_BY = Decimal("0.05")
_ABOUT_BY = Decimal("0.04")
_SIGNS = frozenset("<>")
_FELL_BY = re.compile(r"[降减缩](?:少|低|幅)?(?:了|约|近|达)*(?:每个?[年季月周天日]度?)?$")
_MOST_CHANGE, _LEAST_LEVEL = 30, 50


def direction_of(target: Quantity, context: Context) -> Direction:
    """Give the direction of a target: its operator, else the row's good side; a bare 0 is a limit."""
    if target.direction is not None:
        return target.direction
    if not target.number and target.high is None:
        return AT_MOST
    if target.unit.dimension == "time" and AHEAD.search(target.label):
        return AT_LEAST
    if target.unit.dimension == "time" and context.timeliness and not context.lasting:
        return AT_MOST
    return _side(target, context)


def _side(target: Quantity, context: Context) -> Direction:
    """Give the good side by the row's name and by what the cell itself prints before the number."""
    if target.label.endswith("前"):  # the first so many in a ranking
        return AT_MOST
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
        apart = _apart(target, actual, context)
        if apart is not None:
            return apart
    wanted, top, low, high = _aligned(target, actual, direction)
    if target.unit == PERCENT and _suspect(target, actual, wanted, high, context):
        return SCAN_SUSPECT
    if low < _ZERO < wanted and _DROPS.search(f"{target.operator}{target.label}{context.name}"):
        low, high = -high, -low
    value = high if direction is AT_MOST else _signed(low, direction, target, actual, context.name)
    met: bool | None
    if direction is WITHIN:
        met, bound = _within(target, (wanted, top), (low, high), context)
        changed = not target.tolerance and _level_for_change(target, actual, context.name, limit=True)
        met = None if changed else met
    else:
        limit = _limits(direction, wanted, target, context)
        reached, bound = value <= wanted if limit else value >= wanted, wanted
        worded = actual.label or actual.operator or len(target.operator) > 1
        met = _bounded(reached, target, actual, (value, bound, limit), context.name) if worded else reached
    if (
        met is None
        or (value != bound and _either_side(target, context))
        or _undecided(target, actual, value, bound, direction)
    ):
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
        at=actual.start,
    )


def _undecided(
    target: Quantity, actual: Quantity, value: Decimal, bound: Decimal, direction: Direction
) -> bool:
    """Tell a figure so near the bound that it may lie on either side of it.

    It is rounded (`98%左右`), it falls short of a bound that is (`97.9%` for `98%左右`), or it stands on a
    bound that words leave out (`200人` for `超过200人`).
    """
    if target.high is not None or target.tolerance:
        return False
    short = value > bound if direction is AT_MOST else value < bound
    if target.approximate:
        return short and abs(value - bound) < abs(bound) * _rounding(target, _ABOUT_BY)
    if value == bound and _leaves_out_its_bound(target) and not _leaves_out_its_bound(actual):
        return True
    return actual.around and abs(value - bound) < abs(value) * _rounding(actual, _ROUNDED_BY)


def _leaves_out_its_bound(figure: Quantity) -> bool:
    """Tell words of more or less than a number (`超过`, `不足`); a sign lets it in, as budget systems do."""
    strict = _bounds()["under"] | _bounds()["over"]
    return figure.operator in strict and figure.operator not in _SIGNS


def _rounding(figure: Quantity, most: Decimal) -> Decimal:
    """Give how far off a rounded figure may be, as a share: half a unit of its last place, `most` at most."""
    number = abs(figure.number.normalize())
    exponent = number.as_tuple().exponent
    half = Decimal(5).scaleb(int(exponent) - 1)
    return min(half / number, most) if number else _ZERO


def _either_side(target: Quantity, context: Context) -> bool:
    """Tell a target without an operator under a name that does not tell which side of it is good.

    What is counted, and most of a hundred, is good when there is more; a low share or an index need not be.
    """
    if target.direction is not None or target.high is not None:
        return False
    if either_side(context.name):
        return True
    named = f"{context.name}{target.label}"
    if tells_a_side(named, context.level2) or _RISES.search(named) or _FALLS.search(named):
        return False
    low = target.unit.dimension == "ratio" and target.value * target.unit.factor < _HALF
    return low or (target.bare and target.number % 1 != 0)


def _against_another_unit(target: Quantity, actual: Quantity, context: Context) -> Outcome:
    """Compare quantities whose units differ as bare numbers where only the name gave the target its unit."""
    if not target.unit_named:
        return UNIT_MISMATCH
    plain = target._replace(unit=BARE, scale=ONE, unit_named=False)
    outcome = compare_quantities(plain, actual, context, direction_of(plain, context))
    return outcome._replace(flags=outcome.flags | UNIT_MISMATCH.flags, direction=None)


def _limits(direction: Direction, wanted: Decimal, target: Quantity, context: Context) -> bool:
    """Tell a limit; over an `=` target counts as reached (integrated budget system), save for limits."""
    if direction is EQUAL:
        return wanted == 0 or _side(target, context) is AT_MOST
    return direction is AT_MOST


def _within(target: Quantity, asked: _Ends, given: _Ends, context: Context) -> tuple[bool | None, Decimal]:
    """Compare with a range; give also the bound that the actual is measured by, 0 for none.

    Over a range of things to be done is fine, and so is under a range of cost; of what is good on neither
    side (pH, 温度) both ends hold, and of a bare number of which nothing tells, a person judges. `±10%` is a
    range around zero, or around 100% where the actual is a share of the plan.
    """
    (wanted, top), (low, high) = asked, given
    if target.tolerance and target.high is None:
        share = target.unit == PERCENT and low > _HALF > top
        around = _HUNDRED if share else _ZERO
        return around - top <= low and high <= around + top, _ZERO
    if low < wanted:
        return context.side is AT_MOST and target.operator == "-", wanted
    if high > top:
        open_above = context.side is AT_LEAST and target.operator == "-"
        if open_above and (either_side(context.name) or target.unit.dimension == "temperature"):
            return False, top
        unknown = target.bare and top % 1 != 0 and not tells_a_side(context.name, context.level2)
        return (None if open_above and unknown else open_above), top
    return True, low


def _count_against_percent(target: Quantity, actual: Quantity, context: Context) -> bool:
    """Tell a bare count of things that is answered by a percentage (`5` by `100%`)."""
    if actual.unit != PERCENT or not target.bare or context.rate:
        return False
    return target.number not in (1, _HUNDRED)


def _apart(target: Quantity, actual: Quantity, context: Context) -> Outcome | None:
    """Tell quantities that are not to be compared though their units may be."""
    if _count_against_percent(target, actual, context) or _in_another_unit(target, actual):
        return UNIT_MISMATCH
    if _times_of_things(target, actual):
        return UNIT_MISMATCH
    return JUDGEMENT if target.unit == PERCENT and actual.bare and _POINTS.search(actual.label) else None


def _times_of_things(target: Quantity, actual: Quantity) -> bool:
    """Tell how often things were used (`2.1万台次`) from how many of them there are (`46辆`)."""
    often = actual.unit.name.endswith(_TIMES) and not target.unit.name.endswith(_TIMES)
    return often and target.unit.counts and not target.bare and actual.value > _FAR * target.value


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
    many = 2 if asked <= _MONTHS else asked // 2
    if 0 < asked <= _WEEKS and not actual.bare and actual.number >= many * target.number:
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


@cache
def _bounds() -> dict[str, frozenset[str]]:
    words = table("operators")
    return {name: frozenset(spellings) for name, spellings in words["bounds"].items()}


@cache
def _changes() -> frozenset[str]:
    return frozenset(table("operators")["changes"])


def _bounded(
    reached: bool,  # noqa: FBT001 what the figures alone say
    target: Quantity,
    actual: Quantity,
    compared: tuple[Decimal, Decimal, bool],
    name: str,
) -> bool | None:
    """Say whether the target is reached once the actual's words are heard; None where they leave it open.

    `compared` is the actual's value, the target's in the same unit, and whether the target is a limit.
    """
    value, wanted, limit = compared
    if _level_for_change(target, actual, name, limit=limit):
        return None
    missed = _missed_by_bound(actual, value, wanted, limit=limit)
    if missed is None:
        return None
    return reached and not missed and (limit or not _wrong_way(target, actual, name))


def _missed_by_bound(actual: Quantity, value: Decimal, wanted: Decimal, *, limit: bool) -> bool | None:
    """Tell whether the actual's operator makes a miss of it; None where it leaves the verdict open.

    `不足95%` misses `≥95%`, `超过5起` misses `≤5起`; of `≥95%` neither `不超过98%` nor `90%以上` says
    anything sure.
    """
    if not limit and value == wanted and _NEARLY.search(actual.label):
        return None
    strict, loose, other = ("over", "down_to", "under") if limit else ("under", "up_to", "over")
    others = _bounds()[other] | _bounds()["up_to" if limit else "down_to"]
    beyond = value > wanted if limit else value < wanted
    if actual.operator in others:
        return None if beyond else False
    if actual.operator not in _bounds()[strict] | _bounds()[loose]:
        return False
    if beyond or (value == wanted and actual.operator in _bounds()[strict]):
        return True
    return None


def _far_above(actual: Quantity, target: Quantity) -> bool:
    """Tell an amount so far over a change asked for that it is a level (`增收1000元`, `收入1.2万元`)."""
    return actual.value >= _FAR * target.value


def _signed(value: Decimal, direction: Direction, target: Quantity, actual: Quantity, name: str) -> Decimal:
    """Give a change its sign: a fall of 3% is no part of a rise of 5%."""
    back = direction is AT_LEAST and value > _ZERO and _wrong_way(target, actual, name)
    return -value if back else value


def _wrong_way(target: Quantity, actual: Quantity, name: str) -> bool:
    """Tell an actual that rose where a fall was asked for (`下降10%`, `上升15%`), or the reverse."""
    asked, given = f"{target.operator}{target.label}{name}", f"{actual.operator}{actual.label}"
    falls, rises = _FALLS.search(given) is not None, _RISES.search(given) is not None
    if falls == rises or (_FALLS.search(asked) is None) == (_RISES.search(asked) is None):
        return False
    return falls == (_FALLS.search(asked) is None)


def _fell_unasked(target: Quantity, actual: Quantity, name: str) -> bool:
    """Tell a fall (`减少20场`) where the row speaks of none."""
    label = actual.label
    if (
        not (_FELL_BY.search(label) or _FELL_BY.search(label.removesuffix(actual.operator)))
        or target.number <= _ZERO
    ):
        return False
    beside = _COMPARED.search(actual.label) is not None and actual.start > len(actual.label)
    asked = f"{target.operator}{target.label}{target.tail}{name}"
    return not beside and not any(moved.search(asked) for moved in (_FALLS, _RISES, _DROPS))


def _level_for_change(target: Quantity, actual: Quantity, name: str, *, limit: bool) -> bool:
    """Tell a level that answers a change, or a change that answers a level: neither measures the other."""
    changed = target.operator in _changes() or target.label.endswith("增收")
    moved = (
        actual.operator.endswith(_ENDS_AT) if changed else _MOVED.search(actual.label) and _NEWLY.search(name)
    )
    if moved or (not changed and _fell_unasked(target, actual, name)):
        return True
    if actual.unit.dimension != "ratio":
        return (
            changed
            and bool(actual.label)
            and not _CHANGED.search(actual.label)
            and _far_above(actual, target)
        )
    if changed and _LEVEL_NAME.search(name) and not actual.label and _far_above(actual, target):
        return True
    if changed:
        level = actual.value >= _LEAST_LEVEL and target.value <= _MOST_CHANGE
        both = _FALLS.search(actual.label) and _RISES.search(actual.label)
        return (
            bool(both) or actual.operator.endswith(_ENDS_AT) or (level and actual.operator not in _changes())
        )
    if actual.operator not in _changes() or _FALLS.search(name) or _RISES.search(name):
        return False
    compared = _COMPARED.search(actual.label) is not None and _CHANGED.search(target.label) is None
    return limit or compared or (target.value >= _LEAST_LEVEL and 2 * actual.value < target.value)
