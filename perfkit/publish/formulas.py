"""Formulas of Markdown, set in each format: MathML on the page, Typst's own maths in the PDF, OMML in Word.

latex2mathml reads the TeX, mathml2omml writes it for Word. Typst is given its own elements, each text in them
a string. A formula that cannot be read stays as it was typed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lxml import etree

if TYPE_CHECKING:
    from collections.abc import Callable

_LONGEST = 4000
_MISCLOSED = re.compile(r"(<m:groupChrPr>(?:<[^>]*/>)*)</m:groupChr>")  # a slip of mathml2omml 0.0.2
_SPACE = "http://www.w3.org/1998/Math/MathML"
_CONTENT = "math mrow mi mn mo ms mtext mspace mfrac msqrt mroot msub msup msubsup munder mover munderover"
_LAYOUT = "mtable mtr mtd mstyle mpadded mphantom mfenced menclose mmultiscripts mprescripts none"
_KIN = {"aligned": "split", "gathered": "matrix", "gather": "matrix", "gather*": "matrix"}  # read alike
_ENVIRONMENT = re.compile(r"\\(begin|end)\{(aligned|gathered|gather\*?)\}")
_TAGS = frozenset(f"{_CONTENT} {_LAYOUT}".split())
_MEANING = "display mathvariant stretchy fence separator form accent accentunder open close notation"
_ROOM = "linethickness columnalign rowspacing columnspacing displaystyle scriptlevel lspace rspace minsize"
_ATTRIBUTES = frozenset(f"{_MEANING} {_ROOM} maxsize movablelimits width height depth".split())
_PARTS = dict.fromkeys(("mfrac", "mroot", "msub", "msup", "munder", "mover"), 2)
_PARTS |= {"msubsup": 3, "munderover": 3}
_ACCENTS = frozenset("¯^~˙¨→⃗‾ˇ˘`´\u0302\u0303\u0304\u0307\u0308\u20d7")
_WORD = "http://schemas.openxmlformats.org/officeDocument/2006/math"
_M = f"{{{_WORD}}}"
_LINE = "‾"  # over or under all that it stands for
_OVER = "\u0302\u0304\u0303\u0307\u0308\u20d7\u030c\u0306\u0300\u0301"
_COMBINING = dict(zip("^¯~˙¨→ˇ˘`´", _OVER, strict=True))
_BRACES = {"⏟": "underbrace", "⏞": "overbrace"}
_BAR = "∣"  # LibreOffice takes | for “or”
_NOTHING = "\u200b"  # LibreOffice asks for something on both sides of a sign, and in each cell
_BINARY = frozenset("=<>*/&±∓×÷·⋅∘≠≈≡∼≃≤≥≪≫∝∈∉∋⊂⊆⊃⊇∪∩∧∨→←↔⇒⇐⇔")
_LEADING = frozenset("+-−±∓")  # which stand before one thing alone as well
_GROUPS = tuple(f"{_M}{name}" for name in ("oMath", "e", "num", "den", "sub", "sup", "lim"))
_LIMITS = frozenset({"lim", "max", "min", "sup", "inf", "limsup", "liminf"})
_PAIRS = {"(": ")", "[": "]", "{": "}", "|": "|", "‖": "‖", "⟨": "⟩", "⌊": "⌋", "⌈": "⌉"}


@dataclass(frozen=True, slots=True)
class Formula:
    """Hold a formula as it was typed (TeX) and as MathML; `block` where it stands on a line of its own."""

    tex: str
    mathml: str
    block: bool

    @property
    def characters(self) -> str:
        """Give the characters that the formula shows, braces aside: those are drawn to their width."""
        return "".join(text for text in self.element().itertext() if text not in _BRACES)

    def element(self) -> Any:
        """Give the formula as an element of the page."""
        return etree.fromstring(self.mathml)

    def omml(self) -> str:
        """Give the formula for Word; "" where it cannot be written so."""
        import mathml2omml  # type: ignore[import-untyped]

        try:
            told = self.element()
            for bar in told.iter(f"{{{_SPACE}}}mo"):
                bar.text = _BAR if bar.text == "|" else bar.text
            made = str(mathml2omml.convert(etree.tostring(told, encoding="unicode")))
            made = _MISCLOSED.sub(r"\1</m:groupChrPr>", made)
            root = etree.fromstring(made.replace("<m:oMath>", f'<m:oMath xmlns:m="{_WORD}">', 1))
            return _for_word(root, told).replace(f' xmlns:m="{_WORD}"', "", 1)
        except Exception:  # noqa: BLE001  # whatever a formula does to a library, the report comes
            return ""

    def typst(self) -> str:
        """Give the formula as code of Typst's."""
        block = "true" if self.block else "false"
        return f"math.equation(block:{block},alt:{string(self.tex)},{_written(self.element())})"


def formula(tex: str, *, block: bool) -> Formula | None:
    """Read a formula; None where it cannot be read."""
    import latex2mathml.converter

    if len(tex) > _LONGEST or not tex.strip():
        return None
    try:
        known = _ENVIRONMENT.sub(lambda found: f"\\{found[1]}{{{_KIN[found[2]]}}}", tex.strip())
        mathml = latex2mathml.converter.convert(known, display="block" if block else "inline")
        root = etree.fromstring(mathml.encode())
    except Exception:  # noqa: BLE001  # its reader raises what it likes, recursion included
        return None
    for element in root.iter():
        name = etree.QName(element)
        if name.namespace != _SPACE or name.localname not in _TAGS or (element.text or "").startswith("\\"):
            return None
        if len(element) != _PARTS.get(name.localname, len(element)):
            return None
        for attribute in set(element.attrib) - _ATTRIBUTES:
            del element.attrib[attribute]
        _settle(element, block=block)
    root.set("alttext", tex.strip())
    return Formula(tex.strip(), etree.tostring(root, encoding="unicode"), block)


def _settle(element: Any, *, block: bool) -> None:
    """Mend what latex2mathml leaves: a line that stretches over what it is for, limits below in a block."""
    if element.text == "―":
        element.text = _LINE
        element.set("stretchy", "true")
    if block and etree.QName(element).localname == "msub" and element[0].text in _LIMITS:
        element.tag = f"{{{_SPACE}}}munder"


def _for_word(root: Any, told: Any) -> str:
    """Give OMML as Word has it: accents, lines, functions upright, nothing where a sign has no limits.

    `told` is the MathML that it was made from.
    """
    _hide_what_is_empty(root)
    over = zip(told.iter(f"{{{_SPACE}}}mfrac"), root.iter(f"{_M}f"), strict=True)
    for bare in [made for fraction, made in over if _has_no_bar(fraction)]:
        bare.insert(0, etree.Element(f"{_M}fPr"))
        etree.SubElement(bare[0], f"{_M}type").set(f"{_M}val", "noBar")
    for mark in [*root.iter(f"{_M}limUpp", f"{_M}limLow", f"{_M}groupChr")]:
        chosen = mark.find(f"{_M}groupChrPr/{_M}chr")
        sign = "".join(mark.find(f"{_M}lim").itertext()) if chosen is None else chosen.get(f"{_M}val")
        below = mark.tag == f"{_M}limLow" or mark.find(f"{_M}groupChrPr/{_M}pos[@{_M}val='bot']") is not None
        kind = "bar" if sign == _LINE else "acc" if sign in _COMBINING and not below else ""
        if kind:
            made = etree.Element(f"{_M}{kind}")
            settings = etree.SubElement(made, f"{_M}{kind}Pr")
            name, value = ("pos", "bot" if below else "top") if kind == "bar" else ("chr", _COMBINING[sign])
            etree.SubElement(settings, f"{_M}{name}").set(f"{_M}val", value)
            made.append(mark.find(f"{_M}e"))
            mark.getparent().replace(mark, made)
    for style in [*root.iter(f"{_M}sty")]:
        text = style.getparent().getparent().findtext(f"{_M}t") or ""
        if len(text) > 1 and text.isascii() and text.isalpha():
            style.getparent().replace(style, etree.Element(f"{_M}nor"))
    for table, made in zip(told.iter(f"{{{_SPACE}}}mtable"), root.iter(f"{_M}m"), strict=True):
        made.insert(0, _columns(table))
    _complete(root)
    return etree.tostring(root, encoding="unicode")


def _hide_what_is_empty(root: Any) -> None:
    """Say that a sign has no limits, and a square root no degree: an empty box would stand there."""
    for nary in root.iter(f"{_M}nary"):
        for side in ("sub", "sup"):
            if len(nary.find(f"{_M}{side}")) == 0:
                etree.SubElement(nary.find(f"{_M}naryPr"), f"{_M}{side}Hide").set(f"{_M}val", "1")
    for root_sign in root.iter(f"{_M}rad"):
        if root_sign.find(f"{_M}deg") is None:
            root_sign.insert(0, etree.Element(f"{_M}radPr"))
            etree.SubElement(root_sign[0], f"{_M}degHide").set(f"{_M}val", "1")
            root_sign.insert(1, etree.Element(f"{_M}deg"))


def _columns(table: Any) -> Any:
    """Give how the columns of a table stand, as its first row says; an empty cell shows no mark."""
    made = etree.Element(f"{_M}mPr")
    etree.SubElement(made, f"{_M}plcHide").set(f"{_M}val", "1")
    columns = etree.SubElement(made, f"{_M}mcs")
    for cell in table[0] if len(table) else ():
        column = etree.SubElement(etree.SubElement(columns, f"{_M}mc"), f"{_M}mcPr")
        etree.SubElement(column, f"{_M}count").set(f"{_M}val", "1")
        etree.SubElement(column, f"{_M}mcJc").set(f"{_M}val", cell.get("columnalign", "center"))
    return made


def _complete(root: Any) -> None:
    """Put something that shows nothing where a group is empty, or a sign at its end lacks a side."""
    for group in [*root.iter(*_GROUPS)]:
        _complete_group(group)


def _complete_group(group: Any) -> None:
    for run in [run for run in group.findall(f"{_M}r") if not run.findtext(f"{_M}t")]:
        group.remove(run)
    signs = [child for child in group if not child.tag.endswith("Pr")]
    limits = group.getparent() is not None and group.getparent().tag == f"{_M}nary" and group.tag != f"{_M}e"
    if not signs and not limits:
        group.append(_nothing())
    if signs and _text_of(signs[0]) in _BINARY - (_LEADING if len(signs) > 1 else frozenset()):
        signs[0].addprevious(_nothing())
    if signs and _text_of(signs[-1]) in _BINARY | _LEADING:
        signs[-1].addnext(_nothing())


def _text_of(part: Any) -> str:
    return (part.findtext(f"{_M}t") or "").strip() if part.tag == f"{_M}r" else ""


def _nothing() -> Any:
    made = etree.Element(f"{_M}r")
    etree.SubElement(etree.SubElement(made, f"{_M}rPr"), f"{_M}nor")
    etree.SubElement(made, f"{_M}t").text = _NOTHING
    return made


def _has_no_bar(fraction: Any) -> bool:
    return (fraction.get("linethickness") or "1").rstrip("emptx") == "0"


def _written(element: Any) -> str:
    """Write one element of MathML, and what it holds, as an expression of Typst's."""
    name = etree.QName(element).localname
    if name in ("mi", "mn", "mo", "mtext", "ms"):
        return _sign(name, element.text or "")
    parts = [_written(child) for child in element]
    if name in _SCRIPTS:
        return _attached(element, name, parts)
    if name == "mtable":
        rows = [f"({','.join(_written(cell) for cell in row)},)" for row in element]
        return f"math.mat(delim:none,{','.join(rows)})"
    if name == "mfrac" and _has_no_bar(element):
        return f"math.mat(delim:none,({parts[0]},),({parts[1]},))"
    if name in _CALLS:
        return _CALLS[name](parts)
    fenced = len(element) > 1 and (
        _PAIRS.get(element[0].text or "") == (element[-1].text or "~") or element[0].get("fence") == "true"
    )
    return f"math.lr({_sequence(parts)})" if fenced else _sequence(parts)


_CALLS: dict[str, Callable[[list[str]], str]] = {
    "mfrac": lambda parts: f"math.frac({','.join(parts)})",
    "msqrt": lambda parts: f"math.sqrt({_sequence(parts)})",
    "mroot": lambda parts: f"math.root({','.join(reversed(parts))})",
    "mspace": lambda _: "h(.2em)",
}
_SCRIPTS = {"msub": "b", "msup": "t", "msubsup": "bt", "munder": "b", "mover": "t", "munderover": "bt"}


def _attached(element: Any, name: str, parts: list[str]) -> str:
    sign = (element[-1].text or "").strip()
    if sign == _LINE and name in ("mover", "munder"):
        return f"math.{name[1:]}line({parts[0]})"
    if sign in _BRACES:
        return f"math.{_BRACES[sign]}({parts[0]})"
    if name == "mover" and sign in _ACCENTS and sign:
        return f"math.accent({parts[0]},{string(sign)})"
    base = f"math.limits({parts[0]})" if name[1] in "uo" else parts[0]
    scripts = ",".join(f"{side}:{part}" for side, part in zip(_SCRIPTS[name], parts[1:], strict=False))
    return f"math.attach({base},{scripts})"


def _sign(name: str, text: str) -> str:
    """Write letters and signs; single ones as symbols, whose slant and spaces are Typst's."""
    text = text.strip() if name != "mtext" else text
    if not text:
        return "[]"
    if name == "mi" and len(text) > 1 and text.isascii():
        return f"math.op({string(text)})"
    symbolic = len(text) == 1 and name in ("mi", "mo") and ord(text) < 0x2E80  # noqa: PLR2004
    return f"[#symbol({string(text)})]" if symbolic else string(text)


def _sequence(parts: list[str]) -> str:
    return "{" + ";".join(parts) + "}" if parts else "[]"


def string(text: str) -> str:
    """Write a text as a string of Typst's code."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
