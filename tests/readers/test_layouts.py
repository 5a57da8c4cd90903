"""The layouts in which forms are published, a family a test."""

from decimal import Decimal
from pathlib import Path

import pytest

from perfkit.readers.formats import parse
from perfkit.readers.layout.arithmetic import failing, sums
from tests.readers.books import book, page, read, rows_of
from tests.readers.damage import FORMATS, drawn, tabs
from tests.readers.invented import FORMS, Layout, laid_out

DATA = Path(__file__).parents[1] / "data" / "readers" / "layouts"
YUNNAN, SICHUAN, NINGXIA, TRANSFER, HUBEI, CHONGQING, YINCHUAN, MANAGED, POINTS = (
    (DATA / f"{name}.txt").read_text(encoding="utf-8")
    for name in [
        "yunnan",
        "sichuan",
        "ningxia",
        "transfer",
        "hubei",
        "chongqing",
        "yinchuan",
        "managed",
        "points",
    ]
)
HEAD = "一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分 | 偏差原因分析及改进措施"


def one(*sheets):
    (form,) = read(*sheets)
    return form


def rows(form, *fields):
    return [tuple(getattr(row, field) for field in fields) for row in form.indicators]


def figures(*texts):
    return tuple(None if text is None else Decimal(text) for text in texts)


def points(form):
    return [(str(row.weight), str(row.score)) for row in form.indicators]


def table(*lines, head=HEAD):
    """Give a form of a project name and an indicator table."""
    return "\n".join(["项目名称 | 甲项目", head, *lines])


def test_a_target_in_three_columns_under_two_heading_lines():
    form = one(YUNNAN)
    assert rows(form, "level1", "name", "target", "actual", "reason") == [
        ("产出指标", "学生受资助人数", "≧735人次", "735", None),
        ("产出指标", "资金到位及时率", "≧100%", "100%", "资金晚到"),
        ("效益指标", "减轻学生家庭负担", "有效", "有效", None),
    ]
    assert (form.year, form.money_unit, form.department, form.unit) == (
        2022,
        "元",
        "县教育体育局",
        "中心学校",
    )
    assert form.budget.total.executed == Decimal("387664.62")
    assert form.goals.outcome == "全部完成"
    assert (form.total, form.grade) == (Decimal(96), "优")


def test_fund_lines_by_any_name_and_remarks_after_the_table():
    form = one(SICHUAN)
    budget = form.budget
    assert (budget.total.initial, budget.total.adjusted, budget.total.executed) == figures("30.5", "31", "30")
    assert (budget.fiscal.adjusted, budget.other.executed) == figures("30", "1.0")
    assert budget.carried_over.filled is False
    assert rows(form, "name", "target") == [("办案数", "≥150件"), ("成本控制数", "≤30万元")]
    assert form.total == Decimal("99.7")
    assert form.notes == "评价结论：自评99.7分\n存在问题：无"
    assert (form.year, form.unit) == (2023, "219001-司法局本级")


def test_weights_before_targets_template_rows_and_a_budget_without_points():
    form = one(NINGXIA)
    assert points(form) == [("8", "8"), ("32", "32"), ("40", "39"), ("20", "20")]
    assert form.indicators[0].level1 == "产出指标(40分)"
    assert form.budget.total.weight is None
    assert form.budget.total.rate == "86.5%"
    assert (form.goals.expected, form.goals.outcome) == ("种薯繁育", "基本完成")
    assert form.total == Decimal(99)


def test_a_transfer_payment_has_no_points():
    form = one(TRANSFER)
    assert rows(form, "level2", "name", "actual", "weight", "reason") == [
        ("数量指标", "指标1:新建道路", "524m", None, None),
        ("数量指标", "指标2:硬化道路", "5700m", None, "雨季"),
        ("经济效益指标", "道路交通设施", "降低成本", None, None),
    ]
    assert form.budget.fiscal.executed == Decimal("372.29")
    assert form.source.places["budget.fiscal.executed"] == "表1!D8 + 表1!D9"
    assert (form.total, form.notes, form.department) == (None, "无", "国家乡村振兴局")


def test_no_weight_column_and_a_second_score_that_is_not_the_units():
    form = one(HUBEI)
    assert points(form) == [("None", "15"), ("None", "25"), ("None", "35")]
    assert form.indicators[0].level2 == "数量指标15分"
    assert form.indicators[0].target == "300 公里"
    assert (form.total, form.year, form.unit) == (Decimal(95), 2021, "交通运输局")
    assert form.budget.total.score == Decimal(20)


def test_a_department_as_a_whole_has_no_levels_and_its_total_above():
    form = one(CHONGQING)
    assert (form.project, form.unit, form.total) == ("部门整体", "林业局", Decimal("97.93"))
    assert rows(form, "level1", "name", "target", "initial_target") == [
        (None, "管护完成率", "≥95%", "90"),
        (None, "森林火灾受害率", "≤0.8‰", "0.9"),
    ]
    total = form.budget.total
    assert (total.adjusted, total.weight, total.score, total.rate) == (
        *figures("1200", "10", "7.93"),
        "79.27",
    )
    assert form.goals.outcome == "完成"


def test_points_at_every_level_are_those_of_the_rows():
    form = one(YINCHUAN)
    assert points(form) == [("10", "10"), ("10", "10"), ("20", "18")]
    assert rows(form, "level1", "level2", "reason")[2] == ("产出", "质量", "雨季")
    assert form.total == Decimal(38)


def test_amounts_beside_their_labels_without_a_money_table():
    form = one("""
项目名称 | 帮扶项目 | 年度 | 2021
全年预算数 | 372.29万元 | 全年执行数 | 370万元 | 执行率 | 99.4%
指标名称 | 年度指标值 | 全年完成值
新建道路 | 524m | 524m
""")
    assert (form.budget.total.adjusted, form.budget.total.executed) == figures("372.29", "370")
    assert (form.budget.total.rate, form.money_unit, form.year) == ("99.4%", "万元", 2021)


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("全年完成值", "actual"), ("完成值", "actual"), ("实际完成值", "actual"), ("年终完成值", "actual"),
        ("全年实际完成情况", "actual"), ("完成情况", "actual"), ("年度 指标值", "target"), ("目标值", "target"),
        ("计划指标值", "target"), ("年初设定指标值", "target"), ("自评分", "score"), ("自评得分", "score"),
        ("得 分", "score"), ("权重", "weight"), ("标准分值", "weight"), ("分值（100）", "weight"),
        ("权重(%)", "weight"), ("未完成原因和改进措施", "reason"), ("偏差原因分析及改进措施", "reason"),
        ("偏差原因\n分析及改进\n措施", "reason"), ("备注", "reason"), ("說明", "reason"), ("指標內容", "name"),
        ("★三级指标：", "name"), ("四、三级指标", "name"), ("佐证材料", "evidence"),
    ],
)  # fmt: skip
def test_headings_are_known_by_many_names(heading, field):
    names = {
        "name": "三级指标", "target": "年度指标值", "actual": "实际完成值", "weight": "分值", "score": "得分",
        "reason": "原因", "evidence": "证明材料",
    }  # fmt: skip
    names[field] = heading
    values = {"name": "甲", "target": "5个", "actual": "4个", "weight": "10", "score": "8", "reason": "乙",
              "evidence": "丙"}  # fmt: skip
    for order in (list(names), list(reversed(names))):
        lines = [" | ".join(part[f].replace("\n", "") for f in order) for part in (names, values)]
        (row,) = one("\n".join(["项目名称 | 甲项目", *lines])).indicators
        assert str(getattr(row, field)) == values[field], order


def test_level_cells_merged_repeated_or_left_empty_below_mean_the_same():
    merged = table(
        "产出 | 数量 | 甲 | 1 | 1 | 5 | 5", "^ | ^ | 乙 | 1 | 1 | 5 | 5", "^ | 质量 | 丙 | 1 | 1 | 5 | 5"
    )
    repeated = merged.replace("^ | ^", "产出 | 数量").replace("^", "产出")
    empty = merged.replace("^", "")
    wanted = [("产出", "数量", "甲"), ("产出", "数量", "乙"), ("产出", "质量", "丙")]
    for text in (merged, repeated, empty):
        assert rows(one(text), "level1", "level2", "name") == wanted


def test_a_level_cell_over_two_columns_is_both_levels():
    form = one(table("满意度指标 | < | 学员满意度 | ≥90% | 95% | 10 | 10"))
    assert rows(form, "level1", "level2", "name") == [("满意度指标", "满意度指标", "学员满意度")]


def test_sub_rows_without_weight_are_rows():
    form = one(table("产出 | 数量 | ★补助面积 | 8亩 | 8亩 | 10 | 10", " | | 其中桃树 | 5亩 | 5亩 | | "))
    assert rows(form, "name", "weight") == [("★补助面积", Decimal(10)), ("其中桃树", None)]


def test_partial_sums_are_no_rows_and_the_total_is_the_last():
    form = one(table("产出 | 数量 | 甲 | 1 | 1 | 50 | 45", "小计 | | | | | 50 | 45", "效益 | 社会 | 乙 | 好 | 好 | 40 | 40",
                     "小计 | | | | | 40 | 40", "总分 | | | | | 100 | 95"))  # fmt: skip
    assert rows(form, "name") == [("甲",), ("乙",)]
    assert form.total == Decimal(95)


@pytest.mark.parametrize(
    ("line", "total", "grade"),
    [
        ("总分 | | | | | 100 | 96.90 | 优", "96.9", "优"),
        ("合计 | | | | | 100 | 96.90", "96.9", None),
        ("总 分 | 100 | 96.90 | 良", "96.9", "良"),
        ("总分：96.90分 | < | < | < | < | < | < | 优", "96.90", "优"),
        ("自评总分 | | | | | | 88", "88", None),
    ],
)
def test_the_total_row_in_its_shapes(line, total, grade):
    form = one(table("产出 | 数量 | 甲 | 1 | 1 | 100 | 96.9", line))
    assert (form.total, form.grade) == (Decimal(total), grade)
    assert len(form.indicators) == 1


@pytest.mark.parametrize(
    "goals",
    [
        "年度总体目标 | 预期目标 | 实际完成情况\n^ | 做好甲 | 做好了甲",
        "预期目标 | 做好甲\n实际完成情况 | 做好了甲",
        "年度总体目标 | 年初设定目标 | 做好甲\n^ | 全年完成情况 | 做好了甲",
        "年度绩效目标 | 做好甲 | 目标实际完成情况 | 做好了甲",
        "预期目标：做好甲\n实际完成情况：做好了甲",
    ],
)
def test_goals_beside_or_below_each_other(goals):
    form = one(table("产出 | 数量 | 甲 | 1 | 1 | 10 | 10").replace("一级", f"{goals}\n一级", 1))
    assert (form.goals.expected, form.goals.outcome) == ("做好甲", "做好了甲")


@pytest.mark.parametrize(
    ("heading", "cell", "unit", "amount"),
    [
        ("项目资金（元）", "9,280,000", "元", "9280000"),
        ("项目资金\n（万元）", "928.00", "万元", "928.00"),
        ("项目资金", "928.5万元", "万元", "928.5"),
        ("项目资金（元）", "928.5万元", "元", "9285000"),
        ("预算资金（单位：万元）", "￥1,200.50", "万元", "1200.50"),
    ],
)
def test_money_in_yuan_or_ten_thousands(heading, cell, unit, amount):
    heading = heading.replace("\n", " ")
    form = one(f"""
项目名称 | 甲项目
{heading} | 年初预算数 | 全年预算数 | 全年执行数
年度资金总额 | {cell} | {cell} | {cell}
{HEAD}
产出 | 数量 | 甲 | 1 | 1 | 10 | 10
""")
    assert (form.money_unit, form.budget.total.executed) == (unit, Decimal(amount))


def test_finer_money_lines_below_their_sum_are_not_counted_twice():
    form = one(f"""
项目名称 | 甲项目
项目资金（万元） | 年初预算数 | 全年预算数 | 全年执行数
年度资金总额 | 100 | 110 | 90
其中：财政拨款 | 100 | 100 | 80
中央补助 | 60 | 60 | 50
省级资金 | 40 | 40 | 30
上年结余结转 | | 10 | 10
{HEAD}
产出 | 数量 | 甲 | 1 | 1 | 10 | 10
""")
    budget = form.budget
    assert (budget.fiscal.adjusted, budget.fiscal.executed, budget.carried_over.executed) == figures(
        "100", "80", "10"
    )


def test_a_money_unit_that_is_printed_nowhere_is_listed():
    form = one(f"""
项目名称 | 甲项目
资金 | 年初预算数 | 全年预算数 | 全年执行数
年度资金总额 | 1 | 2 | 3
{HEAD}
产出 | 数量 | 甲 | 1 | 1 | 10 | 10
""")
    assert [cell.path for cell in form.unread] == ["money_unit"]


def test_a_figure_that_is_none_is_listed_with_its_place_and_never_guessed():
    form = one(table("产出 | 数量 | 甲 | 1 | 1 | 十分 | 约8"))
    assert points(form) == [("None", "None")]
    assert [(c.path, c.place, c.text) for c in form.unread] == [
        ("indicators[0].weight", "表1!F3", "十分"),
        ("indicators[0].score", "表1!G3", "约8"),
    ]


def test_a_heading_that_nobody_knows_is_listed():
    form = one(table("甲 | 1 | 1 | 5 | 5 | 丁", head="三级指标 | 指标值 | 完成值 | 分值 | 得分 | 天气"))
    assert [(cell.path, cell.text) for cell in form.unread] == [("indicators", "天气")]


SMALL = """
项目支出绩效自评表
（{year}年度）
项目名称 | {name}
项目资金（万元） | 年初预算数 | 全年预算数 | 全年执行数 | 分值 | 执行率 | 得分
年度资金总额 | 1 | 2 | 2 | 10 | 100% | 10
一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分
产出指标 | 数量指标 | {name}一 | 1个 | 1个 | 80 | 80
 | | {name}二 | 1个 | 1个 | 10 | 9
总分 | | | | | 100 | 99
"""
FIRST, SECOND = SMALL.format(year=2022, name="甲"), SMALL.format(year=2023, name="乙")


@pytest.mark.parametrize("sheets", [(FIRST, SECOND), (FIRST + SECOND,), (FIRST + "\n\n附件2\n" + SECOND,)])
def test_several_forms_in_one_book(sheets):
    forms = read(*sheets)
    assert [(form.project, form.year, len(form.indicators), form.total) for form in forms] == [
        ("甲", 2022, 2, Decimal(99)),
        ("乙", 2023, 2, Decimal(99)),
    ]


def test_several_forms_on_one_page_with_text_around_them():
    data = page(FIRST, SECOND, head="某局2022年度部门决算公开说明")
    assert [form.project for form in parse(data, "page.html")] == ["甲", "乙"]


def test_sheets_without_a_form_are_passed_over():
    (form,) = read("说明 | 请于月底前填报", FIRST, "序号 | 姓名\n1 | 张三")
    assert form.project == "甲"


def test_a_title_that_is_printed_again_on_the_next_page_opens_no_form():
    again = FIRST.replace(" | | 甲二", "项目支出绩效自评表（续）\n一级指标 | 二级指标 | 三级指标 | 年度指标值 | "
                          "实际完成值 | 分值 | 得分\n | | 甲二")  # fmt: skip
    (form,) = read(again)
    assert [row.name for row in form.indicators] == ["甲一", "甲二"]
    assert form.indicators[1].level2 == "数量指标"


@pytest.mark.parametrize(
    ("title", "year"),
    [
        ("项目支出绩效自评表（2022年度）", 2022), ("2021年度项目支出绩效自评表", 2021),
        ("二〇二三年度项目支出绩效自评表", 2023), ("（2020 年度）", 2020), ("项目支出绩效自评表", None),
    ],
)  # fmt: skip
def test_the_year_is_read_from_the_title_and_never_guessed(title, year):
    text = f"{title}\n填报日期：2024年3月1日\n" + table("产出 | 数量 | 甲 | 1 | 1 | 10 | 10")
    assert one(text).year == year


def test_books_of_every_family_read_alike_as_web_pages():
    for text in (YUNNAN, SICHUAN, NINGXIA, TRANSFER, HUBEI, CHONGQING, YINCHUAN):
        (from_book,), (from_page,) = parse(book(text), "b"), parse(page(text), "p")
        for form in (from_book, from_page):
            second = ["地方主管部门 | 县乡村振兴局 | 资金使用单位"] if text is TRANSFER else []
            assert [cell.text for cell in form.unread if cell.text != "管护更多森林"] == second
        assert [row.name for row in from_page.indicators] == [row.name for row in from_book.indicators]
        assert [row.target for row in from_page.indicators] == [row.target for row in from_book.indicators]
        assert (from_page.project, from_page.unit, from_page.goals) == (
            from_book.project,
            from_book.unit,
            from_book.goals,
        )
        assert from_page.total == from_book.total


def test_a_money_heading_of_two_lines_and_an_indicator_heading_with_its_block():
    form = one("""
项目支出绩效自评表（2022年度） | < | < | < | < | < | < | < | < | <
项目（专项）名称 | < | < | 文物保护专项 | < | < | < | < | < | <
项目资金（万元） | < | < | 年初预算数 | 全年预算数（A） | 全年执行数（B） | 分值 | 执行率 | 得分 | 未完成原因
 | | | | | | （10分） | （B/A） | |
年度资金总额 | < | < | 500 | 450 | 445.5 | 10 | 99% | 9.9 |
其中：省级财政资金 | < | < | 500 | 450 | 445.5 | － | － | － |
年度绩效指标 | 一级指标 | 二级指标 | 指标内容 | 年度指标值 | 全年完成值 | 分值 | 得分 | 未完成原因和改进措施 | <
^ | 产出指标 | 数量指标 | 展览数量 | 5个 | 6个 | 50 | 50 | |
^ | ^ | 质量指标 | | | | | | |
^ | 效益指标 | 社会效益指标 | 观众满意 | ≥90% | 92% | 40 | 39 | 已整改 |
总分 | < | < | < | < | < | 100 | 98.9 | |
""")
    assert (form.project, form.total) == ("文物保护专项", Decimal("98.9"))
    total = form.budget.total
    assert (total.executed, total.weight, total.score) == figures("445.5", "10", "9.9")
    assert form.budget.fiscal.initial == Decimal(500)
    assert rows(form, "level2", "name") == [("数量指标", "展览数量"), ("社会效益指标", "观众满意")]


def test_labels_and_values_in_the_same_cell():
    form = one("""
2023年度专项资金绩效自评表
单位：万元
专项名称：就业补助资金 | 主管部门：人社局 | 联系人：李四
年度预算 | 1200 | 实际支出 | 1100 | 执行率 | 91.67%
绩效指标名称 | 指标权重 | 目标值 | 实际值 | 自评得分 | 偏差说明
城镇新增就业人数 | 60 | ≥5万人 | 5.2万人 | 60 |
群众满意度 | 40 | ≥90% | 88% | 38.5 | 个别窗口服务不佳
自评总分：98.5分 | 自评等级：优
""")
    assert (form.project, form.department, form.year) == ("就业补助资金", "人社局", 2023)
    assert (form.total, form.grade, form.money_unit) == (Decimal("98.5"), "优", "万元")
    assert (form.budget.total.adjusted, form.budget.total.executed) == figures("1200", "1100")
    assert points(form) == [("60", "60"), ("40", "38.5")]


WORK_PAPER = """
2023年度项目支出绩效自评复核工作底稿
主管部门 | 某局 | < | < | < | < | < | < | < | <
项目名称 | 甲项目 | < | < | < | < | < | < | < | <
一级指标 | 二级指标 | 三级指标 | 年度指标值 | 分值 | 自评完成值 | 自评得分 | 复核完成值 | 复核得分 | 偏差
产出指标 | 数量指标 | 培训人次 | ≥50人次 | 50 | 52人次 | 50 | 48人次 | 48 | -2
效益指标 | 社会效益指标 | 知晓率 | ≥90% | 40 | 92% | 40 | 92% | 40 | 0
总分 | | | | 90 | | 90 | | 88 | -2
"""


@pytest.mark.parametrize("made", [book, page])
def test_a_reviewers_work_paper_holds_the_units_own_columns(made):
    (form,) = parse(made(WORK_PAPER), "form.html" if made is page else "form.xlsx")
    assert rows(form, "actual", "score", "review")[0] == ("52人次", Decimal(50), Decimal(48))
    assert (form.total, form.review_total, form.reading.state) == (Decimal(90), Decimal(88), "proven")


def tabbed(text):
    """Make a text of cells parted by tabs, as a table is copied from a web page: no cell spans."""
    rows = [[("" if cell in {"<", "^"} else cell) for cell in row] for row in rows_of(text)]
    return "\n".join("\t".join(row) for row in rows).encode()


@pytest.mark.parametrize(("made", "ending"), [(book, "xlsx"), (page, "html"), (tabbed, "txt")])
def test_how_the_money_was_managed_is_kept(made, ending):
    (form,) = parse(made(MANAGED), f"form.{ending}")
    assert [(item.name, item.text) for item in form.fund_management] == [
        ("分配科学性", "按因素法分配\n无"), ("下达及时性", "30日内下达\n无"), ("拨付合规性", "按国库集中支付\n无"),
    ]  # fmt: skip
    assert (form.kind, form.reading.state) == ("transfer", "proven")


def copied(text):
    """Make what a browser copies: a cell that spans rows stands in its first one only."""
    return tabs(drawn(rows_of(text)))


SUM = "^ | 小计 | | < | < | 10 | 9 |\n总体目标 |"


MANAGED_IN = [(book, "xlsx"), (page, "html"), (tabbed, "txt"), (copied, "txt")]


@pytest.mark.parametrize(("made", "ending"), MANAGED_IN)
def test_points_of_how_the_money_was_managed_count_within_the_whole(made, ending):
    for text in (POINTS, POINTS.replace("总体目标 |", SUM, 1)):
        (form,) = parse(made(text), f"form.{ending}")
        points = [(item.name, item.weight, item.score) for item in form.fund_management]
        assert points == [("分配科学性", 4, 4), ("下达及时性", 4, 3), ("拨付合规性", 2, 2)]
        assert (failing(sums(form)), form.reading.state) == ([], "proven"), form.reading
        assert [each.text for each in form.unread] == ["地方主管部门 | 县农业农村局 | 资金使用单位"]


@pytest.mark.parametrize(("made", "ending"), MANAGED_IN)
def test_a_sum_of_the_block_that_is_none_and_points_that_do_not_add_up_are_said(made, ending):
    text = POINTS.replace("总体目标 |", SUM.replace("| 9 |", "| 8 |"), 1)
    (form,) = parse(made(text), f"form.{ending}")
    assert ("fund_management", "8") in {(each.path, each.text) for each in form.unread}
    (form,) = parse(made(POINTS.replace("| 2 | 2 | 无", "| 3 | 2 | 无")), f"form.{ending}")
    assert [each.name for each in failing(sums(form))] == ["weights"]


PARTS = """
2023年度项目支出绩效自评表
项目名称 | 甲项目 | | 主管部门 | 某局 | 实施单位 | 某站
一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分
产出指标 | 数量指标 | 种植面积 | ≥8亩 | 8亩 | 50 | 48
 | | 其中：桃树 | ≥5亩 | 5亩 | 30 | 30
 | | 其中：梨树 | ≥3亩 | 3亩 | 20 | 18
效益指标 | 社会效益指标 | 知晓率 | ≥90% | 92% | 50 | 50
总分 | | | | | 100 | 98
"""


def test_rows_whose_sum_the_row_above_prints_count_once():
    form = one(PARTS)
    assert rows(form, "name", "weight") == [
        ("种植面积", Decimal(50)), ("其中：桃树", None), ("其中：梨树", None), ("知晓率", Decimal(50)),
    ]  # fmt: skip
    assert [cell.text for cell in form.unread] == ["30 | 30", "20 | 18"]
    assert form.reading.state == "proven"


SOURCES = """
项目支出绩效自评表
项目名称 | 甲项目
项目资金（万元） | 年初预算数 | 全年预算数 | 全年执行数 | 分值 | 执行率 | 得分
年度资金总额 | 100 | 100 | 90 | 10 | 90% | 9
其中：财政拨款 | 60 | 60 | 55 | — | — | —
彩票公益金 | 40 | 40 | 35 | — | — | —
一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分
产出指标 | 数量指标 | 培训人次 | ≥50人次 | 52人次 | 90 | 90
总分 | | | | | 100 | 99
"""


def test_sources_of_money_by_new_names_are_other_money():
    assert one(SOURCES).budget.other.executed == Decimal(35)


BLOCK = """
项目名称 | < | 营养改善计划 | < | < | < | < | < | < | < | <
{heading} | 一级指标 | 二级指标 | 三级指标 | 指标性质 | {target} | 度量单位 | 实际完成值 | 分值 | 得分 | 偏差原因分析及改进措施
{body} | 产出指标 | 数量指标 | 受资助人数 | ≧ | 735 | 人次 | 735 | 60 | 60 |
^ | 效益指标 | 经济效益指标 | 减轻负担 | 定性 | 有效 | | 有效 | 40 | 36 | 资金晚到
总分 | < | < | < | < | < | < | < | 100 | 96 |
"""


@pytest.mark.parametrize("target", ["指标值", "年度目标值", "目标", "年初目标"])
@pytest.mark.parametrize(
    ("heading", "body"),
    [("年度绩效目标（80分）", "^"), ("绩效指标（90分）", "^"), ("绩效指标", "年度绩效目标（80分）")],
)
@pytest.mark.parametrize("made", [book, page])
def test_the_label_of_the_block_in_front_is_no_target(target, heading, body, made):
    text = BLOCK.format(heading=heading, body=body, target=target)
    (form,) = parse(made(text), "form.html" if made is page else "form.xlsx")
    assert rows(form, "level1", "name", "target", "actual") == [
        ("产出指标", "受资助人数", "≧735人次", "735"), ("效益指标", "减轻负担", "有效", "有效"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "known"), [("城乡低保", False), ("养老服务", False), ("项目预算", True), ("资金总额", True)]
)
def test_a_first_line_of_money_that_names_no_money_is_no_sure_total(name, known):
    """The form of a whole department lists its tasks with their money, and no total above them."""
    table = f"""部门整体支出绩效自评表（2022年度）
部门名称 | 某县民政局
年度主要任务 | 任务名称 | 预算数（万元） | 执行数（万元）
 | {name} | 3200 | 3180
一级指标 | 二级指标 | 三级指标 | 指标值 | 完成值 | 分值 | 得分
产出指标 | 数量指标 | 低保发放人数 | ≥12000人 | 11870人 | 100 | 99"""
    (form,) = read(table)
    assert str(form.budget.total.executed) == "3180"
    assert ("budget.total" in {doubt.path for doubt in form.reading.doubts}) is not known


@pytest.mark.parametrize("made", ["page", "book", "word", "tabs", "bars", "commas"])
def test_a_column_of_units_that_is_lost_with_its_heading_is_doubted(made):
    columns = "level1 level2 name nature value measured actual weight score reason"
    paths = []
    for kept in (columns, columns.replace(" measured", "")):
        layout = Layout(columns=kept)
        make, name = FORMATS[made]
        (form,) = parse(make(drawn(laid_out(FORMS["road"], layout))), name)
        paths.append({doubt.path for doubt in form.reading.doubts})
    assert paths[0] == set()
    assert "indicators" in paths[1]
