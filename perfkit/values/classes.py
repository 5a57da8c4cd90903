"""Classes told by a number: `二级` is `2级`, `SCI一区` is within `SCI二区以上`.

Which number is the better one depends on what is classed; where nobody can say, and where the class is
not reached, a person judges. 3类 may be three kinds of things: then it is no class.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from perfkit.levels import level2 as canonical_level2
from perfkit.values.compare import JUDGEMENT, Outcome
from perfkit.values.numbers import chinese_number
from perfkit.values.terms import Basis, Verdict
from perfkit.values.vocabulary import any_of, table

if TYPE_CHECKING:
    from perfkit.values.context import Context

_MET = Outcome(Verdict.MET, Basis.STATED)
_MISSED = Outcome(Verdict.MISSED, Basis.STATED)
_WAYS = {"first": -1, "last": 1, "unknown": 0}
_ROMAN = "ⅠⅡⅢⅣⅤ"
MAY_BE = re.compile("[级类等档区星A-E]")  # in every cell that says a class
_STEPS = "甲乙丙 "
_LETTER = re.compile(r"(?P<letter>[A-E])(?P<sign>\+{0,3}|-)")
_NAMED = re.compile(r"[1-5]A(?=级|景)|A{1,5}(?=级|景)|[一二三四五六甲乙丙1-6](?=级|星级|等奖)")
_BEFORE = (
    r"(?:已|均|全部|稳定|创成|达到?|保持在?|维持在?|不低于|优于|或|被?评为|评定为|认定为|获评?|通过|为)*"
)
_AFTER = r"(?:及|或|以上|标准|水平|水质|水体|认证|认定|评审|测评)*"


@cache
def _class() -> re.Pattern[str]:
    """Build the match for a cell that says a class and nothing else."""
    ofs, kinds = any_of(table("classes")["ofs"]), any_of(_better())
    number = "[1-9一二三四五六七八九ⅠⅡⅢⅣⅤ]"
    return re.compile(
        rf"{_BEFORE}(?P<of>(?:{ofs})*)(?P<number>{number})(?P<kind>{kinds})(?P<step>[甲乙丙]?)等?{_AFTER}"
    )


@cache
def _classed() -> re.Pattern[str]:
    return re.compile(any_of(table("classes")["classed"]))


@cache
def _better() -> dict[str, int]:
    """Give for each kind of class the way in which it gets better: down, up, or 0 where nobody can say."""
    return {kind: _WAYS[way] for way, kinds in table("classes")["kinds"].items() for kind in kinds}


def compare_classes(target: str, actual: str, context: Context) -> Outcome | None:
    """Compare two cells that are classes of one kind; None where they are not."""
    letters = _LETTER.fullmatch(target), _LETTER.fullmatch(actual)
    if letters[0] and letters[1]:
        return _MET if _rank(letters[1]) <= _rank(letters[0]) else _MISSED
    wanted, given = _class().fullmatch(target), _class().fullmatch(actual)
    if wanted is None or given is None or wanted["kind"] != given["kind"]:
        return None
    roman = wanted["number"] in _ROMAN and given["number"] in _ROMAN  # a ladder of its own
    if roman or _counts(wanted, f"{context.name}{target}{actual}", context.level2):
        return None
    return _compared(wanted, given)


def _compared(wanted: re.Match[str], given: re.Match[str]) -> Outcome:
    if wanted["of"] and given["of"] and wanted["of"] != given["of"]:
        return JUDGEMENT
    up = (_number(given["number"]) - _number(wanted["number"])) * _better()[wanted["kind"]]
    if _number(given["number"]) != _number(wanted["number"]):
        return _MET if up > 0 else JUDGEMENT
    if _step(given) <= _step(wanted):
        return _MET
    return _MISSED if given["step"] else JUDGEMENT


def _rank(letter: re.Match[str]) -> tuple[str, int]:
    """Give the rank of `B++`, `B+`, `B`, `B-`: the lower the better."""
    return letter["letter"], letter["sign"].count("-") - letter["sign"].count("+")


def _counts(wanted: re.Match[str], told: str, level2: str) -> bool:
    """Tell that a class word counts kinds of things: `3类` under 采购物资."""
    in_digits = wanted["number"].isdecimal()
    counted = table("classes")["counted"] + (table("classes")["counted_in_digits"] if in_digits else [])
    if wanted["kind"] not in counted or _classed().search(told):
        return False
    return in_digits or canonical_level2(level2) == "数量指标"


def _number(text: str) -> int:
    if text in _ROMAN:
        return _ROMAN.index(text) + 1
    return int(text if text.isdecimal() else chinese_number(text) or 0)


def _step(found: re.Match[str]) -> int:
    """Give the place of 甲, 乙 or 丙 within a class; a class without comes last."""
    return _STEPS.index(found["step"] or " ")


@cache
def _levels() -> tuple[re.Pattern[str], dict[str, tuple[int, int]]]:
    """Build the search for words of any ladder of levels, and the ladder and the place of each."""
    ladders = enumerate(table("classes")["levels"])
    places = {
        word: (ladder, place)
        for ladder, levels in ladders
        for place, words in enumerate(levels)
        for word in words
    }
    return re.compile(rf"(?:{any_of(places)})(?!财政|预算|资金)"), places


def names_a_class(label: str) -> bool:
    """Tell a label that names a class or a level."""
    return bool(label) and (_NAMED.search(label) or _levels()[0].search(label)) is not None


def of_another_class(wanted: str, given: str) -> bool:
    """Tell labels of another class (`4A级景区` and `3A级`), or of a lower level (`中央级媒体` and `省级`)."""
    asked, told = set(_NAMED.findall(wanted)), set(_NAMED.findall(given))
    if asked and told and asked.isdisjoint(told):
        return True
    levels, lower = _lowest(wanted), _lowest(given)
    return any(place > levels.get(ladder, place) for ladder, place in lower.items())


def of_that_class(wanted: str, given: str) -> bool:
    """Tell labels that name one class or level: `采用26条,其中省级18条` for `被省级采用20条`."""
    if not set(_NAMED.findall(wanted)).isdisjoint(_NAMED.findall(given)):
        return True
    return not set(_lowest(wanted).items()).isdisjoint(_lowest(given).items())


def _lowest(label: str) -> dict[int, int]:
    """Give the lowest level that a label names on each ladder, 0 for the highest."""
    search, places = _levels()
    return dict(sorted(places[word] for word in search.findall(label)))
