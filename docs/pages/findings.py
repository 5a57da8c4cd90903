"""The reference of the findings, from the pages that `perfkit explain` and the findings themselves use."""

from __future__ import annotations

from perfkit.checks.finding import SEVERITY, Page, families, section
from perfkit.language import LANGUAGES, Text

PAGE = "findings.md"
_HEAD = Text(
    zh="""# 问题清单

`perfkit check` 像审核人员一样逐条列出自评表中的问题：在哪里、填了什么、应当是什么、如何修改。
代码含义永不改变，级别和阈值由评分规则（profile）设定。
可按代码（`PK210`）、前缀（`PK2`）或名称选择、忽略；单行忽略写在表单文件中，须注明理由：

```yaml
# params/forms/attendance.yaml
project: 干部培训
indicators:
  - {name: 出勤率, target: ≥70%, actual: 100%, ignore: [PK210], ignore_reason: 目标由合同约定}
```

整张表的问题（不在某一行上的）写在表单文件的顶层，同样须注明理由，可注明由谁认定；理由印在报告、问题清单和汇总中，
`import --force` 重新读取时保留：

```yaml
# params/forms/attendance.yaml
project: 干部培训
ignore: [PK403, PK211]
ignore_reason: 经核对，指标按批复的绩效目标表填报
ignored_by: 绩效管理科
indicators: []
```

一个原因只报一条问题：最能说明问题的一条列出，其余在依据中注明。
`perfkit explain PK210` 打印其中一节。英文部分在后。
""",
    en="""# Findings

`perfkit check` lists what a reviewer would find on a form: where, what was got, what was expected, and how to
mend it. Codes never change their meaning. A profile sets severities and thresholds; select and ignore by code
(`PK210`), prefix (`PK2`) or slug; what is set aside on one row stands in the form file, with its reason; what
is set aside on the form as a whole stands at its top (`ignore`, `ignore_reason`, `ignored_by`). One cause
makes one finding: the most telling one speaks and names the others in its evidence.
`perfkit explain PK210 --language en` prints one of these sections.
""",
)
_COLUMNS = Text("| 代码 | 名称 | 级别 | 标识 |", "| code | title | severity | slug |")


def text(language: str = "") -> str:
    """Give the page: a table and a section a code, in Chinese and then in English, or in one language."""
    wanted = [each for each in LANGUAGES if not language or each == language]
    return "\n".join(_part(each) for each in wanted)


def _part(language: str) -> str:
    parts = [_HEAD[language]]
    for family in families():
        rows = "\n".join(_row(page, language) for page in family.pages)
        parts.append(
            f"## {family.title[language]}\n\n{_COLUMNS[language]}\n| --- | --- | --- | --- |\n{rows}\n"
        )
        parts += [section(page, language) for page in family.pages]
    return "\n".join(parts)


def _row(page: Page, language: str) -> str:
    severity = SEVERITY[page.severity][language]
    if page.lesser:
        severity += f" / {SEVERITY[page.lesser][language]}"
    return f"| {page.code} | {page.title[language]} | {severity} | `{page.slug}` |"
