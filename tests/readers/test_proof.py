"""A reading is proven or doubted: cells dropped, shifted, split and swapped never make another proven form."""

import copy
import random

import pytest

from perfkit.errors import DataError
from perfkit.form import open_doubts
from perfkit.readers import form_yaml
from perfkit.readers.formats import parse
from perfkit.readers.layout.arithmetic import failing, sums
from perfkit.readers.structured import read_structured
from tests.readers.books import book, page, rows_of, spans
from tests.readers.invented import FORMS, Layout, laid_out
from tests.readers.text_table import flat

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


def drawn(rows):
    lines = {n: [] for n in range(len(rows))}
    for r, c, tall, wide, value in spans(rows):
        lines[r].append((tall, wide, value, c))
    return [lines[n] for n in sorted(lines)]


def web(lines):
    rows = (
        "".join(f"<td rowspan={t} colspan={w}>{v.replace('<', '&lt;')}</td>" for t, w, v, _ in row)
        for row in lines
    )
    return f"<html><meta charset=utf-8><table>{''.join(f'<tr>{row}</tr>' for row in rows)}</table></html>".encode()


def tabs(lines):
    return "\n".join("\t".join(v for _, _, v, _ in row) for row in lines).encode()


def stream(lines):
    return "\n".join(v for row in lines for _, _, v, _ in row if v).encode()


def values(form):
    return {key: part for key, part in form.to_dict().items() if key not in {"source", "reading"}}


def without_places(form):
    found = values(form)
    return found | {
        "indicators": [{k: v for k, v in row.items() if k != "place"} for row in found["indicators"]]
    }


def unlike(sound, form):
    """Give the values in which two forms differ, but for blanks: a cell over two lines says the same."""
    one, other = flat(sound), flat(form)
    return {
        path: (one.get(path), other.get(path)) for path in one | other if one.get(path) != other.get(path)
    }


def changed(lines, kind, chance, among=TABLES):
    lines = copy.deepcopy(lines)
    row = lines[chance.choice(among)]
    at = chance.randrange(len(row))
    tall, wide, value, column = row[at]
    if kind == "drop":
        del row[at]
    elif kind == "shift":
        row.insert(at, (1, 1, "", column))
    elif kind == "split":
        if len(value) < 2:
            return None
        cut = chance.randrange(1, len(value))
        row[at : at + 1] = [(tall, wide, value[:cut], column), (tall, wide, value[cut:], column)]
    else:
        other = lines[chance.choice(among)]
        place = chance.randrange(len(other))
        if other[place][3] == column or other[place][2] == value:
            return None
        row[at] = (tall, wide, other[place][2], column)
        other[place] = (*other[place][:2], value, other[place][3])
    return lines


@pytest.mark.parametrize("kind", ["drop", "shift", "split", "swap"])
@pytest.mark.parametrize(("made", "name"), [(web, "form.html"), (tabs, "form.txt")])
def test_a_damaged_form_is_the_same_or_doubted_or_refused(kind, made, name):
    lines, chance = lines_of(OFFICIAL), random.Random(f"{kind} {name}")
    (sound,) = parse(made(lines), name)
    assert sound.reading.state == "proven"
    for _ in range(60):
        damaged = changed(lines, kind, chance)
        if damaged is None:
            continue
        try:
            (form,) = parse(made(damaged), name)
        except DataError:
            continue
        assert form.reading.state == "doubted" or without_places(form) == without_places(sound), damaged


LAID = {
    "official": Layout(),
    "three goals": Layout(goals="lines", block="绩效指标（90分）"),
    "stacked": Layout(head="stacked", goals="stacked", columns="level1 level2 name weight target actual score reason"),
}  # fmt: skip


@pytest.mark.parametrize("kind", ["drop", "shift", "split", "swap"])
@pytest.mark.parametrize(
    ("layout", "made", "name"),
    [("three goals", web, "form.html"), ("stacked", tabs, "form.txt"), ("official", stream, "form.txt")],
)
def test_damage_anywhere_below_the_title_is_seen_in_many_layouts(layout, kind, made, name):
    chance = random.Random(f"{layout} {kind} {made.__name__}")
    lines = drawn(laid_out(chance.choice(list(FORMS.values())), LAID[layout]))
    (sound,) = parse(made(lines), name)
    for _ in range(4):
        damaged = changed(lines, kind, chance, range(2, len(lines)))
        try:
            forms = parse(made(damaged), name) if damaged else [sound]
        except DataError:
            continue
        if all(form.reading.state == "proven" for form in forms):
            assert [unlike(sound, form) for form in forms] == [{}], damaged


@pytest.mark.parametrize("made", [tabs, stream])
def test_a_text_without_its_year_is_doubted(made):
    text = OFFICIAL.replace("（2023年度） | < | < | < | < | < | < | < | <\n", "")
    (form,) = parse(made(lines_of(text)), "form.txt")
    assert form.year is None
    assert "year" in {doubt.path for doubt in form.reading.doubts}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("| 10 | 10 |\n^ | ^ | 时效", "| 12 | 10 |\n^ | ^ | 时效"),  # weights make 102
        ("< | 100 | 96.67 |", "< | 100 | 95 |"),  # a total that is no sum
        ("| 10 | 96.67% | 9.67", "| 10 | 94% | 9.67"),  # a rate that is no division
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
