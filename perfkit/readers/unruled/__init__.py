"""Tables that nobody ruled: columns are the white rivers between texts, rows hang on their figures.

Lines that nearly touch are shared out among those that hold a label, and what stands above one another there
is one cell: the rest of a long name, of a remark, or of the label itself.
"""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import accumulate
from typing import TYPE_CHECKING

from perfkit.readers.grid import Cell, Grid, text_grid
from perfkit.readers.layout.record import year_in
from perfkit.readers.layout.words import is_title, key, label_role
from perfkit.readers.positions import Glyph, joined, lines_of_glyphs
from perfkit.readers.unruled.regions import (
    CLOSE,
    FIGURES,
    PAGE,
    Chunk,
    Pages,
    Row,
    chunks_of,
    cut_at_edges,
    is_page_number,
    lost,
    place_of,
    regions,
    rivers,
)
from perfkit.readers.unruled.table import Table, parted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

__all__ = ["spaced_grids", "unruled_grids"]


_DATED = 20  # characters of a line that gives the year of the form


def labelled_rows(rows: Sequence[Row]) -> Iterator[list[list[Chunk]]]:
    """Give the cells of each row, as the texts that make them."""
    for cluster in _clusters(rows):
        heights = [sum(chunk.y for chunk in found) / len(found) for found in _labels(cluster)]
        if len(heights) in {0, len(cluster)}:
            yield from ([[chunk] for chunk in row] for row in cluster)
            continue
        for _, group in sorted(parted(cluster, sorted(heights)).items()):
            yield _cells(group)


def _clusters(rows: Sequence[Row]) -> Iterator[list[Row]]:
    """Give the lines that nearly touch; titles and years stand alone."""
    cluster: list[Row] = []
    for row in rows:
        if cluster and (
            _stands_alone(row) or row[0].glyphs[0].top - _bottom(cluster[-1]) > row[0].size * CLOSE
        ):
            yield cluster
            cluster = []
        cluster.append(row)
        if _stands_alone(row):
            yield cluster
            cluster = []
    if cluster:
        yield cluster


def _bottom(row: Row) -> float:
    return max(chunk.glyphs[0].bottom for chunk in row)


def _stands_alone(row: Row) -> bool:
    text = "".join(chunk.text for chunk in row)
    return is_title(text) or (len(text) < _DATED and len(row) == 1 and year_in(text) is not None)


def _labels(rows: Sequence[Row]) -> Iterator[Row]:
    """Give the labels that open the lines of a cluster, each as the texts that make it."""
    number = 0
    while number < len(rows):
        for count in (1, 2, 3):
            stack = [row[0] for row in rows[number : number + count]]
            head = "".join(chunk.text for chunk in stack).replace("：", ":").partition(":")[0]
            if (
                len(stack) == count
                and label_role(key(head)) is not None
                and all(_overlap(stack[0], chunk) for chunk in stack)
            ):
                yield stack
                number += count - 1
                break
        number += 1


def _cells(rows: Sequence[Row]) -> list[list[Chunk]]:
    """Put together what stands above one another."""
    cells: list[list[Chunk]] = []
    for chunk in (chunk for row in rows for chunk in row):
        touched = [cell for cell in cells if any(_overlap(chunk, other) for other in cell)]
        cells = [cell for cell in cells if cell not in touched]
        cells.append([*(other for cell in touched for other in cell), chunk])
    ordered = [sorted(cell, key=lambda chunk: (chunk.y, chunk.x0)) for cell in cells]
    return sorted(ordered, key=lambda cell: min(chunk.x0 for chunk in cell))


def _overlap(one: Chunk, other: Chunk) -> bool:
    return one.x0 < other.x1 and other.x0 < one.x1


# goal and outcome where nothing is ruled: two labels, and the texts below or beside them


_BLOCK_LABEL = re.compile("[年度总体绩效目标完成情况]+")
_BOTH = 2


def goals_grid(rows: list[Row], pages: Pages) -> Grid:
    """Read goal and outcome, side by side or one below the other, as labels with texts."""
    stacks = _goal_labels(rows)
    labels = [stack[0] for stack in stacks]
    every, rows = rows, _without_block_label(rows)
    block = {id(chunk) for row in every for chunk in row} - {id(chunk) for row in rows for chunk in row}
    border = _border(rows, labels)
    texts: list[list[Chunk]] = [[] for _ in labels]
    for row in rows:
        for chunk in row:
            owner = _owner(chunk, labels, border)
            if owner is not None and not any(chunk in stack for stack in stacks):
                texts[owner].append(chunk)
    cells = []
    for n, label in enumerate(labels):
        text = joined([chunk.glyphs for chunk in sorted(texts[n], key=lambda c: (c.y, c.x0))])
        name = joined([chunk.glyphs for chunk in stacks[n]])
        place = place_of(label, pages)
        place = f"{place}, field {n + 1}" if pages.lines and border is not None else place
        cells.append(Cell(name, 2 * n, 0, place=place))
        cells.append(Cell(text, 2 * n, 1, place=place))
    placed = block | {id(chunk) for found in (*stacks, *texts) for chunk in found}
    return Grid(tuple(cells), unread=lost(every, placed, pages), placed=True)


def _goal_labels(rows: Sequence[Row]) -> list[list[Chunk]]:
    """Give the labels of goal and outcome, each as the lines that make it, without the block's label."""
    found: list[tuple[str, list[Chunk]]] = []
    for n, row in enumerate(rows):
        for chunk in row:
            below = [c for c in rows[n + 1] if _overlap(chunk, c)][:1] if n + 1 < len(rows) else []
            for stack in ([chunk, *below], [chunk])[not below :]:
                match = label_role(key("".join(part.text for part in stack)))
                if match is not None and match.role in {"expected", "outcome"}:
                    found.append((match.role, stack))
                    break
    own = {role for role, stack in found if not _BLOCK_LABEL.fullmatch(key(stack[0].text))}
    return [
        stack for role, stack in found if role not in own or not _BLOCK_LABEL.fullmatch(key(stack[0].text))
    ]


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
    starts = {c.x0 for c in chunks if labels[0].x1 < c.x0 <= labels[1].x0}
    free = {
        x: x - max((c.x1 for c in chunks if c.x0 < x), default=x) for x in starts
    }  # how wide the white before it is
    widest = max(free, key=lambda x: free[x], default=0.0)
    return widest - 1 if free.get(widest, 0) > 0 else labels[1].x0


# tables that nobody ruled: columns are the white rivers between texts, rows hang on their figures


# A text is laid out as a page whose lines nearly touch; a blank is a gap between two texts, not a wide one.
_WIDE, _TALL, _PITCH = 5.0, 10.0, 12.0


def unruled_grids(pages: Sequence[tuple[int, Sequence[Glyph]]]) -> list[Grid]:
    """Read the characters of pages without rules as grids, one for each region of a form."""
    return _read([glyphs for _, glyphs in pages], Pages(tuple(number for number, _ in pages)))


def spaced_grids(text: str, width: Callable[[str], float]) -> list[Grid]:
    """Read a text whose columns are made of spaces as grids; `width` is that of a character."""
    pages = text.split("\f")
    starts = accumulate((page.count("\n") for page in pages[:-1]), initial=1)
    return _read(
        [list(_glyphs(page, width)) for page in pages],
        Pages(tuple(range(1, len(pages) + 1)), tuple(starts), _PITCH),
    )


def _glyphs(page: str, width: Callable[[str], float]) -> Iterator[Glyph]:
    for row, line in enumerate(page.split("\n")):
        x = 0.0
        for character in line:
            wide = width(character) * _WIDE
            if not character.isspace():
                yield Glyph(character, x, x + wide, row * _PITCH, row * _PITCH + _TALL)
            x += wide


def _read(pages: Sequence[Sequence[Glyph]], places: Pages) -> list[Grid]:
    rows: list[Row] = []
    for n, page in enumerate(pages):
        glyphs = [replace(glyph, top=glyph.top + n * PAGE, bottom=glyph.bottom + n * PAGE) for glyph in page]
        found = [row for line in lines_of_glyphs(glyphs) if (row := chunks_of(line))]
        ends = (*found[:1], *found[-1:])
        rows += [row for row in found if not is_page_number(row, at_an_end=any(row is end for end in ends))]
    return [grid for kind, region in regions(rows) for grid in _region(kind, region, places)]


def _region(kind: str, rows: list[Row], pages: Pages) -> Iterator[Grid]:
    if not rows:
        return
    rows = cut_at_edges(rows)
    if kind in FIGURES:
        yield Table(kind, rows, pages).grid()
    elif kind == "goals":
        yield goals_grid(rows, pages)
    else:
        for row in labelled_rows(rows):
            texts = [(joined([chunk.glyphs for chunk in cell]), place_of(cell[0], pages)) for cell in row]
            cells = tuple(Cell(text, 0, n, place=place) for n, (text, place) in enumerate(texts))
            yield Grid(cells) if len(cells) > 1 else text_grid(texts)
