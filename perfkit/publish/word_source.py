"""The blocks of a report as WordprocessingML: paragraphs in Word's built-in styles, tables, pictures by name.

Every text stands in a `w:t`, escaped, so that nothing a form says becomes a field, a macro or markup. Size
and font come from the styles; a run says only what sets it apart from its paragraph.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING, Any, Literal

from perfkit.publish import blocks as b
from perfkit.publish.formulas import Formula
from perfkit.publish.layout import Pages, Paper, closing, is_closed, setting

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from perfkit.language import Language
    from perfkit.publish.images import Picture
    from perfkit.publish.layout import Setting

Turn = Literal["upright", "turned"]
_TWIPS, _EMU = 20, 12700
_SIZE = 10.5
_SMALLEST = 9.0  # 小五; a table that needs smaller type stands on a turned page
_SPARE = 0.25  # the machine that opens the file may have none of its fonts, and DejaVu is wider than Times
_SCALED = 1.25
_RUNS = {
    "strong": "<w:b/><w:bCs/>", "em": "<w:i/><w:iCs/>",
    "strike": "<w:strike/>", "under": '<w:u w:val="single"/>',
    "sub": '<w:vertAlign w:val="subscript"/>', "sup": '<w:vertAlign w:val="superscript"/>',
    "loss": '<w:color w:val="8A5A00"/>',
}  # fmt: skip
_ORDER = (
    "<w:b/>",
    "<w:bCs/>",
    "<w:i/>",
    "<w:iCs/>",
    "<w:strike/>",
    "<w:color",
    "<w:sz ",
    "<w:u ",
    "<w:vertAlign",
)
_FIGURE = {"zh": "图", "en": "Figure "}
_COLON = {"zh": "：", "en": ": "}
_END_OF_SENTENCE = re.compile(r"(?<=[。；])|(?<=[.;])\s")
_TALLER = '<w:spacing w:line="579" w:lineRule="atLeast"/>'  # in a fixed line a fraction is cut
_BELOW_TABLE = '<w:p><w:pPr><w:pStyle w:val="ReportTable"/></w:pPr></w:p>'
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Sheet:
    """Hold the room for text on the office's paper, in points: upright and turned pages."""

    width: float
    height: float
    turned_width: float
    turned_height: float


@dataclass(slots=True)
class Part:
    """Hold paragraphs and tables on pages of one kind; an `annex` begins with the official form."""

    turn: Turn
    written: list[str] = field(default_factory=list)
    heights: list[list[float]] = field(default_factory=list)
    annex: bool = False

    def close(self, page: float, following: Part | None) -> None:
        """Let what closes the part stand together on its last page, the last rows of a table as well.

        What little comes after a figure, or after a table that is parted, stands on the turned page that
        follows, unless that is the annex: LibreOffice keeps nothing with the last row of a table.
        """
        if following is not None and self.written[-1:] == [_BELOW_TABLE]:  # it would begin a page of its own
            del self.written[-1], self.heights[-1]
        count = closing([sum(heights) for heights in self.heights], page)
        at = len(self.written) - count
        self.written[at:] = [_kept(written) for written in self.written[at:]]
        rest = [sum(heights) for heights in self.heights[at:]]
        if not at or is_closed(rest, page):
            return
        if rest and following is not None and not following.annex and self.turn == "upright":
            captioned = "<w:drawing>" in self.written[at - 1] and _CAPTION in self.written[at]
            at += captioned  # a caption stays with its figure
            below = at + (self.written[at:][:1] == [_BELOW_TABLE])
            following.written[:0], following.heights[:0] = self.written[below:], self.heights[below:]
            del self.written[at:], self.heights[at:]
            rest = []
        if len(self.heights[at - 1]) > 1:
            rows = closing([*self.heights[at - 1], *rest], page) - len(rest)
            self.written[at - 1] = _kept(self.written[at - 1], rows)


@dataclass(frozen=True, slots=True)
class _Look:
    """Hold how paragraphs are written where they stand: their style, side, and what all runs have.

    One that `keeps` stays on the page of what follows it.
    """

    style: str = ""
    side: str = ""
    run: str = ""
    numbered: str = ""
    in_table: bool = False
    keeps: bool = False


class WordSource:
    """Write blocks as WordprocessingML.

    `pictures` collects the pictures by the name that stands for each; `links` the addresses; `lists` for each
    numbered list the number that it starts with.
    """

    def __init__(self, anchors: frozenset[str], language: Language, sheet: Sheet) -> None:
        self.language, self.sheet = language, sheet
        self.pictures: dict[str, tuple[Picture, float]] = {}
        self.links: dict[str, str] = {}
        self.lists: list[int] = []
        self._names = {name: f"_pk{number}" for number, name in enumerate(sorted(anchors))}
        self._waiting = ""  # bookmarks for the next paragraph
        self._count = 0
        self._figures = 0
        self._turn: Turn = "upright"
        self._level = 0
        self._pages = Pages(sheet.width, sheet.height)
        self._in_table = 0
        self._below = 0.0  # the height of what stands below the next picture
        self._pictured = 0.0  # the height of the pictures in a paragraph
        self._heights: list[list[float]] = []  # of what was written, of a table each row's
        self._inline: dict[type, Callable[[Any, str], str]] = {
            str: self._text, b.Styled: self._styled, b.Link: self._link, b.Mark: self._mark,
            b.Anchor: lambda node, _: self._bookmark(node), b.Break: lambda _, run: _run("<w:br/>", run),
            b.Image: self._image, Formula: self._formula,
        }  # fmt: skip
        self._block: dict[type, Callable[[Any, _Look], list[str]]] = {
            b.Paragraph: self._paragraph, b.Heading: self._heading, b.Items: self._items,
            b.Finding: self._inside,
            b.Definitions: self._definitions, b.Code: self._code, b.Quotation: self._quotation,
            b.Failure: self._inside, b.Rule: lambda *_: [], b.Figure: self._figure, b.Form: self._inside,
            b.Table: self._table, b.Anchor: self._waits,
        }  # fmt: skip

    def parts(self, content: Sequence[b.Block]) -> list[Part]:
        """Write the blocks of a report, too wide tables on turned pages, the official form at the end.

        So it stands in what is handed in: the report is read through, and the form (附表) lies behind it.
        """
        found: list[Part] = []
        content = sorted(content, key=lambda block: isinstance(block, b.Form))
        for at, (block, turn) in enumerate(zip(content, self._turns(content), strict=True)):
            self._turn = turn
            if not found or found[-1].turn != self._turn:
                found.append(Part(self._turn, annex=isinstance(block, b.Form)))
                self._pages = Pages(self._width, self._height)
            found[-1].written += self.flow([block], _Look(keeps=_leads(content, at)))
            found[-1].heights += self._heights
            self._heights.clear()
        for part, following in zip(found, [*found[1:], None], strict=True):
            part.close(self.sheet.height if part.turn == "upright" else self.sheet.turned_height, following)
        return found

    def _turns(self, content: Sequence[b.Block]) -> list[Turn]:
        """Tell how the page of each block lies; what heads a table on a turned page stands there, too."""
        upright = self._paper("upright")
        turns: list[Turn] = []
        follows: Turn = "upright"
        for block in reversed(content):
            heads = isinstance(block, b.Heading | b.Anchor) or (
                isinstance(block, b.Paragraph) and block.kind == "note"
            )
            if isinstance(block, b.Table):
                follows = "turned" if setting(block, upright).turned else "upright"
            elif not heads:
                follows = "upright"
            turns.append("turned" if isinstance(block, b.Form) else follows)
        return turns[::-1]

    def flow(self, content: Sequence[b.Block], look: _Look = _Look()) -> list[str]:
        """Write blocks one after another; an anchor goes into the paragraph after it."""
        written: list[str] = []
        for at, block in enumerate(content):
            own = look if look.in_table or look.keeps else _replaced(look, keeps=_leads(content, at))
            written += self._block[type(block)](block, own)
        return written

    @property
    def _width(self) -> float:
        return self.sheet.width if self._turn == "upright" else self.sheet.turned_width

    @property
    def _height(self) -> float:
        return self.sheet.height if self._turn == "upright" else self.sheet.turned_height

    def _paper(self, turn: Turn) -> Paper:
        turned = self.sheet.turned_width
        width = self.sheet.width if turn == "upright" else turned
        return Paper(width, turned, _SIZE, _SIZE, _SMALLEST, _SPARE)

    # Inline content

    def line(self, content: Sequence[b.Inline], run: str = "") -> str:
        """Write inline content as runs; `run` is what all of them have."""
        return "".join(self._inline[type(node)](node, run) for node in content)

    def _text(self, text: str, run: str) -> str:
        plain = escape(_NOT_XML.sub("", text), quote=False)
        return _run(f'<w:t xml:space="preserve">{plain}</w:t>', run)

    def _styled(self, node: b.Styled, run: str) -> str:
        return self.line(node.content, run + _RUNS.get(node.style, ""))

    def _link(self, node: b.Link, run: str) -> str:
        body = self.line(node.content, run + _RUNS["under"])
        if not node.to.startswith("#"):
            self.links.setdefault(node.to, f"pkLink{len(self.links)}")
            return f'<w:hyperlink r:id="{self.links[node.to]}" w:history="1">{body}</w:hyperlink>'
        return self._to(node.to[1:], self.line(node.content, run))

    def _mark(self, node: b.Mark, run: str) -> str:
        body = self.line((" ", *node.content), run + '<w:sz w:val="15"/>')
        return self._to(node.to[1:], body)

    def _to(self, anchor: str, body: str) -> str:
        name = self._names.get(anchor)
        return f'<w:hyperlink w:anchor="{name}" w:history="1">{body}</w:hyperlink>' if name else body

    def _bookmark(self, node: b.Anchor) -> str:
        name = self._names.get(node.name)
        if not name:
            return ""
        self._count += 1
        return f'<w:bookmarkStart w:id="{self._count}" w:name="{name}"/><w:bookmarkEnd w:id="{self._count}"/>'

    def _formula(self, node: Formula, run: str) -> str:
        written = node.omml()
        if written and node.block:
            return f"<m:oMathPara>{written}</m:oMathPara>"
        return written or self._text(f"${node.tex}$", run)

    def _image(self, node: b.Image, run: str) -> str:
        picture = node.picture
        most = picture.width * (_SCALED if picture.svg else 1)
        width = min(most, self._width, picture.width * 0.8 * self._height / picture.height)
        if not self._in_table:
            width = self._pages.picture(width, picture.height / picture.width, self._below)
            self._pictured += width * picture.height / picture.width
        name = f"pkPicture{len(self.pictures)}"
        self.pictures[name] = picture, width
        size = f'cx="{int(width * _EMU)}" cy="{int(width * picture.height / picture.width * _EMU)}"'
        self._count += 1
        told = escape(_NOT_XML.sub("", node.alt), quote=True)
        known = f'id="{self._count}" name="{name}" descr="{told}"'
        return _run(
            '<w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0">'
            f"<wp:extent {size}/><wp:docPr {known}/>"
            '<a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic>'
            f"<pic:nvPicPr><pic:cNvPr {known}/><pic:cNvPicPr/></pic:nvPicPr>"
            f'<pic:blipFill><a:blip r:embed="{name}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>'
            f'<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext {size}/></a:xfrm>'
            '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic>'
            "</wp:inline></w:drawing>",
            run,
        )

    # Blocks

    def _written(self, content: Sequence[b.Inline], look: _Look) -> list[str]:
        """Write one paragraph."""
        pictured = any(isinstance(node, b.Image) for node in content) and not look.in_table
        style = "ReportFigure" if pictured else look.style
        height = 0.0
        if not pictured and not look.in_table:
            height = self._pages.paragraph(content, style, keeps=look.keeps)
        properties = f'<w:pStyle w:val="{style}"/>' if style else ""
        if look.keeps:
            properties += "<w:keepNext/>"
        if look.numbered:
            properties += look.numbered
        if any(isinstance(node, Formula) for node in content) and not look.in_table:
            properties += _TALLER
        if look.side:
            properties += f'<w:jc w:val="{look.side}"/>'
        properties = f"<w:pPr>{properties}</w:pPr>" if properties else ""
        waiting, self._waiting = self._waiting, ""
        written = f"<w:p>{properties}{waiting}{self.line(content, look.run)}</w:p>"
        if not self._in_table:
            self._heights.append([height + self._pictured])
            self._pictured = 0.0
        return [written]

    def _waits(self, block: b.Anchor, _: _Look) -> list[str]:
        self._waiting += self._bookmark(block)
        return []

    def _paragraph(self, block: b.Paragraph, look: _Look) -> list[str]:
        if look.in_table or look.style:
            return self._written(block.content, look)
        if block.kind == "subtitle":
            return self._written(block.content, _Look("Subtitle", keeps=look.keeps))
        if block.kind == "note":
            return self._written(block.content, _Look("ReportNote", keeps=look.keeps))
        run = _RUNS["strong"] if block.kind == "lead" else ""
        own = _Look(run=look.run + run, numbered=look.numbered, keeps=look.keeps)
        return self._written(block.content, own)

    def _heading(self, block: b.Heading, look: _Look) -> list[str]:
        if look.in_table:
            return self._written(block.content, _replaced(look, run=look.run + _RUNS["strong"]))
        style = "Title" if block.level == 1 else f"Heading{min(block.level - 1, 4)}"
        return self._written(block.content, _Look(style))

    def _inside(self, block: b.Finding | b.Failure | b.Form, look: _Look) -> list[str]:
        return self.flow(block.content, look)

    def _items(self, block: b.Items, look: _Look) -> list[str]:
        """Write a list; what follows the first paragraph of an item stands below it, without a number."""
        self.lists.append(block.start)
        level, number = min(self._level, 2), f"pkList{len(self.lists) - 1}"
        numbered = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>'
        written: list[str] = []
        self._level += 1
        for item in block.items:
            style = look.style if look.in_table else "ListParagraph"
            first = _replaced(look, style=style, numbered=numbered)
            if item and isinstance(item[0], b.Paragraph):
                written += self._written(item[0].content, first) + self.flow(item[1:], look)
            else:
                written += self._written((), first) + self.flow(item, look)
        self._level -= 1
        return written

    def _definitions(self, block: b.Definitions, look: _Look) -> list[str]:
        if block.kind == "figures" and not look.in_table:
            return self._key_figures(block)
        inside = look if look.in_table else _Look("ReportNote" if block.kind else "")
        written: list[str] = []
        for pair in block.pairs:
            answers = [self._words(answer) for answer in pair.answers]
            joined = [part for answer in answers for part in (_COLON[self.language], *answer)][1:]
            written += self._written((*pair.term, _COLON[self.language], *joined), inside)
        return written

    def _words(self, content: Sequence[b.Block]) -> tuple[b.Inline, ...]:
        """Give what blocks say as one line."""
        if len(content) == 1 and isinstance(content[0], b.Paragraph):
            return content[0].content
        return ("".join(b.texts_in(tuple(content))),)

    def _key_figures(self, block: b.Definitions) -> list[str]:
        """Write the key figures as a table of two rows: what, and how much."""
        pairs = block.pairs[:6]
        terms = tuple(
            b.Cell((b.Paragraph(pair.term),), at, heads="column", align="center")
            for at, pair in enumerate(pairs)
        )
        answers = tuple(
            b.Cell((b.Paragraph(self._words(pair.answers[0] if pair.answers else ())),), at, align="center")
            for at, pair in enumerate(pairs)
        )
        table = b.Table((b.Row(terms),), (b.Row(answers),), (), official=True)
        more = [b.Definitions(block.pairs[len(pairs) :])] if len(block.pairs) > len(pairs) else []
        return [*self._table(table, _Look()), *self.flow(more)]

    def _code(self, block: b.Code, look: _Look) -> list[str]:
        inside = look if look.in_table else _Look("ReportCode")
        lines = block.text.split("\n")
        return self._written(tuple(part for line in lines for part in (b.Break(), line))[1:], inside)

    def _quotation(self, block: b.Quotation, look: _Look) -> list[str]:
        return self.flow(block.content, look if look.in_table else _Look("Quote"))

    def _figure(self, block: b.Figure, look: _Look) -> list[str]:
        """Write a figure, below it its number and caption: its own, else how its description begins."""
        alts = [node.alt for part in block.content if isinstance(part, b.Paragraph)
                for node in part.content if isinstance(node, b.Image)]  # fmt: skip
        caption = block.caption or tuple(
            _END_OF_SENTENCE.split(alts[0])[0].rstrip("。；.;") for _ in alts[:1]
        )
        self._below = self._pages.below(caption)
        written = self.flow(block.content, look)
        self._below = 0.0
        if look.in_table or not caption:
            return written
        self._figures += 1
        return written + self._written(
            (f"{_FIGURE[self.language]}{self._figures}  ", *caption), _Look("Caption")
        )

    # Tables

    def _table(self, table: b.Table, look: _Look) -> list[str]:
        found = setting(table, self._paper(self._turn))
        widths = [round(width * _TWIPS) for width in _fitted(found, self._width)]
        caption = _Look("Caption" if table.caption else "ReportTable", keeps=True)
        written = self._written(table.caption, caption) if not look.in_table else []
        told = escape("".join(b.texts_in(table.caption)), quote=True)[:200]
        grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
        self._in_table += 1
        rows = self._rows(table, found, widths)
        self._in_table -= 1
        if not self._in_table:
            points = [width / _TWIPS for width in widths]
            heights = self._pages.rows(table.rows, len(table.head), points, found.size)
            self._heights += [heights, [_SIZE * 2]]
        written.append(
            '<w:tbl><w:tblPr><w:tblStyle w:val="TableGrid"/>'
            f'<w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:jc w:val="center"/><w:tblLayout w:type="fixed"/>'
            '<w:tblCellMar><w:left w:w="80" w:type="dxa"/><w:right w:w="80" w:type="dxa"/></w:tblCellMar>'
            f'<w:tblLook w:val="0420" w:firstRow="{int(bool(table.head))}" w:lastRow="0" w:firstColumn="0" '
            f'w:lastColumn="0" w:noHBand="0" w:noVBand="1"/><w:tblCaption w:val="{told}"/></w:tblPr>'
            f"<w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"
        )
        return [*written, _BELOW_TABLE]

    def _rows(self, table: b.Table, found: Setting, widths: list[int]) -> list[str]:
        hanging: dict[int, tuple[int, int]] = {}  # column: columns covered, rows left
        written: list[str] = []
        for at, row in enumerate(table.rows):
            cells: dict[int, str] = {}
            for column, (across, left) in list(hanging.items()):
                cells[column] = _cell_xml(widths, column, across, "<w:vMerge/>", "<w:p/>")
                hanging[column] = (across, left - 1)
            hanging = {column: rest for column, rest in hanging.items() if rest[1] > 0}
            for cell in row.cells:
                merged = '<w:vMerge w:val="restart"/>' if cell.down > 1 else ""
                body = self._cell_body(cell, found, head=at < len(table.head))
                cells[cell.column] = _cell_xml(widths, cell.column, cell.across, merged, body)
                if cell.down > 1:
                    hanging[cell.column] = (cell.across, cell.down - 1)
            whole = not any(found.too_tall(cell) for cell in row.cells)
            properties = (
                f"{'<w:cantSplit/>' if whole else ''}{'<w:tblHeader/>' if at < len(table.head) else ''}"
            )
            inside = "".join(cells[column] for column in sorted(cells))
            if at < len(table.head):  # it never stands without a row
                inside = _PARAGRAPH.sub(_next_keeping, inside)
            written.append(f"<w:tr>{f'<w:trPr>{properties}</w:trPr>' if properties else ''}{inside}</w:tr>")
        return written

    def _cell_body(self, cell: b.Cell, found: Setting, *, head: bool) -> str:
        run = _RUNS["strong"] if head or cell.heads == "column" else ""
        if cell.tone == "loss":
            run += _RUNS["loss"]
        if found.size < _SIZE:
            run += f'<w:sz w:val="{max(int(found.size * 2), 10)}"/>'
        side = "center" if head or cell.heads == "column" else cell.align
        look = _Look("ReportTable", side, run, in_table=True)
        written = self.flow(cell.content, look)
        if not written or not written[-1].startswith("<w:p"):
            written += self._written((), look)
        return "".join(written)


def _replaced(
    look: _Look, *, style: str | None = None, run: str | None = None, numbered: str = "", keeps: bool = False
) -> _Look:
    return _Look(
        look.style if style is None else style,
        look.side,
        look.run if run is None else run,
        numbered,
        look.in_table,
        keeps,
    )


def _leads(content: Sequence[b.Block], at: int) -> bool:
    """Tell whether a paragraph leads to the table below it (需整改事项如下), and stays on its page."""
    following = (block for block in content[at + 1 :] if not isinstance(block, b.Anchor))
    return isinstance(content[at], b.Paragraph) and isinstance(next(following, None), b.Table)


_CAPTION = '<w:pStyle w:val="Caption"/>'
_PARAGRAPH = re.compile(r"<w:p>(<w:pPr>(?:<w:pStyle [^>]*/>)?)?(<w:keepNext/>)?|<w:p/>")
_ROW = "<w:tr>"


def _kept(written: str, rows: int | None = None) -> str:
    """Keep a paragraph or a table whole, or the table's last rows, and with it what follows."""
    if not written.startswith("<w:tbl>"):
        return _PARAGRAPH.sub(_keeping, written, count=1)
    parts = written.split(_ROW)
    first = 0 if rows is None else len(parts) - rows
    return _ROW.join([*parts[:first], *(_PARAGRAPH.sub(_keeping, part) for part in parts[first:])])


def _next_keeping(found: re.Match[str]) -> str:
    return (
        f"<w:p>{found[1]}<w:keepNext/>"
        if found[1]
        else "<w:p><w:pPr><w:keepNext/></w:pPr>" + ("</w:p>" if found[0] == "<w:p/>" else "")
    )


def _keeping(found: re.Match[str]) -> str:
    keeps = "<w:keepNext/><w:keepLines/>"
    if found[0] == "<w:p/>":
        return f"<w:p><w:pPr>{keeps}</w:pPr></w:p>"
    return f"<w:p>{found[1]}{keeps}" if found[1] else f"<w:p><w:pPr>{keeps}</w:pPr>"


def _fitted(found: Setting, width: float) -> list[float]:
    """Give the columns' widths, those of a table that takes the whole page brought to its width."""
    points = found.points
    total = sum(points) or 1.0
    factor = width / total if found.full or total > width else 1.0
    return [point * factor for point in points]


def _cell_xml(widths: list[int], column: int, across: int, merged: str, body: str) -> str:
    span = f'<w:gridSpan w:val="{across}"/>' if across > 1 else ""
    width = sum(widths[column : column + across])
    properties = f'<w:tcW w:w="{width}" w:type="dxa"/>{span}{merged}<w:vAlign w:val="center"/>'
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{body}</w:tc>"


def _run(content: str, properties: str) -> str:
    """Write a run; its properties stand in the order of the schema, each once."""
    if not properties:
        return f"<w:r>{content}</w:r>"
    parts = re.findall(r"<[^>]+>", properties)
    last = (next((part for part in reversed(parts) if part.startswith(start)), "") for start in _ORDER)
    ordered = "".join(last)
    return f"<w:r><w:rPr>{ordered}</w:rPr>{content}</w:r>"
