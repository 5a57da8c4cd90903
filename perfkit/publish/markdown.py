"""Markdown cells as HTML, by nbconvert's own reader of Markdown, so that they read as they do in Jupyter."""

from __future__ import annotations

import re
from typing import Any

from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

_CHECKBOX = re.compile(r"<input[^>]*type=\"checkbox\"[^>]*>")


def html_of_markdown(source: str, attachments: dict[str, Any] | None = None) -> str:
    """Turn Markdown into HTML, not yet cleaned; pictures attached to the cell are put in place."""
    renderer = IPythonRenderer(escape=False, attachments=attachments or {}, exclude_anchor_links=True)
    return _CHECKBOX.sub(_box, str(MarkdownWithMath(renderer=renderer).render(source)))


def _box(found: re.Match[str]) -> str:
    """Write the box of a task list as a character, since a report has nothing to tick."""
    return "☑ " if "checked" in found.group() else "☐ "
