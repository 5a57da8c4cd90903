"""Operators (指标性质) in glyphs and in words, before the number and after it.

`≥`, `不低于`, `以上` all say at-least. What stands in the vocabulary is looked up by the text next to
a number, the longest spelling first, so that 不超过 is never read as 超过.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Literal

from perfkit.values.terms import Direction
from perfkit.values.vocabulary import table

Side = Literal["prefix", "suffix"]


@dataclass(frozen=True, slots=True)
class Found:
    """Hold an operator beside a number: its spelling, its direction, whether it only approximates.

    A word with neither (共, 为, 完成) stands between a label and its number and says nothing.
    """

    text: str = ""
    direction: Direction | None = None
    approximate: bool = False


NOTHING = Found()


@cache
def _by_edge(side: Side) -> dict[str, tuple[Found, ...]]:
    """Index the vocabulary of one side by the character that touches the number, longest word first."""
    words = table("operators")
    found = [
        Found(word, Direction(direction))
        for direction, spellings in words[side].items()
        for word in spellings
    ]
    found += [Found(word, approximate=True) for word in words["approximate"][side]]
    if side == "prefix":
        found += [Found(word) for word in words["neutral"]]
    edge = -1 if side == "prefix" else 0
    index: dict[str, tuple[Found, ...]] = {}
    for one in sorted(found, key=lambda one: -len(one.text)):
        index[one.text[edge]] = (*index.get(one.text[edge], ()), one)
    return index


def directing() -> list[str]:
    """Give every word and sign that gives a direction."""
    words = table("operators")
    return [word for side in ("prefix", "suffix") for spellings in words[side].values() for word in spellings]


def before(text: str, floor: int, start: int) -> Found:
    """Give the operator that ends where the number starts, not reaching under `floor`."""
    if start <= floor:
        return NOTHING
    for found in _by_edge("prefix").get(text[start - 1], ()):
        if text.endswith(found.text, floor, start):
            return found
    return NOTHING


def after(text: str, end: int) -> Found:
    """Give the operator that starts where the number and its unit end."""
    if end >= len(text):
        return NOTHING
    for found in _by_edge("suffix").get(text[end], ()):
        if text.startswith(found.text, end):
            return found
    return NOTHING
