"""Rows that words or a person's rating decide (定性指标): full when met, else a band that a person fills."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from perfkit.scoring.points import HUNDRED, ONE, QUANTA, ZERO, less, product, total
from perfkit.scoring.working import Working, worked
from perfkit.values import Basis, Reading, Verdict
from perfkit.values.terms import MET, MISSED, STATED

if TYPE_CHECKING:
    from perfkit.profile import Profile


def work_qualitative(reading: Reading, weight: Decimal, profile: Profile) -> Working:
    """Work out a row of words: stated as met it is full, the rest is a person's to score."""
    rules = profile.qualitative
    stated = reading.basis is STATED
    if stated and reading.verdict is MET:
        return worked(weight, "met_stated", rules.source, reading=reading, weight=weight)
    if stated and reading.verdict is MISSED and rules.not_done == "zero":
        return worked(ZERO, "not_done", rules.source, reading=reading)
    found = None if reading.basis is Basis.NONE else band(reading.verdict, weight, profile)
    if found is None:
        return worked(None, str(reading.verdict), rules.source, reading=reading)
    low, high = found
    facts = {"reading": reading, "low": low, "high": high, "verdict": reading.verdict}
    if rules.method == "manual":
        return worked(None, f"band_{reading.basis}", rules.source, **facts)
    points = high if rules.method == "top" else product(total([low, high]), ONE, Decimal(2))
    return worked(points, f"band_{rules.method}", rules.source, points=points, **facts)


def band(verdict: Verdict, weight: Decimal, profile: Profile) -> tuple[Decimal, Decimal] | None:
    """Give the least and the most points that a qualitative row may earn in its grade, both included."""
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
