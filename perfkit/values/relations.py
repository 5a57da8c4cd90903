"""Targets that stand in relation to something else: `不低于上年`, `高于全省平均水平`.

They are answered by a relation to the same thing, in words or with a figure (`高于上年2.1%`).
"""

from __future__ import annotations

import re
from typing import NamedTuple

from perfkit.values.compare import JUDGEMENT, Outcome
from perfkit.values.terms import Basis, Verdict

_MET = Outcome(Verdict.MET, Basis.STATED)
_MISSED = Outcome(Verdict.MISSED, Basis.STATED)
_TO = (
    r"(?P<to>上年|去年|上一年|往年|同期|全[国省市县区州]|[国省市县区州]内?平均|行业|平均|周边)"
    r"[^,;。、()0-9]{0,8}"
)
_RELATION = re.compile(
    rf"(?P<no>[不未没无][得能应]?)?(?P<side>高于|高出|超过|超出|优于|好于|多于|大于|低于|少于|小于|差于){_TO}"
    rf"|与?{_TO.replace('<to>', '<as>')}(?:持平|相当|一致)"
    rf"|[较比]{_TO.replace('<to>', '<than>')}(?:(?P<up>增加|增长|上升|提高|提升)|(?:减少|下降|降低|缩减))"
)
_SIDE = re.compile("[于过出较比]|持平|相当|一致")
_UPWARD = frozenset({"高于", "高出", "超过", "超出", "优于", "好于", "多于", "大于"})


class _Relation(NamedTuple):
    """Hold to what something is related, and the signs that its difference may have."""

    to: str
    signs: frozenset[int]


def compare_relations(target: str, actual: str) -> Outcome | None:
    """Compare two relations, which a person does if they are to different things; None for other cells."""
    wanted = _relation(target)
    given = None if wanted is None else _relation(actual)
    if wanted is None or given is None:
        return None
    if wanted.to != given.to:
        return JUDGEMENT
    if given.signs <= wanted.signs:
        return _MET
    return JUDGEMENT if given.signs & wanted.signs or given.signs == {0} else _MISSED


def _relation(text: str) -> _Relation | None:
    found = _RELATION.search(text) if _SIDE.search(text) else None
    if found is None:
        return None
    if found["than"]:
        return _Relation(found["than"], frozenset({1 if found["up"] else -1}))
    if found["side"] is None:
        return _Relation(found["as"], frozenset({0}))
    sign = 1 if found["side"] in _UPWARD else -1
    return _Relation(found["to"], frozenset({0, -sign} if found["no"] else {sign}))
