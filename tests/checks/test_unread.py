"""Cells that should have been figures: told once, with their place, and nothing is concluded from them."""

import pytest

import perfkit
from perfkit.form import Ignore, Source, Unread
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


def test_the_place_comes_from_the_source_first():
    form = unread("total", "优秀", ("source", Source(places={"total": "line 40"})))
    assert perfkit.check(form, perfkit.score(form))[0].place == "line 40"


def test_an_unread_cell_can_be_set_aside():
    form = unread("indicators[2].score", "满分", ("indicators[2].ignore", (Ignore("PK106", "原表如此"),)))
    assert codes(form) == []
