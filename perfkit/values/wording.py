"""Words against targets: a copy, a state, a negation, or prose that only a person can weigh."""

from __future__ import annotations

import re
from decimal import Decimal

from perfkit.values.cell import Cell
from perfkit.values.compare import JUDGEMENT, KIND_MISMATCH, UNVERIFIABLE, Outcome
from perfkit.values.context import Context
from perfkit.values.quantity import Quantity
from perfkit.values.states import (
    Said,
    contradicts,
    negations,
    pattern,
    said,
    steps_down,
    wants_absence,
    weaker,
)
from perfkit.values.terms import Basis, Flag, Verdict

MET = Outcome(Verdict.MET, Basis.STATED)
PARTLY = Outcome(Verdict.PARTLY, Basis.STATED)
MISSED = Outcome(Verdict.MISSED, Basis.STATED)
NOT_APPLICABLE = Outcome(Verdict.UNVERIFIABLE, flags=frozenset({Flag.NOT_APPLICABLE}))
_MET_IN_FIGURES = Outcome(Verdict.MET, Basis.STATED, flags=frozenset({Flag.KIND_MISMATCH}))
_PARTLY_IN_FIGURES = Outcome(Verdict.PARTLY, Basis.STATED, flags=frozenset({Flag.KIND_MISMATCH}))
_MISSED_IN_FIGURES = Outcome(Verdict.MISSED, Basis.STATED, flags=frozenset({Flag.KIND_MISMATCH}))
_LATE = Outcome(Verdict.MISSED, Basis.STATED, late=True)

_PUNCTUATION = re.compile(r"[,;:。、.!?()\"'“”‘’《》\s·\-]+")
_OVER_A_LIMIT = re.compile(r"超|不达|不合格|不符|未达|突破")
_LATE_WORDS = re.compile(
    r"延期|延迟|延后|推迟|滞后|逾期|超期|超时|拖延|延误|不及时|未及时|未按时|未按期|未如期|不按时"
)
_RATES_OF_DOING = re.compile(
    r"完成|到位|发放|拨付|支付|兑付|兑现|执行|开展|实施|及时|办理|使用|覆盖|竣工|验收"
)
_STANDSTILL = {Said.NOT_APPLICABLE: NOT_APPLICABLE, Said.UNKNOWN: UNVERIFIABLE}
_ON_THE_TARGET = {Said.REACHED: _MET_IN_FIGURES, Said.PARTLY: _PARTLY_IN_FIGURES}
_SHORT_OF_IT = (Said.MISSED, Said.ONGOING)
_UNDERWAY = (Said.PARTLY, Said.ONGOING)
_SHORT_STATE = 14
_SHORT_PROSE = 60
_ALL = Decimal(100)
_DOING = re.compile(r"(?:全部|按时|按期|按计划|如期)?(?:完成|竣工|建成|完工)")


def bare_words(text: str) -> str:
    """Give a text without punctuation, for comparing copies."""
    return _PUNCTUATION.sub("", text)


def compare_words(target: str, actual: str) -> Outcome:
    """Compare a target in words with an actual in words."""
    state = said(actual)
    target, actual = bare_words(target), bare_words(actual)
    if target == actual:
        return MET
    steps = steps_down(target, actual)
    if steps is not None:
        return MET if steps[0] <= 0 else MISSED if steps[1] else PARTLY
    same_sense = negations(target) == negations(actual)
    if same_sense and len(actual) > 1 and actual in target:
        return MET
    if state in _STANDSTILL:
        return _STANDSTILL[state]
    if state is Said.ABSENT:
        return MET if wants_absence(target) or said(target) is Said.ABSENT else JUDGEMENT
    if same_sense and target in actual and state not in _UNDERWAY:
        return MET
    if len(actual) > _SHORT_PROSE:
        return JUDGEMENT
    if state is Said.MISSED or contradicts(target, actual):
        return MISSED
    if state in _UNDERWAY:
        return PARTLY
    if weaker(target, actual):
        return JUDGEMENT
    stated = state in (Said.REACHED, Said.DONE, Said.GOOD) and len(actual) <= _SHORT_STATE
    return MET if stated or (_alike(target, actual) and same_sense) else JUDGEMENT


def _alike(one: str, other: str) -> bool:
    """Tell whether two texts are one in another order, or share most pairs of characters (Dice)."""
    if sorted(one) == sorted(other):
        return True
    pairs, others = ({text[i : i + 2] for i in range(len(text) - 1)} for text in (one, other))
    return 20 * len(pairs & others) >= 17 * (len(pairs) + len(others))


def words_for_quantity(words: str, wanted: Quantity, context: Context, *, limit: bool) -> Outcome:
    """Say what words tell of a target in figures.

    Words on the target (达标, 达成预期指标) answer any; words on the doing (完成) answer what is to be done,
    not whether a limit was kept or a level reached.
    """
    state = said(words)
    if state in _STANDSTILL:
        return _STANDSTILL[state]
    if state is Said.ABSENT:
        return MET if limit or wanted.number == 0 else KIND_MISMATCH
    if state in _ON_THE_TARGET:
        return _ON_THE_TARGET[state]
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
    if state in _STANDSTILL:
        return _STANDSTILL[state]
    if state is Said.PARTLY:
        return PARTLY
    if state in (Said.MISSED, Said.ONGOING):
        return MISSED
    if state in (Said.REACHED, Said.DONE) or pattern("on_time").search(words):
        return MET
    return KIND_MISMATCH


def figures_for_words(target: str, actual: Cell) -> Outcome:
    """Say what an actual in figures tells of a target in words."""
    figure = actual.quantities[0] if len(actual.quantities) == 1 else None
    percent = figure is not None and figure.unit.dimension == "ratio"
    if figure is not None and wants_absence(target) and not percent:
        return Outcome(Verdict.MET if figure.value <= 0 else Verdict.MISSED, Basis.MEASURED)
    if figure is not None and percent and (pattern("whole").search(target) or _DOING.fullmatch(target)):
        return _share_done(figure.value)
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
