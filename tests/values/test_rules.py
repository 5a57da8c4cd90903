"""Rules by name: every rule of every table is told in both languages, and a verdict carries its rule's name."""

import pytest

from perfkit.text.catalogue import words
from perfkit.values import Verdict, deadlines, figure_rules, judge, ladders, mixed, prose, read_row
from perfkit.values.rules import Rule

TOLD = {key.removeprefix("rule."): entry for key, entry in words("values").items() if key.startswith("rule.")}
NAMED = {
    rule.name
    for room in (deadlines, figure_rules, judge, ladders, mixed, prose)
    for rules in vars(room).values()
    if isinstance(rules, tuple) and rules and all(isinstance(rule, Rule) for rule in rules)
    for rule in rules
}
WITHOUT_A_TABLE = {"copy", "rated", "nothing-to-compare"}


def test_every_rule_is_told_and_nothing_else_is():
    assert set(TOLD) == NAMED | WITHOUT_A_TABLE


@pytest.mark.parametrize(
    ("target", "actual", "name", "rule"),
    [
        ("≥500人", "521人", "培训人数", "plain-figure"),
        ("≥90%", "共受理120件，办结102件", "办结率", "part-of-a-whole"),
        ("60万元以内", "上半年25万元，下半年36.4万元", "项目成本", "parts-add-up"),
        ("10月底前", "9月12日", "完工时间", "date-by-date"),
        ("效果明显", "达成预期指标", "社会影响", "stated"),
        ("二级及以上", "一级", "公路等级", "classes"),
        ("≥10场", "已完成", "活动场次", "words-for-a-figure"),
        ("", "521人", "培训人数", "blank"),
    ],
)
def test_a_verdict_carries_its_rule(target, actual, name, rule):
    assert read_row(target, actual, name=name, year=2023).rule == rule


@pytest.mark.parametrize(
    ("target", "actual", "name", "unknown"),
    [
        ("≥3处", "新建公厕3处", "改造校舍", ("公厕",)),
        ("持续发挥效益", "落实管护人员1名", "工程效益", ("1名", "管护", "人员")),
        ("≥3处", "新建校舍3处", "改造校舍", ()),
        ("≥3处", "3处，公厕2座", "改造校舍", ()),
        ("≥3处", "因疫情影响，新建校舍3处", "改造校舍", ()),
        ("≥3处", "校舍3处，蓝莓", "改造校舍", ("蓝莓",)),
    ],
)
def test_a_word_that_nothing_knows_makes_a_verdict_unsure(target, actual, name, unknown):
    reading = read_row(target, actual, name=name, year=2023)
    assert reading.unknown == unknown
    assert reading.verdict is (Verdict.JUDGEMENT if unknown else Verdict.MET)
