"""Chinese reads right in a browser that finds no Chinese font: the page carries the glyphs it needs."""

import re
import shutil

import pytest
from playwright.sync_api import sync_playwright

from perfkit.publish import publish
from perfkit.publish.theme import LARGEST, font_face
from tests.batch.light import add_project, light_report, make_workspace
from tests.publish.notebooks import markdown, notebook, output

CHROMIUM = shutil.which("chromium")
FONTS = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>{folder}</dir><cachedir>{cache}</cachedir></fontconfig>"""
DRAWING = """<svg xmlns="http://www.w3.org/2000/svg" width="200" height="40"><rect width="200" height="40" fill="#fff"/>
<text x="4" y="30" {family}>绩效</text></svg>"""


@pytest.fixture(scope="module")
def without_chinese(tmp_path_factory):
    """Give a browser on a machine whose only font is DejaVu Sans."""
    from matplotlib import get_data_path

    folder = tmp_path_factory.mktemp("fonts")
    shutil.copy(f"{get_data_path()}/fonts/ttf/DejaVuSans.ttf", folder)
    (folder / "fonts.conf").write_text(FONTS.format(folder=folder, cache=folder / "cache"))
    environment = {
        "FONTCONFIG_FILE": str(folder / "fonts.conf"),
        "HOME": str(folder),
        "PATH": "/usr/bin:/bin",
    }
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"], env=environment)
        yield browser
        browser.close()


def fonts_of(browser, path, selector):
    """Give how many glyphs of an element come from the page's own font, and how many from the machine's."""
    page = browser.new_page()
    page.goto(path.as_uri())
    page.evaluate("document.fonts.ready")
    session = page.context.new_cdp_session(page)
    session.send("DOM.enable")
    session.send("CSS.enable")
    root = session.send("DOM.getDocument")["root"]["nodeId"]
    node = session.send("DOM.querySelector", {"nodeId": root, "selector": selector})["nodeId"]
    used = session.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]
    page.close()
    own = sum(font["glyphCount"] for font in used if font["isCustomFont"])
    return own, sum(font["glyphCount"] for font in used) - own


@pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")
@pytest.mark.parametrize(
    "selector", ["h1", "p.pk-headline", "table caption", "nav li a", "pre", "mtext", "figcaption"]
)
def test_every_chinese_character_is_drawn_by_the_page_itself(without_chinese, tmp_path, selector):
    made = notebook(
        '<h1>在线学习工作经费</h1><p class="pk-headline">得分很高，等级优。</p><h2>一章</h2><h2>二章</h2>',
        "<table><caption>各维度得分</caption><tr><td>一</td></tr></table><pre>代码注释</pre>",
        "<figure><p>图</p><figcaption>图的说明</figcaption></figure>",
        markdown(r"$\text{完成率}$"),
        language="zh",
    )
    path = tmp_path / "report.html"
    path.write_bytes(publish(made, ["html"])["html"])
    own, other = fonts_of(without_chinese, path, selector)
    assert own >= 2
    assert other == 0


def chinese_left_over(browser, path):
    """Give the texts of a page with Chinese in them that the page's own font does not draw whole."""
    page = browser.new_page()
    page.goto(path.as_uri())
    page.evaluate("document.fonts.ready")
    page.evaluate("""for (const element of document.querySelectorAll("body *"))
        if ([...element.childNodes].some(node => node.nodeType === 3 && /[\\u4e00-\\u9fff]/.test(node.data))
            && element.checkVisibility() && !element.closest("script, style, option")) element.dataset.asked = 1""")
    session = page.context.new_cdp_session(page)
    session.send("DOM.enable")
    session.send("CSS.enable")
    root = session.send("DOM.getDocument", {"depth": -1})["root"]["nodeId"]
    nodes = session.send("DOM.querySelectorAll", {"nodeId": root, "selector": "[data-asked]"})["nodeIds"]
    texts = page.evaluate(
        "[...document.querySelectorAll('[data-asked]')].map(element => element.textContent)"
    )
    left = {}
    for node, text in zip(nodes, texts, strict=True):
        used = session.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]
        if sum(font["glyphCount"] for font in used if font["isCustomFont"]) == 0:
            left[text] = [font["familyName"] for font in used]
    page.close()
    return left, len(nodes)


@pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")
def test_the_index_is_drawn_by_itself_too(without_chinese, tmp_path):
    for name in ("a", "b"):
        add_project(make_workspace(tmp_path) if name == "a" else tmp_path, name)
    light_report(tmp_path, rows=True)
    left, asked = chinese_left_over(without_chinese, tmp_path / "reports" / "index.html")
    assert asked > 20
    assert left == {}


@pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")
@pytest.mark.parametrize(
    "family", ["", 'font-family="SimSun"', 'style="font-family: SimHei"', 'style="font: 20px Arial"']
)
def test_a_drawings_text_is_drawn_too(without_chinese, tmp_path, family):
    """A box for a missing glyph is the same for every character: two words look different with glyphs alone."""
    (tmp_path / "theme.yaml").write_text("glyphs: false\n")
    looks = {}
    for text in ("绩效", "完成"):
        for theme in ("", "theme.yaml"):
            drawing = DRAWING.format(family=family).replace("绩效", text)
            made = notebook("<h1>题</h1>", output(image__svg_xml=drawing), theme=theme)
            path = tmp_path / "report.html"
            path.write_bytes(publish(made, ["html"], folder=str(tmp_path))["html"])
            page = without_chinese.new_page()
            page.goto(path.as_uri())
            looks[text, theme] = page.locator("figure img").screenshot()
            page.close()
    assert looks["绩效", ""] != looks["完成", ""]
    assert looks["绩效", "theme.yaml"] == looks["完成", "theme.yaml"]


def test_the_glyphs_are_small_and_the_policy_names_them(published):
    page = published()[1]["html"].decode()
    assert len(page) < 400_000
    assert "font-src data:" in page
    assert re.search(r'@font-face\{font-family:"Report Glyphs";src:url\(data:font/otf;base64,', page)


def test_a_theme_may_leave_them_out(tmp_path):
    (tmp_path / "theme.yaml").write_text("glyphs: false\n")
    page = publish(notebook("<h1>题</h1>", theme="theme.yaml"), ["html"], folder=str(tmp_path))[
        "html"
    ].decode()
    assert "@font-face" not in page
    assert "font-src" not in page


def test_a_page_of_ten_thousand_characters_keeps_within_the_bound():
    every = "".join(map(chr, range(0x4E00, 0x9FA5)))
    assert 400_000 < len(font_face(every)) <= LARGEST


def test_what_is_used_most_has_its_glyphs_first():
    from base64 import b64decode
    from io import BytesIO

    from fontTools.ttLib import TTFont

    every = "".join(map(chr, range(0x4E00, 0x9FA5))) + "绩效" * 3
    carried = b64decode(font_face(every, 60_000).split("base64,")[1].split(")")[0])
    assert {ord("绩"), ord("效")} <= set(TTFont(BytesIO(carried)).getBestCmap())


@pytest.mark.parametrize("page", ["", "plain ASCII", "\ue000"])
def test_a_page_without_chinese_carries_nothing(page):
    assert font_face(page) == ""
