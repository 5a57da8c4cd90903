"""A merged cell that a page break cuts: each row gets its own level, or none, never the one above unsaid."""

import pytest

from perfkit.form import Source
from perfkit.readers.breaks import joined_over_breaks, reclaimed
from perfkit.readers.grid import Cell, Grid
from perfkit.readers.layout import read_forms
from perfkit.readers.positions import Glyph
from tests.readers.books import rows_of, spans

OPENING = "项目名称 | 社区书屋更新 | < | < | < | < | <"
HEADING = "一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分"
VALUES = "≥1个 | 1个 | 10 | 10"


def table(number, text, *, opened=()):
    """Give one page of a table: rows of two levels and a name, below the heading that each page repeats."""
    rows = [f"{line} | {name} | {VALUES}" for line, _, name in (row.rpartition(" | ") for row in text)]
    first = [OPENING] if number == 1 else []
    cells = [
        Cell(value, r, c, tall, wide, f"page {number}, row {r + 1}, column {c + 1}")
        for r, c, tall, wide, value in spans(rows_of("\n".join([*first, HEADING, *rows])))
    ]
    bottom = max(cell.row + cell.rowspan for cell in cells)
    feet = {cell.column: (cell.row, cell.column) for cell in cells if cell.row + cell.rowspan == bottom}
    return Grid(tuple(cells), f"page {number}", continues=number > 1, open=frozenset(feet[c] for c in opened))


def levels(*pages, opened=()):
    grids = [
        table(n, page.strip().splitlines(), opened=opened if n < len(pages) else ())
        for n, page in enumerate(pages, 1)
    ]
    (form,) = read_forms(joined_over_breaks(grids), Source("form.pdf", ""))
    doubted = {doubt.path for doubt in form.reading.doubts}
    for n, row in enumerate(form.indicators):
        assert row.level2 is not None or f"indicators[{n}].level2" in doubted
    return [f"{(row.level1 or '-')[:2]} {(row.level2 or '-')[:2]} {row.name}" for row in form.indicators]


FIRST = "产出指标 | 数量指标 | 甲\n^ | ^ | 乙\n"
CUT = [
    ("begins at the foot, its label on the next page",
     (FIRST + "^ | | 丙", " | 质量指标 | 丁\n^ | ^ | 戊"), (),
     "产出 数量 甲, 产出 数量 乙, 产出 质量 丙, 产出 质量 丁, 产出 质量 戊"),
    ("one row on each page",
     (FIRST + "^ | | 丙", " | 质量指标 | 丁\n^ | 时效指标 | 戊\n^ | ^ | 己"), (),
     "产出 数量 甲, 产出 数量 乙, 产出 质量 丙, 产出 质量 丁, 产出 时效 戊, 产出 时效 己"),
    ("fills a page whose label stands before it; the next begins at the break",
     (FIRST, " | | 丙\n^ | ^ | 丁", "效益指标 | 社会效益 | 戊\n^ | ^ | 己"), (),
     "产出 数量 甲, 产出 数量 乙, 产出 数量 丙, 产出 数量 丁, 效益 社会 戊, 效益 社会 己"),
    ("fills two such pages",
     (FIRST, " | | 丙\n^ | ^ | 丁", " | | 戊\n^ | ^ | 己", "效益指标 | 社会效益 | 庚\n^ | ^ | 辛"), (),
     "产出 数量 甲, 产出 数量 乙, 产出 数量 丙, 产出 数量 丁, 产出 数量 戊, 产出 数量 己, 效益 社会 庚, 效益 社会 辛"),
    ("fills a page, its label on the one behind: the rules show where it ends",
     (FIRST, " | | 丙\n^ | ^ | 丁", " | 质量指标 | 戊\n^ | ^ | 己"), (0,),
     "产出 数量 甲, 产出 数量 乙, 产出 - 丙, 产出 - 丁, 产出 质量 戊, 产出 质量 己"),
    ("begins at the foot and fills a page, its label on the one behind",
     (FIRST + "^ | | 丙", " | | 丁\n^ | ^ | 戊", " | 质量指标 | 己\n^ | ^ | 庚"), (),
     "产出 数量 甲, 产出 数量 乙, 产出 质量 丙, 产出 质量 丁, 产出 质量 戊, 产出 质量 己, 产出 质量 庚"),
    ("has no label anywhere",
     (FIRST + "^ | | 丙", " | | 丁\n^ | 质量指标 | 戊\n^ | ^ | 己"), (),
     "产出 数量 甲, 产出 数量 乙, 产出 - 丙, 产出 - 丁, 产出 质量 戊, 产出 质量 己"),
    ("ends at the break: a cell without a label below it is another one",
     (FIRST, " | | 丙\n^ | 质量指标 | 丁\n^ | ^ | 戊"), (0,),
     "产出 数量 甲, 产出 数量 乙, 产出 - 丙, 产出 质量 丁, 产出 质量 戊"),
    ("belongs to a level 1 that ends at the break: blank as cells are anywhere below a label",
     (FIRST + "^ | | 丙", "效益指标 | 社会效益 | 丁\n^ | ^ | 戊"), (),
     "产出 数量 甲, 产出 数量 乙, 产出 数量 丙, 效益 社会 丁, 效益 社会 戊"),
    ("goes on below the break",
     (FIRST, " | | 丙\n^ | ^ | 丁"), (),
     "产出 数量 甲, 产出 数量 乙, 产出 数量 丙, 产出 数量 丁"),
]  # fmt: skip


@pytest.mark.parametrize(("pages", "opened", "expected"), [case[1:] for case in CUT], ids=[c[0] for c in CUT])
def test_each_row_has_its_own_level_or_is_doubted(pages, opened, expected):
    assert levels(*pages, opened=opened) == expected.split(", ")


@pytest.mark.parametrize(
    ("upper", "lower", "whole"),
    [
        ("可持续影响", "指标", "可持续影响指标"),
        ("服务对象", "满意度指标", "服务对象满意度指标"),
        ("社会效益指标(30", "分)", "社会效益指标(30分)"),
        ("社会效益指标", "（30分）", "社会效益指标（30分）"),
        ("社会效益", "社会效益指标", "社会效益指标"),  # painted on both pages, on one not whole
    ],
)
def test_a_label_that_a_break_cut_is_whole_on_both_pages(upper, lower, whole):
    pages = (f"效益指标 | {upper} | 甲\n^ | ^ | 乙", f" | {lower} | 丙\n^ | ^ | 丁")
    parts = [table(n, page.splitlines()) for n, page in enumerate(pages, 1)]
    (form,) = read_forms(joined_over_breaks(parts), Source("form.pdf", ""))
    assert [row.level2 for row in form.indicators] == [whole] * 4


def test_two_whole_labels_at_a_break_stay_two():
    pages = (
        "产出指标 | 数量指标 | 甲\n^ | ^ | 乙",
        "^ | 质量指标 | 丙\n^ | ^ | 丁".replace("^ | 质", " | 质"),
    )
    assert [text[3:5] for text in levels(*pages)] == ["数量", "数量", "质量", "质量"]


# what is painted outside of its cell

BOX = (0.0, 100.0, 300.0, 200.0)
CELLS = [
    (0, 100, 100, 120),
    (100, 100, 300, 120),
    (0, 120, 100, 200),
    (100, 120, 300, 160),
    (100, 160, 300, 200),
]
HEADED = [("二级指标", 10, 105), ("三级指标", 110, 105), ("添置书架", 110, 135), ("添置图书", 110, 175)]


def print_at(*texts):
    return [
        Glyph(sign, left + n * 10, left + n * 10 + 10, top, top + 10)
        for text, left, top in texts
        for n, sign in enumerate(text)
    ]


def text_in(glyphs, box):
    inside = [g for g in glyphs if box[0] <= g.x <= box[2] and box[1] <= g.y <= box[3]]
    return "".join(g.text for g in sorted(inside, key=lambda g: (g.y, g.x)))


@pytest.mark.parametrize(
    "painted",
    [
        [("社会效益", 10, 80), ("指标", 20, 90)],  # in the margin
        [("社会效益", 10, 103), ("指标", 20, 110)],  # over the heading
        [("社会效益", 10, 90), ("指标", 20, 102)],  # half of it over the heading
    ],
)
def test_a_label_painted_above_its_cell_goes_into_it(painted):
    found = reclaimed(print_at(*HEADED, *painted), [(BOX, CELLS)], first=False, last=False)
    assert text_in(found, CELLS[2]) == "社会效益指标"
    assert text_in(found, CELLS[0]) == "二级指标"


def test_a_label_painted_across_the_end_of_the_page_goes_into_the_cell_that_no_rule_closes():
    glyphs = print_at(*HEADED, ("社会效益", 10, 192), ("指标", 20, 205))
    cells = [cell for cell in CELLS if cell != CELLS[2]]
    found = reclaimed(glyphs, [(BOX, cells)], first=True, last=False)
    assert text_in(found, CELLS[2]) == "社会效益指标"


@pytest.mark.parametrize("text", ["项目支出绩效自评表", "（2023年度）"])
def test_a_title_above_a_table_stays_there(text):
    glyphs = print_at(*HEADED, (text, 5, 85))
    assert reclaimed(glyphs, [(BOX, CELLS)], first=False, last=True) == glyphs
