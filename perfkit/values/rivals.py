"""Figures beside the one that answers, and which of them dispute it.

`住院次均费用5800元` does not answer 门诊次均费用, `日均播出18小时` is no year's total, and of
`大修82万元/公里、中修45万元/公里` neither alone keeps a limit on both. What is disputed is left to a person.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

from perfkit.values.comparison import compare_quantities
from perfkit.values.derived import (
    A_PAIR,
    EARLIER,
    before,
    clause,
    not_worked_on,
    plainly,
    undone,
)
from perfkit.values.quantity import ONE, ZERO, comparable
from perfkit.values.rules import AT_LEAST, MET, MISSED, SURE
from perfkit.values.states import complements, denies
from perfkit.values.tokens import (
    counts_another_thing,
    ends_in_another_thing,
    is_of_another_kind,
    is_of_other_people,
    names_a_thing_of_its_own,
)
from perfkit.values.vocabulary import any_of, groups, search, table

if TYPE_CHECKING:
    from perfkit.values.quantity import Quantity
    from perfkit.values.rules import Case, Outcome


PLANNED = re.compile(
    r"计划|目标|预算|合同(?:总?造?价)|中标|控制价|概算|估算|应|原定|预期|任务|上年|去年|其中|含|包括|在建|未|拟|待|取消|放弃|拆除|退出|剩余|尚|损坏|不"
)
_LIST_STOP = ("、", "和", "及")
_DOSES = frozenset({"剂", "剂次", "针", "针次"})
_VISITS = frozenset({"户次", "家次", "所次", "店次", "台次", "艘次"})
_ON_TOP = re.compile(r"^(?:另|此外|还)")
_BEGUN = search("begun")
_AVERAGED = re.compile(r"[日月周季人户场亩村生次]均|平均每|每[天日月周季]")
_ONES = frozenset({"个", "人", "名"})  # posts are counted as what fills them
_PER = re.compile(r"[均每各/]|平均")
_FIRST = re.compile(r"首[轮次检批]|初[次检审验]|第一[次轮]|一次|整改前|修复前|返工前|培训前|改造前|治理前")
_AFTER = re.compile(r"复[检审验测查]|二次|补考|(?:整改|修复|返工|培训|改造|治理|复测)后")


def disputed(case: Case, outcome: Outcome) -> bool:
    """Tell a verdict against which another figure or word of the actual speaks."""
    if outcome.verdict not in SURE:
        return False
    answer = next((one for one in case.figures if one.start == outcome.at), None)
    doubts = () if answer is None else _OF_EITHER + (_OF_A_MET if outcome.verdict is MET else _OF_A_MISSED)
    if answer is not None and any(doubt(answer, case) for doubt in doubts):
        return True
    if outcome.verdict is MISSED and (_listed_otherwise(answer, case) or _enough_together(case)):
        return True
    return _in_two_stages(case, outcome)


def tells_nothing(case: Case, outcome: Outcome) -> bool:
    """Tell a figure that is no answer at all: of what is agreed on, or there, not of what came of it."""
    answer = next((one for one in case.figures if one.start == outcome.at), None)
    if answer is None or _others_of_the_unit(answer, case):
        return False
    return _of_a_stock(answer, case) or _only_agreed(answer, case)


def _of_another_thing(answer: Quantity, case: Case) -> bool:
    unit = case.figure.unit
    if unit.dimension == "ratio":
        return is_of_other_people(answer, case)
    other = unit.counts and unit.name != answer.unit.name and case.figure.tail == answer.tail == ""
    return unit.counts and (
        counts_another_thing(answer, case)
        or is_of_another_kind(answer, case)
        or bool(other and answer.unit.counts and names_a_thing_of_its_own(answer, case))
    )


@cache
def _members() -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(any_of(group)) for group in table("roles")["members"])


def of_another_member(answer: Quantity, case: Case) -> bool:
    """Tell a figure of another member of a group than the one that the row names: 住院 under 门诊."""
    words = before(case.actual, answer)
    for members in _members():
        asked, told = set(members.findall(case.asked)), set(members.findall(words))
        if asked and told and asked.isdisjoint(told):
            return True
    return False


def names_a_member(answer: Quantity, case: Case) -> bool:
    """Tell a figure that names the very member of a group which the row names."""
    words = before(case.actual, answer)
    return any(set(one.findall(case.asked)) & set(one.findall(words)) for one in _members())


def _of_an_average(answer: Quantity, case: Case) -> bool:
    """Tell an average of days, months or people where a total is asked for."""
    found = None if case.limit or case.figure.unit.dimension == "ratio" else _AVERAGED.search(answer.label)
    if found is None or _PER.search(case.asked) or answer.unit.per or case.figure.unit.per:
        return False
    return found[0].strip("均平每") not in case.asked


def _fewer_than_doses(answer: Quantity, case: Case) -> bool:
    """Tell people or firms fewer than the doses or visits asked for: each may have had several."""
    if case.limit:
        return False
    asked, given = case.figure.unit.name, answer.unit.name
    return (asked in _DOSES and given not in _DOSES) or (asked in _VISITS and f"{given}次" == asked)


def _listed_otherwise(answer: Quantity | None, case: Case) -> bool:
    """Tell a list of things in several counters (`轮椅210辆、拐杖340件`), of which one alone is no total.

    The one that the row names (`宣传片1部、短视频6条` under 宣传片) answers it by itself.
    """
    named = [one for one in case.figures if len(one.label) > 1 and one.label[-2:] in case.asked]
    if named == [answer] and not search("any_thing").search(case.asked):
        return False
    counters = {one.unit.name for one in case.figures}
    counted = len(counters) > 1 and all(one.unit.counts for one in case.figures)
    return counted and not case.limit and _are_listed(case)


def _are_listed(case: Case) -> bool:
    """Tell figures between which nothing but a list's comma and the name of each stands."""
    gaps = [case.actual.text[one.end : other.start] for one, other in pairwise(case.figures)]
    return bool(gaps) and all(gap.startswith(_LIST_STOP) for gap in gaps)


_YEARS_TOGETHER = re.compile(r"[两二三四五六七八九十2-9]个?年(?:来|间|内)?(?:累计|合计|总共|总计|共|来|间)*$")
_FROM_YEAR_TO_YEAR = re.compile(r"((?:19|20)[0-9]{2})年?[-~至到]((?:19|20)[0-9]{2})年")
_SOME_OF_A_YEAR = re.compile(r"(?:含|包括|其中)[^(),;。0-9]{0,4}((?:19|20)[0-9]{2})年")
_COMPARING = re.compile(r"[较比]|同比|延|推迟|结转")


def _of_other_years(answer: Quantity, case: Case) -> bool:
    """Tell a count that is not of the form's year alone: `三年累计620人`, `截至2024年3月210人`."""
    if case.figure.unit.dimension in {"ratio", "time"} or case.context.lasting or case.target.dates:
        return False
    text = case.actual.text
    digit = re.search("[0-9一二三四五六七八九十]", text[answer.start : answer.end])
    until = answer.start + (digit.start() if digit else 0)
    if _YEARS_TOGETHER.search(text[:until]) and not (case.limit and _verdict(answer, case) is MET):
        return re.search(_YEARS_TOGETHER.pattern[:-1], f"{case.context.name}{case.target.text}") is None
    if case.year is None:
        return False
    of_years = (_FROM_YEAR_TO_YEAR.search(text), _SOME_OF_A_YEAR.search(text))
    if any(found and int(found[1]) < case.year for found in of_years):
        return True
    later = [span for span in case.actual.dates if span.year > case.year]
    if _verdict(answer, case) is MISSED:  # what is put off (`另2座顺延至2025年`) is no part of it
        later = [span for span in later if not re.search("[,;。]", text[answer.end : span.start])]
    return any(not _COMPARING.search(text[max(0, span.start - 4) : span.start]) for span in later)


_CHANGE_ONLY = re.compile(r"同比|环比|[较比](?:上|去|往)?年|[较比]同期")
_OF_A_CHANGE = re.compile(r"[增升涨降减缩]|提高|同比|较上年|比上年|环比|较|比")


def _only_a_change(answer: Quantity, case: Case) -> bool:
    """Tell by how many it changed (`同比增加20人`) where it is asked how many there were."""
    if case.figure.unit.dimension == "ratio":
        return False
    return bool(_CHANGE_ONLY.search(answer.label)) and not _OF_A_CHANGE.search(
        f"{case.asked}{case.target.text}"
    )


_SHARE_OF_THE_WORK = re.compile(r"(?:完成|进度|执行|到位)率?(?:达到?|为)?$")
_HUNDRED = ONE * 100


def _said_to_be_less(answer: Quantity, case: Case) -> bool:
    """Tell a count that is only planned, or beside which a share says that not all is done."""
    words = before(case.actual, answer)
    told = words if len(case.figures) == 1 else case.actual.text
    if _AS_PLANNED.search(words) and not search("carried_out").search(told):
        return _AS_PLANNED.search(case.asked) is None and not search("planned").search(case.asked)
    if case.limit:
        return _more_to_pay(answer, case) or _only_estimated(answer, case)
    if case.figure.unit.dimension == "ratio":
        return _some_were_not(answer, case)
    return any(
        one.unit.dimension == "ratio"
        and one.value < _HUNDRED
        and _SHARE_OF_THE_WORK.search(before(case.actual, one))
        for one in case.figures
        if one is not answer
    )


def _some_were_not(answer: Quantity, case: Case) -> bool:
    """Tell some that failed in what the rate is of (`2批次不合格` for 合格率) beside all of it."""
    name, failing = case.context.name, search("failing")
    if answer.value < _HUNDRED or failing.search(name):
        return False
    of_it = [group for group in groups("predicates") if group.search(name)]
    return any(
        failing.search(words) and any(group.search(words) for group in of_it)
        for one in case.figures
        if one.unit.counts and one.number and not denies(words := clause(case.actual, one))
    )


_AS_PLANNED = re.compile(r"^(?:原|年初)?(?:计划|原定|拟|目标)")


_ESTIMATED = re.compile(r"^[^,;。]{0,4}(?:概算|估算|匡算|控制价|拦标价|最高限价|预算)(?!执行|支出|内)")


def _only_estimated(answer: Quantity, case: Case) -> bool:
    """Tell what was only estimated beforehand (`概算户均1.75万元`): no cost."""
    words, told = before(case.actual, answer), search("carried_out")
    if len(case.figures) > 1 or _ESTIMATED.search(words) is None or told.search(case.actual.text):
        return False
    return _ESTIMATED.search(case.context.name) is None


def _more_to_pay(answer: Quantity, case: Case) -> bool:
    """Tell money still to be paid (`剩余40万元未支付`) that with what was paid exceeds the limit."""
    left = [one for one in _others_of_the_unit(answer, case) if undone(case.actual, one)]
    if answer.unit.dimension != "money" or not left or undone(case.actual, answer):
        return False
    owed = sum((one.value for one in left), start=answer.value)
    return _verdict(answer._replace(number=owed, scale=ONE), case) is MISSED


def _undone_of_them(answer: Quantity, case: Case) -> bool:
    """Tell a count of what is not done (`100户,5户未完工`) without which the target would not be met.

    What is left beside a count of what came to its end (`建成100户,其余5户在建`) is none of that.
    """
    if case.limit or case.figure.unit.dimension == "ratio" or undone(case.actual, answer):
        return False
    left = [
        one
        for one in _others_of_the_unit(answer, case)
        if not_worked_on(one, case)
        or (before(case.actual, one).startswith("其中") and _FAILED.search(one.clause))
    ]
    if not left:
        return False
    beside = [one for one in left if _LEFT_OVER.search(before(case.actual, one))]
    if len(beside) == len(left) and search("ended").search(answer.clause):
        return False
    gone = sum((one.value for one in left), start=ZERO)
    return _verdict(answer._replace(number=answer.value - gone, scale=ONE), case) is MISSED


def _less_those_who_left(answer: Quantity, case: Case) -> bool:
    """Tell some of the answer's who count no more (`聘用86人,年内退出2人`), without whom it would not do."""
    if case.limit or case.figure.unit.dimension == "ratio" or _GONE.search(before(case.actual, answer)):
        return False
    gone = [one for one in _others_of_the_unit(answer, case) if _left().search(before(case.actual, one))]
    rest = answer.value - sum((one.value for one in gone), start=ZERO)
    return bool(gone) and _verdict(answer._replace(number=rest, scale=ONE), case) is MISSED


@cache
def _left() -> re.Pattern[str]:
    return re.compile(f"(?:{any_of(table('roles')['those_who_left'])})了?$")


_GONE = search("in_stock")
_FAILED = search("failed_a_test")
_LEFT_OVER = re.compile("其余|剩余|余下|另|还有|尚有|在建$|正在")


def _others_of_the_unit(answer: Quantity, case: Case) -> list[Quantity]:
    return [
        one
        for one in case.figures
        if one is not answer and one.unit == answer.unit and not case.actual.in_brackets(one)
    ]


def _enough_together(case: Case) -> bool:
    """Tell figures of one doing (`抓获27名,协助外地抓获6名`) that meet together what none does alone."""
    doing = search("doings").search(case.asked)
    given = [one for one in case.figures if doing and doing[0] in one.clause]
    apart = [one for one in given if not (PLANNED.search(plainly(one.label)) or undone(case.actual, one))]
    units = {one.unit for one in apart}
    if case.limit or len(apart) < max(A_PAIR, len(case.figures)) or len(units) > 1 or case.figure.unit.per:
        return False
    return sum((one.value for one in apart), start=ZERO) >= case.figure.value


def _in_two_stages(case: Case, outcome: Outcome) -> bool:
    """Tell a rate of a first and of a second try (`首轮通过率96%，修复后100%`) that differ in verdict."""
    rates = [one for one in case.figures if one.unit == case.figure.unit]
    words = [before(case.actual, one) for one in rates]
    first = [one for one, said in zip(rates, words, strict=True) if _FIRST.search(said)]
    after = [one for one, said in zip(rates, words, strict=True) if _AFTER.search(said)]
    if (
        len(rates) < A_PAIR
        or not after
        or _FIRST.search(case.asked)
        or not (first or len(rates) > len(after))
    ):
        return False
    return any(_verdict_is_other(one, case, outcome) for one in rates)


def _exceeded_by_another(answer: Quantity, case: Case) -> bool:
    """Tell a limit that another figure of the kind, now and of the same thing, does not keep."""
    if not case.limit or len(case.figures) < A_PAIR:
        return False
    listed = _are_listed(case)
    return any(
        _verdict(one, case) is MISSED
        for one in _others(case, answer)
        if before(case.actual, one) and (listed or not of_another_member(one, case))
    )


def _others(case: Case, answer: Quantity) -> list[Quantity]:
    """Give the other figures of the answer's kind that are of the same time and in no bracket."""
    return [
        one
        for one in case.figures
        if one is not answer
        and one.unit.dimension == answer.unit.dimension
        and comparable(one.unit, answer.unit)
        and not case.actual.in_brackets(one)
        and not _of_another_time(one)
    ]


def _some_of_them(case: Case, answer: Quantity) -> list[Quantity]:
    """Give the figures that are told as some of the answer's (`其中在线580路`)."""
    some = [one for one in _others_of_the_unit(answer, case) if before(case.actual, one).startswith("其中")]
    return [one for one in some if not case.figure.unit.per and one.start > answer.start]


def _short_at_a_later_stage(answer: Quantity, case: Case) -> bool:
    """Tell a count of what went further (`建成52个，开通48个`) by which the target would not be met."""
    if case.limit or case.figure.unit.dimension == "ratio" or _BEGUN.search(case.asked):
        return False
    later = search("later_stages")
    return any(
        _verdict(one, case) is MISSED
        for one in (*_others(case, answer), *_some_of_them(case, answer))
        if (one.unit == answer.unit or {one.unit.name, answer.unit.name} <= _ONES)
        and later.search(one.clause)
        and not later.search(answer.clause)
        if one.start > answer.start and not undone(case.actual, one)
    )


def _comes_on_top(answer: Quantity, case: Case) -> bool:
    """Tell a figure that is told to come on top (`另网络推送900条次`) and makes up for what is missing."""
    if case.limit:
        return False
    more = [one for one in case.figures if one is not answer and _ON_TOP.search(before(case.actual, one))]
    if not more or any(
        not comparable(one.unit, answer.unit) or one.unit.per or undone(case.actual, one) for one in more
    ):
        return False
    if any(put_off(one, case) for one in more):
        return False
    sum_of_all = sum((one.value for one in more), start=answer.value)
    return _verdict(answer._replace(number=sum_of_all, scale=ONE), case) is MET


def put_off(figure: Quantity, case: Case) -> bool:
    """Tell a figure behind which a year after the form's stands: `另1个调整为2024年实施`."""
    end = min((one.start for one in case.figures if one.start > figure.start), default=None)
    years = re.findall(r"(?:19|20)[0-9]{2}(?=年)", case.actual.text[figure.end : end])
    return any(int(year) > (case.year or int(year)) for year in years)


def _of_another_time(figure: Quantity) -> bool:
    return bool(PLANNED.search(plainly(figure.label)) or EARLIER.search(figure.label))


def _verdict_is_other(figure: Quantity, case: Case, outcome: Outcome) -> bool:
    return _verdict(figure, case) is not outcome.verdict


def _verdict(figure: Quantity, case: Case) -> object:
    plain = figure._replace(label="", tail="", operator="", direction=None)
    return compare_quantities(case.figure, plain, case.context, case.direction or AT_LEAST).verdict


def _of_kindred_doings(answer: Quantity, case: Case) -> bool:
    """Tell a figure of a kindred doing (`转发36条` beside `发布186条`) with which the target would be met."""
    if case.limit or case.figure.unit.dimension == "ratio":
        return False
    for kindred in groups("kindred"):
        own = kindred.findall(before(case.actual, answer))
        more = [
            one
            for one in _others_of_the_unit(answer, case)
            if not (PLANNED.search(plainly(one.label)) or undone(case.actual, one))
            and set(kindred.findall(before(case.actual, one))) - set(own)
        ]
        total = sum((one.value for one in more), start=answer.value)
        if own and more and _verdict(answer._replace(number=total, scale=ONE), case) is MET:
            return True
    return False


def _short_of_all_told(answer: Quantity, case: Case) -> bool:
    """Tell figures of one unit that together meet what none meets alone: `新购1.28万册,受赠3100册`.

    A later stage of the same things, a part of them or what is planned or undone comes on top of nothing.
    """
    if case.limit or not case.figure.unit.counts or answer.unit.per or answer.unit.bare:
        return False
    apart = [
        one
        for one in _others_of_the_unit(answer, case)
        if not (PLANNED.search(plainly(one.label)) or undone(case.actual, one))
        and not search("outcomes").search(before(case.actual, one))
        and search("comes_in").search(before(case.actual, one))
    ]
    total = sum((one.value for one in apart), start=answer.value)
    mine = search("comes_in").search(before(case.actual, answer))
    return bool(apart and mine) and _verdict(answer._replace(number=total, scale=ONE), case) is MET


_EXTREME = re.compile("最[低高小大短长少多差坏]|峰值|个别")


def _an_extreme_differs(answer: Quantity, case: Case) -> bool:
    """Tell the best or the worst of them beside their average, with which the verdict would be another."""
    extremes = [one for one in _others(case, answer) if _EXTREME.search(before(case.actual, one))]
    if _EXTREME.search(f"{case.asked}{case.target.text}") or _EXTREME.search(before(case.actual, answer)):
        return False
    return any(_verdict(one, case) is not _verdict(answer, case) for one in extremes)


def _amiss(answer: Quantity, case: Case) -> bool:
    """Tell what went amiss (`追回多发补贴3笔`) beside all of a rate that counts what is left without it."""
    all_well = answer.unit.dimension == "ratio" and complements(case.context.name)
    return all_well and search("amiss").search(case.actual.text) is not None and not denies(case.actual.text)


def _of_a_stock(answer: Quantity, case: Case) -> bool:
    """Tell how many there are (`经营主体总量13.6万户`) where it is asked how many are new."""
    there, asked = search("stock"), case.asked
    new = search("newly").search(asked) is not None and there.search(asked) is None
    return new and there.search(before(case.actual, answer)) is not None


def _only_agreed(answer: Quantity, case: Case) -> bool:
    """Tell what was agreed on (`签约项目5个`) where it is asked what came of it."""
    if case.limit or search("about_agreements").search(case.asked):
        return False
    return search("agreed").search(before(case.actual, answer)) is not None


_RATE = re.compile(r"[\u4e00-\u9fff]+率")


def _of_a_wider_rate(answer: Quantity, case: Case) -> bool:
    """Tell a rate (`毕业生就业率`) that leaves out a word within the row's own (`毕业生对口就业率`)."""
    found, name = _RATE.match(before(case.actual, answer)), case.context.name
    if found is None or not name.endswith("率") or found[0] in name:
        return False
    told = found[0]
    same = next((n for n in range(len(told)) if told[n:] == name[len(name) - len(told) + n :]), len(told))
    head, left = told[:same], name[: len(name) - len(told) + same]
    at = left.find(head)
    return same >= _SHORTEST and at >= 0 and len(left) - at - same >= _SHORTEST


def _of_another_doing(answer: Quantity, case: Case) -> bool:
    """Tell a figure of another doing (`慰问教师320人`) than the one that the row asks for (培训教师)."""
    words, apart = clause(case.actual, answer), groups("apart_doings")
    asked, told = ({at for at, one in enumerate(apart) if one.search(text)} for text in (case.asked, words))
    return bool(asked and told and asked.isdisjoint(told))


_SHORTEST = 2
_OF_EITHER = (
    of_another_member,
    _of_a_wider_rate,
    _of_an_average,
    _of_other_years,
    _only_a_change,
    _of_another_thing,
    _of_another_doing,
    _an_extreme_differs,
)
_OF_A_MET = (
    _undone_of_them,
    _less_those_who_left,
    _said_to_be_less,
    _exceeded_by_another,
    _amiss,
    _of_a_stock,
    _only_agreed,
    _short_at_a_later_stage,
)


def _short_of_all_listed(answer: Quantity, case: Case) -> bool:
    """Tell a list of figures of one unit (`重点18项、面上45项`) that meet together what none meets alone."""
    if case.limit or not answer.unit.counts or answer.unit.per or not _are_listed(case):
        return False
    rest = _others_of_the_unit(answer, case)
    total = sum((one.value for one in rest), start=answer.value)
    own = [search("doings").sub("", one.label) for one in (answer, *rest)]
    apart = all(len(words) > 1 and words not in case.asked for words in own)
    return (
        apart
        and len(own) == len(case.figures)
        and _verdict(answer._replace(number=total, scale=ONE), case) is MET
    )


def _in_another_counter(answer: Quantity, case: Case) -> bool:
    """Tell a count of another thing in another counter: `安装道路4条` for 路灯240盏."""
    other = case.figure.unit.counts and answer.unit.counts and answer.unit.name != case.figure.unit.name
    return other and not answer.unit.bare and ends_in_another_thing(answer.label, case, name=True)


_OF_A_MISSED = (
    _in_another_counter,
    _short_of_all_listed,
    _fewer_than_doses,
    _comes_on_top,
    _of_kindred_doings,
    _short_of_all_told,
)
