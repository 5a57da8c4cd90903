"""Explanations: one sentence in each language, by which a person can do the sum again."""

import pickle
import re
from dataclasses import replace
from decimal import Decimal
from string import Formatter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfkit.form import Budget, Form, Fund, Indicator
from perfkit.language import Text
from perfkit.profiles import load_profile, profile_names
from perfkit.rollup import roll_up
from perfkit.scoring import score
from perfkit.scoring.explanation import phrases
from tests.scoring.published import form
from tests.scoring.rows import scored
from tests.strategies import forms


@pytest.mark.parametrize(
    ("told", "zh", "en"),
    [
        (
            {"target": "≥300课时", "actual": "32课时", "weight": "1", "declared": "0.1"},
            (
                "实际 32 课时 ÷ 目标 300 课时 = 10.67%，× 分值 1 = 0.1067，四舍五入保留两位小数为 0.11；"
                "表列 0.1，按其一位小数相符（财预〔2020〕10号 第十八条）"
            ),
            (
                "Actual 32 课时 ÷ target 300 课时 = 10.67%, × weight 1 = 0.1067, rounded half up to two decimals: "
                "0.11; the form says 0.1, which agrees to one decimal (Caiyu [2020] No. 10, art. 18)"
            ),
        ),
        (
            {"target": "≤10次", "actual": "12次", "profile": "integrated-system", "name": "事故次数"},
            "（2 − 实际 12 次 ÷ 目标 10 次）× 分值 10 = 8；表列未填得分，按 8.00 计（一体化系统（定量指标算分））",
            (
                "(2 − actual 12 次 ÷ target 10 次) × weight 10 = 8; no score is declared: 8.00 counts "
                "(Integrated system (formulas of measured rows))"
            ),
        ),
        (
            {
                "target": "≥90%",
                "actual": "85%",
                "profile": "mof-2021",
                "level2": "服务对象满意度指标",
                "declared": "9",
            },
            (
                "满意度实际 85%，未达到目标 90%，处于 80% 及以上一档，得分值 10 的 80% = 8；"
                "表列 9，高于规则所给，按 8.00 计（财预〔2021〕101号（满意度赋分示例））"
            ),
            (
                "Satisfaction 85% is under the target 90%, in the step from 80%: 80% of weight 10 = 8; the form says 9, "
                "more than the rule gives: 8.00 counts (Caiyu [2021] No. 101 (worked example for satisfaction))"
            ),
        ),
        (
            {"target": "10月底", "actual": "11月", "declared": "4", "weight": "5"},
            (
                "实际 11月，晚于目标 10月底，规则未规定逾期算法，须由人评定；表列 4，按表列计"
                "（财预〔2020〕10号（未规定逾期算法））"
            ),
            (
                "Actual 11月 is later than the target 10月底, and the rules give no formula for lateness: a person has to "
                "score it; the form says 4, which counts (Caiyu [2020] No. 10 (gives no formula for lateness))"
            ),
        ),
    ],
)
def test_the_sentence(told, zh, en):
    row = scored(**told)
    assert row.explanation.zh == zh
    assert row.explanation.en == en


def test_the_budget_line_tells_its_division_and_its_rounding():
    told = score(form("online-learning-2022"), "shanghai-2022").budget.explanation
    assert told.zh == (
        "执行数 8,120,525 元 ÷ 全年预算数 8,205,000 元 = 98.9704%，进位保留两位小数为 98.98%，× 分值 10 = 9.898，"
        "四舍五入保留两位小数为 9.90；表列 9.9，相符（上海市2022年度公开自评表）"
    )


def test_every_phrase_says_the_same_figures_in_both_languages():
    for key, said in phrases().items():
        assert set(said) == {"zh", "en"}, key
        zh, en = (
            {field for _, field, _, _ in Formatter().parse(said[language]) if field}
            for language in ("zh", "en")
        )
        if "_text" not in said["zh"] + said["en"]:
            assert zh == en, key


@given(profile=st.sampled_from(profile_names()), told=forms(most=4))
def test_every_score_is_explained(profile, told):
    card = score(told, profile)
    for part in (card.budget, *card.indicators, card.total):
        for language in ("zh", "en"):
            sentence = part.explanation[language]
            assert sentence
            assert not re.search(r"\d[eE][+-]?\d|\bNone\b|\bnan\b|[{}]", sentence), sentence


def test_an_explanation_is_a_text_and_survives_pickling():
    told = scored("≥300课时", "32课时", declared="0.1").explanation
    again = pickle.loads(pickle.dumps(told))
    assert isinstance(told, Text)
    assert (again.zh, again.en) == (told.zh, told.en)
    assert again == told
    assert str(told) == told.zh
    assert hash(again) == hash(told)


@pytest.mark.parametrize(
    ("declared", "zh", "en"),
    [
        ("0.1", "按其一位小数相符", "agrees to one decimal"),
        ("0.106667", "按其六位小数相符", "agrees to six decimals"),
        ("0.10666667", "按其8 位小数相符", "agrees to 8 decimals"),
    ],
)
def test_the_precision_of_the_declared_figure(declared, zh, en):
    told = scored("≥300课时", "32课时", weight="1", declared=declared).explanation
    assert zh in told.zh
    assert en in told.en


@pytest.mark.parametrize(
    ("target", "actual", "said"),
    [
        ("≤0.5万元", "1.25万元", "实际 12,500 元，超过目标 5,000 元"),
        ("≥10%", "-0.5%", "实际 -0.5% ÷ 目标 10% = 0%"),
        ("≥1200人次", "8人次", "实际 8 人次 ÷ 目标 1,200 人次"),
    ],
)
def test_amounts_stand_with_their_units(target, actual, said):
    assert said in scored(target, actual, name="金额").explanation.zh


def test_a_long_cell_is_shortened():
    said = scored("稳定", "稳定" * 500, declared="10", level2="社会效益指标").explanation.zh
    assert len(said) < 250
    assert "…" in said


def test_a_figure_that_was_worked_out_is_told_to_four_decimals_and_a_printed_one_as_printed():
    derived = scored("≥95%", "参训312人，合格290人", name="培训合格率", level2="质量指标").explanation.zh
    assert "实际 92.9487% ÷" in derived
    assert "实际 90.123456% ÷" in scored("≥95%", "90.123456%", name="培训合格率").explanation.zh


OWN_GRADES = "grades: [{name: 合格, at_least: 60}, {name: 不合格, at_least: 0}]\n"
OWN_OVER = "over_achievement: {method: fixed, threshold: 1.5, points: 1}\n"
OWN_CORRECTIONS = "corrections: {deduction: subtract}\n"


def own_profile(folder, sections):
    path = folder / "own.yaml"
    path.write_text(f"extends: mof-2020\nsource: 县财绩〔2024〕3号\n{sections}", encoding="utf-8")
    return load_profile(path)


def test_a_grade_is_cited_to_what_sets_the_grades_and_the_sum_to_what_sets_the_sum(tmp_path):
    fund = Fund(Decimal(100), Decimal(100), Decimal(100), Decimal(10), "100%", Decimal(10))
    row = Indicator("培训场次", "产出指标", "数量指标", "≥100场", "100场", Decimal(90))
    one = Form("项目", 2022, unit="甲", budget=Budget(total=fund), indicators=(row,))
    base, own = load_profile("mof-2020"), own_profile(tmp_path, OWN_GRADES)
    summed = f"（{base.totalling.source.zh}）"
    told = score(one, own).total.explanation
    assert told.zh.endswith(f"{summed}；等级为合格（县财绩〔2024〕3号）")
    assert told.en.endswith("the grade is 合格 (县财绩〔2024〕3号)")
    assert score(one, base).total.explanation.zh.endswith(f"{summed}；等级为优（{base.grades_source.zh}）")
    scored_first = own_profile(tmp_path, OWN_GRADES + "roll_up: {order: score_then_sum}\n")
    whole = roll_up([one, replace(one, unit="乙")], scored_first).total.explanation
    assert whole.zh.endswith("等级为合格；依据：县财绩〔2024〕3号")


def test_full_points_and_what_is_taken_off_them_are_cited_each_to_its_rule(tmp_path):
    met = f"（{load_profile('mof-2020').quantity.source.zh}）"
    over = scored("≥100场", "200场", own_profile(tmp_path, OWN_OVER)).explanation.zh
    assert f"得满分 10{met}" in over
    assert over.endswith("（县财绩〔2024〕3号）")
    less = scored(
        "≥100场", "100场", own_profile(tmp_path, OWN_CORRECTIONS), deduction=Decimal(2), declared="9"
    )
    assert f"得满分 10{met}，另扣 2 分" in less.explanation.zh
    assert less.explanation.zh.endswith("（县财绩〔2024〕3号）")
    assert less.explanation.zh.count("（县财绩") == 1


def test_one_source_is_cited_once():
    told = scored("≥100场", "200场").explanation.zh
    assert told.count(load_profile("mof-2020").quantity.source.zh) == 1
