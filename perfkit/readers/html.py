"""Web pages, and books that are web pages with an .xls name: tables with spans, text between them.

Nothing is fetched and no script is run: the page is only parsed.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from perfkit.errors import DataError, Fault
from perfkit.readers.grid import Cell, Grid, struck_out, text_grid
from perfkit.readers.txt import decode

if TYPE_CHECKING:
    from collections.abc import Iterator

_DROPPED = frozenset(
    {"script", "style", "noscript", "template", "head", "select", "textarea", "svg", "iframe", "object"}
)
_LINES = frozenset(
    {"p", "div", "br", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "section", "header", "td"}
)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_STRUCK_TAGS = frozenset({"s", "strike", "del"})
_STRUCK = re.compile(r"text-decoration[\w-]*\s*:[^;]*line-through", re.IGNORECASE)
_META = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([A-Za-z0-9_-]{2,20})", re.IGNORECASE)
_MOST_ROWS = 20_000
_MOST_COLUMNS = 500
_DEEPEST = 200


def grids(data: bytes, name: str) -> list[Grid]:
    """Read the tables of a page, and the text between them, as grids.

    Raises:
        DataError: where the encoding cannot be told, or a table is larger than any form.
    """
    from lxml import etree, html

    declared = _META.search(data[:4096])
    text = decode(data, name, declared[1].decode("ascii") if declared else "")
    text = re.sub(r"^\s*<\?xml[^>]*\?>", "", text.replace("\x00", ""))
    try:
        page = html.document_fromstring(text, parser=html.HTMLParser(no_network=True, huge_tree=False))
    except (etree.LxmlError, ValueError, AssertionError) as error:
        if "unknown error" in str(error):  # what libxml2 says where it is given no more memory
            raise MemoryError from None
        raise DataError(Fault("the page cannot be parsed", name, got=str(error)[:200])) from None
    return list(_Page(name).grids(page))


class _Page:
    """Walk a page in reading order, giving tables as grids and the text between as lines."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.tables = 0
        self.lines: list[str] = [""]

    def grids(self, page: Any) -> Iterator[Grid]:
        yield from self._walk(page, 0)
        yield from self._flush()

    def _walk(self, node: Any, depth: int) -> Iterator[Grid]:
        if depth > _DEEPEST or not _counts(node):
            self.lines[-1] += node.tail or ""
            return
        if node.tag == "table" and node.find(".//table") is None:
            yield from self._flush()
            self.tables += 1
            yield self._table(node, f"table {self.tables}")
        else:
            if node.tag in _LINES:
                self.lines.append("")
            self.lines[-1] += node.text or ""
            for child in node:
                yield from self._walk(child, depth + 1)
            if node.tag in _LINES:
                self.lines.append("")
        self.lines[-1] += node.tail or ""

    def _flush(self) -> Iterator[Grid]:
        lines = [text for line in self.lines if (text := _squeezed(line))]
        self.lines = [""]
        if lines:
            yield text_grid((line, f"text before table {self.tables + 1}") for line in lines)

    def _table(self, table: Any, place: str) -> Grid:
        taken: set[tuple[int, int]] = set()
        cells: list[Cell] = []
        struck: list[tuple[int, str, str]] = []
        for row, line in enumerate(table.iter("tr")):
            column = 0
            for node in line:
                if node.tag not in {"td", "th"} or _hidden(node):
                    continue
                while (row, column) in taken:
                    column += 1
                tall, wide = _span(node, "rowspan"), _span(node, "colspan")
                if row + tall > _MOST_ROWS or column + wide > _MOST_COLUMNS:
                    raise DataError(Fault("the table is larger than any form", self.name, place))
                if tall > 1:
                    taken |= {(r, c) for r in range(row, row + tall) for c in range(column, column + wide)}
                where = f"{place}, row {row + 1}, column {column + 1}"
                text = "" if _struck(node) or _struck(line) else _text(node)
                cells.append(Cell(text, row, column, tall, wide, where))
                if not text:
                    struck.append((row, where, _squeezed(node.text_content())))
                column += wide
        return Grid(tuple(cells), place, unread=tuple(struck_out(struck)))


def _hidden(node: Any) -> bool:
    return bool(_HIDDEN.search(node.get("style") or "")) or node.get("hidden") is not None


def _struck(node: Any) -> bool:
    return node.tag in _STRUCK_TAGS or bool(_STRUCK.search(node.get("style") or ""))


def _counts(node: Any) -> bool:
    """Tell whether a node is part of the page's text: neither markup, nor hidden, nor struck out."""
    return isinstance(node.tag, str) and node.tag not in _DROPPED and not _hidden(node) and not _struck(node)


def _span(node: Any, attribute: str) -> int:
    text = (node.get(attribute) or "").strip()
    return max(1, min(int(text), _MOST_ROWS)) if text.isdecimal() and len(text) < 9 else 1  # noqa: PLR2004


def _text(cell: Any) -> str:
    """Give a cell's text; paragraphs and breaks part its lines, other white space is one space."""
    parts: list[str] = []
    _gather(cell, parts, 0)
    lines = [_squeezed(line) for line in "".join(parts).split("\f")]
    return "\n".join(line for line in lines if line)


def _gather(node: Any, parts: list[str], depth: int) -> None:
    parts.append((node.text or "").replace("\f", " "))
    for child in node:
        if _counts(child) and depth < _DEEPEST:
            if child.tag in _LINES:
                parts.append("\f")
            _gather(child, parts, depth + 1)
            if child.tag in _LINES:
                parts.append("\f")
        parts.append((child.tail or "").replace("\f", " "))


def _squeezed(text: str) -> str:
    return re.sub(r"[\s\u00a0]+", " ", text).strip()
