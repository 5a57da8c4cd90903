"""A cell folded to one spelling: half-width, one glyph a sign, no stray space.

Folding never changes what a cell says; whether a glyph is right is for others to doubt. A cell longer
than `LONGEST` is prose whatever it holds, so nothing looks at the rest of it.
"""

from __future__ import annotations

import re
from functools import cache

from perfkit.values.vocabulary import table

LONGEST = 400
_NEVER_FILLED = re.compile(
    r"(?:[-~/\\·|]*|一{1,4}|[_.]{1,2}|"
    r"无数据|暂无数据|无法统计|未填(?:报|写)?|空|空白|n/?a|nan|none|null)",
    re.IGNORECASE,
)
_SPACE_BETWEEN_DIGITS = re.compile(r"(?<=[0-9]) +(?=[0-9])")
_SPACED_DIGITS = re.compile(r"(?<![0-9.])(?<![0-9] )[0-9](?: [0-9])+(?! ?[0-9])")
_SPACED_THOUSANDS = re.compile(r"(?<![0-9 .])[0-9]{1,3}(?: [0-9]{3})+(?![0-9 ])")
_DOUBLED_FIRST = "=<>≥≤+"
DOUBLED = re.compile(rf"[{_DOUBLED_FIRST}][=<>≥≤/-]")
DOUBLE_SIGNS = (
    *((pair, "≥") for pair in (">=", "=>", "≥=", "=≥", ">>", "≥≥", "≥>", ">≥")),
    *((pair, "≤") for pair in ("<=", "=<", "≤=", "=≤", "<<", "≤≤", "≤<", "<≤")),
    ("==", "="),
    ("+-", "±"),
    ("+/-", "±"),
)


@cache
def _foldable() -> re.Pattern[str]:
    """Build the search for what folding may change, spaces and doubled signs too; most cells hold none."""
    return re.compile(f"[ {_DOUBLED_FIRST}{re.escape(''.join(map(chr, _folding())))}]")


@cache
def _folding() -> dict[int, str | None]:
    """Build the translation table: full-width forms, glyphs, traditional characters, spaces."""
    fold: dict[int, str | None] = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
    for family in ("signs", "simplified"):
        for plain, others in table("glyphs")[family].items():
            fold |= {ord(glyph): plain for glyph in others}
    spaces = [*range(0x09, 0x0E), *range(0x1C, 0x20), 0x85, 0xA0, 0x1680, *range(0x2000, 0x200B)]
    fold |= dict.fromkeys([*spaces, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000], " ")
    fold |= dict.fromkeys([0xAD, *range(0x200B, 0x2010), *range(0x202A, 0x202F), 0x2060, 0xFEFF])
    return fold


def fold(text: str) -> str:
    """Give a cell in one spelling: `＞＝ ３００ 公里` becomes `≥300公里`.

    Spaces between digits stay as one, because `12 15` is two numbers, unless they part thousands or every
    digit from the next (`1 0 0%`).
    """
    text = text[:LONGEST]
    if not _foldable().search(text):
        return text
    text = _unspaced(text.translate(_folding()))
    if DOUBLED.search(text):
        for pair, sign in DOUBLE_SIGNS:
            if pair in text:
                text = text.replace(pair, sign)
    return text


def _unspaced(text: str) -> str:
    """Take out the spaces, save those that part two numbers."""
    if " " not in text:
        return text
    for parted in (_SPACED_THOUSANDS, _SPACED_DIGITS):
        text = parted.sub(lambda found: found[0].replace(" ", ""), text)
    return _SPACE_BETWEEN_DIGITS.sub("\x00", text).replace(" ", "").replace("\x00", " ")


def is_blank(text: str | None) -> bool:
    """Tell whether a cell is not filled in: None, spaces, a dash (`一` typed for it too), a slash, `无数据`.

    `无` alone is no blank: against `≤2次` it says that there was none.
    """
    return text is None or (len(text) < LONGEST and says_nothing(fold(text)))


def says_nothing(folded: str) -> bool:
    """Tell whether a folded cell is a blank, a dash or a word for no data."""
    return _NEVER_FILLED.fullmatch(folded) is not None
