"""One indicator row: what the profile gives, the unit declared and a reviewer gave, and which counts.

Rows that words or a person's rating decide (定性指标) are full when met, else a band that a person fills.

A unit's own score is never raised: where it lies below what the rules give, it counts. Only a setting of
the profile, with its source, may raise (`perfkit.profile.Corrections`). A deduction column (扣分) lowers
points that the rules computed; a reviewer's score (核查得分) is told, or counts in the unit's stead.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from perfkit.profile import Cite, Profile
from perfkit.scoring.card import AGREES, DIFFERS, JUDGED, LOWER, UNSCORED, RowScore, Status
from perfkit.scoring.explanation import (
    HUNDRED,
    NO_FACTS,
    ONE,
    QUANTA,
    ZERO,
    Clause,
    Explanation,
    Working,
    agrees,
    clamp,
    less,
    places,
    product,
    rounded,
    total,
    worked,
)
from perfkit.scoring.measured import late_band, work_measured
from perfkit.scoring.proof import CLAIMED, Gap, basically_met, gap_of, measured, rated, says_nothing
from perfkit.values import Basis, Flag, Kind, Reading, Verdict, read_row
from perfkit.values.rules import MET, MISSED, STATED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from perfkit.form import Indicator
    from perfkit.profile import Corrections, Rounding


Band = tuple["Decimal", "Decimal"]


class Room(NamedTuple):
    """Hold what a person may give a row: the `band` of its rating, whether its target was `met` or missed.

    `reason` is the unit's reason for points lost. `missed` tells a target that was missed beyond doubt.
    """

    band: Band | None = None
    met: bool = False
    missed: bool = False
    reason: str | None = None


class Settled(NamedTuple):
    """Hold the figure as rounded, what counts, how that stands to the rule, and the clauses that say so."""

    computed: Decimal | None
    score: Decimal | None
    status: Status
    clauses: tuple[Clause, ...]


def settle(
    declared: Decimal | None, working: Working, weight: Decimal | None, profile: Profile, room: Room
) -> Settled:
    """Settle which figure counts for a line, in points: what was declared, or what the profile gives.

    Equal at the declared figure's own precision they agree, and the declared one counts. Declared above it
    the computed one counts (`differs`); below it the declared one does (`lower`, or `judged` where it is left
    to a person), unless the profile raises. What counts lies between 0 and the weight.
    """
    if working.points is None:
        return _by_person(declared, weight, room)
    computed = rounded(working.points, profile.totalling.row)
    tail = () if working.points == computed else _rounding(computed, profile.totalling.row)
    counts = computed if weight is None else clamp(computed, weight)
    if declared is None:
        return Settled(computed, counts, AGREES, (*tail, ("not_declared", {"computed": counts})))
    if declared in (working.points, counts) or agrees(declared, working.points, profile.totalling.row):
        kept = declared if weight is None else clamp(declared, weight)
        return Settled(computed, kept, AGREES, (*tail, _agreeing(declared, computed)))
    if declared > counts or declared < ZERO:
        score = min(counts, max(declared, ZERO))
        return Settled(
            computed, score, DIFFERS, (*tail, ("differs", {"declared": declared, "counts": score}))
        )
    judged = _judged(declared, working, weight, room)
    if judged is not None:
        return Settled(computed, declared, JUDGED, (*tail, judged))
    return _below(declared, counts, Settled(computed, declared, LOWER, tail), profile.corrections)


def _judged(declared: Decimal, working: Working, weight: Decimal | None, room: Room) -> Clause | None:
    """Give the clause for a score under the rule's that the profile leaves to a person, else None."""
    full = weight if weight is None else less(weight, working.taken)
    facts = {"declared": declared, "lost": None if full is None else less(full, declared)}
    off_met = working.points == full and room.met
    if off_met and working.room:
        return ("taken_by_person", facts)
    if off_met and not says_nothing(room.reason):
        return ("taken_off", {**facts, "reason": room.reason})
    if room.band is not None and room.band[0] <= declared <= room.band[1]:
        return ("judged_in_band", {"declared": declared, "low": room.band[0], "high": room.band[1]})
    return None


def _below(declared: Decimal, counts: Decimal, settled: Settled, rules: Corrections) -> Settled:
    """Let a score below the rule's stand, or raise it where the profile says so."""
    facts = {"declared": declared, "counts": counts}
    if rules.lower == "raise":
        return settled._replace(score=counts, clauses=(*settled.clauses, ("raised", facts)))
    return settled._replace(clauses=(*settled.clauses, ("lower", facts)))


def _by_person(declared: Decimal | None, weight: Decimal | None, room: Room) -> Settled:
    """Settle a line that only a person can score: within its band where it has one."""
    if declared is None:
        return Settled(None, None, UNSCORED, (("unscored", NO_FACTS),) if weight is not None else ())
    if weight is None:
        return Settled(None, declared, JUDGED, (("as_declared", {"declared": declared}),))
    counts = clamp(declared, weight)
    facts = {"declared": declared, "counts": counts}
    if counts != declared:
        return Settled(None, _topped(counts, room), DIFFERS, (("judged_clamped", facts),))
    if room.band is not None:
        return _in_band(declared, room.band, reasoned=room.met and not says_nothing(room.reason))
    if room.missed and declared == weight and weight > ZERO:
        return Settled(None, declared, DIFFERS, (("full_though_missed", facts),))
    return Settled(None, declared, JUDGED, (("judged", facts),))


def _in_band(declared: Decimal, band: Band, *, reasoned: bool) -> Settled:
    low, high = band
    facts = {"declared": declared, "low": low, "high": high, "counts": high}
    if declared > high:
        return Settled(None, high, DIFFERS, (("above_band", facts),))
    if declared < low and not reasoned:
        return Settled(None, declared, LOWER, (("below_band", facts),))
    return Settled(None, declared, JUDGED, (("judged", facts | {"counts": declared}),))


def _topped(counts: Decimal, room: Room) -> Decimal:
    return counts if room.band is None else min(counts, room.band[1])


def _agreeing(declared: Decimal, computed: Decimal) -> Clause:
    if declared == computed:
        return ("agrees", {"declared": declared})
    return ("agrees_rounded", {"declared": declared, "places": places(declared)})


def _rounding(computed: Decimal, rule: Rounding) -> tuple[Clause, ...]:
    return (("rounded", {"mode": rule.mode, "digits": rule.digits, "computed": computed}),)


def taken(deduction: Decimal | None, rules: Corrections) -> Decimal:
    """Give the points that a row's deduction (扣分) takes off, 0 where the profile ignores the column."""
    return ZERO if deduction is None or rules.deduction == "ignore" else max(deduction, ZERO)


def deducted(working: Working, deduction: Decimal, rules: Corrections) -> Working:
    """Take a deduction off the computed points, down to 0, where the profile has a column for it."""
    points, off = working.points, taken(deduction, rules)
    if not off:
        return working
    if points is None:
        return working._replace(
            clauses=(*working.clauses, ("deduction_open", {"taken": off, "cited": rules.source}))
        )
    left = max(less(points, off), ZERO)
    told = "deducted" if off <= points else "deducted_all"
    clauses = (*working.clauses, (told, {"taken": off, "points": left, "cited": rules.source}))
    return working._replace(points=left, clauses=clauses, taken=off)


def reviewed(settled: Settled, review: Decimal, weight: Decimal | None, rules: Corrections) -> Settled:
    """Tell a reviewer's score beside what counts, or let it count."""
    points = within(review, weight)
    facts = {"review": review, "counts": points}
    beyond = "" if points == review else "_clamped"
    if rules.review == "note":
        return settled._replace(clauses=(*settled.clauses, (f"review_noted{beyond}", facts)))
    told = () if settled.status is UNSCORED else settled.clauses
    clauses = (*told, (f"review_counts{beyond}", facts | {"cited": rules.source}))
    return settled._replace(score=points, status=JUDGED, clauses=clauses)


def within(points: Decimal, weight: Decimal | None) -> Decimal:
    """Bring points between 0 and the weight, where there is one."""
    return points if weight is None else clamp(points, weight)


# one indicator row: what the profile gives, what the unit declared, and which of the two counts


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


def score_row(
    number: int, row: Indicator, reading: Reading, profile: Profile, group: Sequence[Reading] = ()
) -> RowScore:
    """Score one row that has been read, by a profile; `number` counts rows from 1.

    The row's score is None where nothing was declared and nothing can be computed; a weight below 0 is none.
    A profile without scores (转移支付) leaves weight and points None. `group` holds the readings of the rows
    below it whose points it prints; where one stands otherwise than it, the points are a person's to give.
    """
    if not profile.scored:
        return _scoreless(number, row, reading, profile)
    weight = row.weight if row.weight is None or row.weight >= ZERO else None
    applies = profile.totalling.not_applicable not in DROPPED or not _absent(reading)
    gap = gap_of(row, reading)
    if gap in _NOT_KNOWN_YET and reading.basis is STATED:  # 调查正在进行 says nothing of the result
        reading = reading._replace(verdict=Verdict.UNVERIFIABLE, basis=Basis.NONE)
    alike = all(is_alike(reading, other) for other in group)
    working = work(row, reading, weight, profile) if alike else _of_several(weight, group, profile)
    if row.deduction is not None:
        working = deducted(working, row.deduction, profile.corrections)
    declared = row.score if applies else None
    band = band_of(row, reading, weight, profile) if alike else None
    missed = measured(reading) and reading.verdict is MISSED and working.points is None and _safe(reading)
    met = reading.verdict is MET and gap not in CLAIMED
    room = Room(band, met, missed, row.reason) if alike else Room()
    settled = settle(declared, working, weight, profile, room)
    if row.review is not None and applies:
        settled = reviewed(settled, row.review, weight, profile.corrections)
    said = _ruled(settled.clauses, working) if applies else ()
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


def groups_of(rows: Sequence[Indicator]) -> dict[int, list[int]]:
    """Give, by the place of each row that prints points for several, the places of the others of its group.

    They stand below it, say a target and an actual, and have no points; a part (其中) is none of a group.
    """
    found: dict[int, list[int]] = {}
    first: int | None = None
    for at, row in enumerate(rows):
        if row.weight is not None or row.score is not None:
            first = at if row.weight is not None else None
            continue
        part = (row.name or "").strip().startswith(PART)
        if first is None or part or not (row.target and row.actual):
            first = None
        else:
            found.setdefault(first, []).append(at)
    return found


def is_alike(one: Reading, other: Reading) -> bool:
    """Tell whether two rows stand alike: both met, or both missed by as much."""
    return one.verdict is other.verdict and (one.verdict is MET or one.completion == other.completion)


def _of_several(weight: Decimal | None, group: Sequence[Reading], profile: Profile) -> Working:
    if weight is None:
        return worked(None, "no_weight", Cite())
    return worked(None, "of_several", profile.quantity.source, count=Decimal(len(group) + 1))


PART = ("其中", "★其中", "☆其中", "（其中", "(其中")
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
    if (gap := gap_of(row, reading)) in CLAIMED and (reading.verdict is MET or gap is Gap.NO_DATE):
        return worked(None, _CLAIMS[gap], profile.quantity.source, reading=reading)
    return work_qualitative(row, reading, weight, profile)


_CLAIMS = {Gap.WORDS: "words_for_number", Gap.NO_DATE: "no_such_day"}


def _not_applicable(weight: Decimal, profile: Profile) -> Working:
    rule = profile.totalling.not_applicable
    points = {"zero": ZERO, "full": weight}.get(rule)
    return worked(points, f"not_applicable_{rule}", profile.totalling.source, weight=weight)


def _ruled(clauses: tuple[Clause, ...], working: Working) -> tuple[Clause, ...]:
    """Let what is said of the declared score follow from the rule that the working ends with."""
    cited = working.clauses[-1][1].get("cited", working.source) if working.clauses else working.source
    return tuple((key, {"cited": cited, **facts}) for key, facts in clauses)


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
