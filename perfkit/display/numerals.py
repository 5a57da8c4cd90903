"""Figures as people read them: digits grouped, nothing rounded that decides, a dash for what is missing.

What a form prints keeps its digits (96.90 stays 96.90); what is summed here loses trailing zeros.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal, localcontext

DASH = "—"
_HUNDRED = Decimal(100)
_NO_DECIMALS = 1000
_MOST_DIGITS = 6
_ENOUGH = 80


def plain(value: Decimal | None) -> str:
    """Give a figure with the digits it carries, or a dash."""
    return DASH if value is None else f"{value:f}"


def points(value: Decimal | None) -> str:
    """Give points without trailing zeros (`3`, `0.1`), or a dash."""
    if value is None:
        return DASH
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def amount(value: Decimal | None) -> str:
    """Give an amount of money with its digits grouped (`8,205,000`), or a dash."""
    return DASH if value is None else f"{value:,f}"


def percent(ratio: Decimal | None) -> str:
    """Give a ratio in percent (`104.2%`, `3,479%`), or a dash; what misses 100% never reads 100%."""
    if ratio is None:
        return DASH
    with localcontext(prec=_ENOUGH):
        exact = ratio * _HUNDRED
        for digits in range(0 if abs(exact) >= _NO_DECIMALS else 1, _MOST_DIGITS + 1):
            rounded = exact.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
            if _side(rounded) == _side(exact):
                break
    return f"{_grouped(rounded)}%"


def _side(rate: Decimal) -> tuple[int, int]:
    """Say on which side of nothing and of the target a rate in percent lies."""
    return int(rate.compare(Decimal(0))), int(rate.compare(_HUNDRED))


def rate(value: Decimal | None) -> str:
    """Give a rate that already is in percent with the digits it carries (`10.40%`, `100%`), or a dash."""
    if value is None:
        return DASH
    return f"{_grouped(value) if value == value.to_integral_value() else format(value, ',f')}%"


def _grouped(value: Decimal) -> str:
    text = f"{value:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
