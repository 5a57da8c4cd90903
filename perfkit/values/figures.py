"""Which of an actual's figures answers a target: like with like, what is done before what is planned.

Figures that may all answer and do not agree leave the row to a person.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from perfkit.values.compare import JUDGEMENT, Outcome, compare_quantities
from perfkit.values.terms import AT_MOST, Direction
from perfkit.values.totals import OF_THEM, share_of, together, total_of_many
from perfkit.values.units import PERCENT, Unit, kin

if TYPE_CHECKING:
    from collections.abc import Sequence

    from perfkit.values.context import Context
    from perfkit.values.quantity import Quantity

_PLANNED = re.compile(
    r"计划|目标|预算|应|原定|预期|任务|上年|去年|其中|含|包括|在建|未|拟|待|取消|放弃|拆除|退出|剩余|尚|损坏|不"
)
_ALL = Decimal(100)
PROGRESS = re.compile(r"完成|进度|形象|已建|支付")
_AROUND = re.compile(r"^(?:已|共|实际|全年|累计|完成|组织|开展|举办|实施|新增|办理)+|(?:了|共|为|达|率)+$")
_DONE = re.compile(r"完成|实现|实(?:际|有|到|收|发|施)|已|达|支出|共")
_COMPARED = re.compile(r"同比|环比|[较比](?:上|去|往)?年|[较比]同期")
_CHANGE = re.compile(rf"{_COMPARED.pattern}|[增降升减涨]|提高")
_AND_ABOVE = re.compile(r"[\u4e00-\u9fff]{2}[及或]?以上")  # 市级以上 is more than 市级
BEGUN = r"开工|启动|动工|开始|开建|试运行|试用|试点"
_BEGUN = re.compile(rf"{BEGUN}|签约|意向|立项|申报|申请|报名|受理")


def figures_answered(
    wanted: Quantity,
    given: Sequence[Quantity],
    context: Context,
    direction: Direction,
    *,
    dated: bool = False,
) -> Outcome:
    """Compare with the figures that may answer; where they do not agree, a person judges."""
    if direction is not AT_MOST and given[0].label and _only_begun(given, wanted, context):
        return JUDGEMENT
    if len(given) == 1:
        if total_of_many(given[0], wanted, direction):
            return JUDGEMENT
        return compare_quantities(wanted, _as_amount(given[0], wanted), context, direction)
    share = share_of(given, wanted)
    if share is not None:
        return compare_quantities(wanted, share, context, direction)
    asked = f"{wanted.label}{context.name}"
    alike = _named(_alike(wanted, _levels(given, wanted, asked)), asked)
    done = [one for one in alike if _DONE.search(one.label) and not _BEGUN.search(one.label)]
    chosen = done[:1] or alike
    outcomes = [
        compare_quantities(wanted, _as_amount(one, wanted), context, direction)
        for one in (*chosen, *together(alike, dated=dated))
    ]
    return outcomes[0] if len({outcome.verdict for outcome in outcomes}) == 1 else JUDGEMENT


def _only_begun(given: Sequence[Quantity], wanted: Quantity, context: Context) -> bool:
    """Tell figures of what is begun (`已开工14所,其中11所完工`), where not the beginning is asked for."""
    told = [one for one in given if not _PLANNED.search(one.label)]
    begun = bool(told) and all(_BEGUN.search(one.label) for one in told)
    return begun and not _BEGUN.search(f"{wanted.label}{context.name}")


def _as_amount(given: Quantity, wanted: Quantity) -> Quantity:
    """Take a share of the work done (`完成60%` of 5座) for the amount that it is."""
    share = given.unit == PERCENT and wanted.unit.dimension != "ratio" and wanted.unit.name
    if not share or given.high is not None or not PROGRESS.search(given.label):
        return given
    return given._replace(number=wanted.number * given.number / 100, scale=wanted.scale, unit=wanted.unit)


def _alike(wanted: Quantity, given: Sequence[Quantity]) -> Sequence[Quantity]:
    """Choose the quantities of an actual that may answer a target: its unit or its kind, not as planned."""
    given = [quantity for quantity in given if OF_THEM.match(quantity.label)] or given
    told = [quantity for quantity in given if not _PLANNED.search(quantity.label)] or given
    return next((found for found in likeness(wanted.unit, told) if found), told[:1])


def _levels(given: Sequence[Quantity], wanted: Quantity, asked: str) -> Sequence[Quantity]:
    """Tell a level from the change beside it (`71.3%，同比提高2个百分点`) by which of them is asked for."""
    if wanted.unit.dimension != "ratio":
        return given
    if _CHANGE.search(f"{wanted.label}{wanted.operator}"):
        return [one for one in given if _COMPARED.search(one.label)] or given
    if _CHANGE.search(asked):
        return given
    return [one for one in given if not _COMPARED.search(one.label)] or given


def _named(alike: Sequence[Quantity], name: str) -> Sequence[Quantity]:
    """Choose the figures whose own words stand in the row's name: of `受理765件,办结732件` for 受理案件数."""
    own = [_AROUND.sub("", one.label) for one in alike]
    name = _AND_ABOVE.sub("", name)
    named = [one for one, words in zip(alike, own, strict=True) if len(words) > 1 and words in name]
    apart = len(named) == 1 and sum(own[alike.index(named[0])] in words for words in own) == 1
    return named if apart else alike


def likeness(unit: Unit, given: Sequence[Quantity]) -> tuple[list[Quantity], ...]:
    """Sort quantities by how like a unit theirs is: the same, of one kind, of one dimension, bare."""
    return (
        [quantity for quantity in given if quantity.unit.name == unit.name],
        [quantity for quantity in given if quantity.unit.counts and kin(quantity.unit) == kin(unit)],
        [quantity for quantity in given if quantity.unit.dimension == unit.dimension],
        [quantity for quantity in given if quantity.unit.bare or unit.bare],
    )
