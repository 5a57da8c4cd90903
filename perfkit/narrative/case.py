"""What every section of the story starts from: the form, its results, and the voice to tell them in."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from perfkit import levels
from perfkit.narrative.deviation import Deviation, deviation
from perfkit.narrative.wording import LARGE_MONEY, Money, one_line, reads_in_wan, shortened
from perfkit.scoring.points import ZERO, total
from perfkit.values import Direction, Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from decimal import Decimal

    from perfkit.checks import Finding
    from perfkit.form import Form, Fund
    from perfkit.narrative.voice import Voice
    from perfkit.scoring import RowScore, Scorecard


@dataclass(frozen=True)
class Case:
    """Hold one project with its results and the voice that tells them."""

    form: Form
    card: Scorecard
    findings: Sequence[Finding]
    voice: Voice

    @property
    def rows(self) -> tuple[RowScore, ...]:
        """Give the indicator rows that apply, in the form's order."""
        return tuple(row for row in self.card.indicators if row.applies)

    @property
    def scored(self) -> bool:
        """Tell whether the form and its rules deal in points at all (transfer forms do not)."""
        return self.card.profile.scored

    @cached_property
    def deviations(self) -> tuple[Deviation, ...]:
        """Give the rows that depart from their targets, most points lost first."""
        found = [each for each in map(deviation, self.rows) if each is not None]
        return tuple(sorted(found, key=lambda each: (-each.lost, each.row.number)))

    @property
    def lost_rows(self) -> tuple[RowScore, ...]:
        """Give the rows that lost points."""
        return tuple(row for row in self.rows if (row.lost or ZERO) > 0)

    @property
    def unscored(self) -> tuple[RowScore, ...]:
        """Give the weighted rows that have no score."""
        return tuple(row for row in self.rows if row.weight is not None and row.score is None)

    def count(self, verdict: Verdict) -> int:
        """Count the rows with a verdict."""
        return sum(row.reading.verdict is verdict for row in self.rows)

    @property
    def weighted(self) -> bool:
        """Tell whether any row has a weight, without which no row can lose points."""
        return any(row.weight is not None for row in self.rows)

    @property
    def off_target(self) -> dict[str, int]:
        """Count the rows that missed their target, or reached it in part, without losing points."""
        verdicts = [each.row.reading.verdict for each in self.deviations if not each.lost]
        return {"missed": verdicts.count(Verdict.MISSED), "partly": verdicts.count(Verdict.PARTLY)}

    @property
    def far_above(self) -> tuple[RowScore, ...]:
        """Give the rows at or above the profile's line of over-achievement (130% as a rule)."""
        line = self.card.profile.thresholds.over_achievement
        upward = (row for row in self.rows if row.reading.direction in {Direction.AT_LEAST, Direction.EQUAL})
        return tuple(row for row in upward if (row.reading.completion or ZERO) >= line)

    @property
    def misprinted_rate(self) -> bool:
        """Tell whether the printed execution rate is not the one that the amounts give."""
        printed, rate = self.card.budget.printed_rate, self.card.budget.rate
        return printed is not None and rate is not None and printed != rate

    def say(self, key: str, **facts: object) -> str:
        """Say one phrase."""
        return self.voice.say(key, **facts)

    @cached_property
    def _twins(self) -> frozenset[str]:
        counts = Counter(shortened(one_line(row.indicator.name or "")) for row in self.rows)
        return frozenset(name for name, count in counts.items() if count > 1)

    def label(self, row: RowScore, *, full: bool = False) -> str:
        """Name a row: its name in quotation marks, its number where the name is blank or not its own."""
        name = one_line(row.indicator.name or "")
        if not name:
            return self.say("label.nameless", number=row.number)
        quoted = self.voice.wording.quoted(name if full else shortened(name))
        if shortened(name) in self._twins:
            return self.say("label.twin", name=quoted, number=row.number)
        return quoted

    def level1(self, row: RowScore) -> str:
        """Name the level 1 (一级指标) of a row."""
        return self._level(row.indicator.level1, levels.level1) or self.say("label.no_level1")

    def level2(self, row: RowScore) -> str:
        """Name the level 2 (二级指标) of a row."""
        return self._level(row.indicator.level2, levels.level2) or self.say("label.no_level2")

    def _level(self, heading: str | None, canonical: Callable[[str | None], str | None]) -> str:
        line = one_line(heading or "")
        return self.voice.wording.term(canonical(line) or line) if line else ""

    @cached_property
    def fund(self) -> Fund:
        """Give the total line of the budget, or the sum of its lines where it alone holds no money."""
        total_line = self.form.budget.total
        if not self.summed:
            return total_line
        lines = tuple(self.form.budget.sources.values())
        return replace(
            total_line,
            initial=_sum(line.initial for line in lines),
            adjusted=_sum(line.adjusted for line in lines),
            executed=_sum(line.executed for line in lines),
        )

    @property
    def summed(self) -> bool:
        """Tell whether the total line is zero or blank over lines that hold money (as scoring takes it)."""
        budget = self.form.budget
        return not _holds_money(budget.total) and any(map(_holds_money, budget.sources.values()))

    def money(self, amount: Decimal) -> Money:
        """Give an amount in the form's unit, to be written in 万元 where all amounts read better so."""
        return Money(amount, self.form.money_unit, self._in_wan)

    @cached_property
    def _in_wan(self) -> bool:
        funds = (self.form.budget.total, *self.form.budget.sources.values())
        amounts = [a for f in funds for a in (f.initial, f.adjusted, f.executed) if a is not None]
        return reads_in_wan(amounts, LARGE_MONEY)


def _holds_money(fund: Fund) -> bool:
    return any((fund.initial, fund.adjusted, fund.executed))


def _sum(amounts: Iterable[Decimal | None]) -> Decimal | None:
    filled = [amount for amount in amounts if amount is not None]
    return total(filled) if filled else None
