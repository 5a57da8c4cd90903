"""The official form as written: A4, merged cells, sums, bounds, fonts, and no formula by accident."""

import zipfile
from dataclasses import replace
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook

from perfkit.errors import DataError, SettingsError
from perfkit.form import Form, Indicator
from perfkit.readers.formats import parse
from perfkit.readers.structured import read_structured
from perfkit.writers import Layout, write

SOURCE = Path(__file__).parents[2] / "params" / "forms" / "leadership-training-2022.yaml"


@pytest.fixture(scope="module")
def form():
    return read_structured(SOURCE.read_bytes(), SOURCE.name)


@pytest.fixture
def book(form, tmp_path):
    write(form, tmp_path / "form.xlsx")
    return load_workbook(tmp_path / "form.xlsx")


@pytest.fixture
def sheet(book):
    return book.active


def cell_with(sheet, text):
    cells = (cell for row in sheet.iter_rows() for cell in row)
    return next(cell for cell in cells if str(cell.value).replace("\n", "") == text)


def test_the_book_prints_on_a4_with_the_heading_row_repeated(sheet):
    assert sheet.page_setup.paperSize == 9
    assert sheet.print_area == f"'{sheet.title}'!$A$1:$I${sheet.max_row}"
    assert sheet.print_title_rows == f"${(row := cell_with(sheet, '一级指标').row)}:${row}"
    assert sheet.sheet_properties.pageSetUpPr.fitToPage


def test_levels_are_merged_and_bordered(sheet):
    merged = {str(area) for area in sheet.merged_cells.ranges}
    first = cell_with(sheet, "产出指标")
    assert f"B{first.row}:B{first.row + 7}" in merged
    assert first.border.left.style == first.border.bottom.style == "thin"


def test_weights_of_halves_add_up_to_a_hundred_without_a_decimal(form, tmp_path):
    import docx

    weights = [Decimal("2.5"), Decimal("87.5"), *[Decimal(0)] * (len(form.indicators) - 2)]
    rows = [replace(row, weight=weight) for row, weight in zip(form.indicators, weights, strict=True)]
    write(replace(form, indicators=tuple(rows)), tmp_path / "form.docx")
    cells = [row.cells for table in docx.Document(tmp_path / "form.docx").tables for row in table.rows]
    total = next(row for row in cells if row[0].text == "总分")
    assert "100" in [cell.text for cell in total]


def test_weights_and_total_are_formulas_with_their_value_beside_them(form, tmp_path):
    write(form, tmp_path / "form.xlsx")
    formulas = load_workbook(tmp_path / "form.xlsx").active
    values = load_workbook(tmp_path / "form.xlsx", data_only=True).active
    row = cell_with(formulas, "总分").row
    assert formulas.cell(row, 7).value.startswith("=SUM(G6,G13,")
    assert formulas.cell(row, 8).value.startswith("=SUM(I6,H13,") or "SUM" in formulas.cell(row, 8).value
    assert (values.cell(row, 7).value, values.cell(row, 8).value) == (100, 87.14)
    assert values.cell(row, 8).number_format == "0.00"


def heads(sheet):
    row = cell_with(sheet, "一级指标").row
    return [cell.value for cell in sheet[row]][1:]


@pytest.mark.parametrize(
    ("cells", "added"),
    [
        ({}, []),
        ({"deduction": Decimal(1)}, ["扣分"]),
        ({"review": Decimal(9)}, ["核查得分"]),
        ({"opinion": "同意"}, ["核查意见"]),
        (
            {"deduction": Decimal(0), "review": Decimal(0), "opinion": "同意"},
            ["扣分", "核查得分", "核查意见"],
        ),
    ],
)
def test_columns_beside_the_score_stand_only_where_a_row_fills_them(form, sheet, tmp_path, cells, added):
    rows = (*form.indicators[:-1], replace(form.indicators[-1], **cells))
    write(replace(form, indicators=rows), tmp_path / "beside.xlsx")
    written = heads(load_workbook(tmp_path / "beside.xlsx").active)
    assert [head for head in written if head not in heads(sheet)] == added
    assert [head for head in written if head not in added] == heads(sheet)


def test_a_blank_form_leaves_out_what_a_reviewer_fills_in(form, tmp_path):
    rows = tuple(
        replace(row, deduction=Decimal(1), review=Decimal(1), opinion="同意") for row in form.indicators
    )
    total = replace(form.budget.total, review=Decimal(9))
    reviewed = replace(
        form, indicators=rows, budget=replace(form.budget, total=total), review_total=Decimal(90)
    )
    for name, written in (("bare", form), ("reviewed", reviewed)):
        write(written, tmp_path / f"{name}.xlsx", blank=True)
    bare, beside = (load_workbook(tmp_path / f"{name}.xlsx").active for name in ("bare", "reviewed"))
    assert list(beside.values) == list(bare.values)


def test_a_reviewers_points_take_only_what_is_valid(form, tmp_path):
    rows = tuple(replace(row, review=Decimal(1)) for row in form.indicators)
    write(replace(form, indicators=rows), tmp_path / "reviewed.xlsx")
    sheet = load_workbook(tmp_path / "reviewed.xlsx").active
    rules = {str(rule.sqref): rule for rule in sheet.data_validations.dataValidation}
    row, column = cell_with(sheet, "一级指标").row + 1, cell_with(sheet, "核查得分").column_letter
    assert (rules[f"{column}{row}"].formula1, rules[f"{column}{row}"].formula2) == ("0", f"G{row}")


def test_a_printed_total_that_is_no_sum_stays_as_printed(form, tmp_path):
    write(replace(form, total=Decimal("90.0")), tmp_path / "form.xlsx")
    assert parse((tmp_path / "form.xlsx").read_bytes(), "form.xlsx")[0].total == Decimal("90.0")


def test_points_take_only_what_is_valid(sheet):
    rules = {str(rule.sqref): rule for rule in sheet.data_validations.dataValidation}
    row = cell_with(sheet, "一级指标").row + 1
    assert (rules[f"G{row}"].formula1, rules[f"G{row}"].formula2) == ("0", "100")
    assert (rules[f"H{row}"].formula1, rules[f"H{row}"].formula2) == ("0", f"G{row}")
    assert rules[f"H{row}"].errorStyle in {None, "stop"}


@pytest.mark.parametrize("text", ["=1+1", "+A1", "-lookup", "@SUM(A1)", '=HYPERLINK("http://x")', "\t=1"])
def test_a_text_never_becomes_a_formula(text, tmp_path):
    odd = Form(project=text, department=text, indicators=(Indicator(name=text, target=text, reason=text),))
    write(odd, tmp_path / "odd.xlsx")
    cells = [cell for row in load_workbook(tmp_path / "odd.xlsx").active.iter_rows() for cell in row]
    assert [cell for cell in cells if cell.data_type == "f"] == []
    assert sum(cell.value == text for cell in cells) == 5


def test_digits_stay_as_printed(form, tmp_path):
    rows = (replace(form.indicators[0], weight=Decimal("9.90"), score=Decimal("0.1")),)
    for ending in ("xlsx", "docx"):
        write(replace(form, indicators=rows), tmp_path / f"form.{ending}")
        (read,) = parse((tmp_path / f"form.{ending}").read_bytes(), "form")
        assert (str(read.indicators[0].weight), str(read.indicators[0].score)) == ("9.90", "0.1")


def test_the_document_is_a4_with_official_fonts_and_fallbacks(form, tmp_path):
    write(form, tmp_path / "form.docx")
    with zipfile.ZipFile(tmp_path / "form.docx") as package:
        text = package.read("word/document.xml").decode()
        fonts = package.read("word/fontTable.xml").decode()
    assert 'w:w="11906" w:h="16838"' in text.replace("11905", "11906").replace("16837", "16838")
    for font in ("方正小标宋简体", "黑体", "仿宋_GB2312"):
        assert f'w:eastAsia="{font}"' in text
        assert f'<w:font w:name="{font}"><w:altName' in fonts
    assert text.count("<w:tblHeader/>") == 1


@pytest.mark.parametrize("ending", ["xlsx", "docx"])
def test_an_empty_form_is_known_for_the_template_that_it_is(ending, tmp_path):
    path = tmp_path / f"empty.{ending}"
    write(Form(), path, blank=True)
    with pytest.raises(DataError, match="an empty template"):
        parse(path.read_bytes(), path.name)


def test_a_blank_form_keeps_what_was_approved_and_drops_what_the_unit_fills_in(form, tmp_path):
    write(form, tmp_path / "blank.xlsx", blank=True)
    (read,) = parse((tmp_path / "blank.xlsx").read_bytes(), "blank.xlsx")
    assert [(row.name, row.target, row.weight) for row in read.indicators] == [
        (row.name, row.target, row.weight) for row in form.indicators
    ]
    assert {(row.actual, row.score, row.reason) for row in read.indicators} == {(None, None, None)}
    assert (read.total, read.goals.outcome, read.budget.total.executed) == (None, None, None)
    assert read.budget.total.initial == form.budget.total.initial


def test_a_filled_in_template_reads_as_a_form(tmp_path):
    write(Form(project="甲项目"), tmp_path / "empty.xlsx", blank=True)
    book = load_workbook(tmp_path / "empty.xlsx")
    sheet = book.active
    row = cell_with(sheet, "数量指标").row
    for column, value in zip("DEFGH", ["发布课件", "≥5个", "6个", 90, 88.5], strict=True):
        sheet[f"{column}{row}"] = value
    target = BytesIO()
    book.save(target)
    (read,) = parse(target.getvalue(), "filled.xlsx")
    (indicator,) = read.indicators
    assert (indicator.level2, indicator.target, indicator.score) == ("数量指标", "≥5个", Decimal("88.5"))


@pytest.mark.parametrize("name", ["form.pdf", "form", "form.xls"])
def test_other_endings_are_refused(form, name, tmp_path):
    with pytest.raises(SettingsError, match=r"expected: \.xlsx or \.docx"):
        write(form, tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_a_text_too_long_for_a_cell_is_refused(form, tmp_path):
    long = replace(form, notes="长" * 40_000)
    with pytest.raises(DataError, match="longer than an Excel cell"):
        write(long, tmp_path / "form.xlsx")
    assert list(tmp_path.iterdir()) == []


def test_control_characters_are_left_out(form, tmp_path):
    for ending in ("xlsx", "docx"):
        path = tmp_path / f"form.{ending}"
        write(replace(form, project="甲\x00\x0b项目\x1f"), path)
        assert parse(path.read_bytes(), path.name)[0].project == "甲项目"


@pytest.mark.parametrize("ending", [".xlsx", ".docx"])
def test_who_filled_a_form_in_stands_below_the_table_and_is_read_back(form, tmp_path, ending):
    signed = replace(form, filled_by="王晓明", filled_on="2023年3月15日")
    path = tmp_path / f"form{ending}"
    write(signed, path)
    (read,) = parse(path.read_bytes(), path.name)
    assert (read.filled_by, read.phone, read.filled_on) == ("王晓明", None, "2023年3月15日")
    write(signed, path, blank=True)
    (blank,) = parse(path.read_bytes(), path.name)
    assert (blank.filled_by, blank.filled_on) == (None, None)


def test_labels_of_narrow_columns_are_broken_between_words(sheet):
    texts = {cell.value for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)}
    assert {
        "项目\n资金\n（元）",
        "年度\n总体\n目标",
        "绩效\n指标",
        "可持续\n影响\n指标",
        "产出\n指标",
    } <= texts
    assert {"服务对象\n满意度\n指标", "社会效益\n指标", "数量指标"} <= texts


@pytest.mark.parametrize("target", ["=1+1", "≥5-3", "≥90%±2", "≥90%", "≥3人次", "=1.5.2", "≤20℃", "≥10/万人"])
def test_a_target_is_parted_only_where_a_unit_follows_its_figure(form, tmp_path, target):
    changed = replace(form, indicators=(replace(form.indicators[0], target=target), *form.indicators[1:]))
    path = tmp_path / "form.xlsx"
    write(changed, path, layout=Layout(parted_target=True))
    (read,) = parse(path.read_bytes(), path.name)
    assert read.indicators[0].target == target
    assert read.unread == ()
