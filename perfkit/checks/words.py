"""The words that rules look for, from `words.yaml`: empty reasons, measures, prompts, directions, verbs."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from re import Pattern
from typing import Any

LOOKED_AT = 2000  # characters of a cell; what is longer is told by its beginning
LONGEST_EMPTY = 40  # characters; who writes more says something
_DASHES = re.compile(r"[\s\-—–―－_/\\／、，,。.·…:：;；()（）]*")
_STOPS = re.compile(r"[。！？；!?;\n]")
_COMMAS = re.compile(r"[，,。！？；;：:!?\n]")
_NOISE = re.compile(r"[\W_]+")
_NUMBERING = re.compile(
    r"^[★☆▲△●○■□◆◇*#\s]*(?:三级)?指标\s*(?:\d(?=(?:19|20)\d\d)|\d{1,2}|[一二三四五六七八九十]{1,3})\s*[:：、.．]?\s*"
)
_ENUMERATED = re.compile(r"^[\s(（]*(?:[一二三四五]|\d{1,2})[)）、.．]+")
_PART = re.compile(r"^[\s★☆(（]*其中")


def is_blank(text: str | None) -> bool:
    """Tell whether a cell holds nothing: empty, or only dashes and punctuation."""
    return text is None or _DASHES.fullmatch(text) is not None


def plain(text: str | None) -> str:
    """Give a text without space and punctuation, full-width forms folded, for comparing."""
    return _NOISE.sub("", unicodedata.normalize("NFKC", text or ""))


def unnumbered(name: str | None) -> str:
    """Give an indicator's name without its numbering (指标1:) and decorations."""
    return _NUMBERING.sub("", unicodedata.normalize("NFKC", name or ""))


def bare_name(name: str | None) -> str:
    """Give an indicator's name without numbering, decorations and punctuation, for comparing."""
    return plain(unnumbered(name))


@lru_cache(maxsize=8192)
def _found(pattern: Pattern[str], text: str) -> str:
    """Search a text once, however many rules ask and however many rows repeat it."""
    match = pattern.search(text)
    return match.group() if match else ""


def sentences(text: str) -> list[str]:
    """Split a text into its sentences."""
    return [part for part in _STOPS.split(text) if part.strip()]


def clauses(text: str) -> list[str]:
    """Split a text into its clauses."""
    return [part.strip() for part in _COMMAS.split(text) if part.strip()]


@dataclass(frozen=True)
class Words:
    """Hold the word lists; every entry of `words.yaml` is a family of patterns, found anywhere in a text."""

    empty: Pattern[str]
    empty_words: Pattern[str]
    prompts: Pattern[str]
    signs: frozenset[str]
    headings: Pattern[str]
    found: dict[str, Pattern[str]]
    grades: dict[str, str]
    ratings: dict[str, Pattern[str]]
    kinds: dict[str, str]
    filler: Pattern[str]
    telling: frozenset[str]

    def says_nothing(self, reason: str) -> bool:
        """Tell whether a reason is none: 无, 已完成, or only signs; as a whole or clause by clause."""
        text = plain(reason[:LOOKED_AT])
        if not text or self._is_empty(text):
            return True
        return all(self._is_empty(plain(_ENUMERATED.sub("", part))) for part in clauses(reason[:LOOKED_AT]))

    def _is_empty(self, text: str) -> bool:
        if not text or len(text) > LONGEST_EMPTY:
            return not text
        return self.empty.fullmatch(text) is not None or not self.empty_words.sub("", text)

    def measure(self, reason: str) -> str:
        """Give the words of a reason that tell a measure, taken or planned, "" where it names causes only."""
        told = self.without("no_measures", reason[:LOOKED_AT])
        opened = (
            (self.found["measure_opens"], clauses(told)),
            (self.found["measure_follows"], clauses(told)[1:]),
        )
        return self.has("measures", told) or next(
            (found.group() for opening, parts in opened for part in parts if (found := opening.match(part))),
            "",
        )

    def prompt(self, text: str | None) -> str:
        """Give the prompt of the empty form left in a text, "" where there is none."""
        if not text:
            return ""
        heading = self.headings.fullmatch(text.strip())
        if heading:
            return heading.group()
        return "" if self.signs.isdisjoint(text) else _found(self.prompts, text[:LOOKED_AT]).strip()

    def is_prompt(self, name: str) -> bool:
        """Tell whether a name is nothing but the template's numbering (指标2:……)."""
        return bool(self.prompt(name)) or not bare_name(name)

    def without(self, family: str, text: str) -> str:
        """Give a text with the words of a family taken out."""
        return self.found[family].sub("", text)

    def fits(self, family: str, text: str) -> bool:
        """Tell whether a whole text is of a family."""
        return self.found[family].fullmatch(text) is not None

    def grade(self, printed: str) -> str:
        """Give the canonical grade (优, 良, 中, 差) of a printed one, or the text itself."""
        return self.grades.get(plain(printed).removesuffix("级"), printed.strip())

    def rating(self, actual: str | None) -> str | None:
        """Give the rating (met, partly, missed) that an actual states in the act's own words, else None."""
        stated = plain(actual)
        return next((rating for rating, pattern in self.ratings.items() if pattern.fullmatch(stated)), None)

    def is_part(self, name: str) -> bool:
        """Tell whether a name opens a sub-row (其中…)."""
        return _PART.match(name) is not None

    def has(self, family: str, *texts: str | None) -> str:
        """Give the first word of a family found in any of the texts, "" where there is none."""
        pattern = self.found[family]
        return next((found for text in texts if text and (found := _found(pattern, text[:LOOKED_AT]))), "")


@cache
def words() -> Words:
    """Give the word lists, read once."""
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    text = files(__package__).joinpath("words.yaml").read_text(encoding="utf-8")
    content: dict[str, Any] = yaml.load(text, Loader=loader)  # noqa: S506 a safe loader either way
    return Words(
        empty=_any(content["empty_reasons"]),
        empty_words=_any(content["empty_words"]),
        prompts=_any(content["prompts"]),
        signs=frozenset(content["prompt_signs"]),
        headings=_any(content["headings"]),
        found={family: _any(entries) for family, entries in content["families"].items()},
        ratings={rating: _any(entries) for rating, entries in content["ratings"].items()},
        kinds={unit: kind for kind, units in content["kinds"].items() for unit in units},
        filler=_any(content["filler"]),
        telling=frozenset(content["telling"]),
        grades={word: grade for grade, synonyms in content["grades"].items() for word in synonyms},
    )


def _any(entries: list[str]) -> Pattern[str]:
    return re.compile("|".join(f"(?:{entry})" for entry in entries))
