"""What must hold for any figures: monotony, units that cancel, values that read back."""

from decimal import Decimal

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from perfkit.values import Direction, Flag, Verdict, format_value, read_actual, read_row, read_target
from perfkit.values.cell import take_apart
from tests.strategies import AT_LEAST, AT_MOST, UNITS, figures, texts

FIGURES = figures("0.01", "1000000")
MEASURES = st.sampled_from(
    ["", "个", "人次", "课时", "公里", "平方米", "万元", "元/人·月", "%", "‰", "亩", "小时"]
)
MULTIPLIERS = st.sampled_from(["", "万", "亿", "千", "百"])
NAMES = st.sampled_from(["培训人次", "满意度", "合格率", "成本控制率", "投诉率", "建设面积", ""])
LEVELS = st.sampled_from(["数量指标", "质量指标", "时效指标", "成本指标", "社会效益指标", ""])


@given(FIGURES, FIGURES, FIGURES, MEASURES, st.sampled_from(AT_LEAST), NAMES)
def test_raising_the_actual_of_an_at_least_row_never_lowers_it(target, one, other, unit, operator, name):
    low, high = sorted((one, other))
    lower, higher = (
        read_row(f"{operator}{target}{unit}", f"{a}{unit or '个'}", name=name) for a in (low, high)
    )
    assert lower.completion <= higher.completion
    assert not (lower.verdict is Verdict.MET and higher.verdict is Verdict.MISSED)


@given(FIGURES, FIGURES, FIGURES, MEASURES, st.sampled_from(AT_MOST), NAMES)
def test_lowering_the_actual_of_an_at_most_row_never_worsens_it(target, one, other, unit, operator, name):
    low, high = sorted((one, other))
    lower, higher = (
        read_row(f"{operator}{target}{unit}", f"{a}{unit or '个'}", name=name) for a in (low, high)
    )
    assert not (higher.verdict is Verdict.MET and lower.verdict is Verdict.MISSED)


@given(
    FIGURES,
    FIGURES,
    st.sampled_from(AT_LEAST + AT_MOST),
    MULTIPLIERS,
    st.sampled_from(["个", "元", "米", "亩", "人次"]),
)
def test_scaling_both_by_one_unit_changes_nothing(target, actual, operator, multiplier, unit):
    plain = read_row(f"{operator}{target}{unit}", f"{actual}{unit}")
    scaled = read_row(f"{operator}{target}{multiplier}{unit}", f"{actual}{multiplier}{unit}")
    assert (plain.verdict, plain.completion) == (scaled.verdict, scaled.completion)


@pytest.mark.parametrize(
    ("large", "small", "times"),
    [
        ("公里", "米", 1000),
        ("公顷", "亩", 15),
        ("吨", "公斤", 1000),
        ("年", "个月", 12),
        ("季度", "个月", 3),
        ("周", "天", 7),
        ("公里", "里", 2),
        ("万元", "元", 10000),
        ("平方公里", "公顷", 100),
    ],
)
@settings(max_examples=30)
@given(target=figures("0.01", "9999"), actual=figures("0.01", "9999"))
def test_converting_one_side_changes_nothing(large, small, times, target, actual):
    same = read_row(f"≥{target}{large}", f"{actual}{large}")
    other = read_row(f"≥{target}{large}", f"{actual * times}{small}")
    assert (same.verdict, same.completion) == (other.verdict, other.completion)


@pytest.mark.parametrize("actual", ["100", "1", "100%", "１００％", "100.00%", "1.0"])
@pytest.mark.parametrize("target", ["=100%", "≥100%", "100%", "＝100％", "≧100%"])
@pytest.mark.parametrize("level2", ["质量指标", "成本指标", "时效指标"])
def test_a_whole_is_a_whole(target, actual, level2):
    reading = read_row(target, actual, name="完成率", level2=level2)
    assert (reading.verdict, reading.completion) == (Verdict.MET, 1)


TARGETS = st.one_of(
    st.builds(
        "{}{}{}".format, st.sampled_from(("", *AT_LEAST, *AT_MOST, "=")), FIGURES, st.sampled_from(UNITS)
    ),
    st.builds(
        "{}{}{}{}".format,
        st.just(""),
        FIGURES,
        MULTIPLIERS,
        st.sampled_from(["亩", "人", "元/人·月", "公里/年"]),
    ),
    st.builds("{}~{}个".format, st.integers(1, 50), st.integers(51, 99)),
    st.builds("±{}%".format, st.integers(1, 30)),
    st.builds(
        "{}年{}月{}".format,
        st.integers(2016, 2030),
        st.integers(1, 12),
        st.sampled_from(["底", "", "28日", "前"]),
    ),
    st.sampled_from(
        [
            "9月前",
            "第三季度",
            "上半年",
            "年内",
            "九成以上",
            "三十场",
            "两次",
            "3/4",
            "2/3",
            "百分之九十五",
            "1年",
            "≤12个月",
        ]
    ),
)


@given(TARGETS, NAMES, LEVELS)
@example("≥9.280万元", "", "")
def test_a_printed_target_reads_back(text, name, level2):
    first = read_target(text, name=name, level2=level2, year=2022)
    again = read_target(format_value(first), name=name, level2=level2, year=2022)
    for field in ("value", "low", "high", "unit", "direction", "day"):
        assert getattr(first, field) == getattr(again, field), field


@given(FIGURES, st.sampled_from(["", "-"]), MULTIPLIERS, st.sampled_from(UNITS))
def test_a_printed_actual_reads_back(number, sign, multiplier, unit):
    assume(not (multiplier and unit == "%"))
    target = read_target("≥1个")
    first = read_actual(f"{sign}{number}{multiplier}{unit}", target)
    again = read_actual(format_value(first), target)
    assert (first.value, first.unit, first.kind) == (again.value, again.unit, again.kind)


@given(texts(40), texts(40), texts(20), st.none() | st.integers(-10, 10**6))
def test_any_text_reads(target, actual, name, year):
    reading = read_row(target, actual, name=name, level2=name, year=year)
    assert reading.verdict in Verdict
    assert isinstance(format_value(reading.target), str)
    assert isinstance(format_value(reading.actual), str)


CELLS = st.text("0123456789.,%万元人个≥≤=约以上内余完成未月年底前(): 至~-±/每", max_size=14)


@given(CELLS, CELLS)
def test_cells_made_of_the_grammar_read(target, actual):
    reading = read_row(target, actual, name="完成率", year=2022)
    if reading.completion is not None:
        assert reading.completion.is_finite()
    assert (reading.late, reading.verdict) != (True, Verdict.MET)


@given(st.text("≥≤约人次个以上%万元", max_size=4), FIGURES, st.text("%人次万元个以上余左右/天", max_size=5))
def test_a_cell_reads_the_same_whatever_its_number(before, number, after):
    """The short way for cells with one number gives what the long way gives for another number."""
    one, other = take_apart(f"{before}{number:f}{after}"), take_apart(f"{before}7{after}")
    assume(not (one.flags | other.flags) & {Flag.SCAN_SUSPECT, Flag.TEMPLATE})
    assert [q.unit for q in one.quantities] == [q.unit for q in other.quantities]
    assert [q.direction for q in one.quantities] == [q.direction for q in other.quantities]
    assert one.words == other.words or not one.quantities


@given(figures("0.01", "100"), figures("0", "100"))
def test_direction_without_operator_follows_the_name(target, actual):
    reading = read_row(f"{target}%", f"{actual}%", name="投诉率", level2="社会效益指标")
    assert reading.direction is Direction.AT_MOST
    assert reading.verdict == (Verdict.MET if actual <= target else Verdict.MISSED)
    assert reading.completion == actual / Decimal(target)
