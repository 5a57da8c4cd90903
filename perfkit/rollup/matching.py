"""Which rows of several forms are one indicator: by level 1, level 2 and name.

They are read as elsewhere in perfkit: headings are brought to their canonical names and marks are taken off
the indicator's (`指标1：`, `★`), so that `产出指标(50分)` and `产出` are one level. Rows of one name on one
form are told apart by their order.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from perfkit import levels
from perfkit.rollup.cells import same
from perfkit.values.normal import LONGEST

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from perfkit.form import Indicator
    from perfkit.rollup.result import Unit
    from perfkit.scoring import RowScore


class Key(NamedTuple):
    """Hold what makes rows one indicator; `nth` tells rows of one name on one form apart, from 1."""

    level1: str
    level2: str
    name: str
    nth: int = 1


class Matched(NamedTuple):
    """Hold one indicator of the whole: the row of each unit that has it, by the unit's place."""

    key: Key
    rows: dict[int, RowScore]

    @property
    def first(self) -> Indicator:
        """Give the row as the first unit that has it prints it."""
        return next(iter(self.rows.values())).indicator


def matched(units: Sequence[Unit]) -> list[Matched]:
    """Give the indicators of several forms in the order of the first, each with the rows that are it.

    A row that the first form does not have comes after the last of its level.
    """
    found: dict[Key, dict[int, RowScore]] = {}
    order: list[Key] = []
    for place, unit in enumerate(units):
        for key, row in keyed(unit):
            if key not in found:
                order.insert(_place(key, order) if place else len(order), key)
            found.setdefault(key, {})[place] = row
    return [Matched(key, found[key]) for key in order]


def keyed(unit: Unit) -> Iterator[tuple[Key, RowScore]]:
    """Yield the rows of one form with what makes each the same as another form's."""
    counts: dict[Key, int] = {}
    for row in unit.card.indicators:
        key = _key(row.indicator)
        counts[key] = counts.get(key, 0) + 1
        yield key._replace(nth=counts[key]), row


def _key(row: Indicator) -> Key:
    name = row.name or ""
    return Key(
        levels.level1(row.level1) or same(row.level1),
        levels.level2(row.level2) or same(row.level2),
        levels.bare_name(name) if len(name) < LONGEST else name,
    )


def _place(key: Key, order: Sequence[Key]) -> int:
    """Give the place after the last row of the same levels, else of the same level 1, else the end."""
    for alike in (key[:2], key[:1]):
        for place in range(len(order) - 1, -1, -1):
            if order[place][: len(alike)] == alike:
                return place + 1
    return len(order)
