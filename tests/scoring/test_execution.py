"""The budget line: the rate under every denominator, and forms that leave something out."""

from decimal import Decimal

import pytest

from perfkit.form import Budget, Form, Fund, Indicator
from perfkit.scoring import Status, score
from perfkit.values import printed_rate
from tests.scoring.rows import text


def fund(
    initial: str | None = None,
    adjusted: str | None = None,
    executed: str | None = None,
    rate: str | None = None,
    declared: str | None = None,
    weight: str | None = "10",
) -> Fund:
    money = [None if amount is None else Decimal(amount) for amount in (initial, adjusted, executed)]
    return Fund(
        *money,
        None if weight is None else Decimal(weight),
        rate,
        None if declared is None else Decimal(declared),
    )


BLANK = Fund()


def line(total: Fund, profile="mof-2020", *, carried: Fund = BLANK, fiscal: Fund = BLANK, rows=()):
    budget = Budget(total=total, fiscal=fiscal, carried_over=carried)
    return score(Form("项目", 2022, budget=budget, indicators=rows), profile).budget


@pytest.mark.parametrize(
    ("money", "rate", "computed"),
    [
        (("100", "80", "40"), "50.00", "5.00"),
        (("100", None, "40"), "40.00", "4.00"),
        (("100", "80", "88"), "110.00", "10.00"),
        (("0", "0.075", "0.05625"), "75.00", "7.50"),
        (("100", "80", "0"), "0.00", "0.00"),
        (("100", "80", None), None, None),
        ((None, None, "40"), None, None),
        (("100", "0", "40"), None, None),
        ((None, None, None), None, None),
    ],
)
def test_the_rate_is_executed_over_the_adjusted_budget(money, rate, computed):
    got = line(fund(*money))
    assert (text(got.rate), text(got.computed)) == (rate, computed)
    assert got.lost == (None if computed is None else 10 - Decimal(computed))


@pytest.mark.parametrize(
    ("settings", "money", "computed"),
    [
        ({"budget": "initial"}, ("100", "80", "40"), "4.00"),
        ({"budget": "initial"}, (None, "80", "40"), "5.00"),
        ({"capped": False}, ("100", "80", "88"), "11.00"),
        ({"pass_line": 60}, ("100", "100", "59"), "0.00"),
        ({"pass_line": 60}, ("100", "100", "60"), "6.00"),
        ({"method": "manual"}, ("100", "100", "60"), None),
        ({"zero_budget": "zero"}, ("0", "0", "60"), "0.00"),
        ({"zero_budget": "full"}, ("0", "0", "60"), "10.00"),
        ({"zero_budget": "one"}, ("0", "0", "0.6"), "6.00"),
        ({"zero_budget": "one"}, ("0", "0", "600"), "10.00"),
        ({"rate": {"mode": "down", "digits": 0}}, ("100", "100", "59.9"), "5.90"),
        ({"rate": {"mode": "down", "digits": 0}, "points_from": "division"}, ("100", "100", "59.9"), "5.99"),
        (
            {"method": "steps", "steps": [{"at_least": 90, "percent": 100}, {"at_least": 60, "percent": 50}]},
            ("100", "100", "60"),
            "5.00",
        ),
        (
            {"method": "steps", "steps": [{"at_least": 90, "percent": 100}, {"at_least": 60, "percent": 50}]},
            ("100", "100", "59.99"),
            "0.00",
        ),
    ],
)
def test_settings_of_the_budget_line(make_profile, settings, money, computed):
    assert text(line(fund(*money), make_profile(execution=settings)).computed) == computed


@pytest.mark.parametrize("way", ["rate", "division"])
@pytest.mark.parametrize(
    ("declared", "computed", "status"),
    [
        ("9.59", "9.59", Status.AGREES),  # 95.945% of 10 points
        ("9.60", "9.60", Status.AGREES),  # 95.95% of them
        ("9.58", None, Status.LOWER),
        ("9.61", None, Status.DIFFERS),
    ],
)
def test_a_rate_may_be_rounded_before_the_points_are_taken_from_it_or_not(
    make_profile, way, declared, computed, status
):
    rules = make_profile(execution={"points_from": way})
    got = line(fund("100", "100", "95.945", declared=declared), rules)
    expected = computed or {"rate": "9.60", "division": "9.59"}[way]
    assert (text(got.computed), got.status) == (expected, status)
    assert ("未取整" in got.explanation.zh) == (expected == "9.59")


def test_what_counts_is_never_more_than_the_weight():
    got = line(fund("100", "80", "88", declared="11"), "integrated-system")
    assert (text(got.computed), text(got.score), got.status) == ("11.00", "10", Status.AGREES)


def test_a_total_line_without_money_is_summed_from_its_lines():
    got = line(
        fund("0", "0", "0", rate="0"),
        fiscal=fund("90", "90", "80", weight=None),
        carried=fund("10", "10", "10", weight=None),
    )
    assert (text(got.rate), text(got.computed)) == ("90.00", "9.00")
    assert "合计" in got.explanation.zh


def test_a_total_line_that_says_nothing_was_spent_is_believed():
    got = line(fund("90", "90", "0"), fiscal=fund("90", "90", "80", weight=None))
    assert text(got.rate) == "0.00"


@pytest.mark.parametrize(("adjusted", "computed"), [("100", "13.33"), ("150", "13.33")])
def test_carry_over_is_counted_once(adjusted, computed):
    carried, fiscal = fund(adjusted="50", weight=None), fund(adjusted="100", weight=None)
    got = line(fund(adjusted=adjusted, executed="100", weight="20"), "hubei", carried=carried, fiscal=fiscal)
    assert text(got.computed) == computed


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("98.98%", "98.98"),
        ("100 %", "100"),
        ("79.27", "79.27"),
        ("0.958", "95.8"),
        ("1", "100"),
        ("0", "0"),
        ("９８.５％", "98.5"),
        ("—", None),
        ("约90%", "90"),
        ("1.8", None),
        ("180%", "180"),
        (None, None),
    ],
)
def test_the_printed_rate(printed, expected):
    got = printed_rate(printed)
    assert got == (None if expected is None else Decimal(expected))


def test_a_printed_rate_stands_in_for_amounts_that_are_missing():
    got = line(fund(rate="79.27", declared="7.93"))
    assert (text(got.rate), text(got.computed), got.status) == ("79.27", "7.93", Status.AGREES)


@pytest.mark.parametrize(
    ("profile", "rows", "weight"),
    [
        ("mof-2020", ["90"], "10"),
        ("hubei", ["50", "30"], "20"),
        ("mof-2020", ["60", "40"], None),
        ("mof-2020", [], None),
    ],
)
def test_a_budget_line_without_weight_takes_the_room_that_the_rows_leave(profile, rows, weight):
    indicators = tuple(Indicator("事项", weight=Decimal(points)) for points in rows)
    got = line(fund("100", "100", "50", weight=None), profile, rows=indicators)
    assert text(got.weight) == weight
    assert (got.computed is None) is (weight is None)
