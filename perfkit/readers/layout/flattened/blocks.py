"""A flattened document as lines of pieces, and as blocks of lines between blank ones."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from perfkit.readers.grid import Cell, Grid
from perfkit.readers.layout.words import column_role, is_blank, is_title, key, label_role, reviewer_role

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
