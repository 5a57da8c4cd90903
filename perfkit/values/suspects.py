"""Templates left in and scan errors: cells that look filled in and are not to be trusted.

They are flagged and never repaired; a row with one is unverifiable (RULES.md §6, Scanned text).
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from perfkit.values.terms import Flag

if TYPE_CHECKING:
    from perfkit.values.quantity import Quantity

# What a template or a scan error begins with, and what stands anywhere in it. The latter holds at least
# one of a few signs, so that most cells need not be searched for it.
_TEMPLATE_BEGINS = re.compile(
    r"[(]?(?:请?填写|请填|此处|示例|例如|如:|参考|备注:|注:|填报)"
    r"|指标[0-9一二三四五六]{1,2}[:：]?[.…]*$|[≥≤><=%±]+$"
)
TEMPLATE_HOLDS = re.compile(
    r"[*]{2,}|[xX×]{2,}(?![a-zA-Z])|…{1,}|\.{3,}|[○〇口□]{2,}|_{2,}|字(?:以内|左右)\)"
)
TEMPLATE_SIGNS = re.compile(r"[*xX×….○〇口□_字]")
_SCAN_BEGINS = re.compile(
    r"[工二三乏之么主己乙巳丫∧∨^﹀`'\"|\\?¥$#&!冬王去“”‘’]{1,2}=?[0-9]+(?:\.[0-9]+)?%"
    r"|[0-9a-zA-Z][=＝≈][0-9]+(?:\.[0-9]+)?%?"
    r"|[zZNnSsl|]{1,2}[0-9]+(?:\.[0-9]+)?%|[lIO][0-9O]+%|[∧∨^﹀]"
)
SCAN_HOLDS = re.compile(r"[0-9][OoIl]{1,4}[0-9%]|[0-9]%[0-9]|[0-9][=≥≤][0-9]")
_BOUND_OF_A_CODE = re.compile(r"[A-Za-z][0-9.]{1,6}[=≥≤][0-9]")  # PM2.5≤35
SCAN_SIGNS = re.compile(r"[OoIl%=≥≤]")
_MARKS = re.compile(r"分|评|绩|满意|测|考|级|信用")
_LEVELS = re.compile(r"率|满意|程度|水平|情况|效果|效益|影响|作用|能力|性$")
_ONE_POINT = Decimal(1)
_MOST_POINTS = 40
_OPEN_AT_BOTTOM, _OPEN_AT_TOP = Decimal(200), Decimal(300)


def cell_flags(text: str) -> frozenset[Flag]:
    """Give the flags of a folded cell taken by itself."""
    if text.isalnum() and text.isdigit():
        return frozenset()
    held = SCAN_SIGNS.search(text) and SCAN_HOLDS.search(text) and not _BOUND_OF_A_CODE.search(text)
    if held or _SCAN_BEGINS.match(text):
        return frozenset({Flag.SCAN_SUSPECT})
    if _TEMPLATE_BEGINS.match(text) or (TEMPLATE_SIGNS.search(text) and TEMPLATE_HOLDS.search(text)):
        return frozenset({Flag.TEMPLATE})
    return frozenset()


def lost_sign(percentage: Decimal) -> bool:
    """Tell whether a percentage of 200 to 299 may stand for `≥` and two digits."""
    return _OPEN_AT_BOTTOM <= percentage < _OPEN_AT_TOP


def points_typed(target: Quantity | None, actual: Quantity | None, weight: Decimal | None, name: str) -> bool:
    """Tell whether the row's points were typed where its values belong.

    `10分` under a name that is no mark, or, where the row's weight is known, that very number where a
    rate or words are asked for.
    """
    if actual is None or weight == _ONE_POINT:
        return False
    if target is None:
        return weight is not None and actual.bare and actual.number == weight
    if _in_points(target) and _in_points(actual):
        return _MARKS.search(name) is None and actual.number <= target.number <= _MOST_POINTS
    if weight is None or not actual.bare or not weight / 2 <= actual.number <= weight:
        return False
    if target.bare or target.unit_named:
        return target.number == weight and _LEVELS.search(name) is not None
    return target.unit.dimension == "ratio" and actual.number == weight and target.value > 2 * weight


def _in_points(quantity: Quantity) -> bool:
    return quantity.unit.dimension == "score" and not quantity.operator
