"""Text: a table whose cells are parted by tabs, or one that was flattened into lines."""

from __future__ import annotations

from perfkit.readers.grid import Cell, Grid, text_grid


def grids(data: bytes, name: str) -> list[Grid]:
    """Read a text as one grid of cells, or as flattened lines."""
    text = data.decode("utf-8-sig")
    lines = text.splitlines()
    if sum("\t" in line for line in lines) * 3 >= len([line for line in lines if line.strip()]):
        cells = tuple(
            Cell(part.strip(), row, column, place=f"line {row + 1}, field {column + 1}")
            for row, line in enumerate(lines)
            for column, part in enumerate(line.split("\t"))
        )
        return [Grid(cells, name)]
    return [text_grid(((line, f"line {n}") for n, line in enumerate(lines, start=1)), name, flat=True)]
