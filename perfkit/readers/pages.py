"""Pages as rules and characters, put together into tables and texts: what printed and scanned pages share.

The columns of all pages share their edges, so that a table goes on over a page break; a label that a page
break cut is lent to where it belongs.
"""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING

from perfkit.readers.breaks import joined_over_breaks, merged_down, within
from perfkit.readers.grid import Cell, Grid, Spot
from perfkit.readers.positions import Edges, Glyph, by_home, joined, line_text, lines_of_glyphs, wrapped
from perfkit.text import say

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_SAME = 3.0
# What stands beside a table and is no text of the form: page numbers, and labels of merged cells that are
# painted again where a page break cut them.
_STRAY = re.compile(r"[-—–\s第页共/0-9]*|\S{0,10}指标")


class Page:
    """Hold what is needed of a page: its characters, and the boxes of its ruled tables, in points.

    A recognised page has its `picture` as well (JPEG), with so many pixels to a point. `beyond` are the
    characters of a printed one that lie beyond the edge of the paper.
    """

    def __init__(
        self,
        number: int,
        tables: list[tuple[tuple[float, ...], list[tuple[float, ...]]]],
        glyphs: list[Glyph],
        picture: tuple[bytes, float] | None = None,
        beyond: Sequence[Glyph] = (),
    ) -> None:
        self.number = number
        self.tables = tables
        self.glyphs = glyphs
        self.picture = picture
        self.beyond = beyond

    def spot(self, left: float, top: float, right: float, bottom: float) -> Spot | None:
        """Give where a box of the page stands in its picture."""
        if self.picture is None:
            return None
        page, scale = self.picture
        return Spot(
            page, (int(left * scale), int(top * scale), int(right * scale) + 1, int(bottom * scale) + 1)
        )

    def outside(self) -> list[Glyph]:
        """Give the characters outside every table."""
        boxes = [box for box, _ in self.tables]
        return [g for g in self.glyphs if not any(within(g, box) for box in boxes)]

    def goes_on_in(self, box: tuple[float, ...]) -> bool:
        """Tell whether a box on the next page, however small, is as wide as the last table here."""
        last = self.tables[-1][0] if self.tables else None
        return last is not None and abs(last[0] - box[0]) < _SAME and abs(last[2] - box[2]) < _SAME

    def beside_a_table(self, glyph: Glyph) -> bool:
        """Tell whether a character stands at the height of a table."""
        return any(box[1] < glyph.y < box[3] for box, _ in self.tables)


def page_grids(pages: Sequence[Page]) -> Iterator[Grid]:
    """Give tables and texts in reading order; a table at the top of a page continues the one before."""
    edges = Edges(
        [x for page in pages for _, cells in page.tables for box in cells for x in (box[0], box[2])]
    )
    run: list[Grid] = []
    for grid, opens_page in _in_order(pages, edges):
        if grid.kind == "table" and opens_page and run:
            run.append(replace(grid, continues=True))
            continue
        yield from joined_over_breaks(run)
        run = [grid] if grid.kind == "table" else []
        if not run:
            yield grid
    yield from joined_over_breaks(run)


def _in_order(pages: Sequence[Page], edges: Edges) -> Iterator[tuple[Grid, bool]]:
    """Give each grid, and whether a ruled page opens with it; pages without rules are read by positions."""
    from perfkit.readers.unruled import unruled_grids

    for ruled, run in groupby(pages, key=lambda page: bool(page.tables)):
        some = list(run)
        found = [] if ruled else unruled_grids([(page.number, page.glyphs) for page in some])
        if any(grid.name for grid in found):  # a table of a form among the texts
            sure = certainty([glyph for page in some for glyph in page.glyphs])
            yield from ((_as_sure(grid, sure), False) for grid in found)
            continue
        tables = [_tables(page, edges) for page in some]
        labels = {line for parts in tables for _, grid in parts for line in _tall_labels(grid)}
        for page, parts in zip(some, tables, strict=True):
            yield from ((grid, number == 0) for number, grid in enumerate(_of_page(page, parts, labels)))


def certainty(glyphs: Iterable[Glyph]) -> float | None:
    """Give how sure a recogniser is of the least certain of some characters; None where all are printed."""
    return min((glyph.sure for glyph in glyphs if glyph.sure is not None), default=None)


def _as_sure(grid: Grid, sure: float | None) -> Grid:
    if sure is None:
        return grid
    return replace(grid, cells=tuple(replace(cell, confidence=sure) for cell in grid.cells))


def _tables(page: Page, edges: Edges) -> list[tuple[float, Grid]]:
    """Give the tables of a page from top to bottom, each with where it begins."""
    boxes = sorted(page.tables, key=lambda table: table[0][1])
    return [
        (box[1], _table(page, edges, cells, f"page {page.number}, table {number}"))
        for number, (box, cells) in enumerate(boxes, start=1)
    ]


def _tall_labels(grid: Grid) -> Iterator[str]:
    """Give the lines of the labels that stand in cells merged down."""
    return (line for cell in merged_down(grid) for line in cell.text.split("\n") if line)


def _of_page(page: Page, tables: Sequence[tuple[float, Grid]], labels: set[str]) -> list[Grid]:
    """Give the tables and texts of a page in order, without its number and what is painted again."""
    place = f"page {page.number}"
    tops = [top for top, _ in tables]
    runs: dict[int, list[tuple[float, Cell]]] = {}
    beside: list[str] = []
    for line in lines_of_glyphs(page.outside()):
        top, text = line[0].top, joined([line], spaced=True)
        above = sum(top > t for t in tops)
        at_break = bool(tops) and (above == len(tops) or (above == 0 and page.number > 1))
        if (at_break or page.beside_a_table(line[0])) and _is_painted_again(text, labels):
            continue
        if page.beside_a_table(line[0]) and (text.isdigit() or not _STRAY.fullmatch(text)):
            beside.append(text)
        elif page.tables and _STRAY.fullmatch(text):
            continue
        run = runs.setdefault(above, [])
        seen = page.spot(line[0].x0, top, line[-1].x1, max(glyph.bottom for glyph in line))
        run.append((top, Cell(text, len(run), 0, place=place, confidence=certainty(line), spot=seen)))
    texts = [(run[0][0], Grid(tuple(cell for _, cell in run), kind="text")) for run in runs.values()]
    grids = [grid for _, grid in sorted([*tables, *texts], key=lambda part: part[0])]
    unread = tuple((place, text, say("expected.cell_beside")) for text in beside)
    return [replace(grids[0], unread=(*grids[0].unread, *unread)), *grids[1:]] if unread else grids


def _is_painted_again(text: str, labels: set[str]) -> bool:
    """Tell whether a line holds a label of a merged cell that a page break cut, and no text of the form."""
    parts = text.split()
    return not labels.isdisjoint(parts) and all(part in labels or _STRAY.fullmatch(part) for part in parts)


def _table(page: Page, edges: Edges, boxes: Sequence[tuple[float, ...]], place: str) -> Grid:
    rows = Edges([y for box in boxes for y in (box[1], box[3])])
    cells: dict[tuple[int, int], tuple[int, int]] = {}
    slots: dict[tuple[int, int], tuple[int, int]] = {}
    for left, top, right, bottom in boxes:
        row, column = rows.at(top), edges.at(left)
        tall, wide = max(1, rows.at(bottom) - row), max(1, edges.at(right) - column)
        cells[row, column] = (tall, wide)
        slots |= {(r, c): (row, column) for r in range(row, row + tall) for c in range(column, column + wide)}
    ruled = set(cells)
    _fill_gaps(cells, slots)
    homes = [slots.get((rows.below(glyph.y), edges.below(glyph.x))) for glyph in page.glyphs]
    glyphs = by_home(page.glyphs, homes, {home: rows.position(home[0]) for home in cells})
    found = []
    for home, span in sorted(cells.items()):
        left, right = edges.position(home[1]), edges.position(home[1] + span[1])
        seen = page.spot(left, rows.position(home[0]), right, rows.position(home[0] + span[0]))
        inside = glyphs.get(home, [])
        level = all(glyph.turn == 0 for glyph in inside)
        text = wrapped(lines_of_glyphs(inside), (left, right) if level else None)
        where = f"{place}, row {home[0] + 1}, column {home[1] + 1}"
        found.append(Cell(text, *home, *span, where, confidence=certainty(inside), spot=seen))
    apart = say("expected.cell_of_table")
    astray = [g for g, home in zip(page.glyphs, homes, strict=True) if home is None and _within(g, boxes)]
    unread = tuple((place, text, apart) for line in lines_of_glyphs(astray) if (text := line_text(line)))
    bottom = max(row + tall for row, (tall, _) in ((home[0], span) for home, span in cells.items()))
    ends = {home for home, (tall, _) in cells.items() if home[0] + tall == bottom}
    return Grid(tuple(found), place, unread=unread, open=frozenset(ends - ruled))


def _within(glyph: Glyph, boxes: Sequence[tuple[float, ...]]) -> bool:
    """Tell whether a character stands in the rectangle that the cells of a table fill."""
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return within(glyph, (min(lefts), min(tops), max(rights), max(bottoms)))


def _fill_gaps(
    cells: dict[tuple[int, int], tuple[int, int]], slots: dict[tuple[int, int], tuple[int, int]]
) -> None:
    """Add the cells that lack a rule, as those do that a page break cut: text in them must not be lost."""
    for column in range(max((c for _, c in slots), default=0) + 1):
        run: tuple[int, int] | None = None
        for row in range(max((r for r, _ in slots), default=0) + 1):
            if (row, column) in slots:
                run = None
                continue
            run = run or (row, column)
            slots[row, column] = run
            cells[run] = (row - run[0] + 1, 1)
