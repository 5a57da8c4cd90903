"""What may stand in a profile file: its sections, their keys, and the values they take.

The settings of a section are the fields of the frozen part in `perfkit.profile` that it becomes, with
their types and limits, so that file, noun and documentation cannot come to differ.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from perfkit.language import Text
from perfkit.profile import (
    Cite,
    Corrections,
    Execution,
    Grade,
    OverAchievement,
    Percent,
    Profile,
    Qualitative,
    Quantity,
    RollingUp,
    Satisfaction,
    Thresholds,
    Timeliness,
    Totalling,
)

Code = Annotated[str, Field(pattern=r"^PK\d{3}$")]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Weights(_Part):
    """Hold the points of the budget line and of each level-1 type, and the level-2 types required."""

    execution: Percent = Decimal(10)
    level1: dict[str, Percent] = Field(default_factory=dict)
    alternatives: tuple[dict[str, Percent], ...] = ()
    required_level2: tuple[str, ...] = ()
    source: Cite = Cite()


class Grades(_Part):
    """Hold the grades from the best down, each with the least total that earns it."""

    bands: tuple[Grade, ...] = ()
    source: Cite = Cite()

    @model_validator(mode="after")
    def _fall(self) -> Grades:
        floors = [band.at_least for band in self.bands]
        if floors != sorted(floors, reverse=True):
            raise ValueError("grades go from the best down, each at_least under the one before")
        return self


class ProfileFile(_Part):
    """Hold a profile file with everything that it inherits filled in."""

    title: Text
    source: Cite = Cite()
    scored: bool = True
    weights: Weights = Weights()
    execution: Execution = Execution()
    quantity: Quantity = Quantity()
    over_achievement: OverAchievement = OverAchievement()
    qualitative: Qualitative = Qualitative()
    satisfaction: Satisfaction = Satisfaction()
    timeliness: Timeliness = Timeliness()
    totalling: Totalling = Totalling()
    roll_up: RollingUp = RollingUp()
    corrections: Corrections = Corrections()
    grades: Grades = Grades()
    thresholds: Thresholds = Thresholds()
    severities: dict[Code, Literal["error", "warning", "info"]] = Field(default_factory=dict)
    ignore: tuple[Code, ...] = ()

    def profile(self, name: str, extends: str = "", file: str = "") -> Profile:
        """Give the frozen rule set that scoring uses."""
        return Profile(
            name=name,
            title=self.title,
            source=self.source,
            execution_weight=self.weights.execution,
            level1_weights=dict(self.weights.level1),
            level1_alternatives=tuple(dict(split) for split in self.weights.alternatives),
            required_level2=self.weights.required_level2,
            grades=self.grades.bands,
            thresholds=self.thresholds,
            severities=dict(self.severities),
            ignore=self.ignore,
            scored=self.scored,
            extends=extends,
            file=file,
            execution=self.execution,
            quantity=self.quantity,
            over_achievement=self.over_achievement,
            qualitative=self.qualitative,
            satisfaction=self.satisfaction,
            timeliness=self.timeliness,
            totalling=self.totalling,
            roll_up=self.roll_up,
            corrections=self.corrections,
            weights_source=self.weights.source,
            grades_source=self.grades.source,
        )
