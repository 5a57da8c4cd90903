"""The manual of the findings as Markdown: a section a code, from the pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfkit.language import Text

if TYPE_CHECKING:
    from perfkit.checks.pages import Page

SEVERITY = {
    "error": Text("错误", "error"),
    "warning": Text("警告", "warning"),
    "info": Text("提示", "info"),
}
_LABELS = {
    "what": Text("触发条件", "Fires when"),
    "why": Text("为什么重要", "Why it matters"),
    "example": Text("示例", "Example"),
    "mend": Text("如何修改", "How to mend it"),
}


def section(page: Page, language: str) -> str:
    """Give the section of one code: a heading, a line of facts and four paragraphs."""
    colon = "：" if language == "zh" else ": "
    body = [f"**{label[language]}**{colon}{getattr(page, part)[language]}" for part, label in _LABELS.items()]
    return "\n\n".join([f"### {page.code} {page.title[language]}", _facts(page, language), *body]) + "\n"


def _facts(page: Page, language: str) -> str:
    severity = SEVERITY[page.severity][language]
    if page.lesser:
        severity += ("，轻微时为" if language == "zh" else ", milder cases ") + SEVERITY[page.lesser][
            language
        ]
    return f"`{page.slug}` · {severity}"
