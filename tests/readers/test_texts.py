"""Texts that real programs make of a form: each is read as the page that it came from."""

import re
import shutil
from itertools import cycle

import pytest

from perfkit.readers.formats import parse
from perfkit.readers.layout.explanation import explained
from tests.readers.books import page
from tests.readers.invented import FORMS, LAYOUTS, laid_out, truth
from tests.readers.test_proof import OFFICIAL, lines_of, tabs, without_places
from tests.readers.text_table import notation, soup_texts, wrong

BROWSER = shutil.which("chromium")
PAGE = page(OFFICIAL).decode()
WITH_PARAGRAPHS = re.sub(r"(<td[^>]*>)(.*?)(</td>)", r"\1<p>\2</p>\3", PAGE)


@pytest.fixture(scope="module")
def printed():
    (form,) = parse(PAGE.encode(), "form.html")
    return without_places(form)


def check(text, printed):
    (form,) = parse(text.encode(), "form.txt")
    assert without_places(form) == printed
    assert form.reading.state == "proven"


@pytest.mark.skipif(BROWSER is None, reason="Chromium is not installed")
@pytest.mark.parametrize("made", [PAGE, WITH_PARAGRAPHS])
def test_what_a_browser_copies(made, printed, tmp_path):
    from playwright.sync_api import sync_playwright

    (tmp_path / "page.html").write_text(made, encoding="utf-8")
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=BROWSER)
        tab = browser.new_page()
        tab.goto((tmp_path / "page.html").as_uri())
        copied = tab.evaluate(
            "() => { getSelection().selectAllChildren(document.body); return getSelection().toString() }"
        )
        shown = tab.evaluate("document.body.innerText")
        browser.close()
    check(copied, printed)
    check(shown, printed)


@pytest.mark.parametrize("between", ["\n", "\t", "|"])
def test_the_texts_of_a_page_without_its_table(between, printed):
    soup = pytest.importorskip("bs4").BeautifulSoup(PAGE, "lxml")
    check(soup.get_text(between, strip=True), printed)


def test_bars_as_crawlers_write_them(printed):
    lines = [[value for _, _, value, _ in row] for row in lines_of(OFFICIAL)]
    check("\n".join("| ".join(row) for row in lines), printed)
    check("\n".join(f"| {' | '.join(row)} |" for row in lines), printed)


def test_each_cell_is_explained_with_its_role_and_why():
    from perfkit.readers.formats import grids_of

    data = tabs(lines_of(OFFICIAL))
    cells = {cell.text: cell for cell in explained(grids_of(data, "form.txt"), parse(data, "form.txt"))}
    assert cells["≥40个"].paths == ("indicators[0].target",)
    assert cells["≥40个"].role.zh == "第1行·指标值"
    assert cells["三级指标"].role.zh == "表头"
    assert cells["社区书屋更新"].role.zh == "全表·项目名称"
    assert all(cell.place for cell in cells.values())


SAMPLE = dict(zip(list(LAYOUTS)[::4], cycle(FORMS), strict=False))  # all of them: make texts


@pytest.mark.parametrize("layout", SAMPLE)
def test_invented_layouts_are_read_whole_from_a_page_and_from_its_texts(layout):
    form = FORMS[SAMPLE[layout]]
    drawn = {layout: laid_out(form, LAYOUTS[layout])}
    expected = truth(form, LAYOUTS[layout])
    (read,) = parse(page(notation(drawn[layout])), "form.html")
    assert (wrong(read, expected), read.reading.state) == (set(), "proven"), read.reading
    for (_, program), text in soup_texts({layout: page(notation(drawn[layout])).decode()}).items():
        (read,) = parse(text.encode(), "form.txt")
        assert wrong(read, expected) == set(), program
