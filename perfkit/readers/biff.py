"""Old Excel books (.xls, and .et, which is what WPS calls them): cells as they print, through xlrd.

xlrd tells number formats, merged cells, what is hidden and what is struck out; a book that it cannot read
goes to calamine, which reads more and tells less.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from perfkit.errors import DataError, Fault
from perfkit.readers.characters import in_font, symbol_font
from perfkit.readers.grid import Cell, Grid, shown, struck_out
from perfkit.readers.numberformat import hides, printed
from perfkit.readers.xlsx import MOST_CELLS, column_letters
from perfkit.text import say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from perfkit.language import Text

_MOST_TOLD = 6


def grids(data: bytes, name: str) -> list[Grid]:
    """Read the visible sheets of a book as grids.

    Raises:
        DataError: where the book is damaged, encrypted, or holds more cells than any form.
    """
    import io

    import xlrd

    from perfkit.readers import sheets

    try:
        book = xlrd.open_workbook(
            file_contents=data, formatting_info=True, on_demand=False, logfile=io.StringIO(), verbosity=0
        )
        return [_Sheet(book, sheet, name).grid() for sheet in book.sheets() if sheet.visibility == 0]
    except DataError:
        raise
    except Exception:  # noqa: BLE001  a damaged or encrypted book fails anywhere inside the library
        return sheets.grids(data, name)


class _Sheet:
    """Read one sheet of a book."""

    def __init__(self, book: Any, sheet: Any, name: str) -> None:
        self.book = book
        self.sheet = sheet
        if sum(len(sheet.row(row)) for row in range(sheet.nrows)) > MOST_CELLS * 50:
            raise DataError(Fault(say("faults.sheet_holds_more_cells"), name, sheet.name))
        self.merged = {
            (top, left): (bottom - top, right - left) for top, bottom, left, right in sheet.merged_cells
        }
        self.unread: list[tuple[str, str, Text]] = []

    def grid(self) -> Grid:
        cells: list[Cell] = []
        struck: list[tuple[int, str, str]] = []
        unseen: dict[tuple[int, int], list[tuple[str, str]]] = {}
        for row in range(self.sheet.nrows):
            for column, cell in enumerate(self.sheet.row(row)):
                span = self.merged.pop((row, column), (1, 1))
                text, whole = self._texts(cell)
                place = f"{self.sheet.name}!{column_letters(column)}{row + 1}"
                hidden = self._hidden(row, column, span)
                if hidden is not None:
                    if text.strip():
                        unseen.setdefault(hidden, []).append((place, text))
                elif text.strip() or span != (1, 1) or whole.strip():
                    if not text.strip():
                        struck.append((row, place, whole))
                    cells.append(Cell(text, row, column, *span, place))
        return Grid(tuple(cells), self.sheet.name, unread=(*self._unseen(unseen), *struck_out(struck)))

    def _texts(self, cell: Any) -> tuple[str, str]:
        """Give what a cell prints, and what it would print if nothing were struck out or hidden."""
        style = self.book.xf_list[cell.xf_index]
        font = self.book.font_list[style.font_index]
        known = self.book.format_map.get(style.format_key)
        code = "General" if known is None else known.format_str
        whole = in_font(_printed(cell, code, self.book.datemode), symbol_font(font.name))
        raw = whole or str(cell.value)
        return ("" if font.struck_out or hides(code) else whole), raw

    def _hidden(self, row: int, column: int, span: tuple[int, int]) -> tuple[int, int] | None:
        rows, columns = self.sheet.rowinfo_map, self.sheet.colinfo_map
        if all(n in rows and rows[n].hidden for n in range(row, row + min(span[0], 1000))):
            return (0, row)
        if all(n in columns and columns[n].hidden for n in range(column, column + span[1])):
            return (1, column)
        return None

    @staticmethod
    def _unseen(found: dict[tuple[int, int], list[tuple[str, str]]]) -> Iterator[tuple[str, str, Text]]:
        for (axis, _), cells in found.items():
            expected = shown(("row", "column")[axis])
            yield cells[0][0], " | ".join(text for _, text in cells[:_MOST_TOLD]), expected


def _printed(cell: Any, code: str, since_1904: int) -> str:
    """Give what a cell prints by the kind of its value."""
    import xlrd

    match cell.ctype:
        case xlrd.XL_CELL_NUMBER | xlrd.XL_CELL_DATE:
            return printed(Decimal(f"{cell.value:.15g}"), code, since_1904=bool(since_1904))
        case xlrd.XL_CELL_TEXT:
            return cell.value if code == "General" else printed(cell.value, code)
        case xlrd.XL_CELL_BOOLEAN:
            return "是" if cell.value else "否"
        case xlrd.XL_CELL_ERROR:
            return str(xlrd.error_text_from_code.get(cell.value, "#ERR"))
    return ""
