"""What document is it? A self-evaluation is read, whatever else looks like one is refused by its name.

A declaration of targets, a monitoring sheet and a reviewer's marking sheet have the same labels and nearly
the same columns. Their title tells them, and where none stands, the columns that they lack.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

from perfkit.readers.layout.budget import is_money_table
from perfkit.readers.layout.columns import budget_columns, indicator_columns
from perfkit.readers.layout.words import is_template, key, squeeze

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from perfkit.form import Form, Kind
    from perfkit.readers.grid import Grid
    from perfkit.readers.layout.stream import Line

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
