"""Numbers as forms print them: digits with commas, Chinese numerals, fractions, multipliers.

Everything is a Decimal, exact to the printed digit. A run of more than `MOST_DIGITS` digits is no
figure that anybody measured; it is left to be words.
"""

from __future__ import annotations

import re
from decimal import Decimal

MOST_DIGITS = 24
DIGITS = r"(?:[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])|[0-9]+)(?:\.[0-9]+)?"
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


def plain_number(text: str) -> Decimal:
    """Give the value of digits with or without thousands commas and sign."""
    return Decimal(text.replace(",", ""))


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
