"""Words against figures and dates, and figures against words.

Words on the target (达标, 达成预期指标) answer any target; words on the doing (完成) answer what is to be
done, not whether a limit was kept or a level reached.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from perfkit.values.compare import KIND_MISMATCH, Outcome
from perfkit.values.prose import MET, MISSED, PARTLY, STANDSTILL, bare_words, compare_words
from perfkit.values.states import Said, negations, pattern, said, wants_absence, wants_none
from perfkit.values.terms import Basis, Verdict

if TYPE_CHECKING:
    from perfkit.values.cell import Cell
    from perfkit.values.context import Context
    from perfkit.values.quantity import Quantity

_MET_IN_FIGURES = Outcome(Verdict.MET, Basis.STATED, flags=KIND_MISMATCH.flags)
_PARTLY_IN_FIGURES = Outcome(Verdict.PARTLY, Basis.STATED, flags=KIND_MISMATCH.flags)
_MISSED_IN_FIGURES = Outcome(Verdict.MISSED, Basis.STATED, flags=KIND_MISMATCH.flags)
_LATE = Outcome(Verdict.MISSED, Basis.STATED, late=True)

_ON_THE_TARGET = {Said.REACHED: _MET_IN_FIGURES, Said.PARTLY: _PARTLY_IN_FIGURES}
_SHORT_OF_IT = (Said.MISSED, Said.ONGOING)
_ON_A_DATE = {
    Said.PARTLY: PARTLY,
    Said.MISSED: MISSED,
    Said.ONGOING: MISSED,
    Said.REACHED: MET,
    Said.DONE: MET,
}
_OVER_A_LIMIT = re.compile(r"超|不达|不合格|不符|未达|突破")
_LATE_WORDS = re.compile(
    r"延期|延迟|延后|推迟|滞后|逾期|超期|超时|拖延|延误|[不未](?:及时|按时|按期|如期|按计划|准时)"
)
_RATES_OF_DOING = re.compile(
    r"完成|到位|发放|拨付|支付|兑付|兑现|执行|开展|实施|及时|办理|使用|覆盖|竣工|验收"
)
_DOING = re.compile(r"(?:全部|按时|按期|按计划|如期)?(?:完成|竣工|建成|完工)")
_ALL = Decimal(100)


def words_for_quantity(words: str, wanted: Quantity, context: Context, *, limit: bool) -> Outcome:
    """Say what words tell of a target in figures; `limit` tells a target that must not be exceeded."""
    state = said(words)
    answer = STANDSTILL.get(state) or _ON_THE_TARGET.get(state)
    if answer is not None:
        return answer
    if state is Said.ABSENT:
        return MET if limit or wanted.number == 0 else KIND_MISMATCH
    if state in _SHORT_OF_IT:
        return KIND_MISMATCH if limit and not _OVER_A_LIMIT.search(words) else _MISSED_IN_FIGURES
    whole = wanted.unit.dimension == "ratio" and pattern("whole").search(words)
    done = state is Said.DONE and (not context.rate or _RATES_OF_DOING.search(context.name))
    return _MET_IN_FIGURES if (whole or done) and not limit else KIND_MISMATCH


def words_for_date(words: str) -> Outcome:
    """Say what words tell of a deadline: `按时完成`, `已完成`, `延期`, `建设中`."""
    if _LATE_WORDS.search(words):
        return _LATE
    state = said(words)
    answer = STANDSTILL.get(state) or _ON_A_DATE.get(state)
    if answer is not None:
        return answer
    return MET if pattern("on_time").search(words) else KIND_MISMATCH


def figures_for_words(target: str, actual: Cell) -> Outcome:
    """Say what an actual in figures tells of a target in words."""
    figure = actual.quantities[0] if len(actual.quantities) == 1 else None
    if figure is not None:
        percent = figure.unit.dimension == "ratio"
        if percent and (pattern("whole").search(target) or _DOING.fullmatch(target)):
            return _share_done(figure.value)
        if not percent and (wants_absence(target) or (figure.value == 0 and wants_none(target))):
            return Outcome(Verdict.MET if figure.value <= 0 else Verdict.MISSED, Basis.MEASURED)
    words, text = bare_words(target), bare_words(actual.text)
    if words in text and negations(words) == negations(text):
        return MET
    if len(actual.words) > 1 and said(actual.words) is not Said.NOTHING:
        return compare_words(target, actual.text)
    return KIND_MISMATCH


def _share_done(percent: Decimal) -> Outcome:
    """Weigh a percentage against a target that asks for all: `全覆盖` or `完成` answered by `80%`."""
    if percent >= _ALL:
        return Outcome(Verdict.MET, Basis.MEASURED)
    return Outcome(Verdict.PARTLY if percent > 0 else Verdict.MISSED, Basis.MEASURED)
