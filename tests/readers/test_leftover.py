"""Nothing is lost in silence: what a form prints is read, is furniture, or is listed with its place."""

import re
from dataclasses import replace
from decimal import Decimal
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from perfkit.form import Source
from perfkit.readers.formats import parse
from perfkit.readers.grid import Cell, Grid
from perfkit.readers.layout import read_forms
from perfkit.readers.layout.leftover import listed, says_something
from perfkit.writers import Layout, write
from tests.readers.books import page, read, rows_of, spans
from tests.strategies import scored_forms

HEAD = """2022年度项目支出绩效自评表
项目名称 | 甲项目 | 主管部门 | 甲局 | 实施单位 | 乙所 |
项目资金（万元） | 年初预算数 | 全年预算数 | 全年执行数 | 分值 | 执行率 | 得分"""
TOTAL = "年度资金总额 | 120 | 110 | 99 | 10 | 90% | 9"
FUNDS = "其中：当年财政拨款 | 120 | 110 | 99 | — | — | —"
INDICATORS = "一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分"
ROWS = """产出指标 | 数量指标 | 培训人次 | 36人 | 35人 | 60 | 58
效益指标 | 社会效益指标 | 知晓率 | 80% | 85% | 30 | 30"""
SUM = "总分 | < | < | < | < | 100 | 97"
WHOLE = (HEAD, TOTAL, FUNDS, INDICATORS, ROWS, SUM)


def leftovers(*lines):
    (form,) = read("\n".join(lines))
    return [(cell.place, cell.text) for cell in form.unread]


def test_a_form_that_is_read_whole_leaves_nothing_over():
    assert leftovers(*WHOLE) == []


@pytest.mark.parametrize(
    ("lines", "left"),
    [
        # a second value for what a form has once
        ((HEAD, TOTAL, FUNDS, "主管部门 | 丙局", INDICATORS, ROWS, SUM), ("表1!A6", "主管部门 | 丙局")),
        ((*WHOLE, "自评总分 | 91.5"), ("表1!G9", "97")),
        ((HEAD, TOTAL, FUNDS, "总额 | 500 | 500 | 450 | | |", INDICATORS, ROWS, SUM), ("表1!A6", "总额 | 500 | 500 | 450")),
        # a column or a cell that nothing stands over
        ((HEAD, TOTAL, FUNDS, INDICATORS, ROWS.replace("58", "58 | 已扣2分"), SUM), ("表1!H7", "已扣2分")),
        ((HEAD, TOTAL, FUNDS.replace("—", "8", 1), INDICATORS, ROWS, SUM), ("表1!E5", "8")),
        ((HEAD.replace("执行率 |", "执行率 | 追加金额 |"), TOTAL.replace("90% |", "90% | 13 |"), FUNDS, INDICATORS, ROWS, SUM),
         ("表1!G3", "追加金额")),
        # a line between, and one below
        ((HEAD, TOTAL, FUNDS, "另有配套 | 73.5", INDICATORS, ROWS, SUM), ("表1!A6", "另有配套 | 73.5")),
        ((HEAD, TOTAL, FUNDS, INDICATORS, ROWS, SUM, "另行说明的数据 | 41 | 42"), ("表1!A10", "另行说明的数据 | 41 | 42")),
        ((HEAD, TOTAL, FUNDS, INDICATORS, ROWS, "产出指标 | 数量指标 | 指标2： | | | 5 |", SUM), ("表1!A9", "产出指标 | 数量指标 | 指标2： | 5")),
        ((HEAD, TOTAL, FUNDS, INDICATORS, ROWS, SUM.replace("97", "97 | 因故未评")), ("表1!A9", "总分 | 因故未评")),
        # what was worded like a label, and is none
        ((HEAD, TOTAL, FUNDS, "8分 | 2022年12月底前 | ≥100%", INDICATORS, ROWS, SUM), ("表1!A6", "8分 | 2022年12月底前 | ≥100%")),
    ],
)  # fmt: skip
def test_what_found_no_place_is_listed(lines, left):
    assert left in leftovers(*lines)


@pytest.mark.parametrize(
    "lines",
    [
        ("附件3", *WHOLE),
        (HEAD, " | | | | （10分） | （B/A） |", TOTAL, FUNDS, INDICATORS, ROWS, SUM),
        (HEAD.replace("\n项目名称", "\n（2022年度）\n填报单位：甲局 | 单位：万元\n项目名称"), *WHOLE[1:]),
        (HEAD, TOTAL, FUNDS, "主管部门 | 甲局", INDICATORS, ROWS, SUM),
        (HEAD, TOTAL, FUNDS, INDICATORS, ROWS, "产出指标 | 质量指标 | 指标1：…… | | | |", SUM),
        (HEAD, TOTAL, FUNDS, INDICATORS, ROWS.replace("\n", "\n小计 | < | < | < | < | 60 | 58\n"), SUM),
        (HEAD, TOTAL, FUNDS, INDICATORS, ROWS.replace("\n", f"\n{INDICATORS}\n"), SUM),
        (*WHOLE, "自评总分 | 97", "自评等级 | 优"),
        (*WHOLE, "填表人：张三 | 联系电话：010-1", "项目负责人 | 李四 | 填报日期 | 2023年3月1日"),
        (*WHOLE, "注：1.其他资金包括和中央补助、地方财政资金共同投入到同一项目的自有资金等。"),
        (*WHOLE, "2.定量指标若为正向指标，则得分=实际值/目标值*该指标分值。", "负责人（签字）："),
        (HEAD, TOTAL, f"{FUNDS}\n上年结转资金 | 0 | 0 | 0 | 0 | 0% | 0", INDICATORS, ROWS, SUM),
    ],
)
def test_what_a_form_prints_beside_its_values_is_not_listed(lines):
    assert leftovers(*lines) == []


def test_text_around_the_form_is_not_the_forms():
    form = page(
        "\n".join(WHOLE), "序号 | 姓名 | 电话\n1 | 张三 | 010-1", head="全年安排资金3500万元，实施12个项目。"
    )
    assert parse(form, "page.html")[0].unread == ()


@pytest.mark.parametrize(
    ("text", "says"),
    [("—", False), ("数量指标", False), ("产出指标（50分）", False), ("单位：万元", False), ("（8分）", False), ("联系电话：", False),
     ("8分", True), ("2022年12月底前", True), ("=100%", True), ("295.2", True), ("合同签名率", True), ("完成资料审核", True)],
)  # fmt: skip
def test_furniture_is_told_from_what_a_row_may_hold(text, says):
    assert says_something([text, "甲"]) is True
    assert says_something([text, "—"]) is says


def test_of_very_many_lines_the_first_are_listed():
    unread = listed((f"line {number}", [f"{number}个"]) for number in range(1000))
    assert len(unread) == 51
    assert unread[-1].text == "950 more lines"


def said(form):
    """Give all that a reading says: the values of the form and the texts of the list."""
    values = re.sub(r"(?<=\d),(?=\d)", "", str(form.to_dict()))
    return values + " ".join(cell.text for cell in form.unread)


LAYOUTS = st.builds(
    Layout, parted_target=st.booleans(), two_line_heading=st.booleans(), merged_levels=st.booleans()
)


@settings(max_examples=25)
@given(form=scored_forms(), layout=LAYOUTS, data=st.data())
def test_a_figure_put_anywhere_into_a_form_is_read_or_listed(tmp_path_factory, form, layout, data):
    path = tmp_path_factory.mktemp("forms") / "form.xlsx"
    write(replace(form, project="甲项目", total=Decimal("91.5")), path, layout=layout)
    (untouched,) = parse(path.read_bytes(), "form.xlsx")
    assert untouched.unread == ()

    made = load_workbook(path, data_only=True)
    sheet = made.active
    merged = {cell for span in sheet.merged_cells.ranges for cell in span.cells}
    last = next(cell.row for row in sheet.iter_rows() for cell in row if cell.value == "总分")
    rows = range(3, last + 1)
    empty = [
        (row, column)
        for row in rows
        for column in range(1, sheet.max_column + 2)
        if (row, column) not in merged and sheet.cell(row, column).value is None
    ]
    sheet.cell(*data.draw(st.sampled_from(empty), label="where")).value = "7654321"
    target = BytesIO()
    made.save(target)
    (form_read,) = parse(target.getvalue(), "form.xlsx")
    assert "7654321" in said(form_read)


NAMES = ("培训基层技术人员", "改造学校", "群众知晓率", "铺设管网总长度", "项目按期完成率")
LEVELS = (("产出指标", "数量指标"), ("产出指标", "质量指标"), ("效益指标", "社会效益指标"))


@st.composite
def spaced_forms(draw):
    """Draw a form whose columns are made of blanks, wrapped and crowded as programs print them."""
    figures = iter(draw(st.permutations(range(100, 190))))
    wide = draw(st.lists(st.integers(9, 22), min_size=7, max_size=7))
    lines = ["项目支出绩效自评表（2022年度）", "项目名称      甲项目"]
    count = draw(st.integers(1, 4))
    amounts = [[str(next(figures)) for _ in range(3)] for _ in range(count)]
    names = ("年度资金总额", "其中：当年财政拨款", "上年结转资金", "其他资金")
    table = [["项目资金（万元）", "年初预算数", "全年预算数", "全年执行数", "分值", "执行率", "得分"]]
    table += [[name, *found] for name, found in zip(names, amounts, strict=False)]
    lines += [_row(cells, wide) for cells in table]
    lines.append(_row(["一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分"], wide))
    for number in range(draw(st.integers(1, 5))):
        cells = [*LEVELS[number % 3], draw(st.sampled_from(NAMES)), f"{next(figures)}个", f"{next(figures)}个",
                 str(next(figures)), str(next(figures))]  # fmt: skip
        lines += draw(st.sampled_from([[], [" " * sum(wide[:2]) + str(next(figures))]]))
        lines.append(_row(cells, wide))
    return "\n".join([*lines, _row(["", "", "总分", "", "", str(next(figures)), str(next(figures))], wide)])


def _row(cells, wide):
    return " ".join(cell.ljust(width - len(cell)) for cell, width in zip(cells, wide, strict=False)).rstrip()


@settings(max_examples=60)
@given(text=spaced_forms())
def test_every_figure_of_a_text_is_read_or_listed(text):
    (form,) = parse(text.encode(), "form.txt")
    figures = re.findall(r"\d{3,}", text)
    told, weights = said(form), figures[-2]  # the weights of all rows have no place on a form
    assert [found for found in figures if found not in told and found not in {"2022", weights}] == []


def test_a_lone_stroke_that_was_recognised_is_shown_and_a_typed_one_is_a_dash():
    text = "\n".join(WHOLE).replace("36人 | 35人 | 60 | 58", "36人 | 一 | 60 | 一")
    cells = [Cell(t, r, c, tall, wide, f"{r},{c}") for r, c, tall, wide, t in spans(rows_of(text))]
    scanned = [replace(cell, confidence=0.99) for cell in cells]
    (typed,), (seen,) = (read_forms([Grid(tuple(one), "表")], Source("表")) for one in (cells, scanned))
    assert typed.unread == ()
    assert [(cell.place, cell.text) for cell in seen.unread] == [("6,4", "一"), ("6,6", "一")]
    assert (seen.indicators[0].actual, seen.indicators[0].score) == (None, None)
    told = {doubt.text: doubt.why.zh for doubt in seen.reading.doubts if doubt.text == "一"}
    assert "疑似应为—" in told["一"]
