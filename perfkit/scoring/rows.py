"""One indicator row: what the profile gives, what the unit declared, and which of the two counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfkit.profile import Cite, Profile
from perfkit.scoring.card import RowScore, Status
from perfkit.scoring.corrections import deducted, reviewed, taken
from perfkit.scoring.measured import work_measured
from perfkit.scoring.points import ZERO, less
from perfkit.scoring.qualitative import band, work_qualitative
from perfkit.scoring.settle import settle
from perfkit.scoring.telling import Explanation
from perfkit.scoring.working import NO_FACTS, Working, worked
from perfkit.values import Flag, Reading, Verdict
from perfkit.values.terms import MEASURED, MET, RATED

if TYPE_CHECKING:
    from decimal import Decimal

    from perfkit.form import Indicator

DROPPED = ("rescale", "to_benefit")
NOT_APPLICABLE = frozenset({Flag.NOT_APPLICABLE})
UNSAFE = frozenset({Flag.TEMPLATE, Flag.SCAN_SUSPECT})


def score_row(number: int, row: Indicator, reading: Reading, profile: Profile) -> RowScore:
    """Score one row that has been read, by a profile."""
    if not profile.scored:
        return _scoreless(number, row, reading, profile)
    weight = row.weight if row.weight is None or row.weight >= ZERO else None
    applies = profile.totalling.not_applicable not in DROPPED or not _absent(reading)
    working = work(row, reading, weight, profile)
    if row.deduction is not None:
        working = deducted(working, row.deduction, profile.corrections)
    declared = row.score if applies else None
    met = reading.verdict is MET
    settled = settle(declared, working, weight, profile.totalling.row, reason=row.reason if met else None)
    if row.review is not None and applies:
        settled = reviewed(settled, row.review, weight, profile.corrections)
    said = settled.clauses if applies else ()
    explanation = Explanation((*working.clauses, *said), working.source)
    return RowScore(
        number,
        row,
        reading,
        weight,
        row.score,
        settled.computed,
        settled.score,
        settled.status,
        explanation,
        _rated_band(row, reading, weight, profile),
        applies,
        working.points,
    )


def work(row: Indicator, reading: Reading, weight: Decimal | None, profile: Profile) -> Working:
    """Work out the exact points of a row, None where only a person can say."""
    if weight is None:
        return worked(None, "no_weight", Cite())
    if _absent(reading):
        return _not_applicable(weight, profile)
    if not UNSAFE.isdisjoint(reading.flags):
        return worked(None, "unsafe", profile.quantity.source, reading=reading)
    if profile.totalling.no_evidence == "zero" and not row.evidence:
        return worked(ZERO, "no_evidence", profile.totalling.source)
    if reading.basis is MEASURED:
        return _measured(row, reading, weight, profile)
    return work_qualitative(reading, weight, profile)


def _absent(reading: Reading) -> bool:
    """Tell whether a row says that it does not apply (不涉及)."""
    return not NOT_APPLICABLE.isdisjoint(reading.flags) and reading.verdict is Verdict.UNVERIFIABLE


def _measured(row: Indicator, reading: Reading, weight: Decimal, profile: Profile) -> Working:
    """Work out a measured row; an operator that contradicts its name never takes points off by itself."""
    working = work_measured(row, reading, weight, profile)
    lost = working.points is not None and working.points < weight
    if lost and Flag.DIRECTION_DOUBTFUL in reading.flags:
        return worked(None, "doubtful", profile.quantity.source, reading=reading)
    return working


def _not_applicable(weight: Decimal, profile: Profile) -> Working:
    rule = profile.totalling.not_applicable
    points = {"zero": ZERO, "full": weight}.get(rule)
    return worked(points, f"not_applicable_{rule}", profile.totalling.source, weight=weight)


def _rated_band(
    row: Indicator, reading: Reading, weight: Decimal | None, profile: Profile
) -> tuple[Decimal, Decimal] | None:
    if weight is None or (row.rating is None and reading.basis is not RATED):
        return None
    verdict = Verdict(row.rating) if row.rating else reading.verdict
    return net_band(row, verdict, weight, profile)


def net_band(
    row: Indicator, verdict: Verdict, weight: Decimal, profile: Profile
) -> tuple[Decimal, Decimal] | None:
    """Give the least and the most points of a row in its grade, less what its deduction takes off."""
    limits, off = band(verdict, weight, profile), taken(row.deduction, profile.corrections)
    return (max(less(limits[0], off), ZERO), max(less(limits[1], off), ZERO)) if limits and off else limits


def _scoreless(number: int, row: Indicator, reading: Reading, profile: Profile) -> RowScore:
    explanation = Explanation((("scoreless", NO_FACTS),), profile.source)
    return RowScore(number, row, reading, None, None, None, None, Status.UNSCORED, explanation)
