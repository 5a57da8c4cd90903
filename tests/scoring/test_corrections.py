"""Figures beside the unit's own score: what a deduction (扣分) and a reviewer's score (核查得分) do to a row."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfkit.form import Budget, Form, Fund, Indicator
from perfkit.profile import Profile
from perfkit.profiles import load_profile, profile_names
from perfkit.scoring import Status, score
from tests.scoring.rows import scored, text
from tests.strategies import figures, reviewed_forms, weights

GUANGXI = "integrated-system-guangxi"
SCORED = [name for name in profile_names() if name != "transfer"]


def counting(name: str = "mof-2020", **settings: str) -> Profile:
    """Give a profile in which reviewers count, or deductions are subtracted."""
    profile = load_profile(name)
    return replace(profile, corrections=replace(profile.corrections, **settings))


def points(figure: str | None) -> Decimal | None:
    return None if figure is None else Decimal(figure)


@pytest.mark.parametrize("name", profile_names())
def test_only_guangxi_subtracts_and_none_lets_a_reviewer_count(name):
    rules = load_profile(name).corrections
    assert (rules.deduction, rules.review) == ("subtract" if name == GUANGXI else "ignore", "note")


@pytest.mark.parametrize(
    ("actual", "deduction", "declared", "reason", "computed", "counts", "status"),
    [
        # met, and what is left agrees
        ("100场", "2", "8", None, "8.00", "8", "agrees"),
        ("100场", "2", None, None, "8.00", "8.00", "agrees"),
        ("100场", "0", "10", None, "10.00", "10", "agrees"),
        ("100场", "0.5", "9.50", None, "9.50", "9.50", "agrees"),
        # the declared score leaves the deduction out
        ("100场", "2", "10", None, "8.00", "8.00", "differs"),
        # more is off than the deduction says: with a reason a person's, without one a contradiction
        ("100场", "2", "7", "报送材料晚", "8.00", "7", "judged"),
        ("100场", "2", "7", "无", "8.00", "7", "lower"),
        # missed, and the deduction on top
        ("80场", "2", "6", "雨季", "6.00", "6", "agrees"),
        ("80场", "2", "8", "雨季", "6.00", "6.00", "differs"),
        # down to 0 and no further
        ("80场", "8", "0", None, "0.00", "0", "agrees"),
        ("80场", "9", None, None, "0.00", "0.00", "agrees"),
        ("100场", "15", "0", None, "0.00", "0", "agrees"),
        # no deduction below zero adds points
        ("100场", "-3", "10", None, "10.00", "10", "agrees"),
        # only a person can say: a deduction computes nothing
        (None, "2", None, None, None, None, "unscored"),
        (None, "2", "7", None, None, "7", "judged"),
    ],
)
def test_a_deduction_is_taken_off_the_computed_points(
    actual, deduction, declared, reason, computed, counts, status
):
    row = scored("≥100场", actual, GUANGXI, declared=declared, reason=reason, deduction=Decimal(deduction))
    assert (text(row.computed), text(row.score), str(row.status)) == (computed, counts, status)


def test_a_deduction_is_left_out_of_account_where_the_profile_says_nothing_of_it():
    with_one = scored("≥100场", "80场", "integrated-system", declared="8", deduction=Decimal(2))
    without = scored("≥100场", "80场", "integrated-system", declared="8")
    assert (with_one.computed, with_one.score, with_one.explanation.zh) == (
        without.computed,
        without.score,
        without.explanation.zh,
    )


def test_a_row_without_weight_keeps_what_was_declared_whatever_is_deducted():
    row = scored("≥100场", "80场", GUANGXI, weight=None, declared="5", deduction=Decimal(2))
    assert (row.computed, text(row.score)) == (None, "5")


@pytest.mark.parametrize(("rating", "band"), [("partly", ("4.00", "5.99")), ("missed", ("0.00", "3.99"))])
def test_the_band_of_a_rated_row_is_lower_by_the_deduction(rating, band):
    row = scored("提升", "有所提升", GUANGXI, rating=rating, level2="社会效益指标", deduction=Decimal(2))
    assert tuple(f"{Decimal(end):.2f}" for end in row.band) == band
    assert row.score is None


@pytest.mark.parametrize(
    ("fields", "zh", "en"),
    [
        ({"deduction": "2"}, "，另扣 2 分，得 8；", ", less 2 deducted = 8;"),
        ({"deduction": "12"}, "，另扣 12 分，扣完为止，得 0；", ", less 12 deducted, down to 0;"),
        ({"review": "7.5"}, "；核查得分 7.5，仅列示（", "; a reviewer's score of 7.5 stands beside it ("),
        (
            {"review": "11"},
            "；核查得分 11，超出 0 至分值的范围，按 10 列示",
            "beyond the weight, stands beside it as 10",
        ),
        ({"deduction": "0"}, "得满分 10；", "full points, 10;"),
    ],
)
def test_the_explanation_says_so(fields, zh, en):
    figures = {key: Decimal(value) for key, value in fields.items()}
    told = scored("≥100场", "100场", GUANGXI, declared="10", **figures).explanation
    assert zh in told.zh
    assert en in told.en


def test_a_deduction_that_nothing_is_computed_to_take_it_off_is_told():
    told = scored("≥100场", None, GUANGXI, declared="7", deduction=Decimal(2)).explanation
    assert "另列扣分 2" in told.zh
    assert "the deduction of 2" in told.en


@pytest.mark.parametrize(
    ("actual", "declared", "review", "counts"),
    [
        ("100场", "10", "7", "7"),
        ("80场", "10", "9", "9"),  # what a reviewer gives stands against the formula too
        ("80场", None, "6", "6"),
        (None, None, "6", "6"),
        ("100场", "10", "12", "10"),
        ("100场", "10", "-1", "0"),
        ("100场", "10", "0", "0"),
    ],
)
def test_a_reviewers_score_counts_where_the_profile_says_so(actual, declared, review, counts):
    row = scored("≥100场", actual, counting(review="counts"), declared=declared, review=Decimal(review))
    assert (text(row.score), row.status) == (counts, Status.JUDGED)
    assert "核查得分" in row.explanation.zh
    assert "以" in row.explanation.zh
    assert "a reviewer gave" in row.explanation.en
    assert "暂不计分" not in row.explanation.zh


@pytest.mark.parametrize("declared", ["10", None])
@pytest.mark.parametrize("name", SCORED)
def test_a_reviewers_score_is_told_and_changes_nothing_under_the_shipped_profiles(name, declared):
    reviewed = scored("≥100场", "80场", name, declared=declared, review=Decimal(3))
    alone = scored("≥100场", "80场", name, declared=declared)
    assert (reviewed.computed, reviewed.score, reviewed.status) == (alone.computed, alone.score, alone.status)
    assert "核查得分 3" in reviewed.explanation.zh


def form(*rows: tuple[str, str | None, str | None], review_total: str | None = None, **budget: str) -> Form:
    """Give a form of met rows: weight, declared score, review; and a budget line of ten points."""
    fund = Fund(Decimal(100), Decimal(100), Decimal(100), Decimal(10), "100%", Decimal(10))
    made = tuple(
        Indicator(
            "养护里程",
            "产出指标",
            "数量指标",
            "≥100公里",
            "100公里",
            Decimal(weight),
            points(declared),
            review=points(review),
        )
        for weight, declared, review in rows
    )
    fund = replace(fund, **{key: Decimal(value) for key, value in budget.items()})
    return Form("项目", 2022, budget=Budget(fund), indicators=made, review_total=points(review_total))


@pytest.mark.parametrize(
    ("made", "own", "review", "deviation"),
    [
        (form(("60", "60", "54"), ("30", "30", "30")), "100.00", "94.00", "6.00"),
        (form(("60", "60", "54"), ("30", "30", None)), "100.00", "94.00", "6.00"),
        (form(("60", "60", None), ("30", "30", None), review="8"), "100.00", "98.00", "2.00"),
        (form(("60", "50", "60"), ("30", "30", None)), "90.00", "100.00", "-11.11"),
        (form(("60", "60", "70"), ("30", "30", None)), "100.00", "100.00", "0.00"),
        (form(("60", None, "57"), ("30", None, None)), "100.00", "97.00", "3.00"),
        (form(("60", "60", None), ("30", "30", None), review_total="91.5"), "100.00", "91.5", "8.50"),
        (form(("60", "0", "30"), ("30", "0", None), score="0"), "0.00", "30.00", None),
    ],
)
def test_the_review_of_the_whole_and_how_far_the_unit_is_off(made, own, review, deviation):
    total = score(made).total
    assert (text(total.review.self_score), text(total.review.score)) == (own, review)
    assert text(total.review.deviation) == deviation


def test_a_form_that_nobody_reviewed_has_no_review():
    total = score(form(("90", "90", None))).total
    assert total.review is None
    assert "核查" not in total.explanation.zh


def test_the_total_tells_the_deviation_and_a_printed_total_that_differs():
    told = score(form(("60", "60", "54"), ("30", "30", None), review_total="95")).total.explanation
    assert "自评合计 100.00，核查合计 94.00，偏离 6.00%；与表列核查总分 95 不符" in told.zh
    assert "a deviation of 6.00%; the printed total of the review, 95, differs" in told.en


@pytest.mark.parametrize("per", ["row", "total"])
def test_the_total_sums_what_reviewers_gave_where_they_count(make_profile, per):
    profile = make_profile(corrections={"review": "counts"}, totalling={"per": per})
    card = score(form(("60", None, "54.5"), ("30", "30", None), review="9"), profile)
    assert (text(card.budget.score), text(card.total.score)) == ("9", "93.50")
    assert card.total.score == card.total.review.score


def test_the_cap_of_the_total_holds_for_both_sums():
    made = form(("60", "60", "54"), ("30", "30", None), executed="65", score="6.5")
    review = score(made, "rate-cap-2022").total.review
    assert (text(review.self_score), text(review.score), text(review.deviation)) == ("79.00", "79.00", "0.00")


def test_a_reviewer_scores_no_row_that_is_dropped():
    absent = Indicator(
        "满意度", "满意度指标", "服务对象满意度指标", "≥90%", "不涉及", Decimal(20), review=Decimal(15)
    )
    made = form(("70", "70", "63"))
    card = score(replace(made, indicators=(*made.indicators, absent)), counting("rescaled", review="counts"))
    assert (card.indicators[1].score, text(card.total.score)) == (None, "91.25")
    assert (text(card.total.review.self_score), text(card.total.review.score)) == ("100.00", "91.25")


def test_json_has_the_keys_only_where_the_form_has_the_column():
    bare = score(form(("90", "90", None))).to_dict()
    assert not {"deduction", "review", "opinion"} & (bare["indicators"][0].keys() | bare["budget"].keys())
    assert list(bare["total"]) == ["weight", "declared", "computed", "score", "grade", "state", "because"]
    made = form(("90", "90", "80.0"), review="9.50", review_total="89.5")
    row = replace(made.indicators[0], deduction=Decimal("0.50"), opinion="材料不全")
    told = score(replace(made, indicators=(row,))).to_dict()
    assert [told["indicators"][0][key] for key in ("deduction", "review", "opinion")] == [
        "0.50",
        "80.0",
        "材料不全",
    ]
    assert told["budget"]["review"] == "9.50"
    wanted = {"self_score": "100.00", "review": "89.50", "review_declared": "89.5", "deviation": "10.50"}
    assert told["total"].items() >= wanted.items()


def test_a_form_without_scores_shows_what_it_prints_and_sums_nothing():
    row = Indicator(
        "新建道路", target="≥5米", actual="5米", deduction=Decimal(2), review=Decimal(3), opinion="同意"
    )
    card = score(Form("项目", 2022, indicators=(row,)), "transfer")
    told = card.indicators[0].to_dict()
    assert (told["score"], told["deduction"], told["review"], told["opinion"]) == (None, "2", "3", "同意")
    assert card.total.review is None


profiles = st.builds(
    counting, st.sampled_from(SCORED), deduction=st.sampled_from(["ignore", "subtract"]),
    review=st.sampled_from(["note", "counts"]),
)  # fmt: skip


@given(form=reviewed_forms(most=5), profile=profiles)
def test_a_score_lies_between_zero_and_its_weight(form, profile):
    card = score(form, profile)
    for part in (card.budget, *card.indicators):
        assert part.weight is None or part.score is None or Decimal(0) <= part.score <= part.weight
        assert (part.status is Status.UNSCORED) == (part.score is None)
        assert all(part.explanation[language] for language in ("zh", "en"))
    assert (card.total.review is None) == (
        form.review_total is None and all(part.review is None for part in (card.budget, *card.indicators))
    )


@given(form=reviewed_forms(most=5), profile=profiles)
def test_without_the_columns_no_setting_matters(form, profile):
    rows = tuple(replace(row, deduction=None, review=None, opinion=None) for row in form.indicators)
    total = replace(form.budget.total, review=None)
    bare = replace(form, indicators=rows, budget=replace(form.budget, total=total), review_total=None)
    assert score(bare, profile).to_dict() == score(bare, profile.name).to_dict()


@given(
    name=st.sampled_from(SCORED),
    actual=st.integers(0, 200),
    declared=st.none() | figures("0", "10"),
    one=weights(),
    other=weights(),
)
def test_a_larger_deduction_never_raises_a_score(name, actual, declared, one, other):
    profile, (small, large) = counting(name, deduction="subtract"), sorted((one, other))
    less, more = (
        scored("≥100场", f"{actual}场", profile, declared=declared, deduction=taken)
        for taken in (large, small)
    )
    assert less.computed is None or less.computed <= more.computed
    assert less.score is None or less.score <= more.score


@pytest.mark.parametrize(
    ("declared", "review", "own", "reviewed", "cut"),
    [
        ("8", "6.5", "8", "6.5", "1.5"),
        ("8", "9", "8", "9", "-1"),
        ("8", "12", "8", "10", "-2"),  # a reviewer's points end at the weight
        (None, "6", "10.00", "6", "4.00"),  # nothing declared: the rules' own points
        ("8", None, "8", None, None),
    ],
)
def test_what_a_review_takes_off_the_units_own_points(declared, review, own, reviewed, cut):
    row = scored("≥100场", "100场", declared=declared, review=None if review is None else Decimal(review))
    assert [text(figure) for figure in (row.own, row.reviewed, row.cut)] == [own, reviewed, cut]


@pytest.mark.parametrize(
    ("actual", "second", "computed", "status"),
    [
        ("42个", "3100册", Decimal(60), Status.AGREES),  # both met
        ("42个", "2000册", None, Status.JUDGED),  # the second missed: no rule shares the points out
        ("20个", "3100册", None, Status.JUDGED),
        ("20个", "1500册", Decimal(30), Status.DIFFERS),  # both missed by as much
        ("42个", "已采购", None, Status.JUDGED),
    ],
)
def test_points_that_several_rows_share_are_judged_by_all_of_them(actual, second, computed, status):
    rows = (
        Indicator(name="添置书架", target="≥40个", actual=actual, weight=Decimal(60), score=Decimal(60)),
        Indicator(name="添置图书", target="≥3000册", actual=second),
        Indicator(name="验收合格率", target="100%", actual="100%", weight=Decimal(40), score=Decimal(40)),
    )
    form = Form(project="甲", indicators=rows)
    profile = load_profile("mof-2020")
    first, _, last = score(form, profile).indicators
    assert (first.computed, first.status) == (computed, status)
    assert last.computed == Decimal(40)
    alone = score(replace(form, indicators=(replace(rows[0], weight=Decimal(45)), *rows[1:])), profile)
    assert alone.indicators[0].computed is not None  # weights that do not add up show no group
