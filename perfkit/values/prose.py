"""Words against words: a copy, a grade, a state, or prose that only a person can weigh.

The rules are asked in order; the first that has an answer gives it, and where none has, a person judges.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from perfkit.values.compare import JUDGEMENT, UNVERIFIABLE, Outcome
from perfkit.values.stages import not_there, stages_on
from perfkit.values.states import (
    Said,
    contradicts,
    contrary,
    grades_down,
    made_a_move_ruled_out,
    negations,
    proves,
    said,
    steps_down,
    wants_absence,
    wants_none,
    weaker,
)
from perfkit.values.terms import Basis, Flag, Verdict

MET = Outcome(Verdict.MET, Basis.STATED)
PARTLY = Outcome(Verdict.PARTLY, Basis.STATED)
MISSED = Outcome(Verdict.MISSED, Basis.STATED)
NOT_APPLICABLE = Outcome(Verdict.UNVERIFIABLE, flags=frozenset({Flag.NOT_APPLICABLE}))
STANDSTILL = {Said.NOT_APPLICABLE: NOT_APPLICABLE, Said.UNKNOWN: UNVERIFIABLE}

_PUNCTUATION = re.compile(r"[,;:。、.!?()\"'“”‘’《》\s·\-=≥≤><]+")
_UNDERWAY = (Said.PARTLY, Said.ONGOING)
_STATED = (Said.REACHED, Said.DONE, Said.GOOD)
_GRADE = re.compile(r"[0-9一二三四五六七八九十甲乙丙丁A-E国省市县区乡镇]家?[级等类星]")
_A_LIMIT = re.compile(r"不超|不得超|不高于|不大于|不突破|低于|控制在")
_UNDER_IT = re.compile(
    r"(?<![不未])(?:低于|小于|少于)|[未不]超|未突破|未高于|在[^,;。]{0,8}(?:预算|概算|批复|限额|标准|控制数|范围)[^,;。]{0,2}内"
)
_OVER_IT = re.compile(r"(?<![未不])(?:超过|超出|超支|突破|高于|高出)")
_A_FLOOR = re.compile(r"不低于|不少于|不小于|不得低于|不得少于")
_AT_IT = re.compile(r"持平|相当|一致|等于")
_BELOW_IT = re.compile(r"(?<![未不])(?:低于|小于|少于|不及)")
_SIGNS = {"≤": "不超过", "<": "不超过", "≥": "不低于", ">": "不低于"}
_AWARD = re.compile(r"[\u4e00-\u9fff]{1,10}奖(?![励补学助金])")
_FIRST_STAGE = re.compile(r"初验|预验|初审|初稿|草案|征求意见|试运行")
_THERE_IS = re.compile(r"(?:仍|还|尚)?(?:有(?![效所力序关利益])|存在|发生|出现)")
_BUT_THERE_IS = re.compile(rf"[,;。、但]{_THERE_IS.pattern}([\u4e00-\u9fff]{{2}})")
_SHORT_STATE = 14
_SHORT_PROSE = 60
_ONE_STATE = 4
_DENYING = re.compile("[未没不无零杜避防遏严]")
_DENIALS = re.compile(
    r"[未没]有?(?:发生|出现|发现|存在|造成|产生|接到)?|不(?:发生|出现|存在|得)?|[无零]|杜绝|避免|防止|(?:事件|现象|情况|行为|问题)$"
)
_LISTED = re.compile("[、,;]")
_CLAUSES = re.compile("[,;。]")
_IS_DONE = re.compile(r"已|完成|建成")
_OF_DOING = re.compile(r"已经?|均|全部|完成|建成|实现|工作|了")


class _Pair(NamedTuple):
    """Hold both texts without punctuation, what the actual says, and both as printed."""

    target: str
    actual: str
    state: Said
    printed: tuple[str, str]
    stages: int  # of the work, from the target's on to the actual's

    @property
    def same_sense(self) -> bool:
        """Tell that both have as many negations: a copy has."""
        return negations(self.target) == negations(self.actual)

    @property
    def cut_short(self) -> bool:
        """Tell that the actual repeats some of the things that the target lists, and leaves out others."""
        asked = _LISTED.split(self.printed[0])
        if len(asked) == 1:
            return False
        given = _LISTED.split(self.printed[1])
        if len(given) == 1 and len(self.actual) <= _ONE_STATE:
            return False
        repeated = all(bare_words(item) in self.target for item in given)
        return repeated and any(bare_words(item) not in self.actual for item in asked)


def bare_words(text: str) -> str:
    """Give a text without punctuation, for comparing copies."""
    return _PUNCTUATION.sub("", text)


def compare_words(target: str, actual: str) -> Outcome:
    """Compare a target in words with an actual in words."""
    pair = _Pair(
        bare_words(target), bare_words(actual), said(actual), (target, actual), stages_on(target, actual)
    )
    return next((outcome for rule in _RULES if (outcome := rule(pair)) is not None), JUDGEMENT)


def in_words(text: str) -> str:
    """Give a sign that opens a text as words: `≤市场均价` is 不超过市场均价."""
    return f"{_SIGNS[text[0]]}{text[1:]}" if text[:1] in _SIGNS and text[1:2].isalpha() else text


def _copied(pair: _Pair) -> Outcome | None:
    return MET if pair.target == pair.actual else None


def _denied_too(pair: _Pair) -> Outcome | None:
    """Take `无错发漏发` for `不错发、不漏发`: the same things are denied in other words."""
    if not (_DENYING.search(pair.target) and _DENYING.search(pair.actual)):
        return None
    things = _DENIALS.sub("", pair.target)
    return MET if things and things == _DENIALS.sub("", pair.actual) else None


def _graded(pair: _Pair) -> Outcome | None:
    """Compare grades of one scale (`优` and `良`), and yes with no."""
    if contrary(pair.target, pair.actual):
        return MISSED
    grades = grades_down(pair.target, pair.actual)
    if grades is not None:
        return MET if grades <= 0 else MISSED
    steps = steps_down(pair.target, pair.actual)
    if steps is None:
        return None
    down, last = steps
    return MET if down <= 0 else MISSED if last else PARTLY


def _quoted(pair: _Pair) -> Outcome | None:
    """Take an actual that repeats a part of its target (`健全` of `建立健全`) as a copy."""
    if len(pair.actual) <= 1 or pair.actual not in pair.target or not pair.same_sense:
        return None
    return JUDGEMENT if pair.cut_short else MET


def _standing_still(pair: _Pair) -> Outcome | None:
    return STANDSTILL.get(pair.state)


def _present(pair: _Pair) -> Outcome | None:
    """Take `有越级上访` as the contrary of a target that wants none, after a comma if the target names it."""
    if _THERE_IS.match(pair.actual) and wants_absence(pair.target):
        return MISSED
    there = _BUT_THERE_IS.search(pair.printed[1])
    return MISSED if there and there[1] in pair.target and wants_none(pair.target) else None


def _absent(pair: _Pair) -> Outcome | None:
    """Take `无` or `未发生` as an answer to a target that wants just that."""
    if pair.state is not Said.ABSENT:
        return None
    wanted = wants_absence(pair.target) or wants_none(pair.target) or said(pair.target) is Said.ABSENT
    wanted = wanted or (len(pair.target) > _ONE_STATE - 1 and pair.actual.startswith(pair.target))
    return MET if wanted or proves(pair.target, pair.actual) else JUDGEMENT


def _extended(pair: _Pair) -> Outcome | None:
    """Take an actual that holds its whole target (`三级等保通过`) as met; `基本建成` asks for no more."""
    if pair.target not in pair.actual or not pair.same_sense:
        return None
    if pair.state not in _UNDERWAY:
        return MET
    asked = said(pair.target) is pair.state and said(pair.actual.replace(pair.target, "")) not in _UNDERWAY
    return MET if asked else None


def _done_and_more_begun(pair: _Pair) -> Outcome | None:
    """Take what is told as done before more is begun (`已完成招标,正在签订合同` for `完成招标`) as met."""
    if pair.state is not Said.ONGOING:
        return None
    first, *more = _CLAUSES.split(pair.printed[1])
    if not more or said(first) in {*_UNDERWAY, Said.MISSED} or not _IS_DONE.search(first):
        return None
    return MET if _thing(first) == _thing(pair.target) != "" else None


def _thing(text: str) -> str:
    """Give what a text tells as done, or asks for, without the words of doing."""
    return _OF_DOING.sub("", bare_words(text))


def _too_long(pair: _Pair) -> Outcome | None:
    return JUDGEMENT if len(pair.actual) > _SHORT_PROSE else None


def _kept_a_bound(pair: _Pair) -> Outcome | None:
    """Take `均低于限价` as keeping a limit that is told in words (`不超过限价`), and a floor likewise."""
    if _A_FLOOR.search(pair.target):
        if _BELOW_IT.search(pair.actual):
            return MISSED
        return MET if _OVER_IT.search(pair.actual) or _AT_IT.search(pair.actual) else None
    if not _A_LIMIT.search(pair.target):
        return None
    if _UNDER_IT.search(pair.actual):
        return MET
    return MISSED if _OVER_IT.search(pair.actual) else None


def _beyond_its_stage(pair: _Pair) -> Outcome | None:
    """Take a later stage of the work (`已竣工` for `主体封顶`) as met, once it is reached."""
    if pair.stages <= 0:
        return None
    return JUDGEMENT if not_there(pair.actual) else MET


def _short_of_its_stage(pair: _Pair) -> Outcome | None:
    """Leave an earlier stage of the work (`交工验收` for `竣工验收`) to a person."""
    return JUDGEMENT if pair.stages < 0 else None


def _fell_short(pair: _Pair) -> Outcome | None:
    if pair.state is Said.MISSED or contradicts(pair.target, pair.actual):
        return MISSED
    if made_a_move_ruled_out(pair.target, pair.actual):
        return MISSED
    if pair.state in _UNDERWAY:
        return PARTLY
    return JUDGEMENT if weaker(pair.target, pair.actual) else None


def _of_another_grade(pair: _Pair) -> Outcome | None:
    """Leave another grade in the same words (`一级标准`, `二级标准`), award or first stage to a person."""
    if _FIRST_STAGE.search(pair.actual) and not _FIRST_STAGE.search(pair.target):
        return JUDGEMENT
    award = _AWARD.search(pair.actual)
    if award and _AWARD.search(pair.target) and award[0] not in pair.target:
        return JUDGEMENT
    wanted, given = _GRADE.findall(pair.target), _GRADE.findall(pair.actual)
    return JUDGEMENT if given and not set(wanted) <= set(given) else None


def _stated(pair: _Pair) -> Outcome | None:
    """Take a short state, or nearly the target's words, as met; not a part of what the target lists."""
    if pair.cut_short:
        return JUDGEMENT
    if pair.state in _STATED and len(pair.actual) <= _SHORT_STATE:
        return MET
    return MET if pair.same_sense and _alike(pair.target, pair.actual) else None


_RULES = (
    _copied,
    _denied_too,
    _graded,
    _quoted,
    _standing_still,
    _present,
    _absent,
    _extended,
    _done_and_more_begun,
    _too_long,
    _kept_a_bound,
    _beyond_its_stage,
    _fell_short,
    _short_of_its_stage,
    _of_another_grade,
    _stated,
)


def _alike(one: str, other: str) -> bool:
    """Tell whether two texts are one in another order, or share most pairs of characters (Dice)."""
    if sorted(one) == sorted(other):
        return True
    pairs, others = ({text[i : i + 2] for i in range(len(text) - 1)} for text in (one, other))
    return 20 * len(pairs & others) >= 17 * (len(pairs) + len(others))
