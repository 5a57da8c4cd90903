"""A value printed in one canonical spelling, which reads back as the same value.

`不少于三十场` prints as `≥30场`, `10月底` of a form of 2022 as `2022-10-31`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfkit.values.reading import Actual, Target
from perfkit.values.terms import Direction, Kind

if TYPE_CHECKING:
    from decimal import Decimal

_SIGNS = {Direction.AT_LEAST: "≥", Direction.AT_MOST: "≤", Direction.EQUAL: "="}


def format_value(value: Target | Actual) -> str:
    """Print a target or an actual so that reading it again gives the same value, unit and direction.

    Words and blanks print as they stand. A direction that was only inferred is not printed.
    """
    if value.kind is Kind.COMPOUND:
        return "；".join(format_value(part) for part in value.parts)
    if value.day:
        return value.day
    if value.kind not in (Kind.NUMBER, Kind.RATIO):
        return value.text
    if value.low is not None and value.high is not None:
        return _range(value.low, value.high, value.unit)
    if value.value is None:
        return value.text
    sign = _SIGNS.get(value.direction, "") if isinstance(value, Target) and value.operator else ""
    return f"{sign}{_plain(value.value)}{value.unit}"


def _range(low: Decimal, high: Decimal, unit: str) -> str:
    if low == -high:
        return f"±{_plain(high)}{unit}"
    return f"{_plain(low)}~{_plain(high)}{unit}"


def _plain(number: Decimal) -> str:
    """Print a number without exponent and without zeros that say nothing."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
