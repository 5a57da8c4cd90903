"""Amounts of money and execution rates, as the budget block prints them: the one reader of either."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal

from perfkit.text.figures import HUNDRED, ONE, cut, product
from perfkit.text.folding import is_blank
from perfkit.values.cell import take_apart

_IN_YUAN = {"元": Decimal(1), "万元": Decimal(10_000)}
_TOLD = 40
_MONTHLIKE = re.compile(r"\d{4}\.\d\d")  # elsewhere 2022.12 is a December, among amounts it is money
_LARGEST_SHARE = Decimal("1.5")
_LEAST_PERCENT = Decimal(10)
_PRINTED = re.compile(r"约?(?P<figure>-?\d{1,12}(?:\.\d{1,12})?)\s*(?P<sign>%|‰|百分比|百分点)?", re.ASCII)
_SIGNED = re.compile(r"(?<![\d.])(\d{1,12}(?:\.\d{1,12})?)\s*%", re.ASCII)


def amount(text: str | None, money_unit: str = "万元") -> Decimal | None:
    """Read an amount of money in the form's unit (元 or 万元), or None where none is filled in.

    A figure without a unit is taken in the form's, as printed; one with a unit is brought into it. A minus
    sign is kept.

    >>> [amount(text, "元") for text in ("9,280,000", "372.29万元", "—")]
    [Decimal('9280000'), Decimal('3722900.00'), None]

    Raises:
        ValueError: on any other text, on a range, and on a figure with an operator or another unit.
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


@dataclass(frozen=True, slots=True)
class PrintedRate:
    """Hold a printed execution rate in percent (98.98 for `98.98%` and for `0.9898`), and its decimals."""

    percent: Decimal
    digits: int

    def is_(self, exact: Decimal, *modes: str) -> bool:
        """Tell whether the printed rate is the exact one, in percent, rounded by one of decimal's modes."""
        return any(cut(exact, self.digits, mode) == self.percent for mode in modes)


def read_rate(text: str | None, exact: Decimal | None = None) -> PrintedRate | None:
    """Read an execution rate (执行率): `98.98%`, `98.98`, `0.9898`, `1`; None where it is no figure.

    Without a percent sign it is a share or a percentage, whichever lies nearer to what the amounts give
    (`exact`, in percent). Without amounts a figure up to 1.5 is a share and one from 10 up a percentage,
    since no form prints a rate of one percent without its sign and many print 1 for all; what lies between
    (1.8: 180% or 1.8%?) is neither. Never raises, whatever the text.
    """
    plain = unicodedata.normalize("NFKC", text or "").replace(",", "").strip()
    found = _PRINTED.fullmatch(plain)
    if found is None:
        signed = _SIGNED.findall(plain)
        return PrintedRate(Decimal(signed[0]), _decimals(signed[0])) if len(signed) == 1 else None
    figure, digits = Decimal(found["figure"]), _decimals(found["figure"])
    as_printed, share = PrintedRate(figure, digits), PrintedRate(product(figure, HUNDRED), max(0, digits - 2))
    if found["sign"] == "‰":
        return PrintedRate(product(figure, ONE, Decimal(10)), digits + 1)
    if found["sign"]:
        return as_printed
    if exact is not None:
        return min((as_printed, share), key=lambda rate: abs(rate.percent - exact))
    if figure <= _LARGEST_SHARE:
        return share
    return as_printed if figure >= _LEAST_PERCENT else None


def printed_rate(text: str | None, exact: Decimal | None = None) -> Decimal | None:
    """Read an execution rate as printed, in percent (0.9898 is 98.98), as `read_rate` does.

    `exact` is what the amounts give, in percent. None where the text is no figure; never raises.
    """
    read = read_rate(text, exact)
    return None if read is None else read.percent


def _decimals(figure: str) -> int:
    return len(figure.partition(".")[2])
