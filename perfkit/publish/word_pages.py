"""Where pages end: what closes a run of pages stays together; in Word, a figure takes the room that is left.

Only Word knows where its pages end. But Chinese characters are all one em wide and lines of official
documents have a fixed height, so that an estimate is good to a line or two. It decides how large figures are,
no more: a figure that would leave a page half empty above it is set smaller, as far as its letters stay
readable.

Before a page that is begun by force, and at the end, a page could hold three lines. Wherever it falls, what
closes it goes to it together: a third of a page. That holds whatever fonts a machine has.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING

from perfkit.publish.blocks import Break, texts_in
from perfkit.publish.cleaning import ems

if TYPE_CHECKING:
    from collections.abc import Sequence

    from perfkit.publish.blocks import Inline, Row


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
        lines = _lines(content, (self.width / kind.size), kind.indent)
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
        return _lines(caption, self.width / kind.size, 0.0) * kind.line + kind.around if caption else 0.0

    def _place(self, height: float) -> bool:
        """Place what cannot be parted; tell whether a new page was begun for it."""
        turned = self.at + self.kept + height > self.height
        self.at = (0.0 if turned else self.at) + self.kept + height
        self.kept = 0.0
        return turned


def _lines(content: Sequence[Inline], room: float, indent: float) -> int:
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
