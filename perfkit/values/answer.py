"""What in an actual answers what in a target, and what came of it.

A target of one part is answered by the like part of the actual, or by its words; a compound target
part by part. A part that nothing answers leaves the row to a person.
"""

from __future__ import annotations

import re
from decimal import Decimal
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
from perfkit.values.prose import MET, MISSED, bare_words, compare_words
from perfkit.values.quantity import ONE, ZERO
from perfkit.values.ranks import within_places
from perfkit.values.suspects import points_typed
from perfkit.values.terms import AT_MOST, Basis, Direction, Flag, Verdict
from perfkit.values.units import PERCENT, PERIODS, Unit, kin
from perfkit.values.wording import (
    figures_for_words,
    measured,
    short_of_done,
    some_failed,
    unfinished,
    words_for_date,
    words_for_quantity,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from perfkit.values.context import Context
    from perfkit.values.quantity import Quantity

_TRUSTLESS = frozenset({Flag.TEMPLATE, Flag.SCAN_SUSPECT})
_DECIDED = frozenset({Verdict.MET, Verdict.PARTLY, Verdict.MISSED})
_PLANNED = re.compile(
    r"计划|目标|预算|应|原定|预期|任务|上年|去年|其中|含|包括|在建|未|拟|待|取消|放弃|拆除|退出|剩余|尚|损坏|不"
)
_DIFFERENCE = re.compile(r"节约|节省|结余|超支|超出|低于预算|超过预算")
_ALL = Decimal(100)
_EARLY_OR_LATE = re.compile(r"超期|逾期|延期|延误|延迟|延后|推迟|滞后|超时|拖延|提前|提早|延长|缩短|超出")
_COUNTS_INSTEAD = re.compile(r"[调变改]|实")
_PROGRESS = re.compile(r"完成|进度|形象|已建|支付")
_AROUND = re.compile(r"^(?:已|共|实际|全年|累计|完成)+|(?:了|共|为|达|率)+$")
_TOTAL = re.compile(r"共|合计|总|累计|实(?:际|有|到|收|发)")
_BEGUN = re.compile(r"开工|启动|动工|开始|开建|试运行|试用|试点")
_A_PAIR = 2
_OF_THEM = re.compile(r"[\u4e00-\u9fff]{0,4}(?<!其)中(?![含包])(?:有|的)?")
_DONE = re.compile(r"完成|实现|实(?:际|有|到|收|发|施)|已|达|支出|共")


def compare_cells(
    target: Cell, actual: Cell, context: Context, year: int | None, weight: Decimal | None = None
) -> Outcome:
    """Compare a target cell with an actual cell in the light of its row."""
    if target.blank or actual.blank or not _TRUSTLESS.isdisjoint(target.flags | actual.flags):
        return UNVERIFIABLE
    points = points_typed(_only(target), _only(actual), weight, context.name)
    if points and context.side is not AT_MOST:
        return SCAN_SUSPECT
    if ("第" in actual.text or "前" in actual.text) and not (target.dates or actual.dates):
        place = within_places(target.text, actual.text)
        if place is not None:
            return measured(place)
    parts = target.parts
    if len(parts) == 1:
        outcome = _answered(parts[0], actual, context, year)
        begun = isinstance(parts[0], Span) and outcome.verdict is Verdict.MET and _BEGUN.search(actual.words)
        if begun and not _BEGUN.search(f"{target.text}{context.name}"):
            return JUDGEMENT
    elif parts:
        outcome = _compound(target, actual, context, year)
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
        compared = compare_dates(deadline, actual.dates[-1], year)
        if compared.verdict is Verdict.MET and any(map(_is_part_of_all, actual.quantities)):
            return JUDGEMENT
        short = short_of_done(actual.words) if compared.verdict is Verdict.MET else None
        return compared if short is None else short
    if len(actual.quantities) == 1 and not _EARLY_OR_LATE.search(actual.text):
        figure = actual.quantities[0]
        if figure.unit == PERCENT and _PROGRESS.search(figure.label) and figure.high is None:
            return MET if figure.value >= _ALL else MISSED
        outcome = number_for_deadline(deadline, actual.quantities[0], year)
        if outcome is not None:
            return outcome
    if not (actual.words or actual.quantities):
        return KIND_MISMATCH
    outcome = words_for_date(actual.text)
    due = year is None or deadline.in_year(year).last[0] <= year
    return outcome if due or outcome.late or outcome.verdict is not Verdict.MISSED else JUDGEMENT


def _is_part_of_all(given: Quantity) -> bool:
    """Tell a share beside a date that is less than all (`11月支付60%`)."""
    return given.unit == PERCENT and given.value < _ALL and _PROGRESS.search(given.label) is not None


def _quantity_answered(wanted: Quantity, actual: Cell, context: Context) -> Outcome:
    direction = direction_of(wanted, context)
    limit = direction is AT_MOST
    if limit and len(actual.quantities) == 1:
        label = actual.quantities[0].label
        if wanted.unit.dimension == "time" and _EARLY_OR_LATE.search(label):
            return words_for_date(actual.text)
        if _DIFFERENCE.search(label):
            return words_for_quantity(actual.text, wanted, context, limit=limit)
    if actual.quantities:
        given = actual.quantities
        if len(given) > 1 and "(" in actual.text:
            given = tuple(one for one in given if not _is_note(one, actual)) or given
        outcome = _figures_answered(wanted, given, context, direction, dated=bool(actual.dates))
        reached = actual.words and len(given) == 1 and outcome.verdict is Verdict.MET
        if reached and not limit and unfinished(actual.words):
            return JUDGEMENT
        unlike = outcome.flags and Flag.UNIT_MISMATCH in outcome.flags
        return MISSED if unlike and some_failed(actual.text, wanted) else outcome
    return _words_answered(wanted, actual, context, limit=limit)


def _words_answered(wanted: Quantity, actual: Cell, context: Context, *, limit: bool) -> Outcome:
    """Compare a quantity with an actual that holds no quantity: a date, or words."""
    if wanted.unit.dimension == "time":
        if actual.dates:
            return date_for_duration(wanted, actual.dates[-1])
        if context.timeliness:
            return words_for_date(actual.words)
    if actual.dates and not actual.words:
        return KIND_MISMATCH
    return words_for_quantity(actual.words, wanted, context, limit=limit)


def _figures_answered(
    wanted: Quantity, given: Sequence[Quantity], context: Context, direction: Direction, *, dated: bool
) -> Outcome:
    """Compare with the figures that may answer; where they do not agree, a person judges."""
    if len(given) == 1:
        if _total_of_many(given[0], wanted, direction):
            return JUDGEMENT
        return compare_quantities(wanted, _as_amount(given[0], wanted), context, direction)
    share = _share_of(given, wanted)
    if share is not None:
        return compare_quantities(wanted, share, context, direction)
    alike = _named(_alike(wanted, given), f"{wanted.label}{context.name}")
    chosen = [quantity for quantity in alike if _DONE.search(quantity.label)][:1] or alike
    outcomes = [
        compare_quantities(wanted, _as_amount(one, wanted), context, direction)
        for one in (*chosen, *_together(alike, dated=dated))
    ]
    return outcomes[0] if len({outcome.verdict for outcome in outcomes}) == 1 else JUDGEMENT


def _total_of_many(given: Quantity, wanted: Quantity, direction: Direction) -> bool:
    """Tell a total where so many for each are asked: `每校2人` answered by `共124人`."""
    if not wanted.unit.per or given.bare or given.unit.per or not wanted.unit.per - PERIODS.keys():
        return False
    return given.value >= (_ALL / 10 if direction is AT_MOST else 2) * wanted.value


def _share_of(given: Sequence[Quantity], wanted: Quantity) -> Quantity | None:
    """Work out the share that a part and its whole make (`8个课题中7个已结题` is 87.5%), None for others."""
    whole, part = given[0], given[-1]
    if wanted.unit.dimension != "ratio" or len(given) != _A_PAIR or not _OF_THEM.match(part.label):
        return None
    if not (whole.unit.counts and whole.unit == part.unit and whole.value >= part.value > 0):
        return None
    return part._replace(number=part.value * _ALL / whole.value, scale=ONE, unit=PERCENT)


def _as_amount(given: Quantity, wanted: Quantity) -> Quantity:
    """Take a share of the work done (`完成60%` of 5座) for the amount that it is."""
    share = given.unit == PERCENT and wanted.unit.dimension != "ratio" and wanted.unit.name
    if not share or given.high is not None or not _PROGRESS.search(given.label):
        return given
    return given._replace(number=wanted.number * given.number / 100, scale=wanted.scale, unit=wanted.unit)


def _alike(wanted: Quantity, given: Sequence[Quantity]) -> Sequence[Quantity]:
    """Choose the quantities of an actual that may answer a target: its unit or its kind, not as planned."""
    given = [quantity for quantity in given if _OF_THEM.match(quantity.label)] or given
    told = [quantity for quantity in given if not _PLANNED.search(quantity.label)] or given
    return next((found for found in _likeness(wanted.unit, told) if found), told[:1])


def _named(alike: Sequence[Quantity], name: str) -> Sequence[Quantity]:
    """Choose the figures whose own words stand in the row's name: of `受理765件,办结732件` for 受理案件数."""
    own = [_AROUND.sub("", one.label) for one in alike]
    named = [one for one, words in zip(alike, own, strict=True) if len(words) > 1 and words in name]
    apart = len(named) == 1 and sum(own[alike.index(named[0])] in words for words in own) == 1
    return named if apart else alike


def _together(alike: Sequence[Quantity], *, dated: bool) -> Iterator[Quantity]:
    """Add up amounts of one unit (`线上4场、线下3场`) of which none is told to be the total.

    What tells them apart stands before each; where it is a date (`dated`), nothing else need.
    """
    first = alike[0]
    if len(alike) == 1 or first.unit.per or first.unit.bare:
        return
    told = dated or all(one.label for one in alike)
    if not told or any(one.unit != first.unit or _TOTAL.search(one.label) for one in alike):
        return
    total = sum((one.value for one in alike), start=ZERO)
    if first.unit.dimension != "ratio" or total * first.unit.factor <= _ALL:
        yield first._replace(number=total, scale=ONE)


def _likeness(unit: Unit, given: Sequence[Quantity]) -> tuple[list[Quantity], ...]:
    """Sort quantities by how like a unit theirs is: the same, of one kind, of one dimension, bare."""
    return (
        [quantity for quantity in given if quantity.unit.name == unit.name],
        [quantity for quantity in given if quantity.unit.counts and kin(quantity.unit) == kin(unit)],
        [quantity for quantity in given if quantity.unit.dimension == unit.dimension],
        [quantity for quantity in given if quantity.unit.bare or unit.bare],
    )


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
