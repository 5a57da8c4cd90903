"""Text files: encodings, cells parted by tabs, commas or bars, and lines copied out of a page."""

import codecs
from decimal import Decimal
from pathlib import Path

import pytest

from perfkit.errors import DataError
from perfkit.readers.formats import parse

DATA = Path(__file__).parents[1] / "data" / "readers"
ROWS = [
    ["项目支出绩效自评表"],
    ["（2022年度）"],
    ["项目名称", "甲项目"],
    ["项目资金（元）", "", "年初预算数", "全年预算数", "全年执行数", "分值", "执行率", "得分"],
    ["", "年度资金总额", "9,280,000", "8,205,000", "8,120,525", "10", "98.98%", "9.9"],
    ["年度总体目标", "预期目标", "实际完成情况"],
    ["", "做好甲，乙", "做好了甲"],
    [
        "一级指标",
        "二级指标",
        "三级指标",
        "年度指标值",
        "实际完成值",
        "分值",
        "得分",
        "偏差原因分析及改进措施",
    ],
    ["产出指标", "数量指标", "培训人次", "≥100", "120", "45", "45", ""],
    ["", "", "培训课时", "≥30", "25", "45", "37.5", "受疫情影响"],
    ["总分", "", "", "", "", "100", "92.4"],
]
TABS = "\n".join("\t".join(row) for row in ROWS)


def one(data):
    (form,) = parse(data, "form.txt")
    return form


def check(form):
    assert (form.project, form.year, form.money_unit, form.total) == ("甲项目", 2022, "元", Decimal("92.4"))
    assert form.budget.total.executed == Decimal(8120525)
    assert (form.goals.expected, form.goals.outcome) == ("做好甲，乙", "做好了甲")
    assert [(row.name, row.score, row.level2) for row in form.indicators] == [
        ("培训人次", Decimal(45), "数量指标"),
        ("培训课时", Decimal("37.5"), "数量指标"),
    ]


@pytest.mark.parametrize(
    ("encoding", "mark"),
    [
        ("utf-8", b""), ("utf-8", codecs.BOM_UTF8), ("gbk", b""), ("gb18030", b""), ("utf-16-le", codecs.BOM_UTF16_LE),
        ("utf-16-be", codecs.BOM_UTF16_BE), ("utf-16-le", b""), ("utf-16-be", b""), ("utf-32-le", codecs.BOM_UTF32_LE),
    ],
)  # fmt: skip
@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_every_usual_encoding_is_read(encoding, mark, ends):
    check(one(mark + TABS.replace("\n", ends).encode(encoding)))


def test_characters_beyond_gbk_are_read():
    assert one(TABS.replace("甲项目", "𠮷䶮项目").encode("gb18030")).project == "𠮷䶮项目"


def test_big5_in_traditional_characters_is_read():
    text = (
        TABS.replace("项目", "項目").replace("绩效", "績效").replace("指标", "指標").replace("资金", "資金")
    )
    traditional = text.translate(
        str.maketrans("总课执预数体产响时满实际额级评训", "總課執預數體產響時滿實際額級評訓")
    )
    traditional = traditional.replace("偏差原因分析及改进措施", "備註").replace("做好了甲", "做好甲")
    form = one(traditional.replace("总", "總").encode("big5", "ignore"))
    assert form.total == Decimal("92.4")
    assert len(form.indicators) == 2


@pytest.mark.parametrize(
    "data", [TABS.encode("gbk")[:-1] + b"\xff\xff\xff", b"\x81\x20" * 400, b"abc def" * 100]
)
def test_bytes_that_are_no_text_of_a_form_are_refused_with_what_was_tried(data):
    with pytest.raises(DataError, match="gb18030"):
        parse(data, "form.txt")


@pytest.mark.parametrize("delimiter", ["\t", ",", "|"])
def test_cells_may_be_parted_by_tabs_commas_or_bars(delimiter):
    lines = [delimiter.join(f'"{cell}"' if delimiter in cell else cell for cell in row) for row in ROWS]
    if delimiter == "|":
        lines = [f"| {line} |" for line in lines]
        lines.insert(8, "| --- | --- | --- |")
        lines = [line.replace('"', "") for line in lines]
    check(one("\n".join(lines).encode()))


def test_signs_that_markdown_escapes_are_read_as_the_signs():
    rows = [[cell.replace("%", r"\%").replace(".", r"\.") for cell in row] for row in ROWS]
    form = one("\n".join(f"| {' | '.join(row)} |" for row in rows).encode())
    check(form)
    assert form.budget.total.rate == "98.98%"
    assert (
        one(TABS.replace("受疫情影响", r"存于D:\资料\表").encode()).indicators[1].reason == r"存于D:\资料\表"
    )


def test_a_quoted_cell_may_hold_line_breaks():
    text = TABS.replace("受疫情影响", '"受疫情影响，\n下一步改为线上"')
    assert one(text.encode()).indicators[1].reason == "受疫情影响，\n下一步改为线上"


SPACED = """
项目支出绩效自评表
（2023年度）
项目名称 乙项目
主管部门 乙局 实施单位 乙所
项目资金（万元） 年初预算数 全年预算数 全年执行数 分值 执行率 得分
年度资金总额 10 20 15.5 10 77.50% 7.75
其中：当年财政拨款 10 20 15.5 —
一级指标 二级指标 三级指标 年度指标值 实际完成值 分值 得分 偏差原因分析及改进措施
产出指标 数量指标 开展培训 ≥ 12次 10次 20 16.67 学员时间冲突，已改线上
发放手册 1000册 1000册 20 20
质量指标 合格率 ≥95% 98% 10 10
时效指标 完成及时率 100% 100% 10 10
效益指标 社会效益指标 群众知晓率 ≥80% 85% 20 20
满意度指标 服务对象满意度指标 学员满意度 ≥90% 96% 10 10
总分 100 94.42
"""


def test_text_whose_cells_are_parted_by_spaces_alone():
    form = one(SPACED.encode())
    assert (form.project, form.year, form.department, form.unit) == ("乙项目", 2023, "乙局", "乙所")
    assert [(row.level1, row.level2, row.name, row.target, str(row.score)) for row in form.indicators] == [
        ("产出指标", "数量指标", "开展培训", "≥12次", "16.67"),
        ("产出指标", "数量指标", "发放手册", "1000册", "20"),
        ("产出指标", "质量指标", "合格率", "≥95%", "10"),
        ("产出指标", "时效指标", "完成及时率", "100%", "10"),
        ("效益指标", "社会效益指标", "群众知晓率", "≥80%", "20"),
        ("满意度指标", "服务对象满意度指标", "学员满意度", "≥90%", "10"),
    ]
    assert form.indicators[0].reason == "学员时间冲突，已改线上"
    assert (form.total, form.budget.total.score, form.budget.fiscal.executed) == (
        Decimal("94.42"), Decimal("7.75"), Decimal("15.5"),
    )  # fmt: skip
    assert form.unread == ()


LAID_OUT = """                      2023年度食品安全监管项目支出绩效自评表
 项目名称                               食品安全监管
 主管部门                市场监管局                实施单位        市场监管局本级
 项目资金      年初预算数     全年预算数     全年执行数         分值    执行率      得分
年度资金总额     120.5万元   120.5万元   118.09万元      10分   0.98     9.8分

其中：财政拨款    120.5万元   120.5万元   118.09万元            0.98

 一级指标       二级指标     三级指标      年度指标值      实际完成值    分值       得分
 产出指标       数量指标     抽检批次      ≥1200批次    1250批次   50分      50分
 效益指标      社会效益指标    不合格率        ≤3%       2.1%    30分      30分
          服务对象满意度指
满意度指标                群众满意度      ≥80%         85%   10分      10分
              标
                       总分                          100分     99.8分
"""  # as pdftotext -layout prints a page


def test_columns_made_of_blanks_are_read_by_where_they_stand():
    form = one(LAID_OUT.encode())
    assert [(row.level1, row.level2, row.name, row.target, row.actual, str(row.score)) for row in form.indicators] == [
        ("产出指标", "数量指标", "抽检批次", "≥1200批次", "1250批次", "50"),
        ("效益指标", "社会效益指标", "不合格率", "≤3%", "2.1%", "30"),
        ("满意度指标", "服务对象满意度指标", "群众满意度", "≥80%", "85%", "10"),
    ]  # fmt: skip
    assert (form.department, form.unit, form.total) == ("市场监管局", "市场监管局本级", Decimal("99.8"))
    assert (form.budget.total.executed, form.budget.fiscal.initial) == (Decimal("118.09"), Decimal("120.5"))
    assert form.source.places["indicators[0].weight"] == "line 10"
    assert form.unread == ()


def test_columns_made_of_blanks_that_nothing_proves_are_doubted():
    form = one(LAID_OUT.replace("99.8分", "90.8分").replace("社会效益指标", "其他方面效果").encode())
    assert form.reading.state == "doubted"
    assert any("check every value" in doubt.why.en for doubt in form.reading.doubts)
    assert any("其他方面效果" in doubt.text for doubt in form.reading.doubts)


def test_money_in_pairs_and_a_list_of_projects_are_no_table_where_nothing_is_ruled():
    listing = "序号    项目名称      主管部门    全年预算数    全年执行数\n 1     甲项目       某局      20       10\n\n"
    money = " 项目资金（万元）   年初预算数    120.5万元    全年执行数   118.09万元\n"
    start, end = LAID_OUT.index(" 项目资金"), LAID_OUT.index(" 一级指标")
    text = f"{listing}{LAID_OUT[:start]}{money}{LAID_OUT[end:]}".replace("99.8分", "90.0分")
    form = one(text.encode())
    assert (form.project, form.total) == ("食品安全监管", Decimal("90.0"))
    assert (form.budget.total.initial, form.budget.total.executed) == (Decimal("120.5"), Decimal("118.09"))


def test_empty_rows_of_the_template_are_dropped_where_nothing_is_ruled():
    empty = " 产出指标       数量指标     指标2：\n              质量指标     指标1：\n\n"
    start = LAID_OUT.index(" 效益指标")
    form = one(f"{LAID_OUT[:start]}{empty}{LAID_OUT[start:]}".encode())
    assert [row.name for row in form.indicators] == ["抽检批次", "不合格率", "群众满意度"]


def test_a_flattened_table_with_more_columns_is_counted_and_never_shifted():
    text = """项目名称 甲项目
一级指标 二级指标 三级指标 指标代码 年度指标值 实际完成值 分值 得分
产出指标 数量指标 甲 A1 4个 3个 60 45
质量指标 乙 5个 5个 40 40
总分 100 85"""
    form = one(text.encode())
    rows = [(row.name, row.target, row.actual, row.weight, row.score) for row in form.indicators]
    assert rows == [("甲", "4个", "3个", 60, 45), ("乙", "5个", "5个", 40, 40)]
    assert any(doubt.path.startswith("indicators[1]") for doubt in form.reading.doubts)


@pytest.mark.parametrize("amounts", ["0 0 0", "0.00 0.00 0.00", "5 6 7", "300 310 290.5"])
@pytest.mark.parametrize("name", ["其他资金", "单位资金", "　　其他资金"])
def test_a_line_of_money_without_points_keeps_its_three_amounts_in_order(name, amounts):
    """A row copied without its empty cells: only the line of all money has points to the right of them."""
    whole = "年度资金总额\t9,280,000\t8,205,000\t8,120,525\t10\t98.98%\t9.9"
    head = TABS.replace("（元）\t\t", "（元）\t").replace("\t年度资金", "年度资金")
    form = one(head.replace(whole, "\n".join([whole, "\t".join([name, *amounts.split()])])).encode())
    other = form.budget.other
    assert [other.initial, other.adjusted, other.executed] == [Decimal(each) for each in amounts.split()]


def test_a_row_that_lacks_its_level_2_takes_none_from_above_where_blanks_stand_on_the_left():
    """成本指标 may be of either level; rows that keep their empty fields tell by where it stands."""
    text = TABS.replace("总分", "成本指标\t人均成本\t≤200元\t190元\t10\t10\n总分")
    form = one(text.encode())
    assert (form.indicators[2].level1, form.indicators[2].level2) == ("成本指标", None)
    assert "indicators[2].level2" in {doubt.path for doubt in form.reading.doubts}


def test_a_text_that_names_no_department_and_no_unit_is_doubted():
    named = TABS.replace("项目名称\t甲项目", "项目名称\t甲项目\t实施单位\t乙所")
    doubted = [{doubt.path for doubt in one(text.encode()).reading.doubts} for text in (TABS, named)]
    assert ["unit" in paths for paths in doubted] == [True, False]
