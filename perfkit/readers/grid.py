"""A document as cells with whatever is known of their place: what every format is turned into.

A reader of a format knows where cells stand and what they print; what a form looks like is known in
`perfkit.readers.layout` alone. Running text between tables is a grid of one column, so that titles and
years reach the layout in the document's order.

How much is known of the cells' places stands in `Grid.known`, and the row reader asks for no more:

- `grid`: row, column and spans are the document's own (Excel, Word, web pages, ruled PDFs, OCR with rules);
- `rows`: rows are known and the order of their cells, but a row may come short, on the left too, where
  cells span rows (tabs, bars, commas). `column` is then the number of the field, blank fields included;
- `lines`: lines of text, one cell each or several parted by spaces; neither rows nor columns are known.
  Blank lines are kept as cells without text, since they tell where rows end;
- words with positions (PDFs without rules, OCR without) become cells in `perfkit.readers.unruled`, which
  gives a `grid` that is `placed`: nothing but space told its columns.

A cell that was recognised and not printed as text carries how sure the recogniser is (`confidence`), and
where it stands in the picture (`spot`).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal

from perfkit.readers.characters import UNKNOWN, chosen, clean
from perfkit.text import say

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from perfkit.language import Text


_NOT_STRUCK = say("expected.not_struck")
_HIDDEN = {what: say("expected.shown", what=say(f"expected.{what}")) for what in ("row", "column", "cell")}

Known = Literal["grid", "rows", "lines"]


@dataclass(frozen=True, slots=True)
class Spot:
    """Hold where a cell stands in a picture: the straightened page (JPEG), and the cell's box in pixels."""

    page: bytes
    box: tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Cell:
    """Hold one cell: its printed `text`, where it stands (from 0), what it spans, and its `place`.

    `place` is what a person would look up: `Sheet1!C5`, `page 2, table 1, row 3, column 1`, `line 12`.
    `origin` is the cell as it stands in the document, where this one was turned or cut to be read.
    `confidence` is how
    sure a recogniser (OCR) is of the text, from 0 to 1, and `spot` where that saw it; None where the
    document holds it as text.
    """

    text: str
    row: int
    column: int
    rowspan: int = 1
    colspan: int = 1
    place: str = ""
    origin: Cell | None = field(default=None, compare=False, repr=False)
    confidence: float | None = field(default=None, compare=False, repr=False)
    spot: Spot | None = field(default=None, compare=False, repr=False)

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

    `kind` is `table`, or `text` for running text. `known` tells how much is known of the cells' places.
    `continues` tells that the table goes on from the grid before it (over a page break). `instead` holds
    what `lines` are where the blanks in them are columns, by one width of a character or another. `placed`
    tells that nothing parts the cells of a table but the space between their texts; `aligned` that its
    columns were found by what its cells say. `dense` tells that the document keeps blank cells, so that a row
    which ends early lacks one. `open` holds the cells (row, column) at the end of a page that
    no rule closes, since they go on over it. `unread` lists what the document holds but does not say: its
    place, its text and what was expected.
    """

    cells: tuple[Cell, ...]
    name: str = ""
    kind: str = "table"
    known: Known = "grid"
    continues: bool = False
    unread: tuple[tuple[str, str, Text], ...] = ()
    instead: tuple[tuple[Grid, ...], ...] = ()
    placed: bool = False
    aligned: bool = False
    dense: bool = False
    open: frozenset[tuple[int, int]] = frozenset()


def shown(what: str) -> Text:
    """Say what was expected where a row, a column, a cell or a sheet is hidden."""
    return _HIDDEN[what]


def is_out_of_sight(expected: Text | str) -> bool:
    """Tell whether what is listed was hidden or struck out: a person who reads the page does not see it."""
    return expected == _NOT_STRUCK or expected in _HIDDEN.values()


def struck_out(found: Iterable[tuple[int, str, str]]) -> Iterator[tuple[str, str, Text]]:
    """List cells whose whole text is struck out, given as (row, place, text): one entry a row."""
    rows: dict[int, list[tuple[str, str]]] = {}
    for row, place, text in found:
        if text.strip():
            rows.setdefault(row, []).append((place, text.strip()))
    for cells in rows.values():
        yield cells[0][0], " | ".join(text for _, text in cells), _NOT_STRUCK


def settled(grid: Grid) -> Grid:
    """Give a grid as a person sees it: no invisible characters, and of choices what is ticked.

    What cannot be read in a cell, and choices of which none is ticked, are listed.
    """
    unread: list[tuple[str, str, Text]] = []
    cells = tuple(_settled(cell, unread, table=grid.kind == "table") for cell in grid.cells)
    instead = tuple(tuple(settled(other) for other in others) for others in grid.instead)
    return replace(grid, cells=cells, unread=(*grid.unread, *unread), instead=instead)


def _settled(cell: Cell, unread: list[tuple[str, str, Text]], *, table: bool) -> Cell:
    text = clean(cell.text)
    ticked = chosen(text) if table else None
    if ticked == "":
        unread.append((cell.place, text, say("expected.ticked")))
    if UNKNOWN in text:
        unread.append((cell.place, text, say("expected.readable")))
    text = text if ticked is None else ticked
    return cell if text == cell.text else replace(cell, text=text)


def text_grid(lines: Iterable[tuple[str, str]], name: str = "", *, known: Known = "grid") -> Grid:
    """Make a grid of one column from running text, given as (text, place)."""
    cells = tuple(Cell(text, row, 0, place=place) for row, (text, place) in enumerate(lines))
    return Grid(cells, name, kind="text", known=known)
