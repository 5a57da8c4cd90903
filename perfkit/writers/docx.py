"""The official form as a Word document: A4, the fonts of official papers, the heading row repeated.

The head of the form and its indicator table are two tables, because Word repeats only the first rows of
a table on the next page.
"""

from __future__ import annotations

import re
from decimal import Decimal
from io import BytesIO
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

if TYPE_CHECKING:
    from collections.abc import Iterator

    from perfkit.writers import Box, Sheet, Style

# Font of each style, its size in half points, and what replaces it where it is not installed.
_FONTS: dict[Style, tuple[str, int, str]] = {
    "title": ("方正小标宋简体", 44, "华文中宋,SimSun,Noto Serif CJK SC"),
    "year": ("楷体_GB2312", 24, "楷体,KaiTi,Noto Serif CJK SC"),
    "label": ("黑体", 20, "SimHei,Noto Sans CJK SC"),
    "text": ("仿宋_GB2312", 20, "仿宋,FangSong,Noto Serif CJK SC"),
    "figure": ("仿宋_GB2312", 20, "仿宋,FangSong,Noto Serif CJK SC"),
}
_LATIN = "Times New Roman"
_NS = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_GAP = (  # Word joins tables that no paragraph parts
    f'<w:p {_NS}><w:pPr><w:spacing w:before="0" w:after="0" w:line="20" w:lineRule="exact"/>'
    '<w:rPr><w:sz w:val="2"/></w:rPr></w:pPr></w:p>'
)
_TEXT_WIDTH = 9860  # twentieths of a point between the margins of an A4 page
_PADDING = 50  # beside the text of a cell
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def rendered(sheet: Sheet) -> bytes:
    """Give the bytes of the document."""
    from docx import Document
    from docx.shared import Mm

    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(18)
    section.top_margin = section.bottom_margin = Mm(20)
    body = document.element.body
    for element in _elements(sheet):
        body.insert(len(body) - 1, element)
    _name_fallbacks(document)
    target = BytesIO()
    document.save(target)
    return target.getvalue()


def _elements(sheet: Sheet) -> Iterator[Any]:
    from docx.oxml import parse_xml

    titles = [box for box in sheet.boxes if box.style in {"title", "year"}]
    for box in titles:
        yield parse_xml(_paragraph(_shown(box), box.style, _NS))
    first = len(titles)
    for top, bottom, heading in ((first, sheet.table, 0), (sheet.table, sheet.rows, sheet.heading)):
        yield parse_xml(_table(sheet, top, bottom, heading))
        yield parse_xml(_GAP)
    if sheet.foot:
        yield parse_xml(_paragraph(sheet.foot, "text", _NS))


def _table(sheet: Sheet, top: int, bottom: int, heading: int) -> str:
    scale = _TEXT_WIDTH / sum(sheet.widths)
    widths = [round(width * scale) for width in sheet.widths]
    edges = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    rows = "".join(_row(sheet, row, widths, repeated=row < top + heading) for row in range(top, bottom))
    return (
        f'<w:tbl {_NS}><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:jc w:val="center"/>'
        f'<w:tblBorders>{edges}</w:tblBorders><w:tblLayout w:type="fixed"/><w:tblCellMar>'
        f'<w:left w:w="{_PADDING}" w:type="dxa"/><w:right w:w="{_PADDING}" w:type="dxa"/>'
        "</w:tblCellMar></w:tblPr>"
        f"<w:tblGrid>{columns}</w:tblGrid>{rows}</w:tbl>"
    )


def _row(sheet: Sheet, row: int, widths: list[int], *, repeated: bool) -> str:
    boxes = sorted(
        (box for box in sheet.boxes if box.row <= row < box.row + box.tall), key=lambda box: box.column
    )
    cells = "".join(_cell(box, row, widths) for box in boxes)
    header = "<w:tblHeader/>" if repeated else ""
    return f"<w:tr><w:trPr><w:cantSplit/>{header}</w:trPr>{cells}</w:tr>"


def _cell(box: Box, row: int, widths: list[int]) -> str:
    width = sum(widths[box.column : box.column + box.wide])
    down = "" if box.tall == 1 else '<w:vMerge w:val="restart"/>' if row == box.row else "<w:vMerge/>"
    text = _shown(box) if row == box.row else ""
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/><w:gridSpan w:val="{box.wide}"/>{down}'
        f'<w:vAlign w:val="center"/></w:tcPr>{_paragraphs(text, box.style)}</w:tc>'
    )


def _paragraphs(text: str, style: Style) -> str:
    return "".join(_paragraph(line, style) for line in text.split("\n"))


def _paragraph(text: str, style: Style, namespace: str = "") -> str:
    font, size, _ = _FONTS[style]
    align = "left" if style == "text" else "center"
    run = (
        f'<w:r><w:rPr><w:rFonts w:ascii="{_LATIN}" w:hAnsi="{_LATIN}" w:eastAsia="{font}"/>'
        f'<w:sz w:val="{size}"/><w:szCs w:val="{size}"/></w:rPr>'
        f'<w:t xml:space="preserve">{escape(_CONTROL.sub("", text))}</w:t></w:r>'
    )
    return (
        f'<w:p {namespace}><w:pPr><w:spacing w:before="20" w:after="20"/><w:jc w:val="{align}"/></w:pPr>'
        f"{run if text else ''}</w:p>"
    )


def _shown(box: Box) -> str:
    if isinstance(box.value, Decimal):
        return f"{box.value:f}"
    return box.value or ""


def _name_fallbacks(document: Any) -> None:
    """Name in the font table what stands in for a font that a machine does not have."""
    fonts = "".join(
        f'<w:font w:name="{font}"><w:altName w:val="{fallback}"/><w:charset w:val="86"/></w:font>'
        for font, fallback in {(font, fallback) for font, _, fallback in _FONTS.values()}
    )
    for part in document.part.package.iter_parts():
        if str(part.partname) == "/word/fontTable.xml":
            part._blob = part.blob.replace(b"</w:fonts>", fonts.encode() + b"</w:fonts>")  # noqa: SLF001
