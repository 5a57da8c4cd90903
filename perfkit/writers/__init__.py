"""Writes the official form (项目支出绩效自评表) as Excel or Word, as units must hand it in.

What the form has no place for stays behind: `rating`, `evidence`, `initial_target`, `ignore`, and where
each value came from. All else reads back as it was written. The form is laid out as boxes on a grid, before
any file format: Excel and Word draw the same boxes, so that both print the same form.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from perfkit.errors import Fault, SettingsError
from perfkit.form import Budget, Form, Fund, Goals, Indicator
from perfkit.text import say

if TYPE_CHECKING:
    import os

__all__ = ["Layout", "write"]


def write(
    form: Form,
    path: str | os.PathLike[str],
    blank: bool = False,  # noqa: FBT001, FBT002  the one switch of the verb
    layout: Layout | None = None,
) -> None:
    """Write a form to `path`, as Excel (.xlsx) or Word (.docx) by its ending, whole or not at all.

    `blank` leaves out what the unit has to fill in (actuals, scores, reasons, executed amounts); an empty
    form gives the empty template. `layout` chooses among the layouts in use; the default is the official one.

    Raises:
        SettingsError: for another ending.
        DataError: where a text is longer than a cell may hold.
    """
    from perfkit.files import write_atomic

    target = Path(path)
    sheet = official(emptied(form) if blank else form, layout or Layout(), blank=blank)
    ending = target.suffix.lower()
    if ending == ".xlsx":
        from perfkit.writers.xlsx import rendered
    elif ending == ".docx":
        from perfkit.writers.docx import rendered
    else:
        raise SettingsError(
            Fault(
                say("faults.perfkit_writes_official_form"),
                str(path),
                got=ending or say("faults.no_ending"),
                expected=say("faults.xlsx_docx"),
            )
        )
    write_atomic(target, rendered(sheet))


Style = Literal["title", "year", "label", "text", "figure"]
Value = str | Decimal | None

AMOUNTS = ("initial", "adjusted", "executed")
_TITLE = "项目支出绩效自评表"
_FUNDS = (
    ("total", "年度资金总额"),
    ("fiscal", "其中：当年财政拨款"),
    ("carried_over", "上年结转资金"),
    ("other", "其他资金"),
)
_TYPES = (
    ("产出指标", ("数量指标", "质量指标", "时效指标", "成本指标")),
    ("效益指标", ("经济效益指标", "社会效益指标", "生态效益指标", "可持续影响指标")),
    ("满意度指标", ("服务对象满意度指标",)),
)
_PROMPT = "指标1："
_PARTS = re.compile(r"([<>=≥≤≧≦＞＜＝]{1,2})(\d+(?:\.\d+)?)(|(?:[^\W\d_]|[%％‰℃°])\D*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Layout:
    """Choose among the layouts of the form that are in use.

    `scored`: with 分值 and 得分 (transfer payments have neither). `parted_target`: 指标性质, 指标值 and
    度量单位 in three columns. `stacked_goals`: the outcome below the goal. `merged_levels`: level cells
    merged, else repeated. `two_line_heading`: 绩效指标值 over target and actual.
    """

    scored: bool = True
    parted_target: bool = False
    stacked_goals: bool = False
    merged_levels: bool = True
    two_line_heading: bool = False


@dataclass(frozen=True, slots=True)
class Box:
    """Hold one cell of the form: where it stands, what it spans, what it says, and how it looks.

    `sums` lists the boxes (row, column) that a figure adds up; `ceiling` the box that bounds it.
    """

    row: int
    column: int
    value: Value = None
    wide: int = 1
    tall: int = 1
    style: Style = "text"
    sums: tuple[tuple[int, int], ...] = ()
    ceiling: tuple[int, int] | None = None
    entry: Literal["", "weight", "score"] = ""


@dataclass(slots=True)
class Sheet:
    """Hold the whole form: its boxes, its columns' widths, and where the indicator table starts.

    `foot` is the line below the table: who filled the form in, telephone, date; "" where the form has none.
    """

    widths: list[float]
    boxes: list[Box] = field(default_factory=list)
    rows: int = 0
    table: int = 0
    heading: int = 1
    foot: str = ""

    def put(self, column: int, value: Value, wide: int = 1, style: Style = "text") -> Box:
        """Put a box on the row that is being filled."""
        box = Box(self.rows, column, value, wide, style=style)
        self.boxes.append(box)
        return box

    def put_figure(self, box: Box) -> Box:
        """Put a figure that bounds, or adds up, others."""
        self.boxes.append(replace(box, style="figure"))
        return box

    @property
    def columns(self) -> int:
        """Count the columns."""
        return len(self.widths)


def emptied(form: Form) -> Form:
    """Take out what a unit fills in at the end of the year; keep what was approved with the budget."""
    blank: dict[str, Any] = dict.fromkeys(("actual", "score", "reason", *_BESIDE))
    rows = tuple(replace(row, **blank) for row in form.indicators)
    keep = {
        line: replace(getattr(form.budget, line), executed=None, rate=None, score=None, review=None)
        for line, _ in _FUNDS
    }
    goals = Goals(form.goals.expected, None)
    ends: dict[str, Any] = dict.fromkeys(("total", "review_total", "grade", "notes", *_FOOT))
    return replace(form, indicators=rows, budget=Budget(**keep), goals=goals, **ends)


def official(form: Form, layout: Layout, *, blank: bool = False) -> Sheet:
    """Lay a form out; with `blank`, an empty one gets the rows and prompts of the template."""
    if blank and not form.indicators:
        rows = tuple(Indicator(_PROMPT, one, two) for one, twos in _TYPES for two in twos)
        total = form.budget.total
        weight = total.weight if total.weight is not None else Decimal(10)
        budget = replace(form.budget, total=replace(total, weight=weight))
        form = replace(form, indicators=rows, budget=budget)
    return _Drawing(form, layout, blank).draw()


class _Drawing:
    """Draw a form from top to bottom."""

    def __init__(self, form: Form, layout: Layout, blank: bool) -> None:  # noqa: FBT001
        self.form = form
        self.layout = layout
        self.blank = blank
        self.roles = _roles(layout, form)
        self.sheet = Sheet([_WIDTHS[role] for role in self.roles])
        self.points: dict[str, list[tuple[int, int]]] = {"weight": [], "score": []}

    def draw(self) -> Sheet:
        self._head()
        self._money()
        self._goals()
        self.sheet.table = self.sheet.rows
        self._heading()
        self._rows()
        self._total()
        if self.form.notes:
            self.sheet.put(0, "说明", style="label")
            self._row_end(1, self.form.notes)
        self.sheet.foot = _foot(self.form)
        return self.sheet

    def _row_end(self, column: int, value: Value) -> None:
        """Fill the rest of a row with one box, and go to the next."""
        self.sheet.put(column, value, self.sheet.columns - column)
        self.sheet.rows += 1

    def _head(self) -> None:
        sheet, form = self.sheet, self.form
        sheet.put(0, _TITLE, sheet.columns, "title")
        sheet.rows += 1
        sheet.put(0, f"（{form.year or '    '}年度）", sheet.columns, "year")
        sheet.rows += 1
        sheet.put(0, "项目名称", 2, "label")
        self._row_end(2, form.project)
        middle = sheet.columns // 2 + 1
        sheet.put(0, "主管部门", 2, "label")
        sheet.put(2, form.department, middle - 2)
        sheet.put(middle, "实施单位", 1, "label")
        self._row_end(middle + 1, form.unit)

    def _money(self) -> None:
        """Draw the money block: names left, amounts and points in the last columns."""
        sheet, form = self.sheet, self.form
        first, last = 1, sheet.columns
        points = ["分值", "执行率", "得分"] if self.layout.scored else ["执行率"]
        reviewed = ["核查得分"] if self.layout.scored and form.budget.total.review is not None else []
        heads = ["年初预算数", "全年预算数", "全年执行数", *points, *reviewed]
        start = last - len(heads)
        top = sheet.rows
        sheet.boxes.append(Box(top, 0, f"项目\n资金\n（{form.money_unit}）", 1, 1 + len(_FUNDS), "label"))
        sheet.put(first, None, start - first, "label")
        for column, head in enumerate(heads, start):
            sheet.put(column, head, 1, "label")
        sheet.rows += 1
        for line, name in _FUNDS:
            fund: Fund = getattr(form.budget, line)
            sheet.put(first, name, start - first, "label")
            for column, amount in enumerate(AMOUNTS, start):
                sheet.put(column, getattr(fund, amount), style="figure")
            self._money_points(fund, line, start + len(AMOUNTS))
            if reviewed:
                sheet.put(last - 1, fund.review if line == "total" else "—", style="figure")
            sheet.rows += 1

    def _money_points(self, fund: Fund, line: str, column: int) -> None:
        total = line == "total"
        if not self.layout.scored:
            self.sheet.put(column, fund.rate if total else "—", style="figure")
            return
        sheet, row = self.sheet, self.sheet.rows
        if not total:
            for dash in range(column, column + 3):
                sheet.put(dash, "—", style="figure")
            return
        weight = sheet.put_figure(Box(row, column, fund.weight, entry="weight"))
        sheet.put(column + 1, fund.rate, style="figure")
        place = (weight.row, weight.column)
        score = sheet.put_figure(Box(row, column + 2, fund.score, entry="score", ceiling=place))
        self.points["weight"].append(place)
        self.points["score"].append((score.row, score.column))

    def _goals(self) -> None:
        sheet, goals = self.sheet, self.form.goals
        sheet.boxes.append(Box(sheet.rows, 0, "年度\n总体\n目标", 1, 2, "label"))
        if self.layout.stacked_goals:
            for label, text in (("预期目标", goals.expected), ("实际完成情况", goals.outcome)):
                sheet.put(1, label, 1, "label")
                self._row_end(2, text)
            return
        middle = sheet.columns // 2 + 1
        sheet.put(1, "预期目标", middle - 1, "label")
        sheet.put(middle, "实际完成情况", sheet.columns - middle, "label")
        sheet.rows += 1
        sheet.put(1, goals.expected, middle - 1)
        self._row_end(middle, goals.outcome)

    def _heading(self) -> None:
        sheet = self.sheet
        two = self.layout.two_line_heading
        sheet.heading = 2 if two else 1
        inner = ("nature", "target", "unit", "actual")
        if two:
            span = [n for n, role in enumerate(self.roles) if role in inner]
            sheet.put(span[0], "绩效指标值", len(span), "label")
        for column, role in enumerate(self.roles[1:], 1):
            below = two and role in inner
            row = sheet.rows + 1 if below else sheet.rows
            head = "指标值" if role == "target" and self.layout.parted_target else _HEADS[role]
            head = _in_lines(head, _SHORT[1]) if column == 1 else head
            sheet.boxes.append(Box(row, column, head, 1, 2 if two and not below else 1, "label"))
        sheet.boxes.append(
            Box(sheet.rows, 0, "绩效\n指标", 1, sheet.heading + len(self.form.indicators), "label")
        )
        sheet.rows += sheet.heading

    def _rows(self) -> None:
        top = self.sheet.rows
        self._levels(top)
        for row in self.form.indicators:
            weight: tuple[int, int] | None = None
            for column, role in enumerate(self.roles[3:], 3):
                place = (self.sheet.rows, column)
                if role == "weight":
                    self.sheet.put_figure(Box(*place, row.weight, entry="weight"))
                    weight = place
                    self.points["weight"].append(place)
                elif role in {"score", "review"}:
                    self.sheet.put_figure(Box(*place, getattr(row, role), entry="score", ceiling=weight))
                    if role == "score":
                        self.points["score"].append(place)
                elif role == "deduction":
                    self.sheet.put_figure(Box(*place, row.deduction))
                else:
                    parted = self.layout.parted_target and role in _PARTED
                    self.sheet.put(column, _parts(row.target)[role] if parted else getattr(row, role))
            self.sheet.rows += 1

    def _levels(self, top: int) -> None:
        """Draw the level cells, merged over their rows; a blank level among named ones is a dash."""
        rows = [(row.level1, row.level2) for row in self.form.indicators]
        for column, width in ((1, 1), (2, 2)):
            start = top
            for group, members in groupby(rows, key=lambda levels: levels[:width]):
                count = len(list(members))
                text = _in_lines(group[-1] or "—", _SHORT[column])
                if self.layout.merged_levels:
                    self.sheet.boxes.append(Box(start, column, text, 1, count, "label"))
                else:
                    self.sheet.boxes += [
                        Box(row, column, text, style="label") for row in range(start, start + count)
                    ]
                start += count

    def _total(self) -> None:
        if not self.layout.scored:
            return
        sheet, form = self.sheet, self.form
        weight, score = self.roles.index("weight"), self.roles.index("score")
        if "deduction" in self.roles:
            sheet.put(self.roles.index("deduction"), None, style="figure")
        sheet.put(0, "总分", weight, "label")
        weights = [box.value for box in sheet.boxes if (box.row, box.column) in self.points["weight"]]
        known = [value for value in weights if isinstance(value, Decimal)]
        sums = tuple(self.points["weight"]) if known or self.blank else ()
        summed = Decimal(f"{sum(known, Decimal(0)).normalize():f}") if known else None  # 100, not 100.0
        sheet.put_figure(Box(sheet.rows, weight, summed, sums=sums))
        scores = [row.score for row in form.indicators] + [form.budget.total.score]
        scored = sum((value for value in scores if value is not None), Decimal(0))
        adds_up = self.blank or (form.total is not None and form.total == scored)
        sums = tuple(self.points["score"]) if adds_up else ()
        sheet.put_figure(Box(sheet.rows, score, form.total, sums=sums))
        if "review" not in self.roles:
            self._row_end(score + 1, form.grade)
            return
        review = self.roles.index("review")
        sheet.put(score + 1, form.grade, review - score - 1)
        if review + 1 < sheet.columns:
            sheet.put(review + 1, None, sheet.columns - review - 1)
        sheet.put_figure(Box(sheet.rows, review, form.review_total))
        sheet.rows += 1


def _in_lines(level: str, short: int) -> str:
    """Break a long level before its last word, so that no narrow column cuts 指标 in two.

    What stands before it is broken, where it is of five to eight characters, as such names are made:
    可持续/影响, 服务对象/满意度.
    """
    head = level.removesuffix("指标")
    if head == level or len(head) <= short or "\n" in level:
        return level
    first = _FIRST.get(len(head), _LINE if len(head) <= 2 * _LINE else len(head))
    return "\n".join(filter(None, [head[:first], head[first:], "指标"]))


def _foot(form: Form) -> str:
    """Give the line below the table; a label without a value is left to fill in by hand."""
    said = [getattr(form, key) for key in _FOOT]
    pairs = zip(_FOOT.values(), said, strict=True)
    return (
        "　　　".join(f"{label}：{text or '　　　'}" for label, text in pairs).rstrip() if any(said) else ""
    )


_SHORT = {1: 1, 2: 2}  # characters before 指标 that a column of levels holds in one line with it
_LINE, _FIRST = 4, {5: 3}  # characters of a line; of the first one, where a name of five is 可持续影响
_FOOT = {"filled_by": "填报人", "phone": "联系电话", "filled_on": "填报日期"}
_BESIDE = ("deduction", "review", "opinion")
_PARTED = frozenset({"nature", "target", "unit"})
_HEADS = {
    "level1": "一级指标",
    "level2": "二级指标",
    "name": "三级指标",
    "nature": "指标性质",
    "target": "年度指标值",
    "unit": "度量单位",
    "actual": "实际完成值",
    "weight": "分值",
    "score": "得分",
    "reason": "偏差原因分析及改进措施",
    "deduction": "扣分",
    "review": "核查得分",
    "opinion": "核查意见",
}
_WIDTHS = {
    "block": 10.7, "level1": 10.7, "level2": 13, "name": 18, "nature": 9, "target": 13.5, "unit": 9,
    "actual": 13.5, "weight": 8, "score": 10.6, "reason": 20.6, "deduction": 8, "review": 10, "opinion": 16,
}  # fmt: skip


def _roles(layout: Layout, form: Form) -> list[str]:
    """Give the columns of the indicator table; those beside the score only where a row fills them."""
    target = ["nature", "target", "unit"] if layout.parted_target else ["target"]
    filled = {role for role in _BESIDE for row in form.indicators if getattr(row, role) is not None}
    if form.review_total is not None:
        filled.add("review")
    if not layout.scored:
        filled -= {"deduction", "review"}
    beside = {role: [role] if role in filled else [] for role in _BESIDE}
    points = ["weight", *beside["deduction"], "score"] if layout.scored else []
    reviewer = [*beside["review"], *beside["opinion"]]
    return ["block", "level1", "level2", "name", *target, "actual", *points, "reason", *reviewer]


def _parts(target: str | None) -> dict[str, str | None]:
    """Part a target into operator, value and unit, where that is what it is; else leave it whole."""
    match = _PARTS.fullmatch(target or "")
    if match is None or match[3].strip() != match[3]:
        return {"nature": "定性" if target else None, "target": target, "unit": None}
    return {"nature": match[1], "target": match[2], "unit": match[3] or None}
