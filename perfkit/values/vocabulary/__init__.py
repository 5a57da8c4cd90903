"""The vocabulary of the grammar: words, glyphs and units as YAML tables, loaded once.

To teach perfkit a word, add it to the table of its family; no code changes. Every table opens with
a comment that says what its families mean and where they were seen.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any


@cache
def table(name: str) -> Any:
    """Give one vocabulary table by the name of its file, without the ending."""
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    text = files(__name__).joinpath(f"{name}.yaml").read_text(encoding="utf-8")
    return yaml.load(text, Loader=loader)  # noqa: S506 a safe loader either way
