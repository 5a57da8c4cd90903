"""What the end of a line within a printed cell means: a wrapped text, a blank, or a break somebody typed.

Paper does not say, but it shows: a line that stops although the next word had room was ended by hand; a
blank that is drawn at the end of a line is a blank of the text; Latin script is wrapped at its blanks,
but for a word that fills its line, which was cut. Whether a blank beside a Han character was there before
the line was wrapped, nothing shows where the program does not draw it.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from perfkit.readers.positions import line_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from perfkit.readers.positions import Glyph

_PADDING = 6.0  # what a program leaves blank on either side of a cell, at most, in points
_SPARE = 0.5  # and the room, in heights of a character, that nobody leaves without a reason
_BLANK = 0.2  # the least gap, in heights of a character, that is a blank
_HYPHENS = frozenset("-/")
_CLOSING = frozenset("%)]},.:;!?/")
_OPENING = frozenset("（(《〈“‘「『【［[{￥¥$")
_HAN = re.compile("[⺀-\u2fdf\u3005-\u3007㐀-鿿豈-\ufaff]")


def wrapped(lines: Sequence[Sequence[Glyph]], edges: tuple[float, float] | None) -> str:
    """Give the text of a printed cell: its lines, between the cell's left and right edge in points.

    Without edges, as where a text is turned, no line ends before its room does.
    """
    width = _room_of(lines, *edges) if edges else 0.0
    parts: list[str] = []
    for line, following in pairwise([*lines, ()]):
        parts += [line_text(line), _link(line, following, width)]
    return "".join(parts).strip()


def _room_of(lines: Sequence[Sequence[Glyph]], left: float, right: float) -> float:
    """Give the width that a cell leaves for its lines: no line stands in the padding."""
    inked = [glyph for line in lines for glyph in line if glyph.text.strip()]
    before = min((glyph.x0 - left for glyph in inked), default=_PADDING)
    after = min((right - glyph.x1 for glyph in inked), default=_PADDING)
    return right - left - max(0.0, min(_PADDING, before)) - max(0.0, min(_PADDING, after))


def _link(line: Sequence[Glyph], following: Sequence[Glyph], width: float) -> str:
    """Give what parts a line from the following one: a break, a blank or nothing."""
    inked = [glyph for glyph in line if glyph.text.strip()]
    after = [glyph for glyph in following if glyph.text.strip()]
    if not inked or not after:
        return ""
    room = width - (inked[-1].x1 - inked[0].x0)
    if room > _first_word(after) + _SPARE * inked[-1].size:
        return "\n"
    if not line[-1].text.strip():
        return " "
    last, first = inked[-1].text, after[0].text
    latin = last.isascii() and first.isascii() and last not in _HYPHENS and first not in _CLOSING
    named = last.islower() and first.isupper()
    return " " if latin and (named or not _is_cut(inked, room, after[0])) else ""


def _first_word(line: Sequence[Glyph]) -> float:
    """Give the width of the least that a program moves to the next line."""
    end = next((n for n, (a, b) in enumerate(pairwise(line)) if _parted(a, b)), len(line) - 1)
    return line[end].x1 - line[0].x0


def _parted(before: Glyph, glyph: Glyph) -> bool:
    """Tell whether a line may end between two characters: at a blank, and beside a Han character."""
    if glyph.x0 - before.x1 > before.size * _BLANK and before.text.isascii() and glyph.text.isascii():
        return True
    if _HAN.match(glyph.text):
        return before.text not in _OPENING
    return bool(_HAN.match(before.text)) and (glyph.text.isalnum() or glyph.text in _OPENING)


def _is_cut(line: Sequence[Glyph], room: float, first: Glyph) -> bool:
    """Tell whether a line is one word that fills it and has no better place to end: such a word was cut."""
    whole = not any(_parted(a, b) for a, b in pairwise(line))
    plain = all(glyph.text.isascii() and glyph.text not in _HYPHENS for glyph in line)
    return whole and plain and room < first.x1 - first.x0
