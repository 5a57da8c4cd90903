"""A table that nobody ruled: each row is anchored by the figures on its line.

A wrapped text belongs to the row whose anchor is nearest to its middle, and a level label to the rows
that it stands in the middle of.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from perfkit.readers.grid import Cell, Grid
from perfkit.readers.layout.flattened.levels import level2_rank
from perfkit.readers.layout.record import money, number
from perfkit.readers.layout.words import column_role, is_blank, is_level1, is_template, is_total, key
from perfkit.readers.positions import joined
from perfkit.readers.unruled.chunks import PAGE, Chunk, Pages, Row, blocks, place_of, rivers
from perfkit.readers.unruled.regions import BAND, FIGURES, kind_of

if TYPE_CHECKING:
    from collections.abc import Sequence

_ALIKE = 0.6
_CLOSE_ROWS = 0.8
_LEVELS = frozenset({"level1", "level2"})
_REST = re.compile(r"[(（)）\d分]|指?标?$")  # how a label goes on whose words alone are a label too


class Table:
    """Read one table: its heading band, its columns, and its rows by their anchors."""

    def __init__(self, kind: str, rows: list[Row], pages: Pages) -> None:
        self.kind = kind
        self.pages = pages
        opening = next((row for row in rows if kind_of(row) == kind), rows[0])
        words = {chunk.text for chunk in opening}
        heads = [
            row[0].y for row in rows if len(words & {chunk.text for chunk in row}) >= len(words) * _ALIKE
        ]
        bands = [_near(row, heads, opening[0].size * BAND) for row in rows]
        band = [row for row, near in zip(rows, bands, strict=True) if near == heads[0]]
        body = [row for row, near in zip(rows, bands, strict=True) if near is None]
        self.total = [row for row in body if any(is_total(chunk.text) for chunk in row)]
        body = [row for row in body if row not in self.total]
        self.starts = rivers([*band, *body])
        self.heading = self._by_column(band)
        self.body = self._by_column([[c for c in row if not _is_prompt(c.text)] for row in body])
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
        cells = [
            Cell(self._text(chunks), 0, column, place=place_of(chunks[0], self.pages))
            for column, chunks in self.heading.items()
        ]
        for column, chunks in self.body.items():
            if self.roles.get(column) in _LEVELS:
                cells += self._labels(column, chunks, anchors)
            elif self._is_block(column):
                cells.append(
                    Cell(
                        self._text(chunks),
                        1,
                        column,
                        max(1, len(anchors)),
                        place=place_of(chunks[0], self.pages),
                    )
                )
            else:
                cells += self._cells(column, chunks, anchors)
        for n, row in enumerate(self.total, start=len(anchors) + 1):
            for chunk in row:
                cells.append(Cell(chunk.text, n, self._column(chunk), place=place_of(chunk, self.pages)))
        return Grid(tuple(cells), f"{self.kind} on page {self.pages.numbers[0]}")

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

    def _cells(self, column: int, chunks: Sequence[Chunk], anchors: Sequence[float]) -> list[Cell]:
        rows: dict[int, list[Chunk]] = {}
        for block in blocks(chunks):
            inside = [y for y in anchors if block[0].y - 1 <= y <= block[-1].y + 1]
            pieces = [[chunk] for chunk in block] if len(inside) > 1 else [block]
            for piece in pieces:
                middle = (piece[0].y + piece[-1].y) / 2
                nearest = min(range(len(anchors)), key=lambda n: abs(anchors[n] - middle), default=None)
                if nearest is not None:
                    rows.setdefault(nearest, []).extend(piece)
        return [
            Cell(self._text(found), row + 1, column, place=place_of(found[0], self.pages))
            for row, found in rows.items()
        ]

    def _labels(self, column: int, chunks: Sequence[Chunk], anchors: Sequence[float]) -> list[Cell]:
        """Give each level label the rows that it stands in the middle of, or those from it downwards."""
        found = _rejoined([label for block in blocks(chunks) for label in _labels_in(block, anchors)])
        middles = [(block[0].y + block[-1].y) / 2 for block in found]
        if not anchors or not found:
            return []
        spans = _spans_by_page(middles, anchors)
        return [
            Cell(
                self._text(block),
                start + 1,
                column,
                max(1, end - start),
                place=place_of(block[0], self.pages),
            )
            for block, (start, end) in zip(found, spans, strict=True)
            if start < end
        ]


def _is_prompt(text: str) -> bool:
    """Tell whether a text is a prompt of the empty form (指标2：), not the end of a wrapped label (指标)."""
    return is_template(text) and key(text) != "指标"


def _near(row: Row, heads: Sequence[float], reach: float) -> float | None:
    """Give the height of the heading whose band a line lies in, if any; lines of figures lie in none."""
    if sum(number(chunk.text) is not None for chunk in row) > 1:
        return None
    return next((head for head in heads if abs(row[0].y - head) < reach), None)


def _is_figure(text: str) -> bool:
    return is_blank(text) or number(text) is not None or money(text, "元") is not None


def _spans_by_page(middles: Sequence[float], anchors: Sequence[float]) -> list[tuple[int, int]]:
    """Give the rows of each label, page by page: nothing is centred over a page break."""
    spans: list[tuple[int, int]] = []
    for page in dict.fromkeys(int(middle // PAGE) for middle in middles):
        own = [middle for middle in middles if int(middle // PAGE) == page]
        rows = [n for n, anchor in enumerate(anchors) if int(anchor // PAGE) == page]
        found = _spans(own, [anchors[n] for n in rows]) if rows else [(0, 1)] * len(own)
        spans += [(rows[0] + a, rows[0] + b) if rows else (a, b) for a, b in found]
    return spans


def _labels_in(block: list[Chunk], anchors: Sequence[float]) -> list[list[Chunk]]:
    """Part labels that stand line upon line: each known label ends where it is whole, or each has its row."""
    if _is_whole(block):
        return [block]
    found: list[list[Chunk]] = [[]]
    for chunk in block:
        if _is_whole(found[-1]) and not _REST.match(chunk.text):
            found.append([])
        found[-1].append(chunk)
    inside = sum(block[0].y - 1 <= y <= block[-1].y + 1 for y in anchors)
    if len(found) == 1 and len(block) == inside:
        return [[chunk] for chunk in block]
    return found if all(_is_whole(label) for label in found[:-1]) else [block]


def _rejoined(labels: Sequence[list[Chunk]]) -> list[list[Chunk]]:
    """Join what a row that runs between the lines of a label has parted."""
    found: list[list[Chunk]] = []
    for label in labels:
        if found and not _is_whole(found[-1]) and _is_whole([*found[-1], *label]):
            found[-1] = [*found[-1], *label]
        else:
            found.append(label)
    return found


def _is_whole(label: Sequence[Chunk]) -> bool:
    """Tell whether a text is a whole label of a level, as the official form prints it."""
    text = joined([chunk.glyphs for chunk in label])
    return is_level1(text) or level2_rank(text) is not None


def _nearest_spans(middles: Sequence[float], anchors: Sequence[float]) -> list[tuple[int, int]]:
    """Give each label the rows that it is nearest to, where they stand in the middle of none."""
    owners = [min(range(len(middles)), key=lambda n: abs(middles[n] - anchor)) for anchor in anchors]
    spans: list[tuple[int, int]] = []
    for label in range(len(middles)):
        rows = [row for row, owner in enumerate(owners) if owner == label]
        spans.append((rows[0], rows[-1] + 1) if rows else (0, 0))
    return spans


def _spans(middles: Sequence[float], anchors: Sequence[float]) -> list[tuple[int, int]]:
    """Give the rows (first, behind the last) of each label, centred on them or standing on the first."""
    gaps = [b - a for a, b in pairwise(anchors)]
    half = (min(gaps) if gaps else 20.0) / 2
    edges = [
        anchors[0] - half,
        *((a + b) / 2 for a, b in pairwise(anchors)),
        anchors[-1] + half,
    ]
    bounds = [0]
    for middle in middles:
        end = 2 * middle - edges[min(bounds[-1], len(anchors))]
        bounds.append(max(bounds[-1] + 1, min(range(len(edges)), key=lambda n: abs(edges[n] - end))))
    if bounds[-1] > len(anchors):
        return _nearest_spans(middles, anchors)
    nearest = [min(range(len(anchors)), key=lambda n: abs(anchors[n] - middle)) for middle in middles]
    if bounds[-1] != len(anchors) and nearest[0] == 0:
        return [(a, max(a + 1, b)) for a, b in zip(nearest, [*nearest[1:], len(anchors)], strict=True)]
    return [(a, min(b, len(anchors))) for a, b in pairwise(bounds)]
