"""1xx, scores (得分): each fits its weight, its rule and its rating; the total sums them, the grade fits."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from perfkit.checks.figures import add, at_precision, or_blank, signed
from perfkit.checks.labels import field_text
from perfkit.checks.registry import Hit, hit, rule
from perfkit.checks.words import words
from perfkit.language import Text
from perfkit.scoring import Status
from perfkit.scoring.corrections import taken
from perfkit.scoring.rows import net_band
from perfkit.values import Basis, Kind, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator

    from perfkit.checks.subject import Subject
    from perfkit.form import Fund, Indicator

ZERO = Decimal(0)
RATINGS = {
    "met": Text("达成", "met"),
    "partly": Text("部分达成", "partly met"),
    "missed": Text("未达成", "missed"),
}


@rule("PK104")
def total_not_sum(subject: Subject) -> Iterator[Hit]:
    """Compare the printed total with the sum of the printed scores; what is not printed may be anything."""
    total = subject.form.total
    scores = [row.printed.score for row in subject.rows if row.printed.score is not None]
    if total is None or not scores or any(path.endswith(".score") for path in subject.unread):
        return
    budget = subject.form.budget.total
    got = add(scores) + (budget.score or ZERO)
    lines: list[Fund | Indicator] = [row.printed for row in subject.leaves]
    open_points = add(line.weight or ZERO for line in (*lines, budget) if line.score is None)
    low, high = (at_precision(figure, total) for figure in (got, got + open_points))
    if not low <= total <= high and not _capped(subject, got):
        execution = or_blank(budget.score, "分")
        yield hit(
            "total", got=total, expected=got, gap=signed(total - got), rows=add(scores), budget=execution
        )


@rule("PK105")
def score_above_weight(subject: Subject) -> Iterator[Hit]:
    """Compare every score with its weight, the budget line's too."""
    for row in subject.rows:
        if row.weight is not None and row.score is not None and row.score > row.weight:
            yield hit("score", row.number, over=row.score - row.weight)
    total = subject.form.budget.total
    if total.weight is not None and total.score is not None and total.score > total.weight:
        figures: dict[str, Any] = {
            "score": total.score,
            "weight": total.weight,
            "over": total.score - total.weight,
        }
        yield hit("budget.total.score", variant="budget", **figures)


@rule("PK106")
def bad_weight_or_score(subject: Subject) -> Iterator[Hit]:
    """Find weights of zero or below, scores and amounts below zero, and cells that hold no number."""
    for row in subject.rows:
        if row.printed.weight is not None and row.weight is None:
            yield hit("weight", row.number, variant="weight", got=row.printed.weight)
        if row.printed.score is not None and row.score is None:
            yield hit("score", row.number, variant="negative", got=row.printed.score)
    for path, figure in _figures(subject):
        if figure is not None and (not figure.is_finite() or figure < 0):
            yield hit(path, variant="form", cell=field_text(path), got=figure)
    for cell in subject.form.unread:
        number, path = _row_of(cell.path, len(subject.rows))
        where = cell.place or cell.path
        yield hit(path, number, variant="unread", got=cell.text, where=where)


@rule("PK107")
def score_differs_from_rule(subject: Subject) -> Iterator[Hit]:
    """Compare a measured row's score with the profile's formula, at the score's own precision.

    A missed row at full marks is PK316 (or PK305), a score that cannot be is PK105 or PK106.
    """
    for row in subject.rows:
        scored = row.scored
        if scored.status is not Status.DIFFERS or row.reading.basis is not Basis.MEASURED:
            continue
        if row.weight is None or row.score is None or row.score > row.weight or scored.computed is None:
            continue
        deducted = taken(row.printed.deduction, subject.profile.corrections)
        if row.full and scored.computed < row.weight - deducted:
            continue
        gap = abs(row.score - scored.computed)
        yield hit(
            "score",
            row.number,
            severity="warning" if gap <= 1 else None,
            got=row.score,
            expected=scored.computed,
            gap=gap,
            why=scored.explanation,
        )


@rule("PK114")
def judged_outside_band(subject: Subject) -> Iterator[Hit]:
    """Compare a qualitative row's score with the band of its rating, given as such or in the act's words."""
    for row in subject.rows:
        rating = row.printed.rating or words().rating(row.printed.actual)
        if rating is None or row.weight is None or row.score is None or row.score > row.weight:
            continue
        qualitative = row.reading.basis is Basis.RATED or row.reading.target.kind is Kind.WORDS
        limits = net_band(row.printed, Verdict(rating), row.weight, subject.profile) if qualitative else None
        if limits and not limits[0] <= row.score <= limits[1]:
            figures: dict[str, Any] = {"got": row.score, "low": limits[0], "high": limits[1]}
            yield hit("score", row.number, rating=RATINGS[rating], **figures)


@rule("PK115")
def grade_wrong(subject: Subject) -> Iterator[Hit]:
    """Compare the printed grade with the profile's for the printed total."""
    printed, form = subject.form.grade, subject.form
    total = form.total if form.total is not None else subject.card.total.score
    if not printed or total is None:
        return
    expected, got = subject.profile.grade(total), words().grade(printed)
    known = {grade.name for grade in subject.profile.grades}
    if expected is not None and got in known and got != words().grade(expected):
        yield hit("grade", got=printed.strip(), expected=expected, total=total)


def _figures(subject: Subject) -> Iterator[tuple[str, Decimal | None]]:
    """Yield every figure of the form outside its rows, by its path."""
    budget = subject.form.budget
    yield "budget.total.weight", budget.total.weight
    yield "budget.total.score", budget.total.score
    yield "total", subject.form.total
    for line, fund in {"total": budget.total, **budget.sources}.items():
        for column in ("initial", "adjusted", "executed"):
            yield f"budget.{line}.{column}", getattr(fund, column)


def _capped(subject: Subject, got: Decimal) -> bool:
    """Tell whether the printed total is the sum under a cap of the profile (总分上限)."""
    printed, cap = subject.form.total, subject.card.total.score
    return (
        bool(subject.profile.totalling.caps)
        and printed is not None
        and cap is not None
        and (printed < got and at_precision(cap, printed) == printed)
    )


def _row_of(path: str, count: int) -> tuple[int | None, str]:
    """Split `indicators[3].weight` into the row's number (from 1) and the field."""
    match = re.fullmatch(r"indicators\[(\d+)\]\.(.+)", path)
    if match is None or int(match[1]) >= count:
        return None, path
    return int(match[1]) + 1, match[2]
