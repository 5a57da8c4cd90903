"""Numbers as forms print them, and what each says by itself: digits, numerals, powers, 万 and 亿, its unit.

Everything is a Decimal, exact to the printed digit. A run of more than `MOST_DIGITS` digits is no figure
that anybody measured; it is left to be words. `1.2万亩`, `200余人`, `75元/人·年`, `百分之九十五` and `3/4`
are each one magnitude, all up to the operator after it.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import NamedTuple

from perfkit.values.quantity import BARE, ONE, PERCENT, PERIODS, TEN, Unit, leading_unit, units
from perfkit.values.vocabulary import table

MOST_DIGITS = 24
DIGITS = r"(?:[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])|[0-9]+)(?:\.[0-9]+)?"
_EXPONENT = r"(?:\^[0-9]{1,2}(?![0-9])|[⁰¹²³⁴-⁹]{1,2})"
# A power of ten stands alone or multiplies: 10³, 5×10⁴, 1.2*10^5.
POWERED = rf"(?:10{_EXPONENT}|{DIGITS}(?:[*xX]10{_EXPONENT})?)"
NUMERALS = "〇零一二两三四五六七八九十廿卅百千万亿壹贰叁肆伍陆柒捌玖拾佰仟半几"

OPENING_NUMERALS = "〇零一二两三四五六七八九十廿卅壹贰叁肆伍陆柒捌玖拾半"
_NUMERAL_DIGITS = dict(zip("〇零一二三四五六七八九", (0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9), strict=True))
_NUMERAL_DIGITS |= dict(zip("两壹贰叁肆伍陆柒捌玖", (2, 1, 2, 3, 4, 5, 6, 7, 8, 9), strict=True))
_SMALL = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_LARGE = {"万": 10**4, "亿": 10**8}
MULTIPLIERS = {
    **{sign: Decimal(size) for sign, size in (_SMALL | _LARGE).items()},
    "k": Decimal(1000),
    "w": Decimal(10**4),
}
_LONGEST_NUMERAL = 20
_HALVES = ("半", "一半")
_TEN_DECIMALS = Decimal("1e-10")


_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")


def plain_number(text: str) -> Decimal:
    """Give the value of digits with or without thousands commas, or of a power: `5*10⁴`, `10^3`."""
    text = text.replace(",", "")
    if "^" in text or not text.isascii():
        factor, exponent = _power(text)
        return Decimal(factor or 1) * Decimal(10) ** exponent
    return Decimal(text)


def _power(text: str) -> tuple[str, int]:
    """Split `5*10⁴` into its factor and its exponent."""
    ten = text.rindex("10")
    exponent = text[ten + 2 :].lstrip("^").translate(_SUPERSCRIPTS)
    return text[:ten].rstrip("*xX"), int(exponent)


def chinese_number(text: str) -> Decimal | None:
    """Give the value of a Chinese numeral (`一百二十`, `两千零五`, `二〇二一`, `三点五`, `半`), or None."""
    if not text or len(text) > _LONGEST_NUMERAL:
        return None
    if text in _HALVES:
        return Decimal("0.5")
    whole, point, decimals = text.replace("廿", "二十").replace("卅", "三十").partition("点")
    base = _digit_by_digit(whole) if all(sign in _NUMERAL_DIGITS for sign in whole) else _by_place(whole)
    if not point or base is None:
        return base
    tail = _digit_by_digit(decimals)
    return None if tail is None else base + tail.scaleb(-len(decimals))


def _digit_by_digit(text: str) -> Decimal | None:
    """Read a numeral written like a telephone number (`二〇二一`)."""
    if not text or any(sign not in _NUMERAL_DIGITS for sign in text):
        return None
    return Decimal("".join(str(_NUMERAL_DIGITS[sign]) for sign in text))


def _by_place(text: str) -> Decimal | None:
    """Add up a numeral written with 十百千万亿; a last bare digit after 百 or more means the next place."""
    total = section = 0
    digit: int | None = None
    for sign in text:
        if sign in _NUMERAL_DIGITS:
            digit = _NUMERAL_DIGITS[sign]
        elif sign in _SMALL:
            section += (1 if digit is None else digit or 1) * _SMALL[sign]
            digit = None
        elif sign in _LARGE:
            total = (
                (total + section + (digit or 0)) * _LARGE[sign] if total or section or digit else _LARGE[sign]
            )
            section, digit = 0, None
        else:
            return None
    if digit and text[-2] in _PLACE_BELOW:
        digit *= _PLACE_BELOW[text[-2]]
    return Decimal(total + section + (digit or 0))


_PLACE_BELOW = {"百": 10, "佰": 10, "千": 100, "仟": 100, "万": 1000, "亿": 10**7}
_CHINESE_FRACTION = re.compile(
    rf"([{NUMERALS}]{{1,6}}|[0-9]{{1,6}})分之([{NUMERALS}点]{{1,10}}|[0-9]{{1,10}}(?:\.[0-9]{{1,6}})?)"
)


def percentage(part: Decimal, whole: Decimal) -> Decimal:
    """Give a part of a whole in percent, to ten decimals."""
    exact = part * 100 / whole
    return exact.quantize(_TEN_DECIMALS).normalize() if exact.adjusted() < MOST_DIGITS / 2 else exact


def chinese_fraction(text: str) -> tuple[Decimal, str] | None:
    """Read `百分之九十五`, `三分之二`, `千分之3` as a percentage; give it with the text it took."""
    found = _CHINESE_FRACTION.match(text)
    if found is None:
        return None
    under, over = (_either(part) for part in found.groups())
    if under is None or over is None or under == 0:
        return None
    return percentage(over, under), found[0]


def _either(text: str) -> Decimal | None:
    return plain_number(text) if text[0] in "0123456789" else chinese_number(text)


NUMBER = re.compile(
    rf"(?<![0-9A-Za-z.]){POWERED}|(?<![第{NUMERALS}])(?:[{OPENING_NUMERALS}][{NUMERALS}]{{0,12}}(?:点[{NUMERALS}]{{1,6}})?|[百千万]+分之)"
)
_UNDER = re.compile(rf"/({DIGITS})(?![0-9/年月万千亿])")
_CODE = re.compile(r"[0-9A-Za-z]")
_ABOUT = ("余", "多", "来")
_AMONG = re.compile(r"10{0,5}(?![0-9.])[万千]?(?:人|户)?|[万千](?:人|户)?(?![\u4e00-\u9fffA-Za-z])")
_LINES = ("/", "每")
_MORE_LINES = ("/", "每", "·", "*", "、", ".")
_EACH = ("每个", "每一", "每")
_MOST_PER = 3
_TOGETHER = {
    "人天": ("人", "天"), "人·天": ("人", "天"), "人日": ("人", "天"), "人月": ("人", "个月"),
    "人·月": ("人", "个月"), "人年": ("人", "年"), "人·次": ("人次",), "半年": ("半年",),
}  # fmt: skip
_A_PERSON_A_TIME = {"人", "次"}
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
    doing, each_time = text[start - 2 : start], "每" in text[floor:start]
    given_to_each = doing in table("roles")["given_to_each"] and (each_time or text[start - 3] == "均")
    if given_to_each or (each_time and doing in table("roles")["doings"]):
        start -= 2
    while start > floor:
        for length in (2, 1):
            word = text[max(floor, start - length) : start]
            each = next((sign for sign in _EACH if text.endswith(sign, floor, start - length)), "")
            if each and (word in known or word in PERIODS):
                per.add(known[word].name if word in known else word)
                start -= length + len(each)
                break
        else:
            break
    average = _AVERAGES.get(text[max(floor, start - 2) : start])
    if average and not per:
        per.add(average)
    return frozenset(per), start if per else given
