"""Headings of the indicator table, as printed, and the names without their decoration."""

from decimal import Decimal

import pytest

from perfkit.values.vocabulary import heading_weight, level1, level2, strip_decoration


@pytest.mark.parametrize(
    ("heading", "name"),
    [
        ("产出指标(50分)", "产出指标"), ("产出指标40分", "产出指标"), ("产 出\n指 标", "产出指标"), ("产出", "产出指标"),
        ("效益指标30分)", "效益指标"), ("效果指标", "效益指标"), ("满意度指标(10分)", "满意度指标"), ("满意度\n指标", "满意度指标"),
        ("成本指标", "成本指标"), ("决策", "决策指标"), ("项目管理", "过程指标"), ("过程指标", "过程指标"), ("其他", None), ("", None), (None, None),
    ],
)  # fmt: skip
def test_level1(heading, name):
    assert level1(heading) == name


@pytest.mark.parametrize(
    ("heading", "name"),
    [
        ("数量指标", "数量指标"), ("数量", "数量指标"), ("数量指标15分", "数量指标"), ("质量 指标", "质量指标"), ("时效", "时效指标"),
        ("成本指标(5分)", "成本指标"), ("经济成本指标", "经济成本指标"), ("社会成本指标", "社会成本指标"), ("生态环境成本指标", "生态环境成本指标"),
        ("经济效益", "经济效益指标"), ("社会效益指标", "社会效益指标"), ("生态效益", "生态效益指标"), ("可持续影响指标", "可持续影响指标"),
        ("可持续\n发展指标", "可持续影响指标"), ("服务对象满意度指标等", "服务对象满意度指标"), ("社会公众或服务对象满意度", "服务对象满意度指标"),
        ("满意度指标", "服务对象满意度指标"), ("其他", None), (None, None),
    ],
)  # fmt: skip
def test_level2(heading, name):
    assert level2(heading) == name


@pytest.mark.parametrize(
    ("heading", "weight"),
    [
        ("产出指标(50分)", "50"), ("数量指标15分", "15"), ("效益指标30分)", "30"), ("产出指标（50）", "50"), ("产出指标 （ 50 分 ）", "50"),
        ("成本指标(2.5分)", "2.5"), ("产出指标", None), ("", None), (None, None), ("满意度指标(10%)", "10"),
    ],
)  # fmt: skip
def test_heading_weight(heading, weight):
    assert heading_weight(heading) == (None if weight is None else Decimal(weight))


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("指标1:新建道路", "新建道路"), ("指标1：新建道路", "新建道路"), ("指标12、培训人数", "培训人数"), ("指标一:培训", "培训"),
        ("指标1免费发放原原种", "免费发放原原种"), ("指标12021年11月30日前完成资金支付", "2021年11月30日前完成资金支付"),
        ("★补助鱼塘面积", "补助鱼塘面积"), ("★★★ 补助", "补助"), ("●补助", "补助"), ("•补助", "补助"), ("其中羊养殖数量", "羊养殖数量"), ("其中：羊", "羊"), ("1.培训人数", "培训人数"),
        ("(1)培训人数", "培训人数"), ("12345热线办结率", "12345热线办结率"), ("5G基站", "5G基站"), ("满意度", "满意度"), ("指标", "指标"), ("★", "★"), ("", ""),
    ],
)  # fmt: skip
def test_strip_decoration(name, plain):
    assert strip_decoration(name) == plain
