"""Every figure as people read it, written by one function for each kind.

A figure is exact until it is printed; where it is rounded, then half up and never through floats, so that
97.125 reads 97.13 in every column, sum and average. What a form or a scorecard carries keeps its digits
(`carried`: 96.90); a figure that perfkit works out for a sentence loses idle zeros (`plain`, `grouped`); the
columns of a summary have a fixed number of decimals (`fixed`), points as many as the form's own beside them
(`beside`). Nothing is never 0: it is a dash.
"""

from __future__ import annotations

from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal
from typing import TYPE_CHECKING

from perfkit.language import Text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

DASH = "—"
ONE = Decimal(1)
HUNDRED = Decimal(100)
WAN = Decimal(10_000)
IN_YUAN = {"元": ONE, "万元": WAN}
"""How many 元 each money unit of a form is."""

CONTEXT = Context(prec=60, rounding=ROUND_HALF_EVEN, Emin=-999999, Emax=999999, traps=[])
"""The context of all arithmetic: wide enough that nothing rounds before a rule says so."""

QUANTA = tuple(ONE.scaleb(-digits) for digits in range(40))
_GROUPED_FROM = 1000
_MOST_DIGITS = 6


def cut(value: Decimal, digits: int, mode: str = ROUND_DOWN) -> Decimal:
    """Round to so many decimals; by default cut the rest off. A figure too long to round stays as it is."""
    result = value.quantize(QUANTA[digits], mode, CONTEXT)
    return result if result.is_finite() else value


def product(value: Decimal, factor: Decimal, divisor: Decimal = ONE) -> Decimal:
    """Give value × factor ÷ divisor, the division last."""
    return CONTEXT.divide(CONTEXT.multiply(value, factor), divisor)


def in_yuan(amount: Decimal, unit: str) -> Decimal:
    """Give an amount of a form's money unit in 元, exactly."""
    return product(amount, IN_YUAN[unit])


def in_wan(value: Decimal) -> Decimal:
    """Give a figure in ten thousands (万), exactly."""
    return product(value, ONE, WAN)


def reads_in_wan(amounts: Sequence[Decimal], large_from: Decimal) -> bool:
    """Tell whether amounts are large, and each exact in ten thousands with two decimals."""
    large = any(amount >= large_from for amount in amounts)
    return large and all(cut(in_wan(amount), 2) == in_wan(amount) for amount in amounts)


def carried(value: Decimal | None) -> str:
    """Write a figure with the digits that it carries (`96.90`), or a dash."""
    return DASH if value is None else f"{value:f}"


def plain(value: Decimal | None) -> str:
    """Write a figure without exponent and without idle zeros (`9.9`, `1200`), or a dash."""
    return DASH if value is None else _idle_off(f"{value:f}")


def beside(value: Decimal | None, *printed: Decimal | None) -> str:
    """Write points that perfkit works out as the form prints those beside them, or a dash.

    The first figure that is there says how many decimals (`5` beside 5, `9.90` beside 9.80); no digit that
    the points need is lost.
    """
    if value is None or not value.is_finite():
        return carried(value)
    like = next((figure for figure in printed if figure is not None), value)
    needed = plain(value).partition(".")[2]
    given = f"{like:f}".partition(".")[2] if like is not value else ""
    return f"{cut(value, max(len(needed), len(given))):f}"


def grouped(value: Decimal | None) -> str:
    """Write a figure as `plain` does, thousands set off (`9,280,000`), or a dash."""
    return DASH if value is None else _idle_off(f"{value:,f}" if value.is_finite() else str(value))


def amount(value: Decimal | None) -> str:
    """Write an amount of money with the digits that it carries, thousands set off, or a dash."""
    return DASH if value is None else f"{value:,f}"


def fixed(value: Decimal | int | None, digits: int = 2) -> str:
    """Write a figure of a column, rounded half up to so many decimals, thousands set off, or a dash."""
    return DASH if value is None else f"{cut(Decimal(value), digits, ROUND_HALF_UP):,f}"


def fixed_percent(value: Decimal | None, digits: int = 2) -> str:
    """Write a rate that already is in percent, rounded half up (`98.98%`), or a dash."""
    return DASH if value is None else f"{fixed(value, digits)}%"


def fixed_wan(yuan: Decimal | None, digits: int = 2) -> str:
    """Write an amount of 元 in 万元, rounded half up (`928.00`), or a dash."""
    return DASH if yuan is None else fixed(in_wan(yuan), digits)


def rate(value: Decimal | None) -> str:
    """Write a rate that already is in percent with the digits it carries (`10.40%`, `100%`), or a dash."""
    if value is None:
        return DASH
    return f"{grouped(value) if value == value.to_integral_value() else amount(value)}%"


def percent(ratio: Decimal | None) -> str:
    """Write a ratio in percent (`104.2%`, `3,479%`), or a dash; what misses 100% never reads 100%."""
    if ratio is None:
        return DASH
    exact = product(ratio, HUNDRED)
    for digits in range(0 if abs(exact) >= _GROUPED_FROM else 1, _MOST_DIGITS + 1):
        rounded = cut(exact, digits, ROUND_HALF_UP)
        if _side(rounded) == _side(exact):
            break
    return f"{grouped(rounded)}%"


def percent_of(part: Decimal, whole: Decimal) -> Decimal:
    """Give part ÷ whole in percent, unrounded."""
    return product(part, HUNDRED, whole)


def moment(at: datetime) -> str:
    """Write a time with its zone (`2026-11-30 16:00 UTC+08:00`)."""
    zone = f"{at:%z}"
    return f"{at:%Y-%m-%d %H:%M} UTC{f'{zone[:3]}:{zone[3:5]}' if at.utcoffset() else ''}"


def points(value: Decimal) -> Text:
    """Tell a number of points: 0.9分, 1 point, 0.9 points."""
    size = plain(value)
    return Text(f"{size}分", f"{size} point" if abs(value) == 1 else f"{size} points")


def counted(count: int, classifier: str, noun: str, plural: str = "") -> Text:
    """Tell a number of things: 3项, 3 rows."""
    return Text(f"{count:,}{classifier}", f"{count:,} {noun if count == 1 else plural or noun + 's'}")


def money(value: Decimal, unit: str) -> Text:
    """Tell an amount of a form: 8,205,000元; in English in yuan, exactly: 861.46万元 is 8,614,600 yuan."""
    return Text(f"{grouped(value)}{unit}", f"{grouped(in_yuan(value, unit))} yuan")


def _idle_off(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text


def _side(rate: Decimal) -> tuple[int, int]:
    """Say on which side of nothing and of the target a rate in percent lies."""
    return int(rate.compare(Decimal(0))), int(rate.compare(HUNDRED))
