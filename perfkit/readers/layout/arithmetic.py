"""The sums that a form prints and that its own figures must give: what proves that it was read right.

A reader knows no profile: weights and execution make 100 or the whole that the form prints, scores make the
total, sources of money make theirs, and a rate is a division, to one unit of its last digit.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import combinations
from typing import TYPE_CHECKING, Any, Literal

from perfkit.language import Text
from perfkit.readers.layout.words import squeeze
from perfkit.text.figures import fixed_percent
from perfkit.values.amounts import read_rate

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from perfkit.form import Budget, Form, Fund

_AMOUNTS = ("initial", "adjusted", "executed")
_HUNDRED = Decimal(100)
_CENT = Decimal("0.01")
_BARE = re.compile(r"\d+(\.\d+)?")
_MOST = 60  # figures that are tried against each other


@dataclass(frozen=True, slots=True)
class Sum:
    """Hold one check: its sum (`weights`, `scores`, `funds`, `rate`), whether it closes, what it says."""

    name: Literal["weights", "scores", "funds", "rate"]
    closes: bool
    said: Text
    off: Decimal = Decimal(0)  # by how much
    column: str = ""  # of the money
    fine: bool = True  # whether another last digit of an amount would show


def sums(form: Form, whole: Decimal | None = None) -> list[Sum]:
    """Give every check that a form's figures allow; `whole` is the sum of weights that it prints."""
    return [*_weights(form, whole), *_scores(form), *_funds(form.budget), *rate_of(form.budget.total)]


def _weights(form: Form, whole: Decimal | None) -> Iterator[Sum]:
    weights = [row.weight for row in form.indicators if row.weight is not None]
    if not weights:
        return
    rows, budget = sum(weights, Decimal(0)), form.budget.total.weight or Decimal(0)
    closes = {rows, rows + budget} & {_HUNDRED, whole or _HUNDRED}
    got = _plain(rows + budget)
    yield Sum("weights", bool(closes), Text(f"分值合计为{got}，不是100", f"the weights make {got}, not 100"))


def _scores(form: Form) -> Iterator[Sum]:
    scores = [row.score for row in form.indicators if row.score is not None]
    if not scores or form.total is None:
        return
    rows = sum(scores, Decimal(0))
    found = (rows, rows + (form.budget.total.score or Decimal(0)))
    closes = any(abs(sum_ - form.total) < _CENT for sum_ in found)
    got, total = _plain(found[1]), f"{form.total:f}"
    yield Sum(
        "scores",
        closes,
        Text(f"各项得分合计为{got}，总分为{total}", f"the scores make {got}, the total is {total}"),
    )


def _funds(budget: Budget) -> Iterator[Sum]:
    for column in _AMOUNTS:
        amounts = [
            amount for fund in budget.sources.values() if (amount := getattr(fund, column)) is not None
        ]
        total = getattr(budget.total, column)
        if amounts and total is not None:
            got = sum(amounts, Decimal(0))
            said = Text(
                f"各项资金合计为{_plain(got)}，总额为{_plain(total)}",
                f"the sources make {_plain(got)}, their total is {_plain(total)}",
            )
            unit = min(map(_unit, (*amounts, total)))
            yield Sum("funds", abs(got - total) <= unit, said, abs(got - total), column)


def rate_of(total: Fund) -> Iterator[Sum]:
    """Give the check of the rate that a line of money prints, where it prints its amounts."""
    budget = total.adjusted if total.adjusted is not None else total.initial
    if not budget or total.executed is None:
        return
    exact = total.executed / budget * _HUNDRED
    rate = read_rate(squeeze(total.rate or ""), exact)
    if rate is None:
        return
    said = Text(
        f"执行率印为{total.rate}，按执行数和预算数计算为{fixed_percent(exact)}",
        f"the rate is printed as {total.rate}, executed over budget gives {fixed_percent(exact)}",
    )
    digit = Decimal(1).scaleb(-rate.digits)
    fine = min(map(_unit, (budget, total.executed))) / budget * _HUNDRED > digit
    yield Sum("rate", abs(exact - rate.percent) <= digit, said, fine=fine)


def misplaced(form: Form, whole: Decimal | None = None, *, split: bool = False) -> list[tuple[str, str]]:
    """Give two figures, by their paths, that would make every sum close if each stood in the other's place.

    A unit that cannot add makes no sum close by an exchange; a reader that took one column for another does.
    `split` tells that targets are printed as a bare figure beside their unit.
    """
    if all(each.closes for each in sums(form, whole)):
        return []
    rows, money = [*_row_figures(form, split=split)], [*_money_figures(form)]
    if len(rows) > _MOST:
        return []
    both = ((row, line) for row in rows for line in money)
    for one, other in (*combinations(rows, 2), *combinations(money, 2), *both):
        alike = one[0].rpartition(".")[2] == other[0].rpartition(".")[2] and one in rows and other in rows
        if alike or one[1] == other[1]:
            continue
        changed = _with(_with(form, one[0], other[1]), other[0], one[1])
        if all(each.closes for each in (*sums(changed, whole), *_parts(changed))):
            return [(one[0], other[0])]
    return []


def _parts(form: Form) -> Iterator[Sum]:
    """Give the checks of the partial sums, each of the rows of the level that it names."""
    for n, part in enumerate(form.subtotals):
        own = [row for row in form.indicators if part.level1 in {None, row.level1}]
        own = [row for row in own if part.level2 in {None, row.level2}]
        for role in ("weight", "score"):
            made = sum((getattr(row, role) or Decimal(0) for row in own), Decimal(0))
            printed = getattr(part, role)
            said = Text(f"第{n + 1}个小计为{printed}", f"partial sum {n + 1} is {printed}")
            yield Sum("scores", printed in {None, made}, said)


def _row_figures(form: Form, *, split: bool) -> Iterator[tuple[str, Decimal]]:
    for n, row in enumerate(form.indicators):
        for name in ("weight", "score"):
            value = getattr(row, name)
            if value is not None:
                yield f"indicators[{n}].{name}", value
        if row.actual is not None and re.fullmatch(r"\d+(\.\d+)?", row.actual):
            yield f"indicators[{n}].actual", Decimal(row.actual)
        target = _BARE.search(row.target or "") if split else None
        if target is not None:
            yield f"indicators[{n}].target", Decimal(target[0])
    for n, part in enumerate(form.subtotals):
        for name in ("weight", "score"):
            value = getattr(part, name)
            if value is not None:
                yield f"subtotals[{n}].{name}", value
    if form.total is not None:
        yield "total", form.total


def _money_figures(form: Form) -> Iterator[tuple[str, Decimal]]:
    for line in ("total", "fiscal", "carried_over", "other"):
        for name in (*_AMOUNTS, "weight", "score"):
            value = getattr(getattr(form.budget, line), name)
            if value is not None:
                yield f"budget.{line}.{name}", value


def _with(form: Form, path: str, value: Decimal) -> Form:
    """Give a form with another figure at a path."""
    head, _, name = path.rpartition(".")
    if path == "total":
        return replace(form, total=value)
    if head.startswith("budget"):
        line = head.partition(".")[2]
        changes = {name: value}
        return replace(
            form, budget=replace(form.budget, **{line: replace(getattr(form.budget, line), **changes)})
        )
    table, _, number = head[:-1].partition("[")
    at = int(number)
    if table == "subtotals":
        parts = [*form.subtotals]
        points: dict[str, Any] = {name: value}
        parts[at] = replace(parts[at], **points)
        return replace(form, subtotals=tuple(parts))
    new: dict[str, Any] = {name: value}
    if name in {"actual", "target"}:
        new = {name: _BARE.sub(f"{value:f}", getattr(form.indicators[at], name), count=1)}
    rows = (replace(row, **new) if n == at else row for n, row in enumerate(form.indicators))
    return replace(form, indicators=tuple(rows))


def _unit(figure: Decimal) -> Decimal:
    """Give one unit of the last digit of a figure as printed."""
    exponent = figure.as_tuple().exponent
    return Decimal(1).scaleb(min(exponent, 0)) if isinstance(exponent, int) else _CENT


def _plain(figure: Decimal) -> str:
    return f"{figure.normalize():f}"


def failing(found: Iterable[Sum]) -> list[Sum]:
    """Give the checks that do not close."""
    return [each for each in found if not each.closes]
