"""A figure takes the room that is left on its page, and stays as large as its letters need."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfkit.publish.blocks import Cell, Paragraph, Row
from perfkit.publish.layout import Pages, closing

WIDTH, HEIGHT = 442.0, 637.0
LINES = st.lists(st.integers(1, 900), max_size=40)


def filled(lengths):
    pages = Pages(WIDTH, HEIGHT)
    for length in lengths:
        pages.paragraph(("甲" * length,), "", keeps=False)
    return pages


def test_twenty_two_lines_fill_a_page():
    pages = filled([25] * 22)
    assert pages.at == pytest.approx(22 * 28.95)
    pages.paragraph(("甲",), "", keeps=False)
    assert pages.at == pytest.approx(28.95)


@given(LINES, st.floats(50, WIDTH), st.floats(0.1, 1.1), st.floats(0, 60))
def test_a_figure_is_no_larger_than_asked_and_never_too_small_to_read(lengths, width, ratio, below):
    pages = filled(lengths)
    before = pages.at
    given_ = pages.picture(width, ratio, below)
    assert width * 0.7 <= given_ <= width
    if given_ < width:
        assert before < pages.at <= HEIGHT - below  # it was set smaller because it fits so


def test_a_figure_goes_to_the_next_page_only_where_it_would_be_too_small():
    pages = filled([25] * 16)
    assert pages.picture(400, 0.4, 20) == pytest.approx((HEIGHT - 16 * 28.95 - 36) / 0.4)
    pages = filled([25] * 18)
    assert pages.picture(400, 0.4, 20) == 400
    assert pages.at == pytest.approx(6 + 160)


def test_a_heading_goes_where_its_figure_goes():
    pages = filled([25] * 18)
    pages.paragraph(("标题",), "Heading1", keeps=False)
    pages.picture(400, 0.4, 20)
    assert pages.at == pytest.approx(28.95 + 6 + 160)


def test_a_row_is_not_parted_and_the_head_stands_on_each_page():
    cells = tuple(Cell((Paragraph(("甲" * 60,)),), column) for column in range(2))
    pages = filled([25] * 21)
    pages.rows([Row(cells)] * 3, 1, (100.0, 100.0), 10.5)
    alone = Pages(WIDTH, HEIGHT)
    alone.rows([Row(cells)] * 3, 1, (100.0, 100.0), 10.5)
    assert pages.at == alone.at


@given(st.lists(st.floats(1, 900), max_size=40))
def test_what_closes_a_page_is_a_third_of_it_unless_the_next_thing_is_too_tall(heights):
    count = closing(heights, HEIGHT)
    together = sum(heights[len(heights) - count :])
    assert together <= HEIGHT * 0.4
    if together < HEIGHT * 0.33 and count < len(heights):
        assert together + heights[-count - 1] > HEIGHT * 0.4
