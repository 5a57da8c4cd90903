"""1xx, second half: the budget block (项目资金) adds up, and its rate and score are the division's."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from perfkit.checks.figures import add, figure, or_blank, percent, percent_of, read_rate
from perfkit.checks.registry import Hit, hit, rule
from perfkit.checks.words import is_blank
from perfkit.language import Text
from perfkit.scoring import Status
from perfkit.scoring.points import rounded

if TYPE_CHECKING:
    from collections.abc import Iterator

    from perfkit.checks.subject import Subject
    from perfkit.form import Fund

COLUMNS = {
    "initial": Text("年初预算数", "initial budget"),
    "adjusted": Text("全年预算数", "budget of the year"),
    "executed": Text("全年执行数", "amount spent"),
}
LINES = {
    "total": Text("年度资金总额", "the total line"),
    "fiscal": Text("当年财政拨款", "this year's appropriation"),
    "carried_over": Text("上年结转资金", "funds carried over"),
    "other": Text("其他资金", "other funds"),
}
ZERO = Decimal(0)


@rule("PK108")
def rate_wrong(subject: Subject) -> Iterator[Hit]:
    """Compare the printed rate with executed ÷ budget, at the precision that is printed."""
    total = subject.form.budget.total
    budgets = () if subject.negative_money else denominators(subject)
    if is_blank(total.rate) or total.rate is None or not budgets or total.executed is None:
        return
    rules, exact = subject.profile.execution.rate, percent_of(total.executed, budgets[0])
    printed = read_rate(total.rate, exact)
    if printed and any(printed.is_(percent_of(total.executed, budget), rules) for budget in budgets):
        return
    figures: dict[str, Any] = {
        "got": total.rate.strip(),
        "exact": f"{round(exact, 4):f}",
        "expected": f"{rounded(exact, rules):f}",
        "executed": total.executed,
        "budget": budgets[0],
    }
    if printed is None:
        yield hit("budget.total.rate", variant="unreadable", **figures)
        return
    gap = abs(printed.percent - exact)
    near = gap <= subject.profile.thresholds.rate_tolerance
    yield hit("budget.total.rate", severity="warning" if near else None, gap=round(gap, 4), **figures)


@rule("PK109")
def execution_score_wrong(subject: Subject) -> Iterator[Hit]:
    """Compare the printed execution score with the profile's."""
    card, total = subject.card.budget, subject.form.budget.total
    if card.status is not Status.DIFFERS or card.declared is None or card.computed is None:
        return
    if (
        subject.negative_money
        or card.declared < 0
        or (total.weight is not None and card.declared > total.weight)
    ):
        return
    yield hit(
        "budget.total.score",
        got=card.declared,
        expected=card.computed,
        why=card.explanation,
        rate=percent(card.rate),
    )


@rule("PK110")
def fund_total_not_sum(subject: Subject) -> Iterator[Hit]:
    """Compare each amount of the total line with the sum of its lines (其中)."""
    budget = subject.form.budget
    for column, title in COLUMNS.items() if not subject.negative_money else ():
        path = f"budget.total.{column}"
        parts = {line: getattr(fund, column) for line, fund in budget.sources.items()}
        known = {line: amount for line, amount in parts.items() if amount is not None}
        lines_unread = any(f"budget.{line}.{column}" in subject.unread for line in parts)
        got, expected = getattr(budget.total, column), add(known.values())
        if not known or lines_unread or path in subject.unread or (got or ZERO) == expected:
            continue
        yield hit(
            path,
            column=title,
            got=or_blank(got),
            expected=expected,
            lines=_lines(known),
            gap=abs((got or ZERO) - expected),
        )


@rule("PK111")
def zero_budget(subject: Subject) -> Iterator[Hit]:
    """Find spending where the budget of the year is zero or blank."""
    for line, fund in _fund_lines(subject):
        path = f"budget.{line}.adjusted"
        if path not in subject.unread and (fund.executed or ZERO) > 0 and (fund.adjusted or ZERO) <= 0:
            yield hit(path, line=LINES[line], got=or_blank(fund.adjusted), executed=fund.executed)


@rule("PK112")
def overspent(subject: Subject) -> Iterator[Hit]:
    """Compare what was spent with the budget of the year."""
    for line, fund in _fund_lines(subject):
        if fund.adjusted is not None and fund.executed is not None and fund.executed > fund.adjusted > 0:
            yield hit(
                f"budget.{line}.executed",
                line=LINES[line],
                got=fund.executed,
                expected=fund.adjusted,
                over=fund.executed - fund.adjusted,
                rate=percent(percent_of(fund.executed, fund.adjusted)),
            )


def denominators(subject: Subject) -> tuple[Decimal, ...]:
    """Give the budget that the profile divides by, with and without funds carried over where it adds them."""
    budget, basis = subject.form.budget, subject.profile.execution.budget
    amount = budget.total.initial if basis == "initial" else budget.total.adjusted
    if amount is None or amount <= 0:
        return ()
    carried = budget.carried_over.adjusted if basis == "adjusted_with_carry_over" else None
    return (amount, amount + carried) if carried else (amount,)


def _fund_lines(subject: Subject) -> Iterator[tuple[str, Fund]]:
    """Yield the total line, or where nothing stands on it the lines under it."""
    budget = subject.form.budget
    if budget.total.filled:
        yield "total", budget.total
    else:
        yield from budget.sources.items()


def _lines(known: dict[str, Decimal]) -> Text:
    return Text(
        zh="＋".join(f"{LINES[line].zh}{figure(amount)}" for line, amount in known.items()),
        en=" + ".join(f"{LINES[line].en} {figure(amount)}" for line, amount in known.items()),
    )
