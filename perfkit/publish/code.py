"""Source code on the page, with its words marked by Pygments and nothing else."""

from __future__ import annotations

from functools import cache
from typing import Any

from perfkit.display.visible import visible


def html_of_code(source: str) -> str:
    """Give Python source as a preformatted block; Pygments' classes carry the colours."""
    from pygments import highlight  # type: ignore[import-untyped]

    lexer, formatter = _pygments()
    marked = highlight(visible(source), lexer, formatter).rstrip("\n")
    return f'<pre class="pk-code"><code>{marked}</code></pre>' if source.strip() else ""


@cache
def _pygments() -> tuple[Any, Any]:
    from pygments.formatters import HtmlFormatter  # type: ignore[import-untyped]
    from pygments.lexers import PythonLexer  # type: ignore[import-untyped]

    return PythonLexer(), HtmlFormatter(nowrap=True)
