"""The page as a file: self-contained, small, strict about what may run, and made the same way every time."""

import base64
import hashlib
import re

import pytest
from lxml import html

from perfkit.publish import FORMATS, publish, warm
from perfkit.publish.html import PerfkitHTMLExporter
from tests.publish.notebooks import markdown, notebook, output


def page(*cells, **parameters):
    return publish(notebook(*cells, **parameters), ["html"])["html"].decode()


def region(*cells, **parameters):
    """Give what a cell becomes between the title and the script, on one line."""
    body = page("<h1>题</h1>", *cells, **parameters)
    main = html.document_fromstring(body).find(".//main")
    return "".join(html.tostring(child, encoding="unicode").strip() for child in main[1:])


@pytest.mark.parametrize("language", ["zh", "en"])
def test_it_is_small_and_asks_nobody(published, language):
    body = published(language)[1]["html"]
    assert len(body) <= 400_000
    tree = html.document_fromstring(body.decode())
    addresses = tree.xpath("//@src | //link/@href | //@srcset | //@action | //@data | //@poster")
    assert addresses
    assert all(address.startswith("data:image/") for address in addresses)
    assert not re.search(r"@import|url\(\s*['\"]?(?!#|data:)", "".join(tree.xpath("//style/text()")))


def test_the_policy_allows_its_own_style_and_script_by_hash_alone(published):
    tree = html.document_fromstring(published()[1]["html"].decode())
    (policy,) = tree.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules["default-src"] == "'none'"
    assert rules["img-src"] == "data:"
    assert "unsafe" not in policy
    for rule, element in (("style-src", "style"), ("script-src", "script")):
        sources = [hashlib.sha256(source.encode()).digest() for source in tree.xpath(f"//{element}/text()")]
        assert rules[rule] == " ".join(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in sources)
    assert rules["font-src"] == "data:"
    assert not tree.xpath("//@style")


@pytest.mark.parametrize(("language", "tag"), [("zh", "zh-CN"), ("en", "en")])
def test_it_tells_its_language_and_title(published, language, tag):
    tree = html.document_fromstring(published(language)[1]["html"].decode())
    assert tree.get("lang") == tag
    assert tree.findtext(".//title") == "在线学习工作经费"
    assert len(tree.findall(".//h1")) == 1
    assert len(tree.findall(".//main")) == 1


def test_the_contents_lead_to_every_section(published):
    tree = html.document_fromstring(published()[1]["html"].decode())
    sections = [h.get("id") for h in tree.iter("h2")]
    assert [a.get("href")[1:] for a in tree.findall(".//nav//a")] == sections
    assert len(sections) >= 8


def test_every_finding_mark_leads_to_its_finding(published):
    tree = html.document_fromstring(published()[1]["html"].decode())
    marks = [a.get("href") for a in tree.iter("a") if "pk-mark" in (a.get("class") or "")]
    assert marks
    assert all(tree.get_element_by_id(mark[1:]).tag == "li" for mark in marks)


def test_the_same_notebook_gives_the_same_page(published):
    notebook, pages = published()
    assert publish(notebook, ["html"])["html"] == pages["html"]
    page, _ = PerfkitHTMLExporter().from_notebook_node(notebook, {"metadata": {"name": "report"}})
    assert page.encode() == pages["html"]


def test_nbconvert_finds_both_exporters():
    from nbconvert.exporters import get_exporter

    assert get_exporter("perfkit-html") is PerfkitHTMLExporter
    assert get_exporter("perfkit-pdf").file_extension == ".pdf"


def test_warming_starts_no_typst():
    from perfkit.publish import pdf

    before = dict(pdf._threads)
    warm()
    assert pdf._threads == before


def test_publishing_in_no_format_gives_nothing():
    assert publish(notebook("<h1>题</h1>"), []) == {}
    assert FORMATS == ("html", "pdf", "docx")


def test_a_name_serves_where_there_is_no_heading():
    body = publish(notebook("<p>x</p>"), ["html"], name="online-learning-2022")["html"].decode()
    assert "<title>online-learning-2022</title>" in body


SNAPSHOTS = [
    (
        markdown("一*二*`三`"),
        '<div class="pk-cell pk-words"><p>一<em>二</em><code>三</code></p>\n</div>',
    ),
    (
        output(
            "<table class='dataframe'><thead><tr><th></th><th>数</th></tr></thead><tr><th>甲</th><td>1</td></tr></table>"
        ),
        (
            '<div class="pk-cell"><div class="pk-scroll" role="region" tabindex="0" aria-label="题">'
            '<table class="dataframe pk-data"><thead><tr><td></td><th scope="col" class="num">数</th></tr></thead>'
            '<tbody><tr><th scope="row">甲</th><td class="num">1</td></tr></tbody></table></div></div>'
        ),
    ),
    (
        output(text__plain="x\n<y>"),
        (
            '<div class="pk-cell"><div class="pk-scroll" role="region" tabindex="0" aria-label="代码">'
            '<pre class="pk-plain">x\n&lt;y&gt;</pre></div></div>'
        ),
    ),
    (
        output("<h2 id='a'>节</h2><details><summary>问</summary>答</details>"),
        '<div class="pk-cell"><h2 id="a">节</h2><details><summary>问</summary>答</details></div>',
    ),
]


@pytest.mark.parametrize(("cell", "snapshot"), SNAPSHOTS, ids=["markdown", "table", "plain", "details"])
def test_a_cell_becomes_this(cell, snapshot):
    assert region(cell) == snapshot
