"""What a number says by itself: its digits, 万 and 亿, its unit and what stands under the line.

`1.2万亩`, `200余人`, `75元/人·年`, `百分之九十五`, `3/4`: all up to the operator after it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from perfkit.values.numbers import (
    DIGITS,
    MULTIPLIERS,
    NUMERALS,
    OPENING_NUMERALS,
    chinese_fraction,
    chinese_number,
    percentage,
    plain_number,
)
from perfkit.values.quantity import ONE, TEN
from perfkit.values.units import BARE, PERCENT, PERIODS, Unit, leading_unit, units

if TYPE_CHECKING:
    from decimal import Decimal

NUMBER = re.compile(
    rf"(?<![0-9A-Za-z.]){DIGITS}|(?<![第{NUMERALS}])(?:[{OPENING_NUMERALS}][{NUMERALS}]{{0,12}}(?:点[{NUMERALS}]{{1,6}})?|[百千万]+分之)"
)
_UNDER = re.compile(rf"/({DIGITS})(?![0-9/年月万千亿])")
_CODE = re.compile(r"[0-9A-Za-z]")
_ABOUT = ("余", "多", "来")
_AMONG = re.compile(r"10{0,5}(?![0-9.])[万千]?(?:人|户)?|[万千](?:人|户)?(?![\u4e00-\u9fffA-Za-z])")
_LINES = ("/", "每")
_MORE_LINES = ("/", "每", "·", "*", "、", ".")
_MOST_PER = 3
_TOGETHER = {
    "人天": ("人", "天"), "人·天": ("人", "天"), "人日": ("人", "天"), "人月": ("人", "个月"),
    "人·月": ("人", "个月"), "人年": ("人", "年"), "人·次": ("人次",), "半年": ("半年",),
}  # fmt: skip
_A_PERSON_A_TIME = {"人", "次"}
_GIVING = frozenset({"补助", "补贴", "资助", "奖励", "发放", "支付", "缴纳", "供养", "救助", "增收", "标准"})
_AVERAGES = {
    "人均": "人",
    "户均": "户",
    "亩均": "亩",
    "生均": "生",
    "村均": "村",
    "车均": "车",
    "日均": "天",
    "月均": "个月",
}


class Magnitude(NamedTuple):
    """Hold a number with its multiplier and unit, and where it ends in the text."""

    number: Decimal
    end: int
    unit: Unit = BARE
    scale: Decimal = ONE
    approximate: bool = False
    chinese: bool = False


def magnitude_at(text: str, found: re.Match[str]) -> Magnitude | None:
    """Read the magnitude whose number `NUMBER` found, or None where the numeral is part of a word."""
    start, end = found.span()
    if text[start] not in NUMERALS:
        number = plain_number(found[0])
        under = _UNDER.match(text, end) if text.startswith("/", end) else None
        if under is not None and plain_number(under[1]):
            return Magnitude(percentage(number, plain_number(under[1])), under.end(), PERCENT)
        return _with_unit(text, number, end)
    fraction = chinese_fraction(text[start : start + 30])
    if fraction is not None:
        return Magnitude(fraction[0], start + len(fraction[1]), PERCENT)
    return _numeral(text, start, end)


def _numeral(text: str, start: int, end: int) -> Magnitude | None:
    """Read a Chinese numeral with its unit; alone it is a number only where it is the whole cell."""
    alone = chinese_number(text) if (start, end) == (0, len(text)) else None
    if alone is not None:
        return Magnitude(alone, end, chinese=True)
    for stop in range(end, start, -1):
        number = chinese_number(text[start:stop])
        if number is None:
            continue
        about = text[stop : stop + 1] in _ABOUT
        unit, length = leading_unit(text, stop + about)
        if length:
            end = stop + about + length
            tenth = chinese_number(text[end : end + 1]) if unit.name == "成" else None
            if tenth is not None and tenth < TEN:
                number, end = number + tenth / TEN, end + 1
            return Magnitude(number, end, unit, approximate=about, chinese=True)
    return None


def _with_unit(text: str, number: Decimal, end: int) -> Magnitude:
    """Read what follows digits: 余, 万, the unit and what stands under its line."""
    scale, about = ONE, False
    for _ in range(4):
        unit, length = leading_unit(text, end)
        if length > 1 or (length and text[end] not in MULTIPLIERS):
            per, end = _per_after(text, end + length)
            return Magnitude(number, end, unit.divided(per), scale, about)
        sign = text[end : end + 1]
        if sign in _ABOUT:
            about = True
        elif sign in MULTIPLIERS and (sign not in "kw" or not _CODE.match(text, end + 1)):
            scale *= MULTIPLIERS[sign]
        else:
            break
        end += 1
    per, end = _per_after(text, end)
    return Magnitude(number, end, BARE.divided(per), scale, about)


def _per_after(text: str, end: int) -> tuple[frozenset[str], int]:
    """Read what stands under the line after a unit: `/人·月`, `/人、天`, `/10万`."""
    if text[end : end + 1] not in _LINES:
        return BARE.per, end
    per: set[str] = set()
    while text[end : end + 1] in (_MORE_LINES if per else _LINES) and len(per) < _MOST_PER:
        among = _AMONG.match(text, end + 1)
        name, length = (among[0], among.end() - end - 1) if among else _per_name(text, end + 1)
        if not length:
            break
        per |= set(_TOGETHER.get(name, (name,)))
        end += 1 + length
    if per >= _A_PERSON_A_TIME:
        per = per - _A_PERSON_A_TIME | {"人次"}
    return frozenset(per), end


def _per_name(text: str, start: int) -> tuple[str, int]:
    together = next((name for name in _TOGETHER if text.startswith(name, start)), "")
    if together:
        return together, len(together)
    unit, length = leading_unit(text, start)
    return unit.name, length


def per_before(text: str, start: int, floor: int) -> tuple[frozenset[str], int]:
    """Read `每亩300`, `每人每年75元`, `人均300元` from the text before a number; give where it begins."""
    per: set[str] = set()
    known, given = units(), start
    if text[start - 2 : start] in _GIVING and ("每" in text[floor:start] or text[start - 3] == "均"):
        start -= 2
    while start > floor:
        for length in (2, 1):
            word = text[max(floor, start - length) : start]
            if (word in known or word in PERIODS) and text.endswith("每", floor, start - length):
                per.add(known[word].name if word in known else word)
                start -= length + 1
                break
        else:
            break
    average = _AVERAGES.get(text[max(floor, start - 2) : start])
    if average and not per:
        per.add(average)
    return frozenset(per), start if per else given
