"""Situations that a story has to tell: a form, the profile, and findings where they matter."""

from dataclasses import replace
from decimal import Decimal

from perfkit.checks import Finding, Findings
from perfkit.form import Budget, Doubt, Fund, Goals, Ignore, Indicator, Proof
from perfkit.language import Text
from tests.narrative.cases import form_of, row


def spent(initial, adjusted, executed, rate=None, score=None, weight=10, review=None):
    """Give a budget block with a total line alone."""
    amounts = [None if a is None else Decimal(str(a)) for a in (initial, adjusted, executed)]
    return Budget(
        total=Fund(
            *amounts,
            None if weight is None else Decimal(weight),
            rate,
            None if score is None else Decimal(score),
            review,
        )
    )


def finding(code, number, severity="warning", message="目标值偏低"):
    """Give a finding on a row."""
    text = Text(message, message)
    return Finding(code, code.lower(), severity, text, text, text, row=number)


BENEFIT = {"level1": "效益指标", "level2": "社会效益指标"}
SATISFIED = {"level1": "满意度指标", "level2": "服务对象满意度指标"}
MET = row(actual="100人次", weight="50", score="50")
SMALL = [row(name=f"事项{n}", actual=f"{40 + n}人次", weight="2") for n in range(1, 13)]

SITUATIONS = {
    "everything met": (
        form_of(
            row(actual="100人次", weight="50", score="50"),
            row(name="乙", target="健全", actual="健全", weight="40", score="40", **BENEFIT),
        ),
        "mof-2020",
        (),
    ),
    "one row met": (form_of(row(actual="120人次", weight="90", score="90")), "mof-2020", ()),
    "two of three dimensions full": (
        form_of(
            row(actual="80人次", weight="50", score="40", reason="受天气影响"),
            row(name="乙", target="健全", actual="健全", weight="30", score="30", **BENEFIT),
            row(name="丙", target="≥90%", actual="95%", weight="10", score="10", **SATISFIED),
        ),
        "mof-2020",
        (),
    ),
    "a scored row without a weight": (
        form_of(
            row(actual="100人次", weight="80", score="80"),
            row(name="乙", target="健全", actual="健全", weight=None, score="10", **BENEFIT),
        ),
        "mof-2020",
        (),
    ),
    "a form without scores": (
        form_of(
            row(weight=None),
            row(
                name="合格率",
                target="≥95%",
                actual="90%",
                weight=None,
                reason="设备老化，下一步将于2023年6月底前更换设备",
            ),
            row(name="完工时间", target="9月前", actual="10月20日", weight=None, level2="时效指标"),
            row(name="机制", target="健全", actual="基本健全", weight=None, **BENEFIT),
            unit="县公路局",
        ),
        "transfer",
        (),
    ),
    "a form without scores, all met": (form_of(row(actual="100人次", weight=None)), "transfer", ()),
    "a form without scores, one not filled in": (
        form_of(row(actual="100人次", weight=None), row(name="乙", actual=None, weight=None)),
        "transfer",
        (),
    ),
    "rows not scored": (
        form_of(
            row(actual=None, weight="40"),
            row(name="机制", target="受训面扩大", actual="机关干部为主", weight="30", score="30", **BENEFIT),
            row(name="乙", target="健全", actual="健全", weight="20", score="20", **BENEFIT),
        ),
        "mof-2020",
        (),
    ),
    "nothing filled in": (form_of(Indicator(), budget=Budget(), project="", year=None), "mof-2020", ()),
    "no indicators": (form_of(budget=spent(100, 100, 90, score=9)), "mof-2020", ()),
    "a capped total": (
        form_of(
            MET,
            row(name="满意度", target="≥90%", actual="95%", weight="40", score="40", **SATISFIED),
            budget=spent(100, 100, 65.5, "65.5%", "6.55"),
        ),
        "rate-cap-2022",
        (),
    ),
    "a row that does not apply": (
        form_of(
            MET,
            row(name="乙", target="≥5个", actual="不涉及", weight="10", **BENEFIT),
            row(name="丙", target="健全", actual="健全", weight="30", score="30", **BENEFIT),
        ),
        "rescaled",
        (),
    ),
    "scores that the rules replace": (
        form_of(
            row(actual="80人次", weight="50", score="50"),
            row(name="投诉", target="≤2次", actual="5次", weight="20", score="15", **BENEFIT),
            row(name="低报", target="≥90%", actual="95%", weight="20", score="8", **SATISFIED),
            total=Decimal(80),
            budget=spent(100, 100, 98, "98%", 7),
        ),
        "integrated-system",
        (),
    ),
    "execution claimed above its rate": (
        form_of(MET, budget=spent(100, 100, 80, "80%", 10)),
        "mof-2020",
        (),
    ),
    "amounts in doubt": (
        form_of(MET, budget=spent(100, 100, 80, "80%", 8)),
        "mof-2020",
        (finding("PK119", None, message="资金总额大得不合常理"),),
    ),
    "a total that is no sum": (
        form_of(
            row(actual="100人次", weight="90", score="90"),
            total=Decimal(98),
            budget=spent(1, 1, 1, "100%", 10),
        ),
        "mof-2020",
        (),
    ),
    "findings set aside": (
        form_of(MET),
        "mof-2020",
        (
            replace(finding("PK210", 1), set_aside=Ignore("PK210", "目标由合同约定", "李处长")),
            replace(finding("PK401", 1), set_aside=Ignore("PK401", "另有细则")),
        ),
    ),
    "a satisfaction that nobody surveyed": (
        form_of(
            row(name="满意度", target="≥90%", actual="未开展满意度调查", weight="90", score="90", **SATISFIED)
        ),
        "mof-2020",
        (),
    ),
    "two rows left blank": (
        form_of(
            row(actual=None, weight="45", score="45"), row(name="乙", actual=None, weight="45", score="45")
        ),
        "mof-2020",
        (),
    ),
    "a share that ends nowhere": (
        form_of(row(name="合格率", target="≥90%", actual="抽查6户，合格5户", weight="90", score="80")),
        "mof-2020",
        (),
    ),
    "worked out from counts, and missed": (
        form_of(
            row(
                name="办结率",
                target="≥90%",
                actual="共受理120件，办结102件",
                weight="90",
                score="85",
                level2="质量指标",
                reason="人手不足，下一步增派人员",
            )
        ),
        "mof-2020",
        (),
    ),
    "late at full marks": (
        form_of(row(name="晚", target="7月底", actual="9月", weight="90", score="90", level2="时效指标")),
        "mof-2020",
        (),
    ),
    "late at full marks, among others": (
        form_of(
            row(
                name="晚",
                target="7月底",
                actual="9月",
                weight="45",
                score="45",
                level2="时效指标",
                reason="甲",
            ),
            row(
                name="迟",
                target="7月底",
                actual="9月",
                weight="45",
                score="45",
                level2="时效指标",
                reason="甲",
            ),
        ),
        "mof-2020",
        (),
    ),
    "causes without measures": (
        form_of(
            *[
                row(
                    name=f"欠{n}", actual="90人次", weight="18", score="16.2", reason=f"天气{'甲乙丙丁戊'[n]}"
                )
                for n in range(5)
            ]
        ),
        "mof-2020",
        tuple(finding("PK206", n + 1) for n in range(5)),
    ),
    "many scores raised": (
        form_of(*[row(name=f"低报{n}", actual="100人次", weight="18", score="9") for n in range(5)]),
        "mof-2020",
        (),
    ),
    "overspent": (form_of(MET, budget=spent(100, 120, 150, "100%", 10)), "mof-2020", ()),
    "a zero budget": (form_of(MET, budget=spent(0, 0, 12, None, 10)), "mof-2020", ()),
    "a budget raised by what was carried over": (
        form_of(
            MET,
            budget=Budget(
                Fund(Decimal(100), Decimal(160), Decimal(160), Decimal(10), "100%", Decimal(10)),
                Fund(Decimal(100), Decimal(100), Decimal(100)),
                Fund(None, Decimal(60), Decimal(60)),
            ),
        ),
        "mof-2020",
        (),
    ),
    "a budget raised beside what was carried over": (
        form_of(
            MET,
            budget=Budget(
                Fund(Decimal(100), Decimal(160), Decimal(160), Decimal(10), "100%", Decimal(10)),
                Fund(Decimal(60), Decimal(120), Decimal(120)),
                Fund(Decimal(40), Decimal(40), Decimal(40)),
            ),
        ),
        "mof-2020",
        (),
    ),
    "only an initial budget": (form_of(MET, budget=spent(100, None, 90, None, None)), "mof-2020", ()),
    "only an adjusted budget": (form_of(MET, budget=spent(None, 100, None, None, None)), "mof-2020", ()),
    "a budget of three sources": (
        form_of(
            MET,
            money_unit="元",
            department="219001-某某局",
            unit="县公路局",
            budget=Budget(
                total=Fund(
                    Decimal(9000000), Decimal(9850000), Decimal(9850000), Decimal(10), "100%", Decimal(10)
                ),
                fiscal=Fund(Decimal(9000000), Decimal(8500000), Decimal(8500000)),
                carried_over=Fund(None, Decimal(1350000), None),
                other=Fund(None, None, Decimal(50)),
            ),
        ),
        "mof-2020",
        (),
    ),
    "one source, department alone": (
        form_of(
            MET,
            department="省交通厅",
            budget=Budget(
                total=Fund(Decimal(100), Decimal(100), Decimal(100), Decimal(10)),
                fiscal=Fund(Decimal(100), Decimal(100), Decimal(100)),
            ),
        ),
        "mof-2020",
        (),
    ),
    "every kind of deviation": (
        form_of(
            row(
                name="晚", target="7月底", actual="9月", weight="5", score="4", level2="时效指标", reason="甲"
            ),
            row(
                name="晚几天",
                target="2022年6月30日前",
                actual="2022年7月1日",
                weight="5",
                score="4",
                level2="时效指标",
                reason="乙",
            ),
            row(
                name="晚到的话",
                target="按期完工",
                actual="2023年1月",
                weight="5",
                score="4",
                level2="时效指标",
                reason="丙",
            ),
            row(name="少", actual="200余人次", target="≥300人次", weight="5", reason="丁"),
            row(name="低", target="≥95%", actual="94%", weight="5"),
            row(name="多", target="≤2次", actual="3次", weight="5", score="4", **BENEFIT),
            row(name="高", target="≤90%", actual="95%", weight="5", score="4"),
            row(name="出界", target="±10个", actual="15个", weight="5", score="4"),
            row(name="偏离", target="±10%", actual="15%", weight="5", score="4"),
            row(name="未成", target="健全", actual="未完成", weight="5", score="0", **BENEFIT),
            row(name="部分", target="健全", actual="基本健全", weight="5", score="3.5", **BENEFIT),
            row(
                name="扣",
                target="三级等保",
                actual="三级等保通过",
                weight="5",
                score="4",
                reason="较往年得分偏低",
            ),
            row(name="评", target="受训面扩大", actual="机关干部为主", weight="5", score="3", **BENEFIT),
            row(name="无从核实", actual="良好", weight="5", score="4", reason="无"),
            row(name="只填了数", target=None, actual="3", weight="5", score="5"),
            row(name="满分却没完成", actual="90人次", target="≥100人次", weight=None),
        ),
        "mof-2020",
        (),
    ),
    **{
        f"one deviation: {kind}": (
            form_of(
                row(
                    name="甲",
                    weight="90",
                    score=score,
                    target=target,
                    actual=actual,
                    reason=reason,
                    level2=level2,
                )
            ),
            "mof-2020",
            (),
        )
        for kind, target, actual, score, reason, level2 in (
            ("late", "7月底", "9月", "80", "天气", "时效指标"),
            ("short", "≥100人次", "80人次", None, None, "数量指标"),
            ("over", "≤2次", "3次", "80", None, "数量指标"),
            ("outside", "±10%", "15%", "80", None, "数量指标"),
            ("missed", "健全", "未完成", "0", None, "数量指标"),
            ("partly", "健全", "基本健全", "60", None, "数量指标"),
            ("taken", "三级等保", "三级等保通过", "80", "较往年得分偏低", "数量指标"),
            ("judged", "受训面扩大", "机关干部为主", "60", None, "数量指标"),
            ("unverifiable", "≥100人次", "良好", "60", None, "数量指标"),
            ("missed at full marks", "健全", "未完成", "90", None, "数量指标"),
        )
    },
    "two that share a reason but no kind": (
        form_of(
            row(name="甲", target="三级等保", actual="三级等保通过", weight="45", score="40", reason="减员"),
            row(name="乙", actual="80人次", weight="45", reason="减员"),
        ),
        "mof-2020",
        (),
    ),
    "missed in part without a loss": (
        form_of(
            row(name="甲", target="健全", actual="基本健全", weight=None),
            row(name="乙", actual="100人次", weight="90", score="90"),
            budget=spent(100, 100, 80, "80%", 8),
        ),
        "mof-2020",
        (),
    ),
    "a long list": (
        form_of(*SMALL, row(name=None, actual="80人次", weight="66", score="60")),
        "mof-2020",
        [finding("PK206", n) for n in range(1, 13)],
    ),
    "a long list with reasons": (
        form_of(
            *[row(name="重名", actual=f"{40 + n}人次", weight="9", reason=f"原因{n}") for n in range(10)]
        ),
        "mof-2020",
        [finding("PK206", n) for n in range(1, 11)],
    ),
    "reasons without measures": (
        form_of(row(name="甲", actual="80人次", weight="90", reason="受天气影响")),
        "mof-2020",
        [finding("PK206", 1, message="甲只写了原因"), finding("PK401", 1)],
    ),
    "many not verifiable": (
        form_of(
            *[
                row(name=f"空{n}", actual=None, target=None if n % 2 else "≥3个", weight="10", score="10")
                for n in range(9)
            ]
        ),
        "mof-2020",
        (),
    ),
    "not comparable": (
        form_of(
            row(name="甲", actual="良好", weight="50", score="50"),
            row(name="乙", target=None, actual=None, weight="40", score="40"),
        ),
        "mof-2020",
        (),
    ),
    "one far above its target": (
        form_of(row(actual="500人次", weight="90", score="90", reason="增办两期")),
        "mof-2020",
        (),
    ),
    "two far above their targets": (
        form_of(
            row(actual="500人次", weight="45", score="45"),
            row(name="乙", actual="400人次", weight="45", score="40", reason="线上举办"),
        ),
        "mof-2020",
        (),
    ),
    "operators": (
        form_of(
            *[
                row(name=f"项{n}", target=target, actual="1人次", weight="10", reason=f"因{n}")
                for n, target in enumerate((">5人次", "＜0人次", "=9人次", "≤0人次", "≥9%"))
            ]
        ),
        "mof-2020",
        (),
    ),
    "notes alone": (form_of(MET), "mof-2020", [finding("PK404", 1, "info")]),
    "findings told before": (
        form_of(
            row(name="甲", actual="200人次", weight="45", score="45"),
            row(name="乙", actual="80人次", weight="45"),
            budget=spent(100, 100, 98, "97%", "9.8"),
        ),
        "mof-2020",
        [finding("PK203", 2, "error"), finding("PK210", 1), finding("PK108", None)],
    ),
    "errors and warnings": (
        form_of(MET, row(name="乙", target="健全", actual="健全", weight="40", score="40", **BENEFIT)),
        "mof-2020",
        [
            finding("PK101", None, "error", "分值合计98分，应为100分。"),
            *[finding("PK402", n) for n in (1, 2)],
            *[finding(f"PK3{n:02}", 1, message=f"第{n}类问题") for n in range(9)],
            finding("PK404", 1, "info"),
        ],
    ),
    "on the line of a grade": (
        form_of(row(actual="100人次", weight="90", score="90"), budget=spent(100, 100, 0, "0%", 0)),
        "mof-2020",
        (),
    ),
    "a poor result": (
        form_of(row(actual="10人次", weight="90", reason="选址变更。下一步，2023年3月底前完成选址")),
        "mof-2020",
        (),
    ),
    "a total line of zeros": (
        form_of(
            MET,
            budget=Budget(
                total=Fund(Decimal(0), Decimal(0), Decimal(0), Decimal(10), "0", Decimal(0)),
                fiscal=Fund(Decimal(90), Decimal(60), Decimal("29.5")),
                other=Fund(None, Decimal(30), Decimal(10)),
            ),
        ),
        "mof-2020",
        (),
    ),
    "an adjusted target": (
        form_of(
            row(initial_target="≥120人次", weight="45"),
            row(
                name="乙",
                actual="9月",
                target="7月底",
                initial_target="5月底",
                weight="45",
                score="40",
                reason="雨季",
                level2="时效指标",
            ),
        ),
        "mof-2020",
        (),
    ),
    "more lost on the budget": (
        form_of(row(actual="99人次", weight="90"), budget=spent(240, 114.5, 11.9, "10.41%", "1.04")),
        "mof-2020",
        (),
    ),
    "spending without a budget": (form_of(MET, budget=spent(None, None, 12)), "mof-2020", ()),
    "points lost on a blank": (
        form_of(row(actual=None, weight="90", score="45", reason="统计未完成")),
        "mof-2020",
        (),
    ),
    "one of two lost nothing": (
        form_of(
            row(name="甲", actual="80人次", weight="45", reason="减员"),
            row(name="乙", target="健全", actual="未完成", weight="45", score="45", reason="减员"),
        ),
        "mof-2020",
        (),
    ),
    "bare figures": (
        form_of(
            *[
                row(name=f"项{n}", target=target, actual=actual, weight="10", score="7", reason=f"因{n}")
                for n, (target, actual) in enumerate(((">5", "4"), ("<3", "4"), ("≥7", "6"), ("≤2%", "3%")))
            ]
        ),
        "mof-2020",
        (),
    ),
    "reviewed": (
        form_of(
            row(
                name="甲",
                weight="30",
                score="24",
                deduction=Decimal(1),
                review=Decimal(20),
                opinion="台账不全",
            ),
            row(name="乙", actual="100人次", weight="30", score="28", review=Decimal("28.5"), reason="补报"),
            row(name="丙", target="受训面扩大", actual="机关干部", weight="30", review=Decimal(25)),
            *[row(name=f"项{n}", actual="100人次", weight="0", opinion="同意") for n in range(5)],
            budget=spent(100, 100, 90, "90%", 9, review=Decimal(8)),
            review_total=Decimal(80),
        ),
        "mof-2020",
        (),
    ),
    "a review that counts": (
        form_of(
            row(weight="90", actual="100人次", deduction=Decimal(2), review=Decimal(81), opinion="同意。"),
            budget=spent(100, 100, 100, "100%", 9, review=Decimal(10)),
        ),
        "review counts",
        (),
    ),
    "a review of the same scores": (
        form_of(
            row(name="甲", actual="100人次", weight="90", review=Decimal(90), opinion="同意"),
            row(name="乙", actual="100人次", weight="0", opinion="同意"),
        ),
        "mof-2020",
        (),
    ),
    "a review of the budget alone": (
        form_of(MET, budget=spent(100, 100, 100, "100%", 10, review=Decimal(9))),
        "mof-2020",
        (),
    ),
    "a review that raises": (
        form_of(row(actual="100人次", weight="90", score="80", review=Decimal(90), reason="补报")),
        "mof-2020",
        (),
    ),
    "nearly met at full marks, as the rules allow": (
        form_of(
            *(
                row(
                    name=name,
                    target="健全",
                    actual="基本达成",
                    weight="45",
                    score="45",
                    reason="天气",
                    **BENEFIT,
                )
                for name in "甲乙"
            )
        ),
        "mof-2021",
        (),
    ),
    "a reading in doubt": (
        form_of(
            row(weight="90", score="72"),
            reading=Proof("doubted", (Doubt("total", "A1", "81"), Doubt("grade", "A2"))),
        ),
        "mof-2020",
        (),
    ),
    "a printed total below its lines": (
        form_of(row(weight="90", score="90"), total=Decimal(70)),
        "mof-2020",
        (),
    ),
    "a printed total of a review": (form_of(MET, review_total=Decimal(95)), "mof-2020", ()),
    "a review of a form without scores of its own": (
        form_of(
            row(target="受训面扩大", actual="机关干部", weight="90", review=Decimal(80)),
            row(name="乙", weight=None, target="健全", actual="健全", opinion="补充佐证"),
            budget=Budget(),
        ),
        "mof-2020",
        (),
    ),
    "opinions alone": (
        form_of(row(actual="100人次", weight="90", score="90", opinion="第3季度台账不全")),
        "mof-2020",
        (),
    ),
    "no grades": (form_of(row(actual="80人次", weight="90")), "no grades", ()),
    "no score at all": (form_of(row(actual="80人次", weight=None), budget=Budget()), "mof-2020", ()),
    "headings missing": (
        form_of(
            row(level1=None, level2=None, weight="60"),
            row(name="乙", level1="其他(3)", level2=None, actual="70人次", weight="30"),
        ),
        "mof-2020",
        (),
    ),
}


def findings_of(name):
    """Give the findings of a situation."""
    found = SITUATIONS[name][2]
    return Findings([f for f in found if not f.set_aside], [f for f in found if f.set_aside])


def _year(year, *rows, executed="100", **more):
    amount = Decimal(executed)
    line = Fund(Decimal(100), Decimal(100), amount, Decimal(10), f"{amount}%", amount / 10)
    return form_of(*rows, year=year, budget=Budget(total=line), **more)


_MEASURED = row(actual="80人次", score="8", reason="招生不足；下一步加强宣传")
YEARS = [
    (_year(2023, row(score="10")), _year(2022, _MEASURED, executed="80")),
    (_year(2023, _MEASURED, executed="80"), _year(2022, row(score="10"))),
    (_year(2023, _MEASURED), _year(2022, _MEASURED)),
    (_year(2023, row("路灯安装", "≥9盏", "9盏")), _year(None, _MEASURED)),
    (
        _year(2023, row("培训的人次", "≥120人次", "130人次")),
        _year(2022, row("开展培训人次", "≥100人次", "90人次")),
    ),
    (
        _year(2023, row("培训农村干部的人次", "≥120人次", "130人次")),
        _year(2022, row("培训农村干部人次", "≥150人次", "90人次")),
    ),
    (_year(2023, row(target="≥120人次", actual="130人次")), _year(2022, row(target="≥100人次", actual=None))),
    (
        _year(2023, row(target="健全", actual="基本健全")),
        _year(2022, row(target="提升服务水平", actual="组织了宣传")),
    ),
    (
        form_of(row(weight=None), budget=Budget(), year=2023),
        form_of(row(weight=None), budget=Budget(), year=2022),
    ),
]
_SOUND = _year(
    2022,
    row(actual="104人次", weight="20", score="20"),
    row("课程合格率", "≥95%", "96%", "20", score="20", level2="质量指标"),
    row("结业时间", "11月底前", "11月", "5", score="5", level2="时效指标"),
    row("培训总成本", "≤100万元", "98万元", "5", score="5", level2="成本指标"),
    row("学员成绩提高人数", "≥50人", "52人", "30", score="30", level1="效益指标", level2="社会效益指标"),
    row("学员满意度", "≥90%", "93.5%", "10", score="10", level1="满意度指标", level2="服务对象满意度指标"),
    goals=Goals("培训100人次。", "全年共培训104人次，学员反映良好。"),
    total=Decimal(100),
    department="市教育局",
    unit="市教师进修学校",
)
_PROSE = row(target="推动行业健康发展", actual="行业秩序逐步好转，企业经营情况改善")
YEARS += [
    (_year(2023, row(actual="100人次", score="10")), _year(2022, _MEASURED)),
    (_year(2023, _PROSE), _year(2022, _PROSE)),
    (replace(_SOUND, year=2023), _SOUND),
]
