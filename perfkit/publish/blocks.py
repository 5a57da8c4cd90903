"""The body of a report as plain data for Typst: what is text stays text, down to the last character.

Typst reads this as JSON and sets every string as a string, so nothing that a form says can become markup. The
body is already reduced to a small vocabulary of elements (`cleaning`); each has its own short rule here.
Pandoc would do the same for three times the time of the whole typesetting, and loses cell classes on the way.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from perfkit.publish.widths import column_widths

if TYPE_CHECKING:
    from collections.abc import Iterator

    from perfkit.publish.page import Element
    from perfkit.publish.pictures import Pictures

Node = dict[str, Any] | str

INLINE = {
    "strong": "strong",
    "b": "strong",
    "em": "em",
    "i": "em",
    "dfn": "em",
    "cite": "em",
    "var": "em",
    "code": "code",
    "kbd": "code",
    "samp": "code",
    "tt": "code",
    "sub": "sub",
    "sup": "sup",
    "del": "strike",
    "s": "strike",
    "ins": "under",
    "u": "under",
    "small": "small",
}
PLAIN = frozenset(
    {"span", "abbr", "bdi", "mark", "q", "time", "a", "ruby", "rt", "rp", "center", "summary", "dt", "dd"}
)
SKIPPED = frozenset({"col", "colgroup", "wbr"})
_SPACE = re.compile(r"[ \t\r\n\f]+")


class Blocks:
    """Turn the tree of a body into nodes; `pictures` holds its drawings."""

    def __init__(self, pictures: Pictures) -> None:
        self.pictures = pictures

    def flow(self, element: Element) -> list[Node]:
        """Give the blocks in an element; loose text between them becomes paragraphs."""
        blocks: list[Node] = []
        loose: list[Node] = []
        self._text(element.text, loose)
        for child in element:
            rule = getattr(self, f"_{child.tag}", None) if child.tag not in INLINE else None
            if child.tag in _BLOCKS and rule is not None:
                _close(loose, blocks)
                blocks.extend(rule(child))
            elif child.tag not in SKIPPED:
                loose.extend(self._inline(child))
            self._text(child.tail, loose)
        _close(loose, blocks)
        return blocks

    def line(self, element: Element) -> list[Node]:
        """Give the inline content of an element, white space tidied."""
        nodes: list[Node] = []
        self._text(element.text, nodes)
        for child in element:
            nodes.extend(self._inline(child))
            self._text(child.tail, nodes)
        return _tidy(nodes)

    def _text(self, text: str | None, into: list[Node]) -> None:
        if text:
            into.append(_SPACE.sub(" ", text))

    def _inline(self, element: Element) -> list[Node]:
        tag = element.tag
        if not isinstance(tag, str) or tag in SKIPPED:
            return []
        if tag == "br":
            return [{"t": "br"}]
        if tag == "img":
            return self._img(element)
        content = self.line(element)
        if tag in INLINE:
            return [{"t": INLINE[tag], "c": content}]
        names = (element.get("class") or "").split()
        if tag == "a":
            return [{"t": "link", "to": element.get("href", ""), "c": content, "k": names}]
        return [{"t": "span", "c": content, "k": names}] if names else content

    def _p(self, element: Element) -> list[Node]:
        content = self.line(element)
        return [{"t": "p", "c": content, "k": (element.get("class") or "").split()}] if content else []

    def _heading(self, element: Element) -> list[Node]:
        return [
            {"t": "h", "level": int(element.tag[1]), "id": element.get("id", ""), "c": self.line(element)}
        ]

    _h1 = _h2 = _h3 = _h4 = _h5 = _h6 = _heading

    def _list(self, element: Element) -> list[Node]:
        items = [
            {"c": self.flow(item), "k": (item.get("class") or "").split()}
            for item in element.iterchildren("li")
        ]
        start = element.get("start") or "1"
        number = int(start) if start.isdecimal() else 1
        return [{"t": element.tag, "c": items, "k": (element.get("class") or "").split(), "start": number}]

    _ul = _ol = _list

    def _dl(self, element: Element) -> list[Node]:
        pairs = [
            {"dt": self.line(dt), "dd": [self.flow(dd) for dd in _answers(dt)]} for dt in element.iter("dt")
        ]
        return [{"t": "dl", "c": pairs, "k": (element.get("class") or "").split()}]

    def _pre(self, element: Element) -> list[Node]:
        return [
            {
                "t": "pre",
                "c": "".join(element.itertext()).strip("\n"),
                "k": (element.get("class") or "").split(),
            }
        ]

    def _blockquote(self, element: Element) -> list[Node]:
        return [{"t": "quote", "c": self.flow(element)}]

    def _hr(self, element: Element) -> list[Node]:
        return [{"t": "hr"}]

    def _div(self, element: Element) -> list[Node]:
        names = (element.get("class") or "").split()
        content = self.flow(element)
        return [{"t": "div", "c": content, "k": names}] if names else content

    _section = _article = _aside = _header = _footer = _main = _nav = _div

    def _details(self, element: Element) -> list[Node]:
        return self._div(element)

    def _figure(self, element: Element) -> list[Node]:
        caption = element.find("figcaption")
        words = self.line(caption) if caption is not None else []
        if caption is not None:
            element.remove(caption)
        return [{"t": "figure", "c": self.flow(element), "caption": words}]

    def _img(self, element: Element) -> list[Node]:
        drawing = self.pictures.drawing(element.get("src", ""))
        return [{"t": "image", "svg": drawing, "alt": element.get("alt") or ""}] if drawing else []

    def _table(self, element: Element) -> list[Node]:
        caption = element.find("caption")
        head, body = [], []
        for row in element.iter("tr"):
            into = head if row.getparent().tag == "thead" else body
            into.append([self._cell(cell) for cell in row.iterchildren("td", "th")])
        count = _columns(head + body)
        return (
            [
                {
                    "t": "table",
                    "k": (element.get("class") or "").split(),
                    "head": head,
                    "body": body,
                    "widths": column_widths(element, count),
                    "caption": self.line(caption) if caption is not None else [],
                }
            ]
            if count
            else []
        )

    def _cell(self, cell: Element) -> dict[str, Any]:
        names = (cell.get("class") or "").split()
        return {
            "c": self.flow(cell),
            "k": names,
            "th": cell.tag == "th",
            "x": _span(cell, "colspan"),
            "y": _span(cell, "rowspan"),
        }


_BLOCKS = frozenset(
    [
        "p",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "ul",
        "ol",
        "dl",
        "pre",
        "blockquote",
        "hr",
        "div",
        "section",
        "article",
        "aside",
        "header",
        "footer",
        "main",
        "nav",
        "details",
        "figure",
        "table",
    ]
)


def _span(cell: Element, name: str) -> int:
    value = cell.get(name) or "1"
    return max(int(value), 1) if value.isdecimal() and len(value) < 4 else 1


def _columns(rows: list[list[dict[str, Any]]]) -> int:
    """Count the columns of a table, cells that reach down from earlier rows included."""
    widest, hanging = 0, []
    for row in rows:
        here = sum(cell["x"] for cell in row) + sum(width for width, _ in hanging)
        widest = max(widest, here)
        hanging = [(w, left - 1) for w, left in hanging if left > 1]
        hanging += [(cell["x"], cell["y"] - 1) for cell in row if cell["y"] > 1]
    return widest


def _answers(dt: Element) -> Iterator[Element]:
    for sibling in dt.itersiblings():
        if sibling.tag == "dt":
            return
        if sibling.tag == "dd":
            yield sibling


def _close(loose: list[Node], blocks: list[Node]) -> None:
    content = _tidy(loose)
    loose.clear()
    if content:
        blocks.append({"t": "p", "c": content, "k": []})


def _tidy(nodes: list[Node]) -> list[Node]:
    """Join neighbouring texts and drop the space at both ends."""
    joined: list[Node] = []
    for node in nodes:
        if isinstance(node, str) and joined and isinstance(joined[-1], str):
            joined[-1] = _SPACE.sub(" ", joined[-1] + node)
        else:
            joined.append(node)
    if joined and isinstance(joined[0], str):
        joined[0] = joined[0].lstrip(" ")
    if joined and isinstance(joined[-1], str):
        joined[-1] = joined[-1].rstrip(" ")
    return [node for node in joined if node != ""]
