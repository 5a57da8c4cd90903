"""How alike two texts are (rapidfuzz), with the work bounded however many rows a form has."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from perfkit.checks.words import words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

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
