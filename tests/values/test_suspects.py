"""Templates, scan errors and points typed as values: flagged, unverifiable, never repaired."""

from decimal import Decimal

import pytest

from perfkit.checks import check
from perfkit.form import Form, Indicator
from perfkit.profiles import load_profile
from perfkit.scoring import score
from perfkit.text import fold_cell
from perfkit.values import Flag, Verdict, likely, read_row

SCANS = [
    "%06",
    "%001",
    "%06≤",
    "口是☑否",
    "口健全口不健全",
    "☑是 口否",
    "lO",
    "2O",
    "12O个",
    "O",
    "工5%",
    "∧80%",
    "^90%",
    "5=50%",
    "三90%",
    "之95%",
    "Z90%",
    "l00%",
    "1OO%",
    "≥9O%",
    "“90%",
    "主95%",
]
TEMPLATES = [
    "≥**",
    "**个",
    "XX个",
    "××%",
    "……",
    "...",
    "（100字以内）",
    "请填写",
    "指标2：……",
    "≥",
    "____",
    "○○次",
]
SOUND = [
    "人口1.2万人",
    "☑人口增长",
    "口岸通关时间",
    "口碑良好",
    "Ⅲ",
    "3l",
    "H2O",
    "≥90%",
    "＞95%",
    "〉95%",
    "5G",
    "524m",
    "A级",
    "1:1",
    "C25混凝土3公里",
    "10kV线路",
    "3×5米",
    "50%",
    "2.5%",
    "±10%",
    "=0",
]


@pytest.mark.parametrize("cell", SCANS)
def test_scan_errors(cell):
    for target, actual in ((cell, "95%"), ("≥80%", cell), (cell, cell)):
        reading = read_row(target, actual, name="群众满意度")
        assert (reading.verdict, Flag.SCAN_SUSPECT in reading.flags) == (Verdict.UNVERIFIABLE, True)


MEANT = [
    ("290%", "≥90%"), ("2100%", "≥100%"), ("%06", "90%"), ("%001", "100%"), ("%6.86", "98.9%"), ("%06≤", "≥90%"),
    ("1O", "10"), ("1OO%", "100%"), ("lO", "10"), ("O", "0"), ("l00%", "100%"), ("≥9O%", "≥90%"), ("12O个", "120个"),
    ("☑是 口否", "☑是 □否"), ("口是☑否", "□是☑否"), ("口健全口不健全", "□健全□不健全"), ("是口否☑", "是□否☑"),
    ("95%", ""), ("≥95%", ""), ("工5%", ""), ("人口", ""), ("H2O", ""), ("3l", ""), ("III", ""),
]  # fmt: skip


@pytest.mark.parametrize(("read", "meant"), MEANT)
def test_what_a_scan_turns_one_thing_into_is_proposed(read, meant):
    assert likely(read) == meant


@pytest.mark.parametrize("cell", [read for read, meant in MEANT if meant])
def test_what_is_proposed_is_never_read_in_the_cells_stead(cell):
    row = Indicator("群众满意度", "满意度指标", "服务对象满意度指标", cell, "95%", Decimal(90), Decimal(90))
    form = Form(project="甲项目", year=2023, indicators=(row,))
    card = score(form, load_profile("mof-2020"))
    found = [each for each in check(form, card) if each.code == "PK318"]
    assert card.indicators[0].indicator.target == cell
    assert card.indicators[0].reading.verdict is not Verdict.MET
    assert [likely(fold_cell(cell)) in each.fix["zh"] for each in found] == [True]


@pytest.mark.parametrize("cell", TEMPLATES)
def test_templates(cell):
    reading = read_row(cell, "10个", name="举办活动")
    assert reading.verdict is Verdict.UNVERIFIABLE
    assert Flag.TEMPLATE in reading.flags


@pytest.mark.parametrize("cell", SOUND)
def test_sound_cells_are_not_suspected(cell):
    assert not read_row(cell, cell, name="工程").flags & {Flag.SCAN_SUSPECT, Flag.TEMPLATE}


@pytest.mark.parametrize(
    ("target", "actual", "name", "suspect"),
    [
        ("290%", "95%", "群众满意度", True), ("290%", "290%", "群众满意度", True), ("≥90%", "295%", "群众满意度", True),
        ("290", "95", "群众满意度", True), ("250%", "260%", "产值增长", False), ("250%", "90%", "产值增长", True),
        ("≥250%", "90%", "产值增长", False), ("300%", "95%", "群众满意度", False), ("250个", "90个", "建设个数", False),
    ],
)  # fmt: skip
def test_a_two_for_at_least(target, actual, name, suspect):
    assert (Flag.SCAN_SUSPECT in read_row(target, actual, name=name).flags) is suspect


@pytest.mark.parametrize(
    ("target", "actual", "name", "weight", "suspect"),
    [
        ("10", "10", "群众满意度", 10, True), ("10", "9", "群众满意度", 10, True), ("5", "5", "社会影响程度", 5, True),
        ("10分", "9分", "长效机制", 10, True), ("10分", "9分", "长效机制", None, True), ("效果明显", "5", "社会稳定", 5, True),
        ("≥95%", "10", "群众满意度", 10, True), ("90分", "92分", "考核得分", 10, False), ("10", "10", "培训班次", 10, False),
        ("≥95%", "95", "群众满意度", 10, False), ("5%", "5", "返贫率", 5, False), ("1", "1", "完成率", 1, False), ("10", "10", "结余率", 10, False),
        ("无上访", "0", "上访", 5, False),
    ],
)  # fmt: skip
def test_points_typed_as_values(target, actual, name, weight, suspect):
    reading = read_row(target, actual, name=name, weight=None if weight is None else Decimal(weight))
    assert (Flag.SCAN_SUSPECT in reading.flags) is suspect
    assert (reading.verdict is Verdict.UNVERIFIABLE) is suspect
