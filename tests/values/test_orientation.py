"""Which side is good: printed, or told by level 2 and name; and printed operators to be doubted."""

import pytest

from perfkit.values import Direction, Flag, read_row

LOW = [
    "森林火灾受害率",
    "预算调整率",
    "投诉次数",
    "培训成本",
    "结转结余率",
    "成本控制率",
    "化肥使用量",
    "发案率",
    "失业率",
    "婴儿死亡率",
    "药占比",
    "资产负债率",
    "隐患数量",
    "农药残留超标率",
    "PM2.5平均浓度",
    "响应时间",
    "平均候诊时间",
    "窗口排队等候时长",
    "案件审理天数",
    "事项办理时间",
]
HIGH = [
    "投诉办结率",
    "农民收入",
    "能耗降低率",
    "节约成本",
    "破案率",
    "课题成果",
    "事故应急演练次数",
    "信访件办结率",
    "污染物排放达标率",
    "血压控制率",
    "举报奖励人数",
    "故障处理及时率",
    "违规行为查处数",
    "培训人数",
    "",
]
DOUBTFUL = [
    ("成本指标", "项目总成本", "≥90万元"), ("社会效益指标", "群众投诉率", "≥2%"), ("数量指标", "新建村庄数量", "≤4个"), ("满意度指标", "群众满意度", "≤90%"),
    ("质量指标", "安全事故发生率", "≥1%"), ("质量指标", "验收合格率", "≤95%"), ("数量指标", "举办培训班", "≤10期"), ("经济成本指标", "单位成本", "≥300元"),
    ("生态效益指标", "森林火灾受害率", "≥0.9‰"), ("质量指标", "结转结余率", "≥5%"),
]  # fmt: skip
SOUND = [
    ("成本指标", "成本节约率", "≥5%"), ("社会效益指标", "投诉处理率", "≥95%"), ("数量指标", "安全事故应急演练次数", "≥2次"), ("数量指标", "办理案件数", "≥100件"),
    ("质量指标", "血压控制率", "≥60%"), ("社会效益指标", "事故下降率", "≥5%"), ("成本指标", "生均补助标准达标率", "=100%"), ("数量指标", "培训成本", "≤400元/人"),
    ("成本指标", "项目总成本", "≤90万元"), ("成本指标", "项目总成本", "=90万元"), ("社会效益指标", "安全事故", "=0"), ("生态效益指标", "减排量", "≥10吨"),
    ("时效指标", "响应时间", "≤2小时"), ("数量指标", "会议次数", "≤10次"), ("成本指标", "补助标准", "≥300元/人"), ("成本指标", "资金到位率", "≥100%"),
]  # fmt: skip


@pytest.mark.parametrize("name", LOW)
def test_low_is_good(name):
    reading = read_row("5%", "4%", name=name, level2="质量指标")
    assert reading.direction is Direction.AT_MOST
    assert Flag.DIRECTION_INFERRED in reading.flags


@pytest.mark.parametrize("name", HIGH)
def test_high_is_good(name):
    assert read_row("5%", "6%", name=name, level2="质量指标").direction is Direction.AT_LEAST


@pytest.mark.parametrize(("level2", "name", "target"), DOUBTFUL)
def test_an_operator_that_contradicts_its_row_is_doubted_and_stands(level2, name, target):
    reading = read_row(target, target, name=name, level2=level2)
    assert Flag.DIRECTION_DOUBTFUL in reading.flags
    assert reading.verdict == "met"


@pytest.mark.parametrize(("level2", "name", "target"), SOUND)
def test_an_operator_that_fits_its_row_is_not_doubted(level2, name, target):
    assert Flag.DIRECTION_DOUBTFUL not in read_row(target, target, name=name, level2=level2).flags


@pytest.mark.parametrize(
    ("level2", "target", "direction"),
    [
        ("成本指标", "90万元", "at_most"), ("经济成本指标", "90万元", "at_most"), ("数量指标", "90万元", "at_least"), ("时效指标", "30天", "at_most"),
        ("数量指标", "30天", "at_least"), ("数量指标", "0个", "at_most"), ("时效指标", "10月底", "by_date"), ("数量指标", "5~8个", "within"),
        ("数量指标", "=5个", "equal"), ("数量指标", "有效", "none"),
    ],
)  # fmt: skip
def test_direction_by_level2_and_kind(level2, target, direction):
    assert read_row(target, target, level2=level2).direction == direction
