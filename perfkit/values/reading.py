"""A row as read: its target, its actual, and the verdict on the two."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from decimal import Decimal

    from perfkit.values.terms import Basis, Direction, Flag, Kind, Verdict


class Target(NamedTuple):
    """Hold what a target cell (年度指标值) asks for.

    `value` in base units (万 and 亿 multiplied out, percent as its number: 95% is 95), or None for
    words and dates; for `within`, `low` and `high` bound it. `unit` is the canonical unit ("" where none
    is printed, "%" for a ratio). `operator` is the operator as printed, "" where none is.
    `day` is the deadline as ISO text for dates. `parts` holds the sub-targets of a compound cell.
    """

    text: str
    kind: Kind
    direction: Direction
    value: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    unit: str = ""
    operator: str = ""
    words: str = ""
    day: str = ""
    parts: tuple[Target, ...] = ()
    flags: frozenset[Flag] = frozenset()


class Actual(NamedTuple):
    """Hold what an actual cell (实际完成值) reports; the fields are those of `Target`.

    `state` is what words say: met, partly, missed, or None where they say neither.
    """

    text: str
    kind: Kind
    value: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    unit: str = ""
    operator: str = ""
    words: str = ""
    day: str = ""
    state: Verdict | None = None
    parts: tuple[Actual, ...] = ()
    flags: frozenset[Flag] = frozenset()


class Reading(NamedTuple):
    """Hold the reading of one row: target, actual and the verdict on them.

    `completion` is actual ÷ target as a plain ratio (1.042 for 521 of 500), whatever the direction;
    None where there is no ratio (words, dates, a target of zero). `target.value` and `actual.value`
    are in the same unit wherever both are given and `completion` is not None. `late` tells that a date
    came after its deadline. `flags` gathers the flags of both cells and of their comparison.
    """

    target: Target
    actual: Actual
    kind: Kind
    direction: Direction
    verdict: Verdict
    basis: Basis
    completion: Decimal | None = None
    late: bool = False
    flags: frozenset[Flag] = frozenset()
