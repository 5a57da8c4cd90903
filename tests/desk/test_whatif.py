"""What if: changed forms are scored by the rules like any other, and the form itself is left alone."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

import perfkit
from perfkit import desk
from perfkit.desk import Change
from perfkit.errors import SettingsError

TRAINING = "params/forms/leadership-training-2022.yaml"
LEARNING = "params/forms/online-learning-2022.yaml"
PROFILE = "shanghai-2022"


@pytest.fixture(scope="module")
def form():
    return perfkit.read(TRAINING)


@pytest.mark.parametrize(
    ("changes", "total"),
    [
        ({}, "87.14"),
        ({2: Change(actual="300课时")}, "88.04"),
        ({2: Change(actual="150课时")}, "87.54"),
        ({1: Change(actual="550人次")}, "82.14"),
        ({7: Change(rating="met")}, "87.94"),  # the band of 达成 starts at 80% of one point
        ({7: Change(rating="met", score=Decimal(1))}, "88.14"),
        ({7: Change(score=Decimal("0.5"))}, "87.64"),
    ],
)
def test_the_total_follows_the_change(form, changes, total):
    assert perfkit.score(desk.changed(form, changes, PROFILE), PROFILE).total.score == Decimal(total)


def test_a_change_leaves_the_form_and_the_other_rows_alone(form):
    before = perfkit.score(form, PROFILE)
    after = perfkit.score(desk.changed(form, {2: Change(actual="300课时")}, PROFILE), PROFILE)
    assert perfkit.score(form, PROFILE) == before
    moved = [
        row.number
        for row, other in zip(before.indicators, after.indicators, strict=True)
        if row.score != other.score
    ]
    assert moved == [2]


@given(actual=st.text(max_size=30), row=st.integers(1, 16))
def test_any_text_typed_into_an_actual_gives_a_score_within_the_weight(form, actual, row):
    card = perfkit.score(desk.changed(form, {row: Change(actual=actual)}, PROFILE), PROFILE)
    scored = card.indicators[row - 1]
    assert scored.score is None or 0 <= scored.score <= scored.weight


@pytest.mark.parametrize("row", [0, 17, -1])
def test_a_row_that_is_not_there_is_told(form, row):
    with pytest.raises(SettingsError, match="1 to 16"):
        desk.changed(form, {row: Change(actual="1")})


def test_reach_gives_the_fewest_rows_that_lift_the_total(form):
    rows = desk.reach(perfkit.score(form, PROFILE), "优")
    assert rows["number"].tolist() == [6, 7, 12]
    assert rows["total"].tolist() == [Decimal("88.14"), Decimal("89.14"), Decimal("90.14")]


def test_reach_says_when_a_grade_is_there_already_out_of_reach_or_unknown(form):
    card = perfkit.score(form, PROFILE)
    assert desk.reach(card, "良").empty
    with pytest.raises(SettingsError, match="no such grade"):
        desk.reach(card, "甲")
    low = desk.changed(form, {}, PROFILE)
    with pytest.raises(SettingsError, match="out of reach"):
        desk.reach(perfkit.score(low, "rate-cap-2022"), "优")


def test_losses_are_the_rows_that_lost_points_largest_first(form):
    losses = desk.losses(perfkit.score(form, PROFILE))
    assert losses["number"].tolist() == [6, 7, 12, 2]
    assert sum(losses["lost"]) == Decimal("3.9")


def test_profiles_side_by_side(form):
    table = desk.profiles(form)
    assert tuple(table.index) == perfkit.profile_names()
    assert table.loc[PROFILE, "score"] == Decimal("87.14")
    assert table.loc["rate-cap-2022", "score"] == Decimal(59)


def test_compare_matches_rows_by_level_and_name(form):
    changed = desk.changed(form, {2: Change(actual="300课时")}, PROFILE)
    table = desk.compare(perfkit.score(form, PROFILE), perfkit.score(changed, PROFILE))
    assert len(table) == 16
    assert table.set_index("name").loc["全年培训课时", "moved"] == Decimal("0.90")
    assert sum(table["moved"]) == Decimal("0.90")
    other = desk.compare(perfkit.score(form, PROFILE), perfkit.score(perfkit.read(LEARNING), PROFILE))
    assert len(other) > 16


def test_a_scenario_is_kept_beside_the_projects_listed_and_compared(form, tmp_path, monkeypatch):
    (tmp_path / "params").mkdir()
    monkeypatch.chdir(tmp_path)
    assert desk.scenarios().empty
    changed = desk.changed(form, {2: Change(actual="300课时")}, PROFILE)
    params = desk.keep(changed, "what-if", profile=PROFILE)
    assert params == tmp_path / "scenarios" / "what-if.yaml"
    assert perfkit.read(tmp_path / "scenarios/forms/what-if.yaml") == changed
    assert list((tmp_path / "params").iterdir()) == []  # what a department's summary counts
    with pytest.raises(SettingsError, match="already there"):
        desk.keep(changed, "what-if")
    for name in (
        "../up",
        "",
        "a/b",
        "C:\\x",
        ".hidden",
        "x" * 200,
        "nul",
        "COM1.old",
        "a.",
        "a\tb",
        "~$a",
        "\u202egnp",
    ):
        with pytest.raises(SettingsError, match="not a name"):
            desk.keep(changed, name)
    assert desk.keep(form, "另一个（乐观）") == tmp_path / "scenarios" / "另一个（乐观）.yaml"
    (tmp_path / "scenarios" / "broken.yaml").write_text("form: scenarios/forms/gone.yaml\n")
    table = desk.scenarios()
    assert table["scenario"].tolist() == ["broken", "what-if", "另一个（乐观）"]
    assert table["score"].tolist()[1] == Decimal("88.04")
    assert table["profile"].tolist()[1:] == [PROFILE, "mof-2020"]
    assert list(desk.scenarios("zh"))[:2] == ["情景", "项目名称"]
    before, after = perfkit.score(form, PROFILE), desk.scenario("what-if").card
    assert sum(desk.compare(before, after)["moved"]) == Decimal("0.90")
    with pytest.raises(SettingsError, match="no such scenario"):
        desk.scenario("nothing")


@pytest.mark.parametrize("profile", perfkit.profile_names())
@pytest.mark.parametrize("path", [TRAINING, LEARNING])
def test_reach_without_a_grade_gives_the_next_one_or_nothing(path, profile):
    card = perfkit.score(perfkit.read(path), profile)
    rows = desk.reach(card)
    above = sorted(each.at_least for each in card.profile.grades if each.at_least > (card.total.score or 0))
    if not rows.empty:
        assert rows["total"].tolist()[-1] >= above[0] > card.total.score


def test_tables_of_the_desk_are_named_in_the_language_of_the_reader(form):
    card = perfkit.score(form, PROFILE)
    for make in (desk.losses, desk.reach, lambda card, **how: desk.profiles(card.form, **how)):
        plain, chinese, english = make(card), make(card, language="zh"), make(card, language="en")
        assert len(plain.columns) == len(set(chinese.columns)) == len(set(english.columns))
        assert not [name for name in chinese.columns if name.isascii()]
        assert not [name for name in english.columns if not name[0].isupper()]
    assert desk.profiles(form, language="zh").index.name == "评分规则"


def test_a_review_of_another_value_falls_away_with_the_change(form):
    row = replace(form.indicators[1], review=Decimal("0.5"), opinion="不全")
    reviewed = replace(
        form, indicators=(form.indicators[0], row, *form.indicators[2:]), review_total=Decimal(80)
    )
    assert list(desk.losses(perfkit.score(reviewed, PROFILE))["review"].dropna()) == [Decimal("0.5")]
    other = desk.changed(reviewed, {2: Change("300课时")}, PROFILE)
    assert (other.indicators[1].review, other.indicators[1].opinion, other.review_total) == (None, None, None)
    assert list(desk.losses(perfkit.score(form, PROFILE))) == [
        *("number", "level2", "name", "target", "actual", "reason", "lost")
    ]


def test_compare_names_its_columns_in_a_language_each_side_by_its_year(form):
    one, two = perfkit.score(form, PROFILE), perfkit.score(replace(form, year=form.year + 1), PROFILE)
    assert list(desk.compare(one, two, language="zh").columns) == [
        "二级指标", "三级指标", "目标 · 2022", "实际 · 2022", "得分 · 2022", "目标 · 2023", "实际 · 2023", "得分 · 2023", "得分变动",
    ]  # fmt: skip
    assert list(desk.compare(one, one, language="en").columns)[2:4] == ["Target · 1", "Actual · 1"]


def test_compare_matches_a_row_that_was_renamed_and_shows_a_dash_where_a_year_has_none(form):
    first, second, *rest = form.indicators
    renamed = (replace(first, name=f"{first.name}量"), replace(second, level2="质量"), *rest[:-1])
    then = replace(form, year=form.year - 1, indicators=renamed)
    one, two = perfkit.score(then, PROFILE), perfkit.score(form, PROFILE)
    table = desk.compare(one, two)
    assert len(table) == len(form.indicators)
    assert table["name"][0] == f"{first.name}量 → {first.name}"
    assert table["level2"][1] == f"质量 → {second.level2}"
    assert table["moved"][:2].tolist() == [0, 0]
    last = desk.compare(one, two, language="zh").iloc[-1].tolist()
    assert last[:2] == [rest[-1].level2, rest[-1].name]
    assert last[2:5] == ["—", "—", "—"]
    assert last[-1] == "—"
