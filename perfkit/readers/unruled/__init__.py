"""Tables that nobody ruled: columns are the white rivers between texts, rows hang on their figures."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from perfkit.readers.grid import Cell, Grid, text_grid
from perfkit.readers.positions import Glyph, lines_of_glyphs
from perfkit.readers.unruled.chunks import PAGE, Row, chunks_of, cut_at_edges, is_page_number, place_of
from perfkit.readers.unruled.goals import goals_grid
from perfkit.readers.unruled.regions import FIGURES, regions
from perfkit.readers.unruled.table import Table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["unruled_grids"]


def unruled_grids(pages: Sequence[tuple[int, Sequence[Glyph]]]) -> list[Grid]:
    """Read the characters of pages without rules as grids, one for each region of a form."""
    glyphs = [
        replace(glyph, top=glyph.top + n * PAGE, bottom=glyph.bottom + n * PAGE)
        for n, (_, page) in enumerate(pages)
        for glyph in page
    ]
    rows = [row for line in lines_of_glyphs(glyphs) if (row := chunks_of(line)) and not is_page_number(row)]
    numbers = [number for number, _ in pages]
    return [grid for kind, region in regions(rows) for grid in _region(kind, region, numbers)]


def _region(kind: str, rows: list[Row], pages: Sequence[int]) -> Iterator[Grid]:
    if not rows:
        return
    rows = cut_at_edges(rows)
    if kind in FIGURES:
        yield Table(kind, rows, pages).grid()
    elif kind == "goals":
        yield goals_grid(rows, pages)
    else:
        for row in rows:
            cells = [Cell(c.text, 0, n, place=place_of(c, pages)) for n, c in enumerate(row)]
            yield Grid(tuple(cells)) if len(row) > 1 else text_grid([(row[0].text, cells[0].place)])
