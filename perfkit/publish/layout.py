"""How a table is set: tidied for the page, and its columns' widths on paper; and where pages end.

In a table of data, pandas' own above all, numbers stand right, a missing value is a dash, headings say what
they head; tables that perfkit's display made pass through unchanged. In print all widths are in em, the
width of a Chinese character at the table's size. A table that is too wide is set smaller, and one that
would become too small to read stands on a page of its own, turned. Typst could find widths itself, but only
by setting every cell once more, and without a word on what stays whole.

Only Word knows where its pages end. But Chinese characters are all one em wide and lines of official
documents have a fixed height, so that an estimate is good to a line or two. It decides how large figures are,
no more: a figure that would leave a page half empty above it is set smaller, as far as its letters stay
readable. Before a page that is begun by force, and at the end, a page could hold three lines. Wherever it
falls, what closes it goes to it together: a third of a page. That holds whatever fonts a machine has.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING

from lxml import html

from perfkit.publish.blocks import Break, texts_in
from perfkit.publish.cleaning import add_class, classes, ems, rows_of, words_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from perfkit.publish.blocks import Cell, Inline, Row, Table
    from perfkit.publish.cleaning import Element

_NUMBER = re.compile(r"[-+−]?(?:\d[\d,]*\.?\d*|\.\d+)(?:[eE][-+]?\d+)?\s?[%％‰]?")
_MISSING = frozenset({"NaN", "nan", "None", "NaT", "<NA>", "null"})


@dataclass(frozen=True, slots=True)
class Place:
    """Hold a cell with the columns it covers."""

    cell: Element
    column: int
    across: int
    down: int


def settle_table(table: Element) -> None:
    """Tidy one table in place."""
    if any(name.startswith("pk-") for name in classes(table)):
        return
    add_class(table, "pk-data")
    for cell in table.iter("td"):
        if words_of(cell) in _MISSING and not len(cell):
            cell.text = "—"
            add_class(cell, "blank")
    _settle_heads(table)
    _settle_numbers(table)


def _settle_heads(table: Element) -> None:
    for cell in list(table.iter("th")):
        if not words_of(cell) and not len(cell):
            cell.tag = "td"
            cell.attrib.pop("scope", None)
        elif not cell.get("scope"):
            in_head = any(parent.tag == "thead" for parent in cell.iterancestors("thead", "table"))
            cell.set("scope", "col" if in_head else "row")


def _settle_numbers(table: Element) -> None:
    """Set a column right where all it holds are numbers; tables with merged cells are left as they are."""
    rows = [list(row.iterchildren("td", "th")) for row in rows_of(table)]
    if any(cell.get("colspan") or cell.get("rowspan") for row in rows for cell in row):
        return
    for column in range(max(map(len, rows), default=0)):
        cells = [row[column] for row in rows if column < len(row)]
        body = [words_of(cell) for cell in cells if cell.tag == "td" and "blank" not in classes(cell)]
        told = [words for words in body if words]
        if told and all(_NUMBER.fullmatch(words) for words in told):
            for cell in cells:
                if cell.tag == "td" or cell.get("scope") == "col":
                    add_class(cell, "num")


def places(table: Element) -> list[list[Place]]:
    """Give the cells of a table row by row, each with the columns it covers.

    A span ends where its section of the table ends and where another cell stands; a row that is too short is
    filled up with empty cells.
    """
    found: list[list[Place]] = []
    hanging: dict[int, int] = {}
    for row in rows_of(table):
        left = 1 + sum(1 for _ in row.itersiblings("tr"))
        line, column = [], 0
        below = {c: rows - 1 for c, rows in hanging.items() if rows > 1}
        for cell in row.iterchildren("td", "th"):
            while column in hanging:
                column += 1
            across = next(
                (n for n in range(1, span(cell, "colspan")) if column + n in hanging), span(cell, "colspan")
            )
            down = min(span(cell, "rowspan"), left)
            line.append(Place(cell, column, across, down))
            if down > 1:
                below.update(dict.fromkeys(range(column, column + across), down - 1))
            column += across
        found.append(line)
        hanging = below
    return _filled(found)


def _filled(rows: list[list[Place]]) -> list[list[Place]]:
    """Fill up the rows that have fewer cells than the table has columns."""
    count = max((place.column + place.across for row in rows for place in row), default=0)
    hanging: dict[int, int] = {}
    for row in rows:
        taken = {c for place in row for c in range(place.column, place.column + place.across)}
        row += [
            Place(html.Element("td"), c, 1, 1) for c in range(count) if c not in taken and c not in hanging
        ]
        hanging = {c: left - 1 for c, left in hanging.items() if left > 1}
        for place in row:
            if place.down > 1:
                hanging |= dict.fromkeys(range(place.column, place.column + place.across), place.down - 1)
    return rows


def span(cell: Element, name: str) -> int:
    """Give how many columns or rows a cell covers, 1 where it says nothing sensible."""
    value = cell.get(name) or "1"
    return max(int(value), 1) if re.fullmatch(r"\d{1,3}", value) else 1


PORTRAIT, LANDSCAPE, PAGE = 453.0, 700.0, 700.0
PADDING = 8.0
_TOKEN = re.compile(r"[\u2e80-\ufaff\uff00-\uffef]|[^\s\u2e80-\ufaff\uff00-\uffef]+")
_LONGEST_TOKEN = 9.0
_SLACK = 0.2  # a line as wide as its cell is broken
_SHORT = 4.2
_MOST_WISHED = 160.0
_FAIR = 0.5
_READABLE = 8.0
_TALLEST = 560.0
_LINE, _LEADING = 1.27, 0.55


@dataclass(frozen=True, slots=True)
class Paper:
    """Hold what a table is set on, in points: the width of a page and of one turned; the size of its type.

    `spare` is left beside a figure, in em, and beside each em of a word in Latin letters, where the reader's
    machine may set them in a wider font than ours.
    """

    width: float = PORTRAIT
    turned: float = LANDSCAPE
    size: float = 9.0
    official: float = 8.5
    smallest: float = 6.5
    spare: float = 0.0


A4 = Paper()


@dataclass(frozen=True, slots=True)
class Setting:
    """Hold how a table is set: the width of each column in em, the size of its type in points.

    `full` where it takes the whole width of the page, `turned` where the page is turned for it.
    """

    table: Table
    widths: tuple[float, ...]
    size: float
    full: bool
    turned: bool

    def too_tall(self, cell: Cell) -> bool:
        """Tell whether a cell may fill more than a page, so that it has to be allowed to break."""
        return self._height(cell) > _TALLEST

    @property
    def heights(self) -> list[float]:
        """Estimate the height of each row in points."""
        return [
            max((self._height(cell) / cell.down for cell in row.cells), default=0.0)
            for row in self.table.rows
        ]

    @property
    def height(self) -> float:
        """Estimate the height of the table in points."""
        return sum(self.heights)

    @property
    def points(self) -> list[float]:
        """Give the width of each column in points, its padding included."""
        return [round(width * self.size + PADDING, 1) for width in self.widths]

    def _height(self, cell: Cell) -> float:
        room = sum(self.widths[cell.column : cell.column + cell.across]) or 1.0
        lines = max(ceil(ems(_words(cell)) / room), 1)
        return (lines * _LINE - _LEADING) * self.size + PADDING


def setting(table: Table, paper: Paper = A4) -> Setting:
    """Find the columns' widths for a page, and the size of type at which they fit."""
    size = paper.official if table.official else paper.size
    count = table.columns
    least, wished = [1.2] * count, [1.2] * count
    lengths: list[list[tuple[int, float]]] = []  # of each row's texts, by their columns
    for row in table.rows:
        lengths.append([])
        for cell in (cell for cell in row.cells if cell.across == 1):
            words = _words(cell)
            length = ems(words)
            whole = min(length + (paper.spare if cell.number else 0.0), _MOST_WISHED)
            kept = whole + paper.spare + _SLACK if _keeps_whole(cell, whole) else 0.0
            tight = max(kept, _widest_token(words, paper.spare))
            least[cell.column] = max(least[cell.column], tight)
            wished[cell.column] = max(wished[cell.column], whole)
            if cell.down == 1:
                lengths[-1].append((cell.column, length))
    if sum(wished) < _room(paper.width, count, size) * 0.62:
        return Setting(table, tuple(w * 1.25 for w in wished), size, full=table.official, turned=False)
    fitting = size * min(1.0, _room(paper.width, count, size) / sum(least)) if least else size
    turned = fitting < paper.smallest
    if turned:
        fitting = max(5.0, size * min(1.0, _room(paper.turned, count, size) / sum(least)))
    room = _room(paper.turned if turned else paper.width, count, fitting)
    return Setting(table, _shortest(lengths, least, wished, room), fitting, full=True, turned=turned)


def _words(cell: Cell) -> str:
    return "".join(texts_in(cell.content))


def _room(width: float, count: int, size: float) -> float:
    return max((width - PADDING * count) / size, 1.0)


def _shortest(
    lengths: list[list[tuple[int, float]]], least: list[float], wished: list[float], room: float
) -> tuple[float, ...]:
    """Give the widths with which the table has the fewest lines, of those that leave short texts whole."""
    settings = [_share_out(eased, wished, room) for eased in _eased(least, wished, room)]
    return min(settings, key=lambda widths: sum(_lines(row, widths) for row in lengths))


def _lines(row: list[tuple[int, float]], widths: tuple[float, ...]) -> int:
    return max((ceil(length / (widths[column] or 1.0)) for column, length in row), default=1)


def _eased(least: list[float], wished: list[float], room: float) -> list[list[float]]:
    """Let columns of short texts have all they wish, as far as the long ones are left enough to read.

    What counts as short is tried from long to short; the last lets every column have what it must.
    """
    found = []
    for limit in (16, 14, 12, 10, 8, 6):
        eased = [max(m, w) if w <= limit else m for m, w in zip(least, wished, strict=True)]
        long = sum(w > limit for w in wished)
        if sum(eased) + long * _READABLE <= room and eased not in found:
            found.append(eased)
    return [*found, least]


def _share_out(least: list[float], wished: list[float], room: float) -> tuple[float, ...]:
    """Give every column what it needs at least, at most what it wishes, the rest by the root of its wish."""
    low, high = 0.0, max(room, 1.0)
    for _ in range(40):
        level = (low + high) / 2
        widths = [min(max(m, level * w**_FAIR), max(m, w)) for m, w in zip(least, wished, strict=True)]
        low, high = (level, high) if sum(widths) < room else (low, level)
    return tuple(widths)


def _keeps_whole(cell: Cell, width: float) -> bool:
    """Tell whether a cell is better not broken: a number, a short heading, a word or two of Chinese."""
    return width <= (_LONGEST_TOKEN if cell.number else _SHORT)


def _widest_token(words: str, spare: float) -> float:
    """Measure the widest piece that no line can break; beyond a limit even a word is broken."""
    pieces = (ems(token) * (1 + spare * token.isascii()) for token in _TOKEN.findall(words))
    return min(max(pieces, default=1.0), _LONGEST_TOKEN) + _SLACK


_CLOSING, _MOST = 0.33, 0.4


def closing(heights: Sequence[float], page: float) -> int:
    """Count the last of some things that stand together where a run of pages ends.

    They take a third of a `page`, or less where one more would take more than two fifths of it.
    """
    count, height = 0, 0.0
    for one in reversed(heights):
        if is_closed((height,), page) or height + one > page * _MOST:
            break
        count, height = count + 1, height + one
    return count


def is_closed(heights: Sequence[float], page: float) -> bool:
    """Tell whether what stands together is as much as closes a run of pages."""
    return sum(heights) >= page * _CLOSING


@dataclass(frozen=True, slots=True)
class _Type:
    """Hold how a style sets its lines, in points: size, distance of lines, space around, indent in em."""

    size: float = 16.0
    line: float = 28.95
    around: float = 0.0
    indent: float = 2.0
    keeps: bool = False


_SINGLE = 1.35  # a line set single, in sizes of its type
_TYPES = {
    "Title": _Type(22.0, 33.0, 14.5, 0.0, keeps=True),
    "Subtitle": _Type(around=14.5, indent=0.0),
    "ReportNote": _Type(12.0, 12 * _SINGLE),
    "Caption": _Type(12.0, 12 * _SINGLE, 9.0, 0.0),
    "ReportTable": _Type(10.5, 10.5 * _SINGLE, 4.0, 0.0),
    "ReportCode": _Type(9.0, 9 * _SINGLE, 0.0, 0.0),
    **{f"Heading{level}": _Type(keeps=True) for level in range(1, 5)},
}
_NORMAL = _Type()
_FEWEST = 2  # lines of a paragraph that stand together
_PADDING = 8.0
_ABOVE, _SPARE = 6.0, 10.0
_SMALLEST = 0.7
_AROUND_CELL = 4.0
_NARROWER = 0.08


@dataclass(slots=True)
class Pages:
    """Follow how far a page of a `height`, in points, is filled; `kept` goes wherever the next thing goes."""

    width: float
    height: float
    at: float = 0.0
    kept: float = 0.0

    def paragraph(self, content: Sequence[Inline], style: str, *, keeps: bool) -> float:
        """Set a paragraph; give its height."""
        kind = _TYPES.get(style, _NORMAL)
        lines = _lines_of(content, (self.width / kind.size), kind.indent)
        height = lines * kind.line + kind.around
        if keeps or kind.keeps:
            self.kept += height
            return height
        self._place(min(lines, _FEWEST) * kind.line + kind.around)
        for _ in range(lines - _FEWEST):
            self._place(kind.line)
        return height

    def rows(self, rows: Sequence[Row], heads: int, widths: Sequence[float], size: float) -> list[float]:
        """Set the rows of a table, none of them split, its head on each page; give their heights."""
        heights = [_height(row, widths, size) for row in rows]
        head = sum(heights[:heads])
        self.kept += head
        for number, height in enumerate(heights[heads:]):
            if self._place(height) and number:  # the first row takes the head along
                self.at += head
        self._place(0.0)
        return heights

    def picture(self, width: float, ratio: float, below: float) -> float:
        """Set a picture with what stands `below` it; give its width: the one it is asked for, or less."""
        room = self.height - self.at - self.kept - below - _ABOVE - _SPARE
        fitting = min(width, room / ratio) if ratio else width
        if fitting < width * _SMALLEST:
            self.at, fitting = 0.0, width
        self.at += self.kept + _ABOVE + fitting * ratio
        self.kept = 0.0
        return fitting

    def below(self, caption: Sequence[Inline]) -> float:
        """Give the height of a caption."""
        kind = _TYPES["Caption"]
        return _lines_of(caption, self.width / kind.size, 0.0) * kind.line + kind.around if caption else 0.0

    def _place(self, height: float) -> bool:
        """Place what cannot be parted; tell whether a new page was begun for it."""
        turned = self.at + self.kept + height > self.height
        self.at = (0.0 if turned else self.at) + self.kept + height
        self.kept = 0.0
        return turned


def _lines_of(content: Sequence[Inline], room: float, indent: float) -> int:
    """Count the lines of inline content on a page so many em wide."""
    lines: list[list[Inline]] = [[]]
    for node in content:
        if isinstance(node, Break):
            lines.append([])
        else:
            lines[-1].append(node)
    lengths = [_length("".join(texts_in(tuple(line)))) for line in lines]
    lengths[0] += indent
    return sum(max(ceil(length / room), 1) for length in lengths)


def _length(text: str) -> float:
    """Measure a text in em, its Latin letters as narrow as Word's are."""
    return ems(text) - _NARROWER * len(text.encode("ascii", "ignore"))


def _height(row: Row, widths: Sequence[float], size: float) -> float:
    """Estimate the height of a row; a cell that goes on into the next ones takes the room of all of them."""
    highest = 0.0
    for cell in row.cells:
        room = max(sum(widths[cell.column : cell.column + cell.across]) - _PADDING, size) / size
        lines = [max(ceil(_length("".join(texts_in(block))) / room), 1) for block in cell.content] or [1]
        highest = max(highest, (sum(lines) * size * _SINGLE + len(lines) * _AROUND_CELL) / cell.down)
    return highest
