"""How points are worked out exactly, rounded by the profile's rule, and held against a declared figure.

All arithmetic is Decimal under one context of our own, wide enough that only the profile rounds; the
caller's decimal context is neither used nor changed.
"""

from __future__ import annotations

from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, ROUND_UP, Context, Decimal
from functools import reduce
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from perfkit.profile import Rounding

ZERO = Decimal(0)
ONE = Decimal(1)
HUNDRED = Decimal(100)

CONTEXT = Context(prec=60, rounding=ROUND_HALF_EVEN, Emin=-999999, Emax=999999, traps=[])
MODES = {"half_up": ROUND_HALF_UP, "half_even": ROUND_HALF_EVEN, "up": ROUND_UP, "down": ROUND_DOWN}
QUANTA = tuple(Decimal(1).scaleb(-digits) for digits in range(40))


def product(value: Decimal, factor: Decimal, divisor: Decimal = ONE) -> Decimal:
    """Give value × factor ÷ divisor, the division last."""
    return CONTEXT.divide(CONTEXT.multiply(value, factor), divisor)


def total(figures: Iterable[Decimal]) -> Decimal:
    """Give a sum."""
    return reduce(CONTEXT.add, figures, ZERO)


def less(value: Decimal, taken: Decimal) -> Decimal:
    """Give value − taken."""
    return CONTEXT.subtract(value, taken)


def clamp(value: Decimal, top: Decimal) -> Decimal:
    """Bring points between 0 and their weight."""
    if ZERO <= value <= top:
        return value
    return ZERO if value < ZERO else top


def rounded(value: Decimal, rule: Rounding) -> Decimal:
    """Round by a rule of the profile; a figure too long to round stays as it is."""
    return cut(value, rule.digits, MODES[rule.mode])


def cut(value: Decimal, digits: int, mode: str = ROUND_DOWN) -> Decimal:
    """Round to so many decimals; by default cut the rest off."""
    result = value.quantize(QUANTA[digits], mode, CONTEXT)
    return result if result.is_finite() else value


def places(figure: Decimal) -> int:
    """Give the decimals of a figure as printed, one at the least (CONTRACT §6)."""
    exponent = figure.as_tuple().exponent
    return min(max(1, -exponent), len(QUANTA) - 1) if isinstance(exponent, int) else 1


def agrees(declared: Decimal, exact: Decimal, rule: Rounding) -> bool:
    """Tell whether a declared figure is the exact one, at its own precision.

    A declared figure with the rule's decimals or more may also be the figure as the rule rounds it.
    """
    digits = places(declared)
    if cut(exact, digits, MODES[rule.mode]) == declared:
        return True
    return digits >= rule.digits and rounded(exact, rule) == declared


def plain(figure: Decimal) -> str:
    """Print a figure without exponent and without zeros after its last decimal."""
    text = f"{figure:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
