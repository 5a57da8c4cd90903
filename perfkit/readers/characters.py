"""Characters that are not what they seem: symbol fonts, radicals, what cannot be seen, boxes to tick.

A sign such as ≥ may be stored as a letter of the font Symbol, 月 as the radical ⽉, and between the digits
of a figure may stand marks that print nothing. Whoever reads the page sees none of this.

`☑健全 □不健全` says 健全. A box stands before its choice or behind it; a text before the first box belongs
to what was asked. Where no box is ticked, nothing was filled in.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from importlib.resources import files
from typing import Any

from perfkit.text.folding import own_yaml

UNKNOWN = "\ufffd"
_PRIVATE = 0xF000
_SIGNS = re.compile("[\uf020-\uf0ff]")
# What prints nothing: format characters, joiners, selectors, fillers, and control characters but for breaks.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_LINES = re.compile("[\x0b\x85\u2028\u2029]")
# Kangxi and compatibility ideographs, months, hours and days in one character: Unicode says what they are.
_COMPATIBLE = re.compile(
    "[\u2f00-\u2fd5\uf900-\ufaff\U0002f800-\U0002fa1f\u32c0-\u32cb\u3358-\u3370\u33e0-\u33fe\u2e9f\u2ef3]"
)
_RADICALS = re.compile("[\u2e80-\u2ef3]")
_RAISED = str.maketrans("0123456789+-−()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁽⁾ⁿⁱ")
_RAISABLE = re.compile("[0-9]{1,3}|[+−-][0-9]{1,3}|n")
_LONGEST_NUMBER = 9  # digits


@cache
def _data() -> dict[str, Any]:
    text = files("perfkit.readers").joinpath("symbols.yaml").read_text(encoding="utf-8")
    data: dict[str, Any] = own_yaml(text)
    return data


@cache
def _font(name: str) -> dict[int, str]:
    lines = _data()[name].items()
    return {start + n: sign for start, line in lines for n, sign in enumerate(line) if sign != "·"}


@cache
def _radicals() -> dict[str, str]:
    pairs: str = _data()["radicals"]
    return dict(zip(pairs[::2], pairs[1::2], strict=True))


def clean(text: str) -> str:
    """Give a text as it is seen: nothing invisible, and each character the one that it looks like."""
    if text.isascii() and text.isprintable():
        return text
    text = _LINES.sub("\n", _INVISIBLE.sub("", text))
    text = _COMPATIBLE.sub(lambda match: unicodedata.normalize("NFKC", match[0]), text)
    text = _RADICALS.sub(lambda match: _radicals().get(match[0], match[0]), text)
    return _SIGNS.sub(lambda match: _guessed(match, text), text)


def _guessed(match: re.Match[str], text: str) -> str:
    """Give a sign of a symbol font that is not told: 0xA3 is ≤ before a figure, else an empty box."""
    code = ord(match[0]) - _PRIVATE
    if code == ord("£"):
        return "≤" if re.match(r"\s*\d", text[match.end() :]) else "□"
    sign: str = _data()["guessed"].get(code, UNKNOWN)
    return sign


def symbol_font(*names: str | None) -> str:
    """Give the first of some fonts that holds signs instead of letters; nothing where none does."""
    for name in names:
        plain = re.sub(r"\s+", " ", (name or "").strip(" \"'").lower())
        if plain in {"symbol", "wingdings", "wingdings 2", "wingdings 3", "webdings"}:
            return plain
    return ""


def in_font(text: str, font: str) -> str:
    """Give what a text looks like in a symbol font; a sign that is not known is U+FFFD."""
    if not font:
        return text
    signs = _font(font)
    return "".join(_sign(character, signs) for character in text)


def _sign(character: str, signs: dict[int, str]) -> str:
    code = ord(character)
    if character.isspace() or 0xFF < code < _PRIVATE + 0x20 or code > _PRIVATE + 0xFF:  # noqa: PLR2004
        return character
    return signs.get(code - _PRIVATE if code > _PRIVATE else code, UNKNOWN)


def raised(text: str) -> str:
    """Give a text as it is printed raised: figures as powers (10⁴), other texts as they are."""
    return text.translate(_RAISED) if _RAISABLE.fullmatch(text.strip()) else text


def whole(text: str | None, default: int = 0) -> int:
    """Read a number that a document's markup gives; what is none, or longer than any, is the default.

    >>> whole("12"), whole("x", 1), whole("9" * 5000, 1), whole(None)
    (12, 1, 1, 0)
    """
    return int(text) if text and text.isdecimal() and len(text) <= _LONGEST_NUMBER else default


# boxes to tick: a cell that offers choices says what is ticked


_TICKED = "☑☒🗹🗷✓✔√"
_EMPTY = "□☐◻❑❒🗆"
# Signs that are ticks only where their empty twin stands beside them.
_TWINS = (("■", "□☐"), ("●", "○"), ("◉", "○"), ("⦿", "○"), ("▣", "□"))
_BRACKETS = re.compile(r"[(（\[【]\s*([√✓✔☑]?)\s*[)）\]】]")
_CROSSES = "×✗✘"
_PARTING = " \t\n　、,，;；/"
_LEAST = 2


def chosen(text: str) -> str | None:
    """Give what a cell's ticked choices say; None where a text offers none, nothing where none is ticked.

    >>> chosen("☑健全 □不健全"), chosen("是☑ 否□"), chosen("制度：□有 ☑无"), chosen("42个")
    ('健全', '是', '制度：无', None)
    """
    marks = _marks(text)
    ticked = [mark for mark in marks if mark[2]]
    if not marks or not ((len(marks) >= _LEAST and len(ticked) < len(marks)) or _alone(text, marks)):
        return None
    parts = _before(text, marks) if _stand_before(text, marks) else _behind(text, marks)
    asked, choices = parts
    if not all(choice for choice, _ in choices):
        return None
    said = "、".join(choice for choice, on in choices if on)
    return f"{asked}{said}" if said else ""


def _alone(text: str, marks: list[tuple[int, int, bool]]) -> bool:
    """Tell whether a text is one ticked box with its choice."""
    return len(marks) == 1 and text.strip()[:1] in "☑☒🗹🗷" and marks[0][2]


def _marks(text: str) -> list[tuple[int, int, bool]]:
    """Give where each box begins and ends, and whether it is ticked."""
    found = [(m.start(), m.end(), bool(m[1])) for m in _BRACKETS.finditer(text)]
    if not any(on for *_, on in found):
        found = []
    on, off = set(_TICKED), set(_EMPTY)
    for full, empty in _TWINS:
        if full in text and any(sign in text for sign in empty):
            on.add(full)
            off |= set(empty)
    inside = [range(start, end) for start, end, _ in found]
    signs = [(n, n + 1, sign in on) for n, sign in enumerate(text) if sign in on or sign in off]
    found += [mark for mark in signs if not any(mark[0] in span for span in inside)]
    if any(on for *_, on in found):
        crosses = (
            m.start() for m in re.finditer(rf"(?:^|(?<=[\s、,，;；/]))[{_CROSSES}](?=\s*[一-鿿])", text)
        )
        found += [(n, n + 1, False) for n in crosses]
    found.sort()
    if "☑" in text and "☒" in text:
        found = [(a, b, text[a] != "☒" and ticked) for a, b, ticked in found]
    return found if all(not _is_figure(text, mark) for mark in found) else []


def _is_figure(text: str, mark: tuple[int, int, bool]) -> bool:
    """Tell whether a sign is part of a figure: a root (√2), or a nought (二○二三)."""
    before, after = text[: mark[0]][-1:], text[mark[1] :].lstrip()[:1]
    sign = text[mark[0]]
    return (sign == "√" and after.isdigit()) or (sign == "○" and before in set("一二三四五六七八九○零"))


def _stand_before(text: str, marks: list[tuple[int, int, bool]]) -> bool:
    return not text[: marks[0][0]].strip() or bool(text[marks[-1][1] :].strip(_PARTING + "。.)）"))


def _before(text: str, marks: list[tuple[int, int, bool]]) -> tuple[str, list[tuple[str, bool]]]:
    ends = [start for start, *_ in marks[1:]] + [len(text)]
    choices = [(text[mark[1] : end].strip(_PARTING), mark[2]) for mark, end in zip(marks, ends, strict=True)]
    return text[: marks[0][0]].strip(), choices


def _behind(text: str, marks: list[tuple[int, int, bool]]) -> tuple[str, list[tuple[str, bool]]]:
    starts = [0] + [end for _, end, _ in marks[:-1]]
    choices = [
        (text[start : mark[0]].strip(_PARTING), mark[2]) for mark, start in zip(marks, starts, strict=True)
    ]
    asked, sign, first = choices[0][0].rpartition("：")
    return asked + sign, [(first, choices[0][1]), *choices[1:]]
