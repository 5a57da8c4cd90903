"""1xx, first half: weights (分值), scores (得分) and the total (总分) add up and fit each other."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from perfkit.checks.figures import add, at_precision, cents, decimals
from perfkit.checks.registry import Hit, hit, rule
from perfkit.checks.subject import BENEFIT, HUNDRED, SATISFACTION, Row, Subject
from perfkit.checks.words import words
from perfkit.language import Text
from perfkit.levels import heading_weight
from perfkit.scoring import Status
from perfkit.values import Basis

ZERO = Decimal(0)
_MOST_DECIMALS = 2


@rule("PK101")
def weights_not_100(subject: Subject) -> Iterator[Hit]:
    """Sum the leaf weights and the execution weight; a form whose budget line has no weight may do without."""
    printed = [row.printed.weight for row in subject.rows if row.printed.weight is not None]
    if not printed or any(path.endswith(".weight") for path in subject.unread):
        return
    own = [row.printed.weight or ZERO for row in subject.rows if not words().is_part(row.name)]
    budget = subject.form.budget.total.weight
    extras = (budget,) if budget is not None else (ZERO, subject.profile.execution_weight)
    if any(cents(add(part) + extra) == HUNDRED for part in (printed, own) for extra in extras):
        return
    got = cents(add(printed) + (budget or ZERO))
    yield hit("indicators", rows=add(printed), budget=budget, got=got, gap=_signed(got - HUNDRED))


@rule("PK102")
def heading_weight_differs(subject: Subject) -> Iterator[Hit]:
    """Compare the weight printed in a heading (产出指标(50分)) with the rows under it."""
    for level in ("level1", "level2"):
        for heading, weight, rows in _headings(subject, level):
            weights = [row.printed.weight for row in rows if not row.part]
            known = [each for each in weights if each is not None]
            if known and len(known) == len(weights) and cents(add(known)) != cents(weight):
                yield hit(level, rows[0].number, heading=heading, expected=weight, got=add(known), count=len(known))


@rule("PK103")
def level1_weights_off_profile(subject: Subject) -> Iterator[Hit]:
    """Compare the level-1 weights with the profile's; without satisfaction rows its points go to benefit."""
    expected = dict(subject.profile.level1_weights)
    rows = [row for row in subject.leaves if row.printed.weight is not None]
    if not expected or not rows or any(row.level1 == "" or row.weight is None for row in rows):
        return
    got = {level: add(row.weight or ZERO for row in rows if row.level1 == level) for level in expected}
    got |= {row.level1: add(r.weight or ZERO for r in rows if r.level1 == row.level1) for row in rows}
    if SATISFACTION in expected and not got.get(SATISFACTION):
        expected[BENEFIT] = expected.get(BENEFIT, ZERO) + expected.pop(SATISFACTION)
        got.pop(SATISFACTION, None)
    off = {level: weight for level, weight in got.items() if cents(weight) != expected.get(level, ZERO)}
    if off:
        yield hit("indicators", got=_levels(off, off), expected=_levels(expected, off))


@rule("PK104")
def total_not_sum(subject: Subject) -> Iterator[Hit]:
    """Compare the printed total with the sum of the printed scores; what is not printed may be anything."""
    total = subject.form.total
    scores = [row.printed.score for row in subject.rows if row.printed.score is not None]
    if total is None or not scores or any(path.endswith(".score") for path in subject.unread):
        return
    budget = subject.form.budget.total
    got = add(scores) + (budget.score or ZERO)
    open_points = add(
        line.weight or ZERO
        for line in (*(row.printed for row in subject.leaves), budget)
        if line.score is None and line.weight is not None
    )
    low, high = (at_precision(figure, total) for figure in (got, got + open_points))
    if not low <= total <= high and not _capped(subject, got):
        yield hit("total", got=total, expected=got, gap=_signed(total - got), rows=add(scores), budget=budget.score)


@rule("PK105")
def score_above_weight(subject: Subject) -> Iterator[Hit]:
    """Compare every score with its weight, the budget line's too."""
    for row in subject.rows:
        if row.weight is not None and row.score is not None and row.score > row.weight:
            yield hit("score", row.number, over=row.score - row.weight)
    total = subject.form.budget.total
    if total.weight is not None and total.score is not None and total.score > total.weight:
        figures = {"score": total.score, "weight": total.weight, "over": total.score - total.weight}
        yield hit("budget.total.score", variant="budget", **figures)


@rule("PK106")
def bad_weight_or_score(subject: Subject) -> Iterator[Hit]:
    """Find weights of zero or below, scores and amounts below zero, and cells that hold no number."""
    for row in subject.rows:
        if row.printed.weight is not None and row.weight is None:
            yield hit("weight", row.number, variant="weight", got=row.printed.weight)
        if row.printed.score is not None and row.score is None:
            yield hit("score", row.number, variant="negative", got=row.printed.score)
    total = subject.form.budget.total
    if total.weight is not None and (not total.weight.is_finite() or total.weight < 0):
        yield hit("budget.total.weight", variant="form", got=total.weight)
    for path, figure in (("budget.total.score", total.score), ("total", subject.form.total)):
        if figure is not None and (not figure.is_finite() or figure < 0):
            yield hit(path, variant="form", got=figure)
    for line, fund in {"total": total, **subject.form.budget.sources}.items():
        for column in ("initial", "adjusted", "executed"):
            amount = getattr(fund, column)
            if amount is not None and (not amount.is_finite() or amount < 0):
                yield hit(f"budget.{line}.{column}", variant="form", got=amount)
    for cell in subject.form.unread:
        number, path = _row_of(cell.path, len(subject.rows))
        yield hit(path, number, variant="unread", got=cell.text, expected=cell.expected, where=cell.place or cell.path)


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
        if row.full and scored.computed < row.weight:
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
    """Compare a rated row's score with the band of its rating."""
    for row in subject.rows:
        band = row.scored.band
        if band is None or row.weight is None or row.score is None or row.score > row.weight:
            continue
        if row.reading.basis is Basis.RATED and not band[0] <= row.score <= band[1]:
            rating = _RATINGS.get(row.printed.rating or "", Text("", ""))
            yield hit("score", row.number, got=row.score, low=band[0], high=band[1], rating=rating)


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


@rule("PK116")
def over_precise(subject: Subject) -> Iterator[Hit]:
    """Find weights, scores and rates with more than two decimals."""
    for row in subject.rows:
        for name in ("weight", "score"):
            if decimals(getattr(row.printed, name)) > _MOST_DECIMALS:
                yield hit(name, row.number, got=getattr(row.printed, name))
    total = subject.form.budget.total
    for path, figure in (
        ("budget.total.weight", total.weight),
        ("budget.total.score", total.score),
        ("total", subject.form.total),
    ):
        if decimals(figure) > _MOST_DECIMALS:
            yield hit(path, variant="form", got=figure)


_RATINGS = {
    "met": Text("达成", "met"),
    "partly": Text("部分达成", "partly met"),
    "missed": Text("未达成", "missed"),
}


def _headings(subject: Subject, level: str) -> Iterator[tuple[str, Decimal, Sequence[Row]]]:
    """Yield the headings that print a weight: heading, weight and rows; level 2 under its level 1."""
    groups: dict[tuple[str, str], list[Row]] = {}
    for row in subject.rows:
        heading = getattr(row.printed, level)
        if heading and not row.empty:
            parent = row.level1 if level == "level2" else ""
            groups.setdefault((parent, getattr(row, level) or heading), []).append(row)
    for rows in groups.values():
        printed: dict[Decimal, list[Row]] = {}
        for row in rows:
            weight = heading_weight(getattr(row.printed, level))
            if weight is not None:
                printed.setdefault(weight, []).append(row)
        for weight, own in printed.items():
            yield getattr(own[0].printed, level).strip(), weight, rows if len(printed) == 1 else own


def _levels(weights: dict[str, Decimal], order: dict[str, Decimal]) -> Text:
    known = [(level, weights.get(level, ZERO)) for level in order]
    return Text(
        zh="、".join(f"{level.removesuffix('指标')}{weight.normalize():f}分" for level, weight in known),
        en=", ".join(f"{level} {weight.normalize():f}" for level, weight in known),
    )


def _capped(subject: Subject, got: Decimal) -> bool:
    """Tell whether the printed total is the sum under a cap of the profile (总分上限)."""
    printed, cap = subject.form.total, subject.card.total.score
    return bool(subject.profile.totalling.caps) and printed is not None and cap is not None and (
        printed < got and at_precision(cap, printed) == printed
    )


def _signed(gap: Decimal) -> Text:
    size = f"{abs(gap).normalize():f}"
    return Text(f"多{size}分", f"{size} too many") if gap > 0 else Text(f"少{size}分", f"{size} too few")


def _row_of(path: str, count: int) -> tuple[int | None, str]:
    """Split `indicators[3].weight` into the row's number (from 1) and the field."""
    match = re.fullmatch(r"indicators\[(\d+)\]\.(.+)", path)
    if match is None or int(match[1]) >= count:
        return None, path
    return int(match[1]) + 1, match[2]
