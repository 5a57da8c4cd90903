"""The texts of a document for Typst, and where on the page a character stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

_NO_TEXT = frozenset(
    {"t", "k", "svg", "id", "to", "scope", "alt", "author", "keywords", "colours", "lang", "region", "fonts"}
)
_AROUND = 12


def texts_in(node: Any) -> Iterator[str]:
    """Give every text that a document shows, in reading order."""
    if isinstance(node, str):
        yield node
    elif isinstance(node, list):
        for part in node:
            yield from texts_in(part)
    elif isinstance(node, dict):
        for key, part in node.items():
            if key not in _NO_TEXT:
                yield from texts_in(part)


def place_of(character: str, document: dict[str, Any]) -> str:
    """Say where a character first stands: under which heading, between which words."""
    heading = str(document.get("title", ""))
    for node in document.get("body", []):
        text = "".join(texts_in(node))
        if node.get("t") == "h":
            heading = text
        if character in text:
            at = text.index(character)
            around = text[max(at - _AROUND, 0) : at + _AROUND + 1]
            return f"“{heading}”, “{around}”"
    return heading
