"""Pictures of a report: drawings and photographs, made harmless and carried inside the page.

A drawing (SVG) is parsed as strict XML and stripped of whatever is no drawing.
"""

from __future__ import annotations

import base64
import re
import sys
from dataclasses import dataclass, field, replace
from io import BytesIO
from math import inf
from typing import TYPE_CHECKING, Any

from lxml import etree

if TYPE_CHECKING:
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


def harmless_svg(svg: str) -> str:
    """Give a drawing without scripts, animations and outside addresses; "" when it is no drawing."""
    if len(svg) > _LARGEST_DRAWING:
        return ""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True, huge_tree=True
    )
    source = _DECLARATIONS.sub("", svg).strip()
    try:
        root = etree.fromstring(source.encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError):
        root = _namespaced(source, parser)
    if root is None or etree.QName(root).localname != "svg" or _is_endless(root):
        return ""
    if not _is_suspect(source.lower()):
        return source
    for element in list(root.iter()):
        _strip(element)
    return etree.tostring(root, encoding="unicode", with_tail=False)


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


def _namespaced(source: str, parser: Any) -> Any:
    """Try once more with the usual names declared, which HTML lets a drawing do without."""
    names = 'xmlns:xlink="http://www.w3.org/1999/xlink"'
    try:
        return etree.fromstring(
            re.sub(r"<svg\b", f"<svg {names}", source, count=1).encode("utf-8", "replace"), parser
        )
    except (etree.XMLSyntaxError, ValueError):
        return None


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
    return width or across or _DEFAULT_SIZE[0], height or down or _DEFAULT_SIZE[1]


def _length(head: str, name: str) -> float:
    found = re.search(rf'\s{name}="\s*{_FIGURE}\s*([a-z]*)\s*"', head)
    return float(found.group(1)) * _UNITS.get(found.group(2), 0) if found else 0.0


def description_of(svg: str) -> str:
    """Give what a drawing says of itself: its `<desc>`, else its `<title>`."""
    from html import unescape

    for name in ("desc", "title"):
        found = re.search(rf"<{name}[^>]*>([^<]+)</{name}>", svg[:8000])
        if found and found.group(1).strip():
            return unescape(found.group(1).strip())
    return ""


_SVG_TAGS = re.compile(r"<svg\b|</svg\s*>", re.IGNORECASE)
_DESCRIBED = re.compile(r'<svg\b[^<>]*?\saria-label="([^"<>]*)"')
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
            '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
            f'width="{self.width}" height="{self.height}"><image width="{self.width}" height="{self.height}" '
            f'xlink:href="{self.address}"/></svg>'
        )


@dataclass(slots=True)
class Pictures:
    """Collect the pictures of one report while its fragments are cleaned; each gets a number."""

    kept: list[Picture] = field(default_factory=list)
    formulas: list[Formula] = field(default_factory=list)

    def take_out(self, html: str) -> str:
        """Put `<img src="pk-figure:N">` in the place of every inline drawing."""
        kept: list[str] = []
        end = depth = start = 0
        for tag in _SVG_TAGS.finditer(html):  # in one pass, however many are left open
            opens = tag.group()[1] != "/"
            if opens and depth == 0:
                start = tag.start()
            depth = depth + 1 if opens else max(depth - 1, 0)
            if not opens and depth == 0 and start >= end:
                kept += [html[end:start], self._placeholder(html[start : tag.end()])]
                end = tag.end()
                start = len(html)
        return "".join([*kept, html[end:]]) if kept else html

    def add(self, svg: str) -> str:
        """Keep a drawing and give its address within the report, or "" when it is none."""
        drawing = harmless_svg(svg)
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
        for number, picture in enumerate(self.kept):
            svg = picture.svg
            for old, new in colours.items():
                svg = svg.replace(old, new)
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
        address = self.add(svg)
        told = _DESCRIBED.match(svg)
        return f'<img src="{address}" alt="{told[1] if told else ""}">' if address else ""


def address_of(svg: str) -> str:
    """Write a drawing as an address that a page can carry, shorter than base64."""
    for character, code in (("%", "%25"), ("#", "%23"), ("<", "%3C"), (">", "%3E"), ('"', "'")):
        svg = svg.replace(character, code)
    return "data:image/svg+xml," + " ".join(svg.split())
