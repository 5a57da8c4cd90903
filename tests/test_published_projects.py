"""The main job, whole: two published forms, from the file to the report that people open.

Every figure here stands on the printed forms; none was taken from perfkit's own output.
"""

import json
import re
import shutil
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest

import perfkit

ROOT = Path(__file__).parents[1]
PROFILE = "shanghai-2022"
LEARNING, TRAINING = "online-learning-2022", "leadership-training-2022"
HOSTILE = '<script>alert(1)</script> #import "x" $x$ *a* _b_ </details> &amp; {{7*7}} =cmd()'

# number, declared, computed (None: only a person can score), status
PRINTED = {
    LEARNING: [
        (1, "10", "10", "agrees"), (2, "10", "10", "agrees"), (3, "10", "10", "agrees"), (4, "4", None, "judged"),
        (5, "4", None, "judged"), (6, "10", "10", "agrees"), (7, "5", "5", "agrees"), (8, "5", "5", "agrees"),
        (9, "4", "5", "judged"), (10, "3", "3", "agrees"), (11, "2", "2", "agrees"), (12, "2.5", "2.5", "agrees"),
        (13, "2.5", "2.5", "agrees"), (14, "2.5", "2.5", "agrees"), (15, "2.5", "2.5", "agrees"), (16, "10", "10", "agrees"),
    ],
    TRAINING: [
        (1, "10", "10", "agrees"), (2, "0.1", "0.11", "agrees"), (3, "10", "10", "agrees"), (4, "10", "10", "agrees"),
        (5, "6", "6", "agrees"), (6, "1", None, "judged"), (7, "0", None, "judged"), (8, "10", "10", "agrees"),
        (9, "5", "5", "agrees"), (10, "5", "5", "agrees"), (11, "5", "5", "agrees"), (12, "0", None, "judged"),
        (13, "5", "5", "agrees"), (14, "5", "5", "agrees"), (15, "4", "4", "agrees"), (16, "10", "10", "agrees"),
    ],
}  # fmt: skip


def form(name):
    return perfkit.read(ROOT / "params" / "forms" / f"{name}.yaml")


def card(name, profile=PROFILE):
    return perfkit.score(form(name), profile)


@pytest.mark.parametrize("name", PRINTED)
def test_every_row_is_scored_as_printed(name):
    rows = [(row.number, row.declared, row.computed, row.status.value) for row in card(name).indicators]
    expected = [
        (number, Decimal(declared), None if computed is None else Decimal(computed), status)
        for number, declared, computed, status in PRINTED[name]
    ]
    assert rows == expected
    assert all(row.score == row.declared for row in card(name).indicators)


@pytest.mark.parametrize(
    ("name", "rate", "execution", "computed", "total", "grade"),
    [(LEARNING, "98.98", "9.9", "97.90", "96.90", "优"), (TRAINING, "10.41", "1.04", "87.15", "87.14", "良")],
)
def test_totals_and_execution_are_as_printed(name, rate, execution, computed, total, grade):
    result = card(name)
    assert (result.budget.rate, result.budget.score, result.budget.status) == (
        Decimal(rate),
        Decimal(execution),
        "agrees",
    )
    assert (result.total.score, result.total.declared) == (Decimal(total), Decimal(total))
    assert result.total.computed == Decimal(computed)
    assert result.total.grade == grade
    assert result.total.complete


@pytest.mark.parametrize("name", PRINTED)
def test_the_levels_give_fifty_thirty_ten_and_ten(name):
    weights: dict[str, Decimal] = {}
    for row in form(name).indicators:
        weights[row.level1] = weights.get(row.level1, Decimal(0)) + row.weight
    assert weights == {"产出指标": 50, "效益指标": 30, "满意度指标": 10}
    assert form(name).budget.total.weight == 10


def test_judged_rows_carry_their_printed_reasons():
    told = {
        row.indicator.name: (row.score, row.weight, row.indicator.reason)
        for name in PRINTED
        for row in card(name).indicators
        if row.status == "judged"
    }
    assert told == {
        "课件制作完成": (4, 5, "受疫情封控影响"),
        "平台软件系统更新完成": (4, 5, "受疫情封控影响"),
        "平台等保测评": (4, 5, "较往年得分偏低"),
        "专题班开班和论坛开展": (1, 2, "受疫情影响，线下专题班停办，每月论坛转为线上直播"),
        "课题研究完成": (0, 1, "相关预算已压减"),
        "课题研究成果": (0, 1, "相关预算已压减"),
    }


@pytest.mark.parametrize(("name", "right"), [(LEARNING, "98.97"), (TRAINING, "10.40")])
def test_the_national_rules_report_the_printed_rates(name, right):
    found = [f for f in perfkit.check(form(name), card(name, "mof-2020")) if f.code == "PK108"]
    assert [f.severity for f in found] == ["warning"]
    assert right in f"{found[0].message} {found[0].evidence} {found[0].fix}"
    assert not [f for f in perfkit.check(form(name), card(name)) if f.code == "PK108"]


def test_an_actual_thirty_five_times_its_target_is_full_and_a_finding():
    row = card(TRAINING).indicators[0]
    assert (row.score, row.weight) == (10, 10)
    assert [f for f in perfkit.check(form(TRAINING), card(TRAINING)) if f.row == 1]


@pytest.fixture(scope="module")
def reports(tmp_path_factory):
    """Both projects and a hostile third, in an English and a Chinese report, made by the command itself."""
    workspace = tmp_path_factory.mktemp("workspace")
    shutil.copytree(ROOT / "params", workspace / "params")
    shutil.copytree(ROOT / "notebooks", workspace / "notebooks")
    hostile = json.loads(json.dumps(form(LEARNING).to_dict()))
    hostile |= {"project": HOSTILE, "unit": HOSTILE, "department": HOSTILE}
    hostile["goals"] = {"expected": HOSTILE, "outcome": HOSTILE}
    hostile["indicators"][3] |= {"name": HOSTILE, "reason": HOSTILE, "level2": HOSTILE}
    hostile["indicators"][3] |= {"review": "3", "opinion": HOSTILE}
    (workspace / "params/forms/hostile.json").write_text(json.dumps(hostile), encoding="utf-8")
    (workspace / "params/hostile.yaml").write_text(
        "form: params/forms/hostile.json\nprofile: shanghai-2022\n"
    )
    (workspace / "params/english.yaml").write_text(
        f"form: params/forms/{TRAINING}.yaml\nprofile: shanghai-2022\nlanguage: en\n", encoding="utf-8"
    )
    result = subprocess.run(
        [sys.executable, "-m", "perfkit", "report", "params"],
        cwd=workspace, capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert result.returncode == 0, result.stderr
    return workspace / "reports"


def squeezed(text):
    return re.sub(r"\s+", "", text)


@pytest.mark.parametrize(("name", "total"), [(LEARNING, "96.90"), (TRAINING, "87.14"), ("english", "87.14")])
def test_the_pdf_holds_the_total_and_every_indicator(reports, name, total):
    import pikepdf

    text = squeezed("".join(page_texts(reports / f"{name}.pdf")))
    assert total in text
    source = LEARNING if name == LEARNING else TRAINING
    missing = [row.name for row in form(source).indicators if squeezed(row.name) not in text]
    assert missing == []
    assert "\ufffd" not in text
    with pikepdf.open(reports / f"{name}.pdf") as pdf:
        assert pdf.Root.StructTreeRoot is not None
        fonts = {
            str(font.get("/BaseFont"))
            for page in pdf.pages
            for font in page.Resources.get("/Font", {}).values()
        }
    assert any("Noto" in font for font in fonts)


def page_texts(path):
    """Read the text of a PDF with other eyes than those that made it."""
    import pypdfium2

    pdf = pypdfium2.PdfDocument(path)
    try:
        texts = []
        for page in pdf:
            words = page.get_textpage()
            texts.append(words.get_text_bounded())
            words.close()
            page.close()
        return texts
    finally:
        pdf.close()


@pytest.mark.parametrize("name", [LEARNING, TRAINING, "english"])
def test_the_html_holds_every_indicator_at_least_three_figures_and_no_code(reports, name):
    page = (reports / f"{name}.html").read_text(encoding="utf-8")
    source = LEARNING if name == LEARNING else TRAINING
    assert [row.name for row in form(source).indicators if row.name not in page] == []
    assert page.count("<svg") + page.count("data:image/svg+xml") >= 3
    assert "perfkit.read(" not in page
    assert ('lang="en' if name == "english" else 'lang="zh') in page


def test_a_review_has_its_chapter_only_where_there_is_one(reports):
    pages = {path.stem: path.read_text(encoding="utf-8") for path in reports.glob("*.html")}
    assert [name for name, page in pages.items() if "Section(" in page] == []
    chapters = [name for name, page in pages.items() if re.search(r"<h2[^>]*>(核查情况|Review)</h2>", page)]
    assert chapters == ["hostile"]


def test_english_reports_speak_english(reports):
    page = (reports / "english.html").read_text(encoding="utf-8")
    headings = re.findall(r"<h2[^>]*>(.*?)</h2>", page, re.DOTALL)
    assert headings
    assert not re.search(r"[\u4e00-\u9fff]", "".join(headings))


def test_provenance_names_the_form_and_its_hash(reports):
    import hashlib

    content = (ROOT / "params" / "forms" / f"{LEARNING}.yaml").read_bytes()
    page = (reports / f"{LEARNING}.html").read_text(encoding="utf-8")
    assert hashlib.sha256(content).hexdigest() in page
    assert f"params/forms/{LEARNING}.yaml" in page
    assert PROFILE in page
    assert perfkit.__version__ in page


def test_hostile_text_prints_as_it_stands(reports):
    page = (reports / "hostile.html").read_text(encoding="utf-8")
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    text = squeezed("".join(page_texts(reports / "hostile.pdf")))
    assert squeezed(HOSTILE) in text


@pytest.mark.browser
@pytest.mark.parametrize("name", [LEARNING, TRAINING, "english", "hostile", "index"])
def test_a_page_opens_from_disk_and_asks_for_nothing(reports, browser, name):
    asked, said = [], []
    page = browser.new_page()
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("dialog", lambda dialog: (said.append(dialog.message), dialog.dismiss()))
    address = (reports / f"{name}.html").as_uri()

    def refuse(route):
        if route.request.url == address:
            route.continue_()
        elif not route.request.url.startswith("data:"):
            asked.append(route.request.url)
            route.abort()

    page.route("**/*", refuse)
    page.goto(address)
    title = page.locator("h1").first.inner_text()
    page.close()
    assert (asked, said) == ([], [])
    assert title
    if name == "hostile":
        assert squeezed(title) == squeezed(HOSTILE)
