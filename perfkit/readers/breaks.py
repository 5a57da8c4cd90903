"""Merged cells that a page break cuts: whose label stands where.

Word and Writer print a label once, on the first page with room for it, and may cut it into two. Excel and
Calc paint it in the middle of the whole cell, on each page that shows a part of it: in the margin, or over
the heading that is printed again. A part without a label gets it from where it was printed; where that is
nowhere, the part gets a dash, so that its rows do not take the label above without a word.
"""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from math import inf
from statistics import median, median_low
from typing import TYPE_CHECKING

from perfkit.readers.layout.looks import level_of
from perfkit.readers.layout.record import year_in
from perfkit.readers.layout.words import column_role, is_blank, is_title, key
from perfkit.readers.positions import line_text, lines_of_glyphs

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from collections.abc import Set as AbstractSet

    from perfkit.readers.grid import Cell, Grid
    from perfkit.readers.positions import Glyph

Box = tuple[float, ...]  # left, top, right, bottom
Place = tuple[int, int]  # column and width

_EDGE = 40.0  # points above or below a table in which a label may be painted
_SAME = 3.0
_TALL = 1.5
_ALIKE = 0.6
_HALF = 4  # characters of a level that a page break leaves on the later page, at most
_POINTS = re.compile(r"[(（]?[\d.]*分?[)）]$")
_LOST = "—"


# labels that are painted outside of their cells


def reclaimed(
    glyphs: Sequence[Glyph],
    tables: Sequence[tuple[Box, Sequence[Box]]],
    *,
    first: bool,
    last: bool,
    beyond: Sequence[Glyph] = (),
) -> list[Glyph]:
    """Give a page's characters, labels that were painted outside of their cells moved into these.

    `first` and `last` tell that no page of the document's tables comes before, or after; `beyond` are the
    characters that lie beyond the edge of the paper, where a part of a label may be.
    """
    found = [*glyphs, *beyond]
    for box, cells in tables:
        if not first:
            found = _from_above(found, box, cells)
        if not last:
            found = _from_below(found, box, cells)
    unseen = {id(glyph) for glyph in beyond}
    return [glyph for glyph in found if id(glyph) not in unseen]


def within(glyph: Glyph, box: Box) -> bool:
    """Tell whether the middle of a character lies in a box."""
    return box[0] <= glyph.x <= box[2] and box[1] <= glyph.y <= box[3]


def _from_above(glyphs: list[Glyph], box: Box, cells: Sequence[Box]) -> list[Glyph]:
    """Move down the label of an empty cell that was painted above it: over its heading, or above the table.

    Right above a table any text that is no title may be a label of a tall cell; else it is one by its words.
    """
    usual = median(cell[3] - cell[1] for cell in cells)
    for home in _highest_empty(glyphs, cells):
        near = [g for g in glyphs if within(g, (home[0], -inf, home[2], home[1])) and g.text.strip()]
        outside = [g for g in near if g.y < box[1]]
        label = _painted_over(near) or outside
        text = "".join(line_text(line) for line in lines_of_glyphs(label))
        close = all(g.y > box[1] - _EDGE for g in label) and home[3] - home[1] > usual * _TALL
        if (
            text
            and (level_of(text) or close)
            and not is_title(text)
            and year_in(text) is None
            and _is_alone(outside, glyphs)
        ):
            glyphs = _moved(glyphs, lines_of_glyphs(label), home)
    return glyphs


def _highest_empty(glyphs: Sequence[Glyph], cells: Sequence[Box]) -> Iterator[Box]:
    """Give the empty cells below the heading, or at the top where none is printed again."""
    inked = [g for g in glyphs if g.text.strip()]
    for cell in cells:
        above = [c for c in cells if c[3] <= cell[1] + _SAME and _share_width(c, cell)]
        if len(above) <= 2 and not any(within(g, cell) for g in inked):  # noqa: PLR2004  a heading of two lines
            yield cell


def _is_alone(label: Sequence[Glyph], glyphs: Sequence[Glyph]) -> bool:
    """Tell whether no text goes on beside a label, as a line of prose above a table would."""
    own = {id(glyph) for glyph in label}
    for line in lines_of_glyphs(label):
        first, last = line[0], line[-1]
        for g in glyphs:
            level = abs(g.y - first.y) < first.size / 2 and g.text.strip()
            if level and id(g) not in own and first.x0 - first.size < g.x < last.x1 + last.size:
                return False
    return True


def _painted_over(glyphs: Sequence[Glyph]) -> list[Glyph]:
    """Give the level label among the characters of a heading, drawn in one go before it or after."""
    for at in range(2, len(glyphs) - 1):
        one, other = ("".join(g.text for g in part) for part in (glyphs[:at], glyphs[at:]))
        if level_of(other) and column_role(key(one)) is not None and not level_of(one):
            return list(glyphs[at:])
        if level_of(one) and column_role(key(other)) is not None and not level_of(other):
            return list(glyphs[:at])
    return []


def _from_below(glyphs: list[Glyph], box: Box, cells: Sequence[Box]) -> list[Glyph]:
    """Move up what stands across the end of a table, or just below it, where a cell has no rule below."""
    for home in _open_cells(box, cells):
        reach = (home[0], home[1], home[2], inf)
        label = [g for g in glyphs if within(g, reach) and g.text.strip()]
        text = "".join(line_text(line) for line in lines_of_glyphs(label))
        if any(g.y > home[3] for g in label) and level_of(text):
            glyphs = _moved(glyphs, lines_of_glyphs(label), home)
    return glyphs


def _open_cells(box: Box, cells: Sequence[Box]) -> Iterator[Box]:
    """Give the cells at the end of a table that no rule closes below, since they go on over the page."""
    for left, right in sorted({(c[0], c[2]) for c in cells}):
        own = [c for c in cells if _share_width(c, (left, 0, right, 0))]
        end = max(c[3] for c in own)
        lowest = [c for c in own if c[3] == end]
        alike = abs(lowest[0][0] - left) < _SAME and abs(lowest[0][2] - right) < _SAME
        if alike and box[3] - end > _SAME:
            yield left, end, right, box[3]


def _share_width(one: Box, other: Box) -> bool:
    return min(one[2], other[2]) - max(one[0], other[0]) > _SAME


def _moved(glyphs: Sequence[Glyph], lines: Sequence[Sequence[Glyph]], home: Box) -> list[Glyph]:
    """Put the lines of a label one below the other into a cell."""
    step = (home[3] - home[1]) / len(lines)
    to: dict[int, float] = {}
    for n, line in enumerate(lines):
        to |= {id(glyph): home[1] + step * (n + 0.5) for glyph in line}
    return [
        replace(g, top=to[id(g)] - g.size / 2, bottom=to[id(g)] + g.size / 2) if id(g) in to else g
        for g in glyphs
    ]


# labels that stand on one page only


def joined_over_breaks(grids: Sequence[Grid]) -> list[Grid]:
    """Give the pages of one table, each part of a cut cell with the label of the whole."""
    parts = [_Part(grid) for grid in grids]
    headed = {place for part in parts for place in part.headed()}
    levels = {place for part in parts for place in part.merged()} & headed
    for upper, lower in pairwise(parts):
        _mend(upper, lower)
    for number in range(len(parts) - 2, -1, -1):
        for place in sorted(parts[number].feet.keys() & parts[number + 1].heads.keys()):
            _lend(parts, number, place, levels)
    return [part.grid() for part in parts]


class _Part:
    """Hold a table's part on one page: the cells at the break above it and below it, and its texts."""

    def __init__(self, grid: Grid) -> None:
        self._grid = grid
        self._texts = {(cell.row, cell.column): cell.text for cell in grid.cells}
        self._first = _first_row(grid)
        bottom = max((cell.row + cell.rowspan for cell in grid.cells), default=0)
        self.tall = set(merged_down(grid))
        self.feet = {_place(c): c for c in grid.cells if c.row + c.rowspan >= bottom}
        self.heads = {_place(c): c for c in grid.cells if c.row <= self._first < c.row + c.rowspan}
        self._open = {place for place, c in self.feet.items() if (c.row, c.column) in grid.open}

    def foot(self, place: Place) -> str:
        """Give the text of the cell at the break below."""
        return self._text(self.feet.get(place))

    def head(self, place: Place) -> str:
        """Give the text of the cell at the break above."""
        return self._text(self.heads.get(place))

    def ends(self, place: Place) -> bool:
        """Tell whether a cell is closed at the break, where others show that cells which go on are not."""
        return bool(self._open) and place not in self._open

    def above(self, place: Place) -> str:
        """Give the text of the cell above the lowest one of its column."""
        low = self.feet[place]
        found = [c for c in self._grid.cells if _place(c) == place and self._first <= c.row < low.row]
        return self._text(max(found, key=lambda c: c.row, default=None))

    def headed(self) -> Iterator[Place]:
        """Give the columns that a heading calls levels (一级指标, 二级指标)."""
        for cell in self._grid.cells:
            match = column_role(key(cell.text))
            if match is not None and match.role in {"level1", "level2"}:
                yield _place(cell)

    def merged(self) -> Iterator[Place]:
        """Give the columns that hold labels of levels merged over their rows."""
        return (_place(cell) for cell in self.tall if level_of(cell.text))

    def write(self, cell: Cell, text: str) -> None:
        """Let a cell print a text."""
        self._texts[cell.row, cell.column] = text

    def grid(self) -> Grid:
        """Give the part with the texts that its cells have now."""
        return replace(self._grid, cells=tuple(replace(c, text=self._text(c)) for c in self._grid.cells))

    def _text(self, cell: Cell | None) -> str:
        return "" if cell is None else self._texts[cell.row, cell.column]


def _place(cell: Cell) -> Place:
    return cell.column, cell.colspan


def _mend(upper: _Part, lower: _Part) -> None:
    """Put together a level whose text a page break cut, whether one half stands on a page or more of it."""
    for place in upper.feet.keys() & lower.heads.keys():
        one, other = upper.foot(place), lower.head(place)
        merged = upper.feet[place] in upper.tall or lower.heads[place] in lower.tall
        if is_blank(one) or is_blank(other):
            continue
        if _is_cut(one, other):
            whole = one + other
        elif merged and level_of(one) and level_of(other) and key(other).startswith(key(one)):
            whole = other
        else:
            continue
        upper.write(upper.feet[place], whole)
        lower.write(lower.heads[place], whole)


def _is_cut(upper: str, lower: str) -> bool:
    """Tell whether two texts are a level together and not each by itself (可持续影响 and 指标)."""
    if not level_of(upper + lower):
        return False
    rest = _POINTS.sub("", lower)
    if level_of(upper) and not level_of(lower):
        return not rest or (rest.endswith("标") and len(rest) <= _HALF and not upper.endswith("指标"))
    return not level_of(upper)


def _lend(parts: Sequence[_Part], number: int, place: Place, levels: AbstractSet[Place]) -> None:
    """Give a part of a cell that has no label the one on the next page, or a dash where there is none."""
    upper, lower = parts[number], parts[number + 1]
    low, high = upper.feet[place], lower.heads[place]
    if place in levels and upper.ends(place) and upper.foot(place) and not lower.head(place):
        lower.write(high, _LOST)
    merged = place in levels or low in upper.tall or high in lower.tall
    if upper.foot(place) or not merged or upper.ends(place) or _ends_before(upper, lower, place, levels):
        return
    if _begun(parts[: number + 1], place):
        return  # a page full of what began before it, whose label was printed there
    if lower.head(place):
        upper.write(low, lower.head(place))
    elif place in levels and upper.above(place):
        upper.write(low, _LOST)


def _begun(parts: Sequence[_Part], place: Place) -> str:
    """Give the label of the cell that fills the last part from break to break, if it began before."""
    if not parts or parts[-1].foot(place):
        return parts[-1].foot(place) if parts else ""
    whole = parts[-1].feet.get(place) is not None and parts[-1].feet[place] is parts[-1].heads.get(place)
    return _begun(parts[:-1], place) if whole and len(parts) > 1 and not parts[-2].ends(place) else ""


def _ends_before(upper: _Part, lower: _Part, place: Place, levels: AbstractSet[Place]) -> bool:
    """Tell whether a level on the left ends with the page, and with it all that it holds."""
    left = (other for other in levels if other[0] < place[0])
    pairs = ((upper.foot(other), lower.head(other)) for other in left)
    return any(one and other and key(one) != key(other) for one, other in pairs)


def merged_down(grid: Grid) -> Iterator[Cell]:
    """Give the cells that are taller than most of those that begin on their row."""
    spans: dict[int, list[int]] = {}
    for cell in grid.cells:
        spans.setdefault(cell.row, []).append(cell.rowspan)
    return (cell for cell in grid.cells if cell.rowspan > median_low(spans[cell.row]))


def _first_row(grid: Grid) -> int:
    """Give the first row that is no heading printed again."""
    rows: dict[int, set[str]] = {}
    for cell in sorted(grid.cells, key=lambda c: c.row):
        rows.setdefault(cell.row, set()).update({cell.text} - {""})
    return next((row for row, texts in rows.items() if texts and not _is_heading(texts)), 0)


def _is_heading(texts: set[str]) -> bool:
    """Tell whether a row is a heading printed again, whatever a page break did to the labels in it."""
    return sum(column_role(key(text)) is not None for text in texts) >= len(texts) * _ALIKE
