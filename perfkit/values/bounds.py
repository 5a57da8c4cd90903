"""What an actual's own words leave open: `不足95%` is below it, `提高3个百分点` says not where it ends.

Figures are compared as printed; an operator or a change beside the actual's figure may settle the verdict
otherwise, or leave it to a person.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from perfkit.values.vocabulary import table

if TYPE_CHECKING:
    from decimal import Decimal

    from perfkit.values.quantity import Quantity

_FALLS = re.compile(r"[降减缩]|回落|下滑")
_RISES = re.compile(r"[增升涨]|提高")
_NEARLY = re.compile(r"(?:接近|将近|近)$")
_CHANGED = re.compile(r"[增减降升涨新节缩]|提高")
_MOVED = re.compile(r"(?:增|升|提高|提升|降|减)(?:加|长|少|低)?[到至为]$")
_NEWLY = re.compile(r"新增|新建|新开|净增")
_LEVEL_NAME = re.compile(r"(?<![增加升降减速])(?:率|水平|比例|比重|占比)$")
_FAR = 5
_ENDS_AT = ("到", "至")
_MOST_CHANGE, _LEAST_LEVEL = 30, 50


@cache
def _bounds() -> dict[str, frozenset[str]]:
    words = table("operators")
    return {name: frozenset(spellings) for name, spellings in words["bounds"].items()}


@cache
def _changes() -> frozenset[str]:
    return frozenset(table("operators")["changes"])


def bounded(
    reached: bool,  # noqa: FBT001 what the figures alone say
    target: Quantity,
    actual: Quantity,
    compared: tuple[Decimal, Decimal, bool],
    name: str,
) -> bool | None:
    """Say whether the target is reached once the actual's words are heard; None where they leave it open.

    `compared` is the actual's value, the target's in the same unit, and whether the target is a limit.
    """
    value, wanted, limit = compared
    if _level_for_change(target, actual, name, limit=limit):
        return None
    missed = _missed_by_bound(actual, value, wanted, limit=limit)
    if missed is None:
        return None
    return reached and not missed and (limit or not _wrong_way(target, actual, name))


def _missed_by_bound(actual: Quantity, value: Decimal, wanted: Decimal, *, limit: bool) -> bool | None:
    """Tell whether the actual's operator makes a miss of it; None where it leaves the verdict open.

    `不足95%` misses `≥95%`, `超过5起` misses `≤5起`; of `≥95%` neither `不超过98%` nor `90%以上` says
    anything sure.
    """
    if not limit and value == wanted and _NEARLY.search(actual.label):
        return None
    strict, loose, other = ("over", "down_to", "under") if limit else ("under", "up_to", "over")
    others = _bounds()[other] | _bounds()["up_to" if limit else "down_to"]
    beyond = value > wanted if limit else value < wanted
    if actual.operator in others:
        return None if beyond else False
    if actual.operator not in _bounds()[strict] | _bounds()[loose]:
        return False
    if beyond or (value == wanted and actual.operator in _bounds()[strict]):
        return True
    return None


def _far_above(actual: Quantity, target: Quantity) -> bool:
    """Tell an amount so far over a change asked for that it is a level (`增收1000元`, `收入1.2万元`)."""
    return actual.value >= _FAR * target.value


def _wrong_way(target: Quantity, actual: Quantity, name: str) -> bool:
    """Tell an actual that rose where a fall was asked for (`下降10%`, `上升15%`), or the reverse."""
    asked, given = f"{target.operator}{target.label}{name}", f"{actual.operator}{actual.label}"
    falls, rises = _FALLS.search(given) is not None, _RISES.search(given) is not None
    if falls == rises or (_FALLS.search(asked) is None) == (_RISES.search(asked) is None):
        return False
    return falls == (_FALLS.search(asked) is None)


def _level_for_change(target: Quantity, actual: Quantity, name: str, *, limit: bool) -> bool:
    """Tell a level that answers a change, or a change that answers a level: neither measures the other."""
    changed = target.operator in _changes() or target.label.endswith("增收")
    moved = (
        actual.operator.endswith(_ENDS_AT) if changed else _MOVED.search(actual.label) and _NEWLY.search(name)
    )
    if moved:
        return True
    if actual.unit.dimension != "ratio":
        return (
            changed
            and bool(actual.label)
            and not _CHANGED.search(actual.label)
            and _far_above(actual, target)
        )
    if changed and _LEVEL_NAME.search(name) and not actual.label and _far_above(actual, target):
        return True
    if changed:
        level = actual.value >= _LEAST_LEVEL and target.value <= _MOST_CHANGE
        both = _FALLS.search(actual.label) and _RISES.search(actual.label)
        return (
            bool(both) or actual.operator.endswith(_ENDS_AT) or (level and actual.operator not in _changes())
        )
    if actual.operator not in _changes() or _FALLS.search(name) or _RISES.search(name):
        return False
    return limit or (target.value >= _LEAST_LEVEL and 2 * actual.value < target.value)
