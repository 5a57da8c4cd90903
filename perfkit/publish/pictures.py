"""Pictures of a report: vector figures and photographs, made harmless and carried inside the page.

An SVG becomes an `<img>` with its drawing in the address, not part of the page: so it can neither run nor ask
nor clash with the ids of its neighbours, and a browser still draws it sharp. The drawing itself is parsed as
strict XML and stripped of whatever is no drawing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lxml import etree

SVG = "http://www.w3.org/2000/svg"
_HREF = "{http://www.w3.org/1999/xlink}href"
_FORBIDDEN = frozenset(
    {"script", "foreignObject", "iframe", "audio", "video", "a", "animate", "set", "handler", "metadata"}
)
_INLINE_SVG = re.compile(r"<svg\b.*?</svg\s*>", re.DOTALL | re.IGNORECASE)
_OUTSIDE = re.compile(r"url\(\s*['\"]?(?!#)|@import", re.IGNORECASE)
_PARSER = etree.XMLParser(
    resolve_entities=False, no_network=True, huge_tree=False, remove_comments=True, remove_pis=True
)


@dataclass(slots=True)
class Pictures:
    """Collect the drawings of one report while its fragments are cleaned; each gets a number."""

    drawings: list[str] = field(default_factory=list)

    def take_out(self, html: str) -> str:
        """Put `<img src="pk-figure:N">` in the place of every inline drawing."""
        return _INLINE_SVG.sub(self._placeholder, html) if "<svg" in html.lower() else html

    def add(self, svg: str) -> str:
        """Keep a drawing and give its address within the report, or "" when it is none."""
        drawing = harmless_svg(svg)
        if not drawing:
            return ""
        self.drawings.append(drawing)
        return f"pk-figure:{len(self.drawings) - 1}"

    def drawing(self, address: str) -> str:
        """Give back the drawing of an address, or "" when nothing was kept under it."""
        number = address.removeprefix("pk-figure:")
        return self.drawings[int(number)] if number.isdecimal() and int(number) < len(self.drawings) else ""

    def _placeholder(self, match: re.Match[str]) -> str:
        address = self.add(match.group())
        return f'<img src="{address}">' if address else ""


def harmless_svg(svg: str) -> str:
    """Give a drawing without scripts, links, animations and outside addresses; "" when it is no drawing."""
    source = svg[max(svg.find("<svg"), 0) :]
    try:
        root = etree.fromstring(source.encode("utf-8", "replace"), _PARSER)
    except etree.XMLSyntaxError:
        return ""
    if not isinstance(root.tag, str) or etree.QName(root).localname != "svg":
        return ""
    for element in list(root.iter()):
        _strip(element)
    return etree.tostring(root, encoding="unicode")


def _strip(element: etree._Element) -> None:
    parent = element.getparent()
    if not isinstance(element.tag, str) or etree.QName(element).localname in _FORBIDDEN:
        if parent is not None:
            parent.remove(element)
        return
    for name, value in list(element.attrib.items()):
        local = etree.QName(name).localname.lower()
        is_address = name == _HREF or local == "href"
        if (
            local.startswith("on")
            or (is_address and not value.startswith(("#", "data:image/")))
            or _OUTSIDE.search(value)
        ):
            del element.attrib[name]
    if element.text and etree.QName(element).localname == "style" and _OUTSIDE.search(element.text):
        element.text = ""


def address_of(svg: str) -> str:
    """Write a drawing as an address that a page can carry, shorter than base64."""
    compact = (
        svg.replace('"', "'").replace("%", "%25").replace("#", "%23").replace("<", "%3C").replace(">", "%3E")
    )
    return "data:image/svg+xml," + re.sub(r"\s+", " ", compact)
