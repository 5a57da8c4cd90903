"""Markdown cells as HTML, by nbconvert's own reader of Markdown, so that they read as they do in Jupyter."""

from __future__ import annotations

from typing import Any

from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath


def html_of_markdown(source: str, attachments: dict[str, Any] | None = None) -> str:
    """Turn Markdown into HTML, not yet cleaned; pictures attached to the cell are put in place."""
    renderer = IPythonRenderer(escape=False, attachments=attachments or {}, exclude_anchor_links=True)
    return str(MarkdownWithMath(renderer=renderer).render(source))
