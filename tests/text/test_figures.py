"""Every page prints one figure one way: no two printers to disagree, and none rounds through floats."""

import re
from datetime import datetime, timedelta, timezone
from decimal import ROUND_HALF_UP, Decimal, localcontext
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import perfkit
from perfkit.text import figures

PACKAGE = Path(perfkit.__file__).parent
DECIMALS = st.decimals(allow_nan=False, allow_infinity=False, places=5, min_value=-(10**15), max_value=10**15)


@pytest.mark.parametrize(
    ("say", "value", "said"),
    [
        (figures.fixed, "97.125", "97.13"),
        (figures.fixed, "97.115", "97.12"),
        (figures.fixed, "1234567", "1,234,567.00"),
        (figures.fixed, "0.005", "0.01"),
        (figures.fixed_percent, "98.985", "98.99%"),
        (figures.fixed_wan, "9280050", "928.01"),
        (figures.carried, "96.90", "96.90"),
        (figures.carried, "1E+3", "1000"),
        (figures.plain, "3.00", "3"),
        (figures.plain, "100", "100"),
        (figures.grouped, "9280000.50", "9,280,000.5"),
        (figures.amount, "9280000.50", "9,280,000.50"),
    ],
)
def test_a_figure_is_written(say, value, said):
    assert say(Decimal(value)) == said
    assert say(None) == "—"


@given(DECIMALS)
def test_every_printer_tells_the_same_figure(value):
    exact = {figures.carried(value), figures.plain(value), figures.grouped(value), figures.amount(value)}
    assert {Decimal(said.replace(",", "")) for said in exact} == {value}
    with localcontext(prec=60):
        rounded = value.quantize(Decimal("0.01"), ROUND_HALF_UP)
    assert Decimal(figures.fixed(value).replace(",", "")) == rounded
    assert figures.fixed_percent(value) == f"{figures.fixed(value)}%"


@given(DECIMALS)
def test_money_is_the_same_in_both_languages(value):
    told = figures.money(value, "万元")
    zh = Decimal(told.zh.removesuffix("万元").replace(",", ""))
    en = Decimal(told.en.removesuffix(" yuan").replace(",", ""))
    assert zh * 10000 == en


def test_points_and_counts_agree_with_their_nouns():
    assert figures.points(Decimal("1.0")).en == "1 point"
    assert figures.points(Decimal("0.9")) == figures.Text("0.9分", "0.9 points")
    assert figures.counted(1, "项", "row").en == "1 row"
    assert figures.counted(3, "项", "entry", "entries") == figures.Text("3项", "3 entries")


ELSEWHERE = ("text/figures.py",)


@pytest.mark.parametrize(
    "way",
    [r"rstrip\(\"0\"\)\.rstrip", r"\{[^{}]*:,?\.[0-9{}a-z]+f\}\%"],
    ids=["idle zeros", "percent through a format"],
)
def test_no_other_room_writes_figures_its_own_way(way):
    found = [
        f"{path.relative_to(PACKAGE).as_posix()}"
        for path in sorted(PACKAGE.rglob("*.py"))
        if re.search(way, path.read_text(encoding="utf-8"))
        and path.relative_to(PACKAGE).as_posix() not in ELSEWHERE
    ]
    assert set(found) <= STILL, found


STILL = {
    "readers/xlsx.py",
    "display/figures/drawing.py",
}  # the last to go


@pytest.mark.parametrize(
    ("zone", "told"),
    [(8, "2026-11-30 16:33 UTC+08:00"), (0, "2026-11-30 16:33 UTC"), (-3.5, "2026-11-30 16:33 UTC-03:30")],
)
def test_a_moment_is_told_with_its_zone(zone, told):
    assert figures.moment(datetime(2026, 11, 30, 16, 33, tzinfo=timezone(timedelta(hours=zone)))) == told
