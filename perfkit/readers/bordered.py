"""Tables drawn with characters (`+---+---+` and bars), as pandoc writes them: spans read off the borders."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from perfkit.readers.grid import Cell, Grid, text_grid

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_BORDER = re.compile(r"\s*\+(?:[-=:]+\+)+\s*")
_OF_TABLE = re.compile(r"\s*[+|].*[+|]\s*")
_FEWEST = 3
_FILL = "\0"  # stands behind a character that takes two places


def bordered_grids(lines: Sequence[str], name: str) -> list[Grid]:
    """Read a text whose tables are drawn with borders; [] where there is none."""
    if sum(bool(_BORDER.fullmatch(line)) for line in lines) < _FEWEST:
        return []
    grids: list[Grid] = []
    block: list[tuple[int, str]] = []
    for number, line in [*enumerate(lines, start=1), (0, "")]:
        if _OF_TABLE.fullmatch(line):
            block.append((number, _spread(line)))
            continue
        if block:
            grids.append(Grid(tuple(_cells(block)), name))
            block = []
        if line.strip():
            grids.append(text_grid([(line.strip(), f"line {number}")], name))
    return grids


def _spread(line: str) -> str:
    return "".join(c + _FILL if unicodedata.east_asian_width(c) in "WF" else c for c in line.rstrip())


def _cells(block: Sequence[tuple[int, str]]) -> Iterator[Cell]:
    lines = [line for _, line in block]
    borders = [n for n, line in enumerate(lines) if re.search(r"\+[-=:]{2,}", line)]
    edges = sorted({n for line in (lines[b] for b in borders) for n, c in enumerate(line) if c == "+"})
    taken: set[tuple[int, int]] = set()
    for row in range(len(borders) - 1):
        for column in range(len(edges) - 1):
            if (row, column) in taken:
                continue
            wide = tall = 1
            while column + wide < len(edges) - 1 and not _parts(lines, borders, row, edges[column + wide]):
                wide += 1
            while row + tall < len(borders) - 1 and not _closes(
                lines[borders[row + tall]], edges, column, wide
            ):
                tall += 1
            taken |= {(r, c) for r in range(row, row + tall) for c in range(column, column + wide)}
            inner = range(borders[row] + 1, borders[row + tall])
            text = [lines[n][edges[column] + 1 : edges[column + wide]] for n in inner]
            plain = "\n".join(t for line in text if (t := line.replace(_FILL, "").strip()))
            place = f"line {block[borders[row] + 1][0]}, column {column + 1}"
            yield Cell(plain, row, column, tall, wide, place)


def _parts(lines: Sequence[str], borders: Sequence[int], row: int, edge: int) -> bool:
    """Tell whether a bar stands at an edge on the first line of a row."""
    line = lines[borders[row] + 1]
    return line[edge : edge + 1] in {"|", "+"}


def _closes(border: str, edges: Sequence[int], column: int, wide: int) -> bool:
    """Tell whether a border is drawn below some columns."""
    return bool(re.fullmatch("[-=:+]+", border[edges[column] + 1 : edges[column + wide]]))
