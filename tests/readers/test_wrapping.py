"""What stands in a printed cell, from where its characters stand."""

import pytest

from perfkit.readers.positions import Glyph, by_home, wrapped

SIZE = 10.0


def line(text, top=0.0, left=0.0):
    """Set a line: a Han character is as wide as it is high, others half of that; blanks are drawn."""
    glyphs, x = [], left
    for sign in text:
        wide = SIZE if ord(sign) > 0x2E00 else SIZE / 2
        glyphs.append(Glyph(sign, x, x + wide, top, top + SIZE))
        x += wide
    return glyphs


def cell(*texts):
    return [line(text, number * SIZE * 1.3) for number, text in enumerate(texts)]


@pytest.mark.parametrize(
    ("texts", "width", "expected"),
    [
        (["加快推进项目实施进度确保", "按期完成"], 132, "加快推进项目实施进度确保按期完成"),
        (["第一行", "第二行"], 132, "第一行\n第二行"),
        (["1.受灾", "2.流标", "3.整改"], 132, "1.受灾\n2.流标\n3.整改"),
        (["一、甲。", "二、乙。"], 90, "一、甲。\n二、乙。"),
        (["Windows ", "Server ", "2019"], 48, "Windows Server 2019"),
        (["Windows", "Server", "2019"], 48, "Windows Server 2019"),
        (["网址www.abc", ".gov.cn"], 68, "网址www.abc.gov.cn"),
        (["1234567890", "1.25"], 62, "12345678901.25"),
        (["internatio", "nalisation"], 62, "internationalisation"),
        (["COVID-", "19疫情"], 48, "COVID-19疫情"),
        (["完成率达到 ", "标准"], 62, "完成率达到 标准"),
        (["≥95", "%"], 28, "≥95%"),
        (["", ""], 30, ""),
    ],
)
def test_ends_of_lines_in_a_cell(texts, width, expected):
    assert wrapped(cell(*texts), (-6, width - 6)) == expected


def test_a_label_that_runs_over_the_cell_below_stays_with_its_own():
    upper = [line("绩", 0), line("效", 13), line("指", 26), line("标", 39)]
    lower = [line("说", 28), line("明", 41)]
    glyphs = [glyph for part in [*upper, line("一级指标", 0, 30), *lower] for glyph in part]
    tops = {(0, 0): 0.0, (0, 1): 0.0, (1, 0): 25.0}
    homes = [(0, 1) if g.x > 20 else (0, 0) if g.y < 25 else (1, 0) for g in glyphs]
    texts = {home: "".join(g.text for g in found) for home, found in by_home(glyphs, homes, tops).items()}
    assert texts == {(0, 0): "绩效指标", (0, 1): "一级指标", (1, 0): "说明"}


def test_cells_drawn_column_by_column_keep_their_own():
    glyphs = [glyph for top in (0, 13, 26) for glyph in line("甲", top)]
    homes = [(0, 0), (1, 0), (2, 0)]
    tops = {home: 13.0 * home[0] - 1 for home in homes}
    assert {home: len(found) for home, found in by_home(glyphs, homes, tops).items()} == dict.fromkeys(
        homes, 1
    )
