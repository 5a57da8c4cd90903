"""What a target or an actual cell holds: kind, direction, value, unit, day, flags."""

from decimal import Decimal

import pytest

from perfkit.values import Flag, Kind, Verdict, read_actual, read_row, read_target

TARGETS = [
    ("≥36万", "number", "at_least", "360000", ""), (">=1100人次", "number", "at_least", "1100", "人次"), ("≤11.376万元", "number", "at_most", "113760", "元"),
    ("98%以上", "ratio", "at_least", "98", "%"), ("小于5次", "number", "at_most", "5", "次"), ("不低于三十场", "number", "at_least", "30", "场"),
    ("一百二十户", "number", "at_least", "120", "户"), ("两千零五人", "number", "at_least", "2005", "人"), ("一万二千亩", "number", "at_least", "12000", "亩"),
    ("廿次", "number", "at_least", "20", "次"), ("贰佰元", "number", "at_least", "200", "元"), ("半年", "number", "at_least", "0.5", "年"),
    ("1.2万亩", "number", "at_least", "12000", "亩"), ("2.6亿元", "number", "at_least", "260000000", "元"), ("5千册", "number", "at_least", "5000", "册"),
    ("3千米", "number", "at_least", "3", "公里"), ("每亩300元", "number", "at_least", "300", "元/亩"), ("75元/人·年", "number", "at_least", "75", "元/人·年"),
    ("400元/人、天", "number", "at_least", "400", "元/人·天"), ("九成", "ratio", "at_least", "9", "成"), ("6‰", "ratio", "at_least", "6", "‰"),
    ("3/4", "ratio", "at_least", "75", "%"), ("三分之二", "ratio", "at_least", "66.6666666667", "%"), ("百分之九十五", "ratio", "at_least", "95", "%"),
    ("≥100百分比", "ratio", "at_least", "100", "%"), (">=98%(百分比)", "ratio", "at_least", "98", "%"), ("１，２００人", "number", "at_least", "1200", "人"),
    ("1 200 000元", "number", "at_least", "1200000", "元"), ("重大事故发生<=2\n次", "number", "at_most", "2", "次"), ("=0件", "number", "equal", "0", "件"),
    ("80身", "number", "at_least", "80", "身"), ("-5℃", "number", "at_least", "-5", "℃"), ("建设5G基站30个", "number", "at_least", "30", "个"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "kind", "direction", "value", "unit"), TARGETS)
def test_target(text, kind, direction, value, unit):
    target = read_target(text, level2="数量指标", year=2022)
    assert (target.kind, target.direction, target.value, target.unit) == (
        kind,
        direction,
        Decimal(value),
        unit,
    )
    assert target.text == text


@pytest.mark.parametrize(
    ("text", "low", "high", "unit"),
    [("95%-100%", "95", "100", "%"), ("5~8个", "5", "8", "个"), ("±10%", "-10", "10", "%"), ("50±5公里", "45", "55", "公里"), ("80—100万元", "800000", "1000000", "元"), ("100万元±10%", "900000", "1100000", "元"), ("6.5-8.5", "6.5", "8.5", "")],
)  # fmt: skip
def test_range(text, low, high, unit):
    target = read_target(text)
    assert (target.direction, target.value, target.unit) == ("within", None, unit)
    assert (target.low, target.high) == (Decimal(low), Decimal(high))


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("9月前", "2022-09-30"), ("10月底", "2022-10-31"), ("6月30日前", "2022-06-30"), ("2021年12月", "2021-12-31"), ("第三季度", "2022-09-30"), ("一季度末", "2022-03-31"),
        ("上半年", "2022-06-30"), ("年内", "2022-12-31"), ("全年", "2022-12-31"), ("当年", "2022-12-31"), ("2021年底", "2021-12-31"), ("12月", "2022-12-31"), ("2月", "2022-02-28"),
        ("2022-12-31", "2022-12-31"), ("2022/12/31", "2022-12-31"), ("2022.12", "2022-12-31"), ("20221231", "2022-12-31"), ("十一月底", "2022-11-30"), ("10月中旬", "2022-10-20"),
        ("2022年1月-12月", "2022-12-31"), ("1-12月", "2022-12-31"), ("次年3月", "2023-03-31"), ("二〇二二年十二月", "2022-12-31"), ("2021年-2023年", "2023-12-31"), ("Q4", ""), ("每月10日前", ""),
    ],
)  # fmt: skip
def test_deadline(text, day):
    assert read_target(text, year=2022).day == day


def test_a_deadline_without_any_year_has_none():
    assert read_target("10月底").day == "--10-31"


def test_a_leap_year_is_one():
    assert read_target("2024年2月底").day == "2024-02-29"


@pytest.mark.parametrize(
    ("target", "actual", "value", "unit", "state"),
    [
        ("≤90万元", "90", "900000", "元", None), ("=100%", "100", "100", "%", None), ("500课时", "521课时", "521", "课时", None), ("≥5公里", "5200米", "5.2", "公里", None),
        ("200", "200余人", "200", "人", None), ("≥300人", "完成321人", "321", "人", None), ("是", "基本达到", None, "", Verdict.PARTLY), ("1", "建设中", None, "", Verdict.PARTLY),
        ("及时", "未完成", None, "", Verdict.MISSED), ("效果明显", "达成预期指标", None, "", Verdict.MET),
    ],
)  # fmt: skip
def test_actual(target, actual, value, unit, state):
    reading = read_row(target, actual).actual
    assert (reading.value, reading.unit) == (None if value is None else Decimal(value), unit)
    assert reading.state == state


def test_an_actual_alone_inherits_the_unit():
    assert read_actual("90", read_target("≤90个")).unit == "个"


@pytest.mark.parametrize(
    ("target", "actual", "name", "flag"),
    [
        ("≥**", "5", "", Flag.TEMPLATE), ("工5%", "5%", "", Flag.SCAN_SUSPECT), ("5公里", "5人", "", Flag.UNIT_MISMATCH), ("≥90%", "良好", "", Flag.KIND_MISMATCH),
        ("有效", "95%", "", Flag.KIND_MISMATCH), ("10", "10", "培训", Flag.UNIT_MISSING), ("≥90万元", "90万元", "总成本", Flag.DIRECTION_DOUBTFUL), ("90%", "90%", "", Flag.DIRECTION_INFERRED),
        (None, "100%", "年度资金支付完成率100%", Flag.TARGET_IN_NAME), ("200人", "200余人", "", Flag.APPROXIMATE), ("≥5场", "不涉及", "", Flag.NOT_APPLICABLE),
    ],
)  # fmt: skip
def test_flag(target, actual, name, flag):
    assert flag in read_row(target, actual, name=name).flags


@pytest.mark.parametrize(
    ("target", "actual", "name"),
    [("10个", "10", ""), ("10", "10人", ""), ("10", "10", "培训(人)"), ("95", "96", "满意度")],
)
def test_a_unit_somewhere_is_enough(target, actual, name):
    assert Flag.UNIT_MISSING not in read_row(target, actual, name=name).flags


def test_parts_of_a_compound_target():
    target = read_target("11月底完成100%", year=2021)
    assert target.kind is Kind.COMPOUND
    assert [(part.kind, part.day, part.value) for part in target.parts] == [
        ("date", "2021-11-30", None),
        ("ratio", "", Decimal(100)),
    ]


@pytest.mark.parametrize(("rating", "target", "actual", "verdict", "basis"), [
    ("partly", "提升形象，增强公信力", "社会反响总体良好但仍需时间检验", "partly", "rated"), ("missed", "有效", "有效", "missed", "rated"),
    ("met", "≥10场", None, "met", "rated"), ("missed", "≥10场", "12场", "met", "measured"),
])  # fmt: skip
def test_a_rating_decides_where_nothing_was_measured(rating, target, actual, verdict, basis):
    reading = read_row(target, actual, rating=rating)
    assert (reading.verdict, reading.basis) == (verdict, basis)
