"""Figures of an actual that dispute the one that answered: of another member, another stage, or beside it.

`住院次均费用5800元` does not answer 门诊次均费用, `日均播出18小时` is no year's total, and of
`大修82万元/公里、中修45万元/公里` neither alone keeps a limit on both. What is disputed is left to a person.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

from perfkit.values.derived import A_PAIR, EARLIER, before, not_worked_on, plainly, search, undone
from perfkit.values.figures import compare_quantities
from perfkit.values.quantity import ONE, ZERO, comparable
from perfkit.values.rules import SURE
from perfkit.values.terms import AT_LEAST, MET, MISSED
from perfkit.values.tokens import counts_another_thing
from perfkit.values.vocabulary import any_of, table

if TYPE_CHECKING:
    from perfkit.values.quantity import Quantity
    from perfkit.values.rules import Case, Outcome

PLANNED = re.compile(
    r"计划|目标|预算|应|原定|预期|任务|上年|去年|其中|含|包括|在建|未|拟|待|取消|放弃|拆除|退出|剩余|尚|损坏|不"
)
_LIST_STOP = ("、", "和", "及")
_DOSES = frozenset({"剂", "剂次", "针", "针次"})
_VISITS = frozenset({"户次", "家次", "所次", "店次", "台次", "艘次"})
_ON_TOP = re.compile(r"^(?:另|此外|还)")
_BEGUN = re.compile("开工|启动|动工|签约|立项|申报|受理|报名")
_AVERAGED = re.compile(r"[日月周季人户场亩村生次]均|平均每|每[天日月周季]")
_PER = re.compile(r"[均每各/]|平均")
_FIRST = re.compile(r"首[轮次检批]|初[次检审验]|第一[次轮]|一次|整改前|修复前|返工前|培训前|改造前|治理前")
_AFTER = re.compile(r"复[检审验测查]|二次|补考|(?:整改|修复|返工|培训|改造|治理|复测)后")


def disputed(case: Case, outcome: Outcome) -> bool:
    """Tell a verdict against which another figure or word of the actual speaks."""
    if outcome.verdict not in SURE:
        return False
    answer = next((one for one in case.figures if one.start == outcome.at), None)
    if answer is not None and (_of_another_member(answer, case) or _of_an_average(answer, case)):
        return True
    if answer is not None and case.figure.unit.counts and counts_another_thing(answer, case):
        return True
    if outcome.verdict is MISSED and answer is not None and _fewer_than_doses(answer, case):
        return True
    if outcome.verdict is MISSED and (_listed_otherwise(case) or _enough_together(case)):
        return True
    if outcome.verdict is MISSED and _comes_on_top(case, answer):
        return True
    met = outcome.verdict is MET
    if met and answer is not None and _undone_of_them(answer, case):
        return True
    spoken_against = _exceeded_by_another(case, answer) or _short_at_a_later_stage(case, answer)
    return _in_two_stages(case, outcome) or (met and spoken_against)


@cache
def _members() -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(any_of(group)) for group in table("roles")["members"])


def _of_another_member(answer: Quantity, case: Case) -> bool:
    """Tell a figure of another member of a group than the one that the row names: 住院 under 门诊."""
    words = before(case.actual, answer)
    for members in _members():
        asked, told = set(members.findall(case.asked)), set(members.findall(words))
        if asked and told and asked.isdisjoint(told):
            return True
    return False


def _of_an_average(answer: Quantity, case: Case) -> bool:
    """Tell an average of days, months or people where a total is asked for."""
    found = None if case.limit or case.figure.unit.dimension == "ratio" else _AVERAGED.search(answer.label)
    if found is None or _PER.search(case.asked) or answer.unit.per or case.figure.unit.per:
        return False
    return found[0].strip("均平每") not in case.asked


def _fewer_than_doses(answer: Quantity, case: Case) -> bool:
    """Tell people or firms (`2.1万人`) fewer than the doses or visits asked for: each may have had several."""
    if case.limit:
        return False
    asked, given = case.figure.unit.name, answer.unit.name
    return (asked in _DOSES and given not in _DOSES) or (asked in _VISITS and f"{given}次" == asked)


def _listed_otherwise(case: Case) -> bool:
    """Tell a list of things in several counters (`轮椅210辆、拐杖340件`), of which one alone is no total."""
    counters = {one.unit.name for one in case.figures}
    counted = len(counters) > 1 and all(one.unit.counts for one in case.figures)
    return counted and not case.limit and _are_listed(case)


def _are_listed(case: Case) -> bool:
    """Tell figures between which nothing but a list's comma and the name of each stands."""
    gaps = [case.actual.text[one.end : other.start] for one, other in pairwise(case.figures)]
    return bool(gaps) and all(gap.startswith(_LIST_STOP) for gap in gaps)


def _undone_of_them(answer: Quantity, case: Case) -> bool:
    """Tell a count of what is not done (`100户,5户未完工`) without which the target would not be met.

    What is left beside a count of what came to its end (`建成100户,其余5户在建`) is none of that.
    """
    if case.limit or case.figure.unit.dimension == "ratio" or undone(case.actual, answer):
        return False
    left = [one for one in _others_of_the_unit(answer, case) if not_worked_on(one, case)]
    if not left:
        return False
    beside = [one for one in left if _LEFT_OVER.search(before(case.actual, one))]
    if len(beside) == len(left) and search("ended").search(answer.clause):
        return False
    gone = sum((one.value for one in left), start=ZERO)
    return _verdict(answer._replace(number=answer.value - gone, scale=ONE), case) is MISSED


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


def _exceeded_by_another(case: Case, answer: Quantity | None) -> bool:
    """Tell a limit that another figure of the kind, now and of the same thing, does not keep."""
    if not case.limit or answer is None or len(case.figures) < A_PAIR:
        return False
    listed = _are_listed(case)
    return any(
        _verdict(one, case) is MISSED
        for one in _others(case, answer)
        if before(case.actual, one) and (listed or not _of_another_member(one, case))
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


def _short_at_a_later_stage(case: Case, answer: Quantity | None) -> bool:
    """Tell a count of what went further (`建成52个，开通48个`) by which the target would not be met."""
    if case.limit or answer is None or case.figure.unit.dimension == "ratio" or _BEGUN.search(case.asked):
        return False
    later = search("later_stages")
    return any(
        _verdict(one, case) is MISSED
        for one in _others(case, answer)
        if one.unit == answer.unit and later.search(one.clause) and not later.search(answer.clause)
        if one.start > answer.start and not undone(case.actual, one)
    )


def _comes_on_top(case: Case, answer: Quantity | None) -> bool:
    """Tell a figure that is told to come on top (`另网络推送900条次`) and makes up for what is missing."""
    if case.limit or answer is None:
        return False
    more = [one for one in case.figures if one is not answer and _ON_TOP.search(before(case.actual, one))]
    if not more or any(one.unit != answer.unit or undone(case.actual, one) for one in more):
        return False
    sum_of_all = sum((one.value for one in more), start=answer.value)
    return _verdict(answer._replace(number=sum_of_all, scale=ONE), case) is MET


def _of_another_time(figure: Quantity) -> bool:
    return bool(PLANNED.search(plainly(figure.label)) or EARLIER.search(figure.label))


def _verdict_is_other(figure: Quantity, case: Case, outcome: Outcome) -> bool:
    return _verdict(figure, case) is not outcome.verdict


def _verdict(figure: Quantity, case: Case) -> object:
    plain = figure._replace(label="", tail="", operator="", direction=None)
    return compare_quantities(case.figure, plain, case.context, case.direction or AT_LEAST).verdict
