"""Amounts of money and execution rates, as the budget block prints them."""

from __future__ import annotations

import re
from decimal import Decimal

from perfkit.values.cell import take_apart
from perfkit.values.normal import is_blank

_IN_YUAN = {"元": Decimal(1), "万元": Decimal(10_000)}
_TOLD = 40
_MONTHLIKE = re.compile(r"\d{4}\.\d\d")  # elsewhere 2022.12 is a December, among amounts it is money
_LARGEST_RATIO = Decimal(2)


def amount(text: str | None, money_unit: str = "万元") -> Decimal | None:
    """Read an amount of money in the form's unit (元 or 万元), or None where none is filled in.

    `9,280,000`; `372.29万元` on a form in 元 is 3722900; `￥５０`. Raises ValueError on any other text.
    """
    if is_blank(text):
        return None
    printed = str(text).strip().lstrip("¥￥").rstrip("整")
    if _MONTHLIKE.fullmatch(printed):
        return Decimal(printed)
    cell = take_apart(printed)
    quantity = cell.quantities[0] if len(cell.quantities) == 1 and not cell.dates else None
    if quantity is None or cell.words or quantity.high is not None or quantity.operator or quantity.unit.per:
        raise ValueError(f"no amount of money: {str(text)[:_TOLD]!r}")
    if quantity.bare:
        return quantity.number
    if not quantity.unit.bare and quantity.unit.dimension != "money":
        raise ValueError(f"no amount of money: {str(text)[:_TOLD]!r}")
    return quantity.value * quantity.unit.factor / _IN_YUAN[money_unit]


def percent(text: str | None) -> Decimal | None:
    """Read a printed execution rate (执行率) in percent points, or None where none is filled in.

    `98.98%`, `100 %`, `97.8`; a number without sign of at most 2 is a ratio (`0.958`, `1`), because no
    form prints a rate of one or two percent without its sign and many print 1 for all (RULES.md §6,
    Budget line). Raises ValueError on a text that is no rate.
    """
    if is_blank(text):
        return None
    cell = take_apart(str(text))
    quantity = cell.quantities[0] if len(cell.quantities) == 1 and not cell.dates else None
    if quantity is None or cell.words or quantity.high is not None or quantity.operator:
        raise ValueError(f"no rate: {str(text)[:_TOLD]!r}")
    if quantity.unit.dimension == "ratio":
        return quantity.value * quantity.unit.factor
    if not quantity.bare:
        raise ValueError(f"no rate: {str(text)[:_TOLD]!r}")
    return quantity.number * 100 if abs(quantity.number) <= _LARGEST_RATIO else quantity.number
