"""Explanations: the clauses of a working told as one sentence, in Chinese or in English, when asked.

The phrases stand in `phrases.yaml`. A form of thirty rows has thirty explanations in two languages and
a reader looks at few of them, so that a sentence is made only when somebody reads it.
"""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from perfkit.language import Text
from perfkit.scoring.points import MODES, cut, plain

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from perfkit.scoring.working import Clause
    from perfkit.values import Reading

PHRASES = Path(__file__).with_name("phrases.yaml")
LONGEST_QUOTE = 40
LONGEST_GROUPED = 40
SHOWN_DIGITS = 4
DIGITS = {"percent": 2, "ratio": 2}


class Explanation(Text):
    """Hold the clauses of a working; `zh` and `en` tell them in a sentence that ends with the source."""

    __slots__ = ("_clauses", "_source")

    _clauses: tuple[Clause, ...]
    _source: Text

    def __init__(self, clauses: Sequence[Clause], source: Text) -> None:
        object.__setattr__(self, "_clauses", tuple(clauses))
        object.__setattr__(self, "_source", source)

    @property
    def zh(self) -> str:
        """Tell it in Chinese."""
        return tell(self._clauses, self._source, "zh")

    @property
    def en(self) -> str:
        """Tell it in English."""
        return tell(self._clauses, self._source, "en")

    def __reduce__(self) -> tuple[Any, ...]:
        return (Explanation, (self._clauses, self._source))

    def __repr__(self) -> str:
        return f"Explanation(zh={self.zh!r})"


@lru_cache(maxsize=1)
def phrases() -> dict[str, dict[str, str]]:
    """Give the phrases by key and language."""
    found: dict[str, dict[str, str]] = yaml.safe_load(PHRASES.read_text(encoding="utf-8"))
    return found


def tell(clauses: Sequence[Clause], source: Text, language: str) -> str:
    """Tell clauses as one sentence, with the source in brackets."""
    known = phrases()
    said = [known[key][language].format_map(_Facts(facts, language)) for key, facts in clauses]
    sentence = ""
    for part in said:
        sentence += part if not sentence or part[0] in "，,；;" else known["_joint"][language] + part
    if language == "en":
        sentence = sentence[:1].upper() + sentence[1:]
    cited = source[language]
    return sentence + (known["_source"][language].format(source=cited) if cited else "")


class _Facts(dict[str, Any]):
    """Give each fact of a clause as text in one language, at the moment a phrase asks for it."""

    def __init__(self, facts: Mapping[str, Any], language: str) -> None:
        super().__init__(facts)
        self._language = language

    def __getitem__(self, key: str) -> str:
        if key in ("target_text", "actual_text"):
            return _quoted(self.reading, key, self._language)
        return _said(key, super().__getitem__(key), self._language)

    def __missing__(self, key: str) -> str:
        raise KeyError(key)

    @property
    def reading(self) -> Reading:
        reading: Reading = super().__getitem__("reading")
        return reading


def _quoted(reading: Reading, key: str, language: str) -> str:
    """Give the text of a cell as printed."""
    text = (reading.target if key == "target_text" else reading.actual).text
    return short(text) or phrases()["_blank"][language]


def short(text: str) -> str:
    """Give a text on one line, shortened where it is long."""
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_QUOTE else f"{line[:LONGEST_QUOTE]}…"


def _said(key: str, value: Any, language: str) -> str:
    if str(value) in NAMED.get(key, ()):
        return phrases()[f"_{key}"][language].split("|")[NAMED[key].index(str(value))]
    if isinstance(value, int):
        return phrases()["_decimals"][language].format(count=value)
    if isinstance(value, tuple):
        return amount(*value)
    return _figure(key, value) if isinstance(value, Decimal) else short(str(value))


NAMED: dict[str, tuple[str, ...]] = {
    "mode": ("half_up", "half_even", "up", "down"),
    "digits": tuple("0123456"),
    "places": tuple("0123456"),
    "side": ("below", "above"),
    "verdict": ("met", "partly", "missed"),
    "base": ("initial", "adjusted", "adjusted_with_carry_over"),
}
AS_PRINTED = frozenset({"declared", "computed", "counts", "score", "review", "own", "deviation"})


def _figure(key: str, value: Decimal) -> str:
    """Print a figure: points as they stand, the steps on the way with so many decimals at the most."""
    if key in AS_PRINTED:
        return f"{value:f}"
    return plain(cut(value, DIGITS.get(key, SHOWN_DIGITS), MODES["half_up"]))


def amount(value: Decimal, unit: str) -> str:
    """Print an amount with its unit: 32 课时, 98%, 8,120,525 元."""
    whole, point, rest = plain(value.copy_abs()).partition(".")
    grouped = f"{int(whole):,}" if len(whole) < LONGEST_GROUPED else whole
    text = f"{'-' if value.is_signed() else ''}{grouped}{point}{rest}"
    return f"{text}{unit}" if unit in ("", "%", "‰") else f"{text} {unit}"
