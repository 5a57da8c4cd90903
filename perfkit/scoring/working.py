"""The working of a score: the exact points, and what is to be said about how they came about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

    from perfkit.language import Text

NO_FACTS: Mapping[str, Any] = {}


class Clause(NamedTuple):
    """Hold one clause of an explanation: the key of its phrase, and the facts that stand in it."""

    key: str
    facts: Mapping[str, Any] = NO_FACTS


class Working(NamedTuple):
    """Hold exact `points` (None where only a person can say), the clauses that tell how, and the rule.

    `room` tells that the profile lets a person take points off without more ado.
    """

    points: Decimal | None
    clauses: tuple[Clause, ...]
    source: Text
    room: bool = False


def worked(points: Decimal | None, key: str, source: Text, /, **facts: Any) -> Working:
    """Make a working of one clause."""
    return Working(points, (Clause(key, facts),), source)
