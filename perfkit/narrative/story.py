"""The story of a report: sections that state only what results hold, and the case each starts from.

A row departs when it lost points, when its target was missed or partly met, or when nobody can tell. Kinds
differ in how they are told: a date that came late, a quantity that fell short, a limit that was exceeded,
words that do not match, points that a person took off a target that was met.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from perfkit import Shown
from perfkit.checks.finding import MONEY_DOUBTED
from perfkit.narrative.voice import LARGE_MONEY, Money, percentage
from perfkit.scoring import RowScore, Status
from perfkit.scoring.explanation import ZERO, cut, equal, less, total
from perfkit.scoring.proof import says_nothing
from perfkit.text import one_line, shortened
from perfkit.text.figures import reads_in_wan
from perfkit.values import Direction, Flag, Kind, Verdict
from perfkit.values.vocabulary import level1, level2

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from perfkit.checks import Finding
    from perfkit.form import Form, Fund
    from perfkit.language import Language
    from perfkit.narrative.voice import Voice
    from perfkit.scoring import ExecutionScore, Scorecard
    from perfkit.values import Reading


SectionKey = Literal[
    "summary",
    "execution",
    "dimensions",
    "deviations",
    "over_achievement",
    "previous",
    "review",
    "findings",
    "measures",
    "use",
]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Hold one paragraph of plain text; `lead` is its opening sentence, set apart by the layout."""

    text: str
    lead: str = ""


@dataclass(frozen=True, slots=True)
class Points:
    """Hold a list of items of plain text."""

    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """Hold a table of plain text: a heading row and body rows of the same length."""

    heading: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


Block = Paragraph | Points | Grid


@dataclass(frozen=True, slots=True)
class Section(Shown):
    """Hold one section of the story: its heading and its blocks."""

    key: SectionKey
    heading: str
    blocks: tuple[Block, ...]
    language: Language = "zh"


@dataclass(frozen=True, slots=True)
class Story(Shown):
    """Hold the story of one project; `headline` is the verdict in one line of words."""

    language: Language
    headline: str
    sections: tuple[Section, ...]

    def __getitem__(self, key: str) -> Section:
        """Give a section by its key; an empty one where the story has nothing to say on it."""
        for section in self.sections:
            if section.key == key:
                return section
        raise KeyError(key)


# what every section of the story starts from: form, results, voice, and what departs (偏差)


DeviationKind = Literal[
    "late", "short", "over", "outside", "missed", "partly", "taken", "judged", "unverifiable"
]
GapUnit = Literal["quantity", "points", "days", "months"]

_DIGITS = 2
_BY_MONTH = re.compile(r"月|季度?|年[底末初]|半年")
_BY_DAY = re.compile(r"\d\s*[日号]|\d{4}[-./]\d{1,2}[-./]\d{1,2}")

_OFF_TARGET = frozenset({Verdict.MISSED, Verdict.PARTLY})
_NOT_OFF_TARGET: dict[Verdict, DeviationKind] = {
    Verdict.MET: "taken",
    Verdict.UNVERIFIABLE: "unverifiable",
    Verdict.JUDGEMENT: "judged",
}


@dataclass(frozen=True, slots=True)
class Gap:
    """Hold how far an actual lies from its target, always positive.

    `amount` is in the row's own `unit` (`measure` quantity), in percentage points, days or months;
    `percent` is the gap in percent of the target, None where the target is zero or a date.
    """

    amount: Decimal
    measure: GapUnit
    unit: str = ""
    percent: Decimal | None = None
    about: bool = False


@dataclass(frozen=True, slots=True)
class Deviation:
    """Hold one row that departs from its target: the row, how it departs, and the gap where it has one."""

    row: RowScore
    kind: DeviationKind
    gap: Gap | None = None

    @property
    def lost(self) -> Decimal:
        """Give the points lost, zero where none were or none are set."""
        return self.row.lost or ZERO

    @property
    def reason(self) -> str:
        """Give the reason that the form states, on one line, "" where it states none (无, 已完成)."""
        reason = self.row.indicator.reason or ""
        return "" if says_nothing(reason) else one_line(reason)


def deviation(row: RowScore) -> Deviation | None:
    """Tell how a row departs from its target, or None where it does not."""
    verdict = row.reading.verdict
    if not (row.lost or 0) > 0 and verdict not in _OFF_TARGET:
        return None
    if verdict not in _OFF_TARGET:
        return Deviation(row, _NOT_OFF_TARGET[verdict])
    if row.reading.late:
        return Deviation(row, "late", _delay(row.reading))
    bound = _missed_bound(row.reading)
    if bound is not None:
        return _measured(row, bound)
    return Deviation(row, "missed" if verdict is Verdict.MISSED else "partly")


def _measured(row: RowScore, bound: Decimal) -> Deviation:
    """Give a measured deviation: short of its bound, over it, or outside its range."""
    target, actual = row.reading.target, row.reading.actual
    gap = less(actual.value or ZERO, bound)
    if row.reading.working:  # a share that was worked out has no last digit
        gap = cut(gap, _DIGITS, ROUND_HALF_UP)
    ranged = row.reading.direction is Direction.WITHIN
    kind: DeviationKind = "outside" if ranged else "over" if gap > 0 else "short"
    return Deviation(
        row,
        kind,
        Gap(
            amount=abs(gap),
            measure="points" if "%" in (target.unit, actual.unit) else "quantity",
            unit=target.unit or actual.unit,
            percent=percentage(abs(gap), abs(bound)) if bound and not ranged else None,
            about=Flag.APPROXIMATE in row.reading.flags,
        ),
    )


def _missed_bound(reading: Reading) -> Decimal | None:
    """Give the bound that a measured row missed, None where figures do not show that it did."""
    target, actual = reading.target, reading.actual
    value = actual.value
    if value is None or reading.kind not in {Kind.NUMBER, Kind.RATIO} or _units_differ(reading):
        return None
    if reading.direction is Direction.WITHIN:
        return _nearest(value, target.low, target.high)
    if target.value is None or value == target.value:
        return None
    wrong_side = {Direction.AT_LEAST: value < target.value, Direction.AT_MOST: value > target.value}
    return target.value if wrong_side.get(reading.direction, True) else None


def _nearest(value: Decimal, low: Decimal | None, high: Decimal | None) -> Decimal | None:
    if low is not None and value < low:
        return low
    return high if high is not None and value > high else None


def _units_differ(reading: Reading) -> bool:
    return bool(reading.target.unit and reading.actual.unit and reading.target.unit != reading.actual.unit)


def _delay(reading: Reading) -> Gap | None:
    """Give the delay in days where the day is told on which it was done, in months where both name a month.

    A deadline that names a month ends on its last day.
    """
    try:
        due, done = date.fromisoformat(reading.target.day), date.fromisoformat(reading.actual.day)
    except ValueError:
        return None
    cells = (reading.target.text, reading.actual.text)
    by_day, by_month = ([search.search(cell) for cell in cells] for search in (_BY_DAY, _BY_MONTH))
    if by_day[1] and (by_day[0] or by_month[0]) and done > due:
        return Gap(Decimal((done - due).days), "days")
    months = (done.year - due.year) * 12 + done.month - due.month
    if months > 0 and all(_BY_MONTH.search(cell) or _BY_DAY.search(cell) for cell in cells):
        return Gap(Decimal(months), "months")
    return None


@dataclass(frozen=True, slots=True)
class Apart:
    """Hold a line whose declared score is not what the rules give; `row` is None for the budget line."""

    row: RowScore | None
    declared: Decimal
    computed: Decimal
    score: Decimal


@dataclass(frozen=True, slots=True)
class Figures:
    """Hold what the unit declared: its total, as printed or added up, and the lines apart from the rules.

    `own` is the sum of the unit's own scores, None where a line has none; `whole` tells that the rules give
    a figure for every line.
    """

    declared: Decimal | None
    own: Decimal | None
    apart: tuple[Apart, ...]
    agree: bool
    whole: bool


@dataclass(frozen=True)
class Case:
    """Hold one project with its results and the voice that tells them."""

    form: Form
    card: Scorecard
    findings: Sequence[Finding]
    voice: Voice
    previous: Scorecard | None = None

    @property
    def rows(self) -> tuple[RowScore, ...]:
        """Give the indicator rows that apply, in the form's order."""
        return tuple(row for row in self.card.indicators if row.applies)

    @cached_property
    def figures(self) -> Figures:
        """Give the unit's own figures beside those of the rules."""
        total_line, own = self.card.total, _own(self.card)
        apart = tuple(each for each in map(_apart, self._lines) if each is not None)
        declared = own if total_line.declared is None else total_line.declared
        sound = declared is not None and (own is None or equal(declared, own))
        agree = sound and not apart and total_line.score == declared
        whole = all(part.computed is not None for part in self._lines if part.weight is not None)
        return Figures(declared, own, apart, agree, whole)

    @property
    def _lines(self) -> tuple[ExecutionScore | RowScore, ...]:
        return (self.card.budget, *self.rows)

    @property
    def doubted_money(self) -> str:
        """Give what the checks doubt of the form's amounts (PK117, PK119), "" where they do not."""
        doubts = (finding for finding in self.findings if finding.code in MONEY_DOUBTED)
        return next((one_line(each.message[self.voice.language]) for each in doubts), "")

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
    def unverifiable(self) -> list[RowScore]:
        """Give the rows that nobody can compare and that are no deviations."""
        told = {each.row.number for each in self.deviations}
        return [
            row for row in self.rows if row.reading.verdict is Verdict.UNVERIFIABLE and row.number not in told
        ]

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
        return self.card.budget.misprinted

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
        return self._level(row.indicator.level1, level1) or self.say("label.no_level1")

    def level2(self, row: RowScore) -> str:
        """Name the level 2 (二级指标) of a row."""
        return self._level(row.indicator.level2, level2) or self.say("label.no_level2")

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


def _own(card: Scorecard) -> Decimal | None:
    """Add up the unit's own scores, None where a line that counts has none."""
    parts: tuple[ExecutionScore | RowScore, ...] = (card.budget, *card.indicators)
    lines = [part for part in parts if part.applies and (part.weight, part.declared) != (None, None)]
    scores = [part.declared for part in lines if part.declared is not None]
    return total(scores) if scores and len(scores) == len(lines) else None


def _apart(part: ExecutionScore | RowScore) -> Apart | None:
    """Give a line whose declared score is not what the rules give, None where they agree."""
    if part.declared is None or part.score is None or part.status in (Status.AGREES, Status.UNSCORED):
        return None
    if part.status is Status.JUDGED and (part.computed is None or part.computed == part.declared):
        return None
    computed = part.score if part.computed is None else part.computed
    if computed == part.declared:
        return None
    return Apart(part if isinstance(part, RowScore) else None, part.declared, computed, part.score)


def _holds_money(fund: Fund) -> bool:
    return any((fund.initial, fund.adjusted, fund.executed))


def _sum(amounts: Iterable[Decimal | None]) -> Decimal | None:
    filled = [amount for amount in amounts if amount is not None]
    return total(filled) if filled else None
