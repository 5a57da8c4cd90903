"""Excel books (.xlsx, .xlsm): cells as they print, with merged spans; macros and formulas never run.

Sheets are read cell by cell from their XML, so that a sheet with one cell in its last row costs one cell
and a book is not refused for its styles. A formula counts with the value stored beside it. What is hidden
is listed, as are formulas without a value and texts in shapes.

A book is never refused for its styles: what is odd in them is passed over. A text is what it prints:
struck-out parts are left out, signs of symbol fonts and raised figures are what they look like.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from perfkit.errors import DataError, Fault, theirs
from perfkit.readers.characters import in_font, raised, symbol_font, whole
from perfkit.readers.container import Package
from perfkit.readers.grid import Cell, Grid, shown, struck_out
from perfkit.readers.numberformat import BUILT_IN, hides, printed
from perfkit.text import say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from perfkit.language import Text as Expected


MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_OFF = frozenset({"0", "false"})
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


@dataclass(frozen=True, slots=True)
class Style:
    """Hold of a cell's style what changes its text: number format, symbol font, whether it is struck out."""

    code: str = "General"
    font: str = ""
    struck: bool = False


@dataclass(frozen=True, slots=True)
class Text:
    """Hold a text as it prints, and with what is struck out of it where something is."""

    shown: str
    whole: str


@dataclass(slots=True)
class BookTexts:
    """Hold a book's styles and shared texts, by their numbers."""

    styles: list[Style] = field(default_factory=list)
    strings: list[Text] = field(default_factory=list)

    def style(self, number: str | None) -> Style:
        """Give a style by its number in a cell; the plain one where there is none."""
        at = whole(number, len(self.styles))
        return self.styles[at] if at < len(self.styles) else _PLAIN

    def string(self, number: str) -> Text:
        """Give a shared text by its number."""
        at = whole(number, len(self.strings))
        return self.strings[at] if at < len(self.strings) else _EMPTY


_PLAIN = Style()
_EMPTY = Text("", "")


def book_texts(package: Package, styles: str, strings: str) -> BookTexts:
    """Read the styles and the shared texts of a book from their parts."""
    return BookTexts(list(_styles(package.xml(styles))), list(_strings(package, strings)))


def _styles(root: Any) -> Iterator[Style]:
    if root is None:
        return
    codes = {
        node.get("numFmtId", ""): node.get("formatCode", "General")
        for node in root.iterfind(f"{MAIN}numFmts/{MAIN}numFmt")
    }
    fonts = [_font(node) for node in root.iterfind(f"{MAIN}fonts/{MAIN}font")]
    for cell in root.iterfind(f"{MAIN}cellXfs/{MAIN}xf"):
        number, font = cell.get("numFmtId", "0"), cell.get("fontId", "")
        code = codes.get(number) or BUILT_IN.get(whole(number), "General")
        at = whole(font, len(fonts))
        yield Style(code, *(fonts[at] if at < len(fonts) else ("", False)))


def _font(node: Any) -> tuple[str, bool]:
    name = next((child for child in node if child.tag in {f"{MAIN}name", f"{MAIN}rFont"}), None)
    return symbol_font(None if name is None else name.get("val")), _is_struck(node)


def _is_struck(font: Any) -> bool:
    mark = font.find(f"{MAIN}strike")
    return mark is not None and mark.get("val", "1") not in _OFF


def _strings(package: Package, part: str) -> Iterator[Text]:
    from lxml import etree

    if part not in package:
        return
    with package.stream(part) as stream:
        for _, node in etree.iterparse(
            stream, tag=f"{MAIN}si", resolve_entities=False, no_network=True, recover=True
        ):
            yield text_of(node)
            node.clear()
            while node.getprevious() is not None:
                del node.getparent()[0]


def text_of(node: Any) -> Text:
    """Give a text of a book, whole or in runs."""
    shown: list[str] = []
    whole: list[str] = []
    for child in node:
        if child.tag == f"{MAIN}t":
            shown.append(child.text or "")
            whole.append(child.text or "")
        elif child.tag == f"{MAIN}r":
            text = _run(child)
            whole.append(text)
            properties = child.find(f"{MAIN}rPr")
            if properties is None or not _is_struck(properties):
                shown.append(text)
    return Text(_unescaped("".join(shown)), _unescaped("".join(whole)))


def _run(run: Any) -> str:
    text = "".join(part.text or "" for part in run.iterchildren(f"{MAIN}t"))
    properties = run.find(f"{MAIN}rPr")
    if properties is None:
        return text
    up = properties.find(f"{MAIN}vertAlign")
    text = in_font(text, _font(properties)[0])
    return raised(text) if up is not None and up.get("val") == "superscript" else text


def _unescaped(text: str) -> str:
    text = _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text
    return text.replace("\r", "")


# excel books (.xlsx, .xlsm): cells as they print, with merged spans; macros and formulas never run


MOST_CELLS = 200_000
_LINKED = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_DRAWN = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})")
_RANGE = re.compile(rf"{_REFERENCE.pattern}(?::{_REFERENCE.pattern})?")
_MOST_SPANNED = 1000
_MOST_TOLD = 6
_ON = frozenset({"1", "true"})


def grids(data: bytes, name: str) -> list[Grid]:
    """Read the visible sheets of a book as grids.

    Raises:
        DataError: where the book is damaged, or holds more cells than any form.
    """
    try:
        return list(_Book(Package(data), name).grids())
    except DataError:
        raise
    except Exception as error:  # noqa: BLE001  a damaged book fails anywhere inside
        raise DataError(
            Fault(
                say("faults.excel_book_damaged"),
                name,
                got=theirs(error),
                hint=say("faults.open_excel_wps_save"),
            )
        ) from None


class _Book:
    """Find the sheets of a book, its styles and its texts by what its parts say of each other."""

    def __init__(self, package: Package, name: str) -> None:
        self.package = package
        self.name = name
        self.main = package.main("xl/workbook.xml")
        self.root = package.xml(self.main)
        relations = list(package.relations(self.main))
        kinds = {relation.kind: relation.part for relation in relations}
        self.parts = {relation.id: relation.part for relation in relations if relation.kind == "worksheet"}
        self.texts = book_texts(
            package, kinds.get("styles", "xl/styles.xml"), kinds.get("sharedStrings", "xl/sharedStrings.xml")
        )

    def grids(self) -> Iterator[Grid]:
        dated = self.root.find(f"{MAIN}workbookPr")
        since_1904 = dated is not None and dated.get("date1904") in _ON
        sheets = list(self.root.iterfind(f"{MAIN}sheets/{MAIN}sheet"))
        if not sheets:
            raise ValueError("a book without sheets")
        for sheet in sheets:
            part = self.parts.get(sheet.get(_LINKED, ""), "")
            if sheet.get("state", "visible") == "visible" and part in self.package:
                yield _Sheet(sheet.get("name", ""), self, since_1904=since_1904).grid(part)


@dataclass(slots=True)
class _Found:
    """Hold what a sheet holds at one spot; `whole` is the text with what is struck out or hidden."""

    row: int
    column: int
    text: str
    whole: str
    unseen: bool = False

    @property
    def reference(self) -> str:
        """Give the spot by the name that Excel gives it."""
        return f"{column_letters(self.column)}{self.row + 1}"


@dataclass(slots=True)
class _Sheet:
    """Read one sheet: its cells, what is merged, and what is hidden.

    `hidden` holds rows as (0, row) and columns as (1, column), from 0.
    """

    title: str
    book: _Book
    since_1904: bool
    found: list[_Found] = field(default_factory=list)
    merged: dict[tuple[int, int], tuple[int, int]] = field(default_factory=dict)
    hidden: set[tuple[int, int]] = field(default_factory=set)
    unread: list[tuple[str, str, Expected]] = field(default_factory=list)

    def grid(self, part: str) -> Grid:
        self._parse(part)
        struck: list[tuple[int, str, str]] = []
        unseen: dict[tuple[int, int], list[_Found]] = {}
        cells: list[Cell] = []
        for each in self.found:
            tall, wide = self.merged.pop((each.row, each.column), (1, 1))
            place = f"{self.title}!{each.reference}"
            axis = self._where_hidden(each, tall, wide)
            if axis is not None:
                if each.text.strip():
                    unseen.setdefault(axis, []).append(each)
                continue
            if each.unseen:
                self.unread.append((place, each.whole, say("expected.shown_value")))
            elif not each.text.strip():
                struck.append((each.row, place, each.whole))
            cells.append(Cell(each.text, each.row, each.column, tall, wide, place))
        cells += [Cell("", *place, tall, wide) for place, (tall, wide) in self.merged.items()]
        unread = (*self.unread, *self._hidden_texts(unseen), *struck_out(struck), *self._shapes(part))
        return Grid(tuple(cells), self.title, unread=unread)

    def _parse(self, part: str) -> None:
        from lxml import etree

        tags = tuple(f"{MAIN}{tag}" for tag in ("row", "mergeCell", "col"))
        row = 0
        with self.book.package.stream(part) as stream:
            for _, node in etree.iterparse(stream, tag=tags, resolve_entities=False, no_network=True):
                if node.tag == f"{MAIN}row":
                    row = self._row(node, row)
                    node.clear()
                    while node.getprevious() is not None:
                        del node.getparent()[0]
                elif node.tag == f"{MAIN}mergeCell":
                    self._merge(node.get("ref", ""))
                elif node.get("hidden") in _ON or _is_nought(node.get("width")):
                    self._hide_columns(node.get("min", ""), node.get("max", ""))

    def _hide_columns(self, first: str, last: str) -> None:
        begin, end = whole(first, 1 << 20), whole(last)
        self.hidden |= {(1, n - 1) for n in range(begin, min(end, begin + _MOST_SPANNED) + 1)}

    def _row(self, node: Any, before: int) -> int:
        """Read one row, which may leave out its number, as its cells may theirs."""
        number = node.get("r", "")
        row = whole(number, before + 1)
        if node.get("hidden") in _ON or (_is_nought(node.get("ht")) and node.get("customHeight") in _ON):
            self.hidden.add((0, row - 1))
        column = -1
        for cell in node.iterchildren(f"{MAIN}c"):
            spot = _REFERENCE.fullmatch(cell.get("r", ""))
            column = _column(spot[1]) if spot else column + 1
            self._cell(cell, row - 1, column)
        return row

    def _cell(self, node: Any, row: int, column: int) -> None:
        style = self.book.texts.style(node.get("s"))
        value = node.findtext(f"{MAIN}v")
        formula = node.find(f"{MAIN}f")
        if formula is not None and not value and node.get("t") != "str":
            reference = f"{column_letters(column)}{row + 1}"
            expected = say("expected.formula_value")
            self.unread.append((f"{self.title}!{reference}", f"={formula.text or ''}", expected))
        text = self._text(node, value, style)
        if text is None:
            return
        if len(self.found) >= MOST_CELLS:
            raise DataError(
                Fault(
                    say("faults.sheet_holds_more_cells"),
                    self.book.name,
                    self.title,
                    expected=say("faults.at_most_6", most_cells=f"{MOST_CELLS:,}"),
                    hint=say("faults.keep_form_book_its"),
                )
            )
        figure = node.get("t", "n") in {"n", "d"}
        unseen = bool(text.whole.strip()) and (hides(style.code) or (figure and not text.shown.strip()))
        shown = "" if style.struck or unseen else text.shown
        self.found.append(_Found(row, column, in_font(shown, style.font), text.whole, unseen))

    def _text(self, node: Any, value: str | None, style: Style) -> Text | None:
        """Give what a cell prints, by the kind of its value; None where it has none."""
        match node.get("t", "n"):
            case "inlineStr":
                inline = node.find(f"{MAIN}is")
                return None if inline is None else _formatted(text_of(inline), style)
            case "s":
                return None if value is None else _formatted(self.book.texts.string(value.strip()), style)
            case "b" if value is not None:
                shown = "是" if value.strip() in _ON else "否"
                return Text(shown, shown)
            case "d" if value is not None:
                return self._number(_serial(value, since_1904=self.since_1904) or value, style)
            case "n" if value is not None and value.strip():
                return self._number(value, style)
        return None if value is None else _formatted(Text(value, value), style)

    def _number(self, value: str | Decimal, style: Style) -> Text:
        try:
            number = value if isinstance(value, Decimal) else Decimal(f"{float(value):.15g}")
            shown = printed(number, style.code, since_1904=self.since_1904)
        except (ValueError, InvalidOperation, OverflowError):
            return Text(str(value), str(value))
        return Text(shown, shown or f"{number:f}")

    def _merge(self, reference: str) -> None:
        spots = _RANGE.fullmatch(reference)
        if spots:
            left, top = _column(spots[1]), int(spots[2]) - 1
            right, bottom = (_column(spots[3]), int(spots[4]) - 1) if spots[3] else (left, top)
            self.merged[top, left] = (bottom - top + 1, right - left + 1)

    def _where_hidden(self, found: _Found, tall: int, wide: int) -> tuple[int, int] | None:
        """Give the hidden row or column that a cell lies in with all that it spans."""
        place = (found.row, found.column)
        for axis, span in ((0, tall), (1, wide)) if self.hidden else ():
            if all((axis, place[axis] + n) in self.hidden for n in range(min(span, _MOST_SPANNED))):
                return (axis, place[axis])
        return None

    def _hidden_texts(
        self, unseen: dict[tuple[int, int], list[_Found]]
    ) -> Iterator[tuple[str, str, Expected]]:
        for (axis, _), found in unseen.items():
            expected = shown(("row", "column")[axis])
            told = " | ".join(each.text for each in found[:_MOST_TOLD])
            yield f"{self.title}!{found[0].reference}", told, expected

    def _shapes(self, part: str) -> Iterator[tuple[str, str, Expected]]:
        """List the texts of shapes that lie on the sheet."""
        for relation in self.book.package.relations(part):
            root = self.book.package.xml(relation.part) if relation.kind == "drawing" else None
            for shape in () if root is None else root.iter("{*}sp"):
                text = "".join(node.text or "" for node in shape.iter(f"{_DRAWN}t")).strip()
                if text:
                    yield f"{self.title}, a shape", text, say("expected.text_in_cell")


def _is_nought(length: str | None) -> bool:
    return length is not None and re.fullmatch(r"0+(?:\.0*)?", length.strip()) is not None


def _formatted(text: Text, style: Style) -> Text:
    if style.code in {"General", "@"}:
        return text
    return Text(printed(text.shown, style.code), text.whole)


def _serial(value: str, *, since_1904: bool) -> Decimal | None:
    """Give the number that Excel counts a date by, of one that is stored as a text (2023-11-30T00:00:00)."""
    try:
        moment = dt.datetime.fromisoformat(value.strip().removesuffix("Z")).replace(tzinfo=None)
    except ValueError:
        return None
    start = dt.datetime(1904, 1, 1) if since_1904 else dt.datetime(1899, 12, 30)  # noqa: DTZ001  Excel knows no zones
    return Decimal(f"{(moment - start) / dt.timedelta(days=1):.10f}")


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def column_letters(column: int) -> str:
    """Give the letters of a column numbered from 0: A, B, … AA."""
    letters = ""
    while column >= 0:
        column, letter = divmod(column, 26)
        letters = chr(65 + letter) + letters
        column -= 1
    return letters
