"""Dates and periods: `10月底`, `6月30日前`, `2021年12月`, `第三季度`, `上半年`, `年内`, `1-12月`.

A date is a span of days, because forms name months, quarters and years. A deadline is the last day of
its span; `9月前` includes September, as 以前 does in law. Without a printed year it is the form's.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import timedelta
from functools import cache
from typing import NamedTuple

from perfkit.values.numbers import NUMERALS, chinese_number
from perfkit.values.vocabulary import any_of, table

Day = tuple[int, int, int]
NO_YEAR = 0
NEXT_YEAR = 1
_LEAP_YEAR = 2024
_SHORTEST_MONTH = 28
FIRST_YEAR, LAST_YEAR = 1000, 9000
FIRST_LUNAR_YEAR, LAST_LUNAR_YEAR = 1901, 2099


class Span(NamedTuple):
    """Hold a span of days, both ends inclusive, as (year, month, day); the year is 0 where none is printed.

    `vague` marks spans that are a whole year (2021年, 全年, 年内); `ranged` those with two printed ends,
    `feast` is the feast whose day it is, told by its name.
    """

    first: Day
    last: Day
    start: int = 0
    end: int = 0
    before: bool = False
    vague: bool = False
    ranged: bool = False
    feast: str = ""

    def in_year(self, year: int) -> Span:
        """Give the span with the form's year where it names none (次年 counts from it)."""
        if self.feast:
            return self._on_the_feast(self.year or year)
        first, last = _with_year(self.first, year), _with_year(self.last, year)
        if first is self.first and last is self.last:
            return self
        return Span(first, last, self.start, self.end, self.before, self.vague, self.ranged)

    def _on_the_feast(self, year: int) -> Span:
        """Give the day of a feast (春节, 中秋节) in a year, or the span as it is where nobody can tell it."""
        day = feast_day(self.feast, year)
        return self if day is None else self._replace(first=day, last=day, feast="")

    @property
    def year(self) -> int:
        """Give the printed year of the deadline, 0 where none is."""
        return self.last[0] if self.last[0] >= FIRST_YEAR else 0

    @property
    def months(self) -> int:
        """Count the months that the span touches."""
        return (self.last[0] - self.first[0]) * 12 + self.last[1] - self.first[1] + 1

    @property
    def day(self) -> str:
        """Give the deadline as ISO text: `2022-10-31`, or `--10-31` without a year."""
        if self.feast:
            return ""
        year, month, day = self.last
        return f"{year:04}-{month:02}-{day:02}" if year >= FIRST_YEAR else f"--{month:02}-{day:02}"


_Y = (
    r"(?:(?P<y>(?:19|20)[0-9]{2}|二[〇零]{1,2}[一二三四五六七八九][〇零一二三四五六七八九])(?:年度?|[./-])"
    r"|(?P<rel>次年|翌年|明年|当年|本年|今年))"
)
_M = r"(?P<m>1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])"
_D = r"(?P<d>3[01]|[12][0-9]|0?[1-9])"
_HOUR = r"(?:(?:[01]?[0-9]|2[0-4])(?:时|点|:[0-5][0-9])整?(?:[0-5]?[0-9]分)?)?"
_PART = r"(?P<part>底|月底|末|初(?![验步审稿设评级期赛试])|中旬|上旬|下旬|中(?![期标心小央考])|份底|份)"
_YEAR_WORDS = (
    "本年度内|年度内|本年度|本年内|当年度|本年|当年|今年|全年|年内|年底|年末|年终|年中|年初|次年|明年"
)
_STOPS = r"(?=$|[-~至到,;。、()之以前底内止完竣])"
_TAIL = r"(?P<before>之?前|以前|之内|以内|内|止)?"
_DATES = tuple(
    re.compile(pattern + _TAIL)
    for pattern in (
        r"(?<![0-9])(?P<y>(?:19|20)[0-9]{2})[./-](?P<m>1[0-2]|0?[1-9])[./-](?P<d>3[01]|[12][0-9]|0?[1-9])(?![0-9])",
        rf"(?<![0-9.])(?P<y>(?:19|20)[0-9]{{2}})(?P<m>1[0-2]|0[1-9])(?P<d>3[01]|[12][0-9]|0[1-9]){_STOPS}",
        rf"(?<![0-9.]){_Y}?(?:(?P<m0>1[0-2]|0?[1-9])月?份?[-~至到]){_M}月{_PART}?",
        rf"(?<![0-9.]){_Y}?{_M}月(?:份)?(?:{_D}(?:[日号]{_HOUR}|(?=之?前|以前))|{_PART})?",
        rf"(?<![0-9.])(?P<y>(?:19|20)[0-9]{{2}})[./-](?P<m>1[0-2]|0[1-9]){_STOPS}",
        r"(?<![0-9.])(?P<y>(?:19|20)[0-9]{2})[./](?P<m>1[0-2]|0?[1-9])(?=[-~至到](?:19|20)[0-9]{2}[./])",
        r"(?<=[-~至到])(?P<y>(?:19|20)[0-9]{2})[./](?P<m>1[0-2]|0?[1-9])(?![0-9./])",
        rf"{_Y}?第?(?P<q>[一二三四]|(?<![0-9])[1-4])季度(?P<part>末|底|初)?",
        rf"{_Y}?(?P<half>[上下])半年(?P<part>底|末)?",
        r"(?<![0-9.])(?P<y0>20[0-9]{2})年?[-~至到](?P<y>20[0-9]{2})年(?:度)?",
        rf"(?:(?<![0-9.])(?P<y>(?:19|20)[0-9]{{2}})(?:年度?)?|(?<![0-9{NUMERALS}]))(?P<word>{_YEAR_WORDS})",
        r"(?<![0-9.])(?P<y>(?:19|20)[0-9]{2})年度?(?P<part>底|末|终|内|初|中)?",
    )
)
_FEAST = re.compile(
    rf"(?:(?P<y>(?:19|20)[0-9]{{2}})年)?(?P<feast>{any_of(table('feasts'))})(?P<before>之?前|以前)"
)
_NEXT = ("次年", "翌年", "明年")
_JOINS = ("-", "~", "至", "到")


def find_dates(text: str) -> list[Span]:
    """Find every date and period in a folded cell, in order; two that a dash joins are one range."""
    taken = [_feast(found) for found in _FEAST.finditer(text)]
    if not ("月" in text or "年" in text or "季" in text or "20" in text):
        return taken
    wrong: list[re.Match[str]] = []  # 2022-11-31 is no November either
    for pattern in _DATES:
        for found in pattern.finditer(text):
            ends = [*((span.start, span.end) for span in taken), *(each.span() for each in wrong)]
            if all(found.end() <= start or found.start() >= end for start, end in ends):
                span = _span(found)
                if span is not None:
                    taken.append(span)
                else:
                    wrong.append(found)
    return _joined(sorted(taken, key=lambda span: span.start), text)


def impossible_day(text: str) -> str:
    """Give the first date of a folded cell that no calendar has (9月31日), "" where every one is a day."""
    for pattern in _DATES:
        for found in pattern.finditer(text):
            if found.groupdict().get("d") and _span(found) is None:
                return found.group().removesuffix(found["before"] or "")
    return ""


def _feast(found: re.Match[str]) -> Span:
    year = _number(found["y"]) or NO_YEAR
    return Span((year, 1, 1), (year, 12, 31), found.start(), found.end(), before=True, feast=found["feast"])


@cache
def feast_day(name: str, year: int) -> Day | None:
    """Give the day of a feast in a year, None where no calendar tells it."""
    if not FIRST_LUNAR_YEAR <= year <= LAST_LUNAR_YEAR:
        return None
    kind, month, day = table("feasts")[name]
    if kind == "solar":
        return year, month, day
    from borax.calendars.lunardate import LunarDate, TermUtils

    if kind == "term":
        on = TermUtils.day_start_from_term(year, name.removesuffix("节"))
    elif kind == "eve":
        on = LunarDate(year, 1, 1).to_solar_date() - timedelta(days=1)
    else:
        on = LunarDate(year, month, day).to_solar_date()
    return on.year, on.month, on.day


def _span(found: re.Match[str]) -> Span | None:
    """Work out the days of a matched date; None where there is no such day."""
    parts = found.groupdict()
    year = _number(parts.get("y")) or (NEXT_YEAR if parts.get("rel") in _NEXT else NO_YEAR)
    ends = _ends(parts, year)
    if ends is None:
        return None
    vague = ends[0][1:] == (1, 1) and ends[1][1:] == (12, 31) and not parts.get("m0")
    return Span(
        *ends,
        found.start(),
        found.end(),
        before=bool(parts.get("before")),
        vague=vague,
        ranged=bool(parts.get("m0") or parts.get("y0")),
    )


def _ends(parts: dict[str, str | None], year: int) -> tuple[Day, Day] | None:
    month, day, part = _number(parts.get("m")), _number(parts.get("d")), parts.get("part") or ""
    if month:
        last_day = _last_day(year if year >= FIRST_YEAR else _LEAP_YEAR, month)
        if day:
            return ((year, month, day), (year, month, day)) if day <= last_day else None
        first_month = _number(parts.get("m0")) or month
        first, last = _part_of_month(part, last_day)
        return (year, first_month, 1 if parts.get("m0") else first), (year, month, last)
    if parts.get("q"):
        quarter = _number(parts["q"]) or 1
        first = quarter * 3 if part in ("末", "底") else quarter * 3 - 2
        return (year, first, 1), (year, quarter * 3, _last_day(_LEAP_YEAR, quarter * 3))
    if parts.get("half"):
        first, last = (1, 6) if parts["half"] == "上" else (7, 12)
        return (year, last if part else first, 1), (year, last, _last_day(_LEAP_YEAR, last))
    if parts.get("y0"):
        return (int(parts["y0"] or 0), 1, 1), (year, 12, 31)
    return _part_of_year(parts.get("word") or part, year)


def _part_of_month(part: str, last_day: int) -> tuple[int, int]:
    if part in ("初", "上旬"):
        return 1, 10
    if part in ("中", "中旬"):
        return 11, 20
    if part == "下旬":
        return 21, last_day
    if part in ("底", "末", "月底", "份底"):
        return last_day, last_day
    return 1, last_day


def _part_of_year(word: str, year: int) -> tuple[Day, Day]:
    if word in _NEXT:
        return (NEXT_YEAR, 1, 1), (NEXT_YEAR, 12, 31)
    if word.endswith(("底", "末", "终")):
        return (year, 12, 1), (year, 12, 31)
    if word.endswith("中"):
        return (year, 6, 1), (year, 6, 30)
    if word.endswith("初"):
        return (year, 1, 1), (year, 1, 31)
    return (year, 1, 1), (year, 12, 31)


@cache
def _last_day(year: int, month: int) -> int:
    """Give the last day of a month."""
    return monthrange(year, month)[1]


def _number(text: str | None) -> int | None:
    if not text:
        return None
    if text[0] in "0123456789":
        return int(text)
    number = chinese_number(text)
    return None if number is None else int(number)


def _with_year(day: Day, year: int) -> Day:
    """Put a year into a day: 0 means the form's year, 1 the year after it; February ends when it ends."""
    if day[0] >= FIRST_YEAR or not FIRST_YEAR <= year <= LAST_YEAR:
        return day
    year += day[0]
    last = day[2] if day[2] <= _SHORTEST_MONTH else _last_day(year, day[1])
    return year, day[1], min(day[2], last)


def _joined(spans: list[Span], text: str) -> list[Span]:
    joined: list[Span] = []
    for span in spans:
        if joined and text[joined[-1].end : span.start] in _JOINS:
            first = joined.pop()
            year = first.first[0] if not span.last[0] else span.last[0]
            last = (year, *span.last[1:])
            joined.append(
                Span(
                    (first.first[0] or year, *first.first[1:]),
                    last,
                    first.start,
                    span.end,
                    span.before,
                    ranged=True,
                )
            )
        else:
            joined.append(span)
    return joined
