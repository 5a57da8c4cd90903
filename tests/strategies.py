"""Strategies for the things that perfkit reads: a shared vocabulary for the tests of every room.

`figures`, `weights` and `money` give Decimals as a form prints them; `texts` gives any cell text, odd
characters included; `targets` and `actuals` give cells as units write them, with what they hold where a
test needs it (`measured_pairs`); `indicators`, `budgets` and `forms` put them together, `reviewed_forms`
with the columns beside the score. `scored_forms` are sound: their weights add up to 100, and every row has a
score within its weight.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import NamedTuple

from hypothesis import strategies as st

from perfkit.form import Budget, Form, Fund, Goals, Indicator

LEVELS = (
    ("产出指标", "数量指标"),
    ("产出指标", "质量指标"),
    ("产出指标", "时效指标"),
    ("产出指标", "成本指标"),
    ("效益指标", "经济效益指标"),
    ("效益指标", "社会效益指标"),
    ("效益指标", "生态效益指标"),
    ("效益指标", "可持续影响指标"),
    ("满意度指标", "服务对象满意度指标"),
)
NAMES = (
    "培训人次",
    "发布课件",
    "验收合格率",
    "完成时间",
    "成本控制率",
    "系统稳定性",
    "学员满意度",
    "长效机制",
)
UNITS = ("", "个", "人次", "场", "课时", "公里", "万元", "平方米", "%")
AT_LEAST = ("≥", ">=", "不低于", "不少于", "至少")
AT_MOST = ("≤", "<=", "不超过", "不高于", "至多")
WORDS = ("合理", "有效", "达成预期指标", "建立健全", "稳定", "显著提升", "未完成", "基本达到", "及时", "无")
DATES = ("9月前", "10月底", "2022年12月", "第三季度", "年内", "6月30日前")
REASONS = ("受疫情影响，改为线上", "招标流标，已重新组织，下年加强前期准备", "无", "")


class Pair(NamedTuple):
    """Hold a target and an actual cell with the figures in them."""

    target: str
    actual: str
    wanted: Decimal
    reached: Decimal


def figures(smallest: str = "0", largest: str = "1000000", digits: int = 2) -> st.SearchStrategy[Decimal]:
    """Give Decimals of up to so many decimals."""
    return st.decimals(
        Decimal(smallest), Decimal(largest), places=digits, allow_nan=False, allow_infinity=False
    )


def weights() -> st.SearchStrategy[Decimal]:
    """Give the weights of rows: 0.5 to 40, in halves."""
    return st.integers(1, 80).map(lambda halves: Decimal(halves) / 2)


def money() -> st.SearchStrategy[Decimal | None]:
    """Give amounts of money, blank at times."""
    return st.none() | figures("0", "100000000")


def texts(longest: int = 60) -> st.SearchStrategy[str]:
    """Give any text a cell may hold, whatever the script, markup and formulas among it."""
    odd = st.sampled_from(
        ["<script>alert(1)</script>", '#import "x"', "$x$ *a* _b_", "=1+1", "\u202e翻", "NaN", "1e400"]
    )
    return odd | st.text(max_size=longest)


@st.composite
def measured_pairs(draw: st.DrawFn, operators: tuple[str, ...] = AT_LEAST) -> Pair:
    """Give a target with an operator and a figure, and an actual in the same unit."""
    unit = draw(st.sampled_from([unit for unit in UNITS if unit != "万元"]))
    wanted, reached = draw(figures("0.01", "10000")), draw(figures("0", "20000"))
    operator = draw(st.sampled_from(operators))
    return Pair(f"{operator}{wanted:f}{unit}", f"{reached:f}{unit}", wanted, reached)


def targets() -> st.SearchStrategy[str]:
    """Give target cells (年度指标值) as units write them."""
    pairs = measured_pairs(AT_LEAST) | measured_pairs(AT_MOST)
    return pairs.map(lambda pair: pair.target) | st.sampled_from(WORDS) | st.sampled_from(DATES)


def actuals() -> st.SearchStrategy[str]:
    """Give actual cells (实际完成值) as units write them."""
    return (
        measured_pairs(("",)).map(lambda pair: pair.actual) | st.sampled_from(WORDS) | st.sampled_from(DATES)
    )


@st.composite
def indicators(draw: st.DrawFn, weight: st.SearchStrategy[Decimal | None] | None = None) -> Indicator:
    """Give indicator rows; now and then a cell is blank, or the score is not the rule's."""
    level1, level2 = draw(st.sampled_from(LEVELS))
    points = draw(weight if weight is not None else weights() | st.none())
    share = draw(st.sampled_from(["1", "1", "1", "0.9", "0.85", "0.5", "0"]))
    return Indicator(
        name=draw(st.sampled_from(NAMES)),
        level1=level1,
        level2=level2,
        target=draw(targets() | st.none()),
        actual=draw(actuals() | st.none()),
        weight=points,
        score=None if points is None else draw(st.none() | st.just(points * Decimal(share))),
        reason=draw(st.sampled_from(REASONS)) or None,
        rating=draw(st.sampled_from([None, None, None, "met", "partly", "missed"])),
    )


@st.composite
def budgets(draw: st.DrawFn) -> Budget:
    """Give budget blocks; the total line is filled in or blank, and weighs 10, 20 or nothing."""
    initial, adjusted, executed = draw(money()), draw(money()), draw(money())
    weight = draw(st.sampled_from([Decimal(10), Decimal(20), None]))
    score = None if weight is None else draw(st.none() | figures("0", str(weight)))
    rate = draw(st.none() | figures("0", "120").map(lambda rate: f"{rate:f}%"))
    return Budget(
        total=Fund(initial, adjusted, executed, weight, rate, score),
        fiscal=Fund(initial, adjusted, executed),
    )


@st.composite
def forms(draw: st.DrawFn, rows: st.SearchStrategy[Indicator] | None = None, most: int = 8) -> Form:
    """Give forms, sound or not."""
    return Form(
        project=draw(st.sampled_from(["在线学习工作经费", "领导干部培训经费", "乡村道路养护"])),
        year=draw(st.none() | st.integers(2016, 2026)),
        department="主管部门",
        unit="实施单位",
        money_unit=draw(st.sampled_from(["元", "万元"])),
        budget=draw(budgets()),
        goals=Goals("完成年度任务", draw(st.none() | st.just("已完成年度任务"))),
        indicators=tuple(draw(st.lists(rows if rows is not None else indicators(), max_size=most))),
        total=draw(st.none() | figures("0", "100")),
    )


@st.composite
def scored_forms(draw: st.DrawFn, most: int = 8) -> Form:
    """Give forms whose weights add up to 100 (10 for the budget line) and whose rows all have scores."""
    rows = draw(st.lists(indicators(st.just(Decimal(1))), min_size=1, max_size=most))
    share = Decimal(90 // len(rows))
    whole = [*[share] * (len(rows) - 1), 90 - share * (len(rows) - 1)]
    scored = tuple(replace(row, weight=weight, score=weight) for row, weight in zip(rows, whole, strict=True))
    form = draw(forms())
    line = Fund(Decimal(100), Decimal(100), Decimal(100), Decimal(10), "100%", Decimal(10))
    return replace(form, budget=Budget(total=line), indicators=scored, total=Decimal(100))


@st.composite
def reviewed_forms(draw: st.DrawFn, most: int = 8) -> Form:
    """Give forms with points taken off by hand, a reviewer's scores and opinions, here and there."""
    form, points = draw(forms(most=most)), st.none() | weights()
    rows = tuple(
        replace(
            row,
            deduction=draw(points),
            review=draw(points),
            opinion=draw(st.none() | st.just("佐证材料不全")),
        )
        for row in form.indicators
    )
    total = replace(form.budget.total, review=draw(points))
    budget = replace(form.budget, total=total)
    return replace(form, indicators=rows, budget=budget, review_total=draw(st.none() | figures("0", "100")))


def in_english(words):
    """Give what a fault says in English; what is no `Text` stands as it is."""
    return getattr(words, "en", words)
