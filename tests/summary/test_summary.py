"""The summary's figures are those of the ledger, its tables say what is asked of them, its workbook opens."""

import io
import json
import re
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

import nbformat
import openpyxl
import pytest

import perfkit
from perfkit.batch import results
from perfkit.batch.ledger import Writer
from perfkit.batch.portfolio import Portfolio, index_page
from perfkit.display import views
from perfkit.display.markup import bars
from perfkit.errors import MachineError, SettingsError
from perfkit.form import Ignore
from perfkit.publish import publish
from perfkit.summary import Summary, make, standard_tables, workbook
from perfkit.summary.standard_tables import MOST_PRINTED
from perfkit.summary.state import State
from perfkit.verify import verify_summary
from tests.publish.notebooks import notebook
from tests.verify.edits import form


def fill(folder, count, *, state=lambda number: "final", failed=0, project=None, language="zh"):
    """Fill the ledger of a folder with the results of forms drawn at random; give their scorecards."""
    cards = []
    with Writer.of(folder) as ledger:
        ledger.begin({})
        for number in range(count):
            name = f"p{number:05}"
            card = perfkit.score(form(number), profile="mof-2020")
            findings = perfkit.check(card.form, card)
            head = results._project(name, card, findings, language) | {"state": state(number)}
            head |= {"project": project} if project else {}
            rows = results.Rows(
                [head],
                [results._indicator(name, row) for row in card.indicators],
                [results._finding(name, one, language) for one in findings],
            )
            ledger.record({"name": name, "status": "made"}, rows=rows)
            (folder / f"{name}.html").touch()
            cards.append(card)
        for number in range(failed):
            ledger.record(
                {"name": f"lost{number}", "status": "failed", "cause": "cell", "error": "ValueError: x\ny"}
            )
    return cards


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_figures_are_those_of_the_scorecards(tmp_path, language):
    cards = fill(tmp_path, 12, language=language)
    summary = Summary(tmp_path, language)
    scores = [card.total.score for card in cards]
    mean = (sum(scores) / len(scores)).quantize(Decimal("0.01"), "ROUND_HALF_UP")
    adjusted = sum(card.form.budget.total.adjusted for card in cards)
    assert summary.title().figures[0][1] == f"{mean:.2f}"
    assert f"{mean:.2f}" in summary.title().headline
    assert summary.figures().rows[0][1:4] == ("12", f"{mean:.2f}", f"{adjusted:,.2f}")
    unmet = [row for card in cards for row in card.indicators if row.reading.verdict in {"missed", "partly"}]
    assert len(summary.unmet().rows) == len(unmet) > 0
    assert str(len(unmet)) in summary.overview().paragraphs[2]


def test_a_reason_is_read_once_for_all_tables(tmp_path, monkeypatch):
    fill(tmp_path, 12)
    read = []
    monkeypatch.setattr(standard_tables, "measure_in", lambda reason, year: read.append((reason, year)) or "")
    standard_tables._reason.cache_clear()
    summary = Summary(tmp_path)
    assert summary.unmet().rows
    assert summary.rectification().rows
    standard_tables._reason.cache_clear()
    assert len(read) == len(set(read)) > 0


def test_a_total_to_be_verified_stands_in_no_average_and_no_rank(tmp_path):
    cards = fill(tmp_path, 5, state=lambda number: "provisional" if number == 2 else "final")
    summary = Summary(tmp_path)
    final = [card.total.score for number, card in enumerate(cards) if number != 2]
    mean = (sum(final) / 4).quantize(Decimal("0.01"), "ROUND_HALF_UP")
    assert summary.title().figures[0][1] == f"{mean:.2f}"
    ranks = [row[0] for row in summary.projects().rows]
    assert ranks[-1] == "待核实"
    assert "待核实" not in ranks[:-1]
    assert "1个项目总分待核实" in summary.title().headline
    assert any("不参加平均和排名" in text for text in summary.overview().paragraphs)


@pytest.mark.parametrize(("language", "to_verify"), [("zh", "待核实"), ("en", "to verify")])
def test_a_grade_to_be_verified_is_told_apart(tmp_path, language, to_verify):
    cards = fill(
        tmp_path, 9, state=lambda number: "provisional" if number < 4 else "final", language=language
    )
    summary = Summary(tmp_path, language)
    rows = [(name, int(count)) for name, count, _ in summary.grades().rows]
    assert rows[-1] == (to_verify, 4)
    assert sum(count for _, count in rows) == len(cards)
    final = Counter(views.grade(card.total.grade, language) for card in cards[4:])
    assert dict(rows[:-1]) == final
    assert re.search(r"(?:优|Excellent \(优\)) ?(\d+)", summary.title().headline)[1] == str(
        sum(card.total.grade == "优" for card in cards[4:])
    )


@pytest.mark.parametrize(
    ("language", "told"), [("zh", "等级为优、良的{}个项目，"), ("en", "In later budgets {} projects graded")]
)
def test_budgets_follow_from_final_grades_alone(tmp_path, language, told):
    cards = fill(tmp_path, 9, language=language)
    text = "".join(Summary(tmp_path, language).overview().paragraphs)
    assert told.format(sum(card.total.grade in {"优", "良"} for card in cards)) in text
    fill(tmp_path, 9, state=lambda number: "provisional", language=language)
    text = "".join(Summary(tmp_path, language).overview().paragraphs)
    assert not re.search("酌情|as appropriate", text)


@pytest.mark.parametrize(("language", "mark"), [("zh", "待核实"), ("en", "to be verified")])
def test_the_index_draws_the_scores_to_be_verified_apart(tmp_path, language, mark):
    cards = fill(
        tmp_path, 9, state=lambda number: "provisional" if number < 4 else "final", language=language
    )
    page = index_page(Portfolio.of(tmp_path), tmp_path)
    told = re.search(f'aria-label="({"得分分布" if language == "zh" else "Scores"}[^"]*)"', page)[1]
    counts = {
        name: int(count) for name, count in re.findall(r"(<?[\d–]+|[^\W\d][\w ]*?) (\d+)(?=[，。,.]|$)", told)
    }
    assert counts.pop(mark) == 4
    assert sum(counts.values()) == len(cards) - 4


@pytest.mark.parametrize(("language", "mark"), [("zh", "待核实"), ("en", "to be verified")])
def test_the_index_marks_a_total_to_be_verified(tmp_path, language, mark):
    fill(tmp_path, 4, state=lambda number: "provisional" if number == 2 else "final", language=language)
    page = index_page(Portfolio.of(tmp_path), tmp_path)
    data = json.loads(re.search(r'id="data">(.*?)</script>', page, re.DOTALL)[1])
    rows = {
        row["name"]: row for row in (dict(zip(data["columns"], row, strict=True)) for row in data["rows"])
    }
    grades = {name: data["words"]["grade"][row["grade"]] for name, row in rows.items()}
    assert [name for name, grade in grades.items() if mark in str(grade)] == ["p00002"]


@pytest.mark.parametrize(
    ("language", "told"), [("zh", "不含待核实 2 个"), ("en", "without 2 to be verified")]
)
def test_the_index_says_how_many_its_mean_leaves_out(tmp_path, language, told):
    fill(tmp_path, 5, state=lambda number: "provisional" if number < 2 else "final", language=language)
    head = re.search(
        r'<dl class="figures">.*?</dl>', index_page(Portfolio.of(tmp_path), tmp_path), re.DOTALL
    )[0]
    mean = f"{Portfolio.of(tmp_path).mean:.2f}"
    assert re.search(rf"<dd>{mean} <small>{told}</small></dd>", head)


def test_the_index_says_nothing_of_a_mean_that_leaves_out_none(tmp_path):
    fill(tmp_path, 3)
    assert "不含待核实" not in index_page(Portfolio.of(tmp_path), tmp_path)


def held(codes):
    """Give the state of projects that have findings of these codes."""
    rows = tuple({"name": str(n), "department": "", "project": str(n)} for n in range(len(codes)))
    told = {
        row["name"]: [{"code": code, "severity": "warning", "message": "…"} for code in found]
        for row, found in zip(rows, codes, strict=True)
    }
    return State(Portfolio(rows), findings=told)


def test_a_common_finding_is_one_of_two_projects_and_of_a_fifth_of_all():
    shared = ["PK206"]
    assert held([shared, []]).common() == []
    assert [one[:2] for one in held([shared, shared]).common()] == [("PK206", 2)]
    assert [one[:2] for one in held([shared] * 2 + [[]] * 8).common()] == [("PK206", 2)]
    assert held([shared] * 2 + [[]] * 9).common() == []


@pytest.mark.parametrize(
    ("language", "told"),
    [("zh", "没有两个以上且占总数五分之一以上"), ("en", "none is shared by two projects")],
)
def test_findings_that_no_two_projects_share_are_not_called_common(tmp_path, language, told):
    fill(tmp_path, 1, language=language)
    summary = Summary(tmp_path, language)
    assert summary.state.listed
    assert summary.common() is None
    assert told in "".join(summary.overview().paragraphs)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_is_to_be_rectified_is_what_the_report_says(tmp_path, language):
    plain = form(3)
    rows = list(plain.indicators)
    reason = "连续降雨致部分土方未完工。2025年3月底前完成，加强调度。"
    rows[0] = replace(rows[0], target="≥8000亩", actual="7600亩", score=rows[0].weight - 1, reason=reason)
    money = {"initial": Decimal(1200), "adjusted": Decimal(1260), "executed": Decimal(945)}
    total = replace(plain.budget.total, **money, rate="75%")
    budget = replace(plain.budget, total=total, fiscal=replace(plain.budget.fiscal, **money))
    low = replace(plain, indicators=tuple(rows), budget=budget, money_unit="万元")
    card = perfkit.score(low, profile="mof-2020")
    findings = perfkit.check(card.form, card)
    with Writer.of(tmp_path) as ledger:
        ledger.begin({})
        ledger.record({"name": "p", "status": "made"}, rows=results.of_results("p", card, findings, language))
    (tmp_path / "p.html").touch()
    story = perfkit.narrate(low, card, findings, language=language)
    [grid] = [
        block for section in story.sections if section.key == "measures" for block in section.blocks[1:]
    ]
    table = Summary(tmp_path, language).rectification()
    assert sorted((row[1], row[3]) for row in grid.rows) == sorted((row[3], row[5]) for row in table.rows)
    assert "2025年3月底前" in [row[5] for row in table.rows]
    assert "75.00%" in table.rows[0][1]
    assert "315.00" in table.rows[0][1]


@pytest.mark.parametrize(
    ("language", "points", "cells"),
    [
        ("zh", ["，扣3分", "，扣1分", "，未扣分", "，扣分待定", "，扣分待定", ""],
         ["3", "1", "未扣分", "扣分待定", "扣分待定", "—"]),
        ("en", [", 3 points lost", ", 1 point lost", ", no points lost", *[", points lost to be decided"] * 2, ""],
         ["3", "1", "no points lost", *["points lost to be decided"] * 2, "—"]),
    ],
)  # fmt: skip
def test_a_missed_row_that_lost_nothing_is_said_in_words(language, points, cells):
    common = {"indicator": "道路", "target": "≥8", "actual": "7", "verdict": "missed", "reason": None}
    told = [(10, "7", "7", "agrees"), (10, None, "9", "judged"), (10, None, "10", "judged"),
            (10, None, "10", "differs"), (10, None, None, "unscored"), (None, None, None, "unscored")]  # fmt: skip
    rows = []
    for weight, *figures, status in told:
        computed, score = (None if figure is None else Decimal(figure) for figure in figures)
        lost = None if score is None else weight - score
        rows.append(
            common | {"weight": weight, "computed": computed, "score": score, "lost": lost, "status": status}
        )
    money = dict.fromkeys(("rate", "adjusted", "executed"))
    project = {"name": "p", "project": "p", "department": "", "unit": "", "year": 2024, **money}
    state = State(Portfolio((project,)), indicators={"p": rows})
    assert [row[-1] for row in standard_tables.unmet(state, language).rows] == cells
    problems = [row[1] for row in standard_tables.rectification(state, language).rows]
    head = {"zh": "道路：目标≥8，实际7", "en": "道路: target ≥8, actual 7"}[language]
    assert problems == [head + told for told in points]


def test_full_marks_that_only_a_person_can_cut_are_to_be_decided():
    plain = form(3)
    rows = list(plain.indicators)
    rows[1] = replace(rows[1], name="完工时间", target="6月底前", actual="9月", score=rows[1].weight)
    card = perfkit.score(replace(plain, indicators=tuple(rows)), profile="mof-2020")
    assert card.indicators[1].lost == 0
    told = results._indicator("p", card.indicators[1])
    assert standard_tables._lost(told, "zh") == "扣分待定"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_one_project_has_one_execution_rate(tmp_path, language):
    plain = form(3)
    total = replace(plain.budget.total, adjusted=Decimal(10000), executed=Decimal("9897.04"), rate="98.98%")
    one = replace(plain, budget=replace(plain.budget, total=total))
    card = perfkit.score(one, profile="shanghai-2022")
    findings = perfkit.check(card.form, card)
    with Writer.of(tmp_path) as ledger:
        ledger.begin({})
        ledger.record({"name": "p", "status": "made"}, rows=results.of_results("p", card, findings, language))
    (tmp_path / "p.html").touch()
    story = perfkit.narrate(one, card, findings, language=language)
    assert "98.98%" in str(next(section for section in story.sections if section.key == "execution"))
    summary = Summary(tmp_path, language)
    told = [row[-1] for row in summary.figures().rows]
    told.append(summary.projects().rows[0][summary.projects().heading.index(summary._say("rate"))])
    assert {*told, summary.title().figures[-1][1]} == {"98.98%"}


def test_equal_scores_share_a_rank(tmp_path):
    fill(tmp_path, 8)
    rows = Summary(tmp_path).projects().rows
    for before, after in pairwise(rows):
        assert (before[0] == after[0]) == (before[8] == after[8])
        assert Decimal(before[8]) >= Decimal(after[8])


def test_an_unmet_indicator_is_told_with_its_reason_and_its_measure(tmp_path):
    fill(tmp_path, 12)
    rows = Summary(tmp_path).unmet().rows
    told = {(row[5], row[6]) for row in rows}
    assert ("受汛期影响，施工推迟", "下一年提前备料") in told
    assert all(row[5] and row[6] for row in rows)


def test_no_finding_is_a_code_without_its_name(tmp_path):
    fill(tmp_path, 12)
    summary = Summary(tmp_path)
    assert all(row[3] != row[6] and row[6].startswith("PK") for row in summary.findings().rows)
    assert all(not row[0].startswith("PK") for row in summary.common().rows)


@pytest.mark.parametrize(("language", "place"), [("zh", "第15行"), ("en", "line 15")])
def test_a_place_is_told_in_the_language_of_the_summary(language, place):
    told = standard_tables._place({"row": 1, "place": "line 15"}, language)
    assert told.split(" · ")[1].replace(" ", "") == place.replace(" ", "")


def test_a_chart_is_described_and_its_caption_ends_at_its_title():
    told = re.search('aria-label="([^"]*)"', bars("得分分布", [("优", 3), ("良", 1)]))[1]
    assert told == "得分分布。优 3, 良 1"
    assert 'aria-label="Scores. A 3"' in bars("Scores", [("A", 3)])


def test_a_long_table_prints_both_ends_and_says_where_the_rest_is(tmp_path):
    fill(tmp_path, MOST_PRINTED + 30)
    table = Summary(tmp_path).projects()
    page = table._repr_html_()
    assert page.count("<tr>") == 1 + MOST_PRINTED + 1
    assert "其余30行见 Excel 汇总表" in page
    assert len(table.to_frame()) == MOST_PRINTED + 30


def test_the_workbook_has_a_sheet_for_each_table_and_numbers_that_add_up(tmp_path):
    cards = fill(tmp_path, 9)
    book = openpyxl.load_workbook(io.BytesIO(workbook(Summary(tmp_path), "zh")))
    assert book.sheetnames == ["汇总表", "排名", "未完成指标明细", "问题清单", "整改台账"]
    rows = list(book["排名"].iter_rows(values_only=True))
    score = rows[0].index("得分")
    assert sorted(Decimal(str(row[score])) for row in rows[1:]) == sorted(card.total.score for card in cards)
    assert rows[1][0] == "1"
    assert book["排名"].page_setup.orientation == "landscape"


def test_a_sheet_prints_its_name_and_a_row_of_short_texts_takes_one_line(tmp_path):
    fill(tmp_path, 12)
    book = openpyxl.load_workbook(io.BytesIO(workbook(Summary(tmp_path), "zh")))
    assert {sheet.oddHeader.center.text for sheet in book} == {"&A"}
    for name in ("汇总表", "排名"):
        rows = [book[name].row_dimensions[row.row].height for (row, *_) in book[name].iter_rows(min_row=2)]
        assert max(rows) < 2 * 15, name


def test_a_figure_of_the_workbook_holds_the_digits_that_are_printed(tmp_path):
    fill(tmp_path, 30)
    book = openpyxl.load_workbook(io.BytesIO(workbook(Summary(tmp_path), "zh")))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    told = [
        (repr(cell.value), 4 if "%" in cell.number_format else 2) for cell in cells if cell.data_type == "n"
    ]
    figures = [(figure, digits) for figure, digits in told if figure != "None"]
    assert any(digits == 4 for _, digits in figures)
    assert [figure for figure, digits in figures if len(figure.partition(".")[2]) > digits] == []


def test_a_text_that_looks_like_a_formula_stays_a_text(tmp_path):
    fill(tmp_path, 1, project='=HYPERLINK("http://x")')
    book = openpyxl.load_workbook(io.BytesIO(workbook(Summary(tmp_path), "zh")))
    cells = [cell for row in book["排名"].iter_rows() for cell in row if "HYPERLINK" in str(cell.value)]
    assert [cell.data_type for cell in cells] == ["s"]


def test_one_project_and_one_that_failed(tmp_path):
    fill(tmp_path, 1, failed=1)
    summary = Summary(tmp_path)
    text = "".join(summary.overview().paragraphs)
    assert "收到2个项目的自评表，评出1个，占50.00%" in text
    assert not re.search("应评|覆盖率|年中调", text)
    assert "1个项目的报告未能生成" in text
    assert summary.failures().rows == (("lost0", "ValueError: x"),)


def test_one_of_a_thing_is_said_as_one_in_english(tmp_path):
    fill(tmp_path, 1, language="en")
    summary = Summary(tmp_path, "en")
    assert "1 project of 1 department, budget" in summary.title().headline
    told = " ".join([*summary.overview().paragraphs, *(row[1] for row in summary.rectification().rows)])
    assert not re.search(r"\b1 (projects|points|departments|indicators)\b", told)
    assert re.search(r"\b1 (project|point)\b", told)


def test_a_folder_without_reports_says_what_to_do(tmp_path):
    with pytest.raises(SettingsError, match="perfkit report"):
        make(tmp_path, ("xlsx",))


def test_the_summary_agrees_with_the_index(tmp_path):
    fill(tmp_path, 20, state=lambda number: "provisional" if number % 7 == 3 else "final")
    portfolio, summary = Portfolio.of(tmp_path), Summary(tmp_path)
    assert summary.title().figures[0][1] == f"{portfolio.mean.quantize(Decimal('0.01'), 'ROUND_HALF_UP')}"
    assert summary.figures().rows[0][1] == str(len(portfolio.projects))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_summary_is_verified_against_the_ledger(tmp_path, language):
    fill(tmp_path, 6, failed=1, language=language)
    page = "".join(Summary(tmp_path, language).parts())
    document = tmp_path / "summary.html"
    document.write_text(f"<html><body>{page}</body></html>", encoding="utf-8")
    assert list(verify_summary(document, tmp_path)) == []
    mean = Summary(tmp_path, language).title().figures[0][1]
    document.write_text(f"<html><body>{page.replace(mean, '12.34', 1)}</body></html>", encoding="utf-8")
    assert {(one.kind, one.got, one.expected) for one in verify_summary(document, tmp_path)} == {
        ("contradicts", "12.34", mean)
    }


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_summary_in_word_is_quiet_as_it_was_made(tmp_path, language):
    fill(tmp_path, 6, failed=1, language=language)
    parts = Summary(tmp_path, language).parts()
    (tmp_path / "summary.docx").write_bytes(publish(notebook(*parts, language=language), ["docx"])["docx"])
    assert list(verify_summary(tmp_path / "summary.docx", tmp_path)) == []


def test_what_a_person_has_set_aside_is_told_with_the_reason_and_counts_no_more(tmp_path):
    card = perfkit.score(form(3), profile="mof-2020")
    found = perfkit.check(card.form, card)
    code, row = next((one.code, one.row) for one in found if one.row)
    rows = list(card.form.indicators)
    rows[row - 1] = replace(rows[row - 1], ignore=(Ignore(code, "已当面核实", "李审核"),))
    aside = replace(card.form, indicators=tuple(rows))
    card = perfkit.score(aside, profile="mof-2020")
    rows = results.of_results("p", card, perfkit.check(aside, card), "zh")
    assert rows.set_aside
    with Writer.of(tmp_path) as ledger:
        ledger.begin({})
        ledger.record({"name": "p", "status": "made"}, rows=rows)
    (tmp_path / "p.html").touch()
    summary = Summary(tmp_path)
    table = summary.set_aside()
    assert {row[4:] for row in table.rows} == {("已当面核实", "李审核", code)}
    told = [(one["row"], one["code"]) for one in summary.state.findings["p"]]
    assert (row, code) not in told
    assert f"{len(table.rows)}处经人核定不列为问题" in "".join(summary.overview().paragraphs)
    assert "不列为问题" in openpyxl.load_workbook(io.BytesIO(workbook(summary, "zh"))).sheetnames


def test_a_font_that_is_not_here_takes_the_pdf_alone(tmp_path):
    fill(tmp_path, 2)
    (tmp_path / "ours.yaml").write_text("fonts: {text: No Such Font}\n", encoding="utf-8")
    (tmp_path / "perfkit.yaml").write_text("theme: ours.yaml\n", encoding="utf-8")
    (tmp_path / "summary.pdf").write_bytes(b"earlier")
    undone = []
    paths = make(tmp_path, ("html", "pdf"), workspace=tmp_path, undone=undone)
    assert [path.name for path in paths] == ["summary.html"]
    assert "No Such Font" in str(undone[0])
    assert not (tmp_path / "summary.pdf").exists()
    assert "summary.pdf" not in (tmp_path / "index.html").read_text(encoding="utf-8")
    with pytest.raises(MachineError, match="No Such Font"):
        make(tmp_path, ("pdf",), workspace=tmp_path)


def test_the_notebook_runs_in_processes_of_its_own(tmp_path):
    fill(tmp_path, 2)
    code = (
        "import sys; from perfkit.summary import make\n"
        f"make({str(tmp_path)!r}, ('html',), workspace={str(tmp_path)!r})\n"
        "print(*{'papermill', 'nbconvert', 'jsonschema', 'ipykernel'} & sys.modules.keys())"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
    assert (tmp_path / "summary.html").exists()


def test_a_cell_of_the_notebook_that_fails_is_named(tmp_path):
    fill(tmp_path, 2)
    (tmp_path / "notebooks").mkdir()
    cells = [nbformat.v4.new_code_cell(text) for text in ("1", "raise ValueError('no such line')")]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python", "language": "python"}}
    notebook = nbformat.v4.new_notebook(metadata=kernel, cells=cells)
    nbformat.write(notebook, tmp_path / "notebooks" / "portfolio_report.ipynb")
    with pytest.raises(SettingsError, match="no such line") as caught:
        make(tmp_path, ("html",), workspace=tmp_path)
    assert re.search("第 [23] 个单元格", caught.value.faults[0].what.zh)


def test_one_of_a_kind_is_told_in_the_singular(tmp_path):
    plain = form(3)
    poor = replace(
        plain,
        indicators=tuple(replace(row, score=Decimal(0), reason="停办") for row in plain.indicators),
        total=None,
    )
    poor = replace(poor, indicators=poor.indicators[:1])
    with Writer.of(tmp_path) as ledger:
        ledger.begin({})
        card = perfkit.score(poor, profile="mof-2020")
        rows = results.of_results("p", card, perfkit.check(poor, card), "en")
        rows.projects[0].update(state="final", grade="差")
        rows.indicators[0].update(verdict="missed")
        ledger.record({"name": "p", "status": "made"}, rows=rows)
    (tmp_path / "p.html").touch()
    told = " ".join(Summary(tmp_path, "en").overview().paragraphs)
    assert "1 project graded Fair or lower has to improve, and its budget is cut" in told
    assert "Of all indicators (1) 1 was missed" in told
    assert not re.search(r"\b1 (?:projects|forms|indicators|rows)\b", told)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_finding_names_the_report_it_stands_in(tmp_path, language):
    fill(tmp_path, 3, language=language)
    table = Summary(tmp_path, language).findings()
    place = table.heading.index({"zh": "位置", "en": "Place"}[language])
    assert {row[place].partition(" · ")[0] for row in table.rows} <= {"p00000", "p00001", "p00002"}
    assert len(table.rows) > 3
