"""A document as rows of cells with merged spans: what every format is turned into.

A reader of a format knows where cells stand and what they print; what a form looks like is known in
`perfkit.readers.layout` alone. Running text between tables is a grid of one column, so that titles and
years reach the layout in the document's order.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


@dataclass(frozen=True, slots=True)
class Cell:
    """Hold one cell: its printed `text`, where it stands (from 0), what it spans, and its `place`.

    `place` is what a person would look up: `Sheet1!C5`, `page 2, table 1, row 3`, `line 12`. `origin` is
    the cell as it stands in the document, where this one was turned or cut to be read.
    """

    text: str
    row: int
    column: int
    rowspan: int = 1
    colspan: int = 1
    place: str = ""
    origin: Cell | None = field(default=None, compare=False, repr=False)

    def cut(self, **changes: Any) -> Cell:
        """Give the cell with another text or at another spot, knowing the one that it was."""
        return replace(self, origin=self.origin or self, **changes)

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
    columns, by one width of a character or another. `placed` tells that nothing parts the cells of a table
    but the space between their texts. `unread` lists what the document
    holds but does not say: its place, its text and what was expected.
    """

    cells: tuple[Cell, ...]
    name: str = ""
    kind: str = "table"
    flat: bool = False
    continues: bool = False
    unread: tuple[tuple[str, str, str], ...] = ()
    instead: tuple[tuple[Grid, ...], ...] = ()
    placed: bool = False


def struck_out(found: Iterable[tuple[int, str, str]]) -> Iterator[tuple[str, str, str]]:
    """List cells whose whole text is struck out, given as (row, place, text): one entry a row."""
    rows: dict[int, list[tuple[str, str]]] = {}
    for row, place, text in found:
        if text.strip():
            rows.setdefault(row, []).append((place, text.strip()))
    for cells in rows.values():
        yield cells[0][0], " | ".join(text for _, text in cells), "text that is not struck out"


def text_grid(lines: Iterable[tuple[str, str]], name: str = "", *, flat: bool = False) -> Grid:
    """Make a grid of one column from running text, given as (text, place)."""
    cells = tuple(Cell(text, row, 0, place=place) for row, (text, place) in enumerate(lines))
    return Grid(cells, name, kind="text", flat=flat)
