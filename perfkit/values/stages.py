"""Stages of a work (工作阶段) that follow one another: 可研批复, 初步设计, 开工, 交工验收, 竣工验收.

A later stage has left the earlier ones behind; a stage short of the one asked for is for a person.
"""

from __future__ import annotations

import re
from functools import cache

from perfkit.values.vocabulary import any_of, table

_NOT_THERE = re.compile(r"[未没待拟]|尚|正在|仍在|准备|计划|筹备|申请|办理|[程段理展]中")


@cache
def _stages() -> tuple[re.Pattern[str], dict[str, tuple[int, int]]]:
    """Build the search for the words of every stage, and the ladder and the place of each."""
    places = {
        word: (ladder, place)
        for ladder, stages in enumerate(table("classes")["stages"])
        for place, words in enumerate(stages)
        for word in words
    }
    return re.compile(any_of(places)), places


def _furthest(words: str) -> dict[int, int]:
    """Give the furthest stage that a text names on each ladder."""
    search, places = _stages()
    found = search.findall(words)
    return dict(sorted(places[word] for word in found)) if found else {}


def not_there(words: str) -> bool:
    """Tell words that speak of a stage which is not reached yet: `竣工验收手续办理中`, `待批复`."""
    return _NOT_THERE.search(words) is not None


def stages_on(target: str, actual: str) -> int:
    """Count the stages from a target's on to the actual's, negative short of it, 0 where none is told.

    `竣工验收` answered by `已完成交工验收` is short of it, `主体封顶` by `已竣工` beyond.
    """
    wanted = _furthest(target)
    if not wanted:
        return 0
    given = _furthest(actual)
    return next((given[ladder] - place for ladder, place in wanted.items() if ladder in given), 0)
