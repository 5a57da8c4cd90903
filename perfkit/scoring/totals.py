"""The total (总分): the sum of what counts, the caps and the grade."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from perfkit.form import Form
from perfkit.profile import Cap, Profile
from perfkit.scoring.card import ExecutionScore, RowScore, Status, Total
from perfkit.scoring.points import HUNDRED, ZERO, clamp, product, rounded, total
from perfkit.scoring.telling import Explanation
from perfkit.scoring.working import Clause

Scored = ExecutionScore | RowScore


def score_total(form: Form, profile: Profile, budget: ExecutionScore, rows: Sequence[RowScore]) -> Total:
    """Sum up a form: weights, computed and counting points, cap and grade."""
    if not profile.scored:
        return Total(None, None, None, None, None, True, Explanation((Clause("scoreless"),), profile.source))
    parts: list[Scored] = [budget, *rows]
    weights = [part.weight for part in parts if part.weight is not None]
    open_rows = [
        part
        for part in parts
        if part.weight is not None and part.status is Status.UNSCORED and _applies(part)
    ]
    cap = _cap(budget.rate, profile)
    computed = _sum(parts, profile, cap, computed=True)
    score = _sum(parts, profile, cap, computed=False)
    complete = not open_rows
    grade = profile.grade(score) if complete and score is not None else None
    clauses = _clauses(form, parts, computed, score, cap, budget, grade, len(open_rows))
    return Total(
        total(weights) if weights else None,
        form.total,
        computed,
        score,
        grade,
        complete,
        Explanation(clauses, profile.totalling.source),
    )


def _applies(part: Scored) -> bool:
    return not isinstance(part, RowScore) or part.applies


def _points(part: Scored, profile: Profile, *, computed: bool) -> Decimal | None:
    """Give the points of a line that go into a sum; exact ones where the profile rounds only the total."""
    figure = part.computed if computed and part.computed is not None else part.score
    ours = computed or part.declared is None or part.status is Status.DIFFERS
    if figure is None or part.exact is None or profile.totalling.per == "row" or not ours:
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
    dropped = total(part.weight or ZERO for part in parts if not _applies(part))
    if not dropped:
        return earned
    if profile.totalling.not_applicable == "rescale":
        left = total(part.weight or ZERO for part in parts if _applies(part))
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


def _clauses(
    form: Form,
    parts: Sequence[Scored],
    computed: Decimal | None,
    score: Decimal | None,
    cap: Cap | None,
    budget: ExecutionScore,
    grade: str | None,
    open_rows: int,
) -> tuple[Clause, ...]:
    counted = Decimal(sum(part.score is not None for part in parts))
    clauses = [Clause("sum" if counted else "sum_nothing", {"count": counted, "score": score})]
    if any(not _applies(part) for part in parts):
        clauses.append(Clause("spread"))
    if cap is not None:
        clauses.append(Clause("cap", {"rate": budget.rate, "below": cap.below, "at_most": cap.at_most}))
    if computed != score:
        clauses.append(Clause("sum_computed", {"computed": computed}))
    if open_rows:
        clauses.append(Clause("incomplete", {"count": Decimal(open_rows)}))
    if form.total is not None and score is not None and not open_rows:
        same = form.total == score
        clauses.append(Clause("total_agrees" if same else "total_differs", {"declared": form.total}))
    if grade is not None:
        clauses.append(Clause("grade", {"grade": grade}))
    return tuple(clauses)
