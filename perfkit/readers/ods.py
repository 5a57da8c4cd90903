"""OpenDocument sheets (.ods): cells with the texts that they print, which the document itself holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from perfkit.errors import DataError, Fault
from perfkit.readers.characters import whole
from perfkit.readers.container import DAMAGED, Package
from perfkit.readers.grid import Cell, Grid, shown
from perfkit.readers.xlsx import MOST_CELLS, column_letters
from perfkit.text import say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from perfkit.language import Text

_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_HIDDEN = frozenset({"collapse", "filter"})
_SHORT = 20_000
_MOST_TOLD = 6


def grids(data: bytes, name: str) -> list[Grid]:
    """Read the visible sheets of a book as grids.

    Raises:
        DataError: where the book is damaged, or holds more cells than any form.
    """
    try:
        root = Package(data).xml("content.xml")
    except DAMAGED:
        root = None
    if root is None:
        raise DataError(Fault(say("faults.book_damaged"), name, hint=say("faults.save_again_xlsx")))
    hidden = {
        style.get("{urn:oasis:names:tc:opendocument:xmlns:style:1.0}name", "")
        for style in root.iter("{*}style")
        if any(node.get(f"{_TABLE}display") == "false" for node in style)
    }
    tables = [
        table for table in root.iter(f"{_TABLE}table") if table.get(f"{_TABLE}style-name") not in hidden
    ]
    return [_Sheet(table, name).grid() for table in tables]


class _Sheet:
    """Read one sheet; what is repeated is said once with a number."""

    def __init__(self, table: Any, name: str) -> None:
        self.table = table
        self.file = name
        self.name = table.get(f"{_TABLE}name", "")
        self.unread: list[tuple[str, str, Text]] = []
        self.columns = list(self._hidden_columns())

    def grid(self) -> Grid:
        cells: list[Cell] = []
        row = 0
        for line in self.table.iter(f"{_TABLE}table-row"):
            found = list(self._cells(line, row))
            repeated = min(_times(line, "rows"), _SHORT if found else 1 << 20)
            if line.get(f"{_TABLE}visibility") in _HIDDEN:
                self._list(found, "row")
                found = []
            for times in range(repeated if found else 0):
                cells += [cell.cut(row=row + times, origin=None) for cell in found] if times else found
                if len(cells) > MOST_CELLS:
                    raise DataError(Fault(say("faults.sheet_holds_more_cells"), self.file, self.name))
            row += repeated
        seen = []
        for cell in cells:
            if all(n in self.columns for n in range(cell.column, cell.end)):
                self._list([cell], "column")
            else:
                seen.append(cell)
        return Grid(tuple(seen), self.name, unread=tuple(self.unread))

    def _hidden_columns(self) -> Iterator[int]:
        column = 0
        for node in self.table.iter(f"{_TABLE}table-column"):
            times = min(_times(node, "columns"), 1000)
            if node.get(f"{_TABLE}visibility") in _HIDDEN:
                yield from range(column, column + times)
            column += times

    def _cells(self, line: Any, row: int) -> Iterator[Cell]:
        column = 0
        for node in line:
            if node.tag not in {f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"}:
                continue
            times = _times(node, "columns")
            text = "" if node.tag.endswith("covered-table-cell") else _text(node)
            tall, wide = _number(node, "number-rows-spanned"), _number(node, "number-columns-spanned")
            if text or (tall, wide) != (1, 1):
                for n in range(min(times, 1000)):
                    place = f"{self.name}!{column_letters(column + n)}{row + 1}"
                    yield Cell(text, row, column + n, tall, wide, place)
            column += times

    def _list(self, cells: list[Cell], what: str) -> None:
        told = " | ".join([cell.text for cell in cells if cell.text][:_MOST_TOLD])
        if told:
            self.unread.append((cells[0].place, told, shown(what)))


def _text(cell: Any) -> str:
    """Give the lines of a cell, without its comments."""
    lines = ["".join(_pieces(part)) for part in cell.iterchildren(f"{_TEXT}p", f"{_TEXT}h")]
    return "\n".join(lines).strip()


def _pieces(node: Any) -> Iterator[str]:
    yield node.text or ""
    for child in node:
        if child.tag == f"{_TEXT}s":
            yield " " * min(_number(child, "c", _TEXT), 100)
        elif child.tag in {f"{_TEXT}tab", f"{_TEXT}line-break"}:
            yield "\t" if child.tag.endswith("tab") else "\n"
        elif isinstance(child.tag, str) and child.tag != f"{_OFFICE}annotation":
            yield from _pieces(child)
        yield child.tail or ""


def _times(node: Any, what: str) -> int:
    return _number(node, f"number-{what}-repeated")


def _number(node: Any, name: str, space: str = _TABLE) -> int:
    return max(1, min(whole(node.get(f"{space}{name}", "1"), 1), 1 << 20))
