"""Text that is struck out does not count; a cell with nothing else is blank, and listed."""

from io import BytesIO

import pytest
import xlsxwriter
from docx import Document
from openpyxl import load_workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font

from perfkit.readers.formats import parse
from tests.readers.books import book, page, rows_of

FORM = """
项目名称 | 甲项目 | 主管部门 | 甲局
三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分
甲一 | 10个 | 9个 | 50 | 45
甲二 | 20个 | 20个 | 40 | 40
总分 | | | 90 | 85
"""


def sheet(change):
    made = load_workbook(BytesIO(book(FORM)))
    change(made.active)
    target = BytesIO()
    made.save(target)
    return target.getvalue()


def strike_cell(place):
    def change(active):
        active[place].font = Font(strike=True)

    return sheet(change)


def strike_part(place, struck, left):
    def change(active):
        active[place] = CellRichText(TextBlock(InlineFont(strike=True), struck), left)

    return sheet(change)


def shared(struck, left):
    """Make a book as Excel does, which keeps the runs of a text among the shared ones."""
    target = BytesIO()
    made = xlsxwriter.Workbook(target)
    active, strike = made.add_worksheet("表1"), made.add_format({"font_strikeout": True})
    for r, row in enumerate(rows_of(FORM)):
        active.write_row(r, 0, row)
    active.write_rich_string(2, 2, strike, struck, made.add_format({"bold": True}), left)
    made.close()
    return target.getvalue()


def word(struck, left=""):
    document = Document()
    rows = rows_of(FORM)
    table = document.add_table(len(rows), 5)
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            table.cell(r, c).text = text
    paragraph = table.cell(2, 2).paragraphs[0]
    paragraph.clear()
    paragraph.add_run(struck).font.strike = True
    paragraph.add_run(left)
    target = BytesIO()
    document.save(target)
    return target.getvalue()


def web(cell):
    return page(FORM).replace("9个".encode(), cell.encode())


def actual(data):
    (form,) = parse(data, "form")
    return form.indicators[0].actual, [(cell.place, cell.text) for cell in form.unread]


@pytest.mark.parametrize(
    ("made", "place"),
    [
        (lambda: strike_cell("C3"), "表1!C3"),
        (lambda: word("9个"), "table 1, row 3, column 3"),
        (lambda: web("<s>9个</s>"), "table 1, row 3, column 3"),
        (lambda: web("<del>9</del><strike>个</strike>"), "table 1, row 3, column 3"),
        (
            lambda: web("<span style='color:red; text-decoration: line-through'>9个</span>"),
            "table 1, row 3, column 3",
        ),
    ],
)
def test_a_cell_that_is_struck_out_is_blank_and_listed(made, place):
    assert actual(made()) == (None, [(place, "9个")])


@pytest.mark.parametrize(
    "data",
    [
        lambda: strike_part("C3", "8", "9个"),
        lambda: shared("8", "9个"),
        lambda: word("8", "9个"),
        lambda: web("<s>8</s>9个"),
        lambda: web("<u style='text-decoration: underline'>9</u>个"),
        lambda: web("<b class='strike'>9</b>个"),
    ],
)
def test_what_is_struck_out_of_a_cell_does_not_count(data):
    assert actual(data()) == ("9个", [])


def test_a_row_that_is_struck_out_is_listed_once():
    def change(active):
        for cell in active[4]:
            cell.font = Font(strike=True)

    (form,) = parse(sheet(change), "form.xlsx")
    assert [row.name for row in form.indicators] == ["甲一"]
    assert [(cell.place, cell.text) for cell in form.unread] == [("表1!A4", "甲二 | 20个 | 20个 | 40 | 40")]


def test_a_figure_that_is_struck_out_is_no_figure():
    (form,) = parse(strike_cell("E4"), "form.xlsx")
    assert (form.indicators[1].score, [cell.text for cell in form.unread]) == (None, ["40"])


def test_a_strike_that_is_switched_off_strikes_nothing():
    document = Document(BytesIO(word("9个")))
    document.tables[0].cell(2, 2).paragraphs[0].runs[0].font.strike = False
    target = BytesIO()
    document.save(target)
    assert actual(target.getvalue()) == ("9个", [])
