"""Columns are as wide as what they hold needs, and the page is never left."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from perfkit.publish.widths import LANDSCAPE, PADDING, PORTRAIT, ems, measure, places, printed


def rows(*lines):
    cells = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in line)}</tr>" for line in lines)
    return places(html.fragment_fromstring(f"<table>{cells}</table>"))


@pytest.mark.parametrize(("text", "width"), [("", 0), ("甲乙", 2), ("ab", 1.12), ("（", 1)])
def test_a_text_is_measured_in_chinese_characters(text, width):
    assert ems(text) == pytest.approx(width)


def test_cells_know_their_columns_under_merged_ones():
    table = html.fragment_fromstring(
        "<table><tr><th rowspan=2>a</th><td colspan=2>b</td></tr><tr><td>c</td><td>d</td></tr><tr><td>e</td></tr></table>"
    )
    found = [[(p.cell.text, p.column, p.across, p.down) for p in row] for row in places(table)]
    assert found == [
        [("a", 0, 1, 2), ("b", 1, 2, 1)],
        [("c", 1, 1, 1), ("d", 2, 1, 1)],
        [("e", 0, 1, 1), (None, 1, 1, 1), (None, 2, 1, 1)],
    ]


@pytest.mark.parametrize("span", ["0", "-1", "x", "", "99999"])
def test_a_senseless_span_is_one(span):
    table = html.fragment_fromstring(f'<table><tr><td colspan="{span}">a</td></tr></table>')
    assert places(table)[0][0].across == 1


def test_what_a_score_opens_to_takes_no_room():
    cell = html.fragment_fromstring(
        "<td><details><summary>9.9</summary><p>很长的说明很长的说明</p></details></td>"
    )
    assert printed(cell) == pytest.approx(ems("9.9"))


def test_a_small_table_is_no_wider_than_it_needs():
    assert not measure(rows(["甲", "1"], ["乙", "2"]), 9.0).full


def test_numbers_and_short_words_stay_whole_beside_long_texts():
    found = measure(rows(["产出指标", "8,120,525", "说明" * 200]), 9.0)
    assert found.full
    assert found.widths[0] >= 4
    assert found.widths[1] >= ems("8,120,525")
    assert found.widths[2] > 20


def test_a_table_of_many_columns_is_turned():
    found = measure(rows(["123456.78"] * 24), 9.0)
    assert found.turned
    assert found.size >= 5


def test_a_cell_longer_than_a_page_may_break():
    table = rows(["短", "长" * 9000])
    found = measure(table, 9.0)
    assert [found.too_tall(place) for place in table[0]] == [False, True]


@given(st.lists(st.lists(st.text("甲1a ", max_size=60), min_size=1, max_size=9), min_size=1, max_size=5))
def test_a_table_stays_on_its_page(lines):
    table = rows(*lines)
    found = measure(table, 9.0)
    width = sum(found.widths) * found.size + PADDING * len(found.widths)
    assert width <= (LANDSCAPE if found.turned else PORTRAIT) + 1
    assert all(w > 0 for w in found.widths)
