"""Units (度量单位): what a number counts or measures, and which numbers may be compared.

A unit is a dimension with a factor (公里 is 1000 米), a counter (个, 场次; all counters compare), or a
word that no table knows, which is taken for a counter. 万 and 亿 belong to the number, never to the unit.
"""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from typing import NamedTuple

from perfkit.values.vocabulary import table

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
PERIODS = {"年": 1, "半年": 2, "学期": 2, "季度": 4, "个月": 12}
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
def _kin() -> dict[str, str]:
    return {name: kind for kind, names in table("units")["kin"].items() for name in names.split()}


def kin(unit: Unit) -> str:
    """Give the kind of thing a counter counts (people, events, papers …), or its own name."""
    return _kin().get(unit.name, unit.name)


def comparable(one: Unit, other: Unit) -> bool:
    """Tell whether numbers in the two units may be compared.

    Two measures must share their dimension; counters, unknown words and a missing unit compare freely.
    Per-unit units must not contradict each other: 元/人 with 元/人·月 passes, 元/人 with 元/户 does not.
    """
    if one is other:
        return True
    if one.per and other.per:
        mine, theirs = one.per - PERIODS.keys(), other.per - PERIODS.keys()
        if not (mine <= theirs or theirs <= mine):
            return False
    if one.bare or other.bare or (one.counts and other.counts):
        return True
    return one.dimension == other.dimension
