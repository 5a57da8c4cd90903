"""What the styles and the shared texts of a book (.xlsx) say, as far as a reader needs it.

A book is never refused for its styles: what is odd in them is passed over. A text is what it prints:
struck-out parts are left out, signs of symbol fonts and raised figures are what they look like.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from perfkit.readers.characters import in_font, raised, symbol_font, whole
from perfkit.readers.numberformat import BUILT_IN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from perfkit.readers.container import Package

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
