"""What findings and their outputs call the parts of a form, in both languages."""

from __future__ import annotations

import re

from perfkit.checks.manual import SEVERITY
from perfkit.language import Text

FIELDS = {
    "project": Text("项目名称", "project"),
    "department": Text("主管部门", "department"),
    "unit": Text("实施单位", "unit"),
    "total": Text("总分", "total"),
    "grade": Text("评价等级", "grade"),
    "notes": Text("说明", "notes"),
    "indicators": Text("绩效指标", "indicators"),
    "goals.expected": Text("预期目标", "overall goal"),
    "goals.outcome": Text("总体目标实际完成情况", "outcome"),
    "level1": Text("一级指标", "level 1"),
    "level2": Text("二级指标", "level 2"),
    "name": Text("三级指标", "name"),
    "target": Text("年度指标值", "target"),
    "actual": Text("实际完成值", "actual"),
    "weight": Text("分值", "weight"),
    "score": Text("得分", "score"),
    "reason": Text("偏差原因", "reason"),
    "deduction": Text("扣分", "deduction"),
    "review": Text("核查得分", "review score"),
    "opinion": Text("核查意见", "reviewer's opinion"),
    "review_total": Text("核查总分", "total of the review"),
    "rate": Text("执行率", "execution rate"),
    "initial": Text("年初预算数", "initial budget"),
    "adjusted": Text("全年预算数", "adjusted budget"),
    "executed": Text("全年执行数", "amount spent"),
}
_PLACE = re.compile(r"(?P<line>line|row|page|table|column) (?P<number>\d+)")
_PLACES = {"line": "第{}行", "row": "第{}行", "page": "第{}页", "table": "第{}个表", "column": "第{}列"}


LEVELS = {
    "产出指标": "output",
    "效益指标": "benefit",
    "满意度指标": "satisfaction",
    "成本指标": "cost",
    "过程指标": "process",
    "决策指标": "decision",
    "数量指标": "quantity",
    "质量指标": "quality",
    "时效指标": "timeliness",
    "经济成本指标": "economic cost",
    "社会成本指标": "social cost",
    "生态环境成本指标": "environmental cost",
    "经济效益指标": "economic benefit",
    "社会效益指标": "social benefit",
    "生态效益指标": "ecological benefit",
    "可持续影响指标": "sustainability",
    "服务对象满意度指标": "satisfaction",
}


def field_text(field: str) -> Text:
    """Give a field by its title on the form; a fund's column by its own."""
    return FIELDS.get(field) or FIELDS.get(field.rpartition(".")[2]) or Text(field, field)


def field_label(field: str, language: str) -> str:
    """Give a field by its title on the form in one language."""
    return field_text(field)[language]


def level_text(level: str) -> Text:
    """Give a canonical level 1 or level 2 by its name."""
    return Text(level, LEVELS.get(level, level))


def row_label(row: int | None, language: str) -> str:
    """Give a row by its number, "" for the form as a whole."""
    if row is None:
        return ""
    return f"指标第{row}行" if language == "zh" else f"row {row}"


def place_label(place: str, language: str) -> str:
    """Give a place in the file in words: `line 31` is 第31行."""
    if language != "zh":
        return place
    return _PLACE.sub(lambda match: _PLACES[match["line"]].format(match["number"]), place)


def severity_label(severity: str, language: str) -> str:
    """Give a severity in words."""
    return SEVERITY[severity][language]
