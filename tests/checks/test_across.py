"""Findings across projects: three that fire and three near misses for each code."""

import tracemalloc

import pytest

import perfkit
from perfkit.checks import Across, check_all
from perfkit.form import Ignore, Source
from tests.checks.forms import changed

FULL = [
    ("budget.total.executed", 500),
    ("budget.total.rate", "100%"),
    ("budget.total.score", 10),
    ("total", 100),
]
REASON = "受疫情影响，采购流程延后，下一步加快进度"


def form(project, *changes, year=2022, **named):
    named = {"department": "某县交通运输局", "unit": None} | named
    fixed = [
        ("project", project),
        ("year", year),
        ("source", Source(file=f"{project}-{year}.yaml")),
        *named.items(),
    ]
    return changed(*fixed, *changes)


def found(*forms, **options):
    return [(each.code, each.file, each.row) for each in check_all(map(perfkit.score, forms), **options)]


def full(*names, **named):
    return [form(name, *FULL, **named) for name in names]


def copied(*names, reason=REASON):
    return [form(name, ("indicators[3].reason", reason)) for name in names]


def twice(**other):
    return [form("甲"), form("甲", **other)]


def years(actual="310盏", target="≥300盏", name="安装路灯", project="甲", year=2022):
    last = form("甲", ("indicators[1].actual", actual), year=2021)
    this = form(project, ("indicators[1].target", target), ("indicators[1].name", name), year=year)
    return [last, this]


NEXT = "甲-2022.yaml"


@pytest.mark.parametrize(
    ("forms", "expected"),
    [
        (full("甲", "乙", "丙"), [("PK501", "甲-2022.yaml", None)]),
        (
            [*full("甲", "乙"), *full("丙", department="219001-某县交通运输局（本级）")],
            [("PK501", "甲-2022.yaml", None)],
        ),
        ([form("甲"), form("2022年甲项目")], [("PK503", "2022年甲项目-2022.yaml", None)]),
        ([form("甲"), form("甲二期项目")], []),
        (years("42项", "≥40个"), [("PK504", NEXT, 2)]),
        (full("甲", "乙", "丙", "丁"), [("PK501", "甲-2022.yaml", None)]),
        (full("甲", "乙", department=None, unit="某所") + full("丙", unit="某所", department=None),
         [("PK501", "甲-2022.yaml", None)]),
        (full("甲", "乙"), []),
        ([*full("甲", "乙"), form("丙")], []),
        ([*full("甲", "乙"), *full("丙", department="某县水利局")], []),
        (copied("甲", "乙", "丙"), [("PK502", "甲-2022.yaml", None)]),
        ([*copied("甲", "乙"), *copied("丙", reason=REASON + "。")], [("PK502", "甲-2022.yaml", None)]),
        (copied("甲", "乙", "丙", "丁"), [("PK502", "甲-2022.yaml", None)]),
        (copied("甲", "乙"), []),
        ([*copied("甲", "乙"), *copied("丙", reason="雨季较长，已提前备料")], []),
        (copied("甲", "乙", "丙", reason="暂无"), []),
        (twice(), [("PK503", "甲-2022.yaml", None)]),
        (twice(unit="某县公路管理所"), [("PK503", "甲-2022.yaml", None)]),
        ([form("甲 项目"), form("甲项目")], [("PK503", "甲项目-2022.yaml", None)]),
        (twice(year=2023), [("PK504", "甲-2023.yaml", 2)]),
        (twice(department="某县水利局"), []),
        ([form("甲"), form("乙")], []),
        (years("350盏"), [("PK504", NEXT, 2)]),
        (years("0.04万盏"), [("PK504", NEXT, 2)]),
        (years("350盏", name="指标2：安装路灯"), [("PK504", NEXT, 2)]),
        (years("300盏"), []),
        (years("350盏", name="维修路灯"), []),
        (years("350盏", project="乙"), []),
        (years("350盏", year=2023), []),
        (years("350盏", target="≥350盏"), []),
    ],
)  # fmt: skip
def test_what_shows_when_forms_lie_side_by_side(forms, expected):
    lowered = [line for line in found(*forms) if line[0] != "PK504" or line[2] == 2]
    assert lowered == expected


def test_less_is_better_turns_the_comparison_round():
    last = form("甲", ("indicators[4].actual", "400万元"), year=2021)
    assert ("PK504", NEXT, 5) in found(last, form("甲"))
    assert ("PK504", NEXT, 5) not in found(last, form("甲", ("indicators[4].target", "≤400万元")))


def test_the_year_in_a_project_name_does_not_hide_its_history():
    last = form("2021年道路建设", ("indicators[1].actual", "350盏"), year=2021)
    assert ("PK504", "2022年道路建设-2022.yaml", 2) in found(last, form("2022年道路建设"))


def test_the_order_of_the_forms_does_not_matter():
    one, other = years("350盏")
    assert found(one, other) == found(other, one)


def test_findings_across_forms_are_selected_ignored_and_set_aside():
    forms = [*full("甲", "乙", "丙"), *twice()]
    assert {line[0] for line in found(*forms)} == {"PK503"}
    assert found(*full("甲", "乙", "丙"), ignore=["PK5"]) == []
    assert found(*full("甲", "乙", "丙"), select=["PK502"]) == []
    last, this = years("350盏")
    aside = changed(("indicators[1].ignore", (Ignore("PK504", "任务减半"),)), base=this)
    assert ("PK504", NEXT, 2) not in found(last, aside)


@pytest.mark.parametrize(
    ("name", "first", "actual", "second", "lowered"),
    [
        ("铺设管道", "≥12公里", "12.8公里", "≥12500米", True),
        ("铺设管道", "≥12公里", "12.5公里", "≥12500米", False),
        ("营造林", "≥1400亩", "1500亩", "≥100公顷", False),
        ("营造林", "≥1400亩", "1500亩", "≥99公顷", True),
        ("婴儿死亡率", "≤3‰", "2.1‰", "≤0.3%", True),
        ("婴儿死亡率", "≤3‰", "2.1‰", "≤0.2%", False),
        ("铺设管道", "≥12公里", "12.8公里", "≥9吨", False),
    ],
)
def test_two_years_are_compared_in_one_unit(name, first, actual, second, lowered):
    row = [("indicators[1].name", name), ("indicators[1].actual", actual)]
    forms = (
        form("甲", *row, ("indicators[1].target", first), year=2021),
        form("甲", *row, ("indicators[1].target", second)),
    )
    assert (("PK504", NEXT, 2) in found(*forms)) is lowered


def test_a_looser_limit_is_to_be_lowered_and_a_lower_target_raised():
    said = {
        one.row: (one.message.zh, one.fix.en)
        for one in check_all(map(perfkit.score, (form("甲", year=2021), form("甲"))))
    }
    assert said[5][0] == "“项目总成本”目标为“≤500万元”，松于上年实际“480万元”"
    assert said[5][1].startswith("Lower")
    assert said[2][1].startswith("Raise")


def test_the_sentences_name_projects_and_figures():
    one = check_all(map(perfkit.score, copied("甲", "乙", "丙")))[0]
    assert one.message.zh == "3个项目写了相同的原因"
    assert "甲、乙、丙" in one.evidence.zh
    last = next(each for each in check_all(map(perfkit.score, years("350盏"))) if each.row == 2)
    assert "2021年实际“350盏”，2022年目标“≥300盏”" in last.evidence.zh


def test_little_is_kept_of_each_form():
    across, cards = (
        Across(),
        [perfkit.score(form(f"项目{number}", unit=f"单位{number}")) for number in range(60)],
    )
    for card in cards[:10]:
        across.add(card)
    tracemalloc.start()
    for card in cards[10:]:
        across.add(card)
    kept, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert kept / 50 < 6_000
