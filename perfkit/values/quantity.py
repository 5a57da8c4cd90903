"""A quantity: a number with its operator, multiplier and unit, or a range of two.

`≥50个`, `1.2万亩`, `95%-100%` and `50±5公里` are each one quantity.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from perfkit.values.terms import Direction
from perfkit.values.units import BARE, PERCENT, Unit

if TYPE_CHECKING:
    from collections.abc import Iterator

ZERO, ONE, TEN = Decimal(0), Decimal(1), Decimal(10)
RANGE_SIGNS = ("-", "~", "至", "到")
_AND = ("", "且", ",", "、", "并", "并且", "同时")
_MOVES_FROM = re.compile(r"[由从](?!事)")
_MOVES_TO = re.compile(r"[到至为]$")


class Quantity(NamedTuple):
    """Hold a number as read: `number` as printed, `scale` its multiplier (万 is 10000), `unit`.

    `high` is the upper end of a range in the same scale. `label` is the text before it in its segment;
    `unit_named` tells that the unit stands in the row's name rather than in the cell.
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
        return Quantity(
            self.number,
            scale,
            unit,
            self.direction,
            self.operator,
            self.high,
            self.tolerance,
            self.approximate,
            self.start,
            self.end,
            self.label,
            unit_named=True,
        )


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
