"""Texts on a page of which nothing is ruled: chunks, the white rivers between them, and their lines."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from perfkit.readers.positions import Glyph, joined
from perfkit.text import say

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from perfkit.language import Text

PAGE = 100_000.0  # how far below the page before it a page is put, so that all make one tall page
_APART = 0.35
_APART_LATIN = 0.5
CLOSE = 0.55
_ALIGNED = 0.7
_HAIR = 0.1


@dataclass(frozen=True, slots=True)
class Pages:
    """Hold the numbers of the pages read, and of a text the number of the first line on each."""

    numbers: tuple[int, ...]
    lines: tuple[int, ...] = ()
    pitch: float = 1.0  # from one line of a text to the next

    def place(self, y: float) -> str:
        """Give the place of a height."""
        page, below = divmod(y, PAGE)
        if self.lines:
            return f"line {self.lines[int(page)] + int(below / self.pitch)}"
        return f"page {self.numbers[int(page)]}"


@dataclass(frozen=True, slots=True)
class Chunk:
    """Hold characters of one line that no wide gap parts."""

    glyphs: tuple[Glyph, ...]

    @property
    def text(self) -> str:
        """Give the printed text."""
        return joined([self.glyphs])

    @property
    def x0(self) -> float:
        """Give the left end."""
        return self.glyphs[0].x0

    @property
    def x1(self) -> float:
        """Give the right end."""
        return self.glyphs[-1].x1

    @property
    def y(self) -> float:
        """Give the middle of the line."""
        return sum(glyph.y for glyph in self.glyphs) / len(self.glyphs)

    @property
    def size(self) -> float:
        """Give the height."""
        return self.glyphs[0].size


Row = list[Chunk]


def chunks_of(line: Sequence[Glyph]) -> Row:
    """Part a line at its wide gaps."""
    chunks: list[list[Glyph]] = []
    for glyph in line:
        if not glyph.text.strip():
            continue
        if chunks and glyph.x0 - chunks[-1][-1].x1 <= glyph.size * _apart(chunks[-1][-1], glyph):
            chunks[-1].append(glyph)
        else:
            chunks.append([glyph])
    return [Chunk(tuple(chunk)) for chunk in chunks]


def _apart(before: Glyph, glyph: Glyph) -> float:
    """Give the gap, in heights of a character, that parts two texts: words of Latin script stand apart."""
    return _APART_LATIN if before.text.isascii() and glyph.text.isascii() else _APART


def is_page_number(row: Row, *, at_an_end: bool) -> bool:
    """Tell whether a line holds nothing but the number of its page; a bare figure is one at a page's end."""
    if len(row) > 1 or not re.fullmatch(r"[-—–\s第页共/0-9]*", row[0].text):
        return False
    return at_an_end or not row[0].text.isdigit()


def cut_at_edges(rows: Sequence[Row]) -> list[Row]:
    """Cut texts that run into each other where other lines of the region begin."""
    lefts = sorted(chunk.x0 for row in rows for chunk in row)
    edges = [a for a, b in pairwise(lefts) if b - a < _ALIGNED]
    return [[part for chunk in row for part in _cut(chunk, edges)] for row in rows]


def _cut(chunk: Chunk, edges: Sequence[float]) -> list[Chunk]:
    parts: list[list[Glyph]] = [[chunk.glyphs[0]]]
    for before, glyph in zip(chunk.glyphs, chunk.glyphs[1:], strict=False):
        apart = glyph.x0 - before.x1 > glyph.size * _HAIR
        if apart and any(abs(glyph.x0 - edge) < _ALIGNED for edge in edges):
            parts.append([])
        parts[-1].append(glyph)
    return [Chunk(tuple(part)) for part in parts]


def place_of(chunk: Chunk, pages: Pages) -> str:
    """Give the place of a text: its page, or its line."""
    return pages.place(chunk.y)


def lost(rows: Sequence[Row], placed: Collection[int], pages: Pages) -> tuple[tuple[str, str, Text], ...]:
    """List the texts of a region that went into no cell; `placed` holds the identity of those that did."""
    rest = ([chunk for chunk in row if id(chunk) not in placed] for row in rows)
    return tuple(
        (place_of(row[0], pages), " | ".join(chunk.text for chunk in row), say("expected.row_or_column"))
        for row in rest
        if row
    )


def rivers(rows: Sequence[Row]) -> list[float]:
    """Give the left ends of columns: where text begins again after white space down the whole region."""
    spans = sorted((chunk.x0, chunk.x1) for row in rows for chunk in row)
    starts: list[float] = []
    reach = float("-inf")
    for left, right in spans:
        if left > reach:
            starts.append(left)
        reach = max(reach, right)
    return starts


def blocks(chunks: Sequence[Chunk]) -> list[list[Chunk]]:
    """Group the lines of a column into cells: lines closer than half a line are one."""
    blocks: list[list[Chunk]] = []
    for chunk in chunks:
        gap = chunk.glyphs[0].top - blocks[-1][-1].glyphs[0].bottom if blocks else float("inf")
        if gap < chunk.size * CLOSE:
            blocks[-1].append(chunk)
        else:
            blocks.append([chunk])
    return blocks
