"""One spelling, one blank, one list of what cannot be seen."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfkit.text.folding import (
    DOUBLE_SIGNS,
    INVISIBLE,
    bare,
    fold,
    fold_cell,
    is_blank,
    one_line,
    shortened,
    squeeze,
    visible,
)
from tests.strategies import texts


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("＞＝ ３００ 公里", "≥300公里"),
        ("目\u200b标", "目标"),
        ("完\ufeff成\u00ad率\ufe0f", "完成率"),
        ("實際完成\u3000值", "实际完成值"),
        ("⼀般公共预算", "一般公共预算"),
        ("9\u00a0280\u2009000", "9280000"),
        ("①完成300场", "①完成300场"),
        ("10㎡", "10㎡"),
        ("—", "-"),
        ("𝟗𝟓％", "95%"),
        ("12 15", "12 15"),
        ("１ ０ ０％", "100%"),
        ("《办法》", "<办法>"),
    ],
)
def test_a_cell_has_one_spelling(text, folded):
    assert fold_cell(text) == folded


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("① 目 标 值", "1目标值"),
        ("绩\n效\t指標", "绩效指标"),
        ("（万元）：", "(万元):"),
        ("㈠产出", "(一)产出"),
    ],
)
def test_a_heading_is_squeezed(text, key):
    assert squeeze(text) == key


@given(texts())
def test_folding_is_done_once(text):
    assert fold(fold(text)) == fold(text)
    assert squeeze(squeeze(text)) == squeeze(text)
    assert bare(bare(text)) == bare(text)


@given(texts(), st.sampled_from(["\u200b", "\ufeff", "\u00ad", "\u2060", "\ufe0f", "\u3164", "\u202e"]))
def test_what_cannot_be_seen_changes_nothing(text, hidden):
    spread = hidden.join(text)
    assert fold(spread) == fold(text)
    assert is_blank(spread) == is_blank(text)


@pytest.mark.parametrize(
    "text",
    ["", " ", "\u3000\n", "-", "——", "－", "/", "／", "、", "。", "（）", "( )", "_", "N/A", "null", "无数据", "未填报", "一",
     "\u200b", "\u3164", "~", "\\", "|", None, " " * 900, "\uff0d" * 500],
)  # fmt: skip
def test_blanks(text):
    assert is_blank(text)


@pytest.mark.parametrize("text", ["0", "无", "……", "____", "0%", "一项", "否", "x", "√", " " * 900 + "5"])
def test_no_blanks(text):
    assert not is_blank(text)


def test_the_list_of_what_cannot_be_seen_holds_every_format_and_control_character():
    printing = {*range(0x600, 0x606), 0x6DD, 0x70F, 0x890, 0x891, 0x8E2, 0x110BD, 0x110CD}
    printing |= set(range(0x13430, 0x13440)) | {0xFFFC, 0xFFFD}
    for code in range(0x110000):
        character = chr(code)
        category = unicodedata.category(character)
        hidden = category in {"Cf", "Cs"} or (category == "Cc" and not character.isspace())
        if hidden and code not in printing:
            assert INVISIBLE.match(character), hex(code)
        elif INVISIBLE.match(character):
            assert category in {"Cf", "Cs", "Cc", "Cn", "Mn", "Lo", "So"}, hex(code)
    assert not any(INVISIBLE.match(chr(code)) for code in (*range(0x20, 0x7F), *range(0x4E00, 0x9FFF)))


@given(texts())
def test_a_line_is_one_line_and_holds_nothing_unseen_but_joiners(text):
    line = one_line(text)
    assert line == " ".join(line.split())
    assert visible(line) == line
    assert len(shortened(text)) <= 40


@pytest.mark.parametrize("pair", [pair for pair, _ in DOUBLE_SIGNS])
def test_a_doubled_sign_is_one(pair):
    assert len(fold_cell(f"{pair}5")) == 2
