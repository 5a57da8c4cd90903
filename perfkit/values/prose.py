"""Words against words: a copy, a grade, a state, or prose that only a person can weigh.

The rules are asked in order; the first that has an answer gives it, and where none has, a person judges.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING, NamedTuple

from perfkit.values.cell import Cell
from perfkit.values.demands import weakened
from perfkit.values.ladders import not_there, stages_on
from perfkit.values.rules import (
    FIGURES,
    JUDGEMENT,
    STATED_MET,
    STATED_MISSED,
    STATED_PARTLY,
    STATES,
    TOKENS,
    WHOLE,
    Case,
    Outcome,
    Rule,
    first_answer,
)
from perfkit.values.states import (
    STANDSTILL,
    Said,
    contradicts,
    contrary,
    graded_elsewhere,
    grades_down,
    hedged,
    is_a_change,
    made_a_move_ruled_out,
    moved_without_degree,
    names_a_doing,
    narrower,
    negations,
    of_another_period,
    only_a_level,
    only_how_long,
    only_moved,
    pattern,
    proves,
    said,
    steps_down,
    troubles,
    wants_absence,
    wants_none,
    weaker,
)
from perfkit.values.tokens import pairs_of, tokens
from perfkit.values.vocabulary import any_of, search, table

if TYPE_CHECKING:
    from collections.abc import Callable

_PUNCTUATION = re.compile(r"[,;:。、.!?()\"'“”‘’《》\s·\-=≥≤><]+")
_NOT_DONE = re.compile(r"[\u4e00-\u9fff]{0,6}?(?:[尚还暂])?(?:未|没有?)(?P<what>[\u4e00-\u9fff]{2,8})")
_UNDERWAY = (Said.PARTLY, Said.ONGOING)
_AT_IT_NOW = ("中", "正在", "正在中", "仍在", "一直")
_STATED = (Said.REACHED, Said.DONE, Said.GOOD)
_GRADE = re.compile(r"[0-9一二三四五六七八九十甲乙丙丁A-E国省市县区乡镇]家?[级等类星]")
_A_LIMIT = search("a_limit_in_words")
_UNDER_IT = re.compile(
    r"(?<![不未])(?:低于|小于|少于)|[未不]超|未突破|未高于|在[^,;。]{0,8}(?:预算|概算|批复|限额|标准|控制数|范围)[^,;。]{0,2}内"
)
_OVER_IT = re.compile(r"(?<![未不])(?:超过|超出|超支|突破|高于|高出)")
_A_FLOOR = search("a_floor_in_words")
_AT_IT = search("at_it")
_BELOW_IT = re.compile(r"(?<![未不])(?:低于|小于|少于|不及)")
_SIGNS = {"≤": "不超过", "<": "不超过", "≥": "不低于", ">": "不低于"}
_AWARD = re.compile(r"[\u4e00-\u9fff]{1,10}奖(?![励补学助金])")
_FIRST_STAGE = search("first_stages")
_THERE_IS = re.compile(r"(?:仍|还|尚)?(?:有(?![效所力序关利益])|存在|发生|出现)")
_BUT_THERE_IS = re.compile(rf"[,;。、但]{_THERE_IS.pattern}([\u4e00-\u9fff]{{2}})")
_NEARLY_NONE = re.compile(r"(?:基本|大体|总体)上?(?:无(?!法|效)|没有|未(?!完|达|能)|杜绝|消除|零)")
_MORE = search("even_more")
_ONWARD = re.compile("(?:不断|逐步|逐渐|日益|日趋|逐年|正在?)+")
_BEFORE_THE_WORK = re.compile(f"(?:的|工程|项目|工作)*(?:{search('before_the_work').pattern})")
_SHORT_STATE = 14
_SHORT_PROSE = 60
_ONE_STATE = 4
_DENYING = re.compile("[未没不无零杜避防遏严]")
_DENIALS = re.compile(
    r"[未没]有?(?:发生|出现|发现|存在|造成|产生|接到)?|不(?:发生|出现|存在|得)?|[无零]|杜绝|避免|防止|(?:事件|现象|情况|行为|问题)$"
)
_LISTED = re.compile("[、,;]")
_AND_ALSO = re.compile("并且?(?![发列购轨网行])|且")
_CLAUSES = re.compile("[,;。]")
_IS_DONE = search("is_done")
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
        repeated = all(bare_words(item) in self.target for item in given)
        return repeated and any(bare_words(item) not in self.actual for item in asked)


def bare_words(text: str) -> str:
    """Give a text without punctuation, for comparing copies."""
    return _PUNCTUATION.sub("", text)


@lru_cache(maxsize=2048)
def _pair(target: str, actual: str) -> _Pair:
    """Take two texts in words apart, as every rule looks at them."""
    asked, given = in_words(target), in_words(actual)
    return _Pair(bare_words(asked), bare_words(given), said(given), (asked, given), stages_on(asked, given))


def _in_one_word(text: str) -> str:
    """Give a text with one word for each of those that say the same (`不断提升` for 持续提高)."""
    return _same().sub(lambda found: _first_of()[found[0]], text)


@cache
def _first_of() -> dict[str, str]:
    return {word: words[0] for words in table("states")["same"] for word in words[1:]}


@cache
def _same() -> re.Pattern[str]:
    return re.compile(any_of(_first_of()))


def compare_words(case: Case) -> Outcome:
    """Compare a target in words with an actual in words."""
    return first_answer(WORDS_BY_WORDS, case) or JUDGEMENT


def in_words(text: str) -> str:
    """Give a sign that opens a text as words: `≤市场均价` is 不超过市场均价."""
    return f"{_SIGNS[text[0]]}{text[1:]}" if text[:1] in _SIGNS and text[1:2].isalpha() else text


def _copied(pair: _Pair) -> Outcome | None:
    return STATED_MET if pair.target == pair.actual else None


def _denied_too(pair: _Pair) -> Outcome | None:
    """Take `无错发漏发` for `不错发、不漏发`: the same things are denied in other words."""
    if not (_DENYING.search(pair.target) and _DENYING.search(pair.actual)):
        return None
    things = _DENIALS.sub("", pair.target)
    return STATED_MET if things and things == _DENIALS.sub("", pair.actual) else None


def _graded(pair: _Pair) -> Outcome | None:
    """Compare grades of one scale (`优` and `良`), and yes with no."""
    if contrary(pair.target, pair.actual):
        return STATED_MISSED
    if hedged(pair.target, pair.actual) and graded_elsewhere(pair.target, pair.actual):
        return JUDGEMENT
    grades = grades_down(pair.target, pair.actual)
    if grades is not None:
        return STATED_MET if grades <= 0 else STATED_MISSED
    steps = steps_down(pair.target, pair.actual)
    if steps is None:
        return None
    down, last = steps
    return STATED_MET if down <= 0 else STATED_MISSED if last else STATED_PARTLY


def _quoted(pair: _Pair) -> Outcome | None:
    """Take an actual that repeats a part of its target (`健全` of `建立健全`) as a copy."""
    if len(pair.actual) <= 1 or pair.actual not in pair.target or not pair.same_sense:
        return None
    demands = _AND_ALSO.split(pair.printed[0])
    if _MORE.match(pair.target.replace(pair.actual, "")) and not _MORE.search(pair.actual):
        return JUDGEMENT  # 浓厚 for 更加浓厚
    half = len(demands) > 1 and not all(bare_words(one) in pair.actual for one in demands)
    return JUDGEMENT if half or pair.cut_short else STATED_MET


def _weakened(pair: _Pair) -> Outcome | None:
    """Leave an answer that says less than the target's own word (`较及时` for `及时`) to a person."""
    if troubles(pair.actual) and _NEARLY_NONE.search(pair.actual) and not _NEARLY_NONE.search(pair.target):
        return JUDGEMENT
    well = pair.state in _STATED or pair.state is Said.NOTHING
    return JUDGEMENT if well and weakened(pair.target, pair.actual) else None


def _standing_still(pair: _Pair) -> Outcome | None:
    return STANDSTILL.get(pair.state)


def _present(pair: _Pair) -> Outcome | None:
    """Take `有越级上访` as the contrary of a target that wants none, after a comma if the target names it."""
    if _THERE_IS.match(pair.actual) and wants_absence(pair.target):
        return STATED_MISSED
    there = _BUT_THERE_IS.search(pair.printed[1])
    return STATED_MISSED if there and there[1] in pair.target and wants_none(pair.target) else None


def _absent(pair: _Pair) -> Outcome | None:
    """Take `无` or `未发生` as an answer to a target that wants just that."""
    if pair.state is not Said.ABSENT:
        return None
    wanted = wants_absence(pair.target) or wants_none(pair.target) or said(pair.target) is Said.ABSENT
    first = _CLAUSES.split(pair.printed[1])[0]
    wanted = wanted or (len(pair.target) > _ONE_STATE - 1 and pair.actual.startswith(pair.target))
    wanted = wanted or bare_words(first) == pair.target
    return STATED_MET if wanted or proves(pair.target, pair.actual) else JUDGEMENT


def _extended(pair: _Pair) -> Outcome | None:
    """Take an actual that holds its whole target (`三级等保通过`) as met; `基本建成` asks for no more.

    What is asked to go on (`持续推进`) is met while it does (`持续推进中`).
    """
    if pair.target not in pair.actual or not pair.same_sense:
        return None
    behind = pair.printed[1].partition(pair.printed[0])[2]
    if names_a_doing(pair.target) and _BEFORE_THE_WORK.match(behind):
        return JUDGEMENT  # 完成改造方案编制
    if pair.state not in _UNDERWAY:
        more = said(pair.actual.replace(pair.target, "")) is Said.MISSED is pair.state
        return JUDGEMENT if more else STATED_MET  # 合规,但存在问题
    left = pair.actual.replace(pair.target, "")
    now = left in _AT_IT_NOW or (left.endswith("中") and said(left[:-1]) not in (*_UNDERWAY, Said.MISSED))
    if pattern("continuing").search(pair.target) and now:
        return STATED_MET
    asked = said(pair.target) is pair.state and said(pair.actual.replace(pair.target, "")) not in _UNDERWAY
    return STATED_MET if asked else None


def _done_and_more_begun(pair: _Pair) -> Outcome | None:
    """Take what is told as done before more is begun (`已完成招标,正在签订合同` for `完成招标`) as met."""
    if pair.state is not Said.ONGOING:
        return None
    first, *more = _CLAUSES.split(pair.printed[1])
    if not more or said(first) in {*_UNDERWAY, Said.MISSED} or not _IS_DONE.search(first):
        return None
    if any(search("put_right").search(one) for one in more):
        return JUDGEMENT
    return STATED_MET if _thing(first) == _thing(pair.target) != "" else None


def _thing(text: str) -> str:
    """Give what a text tells as done, or asks for, without the words of doing."""
    return _OF_DOING.sub("", bare_words(text))


def _too_long(pair: _Pair) -> Outcome | None:
    return JUDGEMENT if len(pair.actual) > _SHORT_PROSE else None


def _kept_a_bound(pair: _Pair) -> Outcome | None:
    """Take `均低于限价` as keeping a limit that is told in words (`不超过限价`), and a floor likewise."""
    if _A_FLOOR.search(pair.target):
        if _BELOW_IT.search(pair.actual):
            return STATED_MISSED
        return STATED_MET if _OVER_IT.search(pair.actual) or _AT_IT.search(pair.actual) else None
    if not _A_LIMIT.search(pair.target):
        return None
    if _UNDER_IT.search(pair.actual):
        return STATED_MET
    return STATED_MISSED if _OVER_IT.search(pair.actual) else None


def _beyond_its_stage(pair: _Pair) -> Outcome | None:
    """Take a later stage of the work (`已竣工` for `主体封顶`) as met, once it is reached."""
    if pair.stages <= 0:
        return None
    return JUDGEMENT if not_there(pair.actual) else STATED_MET


def _short_of_its_stage(pair: _Pair) -> Outcome | None:
    """Leave an earlier stage of the work (`交工验收` for `竣工验收`) to a person."""
    return JUDGEMENT if pair.stages < 0 else None


def _not_found_yet(pair: _Pair) -> Outcome | None:
    """Leave work that is not done yet (`未验收`) to a person where it is asked how it is found (`合格`)."""
    asked = pattern("sound").search(pair.target) and not names_a_doing(pair.target)
    if not asked or pair.state not in (Said.MISSED, Said.ONGOING):
        return None
    undone = _NOT_DONE.fullmatch(pair.actual)
    later = pair.state is Said.ONGOING or (undone and names_a_doing(undone["what"]))
    return JUDGEMENT if later else None


def _fell_short(pair: _Pair) -> Outcome | None:
    if pair.state is Said.MISSED or contradicts(pair.target, pair.actual):
        return STATED_MISSED
    if made_a_move_ruled_out(pair.target, pair.actual):
        return STATED_MISSED
    if pair.state in _UNDERWAY:
        if pair.state is Said.ONGOING and pattern("continuing").fullmatch(pair.target):
            return JUDGEMENT  # 持续推进中 for 长期
        return STATED_MISSED if _denies_the_end(pair) else STATED_PARTLY
    return JUDGEMENT if weaker(pair.target, pair.actual) else None


def _denies_the_end(pair: _Pair) -> bool:
    """Tell the last word of a target denied (`已完工,尚未组织验收` for `通过验收`)."""
    end = pair.target[-2:]
    denied = rf"[未没][\u4e00-\u9fff]{{0,6}}{re.escape(end)}$"
    found = re.search(denied, pair.actual) if len(end) > 1 and names_a_doing(end) else None
    return found is not None and pairs_of(pair.target).isdisjoint(pairs_of(pair.actual[: found.start()]))


def _of_another_grade(pair: _Pair) -> Outcome | None:
    """Leave another grade in the same words (`一级标准`, `二级标准`), award or first stage to a person."""
    if _FIRST_STAGE.search(pair.actual) and not _FIRST_STAGE.search(pair.target):
        return JUDGEMENT
    award = _AWARD.search(pair.actual)
    if award and _AWARD.search(pair.target) and award[0] not in pair.target:
        return JUDGEMENT
    asked, told = (set(pattern("standards").findall(text)) for text in (pair.target, pair.actual))
    if asked and told and asked.isdisjoint(told):
        return JUDGEMENT
    wanted, given = _GRADE.findall(pair.target), _GRADE.findall(pair.actual)
    return JUDGEMENT if given and not set(wanted) <= set(given) else None


def _stated(pair: _Pair) -> Outcome | None:
    """Take a short state, or nearly the target's words, as met; not a part of what the target lists."""
    if moved_without_degree(pair.target, pair.actual) or _only_done(pair):
        return JUDGEMENT
    if only_how_long(pair.target, pair.actual) or only_a_level(pair.target, pair.actual):
        return JUDGEMENT
    if _onward_only(pair):
        return JUDGEMENT
    if pair.cut_short or only_moved(pair.target, pair.actual) or of_another_period(pair.target, pair.actual):
        return JUDGEMENT
    if pair.state in _STATED and len(pair.actual) <= _SHORT_STATE:
        return STATED_MET
    return STATED_MET if pair.same_sense and _alike(pair.target, pair.actual) else None


def _onward_only(pair: _Pair) -> bool:
    """Tell the target's state as something that goes on (`不断健全` for `健全`), not as reached."""
    onward = _ONWARD.match(pair.actual)
    return onward is not None and pair.actual[onward.end() :] == pair.target and not is_a_change(pair.target)


def _in_other_words(pair: _Pair) -> Outcome | None:
    """Take the target in words that say the same (`文明程度不断提升` for 不断提高) as a copy."""
    alike = _pair(*map(_in_one_word, pair.printed))
    if pair.target in pair.actual or alike.state not in _STATED:
        return None
    return _copied(alike) or _extended(alike)


def _spelled_out(pair: _Pair) -> Outcome | None:
    """Take the target with nothing but whose, where or how in between (`通过省级专家评审` for 通过评审)."""
    if pair.state not in _STATED or not pair.same_sense or _FIRST_STAGE.search(pair.actual):
        return None
    text = _CLAUSES.split(pair.printed[1])[0]
    for at in range(_WORD, len(pair.target) - 1):
        _, first, rest = text.partition(pair.target[:at])
        gap, last, behind = rest.partition(pair.target[at:])
        if first and last and len(gap) <= _SHORT_GAP and _only_aside(gap):
            return None if _BEFORE_THE_WORK.match(behind) else STATED_MET
    return None


_WORD, _SHORT_GAP = 2, 10
_ASIDE = frozenset({"office", "place", "manner", "time", "particle", "good"})


def _only_aside(words: str) -> bool:
    """Tell words that say by whom, where or how, and name no thing nor another doing."""
    found_by = {*table("roles")["found_by"], *table("roles")["reviewers"]}
    told = tokens(Cell(words, blank=False), "")
    return all(token.kind in _ASIDE or token.text in found_by for token in told)


def _clause_by_clause(pair: _Pair) -> Outcome | None:
    """Take an actual of which every clause by itself meets the target (`符合规定,未发现挪用` for `合规`)."""
    clauses = [one for one in _CLAUSES.split(pair.printed[1]) if one]
    if len(clauses) == 1 or pair.state in _UNDERWAY or pair.cut_short:
        return None
    answers = (_clause(pair.printed[0], one) for one in clauses)
    return STATED_MET if all(one == STATED_MET.verdict for one in answers) else None


def _clause(target: str, clause: str) -> object:
    """Give the verdict on one clause, None where no rule has any."""
    pair = _pair(target, clause)
    answers = (rule(pair) for rule in (_copied, _quoted, _weakened, _absent, _extended, _fell_short, _stated))
    return next((one.verdict for one in answers if one is not None), None)


def _only_done(pair: _Pair) -> bool:
    """Tell work that was done (`圆满完成`) where it is asked that nothing bad come about (`无事故`)."""
    return pair.state is Said.DONE and wants_absence(pair.target) and not troubles(pair.actual)


def _alike(one: str, other: str) -> bool:
    """Tell whether two texts are one in another order, or share most pairs of characters (Dice)."""
    if sorted(one) == sorted(other):
        return True
    pairs, others = ({text[i : i + 2] for i in range(len(text) - 1)} for text in (one, other))
    return 20 * len(pairs & others) >= 17 * (len(pairs) + len(others))


def _narrower(case: Case) -> Outcome | None:
    """Leave a denial of less than is asked for (`未发生重大事故` for `不发生事故`) to a person."""
    asked = f"{case.context.name}{case.target.text}"
    if bare_words(_CLAUSES.split(case.actual.text)[0]) == bare_words(case.target.text):
        return None  # 和谐稳定,未发生重大纠纷
    positive = not troubles(asked) and proves(case.target.text, case.actual.text)
    less = not positive and narrower(asked, case.actual.text)
    return JUDGEMENT if less and said(case.actual.text) is Said.ABSENT else None


def _on_pairs(answer: Callable[[_Pair], Outcome | None]) -> Callable[[Case], Outcome | None]:
    """Ask a rule of two texts about a case."""
    return lambda case: answer(_pair(case.target.text, case.actual.text))


WORDS_BY_WORDS = (
    Rule("copied", _on_pairs(_copied), WHOLE),
    Rule("denied-too", _on_pairs(_denied_too), WHOLE),
    Rule("graded", _on_pairs(_graded), WHOLE),
    Rule("quoted", _on_pairs(_quoted), WHOLE),
    Rule("standstill", _on_pairs(_standing_still), WHOLE),
    Rule("trouble-there", _on_pairs(_present), WHOLE),
    Rule("narrower-denial", _narrower),
    Rule("trouble-absent", _on_pairs(_absent), TOKENS),
    Rule("said-with-a-hedge", _on_pairs(_weakened)),
    Rule("target-and-more", _on_pairs(_extended), TOKENS),
    Rule("done-and-more-begun", _on_pairs(_done_and_more_begun), TOKENS),
    Rule("long-prose", _on_pairs(_too_long), TOKENS),
    Rule("bound-in-words", _on_pairs(_kept_a_bound), FIGURES),
    Rule("beyond-its-stage", _on_pairs(_beyond_its_stage), WHOLE),
    Rule("not-found-yet", _on_pairs(_not_found_yet), WHOLE),
    Rule("fell-short", _on_pairs(_fell_short), WHOLE),
    Rule("short-of-its-stage", _on_pairs(_short_of_its_stage), TOKENS),
    Rule("another-grade", _on_pairs(_of_another_grade), TOKENS),
    Rule("target-in-other-words", _on_pairs(_in_other_words), TOKENS),
    Rule("target-spelled-out", _on_pairs(_spelled_out), TOKENS),
    Rule("stated", _on_pairs(_stated), STATES),
    Rule("clause-by-clause", _on_pairs(_clause_by_clause), STATES),
)
