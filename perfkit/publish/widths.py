"""How wide the columns of a printed table are: numbers whole on their line, words by how much there is.

All widths are in em, the width of a Chinese character at the table's size. A table that is too wide for the
page is set smaller, and one that would become too small to read stands on a page of its own, turned.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from math import ceil
from typing import TYPE_CHECKING

from lxml import html

from perfkit.publish.tree import classes, rows_of, words_of

if TYPE_CHECKING:
    from perfkit.publish.tree import Element

PORTRAIT, LANDSCAPE = 453.0, 700.0
PADDING = 8.0
SMALLEST = 6.5
_TOKEN = re.compile(r"[\u2e80-\ufaff\uff00-\uffef]|[^\s\u2e80-\ufaff\uff00-\uffef]+")
_LONGEST_TOKEN = 9.0
_SHORT = 4.2
_MOST_WISHED = 160.0
_FAIR = 0.5
_READABLE = 8.0
_TALLEST = 560.0
_LINE, _LEADING = 1.27, 0.55


@dataclass(frozen=True, slots=True)
class Place:
    """Hold a cell with the columns it covers."""

    cell: Element
    column: int
    across: int
    down: int


@dataclass(frozen=True, slots=True)
class Measure:
    """Hold how a table is set: the width of each column in em, the size of its type in points."""

    widths: tuple[float, ...]
    size: float
    full: bool
    turned: bool

    def too_tall(self, place: Place) -> bool:
        """Tell whether a cell may fill more than a page, so that it has to be allowed to break."""
        return self._height(place) > _TALLEST

    def height(self, rows: list[list[Place]]) -> float:
        """Estimate the height of the table in points."""
        return sum(max((self._height(place) / place.down for place in row), default=0) for row in rows)

    def _height(self, place: Place) -> float:
        room = sum(self.widths[place.column : place.column + place.across]) or 1.0
        lines = max(ceil(printed(place.cell) / room), 1)
        return (lines * _LINE - _LEADING) * self.size + PADDING


def ems(text: str) -> float:
    """Measure a text in em: a Chinese character is 1, a Latin letter or digit a good half."""
    return sum(map(_em, text))


@cache
def _em(character: str) -> float:
    return 1.0 if unicodedata.east_asian_width(character) in "WF" else 0.56


def places(table: Element) -> list[list[Place]]:
    """Give the cells of a table row by row, each with the columns it covers.

    A span ends where its section of the table ends and where another cell stands; a row that is too short is
    filled up with empty cells.
    """
    found: list[list[Place]] = []
    hanging: dict[int, int] = {}
    for row in rows_of(table):
        left = 1 + sum(1 for _ in row.itersiblings("tr"))
        line, column = [], 0
        below = {c: rows - 1 for c, rows in hanging.items() if rows > 1}
        for cell in row.iterchildren("td", "th"):
            while column in hanging:
                column += 1
            across = next(
                (n for n in range(1, span(cell, "colspan")) if column + n in hanging), span(cell, "colspan")
            )
            down = min(span(cell, "rowspan"), left)
            line.append(Place(cell, column, across, down))
            if down > 1:
                below.update(dict.fromkeys(range(column, column + across), down - 1))
            column += across
        found.append(line)
        hanging = below
    return _filled(found)


def _filled(rows: list[list[Place]]) -> list[list[Place]]:
    """Fill up the rows that have fewer cells than the table has columns."""
    count = max((place.column + place.across for row in rows for place in row), default=0)
    hanging: dict[int, int] = {}
    for row in rows:
        taken = {c for place in row for c in range(place.column, place.column + place.across)}
        row += [
            Place(html.Element("td"), c, 1, 1) for c in range(count) if c not in taken and c not in hanging
        ]
        hanging = {c: left - 1 for c, left in hanging.items() if left > 1}
        for place in row:
            if place.down > 1:
                hanging |= dict.fromkeys(range(place.column, place.column + place.across), place.down - 1)
    return rows


def span(cell: Element, name: str) -> int:
    """Give how many columns or rows a cell covers, 1 where it says nothing sensible."""
    value = cell.get(name) or "1"
    return max(int(value), 1) if re.fullmatch(r"\d{1,3}", value) else 1


def measure(rows: list[list[Place]], size: float) -> Measure:
    """Find the columns' widths for a page of A4, and the size of type at which they fit."""
    count = max((place.column + place.across for row in rows for place in row), default=0)
    least, wished = [1.2] * count, [1.2] * count
    for place in (place for row in rows for place in row if place.across == 1):
        whole = min(printed(place.cell), _MOST_WISHED)
        tight = whole if _keeps_whole(place.cell, whole) else _widest_token(words_of(place.cell))
        least[place.column] = max(least[place.column], tight)
        wished[place.column] = max(wished[place.column], whole)
    room = _room(PORTRAIT, count, size)
    if sum(wished) < room * 0.62:
        return Measure(tuple(w * 1.25 for w in wished), size, full=False, turned=False)
    fitting = size * min(1.0, _room(PORTRAIT, count, size) / sum(least)) if least else size
    turned = fitting < SMALLEST
    if turned:
        fitting = max(5.0, size * min(1.0, _room(LANDSCAPE, count, size) / sum(least)))
    room = _room(LANDSCAPE if turned else PORTRAIT, count, fitting)
    return Measure(_share_out(_eased(least, wished, room), wished, room), fitting, full=True, turned=turned)


def _room(width: float, count: int, size: float) -> float:
    return max((width - PADDING * count) / size, 1.0)


def _eased(least: list[float], wished: list[float], room: float) -> list[float]:
    """Let columns of short texts have all they wish, as far as the long ones are left enough to read."""
    for limit in (16, 14, 12, 10, 8, 6):
        eased = [max(m, w) if w <= limit else m for m, w in zip(least, wished, strict=True)]
        long = sum(w > limit for w in wished)
        if sum(eased) + long * _READABLE <= room:
            return eased
    return least


def _share_out(least: list[float], wished: list[float], room: float) -> tuple[float, ...]:
    """Give every column what it needs at least, at most what it wishes, the rest by the root of its wish."""
    low, high = 0.0, max(room, 1.0)
    for _ in range(40):
        level = (low + high) / 2
        widths = [min(max(m, level * w**_FAIR), max(m, w)) for m, w in zip(least, wished, strict=True)]
        low, high = (level, high) if sum(widths) < room else (low, level)
    return tuple(widths)


def printed(cell: Element) -> float:
    """Measure what of a cell is printed: not what a score opens to."""
    hidden = sum(ems(words_of(part)) for why in cell.iter("details") for part in why if part.tag != "summary")
    return ems(words_of(cell)) - hidden


def _keeps_whole(cell: Element, width: float) -> bool:
    """Tell whether a cell is better not broken: a number, a short heading, a word or two of Chinese."""
    return width <= (_LONGEST_TOKEN if "num" in classes(cell) else _SHORT)


def _widest_token(words: str) -> float:
    """Measure the widest piece that no line can break; beyond a limit even a word is broken."""
    return min(max((ems(token) for token in _TOKEN.findall(words)), default=1.0), _LONGEST_TOKEN) + 0.2
