"""Scorecards built by hand: the two published forms, and the odd ones that a report must bear.

Display is tested on results that nobody else's code made, so that a fault in scoring is not hidden here.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from perfkit.checks import Finding, Findings
from perfkit.form import Budget, Form, Fund, Goals, Indicator, Source
from perfkit.language import Text
from perfkit.narrative import Grid, Paragraph, Points, Section, Story
from perfkit.profile import Grade, Profile, RollingUp
from perfkit.scoring import ExecutionScore, Review, RowScore, Scorecard, Status, Total
from perfkit.values import Actual, Basis, Direction, Kind, Reading, Target, Verdict

D = Decimal

PROFILE = Profile(
    name="shanghai-2022",
    title=Text("上海 2022", "Shanghai 2022"),
    source=Text("两份公开的自评表", "two published forms"),
    execution_weight=D(10),
    level1_weights={"产出指标": D(50), "效益指标": D(30), "满意度指标": D(10)},
    grades=(Grade("优", D(90)), Grade("良", D(80)), Grade("中", D(60)), Grade("差", D(0))),
)
MEANS = replace(PROFILE, roll_up=RollingUp(rates="mean", totals="mean"))
SCORED_FIRST = replace(PROFILE, roll_up=RollingUp("score_then_sum", totals="mean"))

# level 1, level 2, name, target, actual, weight, score, reason, kind, direction, verdict, completion
_ONLINE = """
产出|数量|发布新课件|500课时|521课时|10|10||number|at_least|met|1.042
产出|数量|支持学员账号数|>=36万|36.5万|10|10||number|at_least|met|1.0138888888888889
产出|质量|课件验收|评审会通过|通过|10|10||words|none|met|
产出|时效|课件制作完成|10月底|11月|5|4|受疫情封控影响|date|by_date|missed|
产出|时效|平台软件系统更新完成|7月底|8月|5|4|受疫情封控影响|date|by_date|missed|
产出|成本|成本控制率|<=100%|100%|10|10||ratio|at_most|met|1
效益|社会效益|系统运行稳定性|重大事故发生<=2次|0|5|5||number|at_most|met|0
效益|社会效益|驻场人员出勤值守|>=90%|99%|5|5||ratio|at_least|met|1.1
效益|社会效益|平台等保测评|三级等保|三级等保通过|5|4|较往年得分偏低|words|none|judgement|
效益|社会效益|学员注册率|>=90%|95%|3|3||ratio|at_least|met|1.0555555555555556
效益|社会效益|学员在学率|>=90%|93%|2|2||ratio|at_least|met|1.0333333333333333
效益|可持续影响|建立动态数据库|课程库、学员库|建立|2.5|2.5||words|none|judgement|
效益|可持续影响|长效管理机制建设情况|建立健全|健全|2.5|2.5||words|none|met|
效益|可持续影响|长效管理机制及其有效性|有效|有效|2.5|2.5||words|none|met|
效益|可持续影响|可持续性|可持续|可持续|2.5|2.5||words|none|met|
满意度|服务对象满意度|网络培训满意度|>=80%|83.69%|10|10||ratio|at_least|met|1.046125
"""

_LEADERSHIP = """
产出|数量|全年培训人次|>=1100人次|38265人次|10|10|由线下培训改为线上直播|number|at_least|met|34.786363636363636
产出|数量|全年培训课时|>=300课时|32课时|1|0.1|受疫情影响，线下专题班停办，每月论坛转为线上直播|number|at_least|missed|0.1066666666666667
产出|质量|课程设计、设置|合理|合理|10|10||words|none|met|
产出|质量|培训学时达标|=100%|100%|10|10||ratio|equal|met|1
产出|质量|出勤率|>=70%|100%|6|6||ratio|at_least|met|1.4285714285714286
产出|时效|专题班开班和论坛开展|及时|专题班未开展|2|1|受疫情影响，线下专题班停办，每月论坛转为线上直播|words|none|judgement|
产出|时效|课题研究完成|及时|未完成|1|0|相关预算已压减|words|none|missed|
产出|成本|成本控制率|<=100%|<100%|10|10||ratio|at_most|met|1
效益|社会效益|系统运行稳定性|稳定|稳定|5|5||words|none|met|
效益|社会效益|项目沟通有效性|有效|有效|5|5||words|none|met|
效益|社会效益|领导干部岗位能力提升|提升|提升|5|5||words|none|met|
效益|社会效益|课题研究成果|成果报告|未完成|1|0|相关预算已压减|words|none|missed|
效益|可持续影响|长效管理机制建设情况|建立健全|建立健全|5|5||words|none|met|
效益|可持续影响|长效管理机制及其有效性|有效|有效|5|5||words|none|met|
效益|可持续影响|可持续性|可持续|可持续|4|4||words|none|met|
满意度|服务对象满意度|学员满意度测评|>=80%|90%|10|10||ratio|at_least|met|1.125
"""


def scored(number: int, line: str) -> RowScore:
    """Build one scored row from a line of the tables above."""
    level1, level2, name, target, actual, weight, points, reason, kind, _, verdict, ratio = line.split("|")
    completion = D(ratio) if ratio else None
    return row(
        number,
        Indicator(
            name=name,
            level1=f"{level1}指标",
            level2=f"{level2}指标",
            target=target,
            actual=actual,
            weight=D(weight),
            score=D(points),
            reason=reason or None,
        ),
        Verdict(verdict),
        Kind(kind),
        completion,
    )


def row(
    number: int,
    indicator: Indicator,
    verdict: Verdict = Verdict.JUDGEMENT,
    kind: Kind = Kind.WORDS,
    completion: Decimal | None = None,
) -> RowScore:
    """Build a scored row in which what the form declares counts."""
    weight, declared = indicator.weight, indicator.score
    measured = completion is not None
    reading = Reading(
        target=Target(indicator.target or "", kind, Direction.NONE),
        actual=Actual(indicator.actual or "", kind),
        kind=kind,
        direction=Direction.NONE,
        verdict=verdict,
        basis=Basis.MEASURED if measured else Basis.STATED,
        completion=completion,
    )
    status = Status.UNSCORED if declared is None else Status.AGREES if measured else Status.JUDGED
    return RowScore(
        number=number,
        indicator=indicator,
        reading=reading,
        weight=weight,
        declared=declared,
        computed=declared if measured else None,
        score=declared,
        status=status,
        explanation=Text(f"目标 {indicator.target or '—'}", f"Target {indicator.target or '—'}"),
    )


def card(form: Form, rows: tuple[RowScore, ...], *, rate: str | None = None) -> Scorecard:
    """Build a scorecard around a form and its rows."""
    fund = form.budget.total
    score = fund.score
    budget = ExecutionScore(
        fund=fund,
        rate=D(rate) if rate else None,
        printed_rate=D(rate) if rate else None,
        weight=fund.weight,
        declared=score,
        computed=score,
        score=score,
        status=Status.AGREES if score is not None else Status.UNSCORED,
        explanation=Text("执行数 ÷ 全年预算数", "Executed ÷ adjusted budget"),
    )
    points = [part.score for part in (budget, *rows) if part.score is not None]
    weights = [part.weight for part in (budget, *rows) if part.weight is not None]
    total = sum(points, D("0.00")) if points else None
    return Scorecard(
        form=form,
        profile=PROFILE,
        budget=budget,
        indicators=rows,
        total=Total(
            weight=sum(weights, D(0)),
            declared=form.total,
            computed=total,
            score=total,
            grade=PROFILE.grade(total) if total is not None else None,
            complete=all(part.score is not None for part in (budget, *rows) if part.weight is not None),
            explanation=Text("各行得分之和", "The sum of all rows"),
        ),
    )


def _form(project: str, money: tuple[str, str, str, str, str], table: str, total: str) -> Scorecard:
    initial, adjusted, executed, rate, score = money
    fund = Fund(D(initial), D(adjusted), D(executed))
    rows = tuple(scored(n, line) for n, line in enumerate(table.strip().splitlines(), start=1))
    form = Form(
        project=project,
        year=2022,
        department="中共上海市委组织部",
        unit="上海市干部教育中心",
        money_unit="元",
        budget=Budget(total=replace(fund, weight=D(10), rate=f"{rate}%", score=D(score)), fiscal=fund),
        goals=Goals(expected="建设高素质的领导干部队伍。", outcome="建设高素质的领导干部队伍。"),
        indicators=tuple(scored_row.indicator for scored_row in rows),
        total=D(total),
        source=Source(file="params/forms/a-form.yaml", sha256="0123456789abcdef" * 4),
    )
    return card(form, rows, rate=rate)


def online() -> Scorecard:
    """Build the published form 在线学习工作经费."""
    return _form("在线学习工作经费", ("9280000", "8205000", "8120525", "98.98", "9.9"), _ONLINE, "96.90")


def leadership() -> Scorecard:
    """Build the published form 领导干部培训经费."""
    return _form("领导干部培训经费", ("2400000", "1145000", "119132", "10.41", "1.04"), _LEADERSHIP, "87.14")


def blank() -> Scorecard:
    """Build a form in which nothing is filled in."""
    return card(Form(), ())


def all_blank(count: int = 3) -> Scorecard:
    """Build a form whose rows are there and whose cells are all empty."""
    rows = tuple(row(n, Indicator(), Verdict.UNVERIFIABLE) for n in range(1, count + 1))
    return card(Form(indicators=tuple(r.indicator for r in rows)), rows)


def one_row() -> Scorecard:
    """Build a form of one row, without money."""
    rows = (scored(1, _ONLINE.strip().splitlines()[0]),)
    return card(Form(project="一行", indicators=tuple(r.indicator for r in rows)), rows)


def many_rows(count: int = 200) -> Scorecard:
    """Build a form of many rows, a third of which lose points."""
    rows = tuple(
        scored(n, f"产出|数量|第{n}个指标|>=100个|{100 - n % 3 * n % 97}个|0.5|{D('0.5') - D(n % 3) / 10}|"
               f"|number|at_least|{'missed' if n % 3 else 'met'}|{D(100 - n % 3 * n % 97) / 100}")
        for n in range(1, count + 1)
    )  # fmt: skip
    return card(Form(project="两百行", indicators=tuple(r.indicator for r in rows)), rows)


def named(name: str, *, score: str = "4") -> Scorecard:
    """Build a form in which a name stands in every cell that takes text."""
    indicator = Indicator(name, name, name, name, name, D(5), D(score), name)
    money = Fund(D(100), D(100), D(50), D(10), name, D(5))
    form = Form(
        project=name,
        year=2024,
        department=name,
        unit=name,
        budget=Budget(total=money),
        goals=Goals(name, name),
        indicators=(indicator,),
        source=Source(name, name),
    )
    measured = row(1, indicator, Verdict.MISSED, Kind.NUMBER, D("0.8"))
    scored_row = replace(measured, explanation=Text(name, name))
    return card(form, (scored_row,), rate="50")


def zero_budget() -> Scorecard:
    """Build a form whose money is zero all over."""
    nothing = Fund(D(0), D(0), D(0))
    return card(Form(project="零预算", budget=Budget(total=nothing, fiscal=nothing)), ())


def findings(text: str = "完成率 3,479%，没有说明原因") -> Findings:
    """Build findings of each severity, two of them alike."""

    def one(code: str, severity: str, row: int | None, field: str) -> Finding:
        told = Text(text, text)
        return Finding(code, "a-slug", severity, told, told, told, file="a.yaml", row=row, field=field)  # type: ignore[arg-type]

    return Findings(
        [
            one("PK210", "warning", 1, "reason"),
            one("PK210", "warning", 1, "reason"),
            one("PK108", "error", None, "budget.total.rate"),
            one("PK404", "info", 1, "target"),
            one("PK407", "warning", None, "indicators"),
            one("PK103", "warning", None, "somewhere.unheard.of"),
        ]
    )


def story(
    text: str = "得分 96.90，等级优；预算执行 98.98%；三项指标有扣分，共 3 分。", language: str = "zh"
) -> Story:
    """Build a story with every kind of block."""
    blocks = (Paragraph(text, lead=text), Points((text, text)), Grid((text, "b"), ((text, "d"),)))
    section = Section("summary", text, blocks, language)  # type: ignore[arg-type]
    return Story(language, text, (section,))  # type: ignore[arg-type]


ODD = {
    "blank": blank,
    "all-blank": all_blank,
    "one-row": one_row,
    "200-rows": many_rows,
    "long-name": lambda: named("很长的名称" * 40),
    "right-to-left": lambda: named("שלום עולם مرحبا بالعالم"),
    "emoji": lambda: named("培训👩‍🏫完成🎉✅"),
    "zero-budget": zero_budget,
}
SEEDS = {"online": online, "leadership": leadership}


def reviewed() -> Scorecard:
    """Build a card with a deduction, a reviewer's scores on a row and on the budget line, and their total."""
    card = online()
    fund = replace(card.form.budget.total, review=D("9.5"))
    beside = replace(card.form.indicators[1], deduction=D("0.5"), review=D(9))
    rows = tuple(beside if n == 1 else row for n, row in enumerate(card.form.indicators))
    form = replace(
        card.form, indicators=rows, budget=replace(card.form.budget, total=fund), review_total=D("94.5")
    )
    scored = tuple(
        replace(row, indicator=printed) for row, printed in zip(card.indicators, rows, strict=True)
    )
    total = replace(card.total, review=Review(D("96.9"), D("94.5"), D("94.5")))
    return replace(card, form=form, indicators=scored, budget=replace(card.budget, fund=fund), total=total)


EVERY = SEEDS | ODD
