"""Reasons for lost points: one that tells nothing (PK204), a cause alone (PK206), a cause with a measure."""

from dataclasses import replace
from decimal import Decimal

import pytest

from perfkit.checks.words import words
from perfkit.scoring.proof import says_nothing
from tests.checks.forms import codes, sound

NOTHING = (
    "已全部完成，无偏差", "基本完成，情况良好", "按计划有序推进", "正在推进中", "未完成", "未达到年度指标值", "部分完成",
    "详见说明", "如实填报", "酌情扣0.5分", "按照完成比例得分", "根据完成情况自评打分", "偏差较小，在合理范围内", "存在偏差",
    "偏差原因：无；改进措施：无", "1.偏差原因：无。2.改进措施：无。", "由于客观原因未能完成", "工作需要", "完成率95%",
    "目标值为100%，完成95%", "完成率偏低", "待完善", "仍有提升空间", "略有偏差", "受不可控因素影响", "因故未完成", "工程建设中",
    "实际完成240盏", "未完成60盏", "尚有60盏未安装", "还剩60盏", "本年度实际安装240盏", "同上年", "自查扣分", "实事求是，酌情扣分",
)  # fmt: skip
CAUSES = (
    "受疫情影响", "目标设定过高", "年初目标偏高", "质量要求提高", "政策原因", "项目单位申报不积极", "未按要求落实整改",
    "管理措施不到位", "整改不及时", "缺乏有效措施", "未及时跟踪项目进度", "因改进工艺导致成本上升", "重新招标导致工期推迟",
    "合同约定分期付款，尾款未到支付节点", "2022年12月才完成招标", "招标两次，申请手续繁琐", "设备2023年1月才到货",
    "设备老化，购置手续复杂", "机构改革，部分工作职能划转", "部分群众对政策不了解", "采购周期长，合同10月签订", "计划变更，取消2场活动", "公开招标节约资金", "竣工验收手续未办理完",
    "施工期间多次停工整改", "省级补助由市级承担比例下降，资金不足", "春节后复工较晚，有效工期短", "待批复时间长", "多次沟通未果",
    "因已开工项目减少，用工需求下降", "未经批准调整布点被叫停", "由省厅统一采购，到货晚", "待遇调整后报名人数减少", "剩余路段正在拆迁，无法进场",
    "项目移交时间晚", "设备未到货", "60盏未通电", "3人离职", "启用时间较晚",
)  # fmt: skip
MEASURES = (
    "土地未落实，2023年上半年完成剩余工程", "供货延迟，设备已于2023年1月到货", "人手不足，下步增配人员",
    "参赛队伍减少，下届提前发布通知", "部分企业退出，下一届提前锁定名单", "满意度偏低，针对问卷反映的问题逐项改正",
    "审批缓慢，安排专人跟进", "原供应商违约，另行确定供应商", "疫情影响，改线上举办", "资金结余，由财政收回统筹使用",
    "原材料涨价，12月底前完成采购", "入户率低，利用节假日集中入户", "场地受限，租用体育馆分批举办", "设备故障多，与厂家签订维保协议",
    "预算执行慢，每月通报支付进度", "指标偏高，2023年下调目标", "技术力量薄弱，引进专业团队", "未及时跟踪，建立台账按周调度",
    "征地受阻未开工；2023年6月底前完成主体", "系统中断，目前已恢复", "宣传不够，将加强宣传，避免造成影响",
    "遇地下管线，正与燃气公司会商迁改方案", "电力增容未批复，剩余60盏待批复后安装", "流标两次，第三次采用竞争性谈判已成交",
    "道路改变了布点，经批准核减60盏", "经费不足，由镇财政兜底解决", "调拨延迟，启用备用库存应急", "冰雪灾害无法进场，开春后完成",
    "审批环节多，以后提前两个月启动", "许可证办理滞后，目前已取证开工", "因政策调整，该任务移交县城管局承担", "群众不理解，多次上门做工作",
    "管线复杂，还有60盏正在安装中", "道路未通，待道路贯通时同步安装",
)  # fmt: skip


def found(reason):
    """Give the codes of a form one of whose rows lost a point for the reason given."""
    form = sound()
    row = replace(form.indicators[8], score=Decimal(4), reason=reason)
    rows = (*form.indicators[:8], row, form.indicators[9])
    return codes(replace(form, indicators=rows, total=Decimal("98.6")))


@pytest.mark.parametrize("reason", NOTHING)
def test_a_reason_of_empty_words_is_none(reason):
    assert found(reason) == ["PK204"]


@pytest.mark.parametrize("reason", CAUSES)
def test_a_cause_alone_names_no_measure(reason):
    assert found(reason) == ["PK206"]


@pytest.mark.parametrize("reason", MEASURES)
def test_a_cause_with_a_measure_is_enough(reason):
    assert found(reason) == []


def test_a_long_reason_is_never_empty():
    assert not says_nothing("全部已" * 14)
    assert says_nothing("全部已完成。" * 300)


def test_a_reason_of_one_word_over_and_over_is_read_to_its_end():
    assert not words().measure("受疫情影响，" + "现已" * 900)
