"""How wide text is, and where it breaks: measured from the fonts, without drawing anything.

matplotlib's `tight` and `constrained` layouts draw a figure twice to learn what fits; the advance widths
of the bundled fonts tell the same beforehand.
"""

from __future__ import annotations

import re
from itertools import accumulate

from perfkit.display import wrapping
from perfkit.display.figures import glyphs
from perfkit.display.fonts import missing_glyphs
from perfkit.display.visible import one_line, reads_right_to_left

_ELLIPSIS = "…"
_SHARES = (0.55, 0.65, 0.75, 0.85, 1.0)
_PHRASE = re.compile(r"[，；。]|[,;.]\s+")
_LEFT_TO_RIGHT = "\u200e"
_SHARES = (0.55, 0.65, 0.75, 0.85, 1.0)
_PHRASE = re.compile(r"[，；。]|[,;.]\s+")
_LEFT_TO_RIGHT = "\u200e"


def drawable(text: str) -> str:
    """Give a text on one line with a `□` for each character that no bundled font draws."""
    shown = one_line(text)
    for character in missing_glyphs(shown):
        shown = shown.replace(character, glyphs.BOX)
    return shown.translate(_JOINERS)


def ordered(line: str) -> str:
    """Give a line so that right-to-left words in it turn only themselves, not the whole line."""
    return f"{_LEFT_TO_RIGHT}{line}" if reads_right_to_left(line) else line


_JOINERS = {0x200C: None, 0x200D: None, 0xFE0E: None, 0xFE0F: None}


def width(text: str, size: float) -> float:
    """Give the width of a line of text in points at a font size."""
    return size / glyphs.EM * sum(map(glyphs.advance, text))


def wrap(text: str, size: float, room: float, *, lines: int) -> tuple[str, ...]:
    """Break a text into at most so many lines of at most `room` points, the last ending in `…` if cut.

    Two lines part at a phrase if they can; else lines are about as long, so that no letter stands alone.
    """
    told = _broken(text, size, room)
    if len(told) > lines:
        return (*told[: lines - 1], cut("".join(told[lines - 1 :]), size, room))
    if len(told) == 2:  # noqa: PLR2004 - a pair
        phrases = [pair for pair in _at_phrases(text) if max(width(line, size) for line in pair) <= room]
        if phrases:
            return min(phrases, key=lambda pair: abs(width(pair[0], size) - width(pair[1], size)))
    even = (_broken(text, size, room * share) for share in _SHARES)
    return tuple(next((other for other in even if len(other) == len(told)), told))


def _broken(text: str, size: float, room: float) -> list[str]:
    return wrapping.wrap(text, room, lambda line: width(line, size))


def _at_phrases(text: str) -> list[tuple[str, str]]:
    """Give each way to part a text in two after a phrase."""
    ends = [found.end() for found in _PHRASE.finditer(text)]
    return [(text[:end].rstrip(), text[end:]) for end in ends if text[end:]]


def cut(text: str, size: float, room: float) -> str:
    """Cut a line so that it fits, its end marked by `…`."""
    if width(text, size) <= room:
        return text
    keep = room - width(_ELLIPSIS, size)
    ends = accumulate(glyphs.advance(character) * size / glyphs.EM for character in text)
    return text[: sum(end <= keep for end in ends)].rstrip() + _ELLIPSIS
