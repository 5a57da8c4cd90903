"""A rule set (评分规则): weights, formulas, bands and grades, as data with their sources.

A profile is a YAML file under `perfkit/profiles/` or a user's own file with `extends`. Nothing here
knows forms; what a profile means for a row is worked out in `perfkit.scoring`. A profile has a part for
each topic of a rule set, and each part carries the act and article it was taken from (`source`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from decimal import Decimal
from typing import Annotated, Any, Literal

from annotated_types import Ge, Gt, Le

from perfkit import Shown
from perfkit.language import Text
from perfkit.text import say

Mark = Literal["seen", "memory", "unverified", "own", "user"]
Mode = Literal["half_up", "half_even", "up", "down"]
Percent = Annotated[Decimal, Ge(0), Le(100)]
Points = Annotated[Decimal, Ge(0)]
Digits = Annotated[int, Ge(0), Le(6)]
PARTS = (
    "execution",
    "quantity",
    "over_achievement",
    "qualitative",
    "satisfaction",
    "timeliness",
    "totalling",
    "roll_up",
    "corrections",
)


@dataclass(frozen=True, slots=True)
class Cite(Text):
    """Name the source of a rule and how well it is known.

    `mark`: `seen` in a published page, form or system; `memory`, known and not re-read; `unverified`, weak;
    `own`, set by perfkit where no source sets it; `user`, set by a profile that perfkit does not ship.
    """

    zh: str = ""
    en: str = ""
    mark: Mark = "own"


@dataclass(frozen=True, slots=True)
class Grade:
    """Hold one grade (评价等级): its name and the least total that earns it, half-open upwards."""

    name: str
    at_least: Decimal


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Hold the lines at which a finding fires; ratios as plain numbers, rates in percent.

    `implausible_money` is the total, in 亿元 (10⁸ yuan), beyond which 元 was probably typed under 万元;
    `small_loss` the points lost below which nobody asks for a measure.
    """

    low_execution: Decimal = Decimal(90)
    very_low_execution: Decimal = Decimal(50)
    high_execution: Decimal = Decimal(95)
    budget_change: Decimal = Decimal(20)
    over_achievement: Decimal = Decimal("1.3")
    extreme_achievement: Decimal = Decimal(10)
    rate_tolerance: Decimal = Decimal("0.02")
    one_row_weight: Decimal = Decimal(40)
    fewest_indicators: int = 3
    implausible_money: Decimal = Decimal(100)
    small_loss: Decimal = Decimal("0.5")
    source: Cite = Cite()


@dataclass(frozen=True, slots=True)
class Rounding:
    """Say how a figure is rounded: `mode` (`down` truncates) and decimal `digits`."""

    mode: Mode = "half_up"
    digits: Digits = 2


@dataclass(frozen=True, slots=True)
class Step:
    """Hold one step of a table: from this value (inclusive) on, this share of the points, in percent."""

    at_least: Decimal
    percent: Percent


def _check_table(part: Execution | OverAchievement | Satisfaction) -> None:
    """Refuse a method that needs a table of steps and has none, or one out of order."""
    floors = [step.at_least for step in part.steps]
    if part.method == "steps" and not floors:
        raise ValueError(say("expected.steps_needed"))
    if floors != sorted(floors, reverse=True):
        raise ValueError(say("expected.steps_fall"))


@dataclass(frozen=True, slots=True)
class Execution:
    """Say how the budget line (预算执行率) is scored.

    `budget` is the denominator; `method` how the rate becomes points: `proportional`, by `steps`, or
    `manual`; below `pass_line` (percent) it earns nothing. `capped` ends the points at the weight.
    `zero_budget` says what a budget of zero gives: a `manual` score, `zero`, `full`, or the division by
    `one`. `points_from` takes the points from the `rate` as rounded or from the `division` itself;
    a declared score that the other way gives agrees, too.
    """

    budget: Literal["initial", "adjusted", "adjusted_with_carry_over"] = "adjusted"
    method: Literal["proportional", "steps", "manual"] = "proportional"
    steps: tuple[Step, ...] = ()
    pass_line: Percent | None = None
    capped: bool = True
    zero_budget: Literal["manual", "zero", "full", "one"] = "manual"
    rate: Rounding = Rounding()
    points_from: Literal["rate", "division"] = "rate"
    source: Cite = Cite()

    def __post_init__(self) -> None:
        _check_table(self)


@dataclass(frozen=True, slots=True)
class Quantity:
    """Say how a measured row (定量指标) that misses its target is scored; a met one earns full points.

    `at_least` 正向: `proportional` A÷T, `all_or_nothing`, `manual`. `at_most` 反向: `mirrored` 2−A÷T,
    `inverse` T÷A, `all_or_nothing`, `manual`. `above_equal`: an actual above an `=` target is full
    where high is good and scored as at-most where low is good (`by_direction`), or always `full`, `at_most`
    or `manual`. `zero_target`: where T = 0 leaves no ratio, `zero` or `manual`.
    Below `pass_line` (percent of the target) a row earns nothing. `compare_digits` cuts both figures to
    so many decimals before they are compared.
    """

    at_least: Literal["proportional", "all_or_nothing", "manual"] = "proportional"
    at_most: Literal["mirrored", "inverse", "all_or_nothing", "manual"] = "manual"
    above_equal: Literal["by_direction", "full", "at_most", "manual"] = "by_direction"
    zero_target: Literal["zero", "manual"] = "manual"
    pass_line: Percent | None = None
    compare_digits: Digits | None = None
    source: Cite = Cite()


@dataclass(frozen=True, slots=True)
class OverAchievement:
    """Say what becomes of a row whose actual is `threshold` times its target or more (超额完成).

    `ignore`, `note` (full, said in the explanation), `reason` (full, a reason is due), `fixed` (minus
    `points`), `proportional` (minus the deviation beyond the threshold), `steps` (a table over actual ÷
    target), `manual` (full unless a person takes points off). `against` the current or `initial` target.
    """

    method: Literal["ignore", "note", "reason", "fixed", "proportional", "steps", "manual"] = "note"
    threshold: Annotated[Decimal, Gt(1)] = Decimal("1.3")
    points: Points = Decimal(0)
    steps: tuple[Step, ...] = ()
    against: Literal["target", "initial"] = "target"
    source: Cite = Cite()

    def __post_init__(self) -> None:
        _check_table(self)


@dataclass(frozen=True, slots=True)
class Qualitative:
    """Say which points a person may give a qualitative row (定性指标), in percent of its weight.

    `met_from` and `partly_from` are the lower ends of the first two bands. `boundary`: a value on the
    line belongs to the `upper` band only, or to `both`. `method`: a `manual` score within the band, or
    its `top` or `middle`. `not_done` 是否类: a row whose words say that it was not done is for a person
    (`manual`) or earns `zero`. `basically`: the words 基本达成 are `partly` met, or head the band of `met`.
    """

    met_from: Percent = Decimal(80)
    partly_from: Percent = Decimal(60)
    boundary: Literal["upper", "both"] = "both"
    method: Literal["manual", "top", "middle"] = "manual"
    not_done: Literal["manual", "zero"] = "manual"
    basically: Literal["partly", "met"] = "partly"
    source: Cite = Cite()

    def __post_init__(self) -> None:
        if self.partly_from > self.met_from:
            raise ValueError(say("expected.partly_above"))


@dataclass(frozen=True, slots=True)
class Satisfaction:
    """Say how a satisfaction row (满意度指标) below its target is scored: as a quantity, or by `steps`."""

    method: Literal["quantity", "steps"] = "quantity"
    steps: tuple[Step, ...] = ()
    source: Cite = Cite()

    def __post_init__(self) -> None:
        _check_table(self)


@dataclass(frozen=True, slots=True)
class Timeliness:
    """Say how a date after its deadline (时效指标) is scored.

    `manual`, `all_or_nothing`, `duration` (days planned ÷ days taken, both from 1 January of the target's
    year), or `monthly` (minus `percent` of the weight for each month begun). `late_at_least` and
    `late_at_most` bound a `manual` score in percent of the weight; without them any score below it stands.
    """

    method: Literal["manual", "all_or_nothing", "duration", "monthly"] = "manual"
    percent: Percent = Decimal(0)
    late_at_least: Percent = Decimal(0)
    late_at_most: Percent | None = None
    source: Cite = Cite()


@dataclass(frozen=True, slots=True)
class Cap:
    """Hold one cap on the total: a rate `below` this percentage leaves at most `at_most` points."""

    below: Percent
    at_most: Percent


@dataclass(frozen=True, slots=True)
class Totalling:
    """Say how points are rounded and summed.

    `row` rounds a row's points, `total` the sum; `per` says whether the sum takes the rounded rows
    (`row`) or the exact ones (`total`). `caps` limit the total by the execution rate. `not_applicable`
    says what becomes of a row that does not apply: a `manual` score, `rescale` the others to 100,
    `to_benefit` its weight to the benefit rows, `zero`, or `full`. `no_evidence`: a row without evidence
    is scored all the same (`ignore`) or `zero`.
    """

    row: Rounding = Rounding()
    total: Rounding = Rounding()
    per: Literal["row", "total"] = "row"
    caps: tuple[Cap, ...] = ()
    not_applicable: Literal["manual", "rescale", "to_benefit", "zero", "full"] = "manual"
    no_evidence: Literal["ignore", "zero"] = "ignore"
    source: Cite = Cite()


@dataclass(frozen=True, slots=True)
class RollingUp:
    """Say how the forms of several units become one result (多单位汇总).

    `order`: the actuals are summed and the sum is scored (`sum_then_score`), or each form is scored and the
    totals become one (`score_then_sum`). `amounts`, absolute values (绝对值): `sum` or `mean`. `rates`,
    relative values (相对值: percent, per-unit values): `money_weighted` or `mean`. `totals`, the units'
    scores under `score_then_sum`: `money_weighted`, `mean`, or `sum` where each unit holds a part of the
    100 points.
    """

    order: Literal["sum_then_score", "score_then_sum"] = "sum_then_score"
    amounts: Literal["sum", "mean"] = "sum"
    rates: Literal["money_weighted", "mean"] = "money_weighted"
    totals: Literal["money_weighted", "mean", "sum"] = "money_weighted"
    source: Cite = Cite()


@dataclass(frozen=True, slots=True)
class Corrections:
    """Say what figures beside the unit's own score do to a row: 扣分, and a reviewer's 核查得分.

    `deduction`: points taken off by hand are left out of account (`ignore`), or taken off the computed
    points, down to 0 (`subtract`). `review`: a reviewer's score is told beside the unit's (`note`), or
    counts in its stead (`counts`). `lower`: a unit's own score below what the rules give stands (`keep`), or
    is raised to it (`raise`).
    """

    deduction: Literal["ignore", "subtract"] = "ignore"
    review: Literal["note", "counts"] = "note"
    lower: Literal["keep", "raise"] = "keep"
    source: Cite = Cite()


@dataclass(frozen=True, slots=True)
class Profile(Shown):
    """Hold a rule set; `title` and `source` are for people, each part names its own source.

    `level1_weights` maps the canonical level-1 names to points (empty: the rule set sets none),
    `level1_alternatives` holds the other splits that it allows;
    `execution_weight` is the weight of the budget line, `required_level2` the level-2 types that a form
    must have. `severities` and `ignore` change findings. `scored` is False where the form has no weights
    and no scores (转移支付). `extends` names the profile that this one was made
    from (`base`), `file` its YAML file.
    """

    name: str
    title: Text
    source: Text
    execution_weight: Decimal
    level1_weights: Mapping[str, Decimal] = field(default_factory=dict, hash=False)
    level1_alternatives: tuple[Mapping[str, Decimal], ...] = field(default=(), hash=False)
    required_level2: tuple[str, ...] = ()
    grades: tuple[Grade, ...] = ()
    thresholds: Thresholds = Thresholds()
    severities: Mapping[str, str] = field(default_factory=dict, hash=False)
    ignore: tuple[str, ...] = ()
    scored: bool = True
    extends: str = ""
    file: str = ""
    execution: Execution = Execution()
    quantity: Quantity = Quantity()
    over_achievement: OverAchievement = OverAchievement()
    qualitative: Qualitative = Qualitative()
    satisfaction: Satisfaction = Satisfaction()
    timeliness: Timeliness = Timeliness()
    totalling: Totalling = Totalling()
    roll_up: RollingUp = RollingUp()
    corrections: Corrections = Corrections()
    weights_source: Cite = Cite()
    grades_source: Cite = Cite()
    base: Profile | None = field(default=None, compare=False, repr=False)

    def grade(self, total: Decimal) -> str | None:
        """Give the grade (评价等级) that a total earns, or None where the profile has no grades."""
        return next((grade.name for grade in self.grades if total >= grade.at_least), None)

    def allows_level1(self, weights: Mapping[str, Decimal]) -> bool:
        """Tell whether the rule set allows a split of points by level 1 (一级指标权重), or sets none."""
        return not self.level1_weights or weights in (self.level1_weights, *self.level1_alternatives)

    def to_dict(self) -> dict[str, Any]:
        """Give the rule set as its YAML file would hold it, inherited settings filled in."""
        return settings_of(self)


def settings_of(profile: Profile) -> dict[str, Any]:
    """Give a rule set in the shape of its file, inherited settings filled in, figures as plain text."""
    return {
        "name": profile.name,
        "extends": profile.extends or None,
        "title": _plain(profile.title),
        "source": _plain(profile.source),
        "scored": profile.scored,
        "weights": {
            "execution": _plain(profile.execution_weight),
            "level1": _plain(profile.level1_weights),
            "alternatives": _plain(profile.level1_alternatives),
            "required_level2": list(profile.required_level2),
            "source": _plain(profile.weights_source),
        },
        **{part: _plain(getattr(profile, part)) for part in PARTS},
        "grades": {"bands": _plain(profile.grades), "source": _plain(profile.grades_source)},
        "thresholds": _plain(profile.thresholds),
        "severities": _plain(profile.severities),
        "ignore": list(profile.ignore),
    }


def _plain(value: Any) -> Any:
    """Give a value as JSON holds it: figures as text in plain notation, parts as objects."""
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    if is_dataclass(value):
        return {part.name: _plain(getattr(value, part.name)) for part in fields(value)}
    return value
