"""From the tidy tree of a page to the blocks that are printed: a short rule for each kind of element."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

from perfkit.publish.blocks import (
    Anchor,
    Blocks,
    Break,
    Cell,
    Code,
    Definitions,
    Failure,
    Figure,
    Finding,
    Form,
    Heading,
    Image,
    Items,
    Link,
    Mark,
    Pair,
    Paragraph,
    Quotation,
    Row,
    Rule,
    Styled,
    Table,
)  # fmt: skip
from perfkit.publish.cleaning import ISOLATE, POP, classes, rows_of
from perfkit.publish.layout import places

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from perfkit.publish.blocks import Block, Inline, Kind, Severity, Style
    from perfkit.publish.cleaning import Element
    from perfkit.publish.images import Pictures
    from perfkit.publish.layout import Place

_STYLES: dict[str, Style] = {
    **dict.fromkeys(("strong", "b"), "strong"),
    **dict.fromkeys(("em", "i", "dfn", "cite", "var"), "em"),
    **dict.fromkeys(("code", "kbd", "samp", "tt"), "code"),
    **dict.fromkeys(("del", "s"), "strike"),
    **dict.fromkeys(("ins", "u"), "under"),
    "sub": "sub", "sup": "sup", "small": "small",
}  # fmt: skip
_CLASSES: dict[str, Style] = {
    **dict.fromkeys(("pk-bold", "pk-severity"), "strong"),
    "pk-italic": "em",
    "pk-underline": "under",
    "pk-strike": "strike",
    "pk-loss": "loss",
    **dict.fromkeys(("blank", "pk-label", "pk-note"), "quiet"),
}
_KINDS: dict[str, Kind] = {
    "pk-headline": "headline", "pk-subtitle": "subtitle", "pk-lead": "lead", "pk-note": "note",
    "pk-where": "note",
}  # fmt: skip
_SEVERITIES: dict[str, Severity] = {"pk-error": "error", "pk-warning": "warning", "pk-info": "info"}
_SKIPPED = frozenset({"col", "colgroup", "wbr", "rp"})
_SPACE = re.compile(r"[ \t\r\n\f]+")


def blocks_of(main: Element, pictures: Pictures) -> Blocks:
    """Give the body of a report as blocks; the tree `main` is left as it is."""
    reader = _Reader(main, pictures)
    content = tuple(reader.flow(main))
    return Blocks(content, frozenset(reader.anchored))


class _Reader:
    """Read the tidy tree of a page; each kind of element has its own short rule."""

    def __init__(self, main: Element, pictures: Pictures) -> None:
        self.pictures = pictures
        self.targets = {a.get("href", "")[1:] for a in main.iter("a") if a.get("href", "").startswith("#")}
        self.anchored: set[str] = set()
        self.in_table = False
        self.level = 0  # of the last heading: one inside a line of text is lost, and no level may be skipped
        self._rules: dict[str, Callable[[Element], Iterable[Block]]] = {
            "p": self._paragraph,
            **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), self._heading),
            "ul": self._bullets,
            "ol": self._numbers,
            **dict.fromkeys(("div", "article", "aside", "header", "footer", "center"), self._division),
            "section": self._section,
            "dl": self._definitions,
            "pre": self._preformatted,
            "blockquote": lambda element: [Quotation(tuple(self.flow(element)))],
            "hr": lambda _: [Rule()],
            "details": self._details,
            "figure": self._figure,
            "table": self._table,
        }

    def flow(self, element: Element, without: Element | None = None) -> list[Block]:
        """Give the blocks in an element; loose text between them becomes paragraphs."""
        blocks: list[Block] = []
        if element.tag not in ("p", "h1", "h2", "h3"):
            blocks += self._anchor(element)
        loose: list[Inline] = [*_pieces(element.text)]
        for child in element:
            if child.tag in self._rules:
                _close(loose, blocks)
                blocks.extend(self._rules[child.tag](child))
            elif child is not without:
                loose += self._inline(child)
            loose += _pieces(child.tail)
        _close(loose, blocks)
        return blocks

    def line(self, element: Element) -> tuple[Inline, ...]:
        """Give the inline content of an element, white space tidied."""
        return _tidy(self._spans(element))

    def _spans(self, element: Element) -> list[Inline]:
        nodes: list[Inline] = [*self._anchor(element), *_pieces(element.text)]
        for child in element:
            nodes += self._inline(child)
            nodes += _pieces(child.tail)
        return nodes

    def _anchor(self, element: Element) -> list[Anchor]:
        name = element.get("id")
        if name not in self.targets:
            return []
        self.anchored.add(name)
        return [Anchor(name)]

    def _inline(self, element: Element) -> list[Inline]:
        tag = element.tag
        if not isinstance(tag, str) or tag in _SKIPPED:
            return []
        if tag in ("br", "img"):
            return [Break()] if tag == "br" else self._image(element)
        content = self._spans(element)
        names = classes(element)
        to = element.get("href", "") if tag == "a" else ""
        if "pk-mark" in names:
            return [Mark(_severity(names), to if to.startswith("#") else "", tuple(content))]
        style = _STYLES.get(tag) or next((_CLASSES[name] for name in names if name in _CLASSES), None)
        if style:
            return [Styled(style, tuple(content))]
        if to:
            return [Link(to, tuple(content))]
        return [ISOLATE, *content, POP] if tag == "bdi" else content

    def _image(self, element: Element) -> list[Inline]:
        if formula := self.pictures.formula(element.get("src", "")):
            return [formula]
        picture = self.pictures.get(element.get("src", ""))
        return [Image(picture, element.get("alt") or "—")] if picture else []

    def _paragraph(self, element: Element) -> Iterator[Block]:
        if content := self.line(element):
            yield Paragraph(content, next((_KINDS[n] for n in classes(element) if n in _KINDS), ""))

    def _heading(self, element: Element) -> Iterator[Block]:
        if content := self.line(element):
            self.level = min(int(element.tag[1]), self.level + 1)
            yield Heading(self.level, content)

    def _items(self, element: Element) -> tuple[tuple[Block, ...], ...]:
        return tuple(tuple(self.flow(item)) for item in element.iterchildren("li"))

    def _bullets(self, element: Element) -> Iterator[Block]:
        if items := self._items(element):
            yield Items(items)

    def _numbers(self, element: Element) -> Iterator[Block]:
        if "pk-findings" in classes(element):
            for item in element.iterchildren("li"):
                yield Finding(_severity(classes(item)), tuple(self.flow(item)))
        elif items := self._items(element):
            start = element.get("start") or "1"
            yield Items(items, int(start) if re.fullmatch(r"[1-9]\d{0,5}", start) else 1)

    def _definitions(self, element: Element) -> Iterator[Block]:
        pairs = tuple(
            Pair(
                self.line(dt),
                tuple(tuple(self.flow(dd)) for dd in _answers(dt)),
                any("pk-many" in classes(dd) for dd in _answers(dt)),
            )
            for dt in element.iter("dt")
        )
        names = classes(element)
        if pairs:
            figures, provenance = "pk-figures" in names, "pk-provenance" in names
            yield Definitions(pairs, "figures" if figures else "provenance" if provenance else "")

    def _preformatted(self, element: Element) -> Iterator[Block]:
        yield Code("".join(element.itertext()).strip("\n"), "pk-code" in classes(element))

    def _division(self, element: Element) -> list[Block]:
        content = self.flow(element)
        return [Failure(tuple(content))] if "pk-failure" in classes(element) else content

    def _section(self, element: Element) -> list[Block]:
        content = self._division(element)
        official = any(isinstance(block, Table) and block.official for block in content)
        return [Form(tuple(content))] if official else content

    def _details(self, element: Element) -> Iterator[Block]:
        """Give the summary; what it opens to only where there is room, since explanations stand elsewhere."""
        summary = element.find("summary")
        if summary is not None:
            yield Paragraph(self.line(summary), "" if self.in_table else "lead")
        if not self.in_table:
            yield from self.flow(element, without=summary)

    def _figure(self, element: Element) -> Iterator[Block]:
        caption = element.find("figcaption")
        words = self.line(caption) if caption is not None else ()
        yield Figure(tuple(self.flow(element, without=caption)), words)

    def _table(self, table: Element) -> Iterator[Block]:
        outer, self.in_table = self.in_table, True
        placed = places(table)
        if any(placed):
            head: list[Row] = []
            body: list[Row] = []
            for row, source in zip(placed, rows_of(table), strict=True):
                section = source.getparent().tag
                cells = tuple(self._cell(place) for place in row)
                (head if section == "thead" and not body else body).append(Row(cells, section == "tfoot"))
            caption = table.find("caption")
            words = self.line(caption) if caption is not None else ()
            yield Table(tuple(head), tuple(body), words, "pk-official" in classes(table))
        self.in_table = outer

    def _cell(self, place: Place) -> Cell:
        cell, names = place.cell, classes(place.cell)
        heads: Literal["", "row", "column"] = ""
        if cell.tag == "th":
            heads = "row" if cell.get("scope") == "row" else "column"
        right = "num" in names or "pk-right" in names
        return Cell(
            tuple(self.flow(cell)),
            place.column,
            place.across,
            place.down,
            heads,
            "right" if right else "center" if "pk-center" in names else "",
            "loss" if "loss" in names else "blank" if "blank" in names else "",
            "num" in names,
        )


def _severity(names: list[str]) -> Severity:
    return next((_SEVERITIES[name] for name in names if name in _SEVERITIES), "")


def _answers(dt: Element) -> Iterator[Element]:
    for sibling in dt.itersiblings():
        if sibling.tag == "dt":
            return
        if sibling.tag == "dd":
            yield sibling


def _pieces(text: str | None) -> list[Inline]:
    return [_SPACE.sub(" ", text)] if text else []


def _close(loose: list[Inline], blocks: list[Block]) -> None:
    content = _tidy(loose)
    loose.clear()
    if content:
        blocks.append(Paragraph(content))


def _tidy(nodes: list[Inline]) -> tuple[Inline, ...]:
    """Join neighbouring texts and drop the space at both ends."""
    joined: list[Inline] = []
    for node in nodes:
        if isinstance(node, str) and joined and isinstance(joined[-1], str):
            joined[-1] = _SPACE.sub(" ", joined[-1] + node)
        elif node != "":
            joined.append(node)
    if joined and isinstance(joined[0], str):
        joined[0] = joined[0].lstrip(" ")
    if joined and isinstance(joined[-1], str):
        joined[-1] = joined[-1].rstrip(" ")
    return tuple(node for node in joined if node != "")
