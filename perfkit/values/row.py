"""One row read whole: both cells, in the light of the name and the level, and the verdict on them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfkit.values.answer import compare_cells
from perfkit.values.cell import Cell, take_apart, with_counts
from perfkit.values.context import Context, context_of, with_context
from perfkit.values.normal import LONGEST
from perfkit.values.reading import Actual, Reading, Target
from perfkit.values.shape import shape_actual, shape_target
from perfkit.values.terms import Basis, Flag, Verdict

if TYPE_CHECKING:
    from decimal import Decimal

    from perfkit.form import Rating
    from perfkit.values.compare import Outcome

_NO_FLAGS: frozenset[Flag] = frozenset()
_UNIT_MISSING = frozenset({Flag.UNIT_MISSING})


def read_target(
    text: str | None, *, name: str = "", level1: str = "", level2: str = "", year: int | None = None
) -> Target:
    """Read a target cell in the light of its row's name and levels and of the form's year.

    Never raises, whatever the text. Examples: `≥36万` asks for at least 360000; `10月底` for 31 October.
    """
    context = context_of(_heading(name), _heading(level2 or level1))
    return shape_target(_target_cell(_printed(text), context), context, _plain(text), year)


def read_actual(text: str | None, target: Target, *, year: int | None = None) -> Actual:
    """Read an actual cell; a bare number inherits the target's unit. Never raises, whatever the text."""
    cell = take_apart(_printed(text))
    bare = len(cell.quantities) == 1 and cell.quantities[0].unit.bare
    return shape_actual(cell, _plain(text), year, unit=target.unit if bare else "")


def read_row(  # noqa: PLR0913 the columns of a row
    target: str | None,
    actual: str | None,
    *,
    name: str | None = None,
    level1: str | None = None,
    level2: str | None = None,
    year: int | None = None,
    rating: Rating | None = None,
    weight: Decimal | None = None,
) -> Reading:
    """Read one row and say whether the actual reaches the target; never raises, whatever the text.

    `name` and the levels tell the good side where no operator stands, `year` is the form's. A person's
    `rating` (met, partly, missed) decides where nothing was measured. `weight`, the row's points, tells
    points that were typed where a value belongs. See RULES.md §6.
    """
    points = weight if weight is not None and weight.is_finite() else None
    asked, told = _printed(target), _printed(actual)
    context = context_of(_heading(name), _heading(level2 or level1))
    wanted, given = _target_cell(asked, context), take_apart(told)
    if bool(wanted.quantities) != bool(given.quantities):
        wanted, given = with_counts(wanted, given)
    outcome = compare_cells(wanted, given, context, year, points)
    reading = _reading(
        shape_target(wanted, context, asked or "", year, outcome),
        shape_actual(given, told or "", year, unit=outcome.unit, value=outcome.actual),
        outcome,
        _missing_unit(wanted, given, context),
    )
    if rating is not None and reading.basis is not Basis.MEASURED:
        return reading._replace(verdict=Verdict(rating), basis=Basis.RATED)
    return reading


def _reading(asked: Target, told: Actual, outcome: Outcome, flags: frozenset[Flag]) -> Reading:
    return Reading(
        asked,
        told,
        asked.kind,
        asked.direction,
        outcome.verdict,
        outcome.basis,
        outcome.completion,
        outcome.late,
        flags.union(asked.flags, told.flags, outcome.flags),
    )


def _printed(text: object) -> str | None:
    return None if text is None else str(text)


def _plain(text: object) -> str:
    return "" if text is None else str(text)


def _heading(text: object) -> str:
    """Give as much of a name or heading as anybody looks at."""
    return "" if text is None else str(text)[:LONGEST]


def _target_cell(text: str | None, context: Context) -> Cell:
    """Take a target cell apart; where it is blank, the target may stand in the row's name."""
    cell = take_apart(text)
    if cell.blank and context.target is not None:
        return context.target
    if len(cell.quantities) == 1 and not cell.dates:
        quantity = with_context(cell.quantities[0], context)
        if quantity is not cell.quantities[0]:
            return Cell(cell.text, blank=False, quantities=(quantity,), words=cell.words, flags=cell.flags)
    return cell


def _missing_unit(target: Cell, actual: Cell, context: Context) -> frozenset[Flag]:
    """Flag numbers that have a unit in neither cell nor in the name."""
    quantities = target.quantities + actual.quantities
    for quantity in quantities:
        if quantity.unit.name:
            return _NO_FLAGS
    return _UNIT_MISSING if quantities and context.prompt is None else _NO_FLAGS
