"""Example files of each type, made by real programs (tests/data/readers/make.py): all read alike."""

from dataclasses import replace
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest

from perfkit.form import FUND_LINES
from perfkit.readers.bulk import read_document, read_many
from perfkit.readers.formats import parse
from perfkit.readers.layout.arithmetic import summary
from perfkit.readers.structured import read_structured

DATA = Path(__file__).parents[1] / "data" / "readers"
PARAMS = Path(__file__).parents[2] / "params" / "forms" / "leadership-training-2022.yaml"


@pytest.fixture(scope="module")
def typed():
    return read_structured(PARAMS.read_bytes(), PARAMS.name)


@pytest.mark.parametrize(
    "file",
    [
        "official.xlsx",
        "official.docx",
        "parted.xlsx",
        "page.html",
        "ruled.pdf",
        "sheet.pdf",
        "unruled.pdf",
        "old.xls",
        "open.ods",
    ],
)
def test_every_format_gives_the_form_that_was_written(typed, file):
    (form,) = parse((DATA / file).read_bytes(), file)
    assert form == typed
    assert form.unread == ()


@pytest.mark.parametrize(
    ("file", "path", "place"),
    [
        ("official.xlsx", "indicators[0].weight", "绩效自评表!G13"),
        ("official.docx", "indicators[0].weight", "table 2, row 2, column 7"),
        ("page.html", "total", "table 1, row 29, column 8"),
        ("ruled.pdf", "indicators[0].name", "page 1, table 1, row 11, column 4"),
        ("ruled.pdf", "total", "page 2, table 1, row 3, column 8"),
    ],
)
def test_each_value_knows_its_place(file, path, place):
    (form,) = parse((DATA / file).read_bytes(), file)
    assert form.source.places[path] == place
    assert form.source.file == file
    assert len(form.source.sha256) == 64


@pytest.mark.parametrize("file", ["official.xlsx", "official.docx", "ruled.pdf"])
def test_every_figure_has_a_place(file):
    (form,) = parse((DATA / file).read_bytes(), file)
    for line in FUND_LINES:
        fund = getattr(form.budget, line)
        for amount in ("initial", "adjusted", "executed", "weight", "rate", "score"):
            assert (getattr(fund, amount) is None) == (f"budget.{line}.{amount}" not in form.source.places)
    for number, row in enumerate(form.indicators):
        for field in ("level1", "level2", "name", "target", "actual", "weight", "score", "reason"):
            assert (getattr(row, field) is None) == (
                f"indicators[{number}].{field}" not in form.source.places
            )


def test_many_files_come_back_in_their_order(typed):
    files = [DATA / name for name in ("ruled.pdf", "official.xlsx", "page.html", "official.docx")]
    results = list(read_many([*files, PARAMS]))
    assert [path for path, _ in results] == [*files, PARAMS]
    assert all(forms == [typed] for _, forms in results)


def test_one_file_is_read_in_a_guarded_process(typed):
    assert read_document(DATA / "official.docx") == [typed]


@pytest.mark.parametrize(
    ("change", "line"),
    [
        ({}, "领导干部培训经费 (2022): 16 rows; weights 90 + 10 = 100; total 87.14, adds up"),
        ({"total": Decimal(90)}, "领导干部培训经费 (2022): 16 rows; weights 90 + 10 = 100; total 90, but the scores add up to 87.14"),
        ({"total": None, "year": None}, "领导干部培训经费: 16 rows; weights 90 + 10 = 100; scores 87.14, no total printed"),
        ({"indicators": (), "total": None}, "领导干部培训经费 (2022): 0 rows; no weights; scores 1.04, no total printed"),
    ],
)  # fmt: skip
def test_the_summary_says_whether_the_form_adds_up(typed, change, line):
    assert summary(replace(typed, **change)).en == line


def test_forms_with_and_without_rules_in_one_report(typed):
    report = pikepdf.new()
    for name in ("prose.pdf", "unruled.pdf", "ruled.pdf", "prose.pdf", "sheet.pdf"):
        report.pages.extend(pikepdf.open(DATA / name).pages)
    target = BytesIO()
    report.save(target)
    assert parse(target.getvalue(), "report.pdf") == [typed, typed, typed]
