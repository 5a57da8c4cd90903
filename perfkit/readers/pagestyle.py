"""What a page's own styles make of its elements: hidden, struck out, raised, in a symbol font.

Only the few properties that change what is read are looked at. Nothing is fetched: a style sheet that
lies outside the page says nothing.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from perfkit.readers.characters import symbol_font

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

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
