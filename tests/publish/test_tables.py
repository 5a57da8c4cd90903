"""pandas' tables read as the report's own: numbers right, a missing value a dash, headings that say so."""

import pandas as pd
import pytest
from lxml import html

from perfkit.publish.layout import settle_table


def settled(markup):
    table = html.fragment_fromstring(markup)
    settle_table(table)
    return table


def cells(table, row):
    found = table.findall(".//tr")[row]
    return [(c.tag, c.text_content().strip(), c.get("class") or "", c.get("scope") or "") for c in found]


def test_a_data_frame():
    frame = pd.DataFrame({"项目": ["甲", None], "得分": [1.5, None]})
    table = settled(frame._repr_html_().split("</style>")[1].split("</div>")[0])
    assert table.get("class") == "dataframe pk-data"
    assert cells(table, 0) == [("td", "", "", ""), ("th", "项目", "", "col"), ("th", "得分", "num", "col")]
    assert cells(table, 1) == [("th", "0", "", "row"), ("td", "甲", "", ""), ("td", "1.5", "num", "")]
    assert cells(table, 2) == [("th", "1", "", "row"), ("td", "—", "blank", ""), ("td", "—", "blank num", "")]


@pytest.mark.parametrize("words", ["NaN", "None", "NaT", "<NA>"])
def test_a_missing_value_is_a_dash(words):
    table = settled(f"<table><tr><td>{words.replace('<', '&lt;')}</td></tr></table>")
    assert table.text_content() == "—"


@pytest.mark.parametrize(
    ("figures", "right"),
    [
        (["1", "2.5"], True), (["1,234.50", "-3"], True), (["98.98%", "—5"], False), (["12%", "3.1 %"], True),
        (["1", "甲"], False), (["1e-5", "−2"], True), (["2022-01-01"], False), ([""], False), (["+1", ".5"], True),
    ],
)  # fmt: skip
def test_a_column_of_numbers_stands_right(figures, right):
    rows = "".join(f"<tr><td>{figure}</td></tr>" for figure in figures)
    assert ("num" in (settled(f"<table>{rows}</table>").find(".//td").get("class") or "")) is right


def test_our_own_tables_pass_unchanged():
    markup = '<table class="pk-official"><tr><th></th><td>NaN</td></tr></table>'
    assert html.tostring(settled(markup), encoding="unicode") == markup


def test_merged_cells_are_left_where_they_are():
    frame = pd.DataFrame({("甲", "a"): [1], ("甲", "b"): [2]})
    table = settled(frame._repr_html_().split("</style>")[1].split("</div>")[0])
    assert "num" not in "".join(td.get("class") or "" for td in table.iter("td"))
