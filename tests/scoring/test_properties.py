"""What holds for every form under every profile."""

import ast
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import perfkit.scoring
from perfkit.form import Form
from perfkit.profiles import load_profile, profile_names
from perfkit.scoring import Scorecard, Status, score
from perfkit.values import Direction, Verdict
from tests.scoring.rows import read, scored, scored_reading
from tests.strategies import LEVELS, figures, forms, texts
from tests.trees import tree

SCORED = [name for name in profile_names() if name != "transfer"]
DEDUCTING = ("rate-cap-2022",)
profiles = st.sampled_from(SCORED)
amounts = figures("0", "10000")


@given(profile=st.sampled_from(profile_names()), form=forms(most=5))
def test_what_holds_for_every_form(profile, form):
    card = score(form, profile)
    points_lie_between_zero_and_the_weight(card)
    no_figure_is_a_float_and_none_has_an_exponent(card.to_dict())
    assert card == score(form, load_profile(profile))


def points_lie_between_zero_and_the_weight(card: Scorecard) -> None:
    for part in (card.budget, *card.indicators):
        if part.weight is not None:
            assert part.score is None or Decimal(0) <= part.score <= part.weight
            capped = part is not card.budget or card.profile.execution.capped
            assert part.computed is None or part.computed >= 0
            assert part.computed is None or part.computed <= part.weight or not capped
            assert (part.status is Status.UNSCORED) == (part.score is None)
    weights = [part.weight for part in (card.budget, *card.indicators) if part.weight is not None]
    assert card.total.weight == (sum(weights) if weights else None)
    assert card.total.complete or card.total.grade is None


def no_figure_is_a_float_and_none_has_an_exponent(card: dict) -> None:
    def walk(value: object) -> None:
        assert not isinstance(value, float)
        for item in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
            walk(item)

    walk(card)
    told = [card["budget"][key] for key in ("rate", "weight", "declared", "computed", "score")]
    told += [row[key] for row in card["indicators"] for key in ("weight", "computed", "score", "completion")]
    told += [card["total"][key] for key in ("weight", "declared", "computed", "score")]
    assert all(figure is None or figure.lstrip("-").replace(".", "", 1).isdigit() for figure in told)


def computed(direction: Direction, target: Decimal, actual: Decimal, profile: str) -> Decimal | None:
    """Give what a profile computes for two figures."""
    met = actual >= target if direction is Direction.AT_LEAST else actual <= target
    verdict = Verdict.MET if met else Verdict.MISSED
    reading = read(verdict, direction=direction, target=f"{target:f}", actual=f"{actual:f}")
    return scored_reading(reading, profile).computed


@given(profile=profiles, target=amounts, one=amounts, other=amounts)
def test_raising_an_at_least_actual_never_lowers_the_score(profile, target, one, other):
    low, high = sorted((one, other))
    if profile in DEDUCTING and high >= target * Decimal("1.3"):
        return
    less, more = (computed(Direction.AT_LEAST, target, actual, profile) for actual in (low, high))
    assert less is None or more is None or less <= more


@given(profile=profiles, target=amounts, one=amounts, other=amounts)
def test_lowering_an_at_most_actual_never_lowers_the_score(profile, target, one, other):
    low, high = sorted((one, other))
    more, less = (computed(Direction.AT_MOST, target, actual, profile) for actual in (low, high))
    assert less is None or more is None or less <= more


@given(
    profile=profiles,
    target=figures("0.01", "900"),
    actual=figures("0", "900"),
    operator=st.sampled_from("≥≤="),
)
def test_the_unit_of_both_figures_changes_nothing(profile, target, actual, operator):
    plain = scored(f"{operator}{target * 10000:f}元", f"{actual * 10000:f}元", profile, name="金额")
    short = scored(f"{operator}{target:f}万元", f"{actual:f}万元", profile, name="金额")
    mixed = scored(f"{operator}{target:f}万元", f"{actual * 10000:f}元", profile, name="金额")
    assert plain.computed == short.computed == mixed.computed


@pytest.mark.parametrize("profile", SCORED)
def test_a_hundred_percent_however_written(profile):
    rows = [
        scored("=100%", actual, profile, name="完成率", level2="质量指标") for actual in ("100%", "100", "1")
    ]
    assert {row.computed for row in rows} == {Decimal(10)}


def test_the_room_knows_no_float():
    package = Path(perfkit.scoring.__file__).parent
    for path in [
        *package.glob("*.py"),
        package.parent / "profile.py",
        *(package.parent / "profiles").glob("*.py"),
    ]:
        for node in ast.walk(tree(path)):
            assert not (isinstance(node, ast.Constant) and isinstance(node.value, float)), path
            assert not (isinstance(node, ast.Name) and node.id == "float"), path


def test_each_way_to_name_a_profile():
    form = Form("项目", 2022)
    by_name = score(form, "mof-2020")
    assert by_name == score(form) == score(form, load_profile("mof-2020")) == score(form, Path("mof-2020"))


@given(target=texts(), actual=texts(), level=st.sampled_from(LEVELS), profile=profiles)
def test_no_cell_however_odd_stops_the_scoring(target, actual, level, profile):
    row = scored(target, actual, profile, level2=level[1], declared="3")
    assert Decimal(0) <= row.score <= Decimal(10)
    assert row.explanation.zh
    assert row.to_dict("en")["explanation"]


@pytest.mark.parametrize(
    ("target", "actual"),
    [
        ("≥1" + "0" * 400, "5"),
        ("≥5", "1" + "0" * 400),
        ("≥0." + "0" * 300 + "1", "1"),
        ("≤1" + "0" * 400, "9" * 4000),
        ("≥" + "9" * 100_000, "9" * 100_000),
        ("≥1e400个", "1e400个"),
        ("≥-5%", "-10%"),
        ("≥0.00001%", "9" * 60 + "%"),
        ("(" * 5000, ")" * 5000),
    ],
)
@pytest.mark.parametrize("profile", ["mof-2020", "integrated-system", "hubei", "rate-cap-2022"])
def test_figures_beyond_all_measure(target, actual, profile):
    row = scored(target, actual, profile, declared="3").to_dict()
    assert Decimal(0) <= Decimal(row["score"]) <= Decimal(10)
    assert len(row["explanation"]) < 2000
    assert row["completion"] is None or "E" not in row["completion"]
