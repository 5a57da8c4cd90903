"""The text of Word's paragraphs and cells, gathered from their XML as it prints.

A run may hold text, signs of symbol fonts, fields, formulas and pictures; runs may be hidden, deleted or
struck out by themselves or by their style. An element that is not known is looked into, and a text that
nothing here reads is listed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from perfkit.readers.characters import in_font, raised, symbol_font
from perfkit.readers.fields import Field, M, W, formula, is_on, sign
from perfkit.text import say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from perfkit.language import Text

_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_DROPPED = frozenset(
    f"{W}{name}"
    for name in ("del", "moveFrom", "delText", "delInstrText", "pPr", "rPr", "sdtPr", "sdtEndPr", "tblPr",
                 "tblGrid", "trPr", "tcPr", "sectPr", "rt", "ffData", "softHyphen")
)  # fmt: skip
_ROWS_IN = frozenset(f"{W}{name}" for name in ("sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag"))
_PICTURES = frozenset(f"{W}{name}" for name in ("drawing", "pict", "object"))
_SIGNS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_PLACEHOLDER = ("单击", "点击", "选择", "输入", "请", "Click", "click", "Choose", "Enter", "enter")
_DEEPEST = 100


@dataclass(frozen=True, slots=True)
class Styles:
    """Hold the styles whose text is hidden, and those whose text is struck out."""

    hidden: frozenset[str] = frozenset()
    struck: frozenset[str] = frozenset()


def styles_of(root: Any) -> Styles:
    """Read which styles hide or strike out their text."""
    if root is None:
        return Styles()
    nodes = {node.get(f"{W}styleId", ""): node for node in root.iter(f"{W}style")}
    found = {
        name: frozenset(style for style in nodes if _has(nodes, style, marks))
        for name, marks in (("hidden", ("vanish",)), ("struck", ("strike", "dstrike")))
    }
    return Styles(**found)


def _has(nodes: Mapping[str, Any], style: str, marks: tuple[str, ...]) -> bool:
    """Tell whether a style switches a mark on, itself or by the style that it is based on."""
    for _ in range(_DEEPEST):
        node = nodes.get(style)
        if node is None:
            return False
        properties = node.find(f"{W}rPr")
        for mark in marks:
            if properties is not None and properties.find(f"{W}{mark}") is not None:
                return is_on(properties, mark)
        based = node.find(f"{W}basedOn")
        style = "" if based is None else based.get(f"{W}val", "")
    return False


def blocks(parent: Any) -> Iterator[Any]:
    """Give paragraphs and tables in order, looking into content controls and insertions."""
    for child in parent:
        if child.tag in {f"{W}p", f"{W}tbl"}:
            yield child
        elif isinstance(child.tag, str) and child.tag not in _DROPPED and child.tag != f"{_MC}Fallback":
            yield from blocks(child)


def inner(parent: Any, tag: str) -> Iterator[Any]:
    """Give the rows of a table or the cells of a row, looking into content controls."""
    for child in parent:
        if child.tag == tag:
            yield child
        elif child.tag in _ROWS_IN:
            yield from inner(child, tag)


class Printed:
    """Gather what runs print; with `struck`, what is struck out too. Fields may go on over paragraphs."""

    def __init__(self, styles: Styles, *, struck: bool = False) -> None:
        self.styles = styles
        self.struck = struck
        self.parts: list[str] = []
        self.fields: list[Field] = []
        self.unread: list[tuple[str, Text]] = []
        self.pictures = 0
        self.style = ""  # of the paragraph, which its runs have where they have none

    def paragraph(self, node: Any) -> str:
        """Give the text of a paragraph."""
        self.parts = []
        self._paragraph(node)
        return "".join(self.parts)

    def _paragraph(self, node: Any) -> None:
        before, style = self.style, node.find(f"{W}pPr/{W}pStyle")
        self.style = "" if style is None else style.get(f"{W}val", "")
        self._walk(node)
        self.style = before

    def cell(self, cell: Any, *, nested: bool = True) -> str:
        """Give the text of a cell, with that of the tables in it unless they stand for themselves."""
        lines = []
        for block in blocks(cell):
            if block.tag == f"{W}p":
                lines.append(self.paragraph(block))
            elif nested:
                lines.append(self._table(block))
        while self.fields:
            self._end_field()
        return "\n".join([*lines, "".join(self.parts) if not lines else ""]).strip()

    def _table(self, table: Any) -> str:
        """Give a table in a cell as text: a line a row, or with ；between rows that have columns."""
        rows = []
        for line in inner(table, f"{W}tr"):
            cells = [Printed(self.styles, struck=self.struck).cell(cell) for cell in inner(line, f"{W}tc")]
            rows.append([text for text in cells if text])
        parted = any(len(row) > 1 for row in rows)
        return ("；" if parted else "\n").join(" ".join(row) for row in rows if row)

    def _add(self, text: str) -> None:
        """Print a text, or keep it as the instruction or the result of the field that is open."""
        if not self.fields:
            self.parts.append(text)
        elif self.fields[-1].result is None:
            self.fields[-1].instruction.append(text)
        else:
            self.fields[-1].result.append(text)

    def _walk(self, node: Any) -> None:
        for child in node:
            if isinstance(child.tag, str) and child.tag not in _DROPPED:
                self._element(child)

    def _element(self, node: Any) -> None:
        name = node.tag.removeprefix(W)
        if node.tag.startswith(M):
            self._add(formula(node))
        elif name in {"t", "instrText"}:
            self._add(node.text or "")
        elif name in _SIGNS:
            self._add(_SIGNS[name])
        elif name == "sym":
            self._add(sign(node))
        elif name == "tbl":
            self._add("\n" + self._table(node))
        else:
            read = self._READ.get(node.tag, Printed._other)
            read(self, node)

    def _inner_paragraph(self, node: Any) -> None:
        self._add("\n" if self.parts else "")
        self._paragraph(node)

    def _simple_field(self, node: Any) -> None:
        self.fields.append(Field(None, [node.get(f"{W}instr", "")], []))
        self._walk(node)
        self._end_field()

    def _other(self, node: Any) -> None:
        """Look into an element that has no meaning of its own here; list a text that nobody knows."""
        if node.text and node.text.strip() and not node.tag.startswith(W):
            inside = any(True for _ in node.iter(f"{W}t", f"{M}t"))
            if not inside and "drawing" not in node.tag and "vml" not in node.tag:
                self.unread.append((node.text.strip()[:200], say("expected.word_text")))
        self._walk(node)

    def _run(self, run: Any) -> None:
        properties = run.find(f"{W}rPr")
        style = None if properties is None else properties.find(f"{W}rStyle")
        named = {self.style, "" if style is None else style.get(f"{W}val", "")}
        if self._marked(properties, ("vanish",), bool(named & self.styles.hidden)):
            return
        struck = self._marked(properties, ("strike", "dstrike"), bool(named & self.styles.struck))
        if struck and not self.struck:
            return
        fonts = None if properties is None else properties.find(f"{W}rFonts")
        font = "" if fonts is None else symbol_font(fonts.get(f"{W}ascii"), fonts.get(f"{W}hAnsi"))
        up = None if properties is None else properties.find(f"{W}vertAlign")
        if not font and (up is None or up.get(f"{W}val") != "superscript"):
            self._walk(run)
            return
        for child in run:
            if child.tag == f"{W}t":
                text = in_font(child.text or "", font)
                self._add(text if font else raised(text))
            elif isinstance(child.tag, str) and child.tag not in _DROPPED:
                self._element(child)

    @staticmethod
    def _marked(properties: Any, marks: tuple[str, ...], styled: bool) -> bool:  # noqa: FBT001  as the style says
        own = [] if properties is None else [m for m in marks if properties.find(f"{W}{m}") is not None]
        return any(is_on(properties, mark) for mark in own) if own else styled

    def _field(self, mark: Any) -> None:
        kind = mark.get(f"{W}fldCharType")
        if kind == "begin":
            self.fields.append(Field(mark.find(f"{W}ffData")))
        elif kind == "separate" and self.fields:
            self.fields[-1].result = []
        elif kind == "end" and self.fields:
            self._end_field()

    def _end_field(self) -> None:
        ended = self.fields.pop()
        text = ended.printed()
        if text is None:
            told = "".join(ended.instruction).strip()[:200]
            self.unread.append((told, say("expected.field_result")))
        self._add(text or "")

    def _control(self, node: Any) -> None:
        """Read a content control; what it shows while nothing is filled in does not count."""
        content = node.find(f"{W}sdtContent")
        if content is None:
            return
        if is_on(node.find(f"{W}sdtPr"), "showingPlcHdr"):
            shown = Printed(self.styles).paragraph(content)
            if any(word in shown for word in _PLACEHOLDER):
                return
        self._walk(content)

    def _alternative(self, node: Any) -> None:
        before = len(self.parts), self.pictures
        for branch in (*node.findall(f"{_MC}Choice"), *node.findall(f"{_MC}Fallback")):
            self._walk(branch)
            if (len(self.parts), self.pictures) != before or self.fields:
                return

    def _picture(self, node: Any) -> None:
        boxes = list(node.iter(f"{W}txbxContent"))
        if not boxes:
            self.pictures += 1
        for number, box in enumerate(boxes):
            if not any(parent in boxes for parent in box.iterancestors(f"{W}txbxContent")):
                self._add("\n" if number else "")
                for block in box:
                    if block.tag != f"{W}tbl":
                        self._element(block)

    _READ: ClassVar[dict[str, Callable[[Printed, Any], None]]] = {
        f"{W}r": _run,
        f"{W}fldChar": _field,
        f"{W}fldSimple": _simple_field,
        f"{W}sdt": _control,
        f"{_MC}AlternateContent": _alternative,
        f"{W}p": _inner_paragraph,
        **dict.fromkeys(_PICTURES, _picture),
    }
