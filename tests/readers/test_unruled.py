"""Where nothing is ruled: wrapped lines, labels of levels and headings told by where programs put them."""

import pytest

from perfkit.readers.formats import parse
from perfkit.readers.positions import Glyph
from perfkit.readers.unruled import labelled_rows
from perfkit.readers.unruled.regions import Chunk, heading_band, is_page_number
from perfkit.readers.unruled.table import fits, labels, parted

SIZE = 10.0


def chunk(text, y, x=0.0):
    """Make a text whose characters are as wide as they are high."""
    tops = {"top": y - SIZE / 2, "bottom": y + SIZE / 2}
    return Chunk(tuple(Glyph(c, x + n * SIZE, x + (n + 1) * SIZE, **tops) for n, c in enumerate(text)))


def texts(chunks):
    return [each.text for each in chunks]


@pytest.mark.parametrize(
    ("heights", "anchors", "rows"),
    [
        ([0, 12, 24, 36], [6, 30], ["01", "23"]),  # centred
        ([0, 12, 24, 36, 48], [0, 24], ["01", "234"]),  # from the top
        ([0, 12, 24, 36, 48], [12, 42], ["012", "34"]),
        ([0, 12, 24, 36], [18], ["0123"]),
        ([0, 20, 32], [0, 26, 60], ["0", "12", ""]),  # a row may be empty
        ([0, 30, 60], [0, 30, 60], ["0", "1", "2"]),
    ],
)
def test_lines_without_a_gap_are_parted_where_each_row_is_centred(heights, anchors, rows):
    lines = [[chunk(str(n), y)] for n, y in enumerate(heights)]
    found = parted(lines, anchors)
    assert ["".join(line[0].text for line in found.get(n, [])) for n in range(len(anchors))] == rows


def test_lines_that_stand_beside_no_row_go_to_the_nearest_and_do_not_fit():
    lines = [[chunk("甲", 0)], [chunk("乙", 12)]]
    assert len(parted(lines, [500.0])[0]) == 2
    assert not fits([chunk("甲", 0), chunk("乙", 12)], 12.0, 0.4)
    assert fits([chunk("甲", 0), chunk("乙", 12)], 6.0, 0.4)
    assert fits([chunk("甲", 40)], 12.0, 0.4)  # one line has no others to be parted from


@pytest.mark.parametrize(
    ("printed", "held"),
    [
        ([("产出指标", 20), ("效益指标", 50)], [("产出指标", 0, 4), ("效益指标", 4, 6)]),  # in the middle of their rows
        ([("产出指标", 5), ("效益指标", 45)], [("产出指标", 0, 4), ("效益指标", 4, 6)]),  # beside the first
        ([("产出", 14), ("指标", 26), ("效益", 44), ("指标", 56)], [("产出指标", 0, 4), ("效益指标", 4, 6)]),
        ([("可持续影响", 24), ("指标", 36)], [("可持续影响指标", 0, 6)]),
    ],
)  # fmt: skip
def test_a_label_holds_the_rows_that_it_stands_in_the_middle_of(printed, held):
    lines = [[chunk(text, y)] for text, y in printed]
    edges = [(10.0 * n, 10.0 * n + 10.0) for n in range(6)]
    assert [("".join(texts(found)), a, b) for found, a, b in labels(lines, edges)] == held


HEADING = [
    chunk("二级指标", 50, 0),
    chunk("三级指标", 50, 100),
    chunk("完成值", 50, 200),
    chunk("得分", 50, 300),
]


@pytest.mark.parametrize(
    ("above", "below", "band"),
    [
        ([chunk("90%。", 38, 0)], [chunk("改造学校数", 62, 100)], range(1, 2)),
        ([chunk("全年实际", 38, 200)], [chunk("（分）", 62, 300)], range(3)),
        ([chunk("绩", 38, 400)], [chunk("2所学校因故延期，已", 62, 300)], range(1, 2)),
    ],
)
def test_a_heading_takes_only_lines_that_are_heading(above, below, band):
    assert heading_band([above, HEADING, below], 1, "columns") == band


def test_labels_and_values_that_wrap_are_put_together_and_titles_stay_apart():
    rows = [
        [chunk("项目支出绩效自评表", 0, 50)],
        [chunk("省农业农村", 12, 100)],
        [chunk("主管部门", 18, 0), chunk("某站", 18, 300)],
        [chunk("厅", 24, 100)],
    ]
    assert [[texts(cell) for cell in row] for row in labelled_rows(rows)] == [
        [["项目支出绩效自评表"]],
        [["主管部门"], ["省农业农村", "厅"], ["某站"]],
    ]


@pytest.mark.parametrize(
    ("text", "at_an_end", "is_one"), [("12", True, True), ("12", False, False), ("第3页", False, True)]
)
def test_a_bare_figure_is_a_page_number_at_a_pages_end_only(text, at_an_end, is_one):
    assert is_page_number([chunk(text, 0)], at_an_end=at_an_end) is is_one


PARTIAL = """                  项目支出绩效自评表（2022年度）
 项目名称        甲项目
 一级指标       二级指标     三级指标      年度指标值      实际完成值    分值       得分
 产出指标       数量指标     抽检批次      ≥1200批次    1250批次   50       45
                       合计                          50       45
 效益指标      社会效益指标    不合格率        ≤3%       2.1%    50      50
                       总分                          100     95
"""


def test_rows_go_on_below_the_total_of_a_level():
    (form,) = parse(PARTIAL.encode(), "form.txt")
    assert [(row.name, str(row.score)) for row in form.indicators] == [("抽检批次", "45"), ("不合格率", "50")]
    assert (str(form.total), form.unread) == ("95", ())


def test_sources_that_do_not_add_up_are_doubted_where_blanks_told_the_columns():
    money = """项目资金（万元）   年初预算数     全年预算数     全年执行数
年度资金总额        120      120      118
其中：财政拨款       20      120      118
"""
    head, rows = PARTIAL.split("甲项目\n")
    (form,) = parse(f"{head}甲项目\n\n{money}\n{rows}".encode(), "form.txt")
    assert [doubt.path for doubt in form.reading.doubts] == [
        "unit",  # it names neither department nor unit
        "budget",
        "indicators",
    ]  # of a text, one doubt asks for every value


LAID_OUT = """
2024 年度项目支出绩效自评表
项目支出名称    招商引资工作经费
预算主管部门    开发区管理委员会                    预算单位     开发区投资促进局
年度资金情况                     年初预算数      全年预算数    全年执行数   执行率      分值           得分
（万元）      资金总额             860.5      860.5    794.33  92.31%   10           9.23
          其中：财政拨款             860.5      860.5    794.33  -        -            -
年度总体目标    年初设定目标     引进亿元以上项目 10 个，到位资金 60 亿元。
          全年实际完成情     引进亿元以上项目 11 个，到位资金 57.3 亿元。
          况
绩效指标      一级指标    二级指标     三级指标       年度目标值    实际完成值   分值       自评得分         偏差较大原因
（90 分）                                                                       分析及改进措
                                                                             施
         产出指标     数量指标      引进亿元以上    ≥10 个    11 个      10       10
                            项目数
                            外出招商批次    ≥20 批次   24 批次     12       12
                            举办推介会     4场       4场        10       10
                  质量指标      签约项目履约    ≥70%     74%       10       10
                            率
                  时效指标      项目落地周期    ≤180 天   165 天     8        8
小计                                                          50       50
         效益指标     经济效益指标    实际到位资金    ≥60 亿元   57.3 亿元   22       20         受市场影响
                  可持续影响指    产业链集聚度    进一步提升    进一步提升     8        8
                  标
小计                                                          30       28
         满意度指标    服务对象满意    投资企业满意    ≥95%     98%       10       10
                  度指标       度
小计                                                          10       10
总 分                                                      100      97.23
""".strip()


def test_a_laid_out_page_keeps_what_wraps_sums_by_level_and_goals_one_below_the_other():
    (form,) = parse(LAID_OUT.encode(), "form.txt")
    assert (form.year, form.project, form.unit) == (2024, "招商引资工作经费", "开发区投资促进局")
    assert form.goals.expected == "引进亿元以上项目10个，到位资金60亿元。"
    assert form.goals.outcome == "引进亿元以上项目11个，到位资金57.3亿元。"
    assert [str(part.weight) for part in form.subtotals] == ["50", "30", "10"]
    assert [row.name for row in form.indicators][::2] == [
        "引进亿元以上项目数",
        "举办推介会",
        "项目落地周期",
        "产业链集聚度",
    ]
    assert [row.target for row in form.indicators][:3] == ["≥10个", "≥20批次", "4场"]
    assert [row.reason for row in form.indicators if row.reason] == ["受市场影响"]
    assert str(form.total) == "97.23"
