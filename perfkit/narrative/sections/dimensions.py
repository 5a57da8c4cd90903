"""Results by dimension (一级指标): what each earned, and under which level 2 points were lost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from perfkit.narrative.story import Paragraph, Points
from perfkit.scoring.points import ZERO, total
from perfkit.values import Verdict

if TYPE_CHECKING:
    from decimal import Decimal

    from perfkit.narrative.case import Case
    from perfkit.narrative.story import Block
    from perfkit.scoring import RowScore

MOST_IN_PROSE = 4


@dataclass(frozen=True, slots=True)
class Dimension:
    """Hold the rows of one level 1, by the name they are told under."""

    name: str
    rows: tuple[RowScore, ...]

    @property
    def weight(self) -> Decimal:
        """Give the points that the rows can earn."""
        return total(row.weight or ZERO for row in self.rows)

    @property
    def score(self) -> Decimal:
        """Give the points that the rows have earned."""
        return total(row.score or ZERO for row in self.rows)

    @property
    def lost(self) -> Decimal:
        """Give the points that the scored rows have lost."""
        return total(row.lost or ZERO for row in self.rows)

    @property
    def weighted(self) -> bool:
        """Tell whether any row has a weight."""
        return any(row.weight is not None for row in self.rows)

    @property
    def unscored(self) -> int:
        """Count the weighted rows without a score."""
        return sum(row.weight is not None and row.score is None for row in self.rows)


def dimensions(case: Case) -> tuple[Block, ...]:
    """Tell each dimension's points; a form without points tells how many targets were met."""
    groups = _grouped(case)
    if not groups:
        return (Paragraph(case.say("dimensions.none")),)
    parts = [_points(case, each) if each.weighted else _targets(case, each) for each in groups]
    lead = _lead(case, groups)
    if len(parts) > MOST_IN_PROSE:
        return (*((Paragraph("", lead),) if lead else ()), Points(tuple(parts)))
    return (Paragraph(lead=lead, text=case.say("dimensions.result", parts=parts)),)


def _grouped(case: Case) -> tuple[Dimension, ...]:
    groups: dict[str, list[RowScore]] = {}
    for row in case.rows:
        groups.setdefault(case.level1(row), []).append(row)
    return tuple(Dimension(name, tuple(rows)) for name, rows in groups.items())


def _lead(case: Case, groups: tuple[Dimension, ...]) -> str:
    if len(groups) == 1:
        return ""
    if not case.weighted:
        return case.say("dimensions.by_target")
    lost = [dimension.name for dimension in groups if dimension.lost > 0]
    full = [d.name for d in groups if not d.lost and not d.unscored and d.weighted]
    if not full and not lost:
        return ""
    phrase = ("mixed" if full else "all_lost") if lost else ("all_full" if len(full) > 1 else "one_full")
    return case.say(f"dimensions.{phrase}", full=full, lost=lost)


def _targets(case: Case, dimension: Dimension) -> str:
    met = sum(row.reading.verdict is Verdict.MET for row in dimension.rows)
    return case.say("dimensions.targets", level=dimension.name, rows=len(dimension.rows), met=met)


def _points(case: Case, dimension: Dimension) -> str:
    facts = {"level": dimension.name, "rows": len(dimension.rows), "weight": dimension.weight}
    scored = len(dimension.rows) > dimension.unscored
    facts["score"] = dimension.score if scored else None
    if dimension.unscored:
        return case.say("dimensions.unscored", unscored=dimension.unscored, **facts)
    if dimension.lost > 0:
        return case.say("dimensions.lost", parts=_places(case, dimension), **facts)
    return case.say("dimensions.full", **facts)


def _places(case: Case, dimension: Dimension) -> list[str]:
    """Tell under which level 2 the points were lost."""
    losses: dict[str, Decimal] = {}
    for row in dimension.rows:
        if row.lost:
            level = case.level2(row)
            losses[level] = total((losses.get(level, ZERO), row.lost))
    return [case.say("dimensions.part", level=level, lost=lost) for level, lost in losses.items()]
