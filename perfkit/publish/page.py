"""The body of a report as one tidy tree, which both formats are made from.

The cells' fragments come from many hands. Here they become one document: a single h1, headings without gaps,
ids that are unique, links that lead somewhere, pictures with a description, tables that read well.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from lxml import etree, html

from perfkit.publish.datatables import settle_table
from perfkit.publish.directions import settle_directions
from perfkit.publish.embedding import settle_picture
from perfkit.publish.headings import settle_headings
from perfkit.publish.tree import add_class, classes, words_of
from perfkit.publish.widths import ems

if TYPE_CHECKING:
    from pathlib import Path

    from perfkit.language import Language
    from perfkit.publish.pictures import Pictures

Element: TypeAlias = Any
RESERVED = frozenset({"content", "contents"})
_STYLES = {
    "text-align:right": "pk-right",
    "text-align:center": "pk-center",
    "font-weight:bold": "pk-bold",
    "font-style:italic": "pk-italic",
    "text-decoration:underline": "pk-underline",
    "text-decoration:line-through": "pk-strike",
}
_LONG_FIGURE = 7.0
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_MADE = re.compile(r"(\d{4}-\d\d-\d\d) (\d\d:\d\d) UTC")
_UNIT = frozenset({"实施单位", "项目实施单位", "项目单位", "implementing unit"})


@dataclass(frozen=True, slots=True)
class Entry:
    """Hold one line of the contents list: the id it leads to and its words."""

    id: str
    words: str


@dataclass(frozen=True, slots=True)
class Body:
    """Hold the finished tree of a report with what its head and metadata need.

    `year`, `unit` and `made` (the time in the provenance, ISO 8601) are read off the page and "" where it
    does not tell them.
    """

    main: Element
    title: str
    year: str
    unit: str
    made: str
    contents: tuple[Entry, ...]


def compose(
    fragment: str, *, title: str, language: Language, pictures: Pictures, folder: Path | None
) -> Body:
    """Make the body of a report from the cleaned fragments of its cells.

    `title` serves where no cell has a heading of level 1; pictures named by a path are sought in `folder`.
    """
    main = _tree(fragment)
    main.set("id", "content")
    _settle_ids(main)
    words = settle_headings(main, title)
    for table in list(main.iter("table")):
        settle_table(table)
    for image in list(main.iter("img")):
        settle_picture(image, pictures, folder, language)
    for element in main.iter():
        _settle_style(element)
    _settle_links(main)
    settle_directions(main)
    for answer in main.xpath(".//dl[contains(@class, 'pk-figures')]//dd"):
        small = sum(ems(words_of(part)) for part in answer.iter("small"))
        if ems(words_of(answer)) - 0.4 * small > _LONG_FIGURE:
            add_class(answer, "pk-many")
    entries = tuple(Entry(heading.get("id"), words_of(heading)) for heading in main.iter("h2"))
    return Body(main, words, _year(main), _unit(main), _made(main), entries)


def _tree(fragment: str) -> Element:
    """Parse the fragments; all elements are of one class, which lxml need not look up for each."""
    parser = html.HTMLParser()
    parser.set_element_class_lookup(etree.ElementDefaultClassLookup(html.HtmlElement, html.HtmlComment))
    document = html.document_fromstring(f"<html><body>{fragment}</body></html>", parser)
    main: Element = document.find("body")
    main.tag = "main"
    return main


def _settle_ids(main: Element) -> None:
    """Keep the first of several equal ids, and none that the page itself uses."""
    seen = set(RESERVED)
    for element in main.iter():
        name = element.get("id")
        if name is None or element is main:
            continue
        if name in seen or not name.strip():
            del element.attrib["id"]
        seen.add(name)


def _settle_style(element: Element) -> None:
    """Turn what is left of an inline style into classes: the page allows no style of its own to anyone."""
    style = element.attrib.pop("style", "")
    for declaration in re.sub(r"\s+", "", style).lower().split(";") if style else ():
        if declaration in _STYLES:
            add_class(element, _STYLES[declaration])


def _settle_links(main: Element) -> None:
    """Leave only links that lead somewhere: to an id of the page, or to an address of the web."""
    ids = {element.get("id") for element in main.iter() if element.get("id")}
    for link in main.iter("a"):
        to = link.get("href", "")
        if to.startswith("#"):
            if to[1:] not in ids:
                del link.attrib["href"]
        elif to.startswith(("http://", "https://")):
            link.set("rel", "noopener noreferrer")
        elif to and not to.startswith("mailto:"):
            del link.attrib["href"]


def _year(main: Element) -> str:
    for line in main.iter("p"):
        if "pk-subtitle" in classes(line) and (found := _YEAR.search(words_of(line))):
            return found.group()
    return ""


def _made(main: Element) -> str:
    for told in main.xpath(".//dl[contains(@class, 'pk-provenance')]//dd"):
        if found := _MADE.fullmatch(words_of(told)):
            return f"{found.group(1)}T{found.group(2)}:00+00:00"
    return ""


def _unit(main: Element) -> str:
    for heading in main.iter("th"):
        beside = heading.getnext()
        if beside is not None and beside.tag == "td" and words_of(heading).lower() in _UNIT:
            words = words_of(beside)
            return "" if words == "—" else words
    return ""
