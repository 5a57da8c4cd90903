"""Books as Excel and WPS open them: odd styles and packages, number formats, signs, what is hidden."""

import re
from io import BytesIO

import pytest
from openpyxl import load_workbook
from openpyxl.styles import Font

from perfkit.readers.formats import parse
from tests.readers import books
from tests.readers.test_hostile import FORM, repacked
from tests.readers.test_word import strict

SHEET = "xl/worksheets/sheet1.xml"
STYLES = "xl/styles.xml"
SPOT = "E6"


def book(value=None, code=None, font=None, spot=SPOT):
    made = load_workbook(BytesIO(books.book(FORM)))
    cell = made.active[spot]
    cell.value = cell.value if value is None else value
    cell.number_format = code or cell.number_format
    cell.font = font or Font(name="Calibri")
    target = BytesIO()
    made.save(target)
    return target.getvalue()


def read(data):
    (form,) = parse(data, "book.xlsx")
    return form


def changed(name, change, data=None):
    return repacked(data or book(), lambda parts: parts | {name: change(parts[name])})


@pytest.mark.parametrize(
    ("value", "code", "actual"),
    [
        (1200000, "0!.0000", "120.0000"),
        (1200000, "0.0,", "1200.0"),
        (1, '"达成";;"未达成"', "达成"),
        (0, '"达成";;"未达成"', "未达成"),
        (-0.05, '"增长"0%;"下降"0%', "下降5%"),
        (42, 'General"人"', "42人"),
        ("42", '@"册"', "42册"),
        (96.67, "0.00\\%", "96.67%"),
        (1.5, "[h]:mm", "36:00"),
        (45260, "yyyy", "2023"),
        (45260, 'yyyy"年"m"月"d"日"', "2023年11月30日"),
        (0.98, "0%", "98%"),
        (True, "General", "是"),
    ],
)
def test_a_cell_is_read_as_it_prints(value, code, actual):
    assert read(book(value, code)).indicators[0].actual == actual


@pytest.mark.parametrize("value", [42, "秘密"])
def test_what_a_format_hides_is_listed(value):
    form = read(book(value, ";;;"))
    assert form.indicators[0].actual is None
    assert ("表1!E6", str(value)) in [(each.place, each.text) for each in form.unread]


ODD_STYLES = {
    "an empty fill": (b"<fills", b'<fills count="9"><fill/></fills><x', b"</fills>", b"</x>"),
    "a font of family 134": (b'<family val="2"', b'<family val="134"'),
    "an odd colour": (b'<color theme="1"', b'<color rgb="red"'),
    "an odd size": (b'<sz val="11"', b'<sz val="eleven"'),
    "an odd alignment": (b"<cellXfs", b'<cellXfs odd="1"'),
}


@pytest.mark.parametrize("case", ODD_STYLES)
def test_a_book_is_not_refused_for_its_styles(case):
    pairs = ODD_STYLES[case]

    def change(xml):
        for old, new in zip(pairs[::2], pairs[1::2], strict=True):
            assert old in xml
            xml = xml.replace(old, new)
        return xml

    assert read(changed(STYLES, change, book(0.98, "0%"))).indicators[0].actual == "98%"


SHEET_ENDS = [
    b'<dataValidations count="1"><dataValidation type="odd" sqref="A1"/></dataValidations>',
    b'<conditionalFormatting sqref="A1"><cfRule type="odd" priority="x"/></conditionalFormatting>',
    b'<pageMargins left="x" right="0"/>',
    b"<pageSetup paperSize='many'/>",
]


@pytest.mark.parametrize("end", SHEET_ENDS)
def test_nor_for_what_stands_behind_its_cells(end):
    data = changed(
        SHEET,
        lambda xml: re.sub(rb"<pageMargins.*?/>", b"", xml).replace(b"</worksheet>", end + b"</worksheet>"),
    )
    assert read(data).indicators[0].actual == "1个"


def test_nor_for_its_properties():
    data = changed(
        "docProps/core.xml", lambda xml: re.sub(rb"\d{4}-\d\d-\d\dT[\d:]+Z", "2023年11月30日".encode(), xml)
    )
    assert read(data).indicators[0].actual == "1个"


def renamed(change):
    return lambda data: repacked(
        data, lambda parts: {change(name): content for name, content in parts.items()}
    )


@pytest.mark.parametrize(
    "change",
    [
        renamed(lambda name: name.replace("[Content_Types]", "[content_types]")),
        renamed(lambda name: name.replace("/", "\\")),
        renamed(str.upper),
        lambda data: repacked(data, lambda parts: {k: v for k, v in parts.items() if k != STYLES}),
        lambda data: repacked(
            data, lambda parts: {k: v for k, v in parts.items() if not k.startswith("docProps")}
        ),
        lambda data: repacked(data, lambda parts: {k: strict(v) for k, v in parts.items()}),
    ],
    ids=["small letters", "backslashes", "capitals", "no styles", "no properties", "strict"],
)
def test_odd_packages_are_read(change):
    form = read(change(book()))
    assert (form.project, form.indicators[0].actual, form.total) == ("甲项目", "1个", 100)


def test_cells_may_leave_out_their_names():
    def row(line):
        return "<row>" + "".join(f"<c t='inlineStr'><is><t>{text}</t></is></c>" for text in line) + "</row>"

    rows = "".join(row(line) for line in books.rows_of(FORM))
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    data = changed(
        SHEET, lambda _: f"<worksheet xmlns='{space}'><sheetData>{rows}</sheetData></worksheet>".encode()
    )
    assert read(data).indicators[0].weight == 90


@pytest.mark.parametrize(
    ("runs", "actual"),
    [
        ("<r><t>5×10</t></r><r><rPr><vertAlign val='superscript'/></rPr><t>4</t></r><r><t>人</t></r>", "5×10⁴人"),
        ("<r><rPr><rFont val='Symbol'/></rPr><t>³</t></r><r><t>42个</t></r>", "≥42个"),
        ("<r><rPr><rFont val='Wingdings 2'/></rPr><t>R</t></r><r><t>健全</t></r><r><rPr><rFont val='Wingdings 2'/></rPr><t>£</t></r><r><t>不健全</t></r>", "健全"),
        ("<r><t>42</t></r><rPh sb='0' eb='1'><t>shu</t></rPh><r><t>个</t></r>", "42个"),
        ("<t>42_x000D_个</t>", "42个"),
        ("<r><t>42</t></r><r><rPr><strike/></rPr><t>或41</t></r><r><t>个</t></r>", "42个"),
    ],
)  # fmt: skip
def test_the_runs_of_a_text_print_what_they_look_like(runs, actual):
    def change(xml):
        return re.sub(rb'<c r="E6".*?</c>', f'<c r="E6" t="inlineStr"><is>{runs}</is></c>'.encode(), xml)

    assert read(changed(SHEET, change)).indicators[0].actual == actual


def test_a_cell_in_a_symbol_font_prints_its_sign():
    assert read(book("ü", font=Font(name="Wingdings"))).indicators[0].actual == "✓"


def test_days_from_1904_and_days_as_text():
    data = changed(
        "xl/workbook.xml",
        lambda xml: xml.replace(b"<workbookPr", b'<workbookPr date1904="1"'),
        book(43798, "yyyy-mm-dd"),
    )
    assert read(data).indicators[0].actual == "2023-11-30"

    def dated(xml):
        return re.sub(
            rb'<c r="E6"( s="\d+")?.*?</c>', rb'<c r="E6"\1 t="d"><v>2023-11-30T00:00:00</v></c>', xml
        )

    assert read(changed(SHEET, dated, book(1, 'm"月"d"日"'))).indicators[0].actual == "11月30日"


def test_a_text_in_a_shape_is_listed():
    drawing = (
        '<xdr:wsDr xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing" '
        'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><xdr:sp><a:t>完成42个</a:t></xdr:sp></xdr:wsDr>'
    )
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/drawing"
    related = f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="{kind}" Target="../drawings/drawing1.xml"/></Relationships>'
    more = {"xl/drawings/drawing1.xml": drawing, "xl/worksheets/_rels/sheet1.xml.rels": related}
    form = read(repacked(book(), lambda parts: parts | more))
    assert [(each.place, each.text) for each in form.unread] == [("表1, a shape", "完成42个")]
