"""The labels of merged level cells where nothing is ruled: which lines are one, and which rows it holds.

A label stands in the middle of the rows that it holds, or beside the first of them. Both are tried on the
whole page, with every way to part the column's lines into labels; the least cost wins, in points on paper.
"""

from __future__ import annotations

from bisect import bisect_left
from itertools import pairwise
from math import inf
from typing import TYPE_CHECKING

from perfkit.readers.layout.flattened.levels import is_level_name
from perfkit.readers.positions import joined
from perfkit.readers.unruled.chunks import CLOSE, PAGE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from perfkit.readers.unruled.chunks import Chunk

    Line = list[Chunk]
    Span = tuple[list[Chunk], int, int]
    State = tuple[float, tuple[tuple[int, int, int, int], ...]]

_TALLEST = 6  # lines of a label
_MOST = 60_000  # lines times rows; a column of more is no form's
_REACH = 6.0  # how far a label may stand from the middle of its rows, in heights of a character
_STRANGE = 0.75  # what a label costs that the official form does not print, in heights of a character
_CUT = 0.2  # how far the height of the last label tells where its rows end, if they go on over the page
_BARE = 1.0  # and a row above the first label, whose own label is on the page before


def labels(lines: Sequence[Line], edges: Sequence[tuple[float, float]]) -> list[Span]:
    """Give each label with the first row that it holds and the one behind the last.

    `lines` are the column's, from the top; `edges` the upper and the lower end of every row.
    """
    found: list[Span] = []
    for page in dict.fromkeys(int(line[0].y // PAGE) for line in lines):
        own = [line for line in lines if int(line[0].y // PAGE) == page]
        rows = [n for n, (top, _) in enumerate(edges) if int(top // PAGE) == page]
        cut = bool(rows) and rows[-1] + 1 < len(edges)
        found += _on_page(own, rows, [edges[n] for n in rows], cut=cut) if rows else []
    return found


def _on_page(
    lines: Sequence[Line], rows: Sequence[int], edges: Sequence[tuple[float, float]], *, cut: bool
) -> list[Span]:
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
    edges: Sequence[tuple[float, float]],
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
            middle = (heights[a] + heights[b - 1]) / 2
            for first, last, off in reached(states, edges, middle, reach, trust):
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
    edges: Sequence[tuple[float, float]],
    middle: float,
    reach: float,
    trust: float,
) -> Iterator[tuple[int, int, float]]:
    """Give the spans of rows whose middle a label is near enough to, each with what the way to it costs."""
    ends = [bottom for _, bottom in edges]
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
    edges: Sequence[tuple[float, float]],
    middle: float,
    reach: float,
    trust: float,
) -> Iterator[tuple[int, int, float]]:
    """Give for each row that may be the last the best of those that a label may stand beside."""
    least, best = inf, None
    for first, state in enumerate(states):
        off = abs(middle - sum(edges[first]) / 2)
        if state is not None and off <= reach and state[0] + off * trust < least:
            least, best = state[0] + off * trust, (first, off * trust)
        if best is not None:
            yield best[0], first + 1, best[1]


def _is_whole(lines: Sequence[Line]) -> bool:
    return is_level_name(joined([chunk.glyphs for line in lines for chunk in line]))
