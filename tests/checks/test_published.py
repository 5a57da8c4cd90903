"""The published forms, read as their reviewer would: every line that fires, with what is to be said of it."""

from pathlib import Path

import pytest
import yaml

import perfkit
from tests.checks.corpus import corpus
from tests.checks.tables import DATA

ROOT = Path(__file__).parents[2]

# code, row, judgement
ONLINE = [
    ("PK108", None, "8,120,525 of 8,205,000 is 98.9704%: printed 98.98, rounded 98.97"),
    ("PK206", 4, "受疫情封控影响 is a cause; what was done about it is not said"),
    ("PK206", 5, "as row 4"),
    ("PK402", 8, "attendance, registration and activity all aim at 90%"),
    ("PK206", 9, "较往年得分偏低 names no measure, and hardly a cause"),
]
LEADERSHIP = [
    ("PK108", None, "119,132 of 1,145,000 is 10.4045%: printed 10.41, rounded 10.40"),
    ("PK210", 1, "34.8 times the target: the move online explains that more came, not a target of 1,100"),
    ("PK210", 5, "100% of ≥70% is 143% and nothing is said: the target was low"),
    ("PK206", 7, "相关预算已压减 is a cause"),
    ("PK401", 11, "提升 as a target cannot be measured"),
    ("PK206", 12, "as row 7"),
    ("PK409", 6, "及时 names no time"),
    ("PK409", 7, "as row 6"),
]


@pytest.mark.parametrize(
    ("name", "expected"), [("online-learning-2022", ONLINE), ("leadership-training-2022", LEADERSHIP)]
)
def test_the_two_projects_are_found_to_have_what_their_reviewer_would_say(name, expected):
    form = perfkit.read(ROOT / "params" / "forms" / f"{name}.yaml")
    national = perfkit.check(form, perfkit.score(form, "mof-2020"))
    assert [(each.code, each.row) for each in national] == [(code, row) for code, row, _ in expected]
    assert not national.of("error")
    shanghai = perfkit.check(form, perfkit.score(form, "shanghai-2022"))
    own = [(code, row) for code, row, _ in expected if code != "PK108"]
    assert [(each.code, each.row) for each in shanghai] == own


def test_the_rate_of_the_two_projects_is_told_with_its_figures():
    form = perfkit.read(ROOT / "params" / "forms" / "online-learning-2022.yaml")
    finding = perfkit.check(form, perfkit.score(form), select=["PK108"])[0]
    assert finding.place == "line 7"
    assert "98.98%" in finding.message.zh
    assert "98.97%" in finding.message.zh
    assert "8,120,525" in finding.evidence.en
    assert "98.9704%" in finding.evidence.en


PUBLISHED = yaml.safe_load((DATA / "published.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", PUBLISHED)
def test_published_rows_fire_what_a_reviewer_has_judged(name):
    form = corpus()[name]
    found = [[each.code, each.row, each.severity] for each in perfkit.check(form, perfkit.score(form))]
    assert found == [line[:3] for line in PUBLISHED[name] or []]


def test_every_published_form_is_judged_and_no_error_is_rejected():
    assert set(PUBLISHED) == set(corpus())
    lines = [line for listed in PUBLISHED.values() for line in listed or []]
    assert all(line[3].startswith(("right: ", "cut: ", "the corpus carries no goals")) for line in lines)
    assert {line[0] for line in lines if line[2] == "error" and line[3].startswith("cut: ")} == {
        "PK101",
        "PK102",
        "PK104",
    }
