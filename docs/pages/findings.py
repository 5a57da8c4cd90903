"""The reference of the findings, from the pages that `perfkit explain` and the findings themselves use."""

from __future__ import annotations

from perfkit.checks.manual import SEVERITY, section
from perfkit.checks.pages import Page, families
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

`perfkit explain PK210` 打印其中一节。英文部分在后。
""",
    en="""# Findings

`perfkit check` lists what a reviewer would find on a form: where, what was got, what was expected, and how to
mend it. Codes never change their meaning. A profile sets severities and thresholds; select and ignore by code
(`PK210`), prefix (`PK2`) or slug; what is set aside on one row stands in the form file, with its reason.
`perfkit explain PK210 --language en` prints one of these sections.
""",
)
_COLUMNS = Text("| 代码 | 名称 | 级别 | 标识 |", "| code | title | severity | slug |")


def text() -> str:
    """Give the page: a table and a section a code, in Chinese and then in English."""
    return "\n".join(_part(language) for language in LANGUAGES)


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
