"""What a document says, passage by passage with its place; and a copy with what was found as comments.

A passage is a paragraph or a row of a table; the cells of a row stay together, since a figure means
nothing without the name beside it. Running heads and page numbers of a PDF are no passages.
"""

from __future__ import annotations

import codecs
import io
import re
import zipfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from perfkit.errors import DataError, Fault, theirs
from perfkit.files import write_atomic
from perfkit.readers.container import check_package
from perfkit.readers.formats import misnamed, reader_of
from perfkit.text import say
from perfkit.workspace import is_file

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from perfkit.language import Language, Text
    from perfkit.verify import Discrepancy, Verification


MOST_BYTES = 64 * 1024 * 1024
CELL = "\t"
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_NUMBERED = re.compile(  # as captions and headings are numbered
    r"^\s*(?:(?:[图表]|Figure|Table)\s*\d+\s+|[一二三四五六七八九十]+、|（[一二三四五六七八九十]+）)"
)
_HIDDEN = {  # what is no prose: not shown, drawn, or there to be pressed
    "script", "style", "svg", "template", "head", "title", "noscript", "nav", "button", "select", "input",
    "textarea",
}  # fmt: skip
_BLOCKS = {
    "p", "div", "li", "h1", "h2", "h3", "h4", "h5", "h6", "section", "article", "aside", "header", "footer",
    "main", "nav", "figure", "figcaption", "details", "summary", "table", "ul", "ol", "dl", "dt", "dd",
    "caption", "blockquote", "pre", "br", "hr", "body",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Passage:
    """Hold one paragraph, or one row of a table (`row`) whose cells are parted by tabs, with its place.

    `number` is the number of the paragraph in a Word file, from 0, where comments can be set; else None.
    """

    text: str
    place: Text
    row: bool = False
    number: int | None = None


def passages(path: str | Path) -> list[Passage]:
    """Read the passages of a .docx, .pdf, .html, .md or .txt file, in reading order.

    Raises:
        DataError: the file is missing, too large, damaged, or of another kind.
    """
    file = Path(path)
    reader = _READERS.get(file.suffix.lower())
    if reader is None:
        raise DataError(
            Fault(
                say("faults.not_document_can_verified"), file=str(path), expected=", ".join(sorted(_READERS))
            )
        )
    if not is_file(file):
        raise DataError(Fault(say("faults.there_no_such_file"), file=str(path)))
    if file.stat().st_size > MOST_BYTES:
        raise DataError(
            Fault(say("faults.document_too_large"), file=str(path), expected=say("faults.at_most_n64_mb"))
        )
    try:
        _see_kind(file)
        return [passage for passage in reader(file) if passage.text.strip()]
    except DataError:
        raise
    except Exception as error:
        hint = say("faults.open_word_wps_save") if file.suffix.lower() == ".docx" else ""
        raise DataError(
            Fault(say("faults.document_cannot_opened"), file=str(path), got=theirs(error), hint=hint)
        ) from error


def _see_kind(file: Path) -> None:
    """Hold that a document is not empty, and that it is of the kind that its name tells.

    Raises:
        DataError: it is not, or it is damaged.
    """
    data = file.read_bytes()
    reader_of(data, str(file))
    if hint := misnamed(data, str(file)):
        raise DataError(Fault(say("faults.document_cannot_opened"), file=str(file), hint=hint))


def _docx(file: Path) -> Iterator[Passage]:
    import docx

    with zipfile.ZipFile(file) as archive:
        check_package(archive, str(file))
    body = docx.Document(str(file)).element.body
    paragraphs = list(body.iter(f"{_W}p"))  # kept: lxml makes an element that nobody holds anew
    numbers = {id(paragraph): number for number, paragraph in enumerate(paragraphs)}
    told, tables = 0, 0
    for block in _word_blocks(body):
        if block.tag == f"{_W}tbl":
            tables += 1
            yield from _word_rows(block, tables, numbers)
        else:
            told += 1
            place = say("verify.paragraph", number=told)
            text = _NUMBERED.sub("", _word_text(block))
            yield Passage(text, place, number=numbers[id(block)])


def _word_blocks(parent: Any) -> Iterator[Any]:
    for child in parent:
        if child.tag in {f"{_W}p", f"{_W}tbl"}:
            yield child
        elif child.tag in {f"{_W}sdt", f"{_W}sdtContent", f"{_W}ins", f"{_W}customXml"}:
            yield from _word_blocks(child)


def _word_rows(table: Any, number: int, numbers: dict[int, int]) -> Iterator[Passage]:
    for at, row in enumerate(table.iterchildren(f"{_W}tr"), start=1):
        cells, first = [], None
        for cell in row.iter(f"{_W}tc"):
            inside = list(cell.iter(f"{_W}p"))
            text = " ".join(_word_text(paragraph) for paragraph in inside).strip()
            if text:
                first = first if first is not None else numbers[id(inside[0])]
                cells.append(text)
        place = say("verify.row", table=number, row=at)
        yield Passage(CELL.join(cells), place, row=True, number=first)


def _word_text(paragraph: Any) -> str:
    parts = []
    for element in paragraph.iter(f"{_W}t", f"{_W}tab", f"{_W}br", f"{_W}cr", f"{_W}noBreakHyphen"):
        kind = element.tag.removeprefix(_W)
        parts.append(element.text or "" if kind == "t" else "-" if kind == "noBreakHyphen" else " ")
    return "".join(parts)


def _pdf(file: Path) -> Iterator[Passage]:
    import pypdfium2

    document = pypdfium2.PdfDocument(str(file))
    try:
        pages = [page.get_textpage().get_text_range().splitlines() for page in document]
    finally:
        document.close()
    running = _running(pages)
    for number, lines in enumerate(pages, start=1):
        inside = range(_TOP, len(lines) - _FOOT)
        kept = [line for at, line in enumerate(lines) if at in inside or _shape(line) not in running]
        told = "\n".join(_NUMBERED.sub("", line.replace("\ufffe", "")) for line in kept)
        yield Passage(told, say("verify.page", number=number))


_TOP, _FOOT = 2, 3  # lines of a page that may be its running head and foot


def _shape(line: str) -> str:
    return re.sub(r"\d+", "0", line.strip())


def _running(pages: list[list[str]]) -> set[str]:
    """Give the lines that stand at the top or the foot of every page but one, page numbers folded."""
    ends = [{_shape(line) for line in (*lines[:_TOP], *lines[-_FOOT:])} for lines in pages]
    edges = Counter(shape for shapes in ends for shape in shapes if shape)
    often = max(1, len(pages) - 1)  # the first page may have a head of its own
    numbers = {shape for shape in edges if re.fullmatch(r"[—–\- ]*0(?:\s*/\s*0)?[—–\- ]*", shape)}
    most = max(often, 2)
    return {shape for shape, count in edges.items() if count >= (often if shape in numbers else most)}


def _html(file: Path) -> Iterator[Passage]:
    from lxml import etree

    parser = etree.HTMLParser(encoding=_encoding(file), no_network=True, huge_tree=False)
    root = etree.fromstring(file.read_bytes(), parser)
    if root is not None:
        yield from of_html(root)


def of_html(root: Any) -> Iterator[Passage]:
    """Give the passages that a parsed page shows; a row of a table is one."""
    reader = _Page()
    reader.walk(root)
    reader.end()
    return iter(reader.passages)


class _Page:
    """Gather the text of a page: a block ends a paragraph, a row of a table is a passage of its own."""

    def __init__(self) -> None:
        self.passages: list[Passage] = []
        self._words: list[str] = []
        self._tables = self._rows = 0
        self._cells: list[str] | None = None

    def walk(self, element: Any) -> None:
        if not isinstance(element.tag, str) or element.tag in _HIDDEN or _unseen(element):
            return
        if element.tag == "table":
            self._tables, self._rows = self._tables + 1, 0
        if element.tag == "tr":
            self._row(element)
            return
        block = element.tag in _BLOCKS
        self.end(when=block)
        self._words.append(element.text or "")
        for child in element:
            self.walk(child)
            self._words.append(child.tail or "")
        self.end(when=block)

    def _row(self, row: Any) -> None:
        self.end()
        self._rows += 1
        cells = [" ".join("".join(_shown(cell)).split()) for cell in row if cell.tag in {"td", "th"}]
        place = say("verify.row", table=self._tables, row=self._rows)
        self.passages.append(Passage(CELL.join(cell for cell in cells if cell), place, row=True))

    def end(self, *, when: bool = True) -> None:
        if when and (text := " ".join("".join(self._words).split())):
            number = len(self.passages) + 1
            self.passages.append(Passage(text, say("verify.passage", number=number)))
        if when:
            self._words = []


def _unseen(element: Any) -> bool:
    """Tell whether an element is hidden, leads past the head (跳到正文), or is a letter's head or foot."""
    parent = element.getparent()
    if parent is not None and parent.tag == "body" and parent.find("main") is not None:
        own = element.tag in {"header", "footer"} or str(element.get("href", "")).startswith("#")
    else:
        own = False
    styled = (element.get("style") or "").replace(" ", "")
    return own or element.get("hidden") is not None or "display:none" in styled


def _shown(element: Any) -> Iterator[str]:
    if not isinstance(element.tag, str) or element.tag in _HIDDEN or _unseen(element):
        return
    apart = " " if element.tag in _BLOCKS else ""
    yield apart
    yield element.text or ""
    for child in element:
        yield from _shown(child)
        yield child.tail or ""
    yield apart


def _encoding(file: Path) -> str:
    from charset_normalizer import from_bytes

    content = file.read_bytes()
    declared = re.search(rb"charset=[\"']?([\w-]+)", content[:4096])
    if declared:
        return declared[1].decode("ascii")
    best = from_bytes(content).best()
    return codecs.lookup(best.encoding).name if best else "utf-8"


def _text(file: Path) -> Iterator[Passage]:
    content = file.read_bytes()
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise DataError(Fault(say("faults.neither_utf_n8_nor"), file=str(file)))
    for number, line in enumerate(text.splitlines(), start=1):
        plain = re.sub(r"^\s*(?:[#>]+|[-*+]|\d+\.)\s+|[*_`]{1,2}(?=\S)|(?<=\S)[*_`]{1,2}", "", line)
        cells = [cell.strip() for cell in plain.strip().strip("|").split("|")] if "|" in plain else None
        place = say("verify.line", number=number)
        if cells and not all(re.fullmatch(r":?-*:?", cell) for cell in cells):
            yield Passage(CELL.join(cell for cell in cells if cell), place, row=True)
        elif not cells:
            yield Passage(plain, place)


_READERS: dict[str, Callable[[Path], Iterator[Passage]]] = {
    ".docx": _docx,
    ".pdf": _pdf,
    ".html": _html,
    ".htm": _html,
    ".md": _text,
    ".txt": _text,
}


# A copy of a Word file with each discrepancy as a comment where it stands


_AUTHOR = "perfkit"


def commented(verification: Verification, target: str | Path, language: Language) -> None:
    """Write a copy of the verified Word file to `target`, with a comment at each discrepancy."""
    import docx
    from docx.text.paragraph import Paragraph

    document = docx.Document(verification.document)
    body = document.element.body
    paragraphs = list(body.iter("{http://schemas.openxmlformats.org/wordprocessingml/2006/main}p"))
    read = passages(verification.document)
    for one in verification:
        number = read[one.passage].number
        paragraph = Paragraph(paragraphs[number or 0], document._body)  # noqa: SLF001  python-docx has no other way
        runs = paragraph.runs or [paragraph.add_run("")]
        document.add_comment(runs, text=_comment(one, language), author=_AUTHOR, initials="pk")
    out = io.BytesIO()
    document.save(out)
    write_atomic(Path(target), out.getvalue())


def _comment(one: Discrepancy, language: Language) -> str:
    return one.told(language).splitlines()[0]
