"""Cells that should have been figures: told once, with their place, and nothing is concluded from them."""

import re
from dataclasses import replace

import pytest

import perfkit
from perfkit.form import Ignore, Source, Unread
from perfkit.readers import form_yaml
from perfkit.writers import write
from tests.checks.forms import changed, codes


def unread(path, text, *changes):
    cell = Unread(path=path, place="Sheet1!F12", text=text, expected="a number")
    return changed((path, None), ("unread", (cell,)), *changes)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("indicators[2].weight", "十分"),
        ("indicators[2].score", "满分"),
        ("budget.total.score", "见附件"),
        ("budget.fiscal.executed", "约480"),
        ("budget.total.adjusted", "五百万"),
        ("total", "优秀"),
    ],
)
def test_an_unread_cell_is_one_finding(path, text):
    form = unread(path, text)
    assert codes(form) == ["PK106"]
    found = perfkit.check(form, perfkit.score(form))[0]
    assert found.place == "Sheet1!F12"
    assert text in found.message.zh
    assert text in found.message.en
    assert found.field == path.removeprefix("indicators[2].")
    assert found.row == (3 if path.startswith("indicators") else None)


@pytest.mark.parametrize("path", ["goals.outcome", "indicators[2].actual", "indicators[2].name", "unit"])
def test_an_unread_text_is_told_as_a_text(path):
    form = changed(("unread", (Unread(path=path, place="Sheet1!F12", text="=A1&B1", expected="a text"),)))
    (found,) = [each for each in perfkit.check(form, perfkit.score(form)) if each.code == "PK106"]
    assert found.message.zh == "单元格内容“=A1&B1”没有读出来"
    assert "数字" not in found.fix.zh
    assert "figure" not in found.fix.en


def test_the_place_comes_from_the_source_first():
    form = unread("total", "优秀", ("source", Source(places={"total": "line 40"})))
    assert perfkit.check(form, perfkit.score(form))[0].place == "line 40"


def test_an_unread_cell_can_be_set_aside():
    form = unread("indicators[2].score", "满分", ("indicators[2].ignore", (Ignore("PK106", "原表如此"),)))
    assert codes(form) == []


ROW = {"indicators[1].name": "表1!C9 + 表1!D9", "indicators[1].weight": "表1!F9"}


@pytest.mark.parametrize(
    ("places", "place"),
    [
        (ROW | {"indicators.reason": "表1!H7"}, "表1!H9"),
        (ROW | {"indicators[0].reason": "表1!H8"}, "表1!H9"),
        (ROW | {"indicators[0].reason": "表2!H8"}, "表1, row 9"),
        (ROW, "表1, row 9"),
        ({"indicators[1].score": "table 2, row 5, column 8", "indicators.reason": "table 1, row 2, column 9"},
         "table 2, row 5, column 9"),
        ({"indicators[1].score": "table 2, row 5, column 8"}, "table 2, row 5"),
        ({"indicators[1]": "line 12", "indicators[0].reason": "line 11"}, "line 12"),
        ({}, ""),
    ],
)  # fmt: skip
def test_a_blank_cell_stands_where_its_row_meets_its_column(places, place):
    form = changed(
        ("indicators[1].actual", "240盏"), ("indicators[1].score", 8), ("source", Source(places=places))
    )
    [found] = [each for each in perfkit.check(form, perfkit.score(form)) if each.code == "PK203"]
    assert (found.field, found.place) == ("reason", place)


@pytest.mark.parametrize("ending", ["xlsx", "docx"])
def test_a_blank_cell_of_a_column_that_nobody_filled_in_is_found_by_its_heading(tmp_path, ending):
    rows = perfkit.read("params/forms/online-learning-2022.yaml").indicators
    form = changed(("indicators", tuple(replace(row, reason=None) for row in rows)))
    write(form, tmp_path / f"a.{ending}")
    read = perfkit.read(tmp_path / f"a.{ending}")
    (tmp_path / "a.yaml").write_text(form_yaml(read), encoding="utf-8")
    score, heading = (read.source.places[path] for path in ("indicators[3].score", "indicators.reason"))
    row = re.split(r"\d+$|, column", score)[0] if ending == "docx" else re.search(r"\d+$", score)[0]
    for each in (read, perfkit.read(tmp_path / "a.yaml")):
        found = [one.place for one in perfkit.check(each, perfkit.score(each)) if one.code == "PK203"]
        wanted = f"{row}, column 9" if ending == "docx" else re.sub(r"\d+$", row, heading)
        assert wanted in found
