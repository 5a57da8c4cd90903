"""Outputs of any size and of any kind leave a whole report: what is before them, what is after, and a word on it."""

from urllib.parse import unquote

import pytest

from perfkit.publish import publish
from perfkit.publish.cleaning import LONGEST_TEXT, MOST_ROWS, as_shown
from tests.publish.notebooks import markdown, notebook, output, stream

PATH = "M0 0" + " L1 1" * 2_100_000
SVG = f'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><path d="{PATH}"/></svg>'
LARGE = {
    "one word of 11 MB": lambda: stream("X" * 11_000_000),
    "one line of 3 MB": lambda: stream("y" * 3_000_000 + "\n"),
    "a paragraph of 3 MB": lambda: output("<p>" + "长" * 1_000_000 + "</p>"),
    "Markdown of 3 MB": lambda: markdown("z" * 3_000_000),
    "an attribute of 11 MB": lambda: output(f"<p title='{'t' * 11_000_000}'>甲</p>"),
    "a table of 200,000 rows": lambda: output("<table>" + "<tr><td>1</td><td>甲</td></tr>" * 200_000 + "</table>"),
    "drawings left open": lambda: output("<svg>" * 300_000 + "<p>甲</p>"),
}  # fmt: skip


@pytest.mark.parametrize("name", LARGE)
def test_what_stands_before_and_after_is_there(name):
    made = notebook(markdown("# 题\n\n前文"), LARGE[name](), markdown("## 后文"), language="zh")
    pages = publish(made, ["html", "pdf", "docx"])
    page = pages["html"].decode()
    assert "前文" in page
    assert "后文</h2>" in page
    assert len(page) < 4_50_000
    assert "截去" in page or name == "drawings left open"


def test_a_drawing_over_10_mb_is_drawn():
    page = publish(notebook("<h1>题</h1>", output(image__svg_xml=SVG), "<h2>后文</h2>"), ["html"])[
        "html"
    ].decode()
    assert unquote(page).count("L1 1") > 2_000_000
    assert "后文</h2>" in page


def test_the_cut_says_how_much():
    page = publish(notebook(stream("甲" * (LONGEST_TEXT + 1234)), language="zh"), ["html"])["html"].decode()
    assert "此处截去 1,234 字，全文共 101,234 字" in page
    rows = "<tr><td>甲</td></tr>" * (MOST_ROWS + 7)
    page = publish(notebook(f"<table>{rows}</table>", language="en"), ["html"])["html"].decode()
    assert "7 of the table's 2,007 rows are cut here" in page


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("一\n二", "一\n二"),
        ("一\r\n二", "一\n二"),
        ("10%\r20%\r100%", "100%"),
        ("100%\r9%", "9%0%"),
        ("下载 100%\r\x1b[K完成", "完成"),
        ("下载\x1b[2K\r完成", "完成"),
        ("\r进度 1\r进度 2", "进度 2"),
        ("a\r\r\rb\nc\rd", "b\nd"),
        ("1/9\b\b\b2/9", "2/9"),
        ("进度 5\r", "进度 5"),
        ("\b\b甲", "甲"),
    ],
)
def test_a_line_is_shown_as_a_terminal_shows_it(written, shown):
    assert as_shown(written) == shown


def test_only_the_last_state_of_a_progress_is_printed():
    text = "".join(f"\r处理 {n}/50000" for n in range(50_000))
    page = publish(notebook(stream(text + "\n完")), ["html"])["html"].decode()
    assert "处理 49999/50000" in page
    assert "处理 1/" not in page
