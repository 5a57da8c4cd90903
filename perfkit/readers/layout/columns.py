"""Headings and labels: which column of a table is which, and the values beside the labels of a form.

A heading is found by what its cells say, never by where it stands. It may take two lines, in which case
a column is known by its lower line, and by its upper one where the lower says nothing.

A label's value stands to its right, or below it where another label stands to its right, or after a
colon in the same cell. Whatever is itself a label is never a value.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from itertools import pairwise, takewhile, zip_longest
from typing import TYPE_CHECKING

from perfkit.readers.layout.looks import pattern
from perfkit.readers.layout.record import money
from perfkit.readers.layout.words import (
    CHANGED,
    PLANNED,
    Match,
    column_role,
    is_blank,
    is_level1,
    is_past,
    is_total,
    key,
    label_role,
    reviewer_role,
    squeeze,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from collections.abc import Set as AbstractSet

    from perfkit.readers.grid import Cell
    from perfkit.readers.layout.record import Line


_CORE = frozenset({"level1", "level2", "name", "target", "initial_target", "value", "goal", "actual"})
_FEWEST = 2  # one heading alone may be any word
_ALIAS = 2
_COUNTED = 4  # figures that count on
_MONEY = frozenset({"initial", "adjusted", "executed", "rate"})
_STAND_INS = (("target", "value"), ("target", "goal"), ("target", "initial_target"), ("reason", "note"))
_FALLBACKS = frozenset({"block", "value", "goal", "note"})
_TARGETS = frozenset({"target", "goal", "value", "initial_target"})
_LEVELS = ("level1", "level2", "name")
_MERGED = frozenset({"reason", "skip", "remark"})  # cause and measure are one text, in one column or in two
_FIGURES = frozenset({"weight", "score"})  # of which levels and reviewers have columns of their own
_BESIDE = frozenset({"deduction", "review"})  # figures beside the score
_REVIEWERS = frozenset({"review", "opinion"})
OPEN = frozenset({"block", "goal", "value", "target", "actual", "score", None})  # what a second line parts
_WORD = 6  # characters of a text that may be a word


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
    over = _over_rows(lines[start + height :], lines[start].grid)
    columns = _columns(lines[start : start + height], "columns", over)
    if len(_CORE & columns.by_role.keys()) < _FEWEST or not {"target", "actual"} & columns.by_role.keys():
        return None
    if not {"name", "level2", "level1"} & columns.by_role.keys():
        return None
    return _with_numbers(columns, lines[start + height : start + height + 1])


def _over_rows(below: Sequence[Line], grid: int) -> frozenset[int] | None:
    """Give the columns with a long text for several rows each; None where there are no rows to look at."""
    rows = list(takewhile(lambda line: line.grid == grid and not _ends_rows(line), below))
    if len(rows) < _FEWEST:
        return None
    texts: dict[int, list[str]] = {}
    for cell in (cell for line in rows for cell in line.starts if cell.colspan == 1):
        texts.setdefault(cell.column, []).append(key(cell.text))
    return frozenset(
        column
        for column, found in texts.items()
        if len(found) * 2 <= len(rows) and all(len(text) > _WORD for text in found)
    )


def _ends_rows(line: Line) -> bool:
    return any(is_total(text) for text in line.texts[:1])


def _with_numbers(columns: Columns, below: Sequence[Line]) -> Columns:
    """Let a line that numbers the columns (栏次, 1, 2, 3 …) be part of the heading above it."""
    if below and numbers_columns(below[0].texts):
        return replace(columns, height=columns.height + 1)
    return columns


def numbers_columns(texts: Sequence[str]) -> bool:
    """Tell whether texts count on and say nothing else, as those that number the columns of a table do."""
    first = 0 if not texts or column_role(key(texts[0])) is None else 1
    counted = [squeeze(text).strip("()") for text in texts[first:]]
    if len(counted) < _COUNTED or not all(text.isdecimal() and len(text) <= _FEWEST for text in counted):
        return False
    return all(int(other) == int(one) + 1 for one, other in pairwise(counted))


def budget_columns(lines: Sequence[Line], start: int) -> Columns | None:
    """Read the heading of the money table that starts at a line, if one does."""
    matches = [column_role(k, "budget") for k in lines[start].keys]
    roles = {match.role for match in matches if match}
    if len(_MONEY & roles) < _FEWEST or not {"adjusted", "initial", "executed"} & roles:
        return None
    if any(_answered(lines[start], cell) for cell in lines[start].starts) or is_listing(lines[start]):
        return None
    if sum(pattern("value").fullmatch(squeeze(text)) is not None for text in lines[start].texts) >= _FEWEST:
        return None  # values beside a label: 预算执行 | 预算执行率 | ≥95% | 90%
    height = 2 if _splits_above(lines[start : start + 2]) else 1
    found = _columns(lines[start : start + height], "budget")
    return _with_numbers(found, lines[start + height : start + height + 1])


def is_listing(line: Line) -> bool:
    """Tell whether a line heads a list of projects, a row each, which is no form."""
    return heads_listing(line.keys)


def heads_table(line: Line) -> bool:
    """Tell whether a line heads a table with points, be it the indicators' or another."""
    roles = [match.role for k in line.keys if (match := column_role(k)) and match.firm]
    return len(roles) > _FEWEST and bool(_FIGURES & set(roles))


def names_goal(line: Line) -> bool:
    """Tell whether a line holds the label of a goal, with its text or without."""
    roles = [match.role for k in line.keys if (match := label_role(k))]
    roles += [label.role for cell in line.starts for label in _inline(cell)]
    return bool(_PROSE & {*roles}) and not heads_table(line)


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
    if len({match.role for k in known if (match := column_role(k, table))}) == 1 == len(set(line.texts)) - 1:
        return False  # a label and what it says (完成情况: 完成)
    if known == keys[::2] and len(keys) == 2 * len(known) and all(map(label_role, known)):
        return False  # labels, each with what it says behind it (预期目标 | … | 实现情况 | …)
    if upper is not None:
        known += [cell.text for cell in line.starts if _parts_above(cell, upper, table)]
        return bool(keys) and len(known) == len(keys) and (_spans_down(line) or _leaves_room(line, upper))
    return len(known) >= _FEWEST and len(known) * 2 >= len(keys)


def _parts_above(cell: Cell, upper: Line, table: str) -> bool:
    """Tell whether a word heads a column only below another (意见 below 财政审核, 本年 below 目标值)."""
    above = upper.at(cell.column)
    if column_role(key(cell.text), table) or above is None or above is cell:
        return False
    return _is_joint(cell, above, table)


def _spans_down(line: Line) -> bool:
    """Tell whether headings of the line above reach down to this one, as they do over a second line."""
    return any(cell.row < line.row for cell in line.cells) or len(line.starts) < len(line.cells)


def _leaves_room(line: Line, upper: Line) -> bool:
    """Tell whether a heading stands above where this line is empty, as it does where nothing is merged."""
    filled = {cell.column for cell in line.starts}
    return line.grid == upper.grid and any(cell.column not in filled for cell in upper.starts)


def _columns(heading: Sequence[Line], table: str, over: frozenset[int] | None = frozenset()) -> Columns:
    """Read the columns of a heading; a goal's label heads those whose text stands `over` several rows."""
    width = max((cell.end for line in heading for cell in line.cells), default=0)
    claims: dict[str, list[tuple[int, int]]] = {}
    goals: dict[int, str] = {}
    unknown: list[Cell] = []
    heads: dict[int, Cell] = {}
    for column in range(width):
        cells = [cell for line in heading if (cell := line.at(column)) is not None and cell.text.strip()]
        if cells:
            heads[column] = cells[-1]
        match = stacked_role([cell.text for cell in dict.fromkeys(cells)], table)
        goal = label_role(key(cells[-1].text)) if cells and (over is None or column in over) else None
        if goal is not None and goal.role in _PROSE and not is_block(cells):
            goals[column] = goal.role
        if match is not None:
            claims.setdefault(match.role, []).append((match.rank, column))
        elif cells and cells[-1] not in unknown and not is_block(cells) and column not in goals:
            unknown.append(cells[-1])
    opening = next((cell for cell in unknown if _opens_level(cell, heading)), None)
    if opening is not None:  # 产出指标（50分） | 二级指标 | 三级指标, a heading a block
        claims.setdefault("level1", []).append((0, opening.column))
        unknown.remove(opening)
    by_role = _settle(_without_goals(claims, goals), heading)
    taken = {column for columns in by_role.values() for column in columns}
    for column, role in goals.items():
        by_role |= {} if column in taken else {role: (*by_role.get(role, ()), column)}
    used = {column for columns in by_role.values() for column in columns}
    texts = [(role, column) for role, found in claims.items() for _, column in found if column not in used]
    texts = [(role, column) for role, column in texts if role not in _FIGURES | {"skip", "block"}]
    spare = {column: heads[column] for _, column in texts if not is_block([heads[column]])}
    return Columns(
        by_role,
        tuple(unknown),
        len(heading),
        spare,
        frozenset(range(width)) - heads.keys(),
        width,
        frozenset(edge for line in heading for cell in line.cells for edge in (cell.column, cell.end)),
    )


def _without_goals(
    claims: dict[str, list[tuple[int, int]]], goals: dict[int, str]
) -> dict[str, list[tuple[int, int]]]:
    """Leave out the headings of goals where others head the targets and the actuals of the rows."""
    own = {
        role: [column for each in roles for _, column in claims.get(each, ()) if column not in goals]
        for role, roles in (("expected", _TARGETS), ("outcome", {"actual"}))
    }
    beside = {column for column, role in goals.items() if own[role]}
    kept = {
        role: [(rank, column) for rank, column in found if column not in beside]
        for role, found in claims.items()
    }
    return {role: found for role, found in kept.items() if found}


def _opens_level(cell: Cell, heading: Sequence[Line]) -> bool:
    """Tell whether a cell of a heading is the first level of the rows below, which it spans."""
    return is_level1(cell.text) and cell.rowspan > len(heading)


def is_block(cells: Sequence[Cell]) -> bool:
    """Tell whether a heading is the label of the whole block, or what a page break left of it."""
    return all(set(key(cell.text)) <= set("年度绩效指标") for cell in cells)


def stacked_role(texts: Sequence[str], table: str) -> Match | None:
    """Give the role of stacked headings: the lowest, joined either way, then those above."""
    keys = [key(text) for text in texts]
    joined = ["".join(reversed(keys)), "".join(keys)]
    options = [*keys[-1:], *joined, *reversed(keys[:-1])]
    if table == "budget":
        options = [*reversed(joined), *reversed(keys)]
    reviewer = reviewer_role(texts, table)
    if reviewer is not None:
        return reviewer
    if any(map(is_past, keys)):
        return Match("skip", 0)
    matches = [match for option in options if (match := column_role(option, table)) is not None]
    firm = [match for match in matches if match.firm and not match.aside]
    return next(iter(firm or matches), None)


def is_part(lower: Cell, upper: Sequence[Cell]) -> bool:
    """Tell whether a text is a heading by itself or below one of others."""
    if is_blank(lower.text) or is_past(key(lower.text)):
        return is_past(key(lower.text))
    alone = column_role(key(lower.text))
    return (alone is not None and alone.firm) or any(_is_joint(lower, cell, "columns") for cell in upper)


def _is_joint(lower: Cell, upper: Cell, table: str) -> bool:
    """Tell whether two texts, one below the other, are a heading together."""
    one, other = key(upper.text), key(lower.text)
    above = column_role(one, table)
    if reviewer_role([upper.text, lower.text], table) is not None:
        return above is None or above.role not in _REVIEWERS
    if (above.role if above is not None and above.firm else None) not in OPEN or is_past(one):
        return False
    found = (column_role(text, table) for text in (other + one, one + other))
    return any(match is not None and match.firm and match != above for match in found)


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
    plans = [column for rank, column in claims.get("adjusted", ()) if PLANNED <= rank < CHANGED]
    if "initial" not in by_role and plans and by_role["adjusted"][0] not in plans:
        by_role["initial"] = tuple(_together(plans, heading))  # 当年预算数 beside 调整后预算数
    for role, stand_in in _STAND_INS:
        if role not in by_role and stand_in in by_role:
            by_role[role] = by_role.pop(stand_in)
    by_role |= _of_block(by_role, heading)
    return {role: columns for role, columns in by_role.items() if role not in _FALLBACKS}


def _of_block(by_role: dict[str, tuple[int, ...]], heading: Sequence[Line]) -> dict[str, tuple[int, ...]]:
    """Give the levels and the name that only 绩效指标 stands over: below it, before 二级指标, behind it."""
    block, named = by_role.get("block", ()), [role for role in _LEVELS if role in by_role]
    front = heading[0].at(block[-1]) if block else None
    if front is None or named == [*_LEVELS]:
        return {}
    if not named:
        return _under_one_heading(block, _LEVELS[:-1])
    if named[0] == "level2" and by_role["level2"][0] == block[-1] + 1 and front.rowspan <= len(heading):
        return {"level1": block[-1:]}  # one that spans more is the label beside all rows
    if named[-1] != "name" and block > by_role[named[-1]]:
        return _under_one_heading(block, _LEVELS[_LEVELS.index(named[-1]) + 1 : -1])
    return {}


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


def _under_one_heading(columns: Sequence[int], levels: tuple[str, ...]) -> dict[str, tuple[int, ...]]:
    """Name the columns below a heading that says 绩效指标 and no more: the levels, in order, and the name."""
    last = columns[-len(levels) - 1 :]
    roles = (*levels[: len(last) - 1], "name")
    return {role: (column,) for role, column in zip(roles, last, strict=True)} if last else {}


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


# labels and their values: project, department, unit, year, goals, notes


_PROSE = frozenset({"expected", "outcome"})
_SENTENCE = ("。", "；", ";", ".")
_RUNNING = 10  # a label in running text ranks behind those in a table
_INLINE = re.compile(r"\s*([^:：\n]{2,20})[:：]\s*(.*)", re.DOTALL)
_PAIRS = re.compile(r"(?:^|[\s　;；]|(?<=。))([^\s　:：;；]{2,16})\s*[:：]")


@dataclass(frozen=True, slots=True)
class Labelled:
    """Hold a label's role and rank, its value's cell, text and further cells, and the label as printed."""

    role: str
    rank: int
    cell: Cell
    text: str
    label: str = ""
    more: tuple[Cell, ...] = ()


def labelled(lines: Sequence[Line], taken: AbstractSet[int]) -> list[Labelled]:
    """Find every label of a form with its value, in reading order; blank values included.

    `taken` holds the numbers of the lines that the tables took.
    """
    found: list[Labelled] = []
    for number, line in enumerate(lines):
        for cell in line.starts if number not in taken and not heads_table(line) else ():
            found += _of_cell(lines, number, cell)
    return found


def of_heading(cells: Sequence[Cell], role: str) -> list[Labelled]:
    """Give what stands in a column that the label of a goal heads; its texts may name themselves."""
    inline = [label for cell in cells for label in _inline(cell) if label.role in _PROSE]
    text = "\n".join(cell.text.strip() for cell in cells)
    return inline or [Labelled(role, 0, cells[0], text, "", tuple(cells[1:]))]


def _of_cell(lines: Sequence[Line], number: int, cell: Cell) -> list[Labelled]:
    match = label_role(key(cell.text))
    if match is not None:
        value = _value(lines, number, cell)
        if value is not None:
            text = "" if is_blank(value.text) else value.text.strip()
            more = tuple(_further(lines, number, cell, value)) if match.role in _PROSE else ()
            text = "\n".join([text, *(each.text.strip() for each in more)]).strip()
            rank = match.rank + (_RUNNING if lines[number].kind == "text" else 0)
            return [Labelled(match.role, rank, value, text, squeeze(cell.text).rstrip(":"), more)]
        return []
    return _inline(cell)


def _further(lines: Sequence[Line], number: int, cell: Cell, value: Cell) -> Iterator[Cell]:
    """Give the cells of the lines that go on with a goal, where a form prints one goal a line."""
    bottom = cell.row + cell.rowspan if value.row < cell.row + cell.rowspan else None
    for line in lines[number + 1 :]:
        if line.grid != lines[number].grid or (bottom is not None and line.row >= bottom):
            return
        if line.row < value.row + value.rowspan:
            continue
        more = line.at(value.column)
        if more is None or more.row != line.row or more.column != value.column or names_something(line):
            return
        if line.kind == "text" and not more.text.rstrip().endswith(_SENTENCE):
            return
        if not is_blank(more.text):
            yield more


def names_something(line: Line) -> bool:
    """Tell whether a line opens with a label, is a total or heads a table."""
    headings = [match for k in line.keys if (match := column_role(k) or column_role(k, "budget"))]
    opens = any(_is_label(text) for text in line.texts[:1])
    return opens or any(label_role(k) for k in line.keys) or len([m for m in headings if m.firm]) > 1


def _inline(cell: Cell) -> list[Labelled]:
    """Read `label：value` pairs inside one cell or paragraph."""
    marks = [m for m in _PAIRS.finditer(cell.text) if label_role(key(m[1]))]
    found = []
    for mark, following in zip_longest(marks, marks[1:]):
        text = cell.text[mark.end() : following.start() if following else None].strip()
        match = label_role(key(mark[1]))
        if match and text and not is_blank(text):
            found.append(Labelled(match.role, match.rank, cell, text, mark[1]))
    return found


def _value(lines: Sequence[Line], number: int, cell: Cell) -> Cell | None:
    line = lines[number]
    beside = line.beside(cell)
    if beside is not None and not _is_label(beside.text) and _own_row(beside, cell):
        below = _below(lines, number, cell)
        if is_blank(beside.text) and below is not None and _stands_above(line, cell):
            return below
        return _over_gap(line, beside)
    below = _below(lines, number, cell)
    if cell.colspan == 1 and beside is None and len(line.cells) == 1 and line.kind == "text":
        match = label_role(key(cell.text))  # in running text a goal alone stands below its label
        told = below is not None and below.text.rstrip().endswith(_SENTENCE)
        return below if told and match is not None and match.role in _PROSE else None
    return below


def _over_gap(line: Line, beside: Cell) -> Cell:
    """Step over an empty cell to the value, as in sheets whose label spans two columns unmerged."""
    if not is_blank(beside.text) or beside.text.strip() or beside.colspan > 1:
        return beside
    value = line.after(beside)
    if value is None or _is_label(value.text):
        return beside
    following = line.after(value)
    return value if following is None or _is_label(following.text) else beside


def _own_row(beside: Cell, cell: Cell) -> bool:
    return beside.row <= cell.row < beside.row + beside.rowspan


def _stands_above(line: Line, cell: Cell) -> bool:
    """Tell whether other labels share the line: then values stand below, not beside."""
    others = [other for other in line.starts if other is not cell and _is_label(other.text)]
    return bool(others) and all(is_blank(c.text) or _is_label(c.text) for c in line.starts)


def _below(lines: Sequence[Line], number: int, cell: Cell) -> Cell | None:
    for line in lines[number + 1 : number + 3]:
        if line.row < cell.row + cell.rowspan and line.grid == lines[number].grid:
            continue
        if line.grid != lines[number].grid:
            return None
        below = line.at(cell.column)
        if below is None or below.row != line.row:
            return None
        return None if _is_label(below.text) or _inline(below) else below
    return None


def _is_label(text: str) -> bool:
    plain = key(text)
    if label_role(plain) or is_total(text):
        return True
    match = column_role(plain) or column_role(plain, "budget")
    return match is not None and match.firm and not re.fullmatch(r"目标|完成|指标|单位|说明|备注", plain)
