"""A sound form, and a way to change one cell of it."""

import re
from dataclasses import replace
from decimal import Decimal

import perfkit
from perfkit.form import Budget, Form, Fund, Goals, Indicator, Subtotal

ROWS = (
    ("产出指标", "数量指标", "新建乡村道路", "≥20公里", "21公里", 10),
    ("产出指标", "数量指标", "安装路灯", "≥300盏", "310盏", 10),
    ("产出指标", "质量指标", "工程验收合格率", "=100%", "100%", 10),
    ("产出指标", "时效指标", "道路完工时间", "11月底前", "10月", 10),
    ("产出指标", "成本指标", "项目总成本", "≤500万元", "480万元", 10),
    ("效益指标", "经济效益指标", "节约运输费用", "≥30万元", "33万元", 10),
    ("效益指标", "社会效益指标", "受益人口", "≥2000人", "2100人", 10),
    ("效益指标", "生态效益指标", "沿线绿化率", "≥85%", "90%", 5),
    ("效益指标", "可持续影响指标", "管护制度", "建立管护制度", "已建立管护制度", 5),
    ("满意度指标", "服务对象满意度指标", "村民满意度", "≥90%", "95.5%", 10),
)
D = Decimal
FIGURES = {"weight", "score", "review", "total", "initial", "adjusted", "executed"}


def sound() -> Form:
    """Give a form without any defect."""
    money = {"initial": D(500), "adjusted": D(500), "executed": D(480)}
    return Form(
        project="乡村道路建设",
        year=2022,
        department="某县交通运输局",
        unit="某县公路管理所",
        money_unit="万元",
        budget=Budget(total=Fund(**money, weight=D(10), rate="96%", score=D("9.6")), fiscal=Fund(**money)),
        goals=Goals(
            expected="新建乡村道路20公里，安装路灯300盏，方便沿线群众出行。",
            outcome="全年建成道路21公里、路灯310盏，沿线2100人出行时间缩短一半。",
        ),
        indicators=tuple(
            Indicator(
                level1=one,
                level2=two,
                name=name,
                target=target,
                actual=actual,
                weight=D(weight),
                score=D(weight),
            )
            for one, two, name, target, actual, weight in ROWS
        ),
        total=D("99.6"),
        grade="优",
    )


def change(form: Form, path: str, value: object) -> Form:
    """Give the form with one cell changed: `indicators[3].score`, `budget.total.rate`, `total`."""
    if path == "subtotals":
        lines = [
            {key: D(str(cell)) if key in FIGURES else cell for key, cell in each.items()} for each in value
        ]
        return replace(form, subtotals=tuple(Subtotal(**line) for line in lines))
    if path == "rows":
        return replace(form, indicators=form.indicators[:value])
    if isinstance(value, int | float) and path != "year":
        value = D(str(value)) if path.rpartition(".")[2] in FIGURES else str(value)
    return _set(form, re.findall(r"\w+|\[\d+\]", path), value)


def _set(part, steps, value):
    step, *rest = steps
    if step.startswith("["):
        at = int(step[1:-1])
        return (*part[:at], _set(part[at], rest, value) if rest else value, *part[at + 1 :])
    return replace(part, **{step: _set(getattr(part, step), rest, value) if rest else value})


def changed(*changes: tuple[str, object], base: Form | None = None) -> Form:
    """Give the sound form with some cells changed."""
    form = base or sound()
    for path, value in changes:
        form = change(form, path, value)
    return form


def codes(form: Form, profile: str = "mof-2020", **options) -> list[str]:
    """Give the codes found on a form, in order, each once."""
    return sorted({finding.code for finding in perfkit.check(form, perfkit.score(form, profile), **options)})
