"""Quantities: a number with its operator, multiplier and unit, found in a cell.

`scan` finds them all, from `≥50个` to `培训3期共300余人次`. It takes only what can be a quantity: the 5 of
5G, the 12345 of a hotline and the 一 of 一次性 are words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from perfkit.values import operators
from perfkit.values.numbers import (
    DIGITS,
    MULTIPLIERS,
    NUMERALS,
    chinese_fraction,
    chinese_number,
    plain_number,
)
from perfkit.values.terms import Direction
from perfkit.values.units import BARE, PERCENT, UNKNOWN, Unit, leading_unit, units
from perfkit.values.vocabulary import table

STOPS = ",;。、!?:()\n "


@dataclass(frozen=True, slots=True)
class Quantity:
    """Hold a number as read: `number` as printed, `scale` its multiplier (万 is 10000), `unit`.

    `high` is the upper end of a range in the same scale. `label` is the text before it in its segment.
    """

    number: Decimal
    scale: Decimal = Decimal(1)
    unit: Unit = BARE
    direction: Direction | None = None
    operator: str = ""
    high: Decimal | None = None
    tolerance: bool = False
    approximate: bool = False
    start: int = 0
    end: int = 0
    label: str = ""

    @property
    def value(self) -> Decimal:
        """Give the number in its unit, multiplier worked in."""
        return self.number * self.scale

    @property
    def bare(self) -> bool:
        """Tell that neither unit nor multiplier is printed."""
        return self.unit.bare and self.scale == 1


_NUMBER = re.compile(rf"(?:(?<![0-9A-Za-z.%]){DIGITS})|(?<![第{NUMERALS}])[{NUMERALS}]{{1,12}}")
_SINGLE_LETTER_UNITS = frozenset("GTKVMLWt")
_PER_BEFORE = re.compile(r"(?:每|/)([\u4e00-\u9fff]{1,2}?)(?=每|$)")
_AVERAGE = {"人均": "人", "户均": "户", "亩均": "亩", "生均": "生", "村均": "村", "车均": "车"}
_PER_AFTER = re.compile(r"[/每]([\u4e00-\u9fffA-Za-z0-9²³]{1,4})(?:[·*、./每]([\u4e00-\u9fff]{1,3}))?")
_UNKNOWN_UNIT = re.compile(r"[\u4e00-\u9fff]{1,4}")


def scan(text: str) -> list[Quantity]:
    """Find every quantity in a folded cell, in order."""
    found: list[Quantity] = []
    position = 0
    for match in _NUMBER.finditer(text):
        if match.start() < position:
            continue
        quantity = _read_at(text, match, position)
        if quantity is not None:
            found.append(quantity)
            position = quantity.end
    return list(_joined(found, text))


def _read_at(text: str, match: re.Match[str], floor: int) -> Quantity | None:
    """Read the quantity whose number was matched, or None where it is none."""
    start, end = match.span()
    fraction = chinese_fraction(text[start : start + 30])
    chinese = text[start] in NUMERALS
    scale, unit = Decimal(1), BARE
    if fraction is not None:
        number: Decimal | None = fraction[0]
        end, unit, chinese = start + len(fraction[1]), PERCENT, False
    elif chinese:
        number, end, unit = _numeral(text, start, end)
    else:
        number = plain_number(match[0])
        number, end, unit = _over(text, number, end)
    if number is None:
        return None
    middle = False
    if unit.bare:
        scale, unit, end, middle = _multiplier_and_unit(text, end)
    sign = _sign(text, start, floor)
    start -= len(sign)
    if sign == "-":
        number = -number
    prefix, begin = _operators_before(text, start, floor)
    tail = operators.after(text[end : end + 8])
    if tail.text == "内" and text[end : end + 2] in ("内容", "内部", "内设"):
        tail = operators.NOTHING
    if unit.bare and not tail.text and not prefix.text:
        unit, end = _unknown_unit(text, start, end, scale, chinese=chinese)
    stop = end + len(tail.text)
    label = _label(text[floor:begin])
    if not _credible(text, begin, stop, unit, chinese=chinese, marked=bool(prefix.text or tail.text)):
        return None
    per, begin = _per_before(text, begin, floor)
    direction = tail.direction if tail.direction and not tail.approximate else prefix.direction
    return Quantity(
        number,
        scale,
        unit.divided(per),
        direction,
        prefix.text or tail.text if direction else "",
        tolerance=prefix.direction is Direction.WITHIN,
        approximate=middle or prefix.approximate or tail.approximate,
        start=begin,
        end=stop,
        label=label,
    )


def _numeral(text: str, start: int, end: int) -> tuple[Decimal | None, int, Unit]:
    """Read a Chinese numeral and its unit; 万 and 亿 inside belong to the number."""
    for stop in range(end, start, -1):
        number = chinese_number(text[start:stop])
        unit, length = leading_unit(text[stop : stop + 8])
        if number is not None and length:
            return number, stop + length, unit
    return chinese_number(text[start:end]) if (start, end) == (0, len(text)) else None, end, BARE


def _over(text: str, number: Decimal, end: int) -> tuple[Decimal, int, Unit]:
    """Read a printed fraction (`3/4`) as a percentage."""
    under = re.compile(rf"/({DIGITS})(?![0-9/年月])").match(text, end) if text[end : end + 1] == "/" else None
    if under is None or plain_number(under[1]) == 0:
        return number, end, BARE
    return number * 100 / plain_number(under[1]), under.end(), PERCENT


def _multiplier_and_unit(text: str, end: int) -> tuple[Decimal, Unit, int, bool]:
    """Read what follows a number: 余, 万, the unit and what stands under its line."""
    scale, middle = Decimal(1), False
    for _ in range(4):
        unit, length = leading_unit(text[end : end + 8])
        if length > 1 or (length and text[end] not in MULTIPLIERS):
            end += length
            per, end = _per_after(text, end)
            return scale, unit.divided(per), end, middle
        sign = text[end : end + 1]
        if sign in MULTIPLIERS and sign:
            if sign in "kw" and text[end + 1 : end + 2] not in ("", "元", "人"):
                break
            scale *= MULTIPLIERS[sign]
        elif sign and sign in "余多来":
            middle = True
        else:
            break
        end += 1
    return scale, BARE, end, middle


def _per_after(text: str, end: int) -> tuple[frozenset[str], int]:
    found = _PER_AFTER.match(text, end)
    if found is None:
        return frozenset(), end
    known = units()
    for length in range(len(found[1]), 0, -1):
        if found[1][:length] in known:
            first = found[1][:length]
            break
    else:
        return frozenset(), end
    if length < len(found[1]) or found[2] is None or found[2] not in known:
        return frozenset({_per_name(first)}), found.start(1) + length
    return frozenset({_per_name(first), _per_name(found[2])}), found.end()


def _per_name(name: str) -> str:
    return units()[name].name


def _per_before(text: str, start: int, floor: int) -> tuple[frozenset[str], int]:
    """Read `每亩300`, `每人每年75元`, `人均300元` from the text before a number."""
    before, per = text[max(floor, start - 6) : start], set()
    known = units()
    while len(before) >= 2:
        for length in (2, 1):
            word = before[-length:]
            if word in known and before[:-length].endswith("每"):
                per.add(known[word].name)
                before = before[: -length - 1]
                start -= length + 1
                break
        else:
            break
    if not per and before[-2:] in _AVERAGE:
        return frozenset({_AVERAGE[before[-2:]]}), start
    return frozenset(per), start


def _sign(text: str, start: int, floor: int) -> str:
    """Give the sign before a number; a hyphen after a word or a number is a dash."""
    if start <= floor or text[start - 1] not in "+-":
        return ""
    before = text[start - 2 : start - 1]
    return text[start - 1] if not before or before in "≥≤><=:(" else ""


def _operators_before(text: str, start: int, floor: int) -> tuple[operators.Found, int]:
    """Give the operator before a number and where it begins; approximations and labels may stand between."""
    approximate, operator = False, operators.NOTHING
    for _ in range(4):
        found = operators.before(text[max(floor, start - 8) : start])
        neutral = (
            next((w for w in _neutral() if text.endswith(w, floor, start)), "") if not found.text else ""
        )
        if found.direction is not None and operator.direction is None:
            operator = found
        elif found.approximate:
            approximate = True
        elif not neutral:
            break
        start -= len(found.text or neutral)
    if operator.direction is None and approximate:
        operator = operators.Found("约", None, True)
    return operators.Found(operator.text, operator.direction, approximate), start


def _neutral() -> list[str]:
    words: list[str] = table("operators")["neutral"]
    return words


def _unknown_unit(text: str, start: int, end: int, scale: Decimal, *, chinese: bool) -> tuple[Unit, int]:
    """Take a short word after a number that opens its segment for a unit nobody listed."""
    found = _UNKNOWN_UNIT.match(text, end)
    if chinese or found is None or (found.end() < len(text) and text[found.end()] not in STOPS):
        return BARE, end
    if start > 0 and text[start - 1] not in STOPS:
        return BARE, end
    return Unit(found[0], UNKNOWN), found.end()


def _label(text: str) -> str:
    return re.split(r"[,;。、()\n ]", text)[-1]


def _credible(text: str, start: int, end: int, unit: Unit, *, chinese: bool, marked: bool) -> bool:
    """Tell whether a number in a text is a quantity rather than part of a word."""
    ends = end >= len(text) or text[end] in STOPS
    if chinese:
        return not unit.bare and (ends or marked)
    last = text[end - 1]
    if not ends and last in _SINGLE_LETTER_UNITS and "\u4e00" <= text[end] <= "\u9fff":
        return False
    if not ends and unit.bare and text[end].isascii() and text[end].isalpha():
        return False
    if start > 0 and text[start - 1] == "第":
        return False
    return marked or not unit.bare or ends


def _joined(found: list[Quantity], text: str) -> Iterator[Quantity]:
    """Join the two ends of a range (`5~8个`, `95%-100%`) and a value with its tolerance (`50±5`)."""
    pending: Quantity | None = None
    for quantity in found:
        if pending is not None:
            joined = _join(pending, quantity, text)
            if joined is not None:
                pending = joined
                continue
            yield pending
        pending = quantity
    if pending is not None:
        yield pending


def _join(low: Quantity, high: Quantity, text: str) -> Quantity | None:
    between = text[low.end : high.start]
    if high.tolerance and not between and low.high is None and not low.direction:
        margin = high.value if high.unit != PERCENT or low.unit == PERCENT else low.value * high.number / 100
        return replace(
            low, number=low.value - margin, scale=Decimal(1), high=low.value + margin, end=high.end,
            direction=Direction.WITHIN, operator="±",
            unit=high.unit if low.unit.bare and high.unit != PERCENT else low.unit,
        )  # fmt: skip
    if between not in ("-", "~", "至", "到") or low.high is not None or (low.direction and high.direction):
        return None
    if low.bare:
        low = replace(low, scale=high.scale, unit=high.unit)
    if low.unit != high.unit and not high.unit.bare:
        return None
    return replace(
        low, high=high.value / low.scale, end=high.end, direction=Direction.WITHIN, operator="-",
        approximate=low.approximate or high.approximate,
    )  # fmt: skip
