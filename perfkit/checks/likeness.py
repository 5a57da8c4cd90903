"""How alike two texts are (rapidfuzz), with the work bounded however many rows a form has."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

NEAR = 90
SAME = 100
SHORTEST_NAME = 3
LONGEST_TEXT = 4000
MOST_COMPARED = 300
_FILLER = re.compile(r"数量|情况|指标|工作|项目|完成|开展|实施|年度|全年|本年|总|的|和|与|及|数$|率$")
_TELLING = frozenset(
    "一二三四五六七八九十百千甲乙丙丁上下左右前后东南西北男女老少大小新旧初高中省市县区乡镇村内外正负城农学教家师生进出收支买卖长短期"
)


def similar(one: str, other: str) -> float:
    """Give the likeness of two texts in percent; of very long ones their beginnings are compared."""
    from rapidfuzz import fuzz

    return fuzz.ratio(one[:LONGEST_TEXT], other[:LONGEST_TEXT])


def near_duplicates(names: Sequence[str]) -> Iterator[tuple[int, int, float]]:
    """Yield each name that came before, itself or nearly: its first place, its own, the likeness.

    Every name is reported once. Names that differ in a numeral or in one telling character (一级, 二级;
    学生, 家长) are two things. At most the first 300 different names are compared with each other.
    """
    from rapidfuzz import fuzz, process

    first: dict[str, int] = {}
    for place, name in enumerate(names):
        if name in first:
            yield first[name], place, float(SAME)
            continue
        if first and len(first) <= MOST_COMPARED:
            for other, _, _ in process.extract(
                name, first.keys(), scorer=fuzz.ratio, score_cutoff=60, limit=5
            ):
                if _nearly(name, other):
                    yield first[other], place, fuzz.ratio(name, other)
                    break
        first[name] = place


def _nearly(one: str, other: str) -> bool:
    """Tell whether two names say the same: but for filler, for the order of words, or for a slip."""
    from rapidfuzz import fuzz

    core, other_core = _FILLER.sub("", one), _FILLER.sub("", other)
    if len(core) >= SHORTEST_NAME and (core == other_core or sorted(core) == sorted(other_core)):
        return True
    if fuzz.ratio(one, other) < NEAR:
        return False
    return not (set(one) ^ set(other)) & _TELLING and re.findall(r"\d+", one) == re.findall(r"\d+", other)
