"""The body as typed blocks: text stays text, every element of the vocabulary has its block."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree, html

from perfkit.publish.block_reader import blocks_of
from perfkit.publish.blocks import (
    Anchor,
    Break,
    Code,
    Definitions,
    Failure,
    Figure,
    Finding,
    Form,
    Heading,
    Items,
    Link,
    Mark,
    Paragraph,
    Quotation,
    Rule,
    Styled,
    Table,
    texts_in,
)
from perfkit.publish.cleaning import clean
from perfkit.publish.images import Pictures


def blocks(markup):
    main = html.fragment_fromstring(markup, create_parent="main")
    before = etree.tostring(main)
    made = blocks_of(main, Pictures()).content
    assert etree.tostring(main) == before, "the tree is read, not changed"
    return made


def p(*content, kind=""):
    return Paragraph(content, kind)


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("甲 <b>乙</b>\n丙", [p("甲 ", Styled("strong", ("乙",)), " 丙")]),
        ("<p>  甲   乙  </p>", [p("甲 乙")]),
        ("<p></p><p> </p>", []),
        ("甲<p>乙</p>丙", [p("甲"), p("乙"), p("丙")]),
        ("<h3>甲</h3><h3>乙</h3>", [Heading(1, ("甲",)), Heading(2, ("乙",))]),
        ("<p class='pk-lead'>甲</p>", [p("甲", kind="lead")]),
        ("<p class='pk-where'>甲</p>", [p("甲", kind="note")]),
        ("<div><div>甲</div></div>", [p("甲")]),
        ("<div class='pk-failure'>甲</div>", [Failure((p("甲"),))]),
        ("<ol start=3><li>甲</li></ol>", [Items(((p("甲"),),), 3)]),
        ("<ol start=0><li>甲</li></ol>", [Items(((p("甲"),),), 1)]),
        ("<ul><li>甲</li><li>乙</li></ul>", [Items(((p("甲"),), (p("乙"),)))]),
        ("<ul></ul>", []),
        ("<ol class='pk-findings'><li class='pk-error'>甲</li></ol>", [Finding("error", (p("甲"),))]),
        ("<pre>a\n  b\n</pre>", [Code("a\n  b")]),
        ("<pre class='pk-code'>a</pre>", [Code("a", python=True)]),
        ("<hr>", [Rule()]),
        ("<p>甲<br>乙</p>", [p("甲", Break(), "乙")]),
        ("<p>#set $x$ *a* \\ [b] @c</p>", [p("#set $x$ *a* \\ [b] @c")]),
        ("<blockquote>甲</blockquote>", [Quotation((p("甲"),))]),
        ("<p>x<sub>2</sub></p>", [p("x", Styled("sub", ("2",)))]),
        ("<p><span class='pk-loss'>扣</span></p>", [p(Styled("loss", ("扣",)))]),
        ("<p><a href='https://a'>甲</a></p>", [p(Link("https://a", ("甲",)))]),
        ("<p><a class='pk-mark pk-error' href='#x'>甲</a></p>", [p(Mark("error", "#x", ("甲",)))]),
        ("<p><bdi>שלום</bdi>2</p>", [p("\u2068שלום\u20692")]),
        ("<p><img src='pk-figure:9'></p>", []),
        ("<figure>甲<figcaption>乙</figcaption></figure>", [Figure((p("甲"),), ("乙",))]),
    ],
)
def test_an_element_becomes_its_block(markup, expected):
    assert list(blocks(markup)) == expected


def test_details_keep_their_body_where_there_is_room():
    markup = "<details><summary>问</summary><p>答</p></details>"
    assert list(texts_in(blocks(markup))) == ["问", "答"]
    (table,) = blocks(f"<table><tr><td>{markup}</td></tr></table>")
    assert list(texts_in(table)) == ["问"]


def test_pairs_keep_all_their_answers():
    (found,) = blocks("<dl class=pk-provenance><div><dt>甲</dt><dd>一</dd><dd>二</dd></div></dl>")
    assert isinstance(found, Definitions)
    assert (found.kind, list(texts_in(found))) == ("provenance", ["甲", "一", "二"])


def test_a_table_keeps_its_spans_and_sections():
    (form,) = blocks(
        "<section><table class='pk-official'><caption>题</caption><thead><tr><th scope=col>甲</th><th>乙</th></tr></thead>"
        "<tbody><tr><th rowspan=2 scope=row>a</th><td class='num loss'>1</td></tr><tr><td>2</td></tr></tbody>"
        "<tfoot><tr><td colspan=2>合</td></tr></tfoot></table></section>"
    )
    assert isinstance(form, Form)
    (table,) = form.content
    assert isinstance(table, Table)
    assert (table.caption, table.official, table.columns) == (("题",), True, 2)
    assert [[cell.heads for cell in row.cells] for row in table.head] == [["column", "column"]]
    assert [(row.foot, [(c.column, c.across, c.down) for c in row.cells]) for row in table.body] == [
        (False, [(0, 1, 2), (1, 1, 1)]),
        (False, [(1, 1, 1)]),
        (True, [(0, 2, 1)]),
    ]
    first, second = table.body[0].cells
    assert (first.heads, second.align, second.tone, second.number) == ("row", "right", "loss", True)


def test_only_what_a_link_leads_to_is_an_anchor():
    first, second, third = blocks('<p><a href="#a">甲</a></p><p id="a">乙</p><p id="b">丙</p>')
    assert first == p(Link("#a", ("甲",)))
    assert second == p(Anchor("a"), "乙")
    assert third == p("丙")


def test_an_anchor_that_is_not_printed_is_none():
    main = html.fragment_fromstring(
        '<a href="#a">甲</a><table><tr><td><details><p id="a">乙</p></details></td></tr></table>',
        create_parent="main",
    )
    assert blocks_of(main, Pictures()).anchors == frozenset()


@given(st.text(max_size=60))
def test_no_text_is_lost_or_changed_on_the_way(text):
    safe = text.replace("&", "&amp;").replace("<", "&lt;")
    cleaned = clean(f"<p>{safe}</p>")
    expected = " ".join("".join(html.fragment_fromstring(cleaned).itertext()).split(" "))
    shown = "".join(texts_in(blocks(cleaned)))
    assert "".join(shown.split()).replace("\u2068", "") == "".join(expected.split()).replace("\u2068", "")
