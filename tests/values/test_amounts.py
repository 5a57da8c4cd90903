"""Amounts of money and execution rates as budget blocks print them."""

from decimal import Decimal

import pytest

from perfkit.values import PrintedRate, amount, is_blank, printed_rate, read_rate

AMOUNTS = [
    ("9,280,000", "元", "9280000"), ("９，２８０，０００", "元", "9280000"), ("372.29万元", "元", "3722900"), ("372.29万元", "万元", "372.29"),
    ("3722900元", "万元", "372.29"), ("4753.66", "万元", "4753.66"), ("1.2亿", "万元", "12000"), ("0", "万元", "0"), ("0.00", "万元", "0.00"),
    ("¥1,000.50", "元", "1000.50"), ("￥50元整", "元", "50"), (" 2,400,000 ", "元", "2400000"), ("-12.5", "万元", "-12.5"),
    ("89.974", "万元", "89.974"), ("3万", "元", "30000"), ("96.90", "万元", "96.90"),
]  # fmt: skip
RATES = [
    ("98.98%", "98.98"), ("100 %", "100"), ("0.958", "95.8"), ("1", "100"), ("100%", "100"), ("79.27", "79.27"), ("100", "100"), ("102.59%", "102.59"),
    ("0", "0"), ("0.00%", "0.00"), ("１００％", "100"), ("1.02", "102"), ("86.5％", "86.5"), ("0.5%", "0.5"), ("1%", "1"),
]  # fmt: skip
BLANK = [
    None,
    "",
    "  ",
    "-",
    "—",
    "——",
    "－",
    "/",
    "无数据",
    "\u3000",
    "\n",
    "n/a",
    "NaN",
    "\u200b",
    "一",
    "一一",
]


@pytest.mark.parametrize(("text", "unit", "expected"), AMOUNTS)
def test_amount(text, unit, expected):
    assert amount(text, unit) == Decimal(expected)


@pytest.mark.parametrize("text", ["9280000", "9,280,000.00", "2067.12", "2022.01"])
def test_an_amount_keeps_its_digits(text):
    assert f"{amount(text, '元'):f}" == text.replace(",", "")


@pytest.mark.parametrize(("text", "expected"), RATES)
def test_rate(text, expected):
    assert printed_rate(text) == Decimal(expected)


@pytest.mark.parametrize(
    ("text", "exact", "expected"),
    [
        ("1.8", "180", "180"),
        ("1.8", "1.8", "1.8"),
        ("0.5", "0.5", "0.5"),
        ("0.5", "50", "50"),
        ("1.8%", "180", "1.8"),
    ],
)
def test_a_rate_without_a_sign_is_what_lies_nearer_to_the_amounts(text, exact, expected):
    assert printed_rate(text, Decimal(exact)) == Decimal(expected)


def test_a_rate_keeps_the_decimals_it_is_printed_with():
    assert [read_rate(text) for text in ("98.980%", "0.9898", "98")] == [
        PrintedRate(Decimal("98.980"), 3),
        PrintedRate(Decimal("98.98"), 2),
        PrintedRate(Decimal(98), 0),
    ]


@pytest.mark.parametrize("text", BLANK)
def test_blank(text):
    assert is_blank(text)
    assert amount(text) is None
    assert printed_rate(text) is None


@pytest.mark.parametrize("text", ["无", "0", "完成", "不涉及", "一个", "1"])
def test_not_blank(text):
    assert not is_blank(text)


@pytest.mark.parametrize(
    "text", ["二十个", "约五十万", "many", "12月", "5人", "10-20", "≥5", "1,00", "5元/人", "12 15"]
)
def test_no_amount(text):
    with pytest.raises(ValueError, match="no amount of money"):
        amount(text, "元")


@pytest.mark.parametrize("text", ["高", "5元", "90%-95%", "12月", "1.8"])
def test_no_rate(text):
    assert printed_rate(text) is None
