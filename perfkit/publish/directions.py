"""Right-to-left text among text that runs the other way: set apart, so that it never reorders its neighbours.

Arabic and Hebrew names pull the digits beside them to their own side unless they are isolated (Unicode
Standard Annex 9). HTML isolates with `<bdi>`, the PDF with the two isolate characters.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lxml import etree

if TYPE_CHECKING:
    from collections.abc import Callable

    from perfkit.publish.tree import Element

ISOLATE, POP = "\u2068", "\u2069"
_LETTERS = "\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff"
_OTHERS = "\u2e80-\u9fff\uf900-\ufaff\u201c\u201d\u300c\u300d\u300a\u300b\uff08\uff09\uff0c\u3002\uff1b\uff1a"
_RUN = re.compile(f"[{_LETTERS}](?:[^{_LETTERS}{_OTHERS}]*[{_LETTERS}])*")
_OTHER = re.compile(f"[{_OTHERS}]")


def isolated(text: str) -> str:
    """Give a text with its right-to-left runs between isolate characters."""
    return _RUN.sub(lambda run: f"{ISOLATE}{run.group()}{POP}", text)


def settle_directions(main: Element) -> None:
    """Put every right-to-left run of a body into a `<bdi>` of its own.

    A `<bdi>` that holds a whole sentence of mixed text would turn the sentence around, and is undone first.
    """
    if not _RUN.search("".join(main.itertext())):
        return
    for whole in list(main.iter("bdi")):
        if _OTHER.search("".join(whole.itertext())):
            whole.drop_tag()
    for element in [e for e in main.iter() if e.tag not in ("bdi", "pre")]:
        _isolate(element, element.text, _keep_text(element), 0)
        for child in list(element):
            _isolate(element, child.tail, _keep_tail(child), element.index(child) + 1)


def _keep_text(element: Element) -> Callable[[str], None]:
    return lambda text: setattr(element, "text", text)


def _keep_tail(element: Element) -> Callable[[str], None]:
    return lambda text: setattr(element, "tail", text)


def _isolate(parent: Element, text: str | None, keep: Callable[[str], None], at: int) -> None:
    """Put the right-to-left runs of one text into elements at a place among its parent's children."""
    runs = list(_RUN.finditer(text or ""))
    if not text or not runs:
        return
    keep(text[: runs[0].start()])
    for number, run in enumerate(runs):
        end = runs[number + 1].start() if number + 1 < len(runs) else len(text)
        element = etree.Element("bdi")
        element.text, element.tail = run.group(), text[run.end() : end]
        parent.insert(at + number, element)
