"""Layouts that offices print beside the official one: headings, totals, money and goals in other shapes.

What no rule can place is listed as unread; no row, column or sum is dropped in silence.
"""

from decimal import Decimal
from io import BytesIO

import pytest
from openpyxl import load_workbook

from perfkit.readers.formats import parse
from tests.readers.books import book, read

HEAD = "一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分"
ROWS = """产出指标 | 数量指标 | 甲 | 4个 | 3个 | 60 | 45
效益指标 | 社会效益指标 | 乙 | 提升 | 提升 | 30 | 30"""
MONEY = """项目资金（万元） | 年初预算数 | 全年预算数 | 全年执行数 | 分值 | 执行率 | 得分
年度资金总额 | 100 | 100 | 95 | 10 | 95% | 9.5"""


def one(*lines):
    (form,) = read("\n".join(["项目名称 | 甲项目", *lines]))
    return form


def values(form, *fields):
    return [tuple(str(getattr(row, field) or "") for field in fields) for row in form.indicators]


def amounts(fund):
    return [None if value is None else str(value) for value in (fund.initial, fund.adjusted, fund.executed)]


@pytest.mark.parametrize(
    ("heading", "line", "row"),
    [
        ("三级指标 | 预期当年实现值 | 实际完成数 | 标准分 | 自评分", "甲 | 5 | 4 | 10 | 8", "甲 5 4 10 8"),
        ("三级指标 | 预计完成值 | 全年实现值 | 分值权重 | 自评分数", "甲 | 5 | 4 | 10 | 8", "甲 5 4 10 8"),
        ("三级指标 | 指标值 | 实际完成 | 标准分值 | 自评分值", "甲 | 5 | 4 | 10 | 8", "甲 5 4 10 8"),
        ("三级指标 | 目标值 | 实际完成指标值 | 分值 | 得分", "甲 | 5 | 4 | 10 | 8", "甲 5 4 10 8"),
        ("序号 | 指标代码 | 绩效指标 | 计划完成值 | 实际值 | 分值 | 核减分 | 得分", "1 | A1 | 甲 | 5 | 4 | 10 | 2 | 8", "甲 5 4 10 8"),
        ("三级指标 | 年度目标 | 指标值 | 实际值 | 分值 | 得分", "甲 | | 5 | 4 | 10 | 8", "甲 5 4 10 8"),
        ("绩效目标1 | 三级指标 | 年初目标值 | 实际值 | 分值 | 得分", " | 甲 | 5 | 4 | 10 | 8", "甲 5 4 10 8"),
    ],
)  # fmt: skip
def test_headings_in_other_words(heading, line, row):
    form = one(heading, line)
    assert " ".join(values(form, "name", "target", "actual", "weight", "score")[0]) == row
    assert form.unread == ()


def test_a_value_is_read_before_a_verdict_and_the_column_left_out_is_listed_once():
    heading = "三级指标 | 年度指标值 | 全年实际值 | 指标完成情况 | 分值 | 得分"
    form = one(heading, "甲 | 6个 | 5个 | 未完成 | 10 | 8", "乙 | 6个 | 6个 | 完成 | 10 | 10")
    assert values(form, "actual") == [("5个",), ("6个",)]
    assert [(cell.place, cell.text) for cell in form.unread] == [("表1!D2", "指标完成情况")]


def test_cause_and_measure_in_two_columns_are_both_the_reason():
    form = one(
        f"{HEAD} | 未完成原因 | 改进措施 | 备注", "产出 | 数量 | 甲 | 4 | 3 | 10 | 8 | 设备故障 | 检修 |"
    )
    assert values(form, "reason") == [("设备故障\n检修",)]
    assert form.unread == ()


def test_a_text_under_no_heading_is_listed():
    form = one(
        "一级指标 | 二级指标 | 三级指标 | | 指标值 | 完成值 | 得分",
        "产出 | 数量 | 1 | 修路里程 | 5公里 | 5公里 | 8",
    )
    assert [(cell.path, cell.place, cell.text) for cell in form.unread] == [
        ("indicators[0]", "表1!D3", "修路里程")
    ]


@pytest.mark.parametrize(
    ("heading", "levels"),
    [
        ("绩效指标 | < | <", ("产出指标", "数量指标", "甲")),
        ("一级指标 | 绩效指标 | <", ("产出指标", "数量指标", "甲")),
    ],
)
def test_one_heading_above_all_levels(heading, levels):
    form = one(
        f"{heading} | 年度指标值 | 实际完成值 | 分值 | 得分", "产出指标 | 数量指标 | 甲 | 4 | 4 | 10 | 10"
    )
    assert values(form, "level1", "level2", "name") == [levels]


@pytest.mark.parametrize(
    ("between", "total"),
    [
        ("产出指标小计 | < | < | < | < | 60 | 45", "84.5"),
        ("合计 | < | < | < | < | 60 | 45", "84.5"),
        ("产出指标合计 | < | < | < | < | 60 | 45", "84.5"),
        ("说明：产出指标已经调整 | < | < | < | < | < | <", "84.5"),
    ],
)
def test_rows_go_on_below_what_looked_like_the_end(between, total):
    first, second = ROWS.splitlines()
    form = one(MONEY, HEAD, first, between, second, "总分 | < | < | < | < | 100 | 84.5")
    assert values(form, "level1", "name") == [("产出指标", "甲"), ("效益指标", "乙")]
    assert form.total == Decimal(total)


def test_sums_by_level_without_a_sum_of_all_are_no_total():
    first, second = ROWS.splitlines()
    sums = ("合计 | < | < | < | < | 60 | 45", "合计 | < | < | < | < | 30 | 30")
    form = one(HEAD, first, sums[0], second, sums[1])
    assert (len(form.indicators), form.total) == (2, None)


@pytest.mark.parametrize(
    ("lines", "total", "grade"),
    [
        ("总分 | < | < | < | < | 100.00 | 84.50（良）", "84.50", "良"),
        ("总分： | 84.5 | < | 等级： | 良 | < | <", "84.5", "良"),
        ("绩效自评总分（满分100分） | < | < | < | < | < | 84.5", "84.5", None),
        ("总 分 合 计 | < | < | < | < | 100 | 84.5", "84.5", None),
        (" | | | | 总分 | 100 | 84.5", "84.5", None),
        ("总 | < | < | < | < | 100 | 84.5 | 良\n分 | < | < | < | < | | |", "84.5", "良"),
        ("其他需要说明的事项 | 无 | < | < | < | < | <\n总分 | < | < | < | < | 100 | 84.5", "84.5", None),
        ("总分 | < | < | < | < | 100 |", None, None),
    ],
)
def test_totals_in_other_shapes(lines, total, grade):
    form = one(HEAD, ROWS, lines)
    assert (form.total, form.grade) == (None if total is None else Decimal(total), grade)
    assert form.unread == ()


def test_a_total_that_is_no_figure_is_listed_and_the_weights_are_not_taken_for_it():
    form = one(HEAD, ROWS, "总分 | < | < | < | < | 100 | 约八十五")
    assert (form.total, [cell.path for cell in form.unread]) == (None, ["total"])


TURNED = """项目资金（万元） | 资金来源 | 年度资金总额 | 当年财政拨款 | 上年结转资金 | 其他资金
^ | 年初预算数 | 200 | 180 | 20 | 0
^ | 全年预算数 | 210 | 190 | 20 | 0
^ | 全年执行数 | 189 | 170 | 19 | 0
^ | 执行率 | 90% | | |
^ | 分值 | 10 | — | — | —
^ | 得分 | 9 | — | — | —"""
STACKED = """项目资金（万元） | 预算数 | < | 执行数 | 执行率 | 分值 | 得分
^ | 年初 | 调整后 | ^ | ^ | ^ | ^
年度资金总额 | 200 | 210 | 189 | 90% | 10 | 9
其中：财政拨款 | 180 | 190 | 170 | | |
上年结转 | 20 | 20 | 19 | | |
其他资金 | 0 | 0 | 0 | | |"""
RENAMED = """资金来源（万元） | 年初预算 | 预算调整数 | 决算数 | 资金使用率 | 分值 | 得分
合计 | 200 | 210 | 189 | 90% | 10 | 9
上级资金 | 100 | 100 | 90 | | |
县区配套 | 80 | 90 | 80 | | |
上年结余资金 | 20 | 20 | 19 | | |
事业收入 | 0 | 0 | 0 | | |"""


@pytest.mark.parametrize("money", [TURNED, STACKED, RENAMED])
def test_money_tables_in_other_shapes(money):
    budget = one(money, HEAD, ROWS).budget
    assert amounts(budget.total) == ["200", "210", "189"]
    assert amounts(budget.fiscal) == ["180", "190", "170"]
    assert amounts(budget.carried_over) == ["20", "20", "19"]
    assert amounts(budget.other) == ["0", "0", "0"]
    assert (budget.total.rate, budget.total.weight, budget.total.score) == ("90%", Decimal(10), Decimal(9))


def test_points_beside_amounts_that_stand_in_pairs():
    form = one(
        "年初预算数（元） | 350000 | 全年预算数（元） | 340000", "全年执行数（元） | 338000 | 预算执行率 | 99.41%",
        "分值 | 10 | 得分 | 9.94", "指标名称 | 年度指标值 | 实际完成值 | 得分", "甲 | 1 | 1 | 90",
    )  # fmt: skip
    total = form.budget.total
    assert (total.rate, total.weight, total.score) == ("99.41%", Decimal(10), Decimal("9.94"))


@pytest.mark.parametrize(
    ("lines", "place", "text"),
    [
        ("预算数 | 100万元 | 其中：财政拨款 | 90万元", "表1!D2", "90万元"),
        ("预算数 | 另见附表 | 执行数 | 另见附表", "表1!A2", "预算数"),
    ],
)
def test_money_that_found_no_place_is_listed(lines, place, text):
    assert [(cell.place, cell.text) for cell in one(lines, HEAD, ROWS).unread][:1] == [(place, text)]


def test_money_by_a_source_that_nobody_knows_is_listed_and_the_lines_below_are_read():
    form = one(MONEY, "基本支出 | 60 | 60 | 60", "其他资金 | 40 | 40 | 35", HEAD, ROWS)
    assert [(cell.path, cell.place, cell.text) for cell in form.unread] == [
        ("budget", "表1!A4", "基本支出 | 60 | 60 | 60")
    ]
    assert amounts(form.budget.other) == ["40", "40", "35"]


def test_a_table_of_tasks_is_not_the_money_table():
    tasks = "年度主要任务 | 任务名称 | 完成情况 | 全年预算数 | 全年执行数 | 执行率\n^ | 统计调查 | 已完成 | 500 | 490 | 98%"
    form = one(tasks, MONEY, "预期目标 | 实际完成情况", "做好甲 | 做好了甲", HEAD, ROWS)
    assert amounts(form.budget.total) == ["100", "100", "95"]
    assert (form.goals.outcome, len(form.indicators)) == ("做好了甲", 2)


def test_a_list_of_projects_on_the_first_sheet_is_no_form():
    listing = """2022年度项目支出绩效自评情况汇总表
序号 | 项目名称 | 主管部门 | 全年预算数（万元） | 全年执行数（万元） | 执行率 | 自评得分
1 | 甲项目 | 某局 | 20 | 15.5 | 77.5% | 87.75
合计 | | | 20 | 15.5 | 77.5% |"""
    (form,) = read(
        listing, f"项目支出绩效自评表\n项目名称 | 甲项目\n主管部门 | 乙局\n{MONEY}\n{HEAD}\n{ROWS}"
    )
    assert (form.project, form.department, amounts(form.budget.total)) == (
        "甲项目",
        "乙局",
        ["100", "100", "95"],
    )


@pytest.mark.parametrize(
    "goals",
    [
        "年度总体目标 | 预期目标 | 实际完成情况\n^ | 目标1：甲 | 完成甲\n^ | 目标2：乙 | 完成乙",
        " | 预期目标 | 实际完成情况\n | 目标1：甲 | 完成甲\n | 目标2：乙 | 完成乙",
        "年度目标 | 完成情况\n目标1：甲 | 完成甲\n目标2：乙 | 完成乙",
        "预期目标 | 目标1：甲\n^ | 目标2：乙\n实际完成情况 | 完成甲\n^ | 完成乙",
    ],
)
def test_goals_of_several_lines_are_read_to_the_last(goals):
    form = one(goals, HEAD, ROWS)
    assert (form.goals.expected, form.goals.outcome) == ("目标1：甲\n目标2：乙", "完成甲\n完成乙")


def test_the_money_unit_in_traditional_characters():
    form = one(MONEY.replace("项目资金（万元）", "項目資金（萬元）"), HEAD, ROWS)
    assert (form.money_unit, form.unread) == ("万元", ())


def test_a_heading_of_two_lines_that_nobody_merged():
    form = one(
        "绩效指标 | | | 年度指标值 | | | 实际完成值 | 分值 | 得分", "一级指标 | 二级指标 | 三级指标 | 指标性质 | 指标值 | 度量单位",
        "产出指标 | 数量指标 | 甲 | ≥ | 365 | 次 | 400 | 30 | 29",
    )  # fmt: skip
    row = ("甲", "≥365次", "400", "30", "29")
    assert values(form, "name", "target", "actual", "weight", "score") == [row]


def test_a_level_that_stands_alone_above_its_rows():
    form = one(
        "二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 得分", "一、产出指标（60分） | < | < | < | <", "数量指标 | 甲 | 4 | 4 | 60",
        "效益指标 | | | |", "社会效益 | 乙 | 好 | 好 | 30",
    )  # fmt: skip
    assert values(form, "level1", "level2", "name") == [
        ("一、产出指标（60分）", "数量指标", "甲"),
        ("效益指标", "社会效益", "乙"),
    ]


def test_a_table_below_with_headings_of_its_own_adds_no_row_and_no_outcome():
    other = "整改措施 | 责任单位 | 完成时限 | 目标 | 完成情况 | 分值 | 得分\n细化目标 | 财务科 | 6月 | 细化 | 未开始 | 0 | 0"
    form = one(HEAD, ROWS, "总分 | < | < | < | < | 90 | 75", "存在问题 | 目标不细 | < | < | < | < | <", other)
    assert (len(form.indicators), form.total, form.goals.outcome) == (2, Decimal(75), None)


def test_a_project_whose_name_is_worded_like_a_heading_keeps_its_form():
    (form,) = read(f"项目名称 | 权重项目 | 主管部门 | 某局\n{HEAD}\n{ROWS}")
    assert (form.project, form.department) == ("权重项目", "某局")


def test_a_table_of_several_projects_is_a_form_for_each():
    forms = read("""2023年项目支出绩效自评表 | < | < | < | < | <
项目名称 | 一级指标 | 三级指标 | 指标值 | 完成值 | 得分
法治宣传 | 产出指标 | 甲 | 10场 | 10场 | 60
^ | 效益指标 | 乙 | 90% | 92% | 40
项目名称 | 一级指标 | 三级指标 | 指标值 | 完成值 | 得分
法治宣传 | 效益指标 | 丙 | 90% | 92% | 40
人民调解 | 产出指标 | 丁 | 300件 | 320件 | 60""")
    assert [(form.project, form.year, [row.name for row in form.indicators]) for form in forms] == [
        ("法治宣传", 2023, ["甲", "乙", "丙"]),
        ("人民调解", 2023, ["丁"]),
    ]


def test_what_a_sheet_hides_is_listed_and_not_read():
    made = load_workbook(
        BytesIO(book(f"项目名称 | 甲项目\n{HEAD} | 备注\n{ROWS}\n总分 | < | < | < | < | 60 | 45 | 内部"))
    )
    sheet = made.active
    sheet.row_dimensions[4].hidden = True
    sheet.column_dimensions["H"].hidden = True
    target = BytesIO()
    made.save(target)
    (form,) = parse(target.getvalue(), "book.xlsx")
    assert values(form, "name") == [("甲",)]
    assert [(cell.place, cell.text.split(" | ")[0]) for cell in form.unread] == [
        ("表1!H2", "备注"), ("表1!A4", "效益指标"),
    ]  # fmt: skip
