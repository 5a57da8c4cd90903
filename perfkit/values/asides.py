"""Figures in brackets beside the figure that answers: attributes of some of it, or another story.

`120张（护理型80张）` is 120 beds; `50台（已安装45台）` and `25分钟（最长40分钟）` say that it is not all as
the figure says, and `98%（100件整改90件）` that it was worked out wrongly. A verdict that the bracket would
turn is left to a person.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from perfkit.values.derived import EARLIER, before, part_of_whole, search
from perfkit.values.figures import compare_quantities
from perfkit.values.quantity import ONE, comparable
from perfkit.values.rules import SURE
from perfkit.values.states import troubles
from perfkit.values.terms import AT_LEAST, MET, MISSED
from perfkit.values.tokens import ends_in_another_thing
from perfkit.values.vocabulary import any_of, table

if TYPE_CHECKING:
    from perfkit.values.cell import Cell
    from perfkit.values.quantity import Quantity
    from perfkit.values.rules import Case, Outcome

_COUNTS_INSTEAD = re.compile(r"调(?![解查度研处])|变|(?<!整)改(?![造良善])|实(?![施现名验训习])")
_COMPARED = re.compile(r"同比|环比|[较比]|[增升降减提]")


@cache
def _search(family: str) -> re.Pattern[str]:
    return re.compile(any_of(table("demands")[family]))


def is_note(part: Quantity, cell: Cell) -> bool:
    """Tell a figure that only notes, in brackets, what stands before it; a changed target is none."""
    return cell.in_brackets(part) and not _COUNTS_INSTEAD.search(part.label)


def aside_differs(case: Case, outcome: Outcome) -> bool:
    """Tell a bracket beside the figure that answered which would turn its verdict."""
    cell = case.actual
    answer = next((one for one in case.figures if one.start == outcome.at), None)
    notes = [one for one in case.figures if is_note(one, cell)]
    if not notes or answer is None or answer in notes or outcome.verdict not in SURE:
        return False
    worked_out = part_of_whole(case._replace(actual=cell._replace(quantities=tuple(notes))))
    if worked_out is not None and worked_out.sure:
        return worked_out.verdict is not outcome.verdict
    if outcome.verdict is MISSED:
        return any(_comes_on_top(one, answer, case) for one in notes)
    return outcome.verdict is MET and any(_says_otherwise(one, answer, case) for one in notes)


def _comes_on_top(note: Quantity, answer: Quantity, case: Case) -> bool:
    """Tell a figure in brackets that comes on top of the answer, and with it meets the target."""
    if not (_alike(note, answer, case) and _search("aside_more").search(_words(note, case))):
        return False
    return _meets(case, answer._replace(number=answer.value + note.value, scale=ONE))


def _words(note: Quantity, case: Case) -> str:
    return f"{before(case.actual, note)}{note.tail}"


def _alike(note: Quantity, answer: Quantity, case: Case) -> bool:
    return comparable(answer.unit, note.unit) and comparable(case.figure.unit, note.unit)


def leaves_out(case: Case) -> bool:
    """Tell an actual that leaves out of its figure what the row does not (`27.6%（不含中药饮片）`)."""
    found = _search("leaving_out").search(case.actual.text)
    return found is not None and not _search("leaving_out").search(f"{case.context.name}{case.target.text}")


def _says_otherwise(note: Quantity, answer: Quantity, case: Case) -> bool:
    """Tell a figure of the answer's kind in brackets by which the target would not be met."""
    words = _words(note, case)
    if not _alike(note, answer, case) or any(
        one.search(words) for one in (EARLIER, search("planned"), _COMPARED)
    ):
        return False
    if _search("aside_more").search(words):
        return not _meets(case, answer._replace(number=answer.value + note.value, scale=ONE))
    if not case.limit and _search("aside_less").search(words):
        return not _meets(case, answer._replace(number=answer.value - note.value, scale=ONE))
    opened = None if case.limit else _search("aside_parts").match(words)
    if opened and ends_in_another_thing(words[opened.end() :], case):
        return not _meets(case, answer._replace(number=answer.value - note.value, scale=ONE))
    doubt = _search("aside_doubts").search(words) or (case.limit and (not words or troubles(words)))
    return bool(doubt) and not _meets(case, note)


def _meets(case: Case, figure: Quantity) -> bool:
    """Tell whether a figure meets the target, its words aside."""
    plain = figure._replace(label="", tail="", operator="", direction=None)
    direction = case.direction or AT_LEAST
    return compare_quantities(case.figure, plain, case.context, direction).verdict is MET
