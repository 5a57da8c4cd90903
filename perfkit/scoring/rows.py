"""One indicator row: what the profile gives, what the unit declared, and which of the two counts.

Rows that words or a person's rating decide (定性指标) are full when met, else a band that a person fills.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from perfkit.profile import Cite, Profile
from perfkit.scoring.card import RowScore, Status
from perfkit.scoring.declared import Room, deducted, reviewed, settle, taken
from perfkit.scoring.explanation import NO_FACTS, Clause, Explanation, Working, worked
from perfkit.scoring.measured import late_band, work_measured
from perfkit.scoring.points import HUNDRED, ONE, QUANTA, ZERO, less, product, total
from perfkit.scoring.proof import Gap, basically_met, gap_of, measured, rated
from perfkit.values import Basis, Flag, Kind, Reading, Verdict, read_row
from perfkit.values.terms import MET, MISSED, STATED

if TYPE_CHECKING:
    from perfkit.form import Indicator
    from perfkit.profile import Profile


def work_qualitative(row: Indicator, reading: Reading, weight: Decimal, profile: Profile) -> Working:
    """Work out a row of words (定性指标): stated as met it is full, the rest is a person's to score.

    The points are exact, None where only a person can say. Bands and method are the profile's (three grades,
    100%-80%, 80%-60% and 60%-0% of the weight: 财预〔2020〕10号第十八条).
    """
    rules = profile.qualitative
    stated = reading.basis is STATED
    if stated and reading.verdict is MET:
        return worked(weight, "met_stated", rules.source, reading=reading, weight=weight)
    if stated and reading.verdict is MISSED and rules.not_done == "zero":
        return worked(ZERO, "not_done", rules.source, reading=reading)
    found = None if reading.basis is Basis.NONE else band(graded(row, reading, profile), weight, profile)
    if found is None:
        return worked(None, str(reading.verdict), rules.source, reading=reading)
    low, high = found
    facts = {"reading": reading, "low": low, "high": high, "verdict": reading.verdict}
    if rules.method == "manual":
        return worked(None, f"band_{reading.basis}", rules.source, **facts)
    points = high if rules.method == "top" else product(total([low, high]), ONE, Decimal(2))
    return worked(points, f"band_{rules.method}", rules.source, points=points, **facts)


def graded(row: Indicator, reading: Reading, profile: Profile) -> Verdict:
    """Give the rating of a row of words: 基本达成 heads the first band of some rule sets."""
    if profile.qualitative.basically == "met" and reading.verdict is Verdict.PARTLY and basically_met(row):
        return Verdict.MET
    return rated(row) or reading.verdict


def band_of(
    row: Indicator, reading: Reading, weight: Decimal | None, profile: Profile
) -> tuple[Decimal, Decimal] | None:
    """Give the points that a person may give a row, None where it was measured or nothing tells its grade.

    A date that came late has a band only where the profile's timeliness gives one.
    """
    if weight is None:
        return None
    off = taken(row.deduction, profile.corrections)
    if reading.kind is Kind.DATE and reading.verdict is MISSED and measured(reading):
        limits = late_band(weight, profile) if profile.timeliness.method == "manual" else None
    elif row.rating is None and not _decided_by_words(row, reading):
        return None
    else:
        limits = band(graded(row, reading, profile), weight, profile)
    return (max(less(limits[0], off), ZERO), max(less(limits[1], off), ZERO)) if limits and off else limits


def _decided_by_words(row: Indicator, reading: Reading) -> bool:
    """Tell whether words decide a row: all of a target in words, and what falls short of any other."""
    if reading.basis is Basis.NONE:
        return rated(row) is not None and reading.target.kind is Kind.WORDS
    short = reading.verdict in (Verdict.PARTLY, MISSED)
    return reading.target.kind is Kind.WORDS or (reading.basis is STATED and short)


def band(verdict: Verdict, weight: Decimal, profile: Profile) -> tuple[Decimal, Decimal] | None:
    """Give the least and the most points that a qualitative row may earn in its grade, both included.

    mof-2020: 80%-100% of the weight when met, 60%-80% when partly met, 0-60% when missed (财预〔2020〕10号
    第十八条). None for a verdict that is no grade.
    """
    rules = profile.qualitative
    shares = {
        Verdict.MET: (rules.met_from, HUNDRED),
        Verdict.PARTLY: (rules.partly_from, rules.met_from),
        Verdict.MISSED: (ZERO, rules.partly_from),
    }.get(verdict)
    if shares is None:
        return None
    low, high = (product(weight, share, HUNDRED) for share in shares)
    if rules.boundary == "upper" and verdict is not Verdict.MET and high > low:
        high = less(high, QUANTA[profile.totalling.row.digits])
    return low, max(low, high)


DROPPED = ("rescale", "to_benefit")
NOT_APPLICABLE = frozenset({Flag.NOT_APPLICABLE})
UNSAFE = frozenset({Flag.TEMPLATE, Flag.SCAN_SUSPECT})


def score_row(number: int, row: Indicator, reading: Reading, profile: Profile) -> RowScore:
    """Score one row that has been read, by a profile; `number` counts rows from 1.

    The row's score is None where nothing was declared and nothing can be computed; a weight below 0 is none.
    A profile without scores (转移支付) leaves weight and points None.
    """
    if not profile.scored:
        return _scoreless(number, row, reading, profile)
    weight = row.weight if row.weight is None or row.weight >= ZERO else None
    applies = profile.totalling.not_applicable not in DROPPED or not _absent(reading)
    gap = gap_of(row, reading)
    if gap in _NOT_KNOWN_YET and reading.basis is STATED:  # 调查正在进行 says nothing of the result
        reading = reading._replace(verdict=Verdict.UNVERIFIABLE, basis=Basis.NONE)
    working = work(row, reading, weight, profile)
    if row.deduction is not None:
        working = deducted(working, row.deduction, profile.corrections)
    declared = row.score if applies else None
    band = band_of(row, reading, weight, profile)
    missed = measured(reading) and reading.verdict is MISSED and working.points is None and _safe(reading)
    met = reading.verdict is MET and gap is not Gap.WORDS
    settled = settle(declared, working, weight, profile, Room(band, met, missed, row.reason))
    if row.review is not None and applies:
        settled = reviewed(settled, row.review, weight, profile.corrections)
    said = settled.clauses if applies else ()
    shown: tuple[Clause, ...] = (("derived", {"working": reading.working}),) if reading.working else ()
    explanation = Explanation((*shown, *working.clauses, *said), working.source)
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
        band,
        applies,
        working.points,
        _outside(row, reading, weight, band),
        gap,
    )


_NOT_KNOWN_YET = frozenset({Gap.NOT_SURVEYED, Gap.NOT_COUNTED})


def _safe(reading: Reading) -> bool:
    """Tell a reading that nothing speaks against: no template's text, no scan error, no wrong operator."""
    return (UNSAFE | {Flag.DIRECTION_DOUBTFUL}).isdisjoint(reading.flags)


def _outside(
    row: Indicator, reading: Reading, weight: Decimal | None, band: tuple[Decimal, Decimal] | None
) -> bool:
    """Tell whether a score contradicts its rating: above its band, or below that of one given as such."""
    if band is None or row.score is None or weight is None or row.score > weight:
        return False
    if row.rating is None and measured(reading) and reading.kind is Kind.DATE:
        return row.score > band[1]
    return row.score > band[1] or (row.score < band[0] and rated(row) is not None)


def work(row: Indicator, reading: Reading, weight: Decimal | None, profile: Profile) -> Working:
    """Work out the exact points of a row, None where only a person can say.

    That a row does not apply, that a cell is not to be trusted or that evidence is missing goes before its
    verdict.
    """
    if weight is None:
        return worked(None, "no_weight", Cite())
    if _absent(reading):
        return _not_applicable(weight, profile)
    if not UNSAFE.isdisjoint(reading.flags):
        return worked(None, "unsafe", profile.quantity.source, reading=reading)
    if profile.totalling.no_evidence == "zero" and not row.evidence:
        return worked(ZERO, "no_evidence", profile.totalling.source)
    return (_measured if measured(reading) else _worded)(row, reading, weight, profile)


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


def _worded(row: Indicator, reading: Reading, weight: Decimal, profile: Profile) -> Working:
    """Work out a row of words; 已开展 for a rate says that work was done, and gives no points by itself."""
    if reading.verdict is MET and gap_of(row, reading) is Gap.WORDS:
        return worked(None, "words_for_number", profile.quantity.source, reading=reading)
    return work_qualitative(row, reading, weight, profile)


def _not_applicable(weight: Decimal, profile: Profile) -> Working:
    rule = profile.totalling.not_applicable
    points = {"zero": ZERO, "full": weight}.get(rule)
    return worked(points, f"not_applicable_{rule}", profile.totalling.source, weight=weight)


def _scoreless(number: int, row: Indicator, reading: Reading, profile: Profile) -> RowScore:
    explanation = Explanation((("scoreless", NO_FACTS),), profile.source)
    gap = gap_of(row, reading)
    return RowScore(number, row, reading, None, None, None, None, Status.UNSCORED, explanation, gap=gap)


def read_indicator(row: Indicator, year: int | None) -> Reading:
    """Read the cells of a row as they are scored; `year` is the form's."""
    return read_row(
        row.target,
        row.actual,
        name=row.name,
        level1=row.level1,
        level2=row.level2,
        year=year,
        rating=row.rating,
        weight=row.score if row.weight is None else row.weight,
    )
