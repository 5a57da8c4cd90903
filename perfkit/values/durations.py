"""Where a date meets a length of time or a bare number: `1年` and `1-12月`, `≤12月` and `12`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from perfkit.values.compare import UNVERIFIABLE, Outcome, compare_dates
from perfkit.values.dates import Span
from perfkit.values.terms import Basis, Verdict

if TYPE_CHECKING:
    from decimal import Decimal

    from perfkit.values.quantity import Quantity

_SECONDS_A_DAY = 86_400
_DAYS_A_MONTH = 30
_DAYS_A_LEAP_YEAR = 366
_YEAR_AND_MONTH = re.compile(r"((?:19|20)[0-9]{2})\.([1-9])")
_MONTH_AND_DAY = re.compile(r"(1[0-2]|[1-9])\.(3[01]|[12][0-9]|0?[1-9])")
_MONTHS = range(1, 13)
_YEARS = range(1990, 2101)


def number_for_deadline(deadline: Span, actual: Quantity, year: int | None) -> Outcome | None:
    """Compare a number with a deadline, as its month, its year or a length of time; else None."""
    if actual.unit.dimension == "time":
        allowed = _DAYS_A_LEAP_YEAR if deadline.vague else deadline.last[1] * _DAYS_A_MONTH
        return _measured(_days_of(actual) <= allowed)
    dotted = _dotted_date(deadline, actual) if actual.bare else None
    if dotted is not None:
        return compare_dates(deadline, dotted, year)
    if not actual.bare or actual.number != actual.number.to_integral_value():
        return None
    number = int(actual.number) if abs(actual.number) < _YEARS.stop else 0
    if number in _MONTHS:
        month = (deadline.last[0], number)
        return compare_dates(deadline, Span((*month, 1), (*month, 28)), year)
    if number in _YEARS:
        return compare_dates(deadline, Span((number, 1, 1), (number, 12, 31), vague=True), year)
    return None


def _dotted_date(deadline: Span, actual: Quantity) -> Span | None:
    """Read a number beside a deadline as the date that its point makes of it: `2022.6`, `11.30`."""
    printed = f"{actual.number:f}"
    if month := _YEAR_AND_MONTH.fullmatch(printed):
        return Span((int(month[1]), int(month[2]), 1), (int(month[1]), int(month[2]), 28))
    if day := _MONTH_AND_DAY.fullmatch(printed):
        date = (deadline.last[0], int(day[1]), int(day[2]))
        return Span(date, date)
    return None


def date_for_duration(wanted: Quantity, actual: Span) -> Outcome:
    """Compare a period, or the month of completion counted from January, with a length of time."""
    if wanted.number <= 0:
        return UNVERIFIABLE
    months = actual.months if actual.ranged or actual.vague else actual.last[1]
    return _measured(months * _DAYS_A_MONTH <= _days_of(wanted))


def _days_of(duration: Quantity) -> Decimal:
    return duration.value * duration.unit.factor / _SECONDS_A_DAY


def _measured(met: bool) -> Outcome:  # noqa: FBT001 the one thing it says
    return Outcome(Verdict.MET if met else Verdict.MISSED, Basis.MEASURED)
