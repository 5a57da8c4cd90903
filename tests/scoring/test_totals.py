"""The total: what is summed, what caps it, and what it says when something is missing."""

from decimal import Decimal

import pytest

from perfkit.form import Budget, Form, Fund, Indicator
from perfkit.scoring import Status, score, score_readings
from perfkit.values import Basis, Flag, Verdict
from tests.scoring.rows import read, text

FULL = Fund(Decimal(100), Decimal(100), Decimal(100), Decimal(10), "100%", Decimal(10))


def row(
    weight: str | None, declared: str | None = None, target="≥100场", actual="100场", level1="产出指标"
) -> Indicator:
    points = [None if figure is None else Decimal(figure) for figure in (weight, declared)]
    return Indicator("培训场次", level1, "数量指标", target, actual, *points)


def form(*rows: Indicator, total: str | None = None) -> Form:
    printed = None if total is None else Decimal(total)
    return Form("项目", 2022, budget=Budget(total=FULL), indicators=rows, total=printed)


def test_computed_takes_the_score_where_only_a_person_can_say():
    rows = (row("50", "50"), row("40", "30", "10月底", "11月"))
    card = score(form(*rows, total="90"))
    assert (text(card.total.computed), text(card.total.score)) == ("90.00", "90.00")
    assert card.total.complete
    assert "相符" in card.total.explanation.zh


def test_what_contradicts_the_rule_does_not_count():
    card = score(form(row("90", "90", actual="80场"), total="100"))
    assert (text(card.total.score), card.total.grade) == ("82.00", "良")
    assert "不符" in card.total.explanation.zh


def test_the_sum_of_the_lines_is_told_where_a_lower_printed_total_counts():
    card = score(form(row("50", "50"), row("40", "40"), total="91"))
    assert (text(card.total.score), card.total.held) == ("91", True)
    assert "得分合计 100" in card.total.explanation.zh
    assert "表列总分 91" in card.total.explanation.zh
    assert "相符" not in card.total.explanation.zh


def test_an_unscored_row_leaves_the_total_incomplete_and_without_grade():
    card = score(form(row("50", "50"), row("40", None, "10月底", "11月")))
    assert (card.total.complete, card.total.grade, text(card.total.score)) == (False, None, "60.00")
    assert "不完整" in card.total.explanation.zh
    assert "incomplete" in card.total.explanation.en


def test_a_row_without_weight_leaves_the_total_complete():
    card = score(form(row("90", "90"), row(None)))
    assert (card.total.complete, text(card.total.score)) == (True, "100.00")


def test_a_form_without_weights_sums_what_was_declared():
    rows = (row(None, "10"), row(None, "70"))
    card = score(Form("项目", 2021, indicators=rows, total=Decimal(80)))
    assert (card.total.weight, text(card.total.score), card.total.grade) == (None, "80.00", "良")
    assert {one.status for one in card.indicators} == {Status.JUDGED}


def test_an_empty_form_has_no_total():
    total = score(Form("项目", 2021)).total
    assert total.to_dict() == {
        "weight": None,
        "declared": None,
        "computed": None,
        "score": None,
        "grade": None,
        "state": "final",
        "because": [],
    }


def test_weights_are_summed_as_they_stand():
    assert score(form(row("50.5"), row("60.00"))).total.to_dict()["weight"] == "120.5"


@pytest.mark.parametrize(("per", "total"), [("row", "73.33"), ("total", "73.34")])
def test_rounding_by_row_or_in_total(make_profile, per, total):
    thirds = tuple(row("31.67", None, "≥90场", "60场") for _ in range(3))
    card = score(form(*thirds), make_profile(totalling={"per": per}))
    assert (text(card.total.computed), text(card.total.score)) == (total, total)
    assert text(card.indicators[0].computed) == "21.11"


@pytest.mark.parametrize(
    ("setting", "total"),
    [("rescale", "82.50"), ("to_benefit", "82.00"), ("zero", "66.00"), ("full", "86.00")],
)
def test_rows_that_do_not_apply(make_profile, setting, total):
    rows = (row("50"), row("20", level1="效益指标"), row("20"))
    short = read(Verdict.MISSED, target="100", actual="80")
    absent = read(Verdict.UNVERIFIABLE, basis=Basis.NONE, flags=frozenset({Flag.NOT_APPLICABLE}))
    profile = make_profile(totalling={"not_applicable": setting})
    card = score_readings(form(*rows), [short, short, absent], profile)
    assert (text(card.total.score), card.total.complete) == (total, True)


def test_a_row_that_says_it_does_not_apply_is_dropped_and_the_rest_rescaled():
    absent = Indicator("满意度", "满意度指标", "服务对象满意度指标", "≥90%", "不涉及", Decimal(20))
    card = score(form(row("50", "40", actual="80场"), absent, row("20", "20"), total="87.50"), "rescaled")
    assert (text(card.total.score), card.total.complete, card.total.grade) == ("87.50", True, "良")
    assert card.indicators[1].explanation.zh == "本行不适用，剔除后其余各项折算为 100 分（通用自评模板）"
    assert "折算" in card.total.explanation.zh
