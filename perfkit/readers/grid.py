"""A document as rows of cells with merged spans: what every format is turned into.

A reader of a format knows where cells stand and what they print; what a form looks like is known in
`perfkit.readers.layout` alone. Running text between tables is a grid of one column, so that titles and
years reach the layout in the document's order.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class Cell:
    """Hold one cell: its printed `text`, where it stands (from 0), what it spans, and its `place`.

    `place` is what a person would look up: `Sheet1!C5`, `page 2, table 1, row 3`, `line 12`.
    """

    text: str
    row: int
    column: int
    rowspan: int = 1
    colspan: int = 1
    place: str = ""

    @property
    def end(self) -> int:
        """Give the first column to the right of the cell."""
        return self.column + self.colspan


@dataclass(frozen=True, slots=True)
class Grid:
    """Hold the cells of one table, sheet or run of paragraphs, in reading order.

    `kind` is `table`, or `text` for running text. `flat` tells that the cells of a table were flattened
    into lines, so that columns say nothing. `continues` tells that the table goes on from the grid before
    it (over a page break). `instead` holds what a flat grid is where the blanks in its lines are its
    columns, by one width of a character or another. `unread` lists what the document
    holds but does not say: its place, its text and what was expected.
    """

    cells: tuple[Cell, ...]
    name: str = ""
    kind: str = "table"
    flat: bool = False
    continues: bool = False
    unread: tuple[tuple[str, str, str], ...] = ()
    instead: tuple[tuple[Grid, ...], ...] = ()


def text_grid(lines: Iterable[tuple[str, str]], name: str = "", *, flat: bool = False) -> Grid:
    """Make a grid of one column from running text, given as (text, place)."""
    cells = tuple(Cell(text, row, 0, place=place) for row, (text, place) in enumerate(lines))
    return Grid(cells, name, kind="text", flat=flat)
