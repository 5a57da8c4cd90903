"""The index shows every project, asks nobody, and believes no name."""

from __future__ import annotations

import csv
import io
import json
import re
from decimal import Decimal
from pathlib import Path

import pytest
from lxml import html

from perfkit.batch.ledger import Writer
from perfkit.batch.portfolio import Portfolio, index_page, write_index
from perfkit.batch.results import Rows
from perfkit.display.progress import Quiet
from perfkit.summary import Summary
from tests.batch.filled import fill as filled
from tests.batch.filled import project as filled_project
from tests.batch.light import add_project, light_report, make_workspace

NASTY = "</script><script>alert(1)</script> \"'& <b>\u2028"
CHROMIUM = Path("/usr/bin/chromium")


def fill(folder, count, *, nasty="", language="zh", reviewed=0, opened=0):
    ledger = Writer.of(folder)
    ledger.begin({})
    for number in range(count):
        name = f"p{number:05}"
        score = Decimal(5500 + 37 * number % 4500) / 100
        head = {
            "name": name, "project": nasty or f"农村公路养护项目{number}", "department": nasty or f"部门{number % 30}",
            "unit": nasty or f"单位{number % 200}", "year": 2020 + number % 4, "language": language, "score": score, "state": "final",
            "grade": "优" if score >= 90 else "中", "rate": Decimal(number % 101), "weight": Decimal(100),
            "adjusted": Decimal(10000), "executed": Decimal(100) * (number % 101), "errors": number % 3, "warnings": 1,
            "infos": 0, "codes": "PK206" if number % 2 else "PK206 PK210", "output_lost": Decimal(number % 5),
        }  # fmt: skip
        if number < opened:
            head |= {"state": "provisional", "because": nasty or f"分值合计{90 + number % 9}分，不是100分"}
        if number < reviewed:
            head |= {"self_score": score, "review": score - number % 9, "deviation": Decimal(number % 9)}
        row = {
            "name": name,
            "number": 1,
            "opinion": nasty or "台账不全" if number < reviewed else None,
            "indicator": nasty or "课程",
            "lost": Decimal(2),
            "reason": nasty or "停办",
        }
        rows = Rows(
            [head], [row], [{"name": name, "code": "PK206", "severity": "warning", "message": nasty or "m"}]
        )
        ledger.record({"name": name, "status": "made"}, rows=rows)
        for kind in ("html", "pdf"):
            (folder / f"{name}.{kind}").touch()
    ledger.record({"name": "p00001", "status": "failed", "cause": "cell", "error": nasty or "ValueError: x\ny", "cell": 4,
                    "again": "perfkit report params/p00001.yaml --force"})  # fmt: skip
    ledger.close()
    write_index(folder)
    return (folder / "index.html").read_text(encoding="utf-8")


def data_of(page) -> dict:
    return json.loads(re.search(r'id="data">(.*?)</script>', page, re.DOTALL)[1])


def test_every_project_is_in_it_with_its_figures(tmp_path):
    data = data_of(fill(tmp_path, 30))
    rows = [dict(zip(data["columns"], row, strict=True)) for row in data["rows"]]
    assert len(rows) == 30
    assert (rows[3]["project"], rows[3]["score"], rows[3]["lost"]) == ("农村公路养护项目3", 56.11, 43.89)
    assert [row["name"] for row in rows if row["status"]] == ["p00001"]
    assert data["words"]["department"][rows[7]["department"]] == "部门7"


def test_the_portfolio_s_numbers(tmp_path):
    fill(tmp_path, 101)
    portfolio = Portfolio.of(tmp_path)
    assert (len(portfolio.projects), portfolio.rate, len(portfolio.failures)) == (101, 50, 1)
    assert dict(portfolio.grades()).keys() <= {"优", "中"}
    assert portfolio.losses()[0][0] == "output"
    assert sum(count for _, count in portfolio.grades()) == 101


def test_a_project_whose_files_are_gone_is_gone(tmp_path):
    fill(tmp_path, 5)
    for kind in ("html", "pdf"):
        (tmp_path / f"p00003.{kind}").unlink()
    assert [row["name"] for row in Portfolio.of(tmp_path).projects] == [
        "p00000",
        "p00001",
        "p00002",
        "p00004",
    ]


def test_a_project_whose_params_file_is_gone_is_gone(tmp_path, monkeypatch):
    workspace = make_workspace(tmp_path)
    monkeypatch.chdir(workspace)
    for name in ("kept", "made", "failed"):
        add_project(workspace, name)
    (workspace / "params/forms/failed.yaml").write_text("year: x", encoding="utf-8")
    reports = workspace / "reports"
    assert len(light_report(workspace, rows=True).failed) == 1
    assert listed(reports) == ({"kept", "made"}, {"failed"})
    for name in ("made", "failed"):
        (workspace / f"params/{name}.yaml").unlink()
    light_report(workspace, rows=True)
    assert listed(reports) == ({"kept"}, set())
    assert [row[0] for row in data_of((reports / "index.html").read_text("utf-8"))["rows"]] == ["kept"]
    (workspace / "params").rename(workspace / "elsewhere")  # as beside a copy of the reports alone
    assert listed(reports) == ({"kept", "made"}, {"failed"})


def listed(reports) -> tuple[set[str], set[str]]:
    portfolio = Portfolio.of(reports)
    return {row["name"] for row in portfolio.projects}, {line["name"] for line in portfolio.failures}


@pytest.mark.parametrize(("language", "told"), [("zh", "疑似重复 1 份"), ("en", "perhaps counted twice: 1")])
def test_a_project_handed_in_twice_is_counted_and_told(tmp_path, language, told):
    same = {"project": "公路养护", "year": 2024, "unit": "某所", "language": language}
    made = [filled_project("甲", **same), filled_project("甲改", **same)]
    made += [filled_project("乙", **same | {"unit": "某站"}), filled_project("丙", **same | {"year": 2023})]
    filled(tmp_path, made)
    for name in ("甲", "甲改", "乙", "丙"):
        (tmp_path / f"{name}.html").touch()
    page = html.fromstring(index_page(Portfolio.of(tmp_path), tmp_path))
    assert page.cssselect(".figures div")[0].text_content().endswith(told)
    (note,) = page.cssselect(".notes li")
    assert note.text_content().startswith("甲改: ")
    assert re.search(r"(?:与|of) 甲\b", note.text_content())
    said = "".join(
        (Summary(tmp_path, language).title().headline, *Summary(tmp_path, language).overview().paragraphs)
    )
    assert re.search("甲改(?:与| and )甲", said)
    assert re.search("疑似重复报送1份|handed in twice: 1", said)
    filled(tmp_path, [filled_project("甲改", **same | {"unit": "某中心"})])
    portfolio = Portfolio.of(tmp_path)
    assert (len(portfolio.projects), portfolio.copies(), portfolio.remarks()) == (4, [], [])


def test_no_points_are_lost_below_none(tmp_path):
    """Rows without a weight give the total more points than the weights add up to."""
    filled(
        tmp_path,
        [filled_project("甲", "96.9", weight=Decimal(90)), filled_project("乙", weight=Decimal(100))],
    )
    for name in ("甲", "乙"):
        (tmp_path / f"{name}.html").touch()
    data = data_of(index_page(Portfolio.of(tmp_path), tmp_path))
    rows = [dict(zip(data["columns"], row, strict=True)) for row in data["rows"]]
    assert {row["name"]: row["lost"] for row in rows} == {"甲": None, "乙": 10}


def test_a_run_names_both_reports_of_a_project_handed_in_twice(tmp_path, monkeypatch, capsys):
    workspace = make_workspace(tmp_path)
    monkeypatch.chdir(workspace)
    for name, project in (("甲", "公路养护"), ("乙", "公路养护项目"), ("丙", "桥梁维修")):
        add_project(workspace, name, project=project)
    said = []
    monkeypatch.setattr(Quiet, "say", lambda self, text: said.append(text))
    light_report(workspace, rows=True)
    assert [re.findall(r"\b[甲乙丙]\b", text) for text in said[:-1]] == [["甲", "乙"]]


def test_text_of_a_form_is_never_markup(tmp_path):
    page = fill(tmp_path, 3, nasty=NASTY)
    assert "<script>alert" not in page
    assert "<b>" not in page
    assert page.count("<script") == 2
    assert data_of(page)["rows"][0][1] == NASTY


def test_ten_thousand_projects_fit_into_two_megabytes(tmp_path):
    fill(tmp_path, 100, reviewed=100)
    few = Portfolio.of(tmp_path).projects
    many = [
        few[place % 100] | {"name": f"p{place:05}", "project": f"某县农村公路养护与改造提升项目{place}"}
        for place in range(10_000)
    ]
    page = index_page(Portfolio(tuple(many)), tmp_path)
    assert len(data_of(page)["rows"]) == 10_000
    assert len(page.encode()) <= 2_000_000


def test_it_carries_the_glyphs_it_needs(tmp_path):
    fill(tmp_path, 3)
    page = index_page(Portfolio.of(tmp_path), tmp_path)
    assert "font-src data:;" in page
    assert page.count('@font-face{font-family:"Report Glyphs";src:url(data:font/otf;base64,') == 1
    assert page.index("@font-face") < page.index("</head>")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_it_speaks_the_language_of_the_reports(tmp_path, language):
    page = fill(tmp_path, 3, language=language)
    assert {"zh": "绩效自评项目总览", "en": "Performance self-evaluations"}[language] in page


def test_nothing_made_is_a_page_as_well(tmp_path):
    write_index(tmp_path)
    assert (tmp_path / "index.html").exists()


def test_the_summary_of_a_department(tmp_path):
    fill(tmp_path, 60, nasty=NASTY)
    summary = Summary(tmp_path, "zh")
    parts = [summary.figures(), summary.grades(), summary.below(90, 40), summary.common(), summary.failures()]
    assert all("<b>" not in part._repr_html_() and "<script>" not in part._repr_html_() for part in parts)
    assert parts[0].rows[0][1] == "60"
    assert len(parts[2].rows) > 10
    assert all(
        "<svg" in chart._repr_html_() for chart in (summary.scores(), summary.execution(), summary.losses())
    )


def test_a_review_has_its_columns_only_where_a_project_has_one(tmp_path):
    heads = {}
    for reviewed in (0, 2):
        folder = tmp_path / str(reviewed)
        folder.mkdir()
        page = fill(folder, 5, reviewed=reviewed)
        columns = data_of(page)["columns"]
        table = html.fromstring(page).get_element_by_id("projects")
        heads[reviewed] = [head.text_content() for head in table.iter("th")]
        assert {len(row) for row in data_of(page)["rows"]} == {len(columns)}
        assert {len(row.findall("td")) for row in table.find("tbody")} == {len(heads[reviewed])}
    assert [head for head in heads[2] if head not in heads[0]] == ["核查得分", "偏差率"]
    rows = [dict(zip(columns, row, strict=True)) for row in data_of(page)["rows"]]
    assert [(row["review"], row["deviation"]) for row in rows[:3]] == [
        (55.0, 0.0),
        (54.37, 1.0),
        (None, None),
    ]


def test_the_summary_lists_the_reviewed_projects_the_greatest_deviation_first(tmp_path):
    fill(tmp_path, 5, reviewed=3)
    table = Summary(tmp_path, "zh").reviews()
    assert table.rows[0] == ("农村公路养护项目2", "部门2", "课程: 台账不全", "55.74", "53.74", "2.00%")
    assert [row[0][-1] for row in table.rows] == ["2", "1", "0"]


def test_the_summary_says_nothing_of_reviews_and_failures_where_there_are_none(tmp_path):
    fill(tmp_path, 1)
    with Writer.of(tmp_path) as ledger:
        ledger.record({"name": "p00001", "status": "made"})
    assert (Summary(tmp_path, "zh").reviews(), Summary(tmp_path, "zh").failures()) == (None, None)


def test_the_summary_names_grades_in_its_language(tmp_path):
    fill(tmp_path, 2)
    assert [Summary(tmp_path, language).grades().rows[0][0] for language in ("zh", "en")] == [
        "中",
        "Fair (中)",
    ]


def test_a_total_to_be_verified_stands_apart_with_its_reason(tmp_path):
    page = fill(tmp_path, 6, opened=2)
    rows = [row.text_content() for row in html.fromstring(page).get_element_by_id("projects").find("tbody")]
    assert ["待核实" in row for row in rows] == [False] * 4 + [True] * 2
    assert "分值合计90分，不是100分" in rows[4]
    portfolio = Portfolio.of(tmp_path)
    assert (sum(count for _, count in portfolio.grades()), portfolio.provisional) == (4, 2)
    assert "待核实 2" in re.search('aria-label="等级分布[^"]*"', page)[0]
    data = data_of(page)
    told = [dict(zip(data["columns"], row, strict=True)) for row in data["rows"]]
    assert [data["words"]["because"][row["because"]] for row in told[1:3]] == ["分值合计91分，不是100分", ""]


def test_it_offers_the_files_that_are_there(tmp_path):
    fill(tmp_path, 2)
    for name in ("p00000.docx", "summary.docx", "summary.xlsx"):
        (tmp_path / name).touch()
    write_index(tmp_path)
    page = html.fromstring((tmp_path / "index.html").read_text(encoding="utf-8"))
    links = [link.get("href") for link in page.iter("a")]
    assert links == ["./summary.docx", "./summary.xlsx", "./p00000.html", "./p00000.pdf", "./p00000.docx", "./p00001.html", "./p00001.pdf"]  # fmt: skip


@pytest.mark.browser
@pytest.mark.skipif(not CHROMIUM.exists(), reason="no Chromium here")
@pytest.mark.parametrize("count", [1, 60, 300])
def test_it_prints_whole(tmp_path, count):
    import pypdfium2
    from playwright.sync_api import sync_playwright

    fill(tmp_path, count, opened=count // 3, reviewed=count // 5)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 800, "height": 600})
        page.goto((tmp_path / "index.html").as_uri())
        printed = page.pdf(prefer_css_page_size=True)
        assert (
            page.evaluate("document.querySelectorAll('tbody tr').length") < 120
        )  # and the page is as it was
        browser.close()
    document = pypdfium2.PdfDocument(printed)
    pages = ["".join(each.get_textpage().get_text_bounded().split()) for each in document]
    assert all(len(text) > 20 for text in pages)
    assert all("项目名称" in text for text in pages[:-1])
    text = "".join(pages)
    missing = [number for number in range(count) if f"农村公路养护项目{number}部门{number % 30}" not in text]
    assert missing == []


@pytest.mark.browser
@pytest.mark.skipif(not CHROMIUM.exists(), reason="no Chromium here")
def test_the_table_is_copied_and_saved_as_csv(tmp_path):
    from playwright.sync_api import sync_playwright

    fill(tmp_path, 40, nasty='=HYPERLINK("x"),\n"y"')
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        context = browser.new_context(
            accept_downloads=True, permissions=["clipboard-read", "clipboard-write"]
        )
        page = context.new_page()
        page.goto((tmp_path / "index.html").as_uri())
        with page.expect_download() as saved:
            page.click("[data-take=save]")
        content = Path(saved.value.path()).read_text(encoding="utf-8-sig")
        page.click("[data-take=copy]")
        page.wait_for_function("document.querySelector('.told').textContent")
        copied = page.evaluate("navigator.clipboard.readText()")
        browser.close()
    rows = list(csv.reader(io.StringIO(content, newline="")))
    assert rows[0][:5] == ["项目名称", "主管部门", "实施单位", "年度", "得分"]
    assert len(rows) == 41
    assert {row[0] for row in rows[1:]} == {'\'=HYPERLINK("x"),\n"y"'}
    assert [float(row[4]) for row in rows[1:]] == sorted(float(row[4]) for row in rows[1:])
    assert [row[:5] for row in csv.reader(io.StringIO(copied, newline=""))] == [row[:5] for row in rows]


@pytest.mark.browser
@pytest.mark.skipif(not CHROMIUM.exists(), reason="no Chromium here")
def test_in_a_browser(tmp_path):
    from playwright.sync_api import sync_playwright

    fill(tmp_path, 3000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 390, "height": 800})
        asked, said = [], []
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.goto((tmp_path / "index.html").as_uri())
        assert (len(asked), said) == (1, [])
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        assert page.evaluate("document.querySelectorAll('tbody tr').length") < 120
        page.fill("input[type=search]", "P00029  部门29")
        assert page.text_content(".count") == "1 个项目"
        page.fill("input[type=search]", "")
        page.select_option("select[name=grade]", label="优")
        page.select_option("select[name=finding]", "PK210")
        few = int(page.text_content(".count").split()[0])
        assert 0 < few < 1500
        page.click("th.score button")
        assert page.get_attribute("th.score", "aria-sort") == "descending"
        page.evaluate("document.querySelector('.window').scrollTop = 1e9")
        page.wait_for_function("document.querySelector('tbody').lastElementChild.className !== 'gap'")
        browser.close()
