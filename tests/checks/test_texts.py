"""What the outcome tells: money left, a changed budget, amounts in the wrong unit, the template's prompts."""

from dataclasses import replace
from decimal import Decimal

import pytest

from tests.checks.forms import changed, codes, sound

LOW = changed(
    ("budget.total.executed", 400), ("budget.fiscal.executed", 400), ("budget.total.rate", "80%"),
    ("budget.total.score", 8), ("total", 98),
)  # fmt: skip
RAISED = changed(("budget.total.initial", 300), ("budget.fiscal.initial", 300))
FORMS = {"PK208": LOW, "PK209": RAISED, "PK117": sound(), "PK202": sound(), "PK212": sound()}
FIRES = [
    ("PK208", "建成道路21公里，资金使用规范。"),
    ("PK208", "因雨季影响，道路于10月完工。全年支出400万元。"),
    ("PK209", "建成道路21公里，道路里程增加，运输费用减少。"),
    ("PK209", "资金使用规范，未调整绩效目标。"),
    ("PK209", "下达资金500万元，全部用于建设，建成21公里。"),
    ("PK117", "全年实际支出4,800,000万元，建成21公里。"),
    ("PK117", "支付480元，建成21公里。"),
    ("PK202", "（对照年度总体目标，简要说明完成情况）"),
    ("PK202", "概述完成情况，500字以内"),
    ("PK202", "1.……"),
    ("PK202", "1.建成道路21公里；2.安装路灯310盏；3.……"),
    ("PK209", "实施过程中对路线作了调整。"),
    ("PK208", "国库支付系统上线，资金使用规范。"),
    ("PK212", "无"),
]
SPARES = [
    ("PK208", "剩余资金为质保金，质保期满后支付。"),
    ("PK208", "执行率偏低，主要是12月下达资金100万元，来不及支付。"),
    ("PK208", "财政国库库款紧张，支付申请未获批。"),
    ("PK208", "项目招标节省资金100万元。"),
    ("PK209", "收到上级第二批补助资金200万元，建成21公里。"),
    ("PK209", "上年结转200万元并入本年安排，建成21公里。"),
    ("PK209", "年初预算300万元，年中调整为500万元，建成21公里。"),
    ("PK209", "上级下达专项转移支付资金200万元，建成21公里。"),
    ("PK117", "全年支出480万元，每户支付480元，带动投资500亿元。"),
    ("PK202", "采购A4纸100箱，印制500字以内提示卡，完成X光机采购。"),
    ("PK202", "建成道路21公里……群众满意。"),
    ("PK212", "无违规，建成21公里。"),
]


def told(code, outcome):
    """Give the codes found on the code's form with that outcome."""
    form = FORMS[code]
    return codes(replace(form, goals=replace(form.goals, outcome=outcome)))


@pytest.mark.parametrize(("code", "outcome"), FIRES)
def test_an_outcome_that_fires(code, outcome):
    assert told(code, outcome) == [code]


@pytest.mark.parametrize(("code", "outcome"), SPARES)
def test_an_outcome_that_spares(code, outcome):
    assert told(code, outcome) == []


def test_the_forms_are_sound_but_for_what_the_outcome_explains():
    assert {code: codes(form) for code, form in FORMS.items() if codes(form)} == {
        "PK208": ["PK208"],
        "PK209": ["PK209"],
    }
    assert LOW.total == Decimal(98)
