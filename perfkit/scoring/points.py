"""How points are worked out exactly, rounded by the profile's rule, and held against a declared figure.

All arithmetic is Decimal under one context of our own, wide enough that only the profile rounds; the
caller's decimal context is neither used nor changed.
"""

from __future__ import annotations

from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, ROUND_UP, Decimal
from functools import reduce
from typing import TYPE_CHECKING

from perfkit.text.figures import CONTEXT, HUNDRED, ONE, QUANTA, cut, plain, product

if TYPE_CHECKING:
    from collections.abc import Iterable

    from perfkit.profile import Rounding

__all__ = [
    "CONTEXT",
    "HUNDRED",
    "MODES",
    "ONE",
    "QUANTA",
    "ZERO",
    "agrees",
    "clamp",
    "cut",
    "less",
    "places",
    "plain",
    "product",
    "rounded",
    "total",
]

ZERO = Decimal(0)
MODES = {"half_up": ROUND_HALF_UP, "half_even": ROUND_HALF_EVEN, "up": ROUND_UP, "down": ROUND_DOWN}


def total(figures: Iterable[Decimal]) -> Decimal:
    """Give a sum, exact; 0 of no figures."""
    return reduce(CONTEXT.add, figures, ZERO)


def less(value: Decimal, taken: Decimal) -> Decimal:
    """Give value − taken, exact; below 0 where more is taken."""
    return CONTEXT.subtract(value, taken)


def clamp(value: Decimal, top: Decimal) -> Decimal:
    """Bring points between 0 and their weight."""
    if ZERO <= value <= top:
        return value
    return ZERO if value < ZERO else top


def rounded(value: Decimal, rule: Rounding) -> Decimal:
    """Round by a rule of the profile; a figure too long to round stays as it is."""
    return cut(value, rule.digits, MODES[rule.mode])


def places(figure: Decimal) -> int:
    """Give the decimals of a figure as printed, one at the least."""
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


def equal(declared: Decimal, exact: Decimal) -> bool:
    """Tell whether a declared figure is another at its own precision, one decimal at the coarsest."""
    return cut(exact, places(declared), ROUND_HALF_UP) == declared
