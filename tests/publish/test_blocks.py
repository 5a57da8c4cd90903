"""The body as data for Typst: text stays text, every element of the vocabulary has its node."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from perfkit.publish.blocks import Blocks
from perfkit.publish.cleaning import clean
from perfkit.publish.pictures import Pictures
from perfkit.publish.places import place_of, texts_in


def nodes(markup):
    main = html.fragment_fromstring(markup, create_parent="main")
    return Blocks(Pictures(), main).flow(main)


def p(*content, names=()):
    return {"t": "p", "c": list(content), "k": list(names)}


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("甲 <b>乙</b>\n丙", [p("甲 ", {"t": "strong", "c": ["乙"]}, " 丙")]),
        ("<p>  甲   乙  </p>", [p("甲 乙")]),
        ("<p></p><p> </p>", []),
        ("甲<p>乙</p>丙", [p("甲"), p("乙"), p("丙")]),
        (
            "<h3>甲</h3><h3>乙</h3>",
            [{"t": "h", "level": 1, "c": ["甲"]}, {"t": "h", "level": 2, "c": ["乙"]}],
        ),
        ("<p class='pk-lead'>甲</p>", [p("甲", names=["pk-lead"])]),
        ("<div><div>甲</div></div>", [p("甲")]),
        ("<div class='pk-failure'>甲</div>", [{"t": "failure", "c": [p("甲")]}]),
        ("<pre>" + "a" * 90 + "</pre>", [{"t": "pre", "c": "a" * 80 + "\n" + "a" * 10, "k": []}]),
        (
            "<ol start=3><li>甲</li></ol>",
            [{"t": "ol", "c": [{"c": [p("甲")], "k": []}], "k": [], "start": 3}],
        ),
        ("<ul></ul>", []),
        ("<pre>a\n  b\n</pre>", [{"t": "pre", "c": "a\n  b", "k": []}]),
        ("<hr>", [{"t": "hr"}]),
        ("<p>甲<br>乙</p>", [p("甲", {"t": "br"}, "乙")]),
        ("<p>#set $x$ *a* \\ [b] @c</p>", [p("#set $x$ *a* \\ [b] @c")]),
        ("<blockquote>甲</blockquote>", [{"t": "quote", "c": [p("甲")]}]),
        ("<p>x<sub>2</sub></p>", [p("x", {"t": "sub", "c": ["2"]})]),
        ("<p><bdi>שלום</bdi>2</p>", [p("\u2068שלום\u20692")]),
        ("<p><img src='pk-figure:9'></p>", []),
    ],
)
def test_an_element_becomes_its_node(markup, expected):
    assert nodes(markup) == expected


def test_details_keep_their_body_where_there_is_room():
    markup = "<details><summary>问</summary><p>答</p></details>"
    assert list(texts_in(nodes(markup))) == ["问", "答"]
    (table,) = nodes(f"<table><tr><td>{markup}</td></tr></table>")
    assert list(texts_in(table["body"])) == ["问"]


def test_a_word_too_long_for_any_line_comes_in_pieces_that_join_to_it():
    word = "a1" * 40
    content = nodes(f"<p>甲 {word} 乙</p>")[0]["c"]
    assert "".join(texts_in(content)) == f"甲 {word} 乙"
    assert max(len(text) for text in texts_in(content)) <= 6


def test_a_table_keeps_its_spans_and_sections():
    (table,) = nodes(
        "<table class='pk-official'><caption>题</caption><thead><tr><th scope=col>甲</th><th>乙</th></tr></thead>"
        "<tbody><tr><th rowspan=2>a</th><td class=num>1</td></tr><tr><td>2</td></tr></tbody>"
        "<tfoot><tr><td colspan=2>合</td></tr></tfoot></table>"
    )
    assert table["caption"] == ["题"]
    assert [len(row["c"]) for row in table["head"]] == [2]
    assert [(row["foot"], [(c["x"], c["y"], c["whole"]) for c in row["c"]]) for row in table["body"]] == [
        (False, [(1, 2, False), (1, 1, True)]),
        (False, [(1, 1, True)]),
        (True, [(2, 1, True)]),
    ]


def test_only_what_a_link_leads_to_is_an_anchor():
    content = nodes('<p><a href="#a">甲</a></p><p id="a">乙</p><p id="b">丙</p>')
    assert {"t": "anchor", "id": "a"} in content[1]["c"]
    assert content[2]["c"] == ["丙"]


def test_a_character_is_placed_under_its_heading():
    body = nodes("<h2>一</h2><p>前文</p><div><h2>二</h2><p>某某𠮷田某某</p></div>")
    assert place_of("𠮷", {"title": "题", "body": body}) == "“二”, “某某𠮷田某某”"


@given(st.text(max_size=60))
def test_no_text_is_lost_or_changed_on_the_way(text):
    safe = text.replace("&", "&amp;").replace("<", "&lt;")
    cleaned = clean(f"<p>{safe}</p>")
    expected = " ".join(
        "".join(html.fragment_fromstring(cleaned).itertext()).replace("\xa0", "\xa0").split(" ")
    )
    made = nodes(cleaned)
    shown = "".join(texts_in(made))
    assert json.loads(json.dumps(made)) == made
    assert "".join(shown.split()).replace("\u2068", "") == "".join(expected.split()).replace("\u2068", "")
