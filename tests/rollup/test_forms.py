"""Whole forms: money, rows that only some units have, people's words and points, and both orders."""

from dataclasses import replace
from decimal import Decimal

import pytest

from perfkit.errors import DataError, SettingsError
from perfkit.form import Budget, Form, Fund, Goals, Source, Unread
from perfkit.readers import form_yaml
from perfkit.readers.structured import read_structured
from perfkit.rollup import Rule, roll_up
from perfkit.scoring import score
from tests.rollup.units import money, only, row, ruled, unit
from tests.strategies import in_english

D = Decimal
TWO = [unit(row("≥10场", "3场")), unit(row("≥20场", "25场"), name="乙", budget="800")]


def said(result, key):
    return [note.said.en for note in result.notes if note.key == key]


def test_money_is_summed_line_by_line_in_yuan_where_one_form_is_in_yuan():
    one = unit(
        budget=Budget(Fund(D(200), D("210.5"), D(100)), fiscal=Fund(D(200)), other=Fund(adjusted=D("10.5")))
    )
    other = unit(name="乙", money_unit="元", budget=Budget(Fund(D(50), D(60), D("7.25")), fiscal=Fund(D(50))))
    result = roll_up([one, other], "mof-2020")
    assert result.form.money_unit == "元"
    assert result.form.budget == Budget(
        Fund(D(2000050), D(2105060), D("1000007.25")), fiscal=Fund(D(2000050)), other=Fund(adjusted=D(105000))
    )
    cell = result.cell("budget.total.executed")
    assert cell.explanation.en == "甲 1,000,000 元 + 乙 7.25 元 = 1,000,007.25 元 (summed)"
    assert result.lines[0].explanation.zh.startswith(
        "全年预算数：甲 2,105,000 元 + 乙 60 元 = 2,105,060 元（相加）"
    )


def test_the_rate_of_the_whole_is_executed_over_budget_summed():
    result = roll_up([unit(budget=money("200", "100")), unit(name="乙", budget=money("800", "760"))], "hubei")
    assert (result.card.budget.rate, result.card.budget.score) == (D("86.00"), D("17.20"))
    assert [(each.name, each.share) for each in result.units] == [("甲", D("0.2")), ("乙", D("0.8"))]


def test_carried_over_money_counts_once_whichever_unit_holds_it_in_its_total():
    carried = Fund(adjusted=D(20))
    without = unit(
        budget=Budget(Fund(D(100), D(100), D(60), D(20)), fiscal=Fund(D(100), D(100)), carried_over=carried)
    )
    within = unit(
        name="乙",
        budget=Budget(Fund(D(120), D(120), D(120), D(20)), fiscal=Fund(D(100), D(100)), carried_over=carried),
    )
    result = roll_up([without, within], "hubei")
    assert result.card.budget.rate == D("75.00")  # 180 ÷ (120 + 120)
    assert said(result, "money_base") == [
        "the adjusted budget is 240 万元, the sum of the budgets that the units' own rates are measured against"
    ]


@pytest.mark.parametrize(
    ("line", "rate", "key"),
    [
        (Fund(D(300), None, D(150), D(20)), "50.00", "money_stood_in"),
        (Fund(None, D(300), D(150), D(20)), "50.00", "money_stood_in"),
        (Fund(D(300), D(300), None, D(20)), None, "money_blank"),
        (Fund(None, None, D(150), D(20)), None, "money_blank"),
    ],
)
def test_an_amount_left_blank_is_not_zero(line, rate, key):
    result = roll_up([unit(budget=money("200", "100")), unit(name="乙", budget=Budget(line))], "mof-2020")
    assert result.card.budget.rate == (None if rate is None else D(rate))
    assert all("乙" in each for each in said(result, key))
    assert said(result, key)


def test_a_total_line_of_zeros_is_summed_from_its_lines_as_in_scoring():
    zeros = Budget(Fund(D(0), D(0), D(0), D(20)), fiscal=Fund(D(300), D(300), D(150)))
    result = roll_up([unit(budget=money("200", "100")), unit(name="乙", budget=zeros)], "mof-2020")
    assert result.card.budget.rate == D("50.00")


def test_rows_are_matched_by_levels_and_name_however_they_are_decorated():
    one = unit(row("≥10场", "3场", "指标1：培训场次", level1="产出指标(50分)", level2="数量"))
    other = unit(row("≥20场", "25场", "★培训 场次", level1="产出指标", level2="数量指标"), name="乙")
    assert only(roll_up([one, other], "hubei")).indicator.actual == "28场"


def test_a_row_that_some_units_have_stays_and_is_said():
    one = unit(row("≥10场", "3场"), row("≥90%", "80%", "合格率", level2="质量指标"))
    other = unit(row("≥20场", "25场"), row("及时", "及时", "时间", level2="时效指标"), name="乙")
    third = unit(
        row("≥5份", "5份", "教材", level2="数量指标"),
        row("≥95%", "90%", "合格率", level2="质量指标"),
        name="丙",
    )
    result = roll_up([one, other, third], "hubei")
    rows = [(each.name, each.target, each.actual) for each in result.form.indicators]
    assert rows == [
        ("培训场次", "≥30场", "28场"),
        ("教材", "≥5份", "5份"),
        ("合格率", "≥92.5%", "85%"),
        ("时间", "及时", "及时"),
    ]
    assert said(result, "some_units") == [
        "row 1, “培训场次”, stands on the forms of 甲、乙 only and is combined over those",
        "row 2, “教材”, stands on the forms of 丙 only and is combined over those",
        "row 3, “合格率”, stands on the forms of 甲、丙 only and is combined over those",
        "row 4, “时间”, stands on the forms of 乙 only and is combined over those",
    ]
    assert result.lines[2].parts[0] is None


def test_rows_of_one_name_are_matched_in_their_order_and_said():
    rows = (row("≥10场", "3场"), row("≥1场", "1场"))
    result = roll_up([unit(*rows), unit(*rows, name="乙")], "hubei")
    assert [each.actual for each in result.form.indicators] == ["6场", "2场"]
    assert len(said(result, "twice")) == 1


def test_weights_that_come_to_another_sum_are_said():
    forms = [
        unit(row("≥1场", "1场", weight=D(80))),
        unit(row("≥1场", "1场", "座谈", weight=D(80)), name="乙"),
    ]
    assert "come to 180, not 100" in said(roll_up(forms, "hubei"), "weights_sum")[0]


def test_a_weight_that_one_unit_leaves_blank_is_the_others():
    result = roll_up([unit(row("≥10场", "3场", weight=None)), unit(row("≥20场", "25场"), name="乙")], "hubei")
    assert only(result).weight == 10
    assert "甲 print no weight" in said(result, "weight_blank")[0]


def test_points_count_where_all_units_declare_the_same_and_are_a_persons_elsewhere():
    prose = {"level2": "质量指标", "name": "机制"}
    same = roll_up(
        [
            unit(row("课程库、学员库", "数据库三个", score=D(9), **prose)),
            unit(row("课程库、学员库", "数据库三个", score=D(9), **prose), name="乙"),
        ]
    )
    assert (only(same).score, only(same).status) == (9, "judged")
    other = roll_up(
        [
            unit(row("课程库、学员库", "数据库三个", score=D(9), **prose)),
            unit(row("课程库、学员库", "数据库三个", score=D(8), **prose), name="乙"),
        ]
    )
    assert (only(other).score, other.total.complete, other.total.grade) == (None, False, None)
    assert "the units declare: 甲 9; 乙 8" in said(other, "by_person")[0]
    assert other.cell("indicators[0].score").rule is Rule.LEFT


@pytest.mark.parametrize("name", ["deduction", "review"])
def test_points_of_others_hold_for_the_whole_where_the_forms_agree_and_are_said_elsewhere(name):
    agreed, differing = (
        roll_up([unit(row("3场", "3场", **{name: Decimal(each)}), name=who) for who, each in forms], "hubei")
        for forms in ((("甲", 2), ("乙", 2)), (("甲", 2), ("乙", 1)))
    )
    assert agreed.form is not None
    assert differing.form is not None
    assert getattr(agreed.form.indicators[0], name) == 2
    assert getattr(differing.form.indicators[0], name) is None
    assert [(note.row, "甲 2" in note.said.zh, "乙 1" in note.said.zh) for note in differing.notes] == [
        (1, True, True)
    ]
    assert not agreed.notes


def test_a_reviewers_opinions_stand_side_by_side():
    told = [("甲", "属实"), ("乙", "资料不全")]
    whole = roll_up([unit(row("3场", "3场", opinion=said), name=name) for name, said in told], "hubei")
    assert whole.form is not None
    assert whole.form.indicators[0].opinion == "甲：属实；乙：资料不全"


def test_words_stand_side_by_side_each_after_its_unit():
    one = unit(row("≥10场", "3场", reason="疫情"), goals=Goals("养护", "完成"), notes="无")
    other = unit(row("≥20场", "2场", reason="招标晚"), name="乙", goals=Goals("养护", "部分完成"))
    third = unit(row("≥20场", "20场", reason="无"), name="丙", goals=Goals("养护", "完成"))
    form = roll_up([one, other, third], "hubei").form
    assert (form.unit, form.department) == ("甲、乙、丙", "交通局")
    assert form.goals == Goals("养护", "甲：完成；乙：部分完成；丙：完成")
    assert form.indicators[0].reason == "甲：疫情；乙：招标晚"


def test_an_initial_target_is_summed_and_one_that_was_not_adjusted_is_the_target():
    one = unit(row("≥10场", "30场", initial_target="≥8场"))
    other = unit(row("≥20场", "30场"), name="乙")
    assert only(roll_up([one, other], "hubei")).indicator.initial_target == "≥28场"


def test_the_summed_form_is_a_form_that_everything_else_reads():
    result = roll_up(TWO, "hubei")
    again = read_structured(form_yaml(result.form).encode(), "whole.yaml")
    assert again == result.form
    assert score(again, "hubei").to_dict() == result.card.to_dict()


@pytest.mark.parametrize(
    ("totals", "points", "weight", "grade"),
    [("money_weighted", "88.80", 100, "良"), ("mean", "72.00", 100, "中"), ("sum", "144.00", 200, None)],
)
def test_scores_become_one_by_the_setting(totals, points, weight, grade):
    one, other = (row("≥10场", actual, weight=D(80)) for actual in ("3场", "10场"))
    forms = [unit(one), unit(other, name="乙", budget="800")]
    result = roll_up(forms, ruled(order="score_then_sum", totals=totals))
    assert [each.card.total.score for each in result.units] == [D("44.00"), D("100.00")]
    assert (result.total.score, result.total.weight, result.total.grade) == (D(points), weight, grade)
    assert (result.form, result.card) == (None, None)
    assert sum(line.score for line in result.lines) == D(points)
    assert bool(said(result, "no_grade")) == (totals == "sum")


def test_the_weight_of_the_whole_is_rounded_as_its_score():
    forms = [
        unit(row("≥10场", "10场", weight=D(weight)), name=name)
        for weight, name in ((80, "甲"), (80, "乙"), (30, "丙"))
    ]
    total = roll_up(forms, ruled(order="score_then_sum", totals="mean")).total
    assert (total.score, total.weight) == (D("83.33"), D("83.33"))


def test_units_that_share_the_hundred_points_have_a_grade():
    one = unit(row("≥10场", "10场", weight=D(40)), budget=money("200"))
    other = unit(row("≥10场", "10场", "座谈", weight=D(40)), name="乙", budget=money("1", weight=None))
    result = roll_up([one, other], ruled(order="score_then_sum", totals="sum"))
    assert (result.total.weight, result.total.score, result.total.grade) == (100, D("100.00"), "优")


def test_an_incomplete_unit_leaves_the_whole_incomplete():
    words = [unit(row("课程库、学员库", "数据库三个")), unit(row("≥10场", "10场"), name="乙")]
    result = roll_up(words, ruled(order="score_then_sum"))
    assert (result.total.complete, result.total.grade) == (False, None)
    assert "甲" in result.total.explanation.zh
    nothing = roll_up([Form("道路养护"), words[1]], ruled(order="score_then_sum", totals="mean"))
    assert (nothing.total.score, nothing.total.complete) == (None, False)


@pytest.mark.parametrize("order", ["sum_then_score", "score_then_sum"])
def test_all_faults_at_once(order):
    forms = [
        unit(row("≥10%", "3%")),
        replace(
            unit(row("≥20%", "25%", weight=D(5)), name="乙", budget=money(None, weight=D(10))), year=2021
        ),
        replace(unit(row("≥20%", "25%"), name="丙"), project="桥梁养护"),
    ]
    with pytest.raises(DataError) as caught:
        roll_up(forms, ruled(order=order))
    told = {in_english(fault.what): fault for fault in caught.value.faults}
    assert told["this form is of another project"].got == "桥梁养护"
    assert "--project" in told["this form is of another project"].hint.en
    assert (told["this form is of another year"].file, told["this form is of another year"].got) == (
        "乙",
        "2021",
    )
    setting = {"sum_then_score": "rates", "score_then_sum": "totals"}[order]
    assert f"roll_up: {{{setting}: mean}}" in told["no budget to weigh this unit by"].hint.en
    weights = {"the units give one row different weights", "the units give the budget line different weights"}
    assert weights <= set(told) if order == "sum_then_score" else not weights & set(told)


@pytest.mark.parametrize("budgets", [("0", "0"), ("-1", "5"), (None, "5")])
def test_without_money_there_are_no_weights(budgets):
    forms = [
        unit(row("≥90%", "80%"), name=name, budget=each) for name, each in zip("甲乙", budgets, strict=True)
    ]
    forms[1] = replace(forms[1], indicators=(row("≥90%", "81%"),))
    with pytest.raises(DataError, match="no budget to weigh this unit by"):
        roll_up(forms, "hubei")
    assert only(roll_up(forms, ruled(rates="mean"))).indicator.actual == "80.5%"


def test_no_form_and_no_scores_are_refused():
    with pytest.raises(DataError, match="there is no form to roll up"):
        roll_up([])
    with pytest.raises(SettingsError, match="without scores cannot be scored first"):
        roll_up(TWO, ruled("transfer", order="score_then_sum"))
    assert roll_up(TWO, "transfer").form.indicators[0].actual == "28场"


def test_a_project_that_units_name_differently_is_named_by_hand():
    forms = [TWO[0], replace(TWO[1], project="道路养护（乙）")]
    with pytest.raises(DataError, match="another project"):
        roll_up(forms, "hubei")
    result = roll_up(forms, "hubei", project="全市道路养护")
    assert (result.project, result.form.project) == ("全市道路养护", "全市道路养护")
    assert roll_up(forms[:1], "hubei", project="全市道路养护").form.project == "全市道路养护"


def test_forms_of_one_unit_are_told_apart_and_said():
    odd = replace(TWO[0], unit=None, department=None)
    result = roll_up(
        [TWO[0], TWO[0], odd, replace(odd, unread=(Unread("total", "A1", "x", "a figure"),))], "hubei"
    )
    assert [each.name for each in result.units] == ["甲 (1)", "甲 (2)", "#3", "#4"]
    assert said(result, "same_name") == []
    assert [told.partition(" say")[0] for told in said(result, "same_form")] == ["甲 (1)、甲 (2)", "#3、#4"]
    assert said(result, "unread") == ["1 cell(s) on the form of #4 could not be read"]


def test_a_form_handed_in_twice_is_counted_and_told_with_both_files():
    one, other = (replace(TWO[0], source=Source(file=f"报送/{name}.xlsx")) for name in ("一", "一（改）"))
    apart = replace(TWO[1], source=Source(file="报送/二.xlsx"))
    result = roll_up([one, other, apart], "hubei")
    assert result.form.budget.total.adjusted == D(1200)
    (told,) = said(result, "same_form")
    assert told.startswith("报送/一.xlsx、报送/一（改）.xlsx say the same in every cell")
    assert said(result, "same_name") == []
    revised = replace(other, total=D(90))
    result = roll_up([one, revised, apart], "hubei")
    (told,) = said(result, "same_name")
    assert told.startswith("2 forms are of 甲 (报送/一.xlsx、报送/一（改）.xlsx)")
    assert said(result, "same_form") == []
    assert not [note for note in roll_up([one, apart], "hubei").notes if note.key.startswith("same")]


def test_a_roll_up_as_data_holds_text_only():
    for order in ("sum_then_score", "score_then_sum"):
        data = roll_up(TWO, ruled(order=order)).to_dict("en")
        assert list(data) == [
            "project", "year", "profile", "order", "units", "lines", "total", "form", "scorecard", "cells", "notes",
        ]  # fmt: skip
        assert data["units"][0] == {
            "unit": "甲", "file": "", "budget": "2000000", "share": "0.2", "score": "23.00", "grade": None,
        }  # fmt: skip
        assert data["lines"][1]["units"] == [
            {"unit": "甲", "weight": "10", "score": "3.00"},
            {"unit": "乙", "weight": "10", "score": "10.00"},
        ]
        assert (data["form"] is None) == (order == "score_then_sum")
