"""The verdict on two cells: which table of rules is asked, and whether every token is accounted for.

A target of one part is answered by the like part of the actual, or by its words; a compound target part by
part. A part that nothing answers, or a word that no rule knows, leaves the row to a person.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from perfkit.values.cell import EMPTY, Cell, Part, points_typed, take_apart
from perfkit.values.comparison import direction_of
from perfkit.values.dates import Span
from perfkit.values.deadlines import (
    DATE_BY_DATE,
    DATE_BY_FIGURE,
    DATE_BY_WORDS,
    EARLY_OR_LATE,
    LENGTH_BY_DATE,
    NTH_DAY,
    as_of,
)
from perfkit.values.demands import disowned, is_note, unqualified
from perfkit.values.figure_rules import BEGUN, FIGURE_BY_FIGURE, likeness
from perfkit.values.ladders import IN_AN_ORDER, asks_for_a_class, related
from perfkit.values.mixed import FIGURE_BY_WORDS, WORDS_BY_FIGURE
from perfkit.values.parts import each_must_hold, so_many_for_each
from perfkit.values.prose import WORDS_BY_WORDS, bare_words, in_words
from perfkit.values.quantity import LONG, comparable
from perfkit.values.rules import (
    AT_MOST,
    JUDGEMENT,
    KIND_MISMATCH,
    SCAN_SUSPECT,
    STATED_MET,
    SURE,
    UNVERIFIABLE,
    WHOLE,
    Basis,
    Case,
    Flag,
    Outcome,
    Rule,
    Verdict,
    first_answer,
    measured,
)
from perfkit.values.states import Said, of_a_period, said
from perfkit.values.tokens import on_the_whole, unanswered, unknown_words, unread_numbers

if TYPE_CHECKING:
    from collections.abc import Sequence

    from perfkit.values.quantity import Quantity

_TRUSTLESS = frozenset({Flag.TEMPLATE, Flag.SCAN_SUSPECT})
_BEGUN = re.compile(rf"{BEGUN}|申请|开题|中期(?:检查|评估|考核|验收)")


def judge(case: Case) -> Outcome:
    """Compare a target cell with an actual cell; a sure verdict accounts for every token of both."""
    outcome = first_answer(_RULES, case) or JUDGEMENT
    if not outcome.sure:
        return STATED_MET._replace(rule="copy") if _copied(case, outcome) else outcome
    unknown = unknown_words(case, outcome)
    if outcome.basis is Basis.STATED and unread_numbers(case) > (outcome.verdict is not Verdict.MET):
        unknown = (*unknown, case.actual.text)
    unknown = (*unknown, *unanswered(case, outcome), *unqualified(case, outcome), *disowned(case, outcome))
    if not unknown:
        return outcome
    return JUDGEMENT._replace(rule=outcome.rule, unknown=unknown, unit=outcome.unit)


def _copied(case: Case, outcome: Outcome) -> bool:
    """Tell a sound copy of the target: what no rule could compare, the unit says by the target's words."""
    flags = case.target.flags | case.actual.flags | outcome.flags
    return case.target.text == case.actual.text and not case.target.blank and _TRUSTLESS.isdisjoint(flags)


def _blank(case: Case) -> Outcome | None:
    return UNVERIFIABLE if case.target.blank or case.actual.blank else None


def _trustless(case: Case) -> Outcome | None:
    """Leave alone what was scanned wrongly, or never filled in."""
    return None if _TRUSTLESS.isdisjoint(case.target.flags | case.actual.flags) else UNVERIFIABLE


def _points(case: Case) -> Outcome | None:
    """Tell the row's points, typed where its values belong."""
    if case.context.side is AT_MOST:
        return None
    typed = points_typed(_only(case.target), _only(case.actual), case.weight, case.context.name)
    return SCAN_SUSPECT if typed else None


def _in_an_order(case: Case) -> Outcome | None:
    core = _core(case.actual.text)
    alone = None if core == case.actual.text else case._replace(actual=case.actual._replace(text=core))
    return first_answer(IN_AN_ORDER, case) or (first_answer(IN_AN_ORDER, alone) if alone else None)


_REFERS = re.compile(r"\((?:详见|见|附)[^()]*\)?$")
_SOURCE = re.compile("(?:根据|依据|据|经|按|通过|截至|截止)[^,;。]{1,10}|[^,;。]{0,6}统计")


def _core(text: str) -> str:
    """Give the clause of an actual that is neither its source nor words on the target as a whole."""
    clauses = [one for one in _CLAUSE.split(_REFERS.sub("", text)) if one]
    core = [one for one in clauses if not (_SOURCE.fullmatch(one) or on_the_whole(one))]
    return core[0] if len(core) == 1 and said(text) not in {*_SHORT_OF_IT, Said.PARTLY} else text


def _many_parts(case: Case) -> Outcome | None:
    return first_answer(_COMPOUND, case) if len(case.target.parts) > 1 else None


def _one_part(case: Case) -> Outcome | None:
    """Compare a target of which one thing can be measured."""
    parts = case.target.parts
    if not parts:
        return None
    outcome = _answered(parts[0], case)
    if outcome.verdict is Verdict.MISSED and asks_for_a_class(case):
        return JUDGEMENT._replace(rule=outcome.rule)
    words = case.actual.words
    if not words or outcome.verdict is not Verdict.MET or outcome.basis is Basis.DERIVED:
        return outcome
    part = parts[0]
    timed = isinstance(part, Span) or part.unit.dimension == "time"
    begun = timed and _BEGUN.search(words) and not _BEGUN.search(f"{case.target.text}{case.context.name}")
    return JUDGEMENT._replace(rule="only-begun") if begun else outcome


def _words(case: Case) -> Outcome | None:
    """Compare a target in words."""
    same = bare_words(case.target.text) == bare_words(case.actual.text)
    table = WORDS_BY_FIGURE if case.actual.parts and not same else _WORDS
    return first_answer(table, case) or JUDGEMENT


def _related(case: Case) -> Outcome | None:
    text = in_words(case.target.text).replace("零增长", "不超过上年")
    return related(case._replace(target=case.target._replace(text=text)))


_EVERY = re.compile(
    r"(?:[于在])?(?:每个?(?P<of>月|季度?|年|周)|次(?P<next>月))(?P<day>[0-9]{1,2})[日号](?:之?[前内])?"
    r"(?:全部|及时|按时|均|已)*(?:完成|提交|上报|报送|发放|拨付|支付|到位|公布|发布)*"
)


def _recurring_day(case: Case) -> Outcome | None:
    """Compare days that come again (`每月10日前`, `每月8日前`): the same or an earlier one keeps them."""
    wanted, given = (_EVERY.fullmatch(cell.text) for cell in (case.target, case.actual))
    if wanted is None:
        return None
    if given is None:  # 按月发放 tells not by which day
        return JUDGEMENT if of_a_period(case.actual.text) else None
    if (wanted["of"], wanted["next"]) != (given["of"], given["next"]):
        return JUDGEMENT
    kept = int(given["day"]) <= int(wanted["day"])
    return measured(kept)._replace(late=not kept)


_WORDS = (Rule("recurring-day", _recurring_day, WHOLE), Rule("related", _related, WHOLE), *WORDS_BY_WORDS)
_RULES = (
    Rule("blank", _blank),
    Rule("not-to-be-trusted", _trustless),
    Rule("points-typed", _points),
    Rule("in-an-order", _in_an_order),
    Rule("compound", _many_parts),
    Rule("one-part", _one_part),
    Rule("words", _words),
)


def _answered(part: Part, case: Case) -> Outcome:
    """Ask the table of rules for one part of the target and what stands in the actual."""
    asked = case._replace(
        wanted=part, direction=None if isinstance(part, Span) else direction_of(part, case.context)
    )
    for table in _tables(part, asked):
        outcome = first_answer(table, asked)
        if outcome is not None:
            return outcome
    return KIND_MISMATCH._replace(rule="nothing-to-compare")


def _tables(part: Part, case: Case) -> Sequence[tuple[Rule, ...]]:
    """Give the tables for a part of the target and the kind of actual that answers it."""
    actual = case.actual
    if isinstance(part, Span):
        if actual.dates:
            return (DATE_BY_DATE,)
        figured = len(actual.quantities) == 1 and not EARLY_OR_LATE.search(actual.text)
        return (DATE_BY_FIGURE, DATE_BY_WORDS) if figured else (DATE_BY_WORDS,)
    if actual.quantities:
        return (FIGURE_BY_FIGURE,)
    timed = part.unit.dimension == "time"
    if timed and actual.dates:
        return (LENGTH_BY_DATE,)
    return (NTH_DAY, DATE_BY_WORDS if timed and case.context.timeliness else FIGURE_BY_WORDS)


def _only(cell: Cell) -> Quantity | None:
    """Give the quantity of a cell that holds nothing else to measure."""
    return cell.quantities[0] if len(cell.quantities) == 1 and not cell.dates else None


# Compound targets.


def _part_by_part(case: Case) -> Outcome:
    """Compare a compound target part by part."""
    target, actual = case.target, case.actual
    undone = {part: words for part in target.parts if (words := _told_as_undone(part, actual))}
    if undone and len(undone) < len(target.parts):
        rest = [one for one in _CLAUSE.split(actual.text) if one not in undone.values()]
        case = case._replace(actual=take_apart(",".join(rest)))
        actual = case.actual
    else:
        undone = {}
    paired = _paired(tuple(part for part in target.parts if part not in undone), actual)
    nothing = _only(actual)
    if nothing is not None and nothing.bare and not nothing.number:
        paired = [(part, actual) for part in target.parts]
    if any(_total_for_each(part, rest) for part, rest in paired):
        return JUDGEMENT
    if any(_EITHER.match(target.text, part.end) for part in target.parts[:-1]):
        return JUDGEMENT  # `60篇或2期`: either may do
    outcomes = [_answered(part, case._replace(actual=rest)) for part, rest in paired if not rest.blank]
    unanswered = [part for part, rest in paired if rest.blank]
    verdicts = {outcome.verdict for outcome in outcomes} | {Verdict.MISSED for _ in undone}
    if not outcomes or not all(_only_notes(part, target) for part in unanswered) or not verdicts <= SURE:
        return JUDGEMENT
    basis = next(outcome.basis for outcome in outcomes if outcome.basis is not Basis.NONE)
    partly = Verdict.MISSED if _all_by_a_date(target) else Verdict.PARTLY
    verdict = verdicts.pop() if len(verdicts) == 1 else partly
    return Outcome(verdict, basis, late=any(outcome.late for outcome in outcomes))


def _told_as_undone(part: Part, actual: Cell) -> str:
    """Give the one clause that says of a part that it was not done (`示范店22家,示范街区正在创建`)."""
    if isinstance(part, Span):
        return ""
    noun = part.label.removesuffix(part.operator)
    told = [one for one in _CLAUSE.split(actual.text) if len(noun) >= _TWO and noun in one]
    if len(told) != 1 or said(told[0]) not in _SHORT_OF_IT:
        return ""
    counted = any(comparable(one.unit, part.unit) for one in take_apart(told[0]).quantities)
    return "" if counted else told[0]


_CLAUSE, _SHORT_OF_IT = re.compile("[,;。]"), frozenset({Said.MISSED, Said.ONGOING})


def _all_by_a_date(target: Cell) -> bool:
    """Tell one demand of a date and how much is due by it (`12月底达到100%`), no stop between them."""
    if len(target.parts) != _TWO or not isinstance(target.parts[0], Span):
        return False
    return _STOP.search(target.text, target.parts[0].end, target.parts[1].start) is None


def _only_notes(part: Part, cell: Cell) -> bool:
    """Tell a part that only notes, in brackets, what stands before it."""
    if isinstance(part, Span):
        return cell.in_brackets(part)
    first = cell.quantities[0]
    demands = part.direction is not None and not comparable(part.unit, first.unit)  # 2部(5分钟以上)
    return is_note(part, cell) and not demands


def _total_for_each(part: Part, answer: Cell) -> bool:
    """Tell a total where so many for each is asked (`4期,每期50人` answered by `4期,共216人`)."""
    given = _only(answer)
    if isinstance(part, Span) or given is None or not (part.unit.per - LONG or "每" in part.label):
        return False
    return not given.unit.per and "每" not in given.label and given.number != part.number


def _of_one_measure(parts: Sequence[Part], actual: Cell) -> list[Quantity]:
    """Give the figures that answer lengths of time alone, or sums of money alone, in their order."""
    measures = {"" if isinstance(part, Span) else part.unit.dimension for part in parts}
    if measures not in ({"time"}, {"money"}):
        return []
    return [one for one in actual.quantities if one.unit.dimension in measures]


def _paired(parts: tuple[Part, ...], actual: Cell) -> list[tuple[Part, Cell]]:
    """Pair each part of a target with what may answer it: like with like in order, words with all."""
    if not actual.parts:
        return [(part, actual) for part in parts]
    measured_alike = _of_one_measure(parts, actual)
    if len(measured_alike) == len(parts):
        return [
            (part, actual._replace(dates=(), quantities=(one,)))
            for part, one in zip(parts, measured_alike, strict=True)
        ]
    dates, quantities = list(actual.dates), list(actual.quantities)
    if len(dates) > sum(isinstance(part, Span) for part in parts):
        dates = [one for one in dates if not as_of(one, actual.text)]
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


def _each_of_so_many(case: Case) -> Outcome | None:
    """Compare each of as many as are asked for (`2期,每期60人` answered by the figure of either)."""
    parts = case.target.quantities
    if len(parts) != _TWO or case.target.dates or case.actual.dates:
        return None
    each, many = parts if parts[0].unit.per else parts[::-1]
    things = {many.unit.name, many.unit.name.removeprefix("个")}
    if not each.unit.per & things or len(case.figures) != many.value:
        return None
    if any(one.unit.name in things or one.high is not None for one in case.figures):
        return None
    return each_must_hold(case._replace(wanted=each, direction=direction_of(each, case.context)))


_TWO = 2
_STOP = re.compile("[,;、。(]")
_EITHER = re.compile("[,、]?或(?!以上|以下)者?")
_COMPOUND = (
    Rule("each-must-hold", _each_of_so_many, WHOLE),
    Rule("so-many-for-each", so_many_for_each, WHOLE),
    Rule("part-by-part", _part_by_part),
)
