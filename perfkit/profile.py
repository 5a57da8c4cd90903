"""A rule set (评分规则): weights, formulas, bands and grades, as data with their sources.

A profile is a YAML file under `perfkit/profiles/` or a user's own file with `extends`. Nothing here
knows forms; what a profile means for a row is worked out in `perfkit.scoring`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from perfkit.language import Text
from perfkit.shown import Shown


@dataclass(frozen=True, slots=True)
class Grade:
    """Hold one grade (评价等级): its name and the least total that earns it, half-open upwards."""

    name: str
    at_least: Decimal


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Hold the lines at which a finding fires; ratios as plain numbers, rates in percent."""

    low_execution: Decimal = Decimal(90)
    very_low_execution: Decimal = Decimal(50)
    high_execution: Decimal = Decimal(95)
    budget_change: Decimal = Decimal(20)
    over_achievement: Decimal = Decimal("1.3")
    rate_tolerance: Decimal = Decimal("0.02")
    one_row_weight: Decimal = Decimal(40)
    fewest_indicators: int = 3


@dataclass(frozen=True, slots=True)
class Profile(Shown):
    """Hold a rule set; `title` and `source` are for people, every figure's source is in its YAML file.

    `level1_weights` maps the canonical level-1 names to points (empty: the rule set sets none),
    `execution_weight` is the weight of the budget line, `required_level2` the level-2 types that a form
    must have. `severities` and `ignore` change findings.
    """

    name: str
    title: Text
    source: Text
    execution_weight: Decimal
    level1_weights: Mapping[str, Decimal] = field(default_factory=dict, hash=False)
    required_level2: tuple[str, ...] = ()
    grades: tuple[Grade, ...] = ()
    thresholds: Thresholds = Thresholds()
    severities: Mapping[str, str] = field(default_factory=dict, hash=False)
    ignore: tuple[str, ...] = ()

    def grade(self, total: Decimal) -> str | None:
        """Give the grade (评价等级) that a total earns, or None where the profile has no grades."""
        return next((grade.name for grade in self.grades if total >= grade.at_least), None)


def load_profile(name: str) -> Profile:
    """Load a profile by its name, or from a path to a user's YAML file."""
    raise NotImplementedError


def profile_names() -> tuple[str, ...]:
    """Give the names of the profiles that perfkit ships."""
    raise NotImplementedError
