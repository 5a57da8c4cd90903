"""Flattened rows that stand on one line each, where no pair of points tells where a row ends.

A line is a row where its pieces are as many as the columns of the heading, or fewer by the texts that may
be blank. A line that fits no count is given back, to be listed rather than guessed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from perfkit.readers.layout.flattened.blocks import is_blank_piece, is_block
from perfkit.readers.layout.flattened.levels import level2_rank
from perfkit.readers.layout.record import number
from perfkit.readers.layout.words import is_level1, is_template, is_total, key, label_role

if TYPE_CHECKING:
    from collections.abc import Sequence

    from perfkit.readers.layout.flattened.blocks import FlatLine, Piece

_LEVELS = ("level1", "level2")
_TEXTS = ("name", "target", "actual")
_POINTS = ("weight", "score")
_BESIDE = ("deduction", "review")
_OPTIONAL = ("reason", "evidence")
_OPINION = ("opinion",)


@dataclass(slots=True)
class WholeLines:
    """Hold the rows read by counting, the totals (and their line's pieces), strange lines, and the rest."""

    rows: list[dict[str, Piece]] = field(default_factory=list)
    total: Piece | None = None
    review: Piece | None = None
    totals: list[Piece] = field(default_factory=list)
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
            _total(found, line, columns)
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
    if is_block(pieces[0]) and len(pieces) > 1:
        pieces.pop(0)
    for role in _LEVELS:
        known = is_level1(pieces[0].text) if role == "level1" else level2_rank(pieces[0].text) is not None
        if known and len(pieces) > 1:
            row[role] = pieces.pop(0)
    blanks: tuple[tuple[str, ...], ...] = ((), _OPTIONAL, _OPINION, _OPTIONAL + _OPINION)
    options = [[role for role in columns if role not in blank] for blank in blanks]
    readings = [dict(zip(names, pieces, strict=True)) for names in options if len(names) == len(pieces)]
    fitting = [reading for reading in readings if _fits(reading, _POINTS)]
    read = next((reading for reading in fitting if _fits(reading, _BESIDE)), next(iter(fitting), None))
    if read is not None:
        found.rows.append(row | read)
    elif not is_template(line.text.strip()):
        found.strange.append(line)


def _fits(reading: dict[str, Piece], figures: Sequence[str]) -> bool:
    """Tell whether figures stand where the heading has points."""
    return all(_is_points(reading[role]) for role in figures if role in reading)


def _total(found: WholeLines, line: FlatLine, columns: Sequence[str]) -> None:
    """Take the unit's total, and a reviewer's where there is one: then only counting tells them apart."""
    pieces = found.totals = line.pieces[1:]
    names = [role for role in columns if role in _POINTS + _BESIDE]
    if "review" not in names:
        found.total = pieces[-1] if pieces else None
        return
    figures = [piece for piece in pieces if number(piece.text) is not None]
    options = (names, [role for role in names if role != "deduction"])
    read = next((dict(zip(n, figures, strict=True)) for n in options if len(n) == len(figures)), {})
    found.total, found.review = read.get("score"), read.get("review")
    if figures and not read:
        found.strange.append(line)


def _is_points(piece: Piece) -> bool:
    return is_blank_piece(piece) or number(piece.text) is not None
