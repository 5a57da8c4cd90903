"""States in words: what `达成预期指标`, `未开展`, `建设中`, `无上访` say of a target.

Words are searched, not parsed. A negation makes a miss, unless what it negates is bad (无投诉,
未发生事故); 基本 and 部分 make it partly met.
"""

from __future__ import annotations

import re
from enum import StrEnum
from functools import cache, lru_cache

from perfkit.values.vocabulary import table


class Said(StrEnum):
    """Name what words say."""

    NOT_APPLICABLE = "not_applicable"
    ABSENT = "absent"
    PARTLY = "partly"
    ONGOING = "ongoing"
    MISSED = "missed"
    REACHED = "reached"
    DONE = "done"
    GOOD = "good"
    NOTHING = "nothing"


@cache
def pattern(family: str) -> re.Pattern[str]:
    """Give a family of the states table as one search, the longest word first."""
    words = sorted(table("states")[family], key=len, reverse=True)
    return re.compile("|".join(map(re.escape, words)))


@cache
def _absence() -> re.Pattern[str]:
    """Build the search for the absence of something bad, with up to eight characters between."""
    absent, bad = (pattern(family).pattern for family in ("absent", "bad"))
    return re.compile(rf"(?:{absent})[^,;。、]{{0,8}}?(?:{bad})")


_NEGATED = re.compile(r"[未无不没非零]|杜绝|避免|防止")
_NONE = re.compile(r"(?:无|零|没有|未发生|未出现|0)[。.]?")


@lru_cache(maxsize=4096)
def said(words: str) -> Said:
    """Say what a folded text states of its target."""
    if _NONE.fullmatch(words):
        return Said.ABSENT
    if pattern("not_applicable").search(words):
        return Said.NOT_APPLICABLE
    rest, absences = _absence().subn("", words)
    partly = pattern("partly").search(rest)
    if partly:
        return Said.PARTLY
    ongoing, missed = pattern("ongoing").search(rest), pattern("missed").search(rest)
    reached = pattern("reached").search(rest)
    done = pattern("done").search(rest)
    if missed:
        before = rest[: missed.start()]
        others = pattern("done").search(before) or pattern("reached").search(before)
        return Said.PARTLY if others and "," in before else Said.MISSED
    if ongoing:
        return Said.ONGOING
    if reached:
        return Said.REACHED
    if done:
        return Said.DONE
    if absences:
        return Said.ABSENT
    return Said.GOOD if pattern("good").search(rest) else Said.NOTHING


def wants_absence(words: str) -> bool:
    """Tell whether a target in words asks that something bad stays away (`无上访`, `零事故`, `无`)."""
    return _NONE.fullmatch(words) is not None or (_absence().match(words) is not None and len(words) < 30)


def negations(words: str) -> int:
    """Count the negations in a text: a copy of a target has as many as the target."""
    return len(_NEGATED.findall(words))
