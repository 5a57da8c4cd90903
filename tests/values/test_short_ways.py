"""The short ways of reading give what the long ways give: nothing is read faster by being read otherwise."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from perfkit.text import folding as normal
from perfkit.values import cell, dates

SIGNS = st.text(
    "0123456789.,%≥≤=><+-/ 万元个人约年月日季度半上下第三十底前中OoIl*xX×…_○□字以内左右()请填", max_size=14
)


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
        (cell.TEMPLATE_SIGNS, cell.TEMPLATE_HOLDS),
        (cell.SCAN_SIGNS, cell.SCAN_HOLDS),
    ):
        if held.search(text):
            assert signs.search(text)


@pytest.mark.parametrize("pair", [pair for pair, _ in normal.DOUBLE_SIGNS])
def test_a_doubled_sign_is_seen(pair):
    assert normal.DOUBLED.search(f"培训{pair}5")
    assert len(normal.fold_cell(f"{pair}5")) == 2
