"""The words of `words.yaml`: opposites, negations, units, and the labels of facts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path

from perfkit.text.folding import own_yaml

_FILE = Path(__file__).with_name("words.yaml")


@dataclass(frozen=True)
class Lexicon:
    """Hold the words by which a changed or a new sentence is judged."""

    opposites: tuple[frozenset[str], ...]
    terms: tuple[tuple[str, ...], ...]
    quantities: frozenset[str]
    negations: frozenset[str]
    units: frozenset[str]
    scales: dict[str, Decimal]
    years: tuple[str, ...]
    pronouns: frozenset[str]
    facts: dict[str, tuple[re.Pattern[str], ...]]


@cache
def lexicon() -> Lexicon:
    """Load the words once."""
    data = own_yaml(_FILE.read_text(encoding="utf-8"))
    return Lexicon(
        tuple(frozenset(group) for group in data["opposites"]),
        tuple(tuple("".join(term.split()) for term in group) for group in data["terms"]),
        frozenset(data["quantities"]),
        frozenset(data["negations"]),
        frozenset(data["units"]),
        {word: Decimal(scale) for word, scale in data["scales"].items()},
        tuple(data["years"]),
        frozenset("".join(word.split()) for word in data["pronouns"]),
        {key: tuple(map(re.compile, patterns)) for key, patterns in data["facts"].items()},
    )
