"""Texts that real programs make of a form: each is read as the page that it came from."""

import re
import shutil
from decimal import Decimal
from itertools import cycle
from pathlib import Path

import pytest

from perfkit.errors import DataError
from perfkit.readers.formats import parse
from perfkit.readers.layout.cell_roles import explained
from tests.readers.books import book, page
from tests.readers.county import COUNTY, drawn_and_true
from tests.readers.damage import FORMATS, commas, drawn, web
from tests.readers.invented import BESIDE, FORMS, LAYOUTS, Layout, laid_out, truth
from tests.readers.test_proof import OFFICIAL, lines_of, tabs, without_places
from tests.readers.text_table import notation, silent, soup_texts, wrong

BROWSER = shutil.which("chromium")
DATA = Path(__file__).parents[1] / "data" / "readers"
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


@pytest.mark.parametrize("name", COUNTY)
def test_layouts_of_counties_are_read_whole_and_their_texts_are_never_wrong_in_silence(name):
    rows, expected = drawn_and_true(name, [*FORMS.values()][len(name) % len(FORMS)])
    for data, file in ((page(notation(rows)), "form.html"), (book(notation(rows)), "form.xlsx")):
        (read,) = parse(data, file)
        assert (wrong(read, expected), read.reading.state) == (set(), "proven"), read.reading
    for (_, program), text in soup_texts({name: page(notation(rows)).decode()}).items():
        (read,) = parse(text.encode(), "form.txt")
        assert silent(read, expected) == set(), program
        assert name == "money_on_its_side" or wrong(read, expected) == set(), program
    (read,) = parse(commas(drawn(rows)), "form.csv")
    assert (wrong(read, expected), read.reading.state) == (set(), "proven"), read.reading


def crawled(rows, end):
    """Write a table as html2text does: bars between cells, two blanks behind a line, long ones wrapped."""
    lines = ["| ".join(value for _, _, value, _ in row) for row in drawn(rows)]
    return "".join(f"{line}{end}" for line in lines)


def test_a_line_that_html2text_wrapped_is_one():
    rows = laid_out(FORMS["road"], LAYOUTS["01 old words"])
    text = crawled(rows, "  \n")
    wrapped = re.sub(r"([^|\n]{30,}\|) ", r"\1\n", text)
    assert wrapped != text
    assert without_places(*parse(wrapped.encode(), "a.txt")) == without_places(*parse(text.encode(), "a.txt"))


@pytest.mark.parametrize(
    "make", [tabs, lambda lines: soup_texts({"": web(lines).decode()})["", "get_text in lines"].encode()]
)
@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("服务对象满意度指标", "服务对象满意度"),  # whole without 指标
        ("总分 | <", "总分绩效 | <"),  # the label of the block in the total row
        ("社区书屋更新 |", '"社区书屋更新 |'),  # a mark that nothing closes
    ],
)  # fmt: skip
def test_what_a_copy_leaves_in_a_cell_is_no_doubt(make, before, after):
    (form,) = parse(make(lines_of(OFFICIAL.replace(before, after))), "form.txt")
    assert (form.project, form.total, form.reading.state) == ("社区书屋更新", Decimal("96.67"), "proven")


def by_number(name):
    """Give the form and the layout of a text that is kept by number and form (08-road)."""
    number, _, form = name.partition("-")
    return FORMS[form], next(each for key, each in LAYOUTS.items() if key.startswith(number))


@pytest.mark.parametrize("path", sorted((DATA / "laid_out").iterdir()), ids=lambda path: path.stem)
def test_a_page_that_pdftotext_laid_out_is_read_under_its_headings(path):
    expected = truth(*by_number(path.stem))
    (read,) = parse(path.read_bytes(), "form.txt")
    assert wrong(read, expected) == set()


# goals that stand beside the rows, or before the form


@pytest.mark.parametrize("made", sorted(FORMATS.keys() - {"laid"}))
@pytest.mark.parametrize("goals", BESIDE)
@pytest.mark.parametrize("key", ["road", "canteen"])
def test_goals_beside_the_rows_are_read(made, goals, key):
    columns = LAYOUTS["01 old words" if key == "road" else "07 in three"].columns
    layout = Layout(goals=goals, columns=columns, block="绩效指标" if goals == "in one" else "")
    make, name = FORMATS[made]
    (form,) = parse(make(drawn(laid_out(FORMS[key], layout))), name)
    assert not silent(form, truth(FORMS[key], layout))
    if made != "stream" or goals in {"in front", "in one"}:  # else nothing tells goals from reasons
        assert not wrong(form, truth(FORMS[key], layout))
    if made != "stream":
        assert form.reading.state == "proven", form.reading


GOAL, OUTCOME = "更新四处书屋，添置图书3000册。", "四处书屋完成更新，添置图书2700册。"
WITHOUT_GOALS = re.sub("(?m)^年度总体目标.*\n.*\n", "", OFFICIAL)
BEFORE = {
    "headings": f"<p>年度总体目标</p><p>预期目标</p><p>{GOAL}</p><p>实际完成情况</p><p>{OUTCOME}</p>",
    "labels": f"<p>预期目标：{GOAL}</p><p>实际完成情况：{OUTCOME}</p>",
    "a table": f"<table><tr><td>预期目标<td>{GOAL}<tr><td>实际完成情况<td>{OUTCOME}</table>",
    "headings of a table": f"<table><tr><td>预期目标<td>实际完成情况<tr><td>{GOAL}<td>{OUTCOME}</table>",
}


@pytest.mark.parametrize("before", BEFORE)
def test_goals_before_a_form_are_its(before):
    table = page(WITHOUT_GOALS).decode().partition("<table>")[2]
    (form,) = parse(f"<meta charset=utf-8>{BEFORE[before]}<table>{table}".encode(), "form.html")
    assert (form.goals.expected, form.goals.outcome) == (GOAL, OUTCOME)
    assert form.reading.state == "proven", form.reading


def test_a_label_of_a_goal_without_room_for_it_is_doubted_by_name():
    table = page(WITHOUT_GOALS).decode().partition("<table>")[2]
    (form,) = parse(f"<meta charset=utf-8><p>预期目标</p><table>{table}".encode(), "form.html")
    assert "goals.expected" in {doubt.path for doubt in form.reading.doubts}


@pytest.mark.parametrize("path", sorted((DATA / "in_order").iterdir()), ids=lambda path: path.stem)
def test_the_words_of_a_table_in_their_order_are_cells(path):
    expected = truth(*by_number(path.stem))
    (read,) = parse(path.read_bytes(), "form.txt")
    assert wrong(read, expected) == set()


def test_a_table_torn_into_lines_of_one_word_is_refused_with_what_to_do():
    with pytest.raises(DataError, match="neither rows nor columns"):
        parse((DATA / "torn.txt").read_bytes(), "form.txt")
