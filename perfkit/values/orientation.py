"""Which side of a target is good, where no operator says it: level 2, then the name, then at-least.

`受害率`, `投诉`, `结转结余率` and unit costs are good when low; cost rows (成本指标) are limits, unless the
name is a rate of doing (生均补助标准达标率). Sources: RULES.md §6.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from perfkit.levels import level2 as canonical_level2
from perfkit.values.terms import AT_LEAST, AT_MOST, Direction
from perfkit.values.vocabulary import any_of, table


@cache
def _search(family: str) -> re.Pattern[str]:
    return re.compile(any_of(table("directions")[family]))


@cache
def _sides() -> tuple[re.Pattern[str], dict[str, Direction]]:
    """Build the search for the words of either side, the longest first, and the side of each."""
    sides = {word: side for side in (AT_LEAST, AT_MOST) for word in table("directions")[side]}
    return re.compile(any_of(sides)), sides


@lru_cache(maxsize=1024)
def _limits(level2: str) -> bool:
    """Tell a level 2 whose targets are limits (成本指标)."""
    return canonical_level2(level2) in table("directions")["at_most_level2"]


@lru_cache(maxsize=2048)
def good_side(name: str, level2: str) -> Direction:
    """Give at-least or at-most for a row by its level 2 and its name."""
    if _limits(level2):
        return AT_LEAST if _search("cost_at_least").search(name) else AT_MOST
    if _search("lowering").search(name):
        return AT_LEAST
    search, sides = _sides()
    found = search.findall(name)
    return sides[found[-1]] if found else AT_LEAST


def doubtful(direction: Direction, name: str, level2: str) -> bool:
    """Tell whether a printed operator contradicts the row: 投诉率 with ≥, villages to be built with ≤."""
    if direction is AT_LEAST:
        return good_side(name, level2) is AT_MOST and not _search("floors").search(name)
    if direction is AT_MOST and good_side(name, level2) is AT_LEAST:
        return bool(_search("doing").search(name) or _search("levels").search(name))
    return False
