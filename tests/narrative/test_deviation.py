"""How a row departs from its target: the kind, and the gap in its own unit and in percent."""

import pytest

import perfkit
from perfkit.narrative.story import deviation
from tests.narrative.cases import form_of, row, text_of

KINDS = [
    # target, actual, score, kind, gap: amount, measure, unit, percent
    ("≥100人次", "80人次", None, "short", "20 quantity 人次 20.00"),
    ("≥300课时", "32课时", None, "short", "268 quantity 课时 89.33"),
    ("≥36万", "30万", None, "short", "60000 quantity  16.67"),
    ("≥95%", "90%", None, "short", "5 points % 5.26"),
    ("≤2次", "5次", "4", "over", "3 quantity 次 150.00"),
    ("≤100%", "103%", "4", "over", "3 points % 3.00"),
    ("=50个", "40个", None, "short", "10 quantity 个 20.00"),
    ("10月底", "11月", "4", "late", "1 months  None"),
    ("2022年6月30日前", "2022年7月12日", "4", "late", "12 days  None"),
    ("11月底前", "12月25日", "4", "late", "25 days  None"),
    ("11月25日前", "12月", "4", "late", "1 months  None"),
    ("7月底", "10月", "4", "late", "3 months  None"),
    ("健全", "未完成", "0", "missed", None),
    ("健全", "基本健全", "8", "partly", None),
    ("三级等保", "三级等保通过", "4", "taken", None),
    ("≥100人次", "良好", "4", "unverifiable", None),
    ("≥100人次", None, "4", "unverifiable", None),
    ("受训面扩大", "机关干部为主", "4", "judged", None),
]


@pytest.mark.parametrize(("target", "actual", "score", "kind", "gap"), KINDS)
def test_the_kind_and_the_gap_of_a_deviation(target, actual, score, kind, gap):
    level2 = "时效指标" if kind == "late" else "数量指标"
    reason = "另有说明" if kind in {"taken", "late"} else None
    form = form_of(row(target=target, actual=actual, score=score, reason=reason, level2=level2))
    found = deviation(perfkit.score(form).indicators[0])
    assert found is not None
    assert found.kind == kind
    told = found.gap and f"{found.gap.amount} {found.gap.measure} {found.gap.unit} {found.gap.percent}"
    assert told == gap


@pytest.mark.parametrize(
    ("target", "actual"),
    [("≥100人次", "100人次"), ("10月底", "9月"), ("健全", "健全"), ("≥100人次", "300人次")],
)
def test_a_row_at_full_marks_that_reached_its_target_does_not_depart(target, actual):
    form = form_of(row(target=target, actual=actual, score="10"))
    assert deviation(perfkit.score(form).indicators[0]) is None


def test_an_approximate_actual_gives_an_approximate_gap():
    found = deviation(perfkit.score(form_of(row(target="≥300人次", actual="200余人次"))).indicators[0])
    assert found.gap.about


LATE = {"name": "完工", "target": "7月底", "actual": "9月", "level2": "时效指标"}
NEARLY = {"name": "机制", "target": "健全", "actual": "基本达成", "level2": "社会效益指标"}


@pytest.mark.parametrize(
    ("rows", "headline", "lead", "opening"),
    [
        ([LATE | {"score": "45"}], "指标尚无扣分，一项扣分待定", "“完工”晚于期限，扣分待定。", "一项指标未达到年度指标值，扣分待定。"),
        ([LATE | {"score": "43"}], "一项指标有扣分，共2分", "“完工”晚于期限，扣2分。", "一项指标有扣分，共2分。"),
        ([NEARLY | {"score": "45"}], "指标均无扣分", "“机制”只部分达到目标，未扣分。", "一项指标部分达到，未扣分。"),
        ([LATE | {"score": "45"}, LATE | {"name": "验收", "score": "44"}], "一项指标有扣分，共1分，另有一项扣分待定",
         "“完工”晚于期限，扣分待定。", "另有一项指标未达到年度指标值，扣分待定。"),
        ([LATE | {"score": "45"}, NEARLY | {"score": "45"}], "指标尚无扣分，一项扣分待定",
         "“机制”只部分达到目标，未扣分。", "一项指标未达到年度指标值，一项部分达到，未扣分或扣分待定。"),
    ],
)  # fmt: skip
def test_points_that_only_a_person_can_take_are_told_as_the_summary_tells_them(rows, headline, lead, opening):
    form = form_of(*(row(weight="45", **each) for each in rows))
    story = perfkit.narrate(form, perfkit.score(form, "mof-2021"), (), language="zh")
    told = text_of(story)
    assert headline in story.headline.split("；")
    assert lead in told
    assert opening in told
