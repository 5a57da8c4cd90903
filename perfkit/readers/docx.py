"""Word documents (.docx): tables with merged cells and the paragraphs between them, as they print.

Texts are gathered from the XML itself, because forms hold content controls, tracked changes, fields,
formulas and nested tables. What is hidden or deleted is left out; what cannot be read is listed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from perfkit.errors import DataError, Fault, theirs
from perfkit.readers.characters import whole
from perfkit.readers.container import Package
from perfkit.readers.fields import W, is_on
from perfkit.readers.grid import Cell, Grid, shown, struck_out, text_grid
from perfkit.readers.wordtext import Printed, Styles, blocks, inner, styles_of
from perfkit.text import say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from perfkit.language import Text

_MOST_ROWS = 20_000


def grids(data: bytes, name: str) -> list[Grid]:
    """Read the tables and paragraphs of a document as grids.

    Raises:
        DataError: where the document is damaged, or larger than any form.
    """
    try:
        package = Package(data)
        main = package.main("word/document.xml")
        root = package.xml(main)
        body = None if root is None else root.find(f"{W}body")
        if body is None:
            raise ValueError("no body in the main part")  # noqa: TRY301  told as damage below
        return list(_Document(package, main).grids(body))
    except DataError:
        raise
    except Exception as error:  # noqa: BLE001  a damaged document fails anywhere inside
        raise DataError(
            Fault(
                say("faults.word_document_damaged"),
                name,
                got=theirs(error),
                hint=say("faults.open_word_wps_save"),
            )
        ) from None


class _Document:
    """Walk a document's body in reading order."""

    def __init__(self, package: Package, main: str) -> None:
        self.package = package
        self.related = {relation.kind: relation.part for relation in package.relations(main)}
        self.styles = styles_of(package.xml(self.related.get("styles", "word/styles.xml")))
        self.tables = 0

    def grids(self, body: Any) -> Iterator[Grid]:
        paragraphs: list[tuple[str, str]] = []
        walker = Printed(self.styles)
        for number, block in enumerate(blocks(body), start=1):
            inner = block if block.tag == f"{W}tbl" else None
            if inner is None:
                paragraphs.append((walker.paragraph(block), f"paragraph {number}"))
            boxed = [table for box in block.iter(f"{W}txbxContent") for table in box.findall(f"{W}tbl")]
            for table in [inner] if inner is not None else boxed:
                if paragraphs:
                    yield text_grid(paragraphs)
                    paragraphs = []
                yield from self._tables(table)
        beside = [*self._beside(), *((f"paragraph {n}", *what) for n, what in enumerate(walker.unread, 1))]
        if paragraphs or beside:
            grid = text_grid(paragraphs)
            yield Grid(grid.cells, grid.name, kind="text", unread=tuple(beside))

    def _tables(self, table: Any) -> Iterator[Grid]:
        """Give a table, and those within it where it only frames them."""
        self.tables += 1
        name = f"table {self.tables}"
        frames = _frames(table)
        yield _Table(table, name, self.styles, frames=frames).grid()
        if frames:
            for cell in _cells_of(table):
                for inner in (block for block in blocks(cell) if block.tag == f"{W}tbl"):
                    yield from self._tables(inner)

    def _beside(self) -> Iterator[tuple[str, str, Text]]:
        """List what stands outside the body: notes at the foot, and documents put in whole."""
        for kind in ("footnotes", "endnotes"):
            root = self.package.xml(self.related[kind]) if kind in self.related else None
            for note in () if root is None else root:
                if note.get(f"{W}type") is None:
                    lines = (Printed(self.styles).paragraph(block) for block in blocks(note))
                    if text := "\n".join(lines).strip():
                        yield f"{kind[:-1]} {note.get(f'{W}id', '')}", text, say("expected.text_in_form")
        if "aFChunk" in self.related:
            yield self.related["aFChunk"], "", say("expected.its_text")


def _cells_of(table: Any) -> list[Any]:
    return [cell for row in inner(table, f"{W}tr") for cell in inner(row, f"{W}tc")]


def _frames(table: Any) -> bool:
    """Tell whether a table is a frame: one of those within it has as many cells as itself, or more."""
    own = _cells_of(table)
    inside = (block for cell in own for block in blocks(cell) if block.tag == f"{W}tbl")
    return any(len(_cells_of(inner)) >= max(len(own), 2) for inner in inside)


@dataclass(slots=True)
class _Table:
    """Turn one table's rows into cells, following spans across (gridSpan) and down (vMerge)."""

    element: Any
    name: str
    styles: Styles
    frames: bool = False
    done: list[Cell] = field(default_factory=list)
    struck: list[tuple[int, str, str]] = field(default_factory=list)
    unread: list[tuple[str, str, Text]] = field(default_factory=list)
    open_down: dict[int, int] = field(default_factory=dict)

    def grid(self) -> Grid:
        row = 0
        for number, line in enumerate(inner(self.element, f"{W}tr"), start=1):
            if row >= _MOST_ROWS:
                raise DataError(Fault(say("faults.table_has_more_rows"), "", self.name))
            properties = line.find(f"{W}trPr")
            if properties is not None and properties.find(f"{W}del") is not None:
                continue
            if is_on(properties, "hidden"):
                self._list_hidden(line, number)
                continue
            self._row(line, row, number)
            row += 1
        unread = (*struck_out(self.struck), *self.unread)
        return Grid(tuple(self.done), self.name, unread=unread, dense=True)

    def _list_hidden(self, line: Any, number: int) -> None:
        texts = (Printed(self.styles).cell(cell) for cell in inner(line, f"{W}tc"))
        told = " | ".join(text for text in texts if text)
        if told:
            self.unread.append((f"{self.name}, row {number}", told, shown("row")))

    def _row(self, line: Any, row: int, number: int) -> None:
        column = _value(line, f"{W}trPr/{W}gridBefore", 0)
        for cell in inner(line, f"{W}tc"):
            if cell.find(f"{W}tcPr/{W}cellDel") is not None:
                continue
            wide = max(1, _value(cell, f"{W}tcPr/{W}gridSpan", 1))
            across, down = (cell.find(f"{W}tcPr/{W}{merge}") for merge in ("hMerge", "vMerge"))
            place = f"{self.name}, row {number}, column {column + 1}"
            text = self._text(cell, row, place)
            above = self.open_down.get(column)
            if (
                across is not None
                and across.get(f"{W}val") != "restart"
                and self.done
                and self.done[-1].row == row
            ):
                self.done[-1] = _larger(self.done[-1], wide=wide)
                self._covered(text, place)
            elif down is not None and down.get(f"{W}val") != "restart" and above is not None:
                self.done[above] = _larger(self.done[above], tall=1)
                self._covered(text, place)
            else:
                self.open_down.pop(column, None)
                if down is not None:
                    self.open_down[column] = len(self.done)
                self.done.append(Cell(text, row, column, 1, wide, place))
            column += wide

    def _text(self, cell: Any, row: int, place: str) -> str:
        walker = Printed(self.styles)
        text = walker.cell(cell, nested=not self.frames)
        self.unread += [(place, *what) for what in walker.unread]
        if not text:
            self.struck.append(
                (row, place, Printed(self.styles, struck=True).cell(cell, nested=not self.frames))
            )
            if walker.pictures:
                self.unread.append((place, "", say("expected.no_picture")))
        return text

    def _covered(self, text: str, place: str) -> None:
        if text:
            self.unread.append((place, text, say("expected.uncovered")))


def _larger(cell: Cell, *, tall: int = 0, wide: int = 0) -> Cell:
    return Cell(cell.text, cell.row, cell.column, cell.rowspan + tall, cell.colspan + wide, cell.place)


def _value(element: Any, path: str, default: int) -> int:
    found = element.find(path)
    text = found.get(f"{W}val", "") if found is not None else ""
    return min(whole(text, default), 1000)
