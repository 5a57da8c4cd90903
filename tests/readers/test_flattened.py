"""Text copied out of a PDF: the two published forms, whose cells were flattened into lines."""

from dataclasses import replace
from pathlib import Path

import pytest

from perfkit.readers.formats import parse, read_document
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
    assert "inferred" in unread.expected


def test_places_name_the_line(flattened):
    assert flattened[0].source.places["indicators[0].weight"] == "line 19"


SCORELESS = """
项目支出绩效自评表
（2021年度）
项目名称 精准帮扶项目
项目资金（万元） 全年预算数 全年执行数 执行率
年度资金总额 372.29 370 99.38%
一级指标 二级指标 三级指标 年度指标值 全年完成值 未完成原因和改进措施
产出指标 数量指标 新建道路 524m 524m
硬化道路 5719m 5700m 雨季施工
质量指标 验收合格率 100% 100%
效益指标 社会效益指标 出行条件 改善 明显改善 — 另有说明 等
说明 无
"""


def test_rows_without_points_are_told_by_counting_and_the_rest_is_listed():
    (form,) = parse(SCORELESS.encode(), "form.txt")
    assert [
        (row.level1, row.level2, row.name, row.target, row.actual, row.reason) for row in form.indicators
    ] == [
        ("产出指标", "数量指标", "新建道路", "524m", "524m", None),
        ("产出指标", "数量指标", "硬化道路", "5719m", "5700m", "雨季施工"),
        ("产出指标", "质量指标", "验收合格率", "100%", "100%", None),
    ]
    assert [(cell.place, cell.path) for cell in form.unread] == [("line 11", "indicators")]


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
    assert len(form.unread) == 3


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
    assert ["inferred" in cell.expected for cell in form.unread] == [True]
