"""The total row of the indicator table: its score wherever it stands on the row, and its grade."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from perfkit.readers.layout.labels import labelled
from perfkit.readers.layout.record import number
from perfkit.readers.layout.words import grade_in, is_blank, is_total

if TYPE_CHECKING:
    from collections.abc import Iterator

    from perfkit.readers.grid import Cell
    from perfkit.readers.layout.columns import Columns
    from perfkit.readers.layout.stream import Line

_FEW = 2
_ANY = 10**6
_BESIDE = ("weight", "deduction", "review")
_NOT_TAKEN: frozenset[int] = frozenset()
_WITH_GRADE = re.compile(r"\s*([\d.]+\s*分?)[\s(（,，;；/]*([^\W\d]{1,2})[)）\s]*")
_INLINE = re.compile(r"[^:：\d]*[:：]\s*([\d.]+)\s*分?")


def is_total_row(line: Line) -> bool:
    """Tell whether a line is the total row."""
    return any(is_total(text) for text in line.texts[:_FEW])


def total_cell(line: Line, columns: Columns) -> Cell | None:
    """Give the cell of the total score: by its column, else the last figure that is no weight."""
    cells = [_bare(cell) for cell in line.starts]
    figures = [cell for cell in cells if number(cell.text) is not None]
    score = columns.cell(line, "score")
    score = None if score is None or _says_no_score(score.text) else _bare(score)
    if score is not None and (number(score.text) is not None or len(figures) < _FEW):
        return score
    aside = (*(columns.cell(line, role) for role in _BESIDE), review_cell(line, columns))
    beside = [cell for cell in aside if cell is not None]
    others = [cell for cell in figures if all(cell.column != other.column for other in beside)]
    last = max(columns.by_role.get("score", (_ANY,)))
    others = [
        cell for cell in others if cell.column <= last
    ] or others  # right of it stand a reviewer's points
    if others:
        return others[-1]
    return score if score is not None else next(_inline(line), None)


def review_cell(line: Line, columns: Columns) -> Cell | None:
    """Give the cell of a reviewer's total: by its column, or by a label on the row (核查得分：94)."""
    cell = columns.cell(line, "review")
    if cell is not None and number(cell.text) is not None:
        return cell
    found = (label for label in labelled([line], _NOT_TAKEN) if label.role == "review_total")
    return next((label.cell.cut(text=label.text) for label in found), None)


def grade_cell(line: Line) -> tuple[str, Cell] | None:
    """Give the grade that the total row prints, in a cell of its own or behind the score."""
    found: list[tuple[str, Cell]] = []
    for cell in line.starts:
        match = _WITH_GRADE.fullmatch(cell.text)
        grade = grade_in(match[2] if match else cell.text)
        if grade is not None:
            found.append((grade, cell))
    return found[-1] if found else None


def _says_no_score(text: str) -> bool:
    return is_blank(text) or is_total(text) or grade_in(text) is not None


def _bare(cell: Cell) -> Cell:
    """Give a cell without the grade behind its score (98.00（优）)."""
    match = _WITH_GRADE.fullmatch(cell.text)
    return cell.cut(text=match[1]) if match and grade_in(match[2]) else cell


def _inline(line: Line) -> Iterator[Cell]:
    """Give the score printed in the cell of its label (总分：96.90分)."""
    for cell in line.starts[:1]:
        match = _INLINE.match(cell.text)
        if match:
            yield cell.cut(text=match[1])
