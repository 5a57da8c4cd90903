"""The two published forms of tests/data/scoring as Forms, with what shanghai-2022 is to give for each."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from perfkit.form import Budget, Form, Fund, Indicator

DATA = Path(__file__).parents[1] / "data" / "scoring"
PUBLISHED = ("online-learning-2022", "leadership-training-2022")
LEVEL1 = {
    "数量": "产出指标",
    "质量": "产出指标",
    "时效": "产出指标",
    "成本": "产出指标",
    "服务对象满意度": "满意度指标",
}


def facts(name: str) -> dict[str, Any]:
    """Give the facts of a published form and what is expected of it."""
    found: dict[str, Any] = yaml.safe_load((DATA / f"{name}.yaml").read_text(encoding="utf-8"))
    return found


def form(name: str) -> Form:
    """Give a published form."""
    told = facts(name)
    money = told["budget"]
    total = Fund(
        *(Decimal(money[key]) for key in ("initial", "adjusted", "executed", "weight")),
        money["rate"],
        Decimal(money["score"]),
    )
    return Form(
        told["project"],
        told["year"],
        money_unit=told["money_unit"],
        budget=Budget(total=total),
        indicators=tuple(_row(*row[:7]) for row in told["rows"]),
        total=Decimal(told["total"]),
    )


def _row(level2: str, name: str, target: str, actual: str, weight: str, score: str, reason: str) -> Indicator:
    level1 = LEVEL1.get(level2.removesuffix("指标"), "效益指标")
    return Indicator(name, level1, level2, target, actual, Decimal(weight), Decimal(score), reason or None)
