"""Figures beside the unit's own score: points taken off by hand (扣分), a reviewer's score (核查得分).

What they do to a row is the profile's to say (`perfkit.profile.Corrections`). A deduction lowers points that
the rules computed and computes nothing by itself; a reviewer's score is told, or counts in the unit's stead.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfkit.scoring.card import JUDGED, UNSCORED
from perfkit.scoring.points import ZERO, clamp, less

if TYPE_CHECKING:
    from decimal import Decimal

    from perfkit.profile import Corrections
    from perfkit.scoring.settle import Settled
    from perfkit.scoring.working import Working


def taken(deduction: Decimal | None, rules: Corrections) -> Decimal:
    """Give the points that a row's deduction takes off under the profile."""
    return ZERO if deduction is None or rules.deduction == "ignore" else max(deduction, ZERO)


def deducted(working: Working, deduction: Decimal, rules: Corrections) -> Working:
    """Take a deduction off the computed points, down to 0 (RULES.md R2, Guangxi)."""
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
    """Tell a reviewer's score beside what counts, or let it count (RULES.md R2 and R8)."""
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
