"""The vocabulary of the grammar: words, glyphs and units as YAML tables, loaded once.

To teach perfkit a word, add it to the table of its family; no code changes. Every table opens with
a comment that says what its families mean and where they were seen.

`grammar` tells the grammar family by family, from the same tables that the reading uses: the docs page "How
perfkit reads a cell and scores it" is made of it, so page and code cannot differ.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from perfkit.language import Text
from perfkit.text.folding import fold_cell, own_yaml
from perfkit.values.rules import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence


@cache
def table(name: str) -> Any:
    """Give one vocabulary table by the name of its file, without the ending; loaded once, not to be changed.

    Raises:
        FileNotFoundError: there is no table of that name.
    """
    text = files(__name__).joinpath(f"{name}.yaml").read_text(encoding="utf-8")
    return own_yaml(text)


def any_of(words: Iterable[str]) -> str:
    """Give the regular expression that finds any of the words, the longest where several begin."""
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))


@cache
def search(family: str) -> re.Pattern[str]:
    """Give a family of the roles table as one search, the longest word first."""
    return re.compile(any_of(table("roles")[family]))


@cache
def groups(family: str) -> tuple[re.Pattern[str], ...]:
    """Give the groups of a family of the roles table, each as one search."""
    return tuple(re.compile(any_of(group)) for group in table("roles")[family])


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


# what the headings of the indicator table mean (`产出指标(50分)`, `数量`, `成本 指标`), by canonical name


LEVEL1: Mapping[str, Sequence[str]] = table("levels")["level1"]
LEVEL2: Mapping[str, Sequence[str]] = table("levels")["level2"]
_LONGEST = 100
_WEIGHT = re.compile(r"[^0-9.]{0,30}?([0-9]{1,3}(?:\.[0-9]{1,4})?)分?[)%]*")
_DECORATION = re.compile(
    r"(?:[★☆*·●○◆◇■□▲△※#]+|其中[:,]?|指标(?:[0-9](?=20[0-9]{2})|[0-9一二三四五六七八九十]{1,2})[:.、)]?|[(]?[0-9]{1,2}[.、)](?![0-9]))+"
)


def level1(text: str | None) -> str | None:
    """Give the canonical level-1 name of a heading, or None where it is none."""
    return _canonical(text[:_LONGEST], 1) if text else None


def level2(text: str | None) -> str | None:
    """Give the canonical level-2 name of a heading, or None where it is none."""
    return _canonical(text[:_LONGEST], 2) if text else None


def heading_weight(text: str | None) -> Decimal | None:
    """Read the points printed in a heading (`产出指标(50分)`, `数量指标15分`, `效益指标30分)`), if any."""
    found = _WEIGHT.fullmatch(fold_cell(text)) if text else None
    return Decimal(found[1]) if found else None


def strip_decoration(name: str) -> str:
    """Take marks off an indicator's name: `指标1:`, `★`, `其中`; a name without them stays as printed."""
    return bare_name(name) if _DECORATION.match(fold_cell(name)) else name.strip()


def bare_name(name: str) -> str:
    """Give an indicator's name folded as cells are, without its marks: what its words are looked for in."""
    folded = fold_cell(name)
    found = _DECORATION.match(folded)
    return folded[found.end() :] or folded if found else folded


@lru_cache(maxsize=1024)
def _canonical(text: str, level: int) -> str | None:
    folded = fold_cell(text)
    headings = LEVEL1 if level == 1 else LEVEL2
    return next((name for name, words in headings.items() if any(word in folded for word in words)), None)
