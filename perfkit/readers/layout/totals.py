"""The sums of the indicator table: its total row with score and grade, those of levels, rows that are a sum.

A total's score is known by its column, else it is the last figure that is no weight.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from perfkit.form import Subtotal, Unread
from perfkit.readers.layout.labels import labelled
from perfkit.readers.layout.looks import level_of
from perfkit.readers.layout.record import number
from perfkit.readers.layout.words import grade_in, is_blank, is_subtotal, is_total
from perfkit.text import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from decimal import Decimal

    from perfkit.form import Indicator
    from perfkit.readers.grid import Cell
    from perfkit.readers.layout.columns import Columns
    from perfkit.readers.layout.record import Record
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


def subtotal_of(
    line: Line, columns: Columns, rows: Sequence[Indicator], levels: Mapping[str, str | None]
) -> Subtotal | None:
    """Read the partial sum that a line prints: of the level that it names, else of the rows that it ends."""
    label = next((text for text in line.texts[:_FEW] if is_subtotal(text)), None)
    weight, score = (
        next((number(cell.text) for cell in columns.cells(line, role)), None) for role in ("weight", "score")
    )
    if label is None or (weight is None and score is None):
        return None
    named = re.sub("[(（].*|[:：].*|小计|合计|得分|分值", "", "".join(label.split()))
    one, two = levels["level1"], levels["level2"]
    found = level_of(named)
    if found:
        first = "level1" in found
        return Subtotal(named if first else None, None if first else named, weight, score)
    below = [row for row in rows if row.level1 == one]
    last = [row for row in below if row.level2 == two]
    of_two = weight is not None and weight == _weights(last) != _weights(below)
    return Subtotal(None if of_two else one, two if of_two else None, weight, score)


def _weights(rows: Sequence[Indicator]) -> Decimal | int:
    return sum(row.weight for row in rows if row.weight is not None)


def counted_once(rows: Sequence[Indicator], points: Decimal, record: Record) -> list[Indicator]:
    """Give rows without the points of those whose sum the row above them prints, where only so they make 100.

    Such points are listed: a row of 50 points has the rows 其中：桃树 (30) and 其中：梨树 (20) below it.
    """
    weights = [row.weight or 0 for row in rows]
    parts: set[int] = set()
    at = 0
    while at < len(rows):
        end = _parts_end(weights, at)
        named = all(_PART.match(row.name or "") for row in rows[at + 1 : end])
        if end > at + 2 and (named or not _PART.match(rows[at].name or "")):
            parts |= set(range(at + 1, end))
        at = max(end, at + 1)
    left = sum(weight for n, weight in enumerate(weights) if n not in parts)
    if not parts or _WHOLE in {sum(weights), sum(weights) + points} or _WHOLE not in {left, left + points}:
        return list(rows)
    for n in sorted(parts):
        place = record.places.get(f"indicators[{n}].weight", "")
        text = " | ".join(f"{figure:f}" for figure in (rows[n].weight, rows[n].score) if figure is not None)
        record.aside.append(Unread(f"indicators[{n}]", place, text, say("expected.points_above")))
    return [replace(row, weight=None, score=None) if n in parts else row for n, row in enumerate(rows)]


def _parts_end(weights: Sequence[Decimal | int], at: int) -> int:
    """Give the row behind those that follow a row and make its weight."""
    total: Decimal | int = 0
    for end in range(at + 1, len(weights)):
        total += weights[end]
        if total == weights[at] and weights[at]:
            return end + 1
        if total > weights[at]:
            break
    return at


_PART = re.compile(r"\s*[(（]?(其中|#|－|-)")
_WHOLE = 100
