"""The total (总分): the sum of what counts, the caps and the grade, and what reviewers make of it (核查)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from perfkit.scoring.card import ExecutionScore, Review, RowScore, Status, Total
from perfkit.scoring.corrections import within
from perfkit.scoring.points import HUNDRED, ZERO, product, rounded, total
from perfkit.scoring.telling import Explanation
from perfkit.scoring.working import NO_FACTS, Clause

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from perfkit.form import Form
    from perfkit.profile import Cap, Profile

    Points = Callable[["Scored", Profile], Decimal | None]

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
    review: Review | None


def score_total(form: Form, profile: Profile, budget: ExecutionScore, rows: Sequence[RowScore]) -> Total:
    """Sum up a form: weights, computed and counting points, cap and grade."""
    if not profile.scored:
        told = Explanation((("scoreless", NO_FACTS),), profile.source)
        return Total(None, None, None, None, None, complete=True, explanation=told)
    sums = _sums([budget, *rows], profile, budget.rate, form.review_total)
    weights = [part.weight for part in sums.parts if part.weight is not None]
    told = Explanation(_clauses(sums, form.total), profile.totalling.source)
    weight = total(weights) if weights else None
    return Total(
        weight, form.total, sums.computed, sums.score, sums.grade, not sums.open, told, review=sums.review
    )


def _sums(
    parts: Sequence[Scored], profile: Profile, rate: Decimal | None, review_total: Decimal | None
) -> _Sums:
    cap = _cap(rate, profile)
    computed, score = (_sum(parts, profile, cap, points) for points in (_computed, _counting))
    missing = [part for part in parts if part.score is None and _open(part)]
    grade = None if missing or score is None else profile.grade(score)
    review = _review(parts, profile, cap, review_total)
    return _Sums(parts, computed, score, cap, rate, Decimal(len(missing)), grade, review)


def _review(
    parts: Sequence[Scored], profile: Profile, cap: Cap | None, declared: Decimal | None
) -> Review | None:
    """Sum what the unit and the reviewers gave; a total that only is printed stands for its lines."""
    scored = any(part.review is not None for part in parts)
    if not scored and declared is None:
        return None
    reviewed = _sum(parts, profile, cap, _reviewed) if scored else declared
    return Review(_sum(parts, profile, cap, _own), reviewed, declared)


def _open(part: Scored) -> bool:
    """Tell a line that has a weight and applies, and that nobody has scored."""
    return part.weight is not None and part.status is Status.UNSCORED and part.applies


def _computed(part: Scored, profile: Profile) -> Decimal | None:
    """Give what the profile computes of a line, what counts where it computes nothing."""
    if part.computed is None:
        return part.score
    return part.computed if profile.totalling.per == "row" else part.exact


def _counting(part: Scored, profile: Profile) -> Decimal | None:
    """Give what counts of a line; the exact points where the profile rounds only the total."""
    if part.score is None or part.exact is None or profile.totalling.per == "row":
        return part.score
    person = part.status is Status.JUDGED or (part.declared is not None and part.status is Status.AGREES)
    return part.score if person else within(part.exact, part.weight)


def _own(part: Scored, profile: Profile) -> Decimal | None:
    """Give the unit's own score of a line: as declared, else as computed."""
    if part.declared is None or not part.applies:
        return None if part.computed is None else within(_computed(part, profile) or ZERO, part.weight)
    return part.declared


def _reviewed(part: Scored, profile: Profile) -> Decimal | None:
    """Give a reviewer's score of a line, the unit's own where no reviewer scored it."""
    if part.reviewed is None or not part.applies:
        return _own(part, profile)
    return part.reviewed


def _sum(parts: Sequence[Scored], profile: Profile, cap: Cap | None, points: Points) -> Decimal | None:
    earned = [found for part in parts if (found := points(part, profile)) is not None]
    if not earned:
        return None
    rule = profile.totalling.total
    result = rounded(_spread(total(earned), parts, profile, points), rule)
    return rounded(min(result, cap.at_most), rule) if cap else result


def _spread(earned: Decimal, parts: Sequence[Scored], profile: Profile, points: Points) -> Decimal:
    """Give the dropped rows' weight to the others: to all of them, or to the benefit rows."""
    dropped = total([part.weight or ZERO for part in parts if not part.applies])
    if not dropped:
        return earned
    if profile.totalling.not_applicable == "rescale":
        left = total(part.weight or ZERO for part in parts if part.applies)
        return product(earned, HUNDRED, left) if left > ZERO else earned
    benefit = [part for part in parts if isinstance(part, RowScore) and part.applies and _benefit(part)]
    weight = total(part.weight or ZERO for part in benefit)
    gained = total(points(part, profile) or ZERO for part in benefit)
    return total([earned, product(dropped, gained, weight)]) if weight > ZERO else earned


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
    return (*((key, facts) for told, key, facts in said if told), *_review_clauses(sums.review))


def _review_clauses(review: Review | None) -> Iterator[Clause]:
    """Tell the reviewers' total beside the unit's, and whether it is the one that the form prints."""
    if review is None or review.score is None:
        return
    if review.deviation is None:
        yield "review_sum", {"score": review.score}
    else:
        facts = {"own": review.self_score, "score": review.score, "deviation": review.deviation}
        yield "review_deviation", facts
    if review.declared is not None and review.declared != review.score:
        yield "review_total_differs", {"declared": review.declared}


def _facts(sums: _Sums) -> dict[str, Decimal | None]:
    return (
        {} if sums.cap is None else {"rate": sums.rate, "below": sums.cap.below, "at_most": sums.cap.at_most}
    )
