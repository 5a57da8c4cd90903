"""Characters on a page, put together into lines and cells by where they stand."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

from perfkit.readers.characters import raised

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

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
