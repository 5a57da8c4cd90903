"""Files that nobody should have sent: each gives a clear error or the form, within bounds."""

import contextlib
import os
import re
import zipfile
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from openpyxl import Workbook

import perfkit
from perfkit.errors import DataError
from perfkit.readers import bulk
from perfkit.readers.bulk import read_document
from perfkit.readers.fields import _symbol
from perfkit.readers.formats import parse
from tests.readers import books
from tests.strategies import in_english

DATA = Path(__file__).parents[1] / "data" / "readers"
FORM = """
项目支出绩效自评表（2022年度）
项目名称 | 甲项目 | 主管部门 | 甲局
项目资金（万元） | 年初预算数 | 全年预算数 | 全年执行数 | 分值 | 执行率 | 得分
年度资金总额 | 1 | 2 | 2 | 10 | 100% | 10
一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分
产出指标 | 数量指标 | 甲一 | 1个 | 1个 | 90 | 90
总分 | | | | | 100 | 100
"""


def packed(parts):
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return target.getvalue()


def repacked(data, change):
    """Give a package with some of its parts changed."""
    with zipfile.ZipFile(BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    return packed(change(parts) or parts)


def with_part(name, content):
    return lambda data: repacked(data, lambda parts: parts | {name: content(parts.get(name, b""))})


SHEET = "xl/worksheets/sheet1.xml"
BOMB = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
OUTSIDE = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'


def after_declaration(text):
    return lambda xml: xml.replace(b"?>", b"?>" + text, 1) if b"?>" in xml[:100] else text + xml


def locked_pdf():
    target = BytesIO()
    document = pikepdf.open(DATA / "ruled.pdf")
    document.save(target, encryption=pikepdf.Encryption(user="secret", owner="secret"))
    return target.getvalue()


REFUSED = {
    "empty": (b"", "empty"),
    "only zeros": (b"\x00" * 5000, "empty"),
    "noise": (bytes(range(256)) * 40, "no readable text"),
    "a zip of something else": (packed({"a.bin": "x"}), "zip archive"),
    "a zip cut off": (books.book(FORM)[:900], "damaged"),
    "a book without sheets": (packed({"xl/workbook.xml": "<workbook/>", "[Content_Types].xml": "<Types/>"}), "damaged"),
    "a zip bomb": (packed({"xl/workbook.xml": b"<a>" + b" " * 50_000_000 + b"</a>"}), "unpacks to far more"),
    "an entity bomb": (with_part(SHEET, after_declaration(BOMB))(books.book(FORM)), "XML that no office program"),
    "an outside entity": (with_part(SHEET, after_declaration(OUTSIDE))(books.book(FORM)), "XML that no office program"),
    "entities behind a long comment": (
        with_part(SHEET, after_declaration(b"<!--" + b"x" * 70_000 + b"-->" + BOMB))(books.book(FORM)),
        "XML that no office program",
    ),
    "an encrypted book": (DATA / "encrypted.xlsx", "encrypted"),
    "an encrypted PDF": (locked_pdf, "encrypted"),
    "a PDF cut off at its start": (lambda: (DATA / "ruled.pdf").read_bytes()[:3000], "damaged"),
    "a letter": ("关于报送项目绩效自评材料的通知\n请各单位于月底前报送。".encode(), "no self-evaluation form"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_read_is_refused_with_file_and_hint(case):
    made, message = REFUSED[case]
    data = made.read_bytes() if isinstance(made, Path) else made() if callable(made) else made
    with pytest.raises(DataError) as caught:
        parse(data, "sent.xlsx")
    (fault,) = caught.value.faults
    assert message in f"{in_english(fault.what)} {in_english(fault.got)}"
    assert fault.file == "sent.xlsx"
    assert fault.hint or fault.expected


def names(data, name="sent.xlsx"):
    return [form.project for form in parse(data, name)]


@pytest.mark.parametrize("name", ["form.pdf", "form.xls", "form.docx", "form.txt", "form"])
def test_a_renamed_book_is_read_as_what_it_is(name):
    assert names(books.book(FORM), name) == ["甲项目"]


@pytest.mark.parametrize("name", ["form.xls", "form.xlsx", "form.doc"])
def test_a_web_page_under_another_name_is_read(name):
    assert names(books.page(FORM), name) == ["甲项目"]


def test_a_sheet_with_one_cell_in_its_last_row_costs_one_cell():
    book = Workbook()
    sheet = book.active
    for row in books.rows_of(FORM):
        sheet.append(row)
    sheet.cell(1_048_576, 16_384, "end")
    target = BytesIO()
    book.save(target)
    assert names(target.getvalue()) == ["甲项目"]


def test_a_merge_over_the_whole_sheet_costs_nothing():
    merge = b'<mergeCells count="1"><mergeCell ref="A20:XFD1048576"/></mergeCells></worksheet>'
    data = with_part(SHEET, lambda xml: xml.replace(b"</worksheet>", merge))(books.book(FORM))
    assert names(data) == ["甲项目"]


def test_formulas_are_never_run_and_their_stored_values_count():
    formula = b'<c r="H7"><f>WEBSERVICE("http://example.org")</f><v>7</v></c></row></sheetData>'
    data = with_part(SHEET, lambda xml: xml.replace(b"</row></sheetData>", formula))(books.book(FORM))
    assert names(data) == ["甲项目"]


def test_a_formula_without_a_stored_value_is_listed():
    book = Workbook()
    for row in books.rows_of(FORM):
        book.active.append(row)
    book.active["G7"] = "=SUM(G4,G6)"
    target = BytesIO()
    book.save(target)
    (form,) = parse(target.getvalue(), "made.xlsx")
    assert form.total is None
    assert [(cell.place, cell.text) for cell in form.unread] == [("Sheet!G7", "=SUM(G4,G6)")]


def test_a_book_with_macros_is_read_and_nothing_runs():
    data = with_part("xl/vbaProject.bin", lambda _: b"\x00macro")(books.book(FORM))
    assert names(data, "form.xlsm") == ["甲项目"]


def many_pages(pages, form_at=None):
    """Make a PDF of many pages of prose, with the form's pages among them."""
    target = BytesIO()
    document, prose = pikepdf.open(DATA / "ruled.pdf"), pikepdf.open(DATA / "prose.pdf")
    form = len(document.pages)
    made = pikepdf.new()
    for number in range(pages):
        if form_at is not None and number == form_at:
            made.pages.extend(document.pages)
        made.pages.append(prose.pages[0] if form_at is not None else document.pages[number % form])
    made.save(target)
    return target.getvalue()


def test_a_form_among_two_thousand_pages_is_found():
    assert names(many_pages(2000, form_at=700), "report.pdf") == ["领导干部培训经费"]


def test_hundreds_of_pages_of_forms_are_refused():
    with pytest.raises(DataError, match="too many pages"):
        parse(many_pages(200), "book.pdf")


@pytest.mark.parametrize(
    "file", sorted(path.name for path in DATA.iterdir() if path.suffix not in {"", ".py"})
)
@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
def test_a_truncated_file_gives_an_error_or_forms_and_nothing_else(file, share):
    data = (DATA / file).read_bytes()
    assert forms_or_fault(data[: int(len(data) * share)], file)


def forms_or_fault(data, name):
    with contextlib.suppress(DataError):
        return parse(data, name)
    with pytest.raises(DataError) as caught:
        parse(data, name)
    return caught.value.faults[0].file == name


def test_a_file_that_takes_too_long_is_given_up(tmp_path, monkeypatch):
    slow = tmp_path / "slow.xlsx"
    slow.write_bytes(books.book(FORM))
    monkeypatch.setattr(bulk, "SECONDS", 0.0)
    with pytest.raises(DataError, match="takes too long"):
        read_document(slow)


def test_a_pipe_is_refused_before_anybody_waits_for_it(tmp_path):
    if not hasattr(os, "mkfifo"):
        pytest.skip("no named pipes on this system")
    endless = tmp_path / "endless.xlsx"
    os.mkfifo(endless)
    with pytest.raises(DataError, match="a pipe or a device"):
        read_document(endless)
    with pytest.raises(DataError, match="a pipe or a device"):
        perfkit.read(endless)


def test_a_file_that_needs_too_much_memory_is_given_up(tmp_path):
    pytest.importorskip("resource", reason="memory is bounded where the system can")
    greedy = tmp_path / "greedy.html"
    greedy.write_bytes(b"<html><meta charset=utf-8><p>\xe9\xa1\xb9\xe7\x9b\xae" + b"<b>x</b>" * 4_000_000)
    with pytest.raises(DataError) as caught:
        read_document(greedy)
    assert "memory" in str(caught.value)


def test_one_bad_file_never_stops_the_others(tmp_path):
    good, bad = tmp_path / "good.xlsx", tmp_path / "bad.xlsx"
    good.write_bytes(books.book(FORM))
    bad.write_bytes(b"PK\x03\x04 broken")
    paths = [bad, good, tmp_path / "missing.xlsx", good, bad]
    seen = []
    results = list(bulk.read_many(paths, jobs=2, on_done=lambda path, _: seen.append(path)))
    assert [path for path, _ in results] == paths == seen
    kinds = [type(result).__name__ for _, result in results]
    assert kinds == ["DataError", "list", "DataError", "list", "DataError"]
    assert "no such file" in str(results[2][1])


def test_a_text_of_more_lines_than_a_page_has_is_read_by_its_lines():
    head = " 三级指标      年度指标值      实际完成值    分值       得分\n"
    row = " 培训人次      ≥36人        35人       10       9\n"
    forms = parse((f" 项目名称      甲项目\n{head}" + row * 9_000).encode(), "form.txt")
    assert sum(len(form.indicators) for form in forms) == 9_000


_NUMBERED = re.compile(rb'(\b[\w:-]+)="\d+"')


@pytest.mark.parametrize("number", ["9" * 5000, "²"], ids=["long", "raised"])
@pytest.mark.parametrize("name", ["official.xlsx", "official.docx", "open.ods"])
def test_no_number_in_the_markup_ends_a_reading_in_another_error(name, number):
    data = (DATA / name).read_bytes()
    with zipfile.ZipFile(BytesIO(data)) as archive:
        parts = {part: archive.read(part) for part in archive.namelist()}
    markup = {part: xml for part, xml in parts.items() if part.endswith(".xml")}
    attributes = {found[1] for xml in markup.values() for found in _NUMBERED.finditer(xml)}
    assert len(attributes) > 10
    for attribute in sorted(attributes):
        spoilt = {
            part: re.sub(rb"(?<![\w:-])" + attribute + rb'="\d+"', attribute + f'="{number}"'.encode(), xml)
            for part, xml in markup.items()
        }
        made = BytesIO()
        with zipfile.ZipFile(made, "w") as archive:
            for part, content in (parts | spoilt).items():
                archive.writestr(part, content)
        with contextlib.suppress(perfkit.DataError):
            parse(made.getvalue(), name)


@pytest.mark.parametrize("code", ["007", "9" * 5000, "0x" + "f" * 300, "²", "65", "0x41", "A"])
def test_a_symbol_field_of_any_code_is_a_character(code):
    assert len(_symbol(f' {code} \\f "Arial"')) == 1
