"""The scorecard: what each row, the budget line and the form as a whole are worth, and why.

What a person declared is kept beside what the profile computes; which of the two counts is said by
`status` (agrees, judged, lower, differs, unscored).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from perfkit import Shown
from perfkit.scoring.explanation import HUNDRED, MODES, clamp, cut, less, plain, product
from perfkit.scoring.proof import Gap, measured

if TYPE_CHECKING:
    from decimal import Decimal

    from perfkit.form import Form, Fund, Indicator
    from perfkit.language import Text
    from perfkit.profile import Profile
    from perfkit.values import Reading

COMPLETION_DIGITS = 3
DEVIATION_DIGITS = 2


class Status(StrEnum):
    """Say how the declared figure stands to the computed one.

    `AGREES`: equal at the declared figure's own precision, or nothing declared against a computed figure.
    `JUDGED`: a person's score that the profile leaves room for, or a reviewer's that it lets count.
    `LOWER`: declared below what the profile gives, and the declared figure counts: nothing is raised.
    `DIFFERS`: declared above what the profile allows; the computed figure counts, for a judged row the
    upper end of its band. `UNSCORED`: nothing declared, nothing computable.
    """

    AGREES = "agrees"
    JUDGED = "judged"
    LOWER = "lower"
    DIFFERS = "differs"
    UNSCORED = "unscored"


AGREES, JUDGED, LOWER, DIFFERS, UNSCORED = Status


class _Line:
    """Give what follows from the points of a line of the scorecard, an indicator's or the budget's."""

    __slots__ = ()
    weight: Decimal | None
    declared: Decimal | None
    computed: Decimal | None
    score: Decimal | None

    @property
    def review(self) -> Decimal | None:
        """Give the reviewer's score as printed (核查得分), None where there is none."""
        raise NotImplementedError

    @property
    def lost(self) -> Decimal | None:
        """Give the points lost: weight less score, None where either is missing."""
        return _lost(self.weight, self.score)

    @property
    def own(self) -> Decimal | None:
        """Give the unit's own points: as declared, else as the profile computes them."""
        return self.computed if self.declared is None else self.declared

    @property
    def reviewed(self) -> Decimal | None:
        """Give the reviewer's points (核查得分) as they count, between 0 and the weight."""
        return _within(self.review, self.weight)

    @property
    def cut(self) -> Decimal | None:
        """Give the points that the review takes off the unit's own, below 0 where it adds some."""
        return _lost(self.own, self.reviewed)


@dataclass(frozen=True, slots=True)
class RowScore(_Line):
    """Hold the score of one indicator row.

    `number` counts rows from 1. `weight`, `declared`, `computed` and `score` are points; `declared` is
    what the form says, `computed` what the profile gives (None where only a person can score), `score`
    what counts. `band` is the range of points (both ends included) that the profile leaves to the person
    who scores a qualitative row, `outside_band` tells that the declared score contradicts it; `gap` says
    why the actual proves nothing, None where it does. `applies` is False where the profile drops a row
    that does not apply; `exact` is `computed` before rounding.
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
    applies: bool = True
    exact: Decimal | None = None
    outside_band: bool = False
    gap: Gap | None = None

    @property
    def review(self) -> Decimal | None:
        """Give the reviewer's score as printed (核查得分), None where there is none."""
        return self.indicator.review

    @property
    def undecided(self) -> bool:
        """Tell whether only a person can say what a weighted row loses (扣分待定).

        It has no score yet, or full points that it claims and no rule bears.
        """
        claimed = self.status is DIFFERS and self.computed is None and self.score == self.weight
        return self.weight is not None and (self.score is None or claimed)

    @property
    def measured(self) -> bool:
        """Tell whether the verdict rests on figures or dates, given as such or worked out from counts."""
        return measured(self.reading)

    def to_dict(self, language: str = "zh") -> dict[str, Any]:
        """Give the row as `perfkit score --format json` prints it."""
        row, reading = self.indicator, self.reading
        completion = reading.completion
        return {
            "level1": row.level1,
            "level2": row.level2,
            "name": row.name,
            "target": row.target,
            "actual": row.actual,
            "kind": str(reading.kind),
            "direction": str(reading.direction),
            "verdict": str(reading.verdict),
            "basis": str(reading.basis),
            "completion": None
            if completion is None
            else _text(cut(completion, COMPLETION_DIGITS, MODES["half_up"])),
            "weight": _text(self.weight),
            "declared": _text(self.declared),
            "computed": _text(self.computed),
            "score": _text(self.score),
            **_filled(deduction=_text(row.deduction), review=_text(row.review), opinion=row.opinion),
            "status": str(self.status),
            "explanation": self.explanation[language],
        }


@dataclass(frozen=True, slots=True)
class ExecutionScore(_Line):
    """Hold the score of the budget line (预算执行率).

    `rate` is the execution rate in percent as the profile rounds it; `printed_rate` the one on the form;
    `exact` is `computed` before rounding; `misprinted` tells that the amounts do not give the printed rate.
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
    exact: Decimal | None = None
    misprinted: bool = False
    applies: ClassVar[bool] = True

    @property
    def review(self) -> Decimal | None:
        """Give the reviewer's score as printed (核查得分), None where there is none."""
        return self.fund.review

    def to_dict(self, language: str = "zh") -> dict[str, Any]:
        """Give the budget line as `perfkit score --format json` prints it."""
        return {
            "initial": _text(self.fund.initial),
            "adjusted": _text(self.fund.adjusted),
            "executed": _text(self.fund.executed),
            "rate": _text(self.rate),
            "weight": _text(self.weight),
            "declared": _text(self.declared),
            "computed": _text(self.computed),
            "score": _text(self.score),
            **_filled(review=_text(self.review)),
            "status": str(self.status),
            "explanation": self.explanation[language],
        }


@dataclass(frozen=True, slots=True)
class Review:
    """Hold what reviewers make of the form as a whole (核查), beside what the unit claims.

    `self_score` sums the unit's own scores, `score` the reviewers', a line that no reviewer scored keeping
    the unit's; both by the rules of the total. `declared` is the reviewers' total as printed (核查总分).
    """

    self_score: Decimal | None
    score: Decimal | None
    declared: Decimal | None

    @property
    def cut(self) -> Decimal | None:
        """Give the points that the review takes off the unit's own sum, below 0 where it adds some."""
        return _lost(self.self_score, self.score)

    @property
    def deviation(self) -> Decimal | None:
        """Give (自评 − 核查) ÷ 自评 in percent, two decimals; above 0 where points were cut."""
        if not self.self_score or self.cut is None:
            return None
        return cut(product(self.cut, HUNDRED, self.self_score), DEVIATION_DIGITS, MODES["half_up"])

    def to_dict(self) -> dict[str, str]:
        """Give the figures that there are, under the keys of the total."""
        return _filled(
            self_score=_text(self.self_score),
            review=_text(self.score),
            review_declared=_text(self.declared),
            deviation=_text(self.deviation),
        )


@dataclass(frozen=True, slots=True)
class Reason:
    """Hold one reason why a total is provisional: its `key`, the `rows` it stands on, and the sentence."""

    key: str
    rows: tuple[int, ...]
    text: Text


@dataclass(frozen=True, slots=True)
class Total:
    """Hold the total (总分): sums over the budget line and all rows, and the grade (评价等级).

    `weight` is None where no weight is printed. `computed` sums what the profile gives, with `score` where
    it gives nothing; `score` sums what counts, never above a printed `declared` unless the profile raises.
    `held` tells that the lines add up to more than the printed total, which counts; `capped` is the sum
    under a cap on the total, where one holds; `complete` is False while a weighted row
    is unscored, and then there is no grade. `because` says why the total is provisional (待核实), empty
    where it is final. `explanation` names a cap, if any. `review` is None where no reviewer has scored.
    """

    weight: Decimal | None
    declared: Decimal | None
    computed: Decimal | None
    score: Decimal | None
    grade: str | None
    complete: bool
    explanation: Text
    review: Review | None = None
    capped: Decimal | None = None
    because: tuple[Reason, ...] = ()
    held: bool = False

    @property
    def state(self) -> Literal["final", "provisional"]:
        """Tell whether the total may be used as it stands, or has to be checked first (待核实)."""
        return "provisional" if self.because else "final"

    def to_dict(self, language: str = "zh") -> dict[str, Any]:
        """Give the total as `perfkit score --format json` prints it."""
        return {
            "weight": None if self.weight is None else plain(self.weight),
            "declared": _text(self.declared),
            "computed": _text(self.computed),
            "score": _text(self.score),
            "grade": self.grade,
            "state": self.state,
            "because": [reason.text[language] for reason in self.because],
            **(self.review.to_dict() if self.review else {}),
        }


@dataclass(frozen=True, slots=True)
class Scorecard(Shown):
    """Hold the scores of a form under a profile, each with its explanation."""

    form: Form
    profile: Profile
    budget: ExecutionScore
    indicators: tuple[RowScore, ...]
    total: Total

    def to_dict(self, language: str = "zh") -> dict[str, Any]:
        """Give the scorecard as `perfkit score --format json` prints it."""
        return {
            "project": self.form.project,
            "year": self.form.year,
            "profile": self.profile.name,
            "budget": self.budget.to_dict(language),
            "indicators": [row.to_dict(language) for row in self.indicators],
            "total": self.total.to_dict(language),
        }


def _lost(weight: Decimal | None, score: Decimal | None) -> Decimal | None:
    return None if weight is None or score is None else less(weight, score)


def _within(points: Decimal | None, weight: Decimal | None) -> Decimal | None:
    return points if points is None or weight is None else clamp(points, weight)


def _filled(**values: str | None) -> dict[str, str]:
    """Give the values that there are: keys that stand only where the form has the column."""
    return {key: value for key, value in values.items() if value is not None}


def _text(figure: Decimal | None) -> str | None:
    return None if figure is None else f"{figure:f}"
