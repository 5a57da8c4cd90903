"""Which figure counts: what the unit declared, or what the profile computes (CONTRACT §6)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from perfkit.profile import Rounding
from perfkit.scoring.card import Status
from perfkit.scoring.points import agrees, clamp, less, places, rounded
from perfkit.scoring.working import Clause, Working

NO_REASON = frozenset(
    {"", "无", "暂无", "没有", "无。", "无偏差", "不涉及", "-", "--", "—", "——", "/", "none", "n/a"}
)


@dataclass(frozen=True, slots=True)
class Settled:
    """Hold what counts, how it stands to the rule, and the clauses that say so."""

    score: Decimal | None
    status: Status
    clauses: tuple[Clause, ...]


def settle(
    declared: Decimal | None,
    working: Working,
    weight: Decimal | None,
    rule: Rounding,
    *,
    reason: str | None = None,
) -> Settled:
    """Set the declared points against the working.

    `reason` is the reason given for points taken off a row that met its target. A declared figure never
    counts for more than the weight or for less than 0. With nothing declared against a computed figure
    there is nothing that could contradict: the computed figure counts, and the state is `agrees`.
    """
    exact = working.points
    if exact is None:
        return _by_person(declared, weight)
    computed = rounded(exact, rule)
    counts = computed if weight is None else clamp(computed, weight)
    tail = _rounding(exact, computed, rule)
    if declared is None:
        return Settled(counts, Status.AGREES, (*tail, Clause("not_declared", {"computed": computed})))
    facts = {"declared": declared, "computed": computed, "places": places(declared)}
    if agrees(declared, exact, rule) or declared == counts:
        key = "agrees" if declared == computed else "agrees_rounded"
        kept = declared if weight is None else clamp(declared, weight)
        return Settled(kept, Status.AGREES, (*tail, Clause(key, facts)))
    if weight is not None and exact == weight and 0 <= declared < weight:
        lost = less(weight, declared)
        if working.room:
            return Settled(
                declared, Status.JUDGED, (*tail, Clause("taken_by_person", facts | {"lost": lost}))
            )
        if has_reason(reason):
            return Settled(
                declared,
                Status.JUDGED,
                (*tail, Clause("taken_off", facts | {"lost": lost, "reason": reason})),
            )
    return Settled(counts, Status.DIFFERS, (*tail, Clause("differs", facts | {"counts": counts})))


def _by_person(declared: Decimal | None, weight: Decimal | None) -> Settled:
    if declared is None:
        return Settled(None, Status.UNSCORED, (Clause("unscored"),) if weight is not None else ())
    if weight is None:
        return Settled(declared, Status.JUDGED, (Clause("as_declared", {"declared": declared}),))
    counts = clamp(declared, weight)
    key = "judged" if counts == declared else "judged_clamped"
    return Settled(counts, Status.JUDGED, (Clause(key, {"declared": declared, "counts": counts}),))


def _rounding(exact: Decimal, computed: Decimal, rule: Rounding) -> tuple[Clause, ...]:
    if exact == computed:
        return ()
    return (Clause("rounded", {"mode": rule.mode, "digits": rule.digits, "computed": computed}),)


def has_reason(reason: str | None) -> bool:
    """Tell whether a reason says anything: 无, 暂无 and a dash do not."""
    return (reason or "").strip().strip("。.").lower() not in NO_REASON
