"""The body of a report as one tidy tree, which both formats are made from.

The cells' fragments come from many hands. Here they become one document: a single h1, headings without gaps,
an id for each, the contents list, pictures with their alt sentence, wide tables in regions of their own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lxml import etree, html

if TYPE_CHECKING:
    from collections.abc import Iterator

    from perfkit.publish.pictures import Pictures

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
Element = Any


@dataclass(frozen=True, slots=True)
class Entry:
    """Hold one line of the contents list: the id it leads to and its words."""

    id: str
    words: str


@dataclass(frozen=True, slots=True)
class Body:
    """Hold the finished tree of a report, its title and its contents list."""

    main: Element
    title: str
    contents: tuple[Entry, ...]


def compose(fragment: str, *, title: str, pictures: Pictures) -> Body:
    """Make the body of a report from the cleaned fragments of its cells."""
    main = html.fragment_fromstring(fragment, create_parent="main")
    main.set("id", "content")
    words = _settle_headings(main, title)
    _settle_pictures(main, pictures)
    return Body(main, words, tuple(_contents(main)))


def words_of(element: Element) -> str:
    """Give the text of an element, runs of white space as one space."""
    return re.sub(r"\s+", " ", "".join(element.itertext())).strip()


def text_in(fragment: str) -> str:
    """Give the text of a fragment without its tags, to see whether anything is left of it."""
    return re.sub(r"<[^>]*>|&nbsp;|\s", "", fragment)


def _settle_headings(main: Element, title: str) -> str:
    """Leave one h1, let no level be skipped, give each heading an id; give the title of the report."""
    headings = [element for element in main.iter(*HEADINGS) if words_of(element)]
    if not headings or not any(heading.tag == "h1" for heading in headings):
        heading = etree.Element("h1")
        heading.text = title
        main.insert(0, heading)
        headings.insert(0, heading)
    used = {element.get("id") for element in main.iter() if element.get("id")}
    level = 0
    first = next(heading for heading in headings if heading.tag == "h1")
    for heading in headings:
        wanted = 1 if heading is first else max(int(heading.tag[1]), 2)
        level = min(wanted, level + 1 if level else 1) if heading is not first else 1
        heading.tag = f"h{max(level, 1 if heading is first else 2)}"
        if not heading.get("id"):
            heading.set("id", _fresh_id(words_of(heading), used))
    return words_of(first)


def _fresh_id(words: str, used: set[str | None]) -> str:
    stem = re.sub(r"\W+", "-", words).strip("-").lower() or "section"
    number, name = 1, stem
    while name in used:
        number += 1
        name = f"{stem}-{number}"
    used.add(name)
    return name


def _settle_pictures(main: Element, pictures: Pictures) -> None:
    for image in list(main.iter("img")):
        address = image.get("src", "")
        if address.startswith("pk-figure:") and not pictures.drawing(address):
            image.getparent().remove(image)


def _contents(main: Element) -> Iterator[Entry]:
    for heading in main.iter("h2"):
        yield Entry(heading.get("id"), words_of(heading))
