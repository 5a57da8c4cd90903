"""What of a notebook's HTML reaches a reader: a table of what goes in and what comes out, and what never does."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfkit.publish.cleaning import clean


@pytest.mark.parametrize(
    ("dirty", "cleaned"),
    [
        ("<p onclick=x()>甲<script>1</script></p>", "<p>甲</p>"),
        ("<b>甲", "<b>甲</b>"),
        ("<style>p{}</style>乙", "乙"),
        ("<a href='javascript:x()'>甲</a>", "<a>甲</a>"),
        ("<a href='java\nscript:x()'>甲</a>", "<a>甲</a>"),
        ("<a href='#PK1' target=_top>甲</a>", '<a href="#PK1">甲</a>'),
        ("<td colspan=2>甲</td>", "甲"),
        (
            "<table border=1><tr><td colspan=2>甲",
            '<table><tbody><tr><td colspan="2">甲</td></tr></tbody></table>',
        ),
        ("<p style='color:red;text-align:right'>甲</p>", '<p style="text-align:right">甲</p>'),
        ("<div role=region tabindex=0>甲</div>", '<div role="region" tabindex="0">甲</div>'),
        ("<div role=alert tabindex=9>甲</div>", "<div>甲</div>"),
        ("<main>甲</main>", "甲"),
        ("<textarea>甲</textarea>乙", "乙"),
        ("&lt;script&gt;", "&lt;script&gt;"),
        ("a\u202eb&#8238;c", "a[U+202E]b[U+202E]c"),
        ("a\x00b&#1;\ud800", "a[U+0000]b[U+0001][U+D800]"),
        ("\uf0b7甲\U000f0000", "[U+F0B7]甲[U+F0000]"),
        ("<!-- 甲 -->乙", "乙"),
    ],
)
def test_a_fragment_is_reduced_to_what_may_be_published(dirty, cleaned):
    assert clean(dirty).replace(": ", ":") == cleaned


_PARTS = st.sampled_from(
    ["<", ">", '"', "'", "/", "=", " ", "&", ";", "<script", "</script>", "<svg", "<style>", "<!--", "-->", "]]>", "onload",
     "javascript:", "<img src=x ", "<math>", "<template>", "<table>", "<p>", "<a href=", "\x00", "\u202e", "甲"]
)  # fmt: skip


@given(st.lists(_PARTS, max_size=25).map("".join))
def test_nothing_that_runs_is_left(soup):
    cleaned = clean(soup)
    for tag in re.findall(r"<[^>]*>", cleaned):
        assert not re.match(r"</?(script|style|svg|math|iframe|template|form|object)\b", tag)
        assert not re.search(r"\son\w+\s*=|href=\"\s*javascript", tag)
    assert clean(cleaned) == cleaned
    assert not set(cleaned) & {"\x00", "\u202e"}
