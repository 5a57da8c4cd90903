"""What becomes of the two cells of a row: figures combined by their rule, anything else kept or left and said."""

from decimal import Decimal

import pytest

from perfkit.rollup import Rule
from tests.rollup.units import only, rolled, ruled

# The budgets are 200 and 800 万元, so that the units weigh 1 and 4.
WEIGHTED, EQUAL = "money_weighted", "mean"


@pytest.mark.parametrize(
    ("amounts", "rates", "cells", "target", "actual"),
    [
        ("sum", WEIGHTED, [("≥10场", "3场"), ("≥20场", "25场")], "≥30场", "28场"),
        ("mean", WEIGHTED, [("≥10场", "3场"), ("≥20场", "25场")], "≥15场", "14场"),
        ("sum", WEIGHTED, [("≥90%", "80%"), ("≥95%", "100%")], "≥94%", "96%"),
        ("sum", EQUAL, [("≥90%", "80%"), ("≥95%", "100%")], "≥92.5%", "90%"),
        ("mean", EQUAL, [("≥90%", "80%"), ("≥95%", "100%")], "≥92.5%", "90%"),
        ("sum", WEIGHTED, [("≤6‰", "5‰"), ("≤6‰", "5.5‰")], "≤6‰", "5.4‰"),
        ("sum", WEIGHTED, [("≤6‰", "5‰"), ("≤1%", "1%")], "≤9.2‰", "9‰"),
        ("sum", WEIGHTED, [("≤400元/人·月", "380"), ("≤400元/人·月", "400")], "≤400元/人·月", "396元/个月·人"),
        ("sum", WEIGHTED, [("≤2小时", "90分钟"), ("≤2小时", "1小时")], "≤2小时", "1.1小时"),
        ("sum", WEIGHTED, [("≥3/4", "80%"), ("≥3/4", "90%")], "≥3/4", "88%"),
        ("sum", WEIGHTED, [("≤90万元", "80"), ("≤200000元", "15万元")], "≤1100000元", "950000元"),
        ("sum", WEIGHTED, [("≥5公里", "5200米"), ("≥300米", "0.3公里")], "≥5300米", "5500米"),
        ("sum", WEIGHTED, [("=0件", "0件"), ("=0件", "2件")], "=0件", "2件"),
        ("sum", WEIGHTED, [("≤2次", "0"), ("≤3次", "1次")], "≤5次", "1次"),
        ("sum", WEIGHTED, [("不少于三十场", "28场"), ("≥10场", "12")], "≥40场", "40场"),
        ("sum", WEIGHTED, [("200", "200余人"), ("100", "90")], "300人", "约290人"),
        ("sum", WEIGHTED, [("200人", "200余人"), ("100人", "90")], "300人", "约290人"),
        ("sum", WEIGHTED, [("≥10场", "完成12场"), ("≥20场", "20场")], "≥30场", "32场"),
        ("sum", WEIGHTED, [("1", "1"), ("1", "1")], "2", "2"),
        ("sum", WEIGHTED, [("下降5%", "下降6%"), ("下降8%", "下降8%")], "下降7.4%", "下降7.6%"),
        ("sum", WEIGHTED, [("下降5%", "-6%"), ("下降5%", "-8%")], "下降5%", "7.6%"),
        ("sum", WEIGHTED, [("增长5%", "增长6%"), ("增长5%", "增长1%")], "增长5%", "增长2%"),
        ("sum", WEIGHTED, [("≥10场次", "12"), ("≥20", "22")], "≥30场次", "34场次"),
        ("mean", EQUAL, [("≥10场", "3场"), ("≥10场", "4场"), ("≥10场", "3场")], "≥10场", "3.333333场"),
    ],
)  # fmt: skip
def test_figures_are_combined_by_the_rule_of_their_kind(amounts, rates, cells, target, actual):
    result = rolled(*cells, profile=ruled(amounts=amounts, rates=rates))
    indicator = only(result).indicator
    assert (indicator.target, indicator.actual) == (target, actual)


@pytest.mark.parametrize(
    ("name", "target"),
    [
        ("人均培训成本", "≤360元"),
        ("补助发放标准", "≤360元"),
        ("单位成本", "≤360元"),
        ("高标准农田建设成本", "≤700元"),
        ("义务教育均衡发展成本", "≤700元"),
    ],
)
def test_a_name_tells_a_value_per_person_or_piece(name, target):
    result = rolled(("≤200元", "1元"), ("≤500元", "1元"), name=name, profile=ruled())
    wanted = {"≤360元": "≤440元"}.get(target, target)  # (200 × 200 + 500 × 800) ÷ 1000
    assert only(result).indicator.target == wanted


@pytest.mark.parametrize(
    ("cells", "target", "actual", "rule", "why"),
    [
        ([("及时", "及时"), ("及时", "及时")], "及时", "及时", Rule.KEPT, ""),
        ([("及时", "及时"), ("及时", "基本及时")], "及时", None, Rule.LEFT, "乙 基本及时"),
        ([("10月底", "9月"), ("10月底", "11月")], "10月底", None, Rule.LEFT, "different things"),
        ([("9月前", "8"), ("9月前", "8")], "9月前", "8", Rule.KEPT, ""),  # a month
        ([("9月前", "8"), ("9月前", "7")], "9月前", None, Rule.LEFT, "the other cell"),
        ([("≥10场", "已完成"), ("≥20场", "已完成")], "≥30场", "已完成", Rule.KEPT, ""),
        ([("≥10场", "12场"), ("≥20场", "已完成")], "≥30场", None, Rule.LEFT, "乙 已完成"),
        ([("≥10场", "12场"), ("≥20场", None)], "≥30场", None, Rule.LEFT, "which is not zero"),
        ([("≥10场", "12场"), ("≥20场", "—")], "≥30场", None, Rule.LEFT, "乙 blank"),
        ([("≥10场", "12场"), ("≤20场", "15场")], None, "27场", Rule.SUM, ""),
        ([("≥10场", "12场"), ("≥20人", "15人")], None, None, Rule.LEFT, "units of measure"),
        ([("≥10亩", "12亩"), ("≥20人", "15人")], None, None, Rule.LEFT, "units of measure"),
        ([("≥10场", "12场"), ("≥**场", "15场")], None, "27场", Rule.SUM, ""),
        ([("≥10场", "12场"), ("≥20场", "不涉及")], "≥30场", None, Rule.LEFT, "乙 不涉及"),
        ([("≥10座", "10座"), ("≥10座", "10座(调试中)")], "≥20座", None, Rule.LEFT, "调试中"),
        ([("增长5%", "增长6%"), ("增长5%", "下降1%")], "增长5%", None, Rule.LEFT, "ways of change"),
        ([("增长5%", "增长6%"), ("下降5%", "下降6%")], None, None, Rule.LEFT, "ways of change"),
        ([("下降5%", "-6%"), ("下降5%", "3%")], "下降5%", None, Rule.LEFT, "ways of change"),
        ([("≤90万元", "节约2万元"), ("≤90万元", "88万元")], "≤1800000元", None, Rule.LEFT, "ways of change"),
        ([("≥1.2万人", "1.3万人"), ("≥1", "2")], None, None, Rule.LEFT, "units of measure"),
        ([("≤90万元", "80万元"), ("≤90", "80")], None, None, Rule.LEFT, "units of measure"),
        ([("1部,2套", "1部,2套"), ("1部,2套", "1部,2套")], "1部,2套", "1部,2套", Rule.KEPT, ""),
        ([("5~8个", "6个"), ("5~8个", "7个")], "5~8个", None, Rule.LEFT, "the other cell"),
        ([("5~8个", "6个"), ("5~8个", "6个")], "5~8个", "6个", Rule.KEPT, ""),
        ([("≥5个", "5~8个"), ("≥5个", "5~8个")], "≥5个", "5~8个", Rule.KEPT, ""),
        ([("≥5个", "5~8个"), ("≥6个", "5~8个")], "≥11个", None, Rule.LEFT, "the other cell"),
        ([("±10%", "5%"), ("±10%", "-6%")], "±10%", "-3.8%", Rule.MONEY_WEIGHTED, ""),
        ([("≥1" + "0" * 17 + "个", "1个")] * 2, "≥2" + "0" * 17 + "个", "2个", Rule.SUM, ""),
        ([("≥9" + "0" * 18 + "个", "1个")] * 2, None, None, Rule.LEFT, "read back"),
    ],
)  # fmt: skip
def test_what_cannot_be_added_is_kept_where_all_print_the_same_or_left_and_said(
    cells, target, actual, rule, why
):
    result = rolled(*cells)
    indicator = only(result).indicator
    assert (indicator.target, indicator.actual) == (target, actual)
    cell = result.cell("indicators[0].actual")
    assert cell.rule is rule
    assert why in cell.explanation.en
    left = {note.said.en for note in result.notes if note.key == "left"}
    assert bool(left) == (None in (target, actual))
    assert rule is not Rule.LEFT or any(cell.explanation.en in said for said in left)


@pytest.mark.parametrize("name", ["培训10场", "指标1：培训10场"])
def test_a_target_in_the_name_is_one_units_and_the_whole_has_its_sum(name):
    result = rolled((None, "8场"), (None, "12场"), name=name)
    scored = only(result)
    assert (scored.indicator.target, scored.indicator.actual) == ("20场", "20场")
    assert scored.computed == 10


def test_a_target_in_the_name_never_judges_a_sum_whose_own_target_was_left():
    scored = only(rolled(("≥5场", "8场"), ("≤5场", "12场"), name="培训10场"))
    assert (scored.indicator.target, scored.indicator.actual, scored.score) == (None, None, None)


def test_a_zero_takes_any_unit():
    scored = only(rolled(("0", "0"), ("0", "1场")))
    assert (scored.indicator.target, scored.indicator.actual) == ("0", "1场")
    assert scored.reading.direction == "at_most"


def test_the_cells_say_which_units_figures_they_come_from():
    result = rolled(("≥90%", "80%"), ("≥95%", "100%"))
    cell = result.cell("indicators[0].actual")
    assert (cell.text, cell.rule, cell.parts) == ("96%", "money_weighted", (("甲", "80%"), ("乙", "100%")))
    assert cell.explanation.zh == "（甲 80% × 200 万元 + 乙 100% × 800 万元）÷ 1,000 万元 = 96%（按资金加权）"
    assert (
        cell.explanation.en
        == "(甲 80% × 200 万元 + 乙 100% × 800 万元) ÷ 1,000 万元 = 96% (weighted by money)"
    )
    assert result.cell("indicators[7].actual") is None


def test_the_explanation_of_a_line_begins_with_how_its_cells_came_about():
    [_, line] = rolled(("≥10场", "3场"), ("≥20场", "25场")).lines
    assert line.explanation.zh.startswith(
        "目标：甲 ≥10场 + 乙 ≥20场 = ≥30场（相加）；实际：甲 3场 + 乙 25场 = 28场（相加）；实际 28 场 ÷ 目标 30 场 = 93.33%"
    )


def test_the_rule_of_hubei_worked_by_hand():
    """Score the sum, not the mean of scores: (3 + 25) ÷ (10 + 20) × 10, where the units earn 3 and 10."""
    result = rolled(("≥10场", "3场"), ("≥20场", "25场"))
    assert [unit.card.indicators[0].computed for unit in result.units] == [Decimal("3.00"), Decimal("10.00")]
    assert only(result).computed == Decimal("9.33")
    rate = rolled(("≥100%", "50%"), ("≥100%", "100%"))
    assert only(rate).computed == Decimal("9.00")  # (50 × 200 + 100 × 800) ÷ 1000 = 90%
