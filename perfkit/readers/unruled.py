"""Tables that nobody ruled: columns are the white rivers between texts, rows hang on their figures.

A form is read region by region (head, money, goals, indicators), because each has columns of its own.
Within a table, each row is anchored by the figures on its line; a wrapped text belongs to the row whose
anchor is nearest to its middle, and a level label to the rows that it stands in the middle of.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from perfkit.readers.grid import Cell, Grid, text_grid
from perfkit.readers.layout.record import money, number
from perfkit.readers.layout.words import column_role, is_blank, is_title, is_total, key, label_role
from perfkit.readers.positions import Glyph, joined, lines_of_glyphs

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_PAGE = 100_000.0
_APART = 0.35
_APART_LATIN = 0.5
_ALIKE = 0.6
_CLOSE = 0.55
_BAND = 1.8
_SHORT = 10
_ALIGNED = 0.7
_HAIR = 0.1
_CLOSE_ROWS = 0.8
_HEADINGS = 3
_FIGURES = {"budget": frozenset({"initial", "adjusted", "executed", "weight", "score", "rate"}),
            "columns": frozenset({"weight", "score"})}  # fmt: skip
_BLOCK_LABEL = re.compile("[年度总体绩效目标完成情况]+")
_LEVELS = frozenset({"level1", "level2"})


@dataclass(frozen=True, slots=True)
class Chunk:
    """Hold characters of one line that no wide gap parts."""

    glyphs: tuple[Glyph, ...]

    @property
    def text(self) -> str:
        """Give the printed text."""
        return joined([self.glyphs])

    @property
    def x0(self) -> float:
        """Give the left end."""
        return self.glyphs[0].x0

    @property
    def x1(self) -> float:
        """Give the right end."""
        return self.glyphs[-1].x1

    @property
    def y(self) -> float:
        """Give the middle of the line."""
        return sum(glyph.y for glyph in self.glyphs) / len(self.glyphs)

    @property
    def size(self) -> float:
        """Give the height."""
        return self.glyphs[0].size


Row = list[Chunk]


def unruled_grids(pages: Sequence[tuple[int, Sequence[Glyph]]]) -> list[Grid]:
    """Read the characters of pages without rules as grids, one for each region of a form."""
    glyphs = [
        replace(glyph, top=glyph.top + n * _PAGE, bottom=glyph.bottom + n * _PAGE)
        for n, (_, page) in enumerate(pages)
        for glyph in page
    ]
    rows = [row for line in lines_of_glyphs(glyphs) if (row := _chunks(line)) and not _page_number(row)]
    numbers = [number for number, _ in pages]
    return [grid for kind, region in _regions(rows) for grid in _region(kind, region, numbers)]


def _chunks(line: Sequence[Glyph]) -> Row:
    chunks: list[list[Glyph]] = []
    for glyph in line:
        if not glyph.text.strip():
            continue
        if chunks and glyph.x0 - chunks[-1][-1].x1 <= glyph.size * _apart(chunks[-1][-1], glyph):
            chunks[-1].append(glyph)
        else:
            chunks.append([glyph])
    return [Chunk(tuple(chunk)) for chunk in chunks]


def _apart(before: Glyph, glyph: Glyph) -> float:
    """Give the gap, in heights of a character, that parts two texts: words of Latin script stand apart."""
    return _APART_LATIN if before.text.isascii() and glyph.text.isascii() else _APART


def _page_number(row: Row) -> bool:
    return len(row) == 1 and bool(re.fullmatch(r"[-—–\s第页共/0-9]*", row[0].text))


def _kind(row: Row) -> str:
    keys = [key(chunk.text) for chunk in row]
    roles = {match.role for k in keys if (match := column_role(k, "budget"))}
    if {"adjusted", "executed"} <= roles or {"initial", "adjusted"} <= roles:
        return "budget"
    columns = {match.role for k in keys if (match := column_role(k)) and match.role != "skip"}
    if len(columns) >= _HEADINGS and columns & {"target", "actual", "name", "value"}:
        return "columns"
    labels = {match.role for k in keys if (match := label_role(k)) and match.rank < 1}
    if labels & {"expected", "outcome"}:
        return "goals"
    if labels & {"project", "department", "notes"} or is_title(row[0].text):
        return "text"
    return ""


def _regions(rows: Sequence[Row]) -> Iterator[tuple[str, list[Row]]]:
    """Part the lines into regions, each with the kind of the line that opens it."""
    kind, region = "text", list[Row]()
    for row in rows:
        opened = _kind(row)
        if opened and opened != kind:
            above = _upper_heading(region, row) if opened in _FIGURES else []
            yield kind, region[: len(region) - len(above)]
            kind, region = opened, above
        region.append(row)
        if kind == "columns" and any(is_total(chunk.text) for chunk in row):
            yield kind, region
            kind, region = "text", []
    yield kind, region


def _upper_heading(region: Sequence[Row], opening: Row) -> list[Row]:
    """Take back the upper lines of a heading whose cells are wrapped."""
    above = [row for row in region[-2:] if opening[0].y - row[0].y < opening[0].size * _BAND and len(row) > 1]
    plain = [row for row in above if not _kind(row) and not any(label_role(key(c.text)) for c in row)]
    return [row for row in plain if all(len(c.text) < _SHORT and number(c.text) is None for c in row)]


def _region(kind: str, rows: list[Row], pages: Sequence[int]) -> Iterator[Grid]:
    if not rows:
        return
    rows = _cut_at_edges(rows)
    if kind in _FIGURES:
        yield _Table(kind, rows, pages).grid()
    elif kind == "goals":
        yield _goals(rows, pages)
    else:
        for row in rows:
            cells = [Cell(c.text, 0, n, place=_place(c, pages)) for n, c in enumerate(row)]
            yield Grid(tuple(cells)) if len(row) > 1 else text_grid([(row[0].text, cells[0].place)])


def _cut_at_edges(rows: Sequence[Row]) -> list[Row]:
    """Cut texts that run into each other where other lines of the region begin."""
    lefts = sorted(chunk.x0 for row in rows for chunk in row)
    edges = [a for a, b in zip(lefts, lefts[1:], strict=False) if b - a < _ALIGNED]
    return [[part for chunk in row for part in _cut(chunk, edges)] for row in rows]


def _cut(chunk: Chunk, edges: Sequence[float]) -> list[Chunk]:
    parts: list[list[Glyph]] = [[chunk.glyphs[0]]]
    for before, glyph in zip(chunk.glyphs, chunk.glyphs[1:], strict=False):
        apart = glyph.x0 - before.x1 > glyph.size * _HAIR
        if apart and any(abs(glyph.x0 - edge) < _ALIGNED for edge in edges):
            parts.append([])
        parts[-1].append(glyph)
    return [Chunk(tuple(part)) for part in parts]


def _place(chunk: Chunk, pages: Sequence[int]) -> str:
    return f"page {pages[int(chunk.y // _PAGE)]}"


def _rivers(rows: Sequence[Row]) -> list[float]:
    """Give the left ends of columns: where text begins again after white space down the whole region."""
    spans = sorted((chunk.x0, chunk.x1) for row in rows for chunk in row)
    starts: list[float] = []
    reach = float("-inf")
    for left, right in spans:
        if left > reach:
            starts.append(left)
        reach = max(reach, right)
    return starts


def _near(row: Row, heads: Sequence[float], reach: float) -> float | None:
    """Give the height of the heading whose band a line lies in, if any; lines of figures lie in none."""
    if sum(number(chunk.text) is not None for chunk in row) > 1:
        return None
    return next((head for head in heads if abs(row[0].y - head) < reach), None)


def _goals(rows: list[Row], pages: Sequence[int]) -> Grid:
    """Read goal and outcome, side by side or one below the other, as labels with texts."""
    labels = [
        c for row in rows for c in row if (m := label_role(key(c.text))) and m.role in {"expected", "outcome"}
    ]
    rows = _without_block_label(rows)
    border = _border(rows, labels)
    texts: list[list[Chunk]] = [[] for _ in labels]
    for row in rows:
        for chunk in row:
            owner = _owner(chunk, labels, border)
            if owner is not None and chunk not in labels:
                texts[owner].append(chunk)
    cells = []
    for n, label in enumerate(labels):
        text = joined([chunk.glyphs for chunk in sorted(texts[n], key=lambda c: (c.y, c.x0))])
        cells.append(Cell(label.text, 2 * n, 0, place=_place(label, pages)))
        cells.append(Cell(text, 2 * n, 1, place=_place(label, pages)))
    return Grid(tuple(cells))


def _without_block_label(rows: Sequence[Row]) -> list[Row]:
    """Leave out the label of the whole block (年度总体目标), which stands in a column of its own."""
    starts = _rivers(rows)
    if len(starts) < 2:  # noqa: PLR2004
        return list(rows)
    first = [chunk for row in rows for chunk in row if chunk.x0 < starts[1]]
    if not _BLOCK_LABEL.fullmatch(key(joined([chunk.glyphs for chunk in first]))):
        return list(rows)
    return [kept for row in rows if (kept := [chunk for chunk in row if chunk not in first])]


def _owner(chunk: Chunk, labels: Sequence[Chunk], border: float | None) -> int | None:
    """Tell to which of two labels a text belongs: below the one beside it, or right of it."""
    if border is None:
        right = [n for n, label in enumerate(labels) if chunk.x0 > label.x1]
        return min(right, key=lambda n: abs(labels[n].y - chunk.y), default=None)
    if chunk.y < labels[0].y - chunk.size / 2:
        return None
    return int(chunk.x0 >= border)


def _border(rows: Sequence[Row], labels: Sequence[Chunk]) -> float | None:
    """Find the white river between goal and outcome where they stand side by side."""
    if len(labels) < 2 or abs(labels[0].y - labels[1].y) > labels[0].size:  # noqa: PLR2004
        return None
    chunks = [chunk for row in rows for chunk in row]
    starts = sorted(c.x0 for c in chunks if labels[0].x1 < c.x0 <= labels[1].x0)
    free = [x for x in starts if not any(c.x0 < x - 1 < c.x1 for c in chunks)]
    return free[0] - 1 if free else labels[1].x0


class _Table:
    """Read one table: its heading band, its columns, and its rows by their anchors."""

    def __init__(self, kind: str, rows: list[Row], pages: Sequence[int]) -> None:
        self.kind = kind
        self.pages = pages
        opening = next((row for row in rows if _kind(row) == kind), rows[0])
        words = {chunk.text for chunk in opening}
        heads = [
            row[0].y for row in rows if len(words & {chunk.text for chunk in row}) >= len(words) * _ALIKE
        ]
        bands = [_near(row, heads, opening[0].size * _BAND) for row in rows]
        band = [row for row, near in zip(rows, bands, strict=True) if near == heads[0]]
        body = [row for row, near in zip(rows, bands, strict=True) if near is None]
        self.total = [row for row in body if any(is_total(chunk.text) for chunk in row)]
        body = [row for row in body if row not in self.total]
        self.starts = _rivers([*band, *body])
        self.heading = self._by_column(band)
        self.body = self._by_column(body)
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
        anchors = self._anchors()
        cells = [
            Cell(self._text(chunks), 0, column, place=_place(chunks[0], self.pages))
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
                        place=_place(chunks[0], self.pages),
                    )
                )
            else:
                cells += self._cells(column, chunks, anchors)
        for n, row in enumerate(self.total, start=len(anchors) + 1):
            for chunk in row:
                cells.append(Cell(chunk.text, n, self._column(chunk), place=_place(chunk, self.pages)))
        return Grid(tuple(cells), f"{self.kind} on page {self.pages[0]}")

    def _is_block(self, column: int) -> bool:
        """Tell whether a column holds the label of the whole block (项目资金, 绩效指标)."""
        if self.kind == "columns":
            return self.roles.get(column) in {None, "skip"} and column < min(self.roles, default=0)
        names = [n for n in self.body if n < min(self.roles, default=0)]
        return column in sorted(names)[:-1]

    def _anchors(self) -> list[float]:
        """Give the heights of the rows: those of their figures, or of any text where there are none."""
        figures = [n for n, role in self.roles.items() if role in _FIGURES[self.kind]]
        chunks = [c for n in figures for c in self.body.get(n, ()) if _is_figure(c.text)]
        if not chunks:
            best = next((n for n, role in self.roles.items() if role in {"actual", "target"}), None)
            blocks = _blocks(self.body.get(best, [])) if best is not None else []
            return sorted(sum(c.y for c in block) / len(block) for block in blocks)
        heights: list[float] = []
        for chunk in sorted(chunks, key=lambda c: c.y):
            if not heights or chunk.y - heights[-1] > chunk.size * _CLOSE_ROWS:
                heights.append(chunk.y)
        return heights

    def _cells(self, column: int, chunks: Sequence[Chunk], anchors: Sequence[float]) -> list[Cell]:
        rows: dict[int, list[Chunk]] = {}
        for block in _blocks(chunks):
            inside = [y for y in anchors if block[0].y - 1 <= y <= block[-1].y + 1]
            pieces = [[chunk] for chunk in block] if len(inside) > 1 else [block]
            for piece in pieces:
                middle = (piece[0].y + piece[-1].y) / 2
                nearest = min(range(len(anchors)), key=lambda n: abs(anchors[n] - middle), default=None)
                if nearest is not None:
                    rows.setdefault(nearest, []).extend(piece)
        return [
            Cell(self._text(found), row + 1, column, place=_place(found[0], self.pages))
            for row, found in rows.items()
        ]

    def _labels(self, column: int, chunks: Sequence[Chunk], anchors: Sequence[float]) -> list[Cell]:
        """Give each level label the rows that it stands in the middle of, or those from it downwards."""
        blocks = _blocks(chunks)
        middles = [(block[0].y + block[-1].y) / 2 for block in blocks]
        if not anchors or not blocks:
            return []
        spans = _spans_by_page(middles, anchors)
        return [
            Cell(
                self._text(block), start + 1, column, max(1, end - start), place=_place(block[0], self.pages)
            )
            for block, (start, end) in zip(blocks, spans, strict=True)
        ]


def _is_figure(text: str) -> bool:
    return is_blank(text) or number(text) is not None or money(text, "元") is not None


def _blocks(chunks: Sequence[Chunk]) -> list[list[Chunk]]:
    """Group the lines of a column into cells: lines closer than half a line are one."""
    blocks: list[list[Chunk]] = []
    for chunk in chunks:
        gap = chunk.glyphs[0].top - blocks[-1][-1].glyphs[0].bottom if blocks else float("inf")
        if gap < chunk.size * _CLOSE:
            blocks[-1].append(chunk)
        else:
            blocks.append([chunk])
    return blocks


def _spans_by_page(middles: Sequence[float], anchors: Sequence[float]) -> list[tuple[int, int]]:
    """Give the rows of each label, page by page: nothing is centred over a page break."""
    spans: list[tuple[int, int]] = []
    for page in dict.fromkeys(int(middle // _PAGE) for middle in middles):
        own = [middle for middle in middles if int(middle // _PAGE) == page]
        rows = [n for n, anchor in enumerate(anchors) if int(anchor // _PAGE) == page]
        found = _spans(own, [anchors[n] for n in rows]) if rows else [(0, 1)] * len(own)
        spans += [(rows[0] + a, rows[0] + b) if rows else (a, b) for a, b in found]
    return spans


def _spans(middles: Sequence[float], anchors: Sequence[float]) -> list[tuple[int, int]]:
    """Give the rows (first, behind the last) of each label, centred on them or standing on the first."""
    gaps = [b - a for a, b in zip(anchors, anchors[1:], strict=False)]
    half = (min(gaps) if gaps else 20.0) / 2
    edges = [
        anchors[0] - half,
        *((a + b) / 2 for a, b in zip(anchors, anchors[1:], strict=False)),
        anchors[-1] + half,
    ]
    bounds = [0]
    for middle in middles:
        end = 2 * middle - edges[bounds[-1]]
        bounds.append(max(bounds[-1] + 1, min(range(len(edges)), key=lambda n: abs(edges[n] - end))))
    nearest = [min(range(len(anchors)), key=lambda n: abs(anchors[n] - middle)) for middle in middles]
    if bounds[-1] != len(anchors) and nearest[0] == 0:
        return [(a, max(a + 1, b)) for a, b in zip(nearest, [*nearest[1:], len(anchors)], strict=True)]
    return [(a, min(b, len(anchors))) for a, b in zip(bounds, bounds[1:], strict=False)]
