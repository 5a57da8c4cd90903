"""The words in which a reading is told: kinds, directions, verdicts, bases and flags.

These are the vocabulary of the scorecard's JSON; other people's scripts depend on the spelling.
"""

from __future__ import annotations

from enum import StrEnum


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
