"""Forms whose rows are mixed as those of published forms are (RULES.md §6).

Of 100 targets 20 are bare percents, 36 a number with or without an operator and unit, 15 words, and so on;
half of all actuals repeat their target. Every name is another, as names are.
"""

from __future__ import annotations

import random
from decimal import Decimal
from typing import TYPE_CHECKING

from perfkit.form import Budget, Form, Fund, Indicator

if TYPE_CHECKING:
    from collections.abc import Iterator

ROWS = 30
PLACES = "东南西北中城郊河湖山林田路桥港"
WORKS = ("培训", "建设", "改造", "宣传", "采购", "维护", "检测", "救助", "监测", "评审")
# How many of 100 targets, level 2, what ends the name, the target, and an actual that does not repeat it.
MIX = (
    (20, "质量指标", "合格率", "{p}%", "{q}%"),
    (17, "数量指标", "次数", "{a}场", "{b}场"),
    (15, "可持续影响指标", "机制", "{words}", "达成预期指标"),
    (12, "服务对象满意度指标", "满意度", "≥{p}%", "{q}%"),
    (7, "数量指标", "人次", "≥{a}人次", "{b}人次"),
    (12, "数量指标", "面积", "{a}", "{b}"),
    (5, "成本指标", "成本", "={a}万元", "{b}万元"),
    (4, "时效指标", "完成时间", "{m}月底前", "{n}月"),
    (2, "成本指标", "成本", "≤{a}万元", "{b}万元"),
    (3, "质量指标", "覆盖率", "{p}%以上", "{q}%"),
    (3, "数量指标", "数量", "完成{m}部宣传片，{n}套方案", "{m}部，{n}套"),
)
WORDS = ("健全", "显著提升", "有所改善", "长期稳定", "合理", "持续发挥作用", "及时")


def stream(count: int, seed: int = 2022) -> Iterator[Form]:
    """Give so many forms of thirty rows each, one by one."""
    chance = random.Random(seed)
    for _ in range(count):
        yield _form(chance)


def _form(chance: random.Random) -> Form:
    line = Fund(Decimal(300), Decimal(280), Decimal(chance.randint(100, 280)), Decimal(10), "95%")
    return Form("项目", 2022, budget=Budget(total=line), indicators=tuple(_row(chance) for _ in range(ROWS)))


def _row(chance: random.Random) -> Indicator:
    [(_, level2, kind, target, actual)] = chance.choices(MIX, [row[0] for row in MIX])
    name = "".join(chance.choices(PLACES, k=4)) + chance.choice(WORKS) + kind
    told = {
        "a": chance.randint(1, 2000),
        "b": chance.randint(1, 2000),
        "p": chance.choice((100, 100, chance.randint(80, 99))),
        "q": chance.choice((100, chance.randint(80, 99))),
        "m": chance.randint(1, 12),
        "n": chance.randint(1, 12),
        "words": chance.choice(WORDS),
    }
    wanted = target.format(**told)
    given = wanted if chance.random() < 0.5 else actual.format(**told)
    return Indicator(name, "产出指标", level2, wanted, given, Decimal(3), Decimal(3))
