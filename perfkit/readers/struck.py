"""What a book (.xlsx) strikes out: whole cells by their font, parts of a text by their runs.

openpyxl's streaming reader gives a text without its runs, so these are read from the book's own parts, and
only where the book strikes anything out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import zipfile
    from collections.abc import Iterator, Mapping

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_STRINGS = "xl/sharedStrings.xml"
_MARK = b"strike"
_AT_ONCE = 1 << 20
_OFF = frozenset({"0", "false"})


@dataclass(frozen=True, slots=True)
class Strikes:
    """Hold the fonts of a book that strike out, and its shared texts that are struck out in part."""

    fonts: frozenset[int]
    strings: Mapping[int, str]

    def whole(self, cell: Any) -> bool:
        """Tell whether a cell is struck out by its font."""
        return bool(self.fonts) and cell.style_array.fontId in self.fonts

    def left(self, node: Any) -> str | None:
        """Give what is left of a cell's text where parts of it are struck out; None where none are."""
        kind = node.get("t")
        if kind == "inlineStr":
            text = node.find(f"{_MAIN}is")
            return None if text is None else kept_text(text)
        if kind != "s" or not self.strings:
            return None
        number = node.findtext(f"{_MAIN}v", "")
        return self.strings.get(int(number)) if number.isdecimal() else None


def struck_fonts(book: Any) -> frozenset[int]:
    """Give the numbers of the fonts that strike a text out."""
    return frozenset(number for number, font in enumerate(book._fonts) if font.strike)  # noqa: SLF001


def kept_strings(archive: zipfile.ZipFile) -> dict[int, str]:
    """Give what is left of the shared texts that are struck out in part, by their numbers."""
    from lxml import etree

    if _STRINGS not in archive.namelist() or not _mentions(archive):
        return {}
    kept: dict[int, str] = {}
    with archive.open(_STRINGS) as part:
        nodes = etree.iterparse(part, tag=f"{_MAIN}si", resolve_entities=False, no_network=True)
        for number, (_, node) in enumerate(nodes):
            text = kept_text(node)
            if text is not None:
                kept[number] = text
            node.clear()
    return kept


def _mentions(archive: zipfile.ZipFile) -> bool:
    with archive.open(_STRINGS) as part:
        before = b""
        while chunk := part.read(_AT_ONCE):
            if _MARK in before + chunk:
                return True
            before = chunk[-len(_MARK) :]
    return False


def kept_text(node: Any) -> str | None:
    """Give what is left of a text whose runs are struck out in part; None where none is."""
    runs = list(node.iterchildren(f"{_MAIN}r"))
    kept = [run for run in runs if not _is_struck(run)]
    return None if len(kept) == len(runs) else "".join(text for run in kept for text in _texts(run))


def _is_struck(run: Any) -> bool:
    mark = run.find(f"{_MAIN}rPr/{_MAIN}strike")
    return mark is not None and mark.get("val", "1") not in _OFF


def _texts(run: Any) -> Iterator[str]:
    return (text.text or "" for text in run.iterchildren(f"{_MAIN}t"))
