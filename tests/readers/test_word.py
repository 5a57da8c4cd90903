"""What a run, a field, a formula or a control of Word prints: each kind in one cell of a form."""

import re
import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from perfkit.readers.formats import parse

FORM = Path(__file__).parents[1] / "data" / "readers" / "trials" / "vanish.docx"
MAIN = "word/document.xml"


def parts():
    with zipfile.ZipFile(FORM) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(found):
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in found.items():
            archive.writestr(name, content)
    return target.getvalue()


CELL = re.compile(r"<w:p><w:r><w:rPr><w:vanish/></w:rPr>.*?</w:p>", re.DOTALL)


def form(paragraph, styles="", more=()):
    """Give the form with one paragraph in place of the first actual value."""
    found = parts()
    text = found[MAIN].decode()
    assert CELL.search(text)
    found[MAIN] = CELL.sub(lambda _: paragraph, text, count=1).encode()
    if styles:
        space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
        found["word/styles.xml"] = f'<w:styles xmlns:w="{space}">{styles}</w:styles>'
    found.update(more)
    (read,) = parse(packed(found), "form.docx")
    return read


def actual(inside, styles=""):
    return form(f"<w:p>{inside}</w:p>", styles).indicators[0].actual


def run(text, properties=""):
    return f"<w:r><w:rPr>{properties}</w:rPr><w:t xml:space='preserve'>{text}</w:t></w:r>"


def math(inside):
    return f"<m:oMath>{inside}</m:oMath>"


def m(text):
    return f"<m:r><m:t>{text}</m:t></m:r>"


def field(instruction, result=None, data=""):
    begin = f"<w:r><w:fldChar w:fldCharType='begin'>{data}</w:fldChar></w:r>"
    code = f"<w:r><w:instrText xml:space='preserve'> {instruction} </w:instrText></w:r>"
    middle = "" if result is None else f"<w:r><w:fldChar w:fldCharType='separate'/></w:r>{result}"
    return f"{begin}{code}{middle}<w:r><w:fldChar w:fldCharType='end'/></w:r>"


def sign(font, code):
    return f"<w:r><w:sym w:font='{font}' w:char='{code}'/></w:r>"


def box(checked):
    mark = f"<w:checked w:val='{checked}'/>" if checked is not None else ""
    return f"<w:ffData><w:checkBox><w:default w:val='0'/>{mark}</w:checkBox></w:ffData>"


def control(properties, content):
    return f"<w:sdt><w:sdtPr>{properties}</w:sdtPr><w:sdtContent>{content}</w:sdtContent></w:sdt>"


DOWN = "<w:ffData><w:ddList>{}<w:listEntry w:val='不健全'/><w:listEntry w:val='健全'/></w:ddList></w:ffData>"
SUP = "<w:vertAlign w:val='superscript'/>"


@pytest.mark.parametrize(
    ("inside", "printed"),
    [
        (sign("Symbol", "F0B3") + run("42个"), "≥42个"),
        (sign("Symbol", "00A3") + run("42个"), "≤42个"),
        (sign("Symbol", "F0B1") + run("2%"), "±2%"),
        (run("³42个", "<w:rFonts w:ascii='Symbol' w:hAnsi='Symbol'/>"), "≥42个"),
        (run("£", "<w:rFonts w:ascii='Symbol' w:hAnsi='Symbol'/>") + run("42个"), "≤42个"),
        (run("\uf0b342个"), "≥42个"),
        (run("\uf0a342个"), "≤42个"),
        (sign("Wingdings", "F0FE") + run("健全 ") + sign("Wingdings", "F0A8") + run("不健全"), "健全"),
        (sign("Wingdings", "F0A8") + run("健全 ") + sign("Wingdings", "F0FE") + run("不健全"), "不健全"),
        (sign("Wingdings 2", "F052") + run("健全") + sign("Wingdings 2", "F0A3") + run("不健全"), "健全"),
        (run("R", "<w:rFonts w:ascii='Wingdings 2' w:hAnsi='Wingdings 2'/>") + run("健全")
         + run("£", "<w:rFonts w:ascii='Wingdings 2' w:hAnsi='Wingdings 2'/>") + run("不健全"), "健全"),
        (run("健全") + sign("Wingdings", "F0FC"), "健全✓"),
        (math(m("≥40") + "<m:sSup><m:e>" + m("10") + "</m:e><m:sup>" + m("4") + "</m:sup></m:sSup>"), "≥4010⁴"),
        (math("<m:sSup><m:e>" + m("5×10") + "</m:e><m:sup>" + m("4") + "</m:sup></m:sSup>") + run("人"), "5×10⁴人"),
        (math("<m:f><m:num>" + m("3") + "</m:num><m:den>" + m("4") + "</m:den></m:f>"), "3/4"),
        (math("<m:d><m:dPr><m:begChr m:val='['/><m:endChr m:val=']'/></m:dPr><m:e>" + m("42") + "</m:e></m:d>"), "[42]"),
        (math("<m:rad><m:radPr/><m:deg/><m:e>" + m("4") + "</m:e></m:rad>"), "√4"),
        (run("5×10") + run("4", SUP) + run("人"), "5×10⁴人"),
        (run("42km") + run("2", SUP), "42km²"),
        (field(r"EQ \f(1,2)"), "1/2"),
        (field(r"EQ \o(≥,) ") + run("42个"), "≥42个"),
        (field(r"eq \o\ac(○,3)"), "③"),
        (field(r"EQ \o\ac(□,√)") + run("健全 □不健全"), "健全"),
        (field(r"EQ 10\s\up6(4)") + run("人"), "10⁴人"),
        (field("SYMBOL 179 \\f Symbol") + run("42个"), "≥42个"),
        (field("=SUM(A1:A3)", run("42个")), "42个"),
        (field("MERGEFIELD 完成值", run("4") + run("2个")), "42个"),
        (field("IF 1 = 1 \"a\" \"b\"", field("MERGEFIELD x", run("42个"))), "42个"),
        (field("FORMDROPDOWN", data=DOWN.format("<w:result w:val='1'/>")), "健全"),
        (field("FORMDROPDOWN", data=DOWN.format("")), "不健全"),
        (field("FORMDROPDOWN", data=DOWN.format("<w:default w:val='1'/>")), "健全"),
        (field("FORMCHECKBOX", data=box(1)) + run("健全") + field("FORMCHECKBOX", data=box(0)) + run("不健全"), "健全"),
        (field("FORMCHECKBOX", data=box(None)) + run("健全") + field("FORMCHECKBOX", data=box(1)) + run("不健全"), "不健全"),
        (field("FORMTEXT", run("42个")), "42个"),
        ("<w:fldSimple w:instr='DOCPROPERTY x'>" + run("42个") + "</w:fldSimple>", "42个"),
        (control("<w:dropDownList/>", run("健全")), "健全"),
        (control("<w:showingPlcHdr/>", run("单击此处输入文字")), None),
        (control("<w:showingPlcHdr/>", run("42个")), "42个"),
        (control("", run("☒") + run("健全 ") + run("☐不健全")), "健全"),
        (run("请填写", "<w:vanish/>") + run("42个"), "42个"),
        (run("42个", "<w:vanish w:val='0'/>"), "42个"),
        (run("示例", "<w:rStyle w:val='hid'/>") + run("42个"), "42个"),
        (run("42个", "<w:rStyle w:val='hid'/><w:vanish w:val='false'/>"), "42个"),
        (run("40", "<w:rStyle w:val='out'/>") + run("42个"), "42个"),
        ("<w:pPr><w:pStyle w:val='hid'/></w:pPr>" + run("示例"), None),
        ("<w:pPr><w:pStyle w:val='hid'/></w:pPr>" + run("42个", "<w:vanish w:val='0'/>"), "42个"),
        ("<w:ins w:id='1'>" + run("42个") + "</w:ins><w:del w:id='2'><w:r><w:delText>40个</w:delText></w:r></w:del>", "42个"),
        ("<w:r><w:ruby><w:rt><w:r><w:t>ge</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>42个</w:t></w:r></w:rubyBase></w:ruby></w:r>", "42个"),
        ("<w:r><w:t>4</w:t><w:softHyphen/><w:t>2</w:t><w:noBreakHyphen/><w:t>1个</w:t></w:r>", "42-1个"),
        ("<w:hyperlink>" + run("42个") + "</w:hyperlink>", "42个"),
        ("<w:bdo w:val='ltr'>" + run("42个") + "</w:bdo>", "42个"),
        ("<mc:AlternateContent><mc:Choice Requires='wps'>" + run("42个") + "</mc:Choice><mc:Fallback>" + run("41个") + "</mc:Fallback></mc:AlternateContent>", "42个"),
        ("<mc:AlternateContent><mc:Fallback>" + run("42个") + "</mc:Fallback></mc:AlternateContent>", "42个"),
        ("<w:r><w:pict><w:txbxContent><w:p>" + run("42个") + "</w:p></w:txbxContent></w:pict></w:r>", "42个"),
    ],
)  # fmt: skip
def test_what_a_paragraph_prints(inside, printed):
    styles = (
        "<w:style w:styleId='base'><w:rPr><w:vanish/></w:rPr></w:style>"
        "<w:style w:styleId='hid'><w:basedOn w:val='base'/></w:style>"
        "<w:style w:styleId='out'><w:rPr><w:strike/></w:rPr></w:style>"
    )
    assert actual(inside, styles) == printed


def test_a_field_may_go_on_over_paragraphs():
    begun = "<w:p><w:r><w:fldChar w:fldCharType='begin'/></w:r><w:r><w:instrText>QUOTE</w:instrText></w:r><w:r><w:fldChar w:fldCharType='separate'/></w:r>"
    read = form(f"{begun}{run('42')}</w:p><w:p>{run('个')}<w:r><w:fldChar w:fldCharType='end'/></w:r></w:p>")
    assert read.indicators[0].actual == "42个"


@pytest.mark.parametrize(
    ("inside", "told"),
    [
        (field("DOCPROPERTY 完成值"), "DOCPROPERTY 完成值"),
        (sign("Wingdings 3", "F0F0") + run("42个"), "\ufffd42个"),
        ("<w:r><w:drawing><pic/></w:drawing></w:r>", ""),
        ("<w:r><w:object/></w:r>", ""),
        ("<x:odd xmlns:x='urn:x'>42个</x:odd>", "42个"),
        (run("□健全 □不健全"), "□健全 □不健全"),
    ],
)
def test_what_cannot_be_read_is_listed_with_its_place(inside, told):
    read = form(f"<w:p>{inside}</w:p>")
    assert ("table 1, row 13, column 6", told) in [(each.place, each.text) for each in read.unread]


def nested(*rows):
    lines = "".join(
        "<w:tr>" + "".join(f"<w:tc><w:p>{run(text)}</w:p></w:tc>" for text in row) + "</w:tr>" for row in rows
    )
    return f"<w:tbl>{lines}</w:tbl><w:p/>"


@pytest.mark.parametrize(
    ("rows", "printed"),
    [
        ([["42个"]], "42个"),
        ([["42个"], ["已验收"]], "42个已验收"),
        ([["城东", "20个"], ["城西", "22个"]], "城东 20个；城西 22个"),
    ],
)
def test_a_table_in_a_cell_is_its_text(rows, printed):
    assert "".join((form(nested(*rows)).indicators[0].actual or "").split("\n")) == printed


def test_a_table_that_only_frames_the_form_is_passed_through():
    found = parts()
    text = found[MAIN].decode()
    framed = re.sub(
        r"(<w:tbl>.*</w:tbl>)", r"<w:tbl><w:tr><w:tc>\1<w:p/></w:tc></w:tr></w:tbl>", text, flags=re.DOTALL
    )
    found[MAIN] = framed.encode()
    (read,) = parse(packed(found), "form.docx")
    assert len(read.indicators) == 7
    assert read.total is not None


@pytest.mark.parametrize("mark", ["<w:trPr><w:hidden/></w:trPr>", "<w:trPr><w:del w:id='1'/></w:trPr>"])
def test_a_row_that_is_not_shown_does_not_count(mark):
    found = parts()
    text = found[MAIN].decode()
    start = text.rindex("<w:tr>", 0, text.index("采购图书"))
    found[MAIN] = f"{text[: start + 6]}{mark}{text[start + 6 :]}".encode()
    (read,) = parse(packed(found), "form.docx")
    assert "采购图书" not in [row.name for row in read.indicators]
    assert len(read.indicators) == 6
    if "hidden" in mark:
        assert any("采购图书" in each.text for each in read.unread)


def test_a_note_at_the_foot_is_listed():
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    notes = f"<w:footnotes xmlns:w='{space}'><w:footnote w:id='1'><w:p>{run('数据截至12月')}</w:p></w:footnote></w:footnotes>"
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
    space = "http://schemas.openxmlformats.org/package/2006/relationships"
    related = f"<Relationships xmlns='{space}'><Relationship Id='r1' Type='{kind}' Target='footnotes.xml'/></Relationships>"
    more = {"word/footnotes.xml": notes, "word/_rels/document.xml.rels": related}
    read = form(f"<w:p>{run('42个')}</w:p>", more=more)
    assert [(each.place, each.text) for each in read.unread] == [("footnote 1", "数据截至12月")]


def strict(content):
    text = content.decode()
    text = text.replace(
        "http://schemas.openxmlformats.org/officeDocument/2006/math",
        "http://purl.oclc.org/ooxml/officeDocument/math",
    )
    return re.sub(
        r"http://schemas.openxmlformats.org/(\w+)/2006/(main|relationships)",
        r"http://purl.oclc.org/ooxml/\1/\2",
        text,
    ).encode()


@pytest.mark.parametrize(
    "change",
    [
        lambda name, content: (name, strict(content) if "rels" in name or name == MAIN else content),
        lambda name, content: (name.replace("/", "\\"), content),
        lambda name, content: (name.lower(), content),
        lambda name, content: (name.upper(), content),
        lambda name, content: ("word/document2.xml" if name == MAIN else name, content.replace(b"word/document.xml", b"word/document2.xml")),
        lambda name, content: (name, content.replace(b'"word/document.xml"', b'"/word/document.xml"')),
    ],
    ids=["strict", "backslashes", "small", "capitals", "other name", "absolute"],
)  # fmt: skip
def test_a_package_is_read_whatever_its_parts_are_called(change):
    (read,) = parse(packed(dict(change(*part) for part in parts().items())), "form.docx")
    assert read.indicators[0].actual == "42个"
    assert len(read.indicators) == 7
