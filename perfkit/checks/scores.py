"""1xx, weights (分值) and scores (得分): each fits the form, the profile and the other.

Weights add up to 100, to their headings, and to what the profile sets; a score fits its weight, its rule
and its rating; the total sums them, the grade fits.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from perfkit.checks.phrasing import add, counted, decimals, field_text, level_text, or_blank, signed
from perfkit.checks.registry import BENEFIT, COST, HUNDRED, OUTPUT, SATISFACTION, Hit, Row, Subject, hit, rule
from perfkit.checks.words import words
from perfkit.form import value_named
from perfkit.language import Text
from perfkit.scoring import Status
from perfkit.scoring.explanation import equal
from perfkit.scoring.proof import rated
from perfkit.scoring.rows import taken
from perfkit.scoring.totals import cents, weights_of
from perfkit.text import say
from perfkit.text.catalogue import place_text
from perfkit.values import read_rate
from perfkit.values.vocabulary import heading_weight, level1, level2

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from perfkit.form import Fund, Indicator, Subtotal

ZERO = Decimal(0)
_MARKED = re.compile(r"[(（\[【:：\s]\s*[\d０-９]|[\d０-９]\s*[分%％]")  # 产出指标1 is a number, no weight
MOST_DECIMALS = 2


@rule("PK101")
def weights_not_100(subject: Subject) -> Iterator[Hit]:
    """Sum the leaf weights and the execution weight; a budget line without one may do without.

    The points of how the money was managed (资金管理情况) count within the whole, though no rule scores them.
    """
    if not subject.weighted_at_all or any(path.endswith(".weight") for path in subject.unread):
        return
    sums = weights_of(subject.form, subject.profile)
    managed = add(item.weight or ZERO for item in subject.form.fund_management)
    if sums.total is None or sums.is_hundred or cents(sums.total + managed) == HUNDRED:
        return
    also = ("PK103",) if any(True for _ in _off_profile(subject)) else ()
    got = cents(sums.total)
    yield hit(
        "indicators",
        rows=sums.rows,
        budget=or_blank(sums.budget, "分"),
        got=got,
        gap=signed(got - HUNDRED),
        also=also,
    )


@rule("PK102")
def heading_weight_differs(subject: Subject) -> Iterator[Hit]:
    """Compare the weight printed in a heading (产出指标(50分)) with the rows under it."""
    for level in ("level1", "level2"):
        for heading, weight, rows in _headings(subject, level):
            weights = [row.printed.weight for row in rows if not row.part]
            known = [each for each in weights if each is not None]
            if known and len(known) == len(weights) and cents(add(known)) != cents(weight):
                yield hit(
                    level,
                    rows[0].number,
                    heading=heading,
                    expected=weight,
                    got=add(known),
                    count=counted(len(known), "项", "row"),
                )


@rule("PK103")
def level1_weights_off_profile(subject: Subject) -> Iterator[Hit]:
    """Compare the level-1 weights with the profile's; where all weights do not add up, PK101 speaks."""
    if weights_of(subject.form, subject.profile).is_hundred:
        yield from _off_profile(subject)


def _off_profile(subject: Subject) -> Iterator[Hit]:
    """Compare the level-1 weights with the profile's, where every row has a level and a weight."""
    rows = subject.leaves
    if not subject.profile.level1_weights or any(not row.level1 or row.weight is None for row in rows):
        return
    got: dict[str, Decimal] = {}
    for row in rows:
        got[row.level1] = got.get(row.level1, ZERO) + (row.weight or ZERO)
    expected = _expected(subject.profile.level1_weights, got)
    off = [level for level in (expected | got) if cents(got.get(level, ZERO)) != expected.get(level, ZERO)]
    if got and off:
        yield hit("indicators", got=_levels(got, off), expected=_levels(expected, off))


@rule("PK118")
def subtotal_wrong(subject: Subject) -> Iterator[Hit]:
    """Compare each printed subtotal of a level with its rows, in weights and in scores."""
    for subtotal in subject.form.subtotals:
        rows = [row for row in subject.leaves if _belongs(row, subtotal)]
        name = subtotal.level2 or subtotal.level1
        if not rows or not name:
            continue
        for column, title in (("weight", say("checks.field.weight")), ("score", say("checks.field.score"))):
            printed = getattr(subtotal, column)
            figures = [getattr(row.printed, column) for row in rows]
            known = [figure for figure in figures if figure is not None]
            if printed is None or len(known) < len(figures) or equal(printed, add(known)):
                continue
            yield hit(
                column,
                rows[-1].number,
                level=Text(name.strip(), name.strip()),
                column=title,
                got=printed,
                expected=add(known),
                gap=signed(printed - add(known)),
                count=counted(len(known), "项", "row"),
            )


def _belongs(row: Row, subtotal: Subtotal) -> bool:
    """Tell whether a row stands under the level of a subtotal."""
    one, two = (level1(subtotal.level1) or subtotal.level1), (level2(subtotal.level2) or subtotal.level2)
    if not one and not two:
        return False
    under = not one or one == (row.level1 or (row.printed.level1 or "").strip())
    return under and (not two or two == (row.level2 or (row.printed.level2 or "").strip()))


@rule("PK116")
def over_precise(subject: Subject) -> Iterator[Hit]:
    """Find weights, scores and rates with more than two decimals."""
    for row in subject.rows:
        for name in ("weight", "score"):
            if decimals(getattr(row.printed, name)) > MOST_DECIMALS:
                yield hit(name, row.number, cell=field_text(name), got=getattr(row.printed, name))
    total = subject.form.budget.total
    for path, figure in (
        ("budget.total.weight", total.weight),
        ("budget.total.score", total.score),
        ("total", subject.form.total),
    ):
        if decimals(figure) > MOST_DECIMALS:
            yield hit(path, variant="form", cell=field_text(path), got=figure)
    rate = read_rate(total.rate, subject.rate)
    if rate is not None and decimals(rate.percent) > MOST_DECIMALS:
        yield hit(
            "budget.total.rate", variant="form", cell=field_text("rate"), got=(total.rate or "").strip()
        )


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
            text = getattr(row.printed, level)
            weight = heading_weight(text)
            if weight is not None and _MARKED.search(text):
                printed.setdefault(weight, []).append(row)
        for weight, own in printed.items():
            yield getattr(own[0].printed, level).strip(), weight, rows if len(printed) == 1 else own


def _expected(weights: Mapping[str, Decimal], got: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """Give the weights that the rules set for the blocks that a form has (财预〔2021〕101号).

    Without a cost block its points go half to output and half to benefit; without satisfaction rows
    theirs go to benefit.
    """
    expected = dict(weights)
    if COST in expected and COST not in got:
        half = expected.pop(COST) / 2
        for level in (OUTPUT, BENEFIT):
            expected[level] = expected.get(level, ZERO) + half
    if SATISFACTION in expected and SATISFACTION not in got:
        expected[BENEFIT] = expected.get(BENEFIT, ZERO) + expected.pop(SATISFACTION)
    return expected


def _levels(weights: Mapping[str, Decimal], levels: Sequence[str]) -> Text:
    known = [(level, f"{weights.get(level, ZERO).normalize():f}") for level in levels]
    return Text(
        zh="、".join(f"{level.removesuffix('指标')}{weight}分" for level, weight in known),
        en=", ".join(f"{level_text(level).en} {weight}" for level, weight in known),
    )


RATINGS: dict[str, Text] = {
    "met": say("checks.rating.met"),
    "partly": say("checks.rating.partly"),
    "missed": say("checks.rating.missed"),
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
    managed = add(item.score or ZERO for item in subject.form.fund_management)
    got = got if equal(total, got) else got + managed
    lines: list[Fund | Indicator] = [row.printed for row in subject.leaves]
    open_points = add(line.weight or ZERO for line in (*lines, budget) if line.score is None)
    low, high = got, got + open_points
    same = any(equal(total, figure) for figure in (low, high))
    if not same and not low <= total <= high and not _capped(subject, got):
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
        where = place_text(cell.place) if cell.place else _named(subject, cell.path)
        variant = "unread" if _is_figure(cell.path) else "unread_text"
        yield hit(path, number, variant=variant, got=cell.text, where=where)


def _is_figure(path: str) -> bool:
    """Tell whether a value of a form is a figure; others are texts, and a row stands for its points."""
    return path == "total" or path.endswith("]") or not path.endswith(_TEXTS)


_TEXTS = (
    "project", "department", "unit", "goals.expected", "goals.outcome", "notes", "grade", ".name", ".level1",
    ".level2", ".target", ".actual", ".reason", ".measures", ".opinion", ".evidence", ".initial_target",
)  # fmt: skip


@rule("PK107")
def score_differs_from_rule(subject: Subject) -> Iterator[Hit]:
    """Compare a measured row's score with the profile's formula, at the score's own precision.

    Above it is an error, a warning within a point; below it with a reason a warning. A missed row at full
    marks is PK316 (or PK305), points off without a reason are PK203 or PK307, a score that cannot be is
    PK105 or PK106.
    """
    for row in subject.rows:
        scored = row.scored
        lower = scored.status is Status.LOWER and bool(row.said)
        if not row.measured or not (scored.status is Status.DIFFERS or lower):
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
            variant="lower" if lower else "",
            severity="warning" if lower or gap <= 1 else None,
            got=row.score,
            expected=scored.computed,
            gap=gap,
            why=scored.explanation,
        )


@rule("PK114")
def judged_outside_band(subject: Subject) -> Iterator[Hit]:
    """Compare a qualitative row's score with the band of its rating, given as such or told by the words."""
    for row in subject.rows:
        limits = row.scored.band
        if not row.scored.outside_band or limits is None or row.weight is None or row.score is None:
            continue
        given = rated(row.printed)
        rating = RATINGS[given or row.reading.verdict]
        figures: dict[str, Any] = {"got": row.score, "low": limits[0], "high": limits[1]}
        yield hit("score", row.number, variant="" if given else "words", rating=rating, **figures)


@rule("PK115")
def grade_wrong(subject: Subject) -> Iterator[Hit]:
    """Compare the printed grade with the profile's for the printed total, once the weights add up."""
    printed, form = subject.form.grade, subject.form
    total = form.total if form.total is not None else subject.card.total.score
    if not printed or total is None or _weights_off(subject):
        return
    expected, got = subject.profile.grade(total), words().grade(printed)
    known = {grade.name for grade in subject.profile.grades}
    if expected is not None and got in known and got != words().grade(expected):
        yield hit("grade", got=printed.strip(), expected=expected, total=total)


def _weights_off(subject: Subject) -> bool:
    return any(reason.key == "weights" for reason in subject.card.total.because)


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
    printed, cap = subject.form.total, subject.card.total.capped
    return (
        bool(subject.profile.totalling.caps)
        and printed is not None
        and cap is not None
        and (printed < got and equal(printed, cap))
    )


def _named(subject: Subject, path: str) -> Text:
    row, _ = _row_of(path, len(subject.rows))
    return value_named(path, subject.form.indicators[row - 1].name if row else None)


def _row_of(path: str, count: int) -> tuple[int | None, str]:
    """Split `indicators[3].weight` into the row's number (from 1) and the field."""
    match = re.fullmatch(r"indicators\[(\d+)\]\.(.+)", path)
    if match is None or int(match[1]) >= count:
        return None, path
    return int(match[1]) + 1, match[2]
