"""A table that nobody ruled: each row is anchored by the figures on its line.

A wrapped text belongs to the row whose anchor is nearest to its middle, and a level label to the rows
that it stands in the middle of.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from perfkit.readers.grid import Cell, Grid
from perfkit.readers.layout.record import money, number
from perfkit.readers.layout.words import column_role, is_blank, is_template, is_total, key
from perfkit.readers.positions import joined
from perfkit.readers.unruled.chunks import PAGE, Chunk, Pages, Row, blocks, lost, place_of, rivers
from perfkit.readers.unruled.headings import heading_band
from perfkit.readers.unruled.levels import labels
from perfkit.readers.unruled.regions import FIGURES, kind_of
from perfkit.readers.unruled.sharing import fits, lines_in, shared
from perfkit.text import say

if TYPE_CHECKING:
    from collections.abc import Sequence

_ALIKE = 0.6
_CLOSE_ROWS = 0.8
_SLACK = 0.4  # how far a text may stand from where it belongs, in heights of a character
_SLACK_OF_TEXT = 0.8  # and in a text, whose lines are whole
_SHARED = say("expected.lines_of_row")
_LEVELS = frozenset({"level1", "level2"})


class Table:
    """Read one table: its heading band, its columns, and its rows by their anchors."""

    def __init__(self, kind: str, rows: list[Row], pages: Pages) -> None:
        self.kind = kind
        self.pages = pages
        self.rows = rows
        self._slack = _SLACK_OF_TEXT if pages.lines else _SLACK
        heads = _heads(kind, rows)
        bands = [heading_band(rows, head, kind) for head in heads]
        band = rows[bands[0].start : bands[0].stop]
        again = [rows[n] for other in bands[1:] for n in other]
        body = [row for n, row in enumerate(rows) if not any(n in each for each in bands)]
        self.total = [row for row in body if any(is_total(chunk.text) for chunk in row)]
        body = [row for row in body if row not in self.total]
        self.starts = rivers([*band, *body])
        self.heading = self._by_column(band)
        prompts = {id(chunk) for row in body for chunk in row if _is_prompt(chunk.text)}
        self.placed = {*prompts, *(id(chunk) for row in again for chunk in row)}
        self.body = self._by_column([[c for c in row if id(c) not in prompts] for row in body])
        self.roles = {
            n: m.role for n in self.heading if (m := column_role(key(self._text(self.heading[n])), kind))
        }

    def _by_column(self, rows: Sequence[Row]) -> dict[int, list[Chunk]]:
        columns: dict[int, list[Chunk]] = {}
        for row in rows:
            for chunk in row:
                columns.setdefault(self._column(chunk), []).append(chunk)
        return {n: sorted(found, key=lambda c: (c.y, c.x0)) for n, found in columns.items()}

    def _column(self, chunk: Chunk) -> int:
        """Give the column that a chunk lies in for the most part."""
        ends = [*self.starts[1:], float("inf")]
        overlaps = [
            min(chunk.x1, end) - max(chunk.x0, start) for start, end in zip(self.starts, ends, strict=True)
        ]
        return max(range(len(overlaps)), key=lambda n: overlaps[n])

    @staticmethod
    def _text(chunks: Sequence[Chunk]) -> str:
        return joined([chunk.glyphs for chunk in chunks])

    def grid(self) -> Grid:
        """Give the table as rows of cells, the heading first."""
        anchors = self._anchors()
        cells = [self._cell(chunks, 0, column) for column, chunks in self.heading.items()]
        edges = [(anchor, anchor) for anchor in anchors]
        doubts: list[Cell] = []
        for column, chunks in self.body.items():
            if self._is_block(column):
                cells.append(self._cell(chunks, 1, column, max(1, len(anchors))))
            elif self.roles.get(column) not in _LEVELS:
                for n, found in sorted(shared(chunks, anchors).items()):
                    cells.append(self._cell(found, n + 1, column))
                    edges[n] = _wider(edges[n], found)
                    doubts += [] if fits(found, anchors[n], self._slack) else [cells[-1]]
        for column in (n for n in self.body if self.roles.get(n) in _LEVELS):
            for label, first, end in labels(lines_in(self.body[column]), _met(edges)):
                cells.append(self._cell(label, first + 1, column, end - first))
        cells = _moved(cells, [sum(row[0].y < anchor for row in self.total) for anchor in anchors])
        for n, row in enumerate(self.total, start=1):
            above = sum(anchor < row[0].y for anchor in anchors)
            cells += [self._cell([chunk], above + n, self._column(chunk)) for chunk in row]
        unread = [
            *lost(self.rows, self.placed, self.pages),
            *((cell.place, cell.text, _SHARED) for cell in doubts),
        ]
        name = f"{self.kind} on page {self.pages.numbers[0]}"
        return Grid(tuple(cells), name, unread=tuple(unread), placed=True)

    def _cell(self, chunks: Sequence[Chunk], row: int, column: int, tall: int = 1) -> Cell:
        """Make a cell of some chunks, which are then accounted for."""
        self.placed |= {id(chunk) for chunk in chunks}
        return Cell(self._text(chunks), row, column, tall, place=place_of(chunks[0], self.pages))

    def _is_block(self, column: int) -> bool:
        """Tell whether a column holds the label of the whole block (项目资金, 绩效指标)."""
        if self.kind == "columns":
            return self.roles.get(column) in {None, "skip", "block"} and column < min(self.roles, default=0)
        names = [n for n in self.body if n < min(self.roles, default=0)]
        return column in sorted(names)[:-1]

    def _anchors(self) -> list[float]:
        """Give the heights of the rows: those of their figures, or of any text where there are none."""
        figures = [n for n, role in self.roles.items() if role in FIGURES[self.kind]]
        chunks = [c for n in figures for c in self.body.get(n, ()) if _is_figure(c.text)]
        if not chunks:
            best = next((n for n, role in self.roles.items() if role in {"actual", "target"}), None)
            texts = blocks(self.body.get(best, [])) if best is not None else []
            return sorted(sum(c.y for c in text) / len(text) for text in texts)
        heights: list[float] = []
        for chunk in sorted(chunks, key=lambda c: c.y):
            if not heights or chunk.y - heights[-1] > chunk.size * _CLOSE_ROWS:
                heights.append(chunk.y)
        return heights


def _is_prompt(text: str) -> bool:
    """Tell whether a text is a prompt of the empty form (指标2：), not the end of a wrapped label (指标)."""
    return is_template(text) and key(text) != "指标"


def _heads(kind: str, rows: Sequence[Row]) -> list[int]:
    """Give the numbers of the lines that open the heading, on the first page and on later ones."""
    opening = next((n for n, row in enumerate(rows) if kind_of(row) == kind), 0)
    words = {chunk.text for chunk in rows[opening]}
    again = [n for n, row in enumerate(rows) if n > opening and _share(words, row) >= _ALIKE]
    return [opening, *again]


def _share(words: set[str], row: Row) -> float:
    return len(words & {chunk.text for chunk in row}) / len(words)


def _is_figure(text: str) -> bool:
    return is_blank(text) or number(text) is not None or money(text, "元") is not None


def _moved(cells: Sequence[Cell], totals: Sequence[int]) -> list[Cell]:
    """Make room for the totals among the rows; `totals` says for each row how many stand above it."""
    moved = []
    for cell in cells:
        first, last = (
            totals[row - 1] if 0 < row <= len(totals) else 0
            for row in (cell.row, cell.row + cell.rowspan - 1)
        )
        moved.append(replace(cell, row=cell.row + first, rowspan=cell.rowspan + last - first))
    return moved


def _wider(edge: tuple[float, float], chunks: Sequence[Chunk]) -> tuple[float, float]:
    """Give the ends of a row that has room for some texts."""
    tops, bottoms = zip(*((c.glyphs[0].top, c.glyphs[0].bottom) for c in chunks), strict=True)
    return min(edge[0], *tops), max(edge[1], *bottoms)


def _met(edges: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Let rows of one page meet in the middle of what is blank between them."""
    met = [list(edge) for edge in edges]
    for above, below in pairwise(met):
        if int(above[0] // PAGE) == int(below[0] // PAGE):
            above[1] = below[0] = (above[1] + below[0]) / 2
    return [(top, bottom) for top, bottom in met]
