"""A quantity: a number with its operator, multiplier and unit (度量单位), or a range of two.

A unit is a dimension with a factor (公里 is 1000 米), a counter (个, 场次; counters of one kind compare),
or a word that no table knows, which is taken for a counter. 万 and 亿 belong to the number, not to the unit.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from perfkit.values.rules import Direction
from perfkit.values.vocabulary import search, table

if TYPE_CHECKING:
    from collections.abc import Iterator


COUNTER = "count"
UNKNOWN = "unknown"


class Unit(NamedTuple):
    """Hold a unit: its canonical `name`, its `dimension`, its `factor` to the dimension's base unit.

    `per` holds the units under the line of a per-unit unit (元/人·月 has 人 and 月).
    """

    name: str = ""
    dimension: str = ""
    factor: Decimal = Decimal(1)
    per: frozenset[str] = frozenset()

    @property
    def bare(self) -> bool:
        """Tell that no unit is printed."""
        return not self.name

    @property
    def times(self) -> int:
        """Tell how often a year the period under the line falls due, 0 where none stands there."""
        return next((PERIODS[name] for name in self.per if name in PERIODS), 0) if self.per else 0

    @property
    def counts(self) -> bool:
        """Tell that the unit counts things rather than measuring them."""
        return self.dimension in (COUNTER, UNKNOWN, "")

    def divided(self, per: frozenset[str]) -> Unit:
        """Give this unit over others: 元 over 亩 is 元/亩."""
        if not per:
            return self
        return Unit(self.name, self.dimension, self.factor, self.per | per)

    def __str__(self) -> str:
        return "/".join((self.name, "·".join(sorted(self.per)))) if self.per else self.name


# Periods under the line, and how often each falls in a year.
PERIODS = {"年": 1, "半年": 2, "学期": 2, "季度": 4, "个月": 12, "周": 52, "天": 365}
# What a unit cost is often said for beside a person: 元/人·天 is another price than 元/人.
SHORT = frozenset({"天", "次", "场", "期", "课时", "小时"})
LONG = PERIODS.keys() - SHORT
BARE = Unit()
PERCENT = Unit("%", "ratio")


@cache
def units() -> dict[str, Unit]:
    """Give every known unit by its spelling."""
    known = {name: Unit(name, COUNTER) for name in table("units")["counters"].split()}
    for dimension, spellings in table("units")["dimensions"].items():
        factors = {str(name): Decimal(str(factor)) for name, factor in spellings.items()}
        canonical: dict[Decimal, str] = {}
        for name, factor in factors.items():
            canonical.setdefault(factor, name)
        for name, factor in factors.items():
            known[name] = Unit(canonical[factor], dimension, factor)
    return known


@cache
def _by_first() -> dict[str, tuple[tuple[str, Unit], ...]]:
    """Index the known spellings by their first character, longest first."""
    index: dict[str, tuple[tuple[str, Unit], ...]] = {}
    for name in sorted(units(), key=len, reverse=True):
        index[name[0]] = (*index.get(name[0], ()), (name, units()[name]))
    return index


def leading_unit(text: str, start: int = 0) -> tuple[Unit, int]:
    """Give the known unit that a text holds at `start`, and its length; BARE and 0 where none stands."""
    if start < len(text):
        for name, unit in _by_first().get(text[start], ()):
            if text.startswith(name, start):
                return unit, len(name)
    return BARE, 0


@cache
def _kinds() -> dict[str, frozenset[str]]:
    """Give the kinds of thing that each counter counts."""
    kinds: dict[str, frozenset[str]] = {}
    for kind, names in table("units")["kin"].items():
        for name in names.split():
            kinds[name] = kinds.get(name, frozenset()) | {kind}
    return kinds


@cache
def _generic() -> frozenset[str]:
    return frozenset(table("units")["generic"].split())


@cache
def kin(unit: Unit) -> frozenset[str]:
    """Give the kinds of thing a counter counts (people, events, papers …), or its own name alone."""
    bare = unit.name.removeprefix("个")
    for name in (unit.name, bare, bare.removesuffix("次")):
        if name in _kinds():
            return _kinds()[name]
    return frozenset({unit.name})


def counts_other_things(noun: str, other: Unit) -> bool:
    """Tell a counter of other things than a noun names: `18个小区` is not answered by `3260户`."""
    kinds = next((_kinds()[noun[at:]] for at in range(len(noun)) if noun[at:] in _kinds()), None)
    if (
        kinds is None
        or not other.name
        or not other.counts
        or other.name in _generic()
        or noun.endswith(other.name)
    ):
        return False
    return kinds.isdisjoint(kin(other))


def of_one_kind(one: Unit, other: Unit) -> bool:
    """Tell whether `other` may count the things that `one` counts: `台` and `套`, but not `人` and `期`.

    `520次` answers `500人次`, its person left out; `520人次` tells nothing of `5次`.
    """
    if (
        one.name == other.name
        or (one.name == "人次" and other.name == "次")
        or not _generic().isdisjoint({one.name, other.name})
    ):
        return True
    if UNKNOWN in {one.dimension, other.dimension}:
        return False
    mine, theirs = kin(one), kin(other)
    return not mine.isdisjoint(theirs) or mine == {one.name} or theirs == {other.name}


def comparable(one: Unit, other: Unit) -> bool:
    """Tell whether numbers in the two units may be compared.

    Two measures must share their dimension, two counters a kind of thing; a missing unit compares freely.
    Per-unit units must not contradict each other: 元/人 with 元/人·月 passes, 元/人 with 元/户 does not, and
    neither does 元/人 with 元/人·天, since a day is not a year's working.
    """
    if one is other:
        return True
    if one.per and other.per:
        periods = PERIODS.keys() if one.times and other.times else LONG
        mine, theirs = one.per - periods, other.per - periods
        either = not _generic().isdisjoint(mine ^ theirs)
        if not (mine <= theirs or theirs <= mine or either) or not SHORT.isdisjoint(mine ^ theirs):
            return False
    if one.bare or other.bare:
        return True
    if one.counts and other.counts:
        return of_one_kind(one, other)
    return one.dimension == other.dimension


ZERO, ONE, TEN = Decimal(0), Decimal(1), Decimal(10)
RANGE_SIGNS = ("-", "~", "至", "到")
_AND = ("", "且", ",", "、", "并", "并且", "同时")
PROGRESS = search("progress")
_MOVES_FROM = re.compile(r"[由从](?!事)")
_MOVES_TO = re.compile(r"[到至为]$")


class Quantity(NamedTuple):
    """Hold a number as read: `number` as printed, `scale` its multiplier (万 is 10000), `unit`.

    `high` is the upper end of a range in the same scale. `label` is the text before it in its segment,
    `tail` the text behind; `unit_named` tells that the unit stands in the row's name rather than in the cell,
    `around` that the figure is rounded and may lie on either side of the number (`98%左右`).
    """

    number: Decimal
    scale: Decimal = ONE
    unit: Unit = BARE
    direction: Direction | None = None
    operator: str = ""
    high: Decimal | None = None
    tolerance: bool = False
    approximate: bool = False
    start: int = 0
    end: int = 0
    label: str = ""
    unit_named: bool = False
    tail: str = ""
    around: bool = False

    @property
    def value(self) -> Decimal:
        """Give the number in its unit, multiplier worked in."""
        return self.number if self.scale is ONE else self.number * self.scale

    @property
    def bare(self) -> bool:
        """Tell that neither unit nor multiplier is printed."""
        return not self.unit.name and (self.scale is ONE or self.scale == 1)

    def in_unit(self, unit: Unit, scale: Decimal) -> Quantity:
        """Give this quantity in the unit and multiplier that stand in its row's name."""
        return self._replace(scale=scale, unit=unit, unit_named=True)

    @property
    def clause(self) -> str:
        """Give the words around the number, in its segment."""
        return f"{self.label}{self.tail}"


def join_ranges(found: list[Quantity], text: str) -> Iterator[Quantity]:
    """Join the ends of a range (`5~8个`), a value with its tolerance (`50±5`), a move (`由85%提高到95%`)."""
    pending: Quantity | None = None
    for quantity in found:
        joined = _join(pending, quantity, text) if pending is not None else None
        if pending is not None and joined is None:
            yield pending
        pending = joined or quantity
    if pending is not None:
        yield pending


def _join(low: Quantity, high: Quantity, text: str) -> Quantity | None:
    between = text[low.end : high.start]
    if low.high is not None:
        return None
    if _MOVES_FROM.search(low.label) and _MOVES_TO.search(high.label):
        return high._replace(start=low.start)
    if between == "+" and not (low.direction or high.direction or low.unit.per or high.unit.per):
        return _sum(low, high)
    if high.tolerance and not between and not low.direction:
        return _around(low, high)
    if _bounded(low, high, between):
        return _range(low, high, f"{low.operator}{high.operator}")
    return _range_by_sign(low, high) if between in RANGE_SIGNS else None


def _sum(one: Quantity, other: Quantity) -> Quantity | None:
    """Add up two numbers with a plus between them (`11+1个`); a unit printed once is both's."""
    if one.bare:
        one = one._replace(scale=other.scale, unit=other.unit)
    if one.unit != other.unit:
        return None
    return one._replace(number=one.value + other.value, scale=ONE, end=other.end)


def _range_by_sign(low: Quantity, high: Quantity) -> Quantity | None:
    """Give the range that a sign makes of two numbers; a unit printed once is both's."""
    if low.direction and high.direction:
        return None
    if low.bare:
        low = low._replace(scale=high.scale, unit=high.unit)
    if low.unit != high.unit and not high.unit.bare:
        return None
    return _range(low, high, "-")


def _range(low: Quantity, high: Quantity, operator: str) -> Quantity:
    return low._replace(
        high=high.value / low.scale,
        end=high.end,
        direction=Direction.WITHIN,
        operator=operator,
        approximate=low.approximate or high.approximate,
    )


def _bounded(low: Quantity, high: Quantity, between: str) -> bool:
    """Tell a floor and a ceiling on one thing: `≥20%且≤30%`."""
    directed = low.direction is Direction.AT_LEAST and high.direction is Direction.AT_MOST
    return directed and between in _AND and low.unit == high.unit and low.value < high.value


def _around(middle: Quantity, margin: Quantity) -> Quantity:
    """Give the range of a value with its tolerance, in points or in percent of the value."""
    relative = margin.unit == PERCENT and middle.unit != PERCENT
    width = middle.value * margin.number / 100 if relative else margin.value
    return middle._replace(
        number=middle.value - width,
        high=middle.value + width,
        scale=ONE,
        end=margin.end,
        direction=Direction.WITHIN,
        operator="±",
        unit=margin.unit if middle.unit.bare and not relative else middle.unit,
    )
