"""A quantity: a number with its operator, multiplier and unit, or a range of two.

`≥50个`, `1.2万亩`, `95%-100%` and `50±5公里` are each one quantity.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from perfkit.values.terms import Direction
from perfkit.values.units import BARE, PERCENT, Unit

if TYPE_CHECKING:
    from collections.abc import Iterator

ONE = Decimal(1)
RANGE_SIGNS = ("-", "~", "至", "到")


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
    """Join the two ends of a range (`5~8个`, `95%-100%`) and a value with its tolerance (`50±5`)."""
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
    if high.tolerance and not between and not low.direction:
        return _around(low, high)
    if between not in RANGE_SIGNS or (low.direction and high.direction):
        return None
    if low.bare:
        low = low._replace(scale=high.scale, unit=high.unit)
    if low.unit != high.unit and not high.unit.bare:
        return None
    return low._replace(
        high=high.value / low.scale,
        end=high.end,
        direction=Direction.WITHIN,
        operator="-",
        approximate=low.approximate or high.approximate,
    )


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
