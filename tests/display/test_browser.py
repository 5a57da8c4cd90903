"""The fragments as a notebook shows them, without any template: in Chromium, light and dark, on a phone."""

from urllib.parse import quote

import pytest

from perfkit.display import figures, tables
from tests.display import samples

pytestmark = pytest.mark.browser


def page_of(card, language):
    """Put the fragments into a bare page, with what a notebook gives around them: a background and a main."""
    found, story = samples.findings(), samples.story(language=language)
    shown = [
        tables.title_block(card, found, story)._repr_html_(),
        story._repr_html_(),
        tables.dimensions(card, language=language)._repr_html_(),
        tables.money(card, language=language)._repr_html_(),
        *(f'<img alt="{kind}" src="data:image/svg+xml,{quote(getattr(figures, kind)(card).svg)}" width="100%">'
          for kind in ("dimensions", "money", "completion", "losses")),
        tables.official(card, found, language=language)._repr_html_(),
        tables.findings(found, language=language)._repr_html_(),
        tables.explanations(card, language=language)._repr_html_(),
        tables.provenance(card, language=language)._repr_html_(),
    ]  # fmt: skip
    dark = "@media (prefers-color-scheme:dark){body{background:#111;color:#eee}}"
    head = f'<!doctype html><html lang="{language}"><meta charset="utf-8"><title>x</title>'
    style = f"<style>body{{background:#fff;color:#111;font:14px/1.5 sans-serif}}{dark}</style>"
    return f"{head}<meta name=viewport content=width=device-width>{style}<main>{''.join(shown)}</main>"


@pytest.fixture
def opened(browser):
    contexts = []

    def give(html, *, width=1000, scheme="light"):
        contexts.append(
            browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme, offline=True)
        )
        page = contexts[-1].new_page()
        page.said = []
        page.on("console", lambda message: page.said.append(message.text))
        page.set_content(html)
        return page

    yield give
    for context in contexts:
        context.close()


@pytest.mark.parametrize(("language", "scheme"), [("zh", "light"), ("en", "dark")])
def test_everybody_can_read_the_fragments(opened, language, scheme):
    from axe_playwright_python.sync_playwright import Axe

    page = opened(page_of(samples.leadership(), language), scheme=scheme)
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    found = Axe().run(page).response["violations"]
    assert [(item["id"], [node["html"][:120] for node in item["nodes"]][:3]) for item in found] == []
    assert page.said == []


@pytest.mark.parametrize("name", ["leadership", "long-name", "200-rows"])
def test_a_phone_scrolls_no_page_sideways(opened, name):
    page = opened(page_of(samples.EVERY[name](), "zh"), width=390)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_mark_leads_to_its_finding_and_a_score_opens_by_keyboard(opened):
    page = opened(page_of(samples.leadership(), "zh"))
    page.locator("a.pk-mark").first.focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.querySelector(':target').tagName") == "LI"
    page.locator("details.pk-why > summary").nth(3).focus()
    page.keyboard.press("Enter")
    assert page.locator("details.pk-why[open] > p").is_visible()


def test_figures_turn_dark_with_the_reader(opened):
    svg = figures.dimensions(samples.online()).svg
    page = opened(f"<!doctype html><body>{svg}", scheme="dark")
    assert (
        page.evaluate("getComputedStyle(document.querySelector('svg path:not(defs path)')).fill")
        == "rgb(22, 25, 29)"
    )
    page.emulate_media(media="print", color_scheme="light")
    assert (
        page.evaluate("getComputedStyle(document.querySelector('svg path:not(defs path)')).fill")
        == "rgb(255, 255, 255)"
    )
