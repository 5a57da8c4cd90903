"""Word documents (.docx): tables with merged cells and the paragraphs between them.

python-docx opens the package; texts are gathered from the XML itself, because forms hold content
controls, tracked insertions and nested tables, which its text properties pass over.
"""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any

from perfkit.errors import DataError, Fault
from perfkit.readers.grid import Cell, Grid, struck_out, text_grid

if TYPE_CHECKING:
    from collections.abc import Iterator

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_BREAKS = {f"{_W}br", f"{_W}cr"}
_DROPPED = {f"{_W}del", f"{_W}moveFrom", f"{_W}instrText", f"{_W}pPr", f"{_W}rPr", _FALLBACK}
_OFF = frozenset({"0", "false", "off"})
_MOST_ROWS = 20_000


def grids(data: bytes, name: str) -> list[Grid]:
    """Read the tables and paragraphs of a document as grids.

    Raises:
        DataError: where the document is damaged, or larger than any form.
    """
    from docx import Document

    try:
        body = Document(BytesIO(data)).element.body
        return list(_grids(body))
    except DataError:
        raise
    except Exception as error:  # noqa: BLE001  a damaged document fails anywhere inside the library
        raise DataError(
            Fault("the Word document is damaged", name, got=f"{type(error).__name__}: {error}"[:200],
                  hint="open it in Word or WPS and save it again as .docx")
        ) from None  # fmt: skip


def _grids(body: Any) -> Iterator[Grid]:
    paragraphs: list[tuple[str, str]] = []
    tables = 0
    for number, block in enumerate(_blocks(body), start=1):
        if block.tag == f"{_W}p":
            paragraphs.append((_text(block), f"paragraph {number}"))
            continue
        if paragraphs:
            yield text_grid(paragraphs)
            paragraphs = []
        for table in [block, *block.iter(f"{_W}tbl")][1:] if block.tag == f"{_W}tbl" else []:
            tables += 1
            yield _Table(table, f"table {tables}").grid()
    if paragraphs:
        yield text_grid(paragraphs)


def _blocks(parent: Any) -> Iterator[Any]:
    """Give paragraphs and tables in order, looking into content controls and insertions."""
    for child in parent:
        if child.tag in {f"{_W}p", f"{_W}tbl"}:
            yield child
        elif child.tag not in _DROPPED:
            yield from _blocks(child)


def _inner(parent: Any, tag: str) -> Iterator[Any]:
    """Give the rows of a table or the cells of a row, looking into content controls."""
    for child in parent:
        if child.tag == tag:
            yield child
        elif child.tag in {f"{_W}sdt", f"{_W}sdtContent", f"{_W}ins", f"{_W}customXml"}:
            yield from _inner(child, tag)


@dataclass(slots=True)
class _Table:
    """Turn one table's rows into cells, following spans across (gridSpan) and down (vMerge)."""

    element: Any
    name: str

    def grid(self) -> Grid:
        done: list[Cell] = []
        struck: list[tuple[int, str, str]] = []
        open_down: dict[int, int] = {}
        for row, line in enumerate(_inner(self.element, f"{_W}tr")):
            if row >= _MOST_ROWS:
                raise DataError(Fault("the table has more rows than any form", "", self.name))
            column = _value(line, f"{_W}trPr/{_W}gridBefore", 0)
            for cell in _inner(line, f"{_W}tc"):
                wide = max(1, _value(cell, f"{_W}tcPr/{_W}gridSpan", 1))
                merge = cell.find(f"{_W}tcPr/{_W}vMerge")
                above = open_down.get(column)
                if merge is not None and merge.get(f"{_W}val") != "restart" and above is not None:
                    done[above] = _taller(done[above])
                else:
                    open_down.pop(column, None)
                    if merge is not None:
                        open_down[column] = len(done)
                    place = f"{self.name}, row {row + 1}, column {column + 1}"
                    text = _cell_text(cell)
                    done.append(Cell(text, row, column, 1, wide, place))
                    if not text:
                        struck.append((row, place, _cell_text(cell, struck=True)))
                column += wide
        return Grid(tuple(done), self.name, unread=tuple(struck_out(struck)))


def _taller(cell: Cell) -> Cell:
    return Cell(cell.text, cell.row, cell.column, cell.rowspan + 1, cell.colspan, cell.place)


def _value(element: Any, path: str, default: int) -> int:
    found = element.find(path)
    text = found.get(f"{_W}val", "") if found is not None else ""
    return min(int(text), 1000) if text.isdigit() else default


def _cell_text(cell: Any, *, struck: bool = False) -> str:
    """Give a cell's own paragraphs; a nested table is a table of its own."""
    return "\n".join(_text(block, struck=struck) for block in _blocks(cell) if block.tag == f"{_W}p").strip()


def _text(paragraph: Any, *, struck: bool = False) -> str:
    """Give what a paragraph says; with `struck`, what is struck out in it too."""
    parts: list[str] = []
    _gather(paragraph, parts, struck)
    return "".join(parts)


def _gather(node: Any, parts: list[str], struck: bool) -> None:  # noqa: FBT001  handed down as it came
    for child in node:
        if child.tag == f"{_W}t":
            parts.append(child.text or "")
        elif child.tag == f"{_W}tab":
            parts.append("\t")
        elif child.tag in _BREAKS:
            parts.append("\n")
        elif child.tag == f"{_W}noBreakHyphen":
            parts.append("-")
        elif child.tag not in _DROPPED and (struck or not _is_struck(child)):
            _gather(child, parts, struck)


def _is_struck(run: Any) -> bool:
    """Tell whether a run is struck out; a style's own strike is not looked up."""
    if run.tag != f"{_W}r":
        return False
    marks = [run.find(f"{_W}rPr/{_W}{name}") for name in ("strike", "dstrike")]
    return any(mark is not None and mark.get(f"{_W}val", "1") not in _OFF for mark in marks)
