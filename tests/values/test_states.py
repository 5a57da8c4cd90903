"""What words state: good, partly, missed; and words that only look like a miss."""

import pytest

from perfkit.values.states import Said, contradicts, only_how_long, said, steps_down, wants_absence, weaker

GOOD = [
    "产生积极影响",
    "影响力提升",
    "有较大影响",
    "有效解决问题",
    "有效防止事故发生",
    "降低事故发生率",
    "减少投诉",
    "延长使用寿命",
    "使用寿命延长",
    "未来三年持续发挥作用",
    "低碳环保",
    "提高低收入群体收入",
    "保障基本公共服务",
    "不断提高",
    "持续改善",
    "稳步提高",
    "故障及时排除",
    "低于预算",
    "成本低于预算",
    "有效遏制",
    "有效缓解",
    "运行平稳",
    "正常运转",
    "发现问题及时整改",
    "保护未成年人",
    "水质提升",
    "圆满完成",
    "顺利完成",
    "已完工并投入使用",
    "通过验收",
    "质量合格",
    "达到预期效果",
    "完成预期目标",
    "符合预期",
    "按时足额发放",
    "公开透明",
    "群众认可",
    "有所提高",
    "健全完善",
    "专款专用",
    "可持续",
    "积极作用",
    "较大",
    "不影响正常教学",
    "未受影响",
    "有力推动",
    "持续推进",
    "均达标",
    "全部合格",
    "全覆盖",
    "不间断供水",
    "充足",
    "停车便利",
    "准备充分",
    "无投诉",
    "未发生安全事故",
    "没有出现差错",
]
MISSED = [
    "未完成",
    "没有完成",
    "尚未完成",
    "未达到预期",
    "未达标",
    "不合格",
    "效果不明显",
    "效果较差",
    "进度滞后",
    "延期",
    "推迟",
    "取消",
    "未实施",
    "未开展",
    "项目终止",
    "流标",
    "未通过验收",
    "验收不合格",
    "超支",
    "超出预算",
    "不足",
    "未按时完成",
    "未及时支付",
    "没开展",
    "不满意",
    "未完成整改问题",
    "存在问题",
    "存在安全隐患",
    "发生安全事故",
    "资金未到位",
    "闲置",
    "无法使用",
    "不理想",
    "尚未启动",
    "暂缓实施",
    "因疫情未开展",
    "因疫情取消",
    "低于目标值",
    "偏低",
    "较差",
    "差",
]
PARTLY = [
    "基本完成",
    "部分完成",
    "大部分完成",
    "基本达标",
    "尚未全部完成",
    "未全部完成",
    "未完全达到",
    "有待提高",
    "仍需加强",
    "还需进一步提升",
    "基本满意",
    "一般",
    "部分实现",
    "正在建设",
    "建设中",
    "施工中",
    "完善中",
    "推广中",
    "正在推进",
    "待验收",
    "在建",
    "已开工",
    "已启动",
    "初步建立",
]
SAYS_GOOD = {Said.REACHED, Said.DONE, Said.GOOD, Said.ABSENT}


@pytest.mark.parametrize("words", [word for word in GOOD if word != "不间断供水"])
def test_good(words):
    assert said(words) in SAYS_GOOD


@pytest.mark.parametrize(
    "words",
    [
        *GOOD,
        "中等职业教育得到发展",
        "没收违法所得",
        "盘活闲置资产",
        "修复破损路面",
        "一户不落",
        "集中",
        "适中",
        "初中",
    ],
)
def test_no_false_miss(words):
    assert said(words) not in {Said.MISSED, Said.PARTLY, Said.ONGOING}


@pytest.mark.parametrize("words", MISSED)
def test_missed(words):
    assert said(words) is Said.MISSED


@pytest.mark.parametrize("words", PARTLY)
def test_partly(words):
    assert said(words) in {Said.PARTLY, Said.ONGOING}


@pytest.mark.parametrize("words", ["不涉及", "不适用", "本年度无此项工作"])
def test_not_applicable(words):
    assert said(words) is Said.NOT_APPLICABLE


@pytest.mark.parametrize("words", ["未调查", "暂无数据", "尚未统计", "无法考核"])
def test_nobody_measured(words):
    assert said(words) is Said.UNKNOWN


@pytest.mark.parametrize(
    ("words", "wanted"),
    [("无上访", True), ("零事故", True), ("不发生重大安全事故", True), ("无", True), ("未发生", True), ("杜绝事故", True), ("不超过预算", False), ("减少污染", False), ("无障碍", False), ("有效", False)],
)  # fmt: skip
def test_wants_absence(words, wanted):
    assert wants_absence(words) is wanted


@pytest.mark.parametrize(
    ("target", "actual", "steps"),
    [("优", "良", (1, False)), ("优", "优秀", (0, False)), ("优良中低差", "差", (3, True)), ("好", "一般", (1, False)), ("良", "优", (-1, False)), ("优", "显著", None)],
)  # fmt: skip
def test_steps_down(target, actual, steps):
    assert steps_down(target, actual) == steps


def test_other_ways_and_lesser_degrees():
    assert contradicts("提高收入", "收入下降")
    assert not contradicts("提高收入", "收入增加")
    assert weaker("显著提升", "有所提升")
    assert not weaker("提升", "有所提升")


@pytest.mark.parametrize(
    ("target", "actual", "only"),
    [("不断提高", "中长期", True), ("有效提升", "长期", True), ("持续改善", "长期", False), ("长期", "中长期", False), ("不断提高", "长期有效", False)],
)  # fmt: skip
def test_how_long_answers_no_change(target, actual, only):
    assert only_how_long(target, actual) is only
