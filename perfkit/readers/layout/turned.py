"""Money tables that stand on their side: sources of money across, kinds of amounts down.

Such a block is turned, so that rows and columns are read like those of any other form.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from perfkit.readers.grid import Grid
from perfkit.readers.layout.stream import lines_of
from perfkit.readers.layout.words import column_role, is_fund_name, key

if TYPE_CHECKING:
    from collections.abc import Sequence

    from perfkit.readers.grid import Cell
    from perfkit.readers.layout.stream import Line

_FEWEST = 2


@dataclass(frozen=True, slots=True)
class Turned:
    """Hold the lines of a turned block, the heading first, and the numbers of the lines it came from."""

    lines: list[Line]
    used: set[int]


def turned_lines(lines: Sequence[Line]) -> Turned | None:
    """Turn the money block whose heading names the sources of money, if the form has one."""
    for number, line in enumerate(lines):
        sources = [cell for cell in line.starts if is_fund_name(key(cell.text))]
        while len(sources) >= _FEWEST:
            kinds = _kinds(lines[number + 1 :], sources[0].column)
            if len(kinds) >= _FEWEST:
                return Turned(_turn(line, sources, kinds), set(range(number, number + len(kinds) + 1)))
            del sources[0]  # the label of the block (项目资金), which is worded like a source
    return None


def _kinds(lines: Sequence[Line], first: int) -> list[tuple[Line, Cell]]:
    """Give the lines below that each name a kind of amount (年初预算数, 全年执行数, 执行率)."""
    found: list[tuple[Line, Cell]] = []
    for line in lines:
        names = [cell for cell in line.starts if cell.column < first]
        if not names or column_role(key(names[-1].text), "budget") is None:
            break
        found.append((line, names[-1]))
    return found


def _turn(heading: Line, sources: Sequence[Cell], kinds: Sequence[tuple[Line, Cell]]) -> list[Line]:
    cells = [kind.cut(row=0, column=n, rowspan=1, colspan=1) for n, (_, kind) in enumerate(kinds, 1)]
    for row, source in enumerate(sources, start=1):
        cells.append(source.cut(row=row, column=0, rowspan=1, colspan=1))
        for column, (line, _) in enumerate(kinds, start=1):
            amount = line.at(source.column)
            if amount is not None and amount.column >= source.column:
                cells.append(amount.cut(row=row, column=column, rowspan=1, colspan=1))
    return [replace(line, grid=heading.grid) for line in lines_of([Grid(tuple(cells))])]
