"""A table that nobody ruled: each row is anchored by the figures on its line, and gets its share.

A wrapped text belongs to the row whose anchor is nearest to its middle, and a level label to the rows
that it stands in the middle of.

A label stands in the middle of the rows that it holds, or beside the first of them. Both are tried on the
whole page, with every way to part the column's lines into labels; the least cost wins, in points on paper.

A program puts the text of a cell in the middle of its row, or at its top, and the figures of the row with
it. So lines that follow each other without a gap are parted where each part is centred on a row's figures,
or begins beside them: whichever fits the whole column better.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import replace
from itertools import pairwise
from math import inf
from typing import TYPE_CHECKING

from perfkit.readers.grid import Cell, Grid
from perfkit.readers.layout.flattened.levels import is_level_name
from perfkit.readers.layout.record import money, number
from perfkit.readers.layout.words import (
    column_role,
    is_blank,
    is_fund_name,
    is_subtotal,
    is_template,
    is_total,
    key,
)
from perfkit.readers.positions import joined
from perfkit.readers.unruled.regions import (
    CLOSE,
    FIGURES,
    PAGE,
    Chunk,
    Pages,
    Row,
    blocks,
    columns_under,
    cut_at,
    heading_band,
    kind_of,
    lost,
    place_of,
    rivers,
)
from perfkit.text import say

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    Line = list[Chunk]
    Span = tuple[list[Chunk], int, int]
    Place = tuple[float, float, float]  # the upper and the lower end of a row, and the height of its figures
    State = tuple[float, tuple[tuple[int, int, int, int], ...]]


_TALLEST = 6  # lines of a label
_MOST = 60_000  # lines times rows; a column of more is no form's
_REACH = 6.0  # how far a label may stand from the middle of its rows, in heights of a character
_STRANGE = 0.75  # what a label costs that the official form does not print, in heights of a character
_CUT = 0.2  # how far the height of the last label tells where its rows end, if they go on over the page
_BARE = 1.0  # and a row above the first label, whose own label is on the page before


def labels(
    lines: Sequence[Line], edges: Sequence[tuple[float, float]], anchors: Sequence[float] = ()
) -> list[Span]:
    """Give each label with the first row that it holds and the one behind the last.

    `lines` are the column's, from the top; `edges` the upper and the lower end of every row, `anchors` the
    heights of its figures, the middle where none are given.
    """
    anchors = anchors or [sum(edge) / 2 for edge in edges]
    found: list[Span] = []
    for page in dict.fromkeys(int(line[0].y // PAGE) for line in lines):
        own = [line for line in lines if int(line[0].y // PAGE) == page]
        rows = [n for n, (top, _) in enumerate(edges) if int(top // PAGE) == page]
        cut = bool(rows) and rows[-1] + 1 < len(edges)
        places = [(*edges[n], anchors[n]) for n in rows]
        found += _on_page(own, rows, places, cut=cut) if rows else []
    return found


def _on_page(lines: Sequence[Line], rows: Sequence[int], edges: Sequence[Place], *, cut: bool) -> list[Span]:
    if len(lines) * len(rows) > _MOST:
        return []
    costs = _costs(lines)
    ways = [(centred, _CUT if cut else 1.0) for centred in (True, False)]
    options = [found for way in ways if (found := _least(lines, edges, costs, *way))]
    if not options:
        return []
    return [
        ([chunk for line in lines[a:b] for chunk in line], rows[first], rows[last - 1] + 1)
        for a, b, first, last in min(options)[1]
    ]


def _costs(lines: Sequence[Line]) -> dict[tuple[int, int], float]:
    """Give what it costs to take the lines from one up to another for one label."""
    size = lines[0][0].size
    costs: dict[tuple[int, int], float] = {}
    for a in range(len(lines)):
        for b in range(a + 1, min(len(lines), a + _TALLEST) + 1):
            strange = 0.0 if _is_whole(lines[a:b]) else _STRANGE
            blanks = [
                below[0].glyphs[0].top - above[0].glyphs[0].bottom for above, below in pairwise(lines[a:b])
            ]
            costs[a, b] = strange * size + sum(blank for blank in blanks if blank >= size * CLOSE)
    return costs


def _least(
    lines: Sequence[Line],
    edges: Sequence[Place],
    costs: dict[tuple[int, int], float],
    centred: bool,  # noqa: FBT001  one of two ways, which are tried in turn
    faith: float,
) -> State | None:
    """Give the cheapest way to part the lines into labels, and the rows among them, if there is any."""
    bare = _BARE * lines[0][0].size
    heights = [line[0].y for line in lines]
    best: dict[tuple[int, int], State] = {(0, row): (row * bare, ()) for row in range(len(edges))}
    reached = _centred if centred else _beside
    for a in range(len(lines)):
        states = [best.get((a, first)) for first in range(len(edges))]
        for b in range(a + 1, min(len(lines), a + _TALLEST) + 1):
            trust = faith if b == len(lines) else 1.0
            reach = _REACH * lines[0][0].size if trust == 1.0 else inf
            spots = (heights[a], (heights[a] + heights[b - 1]) / 2)
            for first, last, off in reached(states, edges, spots, reach, trust):
                before = states[first]
                cost = before[0] + costs[a, b] + off if before else inf
                if before and ((b, last) not in best or cost < best[b, last][0]):
                    best[b, last] = (cost, (*before[1], (a, b, first, last)))
    ends = [
        (cost + (bare * faith if last < len(edges) else 0.0), (*spans[:-1], (*spans[-1][:3], len(edges))))
        for (end, last), (cost, spans) in best.items()
        if end == len(lines)
    ]
    return min(ends, default=None)  # below the last label, rows have none of their own: a page break cut it


def _centred(
    states: Sequence[State | None],
    edges: Sequence[Place],
    spots: tuple[float, float],
    reach: float,
    trust: float,
) -> Iterator[tuple[int, int, float]]:
    """Give the spans of rows whose middle a label is near enough to, each with what the way to it costs."""
    ends, middle = [bottom for _, bottom, _ in edges], spots[1]
    for first, state in enumerate(states):
        if state is not None:
            top = edges[first][0]
            lowest = max(bisect_left(ends, 2 * (middle - reach) - top), first)
            for last in range(lowest, len(edges)):
                spot = (top + ends[last]) / 2
                if spot > middle + reach:
                    break
                yield first, last + 1, abs(middle - spot) * trust


def _beside(
    states: Sequence[State | None],
    edges: Sequence[Place],
    spots: tuple[float, float],
    reach: float,
    trust: float,
) -> Iterator[tuple[int, int, float]]:
    """Give for each row that may be the last the best of those whose figures a label may stand beside."""
    least, best = inf, None
    for first, state in enumerate(states):
        off = min(abs(spot - edges[first][2]) for spot in spots)
        if state is not None and off <= reach and state[0] + off * trust < least:
            least, best = state[0] + off * trust, (first, off * trust)
        if best is not None:
            yield best[0], first + 1, best[1]


def _is_whole(lines: Sequence[Line]) -> bool:
    text = joined([chunk.glyphs for line in lines for chunk in line])
    return is_level_name(text) and not text.startswith(("（", "("))  # the points end the label above


# the lines of a column shared out among the rows of a table that nobody ruled


_LINE = 0.5  # how much of a height may part two texts of one line
_HAIR = 0.3  # how far from a line another one stands at least, in heights of a character
_WIDER = 1.4  # how much wider than the least distance of two lines a gap is
_GAP = 2.0  # what it costs to join lines over a gap, in heights of a character
_MOST_LINES = 20  # lines that a cell may have above its figures or below them
_WORST_SHARES = 10.0  # what a column costs at most that stands in no such way, in heights of a character


def shared(
    chunks: Sequence[Chunk], anchors: Sequence[float], *, centred: bool | None = None
) -> dict[int, list[Chunk]]:
    """Give the texts of each row by its number; `anchors` are the heights of the rows' figures.

    `centred` tells how cells stand where this column alone does not tell.
    """
    rows: dict[int, list[Chunk]] = {}
    for lines, numbers in _by_page(chunks, anchors):
        if not numbers:
            nearest = min(range(len(anchors)), key=lambda n: abs(anchors[n] - lines[0][0].y), default=None)
            parts = {} if nearest is None else {nearest: lines}
        else:
            found = parted(lines, [anchors[n] for n in numbers], centred=centred)
            parts = {numbers[n]: part for n, part in found.items()}
        for at, part in parts.items():
            rows.setdefault(at, []).extend(chunk for line in part for chunk in line)
    return rows


def _by_page(
    chunks: Sequence[Chunk], anchors: Sequence[float]
) -> Iterator[tuple[list[list[Chunk]], list[int]]]:
    """Give the lines of a column page by page, and the numbers of the rows there."""
    for page in dict.fromkeys(int(chunk.y // PAGE) for chunk in chunks):
        lines = lines_in([chunk for chunk in chunks if int(chunk.y // PAGE) == page])
        yield lines, [n for n, anchor in enumerate(anchors) if int(anchor // PAGE) == page]


def are_centred(columns: Iterable[Sequence[Chunk]], anchors: Sequence[float]) -> bool | None:
    """Tell whether the columns of a table together stand better in the middle of their rows or at the top."""
    costs = [0.0, 0.0]
    for chunks in columns:
        for lines, numbers in _by_page(chunks, anchors):
            worst = _WORST_SHARES * lines[0][0].size
            for n, centred in enumerate((True, False)):
                found = (
                    _least_shares(lines, [anchors[m] for m in numbers], centred=centred) if numbers else None
                )
                costs[n] += min(worst, found[0]) if found else worst
    return None if costs[0] == costs[1] else costs[0] < costs[1]


def fits(chunks: Sequence[Chunk], anchor: float, slack: float) -> bool:
    """Tell whether wrapped lines are centred on their row's figures or begin there, as programs put them."""
    lines = lines_in(chunks)
    spots = ((lines[0][0].y + lines[-1][0].y) / 2, lines[0][0].y)
    return len(lines) == 1 or min(abs(spot - anchor) for spot in spots) <= slack * chunks[0].size


def lines_in(chunks: Sequence[Chunk]) -> list[list[Chunk]]:
    """Give the texts of a column line by line."""
    lines: list[list[Chunk]] = []
    for chunk in sorted(chunks, key=lambda chunk: (chunk.y, chunk.x0)):
        if lines and chunk.y - lines[-1][0].y < chunk.size * _LINE:
            lines[-1].append(chunk)
        else:
            lines.append([chunk])
    return lines


def parted(
    lines: Sequence[list[Chunk]], anchors: Sequence[float], *, centred: bool | None = None
) -> dict[int, list[list[Chunk]]]:
    """Part lines among the rows of their page, centred or from the top, at the least cost.

    Of two ways that cost as much it is that of the whole table (`centred`).
    """
    ways = (False, True) if centred is False else (True, False)
    options = [found for way in ways if (found := _least_shares(lines, anchors, centred=way))]
    if not options:
        return _nearest(lines, anchors)
    ends = min(options, key=lambda option: option[0])[1]
    spans = pairwise([0, *ends])
    return {n: list(lines[first:end]) for n, (first, end) in enumerate(spans) if first < end}


def _nearest(lines: Sequence[list[Chunk]], anchors: Sequence[float]) -> dict[int, list[list[Chunk]]]:
    """Give each line to the row nearest to it."""
    rows: dict[int, list[list[Chunk]]] = {}
    for line in lines:
        nearest = min(range(len(anchors)), key=lambda n: abs(anchors[n] - line[0].y))
        rows.setdefault(nearest, []).append(line)
    return rows


def _least_shares(
    lines: Sequence[list[Chunk]], anchors: Sequence[float], *, centred: bool
) -> tuple[float, list[int]] | None:
    """Give the least cost, and behind which line each row ends; None where a line is far from every row."""
    heights = [line[0].y for line in lines]
    size = lines[0][0].size
    reach, hair = _MOST_LINES * size, _HAIR * size
    pitch = min((b - a for a, b in pairwise(heights)), default=0.0)
    gaps = [0.0]  # what joining all lines up to each one costs
    for above, below in pairwise(heights):
        gaps.append(gaps[-1] + (_GAP * size if below - above > pitch * _WIDER else 0.0))
    best: dict[int, tuple[float, list[int]]] = {0: (0.0, [])}
    bounds = [anchors[0] - reach, *anchors, anchors[-1] + reach]
    for above, anchor, below in zip(bounds, anchors, bounds[2:], strict=False):
        step = {end: (cost, [*ends, end]) for end, (cost, ends) in best.items()}  # the row is empty
        for first, (cost, ends) in best.items():
            for end in range(first + 1, len(lines) + 1):
                if heights[first] < above + hair or heights[end - 1] > below - hair:
                    break  # a cell ends before the figures of the next row
                spot = (heights[first] + heights[end - 1]) / 2 if centred else heights[first]
                total = cost + abs(spot - anchor) + gaps[end - 1] - gaps[first]
                if end not in step or total < step[end][0]:
                    step[end] = (total, [*ends, end])
        best = {
            end: found
            for end, found in step.items()
            if end == len(lines) or heights[end] >= anchor + hair  # else the line finds no row
        }
    return best.get(len(lines))


# A table that nobody ruled: each row is anchored by the figures on its line


_ALIKE = 0.6
_SAME = 4.0  # what it costs that two texts of a line stand in one column, in heights of a character
_CLOSE_ROWS = 0.8
_SLACK = 0.4  # how far a text may stand from where it belongs, in heights of a character
_SLACK_OF_TEXT = 0.8  # and in a text, whose lines are whole
_SHARED = say("expected.lines_of_row")
_LEVELS = frozenset({"level1", "level2"})
_ANSWERS = frozenset({"target", "actual"})


class Table:
    """Read one table: its heading band, its columns, and its rows by their anchors."""

    def __init__(self, kind: str, rows: list[Row], pages: Pages) -> None:
        self.kind = kind
        self.pages = pages
        self.rows = rows
        self._slack = _SLACK_OF_TEXT if pages.lines else _SLACK
        heads = _heads(kind, rows)
        bands = [heading_band(rows, head, kind) for head in heads]
        band = rows[bands[0].start : bands[0].stop]
        again = [rows[n] for other in bands[1:] for n in other]
        body = [row for n, row in enumerate(rows) if not any(n in each for each in bands)]
        self.total = [row for row in body if kind != "budget" and _is_sum(row)]
        body = [row for row in body if row not in self.total]
        self.starts = rivers([*band, *body])
        if pages.lines:  # a program that counts places puts a text one or two too far left or right
            self.starts = columns_under(band, body, self.starts, kind)
            cut = cut_at([*band, *body], self.starts)
            band, body = cut[: len(band)], cut[len(band) :]
            self.rows = [*band, *body, *self.total, *again]
        self.roles: dict[int, str] = {}
        self.heading = self._by_column(band)
        prompts = {id(chunk) for row in body for chunk in row if _is_prompt(chunk.text)}
        self.placed = {*prompts, *(id(chunk) for row in again for chunk in row)}
        self.roles |= {
            n: m.role for n in self.heading if (m := column_role(key(self._text(self.heading[n])), kind))
        }
        self.body = self._by_column([[c for c in row if id(c) not in prompts] for row in body])

    def _by_column(self, rows: Sequence[Row]) -> dict[int, list[Chunk]]:
        columns: dict[int, list[Chunk]] = {}
        for row in rows:
            for chunk, column in zip(row, self._columns(row), strict=True):
                columns.setdefault(column, []).append(chunk)
        return {n: sorted(found, key=lambda c: (c.y, c.x0)) for n, found in columns.items()}

    def _column(self, chunk: Chunk) -> int:
        """Give the column that a chunk lies in for the most part."""
        ends = [*self.starts[1:], float("inf")]
        overlaps = [
            min(chunk.x1, end) - max(chunk.x0, start) for start, end in zip(self.starts, ends, strict=True)
        ]
        return max(range(len(overlaps)), key=lambda n: overlaps[n])

    def _columns(self, row: Row, *, total: bool = False) -> list[int]:
        """Give the column of each text of a line.

        A text's lines are shifted against each other: there it is the way from left to right that leaves the
        columns least, where no figure's column holds words, and no other one the figures of a total.
        """
        plain = [self._column(chunk) for chunk in row]
        odd = total and any(
            number(chunk.text) is not None and self.roles.get(n) not in FIGURES[self.kind]
            for chunk, n in zip(row, plain, strict=True)
        )
        if not self.pages.lines or (plain == sorted({*plain}) and not odd):
            return plain
        ways: dict[int, tuple[float, list[int]]] = {-1: (0.0, [])}
        for chunk in row:
            step: dict[int, tuple[float, list[int]]] = {}
            for column in range(len(self.starts)):
                found = [
                    (cost + (_SAME if before == column else 0.0), taken)
                    for before, (cost, taken) in ways.items()
                    if before <= column
                ]
                if found:
                    cost, taken = min(found)
                    own = self._outside(chunk, column, total=total)
                    step[column] = (cost + own, [*taken, column])
            ways = step
        return min(ways.values())[1]

    def _outside(self, chunk: Chunk, column: int, *, total: bool) -> float:
        """Say how far a text leaves a column, in heights of a character, and whether it is none for it."""
        start, end = [*self.starts, float("inf")][column : column + 2]
        out = max(0.0, start - chunk.x0) + max(0.0, chunk.x1 - end)
        points = self.kind == "columns"
        figure = number(chunk.text) is not None if points else _is_figure(chunk.text)
        below = self.roles.get(column) in FIGURES[self.kind]
        strange = (below and not figure) or (total and figure and not below)
        return out / chunk.size + (_SAME if strange else 0.0)

    @staticmethod
    def _text(chunks: Sequence[Chunk]) -> str:
        return joined([chunk.glyphs for chunk in chunks])

    def grid(self) -> Grid:
        """Give the table as rows of cells, the heading first."""
        anchors = self._anchors()
        beside = {column for column in self.body if self._is_block(column)}  # the label of the block
        cells = [
            self._cell(found, 0, column) for column, found in self.heading.items() if column not in beside
        ]
        edges = [(anchor, anchor) for anchor in anchors]
        doubts: list[Cell] = []
        texts = [n for n in self.body if n not in beside and self.roles.get(n) not in _LEVELS]
        centred = are_centred((self.body[n] for n in texts), anchors)
        for column, chunks in self.body.items():
            if column in beside:
                label = [*self.heading.get(column, ()), *chunks]
                cells.append(self._cell(label, 0, column, 1 + max(1, len(anchors))))
            elif column in texts:
                for n, found in sorted(shared(chunks, anchors, centred=centred).items()):
                    cells.append(self._cell(found, n + 1, column))
                    edges[n] = _wider(edges[n], found)
                    doubts += [] if fits(found, anchors[n], self._slack) else [cells[-1]]
        for column in (n for n in self.body if self.roles.get(n) in _LEVELS):
            for label, first, end in labels(lines_in(self.body[column]), _met(edges), anchors):
                cells.append(self._cell(label, first + 1, column, end - first))
        cells = _moved(cells, [sum(row[0].y < anchor for row in self.total) for anchor in anchors])
        for n, row in enumerate(self.total, start=1):
            above = sum(anchor < row[0].y for anchor in anchors)
            for chunk, column in zip(row, self._columns(row, total=True), strict=True):
                cells.append(self._cell([chunk], above + n, column))
        unread = [
            *lost(self.rows, self.placed, self.pages),
            *((cell.place, cell.text, _SHARED) for cell in doubts),
        ]
        name = f"{self.kind} on page {self.pages.numbers[0]}"
        return Grid(tuple(cells), name, unread=tuple(unread), placed=True)

    def _cell(self, chunks: Sequence[Chunk], row: int, column: int, tall: int = 1) -> Cell:
        """Make a cell of some chunks, which are then accounted for."""
        self.placed |= {id(chunk) for chunk in chunks}
        return Cell(self._text(chunks), row, column, tall, place=place_of(chunks[0], self.pages))

    def _is_block(self, column: int) -> bool:
        """Tell whether a column holds the label of the whole block (项目资金, 绩效指标)."""
        if self.kind == "columns":
            return self.roles.get(column) in {None, "skip", "block"} and column < min(self.roles, default=0)
        names = [n for n in self.body if n < min(self.roles, default=0)]
        return column in sorted(names)[:-1]

    def _anchors(self) -> list[float]:
        """Give the heights of the rows: those of their figures, or of any text where there are none."""
        figures = [n for n, role in self.roles.items() if role in FIGURES[self.kind]]
        chunks = [c for n in figures for c in self.body.get(n, ()) if _is_figure(c.text)]
        chunks += self._sources() if self.kind == "budget" else []
        if not chunks and self.pages.lines:  # lines of a text touch: a row is where target and actual stand
            both = [{c.y for c in self.body.get(n, ())} for n, role in self.roles.items() if role in _ANSWERS]
            return sorted(set[float].intersection(*both)) if both else []
        if not chunks:
            best = next((n for n, role in self.roles.items() if role in {"actual", "target"}), None)
            texts = blocks(self.body.get(best, [])) if best is not None else []
            return sorted(sum(c.y for c in text) / len(text) for text in texts)
        heights: list[float] = []
        for chunk in sorted(chunks, key=lambda c: c.y):
            if not heights or chunk.y - heights[-1] > chunk.size * _CLOSE_ROWS:
                heights.append(chunk.y)
        return heights

    def _sources(self) -> list[Chunk]:
        """Give the names of money that stand whole on a line: such a line may have no amount."""
        names = max((n for n in self.body if n < min(self.roles, default=0)), default=None)
        lines = lines_in(self.body[names]) if names is not None else []
        whole = [is_fund_name(key(self._text(line))) for line in lines]
        open_ = (
            not one and other for one, other in pairwise([True, *whole])
        )  # 其中：本年财政, and below it 拨款
        return [
            line[0] for line, found, goes_on in zip(lines, whole, open_, strict=True) if found and not goes_on
        ]


def _is_sum(row: Row) -> bool:
    return is_subtotal(row[0].text) or any(is_total(chunk.text) for chunk in row)


def _is_prompt(text: str) -> bool:
    """Tell whether a text is a prompt of the empty form (指标2：), not the end of a wrapped label (指标)."""
    return is_template(text) and key(text) != "指标"


def _heads(kind: str, rows: Sequence[Row]) -> list[int]:
    """Give the numbers of the lines that open the heading, on the first page and on later ones."""
    opening = next((n for n, row in enumerate(rows) if kind_of(row) == kind), 0)
    words = {chunk.text for chunk in rows[opening]}
    again = [n for n, row in enumerate(rows) if n > opening and _share(words, row) >= _ALIKE]
    return [opening, *again]


def _share(words: set[str], row: Row) -> float:
    return len(words & {chunk.text for chunk in row}) / len(words)


def _is_figure(text: str) -> bool:
    return is_blank(text) or number(text) is not None or money(text, "元") is not None


def _moved(cells: Sequence[Cell], totals: Sequence[int]) -> list[Cell]:
    """Make room for the totals among the rows; `totals` says for each row how many stand above it."""
    moved = []
    for cell in cells:
        first, last = (
            totals[row - 1] if 0 < row <= len(totals) else 0
            for row in (cell.row, cell.row + cell.rowspan - 1)
        )
        moved.append(replace(cell, row=cell.row + first, rowspan=cell.rowspan + last - first))
    return moved


def _wider(edge: tuple[float, float], chunks: Sequence[Chunk]) -> tuple[float, float]:
    """Give the ends of a row that has room for some texts."""
    tops, bottoms = zip(*((c.glyphs[0].top, c.glyphs[0].bottom) for c in chunks), strict=True)
    return min(edge[0], *tops), max(edge[1], *bottoms)


def _met(edges: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Let rows of one page meet in the middle of what is blank between them."""
    met = [list(edge) for edge in edges]
    for above, below in pairwise(met):
        if int(above[0] // PAGE) == int(below[0] // PAGE):
            above[1] = below[0] = (above[1] + below[0]) / 2
    return [(top, bottom) for top, bottom in met]
