"""Points worked out exactly and rounded by the profile's rule, and the working told when somebody asks.

A working holds the exact points and what is to be said about how they came about. The phrases stand in
the catalogue of words. A form of thirty rows has thirty explanations in two languages and a reader looks
at few of them, so that a sentence is made only when somebody reads it.

All arithmetic is Decimal under one context of our own, wide enough that only the profile rounds; the
caller's decimal context is neither used nor changed.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, ROUND_UP, Decimal
from functools import reduce
from typing import TYPE_CHECKING, Any, NamedTuple

from perfkit.language import Text
from perfkit.text.catalogue import words
from perfkit.text.figures import CONTEXT, HUNDRED, ONE, QUANTA, cut, grouped, plain, product
from perfkit.text.folding import shortened as short

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from perfkit.profile import Rounding
    from perfkit.values import Reading

__all__ = [
    "CONTEXT",
    "DIGITS",
    "HUNDRED",
    "MODES",
    "NAMED",
    "ONE",
    "QUANTA",
    "ZERO",
    "Explanation",
    "agrees",
    "amount",
    "clamp",
    "cut",
    "less",
    "phrases",
    "places",
    "plain",
    "product",
    "rounded",
    "short",
    "tell",
    "total",
]


ZERO = Decimal(0)
MODES = {"half_up": ROUND_HALF_UP, "half_even": ROUND_HALF_EVEN, "up": ROUND_UP, "down": ROUND_DOWN}


def total(figures: Iterable[Decimal]) -> Decimal:
    """Give a sum, exact; 0 of no figures."""
    return reduce(CONTEXT.add, figures, ZERO)


def less(value: Decimal, taken: Decimal) -> Decimal:
    """Give value − taken, exact; below 0 where more is taken."""
    return CONTEXT.subtract(value, taken)


def clamp(value: Decimal, top: Decimal) -> Decimal:
    """Bring points between 0 and their weight."""
    if ZERO <= value <= top:
        return value
    return ZERO if value < ZERO else top


def rounded(value: Decimal, rule: Rounding) -> Decimal:
    """Round by a rule of the profile; a figure too long to round stays as it is."""
    return cut(value, rule.digits, MODES[rule.mode])


def places(figure: Decimal) -> int:
    """Give the decimals of a figure as printed, one at the least."""
    exponent = figure.as_tuple().exponent
    return min(max(1, -exponent), len(QUANTA) - 1) if isinstance(exponent, int) else 1


def agrees(declared: Decimal, exact: Decimal, rule: Rounding) -> bool:
    """Tell whether a declared figure is the exact one, at its own precision.

    A declared figure with the rule's decimals or more may also be the figure as the rule rounds it.
    """
    digits = places(declared)
    if cut(exact, digits, MODES[rule.mode]) == declared:
        return True
    return digits >= rule.digits and rounded(exact, rule) == declared


def equal(declared: Decimal, exact: Decimal) -> bool:
    """Tell whether a declared figure is another at its own precision, one decimal at the coarsest."""
    return cut(exact, places(declared), ROUND_HALF_UP) == declared


# the working of a score, and its explanation: clauses told as one sentence, when somebody asks


# One clause of an explanation: the key of its phrase, and the facts that stand in it; `cited`, the source
# of its rule, where that is another than the explanation's.
Clause = tuple[str, Mapping[str, Any]]
NO_FACTS: Mapping[str, Any] = {}


class Working(NamedTuple):
    """Hold exact `points` (None where only a person can say), the clauses that tell how, and the rule.

    `room` tells that the profile lets a person take points off without more ado; `taken` holds what a
    deduction column (扣分) has taken off a row already.
    """

    points: Decimal | None
    clauses: tuple[Clause, ...]
    source: Text
    room: bool = False
    taken: Decimal = ZERO


def worked(points: Decimal | None, key: str, source: Text, /, **facts: Any) -> Working:
    """Make a working of one clause."""
    return Working(points, ((key, facts),), source)


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


def phrases() -> Mapping[str, Mapping[str, str]]:
    """Give the phrases by key and language."""
    return words("scoring")


def tell(clauses: Sequence[Clause], source: Text, language: str) -> str:
    """Tell clauses as one sentence, each source in brackets behind the clauses that follow from it."""
    known = phrases()
    sentence = cited = ""
    for key, facts in clauses:
        part, rule = known[key][language].format_map(_Facts(facts, language)), facts.get("cited", source)
        if sentence and rule[language] != cited:
            sentence += _bracketed(cited, language)
        cited = rule[language]
        sentence += part if not sentence or part[0] in "，,；;" else known["_joint"][language] + part
    if language == "en":
        sentence = sentence[:1].upper() + sentence[1:]
    return sentence + _bracketed(cited, language)


def _bracketed(cited: str, language: str) -> str:
    return phrases()["_source"][language].format(source=cited) if cited else ""


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


def _said(key: str, value: Any, language: str) -> str:
    if str(value) in NAMED.get(key, ()):
        return phrases()[f"_{key}"][language].split("|")[NAMED[key].index(str(value))]
    if isinstance(value, int):
        return phrases()["_decimals"][language].format(count=value)
    if key == "rows":
        return _numbered(value, language)
    if isinstance(value, tuple):
        return amount(*value)
    return _figure(key, value) if isinstance(value, Decimal) else short(str(value))


def _numbered(rows: Sequence[int], language: str) -> str:
    """Name rows by their numbers: `第2、7项`, `indicators 2 and 7`."""
    *first, last = map(str, rows)
    comma, final = ("、", "、") if language == "zh" else (", ", " and ")
    numbers = f"{comma.join(first)}{final}{last}" if first else last
    return phrases()["_rows" if first else "_row"][language].format(numbers=numbers)


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


# A figure that was worked out has digits that nobody printed: it is told to so many.
_PRINTED_DIGITS, DIGITS_WORKED_OUT = 6, 4


def amount(value: Decimal, unit: str) -> str:
    """Print an amount with its unit: 32 课时, 98%, 8,120,525 元."""
    exponent = value.as_tuple().exponent
    worked_out = isinstance(exponent, int) and exponent < -_PRINTED_DIGITS
    text = grouped(cut(value, DIGITS_WORKED_OUT, MODES["half_up"]) if worked_out else value)
    return f"{text}{unit}" if unit in ("", "%", "‰") else f"{text} {unit}"
