"""The scorecard as data: exactly the keys that other people's scripts depend on, in their order."""

import json
import pickle
from decimal import Decimal

from perfkit.form import Form, Indicator
from perfkit.scoring import score
from tests.scoring.published import form

POINTS = ["weight", "declared", "computed", "score", "status", "explanation"]
BUDGET = ["initial", "adjusted", "executed", "rate", *POINTS]
CELLS = ["level1", "level2", "name", "target", "actual"]
ROW = [*CELLS, "kind", "direction", "verdict", "basis", "completion", *POINTS]


def test_keys_and_order():
    card = score(form("online-learning-2022"), "shanghai-2022").to_dict()
    assert list(card) == ["project", "year", "profile", "budget", "indicators", "total"]
    assert list(card["budget"]) == BUDGET
    assert all(list(row) == ROW for row in card["indicators"])
    assert list(card["total"]) == ["weight", "declared", "computed", "score", "grade", "state", "because"]


def test_the_figures_of_the_contract():
    card = score(form("online-learning-2022"), "shanghai-2022").to_dict()
    explanation = card["budget"].pop("explanation")
    assert explanation
    assert card["budget"] == {
        "initial": "9280000",
        "adjusted": "8205000",
        "executed": "8120525",
        "rate": "98.98",
        "weight": "10",
        "declared": "9.9",
        "computed": "9.90",
        "score": "9.9",
        "status": "agrees",
    }
    first = card["indicators"][0]
    assert {key: first[key] for key in ROW[5:-1]} == {
        "kind": "number",
        "direction": "at_least",
        "verdict": "met",
        "basis": "measured",
        "completion": "1.042",
        "weight": "10",
        "declared": "10",
        "computed": "10.00",
        "score": "10",
        "status": "agrees",
    }


def test_languages_differ_in_the_explanations_only():
    card = score(form("leadership-training-2022"), "shanghai-2022")

    def without(told: dict) -> str:
        for part in (told["budget"], *told["indicators"]):
            part.pop("explanation")
        return json.dumps(told, ensure_ascii=False)

    assert card.to_dict("en")["budget"]["explanation"].startswith("Executed 119,132 元")
    assert without(card.to_dict("zh")) == without(card.to_dict("en"))


def test_a_form_without_scores_is_told_without_any():
    card = score(form("online-learning-2022"), "transfer").to_dict()
    parts = (card["budget"], *card["indicators"])
    assert all(part[key] is None for part in parts for key in ("weight", "declared", "computed", "score"))
    assert {part["status"] for part in parts} == {"unscored"}
    assert (card["total"].pop("state"), card["total"].pop("because")) == ("final", [])
    assert set(card["total"].values()) == {None}
    assert card["budget"]["rate"] == "98.97"
    assert card["indicators"][0]["completion"] == "1.042"


def test_a_card_survives_a_trip_to_another_process():
    for profile in ("mof-2020", "transfer"):
        for told in (
            form("leadership-training-2022"),
            Form("项目", indicators=(Indicator(weight=Decimal(5)),)),
        ):
            card = score(told, profile)
            again = pickle.loads(pickle.dumps(card))
            assert again == card
            assert again.to_dict("en") == card.to_dict("en")
