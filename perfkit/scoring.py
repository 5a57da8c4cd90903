"""Form × Profile → Scorecard: what each row is worth by the rules, and how that came about.

Every figure carries its explanation. What a person declared is kept beside what the profile computes;
which of the two counts is said by `status` (CONTRACT: agrees, judged, differs, unscored).
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from perfkit.form import Form, Fund, Indicator
from perfkit.language import Text
from perfkit.profile import Profile
from perfkit.shown import Shown
from perfkit.values import Reading


class Status(StrEnum):
    """Say how the declared figure stands to the computed one."""

    AGREES = "agrees"
    JUDGED = "judged"
    DIFFERS = "differs"
    UNSCORED = "unscored"


@dataclass(frozen=True, slots=True)
class RowScore:
    """Hold the score of one indicator row.

    `number` counts rows from 1. `weight`, `declared`, `computed` and `score` are points; `declared` is
    what the form says, `computed` what the profile gives (None where only a person can score), `score`
    what counts. `band` is the range of points that the profile leaves to a person, where it does.
    """

    number: int
    indicator: Indicator
    reading: Reading
    weight: Decimal | None
    declared: Decimal | None
    computed: Decimal | None
    score: Decimal | None
    status: Status
    explanation: Text
    band: tuple[Decimal, Decimal] | None = None

    @property
    def lost(self) -> Decimal | None:
        """Give the points lost: weight less score, None where either is missing."""
        if self.weight is None or self.score is None:
            return None
        return self.weight - self.score


@dataclass(frozen=True, slots=True)
class ExecutionScore:
    """Hold the score of the budget line (预算执行率).

    `rate` is the execution rate in percent as the profile rounds it; `printed_rate` the one on the form.
    """

    fund: Fund
    rate: Decimal | None
    printed_rate: Decimal | None
    weight: Decimal | None
    declared: Decimal | None
    computed: Decimal | None
    score: Decimal | None
    status: Status
    explanation: Text

    @property
    def lost(self) -> Decimal | None:
        """Give the points lost: weight less score, None where either is missing."""
        if self.weight is None or self.score is None:
            return None
        return self.weight - self.score


@dataclass(frozen=True, slots=True)
class Total:
    """Hold the total (总分): sums over the budget line and all rows, and the grade (评价等级).

    `computed` sums what the profile gives, with `score` where it gives nothing; `score` sums what
    counts; `complete` is False while a weighted row is unscored. `explanation` names a cap, if any.
    """

    weight: Decimal
    declared: Decimal | None
    computed: Decimal | None
    score: Decimal | None
    grade: str | None
    complete: bool
    explanation: Text


@dataclass(frozen=True, slots=True)
class Scorecard(Shown):
    """Hold the scores of a form under a profile, each with its explanation."""

    form: Form
    profile: Profile
    budget: ExecutionScore
    indicators: tuple[RowScore, ...]
    total: Total

    def to_dict(self, language: str = "zh") -> dict[str, Any]:
        """Give the scorecard as `perfkit score --format json` prints it (CONTRACT §6)."""
        raise NotImplementedError


def score(form: Form, profile: Profile | str = "mof-2020") -> Scorecard:
    """Score a form by a profile."""
    raise NotImplementedError
