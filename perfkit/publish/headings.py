"""Headings in order: one h1, no level skipped, an id for each, so that a contents list can lead to them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from lxml import etree

from perfkit.publish.tree import words_of

if TYPE_CHECKING:
    from perfkit.publish.tree import Element

TAGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_LONGEST_ID = 60


def settle_headings(main: Element, title: str) -> str:
    """Put the headings of a body in order and give the title of the report: the words of its first h1.

    A body without an h1 is given one, with the words `title`.
    """
    headings = [heading for heading in main.iter(*TAGS) if words_of(heading)]
    for empty in set(main.iter(*TAGS)) - set(headings):
        empty.tag = "p"
    first = next((heading for heading in headings if heading.tag == "h1"), None)
    if first is None:
        first = etree.Element("h1")
        first.text = title
        first.tail = main.text
        main.text = None
        main.insert(0, first)
        headings.insert(0, first)
    _settle_levels(headings, first)
    _settle_ids(main, headings)
    return words_of(first)


def _settle_levels(headings: list[Any], first: Element) -> None:
    level = 1
    for heading in headings:
        wanted = 1 if heading is first else max(2, int(heading.tag[1]))
        level = min(wanted, level + 1)
        heading.tag = f"h{level}"


def _settle_ids(main: Element, headings: list[Any]) -> None:
    used = {element.get("id") for element in main.iter() if element.get("id")}
    for heading in headings:
        if not heading.get("id"):
            name = _fresh(words_of(heading), used)
            used.add(name)
            heading.set("id", name)


def _fresh(words: str, used: set[str]) -> str:
    stem = re.sub(r"\W+", "-", words).strip("-").lower()[:_LONGEST_ID] or "section"
    number, name = 1, stem
    while name in used:
        number += 1
        name = f"{stem}-{number}"
    return name
