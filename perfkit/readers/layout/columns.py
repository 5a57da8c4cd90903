"""Which column of a table is which, read from its heading rows.

A heading is found by what its cells say, never by where it stands. It may take two lines, in which case
a column is known by its lower line, and by its upper one where the lower says nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

from perfkit.readers.layout.record import money
from perfkit.readers.layout.words import Match, column_role, key, label_role, reviewer_role

if TYPE_CHECKING:
    from collections.abc import Sequence

    from perfkit.readers.grid import Cell
    from perfkit.readers.layout.stream import Line

_CORE = frozenset({"level1", "level2", "name", "target", "initial_target", "value", "goal", "actual"})
_FEWEST = 2  # one heading alone may be any word
_ALIAS = 2
_MONEY = frozenset({"initial", "adjusted", "executed", "rate"})
_STAND_INS = (("target", "value"), ("target", "goal"), ("target", "initial_target"), ("reason", "note"))
_FALLBACKS = frozenset({"block", "value", "goal", "note"})
_TARGETS = frozenset({"target", "goal", "value", "initial_target"})
_LEVELS = ("level1", "level2", "name")
_MERGED = frozenset({"reason"})  # cause and measure are one text, in one column or in two
_FIGURES = frozenset({"weight", "score"})  # of which levels and reviewers have columns of their own
_BESIDE = frozenset({"deduction", "review"})  # figures beside the score


@dataclass(frozen=True, slots=True)
class Columns:
    """Hold the columns of a table by role, and the headings that no role is known for.

    `spare` maps a column to its heading where a better one has its role; `bare` holds the columns that no
    heading stands over, of the `width` that the headings have; `edges` where a heading begins or ends.
    """

    by_role: dict[str, tuple[int, ...]]
    unknown: tuple[Cell, ...] = ()
    height: int = 1
    spare: dict[int, Cell] = field(default_factory=dict)
    bare: frozenset[int] = frozenset()
    width: int = 0
    edges: frozenset[int] = frozenset()

    def astride(self, line: Line) -> Cell | None:
        """Give the first cell of a line that has a part of one heading's columns and a part of another's."""
        for cell in line.cells:
            within = any(cell.column < edge < cell.end for edge in self.edges)
            if cell.row == line.row and within and not {cell.column, min(cell.end, self.width)} <= self.edges:
                return cell
        return None

    def cells(self, line: Line, role: str) -> list[Cell]:
        """Give the cells of a role on a line."""
        return line.across(self.by_role.get(role, ()))

    def cell(self, line: Line, role: str) -> Cell | None:
        """Give the first cell of a role on a line."""
        return next(iter(self.cells(line, role)), None)

    def left_out(self, column: int) -> Cell | None:
        """Give the heading of a column that is not read: one that nobody knows, or a second of its kind."""
        unknown = (cell for cell in self.unknown if cell.column <= column < cell.end)
        return self.spare.get(column) or next(unknown, None)

    def heads(self, column: int) -> bool:
        """Tell whether any heading stands over a column."""
        return column < self.width and column not in self.bare

    def knows(self, cell: Cell) -> bool:
        """Tell whether a cell of the heading names a column, or is listed as one that nobody knows."""
        named = any(cell.column <= column < cell.end for found in self.by_role.values() for column in found)
        return named or column_role(key(cell.text)) is not None or is_block([cell]) or cell in self.unknown

    def __contains__(self, role: str) -> bool:
        return role in self.by_role


def indicator_columns(lines: Sequence[Line], start: int) -> Columns | None:
    """Read the heading of the indicator table that starts at a line, if one does."""
    height = _height(lines, start, "columns")
    if not height:
        return None
    columns = _columns(lines[start : start + height], "columns")
    if len(_CORE & columns.by_role.keys()) < _FEWEST or not {"target", "actual"} & columns.by_role.keys():
        return None
    if not {"name", "level2", "level1"} & columns.by_role.keys():
        return None
    return columns


def budget_columns(lines: Sequence[Line], start: int) -> Columns | None:
    """Read the heading of the money table that starts at a line, if one does."""
    matches = [column_role(k, "budget") for k in lines[start].keys]
    roles = {match.role for match in matches if match}
    if len(_MONEY & roles) < _FEWEST or not {"adjusted", "initial", "executed"} & roles:
        return None
    if any(_answered(lines[start], cell) for cell in lines[start].starts) or is_listing(lines[start]):
        return None
    height = 2 if _splits_above(lines[start : start + 2]) else 1
    return _columns(lines[start : start + height], "budget")


def is_listing(line: Line) -> bool:
    """Tell whether a line heads a list of projects, a row each, which is no form."""
    return heads_listing(line.keys)


def heads_table(line: Line) -> bool:
    """Tell whether a line heads a table with points, be it the indicators' or another."""
    roles = [match.role for k in line.keys if (match := column_role(k)) and match.firm]
    return len(roles) > _FEWEST and bool(_FIGURES & set(roles))


def heads_listing(keys: Sequence[str]) -> bool:
    """Tell whether the texts of a line head a list: 项目名称, another heading beside it, and more of them."""
    for label, beside in pairwise(keys):
        match = label_role(label)
        if match is not None and match.role == "project" and match.rank < _ALIAS:
            return _names_column(beside) and sum(_names_column(k) for k in keys) > _FEWEST
    return False


def _names_column(plain: str) -> bool:
    matches = (label_role(plain), column_role(plain), column_role(plain, "budget"))
    return any(match is not None and match.firm for match in matches)


def _splits_above(lines: Sequence[Line]) -> bool:
    """Tell whether a second line parts the money headings above it (预算数: 年初 and 调整后)."""
    if len(lines) < _FEWEST or not lines[1].starts:
        return False
    below = [(key(cell.text), lines[0].at(cell.column)) for cell in lines[1].starts]
    return all(
        upper is not None
        and (column_role(plain + key(upper.text), "budget") or column_role(key(upper.text) + plain, "budget"))
        for plain, upper in below
    )


def _answered(line: Line, cell: Cell) -> bool:
    """Tell whether an amount stands right of a heading: then it is a label, not a heading."""
    beside = line.beside(cell)
    match = column_role(key(cell.text), "budget")
    return match is not None and beside is not None and money(beside.text, "元") is not None


def _height(lines: Sequence[Line], start: int, table: str) -> int:
    """Count the heading lines from a start: those on which every text is a heading."""
    height = 0
    for line in lines[start : start + 3]:
        upper = lines[start + height - 1] if height else None
        if line.kind == "text" or not _is_heading(line, table, upper):
            break
        height += 1
    return height


def _is_heading(line: Line, table: str, upper: Line | None) -> bool:
    keys = [k for k in line.keys if k]
    known = [k for k in keys if column_role(k, table)]
    if upper is not None:
        known += [cell.text for cell in line.starts if _of_reviewer(cell, upper, table)]
        return bool(keys) and len(known) == len(keys) and (_spans_down(line) or _leaves_room(line, upper))
    return len(known) >= _FEWEST and len(known) * 2 >= len(keys)


def _of_reviewer(cell: Cell, upper: Line, table: str) -> bool:
    """Tell whether a word heads a column only below a reviewer (意见 below 财政审核)."""
    above = upper.at(cell.column)
    alone = column_role(key(cell.text), table)
    return not alone and above is not None and reviewer_role([above.text, cell.text], table) is not None


def _spans_down(line: Line) -> bool:
    """Tell whether headings of the line above reach down to this one, as they do over a second line."""
    return any(cell.row < line.row for cell in line.cells) or len(line.starts) < len(line.cells)


def _leaves_room(line: Line, upper: Line) -> bool:
    """Tell whether a heading stands above where this line is empty, as it does where nothing is merged."""
    filled = {cell.column for cell in line.starts}
    return line.grid == upper.grid and any(cell.column not in filled for cell in upper.starts)


def _columns(heading: Sequence[Line], table: str) -> Columns:
    width = max((cell.end for line in heading for cell in line.cells), default=0)
    claims: dict[str, list[tuple[int, int]]] = {}
    unknown: list[Cell] = []
    heads: dict[int, Cell] = {}
    for column in range(width):
        cells = [cell for line in heading if (cell := line.at(column)) is not None and cell.text.strip()]
        if cells:
            heads[column] = cells[-1]
        match = _role(list(dict.fromkeys(cells)), table)
        if match is not None:
            claims.setdefault(match.role, []).append((match.rank, column))
        elif cells and cells[-1] not in unknown and cells[-1].row == heading[-1].row and not is_block(cells):
            unknown.append(cells[-1])
    by_role = _settle(claims, heading)
    used = {column for columns in by_role.values() for column in columns}
    texts = [(role, column) for role, found in claims.items() for _, column in found if column not in used]
    spare = {column: heads[column] for role, column in texts if role not in _FIGURES | {"skip", "block"}}
    return Columns(
        by_role,
        tuple(unknown),
        len(heading),
        spare,
        frozenset(range(width)) - heads.keys(),
        width,
        frozenset(edge for line in heading for cell in line.cells for edge in (cell.column, cell.end)),
    )


def is_block(cells: Sequence[Cell]) -> bool:
    """Tell whether a heading is the label of the whole block, or what a page break left of it."""
    return all(set(key(cell.text)) <= set("年度绩效指标") for cell in cells)


def _role(cells: Sequence[Cell], table: str) -> Match | None:
    """Give the role of stacked headings: joined, then the lowest, then those above."""
    keys = [key(cell.text) for cell in cells]
    options = [*reversed(keys), "".join(keys)]
    if table == "budget":
        options = ["".join(keys), "".join(reversed(keys)), *options]
    reviewer = reviewer_role([cell.text for cell in cells], table)
    if reviewer is not None:
        return reviewer
    matches = [match for option in options if (match := column_role(option, table)) is not None]
    firm = [match for match in matches if match.firm and not match.aside]
    return next(iter(firm or matches), None)


def _settle(claims: dict[str, list[tuple[int, int]]], heading: Sequence[Line]) -> dict[str, tuple[int, ...]]:
    """Let each role keep the columns of its best heading; settle the roles that depend on others."""
    by_role: dict[str, tuple[int, ...]] = {}
    claims = _without_block(claims)
    for role, found in claims.items():
        best = min(rank for rank, _ in found)
        columns = [column for rank, column in found if rank == best]
        if role in _MERGED:
            columns = [column for _, column in found]
        elif role in _FIGURES | _BESIDE:
            columns = _nearest(columns, claims, heading)
        else:
            columns = _together(columns, heading)
        by_role[role] = tuple(columns)
    for role, stand_in in _STAND_INS:
        if role not in by_role and stand_in in by_role:
            by_role[role] = by_role.pop(stand_in)
    if not by_role.keys() & set(_LEVELS):
        by_role |= _under_one_heading(by_role.get("block", ()))
    return {role: columns for role, columns in by_role.items() if role not in _FALLBACKS}


def _without_block(claims: dict[str, list[tuple[int, int]]]) -> dict[str, list[tuple[int, int]]]:
    """Leave out the label of the whole block in front (年度绩效目标（80分）), which reads like a target."""
    levels = [column for role in _LEVELS for _, column in claims.get(role, ())]
    first = min(levels, default=-1)
    if not any(column > first for role in _TARGETS for _, column in claims.get(role, ())):
        return claims  # the columns stand in another order
    kept = {
        role: [(rank, column) for rank, column in found if role not in _TARGETS or column > first]
        for role, found in claims.items()
    }
    return {role: found for role, found in kept.items() if found}


def _under_one_heading(columns: Sequence[int]) -> dict[str, tuple[int, ...]]:
    """Name the columns below a heading that says 绩效指标 and no more: its levels, the last the name."""
    last = columns[-len(_LEVELS) :]
    roles = {1: _LEVELS[2:], 2: (_LEVELS[0], _LEVELS[2]), 3: _LEVELS}.get(len(last), ())
    return {role: (column,) for role, column in zip(roles, last, strict=True)}


def _together(columns: list[int], heading: Sequence[Line]) -> list[int]:
    """Keep the columns that one heading spans, where the same heading stands twice keep the first."""
    first = heading[-1].at(columns[0])
    return [c for c in columns if heading[-1].at(c) is first] if first else columns[:1]


def _nearest(
    columns: list[int], claims: dict[str, list[tuple[int, int]]], heading: Sequence[Line]
) -> list[int]:
    """Choose the points column of the rows where each level has one of its own: the first after the name."""
    names = [column for _, column in claims.get("name", [])]
    later = [column for column in columns if names and column > max(names)]
    return _together(later or columns[-1:], heading)
