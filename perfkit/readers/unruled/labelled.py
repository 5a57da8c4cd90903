"""Labels with values where nothing is ruled and no figures anchor a row: a line each, but for what wraps.

Lines that nearly touch are shared out among those that hold a label, and what stands above one another there
is one cell: the rest of a long name, of a remark, or of the label itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfkit.readers.layout.labels import year_in
from perfkit.readers.layout.words import is_title, key, label_role
from perfkit.readers.unruled.chunks import CLOSE, Chunk
from perfkit.readers.unruled.sharing import parted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from perfkit.readers.unruled.chunks import Row

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
            match = label_role(key("".join(chunk.text for chunk in stack)))
            if (
                len(stack) == count
                and match is not None
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
