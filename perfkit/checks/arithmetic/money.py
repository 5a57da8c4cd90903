"""1xx, second half: the budget block (项目资金) adds up, and its rate and score are the division's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from perfkit.checks.figures import add, percent_of, read_rate
from perfkit.checks.registry import Hit, hit, rule
from perfkit.checks.subject import Row, Subject
from perfkit.checks.words import is_blank, words
from perfkit.form import Fund
from perfkit.language import Text
from perfkit.scoring import Status
from perfkit.values import Direction

COLUMNS = {
    "initial": Text("年初预算数", "initial budget"),
    "adjusted": Text("全年预算数", "budget of the year"),
    "executed": Text("全年执行数", "amount spent"),
}
LINES = {
    "total": Text("年度资金总额", "the total"),
    "fiscal": Text("当年财政拨款", "this year's appropriation"),
    "carried_over": Text("上年结转资金", "funds carried over"),
    "other": Text("其他资金", "other funds"),
}
ZERO, TEN_THOUSAND = Decimal(0), Decimal(10000)
_YUAN = {"元": Decimal(1), "万元": TEN_THOUSAND}
_AMOUNT = re.compile(r"(?<![\d.,])(?P<figure>\d[\d,]*(?:\.\d+)?)\s*(?P<scale>万|亿)?元(?!\s*[/／每])")
_SCALES = {None: Decimal(1), "万": TEN_THOUSAND, "亿": Decimal(10) ** 8}
_SAME = Decimal("0.005")


@rule("PK108")
def rate_wrong(subject: Subject) -> Iterator[Hit]:
    """Compare the printed rate with executed ÷ budget, at the precision that is printed."""
    total = subject.form.budget.total
    budget = denominator(subject)
    if is_blank(total.rate) or total.rate is None or budget is None or budget <= 0 or total.executed is None:
        return
    exact = percent_of(total.executed, budget)
    printed = read_rate(total.rate, exact)
    shown = round(exact, 4)
    figures = {"got": total.rate.strip(), "exact": shown, "executed": total.executed, "budget": budget}
    if printed is None:
        yield hit("budget.total.rate", variant="unreadable", **figures)
    elif not printed.is_(exact, subject.profile.execution.rate):
        near = abs(printed.percent - exact) <= subject.profile.thresholds.rate_tolerance
        gap = round(abs(printed.percent - exact), 4)
        yield hit("budget.total.rate", severity="warning" if near else None, gap=gap, expected=round(exact, 2), **figures)


@rule("PK109")
def execution_score_wrong(subject: Subject) -> Iterator[Hit]:
    """Compare the printed execution score with the profile's."""
    card, total = subject.card.budget, subject.form.budget.total
    if card.status is not Status.DIFFERS or card.declared is None or card.computed is None:
        return
    if card.declared < 0 or (total.weight is not None and card.declared > total.weight):
        return
    yield hit("budget.total.score", got=card.declared, expected=card.computed, why=card.explanation, rate=card.rate)


@rule("PK110")
def fund_total_not_sum(subject: Subject) -> Iterator[Hit]:
    """Compare each amount of the total line with the sum of its lines (其中)."""
    budget = subject.form.budget
    for column, title in COLUMNS.items():
        path = f"budget.total.{column}"
        parts = {line: getattr(fund, column) for line, fund in budget.sources.items()}
        known = {line: amount for line, amount in parts.items() if amount is not None}
        lines_unread = any(f"budget.{line}.{column}" in subject.unread for line in parts)
        got, expected = getattr(budget.total, column), add(known.values())
        if not known or lines_unread or path in subject.unread or (got or ZERO) == expected:
            continue
        yield hit(path, column=title, got=got, expected=expected, lines=_lines(known), gap=abs((got or ZERO) - expected))


@rule("PK111")
def zero_budget(subject: Subject) -> Iterator[Hit]:
    """Find spending where the budget of the year is zero or blank."""
    for line, fund in _fund_lines(subject):
        path = f"budget.{line}.adjusted"
        if path not in subject.unread and (fund.executed or ZERO) > 0 and (fund.adjusted or ZERO) <= 0:
            yield hit(path, line=LINES[line], got=fund.adjusted, executed=fund.executed)


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
                rate=round(percent_of(fund.executed, fund.adjusted), 2),
            )


@rule("PK113")
def zero_target(subject: Subject) -> Iterator[Hit]:
    """Find a target of 0 that more is better than: no share of it can be reached."""
    for row in subject.leaves:
        reading = row.reading
        if reading.target.value != 0 or reading.actual.value is None:
            continue
        doing = words().has("to_do", row.name) and not words().has("lower_is_better", row.name, row.printed.target)
        if reading.direction is Direction.AT_LEAST or (reading.direction is Direction.EQUAL and doing):
            yield hit("target", row.number)


@rule("PK117")
def money_unit_mixed(subject: Subject) -> Iterator[Hit]:
    """Find amounts that differ by 10⁴ between the budget block, the cost rows and the texts."""
    yield from _mixed_block(subject)
    amounts = _amounts(subject)
    for row in subject.leaves:
        stated = _whole_cost(row)
        if stated is not None and (other := _ten_thousand_fold(stated, amounts)) is not None:
            yield hit("target", row.number, variant="row", yuan=stated, other=other)
    for path, text in _texts(subject):
        for match in _AMOUNT.finditer(text):
            before = text[max(0, match.start() - 14) : match.start()]
            if not words().has("whole_money", before) or words().has("per_unit", before):
                continue
            stated = Decimal(match["figure"].replace(",", "")) * _SCALES[match["scale"]]
            if (other := _ten_thousand_fold(stated, amounts)) is not None:
                yield hit(path, variant="text", text=match.group(), yuan=stated, other=other)


def denominator(subject: Subject) -> Decimal | None:
    """Give the budget that the profile divides by (年初预算数, 全年预算数, with funds carried over or not)."""
    budget = subject.form.budget
    basis = subject.profile.execution.budget
    if basis == "initial":
        return budget.total.initial
    return budget.total.adjusted


def _fund_lines(subject: Subject) -> Iterator[tuple[str, Fund]]:
    """Yield the total line, or where nothing stands on it the lines under it."""
    budget = subject.form.budget
    if budget.total.filled:
        yield "total", budget.total
    else:
        yield from budget.sources.items()


def _lines(known: dict[str, Decimal]) -> Text:
    from perfkit.checks.wording import figure

    return Text(
        zh="＋".join(f"{LINES[line].zh}{figure(amount)}" for line, amount in known.items()),
        en=" + ".join(f"{LINES[line].en} {figure(amount)}" for line, amount in known.items()),
    )


def _amounts(subject: Subject) -> dict[str, Decimal]:
    """Give every amount of the budget block in yuan, by its path."""
    budget, scale = subject.form.budget, _YUAN[subject.form.money_unit]
    return {
        f"budget.{line}.{column}": amount * scale
        for line, fund in {"total": budget.total, **budget.sources}.items()
        for column in COLUMNS
        if (amount := getattr(fund, column)) is not None and amount > 0
    }


def _mixed_block(subject: Subject) -> Iterator[Hit]:
    """Compare the amounts of the total line with each other and with the lines under it."""
    budget = subject.form.budget
    total = budget.total
    base = total.adjusted or total.initial
    for path, amount in (
        ("budget.total.initial", total.initial),
        ("budget.total.executed", total.executed),
        *((f"budget.{line}.adjusted", fund.adjusted) for line, fund in budget.sources.items()),
    ):
        if not base or not amount or amount <= 0 or base <= 0:
            continue
        ratio = max(amount, base) / min(amount, base)
        if TEN_THOUSAND / 2 < ratio < TEN_THOUSAND * 2:
            yield hit(path, variant="block", got=amount, other=base, ratio=round(ratio))


def _whole_cost(row: Row) -> Decimal | None:
    """Give the amount in yuan that a row states for the project's whole cost, None for unit costs."""
    target = row.reading.target
    if target.value is None or target.unit != "元" or target.value <= 0:
        return None
    text = f"{row.name}{row.printed.target or ''}"
    whole = row.cost or words().has("whole_money", row.name)
    return target.value if whole and not words().has("per_unit", text) else None


def _ten_thousand_fold(stated: Decimal, amounts: dict[str, Decimal]) -> Decimal | None:
    """Give the amount that a stated one is 10⁴ times or a 10⁴th of, unless it equals another one."""
    if any(abs(stated / amount - 1) <= _SAME for amount in amounts.values()):
        return None
    for amount in amounts.values():
        for ratio in (stated / amount, amount / stated):
            if abs(ratio / TEN_THOUSAND - 1) <= _SAME:
                return amount
    return None


def _texts(subject: Subject) -> Iterator[tuple[str, str]]:
    form = subject.form
    for path, text in (
        ("goals.expected", form.goals.expected),
        ("goals.outcome", form.goals.outcome),
        ("notes", form.notes),
    ):
        if text:
            yield path, text
