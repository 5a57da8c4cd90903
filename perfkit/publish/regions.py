"""Wide things get a region of their own, so that a phone scrolls the table and never the page.

A region can be reached and scrolled by keyboard and has a name of its own for those who only hear the page.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from lxml import etree

from perfkit.language import Language, Text
from perfkit.publish.tree import add_class, classes, words_of
from perfkit.publish.widths import ems

if TYPE_CHECKING:
    from perfkit.publish.tree import Element

_TABLE, _CODE = Text("表格", "Table"), Text("代码", "Code")
_LONGEST_NAME = 80
_LONG = 24.0


def settle_regions(main: Element, language: Language) -> None:
    """Put every table and every block of code that stands free into a scrolling region, named apart."""
    for cell in main.iter("td", "th"):
        if ems(words_of(cell)) > _LONG:
            add_class(cell, "pk-long")
    for element in list(main.iter("table", "pre")):
        inside = any(
            parent.tag == "table" or "pk-scroll" in classes(parent) for parent in element.iterancestors()
        )
        if not inside:
            _enclose(element, _name(element, language))
    names: Counter[str] = Counter()
    for region in main.iter("div"):
        if region.get("role") == "region" or region.get("tabindex"):
            name = region.get("aria-label") or _TABLE[language]
            names[name] += 1
            region.set("role", "region")
            region.set("tabindex", "0")
            region.set("aria-label", name if names[name] == 1 else f"{name} {names[name]}")


def _enclose(element: Element, name: str) -> None:
    region = etree.Element(
        "div", {"class": "pk-scroll", "role": "region", "tabindex": "0", "aria-label": name}
    )
    region.tail, element.tail = element.tail, None
    element.getparent().replace(element, region)
    region.append(element)


def _name(element: Element, language: Language) -> str:
    if element.tag == "pre":
        return _CODE[language]
    caption = element.find("caption")
    if caption is not None and words_of(caption):
        return words_of(caption)[:_LONGEST_NAME]
    heading = next(iter(element.xpath("preceding::*[self::h1 or self::h2 or self::h3][1]")), None)
    return words_of(heading)[:_LONGEST_NAME] if heading is not None else _TABLE[language]
