"""The body of a report as plain data for Typst: what is text stays text, down to the last character.

Typst reads this as JSON and sets every string as a string, so nothing that a form says can become markup. The
body is already reduced to a small vocabulary of elements (`cleaning`); each has its own short rule here.
Pandoc could do it too, but alone takes four times as long as all of the typesetting, and loses the classes.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, TypeAlias

from perfkit.publish.directions import ISOLATE, POP
from perfkit.publish.printed_tables import table_of, takes_a_page
from perfkit.publish.tree import classes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from perfkit.publish.pictures import Pictures
    from perfkit.publish.tree import Element

Node: TypeAlias = dict[str, Any] | str

INLINE = {
    **dict.fromkeys(("strong", "b"), "strong"),
    **dict.fromkeys(("em", "i", "dfn", "cite", "var"), "em"),
    **dict.fromkeys(("code", "kbd", "samp", "tt"), "code"),
    **dict.fromkeys(("del", "s"), "strike"),
    **dict.fromkeys(("ins", "u"), "under"),
    **{tag: tag for tag in ("sub", "sup", "small")},
}
_SKIPPED = frozenset({"col", "colgroup", "wbr", "rp"})
_SPACE = re.compile(r"[ \t\r\n\f]+")
_LONG_WORD = re.compile(r"[^\s\u2e80-\ufaff\uff00-\uffef]{19,}")
_PIECE = 6
_LONG_CODE = re.compile(r"\S{80}(?=\S)")


class Blocks:
    """Turn the tree of a body into nodes: `pictures` holds its pictures, `targets` the ids links lead to."""

    def __init__(self, pictures: Pictures, main: Element) -> None:
        self.pictures = pictures
        self.targets = {a.get("href", "")[1:] for a in main.iter("a") if a.get("href", "").startswith("#")}
        self.anchored: set[str] = set()
        self.links: list[dict[str, Any]] = []
        self.in_table = False
        self.level = 0  # of the last heading: one inside a line of text is lost, and no level may be skipped
        self._rules: dict[str, Callable[[Element], Iterable[Node]]] = {
            "p": self._paragraph,
            **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), self._heading),
            **dict.fromkeys(("ul", "ol"), self._list),
            **dict.fromkeys(
                ("div", "section", "article", "aside", "header", "footer", "center"), self._division
            ),
            "dl": self._definitions,
            "pre": self._preformatted,
            "blockquote": self._quotation,
            "hr": self._rule,
            "details": self._details,
            "figure": self._figure,
            "table": self._table,
        }

    def document(self, main: Element) -> list[Node]:
        """Give the blocks of a whole body; a link into a part that is not printed becomes plain text."""
        blocks = self.flow(main)
        for link in self.links:
            if link["to"][1:] not in self.anchored:
                link["to"] = ""
        return blocks

    def flow(self, element: Element) -> list[Node]:
        """Give the blocks in an element; loose text between them becomes paragraphs."""
        blocks: list[Node] = self._anchor(element) if element.tag not in ("p", "h1", "h2", "h3") else []
        loose: list[Node] = []
        loose += _pieces(element.text)
        for child in element:
            if child.tag in self._rules:
                _close(loose, blocks)
                blocks.extend(self._rules[child.tag](child))
            else:
                loose += self._inline(child)
            loose += _pieces(child.tail)
        _close(loose, blocks)
        return blocks

    def line(self, element: Element) -> list[Node]:
        """Give the inline content of an element, white space tidied."""
        return _tidy(self._spans(element))

    def _spans(self, element: Element) -> list[Node]:
        nodes: list[Node] = [*self._anchor(element), *_pieces(element.text)]
        for child in element:
            nodes += self._inline(child)
            nodes += _pieces(child.tail)
        return nodes

    def _anchor(self, element: Element) -> list[Node]:
        name = element.get("id")
        if name not in self.targets:
            return []
        self.anchored.add(name)
        return [{"t": "anchor", "id": name}]

    def _inline(self, element: Element) -> list[Node]:
        tag = element.tag
        if not isinstance(tag, str) or tag in _SKIPPED:
            return []
        if tag in ("br", "img"):
            return [{"t": "br"}] if tag == "br" else self._image(element)
        content = self._spans(element)
        if tag in INLINE:
            return [{"t": INLINE[tag], "c": content}]
        if tag == "a" and element.get("href"):
            link = {"t": "link", "to": element.get("href"), "c": content, "k": classes(element)}
            self.links += [link] if link["to"].startswith("#") else []
            return [link]
        if tag == "bdi":
            return [ISOLATE, *content, POP]
        names = classes(element)
        return [{"t": "span", "c": content, "k": names}] if names else content

    def _paragraph(self, element: Element) -> Iterator[Node]:
        if content := self.line(element):
            yield {"t": "p", "c": content, "k": classes(element)}

    def _heading(self, element: Element) -> Iterator[Node]:
        if content := self.line(element):
            self.level = min(int(element.tag[1]), self.level + 1)
            yield {"t": "h", "level": self.level, "c": content}

    def _list(self, element: Element) -> Iterator[Node]:
        items = [{"c": self.flow(item), "k": classes(item)} for item in element.iterchildren("li")]
        start = element.get("start") or "1"
        number = int(start) if re.fullmatch(r"\d{1,6}", start) else 1
        if items:
            yield {"t": element.tag, "c": items, "k": classes(element), "start": number}

    def _definitions(self, element: Element) -> Iterator[Node]:
        pairs = [
            {
                "dt": self.line(dt),
                "dd": [self.flow(dd) for dd in _answers(dt)],
                "long": any("pk-many" in classes(dd) for dd in _answers(dt)),
            }
            for dt in element.iter("dt")
        ]
        if pairs:
            yield {"t": "dl", "c": pairs, "k": classes(element)}

    def _preformatted(self, element: Element) -> Iterator[Node]:
        text = _LONG_CODE.sub(r"\g<0>\n", "".join(element.itertext()).strip("\n"))
        yield {"t": "pre", "c": text, "k": classes(element)}

    def _quotation(self, element: Element) -> Iterator[Node]:
        yield {"t": "quote", "c": self.flow(element)}

    def _rule(self, _: Element) -> Iterator[Node]:
        yield {"t": "hr"}

    def _division(self, element: Element) -> list[Node]:
        content = self.flow(element)
        if "pk-failure" in classes(element):
            return [{"t": "failure", "c": content}]
        return [{"t": "newpage"}, *content] if element.tag == "section" and takes_a_page(element) else content

    def _details(self, element: Element) -> Iterator[Node]:
        """Give the summary; what it opens to only where there is room, since explanations stand elsewhere."""
        summary = element.find("summary")
        if summary is not None:
            yield {"t": "p", "c": self.line(summary), "k": [] if self.in_table else ["pk-lead"]}
            summary.clear()
        if not self.in_table:
            yield from self.flow(element)

    def _figure(self, element: Element) -> Iterator[Node]:
        caption = element.find("figcaption")
        words = self.line(caption) if caption is not None else []
        if caption is not None:
            caption.clear(keep_tail=True)
        yield {"t": "figure", "c": self.flow(element), "caption": words}

    def _image(self, element: Element) -> list[Node]:
        picture = self.pictures.get(element.get("src", ""))
        alt = element.get("alt") or "—"
        return (
            [{"t": "image", "svg": picture.drawing, "alt": alt, "w": picture.width, "h": picture.height}]
            if picture
            else []
        )

    def _table(self, element: Element) -> Iterator[Node]:
        outer, self.in_table = self.in_table, True
        yield from table_of(element, self)
        self.in_table = outer


def _answers(dt: Element) -> Iterator[Element]:
    for sibling in dt.itersiblings():
        if sibling.tag == "dt":
            return
        if sibling.tag == "dd":
            yield sibling


def _pieces(text: str | None) -> list[Node]:
    """Give a text, words too long for any line with places where they may break."""
    if not text:
        return []
    text = _SPACE.sub(" ", text)
    nodes: list[Node] = []
    end = 0
    for word in _LONG_WORD.finditer(text):
        nodes.append(text[end : word.start()])
        pieces = (word.group()[i : i + _PIECE] for i in range(0, len(word.group()), _PIECE))
        nodes.extend({"t": "piece", "c": [piece]} for piece in pieces)
        end = word.end()
    return [*nodes, text[end:]]


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
        elif node != "":
            joined.append(node)
    if joined and isinstance(joined[0], str):
        joined[0] = joined[0].lstrip(" ")
    if joined and isinstance(joined[-1], str):
        joined[-1] = joined[-1].rstrip(" ")
    return [node for node in joined if node != ""]
