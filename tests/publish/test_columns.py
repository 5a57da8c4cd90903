"""Columns are as wide as what they hold needs, and the page is never left."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from perfkit.publish.block_reader import blocks_of
from perfkit.publish.cleaning import ems
from perfkit.publish.images import Pictures
from perfkit.publish.layout import LANDSCAPE, PADDING, PORTRAIT, Paper, places, setting


def table(*lines):
    cells = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in line)}</tr>" for line in lines)
    main = html.fragment_fromstring(f"<table>{cells}</table>", create_parent="main")
    return blocks_of(main, Pictures()).content[0]


@pytest.mark.parametrize(("text", "width"), [("", 0), ("甲乙", 2), ("ab", 1.12), ("（", 1)])
def test_a_text_is_measured_in_chinese_characters(text, width):
    assert ems(text) == pytest.approx(width)


def test_cells_know_their_columns_under_merged_ones():
    merged = html.fragment_fromstring(
        "<table><tr><th rowspan=2>a</th><td colspan=2>b</td></tr><tr><td>c</td><td>d</td></tr><tr><td>e</td></tr></table>"
    )
    found = [[(p.cell.text, p.column, p.across, p.down) for p in row] for row in places(merged)]
    assert found == [
        [("a", 0, 1, 2), ("b", 1, 2, 1)],
        [("c", 1, 1, 1), ("d", 2, 1, 1)],
        [("e", 0, 1, 1), (None, 1, 1, 1), (None, 2, 1, 1)],
    ]


@pytest.mark.parametrize("span", ["0", "-1", "x", "", "99999"])
def test_a_senseless_span_is_one(span):
    odd = html.fragment_fromstring(f'<table><tr><td colspan="{span}">a</td></tr></table>')
    assert places(odd)[0][0].across == 1


def test_what_a_score_opens_to_takes_no_room():
    hidden = "<details><summary>9.9</summary><p>很长的说明很长的说明</p></details>"
    assert setting(table([hidden, "甲"])).widths == setting(table(["9.9", "甲"])).widths


def test_a_small_table_is_no_wider_than_it_needs():
    assert not setting(table(["甲", "1"], ["乙", "2"])).full


def test_numbers_and_short_words_stay_whole_beside_long_texts():
    found = setting(table(["产出指标", "8,120,525", "说明" * 200]))
    assert found.full
    assert found.widths[0] >= 4
    assert found.widths[1] >= ems("8,120,525")
    assert found.widths[2] > 20


def test_a_name_is_broken_where_that_makes_the_table_shorter():
    line = ["平台软件系统更新完成", "10", "9.90", "9.90", "9.90", "说明" * 60]
    broken = setting(table(*[line] * 9), Paper(442, 640, 10.5, 10.5))
    assert broken.widths[0] < 10
    assert broken.widths[5] > 18
    assert setting(table(*[[*line[:5], "说明" * 4]] * 9), Paper(442, 640, 10.5, 10.5)).widths[0] >= 10


def test_a_table_of_many_columns_is_turned():
    found = setting(table(["123456.78"] * 24))
    assert found.turned
    assert found.size >= 5


@pytest.mark.parametrize(("smallest", "turned"), [(6.5, False), (8.0, True)])
def test_a_page_is_turned_for_type_too_small_for_its_paper(smallest, turned):
    found = setting(table(["123456.78"] * 9), Paper(442, 640, 10.5, 10.5, smallest))
    assert found.turned is turned
    assert found.size >= smallest


def test_a_cell_longer_than_a_page_may_break():
    found = setting(table(["短", "长" * 9000]))
    assert [found.too_tall(cell) for cell in found.table.body[0].cells] == [False, True]


@given(st.lists(st.lists(st.text("甲1a ", max_size=60), min_size=1, max_size=9), min_size=1, max_size=5))
def test_a_table_stays_on_its_page(lines):
    found = setting(table(*lines))
    width = sum(found.widths) * found.size + PADDING * len(found.widths)
    assert width <= (LANDSCAPE if found.turned else PORTRAIT) + 1
    assert all(w > 0 for w in found.widths)
