"""The total (总分): the sum of what counts, the caps, the grade, the review (核查), and whether it is final.

A total whose weights do not add up to the form's whole means nothing and has no grade; one with rows that
claim points without proof, rows scored outside their band, rows without a score, or a doubted reading is
provisional (待核实): it stands only until somebody has looked.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

from perfkit.form import open_doubts
from perfkit.language import Text
from perfkit.scoring.card import UNSCORED, ExecutionScore, Reason, Review, RowScore, Status, Total
from perfkit.scoring.explanation import (
    HUNDRED,
    NO_FACTS,
    ZERO,
    Clause,
    Explanation,
    cut,
    product,
    rounded,
    total,
)
from perfkit.scoring.proof import SPOKEN_BY, points_unproven, set_aside
from perfkit.scoring.rows import PART, within
from perfkit.values.vocabulary import heading_weight, level1

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from perfkit.form import Form
    from perfkit.profile import Cap, Profile

    Points = Callable[["Scored", Profile], Decimal | None]


CENTS = 2
_FIGURES = (".weight", ".score", ".initial", ".adjusted", ".executed", "total")


@dataclass(frozen=True, slots=True)
class Weights:
    """Hold what a form's weights add up to: `total`, against the `whole` that they should make.

    `add_up` holds where they do: to 100 or, where every heading and the total row print another whole, to
    that. `rows` and `budget` are the parts of the sum.
    """

    total: Decimal | None
    whole: Decimal
    add_up: bool
    rows: Decimal = ZERO
    budget: Decimal | None = None
    is_hundred: bool = True


def weights_of(form: Form, profile: Profile) -> Weights:
    """Add up the weights of a form, in points; a budget line without one may do without.

    They should make 100 (财预〔2020〕10号: 预算执行率 10, 产出 50, 效益 30, 满意度 10), or the other whole
    that the form's headings and its total row print. Sub-rows (其中) with points of their own may stand
    within their parent's; both sums are tried, to two decimals.
    """
    printed = [row.weight for row in form.indicators if row.weight is not None]
    budget = form.budget.total.weight
    if not printed:
        return Weights(budget, HUNDRED, add_up=budget is None, budget=budget)
    own = [
        row.weight
        for row in form.indicators
        if row.weight is not None and not (row.name or "").strip().startswith(PART)
    ]
    extras = (budget,) if budget is not None else (ZERO, profile.execution_weight)
    sums = {cents(total([*part, extra])) for part in (printed, own) for extra in extras}
    wholes = {HUNDRED} | _printed_wholes(form)
    rows = total(printed)
    return Weights(
        total([rows, budget or ZERO]), HUNDRED, bool(sums & wholes), rows, budget, is_hundred=HUNDRED in sums
    )


def _printed_wholes(form: Form) -> set[Decimal]:
    """Give the whole that the form prints other than 100: its headings' sum, borne out by its total row."""
    rows = {each.weight for each in form.subtotals if not each.level1 and not each.level2 and each.weight}
    headings: dict[str, Decimal | None] = {}
    for row in form.indicators:
        if row.level1:
            headings.setdefault(level1(row.level1) or row.level1, heading_weight(row.level1))
    weights = [weight for weight in headings.values() if weight is not None]
    if not rows or len(weights) != len(headings) or not weights:
        return set()
    headed = cents(total([*weights, form.budget.total.weight or ZERO]))
    return {headed} & {cents(row) for row in rows}


def cents(figure: Decimal) -> Decimal:
    """Round to two decimals, half up, so that a third of ten counted three times is ten."""
    return cut(figure, CENTS, ROUND_HALF_UP)


def doubts(form: Form, profile: Profile, parts: Sequence[ExecutionScore | RowScore]) -> tuple[Reason, ...]:
    """Give every reason why a total is provisional (待核实), none where it is final or nothing is scored.

    Weights first, then rows by kind, then the reading of the file. A defect that a person set aside with a
    reason is none.
    """
    if not profile.scored:
        return ()
    return (*_weights(form, profile, parts), *_rows(parts), *_reading(form))


def _weights(form: Form, profile: Profile, parts: Sequence[ExecutionScore | RowScore]) -> Iterator[Reason]:
    sums = weights_of(form, profile)
    dropped = [part for part in parts if not part.applies]
    if sums.add_up or sums.total is None:
        return
    if dropped and any(part.weight is None for part in dropped):
        return
    yield _reason("weights", weight=sums.total, whole=sums.whole)


def _rows(parts: Sequence[ExecutionScore | RowScore]) -> Iterator[Reason]:
    """Yield the rows that a person has to look at, those of one kind together."""
    kinds: dict[str, list[int]] = {}
    for part in parts:
        if isinstance(part, RowScore) and (kind := _kind(part)):
            kinds.setdefault(kind, []).append(part.number)
        elif isinstance(part, ExecutionScore) and part.status is UNSCORED and part.weight is not None:
            yield _reason("execution_unscored")
    for kind in _KINDS:
        if kind in kinds:
            yield _reason(kind, tuple(kinds[kind]))


_KINDS = (
    *("band", "missing", "not_surveyed", "not_counted", "not_applicable", "no_date", "words"),
    *("above", "late", "unscored"),
)


def _kind(row: RowScore) -> str:
    """Give what is open about a row, "" where nothing is."""
    if not row.applies:
        return ""
    if row.status is UNSCORED:
        return "unscored" if row.weight is not None else ""
    if row.outside_band and not set_aside(row.indicator, "PK114"):
        return "band"
    if row.gap and points_unproven(row.gap, row.weight, row.score):
        return "" if set_aside(row.indicator, SPOKEN_BY[row.gap]) else str(row.gap)
    if not row.undecided or row.outside_band:
        return ""
    return "late" if row.declared == row.weight else "above"


def _reading(form: Form) -> Iterator[Reason]:
    unread = sum(cell.path.endswith(_FIGURES) for cell in form.unread)
    doubts = open_doubts(form)
    if form.reading.state == "doubted" and (doubts or not form.reading.doubts):
        yield _reason("reading", count=Decimal(len(doubts)))
    elif unread:
        yield _reason("unread", count=Decimal(unread))


def _reason(key: str, rows: tuple[int, ...] = (), **facts: Any) -> Reason:
    shown: Mapping[str, Any] = {"rows": rows, **facts}
    return Reason(key, rows, Explanation(((f"because_{key}", shown),), Text("", "")))


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
    held: bool = False
    capped: Decimal | None = None
    added: Decimal | None = None  # the sum of the lines, before a lower printed total holds it


def score_total(form: Form, profile: Profile, budget: ExecutionScore, rows: Sequence[RowScore]) -> Total:
    """Sum up a form: weights, computed and counting points, cap and grade.

    The sum of what counts is rounded by the profile's rule for totals, bounded by a cap on it, and never
    above the total that the unit declared, unless the profile raises. Dropped rows give their weight to the
    others where the profile says so. The grade is None where a weighted line has no score, or where the
    weights do not add up. `rows` are all rows of the form, `budget` its execution line.
    """
    if not profile.scored:
        told = Explanation((("scoreless", NO_FACTS),), profile.source)
        return Total(None, None, None, None, None, complete=True, explanation=told)
    because = doubts(form, profile, [budget, *rows])
    sums = _sums([budget, *rows], profile, budget.rate, form)
    if any(reason.key == "weights" for reason in because):
        sums = replace(sums, grade=None)
    weights = [part.weight for part in sums.parts if part.weight is not None]
    told = Explanation(_clauses(sums, form.total, profile), profile.totalling.source)
    weight = total(weights) if weights else None
    return Total(
        weight,
        form.total,
        sums.computed,
        sums.score,
        sums.grade,
        not sums.open,
        told,
        review=sums.review,
        capped=sums.capped,
        held=sums.held,
        because=because,
    )


def _sums(parts: Sequence[Scored], profile: Profile, rate: Decimal | None, form: Form) -> _Sums:
    cap = _cap(rate, profile)
    computed, score = (_sum(parts, profile, cap, points) for points in (_computed, _counting))
    capped, added = score if cap else None, score
    held = form.total is not None and score is not None and score > form.total and not _raises(parts, profile)
    if held and form.total is not None:
        score = max(form.total, ZERO)
    missing = [part for part in parts if part.score is None and _open(part)]
    grade = None if missing or score is None else profile.grade(score)
    review = _review(parts, profile, cap, form.review_total)
    return _Sums(parts, computed, score, cap, rate, Decimal(len(missing)), grade, review, held, capped, added)


def _raises(parts: Sequence[Scored], profile: Profile) -> bool:
    """Tell whether the profile raises a total: by rescaling, by a reviewer's score, by its own setting."""
    rules = profile.corrections
    reviewed = rules.review == "counts" and any(part.review is not None for part in parts)
    return rules.lower == "raise" or reviewed or not all(part.applies for part in parts)


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


def _clauses(sums: _Sums, declared: Decimal | None, profile: Profile) -> tuple[Clause, ...]:
    """Give the clauses that tell the total, each only where there is something to tell."""
    execution, *rows = (part.score is not None for part in sums.parts)
    counted = Decimal(sum(rows))
    summed = (
        ("sum" if counted else "sum_execution") if execution else "sum_rows" if counted else "sum_nothing"
    )
    agrees = "total_agrees" if declared == sums.score else "total_differs"
    said: tuple[tuple[bool, str, Mapping[str, object]], ...] = (
        (True, summed, {"count": counted, "score": sums.added}),
        (not all(part.applies for part in sums.parts), "spread", {}),
        (sums.cap is not None, "cap", _facts(sums)),
        (sums.held, "held", {"declared": declared}),
        (bool(sums.open), "incomplete", {"count": sums.open}),
        (
            not sums.open and not sums.held and None not in (declared, sums.score),
            agrees,
            {"declared": declared},
        ),
        (sums.grade is not None, "grade", {"grade": sums.grade, "cited": profile.grades_source}),
        (sums.computed != sums.score, "sum_computed", {"computed": sums.computed}),
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
