"""Excel's number formats: what a cell with a value and a format prints.

A format has up to four sections (`positive;negative;zero;text`, or sections with a condition), each of
placeholders (0 # ?), literals, scaling (% and trailing commas), an exponent, a fraction, or the parts of
a date, a time or a duration. Two things differ from Excel, because a reader must not lose a figure:
thousands are not parted, and decimals that were typed but not shown stay, up to four.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import lru_cache

BUILT_IN = {
    0: "General", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00",
    12: "# ?/?", 13: "# ??/??", 14: "yyyy/m/d", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM",
    19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss", 22: "yyyy/m/d h:mm", 27: 'yyyy"年"m"月"',
    28: 'm"月"d"日"', 29: 'm"月"d"日"', 30: "m-d-yy", 31: 'yyyy"年"m"月"d"日"', 32: 'h"时"mm"分"',
    33: 'h"时"mm"分"ss"秒"',
    34: '上午/下午h"时"mm"分"', 35: '上午/下午h"时"mm"分"ss"秒"', 36: 'yyyy"年"m"月"', 37: "#,##0;-#,##0",
    38: "#,##0;-#,##0", 39: "#,##0.00;-#,##0.00", 40: "#,##0.00;-#,##0.00", 45: "mm:ss", 46: "[h]:mm:ss",
    47: "mm:ss.0", 48: "##0.0E+0", 49: "@", 50: 'yyyy"年"m"月"', 51: 'm"月"d"日"', 52: 'yyyy"年"m"月"',
    53: 'm"月"d"日"', 54: 'm"月"d"日"', 55: '上午/下午h"时"mm"分"', 56: '上午/下午h"时"mm"分"ss"秒"',
    57: 'yyyy"年"m"月"', 58: 'm"月"d"日"',
}  # fmt: skip

_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"?|[\\!](?P<escaped>.)|(?P<skipped>[_*].)|\[(?P<bracket>[^\]]*)\]|(?P<general>General|G/通用格式)'
    r"|(?P<exponent>[Ee][+-][0#?]+)|(?P<half>AM/PM|A/P|上午/下午)|(?P<era>g{1,3}|e+|b{1,4}(?![a-z]))|(?P<weekday>a{3,4})"
    r"|(?P<date>y+|m+|d+|h+|s+)|(?P<digit>[0#?])|(?P<other>.)",
    re.IGNORECASE | re.DOTALL,
)
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?[\d.]+)")
_ELAPSED = re.compile(r"h+|m+|s+", re.IGNORECASE)
_CURRENCY = re.compile(r"\$([^-\]]*)(?:-.*)?")
_TYPED = 4
_LONGEST = 255
_LAST_DAY = 2_958_466
_SECONDS = 86_400
_WEEKDAYS = "一二三四五六日"


@dataclass(frozen=True, slots=True)
class _Section:
    """Hold one section of a format: its parts as (kind, text), and its condition."""

    parts: tuple[tuple[str, str], ...]
    condition: tuple[str, Decimal] | None = None

    @property
    def kinds(self) -> frozenset[str]:
        return frozenset(kind for kind, _ in self.parts)


def printed(value: Decimal | str, code: str, *, since_1904: bool = False) -> str:
    """Give what a cell prints: a text or a number, by the code of its number format.

    >>> printed(Decimal("1200000"), "0!.0000"), printed(Decimal("-0.05"), '"增长"0%;"下降"0%')
    ('120.0000', '下降5%')
    """
    sections = _sections(code[:_LONGEST])
    if isinstance(value, str):
        return _text(value, sections)
    number, section, bare = value, *_chosen(value, sections)
    if not section.parts:
        return ""
    if bare:
        number = abs(number)
    if section.kinds & {"date", "weekday", "era", "half", "elapsed"}:
        shown = _moment(number, section, since_1904=since_1904)
        return _plain(value) if shown is None else shown
    return _number(number, section)


def hides(code: str) -> bool:
    """Tell whether a format prints nothing at all (`;;;`)."""
    return code.count(";") >= 2 and not code.strip("; ")  # noqa: PLR2004  two or more sections, all empty


@lru_cache(maxsize=512)
def _sections(code: str) -> tuple[_Section, ...]:
    found: list[list[tuple[str, str]]] = [[]]
    for match in _TOKEN.finditer(code or "General"):
        kind = match.lastgroup or "other"
        text = match[kind]
        if kind == "other" and text == ";":
            found.append([])
        elif kind != "skipped":
            found[-1].append((kind, text))
    return tuple(_section(parts) for parts in found[:4])


def _section(parts: list[tuple[str, str]]) -> _Section:
    condition = None
    kept: list[tuple[str, str]] = []
    for kind, text in parts:
        match kind:
            case "bracket":
                if test := _CONDITION.fullmatch(text.strip()):
                    condition = (test[1], Decimal(test[2]))
                elif _ELAPSED.fullmatch(text):
                    kept.append(("elapsed", text.lower()))
                elif money := _CURRENCY.fullmatch(text):
                    kept.append(("literal", money[1]))
            case "quoted" | "escaped":
                kept.append(("literal", text))
            case "other" if text not in "%.,/@":
                kept.append(("literal", text))
            case "date":
                kept.append((kind, text.lower()))
            case _:
                kept.append((kind, text))
    return _Section(tuple(_minutes(kept)), condition)


def _minutes(parts: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Tell minutes from months: an m after hours or before seconds is minutes."""
    clock = [n for n, (kind, _) in enumerate(parts) if kind in {"date", "elapsed"}]
    made = list(parts)
    for before, here, after in zip([None, *clock], clock, [*clock[1:], None], strict=False):
        kind, text = parts[here]
        hours = before is not None and parts[before][1][0] == "h"
        seconds = after is not None and parts[after][1][0] == "s"
        if kind == "date" and text[0] == "m" and len(text) < 3 and (hours or seconds):  # noqa: PLR2004
            made[here] = (kind, "n" * len(text))
    return made


def _text(value: str, sections: tuple[_Section, ...]) -> str:
    named = next((s for s in sections if ("other", "@") in s.parts), None)
    section = (*sections, None, None, None)[3] or named
    if section is None:
        return value
    return "".join(
        value if part == ("other", "@") else part[1]
        for part in section.parts
        if part[0] in {"other", "literal"}
    )


def _chosen(value: Decimal, sections: tuple[_Section, ...]) -> tuple[_Section, bool]:
    """Choose the section of a number; and tell whether it prints the number without its sign."""
    numeric = [s for s in sections[:3] if ("other", "@") not in s.parts] or [
        _section([("general", "General")])
    ]
    if any(section.condition for section in numeric):
        return _by_condition(value, numeric)
    if value < 0 and len(numeric) > 1:
        return numeric[1], True
    if value == 0 and len(numeric) > 2:  # noqa: PLR2004
        return numeric[2], False
    return numeric[0], False


def _by_condition(value: Decimal, sections: list[_Section]) -> tuple[_Section, bool]:
    for number, section in enumerate(sections):
        fits = _fits(value, section.condition) if section.condition else number == len(sections) - 1
        if fits or (section.condition is None and number == 1 and value < 0):
            below = (
                section.condition is not None and section.condition[0] in "<=" and section.condition[1] <= 0
            )
            return section, value < 0 and (below or section.condition is None)
    return _section([("general", "General")]), False


def _fits(value: Decimal, condition: tuple[str, Decimal]) -> bool:
    sign, bound = condition
    return {"<": value < bound, "<=": value <= bound, ">": value > bound, ">=": value >= bound,
            "=": value == bound, "<>": value != bound}[sign]  # fmt: skip


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}" if value else "0"


def _number(value: Decimal, section: _Section) -> str:
    parts = section.parts
    if "general" in section.kinds:
        return "".join(
            _plain(value) if kind == "general" else text for kind, text in parts if kind != "bracket"
        )
    digits = [n for n, (kind, _) in enumerate(parts) if kind == "digit"]
    if not digits:
        if "exponent" not in section.kinds:
            literal = "".join(text for kind, text in parts if kind == "literal" or text in {"%", "/"})
            return f"-{literal}" if value < 0 and literal else literal
        return _plain(value)
    if ("other", "/") in parts:
        return _fraction(value, section)
    if "exponent" in section.kinds:
        return _plain(value)
    return _decimal(value, parts, digits)


def _decimal(value: Decimal, parts: tuple[tuple[str, str], ...], digits: list[int]) -> str:
    point = next((n for n, part in enumerate(parts) if part == ("other", ".")), len(parts))
    whole = [n for n in digits if n < point]
    after = [n for n in digits if n > point]
    commas = sum(_scaling(parts, last) for last in {digits[-1], *whole[-1:]})
    percents = parts.count(("other", "%"))
    scaled = abs(value) * Decimal(100) ** percents / Decimal(1000) ** commas
    typed = max(0, -int(scaled.normalize().as_tuple().exponent))
    parted = any(parts[n][0] == "literal" for n in range(digits[0], digits[-1]))
    extra = typed if not commas and not parted and len(after) < typed <= _TYPED else len(after)
    rounded = scaled.quantize(Decimal(1).scaleb(-extra), rounding=ROUND_HALF_UP)
    integer, _, decimals = f"{rounded:f}".partition(".")
    integer = integer.lstrip("0")
    printed_parts: list[str] = []
    for number, (kind, text) in enumerate(parts):
        if number in whole:
            printed_parts.append(
                _whole_digit(integer, text, len(whole) - 1 - whole.index(number), first=number == whole[0])
            )
        elif number in after:
            place = after.index(number)
            rest = decimals[place:] if number == after[-1] else decimals[place : place + 1]
            keep = text == "0" or bool(decimals[place:].strip("0"))
            printed_parts.append(rest if keep else rest[1:] if text != "0" and rest[1:].strip("0") else "")
        elif number == point:
            printed_parts.append(
                "." if decimals and (decimals.strip("0") or any(parts[n][1] == "0" for n in after)) else ""
            )
        elif kind == "literal" or text == "%":
            printed_parts.append(text)
        if whole and number == whole[-1] and not after and decimals:
            printed_parts.append(f".{decimals}")
    sign = "-" if value < 0 and rounded else ""
    return f"{sign}{''.join(printed_parts)}".strip()


def _whole_digit(integer: str, placeholder: str, place: int, *, first: bool) -> str:
    """Give the digits that stand in one placeholder; the first one takes all that are left over."""
    digit = integer[: len(integer) - place] if first else integer[-place - 1 : len(integer) - place]
    if place >= len(integer):
        digit = ""
    return digit or ("0" if placeholder == "0" else "")


def _scaling(parts: tuple[tuple[str, str], ...], last: int) -> int:
    """Count the commas right behind the last placeholder of the whole number: each divides by 1,000."""
    count = 0
    while last + 1 + count < len(parts) and parts[last + 1 + count] == ("other", ","):
        count += 1
    return count


def _fraction(value: Decimal, section: _Section) -> str:
    parts = section.parts
    bar = parts.index(("other", "/"))
    below = "".join(text for kind, text in parts[bar + 1 :] if kind in {"digit", "literal"} and text != " ")
    fixed = re.fullmatch(r"[1-9]\d*", below)
    number = Fraction(abs(value))
    near = (
        Fraction(round(number * int(below)), int(below))
        if fixed
        else number.limit_denominator(10 ** len(below) - 1)
    )
    apart = any(part == ("literal", " ") for part in parts[:bar])
    whole, rest = divmod(near, 1) if apart else (0, near)
    bottom = int(below) if fixed else rest.denominator
    fraction = f"{rest.numerator * bottom // rest.denominator}/{bottom}" if rest else ""
    text = " ".join(part for part in (str(whole) if whole or not fraction else "", fraction) if part)
    return f"-{text}" if value < 0 and near else text


def _moment(value: Decimal, section: _Section, *, since_1904: bool) -> str | None:
    """Give a date, a time or a duration; None for a number that is none."""
    if not -_LAST_DAY < value < _LAST_DAY:
        return None
    if "elapsed" in section.kinds:
        return _duration(value, section)
    if value < 0:
        return None
    return _date(_datetime(value, section, since_1904=since_1904), section)


def _datetime(value: Decimal, section: _Section, *, since_1904: bool) -> dt.datetime:
    tenths = any(part == ("other", ".") for part in section.parts)
    step = Decimal("0.001") if tenths else Decimal(1)
    seconds = (value * _SECONDS).quantize(step, rounding=ROUND_HALF_UP)
    start = dt.datetime(1904, 1, 1) if since_1904 else dt.datetime(1899, 12, 31 if value < 60 else 30)  # noqa: DTZ001, PLR2004
    return start + dt.timedelta(seconds=float(seconds))


def _duration(value: Decimal, section: _Section) -> str:
    seconds = int((abs(value) * _SECONDS).quantize(Decimal(1), rounding=ROUND_HALF_UP))
    steps = {"h": 3600, "m": 60, "s": 1, "n": 60}
    made: list[str] = []
    for kind, text in section.parts:
        if kind == "elapsed" or (kind == "date" and text[0] in "mns"):
            whole, seconds = divmod(seconds, steps[text[0]])
            made.append(str(whole).zfill(len(text)))
        elif kind == "literal":
            made.append(text)
    return ("-" if value < 0 else "") + "".join(made)


def _date(moment: dt.datetime, section: _Section) -> str:
    named = {text[0] for kind, text in section.parts if kind in {"date", "era"}}
    said = any(kind == "literal" and re.search("[一-鿿]", text) for kind, text in section.parts)
    clock = named & set("hns")
    if not said and not clock and ({"y", "m"} <= named or {"e", "m"} <= named):
        return f"{moment:%Y-%m-%d}" if "d" in named else f"{moment:%Y-%m}"
    half = "half" in section.kinds
    if not said and clock and {"y", "m", "d"} <= named:
        return f"{moment:%Y-%m-%d %H:%M}" if moment.time() != dt.time() else f"{moment:%Y-%m-%d}"
    made = [_date_part(moment, kind, text, half=half) for kind, text in section.parts]
    return "".join(made).strip()


def _date_part(moment: dt.datetime, kind: str, text: str, *, half: bool) -> str:
    if kind == "literal":
        return text
    if kind == "half":
        early = moment.hour < 12  # noqa: PLR2004
        return {True: "上午", False: "下午"}[early] if "上" in text else {True: "AM", False: "PM"}[early]
    if kind == "weekday":
        return ("星期" if len(text) > 3 else "周") + _WEEKDAYS[moment.weekday()]  # noqa: PLR2004
    if kind == "era":
        return str(moment.year) if text.lower().startswith("e") else ""
    if kind != "date":
        return "" if kind != "other" else text.strip("@,%")
    return _clock(moment, text, half=half)


def _clock(moment: dt.datetime, text: str, *, half: bool) -> str:
    hour = (moment.hour - 1) % 12 + 1 if half else moment.hour
    match text[0], len(text):
        case "y", length:
            return str(moment.year) if length > 2 else f"{moment.year % 100:02}"  # noqa: PLR2004
        case "d", 3 | 4:
            return f"{moment:%A}" if len(text) > 3 else f"{moment:%a}"  # noqa: PLR2004
        case "m", length if length > 2:  # noqa: PLR2004
            return f"{moment.month}月"
        case letter, length:
            number = {"m": moment.month, "d": moment.day, "h": hour, "n": moment.minute, "s": moment.second}[
                letter
            ]
            return str(number).zfill(min(length, 2))
