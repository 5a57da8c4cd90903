"""What a project aimed at and reached in a year, packed small, so that years can be compared (PK504)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from zlib import compress, decompress

from perfkit.checks.selection import matches
from perfkit.checks.words import bare_name, words
from perfkit.values import Direction
from perfkit.values.units import units

if TYPE_CHECKING:
    from perfkit.scoring import RowScore, Scorecard

LONGEST = 40


@dataclass(frozen=True, slots=True)
class Mark:
    """Hold what one measured row of a year aimed at and reached."""

    number: int
    name: str
    target: Decimal | None
    actual: Decimal | None
    unit: str
    less: bool
    target_text: str
    actual_text: str
    kept: bool


@dataclass(frozen=True, slots=True)
class Year:
    """Hold the measured rows of a form, packed: they are opened only where the year before is there too."""

    file: str
    packed: bytes

    @classmethod
    def of(cls, card: Scorecard) -> Year:
        """Pack the measured rows of a card."""
        marks: dict[str, tuple[object, ...]] = {}
        for row in card.indicators:
            name = bare_name(row.indicator.name)
            if name and (row.reading.target.value is not None or row.reading.actual.value is not None):
                marks.setdefault(name, _pack(row))
        return cls(card.form.source.file, compress(json.dumps(marks).encode(), 1))

    def marks(self) -> dict[str, Mark]:
        """Give the rows by their bare names."""
        return {name: _unpack(*fields) for name, fields in json.loads(decompress(self.packed)).items()}


def _pack(row: RowScore) -> tuple[object, ...]:
    reading = row.reading
    aside = any("PK504" in matches(one.code) and one.reason.strip() for one in row.indicator.ignore)
    return (
        row.number,
        (row.indicator.name or "")[:LONGEST],
        None if reading.target.value is None else str(reading.target.value),
        None if reading.actual.value is None else str(reading.actual.value),
        reading.target.unit or reading.actual.unit,
        reading.direction is Direction.AT_MOST,
        reading.target.text[:LONGEST],
        reading.actual.text[:LONGEST],
        not aside,
    )


def _unpack(number: int, name: str, target: str | None, actual: str | None, *rest: Any) -> Mark:
    return Mark(number, name, _figure(target), _figure(actual), *rest)


def _figure(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def below(mark: Mark, last: Mark) -> bool:
    """Tell whether a target asks for less than what was reached the year before."""
    if mark.target is None or last.actual is None or mark.less is not last.less:
        return False
    if not _comparable(mark.unit, last.unit):
        return False
    return mark.target > last.actual if mark.less else mark.target < last.actual


def _comparable(one: str, other: str) -> bool:
    """Tell whether figures of two years may be compared: 40个 after 42项, never 40户 after 90人."""
    if one == other:
        return True
    known, kinds = units(), words().kinds
    counters = all(unit in known and known[unit].counts for unit in (one, other))
    return counters and len({kinds.get(one, ""), kinds.get(other, "")} - {""}) < 2  # noqa: PLR2004
