"""Flattened rows that stand on one line each, where no pair of points tells where a row ends.

A line is a row where its pieces are as many as the columns of the heading, or one less (the reason). A
line that fits no count is given back, to be listed rather than guessed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from perfkit.readers.layout.flattened.blocks import is_blank_piece
from perfkit.readers.layout.flattened.levels import level2_rank
from perfkit.readers.layout.record import number
from perfkit.readers.layout.words import is_level1, is_template, is_total, key, label_role

if TYPE_CHECKING:
    from collections.abc import Sequence

    from perfkit.readers.layout.flattened.blocks import FlatLine, Piece

_LEVELS = ("level1", "level2")
_TEXTS = ("name", "target", "actual")
_POINTS = ("weight", "score")
_OPTIONAL = ("reason", "evidence")


@dataclass(slots=True)
class WholeLines:
    """Hold the rows read by counting, the total's pieces, the lines that fit no row, and those below."""

    rows: list[dict[str, Piece]] = field(default_factory=list)
    total: list[Piece] = field(default_factory=list)
    strange: list[FlatLine] = field(default_factory=list)
    rest: list[FlatLine] = field(default_factory=list)


def paired(roles: Sequence[str]) -> bool:
    """Tell whether a row is a name, a target and an actual, and ends with its points side by side."""
    cells = [role for role in roles if role not in {*_LEVELS, *_OPTIONAL}]
    return cells == [*_TEXTS, *_POINTS]


def read_whole_lines(lines: Sequence[FlatLine], roles: Sequence[str]) -> WholeLines:
    """Read rows by counting their pieces against the columns, up to the total or a label."""
    found = WholeLines()
    columns = [role for role in roles if role not in _LEVELS]
    for position, line in enumerate(lines):
        pieces = line.pieces
        match = label_role(key(pieces[0].text))
        if is_total(pieces[0].text):
            found.total = pieces[1:]
            found.rest = list(lines[position + 1 :])
            return found
        if match is not None and match.firm and not is_level1(pieces[0].text):
            found.rest = list(lines[position:])
            return found
        _take(found, line, columns)
    return found


def _take(found: WholeLines, line: FlatLine, columns: Sequence[str]) -> None:
    row: dict[str, Piece] = {}
    pieces = line.pieces
    for role in _LEVELS:
        known = is_level1(pieces[0].text) if role == "level1" else level2_rank(pieces[0].text) is not None
        if known and len(pieces) > 1:
            row[role] = pieces.pop(0)
    least = [role for role in columns if role not in _OPTIONAL]
    names = next((names for names in (columns, least) if len(names) == len(pieces)), None)
    read = None if names is None else row | dict(zip(names, pieces, strict=True))
    if read is not None and all(_is_points(read[role]) for role in _POINTS if role in read):
        found.rows.append(read)
    elif not is_template(line.text.strip()):
        found.strange.append(line)


def _is_points(piece: Piece) -> bool:
    return is_blank_piece(piece) or number(piece.text) is not None
