"""What a document is: self-evaluations are read, others are refused by their name."""

import pytest

from perfkit.errors import DataError
from perfkit.readers.formats import parse
from tests.readers.books import book, page, read, rows_of
from tests.readers.damage import FORMATS, drawn
from tests.readers.invented import FORMS, LAYOUTS, laid_out, truth
from tests.readers.text_table import wrong

ROWS = """
项目名称 | 甲项目
一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分
产出指标 | 数量指标 | 培训人次 | ≥50人次 | 52人次 | 100 | 100
总分 | | | | | 100 | 100
"""
DECLARED = """
项目支出绩效目标申报表
项目名称 | 甲项目
一级指标 | 二级指标 | 三级指标 | 指标值
产出指标 | 数量指标 | 培训人次 | ≥50人次
"""
MONITORED = """
项目支出绩效运行监控表
项目名称 | 甲项目
一级指标 | 二级指标 | 三级指标 | 年度指标值 | 1-7月执行情况 | 全年预计完成情况 | 偏差原因分析
产出指标 | 数量指标 | 培训人次 | ≥50人次 | 20人次 | 50人次 |
"""
EMPTY = """
项目支出绩效自评表
项目名称 |
一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分
产出指标 | 数量指标 | 指标1： | | | |
| | …… | | | |
总分 | | | | | |
"""


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (DECLARED, "绩效目标申报表"),
        (DECLARED.replace("\n项目支出绩效目标申报表", ""), "绩效目标申报表"),
        (MONITORED, "绩效运行监控表"),
        (MONITORED.replace("\n项目支出绩效运行监控表", ""), "绩效运行监控表"),
        (EMPTY, "empty template"),
    ],
)
@pytest.mark.parametrize("made", [page, book])
def test_other_documents_are_refused_by_their_name(text, name, made):
    with pytest.raises(DataError, match=name):
        parse(made(text), "form.html" if made is page else "form.xlsx")


def test_prose_is_refused_as_prose():
    text = (
        "<html><body>"
        + "<p>本项目按照年初计划组织实施，资金使用规范，取得了较好的社会效益。</p>" * 8
        + "</body></html>"
    )
    with pytest.raises(DataError, match="prose"):
        parse(text.encode(), "report.html")


def test_of_a_book_with_several_documents_the_self_evaluation_is_read_and_the_others_listed():
    (form,) = read(DECLARED, "项目支出绩效自评表\n" + ROWS.strip(), MONITORED)
    assert form.indicators[0].actual == "52人次"
    listed = [cell.text for cell in form.unread]
    assert any("申报表" in text for text in listed)
    assert any("监控表" in text for text in listed)


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("项目支出绩效自评表", "project"),
        ("部门整体支出绩效自评表", "department"),
        ("单位整体支出绩效自评表", "department"),
    ],
)
def test_whose_form_it_is(title, kind):
    (form,) = read(title + ROWS)
    assert form.kind == kind


def test_of_two_departments_the_plain_one_is_taken():
    (form,) = read("中央主管部门 | 财政部\n主管部门 | 县农业农村局" + ROWS)
    assert form.department == "县农业农村局"


# forms and declarations beside, before and behind a form


def side_by_side(left, right):
    wide = len(left[0]), len(right[0])
    tall = max(len(left), len(right))
    rows = ([*part, *[[""] * n] * (tall - len(part))] for part, n in zip((left, right), wide, strict=True))
    return [[*one, *other] for one, other in zip(*rows, strict=True)]


def declared(form):
    """Draw a declaration of targets of a form."""
    head = f"""项目支出绩效目标申报表 | < | < | <
（{form.year}年度） | < | < | <
项目名称 | {form.project} | < | <
年度总体目标 | {"".join(form.expected)} | < | <
一级指标 | 二级指标 | 三级指标 | 指标值"""
    return [*rows_of(head), *([*row[:4]] for row in form.rows)]


@pytest.mark.parametrize("made", ["page", "book", "word", "commas"])
def test_forms_side_by_side_without_a_column_between_are_two(made):
    make, name = FORMATS[made]
    layout = LAYOUTS["03 province"]
    two = FORMS["road"], FORMS["training"]
    forms = parse(make(drawn(side_by_side(*(laid_out(form, layout) for form in two)))), name)
    assert [wrong(form, truth(each, layout)) for form, each in zip(forms, two, strict=True)] == [set(), set()]
    assert {form.reading.state for form in forms} == {"proven"}


@pytest.mark.parametrize("made", ["page", "book", "word", "commas"])
@pytest.mark.parametrize("first", [True, False])
def test_a_declaration_beside_a_form_is_listed_by_its_title(made, first):
    make, name = FORMATS[made]
    form, layout = FORMS["training"], LAYOUTS["03 province"]
    both = laid_out(form, layout), declared(form)
    (found,) = parse(make(drawn(side_by_side(*(both[::-1] if first else both)))), name)
    assert not wrong(found, truth(form, layout))
    assert "项目支出绩效目标申报表" in [cell.text for cell in found.unread]


@pytest.mark.parametrize("made", ["tabs", "bars", "stream"])
def test_a_declaration_before_a_form_is_listed_by_what_it_prints_first(made):
    make, name = FORMATS[made]
    form, layout = FORMS["training"], LAYOUTS["03 province"]
    (found,) = parse(b"\n|  |  |\n" + make(drawn([*declared(form), *laid_out(form, layout)])), name)
    assert not wrong(found, truth(form, layout))
    assert all(cell.text.strip() for cell in found.unread)
    assert any("申报表" in cell.text for cell in found.unread)


@pytest.mark.parametrize("made", ["page", "book", "word", "tabs", "bars", "stream", "commas"])
def test_goals_between_a_declaration_and_a_form_are_those_of_the_form(made):
    make, name = FORMATS[made]
    form, layout = FORMS["training"], LAYOUTS["03 province"]
    told = truth(form, layout)
    rows = [row for row in laid_out(form, layout) if told["goals.expected"] not in row]
    rows = [row for row in rows if told["goals.outcome"] not in row]
    goals = [[f"预期目标：{told['goals.expected']}"], [f"实际完成情况：{told['goals.outcome']}"]]
    (found,) = parse(make(drawn([*declared(form), *goals, *rows])), name)
    assert not wrong(found, told)
