"""The two published forms of Shanghai, row by row: verdict, basis, completion, lateness."""

from decimal import Decimal

import pytest

from perfkit.values import read_row

ROWS = [
    ("数量指标", "发布新课件", "500课时", "521课时", "met", "measured", "1.042", False),
    ("数量指标", "支持学员账号数", ">=36万", "36.5万", "met", "measured", None, False),
    ("质量指标", "课件验收", "评审会通过", "通过", "met", "stated", None, False),
    ("时效指标", "课件制作完成", "10月底", "11月", "missed", "measured", None, True),
    ("时效指标", "平台软件系统更新完成", "7月底", "8月", "missed", "measured", None, True),
    ("成本指标", "成本控制率", "<=100%", "100%", "met", "measured", "1", False),
    ("社会效益指标", "系统运行稳定性", "重大事故发生<=2次", "0", "met", "measured", "0", False),
    ("社会效益指标", "驻场人员出勤值守", ">=90%", "99%", "met", "measured", "1.1", False),
    ("社会效益指标", "平台等保测评", "三级等保", "三级等保通过", "met", "stated", None, False),
    ("社会效益指标", "学员注册率", ">=90%", "95%", "met", "measured", None, False),
    ("可持续影响指标", "建立动态数据库", "课程库、学员库", "建立", "met", "stated", None, False),
    ("可持续影响指标", "长效管理机制建设情况", "建立健全", "健全", "met", "stated", None, False),
    ("可持续影响指标", "长效管理机制及其有效性", "有效", "有效", "met", "stated", None, False),
    ("服务对象满意度指标", "网络培训满意度", ">=80%", "83.69%", "met", "measured", None, False),
    ("数量指标", "全年培训人次", ">=1100人次", "38265人次", "met", "measured", None, False),
    ("数量指标", "全年培训课时", ">=300课时", "32课时", "missed", "measured", None, False),
    ("质量指标", "课程设计、设置", "合理", "合理", "met", "stated", None, False),
    ("质量指标", "培训学时达标", "=100%", "100%", "met", "measured", "1", False),
    ("时效指标", "专题班开班和论坛开展", "及时", "专题班未开展", "missed", "stated", None, False),
    ("时效指标", "课题研究完成", "及时", "未完成", "missed", "stated", None, False),
    ("成本指标", "成本控制率", "<=100%", "<100%", "met", "measured", "1", False),
    ("社会效益指标", "课题研究成果", "成果报告", "未完成", "missed", "stated", None, False),
]


@pytest.mark.parametrize(
    ("level2", "name", "target", "actual", "verdict", "basis", "completion", "late"), ROWS
)
def test_row(level2, name, target, actual, verdict, basis, completion, late):
    reading = read_row(target, actual, name=name, level2=level2, year=2022)
    assert (reading.verdict, reading.basis, reading.late) == (verdict, basis, late)
    if completion is not None:
        assert reading.completion == Decimal(completion)
