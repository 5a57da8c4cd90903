"""What document is it, and where does one form end and the next begin? Others are refused by name.

A declaration of targets, a monitoring sheet and a reviewer's marking sheet have the same labels and nearly
the same columns. Their title tells them, and where none stands, the columns that they lack.

A form has one project name, one money table, one title. The second of a kind starts the next form,
and a title stands before what it names.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from perfkit.readers.layout.budget import is_money_table
from perfkit.readers.layout.columns import (
    budget_columns,
    indicator_columns,
    is_listing,
    names_goal,
    names_something,
)
from perfkit.readers.layout.record import lines_of
from perfkit.readers.layout.words import is_blank, is_template, is_title, key, label_role, squeeze

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from collections.abc import Set as AbstractSet

    from perfkit.form import Form, Kind
    from perfkit.readers.grid import Grid
    from perfkit.readers.layout.columns import Columns
    from perfkit.readers.layout.record import Line


Other = Literal["declaration", "monitoring", "marking", "template", "prose", "unknown"]

_LONGEST = 45
_TITLE = re.compile(".*(表|表格|工作底稿|情况)([(（].*[)）])?")
_SELF = re.compile("自评|自我评价|完成情况|绩效评价表|复核")
_MONITORING = re.compile("监控")
_DECLARED = re.compile("申报|目标(批复|设定|审核)?表|目标批复")
_MARKING = re.compile("(评分|打分|赋分)(标准|细则)?表|评价指标体系|评分标准")
_TRANSFER = re.compile("转移支付")
_DEPARTMENT = re.compile("(部门|单位)整体")
_RUNNING = re.compile(r"(\d{1,2}[-—~至到]\d{1,2}月|上半年|前三季度|全年预计|预计完成|监控)")


def other_than_form(lines: Sequence[Line], name: str = "") -> Other | None:
    """Tell what the lines of a document hold where it is no self-evaluation; None where it is one."""
    titles = [*_titles(lines), squeeze(name)]
    if any(_SELF.search(title) for title in titles):
        return None
    for pattern, kind in ((_MONITORING, "monitoring"), (_MARKING, "marking"), (_DECLARED, "declaration")):
        if any(pattern.search(title) for title in titles):
            return kind  # type: ignore[return-value]
    return _by_columns(lines)


def _by_columns(lines: Sequence[Line]) -> Other | None:
    for number in range(len(lines)):
        columns = indicator_columns(lines, number)
        if columns is None:
            continue
        heading = [squeeze(text) for line in lines[number : number + columns.height] for text in line.texts]
        if sum(bool(_RUNNING.search(text)) for text in heading) > 1:
            return "monitoring"
        if "actual" not in columns and "score" not in columns and "target" in columns:
            spent = any(
                (money := budget_columns(lines, n))
                and "executed" in money
                and is_money_table(lines, n, money)
                for n in range(number)
            )
            return None if spent else "declaration"
        return None
    return None


def _titles(lines: Sequence[Line]) -> list[str]:
    """Give the titles of a document: lines of one short text above the first table."""
    found = []
    for number, line in enumerate(lines):
        if indicator_columns(lines, number):
            break
        texts = line.texts
        plain = squeeze(texts[0]) if texts else ""
        if len(texts) == 1 and len(plain) <= _LONGEST and _TITLE.fullmatch(plain):
            found.append(plain)
    return found


def kind_of(lines: Sequence[Line], form: Form) -> Kind:
    """Tell whose form it is: a project's, a transfer payment's, or a whole department's."""
    titles = _titles(lines)
    if any(_DEPARTMENT.search(title) for title in titles):
        return "department"
    scored = any(row.weight is not None or row.score is not None for row in form.indicators)
    labels = {k for line in lines for k in line.keys[:1]}
    if any(_TRANSFER.search(title) for title in titles) or labels & _OF_TRANSFER:
        return "project" if scored and form.budget.total.weight is not None else "transfer"
    return "project"


_OF_TRANSFER = frozenset({"中央主管部门", "转移支付项目名称", "转移支付名称"})


def is_empty(form: Form) -> bool:
    """Tell whether a form is a template that nobody filled in: no value stands in any of its rows."""
    rows = [row for row in form.indicators if not is_template(row.name or "")]
    filled = any(row.actual or row.weight is not None or row.score is not None or row.target for row in rows)
    budget = form.budget
    spent = any(fund.filled for fund in (budget.total, *budget.sources.values()))
    told = any((budget.total.rate, budget.total.score is not None, form.goals.expected, form.goals.outcome))
    return not (filled or spent or told or form.notes or form.grade or form.total is not None)


def without_form(grids: Iterable[Grid]) -> Other:
    """Tell what a document is in which no form was found."""
    texts = [cell.text for grid in grids for cell in grid.cells if cell.text.strip()]
    if any(_MARKING.search(squeeze(text)) for text in texts if len(text) < _LONGEST):
        return "marking"
    long = sum(len(text) for text in texts if len(text) >= _LONGEST or re.search("[。；]", text))
    named = any(key(text) in {"三级指标", "年度指标值", "项目名称", "一级指标"} for text in texts)
    return "prose" if not named and long * 2 > sum(map(len, texts)) else "unknown"


# where one form ends and the next begins, in a book, a page or a document that holds several


_ALIAS = 2
_TITLE_LINES = 3


def split_forms(lines: Sequence[Line]) -> list[list[Line]]:
    """Split the lines of a document into those of each form, in order; text that is no form is dropped."""
    lines = _without_listings(lines)
    parts: list[list[Line]] = [[]]
    seen: set[str] = set()
    lines, openings = _by_project(lines)
    own: set[int] = set()
    for number, line in enumerate(lines):
        marks = _marks(lines, number)
        if number in openings:
            own.add(len(parts))
        if number in openings or _opens(marks, seen):
            late = _goals_between(parts[-1])
            del parts[-1][len(parts[-1]) - len(late) :]
            parts.append(late)
            seen = set()
        parts[-1].append(line)
        seen |= marks
    return _merged(parts, own)


def _goals_between(part: Sequence[Line]) -> list[Line]:
    """Give the goals that stand behind a form which has its own: they are those of the next one."""
    naming = [n for n, line in enumerate(part) if len(line.starts) <= _ALIAS and names_goal(line)]
    last = max((n for n, line in enumerate(part) if len(line.starts) > _ALIAS), default=len(part))
    behind = [n for n in naming if n > last]
    own = any(names_goal(line) for line in part[: last + 1])
    return list(part[behind[0] :]) if behind and own else []


def side_by_side(grid: Grid) -> list[Grid]:
    """Part a table in which forms stand beside each other: by a blank column, or before a project's label."""
    named = [cell for cell in grid.cells if (match := label_role(key(cell.text))) and match.role == "project"]
    if not named[1:]:
        return [grid]
    covered = {
        column for cell in grid.cells for column in range(cell.column, cell.end) if not is_blank(cell.text)
    }
    gaps = set(range(max(covered))) - covered
    labels = {cell.column for cell in named}
    for edge in sorted({gap + 1 for gap in gaps} | labels):
        if any(cell.column < edge < cell.end for cell in grid.cells if not is_blank(cell.text)):
            continue
        left, right = (
            [cell for cell in grid.cells if (cell.column >= edge) == beyond] for beyond in (False, True)
        )
        rows = [{cell.row for cell in named if cell in part} for part in (left, right)]
        moved = tuple(replace(cell, column=cell.column - edge) for cell in right)
        parts = [replace(grid, cells=tuple(left)), replace(grid, cells=moved, unread=())]
        whole = edge - 1 in gaps or all(map(_has_heading, parts))
        if rows[0] & rows[1] and whole:
            return [parts[0], *side_by_side(parts[1])]
    return [grid]


def _has_heading(grid: Grid) -> bool:
    lines = lines_of([grid])
    return any(indicator_columns(lines, number) for number in range(len(lines)))


def _by_project(lines: Sequence[Line]) -> tuple[list[Line], set[int]]:
    """Give each project of a table of several the heading again; tell the numbers of these lines."""
    given: list[Line] = []
    openings: set[int] = set()
    heading: Sequence[Line] = ()
    columns: Columns | None = None
    project = ""
    for number, line in enumerate(lines):
        found = indicator_columns(lines, number)
        if found is not None:
            columns, heading, project = found, lines[number : number + found.height], ""
        elif columns is not None and line.grid != heading[0].grid:
            columns = None
        cell = columns.cell(line, "project") if columns is not None and line not in heading else None
        if cell is not None and not is_blank(cell.text) and cell.text != project:
            if project:
                openings.add(len(given))
                given.extend(heading)
            project = cell.text
        given.append(line)
    return given, openings


def _without_listings(lines: Sequence[Line]) -> list[Line]:
    """Leave out lists of projects, a row each, as books of many forms have on their first sheet."""
    kept: list[Line] = []
    listing: int | None = None
    for number, line in enumerate(lines):
        heads_one = names_something(lines[number + 2]) if number + 2 < len(lines) else False
        if is_listing(line) and not heads_one and indicator_columns(lines, number) is None:
            listing = line.grid
        elif listing is not None and (line.grid != listing or _marks(lines, number)):
            listing = None
        if listing is None:
            kept.append(line)
    return kept


def _marks(lines: Sequence[Line], number: int) -> set[str]:
    line = lines[number]
    marks: set[str] = set()
    # a bare 项目 is a label only where it opens its line; elsewhere it is a word
    labels = [(n, match) for n, k in enumerate(line.keys) if (match := label_role(k))]
    roles = {match.role for n, match in labels if n == 0 or match.rank < _ALIAS}
    if "project" in roles and indicator_columns(lines, number) is None:
        marks.add("project")
    if len(line.starts) == 1 and is_title(line.texts[0]):
        marks.add("title")
    money = budget_columns(lines, number)
    if money is not None and is_money_table(lines, number, money):
        marks.add("budget")
    if indicator_columns(lines, number) is not None:
        marks.add("table")
    return marks


def _opens(marks: set[str], seen: set[str]) -> bool:
    content = seen & {"project", "budget", "table"}
    if "title" in marks:
        return bool(content)
    if "project" in marks:
        return bool(seen & {"project", "table"})
    return "budget" in marks and bool(seen & {"budget", "table"})


def _merged(parts: Sequence[list[Line]], own: AbstractSet[int]) -> list[list[Line]]:
    """Give back to a form what a repeated title cut off; drop what is no form at all."""
    forms: list[list[Line]] = []
    heads: list[list[Line]] = []
    title: list[Line] = []
    for number, part in enumerate(parts):
        if number in own:  # the next project of a table of several, under the same title
            forms.append([*title, *part])
            continue
        marks = set().union(*(_marks(part, number) for number in range(len(part)))) if part else set()
        title = [line for line in part[:_TITLE_LINES] if len(line.starts) == 1]
        if marks & {"project", "budget"}:
            forms.append([line for head in heads for line in head] + part)
            heads = []
        elif forms and marks & {"table"}:
            forms[-1].extend(part)
        elif "table" in marks:
            forms.append(part)
            heads = []
        else:
            heads = [part]
    return forms
