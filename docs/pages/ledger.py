"""The reference of the ledger, from the data that its tables are made of."""

from __future__ import annotations

from perfkit.batch.results import Column, tables
from perfkit.language import Text

PAGE = "reference/ledger.md"
_HEAD = {
    "en": """\
# The ledger

`reports/perfkit.db` is one SQLite file; `perfkit query` reads it, and so does any program that reads SQLite.
Its tables hold every run. The views `current_projects`, `current_indicators`, `current_findings` and
`current_reports` hold the present state: what was last made of each report whose params file is there.

A figure is two columns: `NAME_text` has the digits as perfkit computed them, `NAME` the same as a number, to
sort and to add by. Money is in 元, whatever a form prints; rates are in percent; points are points. Rows go
together by `report`; the views leave it out and go together by `name`.
""",
    "zh": """\
# 台账

`reports/perfkit.db` 是一个 SQLite 文件；`perfkit query` 读它，凡能读 SQLite 的程序也能读。

- 各表里是每一次运行的记录。
- 视图 `current_projects`、`current_indicators`、`current_findings`、`current_reports` 是现在的状态：
  参数文件还在的每份报告最近一次的结果。
- 一个数占两列：`NAME_text` 是 perfkit 算出的各位数字，`NAME` 是同一个数，用来排序和相加。
- 金额一律以元计，不论表上印的什么单位；比率是百分数；分数就是分。
- 各行以 `report` 相连；视图里没有它，以 `name` 相连。
""",
}
_COLUMNS = {
    "en": "| column | holds | 中文 | is |\n| --- | --- | --- | --- |",
    "zh": "| 列 | 类型 | 意思 |\n| --- | --- | --- |",
}
_ABOUT = {
    "runs": Text("每次运行 `perfkit report` 一行。", "A row a run of `perfkit report`."),
    "reports": Text(
        "每个结局一行：做成的，或失败的。", "A row an outcome: a report made, or one that failed."
    ),
    "projects": Text("每份做成的报告一行。", "A row a report made of a form."),
    "indicators": Text("每项指标一行。", "A row an indicator."),
    "findings": Text("每个问题一行。", "A row a finding."),
    "set_aside": Text("每个经人核定不列为问题的一行。", "A row a finding that a person has set aside."),
}
_KINDS = {
    "key": Text("整数", "whole number"), "count": Text("整数", "whole number"),
    "flag": Text("0 或 1", "0 or 1"),
    "text": Text("文字", "text"), "time": Text("本地时间带时区，ISO 8601", "local with its zone, ISO 8601"),
    "seconds": Text("秒", "seconds"), "json": Text("JSON", "JSON"), "money": Text("元", "元"),
    "points": Text("分", "points"), "percent": Text("百分数", "percent"), "ratio": Text("比", "ratio"),
}  # fmt: skip


def text(language: str = "en") -> str:
    """Give the page in a language: a section a table, a line a column."""
    parts = [_HEAD[language]]
    for table, columns in tables().items():
        lines = [
            f"| {_names(column)} | {_KINDS[column.kind][language]} | {_meaning(column, language)} |"
            for column in columns
        ]
        head = _COLUMNS[language]
        parts.append("\n".join([f"## {table}\n\n{_ABOUT[table][language]}\n\n{head}", *lines, ""]))
    return "\n".join(parts)


def _names(column: Column) -> str:
    return f"`{column.name}`, `{column.stored}`" if column.is_figure else f"`{column.name}`"


def _meaning(column: Column, language: str) -> str:
    meaning = column.meaning
    return meaning.zh if language == "zh" else f"{meaning.zh} | {meaning.en}"
