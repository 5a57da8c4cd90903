"""Rules by name: a case (two cells in the light of their row), what a rule makes of it, and its words.

A table is an ordered row of rules for one pair of kinds; the first rule that has an answer gives it, and the
outcome carries its name. Nothing is repaired and nothing is guessed into a zero: what cannot be compared is
unverifiable, what only a person can weigh is a judgement.

The words are those of the scorecard's JSON; other people's scripts depend on the spelling.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple, cast

if TYPE_CHECKING:
    from collections.abc import Callable
    from decimal import Decimal

    from perfkit.values.cell import Cell, Part
    from perfkit.values.context import Context
    from perfkit.values.quantity import Quantity


class Kind(StrEnum):
    """Say what sort of value a row compares."""

    NUMBER = "number"
    RATIO = "ratio"
    DATE = "date"
    WORDS = "words"
    COMPOUND = "compound"
    BLANK = "blank"


# Members by their own names, here and below, for those who ask about every row: to look one up in its
# enum takes longer than the question.
NUMBER, RATIO, DATE = Kind.NUMBER, Kind.RATIO, Kind.DATE


class Direction(StrEnum):
    """Say which side of the target is good (指标性质/方向)."""

    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    EQUAL = "equal"
    WITHIN = "within"
    BY_DATE = "by_date"
    NONE = "none"


AT_LEAST, AT_MOST, EQUAL, WITHIN, BY_DATE, NO_DIRECTION = Direction


class Verdict(StrEnum):
    """Say whether the actual reaches the target (是否达成).

    `JUDGEMENT`: prose that only a person can compare. `UNVERIFIABLE`: a cell is blank, or number and
    words cannot be compared. Neither is ever turned into zero points.
    """

    MET = "met"
    PARTLY = "partly"
    MISSED = "missed"
    UNVERIFIABLE = "unverifiable"
    JUDGEMENT = "judgement"


MET, MISSED = Verdict.MET, Verdict.MISSED


class Basis(StrEnum):
    """Say what the verdict rests on.

    Figures or dates as printed; figures worked out from others in the cell (办结102件 of 受理120件 is 85%);
    the form's own words; or a person's rating.
    """

    MEASURED = "measured"
    DERIVED = "derived"
    STATED = "stated"
    RATED = "rated"
    NONE = "none"


MEASURED, DERIVED, STATED, RATED = Basis.MEASURED, Basis.DERIVED, Basis.STATED, Basis.RATED


class Flag(StrEnum):
    """Name what is odd about a cell; findings are made of these, nothing is repaired."""

    TEMPLATE = "template"  # a prompt of the empty form left in: ≥**, 指标2:……, (100字以内)
    SCAN_SUSPECT = "scan-suspect"  # 290% for ≥90%, 工5%, ∧80%
    UNIT_MISMATCH = "unit-mismatch"  # units that cannot be compared
    KIND_MISMATCH = "kind-mismatch"  # figures on one side, words on the other
    UNIT_MISSING = "unit-missing"  # a number without a unit in target, actual and name
    DIRECTION_DOUBTFUL = "direction-doubtful"  # the operator contradicts the name or level 2
    DIRECTION_INFERRED = "direction-inferred"  # no operator: taken from level 2 or the name
    TARGET_IN_NAME = "target-in-name"  # the cell is bare, the target stands in the indicator's name
    APPROXIMATE = "approximate"  # 余, 约, 近, 左右
    NOT_APPLICABLE = "not-applicable"  # 不涉及, 无此项


# rules by name: a case (two cells in the light of their row), and what a rule makes of it


NO_FLAGS: frozenset[Flag] = frozenset()
TOKENS, STATES, THINGS, FIGURES, WHOLE = "tokens", "states", "things", "figures", "whole"


class Outcome(NamedTuple):
    """Hold what came of comparing one target with one actual; the values are both in `unit`.

    `direction` is the one they were compared by, None where no figures were compared. `rule`, `working`
    and `unknown` are those of `Reading`; `at` is where the figure that
    answered begins, -1 where none did alone, and `weighs` that of the rule.
    """

    verdict: Verdict
    basis: Basis = Basis.NONE
    completion: Decimal | None = None
    late: bool = False
    flags: frozenset[Flag] = NO_FLAGS
    target: Decimal | None = None
    actual: Decimal | None = None
    unit: str = ""
    direction: Direction | None = None
    rule: str = ""
    working: str = ""
    unknown: tuple[str, ...] = ()
    at: int = -1
    weighs: str = TOKENS

    @property
    def sure(self) -> bool:
        """Tell a verdict that a score may rest on."""
        return self.verdict in SURE


SURE = frozenset({Verdict.MET, Verdict.PARTLY, Verdict.MISSED})
UNVERIFIABLE = Outcome(Verdict.UNVERIFIABLE)
JUDGEMENT = Outcome(Verdict.JUDGEMENT)
KIND_MISMATCH = Outcome(Verdict.UNVERIFIABLE, flags=frozenset({Flag.KIND_MISMATCH}))
UNIT_MISMATCH = Outcome(Verdict.UNVERIFIABLE, flags=frozenset({Flag.UNIT_MISMATCH}))
SCAN_SUSPECT = Outcome(Verdict.UNVERIFIABLE, flags=frozenset({Flag.SCAN_SUSPECT}))
NOT_APPLICABLE = Outcome(Verdict.UNVERIFIABLE, flags=frozenset({Flag.NOT_APPLICABLE}))
STATED_MET = Outcome(MET, STATED)
STATED_PARTLY = Outcome(Verdict.PARTLY, STATED)
STATED_MISSED = Outcome(MISSED, STATED)
STATED_LATE = Outcome(MISSED, STATED, late=True)
WORDS_MET = Outcome(MET, STATED, flags=KIND_MISMATCH.flags)
WORDS_PARTLY = Outcome(Verdict.PARTLY, STATED, flags=KIND_MISMATCH.flags)
WORDS_MISSED = Outcome(MISSED, STATED, flags=KIND_MISMATCH.flags)
MEASURED_MET = Outcome(MET, MEASURED)
MEASURED_MISSED = Outcome(MISSED, MEASURED)
MEASURED_LATE = Outcome(MISSED, MEASURED, late=True)


def measured(met: bool) -> Outcome:  # noqa: FBT001 the one thing it says
    """Give the outcome of a comparison of figures."""
    return MEASURED_MET if met else MEASURED_MISSED


def stated(met: bool) -> Outcome:  # noqa: FBT001 the one thing it says
    """Give the outcome of a comparison of words."""
    return STATED_MET if met else STATED_MISSED


def derived(outcome: Outcome, working: str) -> Outcome:
    """Give a comparison whose figure was worked out from others, with the working shown."""
    basis = DERIVED if outcome.basis is MEASURED else outcome.basis
    return outcome._replace(basis=basis, working=working)


class Case(NamedTuple):
    """Hold two cells to be compared and what their row says of them.

    `wanted` is the part of the target that is asked for, None where the target is words; `direction` is the
    side of it that is good.
    """

    target: Cell
    actual: Cell
    context: Context
    year: int | None = None
    weight: Decimal | None = None
    wanted: Part | None = None
    direction: Direction | None = None

    @property
    def figure(self) -> Quantity:
        """Give the figure that is asked for; only tables of figures are asked for one."""
        return cast("Quantity", self.wanted)

    @property
    def limit(self) -> bool:
        """Tell a target that must not be exceeded."""
        return self.direction is AT_MOST

    @property
    def figures(self) -> tuple[Quantity, ...]:
        """Give the figures of the actual."""
        return self.actual.quantities

    @property
    def asked(self) -> str:
        """Give what the row says of the figure that it asks for."""
        return f"{self.figure.label}{self.context.name}"


class Rule(NamedTuple):
    """Hold a rule: its name, which the catalogue tells in both languages, and what it makes of a case.

    `weighs` says for what it accounts itself: the `WHOLE` actual, the `FIGURES` beside words, or nothing but
    the `TOKENS` that it looks at, so that every other must be known. One that hears `STATES` alone must find
    what they are about in the row, one that hears of `THINGS` the things, but not who found them so, nor how.
    """

    name: str
    answer: Callable[[Case], Outcome | None]
    weighs: str = TOKENS


def first_answer(table: tuple[Rule, ...], case: Case) -> Outcome | None:
    """Give the answer of the first rule of a table that has one, with the rule's name."""
    for rule in table:
        outcome = rule.answer(case)
        if outcome is not None:
            return outcome if outcome.rule else outcome._replace(rule=rule.name, weighs=rule.weighs)
    return None
