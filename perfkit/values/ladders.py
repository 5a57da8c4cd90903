"""What stands in an order: classes (二级), places in a ranking, stages of a work, relations, proportions.

Which end of a ladder is the better one depends on what is classed. Where nobody can say, where the class is
not reached, or where two things are related to different ones, a person judges.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache
from typing import NamedTuple

from perfkit.values.derived import A_PAIR, before, told
from perfkit.values.numbers import NUMERALS, chinese_number
from perfkit.values.rules import (
    JUDGEMENT,
    MEASURED_MET,
    MEASURED_MISSED,
    STATED_MET,
    STATED_MISSED,
    WHOLE,
    Case,
    Outcome,
    Rule,
    derived,
    measured,
)
from perfkit.values.vocabulary import any_of, search, table
from perfkit.values.vocabulary import level2 as canonical_level2

# Classes told by a number: `二级` is `2级`, `SCI一区` is within `SCI二区以上`; 3类 may be three kinds.

_WAYS = {"first": -1, "last": 1, "unknown": 0}
_ROMAN = "ⅠⅡⅢⅣⅤ"
_MAY_BE = re.compile("[级类等档区星A-E]")  # in every cell that says a class
_STEPS = "甲乙丙 "
_LETTER = re.compile(r"(?P<letter>[A-E])(?P<sign>\+{0,3}|-)")
_NAMED = re.compile(r"[1-5]A(?=级|景)|A{1,5}(?=级|景)|[一二三四五六甲乙丙1-6](?=级|星级|等奖)")
_BEFORE = (
    r"(?:已|均|全部|稳定|创成|达到?|保持在?|维持在?|不低于|优于|或|被?评为|评定为|认定为|获评?|通过|为)*"
)
_AFTER = r"(?:及|或|以上|标准|水平|水质|水体|认证|认定|评审|测评)*"


@cache
def _class() -> re.Pattern[str]:
    """Build the match for a cell that says a class and nothing else."""
    ofs, kinds = any_of(table("classes")["ofs"]), any_of(_better())
    nouns = any_of(table("classes")["nouns"])
    number = "[1-9一二三四五六七八九ⅠⅡⅢⅣⅤ]"
    return re.compile(
        rf"{_BEFORE}(?P<of>(?:{ofs})*)(?P<number>{number})(?P<kind>{kinds})(?P<step>[甲乙丙]?)等?(?P<noun>(?:{nouns})?){_AFTER}"
    )


@cache
def _better() -> dict[str, int]:
    """Give for each kind of class the way in which it gets better: down, up, or 0 where nobody can say."""
    return {kind: _WAYS[way] for way, kinds in table("classes")["kinds"].items() for kind in kinds}


def _way(kind: str, told: str) -> int:
    """Give the way in which a class gets better in the light of what the row and the cells say of it."""
    better = _better()[kind]
    if better:
        return better
    for way, words in table("classes")["of_unknown"].items():
        if any(word in told for word in words):
            return _WAYS[way]
    return 0


def _letters(case: Case) -> Outcome | None:
    wanted, given = _LETTER.fullmatch(case.target.text), _LETTER.fullmatch(case.actual.text)
    if wanted is None or given is None:
        return None
    return STATED_MET if _rank(given) <= _rank(wanted) else STATED_MISSED


def _classes(case: Case) -> Outcome | None:
    """Compare two cells that are classes of one kind."""
    if not _MAY_BE.search(case.target.text):
        return None
    wanted, given = _class().fullmatch(case.target.text), _class().fullmatch(case.actual.text)
    if wanted is None or given is None or wanted["kind"] != given["kind"]:
        return None
    if wanted["noun"] and given["noun"] and wanted["noun"] != given["noun"]:
        return None
    told = f"{case.context.name}{case.target.text}{case.actual.text}"
    roman = wanted["number"] in _ROMAN and given["number"] in _ROMAN  # a ladder of its own
    return None if roman or _counts(wanted, told, case.context.level2) else _compared(wanted, given, told)


def asks_for_a_class(case: Case) -> bool:
    """Tell a target that is a class (`二类及以上`), which no count answers."""
    wanted = _class().fullmatch(case.target.text) if _MAY_BE.search(case.target.text) else None
    told = f"{case.context.name}{case.target.text}"
    return wanted is not None and not _counts(wanted, told, case.context.level2)


def _compared(wanted: re.Match[str], given: re.Match[str], told: str) -> Outcome:
    if wanted["of"] and given["of"] and wanted["of"] != given["of"]:
        return JUDGEMENT
    up = (_number(given["number"]) - _number(wanted["number"])) * _way(wanted["kind"], told)
    if _number(given["number"]) != _number(wanted["number"]):
        return STATED_MET if up > 0 else JUDGEMENT
    if _step(given) <= _step(wanted):
        return STATED_MET
    return STATED_MISSED if given["step"] else JUDGEMENT


def _rank(letter: re.Match[str]) -> tuple[str, int]:
    """Give the rank of `B++`, `B+`, `B`, `B-`: the lower the better."""
    return letter["letter"], letter["sign"].count("-") - letter["sign"].count("+")


@cache
def _classed() -> re.Pattern[str]:
    return re.compile(any_of(table("classes")["classed"]))


def _counts(wanted: re.Match[str], told: str, level2: str) -> bool:
    """Tell that a class word counts kinds of things: `3类` under 采购物资."""
    in_digits = wanted["number"].isdecimal()
    counted = table("classes")["counted"] + (table("classes")["counted_in_digits"] if in_digits else [])
    if wanted["kind"] not in counted or _classed().search(told):
        return False
    return in_digits or canonical_level2(level2) == "数量指标"


def _number(text: str) -> int:
    if text in _ROMAN:
        return _ROMAN.index(text) + 1
    return int(text if text.isdecimal() else chinese_number(text) or 0)


def _step(found: re.Match[str]) -> int:
    """Give the place of 甲, 乙 or 丙 within a class; a class without comes last."""
    return _STEPS.index(found["step"] or " ")


@cache
def _levels() -> tuple[re.Pattern[str], dict[str, tuple[int, int]]]:
    """Build the search for words of any ladder of levels, and the ladder and the place of each."""
    places = _places("levels")
    return re.compile(rf"(?:{any_of(places)})(?!财政|预算|资金)"), places


def _places(family: str) -> dict[str, tuple[int, int]]:
    """Give the ladder and the place on it of every word of a family of ladders."""
    return {
        word: (ladder, place)
        for ladder, steps in enumerate(table("classes")[family])
        for place, words in enumerate(steps)
        for word in words
    }


def names_a_class(label: str) -> bool:
    """Tell a label that names a class or a level."""
    return bool(label) and (_NAMED.search(label) or _levels()[0].search(label)) is not None


def of_another_class(wanted: str, given: str) -> bool:
    """Tell labels of another class (`4A级景区` and `3A级`), or of a lower level (`中央级媒体` and `省级`)."""
    asked, told = set(_NAMED.findall(wanted)), set(_NAMED.findall(given))
    if asked and told and asked.isdisjoint(told):
        return True
    levels, lower = _lowest(wanted), _lowest(given)
    return any(place > levels.get(ladder, place) for ladder, place in lower.items())


def of_that_class(wanted: str, given: str) -> bool:
    """Tell labels that name one class or level: `采用26条,其中省级18条` for `被省级采用20条`."""
    if not set(_NAMED.findall(wanted)).isdisjoint(_NAMED.findall(given)):
        return True
    return not set(_lowest(wanted).items()).isdisjoint(_lowest(given).items())


def _lowest(label: str) -> dict[int, int]:
    """Give the lowest level that a label names on each ladder, 0 for the highest."""
    search, places = _levels()
    return dict(sorted(places[word] for word in search.findall(label)))


def levels_unanswered(asked: str, told: str) -> tuple[str, ...]:
    """Give the levels that a text asks for (`省级`) and that another names neither as such nor higher."""
    search, places = _levels()
    given = [places[word] for word in search.findall(told)]
    classes = () if _NAMED.search(told) else tuple(_NAMED.findall(asked))
    return classes + tuple(
        word
        for word in dict.fromkeys(search.findall(asked))
        if word.removesuffix("级") not in told
        and not any(ladder == places[word][0] and place <= places[word][1] for ladder, place in given)
    )


def _level_alone(case: Case) -> Outcome | None:
    """Compare two cells that are a level and nothing else: `省级及以上` answered by `国家级`."""
    search, places = _levels()
    wanted, given = (_bare_level(text) for text in (case.target.text, case.actual.text))
    if wanted not in places or given not in places or not search.search(wanted):
        return None
    (ladder, asked), (other, told) = places[wanted], places[given]
    if ladder != other:
        return None
    if told > asked:
        return STATED_MISSED
    return STATED_MET if told == asked or "以上" in case.target.text else JUDGEMENT


_AROUND_A_LEVEL = re.compile(r"^(?:达到?|为|获|不低于|取得)+|(?:[及或]?以上|水平|荣誉|奖项?)+$")


def _bare_level(text: str) -> str:
    return _AROUND_A_LEVEL.sub("", text)


# Places in a ranking: `全省前10名` is answered by `第6名`, and a lower place is the better one.

_PLACE = rf"(?P<place>[0-9]{{1,4}}|[{NUMERALS}]{{1,4}})"
_ASKED = re.compile(rf"(?:前|第){_PLACE}(?:名|位|强|(?=$|以内|之内|及以上|以上))(?:以内|之内|及以上|以上)?")
_GIVEN = re.compile(rf"(?:第|位列前?|排名前?|前){_PLACE}(?:名|位|强|(?=$|[,;。、(]))")


def _within_places(case: Case) -> Outcome | None:
    """Compare places in a ranking."""
    text = case.actual.text
    if not ("第" in text or "前" in text) or case.target.dates or case.actual.dates:
        return None
    asked, given = _ASKED.search(case.target.text), _GIVEN.search(text)
    places = (_place(asked["place"]), _place(given["place"])) if asked and given else (None, None)
    return None if places[0] is None or places[1] is None else measured(places[1] <= places[0])


def _place(text: str) -> Decimal | int | None:
    return int(text) if text[0] in "0123456789" else chinese_number(text)


# Stages of a work that follow one another: 可研批复, 初步设计, 开工, 交工验收, 竣工验收.

_NOT_THERE = re.compile(r"[未没待拟]|尚|正在|仍在|准备|计划|筹备|申请|办理|[程段理展]中")


@cache
def _stages() -> tuple[re.Pattern[str], dict[str, tuple[int, int]]]:
    """Build the search for the words of every stage, and the ladder and the place of each."""
    places = _places("stages")
    return re.compile(any_of(places)), places


def _furthest(words: str) -> dict[int, int]:
    """Give the furthest stage that a text names on each ladder."""
    search, places = _stages()
    found = search.findall(words)
    return dict(sorted(places[word] for word in found)) if found else {}


def not_there(words: str) -> bool:
    """Tell words that speak of a stage which is not reached yet: `竣工验收手续办理中`, `待批复`."""
    return _NOT_THERE.search(words) is not None


def stages_on(target: str, actual: str) -> int:
    """Count the stages from a target's on to the actual's, negative short of it, 0 where none is told.

    `竣工验收` answered by `已完成交工验收` is short of it, `主体封顶` by `已竣工` beyond.
    """
    wanted = _furthest(target)
    if not wanted:
        return 0
    given = _furthest(actual)
    return next((given[ladder] - place for ladder, place in wanted.items() if ladder in given), 0)


# Relations to something else: `不低于上年`, `高于全省平均水平`, answered by a relation to the same thing.

_TO = (
    r"(?P<to>上年|去年|上一年|往年|同期|全[国省市县区州]|[国省市县区州]内?平均|行业|平均|周边)"
    r"[^,;。、()0-9]{0,8}"
)
_RELATION = re.compile(
    rf"(?P<no>[不未没无][得能应]?)?(?P<side>高于|高出|超过|超出|超(?=上年|去年)|优于|好于|多于|大于|低于|少于|小于|差于){_TO}"
    rf"|与?{_TO.replace('<to>', '<as>')}(?:持平|相当|一致)"
    rf"|[较比]{_TO.replace('<to>', '<than>')}"
    r"(?P<change>(?P<up>增加|增长|上升|提高|提升)|(?:减少|下降|降低|缩减))"
)
_NO_CHANGE = re.compile(r"(?:零|[不未没无](?:再|有|能|得|出现|明显)?)$")
_LEVEL_WITH = re.compile("同比(?:基本|总体)?持平")
_SAME_TIME = re.compile("同比(?=[增上提减下降缩])")
_LAST_YEAR = frozenset({"上年", "去年", "上一年", "同期"})
_SIDE = re.compile("[同于超过出较比]|持平|相当|一致")
_UPWARD = frozenset({"超", "高于", "高出", "超过", "超出", "优于", "好于", "多于", "大于"})


class _Relation(NamedTuple):
    """Hold to what something is related, and the signs that its difference may have."""

    to: str
    signs: frozenset[int]


def related(case: Case) -> Outcome | None:
    """Compare two relations, which a person does if they are to different things."""
    wanted = _relation(case.target.text)
    given = None if wanted is None else _relation(case.actual.text)
    if wanted is None or given is None:
        return None
    if wanted.to != given.to and not {wanted.to, given.to} <= _LAST_YEAR:
        return JUDGEMENT
    if given.signs <= wanted.signs:
        return STATED_MET
    return JUDGEMENT if given.signs & wanted.signs or given.signs == {0} else STATED_MISSED


def signs_to_last_year(text: str) -> frozenset[int] | None:
    """Give the signs that a change from last year may have (`不超过上年`), None where that is not asked."""
    relation = _relation(text)
    return relation.signs if relation and relation.to in _LAST_YEAR else None


def _relation(text: str) -> _Relation | None:
    text = _SAME_TIME.sub("较同期", _LEVEL_WITH.sub("与同期持平", text))
    found = _RELATION.search(text) if _SIDE.search(text) else None
    if found is None:
        return None
    if found["than"]:
        sign = 1 if found["up"] else -1
        unchanged = _NO_CHANGE.search(text[: found.start("change")])  # 较上年零增长
        return _Relation(found["than"], frozenset({0, -sign} if unchanged else {sign}))
    if found["side"] is None:
        return _Relation(found["as"], frozenset({0}))
    sign = 1 if found["side"] in _UPWARD else -1
    return _Relation(found["to"], frozenset({0, -sign} if found["no"] else {sign}))


# Proportions: `师生比 1:18` is answered by `1:16.5`. Leverage is good when high; elsewhere a printed sign
# bounds it, and where that is not kept, or none is printed, only a person can say which side is good.

_PROPORTION = re.compile(
    r"(?P<sign>[≤≥=<>]?)(?P<one>[0-9]{1,6}(?:\.[0-9]{1,6})?):(?P<other>[0-9]{1,9}(?:\.[0-9]{1,6})?)"
)
_LEVERAGE = search("leverage")


def _proportions(case: Case) -> Outcome | None:
    """Compare two cells that are a proportion and nothing else."""
    if ":" not in case.target.text:
        return None
    wanted, given = _PROPORTION.fullmatch(case.target.text), _PROPORTION.fullmatch(case.actual.text)
    if wanted is None or given is None:
        return None
    asked, got, sign = _other(wanted), _other(given), wanted["sign"] or "="
    if _LEVERAGE.search(case.context.name):
        return MEASURED_MET if got >= asked else MEASURED_MISSED
    kept = asked == got or (sign in "≤<" and got < asked) or (sign in "≥>" and got > asked)
    return MEASURED_MET if kept else JUDGEMENT


def _other(proportion: re.Match[str]) -> Decimal:
    """Give the second number where the first is one: `2:30` is `1:15`."""
    one = Decimal(proportion["one"])
    return Decimal(proportion["other"]) / one if one else Decimal(0)


IN_AN_ORDER = (
    Rule("places-in-a-ranking", _within_places, WHOLE),
    Rule("letters", _letters, WHOLE),
    Rule("classes", _classes, WHOLE),
    Rule("levels", _level_alone, WHOLE),
    Rule("proportions", _proportions, WHOLE),
)


def against_the_named(case: Case) -> Outcome | None:
    """Set a figure against that of the place which the target names: `增速13.1%,全县9.2%`."""
    target, given = case.target.text, case.figures
    found = _THAN.search(target)
    if found is None or len(given) != A_PAIR or given[0].unit != given[1].unit:
        return None
    named = [found["to"] in before(case.actual, one) for one in given]
    if sorted(named) != [False, True] or any(one.high for one in given):
        return None
    other, own = given[named.index(True)], given[named.index(False)]
    if search("planned").search(before(case.actual, own)):
        return None
    more, less = own.value > other.value, own.value < other.value
    above = found["side"] in _ABOVE
    reached = more if above else less
    kept = not reached if found["no"] else reached
    sides = f"{told(case.actual, own)}{'>' if more else '<' if less else '='}{told(case.actual, other)}"
    return derived(measured(kept), sides)


_THAN = re.compile(
    r"(?P<no>[不未])?(?P<side>高于|超过|优于|大于|低于|少于|小于)(?P<to>全[国省市县区州]|周边|行业|[国省市县区]平均)"
)
_ABOVE = frozenset({"高于", "超过", "优于", "大于"})


_KEEPS_WITHIN = re.compile(r"[不未]得?(?:超|突破|高于|大于)|控制在|以?内$|范围内")
_SETTLED = re.compile("[结决]算|审定|核定")


def within_a_budget(case: Case) -> Outcome | None:
    """Set what was spent against the limit that stands beside it: `概算1260万元,完成1198万元`."""
    target, given = case.target.text, case.figures
    named = search("a_budget").search(target)
    if named is None or not _KEEPS_WITHIN.search(target) or len(given) != A_PAIR:
        return None
    limits = [one for one in given if named[0] in before(case.actual, one)]
    if len(limits) != 1 or given[0].unit != given[1].unit or given[0].unit.dimension != "money":
        return None
    limit = limits[0]
    spent = given[1] if limit is given[0] else given[0]
    words = before(case.actual, spent)
    if not (search("carried_out").search(words) or _SETTLED.search(words)) or any(
        one.high or one.unit.per for one in given
    ):
        return None
    sides = (
        f"{told(case.actual, spent)}{'≤' if spent.value <= limit.value else '>'}{told(case.actual, limit)}"
    )
    return derived(measured(spent.value <= limit.value), sides)
