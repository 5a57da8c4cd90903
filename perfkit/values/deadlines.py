"""Deadlines and lengths of time: dates with dates, with figures and with words.

A date answers a deadline and a length of time a length; a length against a date, or a date against a
length, tells nothing, unless the date is a period of its own (`1-12月` against `1年`).
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING, cast

from perfkit.values.comparison import AHEAD
from perfkit.values.dates import Span
from perfkit.values.ladders import stages_on
from perfkit.values.quantity import PERCENT, PROGRESS
from perfkit.values.rules import (
    AT_LEAST,
    JUDGEMENT,
    KIND_MISMATCH,
    MEASURED_LATE,
    MEASURED_MET,
    STATED_LATE,
    STATED_MET,
    STATED_MISSED,
    STATED_PARTLY,
    UNVERIFIABLE,
    WHOLE,
    Case,
    Outcome,
    Rule,
    Verdict,
    derived,
    measured,
)
from perfkit.values.states import STANDSTILL, Said, before_an_event, names_a_doing, pattern, said, whole
from perfkit.values.vocabulary import search

if TYPE_CHECKING:
    from perfkit.values.quantity import Quantity

_ALL = Decimal(100)
_BOTH = 2
_SECONDS_A_DAY = 86_400
_DAYS_A_MONTH = 30
_DAYS_A_LEAP_YEAR = 366
_A_YEAR = Decimal(31_104_000)
_YEAR_AND_MONTH = re.compile(r"((?:19|20)[0-9]{2})\.([1-9])")
_MONTH_AND_DAY = re.compile(r"(1[0-2]|[1-9])\.(3[01]|[12][0-9]|0?[1-9])")
_MONTHS = range(1, 13)
_YEARS = range(1990, 2101)
_NTH_DAY = re.compile(r"第([0-9]{1,4})个?(?:工作日|日历天|日历日|自然日|天|日)")
_ACTUALLY = search("not_the_day")
EARLY_OR_LATE = search("early_or_late")
_LATE_WORDS = re.compile(
    r"(?:下一?年度?|明年|次年|来年|翌年)[^,;。]{0,4}(?:完成|支付|实施|建成|完工|竣工|验收|发放)|延期|延迟|延后|推迟|滞后|逾期|超期|超时|超出|拖延|延误|延长|[不未](?:及时|按时|按期|如期|按计划|准时)"
)
_A_PART = re.compile(r"第[一二三四五六七八九1-9](?:年|期|阶段|批|步|部分)|首[年期批]|[一二三]期(?!间)|前期")
_OF_A_YEAR = re.compile(r"年度(?:任务|目标|计划|工作)|(?:本|当)年(?:任务|目标|计划|工作)")
_AT_LAST = re.compile("(?:才|方|已)?(?:全部|全面|最终|最后)")
_HOW_WELL = re.compile(
    r"合格|满意|准确|优良|优秀|达标|好评|[率度]$"
)  # a rate of quality is no share of the work
_UNDONE = search("not_yet")
_SHORT_OF_IT = (Said.MISSED, Said.ONGOING)
_ON_A_DATE = {
    Said.PARTLY: STATED_PARTLY,
    Said.MISSED: STATED_MISSED,
    Said.ONGOING: STATED_MISSED,
    Said.REACHED: STATED_MET,
    Said.DONE: STATED_MET,
}
_WELL = (Said.REACHED, Said.DONE, Said.GOOD)


# Date with date.


def compare_dates(target: Span, actual: Span, year: int | None) -> Outcome:
    """Compare a date with a deadline; a year that neither the cell nor the form prints is the other's.

    A feast of which nobody prints the year is that of the form's year; another year printed beside it
    leaves open which feast is meant.
    """
    fallback = year or target.year or actual.year
    if target.feast and (not fallback or (actual.year and actual.year != (target.year or fallback))):
        return UNVERIFIABLE
    target, actual = target.in_year(fallback), actual.in_year(fallback)
    if actual.last <= target.last:
        return MEASURED_MET
    if actual.first > target.last or actual.ranged:
        return MEASURED_LATE
    return UNVERIFIABLE


def _share_beside(case: Case) -> Outcome | None:
    """Leave a share of less than all (`11月支付60%`) beside a date in time to a person."""
    kept = _last_date(case).verdict is Verdict.MET
    return JUDGEMENT if kept and any(map(_is_part_of_all, case.figures)) else None


def _undone_by_then(case: Case) -> Outcome | None:
    """Hear words beside a date that deny, or halve, what was to be done by it.

    `12月25日前未支付完毕` is a miss, `12月底前基本建成` a part.
    """
    words = case.actual.words
    if not words or _LATE_WORDS.search(words) or _last_date(case).verdict is not Verdict.MET:
        return None
    state = said(words)
    if state in _SHORT_OF_IT and _UNDONE.search(words):
        return STATED_MISSED
    return STATED_PARTLY if state is Said.PARTLY else None


def _other_in_time(case: Case) -> Outcome | None:
    """Leave an earlier date in time, of something else (`10月完成评审，11月公示`), to a person."""
    behind = case.actual.text[case.actual.dates[-1].end :]
    if case.figures or not _last_date(case).late or _ACTUALLY.search(case.actual.words):
        return None
    if _AT_LAST.match(behind) or (_ENDS.match(behind) and _begun_before(case)):  # 7月15日全部发放到位
        return None
    others = (compare_dates(_deadline(case), date, case.year) for date in case.actual.dates[:-1])
    return JUDGEMENT if any(other.verdict is Verdict.MET for other in others) else None


def _begun_before(case: Case) -> bool:
    """Tell dates before the last on which the work was only begun (`4月中旬开工，6月5日完成栽植`)."""
    text, dates = case.actual.text, case.actual.dates
    between = [text[one.end : other.start] for one, other in pairwise(dates)]
    asked = f"{case.context.name}{case.target.text}"
    return all(_STARTS.search(words) for words in between) and _STARTS.search(asked) is None


def _short_of_its_stage(case: Case) -> Outcome | None:
    """Leave a date of an earlier stage (`11月完成初验` for 项目终验) to a person."""
    asked = f"{case.context.name}{case.target.text}"
    return JUDGEMENT if stages_on(asked, case.actual.text) < 0 else None


def _only_begun(case: Case) -> Outcome | None:
    """Leave what is told as done of an early stage alone (`10月完成招标`) to a person."""
    asked, text = f"{case.context.name}{case.target.text}", case.actual.text
    early = search("early_stages")
    if early.search(text) is None or early.search(asked) or said(text) in {*_SHORT_OF_IT, Said.PARTLY}:
        return None
    return None if done_since(text) else JUDGEMENT


def done_since(text: str) -> bool:
    """Tell that more is told as done than an early stage: `3月启动,11月完成`."""
    rest = _ABOUT_A_STAGE.sub("", search("early_stages").sub("@", text))
    return search("ended").search(rest) is not None or said(rest) in _WELL


_ABOUT_A_STAGE = re.compile(
    r"(?:已经?|均|全部|完成了?|组织|开展|进行)*@+(?:工程|工作|程序|手续|合同|结构|部分)*(?:已经?|均|全部)*(?:完成|完工|完毕|结束|封顶|到位|通过)?"
)


def as_of(one: Span, text: str) -> bool:
    """Tell a date by which the state is told (`截至12月底`), not that of what was done."""
    return text[: one.start].endswith(("截至", "截止", "截止到", "截至到"))


def _done_as_of(case: Case) -> Outcome | None:
    """Leave work that is told as done by a date after the deadline to a person, unless it was on time."""
    text = case.actual.text
    late = as_of(case.actual.dates[-1], text) and _last_date(case).late
    if not late or said(text) not in _WELL or any(map(_is_part_of_all, case.figures)):
        return None
    return STATED_MET if pattern("on_time").search(text) else JUDGEMENT


def _of_an_earlier_year(case: Case) -> Outcome | None:
    """Leave a date printed with a year before the form's, where the deadline prints none, to a person."""
    deadline, date = _deadline(case), case.actual.dates[-1]
    if (
        case.year is None
        or deadline.feast
        or deadline.first[0] >= _YEARS.start
        or date.first[0] < _YEARS.start
    ):
        return None
    return JUDGEMENT if 0 < date.year < case.year else None


def _last_date(case: Case) -> Outcome:
    """Compare the date of the doing that the row names, else the last one, with the deadline."""
    return compare_dates(_deadline(case), _date_of_it(case), case.year)


def _date_of_it(case: Case) -> Span:
    """Give the one date that the doing of the row's name follows: `3月开工,5月封顶` under 开工时间."""
    dates, text = case.actual.dates, case.actual.text
    name = case.context.name
    doing = _ABOUT_TIME.sub("", name)[-_BOTH:]
    if doing == name[-_BOTH:] or not names_a_doing(doing) or search("ended").search(doing):
        return dates[-1]
    ends = (*(one.start for one in dates[1:]), len(text))
    told = [one for one, end in zip(dates, ends, strict=True) if doing in text[one.end : end]]
    return told[0] if len(told) == 1 else dates[-1]


_ABOUT_TIME = re.compile("(?:时间|日期|时限|节点|期限|时点)+$")


def _deadline(case: Case) -> Span:
    """Give the date that is asked for; only tables of dates are asked for one."""
    return cast("Span", case.wanted)


def _is_part_of_all(given: Quantity) -> bool:
    return given.unit == PERCENT and given.value < _ALL and not _HOW_WELL.search(given.label)


# Date with figure.


def _share_done_by(case: Case) -> Outcome | None:
    """Take how much is done (`完成95%`) for an answer to when all of it was to be done."""
    figure = case.figures[0]
    if figure.unit == PERCENT and PROGRESS.search(figure.label) and figure.high is None:
        short = STATED_PARTLY if _deadline(case).vague and whole(case.target.text) else STATED_MISSED
        return STATED_MET if figure.value >= _ALL else short
    return None


def _length_for_date(case: Case) -> Outcome | None:
    """Compare a length of time with a whole year alone: `工期90天` does not tell when it began."""
    figure = case.figures[0]
    if figure.unit.dimension != "time":
        return None
    return measured(_days_of(figure) <= _DAYS_A_LEAP_YEAR) if _deadline(case).vague else UNVERIFIABLE


def _dotted(case: Case) -> Outcome | None:
    """Read a number as the date that its point makes of it: `2022.6`, `11.30`."""
    figure, deadline = case.figures[0], _deadline(case)
    printed = f"{figure.number:f}" if figure.bare else ""
    if month := _YEAR_AND_MONTH.fullmatch(printed):
        date = Span((int(month[1]), int(month[2]), 1), (int(month[1]), int(month[2]), 28))
    elif day := _MONTH_AND_DAY.fullmatch(printed):
        on = (deadline.last[0], int(day[1]), int(day[2]))
        date = Span(on, on)
    else:
        return None
    return compare_dates(deadline, date, case.year)


def _month_or_year(case: Case) -> Outcome | None:
    """Read a bare number as a month (`12`) or a year (`2022`)."""
    figure, deadline = case.figures[0], _deadline(case)
    if not figure.bare or figure.number != figure.number.to_integral_value():
        return None
    number = int(figure.number) if abs(figure.number) < _YEARS.stop else 0
    if number in _MONTHS:
        month = (deadline.last[0], number)
        return compare_dates(deadline, Span((*month, 1), (*month, 28)), case.year)
    if number in _YEARS:
        return compare_dates(deadline, Span((number, 1, 1), (number, 12, 31), vague=True), case.year)
    return None


# Date with words.


def _no_words(case: Case) -> Outcome | None:
    return None if case.actual.words or case.figures else KIND_MISMATCH


def _late_in_words(case: Case) -> Outcome | None:
    return STATED_LATE if _LATE_WORDS.search(case.actual.text) else None


def _of_a_part(case: Case) -> Outcome | None:
    """Take a part of the work (`第二年任务已完成`), or another deadline (`开学前完工`), for no answer."""
    words = case.actual.text
    apart = _A_PART.search(words) or before_an_event(words) or (_years(case) and _OF_A_YEAR.search(words))
    return KIND_MISMATCH if apart and said(words) in _WELL else None


def _under_way(case: Case) -> Outcome | None:
    return JUDGEMENT if _years(case) and said(case.actual.text) is Said.ONGOING else None


def _not_due(case: Case) -> Outcome | None:
    """Leave what is not done yet of a deadline after the form's year to a person."""
    if not isinstance(case.wanted, Span) or case.year is None:
        return None
    late = case.wanted.in_year(case.year).last[0] > case.year
    return JUDGEMENT if late and said(case.actual.text) in _SHORT_OF_IT else None


def _done_or_not(case: Case) -> Outcome | None:
    state = said(case.actual.text)
    return STANDSTILL.get(state) or _ON_A_DATE.get(state)


def _on_time(case: Case) -> Outcome | None:
    """Take `按时` for within the time; `及时` and `提前` do not say by how much."""
    if _is_length(case) and (AHEAD.search(case.figure.label) or case.direction is AT_LEAST):
        return KIND_MISMATCH
    if _is_length(case) and "及时" in case.actual.text:
        return KIND_MISMATCH
    return STATED_MET if pattern("on_time").search(case.actual.text) else None


def _years(case: Case) -> bool:
    """Tell a length of time of more than a year."""
    return _is_length(case) and case.figure.value * case.figure.unit.factor > _A_YEAR


def _is_length(case: Case) -> bool:
    return not isinstance(case.wanted, Span) and case.figure.unit.dimension == "time"


# A length of time with a date.


def _nth_day(case: Case) -> Outcome | None:
    """Take the day on which it was done (`第25天`) for the length of time until then."""
    found = _NTH_DAY.search(case.actual.text)
    if found is None or not _is_length(case) or not case.limit:
        return None
    return measured(int(found[1]) <= _days_of(case.figure))


def _period_for_length(case: Case) -> Outcome | None:
    """Compare a period that is told with both ends, or as a whole year, with a length of time."""
    wanted, period = case.figure, case.actual.dates[-1]
    if wanted.unit.per or wanted.number <= 0 or not (period.ranged or period.vague):
        return UNVERIFIABLE
    days = period.months * _DAYS_A_MONTH
    lasting = case.context.lasting and not case.limit
    return measured(days >= _days_of(wanted) if lasting else days <= _days_of(wanted))


_STARTS = search("starts")
_A_STAGE = re.compile("主体|初[步验审稿检]|预验|试运行|部分|阶段|首批")
_ENDS = search("ends")


def _from_start_to_end(case: Case) -> Outcome | None:
    """Count the days from start to end (`3月1日开工，6月25日完工`), both counted, against the time allowed.

    Of working days there are no more than of days: only a length that is kept is sure.
    """
    dates, text = case.actual.dates, case.actual.text
    if not case.limit or case.year is None or len(dates) != _BOTH or case.figure.unit.per:
        return None
    start, end = (one.in_year(case.year) for one in dates)
    clauses = (text[dates[0].end : dates[1].start], text[dates[1].end :])
    told = _STARTS.search(clauses[0]) and _ENDS.search(clauses[1]) and not _A_STAGE.search(clauses[1])
    open_still = (pattern.search(text) for pattern in (_UNDONE, search("forecast"), search("planned")))
    if start.first != start.last or end.first != end.last or not told or any(open_still):
        return None
    days = (date(*end.last) - date(*start.first)).days + 1
    kept = days <= _days_of(case.figure)
    if days <= 0 or (not kept and "工作日" in case.target.text):
        return JUDGEMENT
    sides = f"{text[dates[1].start : dates[1].end]}-{text[dates[0].start : dates[0].end]}"
    return derived(measured(kept), f"{sides}+1={days}")


def _days_of(duration: Quantity) -> Decimal:
    return duration.value * duration.unit.factor / _SECONDS_A_DAY


DATE_BY_DATE = (
    Rule("share-beside-a-date", _share_beside),
    Rule("undone-by-then", _undone_by_then, WHOLE),
    Rule("another-date-in-time", _other_in_time),
    Rule("short-of-its-stage", _short_of_its_stage),
    Rule("only-begun", _only_begun),
    Rule("done-as-of", _done_as_of),
    Rule("date-of-an-earlier-year", _of_an_earlier_year),
    Rule("date-by-date", _last_date),
)
DATE_BY_FIGURE = (
    Rule("share-done-by-then", _share_done_by),
    Rule("length-for-a-date", _length_for_date),
    Rule("number-as-date", _dotted),
    Rule("number-as-month-or-year", _month_or_year),
)
DATE_BY_WORDS = (
    Rule("no-words-for-a-date", _no_words),
    Rule("late-in-words", _late_in_words, WHOLE),
    Rule("words-of-a-part", _of_a_part),
    Rule("under-way-for-years", _under_way),
    Rule("not-due-yet", _not_due),
    Rule("only-begun", _only_begun),
    Rule("done-by-the-date", _done_or_not),
    Rule("on-time", _on_time),
)
LENGTH_BY_DATE = (
    Rule("nth-day", _nth_day),
    Rule("from-start-to-end", _from_start_to_end),
    Rule("period-for-a-length", _period_for_length),
)
NTH_DAY = (Rule("nth-day", _nth_day),)
