"""Goal and outcome where nothing is ruled: two labels, and the texts below or beside them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from perfkit.readers.grid import Cell, Grid
from perfkit.readers.layout.words import key, label_role
from perfkit.readers.positions import joined
from perfkit.readers.unruled.chunks import Chunk, Pages, Row, lost, place_of, rivers

if TYPE_CHECKING:
    from collections.abc import Sequence

_BLOCK_LABEL = re.compile("[年度总体绩效目标完成情况]+")
_BOTH = 2


def goals_grid(rows: list[Row], pages: Pages) -> Grid:
    """Read goal and outcome, side by side or one below the other, as labels with texts."""
    labels = [
        c for row in rows for c in row if (m := label_role(key(c.text))) and m.role in {"expected", "outcome"}
    ]
    every, rows = rows, _without_block_label(rows)
    block = {id(chunk) for row in every for chunk in row} - {id(chunk) for row in rows for chunk in row}
    border = _border(rows, labels)
    texts: list[list[Chunk]] = [[] for _ in labels]
    for row in rows:
        for chunk in row:
            owner = _owner(chunk, labels, border)
            if owner is not None and chunk not in labels:
                texts[owner].append(chunk)
    cells = []
    for n, label in enumerate(labels):
        text = joined([chunk.glyphs for chunk in sorted(texts[n], key=lambda c: (c.y, c.x0))])
        cells.append(Cell(label.text, 2 * n, 0, place=place_of(label, pages)))
        cells.append(Cell(text, 2 * n, 1, place=place_of(label, pages)))
    placed = block | {id(chunk) for found in (labels, *texts) for chunk in found}
    return Grid(tuple(cells), unread=lost(every, placed, pages), placed=True)


def _without_block_label(rows: Sequence[Row]) -> list[Row]:
    """Leave out the label of the whole block (年度总体目标), which stands in a column of its own."""
    starts = rivers(rows)
    if len(starts) < _BOTH:
        return list(rows)
    first = [chunk for row in rows for chunk in row if chunk.x0 < starts[1]]
    if not _BLOCK_LABEL.fullmatch(key(joined([chunk.glyphs for chunk in first]))):
        return list(rows)
    return [kept for row in rows if (kept := [chunk for chunk in row if chunk not in first])]


def _owner(chunk: Chunk, labels: Sequence[Chunk], border: float | None) -> int | None:
    """Tell to which of two labels a text belongs: below the one beside it, or right of it."""
    if border is None:
        right = [n for n, label in enumerate(labels) if chunk.x0 > label.x1]
        return min(right, key=lambda n: abs(labels[n].y - chunk.y), default=None)
    if chunk.y < labels[0].y - chunk.size / 2:
        return None
    return int(chunk.x0 >= border)


def _border(rows: Sequence[Row], labels: Sequence[Chunk]) -> float | None:
    """Find the white river between goal and outcome where they stand side by side."""
    if len(labels) < _BOTH or abs(labels[0].y - labels[1].y) > labels[0].size:
        return None
    chunks = [chunk for row in rows for chunk in row]
    starts = sorted(c.x0 for c in chunks if labels[0].x1 < c.x0 <= labels[1].x0)
    free = [x for x in starts if not any(c.x0 < x - 1 < c.x1 for c in chunks)]
    return free[0] - 1 if free else labels[1].x0
