"""Web pages, and books that are web pages with an .xls name: tables and text as the page shows them.

Nothing is fetched and no script is run: the page is only parsed, and read as a browser would show it.
What is filled into its fields counts; what is hidden does not, and is listed.

Only the few properties that change what is read are looked at. Nothing is fetched: a style sheet that
lies outside the page says nothing.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from perfkit.errors import DataError, Fault, theirs
from perfkit.readers.characters import in_font, raised, symbol_font
from perfkit.readers.fields import fraction
from perfkit.readers.grid import Cell, Grid, shown, struck_out, text_grid
from perfkit.readers.txt import decode
from perfkit.text import say

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from perfkit.language import Text


_PROPERTIES = frozenset(
    {"display", "visibility", "text-decoration", "text-decoration-line", "font-family", "font",
     "vertical-align", "mso-hide"}
)  # fmt: skip
_GROUPS = frozenset({"media", "supports", "layer"})
_MOST_RULES = 400
_SCREENLESS = re.compile(r"(?<!not )\bprint\b|max-(?:device-)?width|\bspeech\b")
_STRUCK_TAGS = frozenset({"s", "strike", "del"})


class PageStyle:
    """Answer what the styles of a page say of an element."""

    def __init__(self, page: Any) -> None:
        self._sheet: dict[Any, dict[str, tuple[tuple[bool, Any, int], str]]] = {}
        self._order = 0
        for style in page.iter("style"):
            if not _SCREENLESS.search((style.get("media") or "").lower()):
                self._read(page, style.text or "")

    def _read(self, page: Any, text: str) -> None:
        import tinycss2
        from cssselect import SelectorError, parse
        from cssselect.xpath import ExpressionError, HTMLTranslator
        from lxml.etree import XPathError

        for rule in _rules(tinycss2.parse_stylesheet(text, skip_comments=True, skip_whitespace=True)):
            declared = dict(_declared(rule.content))
            if not declared or self._order > _MOST_RULES:
                continue
            self._order += 1
            try:
                for selector in parse(tinycss2.serialize(rule.prelude)):
                    path = HTMLTranslator().selector_to_xpath(selector)
                    if selector.pseudo_element is None:
                        self._declare(page.xpath(path), declared, selector.specificity())
            except (SelectorError, ExpressionError, XPathError):
                continue

    def _declare(self, nodes: Iterable[Any], declared: dict[str, tuple[str, bool]], specific: Any) -> None:
        for node in nodes:
            known = self._sheet.setdefault(node, {})
            for name, (value, important) in declared.items():
                rank = (important, specific, self._order)
                if name not in known or rank >= known[name][0]:
                    known[name] = (rank, value)

    def of(self, node: Any) -> dict[str, str]:
        """Give the properties of an element, its own attribute before the sheets'."""
        sheet = self._sheet.get(node, {})
        found = {name: value for name, (_, value) in sheet.items()}
        inline = node.get("style")
        if inline:
            kept = {name for name, ((important, *_), _) in sheet.items() if important}
            found |= {name: value for name, (value, strong) in _inline(inline) if strong or name not in kept}
        return found

    def gone(self, node: Any) -> bool:
        """Tell whether an element takes no room on the page."""
        style = self.of(node)
        display = style.get("display", "")
        if style.get("mso-hide") == "all" or style.get("visibility") == "collapse":
            return True
        return display == "none" or (not display and node.get("hidden") is not None)

    def unseen(self, node: Any) -> bool:
        """Tell whether what an element prints cannot be seen, though it takes its room."""
        return self.of(node).get("visibility") == "hidden"

    def struck(self, node: Any) -> bool:
        """Tell whether an element is struck out."""
        style = self.of(node)
        drawn = style.get("text-decoration", "") + style.get("text-decoration-line", "")
        return "line-through" in drawn or (node.tag in _STRUCK_TAGS and "none" not in drawn)

    def raised(self, node: Any) -> bool:
        """Tell whether an element is printed raised."""
        return node.tag == "sup" or self.of(node).get("vertical-align") in {"super", "text-top"}

    def font(self, node: Any, around: str) -> str:
        """Give the symbol font of an element, which it may have from what is around it."""
        style = self.of(node)
        named = style.get("font-family") or style.get("font") or node.get("face")
        if not named:
            return around
        names = (re.sub(r"^.*?(?:\d\S*\s+)", "", part) for part in named.split(",")[:1])
        return symbol_font(*names)


def _rules(parsed: Iterable[Any]) -> Iterator[Any]:
    """Give the rules that hold on a screen."""
    import tinycss2

    for rule in parsed:
        if rule.type == "qualified-rule":
            yield rule
        elif rule.type == "at-rule" and rule.content and rule.lower_at_keyword in _GROUPS:
            inside = tinycss2.parse_rule_list(rule.content, skip_comments=True, skip_whitespace=True)
            shown = not _SCREENLESS.search(tinycss2.serialize(rule.prelude).lower())
            yield from _rules(inside if shown else ())


def _declared(content: Any) -> Iterator[tuple[str, tuple[str, bool]]]:
    import tinycss2

    for each in tinycss2.parse_blocks_contents(content, skip_comments=True, skip_whitespace=True):
        if each.type == "declaration" and each.lower_name in _PROPERTIES:
            yield each.lower_name, (tinycss2.serialize(each.value).strip().lower(), each.important)


def _inline(text: str) -> Iterator[tuple[str, tuple[str, bool]]]:
    """Read a style attribute; cells by the thousand have one, and most say nothing that counts here."""
    if any(name in text.lower() for name in _PROPERTIES):
        yield from _declared(text)


# web pages, and books that are web pages with an .xls name: tables with spans, text between them


_DROPPED = frozenset(
    {"script", "style", "noscript", "template", "head", "svg", "iframe", "object", "datalist", "rt", "rp",
     "annotation", "annotation-xml", "button"}
)  # fmt: skip
_LINES = frozenset(
    {"p", "div", "br", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "section", "header", "td", "th"}
)
_META = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([A-Za-z0-9_-]{2,20})", re.IGNORECASE)
_NO_TEXT = frozenset({"hidden", "submit", "button", "image", "reset", "password", "file", "range", "color"})
_UNCHOSEN = re.compile(r"[-—\s]*(?:请?选择.*)?[-—\s]*")
_MOST_ROWS = 20_000
_MOST_COLUMNS = 500
_DEEPEST = 200
_MOST_TOLD = 6
_MOST_NAMED = 200
_IS_PAGE = re.compile(r"\.x?html?(?:[?#].*)?$", re.IGNORECASE)


def grids(data: bytes, name: str, part: str = "", *, alone: bool = True) -> list[Grid]:
    """Read the tables of a page, and the text between them, as grids.

    `part` names a page among others of a file. One that is not `alone` may hold no word of a form.

    Raises:
        DataError: where the encoding cannot be told, or a table is larger than any form.
    """
    page = _parsed(data, name, alone=alone)
    return list(_Page(name, page, f"{part}, " if part else "").grids(page))


class Named(NamedTuple):
    """Hold what a page names that was saved beside it: its style sheets, and the pages in its frames."""

    sheets: list[str]
    frames: list[str]


def named(data: bytes, name: str) -> Named:
    """Give what a page names; an office program's page links its sheets, and shows one of them in a frame."""
    found = Named([], [])
    for node in _parsed(data, name, alone=False).iter("link", "frame", "iframe"):
        target = (node.get("src") or node.get("href") or "").strip()
        if node.tag != "link" or _IS_PAGE.search(target):
            found.frames.append(target)
        elif "stylesheet" in (node.get("rel") or "").lower():
            found.sheets.append(target)
    return Named(found.sheets[:_MOST_NAMED], [each for each in found.frames if each][:_MOST_NAMED])


def _parsed(data: bytes, name: str, *, alone: bool) -> Any:
    from lxml import etree, html

    text = re.sub(r"^\s*<\?xml[^>]*\?>", "", _decoded(data, name, alone=alone).replace("\x00", ""))
    try:
        return html.document_fromstring(text, parser=html.HTMLParser(no_network=True, huge_tree=False))
    except (etree.LxmlError, ValueError, AssertionError) as error:
        if "unknown error" in str(error):  # what libxml2 says where it is given no more memory
            raise MemoryError from None
        raise DataError(Fault(say("faults.page_cannot_parsed"), name, got=theirs(error))) from None


def _decoded(data: bytes, name: str, *, alone: bool) -> str:
    declared = _META.search(data[:4096])
    encoding = declared[1].decode("ascii") if declared else ""
    try:
        return decode(data, name, encoding)
    except DataError:
        if alone:
            raise
    try:
        return data.decode(encoding or "utf-8", "replace")
    except LookupError:
        return data.decode("utf-8", "replace")


class _Page:
    """Walk a page in reading order, giving tables as grids and the text between as lines."""

    def __init__(self, name: str, page: Any, part: str) -> None:
        self.name = name
        self.part = part
        self.tables = 0
        self.lines: list[str] = [""]
        style = PageStyle(page)
        _draw_tables(page, style)
        self.printed = _Printed(style)

    def grids(self, page: Any) -> Iterator[Grid]:
        yield from self._walk(page, 0)
        yield from self._flush()

    def _walk(self, node: Any, depth: int) -> Iterator[Grid]:
        if depth > _DEEPEST or not self.printed.counts(node):
            self.lines[-1] += node.tail or ""
            return
        if node.tag == "table" and not _frames(node):
            self.lines += [self.printed.text(each) for each in node.iterchildren("caption")]
            yield from self._flush()
            self.tables += 1
            yield _Table(node, f"{self.part}table {self.tables}", self.printed).grid(self.name)
        elif node.tag != "table" and (whole := self.printed.whole(node)) is not None:
            self.lines[-1] += whole
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
            place = f"{self.part}text before table {self.tables + 1}"
            yield text_grid((line, place) for line in lines)


_DRAWN = {
    "table": "table", "inline-table": "table", "table-row": "tr", "table-cell": "td",
    "table-caption": "caption", "table-row-group": "tbody", "table-header-group": "thead",
    "table-footer-group": "tfoot",
}  # fmt: skip
_ROLES = {
    "table": "table", "grid": "table", "row": "tr", "rowgroup": "tbody", "cell": "td", "gridcell": "td",
    "columnheader": "td", "rowheader": "td",
}  # fmt: skip


def _draw_tables(page: Any, style: PageStyle) -> None:
    """Take elements for a table that are styled or named as one: with rows in it, and cells in those."""
    parts = {}
    for node in page.iter("div", "span", "section", "ul", "ol", "li", "dl", "dt", "dd", "p"):
        part = _DRAWN.get(style.of(node).get("display", "")) or _ROLES.get((node.get("role") or "").lower())
        if part is not None:
            parts[node] = part
    rows = [node for node, part in parts.items() if part == "tr" and any(parts.get(c) == "td" for c in node)]
    whole = {up for row in rows for up in row.iterancestors() if parts.get(up) == "table"}
    for node, part in parts.items():
        if node in whole or any(up in whole for up in node.iterancestors()):
            node.tag = part


def _rows_of(table: Any) -> list[Any]:
    """Give a table's own rows as a browser orders them: heads first, feet last."""
    rows: dict[str, list[Any]] = {"thead": [], "tbody": [], "tfoot": []}
    for row in table.iter("tr"):
        if next(row.iterancestors("table"), None) is table:
            part = row.getparent().tag
            rows[part if part in rows else "tbody"].append(row)
    return [*rows["thead"], *rows["tbody"], *rows["tfoot"]]


def _cells_of(table: Any) -> int:
    return sum(cell.tag in {"td", "th"} for row in _rows_of(table) for cell in row)


def _frames(table: Any) -> bool:
    """Tell whether a table is a frame: one of those within it has as many cells as itself, or more."""
    inside = [inner for inner in table.iter("table") if inner is not table]
    return bool(inside) and any(_cells_of(inner) >= max(_cells_of(table), 2) for inner in inside)


class _Table:
    """Turn the rows of one table into cells, following spans."""

    def __init__(self, table: Any, place: str, printed: _Printed) -> None:
        self.place = place
        self.printed = printed
        self.rows = _rows_of(table)
        self.gone = [
            any(printed.style.gone(node) for node in (row, row.getparent()) if node is not table)
            for row in self.rows
        ]

    def grid(self, file: str) -> Grid:
        """Give the cells; a hidden row may or may not count for the spans that cross it: whichever fits."""
        cells = self._cells(file, counting=True)
        if any(self.gone):
            cells = min(cells, self._cells(file, counting=False), key=_raggedness)
        struck: list[tuple[int, str, str]] = []
        done = []
        for cell, node, line in cells:
            text = "" if self._out(node) or self._out(line) else self.printed.text(node)
            if not text:
                whole = _squeezed(node.text_content())
                struck.append((cell.row, cell.place, whole))
            done.append(Cell(text, cell.row, cell.column, cell.rowspan, cell.colspan, cell.place))
        return Grid(
            tuple(done),
            self.place,
            unread=(*self._hidden(), *self._pictures(cells), *struck_out(struck)),
            dense=True,
        )

    def _out(self, node: Any) -> bool:
        return self.printed.style.struck(node) or self.printed.style.unseen(node)

    def _cells(self, file: str, *, counting: bool) -> list[tuple[Cell, Any, Any]]:
        taken: set[tuple[int, int]] = set()
        found: list[tuple[Cell, Any, Any]] = []
        row = -1
        for number, (line, gone) in enumerate(zip(self.rows, self.gone, strict=True), start=1):
            row += counting or not gone
            column = 0
            for node in () if gone else line:
                if node.tag not in {"td", "th"} or self.printed.style.gone(node):
                    continue
                while (row, column) in taken:
                    column += 1
                tall, wide = _span(node, "rowspan"), _span(node, "colspan")
                if row + tall > _MOST_ROWS or column + wide > _MOST_COLUMNS:
                    raise DataError(Fault(say("faults.table_larger_than_any"), file, self.place))
                if tall > 1:
                    taken |= {(r, c) for r in range(row, row + tall) for c in range(column, column + wide)}
                where = f"{self.place}, row {number}, column {column + 1}"
                found.append((Cell("", row, column, tall, wide, where), node, line))
                column += wide
        return found

    def _hidden(self) -> Iterator[tuple[str, str, Text]]:
        for number, (line, gone) in enumerate(zip(self.rows, self.gone, strict=True), start=1):
            cells = [node for node in line if node.tag in {"td", "th"}]
            hidden = cells if gone else [node for node in cells if self.printed.style.gone(node)]
            told = " | ".join([text for node in hidden if (text := self.printed.text(node))][:_MOST_TOLD])
            if told:
                what = shown("row" if gone else "cell")
                yield f"{self.place}, row {number}", told, what

    def _pictures(self, cells: Iterable[tuple[Cell, Any, Any]]) -> Iterator[tuple[str, str, Text]]:
        for cell, node, _ in cells:
            for picture in node.iter("img", "object", "iframe", "svg"):
                text = picture.get("alt") or picture.get("title") or ""
                if text.strip() or not _squeezed(node.text_content()):
                    yield (
                        cell.place,
                        text.strip(),
                        say("expected.text" if text.strip() else "expected.no_picture"),
                    )


def _raggedness(cells: list[tuple[Cell, Any, Any]]) -> int:
    """Say how unlike the widths of a table's rows are."""
    widths: dict[int, int] = {}
    for cell, *_ in cells:
        for row in range(cell.row, cell.row + min(cell.rowspan, _MOST_COLUMNS)):
            widths[row] = widths.get(row, 0) + cell.colspan
    return len(set(widths.values()))


def _span(node: Any, attribute: str) -> int:
    text = (node.get(attribute) or "").strip()
    return max(1, min(int(text), _MOST_ROWS)) if text.isdecimal() and len(text) < 9 else 1  # noqa: PLR2004


class _Printed:
    """Give what elements print, by the styles of their page."""

    def __init__(self, style: PageStyle) -> None:
        self.style = style

    def counts(self, node: Any) -> bool:
        """Tell whether a node is part of the page's text: neither markup, nor hidden, nor struck out."""
        if not isinstance(node.tag, str) or node.tag in _DROPPED or "katex-html" in (node.get("class") or ""):
            return False
        return not self.style.gone(node) and not self.style.unseen(node) and not self.style.struck(node)

    def text(self, cell: Any) -> str:
        """Give a cell's text; paragraphs and breaks part its lines, other white space is one space."""
        parts: list[str] = []
        self._gather(cell, parts, 0, self.style.font(cell, ""))
        lines = [_squeezed(line) for line in "".join(parts).split("\f")]
        return "\n".join(line for line in lines if line)

    def whole(self, node: Any) -> str | None:
        """Give what an element prints that is more than its text: a field, a power, a fraction, a table."""
        match node.tag:
            case "input":
                return _filled(node)
            case "select":
                return _selected(node)
            case "textarea":
                return node.text or ""
            case "msup" | "mfrac" | "msqrt" | "mroot":
                return self._formula(node)
            case "table":
                return self._nested(node)
        return raised(self._inside(node)) if self.style.raised(node) else None

    def _inside(self, node: Any) -> str:
        parts: list[str] = []
        self._gather(node, parts, 0, self.style.font(node, ""))
        return "".join(parts)

    def _gather(self, node: Any, parts: list[str], depth: int, font: str) -> None:
        parts.append(in_font((node.text or "").replace("\f", " "), font))
        for child in node:
            if self.counts(child) and depth < _DEEPEST:
                whole = self.whole(child)
                block = child.tag in _LINES or child.tag == "table"
                parts.append("\f" if block else "")
                if whole is None:
                    self._gather(child, parts, depth + 1, self.style.font(child, font))
                else:
                    parts.append(whole)
                parts.append("\f" if block else "")
            parts.append(in_font((child.tail or "").replace("\f", " "), font))

    def _nested(self, table: Any) -> str:
        """Give a table in a cell as text: a line a row, or with ；between rows that have columns."""
        rows = []
        for row in _rows_of(table):
            if self.counts(row):
                cells = [self.text(cell) for cell in row if cell.tag in {"td", "th"} and self.counts(cell)]
                rows.append([text for text in cells if text])
        parted = any(len(row) > 1 for row in rows)
        return ("；" if parted else "\f").join(" ".join(row) for row in rows if row)

    def _formula(self, node: Any) -> str:
        parts = ["".join(self._inside(part).split()) for part in node if isinstance(part.tag, str)]
        first, second = [*parts, "", ""][:2]
        match node.tag:
            case "msup":
                up = raised(second)
                return f"{first}{up if up != second else f'^{second}'}"
            case "mfrac":
                return fraction(first, second)
            case "mroot":
                return f"{raised(second)}√{first}"
        return f"√{''.join(parts)}"


def _filled(node: Any) -> str:
    """Give what stands in a field, or whether a box is ticked."""
    kind = (node.get("type") or "text").lower()
    if kind in {"checkbox", "radio"}:
        return "□" if node.get("checked") is None else "☑"
    return "" if kind in _NO_TEXT else node.get("value") or ""


def _selected(node: Any) -> str:
    """Give what a list of choices shows: what is selected, else the first; not the call to select."""
    options = list(node.iter("option"))
    chosen = [option for option in options if option.get("selected") is not None]
    listed = node.get("multiple") is not None or (node.get("size") or "1").strip() not in {"", "0", "1"}
    if not chosen and not listed:
        chosen = options[:1]
    texts = (option.get("label") or _squeezed(option.text_content()) for option in chosen)
    return "、".join(text for text in texts if not _UNCHOSEN.fullmatch(text))


def _squeezed(text: str) -> str:
    return re.sub(r"[\s\u00a0]+", " ", text).strip()
