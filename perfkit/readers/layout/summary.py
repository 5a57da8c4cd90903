"""One line that says what was read of a form, and whether it adds up: the proof that nothing was lost."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from perfkit.form import Form


def summary(form: Form) -> str:
    """Tell a form's rows, weights and total in one line, and whether its scores add up to the total."""
    name = f"{form.project or '(no project name)'}{f' ({form.year})' if form.year else ''}"
    parts = [f"{len(form.indicators)} rows", _weights(form), _total(form)]
    if form.unread:
        parts.append(
            f"{len(form.unread)} not read, see below" if len(form.unread) > 1 else "1 not read, see below"
        )
    return f"{name}: {'; '.join(parts)}"


def _weights(form: Form) -> str:
    rows, budget = _sum(row.weight for row in form.indicators), form.budget.total.weight
    if rows is None:
        return "no weights"
    if budget is None:
        return f"weights {_plain(rows)}"
    return f"weights {_plain(rows)} + {_plain(budget)} = {_plain(rows + budget)}"


def _total(form: Form) -> str:
    scores = _sum([*(row.score for row in form.indicators), form.budget.total.score])
    if scores is None:
        return "no scores" if form.total is None else f"total {form.total:f}, no scores"
    if form.total is None:
        return f"scores {_plain(scores)}, no total printed"
    if scores == form.total:
        return f"total {form.total:f}, adds up"
    return f"total {form.total:f}, but the scores add up to {_plain(scores)}"


def adds_up(form: Form) -> bool:
    """Tell whether a form prints a total that its rows and its budget line give."""
    scores = _sum([*(row.score for row in form.indicators), form.budget.total.score])
    return form.total is not None and scores == form.total


def _sum(figures: Iterable[Decimal | None]) -> Decimal | None:
    known = [figure for figure in figures if figure is not None]
    return sum(known, Decimal(0)) if known else None


def _plain(figure: Decimal) -> str:
    return f"{figure.normalize():f}"
