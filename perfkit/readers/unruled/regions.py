"""Texts on a page of which nothing is ruled: chunks, white rivers between them, regions with headings.

A line belongs to the heading where each of its texts is a heading, alone or with what stands right above and
below it; `90%。` above 二级指标 is none, and neither is the first name below 三级指标.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from perfkit.readers.layout.columns import heads_listing
from perfkit.readers.layout.record import money, number
from perfkit.readers.layout.words import column_role, is_title, is_total, key, label_role, squeeze
from perfkit.readers.positions import Glyph, joined
from perfkit.text import say

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

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
    glyphs = [glyph for glyph in line if glyph.text.strip()]
    chunks: list[list[Glyph]] = []
    for n, glyph in enumerate(glyphs):
        if chunks and glyph.x0 - glyphs[n - 1].x1 <= glyph.size * _apart(glyphs, n):
            chunks[-1].append(glyph)
        else:
            chunks.append([glyph])
    return [Chunk(tuple(chunk)) for chunk in chunks]


def _apart(glyphs: Sequence[Glyph], n: int) -> float:
    """Give the gap before a character, in heights of one, that parts two texts.

    Words of Latin script stand apart, two figures do not. Programs put a blank between figures and Han
    characters too (项目 10 个); a figure that nothing follows is likely that of the next column.
    """
    before, glyph = glyphs[n - 1].text, glyphs[n].text
    if before.isascii() and glyph.isascii():
        return _APART if before.isdigit() and glyph.isdigit() else _APART_LATIN
    if before.isascii():
        return _APART_LATIN
    end = next((at for at in range(n, len(glyphs)) if not glyphs[at].text.isascii()), len(glyphs))
    ascii_ = glyph.isascii() and end < len(glyphs)
    follows = ascii_ and glyphs[end].x0 - glyphs[end - 1].x1 <= glyphs[n].size * _APART_LATIN
    return _APART_LATIN if follows else _APART


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


def columns_under(
    band: Sequence[Row], body: Sequence[Row], starts: Sequence[float], kind: str
) -> list[float]:
    """Give the left ends of the columns of a text under its headings, one for each.

    Between two headings that stand side by side the column begins where the fewest texts are cut; left of
    the first one that is known the rivers hold.
    """
    heads: list[list[Chunk]] = []
    for chunk in sorted((chunk for row in band for chunk in row), key=lambda chunk: chunk.x0):
        if heads and chunk.x0 < max(other.x1 for other in heads[-1]):
            heads[-1].append(chunk)
        else:
            heads.append([chunk])
    known = [n for n, head in enumerate(heads) if column_role(_stacked(head), kind)]
    stacks = [(min(c.x0 for c in head), max(c.x1 for c in head)) for head in heads[min(known, default=0) :]]
    if len(stacks) < _HEADINGS:
        return list(starts)
    spans = [(chunk.x0, chunk.x1) for row in [*band, *body] for chunk in row]
    found = [start for start in starts if start <= stacks[0][0]]
    for (left, reach), (x0, x1) in pairwise(stacks):
        spots = {x for span in spans for x in span if (left + reach) / 2 < x <= (x0 + x1) / 2} | {x0}
        cuts = {x: sum(max(0.0, min(x - a, b - x)) for a, b in spans) for x in spots}
        begin = {x for span in spans for x in span[:1]}
        found.append(min(spots, key=lambda x: (cuts[x], x not in begin, abs(x - x0))))
    return found


def _stacked(head: Sequence[Chunk]) -> str:
    return key("".join(chunk.text for chunk in sorted(head, key=lambda chunk: (chunk.y, chunk.x0))))


def cut_at(rows: Sequence[Row], starts: Sequence[float]) -> list[Row]:
    """Part a text that has a blank where a column begins in which no other text of its line stands."""
    cut: list[Row] = []
    for row in rows:
        parts: Row = []
        for chunk, after in zip(row, [*(other.x0 for other in row[1:]), float("inf")], strict=True):
            free = [a for a, b in pairwise([*starts, float("inf")]) if not a <= after < b]
            parts += _cut_near(chunk, free)
        cut.append(parts)
    return cut


def _cut_near(chunk: Chunk, starts: Sequence[float]) -> list[Chunk]:
    parts: list[list[Glyph]] = [[chunk.glyphs[0]]]
    for before, glyph in pairwise(chunk.glyphs):
        wide = glyph.x1 - glyph.x0
        near = any(before.x1 - wide <= start <= glyph.x0 + wide for start in starts)
        if near and glyph.x0 - before.x1 >= wide * (1 - _HAIR):
            parts.append([])
        parts[-1].append(glyph)
    return [Chunk(tuple(part)) for part in parts]


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


# the heading of a table that nobody ruled: the line that opens it, and those that its cells wrap to


BAND = 1.8
_REACH = 3
_OF_A_BLOCK = re.compile(
    "[年度绩效总体目标指项资金万元()（）]{1,4}"
)  # a line of 项目资金, which runs down beside its rows
_OF_A_ROW = re.compile("[，。；,;0-9]")  # what headings do not hold
_BRACKETED = re.compile(r"[(（].{1,12}[)）]")


def heading_band(rows: Sequence[Row], opening: int, kind: str) -> range:
    """Give the numbers of the lines of the heading that a line opens."""
    reach = rows[opening][0].size * BAND
    near = [n for n, row in enumerate(rows[: opening + 1]) if rows[opening][0].y - row[0].y < reach]
    for n in range(opening + 1, min(len(rows), opening + _REACH + 1)):
        if rows[n][0].y - rows[n - 1][0].y >= reach:
            break
        near.append(n)
    chunks = sorted((chunk for number in near for chunk in rows[number]), key=lambda chunk: chunk.y)
    first, last = opening, opening
    while first - 1 in near and _is_heading(rows[first - 1], chunks, kind):
        first -= 1
    while last + 1 in near and _is_heading(rows[last + 1], chunks, kind):
        last += 1
    return range(first, last + 1)


def _is_heading(row: Row, chunks: Sequence[Chunk], kind: str) -> bool:
    stacks = [(chunk, [c for c in chunks if c.x0 < chunk.x1 and chunk.x0 < c.x1]) for chunk in row]
    found = [_heads(chunk, stack, kind) for chunk, stack in stacks]
    others = [chunk for chunk, heads in zip(row, found, strict=True) if not heads]
    if len(row) == 1 and _is_whole_below(row[0], stacks[0][1], kind):
        return False
    return any(found) and all(_OF_A_BLOCK.fullmatch(squeeze(chunk.text)) for chunk in others)


def _is_whole_below(chunk: Chunk, stack: Sequence[Chunk], kind: str) -> bool:
    """Tell whether a heading stands below a text that is whole without it: the text ends what is above."""
    below = [other for other in stack if other.y > chunk.y][:1]
    joint = "".join(other.text for other in (chunk, *below))
    return (
        bool(below)
        and column_role(key(below[0].text), kind) is not None
        and not column_role(key(joint), kind)
    )


def _heads(chunk: Chunk, stack: Sequence[Chunk], kind: str) -> bool:
    """Tell whether a text is part of a heading, given all that stands above and below it."""
    if _BRACKETED.fullmatch(squeeze(chunk.text)):
        return True
    if _OF_A_ROW.search(chunk.text):
        return False
    at = next(number for number, other in enumerate(stack) if other is chunk)
    for first in range(at + 1):
        for last in range(at, len(stack)):
            match = column_role(key("".join(c.text for c in stack[first : last + 1])), kind)
            if match is not None and match.firm:
                return True
    return False


# the regions of a form without rules: head, money, goals, indicators, each with columns of its own


_HEADINGS = 3
_OPENS = 99  # a label may have any rank where it opens its line
FIGURES = {
    "budget": frozenset({"initial", "adjusted", "executed", "weight", "score", "rate"}),
    "columns": frozenset({"weight", "score"}),
}


def kind_of(row: Row) -> str:
    """Tell which region a line opens: budget, columns (the indicators), goals, text; "" for none."""
    keys = [key(chunk.text) for chunk in row]
    if heads_listing(keys):
        return "listing"
    roles = {match.role for k in keys if (match := column_role(k, "budget"))}
    if ({"adjusted", "executed"} <= roles or {"initial", "adjusted"} <= roles) and not _answered(row):
        return "budget"
    columns = {match.role for k in keys if (match := column_role(k)) and not match.aside}
    if len(columns) >= _HEADINGS and columns & {"target", "actual", "name", "value", "goal"}:
        return "columns"
    labels = {
        match.role for n, k in enumerate(keys) if (match := label_role(k)) and match.rank < (n or _OPENS)
    }
    if labels & {"expected", "outcome"}:
        return "goals"
    if labels & {"project", "department", "notes"} or is_title(row[0].text):
        return "text"
    return ""


def _answered(row: Row) -> bool:
    """Tell whether an amount stands right of a money label: then the line is no heading."""
    return any(
        column_role(key(label.text), "budget") and money(beside.text, "元") is not None
        for label, beside in pairwise(row)
    )


def regions(rows: Sequence[Row]) -> Iterator[tuple[str, list[Row]]]:
    """Part the lines into regions, each with the kind of the line that opens it."""
    kind, region = "text", list[Row]()
    for at, row in enumerate(rows):
        opened = kind_of(row) or ("goals" if kind == "budget" and _opens_goals(rows, at) else "")
        if opened and opened != kind:
            above = _upper_heading(rows, at, opened, region) if opened in FIGURES else []
            yield kind, region[: len(region) - len(above)]
            kind, region = opened, above
        region.append(row)
        if kind == "listing":
            region = []
        if kind == "columns" and _is_total(row) and not _goes_on(rows, at + 1):
            yield kind, region
            kind, region = "text", []
    yield kind, region


def _opens_goals(rows: Sequence[Row], at: int) -> bool:
    """Tell whether the label of a goal, torn over lines, begins a line."""
    stack = [row[0] for row in rows[at : at + _REACH]]
    below = [chunk for chunk in stack if chunk.x0 < stack[0].x1 and stack[0].x0 < chunk.x1]
    texts = [[key("".join(c.text for c in below[n:count])) for n in (0, 1)] for count in (2, 3)]
    return any(_is_goal(text) and not _is_goal(rest) for text, rest in texts)


def _is_goal(text: str) -> bool:
    match = label_role(text)
    return match is not None and match.role in {"expected", "outcome"}


def _is_total(row: Row) -> bool:
    return any(is_total(chunk.text) for chunk in row[:2])  # further right 自评得分 heads a column


def _goes_on(rows: Sequence[Row], first: int) -> bool:
    """Tell whether rows follow on a total, which then is that of a level."""
    for row in rows[first:]:
        if kind_of(row) or label_role(key(row[0].text)):
            return False
        if sum(number(chunk.text) is not None for chunk in row) > 1 and not _is_total(row):
            return True
    return False


def _upper_heading(rows: Sequence[Row], opening: int, kind: str, region: Sequence[Row]) -> list[Row]:
    """Take back from the region above the upper lines of a heading whose cells are wrapped."""
    count = opening - heading_band(rows, opening, kind).start
    return list(region[len(region) - min(count, len(region)) :])
