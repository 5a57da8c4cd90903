"""Forms with everything wrong are checked without an exception, whatever stands in their cells."""

import io
from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

import perfkit
from perfkit.checks import render
from perfkit.form import Budget, Form, Fund, Goals, Ignore, Indicator, Unread
from tests import strategies

HUGE, TINY = Decimal("1E+400"), Decimal("1E-400")
TEXTS = (
    "🙂",
    "",
    "  ",
    "{name}",
    "{0}",
    "%s",
    "\x00\x1b[31m",
    "1" * 5000,
    "≥" * 300,
    "（" * 2000,
    "a\u202eb",
    "二" * 400,
)


def all_the_same(text, rows=40):
    row = Indicator(*[text] * 5, Decimal(-1), Decimal(7), text, "met", text, text, (Ignore(text, text),))
    return Form(
        project=text,
        year=2022,
        department=text,
        unit=text,
        budget=Budget(Fund(Decimal(0), Decimal(0), Decimal(5), Decimal(10), text, Decimal(99))),
        goals=Goals(text, text),
        indicators=(row,) * rows,
        total=Decimal(7),
        grade=text,
        notes=text,
        unread=(Unread("indicators[9999].score", text, text, text), Unread(text, "", "", "")),
    )


@pytest.mark.parametrize("text", TEXTS)
def test_every_cell_the_same(text):
    form = all_the_same(text, 500 if text == "🙂" else 40)
    found = perfkit.check(form, perfkit.score(form))
    assert {"PK106", "PK111"} <= {each.code for each in found}
    render(found[:50], "text", io.StringIO())
    render(found[:50], "xlsx", io.BytesIO())


@pytest.mark.parametrize("profile", ["mof-2020", "mof-2021", "transfer", "hubei"])
def test_a_blank_form(profile):
    found = perfkit.check(Form(), perfkit.score(Form(), profile))
    assert {each.code for each in found} == {"PK212", "PK407"}


def test_rows_without_end_and_without_a_name():
    form = Form(
        indicators=tuple(Indicator(name=f"指标{number}{'甲乙丙丁'[number % 4]}") for number in range(500))
    )
    assert {each.code for each in perfkit.check(form, perfkit.score(form))} >= {"PK214"}


@pytest.mark.parametrize(
    ("figure", "field"), list(product([HUGE, TINY, -HUGE, Decimal("-0")], ["weight", "score"]))
)
def test_figures_that_cannot_be(figure, field):
    row = Indicator(name="路灯", target="≥300盏", actual="240盏", weight=Decimal(10), score=Decimal(8))
    fund = Fund(figure, figure, figure, figure, "98%", figure)
    form = Form(
        budget=Budget(fund, fund),
        indicators=(Indicator(name="道路", target="≥1公里", actual="1公里", **{field: figure}), row),
        total=figure,
    )
    perfkit.check(form, perfkit.score(form))


@given(strategies.forms())
def test_any_form_is_checked_and_told_in_both_languages(form):
    found = perfkit.check(form, perfkit.score(form))
    for each in found:
        for text in (each.message, each.evidence, each.fix):
            assert text.zh
            assert text.en
    assert len(found.to_dict("en")) == len(found)


@given(
    st.lists(
        st.builds(Indicator, *[strategies.texts() | st.none()] * 5, st.none() | strategies.weights()),
        max_size=5,
    )
)
def test_any_text_in_any_cell(rows):
    form = Form(indicators=tuple(rows), year=2022)
    perfkit.check(form, perfkit.score(form))
