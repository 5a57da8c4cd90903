"""Columns beside the unit's own score: points taken off by hand (扣分), a reviewer's score and opinion (核查)."""

from decimal import Decimal
from io import BytesIO

import pytest
from docx import Document

from perfkit.readers.formats import parse
from tests.readers.books import book, page, rows_of, spans

ROWS = "三级指标 | 年度指标值 | 实际完成值 | 分值"
FIELDS = ("name", "weight", "deduction", "score", "review", "opinion", "reason")


def paper(text):
    """Make a Word document with a table, merged cells and all."""
    rows = rows_of(text)
    document = Document()
    table = document.add_table(len(rows), max(map(len, rows)))
    for r, c, tall, wide, value in spans(rows):
        cell = table.cell(r, c)
        if (tall, wide) != (1, 1):
            cell = cell.merge(table.cell(r + tall - 1, c + wide - 1))
        cell.text = value
    target = BytesIO()
    document.save(target)
    return target.getvalue()


def tabbed(text):
    return "\n".join(
        "\t".join("" if cell in {"<", "^"} else cell for cell in row) for row in rows_of(text)
    ).encode()


def flat(text):
    """Make the text that is copied out of a PDF: the cells of a row parted by blanks."""
    return "\n".join(
        " ".join(cell for cell in row if cell not in {"", "<", "^"}) for row in rows_of(text)
    ).encode()


MADE = {"xlsx": book, "docx": paper, "html": page, "tabs.txt": tabbed, "flat.txt": flat}
GRIDS = ["xlsx", "docx", "html"]


def read(text, kind="xlsx"):
    (form,) = parse(MADE[kind](text), f"form.{kind}")
    return form


def told(form, *fields):
    return [tuple(_text(getattr(row, field)) for field in fields) for row in form.indicators]


def _text(value):
    return f"{value:f}" if isinstance(value, Decimal) else value


WHOLE = """
项目支出绩效自评表（2023年度）
项目名称 | 河道保洁
项目资金（万元） | 年初预算数 | 全年预算数 | 全年执行数 | 分值 | 执行率 | 得分 | 财政审核得分
年度资金总额 | 30 | 30 | 27 | 10 | 90% | 9 | 8.5
一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 扣分 | 自评得分 | 偏差原因 | 复核得分 | 复核意见
产出指标 | 数量指标 | 保洁河段 | ≥12条 | 12条 | 60 | 1.5 | 58.5 | 补报材料 | 55 | 佐证不全
效益指标 | 社会效益指标 | 水面整洁率 | ≥95% | 96% | 30 | 0 | 30 | 无偏差 | 30 | 同意
总分 | | | | | 100 | 1.5 | 97.5 | | 93.5 |
"""


@pytest.mark.parametrize("kind", MADE)
def test_every_format_reads_both_scores_the_deduction_and_the_opinion(kind):
    form = read(WHOLE, kind)
    assert told(form, *FIELDS) == [
        ("保洁河段", "60", "1.5", "58.5", "55", "佐证不全", "补报材料"),
        ("水面整洁率", "30", "0", "30", "30", "同意", "无偏差"),
    ]
    assert (_text(form.total), _text(form.review_total)) == ("97.5", "93.5")
    assert (_text(form.budget.total.score), _text(form.budget.total.review)) == ("9", "8.5")
    assert form.unread == ()


def test_each_figure_knows_its_place():
    places = read(WHOLE).source.places
    wanted = {"deduction": "G6", "score": "H6", "review": "J6", "opinion": "K6"}
    assert {role: places[f"indicators[0].{role}"] for role in wanted} == {
        role: f"表1!{cell}" for role, cell in wanted.items()
    }
    assert (places["review_total"], places["budget.total.review"]) == ("表1!J8", "表1!H4")


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("扣分", "deduction"), ("扣分值", "deduction"), ("扣减分", "deduction"), ("扣减得分", "deduction"),
        ("应扣分", "deduction"), ("扣 分（人工）", "deduction"),
        ("核查得分", "review"), ("核查分数", "review"), ("复核得分", "review"), ("复核分", "review"),
        ("审核得分", "review"), ("审核评分", "review"), ("财政评分", "review"), ("财政审核评分", "review"),
        ("评审得分", "review"), ("主管部门核查得分", "review"), ("评审组打分", "review"), ("得分（核查）", "review"),
        ("得分(由评审组填写)", "review"), ("核查", "review"), ("抽查评分", "review"), ("核定得分", "review"),
        ("核查意见", "opinion"), ("复核意见", "opinion"), ("财政审核意见", "opinion"), ("核查扣分原因", "opinion"),
        ("核查说明", "opinion"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("first", [True, False])
def test_headings_by_many_names_wherever_the_column_stands(heading, field, first):
    names, cells = ([heading, "自评得分"], ["3", "4"]) if first else (["自评得分", heading], ["4", "3"])
    form = read(f"项目名称 | 甲\n{ROWS} | {' | '.join(names)}\n巡查 | 5次 | 4次 | 5 | {' | '.join(cells)}")
    assert told(form, "score", field) == [("4", "3")]
    assert form.unread == ()


@pytest.mark.parametrize(
    "heading",
    [
        "扣分标准",
        "扣分规则",
        "评分标准",
        "评分细则",
        "审核时间",
        "评审结论时间",
        "财政评价",
        "核减分",
        "核减",
        "审核人",
    ],
)
def test_what_only_sounds_alike_is_passed_over(heading):
    form = read(f"项目名称 | 甲\n{ROWS} | {heading} | 得分\n巡查 | 5次 | 4次 | 5 | 3 | 4")
    assert told(form, "deduction", "score", "review", "opinion") == [(None, "4", None, None)]
    assert form.unread == ()


@pytest.mark.parametrize("heading", ["扣分原因", "扣分原因及改进措施", "失分原因"])
def test_the_reason_for_a_deduction_is_the_reason(heading):
    form = read(f"项目名称 | 甲\n{ROWS} | 扣分 | 得分 | {heading}\n巡查 | 5次 | 4次 | 5 | 1 | 4 | 雨季")
    assert told(form, "deduction", "score", "reason") == [("1", "4", "雨季")]


def test_an_opinion_stands_without_a_score():
    form = read(f"项目名称 | 甲\n{ROWS} | 得分 | 评审意见\n巡查 | 5次 | 4次 | 5 | 4 | 同意自评")
    assert told(form, "score", "review", "opinion") == [("4", None, "同意自评")]


def test_a_reviewer_alone_never_stands_for_the_unit():
    form = read(f"项目名称 | 甲\n{ROWS} | 复核得分\n巡查 | 5次 | 4次 | 5 | 4\n合计 | | | 5 | 4")
    assert told(form, "score", "review") == [(None, "4")]
    assert (form.total, form.review_total) == (None, Decimal(4))


PARTED = (
    "得分 | <\n^ | ^ | ^ | ^ | 核查 | 自评",
    "得分 | <\n^ | ^ | ^ | ^ | 财政审核 | 单位自评",
    "得分 | <\n^ | ^ | ^ | ^ | 复核得分 | 自评得分",
    "财政部门审核 | 单位自评\n^ | ^ | ^ | ^ | 得分 | 得分",
    "评审情况 | 自评情况\n^ | ^ | ^ | ^ | 评分 | 评分",
)


@pytest.mark.parametrize("heading", PARTED)
@pytest.mark.parametrize("swapped", [True, False])
@pytest.mark.parametrize("kind", GRIDS)
def test_a_heading_over_both_scores_parts_them(heading, swapped, kind):
    lines = [line.split(" | ") for line in f"{ROWS} | {heading}".split("\n")]
    cells = ["3", "4"]
    if swapped:
        cells.reverse()
        lines = [line if line[-1] == "<" else [*line[:4], line[5], line[4]] for line in lines]
    text = "\n".join(" | ".join(line) for line in lines)
    form = read(f"项目名称 | 甲\n{text}\n巡查 | 5次 | 4次 | 5 | {' | '.join(cells)}", kind)
    assert told(form, "name", "score", "review") == [("巡查", "4", "3")]


@pytest.mark.parametrize("kind", GRIDS)
def test_a_word_below_a_reviewer_is_the_reviewers(kind):
    heading = "单位自评 | < | 财政审核 | <\n^ | ^ | ^ | ^ | 得分 | 原因分析 | 得分 | 意见"
    form = read(f"项目名称 | 甲\n{ROWS} | {heading}\n巡查 | 5次 | 4次 | 5 | 4 | 雨季 | 3 | 不同意", kind)
    assert told(form, "score", "reason", "review", "opinion") == [("4", "雨季", "3", "不同意")]


def test_a_flattened_heading_over_both_scores_parts_them():
    text = f"项目名称 甲项目\n{ROWS.replace(' |', '')} 得分\n自评 核查\n巡查次数 5次 4次 5 4 3\n总分 5 4 3"
    (form,) = parse(text.encode(), "form.txt")
    assert told(form, "weight", "score", "review") == [("5", "4", "3")]
    assert (form.total, form.review_total) == (Decimal(4), Decimal(3))


def test_a_flattened_total_that_does_not_say_whose_it_is_is_listed():
    text = f"项目名称 甲项目\n{ROWS.replace(' |', '')} 自评得分 核查得分\n巡查次数 5次 4次 5 4 3\n总分 4 3"
    (form,) = parse(text.encode(), "form.txt")
    assert (form.total, form.review_total) == (None, None)
    assert [cell.text for cell in form.unread] == ["总分 4 3"]


@pytest.mark.parametrize(
    "totals",
    [
        "自评得分：4 | 核查得分：3.5",
        "自评得分：4\n核查得分：3.5",
        "核查总分 | 3.5\n总分 | | | 5 | 4",
        "总分 | 4 | 复核总分 | 3.5",
        "总分 | | | 5 | 4\n财政审核总分 | 3.5",
    ],
)
def test_a_total_of_the_review_beside_its_label(totals):
    form = read(f"项目名称 | 甲\n{ROWS} | 得分\n巡查 | 5次 | 4次 | 5 | 4\n{totals}")
    assert (form.total, form.review_total) == (Decimal(4), Decimal("3.5"))


@pytest.mark.parametrize("kind", MADE)
def test_what_is_no_figure_is_listed_with_its_place_and_never_guessed(kind):
    form = read(
        f"项目名称 | 河道保洁\n{ROWS} | 扣分 | 得分 | 审核得分\n巡查 | 5次 | 4次 | 5 | -1 | 4 | 约3", kind
    )
    assert told(form, "deduction", "score", "review") == [(None, "4", None)]
    assert [(cell.path, cell.text) for cell in form.unread] == [
        ("indicators[0].deduction", "-1"),
        ("indicators[0].review", "约3"),
    ]
    assert all(cell.place for cell in form.unread)
