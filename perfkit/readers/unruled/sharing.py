"""The lines of a column shared out among the rows of a table that nobody ruled.

A program puts the text of a cell in the middle of its row, or at its top, and the figures of the row with
it. So lines that follow each other without a gap are parted where each part is centred on a row's figures,
or begins beside them: whichever fits the whole column better.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from perfkit.readers.unruled.chunks import PAGE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from perfkit.readers.unruled.chunks import Chunk

_LINE = 0.5  # how much of a height may part two texts of one line
_HAIR = 0.3  # how far from a line another one stands at least, in heights of a character
_WIDER = 1.4  # how much wider than the least distance of two lines a gap is
_GAP = 2.0  # what it costs to join lines over a gap, in heights of a character
_REACH = 20  # lines that a cell may have above its figures or below them


def shared(chunks: Sequence[Chunk], anchors: Sequence[float]) -> dict[int, list[Chunk]]:
    """Give the texts of each row by its number; `anchors` are the heights of the rows' figures."""
    rows: dict[int, list[Chunk]] = {}
    for page in dict.fromkeys(int(chunk.y // PAGE) for chunk in chunks):
        lines = lines_in([chunk for chunk in chunks if int(chunk.y // PAGE) == page])
        numbers = [n for n, anchor in enumerate(anchors) if int(anchor // PAGE) == page]
        if not numbers:
            nearest = min(range(len(anchors)), key=lambda n: abs(anchors[n] - lines[0][0].y), default=None)
            parts = {} if nearest is None else {nearest: lines}
        else:
            found = parted(lines, [anchors[n] for n in numbers])
            parts = {numbers[n]: part for n, part in found.items()}
        for number, part in parts.items():
            rows.setdefault(number, []).extend(chunk for line in part for chunk in line)
    return rows


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


def parted(lines: Sequence[list[Chunk]], anchors: Sequence[float]) -> dict[int, list[list[Chunk]]]:
    """Part lines among the rows of their page, centred or from the top, at the least cost."""
    options = [found for centred in (True, False) if (found := _least(lines, anchors, centred=centred))]
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


def _least(
    lines: Sequence[list[Chunk]], anchors: Sequence[float], *, centred: bool
) -> tuple[float, list[int]] | None:
    """Give the least cost, and behind which line each row ends; None where a line is far from every row."""
    heights = [line[0].y for line in lines]
    size = lines[0][0].size
    reach, hair = _REACH * size, _HAIR * size
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
