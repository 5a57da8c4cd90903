"""The rules by their codes, and what they look at: each takes a subject and yields its hits.

A hit says where and with which figures; the words of a finding come from its page (`perfkit.checks.finding`),
so that a rule holds no prose and both languages are told from the same figures. Findings are selected by
code (`PK210`), by prefix (`PK2`) or by slug, in any case.

A figure that cannot be one (a weight of zero or below, a negative score, a cell that was no number) is
the business of PK106 alone: the other rules see None, so that one fault makes one finding.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from dataclasses import field as default
from decimal import Decimal
from difflib import get_close_matches
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any

from perfkit.checks.finding import pages
from perfkit.checks.words import is_blank, words
from perfkit.errors import Fault, SettingsError
from perfkit.scoring.explanation import ONE, product
from perfkit.scoring.proof import says_nothing
from perfkit.text import fold_cell, say
from perfkit.values import Direction, Flag, Reading, likely, read_actual
from perfkit.values.vocabulary import level1, level2

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from perfkit.checks.finding import Page, Severity
    from perfkit.form import Form, Indicator
    from perfkit.profile import Profile
    from perfkit.scoring import RowScore, Scorecard


HUNDRED = Decimal(100)
TEN_THOUSAND = Decimal(10000)
_LOST_SIGN = re.compile(r"2\s*(?:\d\d(?:\.\d+)?|100)\s*[%％]")
OUTPUT, BENEFIT, SATISFACTION, COST = "产出指标", "效益指标", "满意度指标", "成本指标"
QUANTITY, QUALITY, TIMELINESS, SURVEYED = "数量指标", "质量指标", "时效指标", "服务对象满意度指标"


@dataclass(frozen=True, slots=True)
class Row:
    """Hold one indicator row: as printed, as scored and read, and in canonical terms.

    `level1`, `level2` are canonical names ("" where unknown); `weight` and `score` are None where they
    are missing or cannot be. `said` is the reason, "" where the cell is blank, says nothing (无, 已完成)
    or still holds the template's prompt. `part` tells a sub-row (其中…) without points of its own,
    `empty` a row of the template that nobody filled in.
    """

    number: int
    name: str
    printed: Indicator
    scored: RowScore
    reading: Reading
    level1: str
    level2: str
    weight: Decimal | None
    score: Decimal | None
    said: str
    part: bool
    empty: bool

    @property
    def cost(self) -> bool:
        """Tell that the row is a cost row: of level 1, or a level-2 type of cost."""
        return self.level1 == COST or self.level2.endswith(COST)

    @property
    def measured(self) -> bool:
        """Tell that the verdict rests on figures or dates, given as such or worked out from counts."""
        return self.scored.measured

    @property
    def full(self) -> bool:
        """Tell that the row carries full marks."""
        return self.weight is not None and self.score is not None and self.score == self.weight

    @property
    def lost(self) -> Decimal | None:
        """Give the points lost, None where nothing is lost or a figure is missing."""
        if self.weight is None or self.score is None or self.score >= self.weight:
            return None
        return self.weight - self.score

    @property
    def misread(self) -> bool:
        """Tell that a scanner probably misread a cell: what values flags, and `2 90%` or `2100%` for `≥`."""
        actual = self.reading.actual.value
        lost_sign = _LOST_SIGN.fullmatch((self.printed.target or "").strip())
        below = actual is not None and actual <= HUNDRED
        return Flag.SCAN_SUSPECT in self.reading.flags or bool(lost_sign and below)

    @property
    def meant(self) -> tuple[str, ...]:
        """Give what misread cells were likely to say, which is proposed and never read in their stead."""
        cells = (self.printed.target, self.printed.actual)
        return tuple(meant for text in cells if text and (meant := likely(fold_cell(text))))

    @property
    def other_things(self) -> bool:
        """Tell that target and actual count different kinds of things (500户, 1800人)."""
        target, kinds = self.reading.target, words().kinds
        if target.unit not in kinds or target.unit in (self.printed.actual or ""):
            return False
        given = read_actual(self.printed.actual, target).unit
        return given in kinds and kinds[given] != kinds[target.unit]

    @property
    def asks_for_nothing(self) -> bool:
        """Tell a target of 0 that more is better than: no share of it can be reached."""
        reading, bad = self.reading, words().has("bad_things", self.name)
        if reading.target.value != 0 or reading.actual.value is None:
            return False
        less = bad or words().has("lower_is_better", self.name, self.printed.target)
        doing = bool(words().has("to_do", self.name) and not less)
        inferred = Flag.DIRECTION_INFERRED in reading.flags and words().has("things_done", self.name)
        unasked = reading.direction is Direction.EQUAL or (inferred and not bad and reading.actual.value > 0)
        return reading.direction is Direction.AT_LEAST or bool(unasked and doing)


@dataclass(frozen=True)
class Subject:
    """Hold a form under review with everything the rules ask of it, worked out once."""

    form: Form
    card: Scorecard

    @property
    def profile(self) -> Profile:
        """Give the rule set that the card was made by."""
        return self.card.profile

    @cached_property
    def unread(self) -> frozenset[str]:
        """Give the paths of the cells that should have been figures and were not."""
        return frozenset(cell.path for cell in self.form.unread)

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """Give every row of the form."""
        return tuple(self._row(number, row) for number, row in self.form.numbered())

    @cached_property
    def leaves(self) -> tuple[Row, ...]:
        """Give the rows that count: neither sub-rows (其中…) nor empty rows of the template."""
        return tuple(row for row in self.rows if not row.part and not row.empty)

    @cached_property
    def weighted(self) -> bool:
        """Tell that the form has a column of weights (分值) with something in it."""
        return any(row.weight is not None for row in self.form.indicators)

    @property
    def weighted_at_all(self) -> bool:
        """Tell that any weight is printed, be it one that cannot be."""
        return any(row.weight is not None for row in self.form.indicators)

    @cached_property
    def scored(self) -> bool:
        """Tell that the form has a column of scores (得分) with something in it."""
        return any(row.score is not None for row in self.form.indicators)

    @cached_property
    def rate(self) -> Decimal | None:
        """Give the execution rate in percent: from the amounts, else as printed; None without either."""
        return None if self.negative_money else self.card.budget.rate

    @cached_property
    def negative_money(self) -> bool:
        """Tell that an amount of the budget block lies below zero: nothing can be worked out of it."""
        lines = (self.form.budget.total, *self.form.budget.sources.values())
        amounts = (amount for line in lines for amount in (line.initial, line.adjusted, line.executed))
        return any(amount is not None and (not amount.is_finite() or amount < 0) for amount in amounts)

    @cached_property
    def mixed_money(self) -> frozenset[str]:
        """Give the columns of the budget block in which amounts differ by 10⁴ (PK117 speaks of them)."""
        return frozenset(path.rpartition(".")[2] for path in mixed_amounts(self.form))

    def under(self, level1: str) -> Iterator[Row]:
        """Yield the rows under a canonical level 1."""
        return (row for row in self.leaves if row.level1 == level1)

    def _row(self, number: int, printed: Indicator) -> Row:
        scored = self.card.indicators[number - 1]
        weight = printed.weight if printed.weight is not None and printed.weight > 0 else None
        score = printed.score if printed.score is not None and printed.score >= 0 else None
        aimed = not is_blank(printed.target) and not words().prompt(printed.target)
        bare = not aimed and is_blank(printed.actual)
        pointless = printed.weight is None and printed.score is None
        return Row(
            number,
            (printed.name or "").strip(),
            printed,
            scored,
            scored.reading,
            level1(printed.level1) or "",
            level2(printed.level2) or "",
            weight,
            score,
            said=_said(printed.reason),
            part=pointless and self.weighted and words().is_part(printed.name or ""),
            empty=bare and pointless and (is_blank(printed.name) or words().is_prompt(printed.name or "")),
        )


def _said(reason: str | None) -> str:
    text = (reason or "").strip()
    empty = is_blank(text) or says_nothing(text) or words().prompt(text)
    return "" if empty else text


def mixed_amounts(form: Form) -> dict[str, tuple[Decimal, Decimal]]:
    """Give the amounts of the budget block that differ by about 10⁴ from the year's budget, with that one."""
    total = form.budget.total
    base = total.adjusted or total.initial
    found = {}
    for path, amount in (
        ("budget.total.initial", total.initial),
        ("budget.total.executed", total.executed),
        *((f"budget.{line}.adjusted", fund.adjusted) for line, fund in form.budget.sources.items()),
    ):
        if not base or not amount or not base.is_finite() or not amount.is_finite() or min(amount, base) <= 0:
            continue
        if TEN_THOUSAND / 2 < product(max(amount, base), ONE, min(amount, base)) < TEN_THOUSAND * 2:
            found[path] = (amount, base)
    return found


# the rules, by their codes: a rule is a small function that takes a subject and yields its hits


@cache
def _slugs() -> dict[str, str]:
    return {page.slug: page.code for page in pages().values()}


@cache
def matches(pattern: str) -> tuple[str, ...]:
    """Give the codes that a code, a prefix or a slug stands for; none for an unknown one."""
    wanted = pattern.strip()
    if wanted.lower() in _slugs():
        return (_slugs()[wanted.lower()],)
    prefix = wanted.upper()
    if not prefix.startswith("PK") or len(prefix) > len("PK000"):
        return ()
    return tuple(code for code in pages() if code.startswith(prefix))


def codes_of(patterns: Iterable[str], *, what: str = "select") -> tuple[str, ...]:
    """Give the codes that patterns stand for, in the order of the codes.

    Raises:
        SettingsError: a pattern stands for nothing; all such are listed, each with the nearest name.
    """
    wanted = [pattern for pattern in patterns if pattern.strip()]
    unknown = [pattern for pattern in wanted if not matches(pattern)]
    if unknown:
        raise SettingsError.of(_unknown(pattern, what) for pattern in unknown)
    return tuple(sorted({code for pattern in wanted for code in matches(pattern)}))


def page(code: str) -> Page:
    """Give the page of a code or slug, in any case.

    Raises:
        SettingsError: there is no such code; the nearest one is named.
    """
    found = codes_of([code], what="code")
    if len(found) == 1:
        return pages()[found[0]]
    raise SettingsError(
        Fault(
            say("faults.stands_for_findings", code=code, value=len(found)),
            got=code,
            expected=say("faults.one_code"),
            hint=", ".join(found),
        )
    )


def wanted_codes(
    select: Sequence[str], ignore: Sequence[str], profile_ignore: Sequence[str]
) -> frozenset[str]:
    """Give the codes that are left of `select` (all where empty) after both lists of `ignore`."""
    chosen = frozenset(codes_of(select) if any(map(str.strip, select)) else pages())
    dropped = codes_of(ignore, what="ignore") + codes_of(profile_ignore, what="profile")
    return chosen.difference(dropped)


_ONE_SIGN = 0.75  # how like two codes are that differ in one sign


def _unknown(pattern: str, what: str) -> Fault:
    near = get_close_matches(pattern.strip().upper(), pages(), 1, _ONE_SIGN) or get_close_matches(
        pattern.strip().lower(), _slugs(), 1
    )
    return Fault(
        say("faults.no_such_finding"),
        place=say(f"checks.asked.{what}"),
        got=pattern,
        expected=say("faults.code_pk210_prefix_pk2"),
        hint=say("faults.did_you_mean", value=near[0]) if near else say("faults.docs_findings_md_lists"),
    )


@dataclass(frozen=True, slots=True)
class Hit:
    """Hold one place where a rule fires.

    `field` is the field of the form, `row` the indicator's number from 1. `values` fill the page's
    templates; `variant` picks other words of the page, `severity` the lesser severity that a page allows.
    `also` names the rules that keep silent because this one speaks of their cause.
    """

    field: str
    row: int | None = None
    values: Mapping[str, Any] = default(default_factory=dict)
    variant: str = ""
    severity: Severity | None = None
    also: tuple[str, ...] = ()


Rule = Callable[["Subject"], Iterable[Hit]]
_RULES: dict[str, Rule] = {}


def rule(code: str) -> Callable[[Rule], Rule]:
    """Register a function as the rule of a code; a code has one rule."""

    def register(function: Rule) -> Rule:
        if code in _RULES:
            raise ValueError(f"{code} already has the rule {_RULES[code].__name__}")
        _RULES[code] = function
        return function

    return register


def registered() -> Mapping[str, Rule]:
    """Give the rules of the families that are loaded, by code, in the order of the codes."""
    return dict(sorted(_RULES.items()))


def hit(
    where: str,
    /,
    row: int | None = None,
    variant: str = "",
    severity: Severity | None = None,
    also: tuple[str, ...] = (),
    **values: Any,
) -> Hit:
    """Make a hit in one line; `values` are the figures for the page's templates."""
    return Hit(where, row, values, variant, severity, also)
