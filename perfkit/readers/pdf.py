"""PDF: tables by their rules, or by the positions of words where nothing is ruled; text in between.

pypdfium2 looks over all pages, fast, to find those with a form; pdfplumber reads the rules and characters
of these. The columns of all pages share their edges, so that a table goes on over a page break.
"""

from __future__ import annotations

import re
from dataclasses import replace
from io import BytesIO
from itertools import groupby
from statistics import median_low
from typing import TYPE_CHECKING, Any

from perfkit.errors import DataError, Fault
from perfkit.readers.grid import Cell, Grid, text_grid
from perfkit.readers.layout.labels import year_in
from perfkit.readers.layout.words import column_role, is_title, key
from perfkit.readers.overprint import by_home
from perfkit.readers.positions import Edges, Glyph, joined, line_text, lines_of_glyphs
from perfkit.readers.wrapping import wrapped

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

MOST_PAGES = 60
_FEW_PAGES = 12
_LEAST_TEXT = 20
_FORM_WORDS = re.compile(
    "三级指标|年度指标值|完成值|年度资金总额|绩效目标|全年执行数|全年预算数|绩效指标|自评表|满意度|产出指标|实际完成"
)
_LEAST_CELLS = 6
_SAME = 3.0
_EDGE = 40.0
_ALIKE = 0.6
# What stands beside a table and is no text of the form: page numbers, and labels of merged cells that are
# painted again where a page break cut them.
_STRAY = re.compile(r"[-—–\s第页共/0-9]*|\S{0,10}指标")
_SCAN_HINT = (
    "ask the unit for the Word or Excel file; or run OCR on it and check every figure, "
    "since scans turn ≥ into 2"
)


def grids(data: bytes, name: str) -> list[Grid]:
    """Read the pages of a document that hold a form, as grids.

    Raises:
        DataError: where the document is damaged, encrypted, a scan, or holds more forms than can be read.
    """
    texts = _texts(data, name)
    chosen = _chosen(texts, name)
    import pdfplumber

    try:
        with pdfplumber.open(BytesIO(data), pages=[number + 1 for number in chosen]) as document:
            pages: list[_Page] = []
            for page in document.pages:
                pages.append(_Page(page, pages[-1] if pages else None))
            for ruled in [each for each in pages if each.tables][1:]:
                ruled.reclaim()
    except Exception as error:  # noqa: BLE001  a damaged document fails anywhere inside the library
        raise _damaged(name, error) from None
    ruled_pages = {each.number - 1 for each in pages if each.tables}
    pictures = tuple(
        (f"page {number + 1}", "a page without text, most likely a picture", "text")
        for number, text in enumerate(texts)
        if number not in ruled_pages
        and len(text) < _LEAST_TEXT
        and len(texts) <= MOST_PAGES
        and number in _around(chosen)
    )
    found = list(_grids(pages))
    return [replace(found[0], unread=pictures), *found[1:]] if found and pictures else found


def _texts(data: bytes, name: str) -> list[str]:
    """Give the text of every page, without its layout."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower() or "security" in str(error).lower():
            raise DataError(
                Fault(
                    "the PDF is encrypted", name, hint="open it with its password and print it to a new PDF"
                )
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
    return re.sub(r"\s+", "", text)


def _chosen(texts: Sequence[str], name: str) -> list[int]:
    """Choose the pages to read: all of a short document, else those with words of a form."""
    if sum(len(text) for text in texts) < _LEAST_TEXT:
        raise DataError(
            Fault("the PDF holds no text: its pages are pictures (a scan)", name, got=f"{len(texts)} pages",
                  expected="a PDF made from a document", hint=_SCAN_HINT)
        )  # fmt: skip
    filled = [number for number, text in enumerate(texts) if text]
    if len(texts) <= _FEW_PAGES:
        return filled
    hits = {number for number in filled if len(set(_FORM_WORDS.findall(texts[number]))) > 1}
    chosen = [number for number in filled if number in hits or number - 1 in hits]
    if len(chosen) > MOST_PAGES:
        raise DataError(
            Fault("too many pages of forms in one PDF", name, got=f"{len(chosen)} pages",
                  expected=f"at most {MOST_PAGES}", hint="split the PDF, and import the parts")
        )  # fmt: skip
    return chosen or filled[:_FEW_PAGES]


def _around(chosen: Sequence[int]) -> range:
    return range(chosen[0], chosen[-1] + 1) if chosen else range(0)


def _damaged(name: str, error: Exception) -> DataError:
    return DataError(
        Fault("the PDF is damaged or cut off", name, got=f"{type(error).__name__}: {error}"[:200],
              hint="download it again, or print it to a new PDF")
    )  # fmt: skip


class _Page:
    """Hold what is needed of a page: its characters, and the boxes of its ruled tables."""

    def __init__(self, page: Any, before: _Page | None) -> None:
        self.number: int = page.page_number
        tables = [
            table
            for table in page.find_tables()
            if len(table.cells) >= _LEAST_CELLS or (before is not None and before.goes_on_in(table.bbox))
        ]
        self.tables: list[tuple[tuple[float, ...], list[tuple[float, ...]]]] = [
            (table.bbox, list(table.cells)) for table in tables
        ]
        self.glyphs = [
            Glyph(char["text"], char["x0"], char["x1"], char["top"], char["bottom"])
            for char in page.chars
            if char["text"] and page.bbox[1] <= char["top"] <= page.bbox[3]
        ]
        page.close()

    def outside(self) -> list[Glyph]:
        """Give the characters outside every table."""
        boxes = [box for box, _ in self.tables]
        return [g for g in self.glyphs if not any(_in(g, box) for box in boxes)]

    def goes_on_in(self, box: tuple[float, ...]) -> bool:
        """Tell whether a box on the next page, however small, is as wide as the last table here."""
        last = self.tables[-1][0] if self.tables else None
        return last is not None and abs(last[0] - box[0]) < _SAME and abs(last[2] - box[2]) < _SAME

    def beside_a_table(self, glyph: Glyph) -> bool:
        """Tell whether a character stands at the height of a table."""
        return any(box[1] < glyph.y < box[3] for box, _ in self.tables)

    def reclaim(self) -> None:
        """Give back to an empty tall cell the label that a page break pushed just above its table."""
        for box, cells in self.tables:
            middle = sorted(cell[3] - cell[1] for cell in cells)[len(cells) // 2]
            tall = [cell for cell in cells if cell[3] - cell[1] > middle * 1.5]
            empty = [cell for cell in tall if not any(_in(g, cell) for g in self.glyphs if g.text.strip())]
            for line in lines_of_glyphs([g for g in self.outside() if -_EDGE < g.y - box[1] < 0]):
                text = line_text(line)
                if is_title(text) or year_in(text) is not None:
                    continue
                home = next((c for c in empty if c[0] <= line[0].x0 and line[-1].x1 <= c[2]), None)
                if home is not None:
                    moved = {id(glyph) for glyph in line}
                    self.glyphs = [
                        replace(g, top=home[1] + 1, bottom=home[1] + 1 + g.size) if id(g) in moved else g
                        for g in self.glyphs
                    ]


def _in(glyph: Glyph, box: tuple[float, ...]) -> bool:
    return box[0] <= glyph.x <= box[2] and box[1] <= glyph.y <= box[3]


def _grids(pages: Sequence[_Page]) -> Iterator[Grid]:
    """Give tables and texts in reading order; a table at the top of a page continues the one before."""
    edges = Edges(
        [x for page in pages for _, cells in page.tables for box in cells for x in (box[0], box[2])]
    )
    last: Grid | None = None
    for grid, opens_page in _in_order(pages, edges):
        if last is not None and grid.kind == last.kind == "table" and opens_page:
            current = replace(grid, continues=True)
            yield _lent(last, current)
        else:
            current = grid
            if last is not None:
                yield last
        last = current
    if last is not None:
        yield last


def _in_order(pages: Sequence[_Page], edges: Edges) -> Iterator[tuple[Grid, bool]]:
    """Give each grid, and whether a ruled page opens with it; pages without rules are read by positions."""
    from perfkit.readers.unruled import unruled_grids

    for ruled, run in groupby(pages, key=lambda page: bool(page.tables)):
        some = list(run)
        found = [] if ruled else unruled_grids([(page.number, page.glyphs) for page in some])
        if any(grid.name for grid in found):  # a table of a form among the texts
            yield from ((grid, False) for grid in found)
            continue
        for page in some:
            yield from ((grid, number == 0) for number, grid in enumerate(_of_page(page, edges)))


def _of_page(page: _Page, edges: Edges) -> list[Grid]:
    parts: list[tuple[float, Grid]] = []
    place = f"page {page.number}"
    tops = sorted(box[1] for box, _ in page.tables)
    for number, (box, cells) in enumerate(sorted(page.tables, key=lambda table: table[0][1]), start=1):
        parts.append((box[1], _table(page, edges, cells, f"page {page.number}, table {number}")))
    runs: dict[int, list[tuple[float, str]]] = {}
    beside: list[str] = []
    for line in lines_of_glyphs(page.outside()):
        top, text = line[0].top, joined([line], spaced=True)
        if page.beside_a_table(line[0]) and (text.isdigit() or not _STRAY.fullmatch(text)):
            beside.append(text)
        elif page.tables and _STRAY.fullmatch(text):
            continue
        runs.setdefault(sum(top > t for t in tops), []).append((top, text))
    parts += [(run[0][0], text_grid((text, place) for _, text in run)) for run in runs.values()]
    grids = [grid for _, grid in sorted(parts, key=lambda part: part[0])]
    unread = tuple((place, text, "a cell of the table beside it") for text in beside)
    return [replace(grids[0], unread=(*grids[0].unread, *unread)), *grids[1:]] if unread else grids


def _table(page: _Page, edges: Edges, boxes: Sequence[tuple[float, ...]], place: str) -> Grid:
    rows = Edges([y for box in boxes for y in (box[1], box[3])])
    cells: dict[tuple[int, int], tuple[int, int]] = {}
    slots: dict[tuple[int, int], tuple[int, int]] = {}
    for left, top, right, bottom in boxes:
        row, column = rows.at(top), edges.at(left)
        tall, wide = max(1, rows.at(bottom) - row), max(1, edges.at(right) - column)
        cells[row, column] = (tall, wide)
        slots |= {(r, c): (row, column) for r in range(row, row + tall) for c in range(column, column + wide)}
    _fill_gaps(cells, slots)
    homes = [slots.get((rows.below(glyph.y), edges.below(glyph.x))) for glyph in page.glyphs]
    glyphs = by_home(page.glyphs, homes, {home: rows.position(home[0]) for home in cells})
    found = []
    for home, span in sorted(cells.items()):
        width = edges.position(home[1] + span[1]) - edges.position(home[1])
        text = wrapped(lines_of_glyphs(glyphs.get(home, [])), width)
        found.append(Cell(text, *home, *span, f"{place}, row {home[0] + 1}"))
    astray = [g for g, home in zip(page.glyphs, homes, strict=True) if home is None and _within(g, boxes)]
    unread = tuple(
        (place, text, "a cell of the table") for line in lines_of_glyphs(astray) if (text := line_text(line))
    )
    return Grid(tuple(found), place, unread=unread)


def _within(glyph: Glyph, boxes: Sequence[tuple[float, ...]]) -> bool:
    """Tell whether a character stands in the rectangle that the cells of a table fill."""
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return _in(glyph, (min(lefts), min(tops), max(rights), max(bottoms)))


def _fill_gaps(
    cells: dict[tuple[int, int], tuple[int, int]], slots: dict[tuple[int, int], tuple[int, int]]
) -> None:
    """Add the cells that lack a rule, as those do that a page break cut: text in them must not be lost."""
    for column in range(max((c for _, c in slots), default=0) + 1):
        run: tuple[int, int] | None = None
        for row in range(max((r for r, _ in slots), default=0) + 1):
            if (row, column) in slots:
                run = None
                continue
            run = run or (row, column)
            slots[row, column] = run
            cells[run] = (row - run[0] + 1, 1)


def _lent(last: Grid, grid: Grid) -> Grid:
    """Lend the label of a merged cell that a page break cut, where it was printed on the later page."""
    bottom = max((cell.row + cell.rowspan for cell in last.cells), default=0)
    rows = _texts_by_row(grid)
    first = next((row for row, texts in rows.items() if texts and not _is_heading(texts)), 0)
    below = {(c.column, c.colspan): c for c in grid.cells if c.row <= first < c.row + c.rowspan}
    tall = {*_merged_down(last), *_merged_down(grid)}
    return replace(last, cells=tuple(_lend(cell, below, bottom, tall) for cell in last.cells))


def _merged_down(grid: Grid) -> Iterator[Cell]:
    """Give the cells that are taller than most of those that begin on their row."""
    spans: dict[int, list[int]] = {}
    for cell in grid.cells:
        spans.setdefault(cell.row, []).append(cell.rowspan)
    return (cell for cell in grid.cells if cell.rowspan > median_low(spans[cell.row]))


def _is_heading(texts: set[str]) -> bool:
    """Tell whether a row is a heading printed again, whatever a page break did to the labels in it."""
    return sum(column_role(key(text)) is not None for text in texts) >= len(texts) * _ALIKE


def _texts_by_row(grid: Grid) -> dict[int, set[str]]:
    rows: dict[int, set[str]] = {}
    for cell in sorted(grid.cells, key=lambda c: c.row):
        rows.setdefault(cell.row, set()).update({cell.text} - {""})
    return rows


def _lend(cell: Cell, below: dict[tuple[int, int], Cell], bottom: int, tall: set[Cell]) -> Cell:
    other = below.get((cell.column, cell.colspan))
    if cell.text or other is None or not other.text or cell.row + cell.rowspan < bottom:
        return cell
    return replace(cell, text=other.text) if cell in tall or other in tall else cell
