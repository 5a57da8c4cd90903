"""Small questions to ask of an element of the page: its words, its classes."""

from __future__ import annotations

import re
from typing import Any, TypeAlias

Element: TypeAlias = Any
_SPACE = re.compile(r"\s+")


def words_of(element: Element) -> str:
    """Give the text of an element, runs of white space as one space."""
    return _SPACE.sub(" ", "".join(element.itertext())).strip()


def classes(element: Element) -> list[str]:
    """Give the classes of an element."""
    return (element.get("class") or "").split()


def rows_of(table: Element) -> list[Element]:
    """Give the rows of a table, without those of tables inside its cells."""
    return list(table.xpath("./tr | ./thead/tr | ./tbody/tr | ./tfoot/tr"))


def add_class(element: Element, name: str) -> None:
    """Give an element one class more."""
    if name not in classes(element):
        element.set("class", " ".join([*classes(element), name]))


def replace(element: Element, by: Element | None) -> None:
    """Put another element, or nothing, in the place of one; the text after it stays."""
    parent, tail = element.getparent(), element.tail or ""
    element.tail = None
    if by is not None:
        by.tail = tail
        parent.replace(element, by)
        return
    before = element.getprevious()
    parent.remove(element)
    if before is not None:
        before.tail = (before.tail or "") + tail
    else:
        parent.text = (parent.text or "") + tail
