"""The public shape of a cell: `Target` and `Actual` made from what was taken apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfkit.values.compare import Outcome, direction_of
from perfkit.values.dates import Span
from perfkit.values.orientation import doubtful
from perfkit.values.reading import Actual, Target
from perfkit.values.states import Said, said
from perfkit.values.terms import (
    BY_DATE,
    DATE,
    NO_DIRECTION,
    NUMBER,
    RATIO,
    WITHIN,
    Direction,
    Flag,
    Kind,
    Verdict,
)

if TYPE_CHECKING:
    from decimal import Decimal

    from perfkit.values.cell import Cell, Part
    from perfkit.values.context import Context
    from perfkit.values.quantity import Quantity

_NO_FLAGS: frozenset[Flag] = frozenset()
_INFERRED = frozenset({Flag.DIRECTION_INFERRED})
_DOUBTFUL = frozenset({Flag.DIRECTION_DOUBTFUL})
_STATES = {
    Said.PARTLY: Verdict.PARTLY,
    Said.ONGOING: Verdict.PARTLY,
    Said.MISSED: Verdict.MISSED,
    Said.REACHED: Verdict.MET,
    Said.DONE: Verdict.MET,
    Said.GOOD: Verdict.MET,
    Said.ABSENT: Verdict.MET,
}


def shape_target(
    cell: Cell, context: Context, text: str, year: int | None, outcome: Outcome | None = None
) -> Target:
    """Give a target cell its public shape, in the unit it was compared in where it was."""
    parts = cell.parts
    if len(parts) > 1:
        told = tuple(_target_part(part, context, "", year) for part in parts)
        return Target(text, Kind.COMPOUND, NO_DIRECTION, words=cell.words, parts=told, flags=cell.flags)
    if parts:
        return _target_part(parts[0], context, text, year, cell, outcome)
    return Target(text, cell.kind, NO_DIRECTION, words=cell.words, flags=cell.flags)


def _target_part(  # noqa: PLR0913, PLR0917 what a cell and its row say together
    part: Part,
    context: Context,
    text: str,
    year: int | None,
    cell: Cell | None = None,
    outcome: Outcome | None = None,
) -> Target:
    words, flags = (cell.words, cell.flags) if cell is not None else ("", _NO_FLAGS)
    if isinstance(part, Span):
        day = part.in_year(year or 0).day
        return Target(text, DATE, BY_DATE, words=words, day=day, flags=flags)
    direction = (outcome and outcome.direction) or direction_of(part, context)
    if outcome is not None and outcome.target is not None:
        value, unit = outcome.target, outcome.unit
    else:
        value, unit = part.value, str(part.unit)
    low, high = bounds(part)
    return Target(
        text,
        RATIO if part.unit.dimension == "ratio" else NUMBER,
        direction,
        None if direction is WITHIN else value,
        low,
        high,
        unit,
        part.operator,
        words,
        "",
        (),
        flags | _direction_flags(part, direction, context),
    )


def _direction_flags(part: Quantity, direction: Direction, context: Context) -> frozenset[Flag]:
    """Flag a direction that was inferred, or one that the row contradicts."""
    if part.direction is None:
        return _INFERRED
    return _DOUBTFUL if doubtful(direction, context.name, context.level2) else _NO_FLAGS


def bounds(quantity: Quantity) -> tuple[Decimal | None, Decimal | None]:
    """Give the ends of a range, or of a tolerance around zero (±10%); None and None for a plain number."""
    if quantity.high is not None:
        return quantity.value, quantity.high * quantity.scale
    return (-quantity.value, quantity.value) if quantity.tolerance else (None, None)


def shape_actual(
    cell: Cell, text: str, year: int | None, *, unit: str = "", value: Decimal | None = None
) -> Actual:
    """Give an actual cell its public shape; `value` and `unit` are those it was compared in."""
    state = _STATES.get(said(cell.words)) if cell.words else None
    parts = cell.parts
    if len(parts) > 1 and value is None:
        told = tuple(_actual_part(part, year) for part in parts)
        return Actual(text, Kind.COMPOUND, words=cell.words, state=state, parts=told, flags=cell.flags)
    if not parts:
        return Actual(text, cell.kind, words=cell.words, state=state, flags=cell.flags)
    part = cell.quantities[0] if cell.quantities else parts[0]
    return _actual_part(part, year, text, cell, unit=unit, value=value, state=state)


def _actual_part(  # noqa: PLR0913 what a cell and its comparison say together
    part: Part,
    year: int | None,
    text: str = "",
    cell: Cell | None = None,
    *,
    unit: str = "",
    value: Decimal | None = None,
    state: Verdict | None = None,
) -> Actual:
    words, flags = (cell.words, cell.flags) if cell is not None else ("", _NO_FLAGS)
    if isinstance(part, Span):
        return Actual(text, DATE, words=words, day=part.in_year(year or 0).day, state=state, flags=flags)
    kind = RATIO if part.unit.dimension == "ratio" else NUMBER
    printed = part.value if value is None else value
    low, high = bounds(part)
    told = unit or str(part.unit)
    return Actual(text, kind, printed, low, high, told, part.operator, words, "", state, (), flags)
