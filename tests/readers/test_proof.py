"""A reading is proven or doubted: cells dropped, shifted, split and swapped never make another proven form."""

import random
import re
from dataclasses import replace
from decimal import Decimal

import pytest

from perfkit.errors import DataError
from perfkit.form import Form, Indicator, open_doubts
from perfkit.readers import form_yaml
from perfkit.readers.formats import parse
from perfkit.readers.layout.arithmetic import failing, sums
from perfkit.readers.layout.doubts import by_shape, judged
from perfkit.readers.layout.odd import by_look
from perfkit.readers.layout.record import Evidence
from perfkit.readers.structured import read_structured
from tests.readers.books import book, page, rows_of
from tests.readers.damage import (
    FORMATS,
    KINDS,
    changed,
    difference,
    drawn,
    is_blanked,
    silent,
    tabs,
    web,
)  # fmt: skip
from tests.readers.invented import FORMS, LAYOUTS, laid_out

OFFICIAL = """
项目支出绩效自评表 | < | < | < | < | < | < | < | <
（2023年度） | < | < | < | < | < | < | < | <
项目名称 | < | 社区书屋更新 | < | < | < | < | < | <
主管部门 | < | 区文化和旅游局 | < | < | 实施单位 | < | 区图书馆 | <
项目资金（万元） | < | | 年初预算数 | 全年预算数 | 全年执行数 | 分值 | 执行率 | 得分
^ | ^ | 年度资金总额 | 120 | 100 | 96.67 | 10 | 96.67% | 9.67
^ | ^ | 其中：当年财政拨款 | 120 | 100 | 96.67 | — | — | —
^ | ^ | 上年结转资金 | | | | — | — | —
年度总体目标 | 预期目标 | < | < | < | 实际完成情况 | < | < | <
^ | 更新四处书屋，添置书架不少于40个、图书3000册。 | < | < | < | 四处书屋完成更新，添置书架42个、图书2700册，较计划少300册。 | < | < | <
绩效指标 | 一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分 | 偏差原因分析及改进措施
^ | 产出指标 | 数量指标 | 添置书架 | ≥40个 | 42个 | 20 | 20 |
^ | ^ | ^ | 添置图书 | ≥3000册 | 2700册 | 10 | 9 | 供货商到货晚；下一年提前签订合同
^ | ^ | 质量指标 | 验收合格率 | ≥95% | 98% | 10 | 10 |
^ | ^ | 时效指标 | 完成时间 | 11月底前 | 12月 | 10 | 8 | 招标流标一次，延后一个月；今后提前编制采购计划
^ | 效益指标 | 社会效益指标 | 服务读者 | ≥20000人次 | 23500人次 | 15 | 15 |
^ | ^ | 可持续影响指标 | 管理制度 | 健全 | 健全 | 15 | 15 |
^ | 满意度指标 | 服务对象满意度指标 | 读者满意度 | ≥90% | 96.67% | 10 | 10 |
总分 | < | < | < | < | < | 100 | 96.67 |
"""
TABLES = (5, 6, 11, 12, 13, 14, 15, 16, 17)  # lines of money and of indicators


def lines_of(text):
    return drawn(rows_of(text))


def read(made, lines):
    """Read the one form that lines make in a format."""
    make, name = FORMATS[made]
    (form,) = parse(make(lines_of(lines) if isinstance(lines, str) else lines), name)
    return form


def values(form):
    return {key: part for key, part in form.to_dict().items() if key not in {"source", "reading"}}


def without_places(form):
    found = values(form)
    return found | {
        "indicators": [{k: v for k, v in row.items() if k != "place"} for row in found["indicators"]]
    }


@pytest.mark.parametrize("kind", ["drop", "shift", "split", "swap"])
@pytest.mark.parametrize(("made", "name"), [(web, "form.html"), (tabs, "form.txt")])
def test_a_damaged_form_is_the_same_or_doubted_or_refused(kind, made, name):
    lines, chance = lines_of(OFFICIAL), random.Random(f"{kind} {name}")
    (sound,) = parse(made(lines), name)
    assert sound.reading.state == "proven"
    for _ in range(60):
        damaged = changed(lines, kind, chance, TABLES)
        if damaged is None:
            continue
        try:
            (form,) = parse(made(damaged), name)
        except DataError:
            continue
        assert form.reading.state == "doubted" or without_places(form) == without_places(sound), damaged


@pytest.mark.parametrize(("total", "doubted"), [("96.67", False), ("96.76", True)])
def test_a_total_that_is_the_sum_stands_where_it_belongs_though_its_line_ends_there(total, doubted):
    (form,) = parse(web(lines_of(OFFICIAL)), "form.html")
    ends = {f"indicators[{n}]": (9, 9) for n in range(len(form.indicators))} | {"total": (8, 9)}
    found = by_shape(replace(form, total=Decimal(total)), Evidence(ends=ends))
    assert [doubt.path for doubt in found] == ["total"] * doubted


GRIDS = {"page": 4, "book": 4, "word": 4, "tabs": 15, "bars": 15, "commas": 15, "stream": 15, "laid": 15}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("made", GRIDS)
def test_damage_anywhere_is_seen_in_every_format(made, kind):  # more of it: python -m tests.readers.damage
    make, name = FORMATS[made]
    for number, layout in enumerate([*LAYOUTS][:: GRIDS[made]]):
        chance = random.Random(f"{layout} {made} {kind}")
        lines = drawn(laid_out([*FORMS.values()][number % len(FORMS)], LAYOUTS[layout]))
        sound = read(made, lines)
        damaged = changed(lines, kind, chance)
        if damaged is None or (made in {"book", "commas", "laid"} and is_blanked(lines, damaged)):
            continue
        assert silent(sound, make, name, damaged) == {}, difference(lines, damaged)


@pytest.mark.parametrize(
    ("before", "after", "path"),
    [
        ("| 添置书架 |", "| 已添置书架42个，全部通过验收。 |", "indicators[0].name"),
        ("| 添置书架 |", "| 三级指标 |", "indicators[0].name"),
        ("| 42个 |", "| 目标1：添置书架不少于40个。 |", "indicators[0].actual"),
    ],
)
@pytest.mark.parametrize("made", ["book", "page", "word", "tabs"])
def test_what_another_field_says_is_doubted_in_a_row(made, before, after, path):
    text = OFFICIAL.replace(before, after, 1)
    form = read(made, text)
    assert path in {doubt.path for doubt in form.reading.doubts}


@pytest.mark.parametrize("made", ["book", "page", "word", "tabs"])
@pytest.mark.parametrize(("line", "path"), [("（2023年度）", "year"), ("主管部门", "unit")])
def test_a_form_of_no_year_or_no_office_is_doubted_in_every_format(made, line, path):
    lines = [row for row in lines_of(OFFICIAL) if not row[0][2].startswith(line)]
    form = read(made, lines)
    assert path in {doubt.path for doubt in form.reading.doubts}


STACKED = OFFICIAL.replace(
    "主管部门 | < | 区文化和旅游局 | < | < | 实施单位 | < | 区图书馆 | <",
    "主管部门 | < | 区文化和旅游局 | < | < | < | < | < | <\n实施单位 | < | 区图书馆 | < | < | < | < | < | <",
)


@pytest.mark.parametrize("made", FORMATS)
@pytest.mark.parametrize(("line", "path"), [("主管部门", "department"), ("实施单位", "unit")])
def test_an_office_whose_line_is_lost_is_doubted_and_one_that_is_blank_is_not(made, line, path):
    sound = read(made, STACKED)
    assert path not in {doubt.path for doubt in sound.reading.doubts}
    form = read(made, [row for row in lines_of(STACKED) if not row[0][2].startswith(line)])
    assert path in {doubt.path for doubt in form.reading.doubts}


@pytest.mark.parametrize("made", FORMATS)
@pytest.mark.parametrize("lost", ["中央", "地方"])
def test_the_authority_of_a_transfer_whose_line_is_lost_is_doubted(made, lost):
    two = "中央主管部门 | < | 文化和旅游部 | < | < | < | < | < | <\n地方主管部门 |"
    lines = lines_of(STACKED.replace("主管部门 |", two, 1))
    sound = read(made, lines)
    assert sound.reading.state == "proven", sound.reading
    form = read(made, [row for row in lines if not row[0][2].startswith(lost)])
    assert "department" in {doubt.path for doubt in form.reading.doubts}


@pytest.mark.parametrize("made", FORMATS)
@pytest.mark.parametrize("label", ["总分\n绩效", "绩效\n总分", "总分\n绩效指标"])
def test_the_label_of_the_block_that_stands_in_a_line_of_its_own_beside_the_total_is_no_value(made, label):
    lines = lines_of(OFFICIAL)
    lines[-1][0] = (*lines[-1][0][:2], label, lines[-1][0][3])
    form, sound = read(made, lines), read(made, OFFICIAL)
    assert without_places(form) == without_places(sound)
    assert form.reading.state == "proven", form.reading


@pytest.mark.parametrize("made", ["tabs", "bars"])
def test_goals_whose_line_is_lost_are_doubted_where_blanks_vanish(made):
    form = read(made, [row for row in lines_of(OFFICIAL) if "更新四处" not in row[0][2]])
    assert "goals.expected" in {doubt.path for doubt in form.reading.doubts}


def test_a_row_that_lacks_the_level_which_all_others_print_is_doubted():
    lines = drawn(laid_out(FORMS["canteen"], LAYOUTS["08 numbered"]))
    row = next(line for line in lines if any(cell[2] == "食堂管理水平" for cell in line))
    del row[1:3]
    (form,) = parse(tabs(lines), "form.txt")
    assert "indicators[5].level1" in {doubt.path for doubt in form.reading.doubts}


@pytest.mark.parametrize(
    ("before", "after", "path"),
    [
        ("| 10 | 9 | 供货商到货晚；下一年提前签订合同", "| 10 | 9 | 11月底前", "indicators[1].reason"),
        ("| 读者满意度 |", "| 绩效指标 |", "indicators[6].name"),
        ("| 读者满意度 |", "| 读者满意度≥ |", "indicators[6].name"),
        ("| 健全 | 健全 |", "| 健全 | 供货商因故到货晚；下一年提前签订 |", "indicators[5].actual"),
    ],
)
@pytest.mark.parametrize("made", ["page", "tabs", "bars", "commas"])
def test_what_no_cell_of_its_column_says_is_doubted(made, before, after, path):
    form = read(made, OFFICIAL.replace(before, after))
    assert path in {doubt.path for doubt in form.reading.doubts}


def test_half_an_actual_is_no_unit_of_a_target_in_words():
    lines = drawn(laid_out(FORMS["forest"], LAYOUTS["07 in three"]))
    (sound,) = parse(tabs(lines), "form.txt")
    row = next(line for line in lines if any(cell[2] == "监测预警体系" for cell in line))
    at = next(n for n, cell in enumerate(row) if cell[2] == "健全")
    row[at : at + 1] = [(1, 1, "健", row[at][3]), (1, 1, "全", row[at][3])]
    (form,) = parse(tabs(lines), "form.txt")
    assert (sound.reading.state, form.reading.state) == ("proven", "doubted")


def test_a_line_of_money_with_one_cell_more_is_doubted_in_a_sheet_too():
    lines = lines_of(OFFICIAL.replace("上年结转资金 | | | |", "上年结转资金 | 40 | 40 | 40 |"))
    row = next(line for line in lines if line[0][2] == "上年结转资金")
    row[3:4] = [(1, 1, "4", row[3][3]), (1, 1, "0", row[3][3])]
    make, name = FORMATS["book"]
    (form,) = parse(make(lines), name)
    assert "budget.carried_over" in {doubt.path for doubt in form.reading.doubts}


@pytest.mark.parametrize("made", ["book", "page", "word"])
@pytest.mark.parametrize("blank", ["区文化和旅游局", "区图书馆"])
def test_an_office_that_is_left_blank_is_no_doubt(made, blank):
    form = read(made, STACKED.replace(blank, ""))
    assert form.reading.state == "proven", form.reading


@pytest.mark.parametrize(
    ("department", "unit"),
    [
        ("市公安局", "市公安局交警支队"), ("区民政局", "区民政局社会救助股"), ("团市委", "青少年宫"),
        ("市卫生健康委员会", "市卫健委规财科"), ("市科学技术协会", "市科协"), ("市融媒体中心", "新闻采访部"),
        ("市人大常委会", "市人大"), ("县政协", "县政协机关"), ("州民族宗教事务委员会", "自治州"),
        ("市委宣传部", "市委宣传部文艺科"), ("市残疾人联合会", "市残联康复部"),
    ],
)  # fmt: skip
def test_a_section_of_an_office_is_an_office(department, unit):
    text = OFFICIAL.replace("区文化和旅游局", department).replace("区图书馆", unit)
    (form,) = parse(web(lines_of(text)), "form.html")
    assert (form.department, form.unit, form.reading.state) == (department, unit, "proven")


@pytest.mark.parametrize(
    ("rows", "doubted"),
    [
        # a rate that is told in words is no other row's value; where neither row's name is a rate's, one may be
        ([("验收合格率", "100%", "基本合格"), ("读者满意度", "≥90%", "满意")], False),
        ([("验收合格率", "全部合格", "100%"), ("读者满意度", "满意", "96%")], False),
        ([("读者获得感", "96%", "有所提升"), ("读者满意度", "≥90%", "明显提升")], True),
        ([("添置书架", "≥4米", "42个"), ("书架总长", "≥20米", "40个")], True),
        ([("政策知晓率", "≥90%", "九成"), ("事故起数", "较上年下降", "下降8.3%")], False),
        ([("5G基站", "50个", "52个")], False),
        ([("改善办学条件", "改善办学条件", "未见明显改善")], False),
        ([("投放准确率", "85%", "抽查小区均在86%以上")], False),
        ([("完成进度", "序时进度", "超过序时进度")], False),
        ([("付款及时率", "100%", "存在延迟支付情况")], False),
        ([("付款及时率", "验收合格率", "98%")], True),
        ([("采购单价", "不超过政府采购限价", "均低于限价")], False),
        ([("采购单价", "≤市场均价", "未超过")], False),
        ([("采购单价", "大于等于", "5元")], True),
        ([("采购单价", "≤", "5元")], True),
    ],
)
def test_values_are_doubted_for_another_row_s_name_or_a_bare_sign_alone(rows, doubted):
    (sound,) = parse(web(lines_of(OFFICIAL)), "form.html")
    found = tuple(
        replace(sound.indicators[0], name=name, target=target, actual=actual) for name, target, actual in rows
    )
    assert bool([*by_look(replace(sound, indicators=found))]) == doubted


@pytest.mark.parametrize(("target", "doubted"), [("≥40个", False), (None, True)])
def test_nothing_to_say_is_a_reason_unless_its_own_row_lacks_a_value(target, doubted):
    (sound,) = parse(web(lines_of(OFFICIAL)), "form.html")
    first, second, *rest = sound.indicators
    rows = (replace(first, target=target, reason="无"), replace(second, actual=None), *rest)
    found = {doubt.path for doubt in by_look(replace(sound, indicators=rows))}
    assert ("indicators[0].reason" in found) == doubted


GOAL = "更新四处书屋，添置书架不少于40个、图书3000册。"
OUTCOME = "四处书屋完成更新，添置书架42个、图书2700册，较计划少300册。"
REASONS = ("供货商到货晚；下一年提前签订合同", "招标流标一次，延后一个月；今后提前编制采购计划")


def exchanged(text, one, other):
    return text.replace(one, "@").replace(other, one).replace("@", other)


@pytest.mark.parametrize("made", ["book", "page", "word", "commas"])
@pytest.mark.parametrize("reason", REASONS)
def test_a_goal_that_stands_as_a_reason_is_doubted(made, reason):
    form = read(made, exchanged(OFFICIAL, GOAL, reason))
    assert "goals.expected" in {doubt.path for doubt in form.reading.doubts}


@pytest.mark.parametrize("made", ["book", "page", "word", "commas"])
def test_an_outcome_that_stands_as_the_notes_is_doubted(made):
    noted = f"{OFFICIAL}说明 | 因年中调整任务，按程序报批后执行。 | < | < | < | < | < | < | <\n"
    sound = read(made, noted)
    form = read(made, exchanged(noted, OUTCOME, "因年中调整任务，按程序报批后执行。"))
    assert sound.reading.state == "proven", sound.reading
    assert "goals.outcome" in {doubt.path for doubt in form.reading.doubts}


NOTE = "注：定量指标按完成比例计分。 | < | < | < | < | < | < | < | <\n^ | 效益指标"


@pytest.mark.parametrize("made", FORMATS)
def test_a_note_between_rows_is_part_of_no_row(made):
    text = OFFICIAL.replace("^ | 效益指标", f"^ | {NOTE}".replace("计分。 | < |", "计分。 |"))
    sound, form = read(made, OFFICIAL), read(made, text)
    told = [(row.name, row.target, row.actual, row.reason) for row in sound.indicators]
    assert [(row.name, row.target, row.actual, row.reason) for row in form.indicators] == told
    assert (form.reading.state == "proven") == (made != "stream"), form.reading  # there it may be a reason


def test_a_note_in_the_first_column_alone_is_no_level():
    lines = lines_of(OFFICIAL)
    lines.insert(14, [(1, 1, "注：定量指标按完成比例计分。", 0)])
    (form,) = parse(FORMATS["commas"][0](lines), "form.csv")
    assert [row.level1 for row in form.indicators][2:4] == ["产出指标", "产出指标"]


@pytest.mark.parametrize("made", FORMATS)
@pytest.mark.parametrize("seal", ["（盖章）", "(公章)", "（单位盖章）"])
def test_where_the_stamp_goes_is_no_part_of_an_office(made, seal):
    form = read(made, STACKED.replace("区图书馆", f"区图书馆{seal}"))
    assert form.unit == "区图书馆"


@pytest.mark.parametrize("made", ["book", "page", "word", "tabs", "bars", "commas"])
def test_the_code_of_an_office_is_no_value_of_the_form(made):
    coded = STACKED.replace(
        "区文化和旅游局 | < | < | < | < |", "区文化和旅游局 | < | < | 主管部门代码 | < |", 1
    )
    coded = coded.replace("主管部门代码 | < | < | <", "主管部门代码 | < | 026 | <", 1)
    form = read(made, coded)
    assert (form.department, form.reading.state) == ("区文化和旅游局", "proven"), form.reading


@pytest.mark.parametrize("made", ["tabs", "bars", "commas", "page"])
def test_a_level_label_stands_in_no_column_but_that_of_levels(made):
    points = {"一级指标": "一级指标分值", "产出指标": "50", "效益指标": "30", "满意度指标": "10"}
    lines = lines_of(OFFICIAL)
    for row in lines:
        at = next((n for n, cell in enumerate(row) if cell[2] in points), None)
        if at is not None:
            row.insert(at + 1, (row[at][0], 1, points[row[at][2]], row[at][3]))
    form = read(made, lines)
    sound = read(made, OFFICIAL)
    assert [row.level2 for row in form.indicators] == [row.level2 for row in sound.indicators]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("| 10 | 10 |\n^ | ^ | 时效", "| 12 | 10 |\n^ | ^ | 时效"),  # weights make 102
        ("< | 100 | 96.67 |", "< | 100 | 95 |"),  # a total that is no sum
        ("| 10 | 96.67% | 9.67", "| 10 | 94% | 9.67"),  # a rate that is no division
        ("2700册 | 10 | 9 |", "2700册 | 10 | 12 |"),  # a score above its weight
        ("| 10 | 96.67% | 9.67", "| 10 | 96.67% | 10.67"),
        ("其中：当年财政拨款 | 120 | 100 | 96.67", "其中：当年财政拨款 | 120 | 90 | 96.67"),
    ],
)
@pytest.mark.parametrize("made", ["xlsx", "html"])
def test_in_a_clean_grid_sums_that_fail_are_the_units_own_fault(before, after, made):
    text = OFFICIAL.replace(before, after, 1)
    assert text != OFFICIAL
    (form,) = parse(page(text) if made == "html" else book(text), f"form.{made}")
    assert form.reading.state == "proven", form.reading
    assert failing(sums(form))


TWO = OFFICIAL.replace("≥40个 | 42个 | 20 | 20 |", "≥40个 | 42个 | 30 | 29 |").replace(
    "2700册 | 10 | 9 |", "2700册 | ^ | ^ |"
)


@pytest.mark.parametrize("made", FORMATS)
def test_points_that_stand_once_are_those_of_several_rows_where_the_sums_close(made):
    form = read(made, TWO)
    points = [(row.name, row.weight, row.score) for row in form.indicators[:3]]
    ten = Decimal(10)
    assert points == [("添置书架", 30, 29), ("添置图书", None, None), ("验收合格率", ten, ten)]
    assert [(each.path, each.text) for each in form.unread] == [("indicators[0]", "30 | 29")]
    assert form.reading.state == "proven", form.reading


@pytest.mark.parametrize("made", FORMATS)
@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("| 30 | 29 |", "| 30 | 26 |"),  # no sum bears them
        ("2700册 | ^ | ^ |", "2700册 | ^ | 9 |"),  # one weight, two scores
    ],
)
def test_points_that_stand_once_are_doubted_otherwise(made, before, after):
    text = TWO.replace(before, after)
    form = read(made, text)
    assert text != TWO
    assert form.reading.state == "doubted"


def test_where_words_alone_tell_the_columns_the_sums_have_to_close():
    (form,) = parse(tabs(lines_of(OFFICIAL.replace("< | 100 | 96.67 |", "< | 100 | 95 |"))), "form.txt")
    assert form.reading.state == "doubted"
    assert any("please check every" in doubt.why.en for doubt in form.reading.doubts)


def test_a_doubt_ends_when_its_value_is_changed_or_struck_from_the_list():
    text = OFFICIAL.replace("| 添置书架 | ≥40个 |", "| ≥40个 | 添置书架 |")
    (form,) = parse(page(text), "form.html")
    assert form.reading.state == "doubted"
    again = read_structured(form_yaml(form).encode(), "form.yaml")
    assert [each.path for each in open_doubts(again)] == [each.path for each in form.reading.doubts]
    mended = read_structured(form_yaml(form).replace("name: ≥40个", "name: 添置书架").encode(), "form.yaml")
    assert "indicators[0].name" not in [each.path for each in open_doubts(mended)]


@pytest.mark.parametrize("left", ["", "\n  doubts: []", "\n  doubts:"])
def test_when_the_last_doubt_is_struck_the_reading_is_proven(left):
    text = f"project: 甲\nindicators:\n- {{name: 乙}}\nreading:\n  state: doubted{left}\n"
    assert read_structured(text.encode(), "form.yaml").reading.state == ("proven" if left else "doubted")


def test_a_form_file_that_was_typed_is_not_doubted():
    typed = read_structured(
        "project: 甲\nindicators:\n- {name: ≥40个, target: 添置书架}\n".encode(), "form.yaml"
    )
    assert typed.reading.state == ""


def test_where_a_loose_reading_is_in_doubt_every_value_is_whatever_else_is_said_of_the_table():
    form = Form(project="甲", indicators=(Indicator(name="乙", target="5个"),))
    read = judged(form, Evidence(aligned=True, loose=True, columns=frozenset({"name", "target"})))
    said = [doubt.why.en for doubt in read.reading.doubts if (doubt.path, doubt.text) == ("indicators", "")]
    assert len(said) == 2
    assert "please check every value" in said[1]


def doubted(lines, made):
    form = read(made, lines)
    return form.reading.state, {doubt.path for doubt in form.reading.doubts}


def without(text, start):
    return lines_of("\n".join(line for line in text.strip().splitlines() if not line.startswith(start)))


NUMBERED = "\n".join(
    f"{re.sub('^[^|]*', head, line)}" if n > 9 else line
    for n, (head, line) in enumerate(
        zip(
            [""] * 10 + ["序号 ", *(f"{n} " for n in range(1, 8)), "总分 "],
            OFFICIAL.strip().splitlines(),
            strict=True,
        )
    )
)


@pytest.mark.parametrize("made", FORMATS)
@pytest.mark.parametrize(
    ("text", "lost", "path"),
    [
        (OFFICIAL, "总分", "total"),
        (OFFICIAL, "^ | ^ | 其中：当年财政拨款", "budget.fiscal"),
        (OFFICIAL, "^ | ^ | ^ | 添置图书", "indicators"),
        (NUMBERED, "3 ", "indicators[2]"),
    ],
)
def test_what_the_rest_of_a_form_shows_to_be_lost_is_doubted(made, text, lost, path):
    text = text.replace("| 10 | 9 |", "| 10 | 9.00 |")
    state, _ = doubted(lines_of(text), made)
    assert state == "proven"
    _, paths = doubted(without(text, lost), made)
    assert path in paths


@pytest.mark.parametrize("made", ["page", "book", "word", "tabs", "bars", "commas"])
def test_a_column_with_a_heading_and_no_value_is_doubted(made):
    text = re.sub(r"(?m)^(. \| )(产出指标|效益指标|满意度指标)( \|)", r"\1\3", OFFICIAL)
    _, paths = doubted(lines_of(text), made)
    assert "indicators" in paths


@pytest.mark.parametrize("made", ["page", "book", "word", "tabs"])
def test_a_level_without_its_partial_sum_is_doubted(made):
    lines = drawn(laid_out(FORMS["road"], LAYOUTS["10 subtotals"]))
    at = [n for n, line in enumerate(lines) if line and line[0][2] == "小计"]
    assert doubted(lines, made)[0] == "proven"
    for n in at:
        assert doubted([*lines[:n], *lines[n + 1 :]], made)[0] == "doubted"


@pytest.mark.parametrize("made", FORMATS)
@pytest.mark.parametrize(
    "name",
    [
        "12345工单回访",
        "110接处警能力",
        "1+X证书试点",
        "5G基站建设",
        "9月前完成评估",
        "2023年工会费",
        "控制在预算内",
    ],
)
def test_a_name_that_begins_with_a_figure_or_a_bound_is_a_name(made, name):
    text = OFFICIAL.replace("添置书架 |", f"{name} |").replace("社区书屋更新", f"{name}项目")
    assert doubted(lines_of(text), made)[0] == "proven"


@pytest.mark.parametrize("made", FORMATS)
@pytest.mark.parametrize("outcome", ["完成。", "已全部发放到位。"])
def test_a_short_outcome_is_no_heading(made, outcome):
    text = OFFICIAL.replace("四处书屋完成更新，添置书架42个、图书2700册，较计划少300册。", outcome)
    form = read(made, text)
    assert form.goals.outcome == outcome
    assert form.reading.state == "proven", form.reading


@pytest.mark.parametrize("made", FORMATS)
def test_one_heading_above_target_and_actual_leaves_the_points_alone(made):
    head = "绩效指标 | 一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分 | 偏差原因分析及改进措施"
    two = (
        "年度绩效指标 | 绩效指标 | < | < | 指标值 | < | 分值 | 得分 | 偏差原因分析及改进措施\n"
        "^ | 一级指标 | 二级指标 | 三级指标 | 目标值 | 完成值 | ^ | ^ | ^"
    )
    form = read(made, OFFICIAL.replace(head, two))
    sound = read(made, OFFICIAL)
    assert without_places(form)["indicators"] == without_places(sound)["indicators"]


STYLES = "<style>.t{display:table}.r{display:table-row}.c{display:table-cell}</style>"


@pytest.mark.parametrize(
    "named", [("class=t", "class=r", "class=c"), ("role=table", "role=row", "role=cell")]
)
def test_elements_that_are_styled_or_named_as_a_table_are_one(named):
    whole, row, cell = named
    lines = [["" if text in {"<", "^"} else text for text in line] for line in rows_of(OFFICIAL)]
    drawn_rows = ("".join(f"<div {cell}>{text}</div>" for text in line) for line in lines)
    body = "".join(f"<div {row}>{line}</div>" for line in drawn_rows)
    (form,) = parse(f"<meta charset=utf-8>{STYLES}<div {whole}>{body}</div>".encode(), "form.html")
    (sound,) = parse(web(lines_of(OFFICIAL)), "form.html")
    assert without_places(form) == without_places(sound)
    assert form.reading.state == "proven"


def test_the_caption_of_a_table_is_read():
    data = (
        web(lines_of(OFFICIAL)[2:])
        .decode()
        .replace("<table>", "<table><caption>自评表（2023年度）</caption>")
    )
    (form,) = parse(data.encode(), "form.html")
    assert (form.year, form.reading.state) == (2023, "proven")


@pytest.mark.parametrize("mark", ["[1]", "①", "¹", "※"])
@pytest.mark.parametrize("made", ["page", "book", "word", "tabs"])
def test_the_mark_of_a_note_behind_a_value_is_doubted(made, mark):
    _, paths = doubted(lines_of(OFFICIAL.replace("| 2700册", f"| 2700册{mark}")), made)
    assert paths == {"indicators[1].actual"}


def test_forms_beside_each_other_on_a_sheet_are_read_each():
    pairs = zip(rows_of(OFFICIAL), rows_of(OFFICIAL.replace("社区书屋", "社区花园")), strict=True)
    both = "\n".join(" | ".join([*one, "", *two]) for one, two in pairs)
    one, two = parse(book(both), "form.xlsx")
    assert (one.project, two.project) == ("社区书屋更新", "社区花园更新")
    assert [form.reading.state for form in (one, two)] == ["proven", "proven"]
    assert without_places(one)["indicators"] == without_places(two)["indicators"]


def test_a_cell_that_could_not_be_read_is_doubted_in_a_sheet():
    (form,) = parse(book(OFFICIAL.replace("| 42个 |", '| ="42"&"个" |')), "form.xlsx")
    assert '="42"&"个"' in {doubt.text for doubt in form.reading.doubts}


@pytest.mark.parametrize("made", ["page", "book", "word"])
def test_a_reading_without_a_row_is_never_proven(made):
    assert "indicators" in doubted(lines_of(OFFICIAL)[:10], made)[1]
