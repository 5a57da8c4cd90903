"""Which row belongs to which level 2, where the labels of merged cells have come loose from their rows.

A label that stands on a row's own line belongs to that row. The loose ones are put between those in the
official order, and the rows shared out among neighbours by what each row says (levels.yaml).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from perfkit.readers.layout.words import is_level1, key
from perfkit.text.folding import own_yaml

if TYPE_CHECKING:
    from collections.abc import Sequence
    from collections.abc import Set as AbstractSet

    from perfkit.form import Indicator


@cache
def _types() -> list[dict[str, Any]]:
    text = files("perfkit.readers.layout.flattened").joinpath("levels.yaml").read_text(encoding="utf-8")
    types: list[dict[str, Any]] = own_yaml(text)
    return types


def level2_rank(text: str) -> int | None:
    """Give the place of a level-2 label in the official order; None where it is none."""
    plain = key(text)
    return next((n for n, kind in enumerate(_types()) if re.fullmatch(kind["label"], plain)), None)


def better_level(row: Indicator, printed: AbstractSet[str]) -> str | None:
    """Give the level 2 that a row's words call for and not for its own, where its label may be lost.

    It comes behind the row's own in the official order and is none that the form prints (`printed`).
    """
    own = level2_rank(row.level2) if row.level2 else None
    if own is None:
        return None
    text = "|".join((row.name or "", row.target or "", row.actual or ""))
    points = [sum(n for pattern, n in kind["words"] if re.search(pattern, text)) for kind in _types()]
    best = max(range(len(points)), key=lambda n: points[n])
    lost = best > own and best not in {level2_rank(level) for level in printed}
    clear = lost and points[best] >= 1 > points[own]
    return str(_types()[best]["label"]) if clear else None


def is_level_name(text: str) -> bool:
    """Tell whether a text is a whole label of either level, as the official form prints it."""
    return is_level1(text) or level2_rank(text) is not None


@dataclass(frozen=True, slots=True)
class Labels:
    """Hold the level labels of a form: those on a row's own line by row number, and the loose ones."""

    inline1: dict[int, str]
    inline2: dict[int, str]
    loose: tuple[str, ...]

    @property
    def inferred(self) -> bool:
        """Tell whether the grouping has to be worked out: labels are loose, or stand amid their rows."""
        loose = any(level2_rank(text) is not None and not is_level1(text) for text in self.loose)
        return loose or (bool(self.inline2) and 0 not in self.inline2)


def share_out(rows: Sequence[Indicator], labels: Labels) -> list[tuple[str | None, str | None]]:
    """Give (level 1, level 2) for each row."""
    loose2 = [text for text in labels.loose if level2_rank(text) is not None and not is_level1(text)]
    loose1 = [text for text in labels.loose if is_level1(text)]
    inferred = labels.inferred and bool(rows)
    seconds = _ordered(rows, labels.inline2, loose2) if inferred else _carried(len(rows), labels.inline2)
    firsts = [*labels.inline1.values(), *loose1]
    carried = [None] * len(rows) if loose1 or inferred else _carried(len(rows), labels.inline1)
    return [(_above(second, firsts) or first, second) for second, first in zip(seconds, carried, strict=True)]


def _above(second: str | None, firsts: Sequence[str]) -> str | None:
    """Give the printed level-1 label above a level 2."""
    rank = level2_rank(second) if second else None
    if rank is None:
        return None
    word = _types()[rank]["level1"]
    found = [first for first in firsts if word in first]
    own = [first for first in firsts if "成本" in first and "成本" in (second or "")]
    return next(iter(own or found), None)


def _carried(count: int, inline: dict[int, str]) -> list[str | None]:
    current: str | None = None
    levels = []
    for row in range(count):
        current = inline.get(row, current)
        levels.append(current)
    return levels


def _ordered(rows: Sequence[Indicator], inline: dict[int, str], loose: Sequence[str]) -> list[str | None]:
    """Share rows out among labels in their order, so that rows and labels agree best."""
    groups = _sequence(inline, loose)
    best: list[dict[int, tuple[float, list[int]]]] = [{0: (_fit(rows, 0, groups, inline), [0])}]
    for row in range(1, len(rows)):
        step: dict[int, tuple[float, list[int]]] = {}
        for group, (points, path) in best[-1].items():
            for following in (group, group + 1):
                if following >= len(groups):
                    continue
                bonus = 0.4 if following != group and rows[row].weight != rows[row - 1].weight else 0.0
                total = points + bonus + _fit(rows, row, [*groups], inline, following)
                if following not in step or total > step[following][0]:
                    step[following] = (total, [*path, following])
        best.append(step)
    last = best[-1].get(len(groups) - 1) or max(best[-1].values())
    return [groups[group] for group in last[1]]


def _sequence(inline: dict[int, str], loose: Sequence[str]) -> list[str]:
    """Give the labels in the order of their groups: those on rows keep it, loose ones go by rank."""
    groups = [inline[row] for row in sorted(inline)]
    for text in dict.fromkeys(loose):
        if text in groups:
            continue
        rank = level2_rank(text) or 0
        before = [n for n, group in enumerate(groups) if (level2_rank(group) or 0) < rank]
        groups.insert(before[-1] + 1 if before else 0, text)
    return groups


def _fit(
    rows: Sequence[Indicator], row: int, groups: list[str], inline: dict[int, str], group: int = 0
) -> float:
    """Say how well a row goes with a label; a label on the row's own line decides."""
    label = groups[group]
    if row in inline:
        return 0.0 if inline[row] == label else -100.0
    rank = level2_rank(label)
    item = rows[row]
    text = "|".join((item.name or "", item.target or "", item.actual or ""))
    alone = -1.0 if label in inline.values() else 0.0
    words: list[tuple[str, float]] = _types()[rank or 0]["words"]
    return alone + sum(points for pattern, points in words if re.search(pattern, text))
