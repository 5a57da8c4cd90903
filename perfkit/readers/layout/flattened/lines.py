"""A flattened document as lines and blocks, and its indicator rows: each ends with its points.

A cell wraps only where its line is full, so among all ways to join pieces into cells the one whose joins
stand at the fullest lines is taken. Column widths come from the rows that need no joining.

A line is a row where its pieces are as many as the columns of the heading, or fewer by the texts that may
be blank. A line that fits no count is given back, to be listed rather than guessed.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from itertools import combinations
from typing import TYPE_CHECKING

from perfkit.readers.grid import Cell, Grid
from perfkit.readers.layout.flattened.levels import level2_rank
from perfkit.readers.layout.record import number
from perfkit.readers.layout.words import (
    column_role,
    is_blank,
    is_level1,
    is_template,
    is_title,
    is_total,
    key,
    label_role,
    reviewer_role,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


_FEWEST = 3  # headings on a line that make it the heading
_STAND_INS = {"value": "target", "goal": "target", "note": "reason", "block": "skip"}
_OPERATOR_GAP = re.compile(r"([<>=≥≤≧≦﹦═]=?)\s+(?=\d)")
_GLUED_TOTAL = re.compile(r"(?<=\d)\s*(总分|合计|总计)(?=\s|$)")


@dataclass(frozen=True, slots=True)
class Piece:
    """Hold one text of a line, by its number there: cells are made of pieces, a wrapped cell of several."""

    text: str
    place: str
    number: int
    gap: bool  # the first piece after a blank line

    @property
    def opens(self) -> bool:
        """Tell whether the piece is the first of its line."""
        return self.number == 0

    @property
    def width(self) -> float:
        """Give the printed width in full-width characters."""
        return sum(1.0 if unicodedata.east_asian_width(c) in "WF" else 0.5 for c in self.text)


@dataclass(frozen=True, slots=True)
class FlatLine:
    """Hold one line: its pieces, its place, and whether blank space stands before it."""

    text: str
    place: str
    gap: bool

    @property
    def pieces(self) -> list[Piece]:
        """Give the texts of the line, parted by spaces."""
        return list(_pieces(self))

    @property
    def cell(self) -> Cell:
        """Give the line as a cell, for places."""
        return Cell(self.text.strip(), 0, 0, place=self.place)


@lru_cache(maxsize=2048)
def _pieces(line: FlatLine) -> tuple[Piece, ...]:
    plain = _GLUED_TOTAL.sub(r" \1", _OPERATOR_GAP.sub(r"\1", line.text))
    return tuple(Piece(t, line.place, i, i == 0 and line.gap) for i, t in enumerate(plain.split()))


@dataclass(frozen=True, slots=True)
class Block:
    """Hold lines that no blank line parts, and their joined text."""

    lines: tuple[FlatLine, ...]

    @property
    def text(self) -> str:
        """Give the lines joined, as the cell that they were."""
        return "".join(line.text.strip() for line in self.lines)

    @property
    def cell(self) -> Cell:
        """Give the block as a cell, for places."""
        return Cell(self.text, 0, 0, place=self.lines[0].place)


def flat_lines(grids: Iterable[Grid]) -> list[FlatLine]:
    """Give the lines of text that hold anything, each knowing whether a blank one stands before it."""
    lines: list[FlatLine] = []
    gap = True
    for grid in grids:
        for cell in grid.cells:
            if cell.text.strip():
                lines.append(FlatLine(cell.text, cell.place, gap))
            gap = not cell.text.strip()
    return lines


def blocks_of(lines: Sequence[FlatLine]) -> list[Block]:
    """Group lines into blocks at blank lines."""
    groups: list[list[FlatLine]] = []
    for line in lines:
        if line.gap or not groups:
            groups.append([])
        groups[-1].append(line)
    return [Block(tuple(group)) for group in groups]


def is_block(piece: Piece) -> bool:
    """Tell whether a piece is the label beside all rows (绩效指标), which is in none of them."""
    match = column_role(key(piece.text))
    return match is not None and match.role == "block"


def heading_roles(line: FlatLine, table: str) -> list[str]:
    """Give the roles of the headings on a line, in order; [] where the line is no heading."""
    texts = [piece.text for piece in line.pieces]
    named = [reviewer_role([text], table) or column_role(key(text), table) for text in texts]
    matches = [match for match in named if match]
    if len(matches) < _FEWEST or len(matches) * 2 < len(texts):
        return []
    if matches[0].role == "block":
        matches = matches[1:]
    roles = [_STAND_INS.get(match.role, match.role) for match in matches]
    if table == "budget":
        return roles if {"initial", "adjusted", "executed"} & set(roles) else []
    return roles if {"target", "actual"} & set(roles) else []


def parted_roles(roles: list[str], line: FlatLine) -> list[str] | None:
    """Give the roles of a heading whose 得分 the next line parts into 自评 and 核查, else None."""
    matches = [reviewer_role(["得分", p.text]) or column_role(key(p.text)) for p in line.pieces]
    names = [match.role if match else "" for match in matches]
    if set(names) != {"score", "review"} or "score" not in roles:
        return None
    at = roles.index("score")
    return [*roles[:at], *names, *roles[at + 1 :]]


def split_flat(lines: Sequence[FlatLine]) -> list[list[FlatLine]]:
    """Split lines into forms: each label stands once on a form, its second coming opens the next."""
    forms: list[list[FlatLine]] = [[]]
    seen: set[str] = set()
    for line in lines:
        marks = _marks(line)
        if marks & seen:
            forms.append([])
            seen = set()
        forms[-1].append(line)
        seen |= marks
    return [form for form in forms if any(heading_roles(line, "columns") for line in form)]


def _marks(line: FlatLine) -> set[str]:
    marks = {"title"} if is_title(line.text.strip()) and not heading_roles(line, "columns") else set()
    if heading_roles(line, "budget"):
        marks.add("budget")
    for piece in line.pieces:
        match = label_role(key(piece.text))
        if (
            match
            and match.rank <= 1
            and match.role in {"project", "department", "unit"}
            and key(piece.text) != "项目"
        ):
            marks.add(match.role)
    return marks


def is_blank_piece(piece: Piece) -> bool:
    """Tell whether a piece is a dash."""
    return is_blank(piece.text)


# indicator rows out of flattened lines: each row ends with its points, its cells may be wrapped


_MOST_PIECES = 14
_CELLS = ("name", "target", "actual")
_FIGURE_OF_POINTS = re.compile(r"\d{1,3}(\.\d{1,2})?")


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
        if _FIGURE_OF_POINTS.fullmatch(first) and (
            _FIGURE_OF_POINTS.fullmatch(second) or is_blank_piece(pieces[n + 1])
        ):
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


# flattened rows that stand on one line each, where no pair of points tells where a row ends


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
