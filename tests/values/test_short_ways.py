"""The short ways of reading give what the long ways give: nothing is read faster by being read otherwise."""

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from perfkit.values import cell, dates, normal, suspects
from perfkit.values.cell import Cell, take_apart
from tests.strategies import AT_LEAST, AT_MOST, UNITS, WORDS, figures

NUMBERS = st.one_of(
    figures("0", "1000000").map("{:f}".format),
    st.integers(0, 9_999_999).map("{:,}".format),
    st.integers(1900, 2100).map(str),
)
BEFORE = st.sampled_from(
    ["", *AT_LEAST, *AT_MOST, "=", "约", "完成", "第", "每", "A", "已培训", "Z", "±", "5="]
)
AFTER = st.sampled_from(
    [*UNITS, "以上", "人次以内", "余人", "万元", "元/人·月", "%左右", "号线", "套次", "O%", "年"]
)
PLAIN = st.builds("{}{}{}".format, BEFORE, NUMBERS, AFTER)
SIGNS = st.text(
    "0123456789.,%≥≤=><+-/ 万元个人约年月日季度半上下第三十底前中OoIl*xX×…_○□字以内左右()请填", max_size=14
)
CELLS = st.one_of(PLAIN, SIGNS, st.sampled_from(WORDS))


def told(read: Cell) -> Cell:
    """Give a cell without the places of its parts, which only the reading itself looks at."""
    quantities = tuple(part._replace(start=0, end=0) for part in read.quantities)
    return read._replace(quantities=quantities)


@settings(max_examples=600)
@given(CELLS)
@example("≥1,234人次")
@example("20.22%")
@example("第5号")
def test_a_cell_of_one_number_reads_as_any_cell(text):
    assume(not normal.is_blank(text))
    assert told(take_apart(text)) == told(cell.read_whole(normal.fold(text)))


@settings(max_examples=300)
@given(SIGNS, st.sampled_from(["", "2022年", "20220630", "第三季度", "上半年", "3月至", "2021-12", "年底"]))
def test_a_date_holds_its_mark(text, date):
    for mark, pattern in dates.DATES:
        if pattern.search(date + text):
            assert mark.search(date + text)


@settings(max_examples=300)
@given(SIGNS)
def test_a_template_and_a_scan_error_hold_one_of_their_signs(text):
    for signs, held in (
        (suspects.TEMPLATE_SIGNS, suspects.TEMPLATE_HOLDS),
        (suspects.SCAN_SIGNS, suspects.SCAN_HOLDS),
    ):
        if held.search(text):
            assert signs.search(text)


@pytest.mark.parametrize("pair", [pair for pair, _ in normal.DOUBLE_SIGNS])
def test_a_doubled_sign_is_seen(pair):
    assert normal.DOUBLED.search(f"培训{pair}5")
    assert len(normal.fold(f"{pair}5")) == 2
