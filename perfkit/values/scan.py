"""Finding quantities in a cell, from `≥50个` to `培训3期共300余人次`, with the operators beside them.

`≥`, `不低于`, `以上` all say at-least; they are looked up by the text next to a number, the longest spelling
first, so that 不超过 is never read as 超过. Only what can be a quantity is taken: the 5 of 5G, the 12345 of a
hotline and the 一 of 一次性 are words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Literal

from perfkit.values.numbers import NUMBER, chinese_number, magnitude_at, per_before
from perfkit.values.quantity import BARE, RANGE_SIGNS, UNKNOWN, Quantity, Unit, join_ranges, leading_unit
from perfkit.values.rules import Direction
from perfkit.values.vocabulary import table

Side = Literal["prefix", "suffix"]


@dataclass(frozen=True, slots=True)
class Found:
    """Hold an operator beside a number: spelling, direction, whether it approximates, and to either side.

    A word with neither (共, 为, 完成) stands between a label and its number and says nothing.
    """

    text: str = ""
    direction: Direction | None = None
    approximate: bool = False
    around: bool = False


NOTHING = Found()


@cache
def _by_edge(side: Side) -> dict[str, tuple[Found, ...]]:
    """Index the vocabulary of one side by the character that touches the number, longest word first."""
    words = table("operators")
    found = [
        Found(word, Direction(direction))
        for direction, spellings in words[side].items()
        for word in spellings
    ]
    found += [
        Found(word, approximate=True, around=word in words["around"]) for word in words["approximate"][side]
    ]
    if side == "prefix":
        found += [Found(word) for word in words["neutral"]]
    edge = -1 if side == "prefix" else 0
    index: dict[str, tuple[Found, ...]] = {}
    for one in sorted(found, key=lambda one: -len(one.text)):
        index[one.text[edge]] = (*index.get(one.text[edge], ()), one)
    return index


def directing() -> list[str]:
    """Give every word and sign that gives a direction."""
    words = table("operators")
    return [word for side in ("prefix", "suffix") for spellings in words[side].values() for word in spellings]


def operator_before(text: str, floor: int, start: int) -> Found:
    """Give the operator that ends where the number starts, not reaching under `floor`."""
    if start <= floor:
        return NOTHING
    for found in _by_edge("prefix").get(text[start - 1], ()):
        if text.endswith(found.text, floor, start):
            return found
    return NOTHING


def operator_after(text: str, end: int) -> Found:
    """Give the operator that starts where the number and its unit end."""
    if end >= len(text):
        return NOTHING
    for found in _by_edge("suffix").get(text[end], ()):
        if text.startswith(found.text, end):
            return found
    return NOTHING


STOPS = frozenset(",;。、!?:()\n ")
_ENDS = STOPS | set(RANGE_SIGNS) | {"±", "+"}
_BEFORE_A_SIGN = frozenset("≥≤><=~:(,;")
_CODE_LETTERS = frozenset("GTKVMLWt")
_INSIDE = ("内容", "内部", "内设", "内涵", "起来")
_UNKNOWN_UNIT = re.compile(r"[\u4e00-\u9fff]{1,4}")
_BEHIND_A_SIGN = re.compile(r"[\u4e00-\u9fffA-Za-zμΩ°/·²³㎡]{1,8}")
_AND_ALSO = ("以及", "并且", "同时")
_SIGNS = frozenset("≥≤><=")
_OF_WHICH = frozenset({"以上", "及以上", "以下", "及以下", "以内"})
_COUNT_IN_WORDS = re.compile(
    r"(?:已|共|有|均|新增|完成|实现|组织|开展|建成|获批)*"
    r"(?P<number>[一二两三四五六七八九十百]{1,5})(?P<unit>[个项家名座所台套场份部篇辆处人起件])"
    r"[\u4e00-\u9fff]{1,12}?(?P<suffix>及?以[上下内])?"
)
_MOST_OPERATORS = 4
_LARGEST_EXPONENT = 18


def scan(text: str) -> list[Quantity]:
    """Find every quantity in a folded cell, in order."""
    found: list[Quantity] = []
    floor = 0
    for match in NUMBER.finditer(text):
        if match.start() >= floor:
            quantity = _quantity_at(text, match, floor)
            if quantity is not None:
                found.append(quantity)
                floor = quantity.end
    if len(found) <= 1:
        return [_with_tail(one, None, text) for one in found]
    parts = text.find("其中")
    if parts >= 0:
        found = [one._replace(label=f"其中{one.label}") if one.start > parts else one for one in found]
    found = [
        one for one, after in zip(found, [*found[1:], None], strict=True) if not _of_a_noun(one, after, text)
    ]
    joined = list(join_ranges(found, text))
    return [_with_tail(one, after, text) for one, after in zip(joined, [*joined[1:], None], strict=True)]


def _with_tail(one: Quantity, after: Quantity | None, text: str) -> Quantity:
    """Give a quantity the words behind it, up to the next stop; before another number they are that one's."""
    end = one.end
    while end < len(text) and text[end] not in STOPS:
        end += 1
    if end == one.end or (after is not None and end > after.start):
        return one
    return one._replace(tail=text[one.end : end])


def _of_a_noun(one: Quantity, after: Quantity | None, text: str) -> bool:
    """Tell a measure that only says which things the next number counts: `5万元以上村占比100%`."""
    if after is None or one.operator not in _OF_WHICH or one.unit.counts or one.unit.dimension == "ratio":
        return False
    noun = text[one.end : after.start]
    return bool(noun) and STOPS.isdisjoint(noun) and noun not in RANGE_SIGNS and noun == after.label


def count_in_words(text: str) -> Quantity | None:
    """Read a cell that is a count of something in a numeral (`两个项目通过验收`); None for any other."""
    found = _COUNT_IN_WORDS.fullmatch(text)
    number = chinese_number(found["number"]) if found else None
    if found is None or number is None:
        return None
    suffix = operator_after(found["suffix"] or "", 0)
    unit, _ = leading_unit(found["unit"])
    return Quantity(
        number, unit=unit, direction=suffix.direction, operator=suffix.text, end=found.end("unit")
    )


def _quantity_at(text: str, match: re.Match[str], floor: int) -> Quantity | None:
    """Read the quantity whose number was matched, or None where the number is part of a word."""
    if _ordinal(text, match.start()):
        return None
    magnitude = magnitude_at(text, match)
    if magnitude is None or (magnitude.number * magnitude.scale).adjusted() > _LARGEST_EXPONENT:
        return None
    start, unit, end = match.start(), magnitude.unit, magnitude.end
    negative = _is_negative(text, start, floor)
    start -= text[start - 1 : start] in ("+", "-") and negative is not None
    prefix, begin = _operators_before(text, start, floor)
    suffix = operator_after(text, end)
    if text.startswith(_INSIDE, end):
        suffix = NOTHING
    signed = prefix.text in _SIGNS
    if not unit.bare or suffix.text or magnitude.chinese:
        pass
    elif signed or not prefix.text:
        unit, end = _unknown_unit(text, begin if signed else start, end, signed=signed)
    stop = end + len(suffix.text)
    marked = bool(prefix.text or suffix.text)
    if not _credible(text, (begin, stop), unit, chinese=magnitude.chinese, marked=marked):
        return None
    per, begin = per_before(text, begin, floor)
    within = prefix.direction is Direction.WITHIN  # `±5%以内` is no limit
    direction = prefix.direction if within else suffix.direction or prefix.direction
    return Quantity(
        -magnitude.number if negative else magnitude.number,
        magnitude.scale,
        unit.divided(per),
        direction,
        (prefix.text or suffix.text) if direction else "",
        tolerance=within,
        approximate=magnitude.approximate or prefix.approximate or suffix.approximate,
        around=prefix.around or suffix.around,
        start=begin,
        end=stop,
        label=_label(text, floor, match.start()),
    )


def _ordinal(text: str, start: int) -> bool:
    """Tell that 第 stands before a number in digits: it counts nothing."""
    return start > 0 and text[start - 1] == "第"


def _is_negative(text: str, start: int, floor: int) -> bool | None:
    """Tell the sign before a number, None where there is none: after a word a hyphen is a dash."""
    sign = start - 1
    if sign < floor or text[sign] not in "+-":
        return None
    opens = sign == 0 if sign == floor else text[sign - 1] in _BEFORE_A_SIGN
    return text[sign] == "-" if opens else None


def _operators_before(text: str, start: int, floor: int) -> tuple[Found, int]:
    """Give the operator before a number and where it begins; approximations and 共 may stand between."""
    if start <= floor:
        return NOTHING, start
    approximate, around, operator = False, False, NOTHING
    for _ in range(_MOST_OPERATORS):
        found = operator_before(text, floor, start)
        if not found.text or (found.direction is not None and operator.direction is not None):
            break
        operator = found if found.direction is not None else operator
        approximate, around = approximate or found.approximate, around or found.around
        start -= len(found.text)
    if approximate:
        operator = Found(operator.text or "约", operator.direction, approximate=True, around=around)
    return operator, start


def _unknown_unit(text: str, start: int, end: int, *, signed: bool) -> tuple[Unit, int]:
    """Take a short word after a number that opens its segment for a unit nobody listed."""
    opens = start == 0 or text[start - 1] in STOPS
    found = (_BEHIND_A_SIGN if signed else _UNKNOWN_UNIT).match(text, end) if opens else None
    if found is None or (found.end() < len(text) and text[found.end()] not in STOPS):
        return BARE, end
    return Unit(found[0], UNKNOWN), found.end()


def _label(text: str, floor: int, begin: int) -> str:
    """Give the text before a number, operator words included, back to the last punctuation."""
    start = begin
    while start > floor and text[start - 1] not in STOPS:
        start -= 1
    return text[start:begin]


def _credible(text: str, span: tuple[int, int], unit: Unit, *, chinese: bool, marked: bool) -> bool:
    """Tell whether a number in a text is a quantity rather than part of a word."""
    begin, end = span
    ends = end >= len(text) or text[end] in _ENDS or text.startswith(_AND_ALSO, end)
    if chinese:
        return (bool(unit.name) and (ends or marked)) or span == (0, len(text))
    if _ordinal(text, begin):
        return False
    if ends or marked:
        return True
    if not unit.name or "A" <= text[end] <= "z":
        return False
    return text[end - 1] not in _CODE_LETTERS
