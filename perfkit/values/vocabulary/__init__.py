"""The vocabulary of the grammar: words, glyphs and units as YAML tables, loaded once.

To teach perfkit a word, add it to the table of its family; no code changes. Every table opens with
a comment that says what its families mean and where they were seen.

`grammar` tells the grammar family by family, from the same tables that the reading uses: the docs page "How
perfkit reads a cell and scores it" is made of it, so page and code cannot differ.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from perfkit.language import Text
from perfkit.text.folding import own_yaml
from perfkit.values.rules import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


@cache
def table(name: str) -> Any:
    """Give one vocabulary table by the name of its file, without the ending; loaded once, not to be changed.

    Raises:
        FileNotFoundError: there is no table of that name.
    """
    text = files(__name__).joinpath(f"{name}.yaml").read_text(encoding="utf-8")
    return own_yaml(text)


def any_of(words: Iterable[str]) -> str:
    """Give the regular expression that finds any of the words, the longest where several begin.

    Words are grouped by their first character, so that a search tries only those that may stand there.
    """
    rests: dict[str, list[str]] = {}
    for word in sorted(words, key=len, reverse=True):
        rests.setdefault(re.escape(word[0]), []).append(re.escape(word[1:]))
    return "|".join(f"{first}(?:{'|'.join(group)})" for first, group in rests.items())


@dataclass(frozen=True, slots=True)
class Example:
    """Hold a target cell, an actual cell, and the verdict on the two."""

    target: str
    actual: str
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Family:
    """Hold one family of the grammar: its name, what it means, its examples and its vocabulary."""

    name: Text
    meaning: Text
    examples: tuple[Example, ...]
    words: tuple[str, ...]


def grammar() -> list[Family]:
    """Give every family of what perfkit reads, in the order of docs/scoring.md.

    Each has examples, which a test holds true, and the words of its table.
    """
    return [
        Family(
            Text(**entry["name"]),
            Text(**entry["meaning"]),
            tuple(Example(target, actual, Verdict(verdict)) for target, actual, verdict in entry["examples"]),
            tuple(_vocabulary(entry)),
        )
        for entry in table("grammar")
    ]


def _vocabulary(entry: dict[str, Any]) -> Iterator[str]:
    for side in ("words", "after"):
        if side in entry:
            words: Any = table(entry[side][0])
            for key in entry[side][1:]:
                words = words[key]
            yield from map(str, words)
