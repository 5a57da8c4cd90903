"""How forms word their headings, and the line of the money's execution among the indicators."""

from decimal import Decimal
from pathlib import Path

import pytest

from perfkit.readers.formats import parse
from perfkit.readers.layout.arithmetic import is_consistent
from perfkit.readers.layout.words import column_role, key, label_role
from tests.readers.books import page, read

WORDINGS = [
    (*head.split(), wording.strip())
    for line in Path("tests/data/readers/headings.txt").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
    for head, wordings in [line.split(":", 1)]
    for wording in wordings.split("|")
]


@pytest.mark.parametrize(("table", "role", "wording"), WORDINGS)
def test_a_heading_is_known_by_its_words(table, role, wording):
    found = label_role(key(wording)) if table == "labels" else column_role(key(wording), table)
    assert found is not None
    assert found.role == role


@pytest.mark.parametrize(
    "wording",
    ["前三年完成值", "上年实际值", "去年同期数", "历史水平", "上半年完成值", "一季度", "前三季度实际值"],
)
def test_what_another_year_or_a_part_of_one_had_is_no_actual(wording):
    assert column_role(key(wording)).role == "skip"


def test_a_heading_of_two_meanings_is_not_guessed():
    assert column_role(key("赋分")) is None  # the weight or the score


@pytest.mark.parametrize(
    ("printed", "sure"), [("90% | < | <", True), ("— | < | <", False), ("84% | < | <", False)]
)
@pytest.mark.parametrize("heading", ["调整数", "预算调整数", "年中调剂金额"])
def test_what_may_be_a_change_of_the_budget_is_the_adjusted_one_where_the_rate_bears_it_out(
    heading, printed, sure
):
    text = HEAD.replace("全年预算数", heading).format(
        points="执行率 | < | <",
        printed=printed,
        below=printed,
        above="",
        after=f"{LINES[0]}\n".replace("90%", ""),
    )
    (found,) = read(text)
    assert str(found.budget.total.adjusted) == "123.45"
    assert ("budget.total.adjusted" not in {doubt.path for doubt in found.reading.doubts}) is sure


HEAD = """
项目支出绩效自评表 | < | < | < | < | < | < | <
（2023年度） | < | < | < | < | < | < | <
项目名称 | 公交车辆更新补助 | < | < | < | < | < | <
主管部门 | 县交通运输局 | < | < | 实施单位 | 县公交公司 | < | <
项目资金（万元） | | 年初预算数 | 全年预算数 | 全年执行数 | {points}
^ | 年度资金总额 | 130 | 123.45 | 111.11 | {printed}
^ | 其中：财政拨款 | 130 | 123.45 | 111.11 | {below}
年度总体目标 | 预期目标 | < | < | 实际完成情况 | < | < | <
^ | 为公交公司补助更新车辆38辆。 | < | < | 已补助更新车辆38辆。 | < | < | <
一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分 | 偏差原因
{above}产出指标 | 数量指标 | 更新车辆 | 38辆 | 38辆 | 20 | 20 |
^ | 质量指标 | 车辆检测合格率 | 100% | 100% | 20 | 20 |
^ | 时效指标 | 补助发放及时率 | 100% | 98% | 10 | 9 | 银行退票
效益指标 | 社会效益指标 | 公交准点率 | ≥85% | 88% | 30 | 30 |
满意度指标 | 服务对象满意度指标 | 乘客满意度 | ≥90% | 95% | 10 | 10 |
{after}总分 | < | < | < | < | 100 | 98 |
"""
LINES = [
    "预算执行率 | 预算执行率 | 预算执行率 | 100% | 90% | 10 | 9 |",
    "预算执行率（10分） | < | < | 100% | 90% | 10 | 9 |",
    "预算执行 | 预算执行率 | 预算执行率 | ≥95% | 90% | 10 | 9 |",
    "预算执行率指标 | 资金执行率 | 预算资金支付进度 | 100% | 90.00% | 10 | 9 |",
    "预算执行率 | < | < | < | < | 10 | 9 |",
]


def form(line, *, last, points="执行率 | < | <", printed="90% | < | <", below="90% | < | <"):
    """Read a form with a line of execution above or below its indicators."""
    parts = {"above": "", "after": ""} | {"after" if last else "above": f"{line}\n"}
    (read_form,) = read(HEAD.format(points=points, printed=printed, below=below, **parts))
    return read_form


@pytest.mark.parametrize("last", [False, True])
@pytest.mark.parametrize("line", LINES)
def test_a_line_of_execution_among_the_indicators_is_the_moneys(line, last):
    found = form(line, last=last)
    assert found.reading.state == "proven"
    assert (found.budget.total.weight, found.budget.total.score) == (10, 9)
    assert found.budget.total.rate == "90%"
    assert (len(found.indicators), found.total) == (5, 98)
    assert {row.level1 for row in found.indicators} == {"产出指标", "效益指标", "满意度指标"}


@pytest.mark.parametrize("levels", ["产出指标 | 时效指标", "过程指标 | 资金管理"])
def test_an_execution_rate_of_a_level_is_an_indicator(levels):
    found = form(f"{levels} | 预算执行率 | 100% | 90% | 10 | 9 |", last=True)
    assert found.budget.total.weight is None
    assert found.indicators[-1].name == "预算执行率"


def test_the_reason_of_a_line_of_execution_goes_to_the_notes():
    assert form(LINES[1] + " 招标有结余", last=True).notes == "预算执行：招标有结余"


@pytest.mark.parametrize(
    ("line", "path"),
    [
        (LINES[0].replace("9 |", "8 |"), "budget.total.score"),
        (LINES[0].replace("90%", "91%"), "budget.total.rate"),
    ],
)
def test_a_line_of_execution_that_says_another_thing_than_the_money_is_doubted(line, path):
    found = form(line, last=True, points="分值 | 执行率 | 得分", printed="10 | 90% | 9", below="— | 90% | —")
    assert (found.budget.total.score, found.budget.total.rate) == (Decimal(9), "90%")
    assert path in {doubt.path for doubt in found.reading.doubts}


def test_a_second_line_of_execution_is_not_lost():
    found = form(f"{LINES[0]}\n{LINES[0].replace('10 | 9', '5 | 4')}", last=True)
    assert (found.budget.total.weight, found.indicators[-1].weight, found.indicators[-1].score) == (10, 5, 4)


def test_a_blank_rate_in_the_line_of_execution_says_nothing_against_the_moneys():
    text = HEAD.format(points="执行率 | < | <", printed="90% | < | <", below="90% | < | <", above="",
                       after=LINES[0].replace("100% | 90%", " | ") + "\n")  # fmt: skip
    (found,) = parse(page(text.strip("\n")), "form.html")
    assert (found.reading.state, found.budget.total.rate, found.budget.total.score) == ("proven", "90%", 9)


def test_a_reason_beside_the_money_goes_to_the_notes():
    found = form(
        "", last=True, points="分值 | 得分 | 原因", printed="10 | 9 | 尾款未到付款节点", below="— | — | "
    )
    assert found.notes == "预算执行：尾款未到付款节点"


LAYOUTS = dict(
    part.split("\n", 1)
    for part in Path("tests/data/readers/layouts.txt").read_text(encoding="utf-8").split("=== ")[1:]
)
# initial, adjusted, executed; weight and score of the money; rows, total; the first level and the last row
READ = {
    "signs and units apart": ("1200 1100 1045", "None 9.5", "8 98", "产出", "周边居民满意度 ≥90% 92.5"),
    "the adjusted budget as 调整数": ("560 540 486", "10 9", "7 97.5", "产出指标", "农户满意度 ≥95% 97"),
    "sections with numbers": ("None 500 480", "10 9.6", "4 98.6", "产出指标", "群众满意度 ≥90% 93%"),
    "绩效指标 over the first level": (
        "None 300 285",
        "10 9.5",
        "5 97.5",
        "产出指标（50分）",
        "矿区群众满意度 ≥85% 88%",
    ),
    "changes beside the budget": ("260 240 228", "None 9.5", "5 99", "产出指标", "基层满意度 ≥90% 91"),
    "绩效指标 as the name": ("None 80 76", "10 9.5", "4 99.5", "产出指标", "林区群众满意度 ≥90% 90%"),
    "what the project is, and a conclusion": (
        "None 120.5 118.09",
        "10 9.8",
        "5 99.1",
        "产出指标",
        "观众满意度 ≥95% 98%",
    ),
    "headings of two lines": ("300 300 285", "10 9.5", "4 99.3", "产出指标", "市民满意度 ≥90% 89%"),
    "input and process among the indicators": (
        "None 210 199.5",
        "None None",
        "8 99.75",
        "投入",
        "服务对象满意度 ≥90% 95%",
    ),
    "a reviewer beside the unit": ("400 400 392", "10 9.8", "4 99.8", "产出指标", "群众满意度 ≥90% 92%"),
    "a goal a line": ("5000 5200 5200", "10 10", "6 100", "产出指标(50分)", "入住人才满意度 ≥90% 92%"),
    "amounts with their unit": ("None 86.4 82.08", "None None", "5 99", "产出指标", "养殖户满意度 ≥90% 88%"),
    "sources below labels, prose below": (
        "None 60 57",
        "10 9.5",
        "5 99.5",
        "产出指标",
        "读者满意度 ≥90% 97%",
    ),
    "weights of every level, units at the end": (
        "48 48 45.6",
        "10 9.5",
        "5 98",
        "产出指标",
        "群众满意度 90% 92",
    ),
    "values below their labels": ("300 280 252", "10 9", "4 99", "产出指标", "群众满意度 ≥90% 93%"),
    "full-width signs": ("70 70 63", "10 9", "4 99", "产出指标", "公众满意度 ≥８５％ ８８％"),
    "dates and rates between": ("None 2000 1900", "10 9.5", "4 96.5", "产出指标", "企业满意度 ≥90% 96%"),
    "headings with their points": (
        "650000 650000 617500",
        "None 9.5",
        "6 98.5",
        "产出（50分）",
        "受检妇女满意度 ≥95% 99%",
    ),
    "a policy": ("960 980 975.1", "10 9.95", "5 99.95", "产出指标", "老年人满意度 ≥95% 98%"),
    "a university": ("1500 1500 1486.35", "10 9.91", "6 99.91", "成本指标", "师生满意度 ≥90% 95.6%"),
    "quarters and sources": ("420 420 415.8", "10 9.9", "4 99.9", "产出指标", "居民满意度 ≥90% 94%"),
    "points before their weight": ("None 66 62.7", "10 9.5", "4 98.5", "产出指标", "④师生满意度 ≥90% 91%"),
    "both levels in a cell": ("90 88 83.6", "10 9.5", "4 99.5", "产出", "消费者满意度 ≥85% 86%"),
    "a heading a block": ("None 330 313.5", "10 9.5", "4 99.5", "产出指标（50分）", "农户满意度 ≥90% 95%"),
    "dashes and a reason below": ("210 210 210", "10 10", "4 90", "产出指标", "文保单位满意度 ≥90% None"),
}
NO_WEIGHTS = "sources below labels, prose below"  # its rows have no weights, which alone is doubted


@pytest.mark.parametrize("name", LAYOUTS)
def test_layouts_of_other_places_are_read_whole(name):
    (found,) = read(LAYOUTS[name])
    money, last = found.budget.total, found.indicators[-1]
    assert (
        f"{money.initial} {money.adjusted} {money.executed}",
        f"{money.weight} {money.score}",
        f"{len(found.indicators)} {found.total}",
        found.indicators[0].level1,
        f"{last.name} {last.target} {last.actual}",
    ) == READ[name]
    assert found.goals.expected
    assert found.goals.outcome
    assert [listed.text for listed in found.unread] == (["预算调整"] if "changes" in name else [])
    assert [doubt.path for doubt in found.reading.doubts] == (["indicators"] if name == NO_WEIGHTS else [])


@pytest.mark.parametrize("name", [name for name, read_as in READ.items() if read_as[1] == "None 9.5"])
def test_a_weight_that_the_whole_implies_closes_the_sums(name):
    (found,) = read(LAYOUTS[name])
    assert is_consistent(found)


def test_values_below_labels_are_theirs():
    (found,) = read(LAYOUTS["values below their labels"])
    assert (found.project, found.department, found.unit) == ("乡村公路安防工程", "县交通局", "县公路站")
    assert found.filled_on == "2024年2月8日"


def test_what_a_form_says_beside_its_table_is_kept():
    (conclusion,) = read(LAYOUTS["what the project is, and a conclusion"])
    assert (conclusion.grade, conclusion.filled_by) == ("优", "钱某")
    assert conclusion.notes == (
        "项目概况：对全市32项非遗项目开展传承保护。\n偏差原因及改进措施：2名传承人因病未参加，下年补训。"
    )
    (below,) = read(LAYOUTS[NO_WEIGHTS])
    assert "夜间安保力量不足，明年增加人手。" in below.notes
    assert (below.budget.fiscal.adjusted, below.budget.fiscal.executed, below.budget.other.executed) == (
        60,
        57,
        0,
    )
    (parted,) = read(LAYOUTS["headings of two lines"])
    assert parted.indicators[0].initial_target == "32座"


DEPARTMENT = """
2023年度部门整体支出绩效自评表 | < | < | < | < | < | < | <
部门名称 | 县自然资源局 | < | < | < | < | < | <
年度预算申请（万元） | | 年初预算数 | 全年预算数 | 全年执行数 | 分值 | 执行率 | 得分
^ | 年度资金总额 | 3200 | 3500 | 3395 | 10 | 97% | 9.7
^ | 按收入性质分： | < | < | 按支出性质分： | < | < | <
^ | 其中：一般公共预算 | 3500 | < | 其中：基本支出 | 1500 | < | <
^ | 政府性基金拨款 | 0 | < | 项目支出 | 2000 | < | <
年度总体目标 | 预期目标 | < | < | < | 实际完成情况 | < | <
^ | 保障自然资源管理。 | < | < | < | 完成各项任务。 | < | <
一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分 | 偏差原因
产出指标 | 数量指标 | 土地出让宗数 | 30宗 | 32宗 | 25 | 25 |
产出指标 | 质量指标 | 审批合规率 | 100% | 100% | 25 | 25 |
效益指标 | 社会效益指标 | 耕地保护 | 红线不破 | 红线未破 | 30 | 30 |
满意度指标 | 社会公众满意度 | 公众满意度 | ≥90% | 93% | 10 | 10 |
总分 | < | < | < | < | 100 | 99.7 |
"""


def test_money_by_its_nature_is_listed_and_no_doubt():
    (found,) = read(DEPARTMENT)
    assert (found.kind, found.reading.state, found.budget.total.executed) == ("department", "proven", 3395)
    assert [listed.text.split(" | ")[1] for listed in found.unread] == ["3500", "0"]


EXTRA = HEAD.format(
    points="分值 | 执行率 | 得分", printed="10 | 90% | 9", below="— | 90% | —", above="", after=""
)


@pytest.mark.parametrize(
    ("head", "sure"),
    [
        ("实施单位 | 县公交公司 | 批复文号 | 财建12号", True),
        ("实施单位 | 县公交公司 | 批复文号 | <", False),  # one text more: maybe the rest of another
        ("实施单位 | 县公交公司 | 38辆 | 40辆", False),  # no label
        ("实施单位 | 县公交 | 公司 | <", False),  # a name in two cells
        ("归口处室 | 县公交公司 | < | <", False),  # the unit is not known then
    ],
)
def test_what_no_form_needs_beside_its_head_is_no_doubt_where_the_head_is_whole(head, sure):
    text = EXTRA.replace(
        "主管部门 | 县交通运输局 | < | < | 实施单位 | 县公交公司 | < | <",
        f"主管部门 | 县交通运输局 | < | < | {head}",
    )
    (found,) = read(text)
    assert (found.reading.state == "proven") is sure


@pytest.mark.parametrize(
    ("printed", "notes"),
    [
        ("请在此处简要说明审计和财政监督中发现的问题及其所涉及的金额，如没有请填无。", None),
        ("请在此处简要说明审计和财政监督中发现的问题及其所涉及的金额，如没有请填无。无", None),
        (
            "请在此处简要说明审计中发现的问题，如没有请填无。审计发现超范围支出2万元。",
            "审计发现超范围支出2万元。",
        ),
        ("请示已报县政府批准。", "请示已报县政府批准。"),
    ],
)
def test_what_an_empty_form_asks_for_is_no_note(printed, notes):
    (found,) = read(EXTRA.rstrip() + f"\n说明 | {printed} | < | < | < | < | < | <\n")
    assert found.notes == notes
