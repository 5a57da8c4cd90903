"""The total (总分): the sum of what counts, the caps and the grade."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from perfkit.scoring.card import ExecutionScore, RowScore, Status, Total
from perfkit.scoring.points import HUNDRED, ZERO, clamp, product, rounded, total
from perfkit.scoring.telling import Explanation
from perfkit.scoring.working import NO_FACTS, Clause

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from perfkit.form import Form
    from perfkit.profile import Cap, Profile

Scored = ExecutionScore | RowScore


@dataclass(frozen=True, slots=True)
class _Sums:
    """Hold what was summed: the lines, the two sums, the cap on them, and the lines that have no score."""

    parts: Sequence[Scored]
    computed: Decimal | None
    score: Decimal | None
    cap: Cap | None
    rate: Decimal | None
    open: Decimal
    grade: str | None


def score_total(form: Form, profile: Profile, budget: ExecutionScore, rows: Sequence[RowScore]) -> Total:
    """Sum up a form: weights, computed and counting points, cap and grade."""
    if not profile.scored:
        told = Explanation((("scoreless", NO_FACTS),), profile.source)
        return Total(None, None, None, None, None, complete=True, explanation=told)
    sums = _sums([budget, *rows], profile, budget.rate)
    weights = [part.weight for part in sums.parts if part.weight is not None]
    told = Explanation(_clauses(sums, form.total), profile.totalling.source)
    weight = total(weights) if weights else None
    return Total(weight, form.total, sums.computed, sums.score, sums.grade, not sums.open, told)


def _sums(parts: Sequence[Scored], profile: Profile, rate: Decimal | None) -> _Sums:
    cap = _cap(rate, profile)
    computed, score = (_sum(parts, profile, cap, computed=computed) for computed in (True, False))
    missing = [part for part in parts if part.score is None and _open(part)]
    grade = None if missing or score is None else profile.grade(score)
    return _Sums(parts, computed, score, cap, rate, Decimal(len(missing)), grade)


def _open(part: Scored) -> bool:
    """Tell a line that has a weight and applies, and that nobody has scored."""
    return part.weight is not None and part.status is Status.UNSCORED and part.applies


def _points(part: Scored, profile: Profile, *, computed: bool) -> Decimal | None:
    """Give the points of a line that go into a sum; exact ones where the profile rounds only the total."""
    figure = part.computed if computed and part.computed is not None else part.score
    if figure is None or part.exact is None or profile.totalling.per == "row":
        return figure
    if not computed and part.declared is not None and part.status is not Status.DIFFERS:
        return figure
    return part.exact if computed or part.weight is None else clamp(part.exact, part.weight)


def _sum(parts: Sequence[Scored], profile: Profile, cap: Cap | None, *, computed: bool) -> Decimal | None:
    earned = [points for part in parts if (points := _points(part, profile, computed=computed)) is not None]
    if not earned:
        return None
    rule = profile.totalling.total
    result = rounded(_spread(total(earned), parts, profile, computed=computed), rule)
    return rounded(min(result, cap.at_most), rule) if cap else result


def _spread(earned: Decimal, parts: Sequence[Scored], profile: Profile, *, computed: bool) -> Decimal:
    """Give the dropped rows' weight to the others: to all of them, or to the benefit rows."""
    dropped = total([part.weight or ZERO for part in parts if not part.applies])
    if not dropped:
        return earned
    if profile.totalling.not_applicable == "rescale":
        left = total(part.weight or ZERO for part in parts if part.applies)
        return product(earned, HUNDRED, left) if left > ZERO else earned
    benefit = [part for part in parts if isinstance(part, RowScore) and part.applies and _benefit(part)]
    weight = total(part.weight or ZERO for part in benefit)
    points = total(_points(part, profile, computed=computed) or ZERO for part in benefit)
    return total([earned, product(dropped, points, weight)]) if weight > ZERO else earned


def _benefit(row: RowScore) -> bool:
    return "效益" in f"{row.indicator.level1 or ''}{row.indicator.level2 or ''}"


def _cap(rate: Decimal | None, profile: Profile) -> Cap | None:
    """Give the tightest cap that the execution rate calls for."""
    caps = [cap for cap in profile.totalling.caps if rate is not None and rate < cap.below]
    return min(caps, key=lambda cap: cap.at_most, default=None)


def _clauses(sums: _Sums, declared: Decimal | None) -> tuple[Clause, ...]:
    """Give the clauses that tell the total, each only where there is something to tell."""
    counted = Decimal(sum(part.score is not None for part in sums.parts))
    agrees = "total_agrees" if declared == sums.score else "total_differs"
    said: tuple[tuple[bool, str, Mapping[str, object]], ...] = (
        (True, "sum" if counted else "sum_nothing", {"count": counted, "score": sums.score}),
        (not all(part.applies for part in sums.parts), "spread", {}),
        (sums.cap is not None, "cap", _facts(sums)),
        (sums.computed != sums.score, "sum_computed", {"computed": sums.computed}),
        (bool(sums.open), "incomplete", {"count": sums.open}),
        (not sums.open and None not in (declared, sums.score), agrees, {"declared": declared}),
        (sums.grade is not None, "grade", {"grade": sums.grade}),
    )
    return tuple((key, facts) for told, key, facts in said if told)


def _facts(sums: _Sums) -> dict[str, Decimal | None]:
    return (
        {} if sums.cap is None else {"rate": sums.rate, "below": sums.cap.below, "at_most": sums.cap.at_most}
    )
