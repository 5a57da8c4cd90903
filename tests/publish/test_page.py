"""The cells' fragments become one document: headings in order, ids and links that hold, nothing said twice."""

import pytest
from lxml import html

from perfkit.publish.images import Pictures
from perfkit.publish.page import compose


def body(fragment, title="名"):
    return compose(fragment, title=title, language="zh", pictures=Pictures(), folder=None)


def markup(fragment):
    return "".join(html.tostring(child, encoding="unicode") for child in body(fragment).main)


@pytest.mark.parametrize(
    ("fragment", "headings"),
    [
        ("<h1>甲</h1><h2>乙</h2>", ["h1 甲", "h2 乙"]),
        ("<h1>甲</h1><h3>乙</h3><h5>丙</h5>", ["h1 甲", "h2 乙", "h3 丙"]),
        ("<h1>甲</h1><h1>乙</h1><h2>丙</h2>", ["h1 甲", "h2 乙", "h2 丙"]),
        ("<h2>乙</h2><h1>甲</h1>", ["h2 乙", "h1 甲"]),
        ("<p>丙</p>", ["h1 名"]),
        ("<h1> </h1><h2>乙</h2>", ["h1 名", "h2 乙"]),
        ("<section><h2>乙</h2><div><h4>丙</h4></div></section>", ["h1 名", "h2 乙", "h3 丙"]),
    ],
)
def test_headings_are_in_order(fragment, headings):
    main = body(fragment).main
    assert [
        f"{h.tag} {h.text_content().strip()}" for h in main.iter("h1", "h2", "h3", "h4", "h5", "h6")
    ] == headings


def test_the_title_is_the_first_h1_or_the_name():
    assert body("<h1>甲 <small>乙</small></h1><h1>丙</h1>").title == "甲 乙"
    assert body("<p>x</p>", title="名").title == "名"


def test_the_contents_list_the_h2s():
    found = body("<h1>甲</h1><h2>乙</h2><h3>丙</h3><h2>乙</h2><h2 id='own'>丁</h2>").contents
    assert [(entry.id, entry.words) for entry in found] == [("乙", "乙"), ("乙-2", "乙"), ("own", "丁")]


def test_an_id_stands_once_and_never_in_the_way_of_the_page():
    assert markup("<h1 id='content'>甲</h1><p id='a'>1</p><p id='a'>2</p>").count("id=") == 2


@pytest.mark.parametrize(
    ("link", "kept"),
    [
        ('<a href="#a">x</a><p id="a">y</p>', 'href="#a"'),
        ('<a href="#b">x</a>', "<a>x</a>"),
        ('<a href="other.html">x</a>', "<a>x</a>"),
        ('<a href="data:text/html,x">x</a>', "<a>x</a>"),
        ('<a href="mailto:a@example.org">x</a>', 'href="mailto:a@example.org"'),
        ('<a href="https://example.org">x</a>', 'rel="noopener noreferrer"'),
    ],
)
def test_a_link_leads_somewhere(link, kept):
    assert kept in markup(link)


@pytest.mark.parametrize(
    ("style", "name"),
    [
        ("text-align:right", "pk-right"),
        ("font-weight: bold", "pk-bold"),
        ("TEXT-ALIGN: CENTER;", "pk-center"),
    ],
)
def test_a_style_becomes_a_class(style, name):
    made = markup(f'<p style="{style}">x</p>')
    assert f'class="{name}"' in made
    assert "style" not in made


@pytest.mark.parametrize(
    ("source", "result"),
    [
        ("<p>“مشروع”2022</p>", "<p>“<bdi>مشروع</bdi>”2022</p>"),
        ("<p><bdi>“مشروع”2022年</bdi></p>", "<p>“<bdi>مشروع</bdi>”2022年</p>"),
        ("<p><bdi>مشروع 1</bdi></p>", "<p><bdi>مشروع 1</bdi></p>"),
        ("<p>a<b>x</b> שלום עולם b</p>", "<p>a<b>x</b> <bdi>שלום עולם</bdi> b</p>"),
        ("<p>שלום，עולם</p>", "<p><bdi>שלום</bdi>，<bdi>עולם</bdi></p>"),
    ],
)
def test_right_to_left_text_is_set_apart(source, result):
    assert result in markup(source)


def test_year_and_unit_are_read_off_the_page():
    made = body(
        "<h1>甲</h1><p class='pk-subtitle'>财政局 · 2022 年度</p>"
        "<table><tr><th>实施单位</th><td>评审中心</td></tr></table>"
    )
    assert (made.year, made.unit) == ("2022", "评审中心")
    assert (body("<p>2022</p>").year, body("<p>2022</p>").unit) == ("", "")


def test_a_long_figure_is_set_smaller():
    assert "pk-many" in markup('<dl class="pk-figures"><dt>发现</dt><dd>1 错误 · 35 警告</dd></dl>')
    assert "pk-many" not in markup(
        '<dl class="pk-figures"><dt>得分</dt><dd>87.14 <small>Good (良)</small></dd></dl>'
    )
