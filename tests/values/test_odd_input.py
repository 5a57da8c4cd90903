"""No input, however odd, raises; and none is looked at for longer than its first few hundred characters."""

import sys
from contextlib import suppress
from decimal import Decimal

import pytest

from perfkit.text.folding import LONGEST
from perfkit.text.folding import fold_cell as fold
from perfkit.values import Kind, Verdict, amount, is_blank, printed_rate, read_row

ODD = [
    "9" * 100_000, "≥" * 100_000, "1," * 50_000, "1.1" * 30_000, "十" * 100_000, "万" * 100_000, "年" * 100_000,
    "2022年" * 20_000, "12月-" * 100, "(" * 100_000, "无" * 100_000, "a" * 100_000, "10^400", "1e400", "NaN", "Infinity",
    "-inf", "1" + "万" * 300, "9" * 24 + "亿" * 4, "\ud800" * 500, "1/" * 150, "每人" * 150 + "3元", "0/0", "1/0", "1/0.0",
    "三分之零", "零分之三", "百分之" * 100, "不低于" * 100 + "5", "٣٤", "①②", "½", "\u202e5人", "5\x00人", "1 000 000",
    "2022年2月30日", "13月", "0月", "0年", "32日", "1-", "-", "--5", "±", "±±5%", "5±", "~5", "≥≤5", "％", "元", "万元",
]  # fmt: skip


@pytest.mark.parametrize("odd", ODD, ids=lambda text: ascii(text[:12]))
@pytest.mark.parametrize("other", ["5人", "≥50%", "10月底", "完成", "", None])
def test_odd_text_reads(odd, other):
    for target, actual in ((odd, other), (other, odd), (odd, odd)):
        reading = read_row(target, actual, name=odd, level1=odd, level2=odd, year=2022)
        assert reading.verdict in Verdict


@pytest.mark.parametrize("read", [amount, printed_rate])
@pytest.mark.parametrize("odd", ODD, ids=lambda text: ascii(text[:12]))
def test_odd_amounts_are_refused_or_read(odd, read):
    value = None
    with suppress(ValueError):
        value = read(odd)
    assert value is None or value.is_finite()
    assert is_blank(odd) in (True, False)


def test_a_refusal_quotes_only_the_beginning():
    with pytest.raises(ValueError, match="no amount of money") as refused:
        amount("完" * 100_000)
    assert len(str(refused.value)) < 100


def test_a_very_long_number_is_words():
    assert read_row("9" * 100, "5").target.kind is Kind.WORDS


def test_only_the_beginning_of_a_long_cell_is_folded():
    assert len(fold("９" * 100_000)) == LONGEST


def test_a_number_for_a_text_reads_too():
    assert read_row(5, 6.5).verdict is Verdict.MET


@pytest.mark.parametrize("weight", ["NaN", "sNaN", "Infinity", "-1", "0", "1e400"])
def test_a_weight_that_cannot_be_reads(weight):
    for target, actual in (("10", "10"), ("有效", "5"), ("≥95%", "10")):
        assert read_row(target, actual, name="满意度", weight=Decimal(weight)).verdict in Verdict


def test_long_cells_leave_nothing_behind():
    """A cell of 100,000 characters is not kept in any cache."""
    long = "完成了年度任务，" * 12_500
    before = sys.getrefcount(long)
    read_row(long, long, name=long, level1=long, level2=long)
    assert sys.getrefcount(long) == before


def test_the_printed_text_stays_whole():
    long = "完成了年度任务，" * 100
    assert read_row(long, long).target.text == long
