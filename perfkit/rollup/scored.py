"""Each unit is scored, then the totals become one (先计分再汇总): weighted by money, averaged or summed.

A line of the whole is made of the units' points in the same way, a unit without the line giving nothing to
it, so that the lines add up to the total where no cap and no rescaling stands between the two.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfkit.errors import DataError
from perfkit.rollup.funds import money_unit
from perfkit.rollup.matching import matched
from perfkit.rollup.result import Line, Note, RollUp, Rule
from perfkit.rollup.weights import Weights
from perfkit.rollup.words import joined, named, tell
from perfkit.scoring import RowScore, Total
from perfkit.scoring.points import HUNDRED, ZERO, rounded

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from decimal import Decimal

    from perfkit.errors import Fault
    from perfkit.language import Text
    from perfkit.profile import Profile
    from perfkit.rollup.result import Unit
    from perfkit.scoring import ExecutionScore


def score_then_sum(
    project: str, year: int | None, units: tuple[Unit, ...], profile: Profile, faults: Sequence[Fault]
) -> RollUp:
    """Make one result of the units' scorecards.

    Raises:
        DataError: `faults`, those found before, with those of a unit that has no money to weigh it by.
    """
    whole = _Whole(units, profile)
    wrong = [*faults, *whole.weights.faults]
    if wrong:
        raise DataError.of(wrong)
    total = whole.total()
    return RollUp(project, year, profile, units, tuple(whole.lines()), total, notes=tuple(whole.notes))


class _Whole:
    """Hold the units while their points become one."""

    def __init__(self, units: Sequence[Unit], profile: Profile) -> None:
        self.units, self.profile = units, profile
        self.weights = Weights(units, money_unit(units), "totals")
        self.rule = Rule(profile.roll_up.totals)
        self.notes: list[Note] = []
        if self.rule is Rule.MONEY_WEIGHTED:
            self.weights.of(range(len(units)))

    def _made(self, figures: Sequence[Decimal | None]) -> Decimal | None:
        """Make one figure of the units', None where no unit has one."""
        if all(figure is None for figure in figures):
            return None
        return self.weights.combined(self.rule, [figure or ZERO for figure in figures], range(len(figures)))

    def _told(self, points: Sequence[Decimal | None], made: Decimal) -> Text:
        printed = [(place, f"{each:f}") for place, each in enumerate(points) if each is not None]
        if len(printed) < len(points):  # the others give nothing, and still count in what is divided by
            printed = [(place, f"{each or ZERO:f}") for place, each in enumerate(points)]
        return self.weights.told(self.rule, printed, f"{made:f}")

    def total(self) -> Total:
        """Give the total of the whole; where a unit's is incomplete or missing, so is the whole's."""
        totals, rule = [unit.card.total for unit in self.units], self.profile.totalling.total
        without = [unit.name for unit in self.units if unit.card.total.score is None]
        open_ = [unit.name for unit in self.units if not unit.card.total.complete]
        weight = self._made([each.weight for each in totals])
        weight = None if weight is None else rounded(weight, rule)
        if without:
            said = tell("no_total", units=named(without))
            return Total(weight, None, None, None, None, complete=False, explanation=said)
        points = [each.score for each in totals]
        score, computed = (self._made(each) for each in (points, [each.computed for each in totals]))
        score, computed = (None if each is None else rounded(each, rule) for each in (score, computed))
        whole = self.rule is not Rule.SUM or weight == HUNDRED
        grade = self.profile.grade(score) if whole and not open_ and score is not None else None
        told = [self._told(points, score)] if score is not None else []
        if open_:
            told.append(tell("incomplete", units=named(open_)))
        elif not whole and weight is not None:
            told.append(tell("no_grade", text=f"{weight:f}"))
            self.notes.append(Note("no_grade", told[-1]))
        if grade is not None:
            told.append(tell("grade", grade=grade))
        said = joined("_joint", [*told, *self._source()])
        return Total(weight, None, computed, score, grade, not open_, said)

    def _source(self) -> list[Text]:
        source = self.profile.roll_up.source
        return [tell("_cited", source=source)] if source else []

    def lines(self) -> Iterator[Line]:
        """Yield the budget line and the indicators of the whole."""
        yield self._line(None, [unit.card.budget for unit in self.units])
        for number, one in enumerate(matched(self.units), start=1):
            yield self._line(number, [one.rows.get(place) for place in range(len(self.units))])

    def _line(self, number: int | None, parts: Sequence[RowScore | ExecutionScore | None]) -> Line:
        """Give one line of the whole, rounded as the profile rounds a row."""
        points = [None if part is None else part.score for part in parts]
        weight = self._made([None if part is None else part.weight for part in parts])
        score, rule = self._made(points), self.profile.totalling.row
        weight, score = (None if each is None else rounded(each, rule) for each in (weight, score))
        said = tell("no_points") if score is None else self._told(points, score)
        row = next((part.indicator for part in parts if isinstance(part, RowScore)), None)
        names = (row.name, row.level1, row.level2) if row else (None, None, None)
        return Line(number, *names, weight, score, tuple(parts), said)
