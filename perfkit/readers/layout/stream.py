"""A document's grids as one stream of lines, each knowing every cell that covers it.

Merged cells are the reason for this module: a level-1 cell that spans eight rows covers eight lines, and
a heading that spans three columns covers all three. Rows without any cell are left out, so that the size
of a form does not depend on how much empty sheet surrounds it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from perfkit.readers.layout.words import is_blank, key

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from perfkit.readers.grid import Cell, Grid, Known


@dataclass(frozen=True, slots=True)
class Line:
    """Hold one row of the document: the cells that cover it, from left to right."""

    cells: tuple[Cell, ...]
    row: int
    grid: int
    kind: str = "table"
    known: Known = "grid"
    first: bool = False
    continues: bool = False

    @property
    def starts(self) -> list[Cell]:
        """Give the cells that begin on this line and hold text."""
        return [cell for cell in self.cells if cell.row == self.row and not is_blank(cell.text)]

    @property
    def texts(self) -> list[str]:
        """Give the texts that begin on this line."""
        return [cell.text for cell in self.starts]

    @property
    def keys(self) -> list[str]:
        """Give the keys of the texts that begin on this line."""
        return [key(cell.text) for cell in self.starts]

    @property
    def place(self) -> str:
        """Give the place of the first text of the line."""
        return next((cell.place for cell in self.cells if cell.row == self.row), "")

    def at(self, column: int) -> Cell | None:
        """Give the cell that covers a column on this line."""
        return next((cell for cell in self.cells if cell.column <= column < cell.end), None)

    def across(self, columns: Iterable[int]) -> list[Cell]:
        """Give the distinct cells that cover the columns, from left to right."""
        found: list[Cell] = []
        for column in columns:
            cell = self.at(column)
            if cell is not None and cell not in found:
                found.append(cell)
        return found

    def after(self, cell: Cell) -> Cell | None:
        """Give the next cell to the right that is not empty."""
        return next((c for c in self.cells if c.column >= cell.end and not is_blank(c.text)), None)

    def beside(self, cell: Cell) -> Cell | None:
        """Give the next cell to the right, empty or not."""
        return next((c for c in self.cells if c.column >= cell.end), None)


def lines_of(grids: Iterable[Grid]) -> list[Line]:
    """Give the lines of a document that hold any cell, in reading order."""
    return [line for number, grid in enumerate(grids) for line in _lines(grid, number)]


def _lines(grid: Grid, number: int) -> Iterator[Line]:
    rows = sorted({cell.row for cell in grid.cells})
    starting: dict[int, list[Cell]] = {}
    for cell in grid.cells:
        starting.setdefault(cell.row, []).append(cell)
    tall = [cell for cell in grid.cells if cell.rowspan > 1]
    for position, row in enumerate(rows):
        covering = [cell for cell in tall if cell.row < row < cell.row + cell.rowspan]
        cells = sorted([*covering, *starting[row]], key=lambda cell: cell.column)
        yield Line(
            tuple(cells), row, number, grid.kind, grid.known, first=position == 0, continues=grid.continues
        )
