"""Tables that nobody ruled: columns are the white rivers between texts, rows hang on their figures."""

from __future__ import annotations

from dataclasses import replace
from itertools import accumulate
from typing import TYPE_CHECKING

from perfkit.readers.grid import Cell, Grid, text_grid
from perfkit.readers.positions import Glyph, joined, lines_of_glyphs
from perfkit.readers.unruled.chunks import PAGE, Pages, Row, chunks_of, cut_at_edges, is_page_number, place_of
from perfkit.readers.unruled.goals import goals_grid
from perfkit.readers.unruled.labelled import labelled_rows
from perfkit.readers.unruled.regions import FIGURES, regions
from perfkit.readers.unruled.table import Table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

__all__ = ["spaced_grids", "unruled_grids"]

# A text is laid out as a page whose lines nearly touch; a blank is a gap between two texts, not a wide one.
_WIDE, _TALL, _PITCH = 5.0, 10.0, 12.0


def unruled_grids(pages: Sequence[tuple[int, Sequence[Glyph]]]) -> list[Grid]:
    """Read the characters of pages without rules as grids, one for each region of a form."""
    return _read([glyphs for _, glyphs in pages], Pages(tuple(number for number, _ in pages)))


def spaced_grids(text: str, width: Callable[[str], float]) -> list[Grid]:
    """Read a text whose columns are made of spaces as grids; `width` is that of a character."""
    pages = text.split("\f")
    starts = accumulate((page.count("\n") for page in pages[:-1]), initial=1)
    return _read(
        [list(_glyphs(page, width)) for page in pages],
        Pages(tuple(range(1, len(pages) + 1)), tuple(starts), _PITCH),
    )


def _glyphs(page: str, width: Callable[[str], float]) -> Iterator[Glyph]:
    for row, line in enumerate(page.split("\n")):
        x = 0.0
        for character in line:
            wide = width(character) * _WIDE
            if not character.isspace():
                yield Glyph(character, x, x + wide, row * _PITCH, row * _PITCH + _TALL)
            x += wide


def _read(pages: Sequence[Sequence[Glyph]], places: Pages) -> list[Grid]:
    rows: list[Row] = []
    for n, page in enumerate(pages):
        glyphs = [replace(glyph, top=glyph.top + n * PAGE, bottom=glyph.bottom + n * PAGE) for glyph in page]
        found = [row for line in lines_of_glyphs(glyphs) if (row := chunks_of(line))]
        ends = (*found[:1], *found[-1:])
        rows += [row for row in found if not is_page_number(row, at_an_end=any(row is end for end in ends))]
    return [grid for kind, region in regions(rows) for grid in _region(kind, region, places)]


def _region(kind: str, rows: list[Row], pages: Pages) -> Iterator[Grid]:
    if not rows:
        return
    rows = cut_at_edges(rows)
    if kind in FIGURES:
        yield Table(kind, rows, pages).grid()
    elif kind == "goals":
        yield goals_grid(rows, pages)
    else:
        for row in labelled_rows(rows):
            texts = [(joined([chunk.glyphs for chunk in cell]), place_of(cell[0], pages)) for cell in row]
            cells = tuple(Cell(text, 0, n, place=place) for n, (text, place) in enumerate(texts))
            yield Grid(cells) if len(cells) > 1 else text_grid(texts)
