"""The rules for a figure set against figures: which of them answers, and what came of it.

Like answers like, what is done goes before what is planned, and a whole is never set against a share. Figures
that may all answer and do not agree leave the row to a person.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from perfkit.values.comparison import compare_quantities
from perfkit.values.deadlines import DATE_BY_WORDS, EARLY_OR_LATE, NTH_DAY
from perfkit.values.demands import aside_differs, is_note, leaves_out
from perfkit.values.derived import (
    A_PAIR,
    EARLIER,
    OF_THEM,
    before,
    cost_of_each,
    days_of_year,
    growth,
    less_what_is_undone,
    part_of_whole,
    plainly,
    shares,
    shares_of_all,
    undone,
    what_is_left,
)
from perfkit.values.ladders import names_a_class, of_another_class, of_that_class
from perfkit.values.mixed import answer_in_words, share_in_words
from perfkit.values.parts import (
    called_off,
    each_must_hold,
    each_named,
    each_within_the_time,
    other_things,
    parts_add_up,
    so_many_in_each,
    so_much_each_time,
    total_of_many,
    whole_for_share,
)
from perfkit.values.quantity import ONE, PERCENT, PROGRESS, ZERO, Quantity, Unit, comparable, kin
from perfkit.values.rivals import PLANNED, disputed, names_a_member, of_another_member, put_off, tells_nothing
from perfkit.values.rules import (
    JUDGEMENT,
    STATED_MET,
    STATED_MISSED,
    UNVERIFIABLE,
    WHOLE,
    WORDS_MET,
    Case,
    Direction,
    Flag,
    Outcome,
    Rule,
    Verdict,
    first_answer,
    measured,
)
from perfkit.values.states import Said, excepts, narrower, of_another_trouble, pattern, said, troubles
from perfkit.values.tokens import FIGURE, masked
from perfkit.values.vocabulary import search

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from perfkit.values.cell import Cell

BEGUN = r"开工|启动|动工|开始|开建|试运行|试用|试点"
_BEGUN = re.compile(rf"{BEGUN}|签约|意向|立项|申报|申请|报名|受理")
_ALL = Decimal(100)
_MONTHS = 12
_YEARLY = frozenset({"年"})

# One figure and nothing else, and figures that are no measure of a limit.


_WORKING_DAYS = "工作日"
_OF_ALL_DAYS = Decimal(5) / 7  # the least that working days may be of the days of a calendar


def _other_days(case: Case) -> Outcome | None:
    """Leave working days set against days of the calendar to a person, where which they are decides."""
    asked, told = (_WORKING_DAYS in cell.text for cell in (case.target, case.actual))
    times = [one for one in case.figures if one.unit.dimension == "time" == case.figure.unit.dimension]
    if asked == told or len(times) != 1 or times[0].high is not None:
        return None
    rate = _OF_ALL_DAYS if asked else 1 / _OF_ALL_DAYS
    both = (_compare(case, one) for one in (times[0], times[0]._replace(number=times[0].number * rate)))
    return JUDGEMENT if len({outcome.verdict for outcome in both}) > 1 else None


def _clock_times(case: Case) -> Outcome | None:
    """Leave hours of the clock (`8:30-20:30开放`), from which no length is worked out, to a person."""
    timed = case.figure.unit.dimension == "time" and _CLOCK.search(case.actual.text)
    return JUDGEMENT if timed else None


_CLOCK = re.compile(rf"(?<![0-9])[0-2]?[0-9](?:{search('of_a_clock').pattern})[0-5][0-9](?![0-9])")


def _plain(case: Case) -> Outcome | None:
    figure, actual = case.figures[0], case.actual
    if figure.label or actual.words or actual.dates or len(case.figures) > 1:
        return None
    return _compare(case, figure)


def _compare(case: Case, figure: Quantity) -> Outcome:
    """Compare one figure with the target, unless it is a total where so many for each are asked."""
    dash = figure.label[1:].endswith("-") and figure.unit == PERCENT and figure.number > 0  # 实际-5%
    if dash or total_of_many(figure, case.figure, case.direction):
        return JUDGEMENT
    return compare_quantities(case.figure, figure, case.context, _direction(case))


def _direction(case: Case) -> Direction:
    assert case.direction is not None  # noqa: S101 a figure always has one
    return case.direction


_DIFFERENCE = search("differences")


def _early_or_late(case: Case) -> Outcome | None:
    """Hear `提前5天` as words on the deadline, not as the length of time that is limited."""
    figure = case.figures[0]
    if not _one_of_a_limit(case) or case.figure.unit.dimension != "time":
        return None
    if _COMPARED.search(figure.label) and not _COMPARED.search(case.target.text):
        return UNVERIFIABLE  # by how much less than last year, not how long
    return first_answer(DATE_BY_WORDS, case) if EARLY_OR_LATE.search(figure.label) else None


def _dealt_with(case: Case) -> Outcome | None:
    """Take a count of what was dealt with (`处置舆情3起`) for none of what happened."""
    figure = case.figures[0]
    if not _one_of_a_limit(case) or not figure.number:
        return None
    handled = pattern("handled").search(figure.label)
    return JUDGEMENT if handled and handled[0] not in case.context.name else None


def _another_trouble(case: Case) -> Outcome | None:
    figure = case.figures[0]
    if not _one_of_a_limit(case) or not figure.number:
        return None
    lesser = search("slighter").search(figure.label) and narrower(f"{figure.label}{figure.tail}", case.asked)
    return JUDGEMENT if lesser or of_another_trouble(case.asked, figure.label) else None


def _difference(case: Case) -> Outcome | None:
    """Hear a difference (`节约3万元`, `超支2万元`) by its words, not by its figure."""
    told = _one_of_a_limit(case) and _DIFFERENCE.search(case.figures[0].label)
    if not told:
        return None
    words = case.actual._replace(words=case.actual.text)
    return answer_in_words(case._replace(actual=words))


def _one_of_a_limit(case: Case) -> bool:
    return case.limit and len(case.figures) == 1


# Several figures: which of them answers.

_RATES = ("率", "比")
_A_WHOLE_YEAR = search("a_whole_year")
_AROUND = re.compile(
    r"^(?:已|共|实际|全年|累计|完成|组织|开展|举办|实施|新增|办理)+|(?:了|共|为|达|率|完成)+$"
)
_ACTUALLY = re.compile(f"实际(?!控制|需)|{search('settled').pattern}")
_DONE = re.compile(r"完成|实现|实(?:际|有|到|收|发|施)|已|达|支出|共")
_COMPARED = re.compile(r"同比|环比|[较比](?:上|去|往)?年|[较比]同期")
_CHANGE = re.compile(rf"{_COMPARED.pattern}|[增降升减涨]|提高")
_AND_ABOVE = re.compile(r"[\u4e00-\u9fff]{2}[及或]?以上")  # 市级以上 is more than 市级
_TOTAL = re.compile(r"共|合计|总|累计|实(?:际|有|到|收|发)")
_OF_THE_YEAR = search("of_the_year")
_ALL_DID = re.compile("(?:均|全部|都)已?(?:[按及如准达合通完符无]|在[^,;。0-9]{0,4}(?:时限|期限|时间)内)")
_ALL_IN_TIME = re.compile("(?:均|全部|都)已?在[^,;。0-9]{0,4}(?:时限|期限|时间)内")
_IN_TIME = search("in_time")
_AMONG = re.compile("^(?:其中)+")
_WELL = (Said.REACHED, Said.DONE, Said.GOOD)


def _no_such_figure(case: Case) -> Outcome | None:
    return None if of_the_kind(case) else JUDGEMENT


def _rate_of_trouble(case: Case) -> Outcome | None:
    """Take the rate of something bad (`逾期率0.6%`) for no answer to that of something good (回收率)."""
    if case.limit or case.figure.unit.dimension != "ratio":
        return None
    asked = case.asked
    bad = any(
        one.label.endswith(_RATES) and troubles(one.label) - troubles(asked) for one in of_the_kind(case)
    )
    return JUDGEMENT if bad else None


def _none_beside_figures(case: Case) -> Outcome | None:
    """Take `未发生,开展检查120次` for none of what is limited, whatever is counted beside it."""
    if not (case.limit or not case.figure.number):
        return None
    clauses = [one for one in _CLAUSES.split(masked(case.actual)) if FIGURE not in one]
    asked = troubles(case.asked)
    denied = [one for one in clauses if said(one) is Said.ABSENT]
    none = any(not troubles(one) - asked for one in denied)
    none = none or any(pattern("cleared").search(one) and said(one) in _WELL for one in clauses)
    told = [before(case.actual, one) for one in case.figures]
    there = any(len(words) < A_PAIR or troubles(words) or shares(words, case.asked) for words in told)
    if there or not (none or denied):
        return None
    return STATED_MET if none else JUDGEMENT


_CLAUSES = re.compile("[,;。]")


def _share_of_the_task(case: Case) -> Outcome | None:
    """Hear how much of the target was reached (`完成任务的104%`) beside figures of something else."""
    given, cell = case.figures, case.actual
    share = [one for one in given if one.unit == PERCENT and _OF_THE_TASK.search(before(cell, one))]
    if case.limit or case.figure.unit == PERCENT or len(share) != 1 or len(given) < A_PAIR:
        return None
    rest = tuple(one for one in given if one is not share[0])
    reached = measured(share[0].value >= _ALL)
    usual = _of_those_that_may(case._replace(actual=cell._replace(quantities=rest)))
    return None if usual.verdict is reached.verdict or not usual.sure else JUDGEMENT


_OF_THE_TASK = re.compile("(?:任务|目标|计划)[数值量]?的$")


def _all_but_some(case: Case) -> Outcome | None:
    """Take `除2个小区外全部覆盖` for less than all of a rate; of a lower one only a person can say."""
    rate = case.figure.unit == PERCENT and not case.limit and len(case.figures) == 1
    if not rate or case.figures[0].unit == PERCENT or not excepts(case.actual.text):
        return None
    return STATED_MISSED if case.figure.value >= _ALL else JUDGEMENT


def _all_of_them(case: Case) -> Outcome | None:
    """Take a count of which all came off (`受理96件，均按时办结`) for all of a rate."""
    given = [one for one in case.figures if not before(case.actual, one).startswith("其中")]
    count = len(given) == 1 and given[0].unit.dimension != "ratio"
    timely = _IN_TIME.search(case.asked) and _ALL_IN_TIME.search(case.actual.text)
    if not count or case.limit or case.figure.unit != PERCENT:
        return None
    if not (_ALL_DID.search(case.actual.text) or _all_did_it(case)):
        return None
    return WORDS_MET if timely or _all_did_it(case) or said(case.actual.words) in _WELL else None


def _all_did_it(case: Case) -> bool:
    """Tell the very doing that the rate is of, done to all of them (`6批次,均已立案处置` for 处置率)."""
    name = case.context.name.removesuffix("率")
    did = rf"(?:均|全部|都)已?[^,;。0-9未不没无]{{0,4}}{re.escape(name[-2:])}(?![^,;。]{{0,3}}[未不没无])"
    return len(name) > 1 and name != case.context.name and re.search(did, case.actual.text) is not None


_AND_ALSO = re.compile("[,、]?(?:并且?|且|同时)")


def _some_went_further(case: Case) -> Outcome | None:
    """Compare what a target asks further of all (`建成20家并投运`) with how many of them it came to."""
    given, wanted, cell = case.figures, case.figure, case.actual
    further = _AND_ALSO.split(case.target.text[wanted.end :])[1:]
    if case.limit or len(given) != A_PAIR or len(further) != 1 or given[0].unit != given[1].unit:
        return None
    label = f"{before(cell, given[1])}{given[1].tail}"
    if not label.startswith("其中") or not shares(plainly(label)[2:], further[0]) or undone(cell, given[1]):
        return None
    all_of_them, some = (_compare(case, one._replace(label="", tail="")) for one in given)
    if not {all_of_them.verdict, some.verdict} <= {Verdict.MET, Verdict.MISSED}:
        return None
    both = all_of_them.verdict is some.verdict
    return all_of_them if both else all_of_them._replace(verdict=Verdict.PARTLY)


def _only_begun(case: Case) -> Outcome | None:
    """Leave figures of what is begun (`已开工14所,其中11所完工`) to a person, where more is asked for."""
    given = of_the_kind(case)
    if case.limit or not given[0].label:
        return None
    told = [one for one in given if not PLANNED.search(plainly(one.label))]
    begun = bool(told) and all(_BEGUN.search(one.label) for one in told)
    return JUDGEMENT if begun and not _BEGUN.search(case.asked) else None


def _in_brackets(case: Case) -> Outcome | None:
    """Leave a figure to a person where the bracket beside it would turn its verdict."""
    if (case.limit or case.figure.unit.dimension == "ratio") and leaves_out(case):
        return JUDGEMENT
    if len(case.figures) == 1 or "(" not in case.actual.text:
        return None
    return JUDGEMENT if aside_differs(case, _figures_agree(case)) else None


def _each_of_a_list(case: Case) -> Outcome | None:
    """Take rates in a list, each behind a name (`甲镇89.2%，乙镇92.5%`), for an answer where all agree."""
    given, cell = case.figures, case.actual
    rates = all(one.unit == PERCENT and one.high is None and not (one.tail or one.operator) for one in given)
    if len(given) < A_PAIR or case.figure.unit != PERCENT or not rates:
        return None
    items, labels = _ITEMS.split(masked(cell)), [before(cell, one) for one in given]
    if len(items) != len(given) or len(set(labels)) < len(labels) or not all(map(_only_a_name, labels)):
        return None
    outcomes = [_compare(case, one._replace(label="")) for one in given]
    return outcomes[0] if len({one.verdict for one in outcomes}) == 1 and outcomes[0].sure else None


def _only_a_name(words: str) -> bool:
    """Tell words that name whom or what a rate is of, and say nothing of what came about."""
    if not words or words.endswith((*_RATES, "度")) or troubles(words) or EARLIER.search(words):
        return False
    if said(words) is not Said.NOTHING or _COMPARED.search(words) or _TOTAL.search(words):
        return False
    return not any(
        search(family).search(words) for family in ("planned", "undone", "doings", "grades", "failing")
    )


_ITEMS = re.compile("[,;、]")


def _figures_agree(case: Case) -> Outcome:
    """Compare with every figure that may answer; where they do not agree, a person judges."""
    outcome = _of_those_that_may(case)
    words, given = case.actual.words, of_the_kind(case)
    if search("forecast").search(case.figures[0].label) or _of_something_about_them(case):
        return JUDGEMENT
    if disputed(case, outcome):
        return UNVERIFIABLE if tells_nothing(case, outcome) else JUDGEMENT
    if _in_part_of_the_year(case.actual) and outcome.verdict is (
        Verdict.MET if case.limit else Verdict.MISSED
    ):
        return JUDGEMENT
    if outcome.verdict is Verdict.MET and not case.limit:
        doubtful = words and len(given) == 1 and unfinished(case.actual.text)
        return JUDGEMENT if doubtful else outcome
    if Flag.UNIT_MISMATCH in outcome.flags and not case.limit and case.figure.unit == PERCENT:
        return share_in_words(case) or outcome
    return outcome


def _of_something_about_them(case: Case) -> bool:
    """Tell a count of what only was about the things (`完成60户的入户评估` for 60户 of 改造)."""
    tail = case.figures[0].tail
    return len(case.figures) == 1 and tail.startswith("的") and not shares(tail[1:], case.asked)


def _of_those_that_may(case: Case) -> Outcome:
    wanted, given = case.figure, _over_the_year(case)
    own = [one for one in given if not of_another_member(one, case)]
    given = own if len(own) == 1 and names_a_member(own[0], case) else given
    if len(given) == 1:
        return _compare(case, _as_amount(given[0], wanted))
    for named in (_is_all_of_these, _opens_bare, _is_labelled_so, _asked_of_some, _is_their_sum):
        found = [one for one in given if named(one, given, case)]
        if len(found) == 1:
            return _compare(case, found[0])
    begun = None if _BEGUN.search(case.asked) else _BEGUN
    actual = [one for one in given if _ACTUALLY.search(one.label) and not (begun and begun.search(one.label))]
    rest = [one for one in given if one not in actual]
    opens = len(actual) == 1 and actual[0] is given[0] and not any(PLANNED.search(one.label) for one in rest)
    if len(actual) == 1 and comparable(wanted.unit, actual[0].unit) and not opens:
        return _compare(case, _as_amount(actual[0], wanted))
    done = [one for one in given if not (undone(case.actual, one) or put_off(one, case))]
    if len(done) == 1:
        return _compare(case, _as_amount(done[0], wanted))
    alike = _named(_alike(wanted, _levels(given, wanted, case.asked)), case.asked, limit=case.limit)
    totals = [one for one in alike if _OF_THE_YEAR.search(before(case.actual, one))]
    if len(totals) == 1:
        return _compare(case, totals[0])
    finished = [one for one in alike if _DONE.search(one.label) and not _BEGUN.search(one.label)]
    outcomes = [
        compare_quantities(wanted, _as_amount(one, wanted), case.context, _direction(case))
        for one in (*(finished or alike), *together(alike, dated=bool(case.actual.dates)))
    ]
    return outcomes[0] if len({outcome.verdict for outcome in outcomes}) == 1 else JUDGEMENT


def _is_all_of_these(figure: Quantity, given: Sequence[Quantity], case: Case) -> bool:
    """Tell the figure of all (`92项,其中制定41项、修订51项`) before its parts, each named by the row."""
    first, *rest = given
    parts = [one for one in rest if one.unit == first.unit]
    words = [_AMONG.sub("", one.label) for one in parts]
    if len(parts) < A_PAIR or not parts[0].label.startswith("其中") or not all(words):
        return False
    total = sum((one.value for one in parts), start=ZERO)
    same = figure is first and all(one.unit == first.unit for one in parts) and total == first.value
    return same and all(word[0] in case.context.name for word in words)


def _opens_bare(figure: Quantity, given: Sequence[Quantity], case: Case) -> bool:
    """Tell a number that opens the actual with no unit, before figures of which each says what it is of."""
    bare = figure is given[0] and not figure.unit.name and not figure.label and not figure.start
    return bare and all(len(before(case.actual, one)) >= A_PAIR for one in given[1:])


def _is_labelled_so(figure: Quantity, given: Sequence[Quantity], case: Case) -> bool:
    """Tell the figure behind the target's own words (`新增300路,更换180路` for 新增300路)."""
    label = case.figure.label
    return len(label) >= A_PAIR and figure.label == label and any(one.label != label for one in given)


def _is_their_sum(figure: Quantity, given: Sequence[Quantity], case: Case) -> bool:
    """Tell the total of all the others (`更换526个、新设310个，合计836个`), told as such."""
    others = [one.value for one in given if one is not figure and one.unit == figure.unit]
    label = before(case.actual, figure)
    told = search("of_the_year").search(label) is not None or label.startswith("共")
    return told and len(others) > 1 and sum(others, start=ZERO) == figure.value


def _asked_of_some(figure: Quantity, given: Sequence[Quantity], case: Case) -> bool:
    """Tell the figure of some of them that is asked for (`其中亿元以上11个` for 亿元以上项目)."""
    words = _AMONG.sub("", figure.label)
    named = words != figure.label and len(words) > 1 and words in f"{case.target.text}{case.context.name}"
    return named and not any(words in one.label for one in given if one is not figure)


def _over_the_year(case: Case) -> Sequence[Quantity]:
    """Give the figures that may answer, a year's total as one where so many a period are asked for."""
    given = of_the_kind(case)
    if case.figure.unit.times > 1 and _A_WHOLE_YEAR.search(case.actual.words):
        return [
            one if one.unit.per or "每" in one.label else one._replace(unit=one.unit.divided(_YEARLY))
            for one in given
        ]
    return given


def of_the_kind(case: Case) -> tuple[Quantity, ...]:
    """Give the figures of an actual without notes in brackets and without those of another class."""
    wanted, actual, given = case.figure, case.actual, case.figures
    if len(given) > 1 and "(" in actual.text:
        given = tuple(one for one in given if not is_note(one, actual)) or given
    if not any(names_a_class(one.label) for one in given):
        return given
    like = tuple(one for one in given if not of_another_class(case.asked, one.label))
    named = tuple(
        one for one in like if of_that_class(wanted.label, one.label) and comparable(wanted.unit, one.unit)
    )
    if named and (len(like) == len(named) or "以上" not in wanted.label):
        return named
    return like if len(like) == len(given) or "以上" not in wanted.label else ()


def _as_amount(given: Quantity, wanted: Quantity) -> Quantity:
    """Take a share of the work done (`完成60%` of 5座) for the amount that it is."""
    share = given.unit == PERCENT and wanted.unit.dimension != "ratio" and wanted.unit.name
    if not share or given.high is not None or not PROGRESS.search(given.label):
        return given
    return given._replace(number=wanted.number * given.number / 100, scale=wanted.scale, unit=wanted.unit)


def _alike(wanted: Quantity, given: Sequence[Quantity]) -> Sequence[Quantity]:
    """Choose the quantities of an actual that may answer a target: its unit or its kind, not as planned."""
    given = [quantity for quantity in given if OF_THEM.match(quantity.label)] or given
    told = [quantity for quantity in given if not PLANNED.search(plainly(quantity.label))] or given
    return next((found for found in likeness(wanted.unit, told) if found), told[:1])


def _levels(given: Sequence[Quantity], wanted: Quantity, asked: str) -> Sequence[Quantity]:
    """Tell a level from the change beside it (`71.3%，同比提高2个百分点`) by which of them is asked for."""
    if wanted.unit.dimension != "ratio":
        return given
    if _CHANGE.search(f"{wanted.label}{wanted.operator}"):
        same = [one for one in given if one.unit.dimension == "ratio"]
        return [one for one in same if _COMPARED.search(one.label)] or same or given
    if _CHANGE.search(asked):
        return given
    return [one for one in given if not _COMPARED.search(one.label)] or given


def _named(alike: Sequence[Quantity], name: str, *, limit: bool) -> Sequence[Quantity]:
    """Choose the figures whose own words stand in the row's name: of `受理765件,办结732件` for 受理案件数."""
    own = [_AROUND.sub("", one.label) for one in alike]
    name = _AND_ABOVE.sub("", name)
    named = [one for one, words in zip(alike, own, strict=True) if len(words) > 1 and words in name]
    if (
        not limit
        and len(named) == 1 != len(alike)
        and _BEGUN.search(named[0].label)
        and not _BEGUN.search(name)
    ):
        return alike
    apart = len(named) == 1 and sum(own[alike.index(named[0])] in words for words in own) == 1
    if apart or named or limit:
        return named if apart else alike
    ending = [one for one, words in zip(alike, own, strict=True) if _noun_of(words) in name]
    begun = len(ending) == 1 and _BEGUN.search(ending[0].label) and not _BEGUN.search(name)
    return ending if len(ending) == 1 and not begun else alike


def _noun_of(words: str) -> str:
    """Give the last two characters of words that end in a thing, a blank where they end in a doing."""
    end = words[-2:]
    return end if len(end) > 1 and not search("doings").fullmatch(end) else " "


def likeness(unit: Unit, given: Sequence[Quantity]) -> tuple[list[Quantity], ...]:
    """Sort quantities by how like a unit theirs is: the same, of one kind, of one dimension, bare."""
    return (
        [one for one in given if one.unit.name == unit.name],
        [one for one in given if one.unit.counts and unit.counts and not kin(one.unit).isdisjoint(kin(unit))],
        [one for one in given if one.unit.dimension == unit.dimension],
        [one for one in given if one.unit.bare or unit.bare],
    )


def together(alike: Sequence[Quantity], *, dated: bool) -> Iterator[Quantity]:
    """Add up amounts of one unit (`线上4场、线下3场`) of which none is told to be the total.

    What tells them apart stands before each; where it is a date (`dated`), nothing else need.
    """
    first = alike[0]
    if len(alike) == 1 or first.unit.per or first.unit.bare:
        return
    told = dated or all(one.label for one in alike)
    apart = re.compile(f"{_TOTAL.pattern}|{search('agreed').pattern}")
    if not told or any(one.unit != first.unit or apart.search(one.label) for one in alike):
        return
    total = sum((one.value for one in alike), start=ZERO)
    if first.unit.dimension != "ratio" or total * first.unit.factor <= _ALL:
        yield first._replace(number=total, scale=ONE)


def _in_part_of_the_year(actual: Cell) -> bool:
    """Tell what was done in a quarter or a half, which is not what was done in the year."""
    if len(actual.dates) != 1 or len(actual.quantities) != 1:
        return False
    span = actual.dates[0]
    return span.first[:2] != span.last[:2] and 0 < span.last[1] - span.first[1] < _MONTHS - 1


_UNFINISHED = re.compile(
    r"(?:建设|施工|实施|进行|推进|调试|改造|安装|修缮|维修|编制|开发)中|完成主体|主体(?:结构|工程)?(?:已)?(?:封顶|完工|完成)|封顶|初稿|草案|征求意见|在[建培训研审制]|正在|[尚仍]在|尚未(?:完|建|竣|交|投)|未(?:完[工成全]|全[部线]|贯通|通车|竣工|建成|交付|开展|实施|举办|启动|落实|使用|验收|到位)|取消|终止|中止|停办|暂缓|搁置|空缺"
)
_INCLUDED = re.compile(r"\((?:含|包括|其中)[^()]*\)")


def unfinished(words: str) -> bool:
    """Tell words beside a count that say it is still being made (`10座(调试中)`)."""
    if _UNFINISHED.search(words):
        return True
    return pattern("missed").search(words) is not None and said(_INCLUDED.sub("", words)) is Said.MISSED


FIGURE_BY_FIGURE = (
    *NTH_DAY,
    Rule("clock-times", _clock_times),
    Rule("cost-of-each", cost_of_each, WHOLE),
    Rule("whole-for-a-share", whole_for_share),
    Rule("other-things", other_things),
    Rule("other-days", _other_days),
    Rule("plain-figure", _plain),
    Rule("so-much-of-so-much", days_of_year),
    Rule("each-must-hold", each_must_hold, WHOLE),
    Rule("each-within-the-time", each_within_the_time, WHOLE),
    Rule("each-that-is-named", each_named, WHOLE),
    Rule("so-many-in-each", so_many_in_each),
    Rule("so-much-each-time", so_much_each_time),
    Rule("grown-from-last-year", growth, WHOLE),
    Rule("what-is-left-of-all", what_is_left, WHOLE),
    Rule("part-of-a-whole", part_of_whole, WHOLE),
    Rule("early-or-late", _early_or_late),
    Rule("dealt-with", _dealt_with),
    Rule("another-trouble", _another_trouble),
    Rule("difference", _difference),
    Rule("called-off", called_off, WHOLE),
    Rule("less-what-is-undone", less_what_is_undone, WHOLE),
    Rule("parts-add-up", parts_add_up, WHOLE),
    Rule("shares-of-all", shares_of_all, WHOLE),
    Rule("each-of-a-list", _each_of_a_list, WHOLE),
    Rule("no-figure-of-that-kind", _no_such_figure),
    Rule("rate-of-a-trouble", _rate_of_trouble),
    Rule("share-of-the-task", _share_of_the_task),
    Rule("none-beside-figures", _none_beside_figures, WHOLE),
    Rule("all-but-some", _all_but_some, WHOLE),
    Rule("all-of-them", _all_of_them),
    Rule("some-went-further", _some_went_further, WHOLE),
    Rule("only-begun", _only_begun),
    Rule("figure-in-brackets", _in_brackets),
    Rule("figures-agree", _figures_agree),
)
