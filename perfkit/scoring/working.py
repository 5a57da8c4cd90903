"""The working of a score: the exact points, and what is to be said about how they came about."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from perfkit.profile import Cite


@dataclass(frozen=True, slots=True)
class Clause:
    """Hold one clause of an explanation: the key of its phrase, and the facts that stand in it."""

    key: str
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Working:
    """Hold exact `points` (None where only a person can say), the clauses that tell how, and the rule.

    `room` tells that the profile lets a person take points off without more ado.
    """

    points: Decimal | None
    clauses: tuple[Clause, ...]
    source: Cite
    room: bool = False


def worked(points: Decimal | None, key: str, source: Cite, /, **facts: Any) -> Working:
    """Make a working of one clause."""
    return Working(points, (Clause(key, facts),), source)
