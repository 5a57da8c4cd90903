"""What in an actual answers what in a target, and what came of it.

A target of one part is answered by the like part of the actual, or by its words; a compound target
part by part. A part that nothing answers leaves the row to a person.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from perfkit.values.cell import EMPTY, Cell, Part
from perfkit.values.classes import (
    MAY_BE,
    compare_classes,
    names_a_class,
    of_another_class,
    of_that_class,
)
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
from perfkit.values.figures import BEGUN, PROGRESS, figures_answered, likeness
from perfkit.values.proportions import compare_proportions
from perfkit.values.prose import MET, MISSED, bare_words, compare_words, in_words
from perfkit.values.ranks import within_places
from perfkit.values.relations import compare_relations
from perfkit.values.states import of_another_trouble, pattern, troubles
from perfkit.values.suspects import points_typed
from perfkit.values.terms import AT_MOST, Basis, Direction, Flag, Verdict
from perfkit.values.totals import total_of_many
from perfkit.values.units import PERCENT, PERIODS, comparable
from perfkit.values.wording import (
    before_an_event,
    figures_for_words,
    measured,
    share_in_words,
    short_of_done,
    unfinished,
    words_for_date,
    words_for_quantity,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from perfkit.values.context import Context
    from perfkit.values.quantity import Quantity

_TRUSTLESS = frozenset({Flag.TEMPLATE, Flag.SCAN_SUSPECT})
_MET = Verdict.MET
_DECIDED = frozenset({Verdict.MET, Verdict.PARTLY, Verdict.MISSED})
_ACTUALLY = re.compile(r"实际|应|计划|原定|未|没|截至|截止|预计")
_DIFFERENCE = re.compile(r"节约|节省|结余|超支|超出|低于预算|超过预算")
_ALL = Decimal(100)
_EARLY_OR_LATE = re.compile(r"超期|逾期|延期|延误|延迟|延后|推迟|滞后|超时|拖延|提前|提早|延长|缩短|超出")
_COUNTS_INSTEAD = re.compile(r"[调变改]|实")
_BEGUN = re.compile(rf"{BEGUN}|申请|开题|中期(?:检查|评估|考核|验收)")
_RATES = ("率", "比")
_A_WHOLE_YEAR = re.compile(r"全年|年度|年内|一年")
_YEARLY = frozenset({"年"})
_MONTHS = 12
_A_YEAR = Decimal(31_104_000)


def compare_cells(
    target: Cell, actual: Cell, context: Context, year: int | None, weight: Decimal | None = None
) -> Outcome:
    """Compare a target cell with an actual cell in the light of its row."""
    if target.blank or actual.blank or not _TRUSTLESS.isdisjoint(target.flags | actual.flags):
        return UNVERIFIABLE
    points = points_typed(_only(target), _only(actual), weight, context.name)
    if points and context.side is not AT_MOST:
        return SCAN_SUSPECT
    if MAY_BE.search(target.text) or "第" in actual.text or "前" in actual.text:
        ordered = _of_an_order(target, actual, context)
        if ordered is not None:
            return ordered
    if ":" in target.text:
        proportion = compare_proportions(target.text, actual.text, context.name)
        if proportion is not None:
            return proportion
    parts = target.parts
    outcome = _by_parts(parts, target, actual, context, year) if parts else _by_words(target, actual)
    if outcome.verdict in _DECIDED or outcome.flags & _TRUSTLESS or target.text != actual.text:
        return outcome
    return MET


def _of_an_order(target: Cell, actual: Cell, context: Context) -> Outcome | None:
    """Compare places in a ranking, and classes."""
    if ("第" in actual.text or "前" in actual.text) and not (target.dates or actual.dates):
        place = within_places(target.text, actual.text)
        if place is not None:
            return measured(place)
    return compare_classes(target.text, actual.text, context)


def _by_parts(
    parts: tuple[Part, ...], target: Cell, actual: Cell, context: Context, year: int | None
) -> Outcome:
    """Compare a target of which something can be measured."""
    if len(parts) > 1:
        return _compound(target, actual, context, year)
    outcome = _answered(parts[0], actual, context, year)
    if not actual.words or outcome.verdict is not _MET:
        return outcome
    timed = isinstance(parts[0], Span) or parts[0].unit.dimension == "time"
    begun = timed and _BEGUN.search(actual.words)
    return JUDGEMENT if begun and not _BEGUN.search(f"{target.text}{context.name}") else outcome


def _by_words(target: Cell, actual: Cell) -> Outcome:
    """Compare a target in words."""
    if actual.dates and before_an_event(target.text):
        return KIND_MISMATCH
    asked = in_words(target.text)
    related = compare_relations(asked, actual.text)
    if related is not None:
        return related
    if actual.parts and bare_words(target.text) != bare_words(actual.text):
        return figures_for_words(asked, actual)
    return compare_words(asked, in_words(actual.text))


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
        return _dates_answered(deadline, actual, year)
    if len(actual.quantities) == 1 and not _EARLY_OR_LATE.search(actual.text):
        figure = actual.quantities[0]
        if figure.unit == PERCENT and PROGRESS.search(figure.label) and figure.high is None:
            return MET if figure.value >= _ALL else MISSED
        outcome = number_for_deadline(deadline, actual.quantities[0], year)
        if outcome is not None:
            return outcome
    if not (actual.words or actual.quantities):
        return KIND_MISMATCH
    outcome = words_for_date(actual.text)
    due = year is None or deadline.in_year(year).last[0] <= year
    return outcome if due or outcome.late or outcome.verdict is not Verdict.MISSED else JUDGEMENT


def _dates_answered(deadline: Span, actual: Cell, year: int | None) -> Outcome:
    """Compare the last date of an actual with a deadline, and hear the words and the share beside it."""
    compared = compare_dates(deadline, actual.dates[-1], year)
    if compared.verdict is Verdict.MET:
        if any(map(_is_part_of_all, actual.quantities)):
            return JUDGEMENT
        return short_of_done(actual.words) or compared
    doubtful = compared.late and _another_in_time(deadline, actual, year)
    return JUDGEMENT if doubtful else compared


def _another_in_time(deadline: Span, actual: Cell, year: int | None) -> bool:
    """Tell an earlier date of something else that keeps the deadline: `10月完成评审，11月公示`."""
    if actual.quantities or _ACTUALLY.search(actual.words):
        return False
    others = (compare_dates(deadline, date, year) for date in actual.dates[:-1])
    return any(other.verdict is Verdict.MET for other in others)


def _is_part_of_all(given: Quantity) -> bool:
    """Tell a share beside a date that is less than all (`11月支付60%`)."""
    return given.unit == PERCENT and given.value < _ALL and PROGRESS.search(given.label) is not None


def _quantity_answered(wanted: Quantity, actual: Cell, context: Context) -> Outcome:
    direction = direction_of(wanted, context)
    if not actual.quantities:
        return _words_answered(wanted, actual, context, limit=direction is AT_MOST)
    figure = actual.quantities[0]
    if not (figure.label or actual.words or actual.dates) and len(actual.quantities) == 1:
        if (wanted.unit.per or wanted.label) and total_of_many(figure, wanted, direction):
            return JUDGEMENT
        return compare_quantities(wanted, figure, context, direction)
    if direction is AT_MOST and len(actual.quantities) == 1:
        otherwise = _limit_answered(wanted, actual, context)
        if otherwise is not None:
            return otherwise
    return _measures_answered(wanted, actual, context, direction)


def _measures_answered(wanted: Quantity, actual: Cell, context: Context, direction: Direction) -> Outcome:
    """Compare with the actual's figures, and hear the words around them."""
    limit = direction is AT_MOST
    asked = f"{wanted.label}{context.name}"
    given = _of_the_kind(wanted, actual, asked)
    if not given or (not limit and wanted.unit.dimension == "ratio" and _of_a_trouble(given, asked)):
        return JUDGEMENT
    if wanted.unit.times > 1 and _A_WHOLE_YEAR.search(actual.words):
        given = tuple(one if one.unit.per else one._replace(unit=one.unit.divided(_YEARLY)) for one in given)
    outcome = figures_answered(wanted, given, context, direction, dated=bool(actual.dates))
    if outcome.verdict is Verdict.MET and not limit:
        doubtful = actual.words and len(given) == 1 and unfinished(actual.text)
        return JUDGEMENT if doubtful else outcome
    if outcome.verdict is Verdict.MISSED and not limit and _in_part_of_the_year(actual):
        return JUDGEMENT
    if Flag.UNIT_MISMATCH in outcome.flags and not limit and wanted.unit == PERCENT:
        return share_in_words(actual, wanted) or outcome
    return outcome


def _of_a_trouble(given: Sequence[Quantity], asked: str) -> bool:
    """Tell the rate of something bad (`逾期率0.6%`) where that of something good is asked for (回收率)."""
    return any(one.label.endswith(_RATES) and troubles(one.label) - troubles(asked) for one in given)


def _of_the_kind(wanted: Quantity, actual: Cell, asked: str) -> tuple[Quantity, ...]:
    """Give the figures of an actual without notes in brackets and without those of another class."""
    given = actual.quantities
    if len(given) > 1 and "(" in actual.text:
        given = tuple(one for one in given if not _is_note(one, actual)) or given
    if not any(names_a_class(one.label) for one in given):
        return given
    like = tuple(one for one in given if not of_another_class(asked, one.label))
    named = tuple(
        one for one in like if of_that_class(wanted.label, one.label) and comparable(wanted.unit, one.unit)
    )
    if named and (len(like) == len(named) or "以上" not in wanted.label):
        return named
    return like if len(like) == len(given) or "以上" not in wanted.label else ()


def _in_part_of_the_year(actual: Cell) -> bool:
    """Tell what was done in a quarter or a half, which is not what was done in the year."""
    if len(actual.dates) != 1 or len(actual.quantities) != 1:
        return False
    span = actual.dates[0]
    return span.first[:2] != span.last[:2] and 0 < span.last[1] - span.first[1] < _MONTHS - 1


def _limit_answered(wanted: Quantity, actual: Cell, context: Context) -> Outcome | None:
    """Hear what stands before a figure that is no measure of the limit: a difference, things dealt with."""
    figure = actual.quantities[0]
    if wanted.unit.dimension == "time" and _EARLY_OR_LATE.search(figure.label):
        return words_for_date(actual.text)
    handled = pattern("handled").search(figure.label)
    if figure.number and handled and handled[0] not in context.name:
        return JUDGEMENT  # what was dealt with is not what happened
    if figure.number and of_another_trouble(f"{wanted.label}{context.name}", figure.label):
        return JUDGEMENT
    if _DIFFERENCE.search(figure.label):
        return words_for_quantity(actual.text, wanted, context, limit=True)
    return None


def _words_answered(wanted: Quantity, actual: Cell, context: Context, *, limit: bool) -> Outcome:
    """Compare a quantity with an actual that holds no quantity: a date, or words."""
    if wanted.unit.dimension == "time":
        if actual.dates:
            return date_for_duration(wanted, actual.dates[-1])
        if context.timeliness:
            return words_for_date(actual.words, years=wanted.value * wanted.unit.factor > _A_YEAR)
    if actual.dates and not actual.words:
        return KIND_MISMATCH
    return words_for_quantity(actual.words, wanted, context, limit=limit)


def _compound(target: Cell, actual: Cell, context: Context, year: int | None) -> Outcome:
    """Compare a compound target part by part."""
    paired = _paired(target.parts, actual)
    nothing = _only(actual)
    if nothing is not None and nothing.bare and not nothing.number:
        paired = [(part, actual) for part in target.parts]
    if any(_total_for_each(part, rest) for part, rest in paired):
        return JUDGEMENT
    outcomes = [_answered(part, rest, context, year) for part, rest in paired if not rest.blank]
    verdicts = {outcome.verdict for outcome in outcomes}
    unanswered = [part for part, rest in paired if rest.blank]
    if not outcomes or not all(_is_note(part, target) for part in unanswered) or not verdicts <= _DECIDED:
        return JUDGEMENT
    basis = next(outcome.basis for outcome in outcomes if outcome.basis is not Basis.NONE)
    verdict = verdicts.pop() if len(verdicts) == 1 else Verdict.PARTLY
    return Outcome(verdict, basis, late=any(outcome.late for outcome in outcomes))


def _is_note(part: Part, cell: Cell) -> bool:
    """Tell a part that only notes, in brackets, what stands before it; a changed target is none."""
    return cell.in_brackets(part) and (isinstance(part, Span) or not _COUNTS_INSTEAD.search(part.label))


def _total_for_each(part: Part, answer: Cell) -> bool:
    """Tell a total where so many for each is asked (`4期,每期50人` answered by `4期,共216人`)."""
    given = _only(answer)
    if isinstance(part, Span) or given is None or not (part.unit.per - PERIODS.keys() or "每" in part.label):
        return False
    return not given.unit.per and "每" not in given.label and given.number != part.number


def _all_of_one_measure(parts: Sequence[Part]) -> bool:
    """Tell lengths of time alone, or sums of money alone: they answer one another in their order."""
    measures = {"" if isinstance(part, Span) else part.unit.dimension for part in parts}
    return measures in ({"time"}, {"money"})


def _paired(parts: tuple[Part, ...], actual: Cell) -> list[tuple[Part, Cell]]:
    """Pair each part of a target with what may answer it: like with like in order, words with all."""
    if not actual.parts:
        return [(part, actual) for part in parts]
    if _all_of_one_measure((*parts, *actual.parts)) and len(parts) == len(actual.parts):
        return [
            (part, actual._replace(quantities=(given,)))
            for part, given in zip(parts, actual.quantities, strict=True)
        ]
    dates, quantities = list(actual.dates), list(actual.quantities)
    paired: list[tuple[Part, Cell]] = []
    for part in parts:
        rest = EMPTY
        if isinstance(part, Span):
            if dates:
                rest = actual._replace(dates=(dates.pop(0),), quantities=())
        else:
            alike = next((found[0] for found in likeness(part.unit, quantities) if found), None)
            if alike is not None:
                quantities.remove(alike)
                rest = actual._replace(dates=(), quantities=(alike,))
        paired.append((part, rest))
    return paired
