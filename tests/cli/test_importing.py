"""A form that is imported twice: what is there is never lost unasked, and what would be lost is told."""

import re
import shlex
from dataclasses import replace
from pathlib import Path

import pytest

import perfkit
from perfkit.writers import write
from tests.cli.calls import call

ROOT = Path(__file__).parents[2]
FORM = perfkit.read(ROOT / "params/forms/leadership-training-2022.yaml")
EXCEL = "培训.xlsx"
KEPT = Path("params/forms/培训.yaml")


@pytest.fixture
def imported(tmp_path, monkeypatch):
    """A folder where a form came as Excel, was imported and then edited by hand."""
    monkeypatch.chdir(tmp_path)
    write(FORM, Path(EXCEL))
    assert call(monkeypatch, "import", EXCEL, "--profile", "shanghai-2022")[0] == 0
    text = KEPT.read_text("utf-8")
    assert FORM.indicators[0].target in text
    KEPT.write_text(text.replace(FORM.indicators[0].target, "1课时", 1), "utf-8")
    return tmp_path


def newer():
    """The form as a unit sends it again, with another actual and other money."""
    rows = list(FORM.indicators)
    rows[1] = replace(rows[1], actual="7个")
    budget = replace(
        FORM.budget, fiscal=replace(FORM.budget.fiscal, executed=FORM.budget.fiscal.executed - 1)
    )
    return replace(FORM, indicators=tuple(rows), budget=budget)


@pytest.mark.parametrize("command", ["import", "report"])
def test_a_form_sent_again_tells_what_would_be_lost_and_what_to_type(command, imported, monkeypatch):
    write(newer(), Path(EXCEL))
    before = KEPT.read_bytes()
    status, _, err = call(monkeypatch, command, EXCEL)
    assert status == 2
    assert "这张表导入过" in err
    assert f"1课时 → {FORM.indicators[0].target}" in err
    assert f"第2行“{FORM.indicators[1].name}”实际完成值 {FORM.indicators[1].actual} → 7个" in err
    assert "当年财政拨款的全年执行数" in err
    assert KEPT.read_bytes() == before
    (typed,) = re.findall(r"运行 (perfkit import .*?)：", err)
    assert typed == f"perfkit import {EXCEL} --force --profile shanghai-2022"
    assert call(monkeypatch, *shlex.split(typed)[1:])[0] == 0
    assert "7个" in KEPT.read_text("utf-8")
    assert "profile: shanghai-2022" in Path("params/培训.yaml").read_text("utf-8")


def test_an_edit_by_hand_is_kept_while_the_file_is_as_it_was(imported, monkeypatch):
    status, _, err = call(monkeypatch, "import", EXCEL)
    assert status == 0
    assert "手工改过，保留不动" in err
    assert "1课时" in KEPT.read_text("utf-8")


def test_another_project_of_the_same_name_of_file_is_told_as_one(imported, monkeypatch):
    write(replace(FORM, project="道路养护"), Path(EXCEL))
    status, _, err = call(monkeypatch, "import", EXCEL)
    assert status == 2
    assert f"已有“{FORM.project}”，新来的是“道路养护”" in err


def test_many_changes_are_counted_and_the_first_told(imported, monkeypatch):
    write(replace(FORM, indicators=tuple(replace(row, actual="无") for row in FORM.indicators)), Path(EXCEL))
    told = call(monkeypatch, "import", EXCEL, language="en")[2]
    assert re.search(r"got: \d\d differences: ", told)
    assert re.search(r"; \d+ more\n", told)
