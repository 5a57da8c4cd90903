"""Indicator rows out of flattened lines: each row ends with its points, its cells may be wrapped.

A cell wraps only where its line is full, so among all ways to join pieces into cells the one whose joins
stand at the fullest lines is taken. Column widths come from the rows that need no joining.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import combinations
from typing import TYPE_CHECKING

from perfkit.readers.layout.flattened.blocks import FlatLine, Piece, is_blank_piece, is_block
from perfkit.readers.layout.flattened.levels import level2_rank
from perfkit.readers.layout.record import number
from perfkit.readers.layout.words import is_level1, is_total

if TYPE_CHECKING:
    from collections.abc import Sequence

_MOST_PIECES = 14
_CELLS = ("name", "target", "actual")
_POINTS = re.compile(r"\d{1,3}(\.\d{1,2})?")


@dataclass(slots=True)
class FlatRow:
    """Hold one row: the pieces before its points, the points, and the pieces of its reason."""

    before: list[Piece]
    weight: Piece
    score: Piece
    reason: list[Piece] = field(default_factory=list)
    level1: str | None = None
    level2: str | None = None
    cells: list[list[Piece]] = field(default_factory=list)
    labels: list[Piece] = field(default_factory=list)


@dataclass(slots=True)
class FlatTable:
    """Hold the rows of a flattened table, its total row, and the lines that follow it."""

    rows: list[FlatRow] = field(default_factory=list)
    total: tuple[Piece, Piece] | None = None
    rest: list[FlatLine] = field(default_factory=list)
    stray: list[Piece] = field(default_factory=list)


def read_flat_rows(lines: Sequence[FlatLine]) -> FlatTable:
    """Read the rows of a flattened table whose points stand side by side, up to its total row."""
    table = FlatTable()
    pending: list[Piece] = []
    for position, line in enumerate(lines):
        pieces = line.pieces
        pair = _pair(pieces)
        if pair is None:
            pending += pieces
            continue
        before = pending + pieces[:pair]
        if _closes(before, pieces, pair):
            table.total = (pieces[pair], pieces[pair + 1])
            table.stray = [piece for piece in before if not is_total(piece.text)]
            table.rest = list(lines[position + 1 :])
            break
        table.rows.append(FlatRow(before, pieces[pair], pieces[pair + 1], pieces[pair + 2 :]))
        pending = []
    else:
        table.stray = pending
    _arrange(table)
    return table


def _pair(pieces: Sequence[Piece]) -> int | None:
    """Give where on a line weight and score stand: the last two figures side by side."""
    for n in range(len(pieces) - 2, -1, -1):
        first, second = pieces[n].text, pieces[n + 1].text
        if _POINTS.fullmatch(first) and (_POINTS.fullmatch(second) or is_blank_piece(pieces[n + 1])):
            return n
    return None


def _closes(before: Sequence[Piece], pieces: Sequence[Piece], pair: int) -> bool:
    """Tell whether a line of points is the total row."""
    if any(is_total(piece.text) for piece in [*before, *pieces[pair + 2 :]]):
        return True
    weight = number(pieces[pair].text)
    return not pieces[:pair] and weight is not None and weight >= Decimal(90) and len(before) <= 1


def _arrange(table: FlatTable) -> None:
    """Give each row its levels and cells, and give back the reason that stood below its row."""
    widths = _widths(table.rows)
    previous: FlatRow | None = None
    for row in table.rows:
        row.before = _without_template(row.before)
        options = [_option(row, taken, previous, widths) for taken in _takes(row, previous)]
        _cost, taken, cells = min(options, key=lambda option: option[0])
        if previous is not None:
            previous.reason += row.before[:taken]
        row.level1, row.level2, rest = _levels(row.before[taken:])
        row.labels = row.before[taken : len(row.before) - len(rest)]
        row.cells = cells
        previous = row
    if previous is not None and table.total is None:
        previous.reason += table.stray
        table.stray = []


def _without_template(pieces: list[Piece]) -> list[Piece]:
    return [piece for piece in pieces if not re.fullmatch(r"(指标\d*[:：])?[….]+", piece.text)]


def _takes(row: FlatRow, previous: FlatRow | None) -> list[int]:
    """List how many leading pieces may belong to the reason of the row above: whole lines only."""
    if previous is None:
        return [0]
    ends = [n for n, piece in enumerate(row.before) if n and piece.opens]
    return [0, *ends]


def _option(
    row: FlatRow, taken: int, previous: FlatRow | None, widths: dict[str, float]
) -> tuple[float, int, list[list[Piece]]]:
    _, _, pieces = _levels(row.before[taken:])
    cost, cells = _join(pieces, widths)
    if taken and previous is not None:
        cost += _reason_cost(row.before[: taken + 1], taken, previous, widths)
    elif previous is not None and not previous.reason and _lost(previous):
        cost += 2.0
    return cost, taken, cells


def _reason_cost(pieces: Sequence[Piece], taken: int, previous: FlatRow, widths: dict[str, float]) -> float:
    cost = 0.0 if _lost(previous) else 6.0
    if previous.reason:
        cost += max(0.0, widths["reason"] - previous.reason[-1].width)
    full = max((piece.width for piece in pieces[:taken]), default=0.0)
    cost += sum(max(0.0, full - piece.width) for piece in pieces[: taken - 1])
    return cost + (0.0 if pieces[taken].gap else 2.0)


def _lost(row: FlatRow) -> bool:
    weight, score = number(row.weight.text), number(row.score.text)
    return weight is not None and score is not None and score < weight


def _levels(pieces: Sequence[Piece]) -> tuple[str | None, str | None, list[Piece]]:
    """Take the label of the block and those of the levels that open a row, wrapped or not."""
    level1 = level2 = None
    rest = list(pieces[1:] if pieces and is_block(pieces[0]) else pieces)
    for _ in range(2):
        for length in (3, 2, 1):
            text = "".join(piece.text for piece in rest[:length])
            if len(rest) <= length or (length > 1 and not rest[1].opens):
                continue
            above = is_level1(text) and (
                level2_rank(text) is None or level2_rank(rest[length].text) is not None
            )
            if level1 is None and level2 is None and above:
                level1, rest = text, rest[length:]
                break
            if level2 is None and level2_rank(text) is not None:
                level2, rest = text, rest[length:]
                break
    return level1, level2, rest


def _join(pieces: Sequence[Piece], widths: dict[str, float]) -> tuple[float, list[list[Piece]]]:
    """Join pieces into name, target and actual at the fullest line ends; cost is the slack of the joins."""
    breaks = [n for n in range(1, len(pieces)) if pieces[n].opens]
    surplus = len(pieces) - len(_CELLS)
    if surplus <= 0 or len(pieces) > _MOST_PIECES:
        return 5.0 * abs(surplus), [[piece] for piece in pieces[:3]]
    best: tuple[float, list[list[Piece]]] | None = None
    for joins in combinations(breaks, surplus):
        cells = _cells(pieces, set(joins))
        cost = sum(
            max(0.0, widths[column] - piece.width)
            for column, cell in zip(_CELLS, cells, strict=True)
            for piece in cell[:-1]
        )
        if best is None or cost < best[0]:
            best = (cost, cells)
    return best or (20.0 + surplus, _cells(pieces, set(range(3, len(pieces)))))


def _cells(pieces: Sequence[Piece], joins: set[int]) -> list[list[Piece]]:
    cells: list[list[Piece]] = []
    for n, piece in enumerate(pieces):
        if n in joins:
            cells[-1].append(piece)
        else:
            cells.append([piece])
    return cells


def _widths(rows: Sequence[FlatRow]) -> dict[str, float]:
    """Measure the columns on the rows whose cells all stand on one line."""
    widths = {"name": 0.0, "target": 0.0, "actual": 0.0, "reason": 0.0}
    for row in rows:
        _, _, pieces = _levels(row.before)
        if len(pieces) == len(_CELLS) and not any(piece.opens for piece in pieces[1:]):
            for column, piece in zip(_CELLS, pieces, strict=True):
                widths[column] = max(widths[column], piece.width)
        for piece in row.reason:
            widths["reason"] = max(widths["reason"], piece.width)
    return widths
