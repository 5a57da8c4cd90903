"""The Word file as a person goes on writing in it: its styles, its tables, its pictures; and as LibreOffice opens it."""

import json
import re
import shutil
import subprocess
import zipfile
from io import BytesIO
from itertools import pairwise

import docx
import nbformat
import pypdfium2 as pdfium
import pytest
import yaml
from docx.enum.section import WD_ORIENT
from lxml import etree

from perfkit.errors import SettingsError
from perfkit.publish import publish
from tests.publish.notebooks import WORKSPACE, form, markdown, notebook, output, report_on, row, run_report
from tests.publish.odd import ODD

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
PNG = "iVBORw0KGgoAAAANSUhEUgAAAAoAAAAKCAIAAAACUFjqAAAAEklEQVR4nGP8z4APMOGVHbHSAEEsAROxCnMTAAAAAElFTkSuQmCC"
DRAWING = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="300pt" height="90pt"><rect width="9" height="9"/></svg>'
)


@pytest.fixture(scope="module")
def published_docx():
    made = {}

    def give(name, language="zh"):
        if (name, language) not in made:
            path = WORKSPACE / "params" / "forms" / f"{name}.yaml"
            run = run_report(path, language=language, profile="shanghai-2022")
            made[name, language] = publish(run, ["docx"])["docx"]
        return made[name, language]

    return give


def opened(data):
    return docx.Document(BytesIO(data))


def docx_of(*cells, **parameters):
    return publish(notebook(*cells, **parameters), ["docx"])["docx"]


def text_of(document):
    return "".join(node.text or "" for node in document.element.body.iter(f"{W}t"))


def paragraphs(document, name):
    return [p.text for p in document.paragraphs if p.style.name == name]


@pytest.mark.parametrize("name", ["online-learning-2022", "leadership-training-2022"])
def test_a_report_has_words_own_styles_and_its_house_style(published_docx, name):
    document = opened(published_docx(name))
    assert len(paragraphs(document, "Title")) == 1
    assert {"总体情况", "预算执行", "审核发现"} <= set(paragraphs(document, "Heading 1"))
    names = {style.find(f"{W}name").get(f"{W}val") for style in document.styles.element.iter(f"{W}style")}
    assert {
        "Normal",
        "heading 1",
        "heading 2",
        "heading 3",
        "heading 4",
        "Title",
        "caption",
        "Table Grid",
    } <= names
    fonts = {
        name: document.styles[name].element.rPr.find(f"{W}rFonts").get(f"{W}eastAsia")
        for name in ("Title", "Heading 1", "Heading 2", "Normal")
    }
    assert list(fonts.values()) == ["方正小标宋简体", "黑体", "楷体_GB2312", "仿宋_GB2312"]
    section = document.sections[0]
    assert [round(section.page_width.mm), round(section.page_height.mm)] == [210, 297]
    margins = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    assert [round(margin.mm) for margin in margins] == [37, 35, 28, 26]
    assert "".join(t.text for t in section.footer._element.iter(f"{W}t")) == "— 1 —"


def test_the_official_form_lies_on_a_page_of_its_own_width_with_its_merged_cells(published_docx):
    document = opened(published_docx("online-learning-2022"))
    assert [section.orientation for section in document.sections] == [
        WD_ORIENT.PORTRAIT, WD_ORIENT.LANDSCAPE,
    ]  # fmt: skip
    turned = document.element.body.xpath("./w:p[w:pPr/w:sectPr]/following-sibling::w:p[w:pPr/w:pStyle]")
    assert "".join(text.text for text in turned[0].iter(f"{W}t")) == "财政项目支出绩效自评表（2022 年度）"
    table = next(t for t in document.tables if "三级指标" in t.cell(0, 2).text)
    firsts = [row.cells[0].text for row in table.rows]
    assert firsts.count("产出指标") == 6
    merged = [cell.get(f"{W}val") for cell in table._tbl.iter(f"{W}vMerge")]
    assert merged.count("restart") >= 3
    assert "产出指标" in table.cell(1, 0).text
    assert table.cell(1, 0)._tc is table.cell(6, 0)._tc
    assert all(len(row.cells) == len(table.rows[0].cells) for row in table.rows)


def test_heads_repeat_rows_stay_whole_and_tables_fit(published_docx):
    document = opened(published_docx("online-learning-2022"))
    headed = [t for t in document.tables if t.rows[0]._tr.find(f"{W}trPr/{W}tblHeader") is not None]
    assert len(headed) >= 5
    for table in document.tables:
        assert all(row._tr.find(f"{W}trPr/{W}cantSplit") is not None for row in table.rows)
        assert sum(int(c.get(f"{W}w")) for c in table._tbl.tblGrid) <= 13000
        assert table._tbl.tblPr.find(f"{W}tblCaption") is not None
        above = table._tbl.getprevious()
        assert above.tag != f"{W}p" or above.find(f"{W}pPr/{W}keepNext") is not None


def test_figures_carry_their_sentence_and_a_caption(published_docx):
    document = opened(published_docx("online-learning-2022"))
    pictures = list(document.element.body.iter("{*}docPr"))
    assert len(pictures) == 4
    assert all(len(picture.get("descr")) > 10 for picture in pictures)
    assert len({picture.get("id") for picture in pictures}) == 4
    captions = [p for p in paragraphs(document, "Caption") if p.startswith("图")]
    assert [caption[:2] for caption in captions] == ["图1", "图2", "图3", "图4"]
    for paragraph in document.paragraphs:
        if paragraph._p.find(f".//{W}drawing") is not None:
            assert paragraph.style.name == "Report Figure"
            assert paragraph.style.element.pPr.find(f"{W}spacing").get(f"{W}lineRule") == "auto"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_it_says_what_the_page_says(published_docx, published, language):
    html = published(language)[1]["html"].decode()
    document = opened(published_docx("online-learning-2022", language))
    text = re.sub(r"\s", "", text_of(document))
    main = etree.HTML(html).find(".//main")
    for paragraph in main.iter("p", "h2", "th"):
        words = re.sub(r"\s", "", "".join(paragraph.itertext()))
        hidden = any(a.tag in ("details", "nav") for a in paragraph.iterancestors())
        assert hidden or words in text, words


def test_the_same_notebook_gives_the_same_bytes(published_docx):
    run = run_report(WORKSPACE / "params/forms/online-learning-2022.yaml", profile="shanghai-2022")
    one = publish(run, ["docx"])["docx"]
    assert publish(run, ["html", "docx"])["docx"] == one


FIELDS = [
    "{ MERGEFIELD x }",
    "=SUM(A1)",
    "DDEAUTO c:\\\\cmd",
    "<w:p>",
    "&amp;",
    "HYPERLINK http://x",
    "]]>",
    "\u202e甲",
]


@pytest.mark.parametrize("text", FIELDS)
def test_text_is_never_a_field_a_macro_or_markup(text):
    safe = text.replace("&", "&amp;").replace("<", "&lt;")
    table = f"<table><caption>{safe}</caption><tr><th>{safe}</th></tr></table>"
    data = docx_of(f"<h1>{safe}</h1><h2>{safe}</h2><p>{safe}</p>{table}<pre>{safe}</pre>")
    document = opened(data)
    assert text_of(document).count(text.replace("\u202e", "[U+202E]")) == 6
    assert not list(document.element.body.iter(f"{W}instrText", f"{W}fldSimple", f"{W}fldChar"))
    with zipfile.ZipFile(BytesIO(data)) as package:
        assert not [name for name in package.namelist() if "vba" in name.lower() or name.endswith(".bin")]


@pytest.mark.parametrize(
    ("cell", "style", "words"),
    [
        (markdown("# 题\n\n## 甲\n\n### 乙\n\n#### 丙\n\n##### 丁\n\n###### 戊"), "Heading 4", ["丁", "戊"]),
        (markdown("# 题\n\n- 甲\n  - 乙\n\n3. 三\n4. 四"), "List Paragraph", ["甲", "乙", "三", "四"]),
        (markdown("# 题\n\n> 引文"), "Quote", ["引文"]),
        (markdown("# 题\n\n```\na  b\n c\n```"), "Report Code", ["a  b\n c"]),
        (output("<h1>题</h1>", source="x"), "Title", ["题"]),
        (output("<h1>题</h1><p class=pk-subtitle>甲</p>"), "Subtitle", ["甲"]),
    ],
)
def test_an_analysts_cell_comes_in_words_styles(cell, style, words):
    assert paragraphs(opened(docx_of(cell)), style) == words


def test_lists_begin_where_they_say_and_each_anew():
    document = opened(docx_of(markdown("# 题\n\n3. 三\n\n文\n\n1. 一")))
    numbers = [p._p.pPr.numPr.numId.val for p in document.paragraphs if p.style.name == "List Paragraph"]
    assert len(set(numbers)) == 2
    numbering = document.part.numbering_part.element
    starts = {n.numId: n.find(f".//{W}startOverride").get(f"{W}val") for n in numbering.num_lst
              if n.find(f".//{W}startOverride") is not None}  # fmt: skip
    assert [starts[number] for number in numbers] == ["3", "1"]


def test_an_analysts_pictures_and_table_come_along():
    import pandas as pd

    frame = pd.DataFrame({f"第{n}个指标名称": [123456.78 + n] for n in range(24)})
    data = docx_of("<h1>题</h1>", output(image__png=PNG), output(image__svg_xml=DRAWING), frame._repr_html_())
    document = opened(data)
    with zipfile.ZipFile(BytesIO(data)) as package:
        assert len([name for name in package.namelist() if name.startswith("word/media/")]) == 2
    assert "123456.78" in text_of(document)
    assert [section.orientation for section in document.sections][-1] == WD_ORIENT.LANDSCAPE


def test_a_heading_stands_on_the_turned_page_of_its_table():
    cells = "".join(f"<td>123456.78{n}</td>" for n in range(12))
    data = docx_of(
        f"<h1>题</h1><p>文字</p><h2>甲</h2><p class=pk-note>注</p><table><tr>{cells}</tr></table><h2>乙</h2><p>后</p>"
    )
    body = opened(data).element.body
    pages = [[]]
    for child in body:
        pages[-1] += [node.text for node in child.iter(f"{W}t")]
        if child.find(f"{W}pPr/{W}sectPr") is not None:
            pages.append([])
    assert [section.orientation for section in opened(data).sections] == [
        WD_ORIENT.PORTRAIT, WD_ORIENT.LANDSCAPE, WD_ORIENT.PORTRAIT,
    ]  # fmt: skip
    first, second, third = ("".join(page) for page in pages)
    assert "文字" in first
    assert "甲" not in first
    assert second.startswith("甲注")
    assert third == "乙后"


def test_what_closes_the_pages_before_the_official_form_stands_together(published_docx):
    for name in ("online-learning-2022", "leadership-training-2022"):
        body = opened(published_docx(name)).element.body
        ends = [at for at, child in enumerate(body) if child.find(f"{W}pPr/{W}sectPr") is not None]
        assert len(ends) == 1
        for end in (*ends, len(body) - 1):
            last = next(node for node in reversed(body[:end]) if "".join(node.itertext()))
            *_, row = [last, *last.iter(f"{W}tr")]
            kept = [paragraph.find(f"{W}pPr/{W}keepNext") is not None for paragraph in row.iter(f"{W}p")]
            assert kept
            assert all(kept)


def test_what_leads_to_a_table_and_its_head_stay_with_its_first_row(published_docx):
    for name in ("online-learning-2022", "leadership-training-2022"):
        body = opened(published_docx(name)).element.body
        led = [node for node in body.iter(f"{W}p") if "需整改事项如下" in "".join(node.itertext())]
        assert [node.find(f"{W}pPr/{W}keepNext") is not None for node in led] == [True]
        for head in body.xpath("./w:tbl/w:tr[w:trPr/w:tblHeader]"):
            assert all(paragraph.find(f"{W}pPr/{W}keepNext") is not None for paragraph in head.iter(f"{W}p"))
    rest = f"<p>{'后' * 400}</p>" * 3  # what closes the pages stands together anyway
    page = f"<h1>题</h1><p>一</p><p>二</p><table><tr><td>甲</td></tr></table>{rest}"
    led = list(opened(docx_of(page)).element.body.iterchildren(f"{W}p"))
    assert [node.find(f"{W}pPr/{W}keepNext") is not None for node in led[1:3]] == [False, True]


def test_little_that_follows_a_parted_table_stands_on_the_turned_page_after_it_but_not_on_the_annex():
    rows = "".join(f"<tr><td>{'因' * 20}{n}</td><td>{'办' * 50}</td></tr>" for n in range(30))
    wide = f"<table><tr>{''.join(f'<td>123456.78{n}</td>' for n in range(12))}</tr></table>"
    official = "<section><h2>自评表</h2><table class=pk-official><tr><td>指标</td></tr></table></section>"
    little = f"<h1>题</h1><table>{rows}</table><h2>应用</h2><p>一</p>"
    for last, moves in ((f"<h2>宽表</h2>{wide}", True), (official, False)):
        body = opened(docx_of(little + last)).element.body
        end = next(at for at, child in enumerate(body) if child.find(f"{W}pPr/{W}sectPr") is not None)
        told = ["".join(text.text for text in node.iter(f"{W}t")) for node in body]
        after = [text for text in told[end:] if text]
        assert after[:3] == ["应用", "一", "宽表"] if moves else after[0] == "自评表"


def test_a_caption_stays_with_its_figure_where_what_follows_it_moves_to_a_turned_page():
    wide = f"<h2>宽表</h2><table><tr>{''.join(f'<td>123456.78{n}</td>' for n in range(12))}</tr></table>"
    tall = DRAWING.replace("<svg", '<svg width="400" height="420"', 1)
    figure = f"<figure>{tall}<figcaption>图题</figcaption></figure>"
    body = opened(docx_of("<h1>题</h1>", f"{figure}<h2>应用</h2><p>一</p>{wide}")).element.body
    at = next(n for n, child in enumerate(body) if child.find(f".//{W}drawing") is not None)
    told = ["".join(text.text for text in node.iter(f"{W}t")) for node in body]
    assert told[at + 1].endswith("图题")
    assert body[at + 2].find(f"{W}pPr/{W}sectPr") is not None
    assert [text for text in told[at + 3 :] if text][:3] == ["应用", "一", "宽表"]


def test_the_official_form_lies_behind_all_that_is_told():
    official = "<section><h2>自评表</h2><table class=pk-official><tr><td>指标</td></tr></table></section>"
    body = opened(docx_of(f"<h1>题</h1><p>前</p>{official}<h2>依据</h2><p>后</p>")).element.body
    told = ["".join(text.text for text in node.iter(f"{W}t")) for node in body]
    assert [text for text in told if text] == ["题", "前", "依据", "后", "自评表", "指标"]


def test_links_lead_out_or_to_their_finding():
    document = opened(
        docx_of(
            '<h1>题</h1><p><a href="https://example.org/a">链</a> <a class="pk-mark" href="#PK1">PK1</a></p>'
            '<ol class="pk-findings"><li id="PK1">因</li></ol>'
        )
    )
    links = list(document.element.body.iter(f"{W}hyperlink"))
    assert len(links) == 2
    targets = [document.part.rels[r].target_ref for r in [links[0].get(f"{{{links[0].nsmap['r']}}}id")]]
    assert targets == ["https://example.org/a"]
    assert links[1].get(f"{W}anchor") in {
        b.get(f"{W}name") for b in document.element.body.iter(f"{W}bookmarkStart")
    }


def office_template(path):
    template = docx.Document()
    template.styles["Heading 1"].font.name = "华文中宋"
    template.sections[0].header.paragraphs[0].text = "某某市财政局"
    template.add_paragraph("请在此处书写")
    template.save(path)


def test_an_offices_template_brings_its_styles_and_its_header(tmp_path):
    office_template(tmp_path / "公文.docx")
    (tmp_path / "theme.yaml").write_text("template: 公文.docx\n", "utf-8")
    made = publish(
        notebook("<h1>题</h1><h2>甲</h2><figure><img></figure>", theme="theme.yaml"),
        ["docx"],
        folder=str(tmp_path),
    )
    document = opened(made["docx"])
    assert document.styles["Heading 1"].font.name == "华文中宋"
    assert document.sections[0].header.paragraphs[0].text == "某某市财政局"
    assert "请在此处书写" not in text_of(document)
    assert document.styles["Report Table"] is not None


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 no package", b"text"])
def test_a_template_that_is_none_is_said(tmp_path, content):
    (tmp_path / "公文.docx").write_bytes(content)
    (tmp_path / "theme.yaml").write_text(
        yaml.safe_dump({"template": "公文.docx"}, allow_unicode=True), "utf-8"
    )
    with pytest.raises(SettingsError, match="template"):
        publish(notebook("<h1>题</h1>", theme="theme.yaml"), ["docx"], folder=str(tmp_path))


def filled(page):
    """Tell how much of a page's height its text and pictures use, the number in its foot aside."""
    top, foot = (105, 99) if page.get_height() > page.get_width() else (79, 74)
    ends = [found.get_bounds()[1] for found in page.get_objects()]
    room = page.get_height() - top - foot
    return (page.get_height() - top - min((end for end in ends if end > foot - 5), default=room)) / room


CONTROLS = "".join(map(chr, [*range(1, 9), 11, 12, *range(14, 32), 127, 0x85, 0xFFFE, 0xFFFF]))


def test_control_characters_leave_a_file_that_opens(tmp_path):
    given = form([row(1, name=f"甲{CONTROLS}乙", weight=90, score=80, reason=f"=1+1{CONTROLS}")])
    path = tmp_path / "form.json"
    path.write_text(json.dumps(given), encoding="utf-8")
    document = opened(publish(run_report(path), ["docx"])["docx"])
    cells = [cell.text for table in document.tables for line in table.rows for cell in line.cells]
    assert any(cell.startswith("甲") and "乙" in cell for cell in cells)
    assert any(cell.startswith("=1+1") for cell in cells)
    seen = text_of(document) + "".join(p.get("descr") for p in document.element.body.iter("{*}docPr"))
    assert not set(CONTROLS) & set(seen)


LENGTHY = {"long-names", "two-hundred-rows"}  # whose lines wrap by the machine's own Latin letters


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_opens_every_report(tmp_path, published_docx):
    files = {name: published_docx(name) for name in ("online-learning-2022", "leadership-training-2022")}
    files |= {"empty": docx_of(tagged=False)}
    for name in ODD:
        folder = tmp_path / name
        folder.mkdir()
        files[name] = publish(report_on(folder, ODD[name]), ["docx"])["docx"]
    for name, data in files.items():
        (tmp_path / f"{name}.docx").write_bytes(data)
    command = ["soffice", f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless", "--convert-to",
               "pdf", "--outdir", str(tmp_path)]  # fmt: skip
    subprocess.run(
        [*command, *(str(tmp_path / f"{name}.docx") for name in files)],
        check=True,
        capture_output=True,
        timeout=240,
    )
    texts = {}
    for name in files:
        with pdfium.PdfDocument(tmp_path / f"{name}.pdf") as pdf:
            text = "".join(page.get_textpage().get_text_range() for page in pdf)
            texts[name] = re.sub(r"\s", "", text)
            heights = [round(page.get_height()) for page in pdf]
            assert set(heights) <= {842, 595}, name
            used = [filled(page) for page in pdf]
            for number, (this, following) in enumerate(pairwise(heights)):
                least = 0.6 if this == following else 0.2
                assert name in LENGTHY or used[number] > least, (name, number, used)
            assert name in LENGTHY or name == "empty" or used[-1] > 0.2, (name, used)
    assert all(f"指标{number}" in texts["two-hundred-rows"] for number in range(200))
    assert "<script>alert(1)</script>" in texts["hostile"]


def test_nbconvert_finds_the_exporter():
    from nbconvert.exporters import get_exporter

    exporter = get_exporter("perfkit-docx")()
    data, resources = exporter.from_notebook_node(nbformat.from_dict(notebook("<h1>题</h1>")))
    assert resources["output_extension"] == ".docx"
    assert paragraphs(opened(data), "Title") == ["题"]


def test_what_is_set_aside_is_told_with_its_reason_on_the_page_in_the_pdf_and_in_word(tmp_path):
    aside = {"ignore": ["PK316"], "ignore_reason": "张三核定：口径有误"}
    content = form(
        [row(1, target="≥100人", actual="80人", weight=90, score=90, **aside)],
        total="90",
        ignore=["PK104"],
        ignore_reason="李四核定：总分以评审为准",
    )
    pages = publish(report_on(tmp_path, content), ["html", "pdf", "docx"])
    with pdfium.PdfDocument(pages["pdf"]) as opened:
        pdf = "".join(page.get_textpage().get_text_range() for page in opened)
    word = "".join(docx.Document(BytesIO(pages["docx"])).element.itertext())
    for text in (pages["html"].decode(), pdf, word):
        squeezed = "".join(text.split())
        assert "张三核定：口径有误" in squeezed
        assert "李四核定：总分以评审为准" in squeezed


def test_a_drawing_that_cannot_be_drawn_is_named_and_the_rest_is_whole():
    refused = DRAWING.replace("300pt", "0")
    shown = [output(image__svg_xml=svg, metadata={"image/svg+xml": {"alt": alt}})
             for svg, alt in ((refused, "甲图"), (DRAWING, "乙图"))]  # fmt: skip
    pages = publish(notebook("<h1>题</h1>", *shown, "<p>末段</p>"), ["docx"])
    document = opened(pages["docx"])
    assert "（图未能画出：甲图）" in text_of(document)
    assert "末段" in text_of(document)
    assert len(document.inline_shapes) == 1
    (note,) = pages.notes
    assert "甲图" in note
    assert "Word" in note
