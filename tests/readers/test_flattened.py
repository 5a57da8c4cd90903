"""Text copied out of a PDF: the two published forms, whose cells were flattened into lines."""

from dataclasses import replace
from pathlib import Path

import pytest

from perfkit.readers.bulk import read_document
from perfkit.readers.formats import parse
from perfkit.readers.structured import read_structured

HERE = Path(__file__).parents[1] / "data" / "readers"
PARAMS = Path(__file__).parents[2] / "params" / "forms"


@pytest.fixture(scope="module")
def flattened():
    return read_document(HERE / "flattened.txt")


@pytest.mark.parametrize(
    ("number", "name"), [(0, "online-learning-2022.yaml"), (1, "leadership-training-2022.yaml")]
)
def test_the_published_forms_read_as_they_were_typed_by_hand(flattened, number, name):
    typed = read_structured((PARAMS / name).read_bytes(), name)
    read = flattened[number]
    assert replace(read, goals=typed.goals) == typed


def test_goal_and_outcome_are_joined_from_their_wrapped_lines(flattened):
    goals = flattened[1].goals
    assert goals.expected.startswith("组织实施干部专业化能力培训")
    assert goals.outcome.endswith("相关预算已压减。")


def test_what_was_inferred_is_listed(flattened):
    (unread,) = flattened[0].unread
    assert "数量指标" in unread.text
    assert "inferred" in unread.expected["en"]


def test_places_name_the_line(flattened):
    assert flattened[0].source.places["indicators[0].weight"] == "line 19"


SCORELESS = """
项目支出绩效自评表
（2021年度）
项目名称 精准帮扶项目
主管部门 县乡村振兴局
实施单位 某乡
项目资金（万元） 全年预算数 全年执行数 执行率
年度资金总额 372.29 370 99.38%
一级指标 二级指标 三级指标 年度指标值 全年完成值 未完成原因和改进措施
产出指标 数量指标 新建道路 524m 524m
硬化道路 5719m 5700m 雨季施工
质量指标 验收合格率 100% 100%
效益指标 社会效益指标 出行条件 改善 明显改善 — 另有说明 等
说明 无
"""


def test_rows_without_points_are_told_by_counting_and_a_row_that_fits_no_count_is_doubted():
    (form,) = parse(SCORELESS.encode(), "form.txt")
    assert [
        (row.level1, row.level2, row.name, row.target, row.actual, row.reason) for row in form.indicators
    ] == [
        ("产出指标", "数量指标", "新建道路", "524m", "524m", None),
        ("产出指标", "数量指标", "硬化道路", "5719m", "5700m", "雨季施工"),
        ("产出指标", "质量指标", "验收合格率", "100%", "100%", None),
        ("效益指标", "社会效益指标", "出行条件", "改善", "明显改善", None),
    ]
    assert [(cell.place, cell.path) for cell in form.unread] == [("line 13, field 7", "indicators[3]")]
    assert {"indicators[3]", "indicators"} == {doubt.path for doubt in form.reading.doubts}


def test_weights_before_targets_are_told_by_counting():
    text = SCORELESS.replace(
        "三级指标 年度指标值 全年完成值 未完成原因", "三级指标 分值 年度指标值 全年完成值 得分 未完成原因"
    )
    text = text.replace("新建道路 524m 524m", "新建道路 20 524m 524m 19.5").replace(
        "说明 无", "总分 100 98.5"
    )
    (form,) = parse(text.encode(), "form.txt")
    assert (str(form.indicators[0].weight), str(form.indicators[0].score), str(form.total)) == (
        "20",
        "19.5",
        "98.5",
    )
    assert [cell.path for cell in form.unread] == ["indicators[3].weight", "indicators[3].score"]
    doubted = {doubt.path for doubt in form.reading.doubts}
    assert {f"indicators[{n}].{part}" for n in (1, 2, 3) for part in ("weight", "score")} <= doubted


CENTRED = """
项目支出绩效自评表（2022年度）
项目名称 甲项目
一级指标 二级指标 三级指标 年度指标值 实际完成值 分值 得分
全年培训人次 ≥1100人次 1200人次 10 10
数量指标 全年培训课时 ≥300课时 310课时 10 10
举办培训班 ≥5场 5场 10 10
产出指标 质量指标 培训合格率 ≥95% 96% 20 20
时效指标 完成及时率 及时 及时 10 10
效益指标 社会效益指标 群众知晓率 ≥80% 85% 30 30
总分 90 90
"""


def test_labels_amid_their_rows_are_shared_out_and_the_inference_is_listed():
    (form,) = parse(CENTRED.encode(), "form.txt")
    assert [row.level2 for row in form.indicators] == ["数量指标"] * 3 + [
        "质量指标",
        "时效指标",
        "社会效益指标",
    ]
    assert [row.level1 for row in form.indicators] == ["产出指标"] * 5 + ["效益指标"]
    assert ["inferred" in cell.expected["en"] for cell in form.unread] == [True]


SPACED = """2024年项目绩效自评表
项目名称 城区路灯维护 主管部门 城市管理局 实施单位 路灯管理所
项目资金（万元） 年初预算数 全年预算数 全年执行数 分值 执行率 得分
年度资金总额 230 215 209.84 10 97.6% 9.76
其中：当年财政拨款 230 215 209.84 - - -
年度总体目标 预期目标 实际完成情况
保障城区路灯亮灯率98%以上 全年路灯亮灯率98.7%
绩效指标 一级指标 二级指标 三级指标 年度指标值 实际完成值 分值 得分 偏差原因分析及改进措施
产出指标 数量指标 维护路灯数量 ≥8600盏 8642盏 20 20 无
产出指标 质量指标 亮灯率 ≥98% 98.7% 25 25 同上
效益指标 社会效益指标 夜间出行安全感 提高 提高 30 30 无
满意度指标 服务对象满意度指标 市民满意度 ≥90% 88% 15 14.7 个别背街小巷照明不足
总分 100 99.46"""


@pytest.mark.parametrize("carried", [0, 1, 4])
def test_the_label_of_the_whole_block_is_no_column_whichever_rows_carry_it(carried):
    """绩效指标 stands beside all rows: copied, in front of none, of the first, or of each."""
    text = SPACED
    for level in ("产出指标 数", "产出指标 质", "效益指标 社", "满意度指标 服")[:carried]:
        text = text.replace(f"\n{level}", f"\n绩效指标 {level}")
    (form,) = parse(text.encode(), "form.txt")
    assert [row.level2 for row in form.indicators] == [
        "数量指标",
        "质量指标",
        "社会效益指标",
        "服务对象满意度指标",
    ]
    assert [(row.target, row.actual) for row in form.indicators[:2]] == [
        ("≥8600盏", "8642盏"),
        ("≥98%", "98.7%"),
    ]
    assert [str(row.score) for row in form.indicators] == ["20", "25", "30", "14.7"]
    assert (form.goals.expected, form.goals.outcome) == ("保障城区路灯亮灯率98%以上", "全年路灯亮灯率98.7%")
    assert not [doubt for doubt in form.reading.doubts if doubt.path.startswith("indicators[")]


def test_lines_whose_every_blank_parts_two_cells_are_read_as_their_rows():
    """Labels with their colon, lines of money by any name, two goals on a line: what a row of cells may hold."""
    text = SPACED.replace(
        "项目名称 城区路灯维护 主管部门 城市管理局 实施单位 路灯管理所",
        "项目名称：城区路灯维护 主管部门：城市管理局\n实施单位：路灯管理所",
    )
    text = text.replace(
        "其中：当年财政拨款 230 215 209.84 - - -",
        "其中：上级补助 130 115 115\n本级安排 100 100 94.84\n其他资金 0 0 0",
    )
    text = text.replace("年度总体目标 预期目标 实际完成情况\n", "年度总体目标 预期目标：").replace(
        "以上 全年", "以上 实际完成情况：全年"
    )
    (form,) = parse(text.encode(), "form.txt")
    assert (form.project, form.department, form.unit) == ("城区路灯维护", "城市管理局", "路灯管理所")
    assert [str(getattr(form.budget.fiscal, each)) for each in ("initial", "adjusted", "executed")] == [
        "230",
        "215",
        "209.84",
    ]
    assert [str(getattr(form.budget.other, each)) for each in ("initial", "adjusted", "executed")] == [
        "0",
        "0",
        "0",
    ]
    assert (form.goals.expected, form.goals.outcome) == ("保障城区路灯亮灯率98%以上", "全年路灯亮灯率98.7%")
    assert [str(row.score) for row in form.indicators] == ["20", "25", "30", "14.7"]


@pytest.mark.parametrize(
    ("whole", "parted"),
    [("维护路灯数量", "维护 路灯数量"), ("服务对象满意度指标", "服务对象 满意度指标"), ("市民满意度 ≥90%", "市民满意度"), ("230 215 209.84 10", "230 215 209.84"),
     ("城区路灯维护", "城区 路灯 维护"), ("提高 提高", "有所 提高 有所 提高"), ("8642盏 20 20", "8642盏 20"), ("总分 100 99.46", "总分 100 分 99.46 分")],
)  # fmt: skip
def test_a_blank_within_a_cell_proves_nothing(whole, parted):
    (form,) = parse(SPACED.replace(whole, parted).encode(), "form.txt")
    assert form.reading.state == "doubted"
