"""The words that rules look for, from `words.yaml`: empty reasons, measures, prompts, directions, verbs.

What a unit says of a deviation is read here too, so that the findings (PK206) and the report's table of
measures read a row the same way. How alike two texts are is asked of rapidfuzz, with the work bounded
however many rows a form has.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from re import Pattern
from typing import TYPE_CHECKING, Any

from perfkit.scoring.proof import says_nothing
from perfkit.text.folding import bare as plain
from perfkit.text.folding import is_blank, own_yaml

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from perfkit.form import Indicator

__all__ = ["bare_name", "clauses", "is_blank", "plain", "sentences", "unnumbered", "words"]

LOOKED_AT = 2000  # characters of a cell; what is longer is told by its beginning
_STOPS = re.compile(r"[。！？；!?;\n]")
_COMMAS = re.compile(r"[，,。！？；;：:!?\n]")
_NUMBERING = re.compile(
    r"^[★☆▲△●○■□◆◇*#\s]*(?:三级)?指标\s*(?:\d(?=(?:19|20)\d\d)|\d{1,2}|[一二三四五六七八九十]{1,3})\s*[:：、.．]?\s*"
)
_PART = re.compile(r"^[\s★☆(（]*其中")


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

    prompts: Pattern[str]
    signs: frozenset[str]
    headings: Pattern[str]
    found: dict[str, Pattern[str]]
    grades: dict[str, str]
    kinds: dict[str, str]
    filler: Pattern[str]
    telling: frozenset[str]

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

    def is_share(self, name: str) -> bool:
        """Tell a name that counts a part of a whole, which no more than 100% can be of."""
        bare = plain(unnumbered(name))
        return bool(self.found["bounded_rates"].search(name)) or bool(
            self.found["shares"].search(bare) and not self.found["no_shares"].search(bare)
        )

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
    text = files(__package__).joinpath("words.yaml").read_text(encoding="utf-8")
    content: dict[str, Any] = own_yaml(text)
    return Words(
        prompts=_any(content["prompts"]),
        signs=frozenset(content["prompt_signs"]),
        headings=_any(content["headings"]),
        found={family: _any(entries) for family, entries in content["families"].items()},
        kinds={unit: kind for kind, units in content["kinds"].items() for unit in units},
        filler=_any(content["filler"]),
        telling=frozenset(content["telling"]),
        grades={word: grade for grade, synonyms in content["grades"].items() for word in synonyms},
    )


def _any(entries: list[str]) -> Pattern[str]:
    return re.compile("|".join(f"(?:{entry})" for entry in entries))


MAX_YEAR = 9999
_YEAR = re.compile(r"(?<!\d)20\d\d(?=年)")
_ENDS_OF_CLAUSES = re.compile(r"[，,。；;！!？?\n：:]")


def measure_of(row: Indicator, year: int | None) -> str:
    """Give the measure that a row names, "" where it names none.

    Its column of measures where that says something; else the part of its reason from the first clause on
    that tells what was or will be done. What is dated after the form's `year` is planned.
    """
    column = (row.measures or "").strip()
    if column and not is_blank(column) and not says_nothing(column):
        return column
    return measure_in(row.reason or "", year)


def measure_in(reason: str, year: int | None) -> str:
    """Give the part of a reason that states a measure, "" where none does, in a form of the `year`."""
    if says_nothing(reason):
        return ""
    found = words().measure(reason)
    if found:
        return _from_clause(reason, reason.find(found))
    later = next((part for part in clauses(reason) if _planned(part, year)), "")
    return _from_clause(reason, reason.find(later)) if later else ""


_DEADLINE = re.compile(
    r"(?:\d{4}年|[明次]年)?\d{1,2}月(?:\d{1,2}[日号])?(?:底|末|中旬|上旬|下旬)?之?前?"
    r"|(?:\d{4}年|[明次]年)底?之?[前内]|年底之?前"
)


def deadline_in(measure: str) -> str:
    """Give the first date that a measure names, which is its deadline, "" where it names none."""
    found = _DEADLINE.search(measure)
    return found[0] if found else ""


def _from_clause(reason: str, start: int) -> str:
    """Give a text from the clause on that holds a place."""
    stops = [stop.end() for stop in _ENDS_OF_CLAUSES.finditer(reason, 0, max(start, 0))]
    return reason[stops[-1] if stops else 0 :].strip().rstrip("。;；")


def _planned(clause: str, year: int | None) -> bool:
    """Tell whether a clause speaks of what is done in a later year; what came only then (才) is a cause."""
    later = any(int(one) > (year or MAX_YEAR) for one in _YEAR.findall(clause))
    return later and not words().has("came_late", clause)


NEAR = 90
SAME = 100
SHORTEST_NAME = 3
LONGEST_TEXT = 4000
MOST_COMPARED = 300


def similar(one: str, other: str) -> float:
    """Give the likeness of two texts in percent; of very long ones their beginnings are compared."""
    from rapidfuzz import fuzz

    return fuzz.ratio(one[:LONGEST_TEXT], other[:LONGEST_TEXT])


def near_duplicates(names: Sequence[str]) -> Iterator[tuple[int, int, float]]:
    """Yield each name that came before, itself or nearly: its first place, its own, the likeness.

    Every name is reported once. Names that are the same but for filler or the order of their characters
    count; names that differ in a numeral or in one telling character (一级, 二级) are two things. At most
    the first 300 different names are compared for slips.
    """
    from rapidfuzz import fuzz, process

    first: dict[str, int] = {}
    cores: dict[str, str] = {}
    for place, name in enumerate(names):
        core = "".join(sorted(words().filler.sub("", name)))
        if name in first:
            yield first[name], place, float(SAME)
            continue
        other = cores.get(core) if len(core) >= SHORTEST_NAME else None
        if other is not None and _told_apart(name, other):
            other = None  # 12号楼 and 21号楼
        if other is None and first and len(first) <= MOST_COMPARED:
            alike = process.extract(name, first.keys(), scorer=fuzz.ratio, score_cutoff=NEAR, limit=3)
            other = next((found for found, _, _ in alike if not _told_apart(name, found)), None)
        if other is not None:
            yield first[other], place, fuzz.ratio(name, other)
        first[name] = place
        cores.setdefault(core, name)


def _told_apart(one: str, other: str) -> bool:
    """Tell whether two names differ in a figure or in one telling character."""
    one, other = one.replace("人员", "人"), other.replace("人员", "人")
    return bool((set(one) ^ set(other)) & words().telling) or re.findall(r"\d+", one) != re.findall(
        r"\d+", other
    )
