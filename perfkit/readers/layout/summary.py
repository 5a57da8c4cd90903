"""One line that says what was read of a form, and whether it adds up: the proof that nothing was lost."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from perfkit.language import LANGUAGES, Text
from perfkit.text import listed, say
from perfkit.text.figures import carried, plain

if TYPE_CHECKING:
    from collections.abc import Iterable

    from perfkit.form import Form


def summary(form: Form) -> Text:
    """Tell a form's rows, weights and total in one line, and whether its scores add up to the total."""
    year = f" ({form.year})" if form.year else ""
    named = Text(*(f"{form.project or say('batch.sum.no_name')[language]}{year}" for language in LANGUAGES))
    parts = [say("batch.sum.rows", n=len(form.indicators)), _weights(form), _total(form)]
    if form.unread:
        parts.append(say("batch.sum.unread", n=len(form.unread)))
    return say("batch.sum.named", name=named, parts=listed(parts))


def _weights(form: Form) -> Text:
    rows, budget = _sum(row.weight for row in form.indicators), form.budget.total.weight
    if rows is None:
        return say("batch.sum.no_weights")
    if budget is None:
        return say("batch.sum.weights", rows=plain(rows))
    total = plain(rows + budget)
    return say("batch.sum.weights_with_budget", rows=plain(rows), budget=plain(budget), total=total)


def _total(form: Form) -> Text:
    scores = _sum([*(row.score for row in form.indicators), form.budget.total.score])
    total = carried(form.total)
    if scores is None:
        return say("batch.sum.no_scores" if form.total is None else "batch.sum.total_alone", total=total)
    if form.total is None:
        return say("batch.sum.no_total", scores=plain(scores))
    if scores == form.total:
        return say("batch.sum.adds_up", total=total)
    return say("batch.sum.differs", total=total, scores=plain(scores))


def adds_up(form: Form) -> bool:
    """Tell whether a form prints a total that its rows and its budget line give."""
    scores = _sum([*(row.score for row in form.indicators), form.budget.total.score])
    return form.total is not None and scores == form.total


def _sum(figures: Iterable[Decimal | None]) -> Decimal | None:
    known = [figure for figure in figures if figure is not None]
    return sum(known, Decimal(0)) if known else None
