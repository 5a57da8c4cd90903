"""Word documents (.docx): tables with merged cells, and the paragraphs between them, as they print.

Texts are gathered from the XML itself, because forms hold content controls, tracked changes, fields,
formulas and nested tables. What is hidden or deleted is left out; what cannot be read is listed.

A run may hold text, signs of symbol fonts, fields, formulas and pictures; runs may be hidden, deleted or
struck out by themselves or by their style. An element that is not known is looked into, and a text that
nothing here reads is listed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from perfkit.errors import DataError, Fault, theirs
from perfkit.readers.characters import in_font, raised, symbol_font, whole
from perfkit.readers.container import Package
from perfkit.readers.fields import Field, M, W, formula, is_on, sign
from perfkit.readers.grid import Cell, Grid, shown, struck_out, text_grid
from perfkit.text import say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from perfkit.language import Text


_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_DROPPED = frozenset(
    f"{W}{name}"
    for name in ("del", "moveFrom", "delText", "delInstrText", "pPr", "rPr", "sdtPr", "sdtEndPr", "tblPr",
                 "tblGrid", "trPr", "tcPr", "sectPr", "rt", "ffData", "softHyphen")
)  # fmt: skip
_ROWS_IN = frozenset(f"{W}{name}" for name in ("sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag"))
_PICTURES = frozenset(f"{W}{name}" for name in ("drawing", "pict", "object"))
_SIGNS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_PLACEHOLDER = ("单击", "点击", "选择", "输入", "请", "Click", "click", "Choose", "Enter", "enter")
_DEEPEST = 100


@dataclass(frozen=True, slots=True)
class Styles:
    """Hold the styles whose text is hidden, and those whose text is struck out."""

    hidden: frozenset[str] = frozenset()
    struck: frozenset[str] = frozenset()


def styles_of(root: Any) -> Styles:
    """Read which styles hide or strike out their text."""
    if root is None:
        return Styles()
    nodes = {node.get(f"{W}styleId", ""): node for node in root.iter(f"{W}style")}
    found = {
        name: frozenset(style for style in nodes if _has(nodes, style, marks))
        for name, marks in (("hidden", ("vanish",)), ("struck", ("strike", "dstrike")))
    }
    return Styles(**found)


def _has(nodes: Mapping[str, Any], style: str, marks: tuple[str, ...]) -> bool:
    """Tell whether a style switches a mark on, itself or by the style that it is based on."""
    for _ in range(_DEEPEST):
        node = nodes.get(style)
        if node is None:
            return False
        properties = node.find(f"{W}rPr")
        for mark in marks:
            if properties is not None and properties.find(f"{W}{mark}") is not None:
                return is_on(properties, mark)
        based = node.find(f"{W}basedOn")
        style = "" if based is None else based.get(f"{W}val", "")
    return False


def blocks(parent: Any) -> Iterator[Any]:
    """Give paragraphs and tables in order, looking into content controls and insertions."""
    for child in parent:
        if child.tag in {f"{W}p", f"{W}tbl"}:
            yield child
        elif isinstance(child.tag, str) and child.tag not in _DROPPED and child.tag != f"{_MC}Fallback":
            yield from blocks(child)


def inner(parent: Any, tag: str) -> Iterator[Any]:
    """Give the rows of a table or the cells of a row, looking into content controls."""
    for child in parent:
        if child.tag == tag:
            yield child
        elif child.tag in _ROWS_IN:
            yield from inner(child, tag)


class Printed:
    """Gather what runs print; with `struck`, what is struck out too. Fields may go on over paragraphs."""

    def __init__(self, styles: Styles, *, struck: bool = False) -> None:
        self.styles = styles
        self.struck = struck
        self.parts: list[str] = []
        self.fields: list[Field] = []
        self.unread: list[tuple[str, Text]] = []
        self.pictures = 0
        self.style = ""  # of the paragraph, which its runs have where they have none

    def paragraph(self, node: Any) -> str:
        """Give the text of a paragraph."""
        self.parts = []
        self._paragraph(node)
        return "".join(self.parts)

    def _paragraph(self, node: Any) -> None:
        before, style = self.style, node.find(f"{W}pPr/{W}pStyle")
        self.style = "" if style is None else style.get(f"{W}val", "")
        self._walk(node)
        self.style = before

    def cell(self, cell: Any, *, nested: bool = True) -> str:
        """Give the text of a cell, with that of the tables in it unless they stand for themselves."""
        lines = []
        for block in blocks(cell):
            if block.tag == f"{W}p":
                lines.append(self.paragraph(block))
            elif nested:
                lines.append(self._table(block))
        while self.fields:
            self._end_field()
        return "\n".join([*lines, "".join(self.parts) if not lines else ""]).strip()

    def _table(self, table: Any) -> str:
        """Give a table in a cell as text: a line a row, or with ；between rows that have columns."""
        rows = []
        for line in inner(table, f"{W}tr"):
            cells = [Printed(self.styles, struck=self.struck).cell(cell) for cell in inner(line, f"{W}tc")]
            rows.append([text for text in cells if text])
        parted = any(len(row) > 1 for row in rows)
        return ("；" if parted else "\n").join(" ".join(row) for row in rows if row)

    def _add(self, text: str) -> None:
        """Print a text, or keep it as the instruction or the result of the field that is open."""
        if not self.fields:
            self.parts.append(text)
        elif self.fields[-1].result is None:
            self.fields[-1].instruction.append(text)
        else:
            self.fields[-1].result.append(text)

    def _walk(self, node: Any) -> None:
        for child in node:
            if isinstance(child.tag, str) and child.tag not in _DROPPED:
                self._element(child)

    def _element(self, node: Any) -> None:
        name = node.tag.removeprefix(W)
        if node.tag.startswith(M):
            self._add(formula(node))
        elif name in {"t", "instrText"}:
            self._add(node.text or "")
        elif name in _SIGNS:
            self._add(_SIGNS[name])
        elif name == "sym":
            self._add(sign(node))
        elif name == "tbl":
            self._add("\n" + self._table(node))
        else:
            read = self._READ.get(node.tag, Printed._other)
            read(self, node)

    def _inner_paragraph(self, node: Any) -> None:
        self._add("\n" if self.parts else "")
        self._paragraph(node)

    def _simple_field(self, node: Any) -> None:
        self.fields.append(Field(None, [node.get(f"{W}instr", "")], []))
        self._walk(node)
        self._end_field()

    def _other(self, node: Any) -> None:
        """Look into an element that has no meaning of its own here; list a text that nobody knows."""
        if node.text and node.text.strip() and not node.tag.startswith(W):
            inside = any(True for _ in node.iter(f"{W}t", f"{M}t"))
            if not inside and "drawing" not in node.tag and "vml" not in node.tag:
                self.unread.append((node.text.strip()[:200], say("expected.word_text")))
        self._walk(node)

    def _run(self, run: Any) -> None:
        properties = run.find(f"{W}rPr")
        style = None if properties is None else properties.find(f"{W}rStyle")
        named = {self.style, "" if style is None else style.get(f"{W}val", "")}
        if self._marked(properties, ("vanish",), bool(named & self.styles.hidden)):
            return
        struck = self._marked(properties, ("strike", "dstrike"), bool(named & self.styles.struck))
        if struck and not self.struck:
            return
        fonts = None if properties is None else properties.find(f"{W}rFonts")
        font = "" if fonts is None else symbol_font(fonts.get(f"{W}ascii"), fonts.get(f"{W}hAnsi"))
        up = None if properties is None else properties.find(f"{W}vertAlign")
        if not font and (up is None or up.get(f"{W}val") != "superscript"):
            self._walk(run)
            return
        for child in run:
            if child.tag == f"{W}t":
                text = in_font(child.text or "", font)
                self._add(text if font else raised(text))
            elif isinstance(child.tag, str) and child.tag not in _DROPPED:
                self._element(child)

    @staticmethod
    def _marked(properties: Any, marks: tuple[str, ...], styled: bool) -> bool:  # noqa: FBT001  as the style says
        own = [] if properties is None else [m for m in marks if properties.find(f"{W}{m}") is not None]
        return any(is_on(properties, mark) for mark in own) if own else styled

    def _field(self, mark: Any) -> None:
        kind = mark.get(f"{W}fldCharType")
        if kind == "begin":
            self.fields.append(Field(mark.find(f"{W}ffData")))
        elif kind == "separate" and self.fields:
            self.fields[-1].result = []
        elif kind == "end" and self.fields:
            self._end_field()

    def _end_field(self) -> None:
        ended = self.fields.pop()
        text = ended.printed()
        if text is None:
            told = "".join(ended.instruction).strip()[:200]
            self.unread.append((told, say("expected.field_result")))
        self._add(text or "")

    def _control(self, node: Any) -> None:
        """Read a content control; what it shows while nothing is filled in does not count."""
        content = node.find(f"{W}sdtContent")
        if content is None:
            return
        if is_on(node.find(f"{W}sdtPr"), "showingPlcHdr"):
            shown = Printed(self.styles).paragraph(content)
            if any(word in shown for word in _PLACEHOLDER):
                return
        self._walk(content)

    def _alternative(self, node: Any) -> None:
        before = len(self.parts), self.pictures
        for branch in (*node.findall(f"{_MC}Choice"), *node.findall(f"{_MC}Fallback")):
            self._walk(branch)
            if (len(self.parts), self.pictures) != before or self.fields:
                return

    def _picture(self, node: Any) -> None:
        boxes = list(node.iter(f"{W}txbxContent"))
        if not boxes:
            self.pictures += 1
        for number, box in enumerate(boxes):
            if not any(parent in boxes for parent in box.iterancestors(f"{W}txbxContent")):
                self._add("\n" if number else "")
                for block in box:
                    if block.tag != f"{W}tbl":
                        self._element(block)

    _READ: ClassVar[dict[str, Callable[[Printed, Any], None]]] = {
        f"{W}r": _run,
        f"{W}fldChar": _field,
        f"{W}fldSimple": _simple_field,
        f"{W}sdt": _control,
        f"{_MC}AlternateContent": _alternative,
        f"{W}p": _inner_paragraph,
        **dict.fromkeys(_PICTURES, _picture),
    }


# word documents (.docx): tables with merged cells and the paragraphs between them, as they print


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
