"""What departs from its target (偏差), and by how much, as facts without words.

A row departs when it lost points, when its target was missed or partly met, or when nobody can tell.
Kinds differ in how they are told: a date that came late, a quantity that fell short, a limit that was
exceeded, words that do not match, points that a person took off a target that was met.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from perfkit.narrative.wording import one_line, percentage
from perfkit.scoring.points import ZERO, less
from perfkit.values import Direction, Flag, Kind, Verdict

if TYPE_CHECKING:
    from perfkit.scoring import RowScore
    from perfkit.values import Reading

DeviationKind = Literal[
    "late", "short", "over", "outside", "missed", "partly", "taken", "judged", "unverifiable"
]
GapUnit = Literal["quantity", "points", "days", "months"]

_BY_MONTH = re.compile(r"月|季度?|年[底末初]|半年")
_BY_DAY = re.compile(r"\d\s*[日号]|\d{4}[-./]\d{1,2}[-./]\d{1,2}")

_OFF_TARGET = frozenset({Verdict.MISSED, Verdict.PARTLY})
_NOT_OFF_TARGET: dict[Verdict, DeviationKind] = {
    Verdict.MET: "taken",
    Verdict.UNVERIFIABLE: "unverifiable",
    Verdict.JUDGEMENT: "judged",
}


@dataclass(frozen=True, slots=True)
class Gap:
    """Hold how far an actual lies from its target, always positive.

    `amount` is in the row's own `unit` (`measure` quantity), in percentage points, days or months;
    `percent` is the gap in percent of the target, None where the target is zero or a date.
    """

    amount: Decimal
    measure: GapUnit
    unit: str = ""
    percent: Decimal | None = None
    about: bool = False


@dataclass(frozen=True, slots=True)
class Deviation:
    """Hold one row that departs from its target: the row, how it departs, and the gap where it has one."""

    row: RowScore
    kind: DeviationKind
    gap: Gap | None = None

    @property
    def lost(self) -> Decimal:
        """Give the points lost, zero where none were or none are set."""
        return self.row.lost or ZERO

    @property
    def reason(self) -> str:
        """Give the reason that the form states, on one line, "" where it states none."""
        return one_line(self.row.indicator.reason or "")


def deviation(row: RowScore) -> Deviation | None:
    """Tell how a row departs from its target, or None where it does not."""
    verdict = row.reading.verdict
    if not (row.lost or 0) > 0 and verdict not in _OFF_TARGET:
        return None
    if verdict not in _OFF_TARGET:
        return Deviation(row, _NOT_OFF_TARGET[verdict])
    if row.reading.late:
        return Deviation(row, "late", _delay(row.reading))
    bound = _missed_bound(row.reading)
    if bound is not None:
        return _measured(row, bound)
    return Deviation(row, "missed" if verdict is Verdict.MISSED else "partly")


def _measured(row: RowScore, bound: Decimal) -> Deviation:
    """Give a measured deviation: short of its bound, over it, or outside its range."""
    target, actual = row.reading.target, row.reading.actual
    gap = less(actual.value or ZERO, bound)
    ranged = row.reading.direction is Direction.WITHIN
    kind: DeviationKind = "outside" if ranged else "over" if gap > 0 else "short"
    return Deviation(
        row,
        kind,
        Gap(
            amount=abs(gap),
            measure="points" if "%" in (target.unit, actual.unit) else "quantity",
            unit=target.unit or actual.unit,
            percent=percentage(abs(gap), abs(bound)) if bound and not ranged else None,
            about=Flag.APPROXIMATE in row.reading.flags,
        ),
    )


def _missed_bound(reading: Reading) -> Decimal | None:
    """Give the bound that a measured row missed, None where figures do not show that it did."""
    target, actual = reading.target, reading.actual
    value = actual.value
    if value is None or reading.kind not in {Kind.NUMBER, Kind.RATIO} or _units_differ(reading):
        return None
    if reading.direction is Direction.WITHIN:
        return _nearest(value, target.low, target.high)
    if target.value is None or value == target.value:
        return None
    wrong_side = {Direction.AT_LEAST: value < target.value, Direction.AT_MOST: value > target.value}
    return target.value if wrong_side.get(reading.direction, True) else None


def _nearest(value: Decimal, low: Decimal | None, high: Decimal | None) -> Decimal | None:
    if low is not None and value < low:
        return low
    return high if high is not None and value > high else None


def _units_differ(reading: Reading) -> bool:
    return bool(reading.target.unit and reading.actual.unit and reading.target.unit != reading.actual.unit)


def _delay(reading: Reading) -> Gap | None:
    """Give the delay in days where both cells name a day, in months where both name a month."""
    try:
        due, done = date.fromisoformat(reading.target.day), date.fromisoformat(reading.actual.day)
    except ValueError:
        return None
    cells = (reading.target.text, reading.actual.text)
    if all(_BY_DAY.search(cell) for cell in cells):
        return Gap(Decimal((done - due).days), "days")
    months = (done.year - due.year) * 12 + done.month - due.month
    if months > 0 and all(_BY_MONTH.search(cell) or _BY_DAY.search(cell) for cell in cells):
        return Gap(Decimal(months), "months")
    return None
