"""How a figure, a count, an amount or a quoted text is written in each language.

The phrase files say what is told; here stands how its parts are spelt: 三项 and "three indicators",
8,205,000元 and "8,205,000 yuan", “…” around every text taken from the form. Each public method is a
filter of the phrase files.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, ClassVar

from perfkit.narrative.reading import figures_in
from perfkit.scoring.points import HUNDRED, ONE, cut, product

if TYPE_CHECKING:
    from collections.abc import Sequence

    from perfkit.language import Language

LONGEST_NAME = 40
WAN = Decimal(10_000)
LARGE_MONEY = 10 * WAN
_PAIRS = {"zh": (("“", "”"), ("「", "」"), ("『", "』")), "en": (("“", "”"), ("‘", "’"), ("«", "»"))}
_CHINESE_NUMERALS = "零一两三四五六七八九十"
_ENGLISH_NUMERALS = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
_STOPS = "。．.！!？?…"


@dataclass(frozen=True, slots=True)
class Money:
    """Hold an amount in the form's money unit; `in_wan` tells to write it in 万元 (see `reads_in_wan`)."""

    value: Decimal
    unit: str
    in_wan: bool = False


def plain(value: Decimal) -> str:
    """Write a figure without exponent and without idle zeros, thousands apart: 9280000 → 9,280,000."""
    text = f"{value:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def one_line(text: str) -> str:
    """Bring a text of the form to one line: line breaks, tabs and control characters become spaces."""
    spaced = "".join(" " if unicodedata.category(c) in {"Cc", "Zl", "Zp"} else c for c in text)
    return re.sub(r"\s+", " ", spaced).strip()


def shortened(text: str) -> str:
    """Cut a long text for use within a sentence; lists and tables quote it in full."""
    return text if len(text) <= LONGEST_NAME else text[: LONGEST_NAME - 1].rstrip() + "…"


def quote(text: str, language: Language) -> str:
    """Put a text of the form in quotation marks that the text itself does not contain."""
    line = one_line(text)
    pairs = _PAIRS[language]
    opening, closing = next((p for p in pairs if p[0] not in line and p[1] not in line), pairs[0])
    return f"{opening}{line}{closing}"


def percentage(part: Decimal, whole: Decimal) -> Decimal:
    """Give part of whole in percent, rounded half up to two decimals."""
    return cut(product(part, HUNDRED, whole), 2, ROUND_HALF_UP)


def in_wan(value: Decimal) -> Decimal:
    """Give a figure in ten thousands (万), exactly."""
    return product(value, ONE, WAN)


def reads_in_wan(amounts: Sequence[Decimal], large_from: Decimal) -> bool:
    """Tell whether amounts are large, and each exact in ten thousands with two decimals."""
    large = any(amount >= large_from for amount in amounts)
    return large and all(cut(in_wan(amount), 2) == in_wan(amount) for amount in amounts)


@cache
def glossary() -> dict[str, str]:
    """Give the English of the field's Chinese terms: levels, grades, units ("class hour|class hours")."""
    import yaml

    text = files(__package__).joinpath("phrases", "glossary.yaml").read_text("utf-8")
    entries: dict[str, str] = yaml.safe_load(text)
    return entries


class Wording:
    """Spell the parts of a sentence; the base of the two languages."""

    language: ClassVar[Language]
    space: ClassVar[str]
    stop: ClassVar[str]

    def score(self, value: Decimal) -> str:
        """Write a score with the digits that the scorecard gives it: 96.90."""
        return f"{value:f}"

    def figure(self, value: Decimal) -> str:
        """Write a figure without idle zeros."""
        return plain(value)

    def percent(self, value: Decimal) -> str:
        """Write a rate in percent."""
        return f"{plain(value)}%"

    def rate(self, value: Decimal) -> str:
        """Write a rate in percent with the decimals that the profile gives it, none where it is whole."""
        return f"{value.to_integral_value():f}%" if value == value.to_integral_value() else f"{value:f}%"

    def sentence(self, text: str) -> str:
        """Make a text of the results a sentence: a capital first, a full stop last."""
        line = self.capital(one_line(text))
        return line if line.endswith(tuple(_STOPS)) else line + self.stop

    def quoted(self, text: str) -> str:
        """Quote a text of the form verbatim, on one line."""
        return quote(text, self.language)

    def quoted_end(self, text: str) -> str:
        """Quote a text at the end of a sentence, with a full stop unless the text brings its own."""
        stop = "" if one_line(text).endswith(tuple(_STOPS)) else self.stop
        return self.quoted(text) + stop

    def mention(self, text: str) -> str:
        """Write a name of letters alone as it is; one with figures or signs in it is quoted."""
        line = one_line(text)
        letters = re.fullmatch(r"[^\W\d_]+(?: [^\W\d_]+)*", line)
        return line if letters and not any(figures_in(line)) else self.quoted(text)

    def capital(self, sentence: str) -> str:
        """Begin a sentence with a capital letter."""
        return sentence[:1].upper() + sentence[1:]


class Chinese(Wording):
    """Spell the parts of a Chinese sentence."""

    language = "zh"
    space = ""
    stop = "。"

    def number(self, number: int) -> str:
        """Write a count without its noun: 三, 16."""
        return _CHINESE_NUMERALS[number] if number < len(_CHINESE_NUMERALS) else str(number)

    def count(self, number: int, noun: str) -> str:
        """Write a count: 三项, 两处, 16项."""
        return f"{self.number(number)}{noun}"

    def points(self, value: Decimal) -> str:
        """Write points: 0.9分."""
        return f"{plain(value)}分"

    def money(self, amount: Money) -> str:
        """Write an amount in the form's unit, or exactly in 万元."""
        if amount.in_wan and amount.unit == "元":
            return f"{plain(in_wan(amount.value))}万元"
        return f"{plain(amount.value)}{amount.unit}"

    def quantity(self, value: Decimal, unit: str) -> str:
        """Write a quantity in its own unit: 268课时, 0.5万人次."""
        if reads_in_wan([value], WAN):
            return f"{plain(in_wan(value))}万{unit}"
        return f"{plain(value)}{unit}"

    def listed(self, items: Sequence[str]) -> str:
        """Join items as a sentence does: 甲、乙和丙."""
        return "和".join(["、".join(items[:-1]), items[-1]]) if len(items) > 1 else "".join(items)

    def term(self, text: str) -> str:
        """Write a term of the field (a level, a grade); one that is no plain word is quoted."""
        return self.mention(text)


class English(Wording):
    """Spell the parts of an English sentence."""

    language = "en"
    space = " "
    stop = "."

    def number(self, number: int) -> str:
        """Write a count without its noun: three, 16."""
        return _ENGLISH_NUMERALS[number] if number < len(_ENGLISH_NUMERALS) else str(number)

    def count(self, number: int, noun: str, plural: str = "") -> str:
        """Write a count with its noun: one indicator, three indicators, 16 indicators."""
        return f"{self.number(number)} {noun if number == 1 else plural or noun + 's'}"

    def points(self, value: Decimal) -> str:
        """Write points: 1 point, 0.9 points."""
        return f"{plain(value)} point{'' if value == 1 else 's'}"

    def money(self, amount: Money) -> str:
        """Write an amount in yuan, exactly: 861.46 万元 is 8,614,600 yuan."""
        yuan = product(amount.value, WAN if amount.unit == "万元" else ONE)
        return f"{plain(yuan)} yuan"

    def quantity(self, value: Decimal, unit: str) -> str:
        """Write a quantity in its own unit, in English where the glossary knows it: 268 class hours."""
        words = glossary().get(unit, unit).split("|")
        word = words[0] if value == 1 else words[-1]
        return f"{plain(value)} {word}".rstrip()

    def listed(self, items: Sequence[str]) -> str:
        """Join items as a sentence does: A, B and C."""
        return " and ".join([", ".join(items[:-1]), items[-1]]) if len(items) > 1 else "".join(items)

    def term(self, text: str) -> str:
        """Write a term of the field in English where the glossary knows it, otherwise quoted."""
        line = one_line(text)
        return glossary().get(line) or quote(line, "en")
