"""What Word computes and sets itself: fields, form fields and formulas, as they print.

A field is an instruction between two marks, most often with its result beside it. Without a result, the
instruction itself says what is printed: a formula (EQ), a sign of a font (SYMBOL), a quoted text.
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass, field
from string import digits
from typing import TYPE_CHECKING, Any

from perfkit.readers.characters import UNKNOWN, in_font, raised, symbol_font, whole

if TYPE_CHECKING:
    from collections.abc import Callable

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_OFF = frozenset({"0", "false", "off", "none"})
# Fields that print nothing of their own, or what is no part of a form's values.
_SILENT = frozenset(
    {"TC", "XE", "RD", "TA", "SET", "ASK", "ADVANCE", "PRIVATE", "TOC", "INDEX", "PAGE", "NUMPAGES",
     "LISTNUM", "SECTION", "SECTIONPAGES", "BIDIOUTLINE", "AUTONUM", "HYPERLINK", "SHAPE",
     "GOTOBUTTON", "PRINT"}
)  # fmt: skip
_CIRCLED = {str(n): chr(0x2460 + n - 1) for n in range(1, 21)}
_RINGS, _BOXES, _TICKS = frozenset("○〇◯"), frozenset("□☐"), frozenset("√✓✔")
_DEEPEST = 30
_LONGEST_CODE = 8  # of a character


def is_on(properties: Any, name: str) -> bool:
    """Tell whether a property of a run or a row is switched on."""
    mark = None if properties is None else properties.find(f"{W}{name}")
    return mark is not None and mark.get(f"{W}val", "1").lower() not in _OFF


@dataclass(slots=True)
class Field:
    """Hold one open field: its form field data, its instruction, and what its result has printed."""

    data: Any = None
    instruction: list[str] = field(default_factory=list)
    result: list[str] | None = None

    def printed(self) -> str | None:
        """Give what the field prints; None where its instruction does not say and there is no result."""
        return printed("".join(self.instruction), "".join(self.result or ()), self.data)


def printed(instruction: str, result: str, data: Any = None) -> str | None:
    """Give what a field prints by its instruction, its stored result and its form field data."""
    name, _, rest = instruction.strip().partition(" ")
    made = _FORM_FIELDS.get(name.upper())
    if made is not None:
        return made(data)
    if result or name.upper() in _SILENT or not name:
        return result
    stands = _INSTRUCTIONS.get(name.upper())
    return None if stands is None else stands(rest)


def _quoted(rest: str) -> str:
    return " ".join(re.findall(r'"([^"]*)"', rest)) or rest.strip()


def _dropped_down(data: Any) -> str | None:
    choices = None if data is None else data.find(f"{W}ddList")
    if choices is None:
        return None
    entries = [entry.get(f"{W}val", "") for entry in choices.iter(f"{W}listEntry")]
    chosen = next(
        (node for node in (choices.find(f"{W}{n}") for n in ("result", "default")) if node is not None), None
    )
    number = "0" if chosen is None else chosen.get(f"{W}val", "0")
    at = whole(number, len(entries))
    return entries[at] if at < len(entries) else ""


def _ticked(data: Any) -> str:
    box = None if data is None else data.find(f"{W}checkBox")
    marks = () if box is None else (box.find(f"{W}checked"), box.find(f"{W}default"))
    mark = next((mark for mark in marks if mark is not None), None)
    return "☑" if mark is not None and mark.get(f"{W}val", "1").lower() not in _OFF else "□"


def _symbol(rest: str) -> str:
    code = re.match(r'\s*"?(0x[0-9a-fA-F]+|[0-9]+|.)"?', rest)
    font = re.search(r'\\f\s*"?([^"\\]+)', rest)
    if code is None:
        return UNKNOWN
    if len(code[1]) == 1 and code[1] not in digits:
        number = ord(code[1])
    elif len(code[1]) > _LONGEST_CODE:
        return UNKNOWN
    else:
        number = int(code[1], 16) if code[1].startswith("0x") else int(code[1])
    if number > sys.maxunicode:
        return UNKNOWN
    return in_font(chr(number), symbol_font(font[1] if font else ""))


class _Equation:
    """Read the formula of an EQ field: commands such as `f(1,2)` behind a backslash, arguments, texts."""

    def __init__(self, source: str) -> None:
        self._pieces = re.findall(r"\\[A-Za-z]+[0-9]*|\\.|[(),;，]|[^\\(),;，]+", source)
        self._at = 0

    def text(self, depth: int = 0) -> str:
        """Give what stands up to the end, or to the parting sign or bracket that ends an argument."""
        parts: list[str] = []
        opened = 0
        while self._at < len(self._pieces):
            piece = self._pieces[self._at]
            if depth and not opened and piece in {",", ";", "，", ")"}:
                break
            self._at += 1
            if re.fullmatch(r"\\[A-Za-z]+[0-9]*", piece) and depth < _DEEPEST:
                parts.append(self._command(piece[1:].lower(), depth))
                continue
            opened += (piece == "(") - (piece == ")")
            parts.append(piece.removeprefix("\\"))
        return "".join(parts).strip()

    def _command(self, name: str, depth: int) -> str:
        options = []
        while self._at < len(self._pieces) and re.fullmatch(r"\\[A-Za-z]+[0-9]*|\s+", self._pieces[self._at]):
            options.append(self._pieces[self._at].strip("\\ ").lower())
            self._at += 1
        if self._at >= len(self._pieces) or self._pieces[self._at] != "(":
            return ""
        arguments = []
        while self._at < len(self._pieces) and self._pieces[self._at] != ")":
            self._at += 1
            arguments.append(self.text(depth + 1))
        self._at += 1
        return _composed(name, options, arguments)


def _composed(name: str, options: list[str], arguments: list[str]) -> str:
    """Give what a command of an EQ field makes of its arguments on one line."""
    first, *others = arguments or [""]
    rest = "".join(others)
    if name == "o" and others and first in _RINGS:
        return _CIRCLED.get(others[0], others[0])
    if name == "o" and others and first in _BOXES:
        return "☑" if others[0] in _TICKS else others[0]
    if name == "s" and any(option.startswith("up") for option in options):
        return raised(first)
    made = {"f": fraction(first, rest), "b": f"({first})"}
    made["r"] = f"{raised(first)}√{rest}" if others else f"√{first}"
    return made.get(name, "".join(arguments))


def fraction(above: str, below: str) -> str:
    """Give a fraction on one line."""
    return "/".join(part if re.fullmatch(r"[\w.%]*", part) else f"({part})" for part in (above, below))


def formula(node: Any) -> str:
    """Give a formula of Word's formula editor on one line: ≥5×10⁴."""
    name = node.tag.removeprefix(M) if isinstance(node.tag, str) else ""
    if node.tag in {f"{M}t", f"{W}t"}:
        return node.text or ""
    if node.tag == f"{W}sym":
        return sign(node)
    if not name or (name.endswith("Pr") and name != "rPr"):
        return ""
    made = _FORMULAS.get(name)
    return made(node) if made else "".join(formula(child) for child in node)


def sign(node: Any) -> str:
    """Give what a w:sym element looks like."""
    code, font = node.get(f"{W}char", ""), symbol_font(node.get(f"{W}font"))
    character = chr(int(code, 16)) if re.fullmatch("[0-9A-Fa-f]{1,4}", code) else UNKNOWN
    return in_font(character, font) if font else character


def _part(node: Any, name: str) -> str:
    found = node.find(f"{M}{name}")
    return "" if found is None else formula(found)


def _property(node: Any, name: str, default: str) -> str:
    for child in node:
        found = child.find(f"{M}{name}") if isinstance(child.tag, str) and child.tag.endswith("Pr") else None
        if found is not None:
            value: str = found.get(f"{M}val", "")
            return value
    return default


def _power(node: Any) -> str:
    over = _part(node, "sup")
    up = raised(over)
    return f"{_part(node, 'e')}{_part(node, 'sub')}{up if up != over or not over else f'^{over}'}"


def _in_brackets(node: Any) -> str:
    inside = _property(node, "sepChr", "|").join(formula(part) for part in node.findall(f"{M}e"))
    return f"{_property(node, 'begChr', '(')}{inside}{_property(node, 'endChr', ')')}"


# What a field prints by its form field data, whatever is stored beside it; and by its instruction alone.
_FORM_FIELDS: dict[str, Callable[[Any], str | None]] = {
    "FORMDROPDOWN": _dropped_down,
    "FORMCHECKBOX": _ticked,
}
_INSTRUCTIONS: dict[str, Callable[[str], str]] = {
    "EQ": lambda rest: _Equation(rest).text(),
    "SYMBOL": _symbol,
    "QUOTE": _quoted,
    "MACROBUTTON": lambda rest: rest.strip().partition(" ")[2],
    "FORMTEXT": lambda _: "",
}
_FORMULAS: dict[str, Callable[[Any], str]] = {
    "f": lambda node: fraction(_part(node, "num"), _part(node, "den")),
    "sSup": _power,
    "sSubSup": _power,
    "sPre": lambda node: f"{raised(_part(node, 'sup'))}{_part(node, 'sub')}{_part(node, 'e')}",
    "rad": lambda node: f"{raised(_part(node, 'deg'))}√{_part(node, 'e')}",
    "d": _in_brackets,
    "nary": lambda node: (
        f"{_property(node, 'chr', '∫')}{_part(node, 'sub')}{_part(node, 'sup')}{_part(node, 'e')}"
    ),
}
