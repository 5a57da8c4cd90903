"""What of a notebook's outputs may reach a reader: harmless HTML, by an allowlist; and its elements.

A parser that follows the HTML standard reads it. A text that is too long to be read is cut, and says so; a
hundred thousand characters are some sixty pages, and the executed notebook has the whole. Progress that a
program wrote over itself is shown as a terminal shows it in the end.

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

import nh3
from lxml import etree

from perfkit.text import choose, say
from perfkit.text.folding import visible

if TYPE_CHECKING:
    from collections.abc import Callable

    from perfkit.language import Language


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


_TABLES, _CODE = say("publish.table"), say("publish.code")
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
            name = region.get("aria-label") or _TABLES[language]
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
    return words_of(heading)[:_LONGEST_NAME] if heading is not None else _TABLES[language]


# what of a notebook's outputs may reach a reader: harmless HTML, by an allowlist, and no more than is read


_LAYOUT = "article aside details div dd dl dt figcaption figure footer header hr section summary"
_TEXT = "a abbr b bdi blockquote br center cite code del dfn em h1 h2 h3 h4 h5 h6 i img ins kbd li mark ol p"
_MORE = "pre q rp rt ruby s samp small span strong sub sup time tt u ul var wbr"
_TABLE = "caption col colgroup table tbody td tfoot th thead tr"
TAGS = frozenset(f"{_LAYOUT} {_TEXT} {_MORE} {_TABLE}".split())
SWALLOWED = frozenset(
    [
        "embed",
        "iframe",
        "math",
        "noscript",
        "object",
        "script",
        "select",
        "style",
        "svg",
        "template",
        "textarea",
        "title",
    ]
)
ATTRIBUTES = {
    "*": {"class", "id", "lang", "dir", "title", "style", "aria-label", "aria-hidden"},
    "a": {"href"},
    "img": {"src", "alt"},
    "td": {"colspan", "rowspan", "headers"},
    "th": {"colspan", "rowspan", "headers", "scope", "abbr"},
    "ol": {"start", "reversed"},
    "li": {"value"},
    "details": {"open"},
    "time": {"datetime"},
}
VALUES = {"div": {"role": {"region", "note", "group"}, "tabindex": {"0"}}}
STYLES = frozenset({"text-align", "font-weight", "font-style", "text-decoration"})
_PRIVATE = re.compile("[\ue000-\uf8ff\U000f0000-\U0010fffd]")
DEEPEST = 150  # elements within each other; libxml2 reads 256, and some are the page's own
_VOID = ("br", "col>", "col ", "hr", "img", "wbr")
_TAG = re.compile(r"<(/?)([a-zA-Z](?:\"[^\"]*\"|[^>\"])*)>")
SCHEMES = frozenset({"http", "https", "mailto", "data", "pk-figure", "pk-formula"})


def clean(html: str) -> str:
    """Reduce a fragment of HTML to what may be published, well formed and closed."""
    cleaned = nh3.clean(
        visible(html),
        tags=set(TAGS),
        clean_content_tags=set(SWALLOWED),
        attributes=ATTRIBUTES,
        tag_attribute_values=VALUES,
        filter_style_properties=set(STYLES),
        url_schemes=set(SCHEMES),
        link_rel=None,
    )
    return _PRIVATE.sub(lambda found: f"[U+{ord(found.group()):04X}]", visible(_shallow(cleaned)))


def _shallow(html: str) -> str:
    """Leave out the tags of elements that stand in too many others: a parser would leave out what follows."""
    depth = deepest = 0
    for part in html.split("<"):
        depth += -1 if part.startswith("/") else part[:1].isalpha() and not part.startswith(_VOID)
        deepest = max(deepest, depth)
    if deepest <= DEEPEST:
        return html
    level = 0

    def kept(found: re.Match[str]) -> str:
        nonlocal level
        if found[2].startswith(_VOID):
            return found[0]
        level += 0 if found[1] else 1
        whole = found[0] if level <= DEEPEST else ""
        level -= 1 if found[1] else 0
        return whole

    return _TAG.sub(kept, html)


LONGEST_TEXT = 100_000
LONGEST_HTML = 4_000_000
MOST_ROWS = 2_000
_ROOM = 200  # for the note of a text that was cut already
_ERASE = re.compile(r"\x1b\[[012]?K")


def bounded(text: str, language: Language, longest: int = LONGEST_TEXT) -> str:
    """Cut a text to what may be read, and say at its end how much was cut."""
    if len(text) <= longest:
        return text
    return text[:longest] + choose("publish.cut", language, cut=len(text) - longest, all=len(text))


def bounded_html(html: str, language: Language) -> str:
    """Cut a fragment of HTML after a tag, and say below it how much; who parses it closes the rest."""
    if len(html) <= LONGEST_HTML:
        return html
    end = html.rfind(">", 0, LONGEST_HTML) + 1
    note = choose("publish.cut", language, cut=len(html) - end, all=len(html))
    return f'{html[:end]}</table><p class="pk-note">{note}</p>'


def bound_texts(main: Element, language: Language) -> None:
    """Cut every text of a page that is too long."""
    for element in main.iter():
        if element.text and len(element.text) > LONGEST_TEXT + _ROOM:
            element.text = bounded(element.text, language)
        if element.tail and len(element.tail) > LONGEST_TEXT + _ROOM:
            element.tail = bounded(element.tail, language)


def bound_rows(table: Element, language: Language) -> None:
    """Cut a table that is too long to be read, and say below it how many rows were cut."""
    rows = rows_of(table)
    if len(rows) <= MOST_ROWS:
        return
    for row in rows[MOST_ROWS:]:
        row.getparent().remove(row)
    note = etree.Element("p", {"class": "pk-note"})
    note.text = choose("publish.rows_cut", language, cut=len(rows) - MOST_ROWS, all=len(rows))
    note.tail, table.tail = table.tail, None
    table.addnext(note)


def as_shown(text: str) -> str:
    """Give a text as a terminal shows it: what follows a carriage return is written over its line."""
    if "\r" not in text and "\b" not in text:
        return text
    return "\n".join(map(_line, text.replace("\r\n", "\n").split("\n")))


def _line(line: str) -> str:
    """Write the states of a line over each other, the last first, each beyond what is there already."""
    shown = ""
    for state in reversed(line.split("\r")):
        erased = list(_ERASE.finditer(state))
        written = _backspaced(_ERASE.sub("", state))
        shown += written[len(shown) :]
        if erased:
            break
    return shown


def _backspaced(state: str) -> str:
    if "\b" not in state:
        return state
    written: list[str] = []
    at = 0
    for character in state:
        if character == "\b":
            at = max(at - 1, 0)
            continue
        written[at : at + 1] = [character]
        at += 1
    return "".join(written)
