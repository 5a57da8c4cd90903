"""The grammar told family by family, from the same tables that the reading uses.

The docs page "How perfkit reads a cell and scores it" is made of this, so page and code cannot differ.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from perfkit.language import Text
from perfkit.values.terms import Verdict
from perfkit.values.vocabulary import table

if TYPE_CHECKING:
    from collections.abc import Iterator


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
    """Give every family of what perfkit reads, with examples and the words that belong to it."""
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
