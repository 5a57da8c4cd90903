"""Which figure counts: what the unit declared, what the profile gives, what a reviewer gave.

A unit's own score is never raised: where it lies below what the rules give, it counts. Only a setting of
the profile, with its source, may raise (`perfkit.profile.Corrections`). A deduction column (扣分) lowers
points that the rules computed; a reviewer's score (核查得分) is told, or counts in the unit's stead.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from perfkit.scoring.card import AGREES, DIFFERS, JUDGED, LOWER, UNSCORED, Status
from perfkit.scoring.explanation import NO_FACTS, Clause, Working
from perfkit.scoring.points import ZERO, agrees, clamp, less, places, rounded
from perfkit.scoring.proof import says_nothing

if TYPE_CHECKING:
    from decimal import Decimal

    from perfkit.profile import Corrections, Profile, Rounding

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
        return working._replace(clauses=(*working.clauses, ("deduction_open", {"taken": off})))
    left = max(less(points, off), ZERO)
    told = "deducted" if off <= points else "deducted_all"
    clauses = (*working.clauses, (told, {"taken": off, "points": left}))
    return working._replace(points=left, clauses=clauses, taken=off)


def reviewed(settled: Settled, review: Decimal, weight: Decimal | None, rules: Corrections) -> Settled:
    """Tell a reviewer's score beside what counts, or let it count."""
    points = within(review, weight)
    facts = {"review": review, "counts": points}
    beyond = "" if points == review else "_clamped"
    if rules.review == "note":
        return settled._replace(clauses=(*settled.clauses, (f"review_noted{beyond}", facts)))
    told = () if settled.status is UNSCORED else settled.clauses
    clauses = (*told, (f"review_counts{beyond}", facts))
    return settled._replace(score=points, status=JUDGED, clauses=clauses)


def within(points: Decimal, weight: Decimal | None) -> Decimal:
    """Bring points between 0 and the weight, where there is one."""
    return points if weight is None else clamp(points, weight)
