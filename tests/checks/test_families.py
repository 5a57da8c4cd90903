"""Families of words that rules look for: rows that must fire, each beside its near misses."""

from dataclasses import replace
from decimal import Decimal

import pytest

import perfkit
from tests.checks.forms import change, changed, codes, sound

_IN_YUAN = {"initial": Decimal(5_000_000), "adjusted": Decimal(5_000_000), "executed": Decimal(4_800_000)}
PLACES = {"数量": 0, "质量": 2, "时效": 3, "成本": 4, "经济": 5, "社会": 6, "生态": 7, "持续": 8, "满意": 9}
ROWS = {
    "数量": [
        ("新建公厕", "≥0座", "6座", "PK113"),
        ("规模性返贫发生次数", "=0次", "0次"),
        ("校园欺凌事件次数", "=0次", "0次"),
        ("承接展会场次", "0", "46场", "PK113"),
        ("线上访问量", "≥50万人次", "56万人次"),
        ("赴京上访人次", "≥50人次", "56人次", "PK306"),
        ("监测航次", "≥*航次", "5航次", "PK202"),
        ("开展活动场次", "0场次", "21场次", "PK113"),  # and neither missed nor undone
        ("发放手册", "≥1000册", "1000人", "PK403"),
        ("受益户", "≥500户", "1800人", "PK403"),
        ("采集样品", "≥2400份", "126人", "PK403"),
        ("培训人数", "≥500人", "5期，520人"),
        ("救助人员", "≥500人次", "520次"),
        ("发放手册", "≥1000册", "1000本"),
        ("建设数量", "12", "12", "PK404"),
        ("维修路灯数量", "12", "12"),
        ("种粮补贴面积", "以实际核定面积为准", "32.6万亩"),
        ("供养特困人员人数", "据实保障", "426人"),
        ("在校生数", "明显增加", "2.35万人", "PK401", "PK405"),
        ("采购支出金额", "≤20万元", "19万元", "PK313"),  # and not the wrong way round
        ("建设点位", "≥×个", "5个", "PK202"),
        ("数据发布更正次数", "0次", "0次"),
        ("服务外包人员数量", "≤20人", "19人"),
        ("服务人员数量", "≤20人", "19人", "PK306"),
        ("资金支付率", "≥95%", "97%", "PK313", "PK314"),
        ("古树名木挂牌", "≥500株", "尚在统计", "PK216"),  # and not missed
        ("检验检测批次", "≥800批次", "数据待核", "PK216"),
        ("减免租金", "≥300万元", "306万元"),
        ("支付租金", "≥300万元", "306万元", "PK313"),
        ("养护树木", "≥500株", "已完成养护任务", "PK405"),
    ],
    "质量": [
        ("平均无故障运行时间", "≥2000小时", "2160小时"),
        ("设备返修率", "≥3%", "3%", "PK306"),
        ("违约企业占比", "≥3%", "3%", "PK306"),
        ("不合格样品检出率", "≥2%", "2.2%"),
        ("不合格样品检出率", "≥2%", "3.6%", "PK210"),
        ("供水保证率", "≥95%", "105%", "PK308"),
        ("数据完整率", "≥95%", "104%", "PK308"),
        ("整改完成率", "≥95%", "102%", "PK308"),
        ("工作完成率", "≥95%", "102%"),
        ("资料电子化率", "≥95%", "112%", "PK308"),
        ("投资变化率", "≥95%", "112%"),
        ("师生比", "≤1:18", "1:16.5"),
        ("采购单价", "≥5000元", "5200元", "PK304", "PK312"),  # one finding for the wrong side
        ("参训率", "≥95%", "全员参训"),
        ("参训率", "≥95%", "未全员参训", "PK114", "PK303"),
        ("考核等次", "良好及以上", "优秀"),
        ("考核结果", "良好", "良好"),
        ("服务质量", "良好", "良好", "PK401"),
        ("林分质量", "郁闭度≥0.6", "0.65"),
        ("服务水平", "优质高效", "优质高效", "PK401"),
        ("执法程序", "合法合规", "合法合规"),
        ("林木存活比率", "≥90%", "89.999%"),  # by the rule 9.9999 of 10, rounded: nothing to be taken off
        ("培训考核未通过率", "≤5%", "2.1%"),
        ("论文盲审未通过率", "≥5%", "5.1%", "PK306"),
        ("无差错出证率", "≥99%", "99.7%"),
        ("出证差错率", "≥2%", "2.1%", "PK306"),
        ("零差错率", "≥98%", "98.8%"),
        ("整改落实情况", "100%整改", "大部分已整改", "PK114", "PK405"),
        ("抽检合格率", "≥110%", "100%", "PK308"),  # and not missed at full marks
    ],
    "时效": [
        ("维修响应", "2小时内", "1.5小时"),
        ("维修响应", "2小时内", "2.5小时", "PK316"),
        ("发放补贴", "≤15个工作日", "10个工作日"),
        ("防汛物资储备", "汛前", "5月28日"),
        ("办结时间", "≥15个工作日", "12个工作日", "PK306"),  # and not missed
        ("设备运行时间", "≥15天", "16天"),
        ("应急响应", "第一时间", "第一时间", "PK409"),
        ("慰问金发放时间", "春节前", "1月20日"),
        ("慰问金发放情况", "社会反响较好", "1月20日", "PK401", "PK405", "PK409"),
    ],
    "成本": [
        ("低保对象人均补差", "≥420元/月", "436元/月"),
        ("控制成本", "合理控制", "合理控制", "PK401"),
        ("控制成本", "控制在预算内", "480万元"),
        ("人均成本", "≥420元/月", "436元/月", "PK304"),
        ("运行成本", "同比下降≥2%", "同比下降2.1%"),
        ("人均能耗成本", "较上年下降1.5%", "较上年下降1.6%"),
        ("孤儿基本生活费标准", "≥1100元/月", "1110元/月"),
        ("技能培训人均补贴", "≤1000元/人", "1180元/人", "PK305"),
        ("护林员补助标准", "≥800元/月", "900元/月"),
    ],
    "经济": [("住院费用报销比例", "70%左右", "71.2%")],
    "社会": [
        ("疫情发生次数", "≥1次", "1次", "PK306"),
        ("群体性事件", "≥1起", "1起", "PK306"),
        ("处置疫情起数", "≥1起", "1起"),
        ("审结纠纷案件数", "≥600件", "612件"),
        ("提升治理能力", "达到预期效果", "达到预期效果", "PK401"),
        ("受益人数", "（填写具体指标值）", "500人", "PK202"),
        ("群众投诉", "0", "0"),
        ("火灾事故率", "下降5%", "下降3%", "PK316"),
        ("火灾事故率", "下降5%", "下降5.3%"),
        ("受益群众", "≥2000", "2100", "PK404"),
        ("传染病发病率", "≤180/10万", "172.4/10万"),
        ("传染病发病率（/10万）", "≤180", "172.4"),
        ("传染病发病率", "≤180/10万", "191.4/10万", "PK316"),
        ("网络舆情负面事件", "≥2起", "0起", "PK306"),  # one finding for the wrong side
        ("三年未复吸人员占比", "不低于六成", "63.2%"),
        ("三年复吸人员占比", "不低于六成", "63.2%", "PK306"),
    ],
    "生态": [
        ("碳排放强度", "下降3%", "下降3.4%"),
        ("污染物排放量", "≥100吨", "105吨", "PK306"),
        ("农药使用量", "较上年零增长", "较上年减少2.3%"),
        ("农药使用量", "较上年零增长", "较上年增长2.3%", "PK114"),
    ],
    "满意": [
        ("群众满意度", "≥90%", "调查工作正在进行", "PK216"),
        ("群众满意度", "≥90%", "调查工作正在进行，已回收300份，满意率95.5%"),
    ],
}
CASES = [(kind, *row) for kind, rows in ROWS.items() for row in rows]


@pytest.mark.parametrize("case", CASES, ids="|".join)
def test_a_row_and_what_is_found_on_it(case):
    kind, name, target, actual, *expected = case
    form, place = sound(), PLACES[kind]
    row = replace(form.indicators[place], name=name, target=target, actual=actual)
    rows = (*form.indicators[:place], row, *form.indicators[place + 1 :])
    assert codes(replace(form, indicators=rows)) == expected


def test_a_row_of_the_template_is_one_finding():
    left = replace(sound().indicators[0], name="指标2：……", target="≥**", actual="", weight=None, score=None)
    assert codes(replace(sound(), indicators=(*sound().indicators, left))) == ["PK202"]
    named = replace(left, name="新建公猪舍")
    assert codes(replace(sound(), indicators=(*sound().indicators, named))) == ["PK201", "PK202"]


def test_names_that_hold_other_numbers_of_the_same_digits_are_two_things():
    rows = list(sound().indicators)
    rows[0] = replace(rows[0], name="12号楼改造面积", target="≥500平方米", actual="500平方米")
    rows[1] = replace(rows[1], name="21号楼改造面积", target="≥800平方米", actual="800平方米")
    assert codes(replace(sound(), indicators=tuple(rows))) == []


def test_a_team_and_its_members_are_two_things():
    rows = list(sound().indicators)
    rows[0] = replace(rows[0], name="保障驻村工作队", target="=72个", actual="72个")
    rows[1] = replace(rows[1], name="保障驻村工作队员", target="=216人", actual="216人")
    assert codes(replace(sound(), indicators=tuple(rows))) == []
    rows[1] = replace(rows[1], name="保障驻村的工作队")
    assert "PK311" in codes(replace(sound(), indicators=tuple(rows)))


@pytest.mark.parametrize(
    ("reason", "expected"),
    [
        ("调查样本300份，回收292份", []),
        ("来源：统计年报", []),
        ("因调查样本少，结果偏低，下一步扩大调查", ["PK205"]),
    ],
)
def test_a_remark_on_the_evidence_is_no_reason(reason, expected):
    rows = list(sound().indicators)
    rows[6] = replace(rows[6], reason=reason)
    assert codes(replace(sound(), indicators=tuple(rows))) == expected


@pytest.mark.parametrize(
    ("cells", "code", "said"),
    [
        ([("budget.total.adjusted", None)], "PK111", "年度资金总额的全年预算数未填，却执行了480万元"),
        ([("budget.total.adjusted", None)], "PK111", "全年预算数未填，全年执行数480万元"),
        ([("budget.total.adjusted", None)], "PK110", "年度资金总额的全年预算数未填，与其中各项之和500不符"),
        ([("indicators[4].actual", "518万元")], "PK305", "超出18万元"),
        ([("indicators[4].target", "≤500000元"), ("indicators[4].actual", "518000元")], "PK305", "超出18,000元"),
        ([("indicators[4].target", "≤5000000万元")], "PK117", "的金额为5,000,000万元，与资金栏的500万元相差一万倍"),
        ([("indicators[1].score", Decimal("9.875"))], "PK116", "“安装路灯”的得分填写为9.875"),
        ([("indicators[1].score", 9)], "PK307", "却扣1分"),
        ([("indicators[1].actual", "240盏"), ("indicators[1].score", 8)], "PK203", "“安装路灯”扣2分，未说明原因"),
        ([("indicators[0].actual", None), ("indicators[0].score", None)], "PK201", "实际完成值空白，得分未填"),
        ([("indicators[8].target", "进一步完善")], "PK401", "“进一步完善”没有数值或评定标准"),
        ([("indicators[3].level2", "质量指标")], "PK211", "已有：数量指标、质量指标、成本指标"),
    ],
)  # fmt: skip
def test_what_a_finding_says(cells, code, said):
    form = changed(*cells)
    found = [one for one in perfkit.check(form, perfkit.score(form)) if one.code == code]
    assert any(said in one.message.zh or said in one.evidence.zh for one in found)


def test_of_amounts_typed_in_two_units_one_finding_speaks():
    money = {f"budget.total.{column}": amount for column, amount in _IN_YUAN.items()}
    form = changed(
        *money.items(), *((f"budget.fiscal.{name}", Decimal(500)) for name in ("initial", "adjusted"))
    )
    found = codes(change(form, "budget.fiscal.executed", Decimal(480)))
    assert "PK117" in found
    assert "PK110" not in found
    off_too = codes(change(form, "budget.fiscal.executed", Decimal(400)))
    assert {"PK110", "PK117"} <= set(off_too)


def test_no_grade_is_called_wrong_while_the_weights_do_not_add_up():
    wrong = changed(("grade", "差"))
    assert "PK115" in codes(wrong)
    off = codes(change(wrong, "indicators[0].weight", Decimal(15)))
    assert "PK101" in off
    assert "PK115" not in off


def test_points_of_how_the_money_was_managed_count_within_the_whole():
    form = sound()
    row, five = form.indicators[0], Decimal(5)
    form = change(form, "indicators[0].weight", row.weight - five)
    form = change(form, "indicators[0].score", row.score - five)
    assert {"PK101", "PK104"} <= set(codes(form))
    managed = replace(form, fund_management=(perfkit.form.FundManagement("分配科学性", "合规", five, five),))
    assert not {"PK101", "PK104"} & set(codes(managed))
    assert perfkit.score(managed, profile="mof-2020").total.state == "provisional"
