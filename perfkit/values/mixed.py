"""Figures answered by words, and words answered by figures.

Words on the target (达标, 达成预期指标) answer any target. Words on the doing (完成) say that work was done,
not how much: they answer one thing, or the rate of that very doing, but no number, limit or level.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache

from perfkit.values.derived import A_PAIR, before, clause, growth_of_two, part_of_whole, shares
from perfkit.values.ladders import against_the_named, related, signs_to_last_year, within_a_budget
from perfkit.values.numbers import chinese_number
from perfkit.values.prose import bare_words, compare_words, in_words
from perfkit.values.quantity import PERCENT, PROGRESS, Quantity
from perfkit.values.rules import (
    FIGURES,
    JUDGEMENT,
    KIND_MISMATCH,
    MEASURED,
    MEASURED_MET,
    MEASURED_MISSED,
    STATED_MET,
    STATED_MISSED,
    STATED_PARTLY,
    THINGS,
    WHOLE,
    WORDS_MET,
    WORDS_MISSED,
    WORDS_PARTLY,
    Case,
    Outcome,
    Rule,
    Verdict,
    derived,
    measured,
)
from perfkit.values.states import (
    STANDSTILL,
    Said,
    before_an_event,
    complements,
    contradicts,
    denies,
    lacks_degree,
    names_a_doing,
    narrower,
    negations,
    of_a_period,
    of_another_period,
    pattern,
    proves,
    said,
    troubles,
    wants_absence,
    wants_none,
    whole,
)
from perfkit.values.vocabulary import groups, search, table

_ALL = Decimal(100)

# Figures answered by words.

_ON_THE_TARGET = {Said.REACHED: WORDS_MET, Said.PARTLY: WORDS_PARTLY}
_SHORT_OF_IT = (Said.MISSED, Said.ONGOING)
_WELL = (Said.REACHED, Said.DONE, Said.GOOD)
_DOING_WELL = (Said.REACHED, Said.DONE)
_OVER_A_LIMIT = search("over_a_limit")
_TARGET_DONE = re.compile("完成[^,;。未不]{0,6}(?:目标|指标|任务)")
_OF_A_STAGE = re.compile(r"[\u4e00-\u9fff]{2}阶段")
_OF_A_MOOD = re.compile("满意|认可")  # 基本满意 tells no share of those asked
_BACKWARDS = re.compile(r"不[升增]反[降减]|不[降减]反[升增]")
_RISING = frozenset({"增长", "提高", "提升", "增加", "上升"})
_A_PART = re.compile(r"第[一二三四五六七八九1-9](?:年|期|阶段|批|步|部分)|首[年期批]|[一二三]期(?!间)|前期")
_ORDINAL = re.compile(r"第([1-9一二三四五六七八九])(?:轮|期|批|次|阶段|年)")
_A_STAGE = search("a_stage")
_ALL_OF_THEM = re.compile(r"(?:已|均|现已)*(?:全部|均已|全面)[\u4e00-\u9fff]{2,4}")
_AROUND = re.compile(r"^(?:已经?|均|全部|都|全年|按要求|严格)+|(?:工作|任务|了|到位|完毕|完成)+$")
_ONLY_BEGUN = re.compile("(?:已|均|都)*(?:开展|进行|组织|启动|实施)了?(?=[\u4e00-\u9fff]{2})")
_RATE_ENDS = re.compile(r"(?<!满意)率(?:达到?|为)?$")
_IN_TIME = re.compile("[及按准]时|[按如]期")
_DENIED = re.compile(r"(?:[未待]|没有?)(?:能|组织|进行|开展)?([\u4e00-\u9fff]{2,8})")
_HEAD = 2  # the last word of a name, which says what a rate is of
_SOME_FAILED = re.compile(
    r"(?:(?<![0-9.])[1-9][0-9]*|[一二两三四五六七八九十])[个项人户起件家处台名条所例次份笔批][^,;。、0-9未不无没]{0,6}"
    r"(?:未(?!发[生现]|出现|超)|延期|逾期|超期|不合格|不达标|不符合|不通过|没有完成)"
)


def _date_for_figure(case: Case) -> Outcome | None:
    return KIND_MISMATCH if case.actual.dates and not case.actual.words else None


def _of_a_part(case: Case) -> Outcome | None:
    """Take words of a part of what is asked (`第二轮已完成` of three) for no answer to the whole."""
    words, wanted = case.actual.words, case.figure
    if wanted.unit.dimension == "time":
        return KIND_MISMATCH if _A_PART.search(words) else None
    place = _ORDINAL.search(words) if wanted.unit.counts else None
    return JUDGEMENT if place and (chinese_number(place[1]) or int(place[1])) < wanted.number else None


def _the_other_way(case: Case) -> Outcome | None:
    words = case.actual.words
    falling = case.figure.operator in _RISING and "负增长" in words
    return WORDS_MISSED if falling or _BACKWARDS.search(words) else None


def _standstill(case: Case) -> Outcome | None:
    return STANDSTILL.get(said(case.actual.words))


def _on_the_target(case: Case) -> Outcome | None:
    stage = _OF_A_STAGE.search(case.actual.words)
    if stage and stage[0] not in case.context.name:
        return None
    if _TARGET_DONE.search(case.actual.words) and said(case.actual.words) is Said.DONE:
        return WORDS_MET._replace(rule="on-the-target")
    state = said(case.actual.words)
    if (
        state is Said.PARTLY
        and case.figure.unit.dimension == "ratio"
        and _OF_A_MOOD.search(case.actual.words)
    ):
        return KIND_MISMATCH
    outcome = _ON_THE_TARGET.get(state)
    if outcome is None or not search("of_the_target").search(case.actual.words):
        return outcome
    return outcome._replace(rule="on-the-target")  # whoever set it: what it speaks of is the target


def _none_of_it(case: Case) -> Outcome | None:
    """Take `未发生` for none of what is limited, and for all of a rate that its absence proves."""
    words, wanted = case.actual.words, case.figure
    if wanted.number == 0 and pattern("cleared").search(words) and said(words) in _WELL:
        return STATED_MET
    if case.limit and said(words) in _WELL and _denied_by_a_clause(words, case):
        return STATED_MET
    if (case.limit or wanted.number == 0) and _denies_the_name(words, case):
        return STATED_MET
    if said(words) is not Said.ABSENT:
        return None
    share = wanted.unit.dimension == "ratio" and complements(case.context.name)
    proved = share and proves(case.context.name, words)
    return STATED_MET if case.limit or wanted.number == 0 or proved else KIND_MISMATCH


_DENIAL = re.compile(
    r"(?:全年|年内|均|一直)*(?:未|无|没有|零)(?:发生|出现|发现|产生)?"
    r"(?P<what>[\u4e00-\u9fff、]{2,10})"
)


def _denies_the_name(words: str, case: Case) -> bool:
    """Tell words that deny just what the row's rate counts: `未成灾` for 成灾率."""
    found, stem = _DENIAL.fullmatch(words), _RATE_ENDS.sub("", case.context.name)
    if found and not case.figure.number and case.context.name[-_HEAD:] in found["what"]:
        return True  # 无脱管漏管 for none of 脱管
    if found is None or stem == case.context.name:
        return False
    return stem.endswith(bare_words(re.sub("(?:现象|情况|问题|行为|人员)$", "", found["what"])))


def _denied_by_a_clause(words: str, case: Case) -> bool:
    """Tell a clause (`设备运行稳定,无故障`) that denies the very trouble which the row limits."""
    asked = troubles(case.asked)
    return any(said(one) is Said.ABSENT and troubles(one) & asked for one in _CLAUSES.split(words))


_CLAUSES = re.compile("[,;。]")


def _fell_short(case: Case) -> Outcome | None:
    words, wanted = case.actual.words, case.figure
    if said(words) not in _SHORT_OF_IT:
        return None
    share = wanted.unit.dimension == "ratio"
    some = share and wanted.value < _ALL and _SOME_FAILED.search(words)
    tested = share and said(words) is Said.ONGOING and search("tests").search(words)  # no rate yet
    if some or tested or (not case.limit and _of_another_state(words, case)):
        return KIND_MISMATCH
    return KIND_MISMATCH if (case.limit and not _OVER_A_LIMIT.search(words)) else WORDS_MISSED


def _of_another_state(words: str, case: Case) -> bool:
    """Tell work that is not done or under way (`未验收`, `建设中`) where what is asked is no doing of it.

    A rate of what was found of the work (合格率, 及时率) has no value before that, and a number of things has
    not fallen short because a later stage is still to come.
    """
    asked, denied = _RATE_ENDS.sub("", case.context.name), _DENIED.findall(words)
    if search("of_the_target").search(words) or any(_same_state(one, asked) for one in denied):
        return False
    if case.figure.unit.dimension != "ratio":
        after = search("after_the_work")
        return bool(denied) and all(after.match(one) and after.search(asked) is None for one in denied)
    doing = pattern("done").search(asked[-_HEAD:]) is not None
    return not doing and (said(words) is Said.ONGOING or any(names_a_doing(one) for one in denied))


def _same_state(denied: str, asked: str) -> bool:
    """Tell words of the very state that is asked for at the end of a name, or of one that stands for it."""
    head = asked[-_HEAD:]
    return (len(head) == _HEAD and head in denied) or any(
        group.search(denied) and group.search(head) for group in groups("predicates")
    )


def _a_stage_done(case: Case) -> Outcome | None:
    words = case.actual.words
    done = said(words) is Said.DONE and not case.context.rate
    return WORDS_PARTLY if done and _A_STAGE.search(words) else None


def _all_of_it(case: Case) -> Outcome | None:
    """Take words for the whole (`全覆盖`, `全部完工`) for all that is asked."""
    words, wanted = case.actual.words, case.figure
    if case.limit:
        return None
    everything = wanted.unit.dimension == "ratio" and whole(words)
    all_of_them = wanted.unit.counts and not case.context.rate and _ALL_OF_THEM.search(words)
    return WORDS_MET if everything or (all_of_them and said(words) in _WELL) else None


def _one_is_done(case: Case) -> Outcome | None:
    """Take `已完成` for an answer where one thing was to be done."""
    wanted = case.figure
    one = wanted.number <= 1 and wanted.scale <= 1 and wanted.unit.counts and not wanted.unit.per
    one = one and not case.context.rate and not case.limit
    return WORDS_MET if one and said(case.actual.words) is Said.DONE else None


def _once_a_period(case: Case) -> Outcome | None:
    """Take `按季度发放` for once in each quarter."""
    wanted, words = case.figure, case.actual.words
    once = wanted.number == 1 and wanted.unit.times > 1 and wanted.unit.counts and not case.limit
    if not once or not of_a_period(words) or said(words) in {*_SHORT_OF_IT, Said.PARTLY}:
        return None
    return None if of_another_period(f"{case.target.text}", words) else WORDS_MET


def _rate_said_again(case: Case) -> Outcome | None:
    """Take the doing that a rate is of (`按期支付` for 按期支付率) for all of it."""
    wanted, words = case.figure, case.actual.words
    if wanted.unit.dimension != "ratio" or case.limit or said(words) not in _WELL:
        return None
    rate = _RATE_ENDS.search(case.context.name)
    stem, said_again = case.context.name[: rate.start()] if rate else "", bare_words(words)
    told = set() if _ONLY_BEGUN.match(said_again) else {_AROUND.sub("", said_again), said_again}
    repeated = any(len(one) > 1 and (stem.endswith(one) or one.endswith(stem[-2:])) for one in told)
    repeated = repeated and len(stem) > 1 and (said(words) in _DOING_WELL or said_again == stem)
    return WORDS_MET if repeated or _passed(stem, words) or _in_the_manner(stem, said_again) else None


def _in_the_manner(stem: str, words: str) -> bool:
    """Tell the doing that a rate is of as done in its manner: `准确发放` for 发放准确率."""
    return any(_done_so(manner, stem, _AROUND.sub("", words)) for manner in _manners())


@cache
def _manners() -> tuple[re.Pattern[str], ...]:
    return (_IN_TIME, *(re.compile(re.escape(word)) for word in table("states")["complements"]))


def _done_so(manner: re.Pattern[str], stem: str, words: str) -> bool:
    doing, told = (manner.sub("", text) for text in (stem, words))
    both = doing != stem and told != words
    return both and len(told) > 1 and (doing.endswith(told) or told.endswith(doing[-2:] or " "))


def _passed(stem: str, words: str) -> bool:
    """Tell what a rate is of as passed: `系统已通过验收` for 验收合格率."""
    if _A_STAGE.search(words) or "初步" in words:
        return False
    told = next((found for found in search("tests").finditer(stem)), None)
    return told is not None and (
        re.search(rf"通过[^,;。]{{0,6}}{told[0]}|{told[0]}[^,;。]{{0,3}}(?:通过|合格)", words) is not None
    )


# Words answered by figures.

_DOING = re.compile(r"(?:全部|按时|按期|按计划|如期)?(?:完成|竣工|建成|完工)")
_BUDGET = search("a_budget")
_KEPT = re.compile(r"结余|节余|节约|节省|(?<![未不])(?P<over>超)")
_A_LEVEL = re.compile(r"[率度](?:达到?|为|是)?$")
_GRAVE, _SLIGHT = re.compile(r"[重特较]大|严重|恶性"), search("slighter")
_THERE = re.compile("发生|出现|存在|产生|[有无]$")
_SOME_THERE = re.compile(r"(?:全年|共|累计)*(?:发生|出现|存在)[^,;。、0-9未无没]{0,8}[1-9]")
_NO_GROWTH = search("no_growth")
_NO_FALL = search("no_fall")
_TO_LAST_YEAR = r"(?:逐年|稳步|稳定|持续|同比|有所|不断|实现|所|[较比]?(?:上年|去年|上一年)(?:度|同期)?)*"
_A_RISE = re.compile(rf"(?:正|{_TO_LAST_YEAR})(?:增长|增加|提高|提升|上升)")
_A_FALL = re.compile(rf"(?:负增长|{_TO_LAST_YEAR}(?:下降|减少|降低|缩减))")
_RISES, _FALLS = re.compile("提高|提升|增加|增长|扩大|上升"), re.compile("降低|减少|下降|缩小|压减")
_COMPARED = re.compile("同比|环比|[较比与](?:上|去|往)?年|[较比]同期")
_GREW = re.compile(r"[增升涨超]")
_FELL = re.compile(r"[减降缩]|下滑")


def _date_for_event(case: Case) -> Outcome | None:
    return KIND_MISMATCH if case.actual.dates and before_an_event(case.target.text) else None


def _related(case: Case) -> Outcome | None:
    return related(_worded(case))


def _worded(case: Case) -> Case:
    """Give a case whose target tells its opening sign in words."""
    return case._replace(target=case.target._replace(text=in_words(case.target.text)))


def _grown(case: Case) -> Outcome | None:
    """Work out the change from last year's figure to this year's: `较上年下降` answered by `96起, 81起`."""
    change = growth_of_two(case)
    if change is None:
        return None
    target = in_words(case.target.text)
    signs = signs_to_last_year(target)
    sign = (change.value > 0) - (change.value < 0)
    outcome = measured(sign in signs) if signs is not None else _change_for_words(target, change.value)
    if outcome is None and signs is None:
        outcome = _change_of_the_named(target, case.actual.text, sign)
    return None if outcome is None else derived(outcome, change.working)


def _change_of_the_named(target: str, actual: str, sign: int) -> Outcome | None:
    """Measure the way that a named thing was to go (`提高知晓率`) by the way it went."""
    ways = [len(found) for found in (_RISES.findall(target), _FALLS.findall(target))]
    thing = _FALLS.sub("", _RISES.sub("", target))
    if sorted(ways) != [0, 1] or len(thing) < A_PAIR or thing not in actual:
        return None
    return measured(sign == (1 if ways[0] else -1))


def _all_counted(case: Case) -> Outcome | None:
    """Set two counts against words that ask for all (`共312家,已检查312家` for `全覆盖`)."""
    if not whole(case.target.text) or len(case.figures) != A_PAIR:
        return None
    outcome = part_of_whole(case._replace(wanted=Quantity(_ALL, unit=PERCENT)))
    return outcome if outcome is not None and outcome.sure else None


def _some_of_all(case: Case) -> Outcome | None:
    """Take counts of what is done and of what is not (`已整改9项,正在整改1项`) for a part of all."""
    if not whole(case.target.text) or len(case.figures) < A_PAIR or wants_none(case.target.text):
        return None
    told = [clause(case.actual, one) for one in case.figures if one.unit.counts and one.number]
    right = search("put_right").search(case.target.text) is None
    short = [said(one) in _SHORT_OF_IT or (right and bool(search("put_right").search(one))) for one in told]
    well = [said(words) in _WELL and shares(words, case.target.text) for words in told]
    done = any(good and not bad for good, bad in zip(well, short, strict=True))
    return STATED_PARTLY if done and any(short) else None


def _one_figure(case: Case) -> Outcome | None:
    """Measure one figure by a target in words that stands for one; a lesser trouble is for a person."""
    target, actual = in_words(case.target.text), case.actual
    outcome = _figure_for_words(target, case.figures[0]) if len(case.figures) == 1 else None
    if outcome is None:
        return None
    if _of_another_change(target, case):
        return JUDGEMENT
    label = before(actual, case.figures[0])
    if wants_absence(target) and len(label) > 1 and not (troubles(label) or _THERE.search(label)):
        return None  # 万无一失,检查120次
    there = outcome.verdict is Verdict.MISSED and wants_absence(target)
    wanted, told_of = troubles(target), troubles(actual.text)
    other = wanted and told_of and wanted.isdisjoint(told_of)
    lesser = other or (_GRAVE.search(target) and _SLIGHT.search(actual.text))
    denied = denies(actual.text) or any(said(one) is Said.ABSENT for one in _CLAUSES.split(actual.text))
    return JUDGEMENT if there and (lesser or denied) else outcome


def _of_another_change(target: str, case: Case) -> bool:
    """Tell a change of something else (`粉丝量增长12万人` for 影响力), or what is new (`新增1个`)."""
    if not _A_RISE.fullmatch(target):
        return False
    label = before(case.actual, case.figures[0])
    noun = _AROUND_A_CHANGE.sub("", label)
    known = f"{case.context.name}{target}"
    return "新增" in label or (len(noun) > 1 and not shares(noun, known))


_AROUND_A_CHANGE = re.compile(
    r"同比|环比|[较比与]?(?:上年|去年|上一年|上期)(?:度|同期)?"
    r"|[正负]?(?:增长|增加|下降|减少|降低|提高|提升|上升|缩减)"
    r"|全年|累计|实现|预计|平均|幅度?|了|约|达到?|至|到|由|从|为|共"
)


def _figure_for_words(target: str, figure: Quantity) -> Outcome | None:
    if _BUDGET.search(target) and (kept := _KEPT.search(figure.label)):
        return measured(kept["over"] is None)
    if figure.unit.dimension == "ratio":
        if wants_absence(target) and troubles(target) & troubles(figure.label):
            return measured(figure.value <= 0)
        moved = _COMPARED.search(figure.label) or _GREW.search(figure.label) or _FELL.search(figure.label)
        if not moved and (whole(target) or _DOING.fullmatch(target)):
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
    if _NO_FALL.search(target) and growth >= 0:
        return measured(met=True)
    if _A_RISE.fullmatch(target):
        return measured(growth > 0)
    return measured(growth < 0) if _A_FALL.fullmatch(target) else None


def _growth(figure: Quantity) -> Decimal | None:
    """Give a change with its sign (`较上年减少1.2%` is -1.2); None where it does not tell which way."""
    if _FELL.search(figure.label):
        return -abs(figure.value)
    return figure.value if figure.value <= 0 or _GREW.search(figure.label) else None


def _share_done(percent: Decimal) -> Outcome:
    """Weigh a percentage against a target that asks for all: `全覆盖` or `完成` answered by `80%`."""
    if percent >= _ALL:
        return MEASURED_MET
    return Outcome(Verdict.PARTLY, MEASURED) if percent > 0 else MEASURED_MISSED


def _against(case: Case) -> Outcome | None:
    """Hear figures of what the target does not want: `发生1起` for 不发生, `下降0.2个百分点` for 稳中有升."""
    target = in_words(case.target.text)
    if contradicts(target, case.actual.text):
        return STATED_MISSED
    if wants_none(target) and _SOME_THERE.match(case.actual.text):
        lesser = narrower(case.actual.text, f"{case.context.name}{target}")
        return JUDGEMENT if lesser or _GRAVE.search(target) else STATED_MISSED
    return None


def _copy_with_figures(case: Case) -> Outcome | None:
    words, text = bare_words(in_words(case.target.text)), bare_words(case.actual.text)
    asked = case._replace(
        wanted=Quantity(_ALL, unit=PERCENT), context=case.context._replace(name=f"{words}率")
    )
    part = part_of_whole(asked) if len(case.figures) >= A_PAIR else None
    if part is not None and part.sure:  # 12个断面中11个达标
        return STATED_MET if part.verdict is Verdict.MET else STATED_PARTLY
    if said(text) is Said.PARTLY is not said(words):
        return None
    counts = [
        f"{before(case.actual, one)}{one.tail}" for one in case.figures if one.unit == case.figures[0].unit
    ]
    if (
        len(counts) > 1
        and any(words in one for one in counts)
        and any(_OF_A_STATE.fullmatch(one) for one in counts if words not in one)
    ):
        return JUDGEMENT  # 12项满意,1项可疑
    if f"{words}率" in text and any(one.value < _ALL for one in case.figures):
        return JUDGEMENT  # `即时办结率98%` is not all of `即时办结`
    return STATED_MET if words in text and negations(words) == negations(text) else None


_OF_A_STATE = re.compile("(?:为|是|有)?[\u4e00-\u9fff]{2,4}")


def _not_told(case: Case) -> Outcome | None:
    """Take a count alone for no answer to how many of all, how well, or how high."""
    target, actual = in_words(case.target.text), case.actual
    of_all = whole(target) and not whole(actual.text)
    level = _A_LEVEL.search(actual.words)
    return KIND_MISMATCH if of_all or level or lacks_degree(target, actual.text) else None


def _words_beside(case: Case) -> Outcome | None:
    """Compare with the words that stand beside the figures, where they say something."""
    words = case.actual.words
    if len(words) < A_PAIR or said(words) is Said.NOTHING:
        return None
    if wants_none(case.target.text) and (denied := _denied_beside(case)):
        return denied
    outcome = compare_words(case)
    return STATED_PARTLY if outcome.verdict is Verdict.MET and _in_part(case) else outcome


def _denied_beside(case: Case) -> Outcome | None:
    """Take a clause that denies what is to stay away, with counts of other things beside it."""
    if any(troubles(clause(case.actual, one)) for one in case.figures):
        return None
    plain = [one for one in _CLAUSES.split(case.actual.text) if re.search("[0-9]", one) is None]
    alone = (case.actual._replace(text=one, words=one, quantities=(), dates=()) for one in plain)
    outcomes = [compare_words(case._replace(actual=one)) for one in alone if said(one.text) is Said.ABSENT]
    met = len(outcomes) == 1 and outcomes[0].verdict is Verdict.MET
    return outcomes[0]._replace(weighs=FIGURES) if met else None


def _in_part(case: Case) -> bool:
    """Tell a share under way of what the target asks for: `主体工程完成,设备安装完成60%`."""
    return any(
        one.unit == PERCENT
        and one.value < _ALL
        and PROGRESS.search(label := before(case.actual, one))
        and shares(PROGRESS.sub("", label) or label, case.target.text)
        for one in case.figures
    )


def _sign_of_it(case: Case) -> Outcome | None:
    """Leave a count of something else (`收到锦旗17面`) where an effect is asked for in words to a person."""
    effect = "效益" in case.context.level2 or "影响" in case.context.level2
    if not effect or whole(case.target.text) or (wants_none(case.target.text) and _denied_beside(case)):
        return None
    known = f"{case.context.name}{case.target.text}"
    told = [before(case.actual, one) for one in case.figures]
    named = len(_AROUND_A_CHANGE.sub("", next(iter(told), ""))) > 1
    words = f"{told},{','.join(one.tail for one in case.figures)}"
    doing = named and (search("doings").search(told[0]) or pattern("done").search(told[0]))
    other = not shares(words, known) or (doing and doing[0] not in known)
    return JUDGEMENT if named and other else None


def _evidence(case: Case) -> Outcome | None:
    """Leave an activity with its count (`落实管护人员1名`) beside an effect that is asked for to a person."""
    words = case.actual.words
    doing = search("doings").search(words) or pattern("done").search(words)
    return JUDGEMENT if doing and doing[0] not in case.target.text else None


FIGURE_BY_WORDS = (
    Rule("date-for-a-figure", _date_for_figure),
    Rule("words-of-a-part", _of_a_part),
    Rule("the-other-way", _the_other_way, WHOLE),
    Rule("standstill", _standstill, WHOLE),
    Rule("on-the-target", _on_the_target, THINGS),
    Rule("none-of-it", _none_of_it),
    Rule("fell-short", _fell_short, WHOLE),
    Rule("a-stage-done", _a_stage_done, WHOLE),
    Rule("all-of-it", _all_of_it),
    Rule("one-is-done", _one_is_done),
    Rule("once-a-period", _once_a_period),
    Rule("rate-said-again", _rate_said_again),
    Rule("words-for-a-figure", lambda _: KIND_MISMATCH),
)
WORDS_BY_FIGURE = (
    Rule("date-for-an-event", _date_for_event),
    Rule("related", _related, WHOLE),
    Rule("grown-from-last-year", _grown, WHOLE),
    Rule("within-the-named-budget", lambda case: within_a_budget(_worded(case)), WHOLE),
    Rule("against-the-named", lambda case: against_the_named(_worded(case)), WHOLE),
    Rule("all-counted", _all_counted, WHOLE),
    Rule("some-of-all", _some_of_all, WHOLE),
    Rule("figure-for-words", _one_figure, FIGURES),
    Rule("against-the-target", _against, WHOLE),
    Rule("copy-with-figures", _copy_with_figures, WHOLE),
    Rule("sign-of-an-effect", _sign_of_it),
    Rule("not-told-by-a-count", _not_told),
    Rule("words-beside-figures", _words_beside),
    Rule("evidence", _evidence),
    Rule("figure-for-prose", lambda _: KIND_MISMATCH),
)


def share_in_words(case: Case) -> Outcome | None:
    """Say what a count tells of a share: some of them failed (`有1个项目未按期完成`), or all are done."""
    wanted, actual = case.figure, case.actual
    if wanted.value == _ALL and (_SOME_FAILED.search(actual.text) or _some_amiss(case)):
        return STATED_MISSED
    done = (
        whole(actual.words)
        and said(actual.words) in _WELL
        and not troubles(actual.words) - troubles(case.asked)
    )
    return WORDS_MET if done else None


def _some_amiss(case: Case) -> bool:
    """Tell some with the very trouble that a rate is without (`3人重复领取` for 准确率)."""
    name, text = case.context.name, case.actual.text
    counted = any(one.unit.counts and one.number for one in case.figures)
    return counted and complements(name) and proves(name, text) and not denies(text)


def answer_in_words(case: Case) -> Outcome:
    """Compare a figure with what words say, whatever figures stand beside them."""
    for rule in FIGURE_BY_WORDS[1:]:
        outcome = rule.answer(case)
        if outcome is not None:
            return outcome._replace(rule=rule.name, weighs=rule.weighs)
    return KIND_MISMATCH
