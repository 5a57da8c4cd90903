"""Words against figures and dates, and figures against words.

Words on the target (达标, 达成预期指标) answer any target; words on the doing (完成) answer what is to be
done, not whether a limit was kept or a level reached.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING

from perfkit.values.compare import JUDGEMENT, KIND_MISMATCH, Outcome
from perfkit.values.numbers import chinese_number
from perfkit.values.prose import MET, MISSED, PARTLY, STANDSTILL, bare_words, compare_words
from perfkit.values.states import (
    Said,
    contradicts,
    denies,
    lacks_degree,
    negations,
    pattern,
    proves,
    said,
    troubles,
    wants_absence,
    wants_none,
    whole,
)
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
_WELL = (Said.REACHED, Said.DONE, Said.GOOD)
_OVER_A_LIMIT = re.compile(r"超|不达|不合格|不符|未达|突破")
_LATE_WORDS = re.compile(
    r"(?:下一?年度?|明年|次年|来年|翌年)[^,;。]{0,4}(?:完成|支付|实施|建成|完工|竣工|验收|发放)|延期|延迟|延后|推迟|滞后|逾期|超期|超时|超出|拖延|延误|延长|[不未](?:及时|按时|按期|如期|按计划|准时)"
)
_RATES_OF_DOING = re.compile(
    r"完成|到位|发放|拨付|支付|兑付|兑现|执行|开展|实施|及时|办理|使用|覆盖|竣工|验收"
)
_DOING = re.compile(r"(?:全部|按时|按期|按计划|如期)?(?:完成|竣工|建成|完工)")
_BUDGET = re.compile(r"预算|概算|批复|限额|标准")
_KEPT = re.compile(r"结余|节余|节约|节省|(?<![未不])(?P<over>超)")
_BACKWARDS = re.compile(r"不[升增]反[降减]|不[降减]反[升增]")
_RISING = frozenset({"增长", "提高", "提升", "增加", "上升"})
_A_LEVEL = re.compile(r"[率度](?:达到?|为|是)?$")
_GRAVE, _SLIGHT = re.compile(r"[重特较]大|严重|恶性"), re.compile(r"一般|轻微|较小|小型")
_SOME_THERE = re.compile(r"(?:全年|共|累计)*(?:发生|出现|存在)[^,;。、0-9未无没]{0,8}[1-9]")
_NO_GROWTH = re.compile(r"零增长|不增长|不增加|不上升|只减不增|只降不升")
_A_RISE = re.compile(
    r"(?:正|逐年|稳步|稳定|持续|同比|有所|不断|实现|较?(?:上年|去年)|所)*(?:增长|增加|提高|提升|上升)"
)
_A_FALL = re.compile(
    r"(?:负增长|(?:逐年|稳步|持续|同比|有所|不断|实现|较?(?:上年|去年)|所)*(?:下降|减少|降低|缩减))"
)
_GREW = re.compile(r"[增升涨超]")
_FELL = re.compile(r"[减降缩]|下滑")
_A_PART = re.compile(r"第[一二三四五六七八九1-9](?:年|期|阶段|批|步|部分)|首[年期批]|[一二三]期(?!间)|前期")
_ORDINAL = re.compile(r"第([1-9一二三四五六七八九])(?:轮|期|批|次|阶段|年)")
_OF_A_YEAR = re.compile(r"年度(?:任务|目标|计划|工作)|(?:本|当)年(?:任务|目标|计划|工作)")
_UNDONE = re.compile(r"未|没|无法|不能|难以|正在|仍在|尚在")
_UNFINISHED = re.compile(
    r"(?:建设|施工|实施|进行|推进|调试|改造|安装|修缮|维修|编制|开发)中|主体(?:结构|工程)?(?:已)?(?:封顶|完工|完成)|封顶|初稿|草案|征求意见|在[建培训研审制]|正在|[尚仍]在|尚未(?:完|建|竣|交|投)|未(?:完[工成全]|全[部线]|贯通|通车|竣工|建成|交付|开展|实施|举办|启动|落实|使用|验收|到位)|取消|终止|中止|停办|暂缓|搁置|空缺"
)
_SOME_FAILED = re.compile(
    r"(?:(?<![0-9.])[1-9][0-9]*|[一二两三四五六七八九十])[个项人户起件家处台名条所例次份笔批][^,;。、0-9未不无没]{0,6}"
    r"(?:未(?!发[生现]|出现|超)|不合格|不达标|不符合|不通过|没有完成)"
)
_INCLUDED = re.compile(r"\((?:含|包括|其中)[^()]*\)")
_A_STAGE = re.compile(r"主体|初稿|初验|首批|一期|第一阶段|前期")
# Doing alone (`开展了宣传`) tells of one; these tell of the whole number.
_TO_THE_END = re.compile(r"[完成已均都毕全按]|到位|竣工|交付|落实|兑现")
_ALL_OF_THEM = re.compile(r"(?:已|均|现已)*全部[\u4e00-\u9fff]{2,4}")
_ALL = Decimal(100)


def words_for_quantity(words: str, wanted: Quantity, context: Context, *, limit: bool) -> Outcome:
    """Say what words tell of a target in figures; `limit` tells a target that must not be exceeded."""
    state = said(words)
    backwards = _BACKWARDS.search(words) or (wanted.operator in _RISING and "负增长" in words)
    if _of_a_part(words, wanted):
        return JUDGEMENT if wanted.unit.counts else KIND_MISMATCH
    answer = _MISSED_IN_FIGURES if backwards else STANDSTILL.get(state) or _ON_THE_TARGET.get(state)
    if answer is not None:
        return answer
    if state is Said.ABSENT:
        proved = wanted.unit.dimension == "ratio" and proves(context.name, words)
        return MET if limit or wanted.number == 0 or proved else KIND_MISMATCH
    if state in _SHORT_OF_IT:
        some = wanted.unit.dimension == "ratio" and wanted.value < _ALL and _SOME_FAILED.search(words)
        unsure = some or (limit and not _OVER_A_LIMIT.search(words))
        return KIND_MISMATCH if unsure else _MISSED_IN_FIGURES
    if state is Said.DONE and not context.rate and _A_STAGE.search(words):
        return _PARTLY_IN_FIGURES
    everything = wanted.unit.dimension == "ratio" and whole(words)
    done = state is Said.DONE and (
        _RATES_OF_DOING.search(context.name)
        if context.rate
        else wanted.number <= 1 or _TO_THE_END.search(words)
    )
    done = done or (wanted.unit.counts and not context.rate and _ALL_OF_THEM.fullmatch(words))
    return _MET_IN_FIGURES if (everything or done) and not limit else KIND_MISMATCH


def _of_a_part(words: str, wanted: Quantity) -> bool:
    """Tell words of a part of what is asked: `第二轮已完成` of three, `第二年任务已完成` in 18个月."""
    if wanted.unit.dimension == "time":
        return _A_PART.search(words) is not None
    place = _ORDINAL.search(words) if wanted.unit.counts else None
    return place is not None and (chinese_number(place[1]) or int(place[1])) < wanted.number


def short_of_done(words: str) -> Outcome | None:
    """Hear words beside a date that deny, or halve, what was to be done by it; None where they do neither.

    `12月25日前未支付完毕` is a miss, `12月底前基本建成` a part.
    """
    state = said(words) if words and not _LATE_WORDS.search(words) else Said.NOTHING
    if state in _SHORT_OF_IT and _UNDONE.search(words):
        return MISSED
    return PARTLY if state is Said.PARTLY else None


def unfinished(words: str) -> bool:
    """Tell words beside a count that say it is still being made (`10座(调试中)`)."""
    if _UNFINISHED.search(words):
        return True
    return pattern("missed").search(words) is not None and said(_INCLUDED.sub("", words)) is Said.MISSED


def share_in_words(actual: Cell, wanted: Quantity) -> Outcome | None:
    """Say what a count tells of a share: some of them failed (`有1个项目未按期完成`), or all are done."""
    if wanted.value == _ALL and _SOME_FAILED.search(actual.text):
        return MISSED
    done = whole(actual.words) and said(actual.words) in _WELL
    return _MET_IN_FIGURES if done else None


@cache
def _before_an_event() -> re.Pattern[str]:
    return re.compile(rf"(?:{pattern('events').pattern})前")


def before_an_event(words: str) -> bool:
    """Tell words that name a time by an event whose date nobody prints: `汛前`, `开学前`."""
    return "前" in words and _before_an_event().search(words) is not None


def words_for_date(words: str, *, years: bool = False) -> Outcome:
    """Say what words tell of a deadline: `按时完成`, `已完成`, `延期`, `建设中`.

    A part of the work (`第二年任务已完成`; where `years` are allowed, a year's part) and another
    deadline (`开学前完工`) tell nothing of this one.
    """
    if _LATE_WORDS.search(words):
        return _LATE
    state = said(words)
    apart = _A_PART.search(words) or before_an_event(words) or (years and _OF_A_YEAR.search(words))
    if apart and state in _WELL:
        return KIND_MISMATCH
    if years and state is Said.ONGOING:
        return JUDGEMENT
    answer = STANDSTILL.get(state) or _ON_A_DATE.get(state)
    if answer is not None:
        return answer
    return MET if pattern("on_time").search(words) else KIND_MISMATCH


def figures_for_words(target: str, actual: Cell) -> Outcome:
    """Say what an actual in figures tells of a target in words."""
    if len(actual.quantities) == 1:
        outcome = _figure_for_words(target, actual.quantities[0])
        if outcome is not None:
            there = outcome.verdict is Verdict.MISSED and wants_absence(target)
            lesser = _GRAVE.search(target) and _SLIGHT.search(actual.text)
            return JUDGEMENT if there and (lesser or denies(actual.text)) else outcome
    against = _against(target, actual)
    if against is not None:
        return against
    words, text = bare_words(target), bare_words(actual.text)
    if words in text and negations(words) == negations(text):
        return MET
    of_all = whole(target) and not whole(actual.text)  # a count alone does not tell of how many
    if of_all or lacks_degree(target, actual.text) or _A_LEVEL.search(actual.words):
        return KIND_MISMATCH
    if len(actual.words) > 1 and said(actual.words) is not Said.NOTHING:
        return compare_words(target, actual.text)
    return KIND_MISMATCH


def _against(target: str, actual: Cell) -> Outcome | None:
    """Hear figures of what the target does not want: `发生1起` for 不发生, `下降0.2个百分点` for 稳中有升."""
    if contradicts(target, actual.text):
        return MISSED
    if wants_none(target) and _SOME_THERE.match(actual.text):
        return JUDGEMENT if _GRAVE.search(target) else MISSED
    return None


def _figure_for_words(target: str, figure: Quantity) -> Outcome | None:
    """Measure one figure by a target in words that stands for one: all, none, no growth; else None."""
    if _BUDGET.search(target) and (kept := _KEPT.search(figure.label)):
        return measured(kept["over"] is None)
    if figure.unit.dimension == "ratio":
        if wants_absence(target) and troubles(target) & troubles(figure.label):
            return measured(figure.value <= 0)
        if whole(target) or _DOING.fullmatch(target):
            return _share_done(figure.value)
        return _change_for_words(target, _growth(figure))
    if wants_absence(target) or (figure.value == 0 and wants_none(target)):
        return measured(figure.value <= 0)
    return _change_for_words(target, _growth(figure))


def _change_for_words(target: str, growth: Decimal | None) -> Outcome | None:
    """Measure a change that tells its way by a target that asks for one: `正增长`, `零增长`, `逐年下降`."""
    if growth is None:
        return None
    if _NO_GROWTH.search(target):
        return measured(growth <= 0)
    if _A_RISE.fullmatch(target):
        return measured(growth > 0)
    return measured(growth < 0) if _A_FALL.fullmatch(target) else None


def measured(met: bool) -> Outcome:  # noqa: FBT001 the one thing it says
    """Give the outcome of a comparison of figures."""
    return Outcome(Verdict.MET if met else Verdict.MISSED, Basis.MEASURED)


def _growth(figure: Quantity) -> Decimal | None:
    """Give a change with its sign (`较上年减少1.2%` is -1.2); None where it does not tell which way."""
    if _FELL.search(figure.label):
        return -abs(figure.value)
    return figure.value if figure.value <= 0 or _GREW.search(figure.label) else None


def _share_done(percent: Decimal) -> Outcome:
    """Weigh a percentage against a target that asks for all: `全覆盖` or `完成` answered by `80%`."""
    if percent >= _ALL:
        return Outcome(Verdict.MET, Basis.MEASURED)
    return Outcome(Verdict.PARTLY if percent > 0 else Verdict.MISSED, Basis.MEASURED)
