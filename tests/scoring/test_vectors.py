"""The cases that the rule sets of the field score differently, ten points each, profile by profile."""

from decimal import Decimal

import pytest

from perfkit.form import Budget, Form, Fund, Indicator
from perfkit.profiles import load_profile, profile_names
from perfkit.scoring import Scorecard, Status, score
from tests.scoring.rows import scored, text

PERSON = None
SATISFACTION = "服务对象满意度指标"
SCORED = [name for name in profile_names() if name != "transfer"]
MIRRORED = ("integrated-system", "integrated-system-guangxi")
INVERSE = ("hubei", "rescaled")
NO_FORMULA = ("mof-2020", "mof-2021", "rate-cap-2022", "sichuan-2023", "shanghai-2022")


@pytest.mark.parametrize("profile", SCORED)
@pytest.mark.parametrize(
    ("target", "actual", "level2", "expected"),
    [
        ("≥100场", "100场", "数量指标", "10.00"),
        ("≥100场", "80场", "数量指标", "8.00"),
        ("≥100场", "129场", "数量指标", "10.00"),
        ("=100场", "100场", "数量指标", "10.00"),
        ("=100场", "80场", "数量指标", "8.00"),
        ("≤10次", "10次", "数量指标", "10.00"),
        ("达成预期指标", "达成预期指标", "社会效益指标", "10.00"),
        ("≥90%", "90%", SATISFACTION, "10.00"),
    ],
)
def test_where_all_rule_sets_agree(profile, target, actual, level2, expected):
    assert text(scored(target, actual, profile, level2=level2).computed) == expected


@pytest.mark.parametrize(
    ("profiles", "target", "actual", "expected"),
    [
        (MIRRORED, "≤10次", "12次", "8.00"),
        (INVERSE, "≤10次", "12次", "8.33"),
        (NO_FORMULA, "≤10次", "12次", PERSON),
        (MIRRORED, "≤10次", "15次", "5.00"),
        (INVERSE, "≤10次", "15次", "6.67"),
        (NO_FORMULA, "≤10次", "15次", PERSON),
        (MIRRORED, "≤10次", "20次", "0.00"),
        (INVERSE, "≤10次", "20次", "5.00"),
        (NO_FORMULA, "≤10次", "20次", PERSON),
        (MIRRORED, "=0次", "1次", "0.00"),
        (INVERSE, "=0次", "1次", PERSON),
        (NO_FORMULA, "=0次", "1次", PERSON),
        (MIRRORED, "≤0次", "1次", "0.00"),
        (INVERSE, "≤0次", "1次", "0.00"),
        (NO_FORMULA, "≤0次", "1次", PERSON),
    ],
)
def test_at_most_and_zero_targets(profiles, target, actual, expected):
    for profile in profiles:
        assert text(scored(target, actual, profile, name="事故次数").computed) == expected, profile


@pytest.mark.parametrize("profile", SCORED)
def test_far_above_the_target(profile):
    expected = "8.00" if profile == "rate-cap-2022" else "10.00"
    assert text(scored("≥100场", "130场", profile).computed) == expected


def test_the_deduction_is_made_against_the_initial_target():
    assert text(scored("≥150场", "150场", "rate-cap-2022", initial_target="≥100场").computed) == "8.00"
    assert text(scored("≥100场", "150场", "rate-cap-2022", initial_target="≥140场").computed) == "10.00"


@pytest.mark.parametrize("profile", SCORED)
def test_satisfaction_below_its_target(profile):
    expected = "8.00" if profile == "mof-2021" else "9.44"
    assert text(scored("≥90%", "85%", profile, level2=SATISFACTION).computed) == expected


@pytest.mark.parametrize(
    ("actual", "expected"),
    [
        ("95%", "10.00"),
        ("90%", "10.00"),
        ("89.99%", "8.00"),
        ("80%", "8.00"),
        ("79%", "5.00"),
        ("59%", "0.00"),
    ],
)
def test_the_steps_of_satisfaction(actual, expected):
    assert text(scored("≥90%", actual, "mof-2021", level2=SATISFACTION).computed) == expected


@pytest.mark.parametrize(("actual", "expected"), [("60场", "6.00"), ("59场", "0.00")])
def test_the_pass_line(actual, expected):
    assert text(scored("≥100场", actual, "mof-2021").computed) == expected


@pytest.mark.parametrize(
    ("profile", "rating", "low", "high"),
    [
        ("mof-2020", "met", "8", "10"),
        ("mof-2020", "partly", "6", "8"),
        ("mof-2020", "missed", "0", "6"),
        ("mof-2021", "partly", "6", "8"),
        ("integrated-system", "met", "8", "10"),
        ("integrated-system", "partly", "6", "7.99"),
        ("integrated-system", "missed", "0", "5.99"),
        ("hubei", "partly", "5", "8"),
        ("hubei", "missed", "0", "5"),
    ],
)
def test_the_band_that_a_rating_leaves_to_a_person(profile, rating, low, high):
    row = scored("显著提升", "有所提升", profile, level2="社会效益指标", rating=rating)
    assert row.band == (Decimal(low), Decimal(high))
    assert (row.computed, row.status) == (PERSON, Status.UNSCORED)


def form_at(rate: str, weight: str = "10") -> Form:
    """Give a form with every indicator at full marks and this execution rate."""
    line = Fund(None, Decimal(100), Decimal(rate), Decimal(weight), f"{rate}%", None)
    points = 100 - Decimal(weight)
    row = Indicator("培训场次", "产出指标", "数量指标", "≥5场", "5场", points, points)
    return Form("项目", 2022, budget=Budget(total=line), indicators=(row,))


@pytest.mark.parametrize(
    ("profile", "rate", "weight", "execution", "total", "grade"),
    [
        ("mof-2020", "75", "10", "7.50", "97.50", "优"),
        ("integrated-system", "75", "10", "7.50", "97.50", "优"),
        ("hubei", "75", "20", "15.00", "95.00", "优"),
        ("rate-cap-2022", "75", "10", "7.50", "89.00", "良"),
        ("rate-cap-2022", "80", "10", "8.00", "98.00", "优"),
        ("rate-cap-2022", "70", "10", "7.00", "89.00", "良"),
        ("rate-cap-2022", "69.99", "10", "7.00", "79.00", "中"),
        ("rate-cap-2022", "55", "10", "5.50", "69.00", "中"),
        ("rate-cap-2022", "45", "10", "4.50", "59.00", "差"),
        ("mof-2020", "45", "10", "4.50", "94.50", "优"),
        ("integrated-system", "45", "10", "4.50", "94.50", "优"),
        ("hubei", "45", "20", "9.00", "89.00", "良"),
        ("mof-2021", "45", "10", "0.00", "90.00", "优"),
        ("mof-2020", "45.17", "10", "4.52", "94.52", "优"),
        ("mof-2020", "86.19", "10", "8.62", "98.62", "优"),
    ],
)
def test_the_execution_rate(profile, rate, weight, execution, total, grade):
    card: Scorecard = score(form_at(rate, weight), profile)
    assert text(card.budget.computed) == execution
    assert (text(card.total.score), text(card.total.computed), card.total.grade) == (total, total, grade)


@pytest.mark.parametrize(
    ("profile", "total", "grade"),
    [
        ("mof-2020", "85", "良"),
        ("integrated-system", "85", "优"),
        ("mof-2020", "89.5", "良"),
        ("mof-2020", "90", "优"),
        ("mof-2020", "60", "中"),
        ("mof-2020", "59.99", "差"),
        ("transfer", "85", None),
    ],
)
def test_grades_are_half_open(profile, total, grade):
    assert load_profile(profile).grade(Decimal(total)) == grade
