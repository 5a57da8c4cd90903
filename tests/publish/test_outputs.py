"""What an output of a cell becomes: its richest harmless form, or a note that something was left out."""

import base64
from io import BytesIO

import pytest
from nbformat.v4 import new_output
from PIL import Image

from perfkit.publish.images import Pictures
from perfkit.publish.outputs import fragment_of

SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="10pt" height="5pt"><rect width="1" height="1"/></svg>'
NOTE = "交互内容"


def png(size=(40, 20)):
    out = BytesIO()
    Image.new("RGB", size).save(out, "PNG")
    return base64.b64encode(out.getvalue()).decode()


def shown(data, metadata=None, language="zh"):
    output = new_output("display_data", data, metadata=metadata or {})
    return fragment_of(output, Pictures(), language)


@pytest.mark.parametrize(
    ("data", "part"),
    [
        ({"text/html": "<b>甲</b>", "text/plain": "乙"}, "<b>甲</b>"),
        ({"text/html": ["<b>", "甲</b>"]}, "<b>甲</b>"),
        ({"text/html": "<script>x</script>", "image/png": png()}, "pk-figure:0"),
        ({"text/html": "<div></div>", "text/plain": "乙"}, "乙"),
        ({"image/svg+xml": SVG, "text/plain": "乙"}, "pk-figure:0"),
        ({"image/svg+xml": "no drawing", "text/plain": "乙"}, "乙"),
        ({"image/png": png(), "text/plain": "<Figure size>"}, "pk-figure:0"),
        ({"image/png": "no picture", "text/plain": "乙"}, "乙"),
        ({"text/markdown": "**甲**", "text/plain": "乙"}, "<strong>甲</strong>"),
        ({"text/latex": "$x$"}, '<p><img src="pk-formula:0"></p>'),
        ({"text/latex": "\\nosuch{x"}, '<pre class="pk-plain">\\nosuch{x</pre>'),
        ({"text/plain": "\x1b[31m<甲>\x1b[0m"}, '<pre class="pk-plain">&lt;甲&gt;</pre>'),
        ({"application/vnd.jupyter.widget-view+json": {}, "text/plain": "IntSlider()"}, NOTE),
        ({"application/javascript": "x()", "text/plain": "<Javascript>"}, NOTE),
        ({"text/html": "<script>plot()</script>", "text/plain": "<Plot>"}, NOTE),
        ({"application/vnd.plotly.v1+json": {}, "text/html": "<div><script>x</script></div>"}, NOTE),
        ({"application/json": {"a": 1}}, NOTE),
    ],
)
def test_the_richest_harmless_form_is_shown(data, part):
    assert part in shown(data)


@pytest.mark.parametrize("nothing", ["", "\n", [""]])
def test_what_shows_itself_as_nothing_is_nothing(nothing):
    assert shown({"text/html": nothing, "text/plain": "Section(key='review', blocks=())"}) == ""


@pytest.mark.parametrize("metadata", [{"alt": "一句"}, {"image/png": {"alt": "一句"}}])
def test_the_sentence_of_a_picture_comes_from_its_metadata(metadata):
    assert 'alt="一句"' in shown({"image/png": png()}, metadata)


def test_a_stream_is_shown_small_and_warnings_not_at_all():
    assert (
        fragment_of(new_output("stream", name="stdout", text="甲\n"), Pictures(), "zh")
        == '<pre class="pk-stream">甲</pre>'
    )
    assert fragment_of(new_output("stream", name="stderr", text="甲\n"), Pictures(), "zh") == ""
    assert fragment_of(new_output("stream", name="stdout", text="\n"), Pictures(), "zh") == ""


@pytest.mark.parametrize(("language", "words"), [("zh", "这一步出错"), ("en", "This step failed")])
def test_an_error_is_shown_as_one(language, words):
    error = new_output("error", ename="ValueError", evalue="<b>坏</b>", traceback=["File /srv/secret/x.py"])
    fragment = fragment_of(error, Pictures(), language)
    assert words in fragment
    assert "ValueError: &lt;b&gt;坏&lt;/b&gt;" in fragment
    assert "/srv/secret" not in fragment


def test_a_note_speaks_the_language_of_the_report():
    assert "left out" in shown({"application/javascript": "x()"}, language="en")
