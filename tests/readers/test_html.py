"""Pages as a browser shows them: fields, what style sheets hide, signs, powers, tables in cells."""

import pytest

from perfkit.readers.formats import parse
from tests.readers import books
from tests.readers.test_hostile import FORM


def page(cell="1个", *, style="", attributes="", rows="", outside="{}"):
    text = books.page(FORM).decode()
    row = text.index("甲一")
    at = text.index(">1个</td>", text.index(">1个</td>", row) + 1)
    text = f"{text[:at]}{attributes}>{cell}</td>{text[at + len('>1个</td>') :]}"
    text = text.replace("</table>", f"{rows}</table>").replace("</head>", f"<style>{style}</style></head>")
    start, end = text.index("<table>"), text.index("</table>") + len("</table>")
    text = text[:start] + outside.format(text[start:end]) + text[end:]
    (form,) = parse(text.encode(), "page.html")
    return form


@pytest.mark.parametrize(
    ("cell", "actual"),
    [
        ('<input value="42个">', "42个"),
        ('<input type="text" value="42个"><input type="hidden" value="7">', "42个"),
        ('<input type="number" value="42">个', "42个"),
        ('<input type="date" value="2023-11-30">', "2023-11-30"),
        ('<input type="submit" value="提交">42个', "42个"),
        ('<input placeholder="请填写">', None),
        ('<input type="checkbox" checked>健全 <input type="checkbox">不健全', "健全"),
        ('<label><input type="radio">健全</label><label><input type="radio" checked="checked">不健全</label>', "不健全"),
        ("<select><option>41个<option selected>42个</select>", "42个"),
        ("<select><option>42个</option><option>41个</option></select>", "42个"),
        ("<select><option value=''>请选择</option><option>41个</option></select>", None),
        ("<select multiple><option selected>甲</option><option>乙</option><option selected>丙</option></select>", "甲、丙"),
        ("<textarea>42个</textarea>", "42个"),
        ('<span contenteditable>42个</span>', "42个"),
        ("<font face=Symbol>&#179;</font>42个", "≥42个"),
        ("<span style='font-family:Symbol'>³</span>42个", "≥42个"),
        ("<span style=\"font-family:'Wingdings 2'\">R</span>健全<span style=\"font-family:'Wingdings 2'\">£</span>不健全", "健全"),
        ("<span class=sign>³<span class=plain>42个</span></span>", "≥42个"),
        ("5×10<sup>4</sup>人", "5×10⁴人"),
        ("5×10<span style='vertical-align:super'>4</span>人", "5×10⁴人"),
        ("<math><msup><mn>10</mn><mn>4</mn></msup></math>人", "10⁴人"),
        ("<math><mfrac><mn>1</mn><mn>2</mn></mfrac></math>", "1/2"),
        ("<table><tr><td>42个</td></tr></table>", "42个"),
        ("<table><tr><td>城东</td><td>20个</td></tr><tr><td>城西</td><td>22个</td></tr></table>", "城东 20个；城西 22个"),
        ("<span style='display:none'>41</span>42个", "42个"),
        ("<span class=gone>41</span>42个", "42个"),
        ("<span class='gone here'>41</span>42个", "4142个"),
        ("<span class=gone style='display:inline'>4</span>2个", "42个"),
        ("<span hidden>41</span>42个", "42个"),
        ("<span style='mso-hide:all'>41</span>42个", "42个"),
        ("<span class=unseen>41</span>42个", "42个"),
        ("<span class=out>41</span>42个", "42个"),
        ("<span class=printed>4</span>2个", "42个"),
        ("<span class=narrow>4</span>2个", "42个"),
        ("4&#8203;2个&shy;", "42个"),
        ("<ruby>42个<rt>ge</rt></ruby>", "42个"),
    ],
)  # fmt: skip
def test_a_cell_is_read_as_a_browser_shows_it(cell, actual):
    style = (
        "<!-- .gone { display : none } /* no */ .here{display:inline!important} span.unseen{visibility:hidden}"
        ".out{text-decoration:line-through} @media print{.printed{display:none}}"
        "@media (max-width:600px){.narrow{display:none}} .sign{font-family:Symbol} .plain{font-family:宋体} -->"
    )
    assert page(cell, style=style).indicators[0].actual == actual


HIDDEN = (
    "<tr {}><td>产出指标</td><td>数量指标</td><td>甲二</td><td>1个</td><td>1个</td><td>5</td><td>5</td></tr>"
)


@pytest.mark.parametrize(
    "mark",
    ["style='display:none'", "style='DISPLAY: NONE;height:0'", "hidden", "class=gone", "id=gone", "style='visibility:collapse'", "style='mso-hide:all'"],
)  # fmt: skip
def test_a_hidden_row_is_listed_and_does_not_count(mark):
    form = page(rows=HIDDEN.format(mark), style=".gone, #gone {display:none}")
    assert len(form.indicators) == 1
    assert any("甲二" in each.text for each in form.unread)


def test_a_hidden_part_of_a_table_does_not_count():
    form = page(rows=f"<tbody class=gone>{HIDDEN.format('')}</tbody>", style="tbody.gone{display:none}")
    assert len(form.indicators) == 1


ROWS = "<tr><td rowspan={}>产出指标</td><td>数量指标</td><td>乙一</td><td>1个</td><td>1个</td><td>5</td><td>5</td></tr>"
LINE = "<tr {}><td>{}</td><td>乙二</td><td>1个</td><td>1个</td><td>5</td><td>5</td></tr>"


@pytest.mark.parametrize("counted", [True, False])
def test_a_hidden_row_within_a_merged_cell_moves_nothing(counted):
    heading = "<tr><td>一级指标</td><td>二级指标</td><td>三级指标</td><td>年度指标值</td><td>实际完成值</td><td>分值</td><td>得分</td></tr>"
    rows = ROWS.format(4 if counted else 3)
    rows += (
        LINE.format("style='display:none'", "质量指标")
        + LINE.format("", "时效指标")
        + LINE.format("", "成本指标")
    )
    rows += "<tr><td>效益指标</td><td>社会效益指标</td><td>乙三</td><td>1个</td><td>1个</td><td>75</td><td>75</td></tr>"
    text = f"<html><body><p>项目支出绩效自评表</p><table>{heading}{rows}</table></body></html>"
    (form,) = parse(text.encode(), "page.html")
    levels = [(row.level1, row.level2, row.name) for row in form.indicators]
    assert levels == [
        ("产出指标", "数量指标", "乙一"),
        ("产出指标", "时效指标", "乙二"),
        ("产出指标", "成本指标", "乙二"),
        ("效益指标", "社会效益指标", "乙三"),
    ]


def test_a_table_that_frames_the_page_is_passed_through():
    form = page(outside="<table><tr><td>导航</td><td>{}</td></tr></table>")
    assert (form.project, len(form.indicators)) == ("甲项目", 1)


@pytest.mark.parametrize(
    ("cell", "told"), [("<img src=a.png>", ""), ("<img alt='≥42个' src=a.png>", "≥42个")]
)
def test_a_picture_in_a_cell_is_listed(cell, told):
    assert told in [each.text for each in page(cell).unread]


def test_the_foot_of_a_table_comes_last():
    text = books.page(FORM).decode()
    start = text.index("<tr><td rowspan=1 colspan=1>总分")
    end = text.index("</tr>", start) + 5
    moved = text[:start] + text[end:]
    moved = moved.replace("<table>", f"<table><tfoot>{text[start:end]}</tfoot>")
    (form,) = parse(moved.encode(), "page.html")
    assert (form.total, len(form.indicators)) == (100, 1)
