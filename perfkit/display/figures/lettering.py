"""How wide text is, and where it breaks: measured from the fonts, without drawing anything.

matplotlib's `tight` and `constrained` layouts draw a figure twice to learn what fits; the advance widths
of the bundled fonts tell the same beforehand.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import accumulate
from typing import TYPE_CHECKING

from perfkit.display.fonts import families, font_paths, missing_glyphs
from perfkit.display.visible import one_line, reads_right_to_left

if TYPE_CHECKING:
    from matplotlib.ft2font import FT2Font

_EM = 64.0
_ELLIPSIS = "…"
_BOX = "□"
_LEFT_TO_RIGHT = "\u200e"
_NO_BREAK_BEFORE = "，。、；：！？）】》”’%％,.;:!?)]"
_WORD = re.compile(r"[^\W⺀-￿]+(?:[.,'’\-/][^\W⺀-￿]+)*[%％]?|\S|\s+")


def drawable(text: str) -> str:
    """Give a text on one line with a `□` for each character that no bundled font draws."""
    shown = one_line(text)
    for character in missing_glyphs(shown):
        shown = shown.replace(character, _BOX)
    return shown.translate(_JOINERS)


def ordered(line: str) -> str:
    """Give a line so that right-to-left words in it turn only themselves, not the whole line."""
    return f"{_LEFT_TO_RIGHT}{line}" if reads_right_to_left(line) else line


_JOINERS = {0x200C: None, 0x200D: None, 0xFE0E: None, 0xFE0F: None}


@cache
def _font(family: str) -> FT2Font:
    from matplotlib.ft2font import FT2Font

    font = FT2Font(str(font_paths()[family]))
    font.set_size(_EM, 72)
    return font


@cache
def _advance(character: str) -> float:
    """Give the advance of a character in ems."""
    from matplotlib.ft2font import LoadFlags

    code = ord(character)
    family = next((name for name in families if _font(name).get_char_index(code)), None)
    if family is None:
        return _advance(_BOX) if character.isprintable() else 0.0
    glyph = _font(family).load_char(code, LoadFlags.NO_HINTING)
    return float(glyph.linearHoriAdvance) / 65536 / _EM


def width(text: str, size: float) -> float:
    """Give the width of a line of text in points at a font size."""
    return size * sum(map(_advance, text))


def wrap(text: str, size: float, room: float, *, lines: int) -> tuple[str, ...]:
    """Break a text into at most so many lines of at most `room` points, the last ending in `…` if cut.

    Chinese breaks between any two characters, other scripts between words where they fit.
    """
    broken: list[str] = [""]
    for piece in _pieces(text, size, room):
        if broken[-1] and width((broken[-1] + piece).rstrip(), size) > room and piece not in _NO_BREAK_BEFORE:
            broken.append("")
        broken[-1] += piece if broken[-1] else piece.lstrip()
    told = [line.strip() for line in broken if line.strip()]
    return (
        tuple(told)
        if len(told) <= lines
        else (*told[: lines - 1], cut("".join(told[lines - 1 :]), size, room))
    )


def _pieces(text: str, size: float, room: float) -> list[str]:
    """Give the smallest pieces a text may break into: words, or characters where a word does not fit."""
    return [
        piece
        for word in _WORD.findall(text)
        for piece in ([word] if word.isspace() or width(word, size) <= room else list(word))
    ]


def cut(text: str, size: float, room: float) -> str:
    """Cut a line so that it fits, its end marked by `…`."""
    if width(text, size) <= room:
        return text
    keep = room - width(_ELLIPSIS, size)
    ends = accumulate(_advance(character) * size for character in text)
    return text[: sum(end <= keep for end in ends)].rstrip() + _ELLIPSIS
