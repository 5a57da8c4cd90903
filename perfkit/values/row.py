"""One row read whole: both cells, in the light of the name and the level, and the verdict on them."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache

from perfkit.form import Rating
from perfkit.values.cell import EMPTY, Cell, take_apart
from perfkit.values.compare import (
    JUDGEMENT,
    MISMATCH,
    UNVERIFIABLE,
    Outcome,
    as_month,
    compare_dates,
    compare_quantities,
    days,
    direction_of,
)
from perfkit.values.context import Context, context_of, with_context
from perfkit.values.dates import Span
from perfkit.values.quantity import Quantity
from perfkit.values.reading import Actual, Reading, Target
from perfkit.values.shape import shape_actual, shape_target
from perfkit.values.terms import Basis, Direction, Flag, Verdict
from perfkit.values.units import kin
from perfkit.values.wording import (
    MET,
    bare_words,
    compare_words,
    figures_for_words,
    words_for_date,
    words_for_quantity,
)

_TRUSTLESS = frozenset({Flag.TEMPLATE, Flag.SCAN_SUSPECT})
Part = Quantity | Span


def read_target(
    text: str | None, *, name: str = "", level1: str = "", level2: str = "", year: int | None = None
) -> Target:
    """Read a target cell in the light of its row's name and levels and of the form's year."""
    context = context_of(_plain(name), _plain(level2 or level1))
    return shape_target(_target_cell(text, context), context, _plain(text), year)


def read_actual(text: str | None, target: Target, *, year: int | None = None) -> Actual:
    """Read an actual cell; a bare number inherits the target's unit."""
    return shape_actual(take_apart(_as_text(text)), _plain(text), year, unit=target.unit)


def read_row(
    target: str | None,
    actual: str | None,
    *,
    name: str | None = None,
    level1: str | None = None,
    level2: str | None = None,
    year: int | None = None,
    rating: Rating | None = None,
) -> Reading:
    """Read one row and say whether the actual reaches the target; never raises, whatever the text.

    A person's `rating` (met, partly, missed) decides where nothing was measured.
    """
    reading = _read(_as_text(target), _as_text(actual), _plain(name), _plain(level2 or level1), year)
    if rating is not None and reading.basis is not Basis.MEASURED:
        return replace(reading, verdict=Verdict(rating), basis=Basis.RATED)
    return reading


def _as_text(text: object) -> str | None:
    return None if text is None else str(text)


def _plain(text: object) -> str:
    return "" if text is None else str(text)


@lru_cache(maxsize=2048)
def _read(target: str | None, actual: str | None, name: str, level2: str, year: int | None) -> Reading:
    context = context_of(name, level2)
    wanted, given = _target_cell(target, context), take_apart(actual)
    outcome = _compare(wanted, given, context, year)
    asked = shape_target(wanted, context, target or "", year)
    unit = asked.unit if outcome.actual is not None else ""
    answer = shape_actual(given, actual or "", year, unit=unit, value=outcome.actual)
    if outcome.target is not None and asked.value is not None:
        asked = replace(
            asked, value=outcome.target if asked.direction is not Direction.WITHIN else asked.value
        )
    return Reading(
        asked,
        answer,
        asked.kind,
        asked.direction,
        outcome.verdict,
        outcome.basis,
        outcome.completion,
        outcome.late,
        asked.flags | answer.flags | outcome.flags | _missing_unit(wanted, given, context),
    )


def _target_cell(text: object, context: Context) -> Cell:
    """Take a target cell apart; where it is blank, the target may stand in the row's name."""
    cell = take_apart(_as_text(text))
    if cell.blank and context.target is not None:
        return replace(context.target, flags=context.target.flags | {Flag.TARGET_IN_NAME})
    if len(cell.quantities) == 1 and cell.parts == 1:
        return replace(cell, quantities=(with_context(cell.quantities[0], context),))
    return cell


def _missing_unit(target: Cell, actual: Cell, context: Context) -> frozenset[Flag]:
    quantities = (*target.quantities, *actual.quantities)
    if not quantities or any(not part.unit.bare for part in quantities) or context.prompt is not None:
        return frozenset()
    return frozenset({Flag.UNIT_MISSING})


def _compare(target: Cell, actual: Cell, context: Context, year: int | None) -> Outcome:
    if target.blank or actual.blank or (target.flags | actual.flags) & _TRUSTLESS:
        return UNVERIFIABLE
    copied = bare_words(target.text) == bare_words(actual.text)
    if target.parts == 0:
        if actual.parts and not copied:
            return figures_for_words(target.text, actual)
        return compare_words(target.text, actual.text)
    if target.parts == 1:
        part = (*target.quantities, *target.dates)[0]
        return _answer(part, actual, context, year, last=copied)
    return _compound(target, actual, context, year, copied=copied)


def _answer(part: Part, actual: Cell, context: Context, year: int | None, *, last: bool = False) -> Outcome:
    """Find what in the actual answers one part of the target, and compare the two."""
    if isinstance(part, Span):
        outcome = _answer_date(part, actual, year)
    else:
        outcome = _answer_quantity(part, actual, context, year)
    if (
        last
        and outcome.verdict in (Verdict.UNVERIFIABLE, Verdict.JUDGEMENT)
        and not outcome.flags & _TRUSTLESS
    ):
        return MET
    return outcome


def _answer_date(deadline: Span, actual: Cell, year: int | None) -> Outcome:
    if actual.dates:
        return compare_dates(deadline, actual.dates[-1], year)
    if len(actual.quantities) == 1:
        quantity = actual.quantities[0]
        month = as_month(quantity, deadline)
        if month is not None:
            return compare_dates(deadline, month, year)
        if quantity.unit.dimension == "time":
            length = quantity.value * quantity.unit.factor / 86400
            longest = 360 if deadline.vague else deadline.last[1] * 30
            return Outcome(Verdict.MET if length <= longest else Verdict.MISSED, Basis.MEASURED)
    return words_for_date(actual.words or actual.text) if actual.words else MISMATCH


def _answer_quantity(wanted: Quantity, actual: Cell, context: Context, year: int | None) -> Outcome:
    candidates = _candidates(wanted, actual)
    if candidates:
        outcomes = [compare_quantities(wanted, candidate, context) for candidate in candidates]
        verdicts = {outcome.verdict for outcome in outcomes}
        return outcomes[0] if len(verdicts) == 1 else JUDGEMENT
    if actual.dates and wanted.unit.dimension == "time":
        span = actual.dates[-1]
        length = days(span) if span.ranged or span.vague else span.last[1] * 30
        allowed = wanted.value * wanted.unit.factor / 86400
        return Outcome(Verdict.MET if length <= allowed * 366 / 360 + 1 else Verdict.MISSED, Basis.MEASURED)
    if actual.dates and not actual.words:
        return MISMATCH
    if wanted.unit.dimension == "time" and context.timeliness:
        return words_for_date(actual.words or actual.text)
    direction = direction_of(wanted, context)
    return words_for_quantity(
        actual.words or actual.text,
        direction,
        zero=wanted.number == 0,
        whole=wanted.unit.dimension == "ratio",
        context=context,
    )


_PLANNED = re.compile(r"计划|目标|预算|应|原定|预期|任务|上年|去年|其中|含|包括")
_DONE = re.compile(r"完成|实际|已|达|支出|实|共")


def _candidates(wanted: Quantity, actual: Cell) -> list[Quantity]:
    """Choose the quantities of an actual that may answer a target: its unit, its kind, told as done."""
    given = list(actual.quantities)
    if len(given) <= 1:
        return given
    told = [quantity for quantity in given if not _PLANNED.search(quantity.label)] or given
    unit = wanted.unit
    alike = (
        [q for q in told if q.unit.name == unit.name]
        or [q for q in told if q.unit.counts and kin(q.unit) == kin(unit)]
        or [q for q in told if q.unit.dimension == unit.dimension]
        or [q for q in told if q.unit.bare or unit.bare]
    )
    return [quantity for quantity in alike if _DONE.search(quantity.label)][:1] or alike or told[:1]


def _compound(target: Cell, actual: Cell, context: Context, year: int | None, *, copied: bool) -> Outcome:
    """Compare a compound target part by part; a part that nothing answers leaves it to a person."""
    parts: list[Part] = sorted((*target.dates, *target.quantities), key=lambda part: part.start)
    if actual.parts == 0:
        outcomes = [_answer(part, actual, context, year) for part in parts]
    else:
        outcomes = [
            _answer(part, rest, context, year) if rest.parts else UNVERIFIABLE
            for part, rest in _paired(parts, actual)
        ]
    verdicts = {outcome.verdict for outcome in outcomes}
    basis = next((outcome.basis for outcome in outcomes if outcome.basis is not Basis.NONE), Basis.NONE)
    late = any(outcome.late for outcome in outcomes)
    if verdicts <= {Verdict.MET, Verdict.PARTLY, Verdict.MISSED}:
        verdict = verdicts.pop() if len(verdicts) == 1 else Verdict.PARTLY
        return Outcome(verdict, basis, late=late)
    return Outcome(Verdict.MET, Basis.STATED) if copied else JUDGEMENT


def _paired(parts: list[Part], actual: Cell) -> list[tuple[Part, Cell]]:
    """Pair each part of a target with what may answer it: like units in order."""
    dates, quantities = list(actual.dates), list(actual.quantities)
    paired: list[tuple[Part, Cell]] = []
    for part in parts:
        if isinstance(part, Span):
            found = dates[:1]
            dates = dates[1:]
            paired.append((part, replace(actual, dates=tuple(found), quantities=()) if found else EMPTY))
            continue
        wanted = [part]
        match = next((q for q in quantities for w in wanted if q.unit.name == w.unit.name), None) or next(
            (
                q
                for q in quantities
                if q.unit.dimension == part.unit.dimension or q.unit.bare or part.unit.bare
            ),
            None,
        )
        if match is not None:
            quantities.remove(match)
            paired.append((part, replace(actual, dates=(), quantities=(match,))))
        else:
            paired.append((part, EMPTY))
    return paired
