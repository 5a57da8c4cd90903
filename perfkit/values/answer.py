"""What in an actual answers what in a target, and what came of it.

A target of one part is answered by the like part of the actual, or by its words; a compound target
part by part. A part that nothing answers leaves the row to a person.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from perfkit.values.cell import EMPTY, Cell, Part
from perfkit.values.compare import (
    JUDGEMENT,
    KIND_MISMATCH,
    SCAN_SUSPECT,
    UNVERIFIABLE,
    Outcome,
    compare_dates,
    compare_quantities,
    direction_of,
)
from perfkit.values.dates import Span
from perfkit.values.durations import date_for_duration, number_for_deadline
from perfkit.values.prose import MET, bare_words, compare_words
from perfkit.values.suspects import points_typed
from perfkit.values.terms import AT_MOST, Basis, Direction, Flag, Verdict
from perfkit.values.units import PERCENT, Unit, kin
from perfkit.values.wording import figures_for_words, words_for_date, words_for_quantity

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from perfkit.values.context import Context
    from perfkit.values.quantity import Quantity

_TRUSTLESS = frozenset({Flag.TEMPLATE, Flag.SCAN_SUSPECT})
_DECIDED = frozenset({Verdict.MET, Verdict.PARTLY, Verdict.MISSED})
_PLANNED = re.compile(r"计划|目标|预算|应|原定|预期|任务|上年|去年|其中|含|包括|在建|未|拟|待")
_DIFFERENCE = re.compile(r"节约|节省|结余|超支|超出|低于预算|超过预算")
_PROGRESS = re.compile(r"完成|进度|形象|已建|支付")
_DONE = re.compile(r"完成|实际|已|达|支出|实|共")


def compare_cells(
    target: Cell, actual: Cell, context: Context, year: int | None, weight: Decimal | None = None
) -> Outcome:
    """Compare a target cell with an actual cell in the light of its row."""
    if target.blank or actual.blank or not _TRUSTLESS.isdisjoint(target.flags | actual.flags):
        return UNVERIFIABLE
    points = points_typed(_only(target), _only(actual), weight, context.name)
    if points and context.side is not AT_MOST:
        return SCAN_SUSPECT
    parts = target.parts
    if len(parts) == 1:
        outcome = _answered(parts[0], actual, context, year)
    elif parts:
        outcome = _compound(parts, actual, context, year)
    elif actual.parts and bare_words(target.text) != bare_words(actual.text):
        outcome = figures_for_words(target.text, actual)
    else:
        outcome = compare_words(target.text, actual.text)
    if outcome.verdict in _DECIDED or outcome.flags & _TRUSTLESS or target.text != actual.text:
        return outcome
    return MET


def _only(cell: Cell) -> Quantity | None:
    """Give the quantity of a cell that holds nothing else to measure."""
    return cell.quantities[0] if len(cell.quantities) == 1 and not cell.dates else None


def _answered(part: Part, actual: Cell, context: Context, year: int | None) -> Outcome:
    """Find what in the actual answers one part of the target, and compare the two."""
    if isinstance(part, Span):
        return _deadline_answered(part, actual, year)
    return _quantity_answered(part, actual, context)


def _deadline_answered(deadline: Span, actual: Cell, year: int | None) -> Outcome:
    if actual.dates:
        return compare_dates(deadline, actual.dates[-1], year)
    if len(actual.quantities) == 1:
        outcome = number_for_deadline(deadline, actual.quantities[0], year)
        if outcome is not None:
            return outcome
    return words_for_date(actual.words) if actual.words else KIND_MISMATCH


def _quantity_answered(wanted: Quantity, actual: Cell, context: Context) -> Outcome:
    direction = direction_of(wanted, context)
    limit = direction is AT_MOST
    if limit and len(actual.quantities) == 1 and _DIFFERENCE.search(actual.quantities[0].label):
        return words_for_quantity(actual.text, wanted, context, limit=limit)
    if actual.quantities:
        return _figures_answered(wanted, actual.quantities, context, direction)
    if wanted.unit.dimension == "time":
        if actual.dates:
            return date_for_duration(wanted, actual.dates[-1])
        if context.timeliness:
            return words_for_date(actual.words)
    if actual.dates and not actual.words:
        return KIND_MISMATCH
    return words_for_quantity(actual.words, wanted, context, limit=limit)


def _figures_answered(
    wanted: Quantity, given: Sequence[Quantity], context: Context, direction: Direction
) -> Outcome:
    """Compare with the figures that may answer; where they do not agree, a person judges."""
    if len(given) == 1:
        return compare_quantities(wanted, _as_amount(given[0], wanted), context, direction)
    outcomes = [
        compare_quantities(wanted, _as_amount(one, wanted), context, direction)
        for one in _candidates(wanted, given)
    ]
    return outcomes[0] if len({outcome.verdict for outcome in outcomes}) == 1 else JUDGEMENT


def _as_amount(given: Quantity, wanted: Quantity) -> Quantity:
    """Take a share of the work done (`完成60%` of 5座) for the amount that it is."""
    share = given.unit == PERCENT and wanted.unit.dimension != "ratio" and wanted.unit.name
    if not share or given.high is not None or not _PROGRESS.search(given.label):
        return given
    return given._replace(number=wanted.number * given.number / 100, scale=wanted.scale, unit=wanted.unit)


def _candidates(wanted: Quantity, given: Sequence[Quantity]) -> Sequence[Quantity]:
    """Choose the quantities of an actual that may answer a target: its unit, its kind, told as done."""
    told = [quantity for quantity in given if not _PLANNED.search(quantity.label)] or given
    alike = next((found for found in _likeness(wanted.unit, told) if found), told[:1])
    return [quantity for quantity in alike if _DONE.search(quantity.label)][:1] or alike


def _likeness(unit: Unit, given: Sequence[Quantity]) -> tuple[list[Quantity], ...]:
    """Sort quantities by how like a unit theirs is: the same, of one kind, of one dimension, bare."""
    return (
        [quantity for quantity in given if quantity.unit.name == unit.name],
        [quantity for quantity in given if quantity.unit.counts and kin(quantity.unit) == kin(unit)],
        [quantity for quantity in given if quantity.unit.dimension == unit.dimension],
        [quantity for quantity in given if quantity.unit.bare or unit.bare],
    )


def _compound(parts: tuple[Part, ...], actual: Cell, context: Context, year: int | None) -> Outcome:
    """Compare a compound target part by part."""
    outcomes = [
        _answered(part, rest, context, year) for part, rest in _paired(parts, actual) if not rest.blank
    ]
    verdicts = {outcome.verdict for outcome in outcomes}
    if len(outcomes) < len(parts) or not verdicts <= _DECIDED:
        return JUDGEMENT
    basis = next(outcome.basis for outcome in outcomes if outcome.basis is not Basis.NONE)
    verdict = verdicts.pop() if len(verdicts) == 1 else Verdict.PARTLY
    return Outcome(verdict, basis, late=any(outcome.late for outcome in outcomes))


def _paired(parts: tuple[Part, ...], actual: Cell) -> list[tuple[Part, Cell]]:
    """Pair each part of a target with what may answer it: like with like in order, words with all."""
    if not actual.parts:
        return [(part, actual) for part in parts]
    dates, quantities = list(actual.dates), list(actual.quantities)
    paired: list[tuple[Part, Cell]] = []
    for part in parts:
        rest = EMPTY
        if isinstance(part, Span):
            if dates:
                rest = actual._replace(dates=(dates.pop(0),), quantities=())
        else:
            alike = next((found[0] for found in _likeness(part.unit, quantities) if found), None)
            if alike is not None:
                quantities.remove(alike)
                rest = actual._replace(dates=(), quantities=(alike,))
        paired.append((part, rest))
    return paired
