"""The body of a page as one tidy tree, which every format is made from.

Headings stand in order: one h1, no level skipped, an id for each, so that a contents list can lead to them.
Pictures that a page only names are brought into it or told of: a report asks no host and no folder.
"""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lxml import etree, html

from perfkit.publish.cleaning import (
    Element,
    add_class,
    bound_rows,
    bound_texts,
    classes,
    ems,
    replace,
    settle_directions,
    words_of,
)
from perfkit.publish.layout import settle_table
from perfkit.text import say
from perfkit.workspace import PARAMS, find_workspace, is_file

if TYPE_CHECKING:
    from pathlib import Path

    from perfkit.language import Language
    from perfkit.publish.images import Pictures

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
    _settle_heading_ids(main, headings)
    return words_of(first)


def _settle_levels(headings: list[Any], first: Element) -> None:
    level = 1
    for heading in headings:
        wanted = 1 if heading is first else max(2, int(heading.tag[1]))
        level = min(wanted, level + 1)
        heading.tag = f"h{level}"


def _settle_heading_ids(main: Element, headings: list[Any]) -> None:
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


_UNDESCRIBED = say("publish.undescribed")
_ABSENT = say("publish.absent")
_RASTER = re.compile(r"data:image/(png|jpeg|gif|webp);base64,([A-Za-z0-9+/=\s]+)")
_DRAWN = re.compile(r"data:image/svg\+xml[^,]*,")
_MAGIC = {b"\x89PNG": "png", b"\xff\xd8\xff": "jpeg", b"GIF8": "gif", b"RIFF": "webp"}
_LARGEST = 8_000_000


def settle_picture(image: Element, pictures: Pictures, folder: Path | None, language: Language) -> None:
    """Make a picture part of the report, described; or put a note in its place that says it is not."""
    if pictures.formula(image.get("src", "")):
        return
    address = _address(image.get("src", ""), pictures, folder)
    described = (image.get("alt") or "").strip() or pictures.description(address)
    if not address:
        note = etree.Element("span", {"class": "pk-note"})
        note.text = f"[{_ABSENT[language]}：{described or image.get('src', '')[:80]}]"
        replace(image, note)
        return
    image.set("src", address)
    image.set("alt", described or _UNDESCRIBED[language])


def _address(source: str, pictures: Pictures, folder: Path | None) -> str:
    """Give the address under which a picture is part of the report, or ""."""
    if source.startswith("pk-figure:"):
        return source if pictures.get(source) else ""
    if found := _RASTER.fullmatch(source.strip()):
        return pictures.photograph(re.sub(r"\s", "", found.group(2)))
    if _DRAWN.match(source):
        return pictures.add(_drawing(source))
    return _from_folder(source, pictures, folder)


def _drawing(source: str) -> str:
    from urllib.parse import unquote_to_bytes

    head, _, data = source.partition(",")
    try:
        raw = base64.b64decode(data) if head.endswith(";base64") else unquote_to_bytes(data)
    except ValueError:
        return ""
    return raw.decode("utf-8", "replace")


def _from_folder(source: str, pictures: Pictures, folder: Path | None) -> str:
    """Read a picture beside the notebook or in its workspace; nothing outside, nothing that is no picture."""
    if folder is None or not source or ":" in source or source.startswith(("/", "\\", "#")):
        return ""
    from urllib.parse import unquote

    workspace = find_workspace(folder)
    roots = [folder, workspace] if (workspace / PARAMS).is_dir() else [folder]
    for root in roots:
        path = _resolved(root, unquote(source))
        inside = path is not None and any(path.is_relative_to(known.resolve()) for known in roots)
        if path is not None and inside and is_file(path) and path.stat().st_size <= _LARGEST:
            return _read(path, pictures)
    return ""


def _resolved(root: Path, name: str) -> Path | None:
    try:
        return (root / name).resolve()
    except (OSError, ValueError, RuntimeError):  # a name that no file can have
        return None


def _read(path: Path, pictures: Pictures) -> str:
    data = path.read_bytes()
    if path.suffix.lower() == ".svg":
        return pictures.add(data.decode("utf-8", "replace"))
    return pictures.photograph(base64.b64encode(data).decode()) if kind_of(data) else ""


def kind_of(data: bytes) -> str:
    """Tell which kind of photograph some bytes are (png, jpeg, gif, webp), or ""."""
    return next((kind for magic, kind in _MAGIC.items() if data.startswith(magic)), "")


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
_MADE = re.compile(r"(\d{4}-\d\d-\d\d) (\d\d:\d\d) UTC([+-]\d\d:\d\d)?")
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
    bound_texts(main, language)
    _settle_ids(main)
    words = settle_headings(main, title)
    for table in list(main.iter("table")):
        bound_rows(table, language)
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
    parser = html.HTMLParser(huge_tree=True)
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
            return f"{found.group(1)}T{found.group(2)}:00{found.group(3) or '+00:00'}"
    return ""


def _unit(main: Element) -> str:
    for heading in main.iter("th"):
        beside = heading.getnext()
        if beside is not None and beside.tag == "td" and words_of(heading).lower() in _UNIT:
            words = words_of(beside)
            return "" if words == "—" else words
    return ""
