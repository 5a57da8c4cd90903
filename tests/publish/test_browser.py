"""The page as a reader has it: in Chromium, from disk, without network, by keyboard, on a phone, on paper."""

from dataclasses import replace
from io import BytesIO

import pdfplumber
import pypdfium2 as pdfium
import pytest

from perfkit.display import tables
from perfkit.publish import publish
from tests.display import samples
from tests.publish.notebooks import markdown, notebook, output
from tests.publish.odd import ODD

pytestmark = pytest.mark.browser
A4_INSIDE = 604  # CSS pixels between margins of 25 mm


def violations(opened):
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(opened.page).response["violations"]
    return [(item["id"], [node["html"][:120] for node in item["nodes"]][:3]) for item in found]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_report_is_quiet_asks_nobody_and_is_accessible(opened, published, language):
    it = opened(published(language)[1]["html"])
    it.page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    for scheme in ("light", "dark"):
        it.page.emulate_media(color_scheme=scheme)
        assert violations(it) == []
    assert it.console == []
    assert it.requests == []


@pytest.mark.parametrize("name", sorted(ODD))
def test_an_odd_report_fits_a_phone_and_says_nothing_on_the_console(opened, odd, name):
    it = opened(odd(name)["html"], width=390)
    assert it.page.evaluate("document.documentElement.scrollWidth") <= 390
    assert it.console == []
    assert it.requests == []


def test_the_report_fits_a_phone(opened, published):
    it = opened(published()[1]["html"], width=390)
    assert it.page.evaluate("document.documentElement.scrollWidth") <= 390
    assert it.page.locator(".pk-scroll").first.evaluate("r => r.scrollWidth > 0 && r.tabIndex === 0")


def test_a_table_of_few_columns_is_seen_whole_on_a_phone(opened, published):
    it = opened(published()[1]["html"], width=390)
    seen = it.page.locator(".pk-scroll").evaluate_all(
        "all => all.filter(r => r.querySelector('.pk-data') && r.querySelectorAll('thead th').length <= 5)"
        ".map(r => r.clientWidth / r.scrollWidth)"
    )
    assert len(seen) >= 2
    assert min(seen) > 0.9


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_wide_table_stands_as_labelled_cards_on_a_phone_and_as_a_table_elsewhere(
    opened, published, language
):
    it = opened(published(language)[1]["html"], width=390)
    for name, fewest in ((".pk-explanations", 60), (".pk-official-rows", 60), (".pk-official-head", 20)):
        table = it.page.locator(name)
        assert table.evaluate("t => t.scrollWidth <= t.parentElement.clientWidth && t.offsetWidth > 300")
        assert table.evaluate("t => t.parentElement.scrollWidth <= t.parentElement.clientWidth")
        shown = "getComputedStyle(c, '::before').content === JSON.stringify(c.dataset.label)"
        labels = table.evaluate(f"t => [...t.querySelectorAll('[data-label]')].filter(c => {shown}).length")
        assert labels >= fewest
        assert table.locator("tbody tr").first.evaluate("r => getComputedStyle(r).display") == "flex"
    it.page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    assert it.page.evaluate("document.documentElement.scrollWidth") <= 390
    assert violations(it) == []
    it.page.emulate_media(media="print")
    displayed = it.page.locator(".pk-stack tbody tr").evaluate_all(
        "all => [...new Set(all.map(r => getComputedStyle(r).display))]"
    )
    assert displayed == ["table-row"]


def test_pictures_are_drawn(opened, published):
    it = opened(published()[1]["html"])
    widths = it.page.evaluate("[...document.images].map(image => image.naturalWidth)")
    assert len(widths) == 4
    assert all(width > 100 for width in widths)


def test_a_score_opens_by_keyboard(opened, published):
    it = opened(published()[1]["html"], script=False)
    summary = it.page.locator("details.pk-why > summary").first
    summary.focus()
    it.page.keyboard.press("Enter")
    assert it.page.locator("details.pk-why[open] > :not(summary)").first.is_visible()


def test_the_first_key_leads_past_the_head(opened, published):
    it = opened(published()[1]["html"])
    it.page.keyboard.press("Tab")
    skip = it.page.locator(":focus")
    assert skip.get_attribute("href") == "#content"
    assert skip.bounding_box()["y"] >= 0


def test_everything_is_read_without_script(opened, published):
    it = opened(published()[1]["html"], script=False)
    assert it.page.locator("button").count() == 0
    assert it.page.locator("main h2").count() == it.page.locator("nav a").count()


def test_all_explanations_open_at_once(opened, published):
    it = opened(published()[1]["html"])
    it.page.get_by_role("button", name="展开全部说明").click()
    assert it.page.locator("details:not([open])").count() == 0


def test_a_table_is_copied_as_a_spreadsheet_takes_it(opened):
    table = "<table><tr><th>项</th><th>数</th></tr><tr><td>甲 <a class='pk-mark'>PK1</a></td><td>1,234</td></tr></table>"
    it = opened(publish(notebook("<h1>题</h1>", table), ["html"])["html"])
    it.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    it.page.get_by_role("button", name="复制表格").click()
    it.page.get_by_role("button", name="已复制").wait_for()
    assert it.page.evaluate("navigator.clipboard.readText()") == "项\t数\n甲\t1,234"


def test_a_long_table_sorts_by_number(opened):
    rows = "".join(
        f"<tr><td>{name}</td><td>{figure}</td></tr>"
        for name, figure in zip("abcdefgh", ["5", "1,000", "9", "—", "2", "3", "7", "4"], strict=True)
    )
    page = publish(
        notebook(f"<table><thead><tr><th>a</th><th>数</th></tr></thead><tbody>{rows}</tbody></table>"),
        ["html"],
    )
    it = opened(page["html"])
    it.page.get_by_role("button", name="数").click()
    order = it.page.locator("tbody td:nth-child(2)").all_inner_texts()
    assert order == ["2", "3", "4", "5", "7", "9", "1,000", "—"]
    assert it.page.locator("th[aria-sort=ascending]").count() == 1


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>document.title='pwned'</script>",
        "<img src=x onerror=\"document.title='pwned'\">",
        "<svg onload=\"document.title='pwned'\"><script>document.title='pwned'</script></svg>",
        "<iframe srcdoc=\"<script>parent.document.title='pwned'</script>\"></iframe>",
        "<style>@import 'http://example.org/a.css'; body{background:url(http://example.org/b)}</style><p>x</p>",
        "<link rel=stylesheet href=http://example.org/c.css><img src=http://example.org/d.png>",
        "<form action=http://example.org><input autofocus onfocus=alert(1)></form>",
        "<a href=\"javascript:document.title='pwned'\" id=go>x</a>",
        "<math><mtext><table><mglyph><style><img src=x onerror=\"document.title='pwned'\">",
        "<base href=http://example.org/><meta http-equiv=refresh content='0;url=http://example.org'>",
        '<div style="background:url(http://example.org/e)">x</div>',
    ],
)
def test_an_output_can_neither_run_nor_ask(opened, hostile):
    pages = publish(notebook("<h1>题</h1>", hostile, markdown(hostile)), ["html"])
    it = opened(pages["html"])
    for link in it.page.locator("#go").all():
        link.click()
    assert it.page.title() == "题"
    assert it.requests == []
    assert it.console == []


def test_form_text_is_shown_never_obeyed(opened, odd):
    it = opened(odd("hostile")["html"])
    assert (
        '<script>alert(1)</script> #import "x" $x$ *a* _b_ </details>' in it.page.locator("h1").inner_text()
    )
    assert it.page.locator("main script").count() == 0
    assert "甲[U+202E]乙[U+2066]丙[U+0007]丁" in it.page.locator("main").inner_text()


def test_print_gives_a4_with_margins_and_no_cut_row(opened, odd):
    paper = opened(odd("two-hundred-rows")["html"]).page.pdf(prefer_css_page_size=True)
    with pdfium.PdfDocument(paper) as printed:
        assert {tuple(round(side) for side in page.get_size()) for page in printed} <= {
            (595, 842),
            (596, 842),
        }
        pages = [page.get_textpage().get_text_range() for page in printed]
    assert all(any(f"指标{n}" in text for text in pages) for n in range(200))
    for head in ("三级指标", "序号"):
        assert sum(head in text for text in pages) >= 4
    with pdfplumber.open(BytesIO(paper)) as printed:
        for page in (printed.pages[0], printed.pages[6]):
            body = [c for c in page.chars if c["bottom"] < page.height - 70 and c["text"].strip()]
            assert all(c["x0"] >= 69 and c["x1"] <= page.width - 69 and c["top"] >= 69 for c in body)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_official_table_fits_the_paper_with_all_that_a_review_adds(opened, language):
    card = samples.reviewed()
    row = replace(
        card.indicators[1].indicator, opinion="佐证材料不全，只查到八份合同，其余未见归档，请补充后复核"
    )
    rows = (card.indicators[0], replace(card.indicators[1], indicator=row), *card.indicators[2:])
    form = replace(card.form, indicators=tuple(row.indicator for row in rows))
    table = tables.official(replace(card, form=form, indicators=rows), language=language)
    it = opened(publish(notebook(table.text, language=language), ("html",))["html"], width=A4_INSIDE)
    it.page.emulate_media(media="print")
    widths = it.page.evaluate("[...document.querySelectorAll('table')].map(t => t.offsetWidth)")
    assert len(widths) == 2
    assert max(widths) <= A4_INSIDE
    narrowest = "[...document.querySelectorAll('.pk-official-head th[scope=row]')].map(t => t.offsetWidth)"
    assert min(it.page.evaluate(narrowest)) > 40


def test_a_dark_reader_prints_on_white(opened, published):
    paper = opened(published()[1]["html"], scheme="dark").page.pdf(prefer_css_page_size=True)
    with pdfplumber.open(BytesIO(paper)) as printed:
        rects = [r for r in printed.pages[0].rects if r["width"] > 500 and r["height"] > 700]
    assert all(r["non_stroking_color"] in ((1,), (1, 1, 1), 1, None) for r in rects)


def test_a_wide_table_scrolls_in_its_own_region(opened):
    cells = "".join(f"<td>{'长内容' * 4}{n}</td>" for n in range(20))
    pages = publish(notebook(f"<h1>题</h1><table><tbody><tr>{cells}</tr></tbody></table>"), ["html"])
    it = opened(pages["html"], width=390)
    region = it.page.get_by_role("region").first
    assert region.evaluate("r => r.scrollWidth > r.clientWidth")
    assert it.page.evaluate("document.documentElement.scrollWidth") <= 390


def test_an_analysts_page_is_accessible(opened):
    import pandas as pd

    frame = pd.DataFrame({"项目": ["甲", "乙"], "得分": [1.5, None]})
    pages = publish(
        notebook(
            "<h1>题</h1>",
            markdown(
                "# 又一题\n\n### 跳级\n\n- a\n- b\n\n| x | y |\n|---|---:|\n| 1 | 2 |\n\n```python\nprint(1)\n```"
            ),
            output(frame._repr_html_()),
            output(frame._repr_html_()),
            output("<main><nav>x</nav><p id='content'>y</p></main>"),
            code=True,
        ),
        ["html"],
    )
    it = opened(pages["html"])
    for scheme in ("light", "dark"):
        it.page.emulate_media(color_scheme=scheme)
        assert violations(it) == []
    assert it.console == []
