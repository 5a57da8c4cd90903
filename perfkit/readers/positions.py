"""Characters on a page, put together into lines and cells by where they stand; printed over, or wrapped.

A merged cell that a page break cut may be too low for its label, which then runs down across the rule
and over the text of the cell below. Both texts lie on the same spot, but each was drawn in one go: what
was drawn right after the characters of the cell above goes on from there.

Paper does not say, but it shows: a line that stops although the next word had room was ended by hand; a
blank that is drawn at the end of a line is a blank of the text; Latin script is wrapped at its blanks,
but for a word that fills its line, which was cut. Whether a blank beside a Han character was there before
the line was wrapped, nothing shows where the program does not draw it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from perfkit.readers.characters import raised

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence


_TOLERANCE = 2.5
_WIDEST = 5.0
_SMALL = 0.75  # how tall a power is at most beside its base, and how far above the base's foot it ends
_HIGH = 0.2


@dataclass(frozen=True, slots=True)
class Glyph:
    """Hold one printed character and its box; `x` and `y` are its centre.

    `turn` says by how many quarters it is turned, against the clock; `sure` how sure a recogniser is of it.
    """

    text: str
    x0: float
    x1: float
    top: float
    bottom: float
    turn: int = 0
    sure: float | None = None

    @property
    def x(self) -> float:
        """Give the centre from the left."""
        return (self.x0 + self.x1) / 2

    @property
    def y(self) -> float:
        """Give the centre from the top."""
        return (self.top + self.bottom) / 2

    @property
    def size(self) -> float:
        """Give the height."""
        return max(1.0, self.bottom - self.top)

    def upright(self) -> Glyph:
        """Give the character as it stands for who turns the page to read it."""
        match self.turn:
            case 1:
                return Glyph(self.text, -self.bottom, -self.top, self.x0, self.x1, sure=self.sure)
            case 2:
                return Glyph(self.text, -self.x1, -self.x0, -self.bottom, -self.top, sure=self.sure)
            case 3:
                return Glyph(self.text, self.top, self.bottom, -self.x1, -self.x0, sure=self.sure)
        return self


class Edges:
    """Number the rules of a table in one direction; rules a hair apart are one."""

    def __init__(self, positions: Iterable[float]) -> None:
        groups: list[list[float]] = []
        for position in sorted(positions):
            near = groups and position - groups[-1][-1] <= _TOLERANCE and position - groups[-1][0] <= _WIDEST
            if near:
                groups[-1].append(position)
            else:
                groups.append([position])
        self._centres = [sum(group) / len(group) for group in groups]

    def at(self, position: float) -> int:
        """Give the number of the rule nearest to a position."""
        return min(range(len(self._centres)), key=lambda n: abs(self._centres[n] - position))

    def position(self, number: int) -> float:
        """Give where a rule lies; the last one for a number beyond it."""
        return self._centres[min(number, len(self._centres) - 1)]

    def below(self, position: float) -> int:
        """Give the number of the last rule before a position; -1 where there is none."""
        return bisect_right(self._centres, position) - 1


def lines_of_glyphs(glyphs: Sequence[Glyph]) -> list[list[Glyph]]:
    """Group characters into lines from top to bottom, each from left to right; turned ones come last."""
    turns = sorted({glyph.turn for glyph in glyphs if glyph.text.strip()})
    if turns in ([], [0]):
        return _level_lines(glyphs)
    return [line for turn in turns for line in _level_lines([g.upright() for g in glyphs if g.turn == turn])]


def _level_lines(glyphs: Sequence[Glyph]) -> list[list[Glyph]]:
    lines: list[list[Glyph]] = []
    for glyph in sorted(glyphs, key=lambda g: (g.y, g.x0)):
        if lines and glyph.y - _middle(lines[-1]) <= min(glyph.size, lines[-1][0].size) * 0.6:
            lines[-1].append(glyph)
        else:
            lines.append([glyph])
    return [sorted(line, key=lambda g: g.x0) for line in lines]


def _middle(line: Sequence[Glyph]) -> float:
    return sum(glyph.y for glyph in line) / len(line)


def joined(lines: Sequence[Sequence[Glyph]], *, spaced: bool = False) -> str:
    """Give the text of the lines of a cell; with `spaced`, a wide gap on a line is a space."""
    from perfkit.readers.layout.rows import flow

    return flow("\n".join(line_text(line, spaced=spaced) for line in lines))


def line_text(line: Sequence[Glyph], *, spaced: bool = False) -> str:
    """Give the text of one line; with `spaced`, a wide gap is a blank."""
    parts: list[str] = []
    base: Glyph | None = None
    for before, glyph in zip([None, *line], line, strict=False):
        gap = 0.0 if before is None else glyph.x0 - before.x1
        if (
            before is not None
            and gap > before.size * (0.6 if spaced or not _latin(before, glyph) else 0.2)
            and (spaced or _latin(before, glyph))
        ):
            parts.append(" ")
        up = base is not None and _is_raised(glyph, base)
        parts.append(raised(glyph.text) if up else glyph.text)
        base = base if up or not glyph.text.strip() else glyph
    return re.sub(r"\s+", " ", "".join(parts)).strip()


def _is_raised(glyph: Glyph, base: Glyph) -> bool:
    """Tell whether a character is printed small and high beside another one, as a power is."""
    return glyph.size <= base.size * _SMALL and glyph.bottom <= base.bottom - base.size * _HIGH


def _latin(before: Glyph, glyph: Glyph) -> bool:
    """Tell whether a gap between two characters parts words, as it does in Latin script only."""
    return before.text.isascii() and glyph.text.isascii() and before.text.isalpha() and glyph.text.isalpha()


# characters given to the cells they stand in, also where one text was printed over another


Home = tuple[int, int]
_ACROSS = 0.1  # how much of a character stands above the rule that it crosses
_ON_TOP = 0.5  # how much of a character another one covers where both are printed on one spot


def by_home(
    glyphs: Sequence[Glyph], homes: Sequence[Home | None], tops: Mapping[Home, float]
) -> dict[Home, list[Glyph]]:
    """Give the characters of each cell.

    `homes` are the cells that the characters stand in, in the order of drawing; `tops` their upper rules.
    """
    settled = list(homes)
    for home in _overprinted(glyphs, homes, tops):
        for number in range(1, len(glyphs)):
            before = settled[number - 1]
            if settled[number] == home and before is not None and _is_above(before, home):
                settled[number] = before
    found: dict[Home, list[Glyph]] = {}
    for glyph, place in zip(glyphs, settled, strict=True):
        if place is not None:
            found.setdefault(place, []).append(glyph)
    return found


def _is_above(one: Home, other: Home) -> bool:
    return one[1] == other[1] and one[0] < other[0]


def _overprinted(
    glyphs: Sequence[Glyph], homes: Sequence[Home | None], tops: Mapping[Home, float]
) -> list[Home]:
    """Give the cells in which characters lie on others, or across the upper rule."""
    inside: dict[Home, list[Glyph]] = {}
    for glyph, home in zip(glyphs, homes, strict=True):
        if home is not None and glyph.text.strip():
            inside.setdefault(home, []).append(glyph)
    return [home for home, found in inside.items() if _crosses(found, tops[home]) or _any_on_top(found)]


def _crosses(glyphs: Sequence[Glyph], top: float) -> bool:
    """Tell whether some of a cell's characters, not all, stand across its upper rule."""
    across = [glyph.top < top - glyph.size * _ACROSS for glyph in glyphs]
    return any(across) and not all(across)


def _any_on_top(glyphs: Sequence[Glyph]) -> bool:
    ordered = sorted(glyphs, key=lambda g: (round(g.x), g.y))
    return any(_covers(a, b) for a, b in pairwise(ordered))


def _covers(one: Glyph, other: Glyph) -> bool:
    across = min(one.x1, other.x1) - max(one.x0, other.x0)
    down = min(one.bottom, other.bottom) - max(one.top, other.top)
    wide, tall = min(one.x1 - one.x0, other.x1 - other.x0), min(one.size, other.size)
    return across > wide * _ON_TOP and down > tall * _ON_TOP and (one.top, one.x0) != (other.top, other.x0)


# what the end of a line within a printed cell means: a wrapped text, a blank, or a break somebody typed


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
