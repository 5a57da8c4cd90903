"""Figures that make one: amounts that add up, a part and its whole, a total of so many for each."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from perfkit.values.quantity import ONE, ZERO
from perfkit.values.terms import AT_MOST
from perfkit.values.units import PERCENT, PERIODS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from perfkit.values.quantity import Quantity
    from perfkit.values.terms import Direction

OF_THEM = re.compile(r"[\u4e00-\u9fff]{0,4}(?<![其初高集适年期途])中(?![含包学小央])(?:有|的)?")
_TOTAL = re.compile(r"共|合计|总|累计|实(?:际|有|到|收|发)")
_EACH = re.compile(
    r"每(?!个?(?:月|季|年|周|日|天|半|旬|星期|学[期年]))|[人户亩村校生]均|各(?![类项种级地个方界式样])"
)
_EACHES = re.compile("[每各]")
_ALL = Decimal(100)
_MANY = 10
_A_PAIR = 2


def together(alike: Sequence[Quantity], *, dated: bool) -> Iterator[Quantity]:
    """Add up amounts of one unit (`线上4场、线下3场`) of which none is told to be the total.

    What tells them apart stands before each; where it is a date (`dated`), nothing else need.
    """
    first = alike[0]
    if len(alike) == 1 or first.unit.per or first.unit.bare:
        return
    told = dated or all(one.label for one in alike)
    if not told or any(one.unit != first.unit or _TOTAL.search(one.label) for one in alike):
        return
    total = sum((one.value for one in alike), start=ZERO)
    if first.unit.dimension != "ratio" or total * first.unit.factor <= _ALL:
        yield first._replace(number=total, scale=ONE)


def share_of(given: Sequence[Quantity], wanted: Quantity) -> Quantity | None:
    """Work out the share that a part and its whole make (`8个课题中7个已结题` is 87.5%), None for others."""
    whole, part = given[0], given[-1]
    if wanted.unit.dimension != "ratio" or len(given) != _A_PAIR or not OF_THEM.match(part.label):
        return None
    if not (whole.unit.counts and whole.unit == part.unit and whole.value >= part.value > 0):
        return None
    return part._replace(number=part.value * _ALL / whole.value, scale=ONE, unit=PERCENT)


def total_of_many(given: Quantity, wanted: Quantity, direction: Direction) -> bool:
    """Tell a total where so many for each are asked: `每校2人` answered by `共124人`."""
    each = bool(wanted.unit.per and wanted.unit.per - PERIODS.keys())
    if not (each or (wanted.label and _EACH.search(wanted.label) and not _EACHES.search(given.label))):
        return False
    if given.bare or given.unit.per:
        return False
    return given.value >= (_MANY if direction is AT_MOST else 2) * wanted.value
