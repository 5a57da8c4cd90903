"""PDF: pages set upright; tables by their rules, or by the positions of words where nothing is ruled.

pypdfium2 looks over all pages, fast, to find those with a form; pdfplumber reads the rules and characters
of these. The columns of all pages share their edges, so that a table goes on over a page break.

How a page is shown and how its text runs are two things: a page turned by the scanner's habit, or a form
printed along the paper, reads as rubbish until most of its text runs from left to right. The values of
form fields are no text of the page; they stand in the fields' own rectangles.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import replace
from io import BytesIO
from typing import TYPE_CHECKING, Any

from perfkit.errors import DataError, Fault, theirs
from perfkit.readers.breaks import reclaimed
from perfkit.readers.characters import clean
from perfkit.readers.pages import Page, page_grids
from perfkit.readers.positions import Glyph
from perfkit.readers.scans import recognition
from perfkit.text import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from perfkit.readers.grid import Grid


_MOST_LOOKED_AT = 3_000
_MOST = 0.6
_QUARTER = 90
_HIDDEN = 2 | 32  # flags of an annotation: hidden, not to be viewed
_PUSHED, _SECRET = 1 << 16, 1 << 13  # flags of a field: a push button, a password
_SIZE = 0.7
_DEEPEST = 10


def upright(data: bytes, pages: Sequence[int]) -> bytes:
    """Give a document whose pages are turned so that most of the text of each reads from left to right."""
    import pypdfium2

    document = pypdfium2.PdfDocument(data)
    try:
        turned = False
        for number in pages:
            page = document[number]
            wanted = _wanted(page)
            if wanted is not None and wanted != page.get_rotation():
                page.set_rotation(wanted)
                turned = True
            page.close()
        if not turned:
            return data
        target = BytesIO()
        document.save(target)
        return target.getvalue()
    finally:
        document.close()


def _wanted(page: Any) -> int | None:
    """Give the turn under which most of a page's text stands upright; None where no direction prevails."""
    from pypdfium2 import raw

    text = page.get_textpage()
    count = min(text.count_chars(), _MOST_LOOKED_AT)
    inked = (n for n in range(count) if chr(raw.FPDFText_GetUnicode(text.raw, n)).strip())
    turns = Counter(round(math.degrees(raw.FPDFText_GetCharAngle(text.raw, n)) / _QUARTER) % 4 for n in inked)
    text.close()
    if not turns:
        return None
    turn, found = turns.most_common(1)[0]
    return -turn % 4 * _QUARTER if found > turns.total() * _MOST else None


def turn_of(matrix: Sequence[float]) -> int:
    """Give by how many quarters a character is turned, against the clock."""
    return round(math.degrees(math.atan2(matrix[1], matrix[0])) / _QUARTER) % 4


def straighten(page: Any) -> None:
    """Round where a page's rules lie, where a turn by 6e-17 may have left them not quite level."""
    if not page.curves and all(char["matrix"][1] == 0 for char in page.chars):
        return
    for kind in ("rect", "line", "curve"):
        for rule in page.objects.get(kind, ()):
            for name in ("x0", "x1", "y0", "y1", "top", "bottom", "doctop"):
                rule[name] = round(rule[name], 2)
            if "pts" in rule:
                rule["pts"] = [(round(x, 2), round(y, 2)) for x, y in rule["pts"]]


def filled_in(page: Any) -> Iterator[Glyph]:
    """Give what is filled into the fields of a page, and typed onto it, as characters in their places."""
    for note in page.annots:
        data = note["data"]
        if int(data.get("F") or 0) & _HIDDEN:
            continue
        text = _value(data) if _name(data.get("Subtype")) == "Widget" else ""
        if _name(data.get("Subtype")) == "FreeText":
            text = _string(data.get("Contents"))
        yield from _spread(text, note)


def _value(data: dict[str, Any]) -> str:
    kind, flags = _name(_inherited(data, "FT")), int(_inherited(data, "Ff") or 0)
    if kind == "Btn":
        return "" if flags & _PUSHED else "□" if _name(data.get("AS")) in {"", "Off"} else "☑"
    if kind == "Tx":
        return "" if flags & _SECRET else _string(_inherited(data, "V"))
    if kind == "Ch":
        value = _resolved(_inherited(data, "V"))
        chosen = [_string(each) for each in (value if isinstance(value, list) else [value])]
        shown = dict(_options(_resolved(_inherited(data, "Opt"))))
        return "、".join(shown.get(each, each) for each in chosen if each)
    return ""


def _options(options: Any) -> Iterator[tuple[str, str]]:
    for option in options if isinstance(options, list) else ():
        pair = _resolved(option)
        if isinstance(pair, list) and len(pair) > 1:
            yield _string(pair[0]), _string(pair[1])


def _inherited(data: dict[str, Any], key: str) -> Any:
    """Give an entry of a field, which may stand with the field that it is a part of."""
    for _ in range(_DEEPEST):
        if key in data:
            return data[key]
        above = _resolved(data.get("Parent"))
        if not isinstance(above, dict):
            return None
        data = above
    return None


def _resolved(value: Any) -> Any:
    from pdfminer.pdftypes import resolve1

    return resolve1(value)


def _name(value: Any) -> str:
    value = _resolved(value)
    name = getattr(value, "name", value)
    return name if isinstance(name, str) else name.decode("latin-1") if isinstance(name, bytes) else ""


def _string(value: Any) -> str:
    from pdfminer.utils import decode_text

    value = _resolved(value)
    if isinstance(value, bytes):
        return str(decode_text(value))
    if hasattr(value, "get_data"):
        return str(decode_text(value.get_data()))
    return value if isinstance(value, str) else _name(value)


def _spread(text: str, note: dict[str, Any]) -> Iterator[Glyph]:
    """Place a text in the rectangle of its field, line by line."""
    lines = [line for line in re.split(r"[\r\n]+", text) if line.strip()]
    tall = (note["bottom"] - note["top"]) / max(1, len(lines))
    for number, line in enumerate(lines):
        wide = min((note["x1"] - note["x0"]) / len(line), tall)
        middle = note["top"] + tall * (number + 0.5)
        for place, character in enumerate(line):
            left = note["x0"] + wide * place
            yield Glyph(character, left, left + wide, middle - tall * _SIZE / 2, middle + tall * _SIZE / 2)


# PDF: tables by their rules, or by the positions of words where nothing is ruled; text in between


MOST_PAGES = 60
_FEW_PAGES = 12
_LEAST_TEXT = 20
_FORM_WORDS = re.compile(
    "三级指标|年度指标值|完成值|年度资金总额|绩效目标|全年执行数|全年预算数|绩效指标|自评表|满意度|产出指标|实际完成"
)
_LEAST_CELLS = 6
_LARGEST = 4000  # pixels of the longer side of a page that is drawn
_DPI = 200
_FILLS = 0.5  # how much of a page a picture covers that is the page
_BESIDE = 200  # characters that stand beside such a picture at most: a heading, a note, a watermark
_OPAQUE = 230  # of 255
_SHOWN = 10


def grids(data: bytes, name: str) -> list[Grid]:
    """Read the pages of a document that hold a form, as grids; pages that are pictures are recognised.

    Raises:
        DataError: where the document is damaged, encrypted, a scan that cannot be read here, or holds more
            forms than can be read.
    """
    texts = _texts(data, name)
    chosen = _chosen(texts, name)
    pictures = _pictures(data, texts, chosen, name)
    pages = _printed_pages(data, [number for number in chosen if number not in pictures], name)
    if pictures and recognition.available():
        near = sorted(pictures, key=lambda page: min((abs(page - n) for n in chosen), default=0))
        near, pictures = sorted(near[:MOST_PAGES]), sorted(near[MOST_PAGES:])
        recognition.ask(len(near))
        pages = sorted([*pages, *_scanned_pages(data, near, name)], key=lambda page: page.number)
    ruled = [page for page in pages if page.tables]
    for page in ruled:
        first, last = page is ruled[0], page is ruled[-1]
        page.glyphs = reclaimed(page.glyphs, page.tables, first=first, last=last, beyond=page.beyond)
    hint = say("expected.page_with_text", extra=recognition.EXTRA)
    unread = tuple((f"page {number + 1}", "", hint) for number in pictures)
    found = list(page_grids(pages))
    return [replace(found[0], unread=(*found[0].unread, *unread)), *found[1:]] if found and unread else found


def _printed_pages(data: bytes, numbers: Sequence[int], name: str) -> list[Page]:
    """Read the rules and characters of the pages that are no pictures."""
    import pdfplumber

    if not numbers:
        return []
    pages: list[Page] = []
    try:
        with pdfplumber.open(BytesIO(upright(data, numbers)), pages=[n + 1 for n in numbers]) as document:
            for page in document.pages:
                pages.append(_printed(page, pages[-1] if pages else None))
    except Exception as error:  # noqa: BLE001  a damaged document fails anywhere inside the library
        raise _damaged(name, error) from None
    return pages


def _pictures(data: bytes, texts: Sequence[str], chosen: Sequence[int], name: str) -> list[int]:
    """Give the pages that are pictures: all of a scan, those among the pages of another document."""
    import pypdfium2

    if not chosen:
        if not recognition.available():
            raise recognition.needed(name, say("expected.scan"))
        if len(texts) > MOST_PAGES:
            raise _too_many(name, len(texts))
        return list(range(len(texts)))
    likely = [n for n, text in enumerate(texts) if len(text) < _BESIDE or n in chosen]
    document = pypdfium2.PdfDocument(data)
    try:
        found = [n for n in likely if _is_picture(document, n, texts[n])]
    finally:
        document.close()
    if found and not any(_has_form(texts[n]) for n in chosen if n not in found):
        if not recognition.available():
            pages = ", ".join(str(n + 1) for n in found[:_SHOWN])
            raise recognition.needed(name, say("expected.scan_among", pages=pages))
        if len(found) > MOST_PAGES:
            raise _too_many(name, len(found))
    return found


def _is_picture(document: Any, number: int, text: str) -> bool:
    """Tell whether pictures cover most of a page, and are what a reader sees of it.

    A scanner may lay the text that it recognised itself under the picture, or over it and unseen.
    """
    import pypdfium2
    from pypdfium2 import raw

    try:
        page = document[number]
        wide, tall = page.get_size()
        covered, shown = 0.0, 0
        for each in page.get_objects(filter=(raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_TEXT), max_depth=3):
            if each.type == raw.FPDF_PAGEOBJ_IMAGE:
                left, low, right, high = each.get_bounds()
                part = abs(right - left) * abs(high - low)
                covered += part
                if shown and part > wide * tall * _FILLS and _is_opaque(document, page, each):
                    shown = 0
            elif raw.FPDFTextObj_GetTextRenderMode(each) != raw.FPDF_TEXTRENDERMODE_INVISIBLE:
                shown += 1
        page.close()
    except pypdfium2.PdfiumError:
        return False
    few = len(text) < _BESIDE and not _has_form(text)
    return bool(covered > wide * tall * _FILLS) and (few or not shown)


def _is_opaque(document: Any, page: Any, picture: Any) -> bool:
    """Tell whether nothing shows through a picture, as it does through a watermark."""
    import pypdfium2
    from pypdfium2 import raw

    if raw.FPDFPageObj_HasTransparency(picture):
        return False
    drawn = raw.FPDFImageObj_GetRenderedBitmap(document, page, picture)
    if not drawn:
        return False
    bitmap = pypdfium2.PdfBitmap.from_raw(drawn)
    opaque = bitmap.format != raw.FPDFBitmap_BGRA or bitmap.to_numpy()[:, :, 3].mean() > _OPAQUE
    bitmap.close()
    return bool(opaque)


def _scanned_pages(data: bytes, numbers: Sequence[int], name: str) -> Iterator[Page]:
    """Draw and recognise pages."""
    import pypdfium2

    from perfkit.readers.scans import scanned

    document = pypdfium2.PdfDocument(data)
    try:
        for number in numbers:
            page = document[number]
            scale = min(_DPI / 72, _LARGEST / max(*page.get_size(), 1))
            image = page.render(scale=scale, rev_byteorder=False).to_numpy()[:, :, :3].copy()
            page.close()
            yield scanned(image, number + 1)
    except pypdfium2.PdfiumError as error:
        raise _damaged(name, error) from None
    finally:
        document.close()


def _texts(data: bytes, name: str) -> list[str]:
    """Give the text of every page, without its layout."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower() or "security" in str(error).lower():
            raise DataError(
                Fault(say("faults.pdf_encrypted"), name, hint=say("faults.open_with_its_password_print"))
            ) from None
        raise _damaged(name, error) from None
    try:
        return [_text(document, number) for number in range(len(document))]
    finally:
        document.close()


def _text(document: Any, number: int) -> str:
    import pypdfium2

    try:
        page = document[number]
        found = page.get_textpage()
        text: str = found.get_text_range()
        found.close()
        page.close()
    except pypdfium2.PdfiumError:
        return ""
    return re.sub(r"\s+", "", clean(text))


def _chosen(texts: Sequence[str], name: str) -> list[int]:
    """Choose the pages to read: all of a short document, else those with words of a form; none of a scan."""
    if sum(len(text) for text in texts) < _LEAST_TEXT:
        return []
    filled = [number for number, text in enumerate(texts) if text]
    if len(texts) <= _FEW_PAGES:
        return filled
    hits = {number for number in filled if _has_form(texts[number])}
    chosen = [number for number in filled if number in hits or number - 1 in hits]
    if len(chosen) > MOST_PAGES:
        raise _too_many(name, len(chosen))
    return chosen or filled[:_FEW_PAGES]


def _too_many(name: str, pages: int) -> DataError:
    return DataError(
        Fault(
            say("faults.too_many_pages_forms"),
            name,
            got=f"{pages} pages",
            expected=say("faults.at_most_4", most_pages=MOST_PAGES),
            hint=say("faults.split_pdf_import_parts"),
        )
    )


def _has_form(text: str) -> bool:
    return len(set(_FORM_WORDS.findall(text))) > 1


def _damaged(name: str, error: Exception) -> DataError:
    return DataError(
        Fault(
            say("faults.pdf_damaged_cut_off"),
            name,
            got=theirs(error),
            hint=say("faults.download_again_print_new"),
        )
    )


def _printed(page: Any, before: Page | None) -> Page:
    """Read a page's characters, what is filled into its fields, and the boxes of its ruled tables."""
    straighten(page)
    tables = [
        (table.bbox, list(table.cells))
        for table in page.find_tables()
        if len(table.cells) >= _LEAST_CELLS or (before is not None and before.goes_on_in(table.bbox))
    ]
    glyphs = [
        Glyph(char["text"], char["x0"], char["x1"], char["top"], char["bottom"], turn_of(char["matrix"]))
        for char in page.chars
        if char["text"]
    ]
    top, bottom = page.bbox[1], page.bbox[3]
    seen = [glyph for glyph in glyphs if top <= glyph.top <= bottom]
    beyond = [glyph for glyph in glyphs if not top <= glyph.top <= bottom]
    seen += filled_in(page)
    page.close()
    return Page(page.page_number, tables, seen, beyond=beyond)
