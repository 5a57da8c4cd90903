"""Words against targets: a copy, a state, a negation, or prose that only a person can weigh."""

from __future__ import annotations

import re

from perfkit.values.cell import Cell
from perfkit.values.compare import JUDGEMENT, MISMATCH, Outcome
from perfkit.values.context import Context
from perfkit.values.states import Said, negations, pattern, said, wants_absence
from perfkit.values.terms import Basis, Direction, Flag, Verdict

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
_LEVELS_OF_DOING = re.compile(
    r"完成|到位|发放|拨付|支付|兑付|兑现|执行|开展|实施|及时|办理|使用|覆盖|竣工|验收"
)
_SHORT_STATE = 14
_SHORT_PROSE = 60


def bare_words(text: str) -> str:
    """Give a text without punctuation, for comparing copies."""
    return _PUNCTUATION.sub("", text)


def compare_words(target: str, actual: str) -> Outcome:
    """Compare a target in words with an actual in words."""
    target, actual = bare_words(target), bare_words(actual)
    if target == actual:
        return MET
    same_sense = negations(target) == negations(actual)
    if same_sense and len(actual) > 1 and actual in target:
        return MET
    state = said(actual)
    if state is Said.NOT_APPLICABLE:
        return NOT_APPLICABLE
    if state is Said.ABSENT:
        return MET if wants_absence(target) or said(target) is Said.ABSENT else JUDGEMENT
    if same_sense and target in actual and state not in (Said.PARTLY, Said.ONGOING):
        return MET
    if len(actual) > _SHORT_PROSE:
        return JUDGEMENT
    if state is Said.MISSED:
        return MISSED
    if state in (Said.PARTLY, Said.ONGOING):
        return PARTLY
    if state in (Said.REACHED, Said.DONE, Said.GOOD) and len(actual) <= _SHORT_STATE:
        return MET
    return MET if _alike(target, actual) and same_sense else JUDGEMENT


def _alike(target: str, actual: str) -> bool:
    from rapidfuzz.fuzz import ratio

    return ratio(target, actual) >= 85


def words_for_quantity(
    words: str, direction: Direction, *, zero: bool, whole: bool, context: Context
) -> Outcome:
    """Say what words tell of a target in figures.

    Words on the target (达标, 达成预期指标) answer any; words on the doing (完成) answer what is to be done,
    not whether a limit was kept or a level reached.
    """
    limit = direction is Direction.AT_MOST
    state = said(words)
    if state is Said.NOT_APPLICABLE:
        return NOT_APPLICABLE
    if state is Said.ABSENT:
        return MET if limit or zero else MISMATCH
    if state is Said.REACHED:
        return _MET_IN_FIGURES
    if state is Said.PARTLY:
        return _PARTLY_IN_FIGURES
    if state is Said.MISSED:
        return MISMATCH if limit and not _OVER_A_LIMIT.search(words) else _MISSED_IN_FIGURES
    if state is Said.ONGOING:
        return MISMATCH if limit else _MISSED_IN_FIGURES
    if whole and not limit and pattern("whole").search(words):
        return _MET_IN_FIGURES
    if state is Said.DONE and not limit and (not context.rate or _LEVELS_OF_DOING.search(context.name)):
        return _MET_IN_FIGURES
    return MISMATCH


def words_for_date(words: str) -> Outcome:
    """Say what words tell of a deadline: `按时完成`, `已完成`, `延期`, `建设中`."""
    if _LATE_WORDS.search(words):
        return _LATE
    state = said(words)
    if state is Said.NOT_APPLICABLE:
        return NOT_APPLICABLE
    if state is Said.PARTLY:
        return PARTLY
    if state in (Said.MISSED, Said.ONGOING):
        return MISSED
    if state in (Said.REACHED, Said.DONE) or pattern("on_time").search(words):
        return MET
    return MISMATCH


def figures_for_words(target: str, actual: Cell) -> Outcome:
    """Say what an actual in figures tells of a target in words."""
    figure = actual.quantities[0] if len(actual.quantities) == 1 else None
    percent = figure is not None and figure.unit.dimension == "ratio"
    if figure is not None and wants_absence(target) and not percent:
        return Outcome(Verdict.MET if figure.value <= 0 else Verdict.MISSED, Basis.MEASURED)
    if figure is not None and percent and pattern("whole").search(target):
        return Outcome(Verdict.MET if figure.value >= 100 else Verdict.MISSED, Basis.MEASURED)
    if len(actual.words) > 1 and said(actual.words) is not Said.NOTHING:
        return compare_words(target, actual.text)
    return MISMATCH
