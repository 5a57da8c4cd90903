"""Which figure counts: what the unit declared, or what the profile computes (CONTRACT §6)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from perfkit.scoring.card import AGREES, DIFFERS, JUDGED, UNSCORED, Status
from perfkit.scoring.points import agrees, clamp, less, places, rounded
from perfkit.scoring.working import NO_FACTS, Clause, Working

if TYPE_CHECKING:
    from decimal import Decimal

    from perfkit.profile import Rounding

NO_REASON = frozenset(
    {"", "无", "暂无", "没有", "无。", "无偏差", "不涉及", "-", "--", "—", "——", "/", "none", "n/a"}
)


class Settled(NamedTuple):
    """Hold the figure as rounded, what counts, how that stands to the rule, and the clauses that say so."""

    computed: Decimal | None
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

    `reason` is the reason given for points taken off a row that met its target, beyond what its deduction
    took off already. A declared figure never
    counts for more than the weight or for less than 0. With nothing declared against a computed figure
    there is nothing that could contradict: the computed figure counts, and the state is `agrees`.
    """
    exact = working.points
    if exact is None:
        return _by_person(declared, weight)
    computed = rounded(exact, rule)
    tail = () if exact == computed else _rounding(computed, rule)
    counts = computed if weight is None else clamp(computed, weight)
    if declared is None:
        return Settled(computed, counts, AGREES, (*tail, ("not_declared", {"computed": counts})))
    if declared in (exact, counts) or agrees(declared, exact, rule):
        kept = declared if weight is None else clamp(declared, weight)
        return Settled(computed, kept, AGREES, (*tail, _agreeing(declared, computed)))
    key = "differs"
    full = less(weight, working.taken) if weight is not None and working.taken else weight
    if full is not None and exact == full and 0 <= declared < full:
        taken = _taken_off(declared, less(full, declared), working, reason)
        if taken is not None:
            return Settled(computed, declared, JUDGED, (*tail, taken))
        key = "no_reason"
    differs = (key, {"declared": declared, "counts": counts})
    return Settled(computed, counts, DIFFERS, (*tail, differs))


def _agreeing(declared: Decimal, computed: Decimal) -> Clause:
    if declared == computed:
        return ("agrees", {"declared": declared})
    return ("agrees_rounded", {"declared": declared, "places": places(declared)})


def _taken_off(declared: Decimal, lost: Decimal, working: Working, reason: str | None) -> Clause | None:
    """Give the clause for points that a person took off a met row, None where nothing allows it."""
    if working.room:
        return ("taken_by_person", {"declared": declared, "lost": lost})
    if has_reason(reason):
        return ("taken_off", {"declared": declared, "lost": lost, "reason": reason})
    return None


def _by_person(declared: Decimal | None, weight: Decimal | None) -> Settled:
    if declared is None:
        return Settled(None, None, UNSCORED, (("unscored", NO_FACTS),) if weight is not None else ())
    if weight is None:
        return Settled(None, declared, JUDGED, (("as_declared", {"declared": declared}),))
    counts = clamp(declared, weight)
    key = "judged" if counts == declared else "judged_clamped"
    return Settled(None, counts, JUDGED, ((key, {"declared": declared, "counts": counts}),))


def _rounding(computed: Decimal, rule: Rounding) -> tuple[Clause, ...]:
    return (("rounded", {"mode": rule.mode, "digits": rule.digits, "computed": computed}),)


def has_reason(reason: str | None) -> bool:
    """Tell whether a reason says anything: 无, 暂无 and a dash do not."""
    return (reason or "").strip().strip("。.").lower() not in NO_REASON
