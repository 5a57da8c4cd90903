"""Operators (指标性质) in glyphs and in words, before the number and after it.

`≥`, `不低于`, `以上` all say at-least. What stands in the vocabulary is looked up by the text next to
a number, the longest spelling first, so that 不超过 is never read as 超过.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from perfkit.values.terms import Direction
from perfkit.values.vocabulary import table


@dataclass(frozen=True, slots=True)
class Found:
    """Hold an operator found beside a number: its spelling, its direction, whether it only approximates."""

    text: str = ""
    direction: Direction | None = None
    approximate: bool = False


NOTHING = Found()


@cache
def prefixes() -> dict[str, Found]:
    """Give every operator that stands before a number."""
    words = _directed("prefix")
    return words | {word: Found(word, None, True) for word in table("operators")["approximate"]["prefix"]}


@cache
def suffixes() -> dict[str, Found]:
    """Give every operator that stands after a number and its unit."""
    words = _directed("suffix")
    return words | {word: Found(word, None, True) for word in table("operators")["approximate"]["suffix"]}


def _directed(side: str) -> dict[str, Found]:
    return {
        word: Found(word, Direction(direction))
        for direction, words in table("operators")[side].items()
        for word in words
    }


@cache
def _longest(side: str) -> int:
    return max(map(len, prefixes() if side == "prefix" else suffixes()))


def before(text: str) -> Found:
    """Give the operator at the end of the text before a number."""
    known = prefixes()
    for length in range(min(len(text), _longest("prefix")), 0, -1):
        found = known.get(text[-length:])
        if found is not None:
            return found
    return NOTHING


def after(text: str) -> Found:
    """Give the operator at the start of the text after a number and its unit."""
    known = suffixes()
    for length in range(min(len(text), _longest("suffix")), 0, -1):
        found = known.get(text[:length])
        if found is not None:
            return found
    return NOTHING
