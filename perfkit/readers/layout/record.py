"""What a form is read from, and what reading it gathers besides: the document's lines, and the evidence.

The grids of a document are one stream of lines, each knowing every cell that covers it: a level-1 cell that
spans eight rows covers eight lines, and a heading that spans three columns covers all three. Rows without any
cell are left out, so that the size of a form does not depend on how much empty sheet surrounds it.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from typing import TYPE_CHECKING

from perfkit.form import MoneyUnit, Unread
from perfkit.readers.layout.words import is_blank, key, squeeze
from perfkit.text import say
from perfkit.values import amount

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from perfkit.language import Text
    from perfkit.readers.grid import Cell, Grid, Known


@dataclass(slots=True)
class Evidence:
    """Gather what a reading knows besides the form: how its columns were found, and what was odd.

    `aligned` tells that columns were found by what cells say or by the space between them. `whole` is the sum
    of weights that the form prints, `columns` the roles of its indicator table. `lacking` holds the columns
    that a row has no cell for, by its number; `ends` where each line of a table ends and where its heading
    does, by path; `unanswered` the places of labels without a value, by role; `carried` the level 2 of rows
    that print none of their own; `lost` the paths that the line of all money has no cell for; `unsure` how
    sure a recogniser is of a value, by path;
    `loose` tells that nothing but space parts the cells; `percents` the points printed with a percent sign;
    `ragged` holds the place and text of the one line of a table that has not as many cells as the others;
    `astride` the paths that a cell stands at which is no cell of the heading above it, with the cell's text;
    `serial` the number that a row prints in front, by its own (None for what is no number); `summed` that
    there is a row of the total;
    `labels` holds the roles of the labels that the form prints, None where nobody looked, `authorities` the
    keys of those of a department, `funds` the lines of money that it prints, filled in or not;
    `shared` which of weight and score a row has in common with the rows above it, by its number;
    `spliced` holds the rows that go on over a page break with as many texts as a row of their own would have.
    """

    aligned: bool = False
    whole: Decimal | None = None
    columns: frozenset[str] = frozenset()
    lacking: dict[int, frozenset[str]] = field(default_factory=dict)
    ends: dict[str, tuple[int, int]] = field(default_factory=dict)
    unanswered: dict[str, str] = field(default_factory=dict)
    carried: dict[int, str] = field(default_factory=dict)
    lost: set[str] = field(default_factory=set)
    unsure: dict[str, float] = field(default_factory=dict)
    loose: bool = False
    percents: set[str] = field(default_factory=set)
    spliced: set[int] = field(default_factory=set)
    ragged: dict[str, str] = field(default_factory=dict)
    astride: dict[str, str] = field(default_factory=dict)
    serial: dict[int, int | None] = field(default_factory=dict)
    summed: bool = False
    labels: frozenset[str] | None = None
    authorities: frozenset[str] = frozenset()
    funds: frozenset[str] = frozenset()
    shared: dict[int, frozenset[str]] = field(default_factory=dict)


_NUMBER = re.compile(r"[-+]?\d+(?:\.\d*)?|[-+]?\.\d+")
_THOUSANDS = re.compile(r"(?<=\d)[,'](?=\d{3}(?!\d))")
_NONE = frozenset({"无", "不涉及", "不适用", "不计分", "N/A", "n/a", "NA"})


@dataclass(slots=True)
class Record:
    """Gather places and unread cells while one form is read.

    `seen` holds every cell that was accounted for, by its identity: two cells may print the same. `held`
    are those whose values the form holds. `aside` lists what was left out knowingly, which is no doubt;
    `remarks` are texts beside the money (偏差原因), which go to the notes.
    """

    money_unit: MoneyUnit = "万元"
    places: dict[str, str] = field(default_factory=dict)
    unread: list[Unread] = field(default_factory=list)
    aside: list[Unread] = field(default_factory=list)
    remarks: list[Cell] = field(default_factory=list)
    evidence: Evidence = field(default_factory=Evidence)
    seen: dict[int, Cell] = field(default_factory=dict, repr=False)
    held: set[int] = field(default_factory=set, repr=False)

    def account(self, *cells: Cell) -> None:
        """Note cells that need no more looking after: they were read, listed, or say nothing of the form."""
        for cell in cells:
            whole = cell.origin or cell
            self.seen[id(whole)] = whole

    def found(self, path: str, *cells: Cell) -> None:
        """Note where the value of a path stood."""
        self.account(*cells)
        self.held.update(id(cell.origin or cell) for cell in cells)
        places = list(dict.fromkeys(cell.place for cell in cells if cell.place))
        if places:
            self.places[path] = " + ".join(places)
        sure = [cell.confidence for cell in cells if cell.confidence is not None]
        if sure:
            self.evidence.unsure[path] = min(sure)

    def missed(self, path: str, cell: Cell, expected: Text) -> None:
        """Note a cell that could not be read as what it should be."""
        self.account(cell)
        self.unread.append(Unread(path, cell.place, cell.text.strip(), expected))

    def figure(self, path: str, cell: Cell | None, expected: Text) -> Decimal | None:
        """Read a weight or score; list the cell as unread where it holds something else."""
        if cell is None or is_blank(cell.text) or cell.text.strip() in _NONE:
            self.account(*([cell] if cell else []))
            return None
        value = number(cell.text)
        if value is None or (value < 0 and path.endswith(".deduction")):
            self.missed(path, cell, expected)
            return None
        self.found(path, cell)
        if cell.text.strip().endswith(("%", "％")):
            self.evidence.percents.add(path)
        return value

    def amount(self, path: str, cell: Cell | None) -> Decimal | None:
        """Read an amount in the form's money unit; list the cell as unread where it is none."""
        if cell is None or is_blank(cell.text) or cell.text.strip() in _NONE:
            self.account(*([cell] if cell else []))
            return None
        value = money(cell.text, self.money_unit)
        if value is None:
            self.missed(path, cell, say("expected.amount_in", unit=self.money_unit))
        else:
            self.found(path, cell)
        return value


def number(text: str, unit: str = "分|点|%") -> Decimal | None:
    """Read a bare figure with the digits as printed, an optional unit after it; None if it is none."""
    plain = _plain(text)
    plain = re.sub(rf"(?:{unit})$", "", plain)
    return _decimal(plain)


def money(text: str, money_unit: MoneyUnit) -> Decimal | None:
    """Read an amount, with or without its own unit, in the form's money unit; None if it is none."""
    try:
        return amount(text, money_unit)
    except ValueError:
        return None


def money_unit_of(text: str) -> MoneyUnit | None:
    """Tell the money unit that an amount prints with itself."""
    plain = _plain(text)
    if re.fullmatch(r"[-+]?[¥￥][-+]?[\d.,]+", plain):
        return "元"
    match = re.fullmatch(r"[-+¥￥]*[\d.,]+(万元|元)", plain)
    return ("万元" if match[1] == "万元" else "元") if match else None


def _plain(text: str) -> str:
    plain = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))
    return _THOUSANDS.sub("", plain.replace("−", "-").replace("，", ","))


def _decimal(plain: str) -> Decimal | None:
    if not _NUMBER.fullmatch(plain):
        return None
    try:
        return Decimal(plain)
    except InvalidOperation:
        return None


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


_YEAR = re.compile(r"(20\d\d)(?:年度?|年?度)|[(（](20\d\d)年?[)）]")
_HAN_YEAR = re.compile("二[〇○零Oo0][〇○零一二三四五六七八九]{2}(?=年)")
_HAN = {d: str(i) for i, d in enumerate("〇一二三四五六七八九")} | {
    "○": "0",
    "零": "0",
    "O": "0",
    "o": "0",
    "0": "0",
}


def year_in(text: str) -> int | None:
    """Read the year that a title or a year label prints."""
    plain = squeeze(text)
    match = _YEAR.search(plain)
    if match:
        return int(match[1] or match[2])
    han = _HAN_YEAR.search(unicodedata.normalize("NFKC", text).replace(" ", ""))
    return int("".join(_HAN[c] for c in han[0])) if han else None


def stream_of(lines: Sequence[Sequence[Cell]]) -> list[list[Cell]]:
    """Give every cell of a text a line of its own; blank ones go where they only part the others."""
    cells = [cell for line in lines for cell in line]
    filled = sum(bool(cell.text.strip()) for cell in cells)
    apart = sum(not one.text.strip() and bool(other.text.strip()) for one, other in pairwise(cells))
    return [[cell] for cell in cells if cell.text.strip() or apart * 2 < filled]


def lines_of_rows(grid: Grid) -> list[list[Cell]]:
    """Give the rows of a text as lines of cells, without the bars that frame them."""
    rows: dict[int, list[Cell]] = {}
    for cell in grid.cells:
        rows.setdefault(cell.row, []).append(cell)
    lines = [rows[row] for row in sorted(rows)]
    framed = [line for line in lines if len(line) > 1]
    if framed and all(not line[0].text.strip() for line in framed) and any(len(line) > 2 for line in framed):  # noqa: PLR2004
        framed_in = all(not line[-1].text.strip() for line in framed)
        lines = [line[1 : -1 if framed_in else None] if len(line) > 1 else line for line in lines]
    return [[replace(cell, column=n) for n, cell in enumerate(line)] for line in lines]
