"""1xx, what figures mean: a target of zero that no share can be taken of, and yuan mixed with 10,000 yuan."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from perfkit.checks.arithmetic.money import COLUMNS
from perfkit.checks.registry import Hit, hit, rule
from perfkit.checks.words import words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from perfkit.checks.subject import Row, Subject

TEN_THOUSAND = Decimal(10000)
_YUAN = {"元": Decimal(1), "万元": TEN_THOUSAND}
_AMOUNT = re.compile(r"(?<![\d.,])(?P<figure>\d[\d,]*(?:\.\d+)?)\s*(?P<scale>万|亿)?元(?!\s*[/／每])")
_SCALES = {None: Decimal(1), "万": TEN_THOUSAND, "亿": Decimal(10) ** 8}
_SAME = Decimal("0.005")


@rule("PK113")
def zero_target(subject: Subject) -> Iterator[Hit]:
    """Find a target of 0 that more is better than: no share of it can be reached."""
    for row in subject.leaves:
        if row.asks_for_nothing:
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
    for path, number, text in _texts(subject):
        for match in _AMOUNT.finditer(text):
            before = text[max(0, match.start() - 14) : match.start()]
            other_money = words().has("per_unit", before) or words().has("money_results", before)
            if other_money or not words().has("whole_money", before):
                continue
            stated = Decimal(match["figure"].replace(",", "")) * _SCALES[match["scale"]]
            if (other := _ten_thousand_fold(stated, amounts)) is not None:
                yield hit(path, number, variant="text", text=match.group(), yuan=stated, other=other)


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


def _texts(subject: Subject) -> Iterator[tuple[str, int | None, str]]:
    """Yield every running text of the form: its field, its row, the text."""
    form = subject.form
    texts = {"goals.expected": form.goals.expected, "goals.outcome": form.goals.outcome, "notes": form.notes}
    yield from ((path, None, text) for path, text in texts.items() if text)
    yield from (("reason", row.number, row.said) for row in subject.rows if row.said)
