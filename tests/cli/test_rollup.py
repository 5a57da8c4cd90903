"""`perfkit rollup`: several units' forms on the command line, and the summed form as a file."""

import json
import re

import pytest

from tests.cli.test_commands import perfkit

FORM = """\
project: {project}
year: 2022
unit: {unit}
money_unit: 万元
budget:
  total: {{initial: {budget}, adjusted: {budget}, executed: {spent}, weight: 20}}
indicators:
  - {{level1: 产出指标, level2: 数量指标, name: 培训场次, target: {target}, actual: {actual}, weight: 80}}
"""
UNITS = [
    {"unit": "甲", "budget": 200, "spent": 100, "target": "≥10场", "actual": "3场"},
    {"unit": '"乙\\n丙: #"', "budget": 800, "spent": 760, "target": "≥20场", "actual": "25场"},
]
OWN = "extends: hubei\nroll_up: {order: score_then_sum}\n"


@pytest.fixture
def office(tmp_path):
    for number, facts in enumerate(UNITS, start=1):
        form = FORM.format(project="道路养护", **facts)
        (tmp_path / f"unit-{number}.yaml").write_text(form, encoding="utf-8")
    (tmp_path / "own.yaml").write_text(OWN, encoding="utf-8")
    return tmp_path


def test_the_scorecard_of_the_whole_says_what_was_combined_how(office):
    told = perfkit("rollup", "unit-*.yaml", "--profile", "hubei", "--language", "en", cwd=office).stdout
    told = re.sub(r"\s+", " ", told)
    for words in ("甲 ≥10场 + 乙 丙: # ≥20场 = ≥30场 (summed)", "86%", "74.67", "91.87"):
        assert words in told, words


def test_the_json_is_the_result(office):
    data = json.loads(
        perfkit("rollup", "unit-*.yaml", "--profile", "hubei", "--format", "json", cwd=office).stdout
    )
    assert data["total"]["score"] == "91.87"
    assert [unit["share"] for unit in data["units"]] == ["0.2", "0.8"]
    own = perfkit("rollup", "unit-*.yaml", "--profile", "own.yaml", "--format", "json", cwd=office).stdout
    assert json.loads(own)["total"]["score"] == "86.00"  # (34 × 200 + 99 × 800) ÷ 1000


def test_the_summed_form_is_a_form_file_with_its_origin(office):
    result = perfkit("rollup", "unit-*.yaml", "--profile", "hubei", "--to", "whole/all.yaml", cwd=office)
    assert "whole/all.yaml" in result.stderr
    written = (office / "whole" / "all.yaml").read_text(encoding="utf-8")
    assert written.startswith("# rolled up by hubei from\n#   甲  unit-1.yaml\n#   乙 丙: #  unit-2.yaml\n")
    card = json.loads(
        perfkit("score", "whole/all.yaml", "--profile", "hubei", "--format", "json", cwd=office).stdout
    )
    assert card["total"]["score"] == "91.87"


def test_what_is_there_is_not_lost(office):
    (office / "all.yaml").write_text("mine", encoding="utf-8")
    result = perfkit("rollup", "unit-*.yaml", "--profile", "hubei", "--to", "all.yaml", cwd=office, status=2)
    assert "another form is already there" in result.stderr
    assert "--force" in result.stderr
    assert result.stdout == ""
    assert (office / "all.yaml").read_text(encoding="utf-8") == "mine"
    for arguments in (["--force"], []):  # the same again is no conflict
        perfkit("rollup", "unit-*.yaml", "--profile", "hubei", "--to", "all.yaml", *arguments, cwd=office)
    assert "道路养护" in (office / "all.yaml").read_text(encoding="utf-8")


def test_a_project_that_units_name_differently_is_named_on_the_command_line(office):
    other = FORM.format(project="道路养护（丙）", **UNITS[0])
    (office / "unit-3.yaml").write_text(other, encoding="utf-8")
    result = perfkit("rollup", "unit-*.yaml", "--profile", "hubei", cwd=office, status=2)
    assert "unit-3.yaml" in result.stderr
    assert "--project" in result.stderr
    told = perfkit(
        "rollup", "unit-*.yaml", "--profile", "hubei", "--project", "全市道路养护", cwd=office
    ).stdout
    assert "全市道路养护" in told


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["none-*.yaml"], ["no file matches", "none-*.yaml"]),
        (["unit-1.yaml", "own.yaml"], ["own.yaml"]),
        (
            ["unit-*.yaml", "--profile", "own.yaml", "--to", "all.yaml"],
            ["no summed form", "own.yaml", "--to"],
        ),
        (["unit-*.yaml", "--to", "all.xlsx"], ["all.xlsx", ".yaml"]),
        ([], ["FORM"]),
    ],
)
def test_a_mistake_is_told_without_a_traceback(office, arguments, words):
    result = perfkit("rollup", *arguments, cwd=office, status=2)
    for word in words:
        assert word in result.stderr
    assert result.stdout == ""
    assert not (office / "all.yaml").exists()


def test_a_fault_of_a_form_that_is_named_twice_is_told_once(office):
    (office / "unit-1.yaml").write_text("projct: 道路养护\n", encoding="utf-8")
    told = perfkit("rollup", "unit-1.yaml", "./unit-1.yaml", "--language", "en", cwd=office, status=2).stderr
    assert told.count("unknown key 'projct'") == told.count("'project' is missing") == 1
