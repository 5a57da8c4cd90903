"""The public shape of a cell: `Target` and `Actual` made from what was taken apart."""

from __future__ import annotations

from decimal import Decimal

from perfkit.values.cell import Cell
from perfkit.values.compare import direction_of
from perfkit.values.context import Context
from perfkit.values.dates import Span
from perfkit.values.orientation import doubtful
from perfkit.values.quantity import Quantity
from perfkit.values.reading import Actual, Target
from perfkit.values.states import Said, said
from perfkit.values.terms import Direction, Flag, Kind, Verdict

_NONE: frozenset[Flag] = frozenset()
_STATES = {
    Said.PARTLY: Verdict.PARTLY,
    Said.ONGOING: Verdict.PARTLY,
    Said.MISSED: Verdict.MISSED,
    Said.REACHED: Verdict.MET,
    Said.DONE: Verdict.MET,
    Said.GOOD: Verdict.MET,
    Said.ABSENT: Verdict.MET,
}


def shape_target(cell: Cell, context: Context, text: str, year: int | None) -> Target:
    """Give a target cell its public shape."""
    if cell.parts > 1:
        parts = (*(_dated(d, year) for d in cell.dates), *(_measured(q, context) for q in cell.quantities))
        return Target(text, Kind.COMPOUND, Direction.NONE, words=cell.words, parts=parts, flags=cell.flags)
    if cell.dates:
        one = _dated(cell.dates[0], year)
    elif cell.quantities:
        one = _measured(cell.quantities[0], context)
    else:
        return Target(text, cell.kind, Direction.NONE, words=cell.words, flags=cell.flags)
    return Target(
        text, one.kind, one.direction, one.value, one.low, one.high, one.unit, one.operator, cell.words, one.day,
        flags=one.flags | cell.flags,
    )  # fmt: skip


def _dated(span: Span, year: int | None) -> Target:
    return Target("", Kind.DATE, Direction.BY_DATE, day=span.in_year(year or 0).day)


def _measured(quantity: Quantity, context: Context) -> Target:
    direction = direction_of(quantity, context)
    flags = _NONE
    if quantity.direction is None:
        flags = frozenset({Flag.DIRECTION_INFERRED})
    elif doubtful(direction, context.name, context.level2):
        flags = frozenset({Flag.DIRECTION_DOUBTFUL})
    low, high = bounds(quantity)
    return Target(
        "",
        _kind(quantity),
        direction,
        None if direction is Direction.WITHIN else quantity.value,
        low,
        high,
        str(quantity.unit),
        quantity.operator,
        flags=flags,
    )


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
    if cell.parts > 1 and value is None:
        parts = (
            *(Actual("", Kind.DATE, day=d.in_year(year or 0).day) for d in cell.dates),
            *(Actual("", _kind(q), q.value, *bounds(q), str(q.unit), q.operator) for q in cell.quantities),
        )
        return Actual(text, Kind.COMPOUND, words=cell.words, state=state, parts=parts, flags=cell.flags)
    if cell.quantities:
        first = cell.quantities[0]
        printed = value if value is not None else first.value
        low, high = bounds(first)
        return Actual(
            text, _kind(first), printed, low, high, unit or str(first.unit), first.operator, cell.words,
            state=state, flags=cell.flags,
        )  # fmt: skip
    day = cell.dates[0].in_year(year or 0).day if cell.dates else ""
    return Actual(text, cell.kind, words=cell.words, day=day, state=state, flags=cell.flags)


def _kind(quantity: Quantity) -> Kind:
    return Kind.RATIO if quantity.unit.dimension == "ratio" else Kind.NUMBER
