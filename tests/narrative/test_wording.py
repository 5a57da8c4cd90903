"""How figures, counts, amounts and quotations are spelt in each language."""

from decimal import Decimal

import pytest

from perfkit.narrative.voice import Chinese, English, Money, percentage
from perfkit.text import one_line, shortened

ZH, EN = Chinese(), English()


@pytest.mark.parametrize(
    ("got", "expected"),
    [
        (ZH.count(3, "项"), "三项"),
        (ZH.count(2, "处"), "两处"),
        (ZH.count(10, "项"), "十项"),
        (ZH.count(16, "项"), "16项"),
        (EN.count(1, "indicator"), "one indicator"),
        (EN.count(3, "indicator"), "three indicators"),
        (EN.count(16, "indicator"), "16 indicators"),
        (EN.points(Decimal(1)), "1 point"),
        (EN.points(Decimal("0.9")), "0.9 points"),
        (ZH.points(Decimal("0.90")), "0.9分"),
        (ZH.score(Decimal("96.90")), "96.90"),
        (ZH.rate(Decimal("10.40")), "10.40%"),
        (ZH.rate(Decimal("100.00")), "100%"),
        (ZH.percent(Decimal("3478.60")), "3,478.6%"),
        (ZH.money(Money(Decimal(8205000), "元")), "8,205,000元"),
        (ZH.money(Money(Decimal(8205000), "元", in_wan=True)), "820.5万元"),
        (ZH.money(Money(Decimal("861.46"), "万元")), "861.46万元"),
        (EN.money(Money(Decimal("861.46"), "万元")), "8,614,600 yuan"),
        (EN.money(Money(Decimal(119132), "元")), "119,132 yuan"),
        (ZH.quantity(Decimal(5000), "人次"), "5,000人次"),
        (ZH.quantity(Decimal(60000), "人次"), "6万人次"),
        (ZH.quantity(Decimal(37165), "人次"), "37,165人次"),
        (EN.quantity(Decimal(1), "课时"), "1 class hour"),
        (EN.quantity(Decimal(268), "课时"), "268 class hours"),
        (EN.quantity(Decimal(3), "头"), "3 头"),
        (EN.quantity(Decimal(5000), ""), "5,000"),
        (ZH.listed(["甲", "乙", "丙"]), "甲、乙和丙"),
        (EN.listed(["A", "B", "C"]), "A, B and C"),
        (EN.listed(["A"]), "A"),
        (EN.term("产出指标"), "output"),
        (EN.term("其他指标"), "“其他指标”"),
        (ZH.mention("上海市干部教育中心"), "上海市干部教育中心"),
        (ZH.mention("219001-某某局"), "“219001-某某局”"),
        (ZH.mention("审计三处"), "“审计三处”"),
        (EN.mention("One Health Office"), "“One Health Office”"),
        (ZH.quoted("贯彻“四个放在”"), "「贯彻“四个放在”」"),
        (EN.quoted("a “good” year"), "‘a “good” year’"),
        (ZH.quoted_end("受疫情影响。"), "“受疫情影响。”"),
        (ZH.quoted_end("受疫情影响"), "“受疫情影响”。"),
        (EN.sentence("the rate is off"), "The rate is off."),
    ],
)
def test_a_part_of_a_sentence_is_spelt(got, expected):
    assert got == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("一\n二", "一 二"), (" 一\t\x00 二\u2028三 ", "一 [U+0000] 二 三"), ("\u3000一\u3000", "一"), ("", "")],
)
def test_a_text_comes_to_one_line(text, expected):
    assert one_line(text) == expected


def test_a_long_name_is_cut_in_a_sentence():
    assert shortened("字" * 40) == "字" * 40
    assert shortened("字" * 200) == "字" * 39 + "…"


@pytest.mark.parametrize(
    ("part", "whole", "expected"),
    [("268", "300", "89.33"), ("1", "8", "12.50"), ("1", "16", "6.25"), ("1", "800", "0.13")],
)
def test_a_percentage_is_rounded_half_up(part, whole, expected):
    assert str(percentage(Decimal(part), Decimal(whole))) == expected
