"""Is a reading proven? The form's arithmetic proves it, the look of its values may doubt it.

In a grid whose cells all look as their columns should, arithmetic that fails is the unit's own fault, and the
reading is proven. Where columns were found by what cells say, or by the space between them, the arithmetic
has to close. Either way a value that looks like what another column holds is doubted, with its place and why.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import partial
from itertools import combinations
from typing import TYPE_CHECKING

from perfkit.form import Doubt, Proof
from perfkit.language import Text
from perfkit.readers.grid import is_out_of_sight
from perfkit.readers.layout.arithmetic import failing, misplaced, sums
from perfkit.readers.layout.looks import pattern
from perfkit.readers.layout.odd import by_look, doubt_of, text_at
from perfkit.readers.layout.recognised import proposing, unborne
from perfkit.readers.layout.record import number
from perfkit.readers.layout.shape import by_shape
from perfkit.readers.layout.words import is_blank, key, label_role, squeeze
from perfkit.text import say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from perfkit.form import Form, Unread
    from perfkit.readers.layout.record import Evidence

_MANY = 5  # doubts of a text that make every value of it doubtful
_EVERYTHING = Text("疑点较多；请核对每个值", "much of it is in doubt; please check every value")
NOT_READ = Text("未能读出，原文列在下面", "it could not be read; the text is listed")


def judged(form: Form, evidence: Evidence) -> Form:
    """Give a form with its reading: proven, or doubted with every value to be checked."""
    doubts = [
        *by_look(form),
        *by_shape(form, evidence),
        *_by_sums(form, evidence),
        *_unsure(form, evidence),
    ]
    unread = (each for each in form.unread if not is_out_of_sight(each.expected))
    doubts += (_of_unread(each) for each in unread if not _is_second_office(each, form))
    if doubts and evidence.aligned and (evidence.loose or len(doubts) >= _MANY):
        doubts.append(Doubt("indicators", "", "", _EVERYTHING))
    kept = {_told(doubt): doubt for doubt in reversed(doubts)}
    found = tuple(doubt for doubt in doubts if kept.get(_told(doubt)) is doubt)
    return replace(form, reading=Proof("doubted" if found else "proven", found))


def _told(doubt: Doubt) -> tuple[str, str, str]:
    """Give what a doubt says: of a value one is told, of a table or the form every one."""
    whole = not doubt.text and doubt.path in {"", "indicators", "budget"}
    return doubt.path, doubt.text, doubt.why.zh if whole else ""


def _is_second_office(cell: Unread, form: Form) -> bool:
    """Tell whether what is left over is an office that names itself (地方主管部门 beside 中央主管部门)."""
    label, *rest = cell.text.split(" | ")
    others = [text for text in rest if label_role(key(text)) is None]
    second = re.fullmatch("(中央|地方|省级?|市级?|县级?|区级?)主管(部门|单位)", key(label))
    if cell.path or second is None or others != rest[:1] or not pattern("organ").search(squeeze(others[0])):
        return False
    return _line_of(cell.place) != _line_of(form.source.places.get("department", ""))


def _line_of(place: str) -> str:
    return re.sub(", (column|field).*|![A-Z]+", "", place)


def _of_unread(cell: Unread) -> Doubt:
    why = say("reading.not_read", expected=cell.expected)
    return Doubt(cell.path, cell.place, cell.text, proposing(why, cell.text))


# the sums


def _by_sums(form: Form, evidence: Evidence) -> Iterator[Doubt]:
    found = sums(form, evidence.whole)
    failed = failing(found)
    for one, other in misplaced(form, evidence.whole, split="unit" in evidence.columns) if failed else ():
        why = Text("这两个数互换后表内各数相符", "with these two exchanged, every sum closes")
        yield doubt_of(form, one, text_at(form, one), why)
        yield doubt_of(form, other, text_at(form, other), why)
    offs = [each.off for each in failed if each.off]
    for each in failed:
        if each.off and len(offs) == offs.count(each.off) == 2:  # noqa: PLR2004
            why = Text("两列资金差同一个数，可能错了位", "two columns are off by the same amount")
            path = f"budget.total.{each.column}"
            yield doubt_of(form, path, text_at(form, path), why)
    if any(each.name == "rate" for each in failed):
        yield from _by_rate(form)
    if not evidence.aligned and not evidence.lacking:
        return
    for each in failed:
        path = "indicators" if each.name in {"weights", "scores"} else "budget"
        why = Text(f"{each.said.zh}；请核对每个值", f"{each.said.en}; please check every value")
        yield Doubt(path, "", "", why)
    if (
        evidence.aligned
        and not any(each.name in {"weights", "scores"} for each in found)
        and "weight" in evidence.columns
    ):
        why = Text(
            "没有分值和总分可以核对；请核对每个值",
            "no weights and no total prove it; please check every value",
        )
        yield Doubt("indicators", "", "", why)


def _by_rate(form: Form) -> Iterator[Doubt]:
    why = Text("这两个数互换后执行率相符", "with these two exchanged, the rate closes")
    for pair in combinations(("initial", "adjusted", "executed"), 2):
        for column in pair if _rate_closes(form, *pair) else ():
            yield doubt_of(form, f"budget.total.{column}", getattr(form.budget.total, column), why)


def _rate_closes(form: Form, one: str, other: str) -> bool:
    """Tell whether the printed rate is that of the amounts with two of them exchanged."""
    total = form.budget.total
    first, second = getattr(total, one), getattr(total, other)
    if first == second or None in {first, second}:
        return False
    moved = replace(form, budget=replace(form.budget, total=replace(total, **{one: second, other: first})))
    return not any(each.name == "rate" for each in failing(sums(moved)))


def _unsure(form: Form, evidence: Evidence) -> Iterator[Doubt]:
    for path, why in unborne(form, evidence, partial(text_at, form)):
        yield doubt_of(form, path, text_at(form, path), why)


def same_value(one: str, other: str) -> bool:
    """Tell whether two printed values are the same but for blanks and width."""
    if is_blank(one) and is_blank(other):
        return True
    first, second = number(one), number(other)
    return squeeze(one) == squeeze(other) or (first is not None and first == second)
