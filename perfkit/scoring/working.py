"""The working of a score: the exact points, and what is to be said about how they came about."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from perfkit.scoring.points import ZERO

if TYPE_CHECKING:
    from decimal import Decimal

    from perfkit.language import Text

# One clause of an explanation: the key of its phrase, and the facts that stand in it.
Clause = tuple[str, Mapping[str, Any]]
NO_FACTS: Mapping[str, Any] = {}


class Working(NamedTuple):
    """Hold exact `points` (None where only a person can say), the clauses that tell how, and the rule.

    `room` tells that the profile lets a person take points off without more ado; `taken` holds what a
    deduction column (扣分) has taken off a row already.
    """

    points: Decimal | None
    clauses: tuple[Clause, ...]
    source: Text
    room: bool = False
    taken: Decimal = ZERO


def worked(points: Decimal | None, key: str, source: Text, /, **facts: Any) -> Working:
    """Make a working of one clause."""
    return Working(points, ((key, facts),), source)
