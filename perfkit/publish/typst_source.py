"""The blocks of a report as a program for Typst: calls of what `report.typ` names, around strings.

Every text is written as a string of Typst's code, with its two special characters escaped, so that nothing a
form says can become markup. The calls are of Typst's own elements; a program that walks over data as JSON
costs twice as much, since Typst records each call of a function that is not its own.
"""

from __future__ import annotations

import re
from itertools import groupby
from math import ceil
from typing import TYPE_CHECKING, Any

from perfkit.publish import blocks as b
from perfkit.publish.blocks import texts_in
from perfkit.publish.cleaning import ems
from perfkit.publish.formulas import Formula, string
from perfkit.publish.images import any_of, code_of, spelt_out
from perfkit.publish.layout import PAGE, PORTRAIT, Setting, closing, is_closed, setting

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence

    from perfkit.publish.images import Picture

_STYLES = {
    "strong": "strong", "em": "em", "code": "code", "sub": "sub", "sup": "super", "strike": "strike",
    "under": "underline", "small": "fine", "loss": "taken", "quiet": "muted",
}  # fmt: skip
_TONES = {"loss": "lost", "blank": "blank"}
_LONG_WORD = re.compile(r"[^\s\u2e80-\ufaff\uff00-\uffef]{19,}")
_PIECE = re.compile(r".{1,6}", re.DOTALL)
_LONG_CODE = re.compile(r"\S{80}(?=\S)")
_TALLEST = 560.0
_ROOM_IN_CELL = 20
_FEW_PAIRS, _FEW_BLOCKS = 12, 8
_LINE, _SPACE, _HEADING, _AROUND = 16.5, 3.5, 46.0, 40.0  # points that a line takes, and what is around it
_SIZE, _SMALL, _SMALL_LINE = 10.5, 8.5, 15.0
_LITTLE = 0.25  # of a page


class Source:
    """Write blocks as Typst code; `files` collects the pictures that the code names.

    `absent` holds the characters that no font has: each stands as its code point in a box.
    """

    def __init__(self, anchors: frozenset[str], absent: Iterable[str] = ()) -> None:
        self.anchors = anchors
        self.files: dict[str, bytes] = {}
        self._names: dict[int, str] = {}
        self._settings: dict[int, Setting] = {}
        self._running: set[int] = set()  # forms that begin on the page of what stands before them
        self._last: dict[int, tuple[int, float]] = {}  # of a table: rows that stand together, room below them
        self._absent = any_of(absent)
        self._rules: dict[type, Callable[[Any], str]] = {
            str: self._text,
            b.Styled: self._styled,
            b.Link: self._link,
            b.Mark: self._mark,
            b.Anchor: self._anchor,
            b.Break: self._break,
            b.Image: self._small_image,
            Formula: self._formula,
            b.Paragraph: self._paragraph,
            b.Heading: self._heading,
            b.Items: self._items,
            b.Finding: self._finding,
            b.Definitions: self._definitions,
            b.Code: self._preformatted,
            b.Quotation: self._quotation,
            b.Failure: self._failure,
            b.Rule: self._rule,
            b.Figure: self._figure,
            b.Form: self._form,
            b.Table: self._table,
        }

    # Inline content

    def line(self, content: Sequence[b.Inline]) -> str:
        """Write inline content as one expression."""
        return _joined([self.inline(node) for node in content])

    def inline(self, node: b.Inline) -> str:
        """Write one piece of inline content as an expression."""
        return self._rules[type(node)](node)

    def _text(self, node: str) -> str:
        if self._absent is None and not (len(node) >= 19 and _LONG_WORD.search(node)):  # noqa: PLR2004
            return string(node)
        parts: list[str] = []
        end = 0
        for word in _LONG_WORD.finditer(node):
            parts += self._plain(node[end : word.start()])
            for piece in _PIECE.findall(word.group()):  # a box lets a line break on either side
                parts.append(f"box({_joined(self._plain(piece))})")
            end = word.end()
        return _joined(parts + self._plain(node[end:]))

    def _plain(self, text: str) -> list[str]:
        """Write a text, each character that no font has as its code point in a box."""
        if self._absent is None or not self._absent.search(text):
            return [string(text)] if text else []
        parts: list[str] = []
        end = 0
        for found in self._absent.finditer(text):
            if found.start() > end:
                parts.append(string(text[end : found.start()]))
            parts.append(f'absent(absent-code("U+{ord(found.group()):04X}"))')
            end = found.end()
        return parts + ([string(text[end:])] if end < len(text) else [])

    def _styled(self, node: b.Styled) -> str:
        return f"{_STYLES[node.style]}({self.line(node.content)})"

    def _link(self, node: b.Link) -> str:
        body = self.line(node.content)
        if not node.to.startswith("#"):
            return f"link({string(node.to)},linked(underline({body})))"
        return f"link({_label(node.to[1:])},linked({body}))" if node.to[1:] in self.anchors else body

    def _mark(self, node: b.Mark) -> str:
        body = f'mark(fill:shades.at("{node.severity}"),{self.line(node.content)})'
        return f"{{h(.3em);{f'link({_label(node.to[1:])},{body})' if node.to[1:] in self.anchors else body}}}"

    def _anchor(self, node: b.Anchor) -> str:
        return f"[#metadata(none)#{_label(node.name)}]"

    def _break(self, _: b.Break) -> str:
        return "linebreak()"

    def _small_image(self, node: b.Image) -> str:
        return f"box({self._image(node, min(node.picture.width, PORTRAIT))})"

    def _formula(self, node: Formula) -> str:
        if self._absent is not None and self._absent.search(node.characters):
            return self._text(f"${node.tex}$")
        return node.typst()

    def _image(self, node: b.Image, width: float) -> str:
        return f"image({string(self.file(node.picture))},alt:{string(node.alt)},width:{width:.2f}pt)"

    def file(self, picture: Picture) -> str:
        """Give the name of the file that Typst finds a picture under."""
        known = self._names.get(id(picture))
        if known is None:
            known = self._names[id(picture)] = f"picture-{len(self._names)}.svg"
            drawing = picture.drawing if self._absent is None else spelt_out(picture.drawing, self._absent)
            self.files[known] = drawing.encode()
        return known

    # Blocks

    def report(self, content: Sequence[b.Block]) -> str:
        """Write the blocks of a report; what closes its pages, before one begun by force, stands together."""
        kept: set[int] = set()
        start = 0
        for end in (*(at for at, block in enumerate(content) if self._begins_page(block)), len(content)):
            kept |= self._closing(content, start, end)
            start = end + 1
        return self.flow(content, kept)

    def _begins_page(self, block: b.Block) -> bool:
        if isinstance(block, b.Table):
            return self._setting(block).turned
        return isinstance(block, b.Form) and self._has_page(block)

    def _closing(self, content: Sequence[b.Block], start: int, end: int) -> set[int]:
        """Tell which blocks stand with the one after them where a run of pages ends.

        The last rows of a table stand together, with room below them for what follows. Where what closes the
        pages is little for all that, the official form that follows begins on the same page.
        """
        heights = [self._height(block) for block in content[start:end]]
        first = end - closing(heights, PAGE)
        rest = sum(heights[first - start :])
        before = content[first - 1] if first > start else None
        if isinstance(before, b.Table) and not is_closed((rest,), PAGE) and not self._setting(before).turned:
            room = 0.0 if before.official else rest
            last = closing([*self._setting(before).heights, rest], PAGE) - 1
            self._last[id(before)] = (last, room)
            rest += sum(self._setting(before).heights[-last:]) if last > 0 else 0.0
        if end < len(content) and rest < PAGE * _LITTLE:
            self._running.add(id(content[end]))
        return set(range(first, end - 1))

    def _height(self, block: b.Block) -> float:
        """Estimate how high a block stands on the page, in points, what is around it included."""
        match block:
            case b.Paragraph():
                height = ceil(_length(block.content) * _SIZE / PORTRAIT) * _LINE + _SPACE
            case b.Heading():
                height = _HEADING
            case b.Table():
                height = self._setting(block).height + _AROUND
            case b.Items():
                height = sum(map(self._height, (part for item in block.items for part in item)))
            case b.Figure():
                pictures = [node.picture for part in block.content if isinstance(part, b.Paragraph)
                            for node in part.content if isinstance(node, b.Image)]  # fmt: skip
                height = (
                    sum(self._width(one) * one.height / max(one.width, 1.0) for one in pictures) + _AROUND
                )
            case b.Definitions():
                narrow = max(_length(pair.term) for pair in block.pairs) + 1.4
                room = max(PORTRAIT / _SMALL - narrow, 1.0)
                answers = (answer for pair in block.pairs for answer in pair.answers)
                height = sum(max(ceil(_length(answer) / room), 1) for answer in answers) * _SMALL_LINE
            case b.Code():
                height = (block.text.count("\n") + 1) * _LINE
            case _:
                height = sum(map(self._height, getattr(block, "content", ()))) + _LINE
        return height

    def flow(self, content: Sequence[b.Block], kept: Collection[int] = ()) -> str:
        """Write blocks one after another, those at `kept` with the one after them.

        A paragraph that opens a table goes with it to the next page.
        """
        written = []
        for at, block in enumerate(content):
            after = content[at + 1] if at + 1 < len(content) else None
            body = self.block(block)
            if at in kept:
                body = body if isinstance(block, b.Heading) else f"kept({body})"
            elif (
                isinstance(block, b.Paragraph)
                and isinstance(after, b.Table)
                and not self._setting(after).turned
            ):
                body = f"block(sticky:true,{body})"
            written.append(body)
        return _joined(written)

    def _within(self, content: Sequence[b.Block]) -> str:
        """Write the blocks of a cell or an item: one plain paragraph is its words alone."""
        if len(content) == 1 and isinstance(content[0], b.Paragraph) and not content[0].kind:
            return self.line(content[0].content)
        return self.flow(content)

    def block(self, block: b.Block) -> str:
        """Write one block as an expression."""
        return self._rules[type(block)](block)

    def _paragraph(self, block: b.Paragraph) -> str:
        if any(isinstance(node, Formula) and node.block for node in block.content):
            return self._displayed(block.content)
        body = self.line(block.content)
        if block.kind in ("headline", "subtitle"):
            return f"{block.kind}({body})"
        if block.kind == "lead":
            return f"lead(strong({body}))"
        return f"par(note({body}))" if block.kind == "note" else f"par({body})"

    def _displayed(self, content: Sequence[b.Inline]) -> str:
        """Write a paragraph that formulas on lines of their own divide: they stand between its parts."""
        parts: list[str] = []
        for block, nodes in groupby(content, lambda node: isinstance(node, Formula) and node.block):
            body = self.line(list(nodes))
            parts.append(body if block else f"par({body})")
        return _joined(parts)

    def _heading(self, block: b.Heading) -> str:
        return f"heading(level:{block.level},{self.line(block.content)})"

    def _items(self, block: b.Items) -> str:
        kind = f"enum(start:{block.start}," if block.start else "list("
        return f"items({kind}{','.join(self.flow(item) for item in block.items)}))"

    def _finding(self, block: b.Finding) -> str:
        short = _truth(len(block.content) <= _FEW_BLOCKS)
        return f'finding("{block.severity}",{short},{self.flow(block.content)})'

    def _definitions(self, block: b.Definitions) -> str:
        if block.kind == "figures":
            figures = (
                f"key-figure({_truth(pair.long)},{self.line(pair.term)},{_joined(self._answers(pair))})"
                for pair in block.pairs
            )
            return f"key-figures({','.join(figures)})"
        pairs = (
            f"strong({self.line(pair.term)}),{_joined(self._answers(pair), 'v(.5em,weak:true)')}"
            for pair in block.pairs
        )
        short = _truth(len(block.pairs) <= _FEW_PAIRS)
        return f"{'provenance' if block.kind else 'definitions'}({short},{','.join(pairs)})"

    def _answers(self, pair: b.Pair) -> list[str]:
        return [self.flow(answer) for answer in pair.answers]

    def _preformatted(self, block: b.Code) -> str:
        text = _LONG_CODE.sub(r"\g<0>\n", block.text)
        if self._absent is not None:
            text = self._absent.sub(code_of, text)
        options = ',lang:"python"' if block.python else ""
        return f"preformatted(sticky:{_truth(block.python)},raw({string(text)},block:true{options}))"

    def _quotation(self, block: b.Quotation) -> str:
        return f"quotation({self.flow(block.content)})"

    def _failure(self, block: b.Failure) -> str:
        return f"failure({self.flow(block.content)})"

    def _rule(self, _: b.Rule) -> str:
        return "across-page()"

    def _figure(self, block: b.Figure) -> str:
        parts: list[str] = []
        for part in block.content:
            if isinstance(part, b.Paragraph):
                parts += map(self._part_of_figure, part.content)
            else:
                parts.append(self.block(part))
        if block.caption:
            parts.append(f"below-figure({self.line(block.caption)})")
        return f"figures({_joined(parts)})"

    def _part_of_figure(self, node: b.Inline) -> str:
        if not isinstance(node, b.Image):
            return self.inline(node)
        return self._image(node, self._width(node.picture))

    def _width(self, picture: Picture) -> float:
        """Give the width of a figure's picture."""
        return min(picture.width, PORTRAIT, picture.width * _TALLEST / picture.height)

    def _form(self, block: b.Form) -> str:
        """Write the official form, on a new page where it fills one but for a little."""
        body = self.flow(block.content)
        return f"{{pagebreak(weak:true);{body}}}" if self._has_page(block) else body

    def _has_page(self, block: b.Form) -> bool:
        """Tell whether the official form stands on a page of its own."""
        tables = [
            self._setting(part) for part in block.content if isinstance(part, b.Table) and part.official
        ]
        if id(block) in self._running:
            return False
        return PAGE * 0.45 < sum(table.height + _AROUND for table in tables) < PAGE

    # Tables

    def _setting(self, table: b.Table) -> Setting:
        known = self._settings.get(id(table))
        if known is None:
            known = self._settings[id(table)] = setting(table)
        return known

    def _table(self, table: b.Table) -> str:
        found = self._setting(table)
        columns = ",".join(f"{width}{'fr' if found.full else 'pt'}" for width in found.points)
        above = ".8em" if table.caption else "1.3em"
        width = "100%" if found.full else "auto"
        last, room = self._last_rows(table)
        breakable = _truth(last or found.height >= PAGE * 0.4)
        kind = "framed" if table.official else "ruled"
        parts = [f"columns:({columns},)"]
        if table.head:
            parts.append(f"table.header({','.join(self._rows(table.head, found, head=True))})")
        parts += self._rows(table.body[: len(table.body) - last], found, head=False)
        if last:
            rows = self._rows(table.body, found, head=False, first=len(table.body) - last, room=room)
            parts.append(f"table.footer(repeat:false,{','.join(rows)})")
        if not table.official and not room:
            parts.append("thick")
        caption = f"caption({self.line(table.caption)})" if table.caption else ""
        below = "0pt" if room else "1.6em"
        around = f"above:{above},below:{below},width:{width},breakable:{breakable}"
        body = f"block({around},{kind}({','.join(parts)}))"
        if room:
            rule = "100%" if found.full else f"{sum(found.points):.1f}pt"
            body = f"{{{body};v({-room:.1f}pt);last-rule({rule})}}"
        body = f"sized({found.size:.2f}pt,{_joined([part for part in (caption, body) if part])})"
        return f"page(flipped:true,{body})" if found.turned else body

    def _last_rows(self, table: b.Table) -> tuple[int, float]:
        """Give how many of the last rows stand together, and the room below them; none that a merge parts."""
        last, room = self._last.get(id(table), (0, 0.0))
        found, rows = self._setting(table), table.body
        whole = 0
        for count in range(1, min(last, len(rows) - 1) + 1):
            at = len(rows) - count
            if any(found.too_tall(cell) for cell in rows[at].cells):
                break
            if all(number + cell.down <= at for number in range(at) for cell in rows[number].cells):
                whole = count
        return whole, room if whole else 0.0

    def _rows(
        self, rows: Sequence[b.Row], found: Setting, *, head: bool, first: int = 0, room: float = 0.0
    ) -> list[str]:
        """Write the cells of rows from the `first` on and the rules above; `room` is left below the last."""
        table, parts = found.table, []
        feet = sum(row.foot for row in table.body)
        foot = len(table.body) - feet if feet else 0
        for at, row in enumerate(rows[first:], first):
            if not table.official:
                parts.append(_rule_above(at, head=head, headed=bool(table.head), foot=foot))
            whole = not any(found.too_tall(cell) for cell in row.cells)
            below = room if at == len(rows) - 1 else 0.0
            parts += [
                self._cell(cell, table, whole=whole and cell.down == 1, head=head, room=below)
                for cell in row.cells
            ]
        return parts

    def _cell(self, cell: b.Cell, table: b.Table, *, whole: bool, head: bool, room: float) -> str:
        body = self._within(cell.content) or "[]"
        if head:
            body = f"head({body})"
        elif cell.tone:
            body = f"{_TONES[cell.tone]}({body})"
        options = [f"colspan:{cell.across}"] if cell.across > 1 else []
        if cell.down > 1:
            options.append(f"rowspan:{cell.down}")
        if table.official and cell.heads == "column":
            options.append("fill:wash")
        if room:
            options.append(f"inset:(x:4pt,top:4.5pt,bottom:{4.5 + room:.1f}pt)")
        sides = {"right": "end", "center": "center"}.get(cell.align)
        level = (
            "bottom"
            if head and not table.official
            else "top"
            if table.official and cell.down >= _ROOM_IN_CELL
            else ""
        )
        if sides or level:
            options.append(f"align:{'+'.join(part for part in (sides, level) if part)}")
        return f"{'cell' if whole else 'tall'}({','.join([*options, body])})"


def _rule_above(at: int, *, head: bool, headed: bool, foot: int) -> str:
    """Name the rule above a row of a table of data: thick at the top, thin under the heads and above sums."""
    if at == 0:
        return "thin" if headed and not head else "thick"
    return "thin" if not head and foot and at == foot else "hair"


def _label(name: str) -> str:
    return f"label({string(name)})"


def _length(content: Any) -> float:
    return ems("".join(texts_in(content)))


def _truth(value: object) -> str:
    return "true" if value else "false"


def _joined(parts: Sequence[str], between: str = "") -> str:
    """Write several expressions as one."""
    if len(parts) == 1:
        return parts[0]
    return "{" + (f";{between};" if between else ";").join(parts) + "}" if parts else "[]"
