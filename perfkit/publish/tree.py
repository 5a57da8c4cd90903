"""The elements of a page: small questions to ask of one, and what is set apart among them.

Arabic and Hebrew names pull the digits beside them to their own side unless they are isolated (Unicode
Standard Annex 9): HTML isolates with `<bdi>`, the PDF with the two isolate characters. Wide things get a
region of their own that scrolls, can be reached by keyboard, and has a name for those who only hear the
page.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from functools import cache
from typing import TYPE_CHECKING, Any, TypeAlias

from lxml import etree

from perfkit.language import Language, Text

if TYPE_CHECKING:
    from collections.abc import Callable

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


def ems(text: str) -> float:
    """Measure a text in em: a Chinese character is 1, a Latin letter or digit a good half."""
    return sum(map(_em, text))


@cache
def _em(character: str) -> float:
    return 1.0 if unicodedata.east_asian_width(character) in "WF" else 0.56


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
