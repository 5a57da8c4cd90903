"""What a document is: self-evaluations are read, others are refused by their name."""

import pytest

from perfkit.errors import DataError
from perfkit.readers.formats import parse
from tests.readers.books import book, page, read

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
