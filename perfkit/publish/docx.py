"""The report as Word, as an office would have typed it, and can go on typing in it.

Word's built-in styles carry the house style of official documents, so that navigation, contents and a change
of style work. An office's own `template.docx`, named by the theme, brings its styles, its page and its header
instead. Written by python-docx; the body comes from `word_source`.
"""

from __future__ import annotations

import copy
import zipfile
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lxml import etree

from perfkit.errors import Fault, SettingsError
from perfkit.publish.exporter import Report, ReportExporter, asset
from perfkit.publish.images import any_of, spelt_out
from perfkit.publish.pdf import absent_in_drawings, draw, in_spite_of_drawings
from perfkit.publish.word_source import Part, Sheet, WordSource
from perfkit.text import say

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

    from nbformat import NotebookNode

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_SPACES = (
    f'xmlns:w="{_W}" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"'
)
_PAGE = {"w": 210, "h": 297, "top": 37, "bottom": 35, "left": 28, "right": 26, "footer": 28}
_TURNED = {"top": "left", "right": "top", "bottom": "right", "left": "bottom"}
_OTHER_NAMES = {
    "方正小标宋简体": "STZhongsong",
    "仿宋_GB2312": "FangSong",
    "楷体_GB2312": "KaiTi",
    "黑体": "SimHei",
    "宋体": "SimSun",
}
_TONGUES = {"zh": "zh-CN", "en": "en-GB"}
_HEADINGS = {"zh": 1, "en": 2}
_BULLETS, _NUMBERS = 3, 4
_LARGEST = 20_000_000


class PerfkitDOCXExporter(ReportExporter):
    """Publish an executed notebook as a Word file (`jupyter nbconvert --to perfkit-docx`)."""

    file_extension = ".docx"
    output_mimetype = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    export_from_notebook = "perfkit report (Word)"

    def prime(self) -> None:
        """Load the templates and the house style."""
        super().prime()
        _opened("")

    def from_notebook_node(  # type: ignore[override]
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **_: object
    ) -> tuple[bytes, dict[str, Any]]:
        """Give the bytes of the Word file and nbconvert's resources.

        Raises:
            SettingsError: a parameter of the notebook, its theme or the theme's template is wrong.
        """
        report, resources = self.report_of(nb, resources)
        return self.render(report), resources

    def render(self, report: Report) -> bytes:
        """Give the Word file of a report; the same report gives the same bytes."""
        return in_spite_of_drawings(report, self._written, "Word")

    def _written(self, report: Report) -> bytes:
        document = _opened(report.theme.template)
        numbering = _Numbering(document, report.wishes.language, own=bool(report.theme.template))
        sheet = _sheet(document)
        source = WordSource(report.blocks.anchors, report.wishes.language, sheet)
        parts = source.parts(report.blocks.content) or [Part("upright", ["<w:p/>"])]
        names = {
            **_related(document, source, any_of(absent_in_drawings(report))),
            **numbering.lists(source.lists),
        }
        _fill(document, parts, names)
        _set_about(document, report)
        return _packed(document, report.made)


# The document that a report is written into


def _opened(template: str) -> Any:
    """Open the office's template, emptied, or a document in the house style."""
    from docx import Document
    from docx.opc.exceptions import OpcError

    if not template:
        return Document(BytesIO(_house()))
    try:
        document = Document(template)
    except (OpcError, KeyError, ValueError, OSError, zipfile.BadZipFile, etree.XMLSyntaxError) as error:
        raise SettingsError(
            Fault(
                say("faults.word_template_cannot_read"),
                place=say("faults.of_theme", key="template"),
                got=Path(template).name,
                expected=say("faults.docx_file_word_opens"),
            )
        ) from error
    body = document.element.body
    for child in list(body)[: -1 if body.sectPr is not None else None]:
        body.remove(child)
    _take_styles(document, over=False)
    return document


@cache
def _house() -> bytes:
    """Give an empty document in the house style, as a file."""
    from docx import Document
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Mm

    document = Document()
    _take_styles(document, over=True)
    section = document.sections[0]
    section.page_width, section.page_height = Mm(_PAGE["w"]), Mm(_PAGE["h"])
    for side in ("top", "bottom", "left", "right"):
        setattr(section, f"{side}_margin", Mm(_PAGE[side]))
    section.footer_distance = Mm(_PAGE["footer"])
    document.settings.odd_and_even_pages_header_footer = True
    _number_pages(document, section.footer, WD_ALIGN_PARAGRAPH.RIGHT)
    _number_pages(document, section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT)
    _name_fallbacks(document)
    saved = BytesIO()
    document.save(saved)
    return saved.getvalue()


def _number_pages(document: Any, footer: Any, side: Any) -> None:
    """Write the page's number, — 1 —, on one side of a footer."""
    paragraph = footer.paragraphs[0]
    paragraph.style, paragraph.alignment = document.styles["Footer"], side
    paragraph.add_run("— ")
    number = _xml('<w:fldSimple w:instr=" PAGE "><w:r><w:t>1</w:t></w:r></w:fldSimple>')
    paragraph.runs[-1]._r.addnext(number)  # noqa: SLF001
    paragraph.add_run(" —")


def _take_styles(document: Any, *, over: bool) -> None:
    """Put our styles into a document: `over` its own of the same name, or only where it has none."""
    styles = document.styles.element
    own = {style.get(f"{{{_W}}}styleId"): style for style in styles.iter(f"{{{_W}}}style")}
    names = {name.get(f"{{{_W}}}val", "").lower() for name in styles.iter(f"{{{_W}}}name")}
    for style in _look().iter(f"{{{_W}}}style"):
        known = own.get(style.get(f"{{{_W}}}styleId"))
        if known is not None and over:
            styles.replace(known, copy.deepcopy(style))
        elif known is None and style.find(f"{{{_W}}}name").get(f"{{{_W}}}val").lower() not in names:
            styles.append(copy.deepcopy(style))
    if over:
        for name, style in own.items():
            if style.get(f"{{{_W}}}type") == "table" and name not in ("TableNormal", "TableGrid"):
                styles.remove(style)


@cache
def _look() -> Any:
    return _xml_of(asset("word.xml"))


def _name_fallbacks(document: Any) -> None:
    """Say which font may stand in for one that a machine does not have."""
    part = next(part for part in document.part.package.iter_parts() if part.partname == "/word/fontTable.xml")
    fonts = _xml_of(part.blob)
    for name, other in _OTHER_NAMES.items():
        fonts.append(
            _xml(f'<w:font w:name="{name}"><w:altName w:val="{other}"/><w:charset w:val="86"/></w:font>')
        )
    part._blob = etree.tostring(fonts, xml_declaration=True, encoding="UTF-8", standalone=True)  # noqa: SLF001


def _sheet(document: Any) -> Sheet:
    """Measure the room for text on the document's pages."""
    section = document.sections[-1]
    width, height = section.page_width.pt, section.page_height.pt
    top, bottom, left, right = (
        getattr(section, f"{side}_margin").pt for side in ("top", "bottom", "left", "right")
    )
    return Sheet(width - left - right, height - top - bottom, height - top - bottom, width - left - right)


@dataclass(slots=True)
class _Numbering:
    """Number headings and lists; an office's template numbers its headings as it likes."""

    document: Any
    first: int = 0

    def __init__(self, document: Any, language: str, *, own: bool) -> None:
        self.document = document
        numbering = document.part.numbering_part.element
        self.first = 100 + max(
            (int(n.get(f"{{{_W}}}abstractNumId") or 0) for n in numbering.iter(f"{{{_W}}}abstractNum")),
            default=0,
        )
        for number, abstract in enumerate(copy.deepcopy(_look()).iter(f"{{{_W}}}abstractNum")):
            abstract.set(f"{{{_W}}}abstractNumId", str(self.first + number + 1))
            if own:
                for style in list(abstract.iter(f"{{{_W}}}pStyle")):
                    style.getparent().remove(style)
            numbering.insert(number, abstract)
        if not own:
            number = self._add(_HEADINGS[language])
            for level in range(1, 5):
                style = document.styles[f"Heading {level}"].element
                style.pPr.insert(
                    2, _xml(f'<w:numPr><w:ilvl w:val="{level - 1}"/><w:numId w:val="{number}"/></w:numPr>')
                )

    def _add(self, kind: int, start: int = 0) -> int:
        """Begin a new list of one of our kinds and give its number."""
        numbering = self.document.part.numbering_part.element
        number = 1 + max(
            (int(n.get(f"{{{_W}}}numId") or 0) for n in numbering.iter(f"{{{_W}}}num")), default=0
        )
        begins = (
            f'<w:lvlOverride w:ilvl="0"><w:startOverride w:val="{start}"/></w:lvlOverride>' if start else ""
        )
        numbering.append(
            _xml(f'<w:num w:numId="{number}"><w:abstractNumId w:val="{self.first + kind}"/>{begins}</w:num>')
        )
        return number

    def lists(self, starts: list[int]) -> dict[str, str]:
        """Give the number of each list by the name that stands for it; 0 starts one of bullets."""
        return {
            f"pkList{at}": str(self._add(_NUMBERS if start else _BULLETS, start))
            for at, start in enumerate(starts)
        }


# What is written into it


def _related(document: Any, source: WordSource, absent: re.Pattern[str] | None) -> dict[str, str]:
    """Put pictures and addresses into the document; give the id of each by the name that stands for it."""
    from docx.opc.constants import RELATIONSHIP_TYPE

    drawn = [(picture, width) for picture, width in source.pictures.values() if picture.svg]
    said = [spelt_out(picture.svg, absent) if absent else picture.svg for picture, _ in drawn]
    drawings = iter(draw([(svg.encode(), width) for svg, (_, width) in zip(said, drawn, strict=True)]))
    names = {}
    for name, (picture, _) in source.pictures.items():
        data = next(drawings) if picture.svg else picture.raster()
        names[name] = document.part.get_or_add_image(BytesIO(data))[0]
    for address, name in source.links.items():
        names[name] = document.part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    return names


def _fill(document: Any, parts: list[Part], names: dict[str, str]) -> None:
    """Write the parts into the document, each that ends before the last with the page it stood on."""
    body = document.element.body
    last = body.sectPr
    for at, part in enumerate(parts):
        for element in _named(part, names):
            last.addprevious(element)
        if at < len(parts) - 1:
            end = _xml('<w:p><w:pPr><w:pStyle w:val="ReportEnd"/></w:pPr></w:p>')
            end[0].append(_turned(last) if part.turn == "turned" else copy.deepcopy(last))
            last.addprevious(end)
    if parts[-1].turn == "turned":
        body.replace(last, _turned(last))


def _named(part: Part, names: dict[str, str]) -> Iterator[Any]:
    """Give the elements of a part, with the ids that its pictures, links and lists have in the document."""
    from docx.oxml import parse_xml

    for child in list(parse_xml(f"<w:body {_SPACES}>{''.join(part.written)}</w:body>")):
        for element in child.iter(*_NAMED):
            for key, value in element.attrib.items():
                if value in names and str(key).startswith("{"):
                    element.set(key, names[value])
        yield child


_NAMED = (
    f"{{{_W}}}hyperlink", f"{{{_W}}}numId", "{http://schemas.openxmlformats.org/drawingml/2006/main}blip",
)  # fmt: skip


def _turned(section: Any) -> Any:
    """Give the properties of a section with its page turned, the margins turned with it."""
    turned = copy.deepcopy(section)
    size, margins = turned.find(f"{{{_W}}}pgSz"), turned.find(f"{{{_W}}}pgMar")
    width, height = size.get(f"{{{_W}}}w"), size.get(f"{{{_W}}}h")
    size.set(f"{{{_W}}}w", height)
    size.set(f"{{{_W}}}h", width)
    size.set(f"{{{_W}}}orient", "landscape")
    old = dict(margins.attrib)
    for side, source in _TURNED.items():
        margins.set(f"{{{_W}}}{side}", old[f"{{{_W}}}{source}"])
    return turned


def _set_about(document: Any, report: Report) -> None:
    about, made = document.core_properties, datetime.fromtimestamp(report.made, UTC)
    about.title, about.author = (
        report.body.title[:255],
        (report.body.unit or report.theme.office or "perfkit")[:255],
    )
    about.last_modified_by, about.comments, about.language = "perfkit", "", _TONGUES[report.wishes.language]
    about.keywords = " ".join(filter(None, [report.body.year, report.theme.number]))
    about.created = about.modified = made.replace(tzinfo=None)


def _packed(document: Any, made: int) -> bytes:
    """Save the document, each part with the time of the report: the same report gives the same bytes."""
    saved, packed = BytesIO(), BytesIO()
    document.save(saved)
    moment = datetime.fromtimestamp(max(made, 315532800), UTC)
    with zipfile.ZipFile(saved) as source, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target:
        for info in source.infolist():
            entry = zipfile.ZipInfo(info.filename, moment.timetuple()[:6])
            is_picture = info.filename.startswith("word/media/")
            entry.compress_type = zipfile.ZIP_STORED if is_picture else zipfile.ZIP_DEFLATED
            target.writestr(entry, source.read(info))
    return packed.getvalue()


def _xml(fragment: str) -> Any:
    """Parse one element of WordprocessingML."""
    from docx.oxml import parse_xml

    return parse_xml(fragment.replace(" ", f" {_SPACES} ", 1) if " " in fragment[: fragment.index(">")]
                     else fragment.replace(">", f" {_SPACES}>", 1))  # fmt: skip


def _xml_of(source: str | bytes) -> Any:
    from docx.oxml import parse_xml

    return parse_xml(source.encode() if isinstance(source, str) else source)
