"""Drawings (SVG) from a notebook, parsed as strict XML and stripped of whatever is no drawing."""

from __future__ import annotations

import re
from typing import Any

from lxml import etree

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
_SUSPECT_SIGNS = ("&#", "<!", "@import", "image-set", "expression(")
_SUSPECT = (  # for lower case; one by one, since that is four times as fast as any of them at every place
    re.compile(r"on\w+\s*="),
    re.compile(r"href\s*=\s*['\"]?\s*[^#'\"\s]"),
    re.compile(r"<(?:\w+:)?(?:script|foreignobject|iframe|audio|video|anim|set\b|handler|meta)"),
    re.compile(r"url\(\s*['\"]?(?!['\"]?#)"),
)
_DECLARATIONS = re.compile(r"<\?xml.*?\?>|<!DOCTYPE[^>\[]*(?:\[.*?\]\s*)?>", re.DOTALL)
_UNITS = {"": 0.75, "px": 0.75, "pt": 1.0, "in": 72.0, "cm": 28.3465, "mm": 2.83465}
_DEFAULT_SIZE = (360.0, 240.0)


def harmless_svg(svg: str) -> str:
    """Give a drawing without scripts, animations and outside addresses; "" when it is no drawing."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)
    source = _DECLARATIONS.sub("", svg).strip()
    try:
        root = etree.fromstring(source.encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError):
        root = _namespaced(source, parser)
    if root is None or etree.QName(root).localname != "svg":
        return ""
    if not _is_suspect(source.lower()):
        return source
    for element in list(root.iter()):
        _strip(element)
    return etree.tostring(root, encoding="unicode", with_tail=False)


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
        if local.startswith("on") or leads_out or _OUTSIDE.search(value):
            del element.attrib[name]
    if etree.QName(element).localname == "style" and _OUTSIDE.search("".join(element.itertext())):
        parent.remove(element)


def size_of(svg: str) -> tuple[float, float]:
    """Give the natural width and height of a drawing in points."""
    head = svg[: svg.find(">")]
    width, height = _length(head, "width"), _length(head, "height")
    box = re.search(r'viewBox="\s*[-\d.]+[\s,]+[-\d.]+[\s,]+([\d.]+)[\s,]+([\d.]+)', head)
    across, down = (float(box.group(1)) * 0.75, float(box.group(2)) * 0.75) if box else _DEFAULT_SIZE
    return width or across or _DEFAULT_SIZE[0], height or down or _DEFAULT_SIZE[1]


def _length(head: str, name: str) -> float:
    found = re.search(rf'\s{name}="\s*([\d.]+)\s*([a-z]*)\s*"', head)
    return float(found.group(1)) * _UNITS.get(found.group(2), 0) if found else 0.0


def description_of(svg: str) -> str:
    """Give what a drawing says of itself: its `<desc>`, else its `<title>`."""
    from html import unescape

    for name in ("desc", "title"):
        found = re.search(rf"<{name}[^>]*>([^<]+)</{name}>", svg[:8000])
        if found and found.group(1).strip():
            return unescape(found.group(1).strip())
    return ""
