"""Rows whose target is a date (时效指标): full when in time, and what a profile gives for late ones.

No national rule says what lateness costs; the variants in use are settings of a profile.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from perfkit.scoring.points import HUNDRED, ZERO, clamp, less, product
from perfkit.scoring.working import Working, worked
from perfkit.values import Reading, Verdict

if TYPE_CHECKING:
    from perfkit.profile import Profile

MONTHS = 12


def work_date(reading: Reading, weight: Decimal, profile: Profile) -> Working:
    """Work out a row of dates."""
    if reading.verdict is Verdict.MET:
        return worked(weight, "met_date", profile.quantity.source, reading=reading, weight=weight)
    rules = profile.timeliness
    if rules.method == "all_or_nothing":
        return worked(ZERO, "late_nothing", rules.source, reading=reading)
    days = _days(reading)
    if rules.method == "manual" or days is None:
        return worked(None, "late_manual", rules.source, reading=reading)
    planned, taken, months = days
    if rules.method == "duration":
        points = product(weight, planned, taken)
        facts = {"planned": planned, "days": taken}
    else:
        points = clamp(less(weight, product(weight, product(rules.percent, months), HUNDRED)), weight)
        facts = {"months": months, "percent": rules.percent}
    return worked(points, f"late_{rules.method}", rules.source, weight=weight, points=points, **facts)


def _days(reading: Reading) -> tuple[Decimal, Decimal, Decimal] | None:
    """Give days planned, days taken (both from 1 January of the target's year) and months begun late."""
    try:
        due, done = date.fromisoformat(reading.target.day), date.fromisoformat(reading.actual.day)
    except ValueError:
        return None
    if done <= due:
        return None
    before = due.replace(month=1, day=1).toordinal() - 1
    months = (done.year - due.year) * MONTHS + done.month - due.month + (done.day > due.day)
    return Decimal(due.toordinal() - before), Decimal(done.toordinal() - before), Decimal(max(months, 1))
