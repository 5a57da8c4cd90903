"""matplotlib's SVG made small, safe to inline, and readable to a screen reader.

Text stays outlines, so that it reads right on a machine without the font; but each glyph is drawn once
a figure, in thousandths of an em instead of hundred-thousandths. Ids are those of the glyphs, so that
two figures on one page cannot mix them up. Colours become attributes (no inline style, which a strict
Content-Security-Policy forbids), and turn with the reader's light or dark setting.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from lxml import etree

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    Element = etree._Element  # noqa: SLF001

_SVG = "{http://www.w3.org/2000/svg}"
_HREF = "{http://www.w3.org/1999/xlink}href"
_NUMBER = re.compile(r"-?\d*\.?\d+(?:e-?\d+)?")
_STEP = re.compile(r"([MLCQz])([^MLCQz]*)")
_SCALE = re.compile(r"scale\(([\d.]+) -[\d.]+\)")
_OFFSET = re.compile(r"translate\((-?[\d.]+) (-?[\d.]+)\)")
_DEFAULTS = {
    ("stroke-linejoin", "round"),
    ("stroke-linecap", "butt"),
    ("fill-opacity", "1"),
    ("opacity", "1"),
}
_UNITS_IN_EM = 6400  # matplotlib draws a glyph at 100 points in 64ths
_UNITS_OUT_EM = 1000
_FAMILIES = {"NotoSansSC-Regular": "n", "DejaVuSans": "d"}


def compact(svg: str, *, title: str, description: str, dark: Mapping[str, str]) -> str:
    """Give the same picture in fewer bytes, with its title and description.

    `dark` maps each colour to the one that stands for it where the reader prefers dark.
    """
    root = etree.fromstring(svg.encode(), etree.XMLParser(remove_comments=True, remove_blank_text=True))
    for name in ("metadata", "style"):
        for element in list(root.iter(_SVG + name)):
            _parent(element).remove(element)
    glyphs = _glyphs(root)
    for element in root.iter(etree.Element):
        _slim(element)
    _unwrap(root)
    root.attrib.update({"role": "img", "stroke-linejoin": "round"})
    head = [_made("title", title), _made("desc", description), _made("style", _in_dark(dark)), glyphs]
    for place, element in enumerate(head):
        root.insert(place, element)
    etree.cleanup_namespaces(root)
    return etree.tostring(root, encoding="unicode")


def _made(name: str, text: str) -> Element:
    element = etree.Element(_SVG + name)
    element.text = text
    return element


def _parent(element: Element) -> Element:
    parent = element.getparent()
    if parent is None:
        raise ValueError("the root of a picture has no parent")
    return parent


def _taken(element: Element, name: str) -> str:
    """Take an attribute off an element and give its value."""
    value = element.get(name, "")
    if value or name in element.attrib:
        del element.attrib[name]
    return value


def _in_dark(dark: Mapping[str, str]) -> str:
    turned = "".join(
        f'[fill="{light}"]{{fill:{other}}}[stroke="{light}"]{{stroke:{other}}}'
        for light, other in dark.items()
    )
    return f"@media (prefers-color-scheme:dark){{{turned}}}"


def _glyphs(root: Element) -> Element:
    """Take every glyph out of the texts into one set of definitions, and point the texts at it."""
    defs = etree.Element(_SVG + "defs")
    for glyph in [path for path in root.iter(_SVG + "path") if path.get("transform") == "scale(0.015625)"]:
        _parent(glyph).remove(glyph)
        defs.append(
            etree.Element(_SVG + "path", id=_glyph_id(glyph.get("id", "")), d=_outline(glyph.get("d", "")))
        )
    known = {glyph.get("id") for glyph in defs}
    for use in root.iter(_SVG + "use"):
        target = _taken(use, _HREF)[1:]
        in_text = _glyph_id(target) in known
        use.set("href", f"#{_glyph_id(target) if in_text else target}")
        if in_text:
            _set_in_text(use)
    return defs


def _glyph_id(name: str) -> str:
    family, _, number = name.rpartition("-")
    return f"{_FAMILIES.get(family, family + '-')}{number}"


def _set_in_text(use: Element) -> None:
    """Rewrite one use of a glyph, and its text's scale, from hundredths to thousandths of an em."""
    text = _parent(use)
    offset = _OFFSET.match(_taken(use, "transform"))
    for axis, at in zip("xy", offset.groups() if offset else (), strict=False):
        if float(at):
            use.set(axis, f"{float(at) * 10:.0f}")
    transform = text.get("transform", "")
    if "glyphs" not in text.attrib:
        text.set("glyphs", "")
        text.set(
            "transform", _SCALE.sub(lambda s: f"scale({float(s[1]) / 10:g} {-float(s[1]) / 10:g})", transform)
        )


@lru_cache(maxsize=4096)
def _outline(d: str) -> str:
    """Give a glyph's outline in whole thousandths of an em, each step relative to the last."""
    told: list[str] = []
    x = y = 0
    for step, numbers in _STEP.findall(d):
        if step == "z":
            told.append("z")
            continue
        at = [round(float(n) * _UNITS_OUT_EM / _UNITS_IN_EM) for n in numbers.split()]
        told.append(_relative(step, at, x, y))
        x, y = at[-2:]
    return "".join(told)


def _relative(step: str, at: list[int], x: int, y: int) -> str:
    moves = [n - (y if i % 2 else x) for i, n in enumerate(at)]
    if step == "M":
        return f"M{at[0]}{_signed(at[1])}"
    if step == "L" and moves[1] == 0:
        return f"h{moves[0]}"
    if step == "L" and moves[0] == 0:
        return f"v{moves[1]}"
    return step.lower() + str(moves[0]) + "".join(map(_signed, moves[1:]))


def _signed(number: int) -> str:
    return str(number) if number < 0 else f" {number}"


def _slim(element: Element) -> None:
    """Turn inline style into attributes, drop ids nobody points to, round what is left."""
    _taken(element, "glyphs")
    if element.tag == _SVG + "g":
        _taken(element, "id")
    for name, value in _declared(_taken(element, "style")):
        element.set(name, value)
    for name in ("d", "transform", "x", "y", "width", "height", "stroke-width"):
        found = element.get(name)
        if found and element.get("id") is None:
            element.set(name, _rounded(found, digits=5 if name == "transform" else 2))


def _declared(style: str) -> Iterator[tuple[str, str]]:
    for declaration in filter(None, style.split(";")):
        name, _, value = declaration.partition(":")
        if (name.strip(), value.strip()) not in _DEFAULTS:
            yield name.strip(), value.strip()


def _rounded(text: str, *, digits: int) -> str:
    short = _NUMBER.sub(
        lambda n: f"{round(float(n[0]), digits):.{digits}f}".rstrip("0").rstrip(".") or "0", text
    )
    return re.sub(r"\s*([MLHVCQz])\s*", r"\1", " ".join(short.split()))


def _unwrap(root: Element) -> None:
    """Dissolve groups and definitions that say nothing any more."""
    for element in list(root.iter(_SVG + "g", _SVG + "defs")):
        if element is root or element.attrib:
            continue
        parent = _parent(element)
        place = parent.index(element)
        if element.tag == _SVG + "g":
            for child in reversed(element):
                parent.insert(place, child)
        if element.tag == _SVG + "g" or not len(element):
            parent.remove(element)
