"""Pictures of a report: drawings and photographs, made harmless and carried inside the page.

A drawing (SVG) is parsed as strict XML and stripped of whatever is no drawing. What is not strict is read as
a browser reads it within a page: attributes without quotes, entities of HTML, names in any case, no
namespace, no end. What cannot be drawn even so is named in its place.
"""

from __future__ import annotations

import base64
import re
import string
import sys
from dataclasses import dataclass, field, replace
from html import escape, unescape
from io import BytesIO
from math import inf
from typing import TYPE_CHECKING, Any

import nh3
from lxml import etree

from perfkit.text import choose
from perfkit.text.folding import one_line, visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from perfkit.language import Language
    from perfkit.publish.formulas import Formula

_FORBIDDEN = frozenset(
    [
        "script",
        "foreignObject",
        "iframe",
        "audio",
        "video",
        "animate",
        "animateMotion",
        "animateTransform",
        "set",
        "handler",
        "metadata",
    ]
)
_OUTSIDE = re.compile(r"url\(\s*['\"]?(?!['\"]?#)|@import|image-set|expression\(", re.IGNORECASE)
_ESCAPE = re.compile(r"\\(?:([0-9a-fA-F]{1,6})\s?|(.))", re.DOTALL)
_SUSPECT_SIGNS = ("&#", "<!", "\\", "@import", "image-set", "expression(")
_SUSPECT = (  # for lower case; one by one, since that is four times as fast as any of them at every place
    re.compile(r"on\w+\s*="),
    re.compile(r"href\s*=\s*['\"]?\s*[^#'\"\s]"),
    re.compile(r"<(?:\w+:)?(?:script|foreignobject|iframe|audio|video|anim|set\b|handler|meta)"),
    re.compile(r"url\(\s*['\"]?(?!['\"]?#)"),
)
_DECLARATIONS = re.compile(r"<\?xml.*?\?>|<!DOCTYPE[^>\[]*(?:\[.*?\]\s*)?>", re.DOTALL)
_UNITS = {"": 0.75, "px": 0.75, "pt": 1.0, "in": 72.0, "cm": 28.3465, "mm": 2.83465}
_LARGEST_DRAWING = 40_000_000
_DEFAULT_SIZE = (360.0, 240.0)
_MOST_NODES = 900_000  # Typst draws a million
_DEEPEST, _LEVELS_OF_USE = 256, 2  # levels: a thousand are too many for Typst
_XLINK = "{http://www.w3.org/1999/xlink}href"
_FIGURE = r"(\d+(?:\.\d*)?|\.\d+)"
_SVG = "http://www.w3.org/2000/svg"
_TEXT = f"{{{_SVG}}}text"
_XLINK_NAMED = 'xmlns:xlink="http://www.w3.org/1999/xlink"'
_NAMESPACES = f'xmlns="{_SVG}" {_XLINK_NAMED}'
_SPELT = {  # elements of SVG with capitals, which HTML knows in any case
    *("animateMotion", "animateTransform", "clipPath", "feBlend", "feColorMatrix", "feComponentTransfer"),
    *("feComposite", "feDropShadow", "feFlood", "feFuncA", "feFuncB", "feFuncG", "feFuncR", "feGaussianBlur"),
    *("feImage", "feMerge", "feMergeNode", "feMorphology", "feOffset", "feTile", "feTurbulence"),
    *("foreignObject", "linearGradient", "radialGradient", "textPath"),
}
_OF_HTML = "b|br|center|code|div|em|h[1-6]|i|img|li|ol|p|pre|span|strong|table|ul"
_AS_HTML = re.compile(
    rf"<(?:{_OF_HTML}|{'|'.join(sorted(map(str.lower, _SPELT)))})[\s/>]|\sviewbox=|\spreserveaspectratio="
    r"|\sgradient(?:units|transform)="
)
_TAG_NAME = re.compile(r"<([a-zA-Z]\w*)(?=[\s/>])")
_ATTRIBUTE = re.compile(r"(?:xlink:|xml:)?[a-zA-Z_][\w.-]*", re.ASCII)
_MOST_OPEN = 50  # drawings without an end that are read on
_LONGEST_WORDS = 200


def harmless_svg(svg: str) -> str:
    """Give a drawing without scripts, animations and outside addresses; "" when it is no drawing."""
    if len(svg) > _LARGEST_DRAWING:
        return ""
    source = _DECLARATIONS.sub("", svg).strip()
    source, root = _read(source)
    if root is None or _is_endless(root):
        return ""
    if not _is_suspect(source.lower()):
        return source
    for element in list(root.iter()):
        _strip(element)
    return etree.tostring(root, encoding="unicode", with_tail=False)


def _read(source: str) -> tuple[str, Any]:
    """Give a drawing as strict XML with its root, None where it is no drawing."""
    if not _AS_HTML.search(source):
        for text in (source, re.sub(r"<svg\b", f"<svg {_XLINK_NAMED}", source, count=1)):
            if (root := _parsed(text)) is not None:
                return text, root
    drawing = as_in_page(source)[0]
    return drawing, _parsed(drawing)


def _parsed(source: str) -> Any:
    """Give the root of a drawing in SVG's own namespace, None where it is not strict."""
    try:
        root = etree.fromstring(source.encode("utf-8", "replace"), _strict())
    except (etree.XMLSyntaxError, ValueError):
        return None
    return root if root.tag == f"{{{_SVG}}}svg" else None


def _strict() -> Any:
    return etree.XMLParser(
        resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True, huge_tree=True
    )


def as_in_page(source: str) -> tuple[str, str]:
    """Give the first drawing of a page's text as strict XML, and what a browser shows after it."""
    names = {name.lower() for name in _TAG_NAME.findall(source)}
    page = nh3.clean(
        visible(source),
        tags={"svg", *names, *(name for name in _SPELT if name.lower() in names)},
        clean_content_tags=set(),
        attributes={},
        generic_attribute_prefixes=set(string.ascii_letters),
        attribute_filter=_kept,
        url_schemes={"data", "http", "https", "mailto"},
        link_rel=None,
    )
    end = next(_drawings(page), (0, 0))[1]
    drawing = page[page.find("<svg") : end].replace("&nbsp;", "&#160;")
    return drawing.replace("<svg", f"<svg {_NAMESPACES}", 1), page[end:]


def _kept(_: str, name: str, value: str) -> str | None:
    """Keep an attribute that XML can have; a namespace is none to a browser."""
    return value if _ATTRIBUTE.fullmatch(name) and name not in ("xmlns", "xlink") else None


def _drawings(html: str) -> Iterator[tuple[int, int]]:
    """Yield where each drawing of a page's text begins and ends; one without an end has the end 0."""
    depth = start = 0
    for tag in _SVG_TAGS.finditer(html):  # in one pass, however many are left open
        opens = tag.group()[1] != "/"
        if opens and depth == 0:
            start = tag.start()
        if not opens and depth == 1:
            yield start, tag.end()
        depth = depth + 1 if opens else max(depth - 1, 0)
    if depth:
        yield start, 0


def letters_of(svg: str) -> str:
    """Give what the texts of a drawing say; "" where no font of the packages can lack any of it."""
    if "<text" not in svg or (svg.isascii() and "&#" not in svg):
        return ""
    return "".join(
        "".join(text.itertext())
        for text in etree.fromstring(svg.encode("utf-8", "replace"), _strict()).iter(_TEXT)
    )


def any_of(characters: Iterable[str]) -> re.Pattern[str] | None:
    """Give the pattern that finds any of some characters; None where there are none."""
    found = "".join(characters)
    return re.compile(f"[{re.escape(found)}]") if found else None


def spelt_out(svg: str, absent: re.Pattern[str]) -> str:
    """Give a drawing whose texts show the code of each character that no font has.

    A text with one such character would be drawn in a font of boxes, the whole of it.
    """
    if not absent.search(letters_of(svg)):
        return svg
    root = etree.fromstring(svg.encode("utf-8", "replace"), _strict())
    for text in root.iter(_TEXT):
        for part in text.iter():
            part.text = absent.sub(code_of, part.text or "")
            if part is not text:
                part.tail = absent.sub(code_of, part.tail or "")
    return etree.tostring(root, encoding="unicode")


def code_of(found: re.Match[str]) -> str:
    """Give the code point of a character in brackets."""
    return f"[U+{ord(found.group()):04X}]"


def words_lost(svg: str) -> str:
    """Give the words of a drawing that stand in HTML within it, which nothing but a browser draws."""
    if "foreignobject" not in svg.lower():
        return ""
    root = _read(_DECLARATIONS.sub("", svg).strip())[1]
    found = [] if root is None else root.iter("{*}foreignObject")
    lost = [each for each in found if etree.QName(each.getparent()).localname != "switch"]
    words = one_line(" ".join(" ".join(each.itertext()) for each in lost))
    return words if len(words) <= _LONGEST_WORDS else words[: _LONGEST_WORDS - 1] + "…"


def _is_endless(root: Any) -> bool:
    """Tell whether a drawing uses itself, or parts within parts beyond what is ever drawn."""
    named = {name: element for element in root.iter() if (name := element.get("id"))}
    known: dict[str, tuple[float, float]] = {}

    def measure(element: Any) -> tuple[float, float]:
        """Give how many nodes an element draws, and how many levels."""
        parts = [measure(child) for child in element]
        parts += [used(name) for name in _used_by(element)]
        return 1 + sum(size for size, _ in parts), 1 + max((levels for _, levels in parts), default=0)

    def used(name: str) -> tuple[float, float]:
        if name not in known:
            known[name] = inf, inf  # until it is known: what uses itself has no end
            size, levels = measure(named[name]) if name in named else (0, 0)
            known[name] = size, levels + _LEVELS_OF_USE
        return known[name]

    try:
        size, levels = measure(root)
    except RecursionError:
        return True
    return size > _MOST_NODES or levels > _DEEPEST


def _used_by(element: Any) -> list[str]:
    """Name what an element draws a second time."""
    if not isinstance(element.tag, str) or etree.QName(element).localname != "use":
        return []
    return [element.get(name, "")[1:] for name in ("href", _XLINK) if element.get(name, "")[:1] == "#"][:1]


def _is_suspect(source: str) -> bool:
    """Tell whether a drawing may hold more than a drawing, so that it has to be looked through."""
    return any(sign in source for sign in _SUSPECT_SIGNS) or any(sign.search(source) for sign in _SUSPECT)


def _strip(element: Any) -> None:
    parent = element.getparent()
    if not isinstance(element.tag, str) or etree.QName(element).localname in _FORBIDDEN:
        if parent is not None:
            parent.remove(element)
        return
    for name, value in list(element.attrib.items()):
        local = etree.QName(name).localname.lower()
        leads_out = local == "href" and not value.strip().startswith(
            ("#", "data:image/png", "data:image/jpeg")
        )
        if local.startswith("on") or leads_out or _OUTSIDE.search(_unescaped(value)):
            del element.attrib[name]
    if etree.QName(element).localname == "style" and _OUTSIDE.search(_unescaped("".join(element.itertext()))):
        parent.remove(element)


def _unescaped(css: str) -> str:
    """Give CSS without its escapes, by which a name such as url may be hidden."""
    return _ESCAPE.sub(
        lambda found: chr(min(int(found[1], 16), sys.maxunicode)) if found[1] else found[2], css
    )


def size_of(svg: str) -> tuple[float, float]:
    """Give the natural width and height of a drawing in points."""
    head = svg[: svg.find(">")]
    width, height = _length(head, "width"), _length(head, "height")
    box = re.search(rf'viewBox="\s*[-\d.]+[\s,]+[-\d.]+[\s,]+{_FIGURE}[\s,]+{_FIGURE}[\s"]', head)
    across, down = (float(box.group(1)) * 0.75, float(box.group(2)) * 0.75) if box else _DEFAULT_SIZE
    if box and across and down and bool(width) != bool(height):  # the other follows from the shape
        return width or height * across / down, height or width * down / across
    return width or across or _DEFAULT_SIZE[0], height or down or _DEFAULT_SIZE[1]


def _sized(svg: str) -> str:
    """Give a drawing that says one of width and height alone both, since Typst does not keep its shape."""
    head, end, rest = svg.partition(">")
    if "viewBox" not in head or bool(_length(head, "width")) == bool(_length(head, "height")):
        return svg
    width, height = size_of(svg)
    bare = re.sub(r'\s(?:width|height)="[^"]*"', "", head)
    both = f'<svg width="{width:g}pt" height="{height:g}pt"'
    return bare.replace("<svg", both, 1) + end + rest


def _length(head: str, name: str) -> float:
    found = re.search(rf'\s{name}="\s*{_FIGURE}\s*([a-z]*)\s*"', head)
    return float(found.group(1)) * _UNITS.get(found.group(2), 0) if found else 0.0


def description_of(svg: str) -> str:
    """Give what a drawing says of itself: its `<desc>`, else its `<title>`."""
    for name in ("desc", "title"):
        found = re.search(rf"<{name}[^>]*>([^<]+)</{name}>", svg[:8000])
        if found and found.group(1).strip():
            return unescape(found.group(1).strip())
    return ""


_SVG_TAGS = re.compile(r"<svg\b|</svg\s*>", re.IGNORECASE)
_COLOUR = re.compile(r"#[0-9a-f]{6}\b")
_DESCRIBED = re.compile(r'<svg\b[^<>]*?\saria-label="([^"<>]*)"')
_HOLDS = re.compile(r"<svg\b[^>]*>\s*(?!</svg)\S", re.IGNORECASE)
_PREFIX, _FORMULA = "pk-figure:", "pk-formula:"
_LARGEST_PHOTOGRAPH = 40_000_000
_PX = 0.75


@dataclass(frozen=True, slots=True)
class Picture:
    """Hold one picture, a drawing (`svg`) or a photograph (`data`, base64), and its size in points."""

    width: float
    height: float
    svg: str = ""
    kind: str = ""
    data: str = ""

    @property
    def address(self) -> str:
        """Give the address under which a page carries the picture."""
        return f"data:image/{self.kind};base64,{self.data}" if self.data else address_of(self.svg)

    def raster(self) -> bytes:
        """Give a photograph's bytes, as PNG where Word does not know its kind."""
        data = base64.b64decode(self.data)
        if self.kind != "webp":
            return data
        from PIL import Image

        made = BytesIO()
        with Image.open(BytesIO(data)) as image:
            image.save(made, "PNG")
        return made.getvalue()

    @property
    def drawing(self) -> str:
        """Give the picture as SVG, a photograph as the one image in it."""
        if self.svg:
            return self.svg
        return (
            f'<svg {_NAMESPACES} width="{self.width}" height="{self.height}">'
            f'<image width="{self.width}" height="{self.height}" xlink:href="{self.address}"/></svg>'
        )


@dataclass(slots=True)
class Pictures:
    """Collect the pictures of one report while its fragments are cleaned; each gets a number."""

    language: Language = "zh"
    kept: list[Picture] = field(default_factory=list)
    formulas: list[Formula] = field(default_factory=list)

    def take_out(self, html: str) -> str:
        """Put `<img src="pk-figure:N">` in the place of every inline drawing."""
        kept: list[str] = []
        at = 0
        for start, end in _drawings(html):
            if not end and html.count("<svg", start) > _MOST_OPEN:
                break
            kept += [html[at:start], self._placeholder(html[start : end or len(html)])]
            at = end or len(html)
        return "".join([*kept, html[at:]]) if kept else html

    def add(self, svg: str) -> str:
        """Keep a drawing and give its address within the report, or "" when it is none."""
        drawing = _sized(harmless_svg(svg))
        return self._keep(Picture(*size_of(drawing), svg=drawing)) if drawing else ""

    def photograph(self, data: str) -> str:
        """Keep a photograph (base64) and give its address within the report, or "" when it is none."""
        from PIL import Image

        try:
            raw = base64.b64decode(data, validate=True)
            with Image.open(BytesIO(raw)) as image:
                width, height, kind = image.width, image.height, (image.format or "").lower()
                if width * height > _LARGEST_PHOTOGRAPH or kind not in {"png", "jpeg", "gif", "webp"}:
                    return ""
                image.verify()
            with Image.open(BytesIO(raw)) as image:
                image.load()  # what is damaged further in would end the report in another library
        except Exception:  # noqa: BLE001  # a damaged picture fails in any way
            return ""
        return self._keep(Picture(width * _PX, height * _PX, kind=kind, data=data))

    def recolour(self, colours: dict[str, str]) -> None:
        """Draw in other colours: each (`#rrggbb`) that `colours` knows becomes another."""
        for number, picture in enumerate(self.kept if colours else ()):
            svg = _COLOUR.sub(lambda found: colours.get(found[0], found[0]), picture.svg)
            self.kept[number] = replace(picture, svg=svg)

    def get(self, address: str) -> Picture | None:
        """Give the picture of an address, None when nothing was kept under it."""
        number = address.removeprefix(_PREFIX) if address.startswith(_PREFIX) else ""
        return self.kept[int(number)] if number.isdecimal() and int(number) < len(self.kept) else None

    def description(self, address: str) -> str:
        """Give the description that a drawing carries itself, or ""."""
        picture = self.get(address)
        return description_of(picture.svg) if picture and picture.svg else ""

    def add_formula(self, formula: Formula) -> str:
        """Keep a formula and give its address within the report."""
        self.formulas.append(formula)
        return f"{_FORMULA}{len(self.formulas) - 1}"

    def formula(self, address: str) -> Formula | None:
        """Give the formula of an address, None when nothing was kept under it."""
        number = address.removeprefix(_FORMULA) if address.startswith(_FORMULA) else ""
        return self.formulas[int(number)] if number.isdecimal() and int(number) < len(self.formulas) else None

    def _keep(self, picture: Picture) -> str:
        self.kept.append(picture)
        return f"{_PREFIX}{len(self.kept) - 1}"

    def _placeholder(self, svg: str) -> str:
        after = ""
        if _AS_HTML.search(svg) or _parsed(svg) is None:
            svg, after = as_in_page(svg)
        if not _HOLDS.search(svg):
            return after
        address = self.add(svg)
        told = _DESCRIBED.match(svg)
        alt = told[1] if told else ""
        if address:
            return f'<img src="{address}" alt="{alt}">{self.told_of(svg)}{after}'
        said = choose("publish.in_place", self.language, name=alt or escape(description_of(svg)) or "SVG")
        return f"<small>{said}</small>{after}"

    def told_of(self, svg: str) -> str:
        """Say which words of a drawing could not be drawn; "" where all were."""
        words = words_lost(svg)
        said = choose("publish.words_lost", self.language, words=escape(words))
        return f"<small>{said}</small>" if words else ""


def address_of(svg: str) -> str:
    """Write a drawing as an address that a page can carry, shorter than base64."""
    for character, code in (("%", "%25"), ("#", "%23"), ("<", "%3C"), (">", "%3E"), ('"', "'")):
        svg = svg.replace(character, code)
    return "data:image/svg+xml," + " ".join(svg.split())
