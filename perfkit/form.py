"""What a unit filled in (财政项目支出绩效自评表), as printed and before anybody judges it.

A `Form` is frozen and knows no file format, no rule and no score of ours. A blank, a dash or a
missing cell is None, "not filled in", which is not zero. Amounts, weights and scores are Decimals
that keep the digits as printed (96.90 stays 96.90); targets, actuals and rates stay text, because
what they mean is for `perfkit.values` to say.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal

from perfkit.shown import Shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

MoneyUnit = Literal["元", "万元"]
Rating = Literal["met", "partly", "missed"]


@dataclass(frozen=True, slots=True)
class Fund:
    """Hold one line of the budget block (项目资金), in the form's money unit.

    `initial` 年初预算数, `adjusted` 全年预算数, `executed` 全年执行数; `weight` 分值, `rate` 执行率 as
    printed (`98.98%`, `0.958`), `score` 得分 and a reviewer's `review` 核查得分 stand on the total line only.
    """

    initial: Decimal | None = None
    adjusted: Decimal | None = None
    executed: Decimal | None = None
    weight: Decimal | None = None
    rate: str | None = None
    score: Decimal | None = None
    review: Decimal | None = None

    @property
    def filled(self) -> bool:
        """Tell whether any amount stands on this line."""
        return any(amount is not None for amount in (self.initial, self.adjusted, self.executed))


@dataclass(frozen=True, slots=True)
class Budget:
    """Hold the budget block: `total` 年度资金总额 and its lines (其中).

    `fiscal` 当年财政拨款, `carried_over` 上年结转资金, `other` 其他资金.
    """

    total: Fund = Fund()
    fiscal: Fund = Fund()
    carried_over: Fund = Fund()
    other: Fund = Fund()

    @property
    def sources(self) -> dict[str, Fund]:
        """Give the 其中 lines by key, in the form's order."""
        return {"fiscal": self.fiscal, "carried_over": self.carried_over, "other": self.other}


@dataclass(frozen=True, slots=True)
class Goals:
    """Hold the overall goal of the year (年度总体目标): `expected` 预期目标, `outcome` 实际完成情况."""

    expected: str | None = None
    outcome: str | None = None


@dataclass(frozen=True, slots=True)
class Ignore:
    """Hold one finding that a person has looked at and set aside on a row, with the reason."""

    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class Indicator:
    """Hold one row of the indicator table, as printed.

    `level1` 一级指标, `level2` 二级指标, `name` 三级指标, `target` 年度指标值, `actual` 实际完成值,
    `weight` 分值, `score` 得分, `reason` 偏差原因分析及改进措施. `rating` is a person's judgement of a
    qualitative row, `evidence` 佐证材料, `initial_target` 年初指标值 where the target was adjusted.
    `deduction` 扣分 holds points taken off by hand, `review` 核查得分 and `opinion` 核查意见 what a reviewer
    gave the row and said of it.
    """

    name: str | None = None
    level1: str | None = None
    level2: str | None = None
    target: str | None = None
    actual: str | None = None
    weight: Decimal | None = None
    score: Decimal | None = None
    reason: str | None = None
    rating: Rating | None = None
    evidence: str | None = None
    initial_target: str | None = None
    deduction: Decimal | None = None
    review: Decimal | None = None
    opinion: str | None = None
    ignore: tuple[Ignore, ...] = ()

    @property
    def lost(self) -> Decimal | None:
        """Give the points printed as lost (weight less score), or None where one is not printed."""
        if self.weight is None or self.score is None:
            return None
        return self.weight - self.score


@dataclass(frozen=True, slots=True)
class Unread:
    """Hold a cell that should have been a figure and could not be read: listed, never guessed."""

    path: str
    place: str
    text: str
    expected: str


@dataclass(frozen=True, slots=True)
class Source:
    """Say where a form came from: `file` as given by the user, `sha256` of its bytes.

    `places` maps a path in the form (`indicators[3].weight`, `budget.total.rate`) to the place it was
    read from (`line 31`, `Sheet1!F12`, `page 2, table 1, row 5`).
    """

    file: str = ""
    sha256: str = ""
    places: Mapping[str, str] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Form(Shown):
    """Hold one self-evaluation form (财政项目支出绩效自评表).

    `department` 主管部门, `unit` 实施单位, `total` 总分, `review_total` 核查总分 (a reviewer's) and
    `grade` 评价等级 as printed; `notes` 说明. `unread` lists the cells that could not be read as what they
    should be.
    """

    project: str = ""
    year: int | None = None
    department: str | None = None
    unit: str | None = None
    money_unit: MoneyUnit = "万元"
    budget: Budget = Budget()
    goals: Goals = Goals()
    indicators: tuple[Indicator, ...] = ()
    total: Decimal | None = None
    review_total: Decimal | None = None
    grade: str | None = None
    notes: str | None = None
    source: Source = field(default=Source(), compare=False)
    unread: tuple[Unread, ...] = field(default=(), compare=False)

    def numbered(self) -> Iterator[tuple[int, Indicator]]:
        """Yield each indicator with its number on the form, from 1."""
        return enumerate(self.indicators, start=1)

    def to_dict(self) -> dict[str, Any]:
        """Give the form as a form file holds it: figures as printed, blanks left out."""
        values = _plain(self) | {
            "budget": {line: _plain(getattr(self.budget, line)) for line in FUND_LINES},
            "goals": _plain(self.goals),
            "indicators": [_plain(row) | _ignored(row) for row in self.indicators],
        }
        return {f.name: values[f.name] for f in fields(self) if f.name in values}


FUND_LINES = ("total", "fiscal", "carried_over", "other")
_OWN_BLOCKS = frozenset({"budget", "goals", "indicators", "ignore", "source", "unread"})


def _plain(part: Any) -> dict[str, Any]:
    """Give a frozen part as a dict of its filled-in fields, Decimals as their printed text."""
    values = {f.name: getattr(part, f.name) for f in fields(part) if f.name not in _OWN_BLOCKS}
    return {name: _text(value) for name, value in values.items() if value not in (None, "")}


def _ignored(row: Indicator) -> dict[str, Any]:
    """Give the findings set aside on a row as a form file holds them: the codes, and why."""
    if not row.ignore:
        return {}
    return {"ignore": [each.code for each in row.ignore], "ignore_reason": row.ignore[0].reason}


def _text(value: Any) -> Any:
    return f"{value:f}" if isinstance(value, Decimal) else value
