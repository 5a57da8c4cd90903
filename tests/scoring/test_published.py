"""Two published forms, row by row as printed, under the rules by which they were scored."""

from decimal import Decimal

import pytest

from perfkit.scoring import score
from tests.scoring.published import PUBLISHED, facts, form


@pytest.mark.parametrize("name", PUBLISHED)
def test_every_row_as_printed(name):
    rows = score(form(name), "shanghai-2022").to_dict()["indicators"]
    told = facts(name)["rows"]
    got = [[row[key] for key in ("name", "declared", "score", "computed", "status")] for row in rows]
    assert got == [[row[1], row[5], row[5], row[7], row[8]] for row in told]


@pytest.mark.parametrize("name", PUBLISHED)
def test_the_budget_line_and_the_total(name):
    printed, expected = facts(name), facts(name)["expect"]
    card = score(form(name), "shanghai-2022").to_dict()
    assert {key: card["budget"][key] for key in ("rate", "computed", "score", "status")} == {
        "rate": expected["rate"],
        "computed": expected["execution"],
        "score": printed["budget"]["score"],
        "status": "agrees",
    }
    assert card["total"] == {
        "weight": "100",
        "declared": printed["total"],
        "computed": expected["computed"],
        "score": expected["score"],
        "grade": expected["grade"],
        "state": "final",
        "because": [],
    }


@pytest.mark.parametrize(
    ("name", "rate"), [("online-learning-2022", "98.97"), ("leadership-training-2022", "10.40")]
)
def test_the_national_rate_is_the_division_rounded_half_up(name, rate):
    card = score(form(name))
    assert card.profile.name == "mof-2020"
    assert f"{card.budget.rate:f}" == rate
    assert card.budget.printed_rate == Decimal(facts(name)["budget"]["rate"].rstrip("%"))


def test_the_reasons_of_judged_rows_stand_in_their_explanations():
    row = next(
        row for row in score(form("online-learning-2022")).indicators if row.indicator.name == "平台等保测评"
    )
    assert "较往年得分偏低" in row.explanation.zh
    assert "较往年得分偏低" in row.explanation.en


def test_far_beyond_the_target_is_full_and_said():
    first = score(form("leadership-training-2022"), "shanghai-2022").indicators[0]
    assert first.to_dict()["completion"] == "34.786"
    assert "34.79 倍" in first.explanation.zh
