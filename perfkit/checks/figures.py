"""Figures as the rules compare them: at the precision that is printed, never through floats."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

from perfkit.language import Text
from perfkit.scoring.points import MODES, cut, product, total

if TYPE_CHECKING:
    from collections.abc import Iterable

    from perfkit.profile import Rounding

CENTS = 2
HUNDRED = Decimal(100)
_RATE = re.compile(r"(?P<figure>-?\d+(?:\.\d+)?)\s*(?P<percent>%|‰|百分比)?")


def add(figures: Iterable[Decimal]) -> Decimal:
    """Give a sum, exact whatever its size."""
    return total(figures)


def cents(figure: Decimal) -> Decimal:
    """Round to two decimals, half up, so that a third of ten counted three times is ten."""
    return cut(figure, CENTS, ROUND_HALF_UP)


def decimals(figure: Decimal | None) -> int:
    """Count the decimals of a figure, zeros at its end left out."""
    if figure is None or not figure.is_finite():
        return 0
    text = f"{figure:f}"
    return len(text.partition(".")[2].rstrip("0"))


def at_precision(figure: Decimal, printed: Decimal) -> Decimal:
    """Round a figure to the decimals of a printed one, one at the least (CONTRACT §6)."""
    exponent = printed.as_tuple().exponent
    digits = max(1, -exponent) if isinstance(exponent, int) else 1
    return cut(figure, min(digits, 10), ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class Rate:
    """Hold a printed rate in percent with the decimals it is printed with."""

    percent: Decimal
    digits: int

    def is_(self, exact: Decimal, rule: Rounding) -> bool:
        """Tell whether the printed rate is the exact one, rounded half up or by the profile's rule."""
        return any(
            cut(exact, self.digits, mode) == self.percent for mode in (ROUND_HALF_UP, MODES[rule.mode])
        )


def read_rate(text: str, exact: Decimal) -> Rate | None:
    """Read a printed rate: `98.98%`, `98.98`, `0.9898` or `1`; without a sign, whichever lies nearer."""
    match = _RATE.search(unicodedata.normalize("NFKC", text).replace(",", "").strip())
    if match is None:
        return None
    figure, digits = Decimal(match["figure"]), len(match["figure"].partition(".")[2])
    as_printed = Rate(figure, digits)
    if match["percent"] in ("%", "百分比"):
        return as_printed
    share = Rate(figure * HUNDRED, max(0, digits - 2))
    return min((as_printed, share), key=lambda rate: abs(rate.percent - exact))


def percent_of(part: Decimal, whole: Decimal) -> Decimal:
    """Give part ÷ whole in percent, unrounded."""
    return product(part, HUNDRED, whole)


def signed(gap: Decimal) -> Text:
    """Tell a gap in points as too many or too few."""
    size = f"{abs(gap).normalize():f}"
    return Text(f"多{size}分", f"{size} too many") if gap > 0 else Text(f"少{size}分", f"{size} too few")


def points(figure: Decimal) -> Text:
    """Tell a number of points."""
    size = f"{figure.normalize():f}"
    return Text(f"{size}分", f"{size} point" if figure == 1 else f"{size} points")


def percent(rate: Decimal | None) -> str:
    """Write a rate with two decimals."""
    return "—" if rate is None else f"{cents(rate):f}"


def or_blank(amount: Decimal | None, unit: str = "") -> Text:
    """Tell a figure with its Chinese unit, or that it is not filled in."""
    return Text("未填", "blank") if amount is None else Text(figure(amount) + unit, figure(amount))


def counted(count: int, classifier: str, noun: str) -> Text:
    """Tell a number of things: 3项, 3 rows."""
    return Text(f"{count}{classifier}", f"{count} {noun}" if count == 1 else f"{count} {noun}s")


def figure(value: Decimal) -> str:
    """Write a figure plainly, thousands set off, without an exponent and without trailing zeros."""
    if not value.is_finite():
        return str(value)
    text = f"{value:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
