"""The vocabulary of the grammar: words, glyphs and units as YAML tables, loaded once.

To teach perfkit a word, add it to the table of its family; no code changes. Every table opens with
a comment that says what its families mean and where they were seen.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable


@cache
def table(name: str) -> Any:
    """Give one vocabulary table by the name of its file, without the ending."""
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    text = files(__name__).joinpath(f"{name}.yaml").read_text(encoding="utf-8")
    return yaml.load(text, Loader=loader)  # noqa: S506 a safe loader either way


def any_of(words: Iterable[str]) -> str:
    """Give the regular expression that finds any of the words, the longest where several begin.

    Words are grouped by their first character, so that a search tries only those that may stand there.
    """
    rests: dict[str, list[str]] = {}
    for word in sorted(words, key=len, reverse=True):
        rests.setdefault(re.escape(word[0]), []).append(re.escape(word[1:]))
    return "|".join(f"{first}(?:{'|'.join(group)})" for first, group in rests.items())
