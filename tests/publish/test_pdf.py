"""The PDF as an archive, a screen reader and a search have it: its text, its tags, its metadata, its bytes."""

import re
from html import unescape
from io import BytesIO

import pdfplumber
import pikepdf
import pypdfium2 as pdfium
import pytest

from perfkit.errors import MachineError
from perfkit.publish import publish
from tests.publish.notebooks import markdown, notebook, output
from tests.publish.odd import ODD


def pages_of(pdf):
    """Give the text of each page as a reader's search finds it."""
    with pdfium.PdfDocument(pdf) as opened:
        return [page.get_textpage().get_text_range() for page in opened]


def text_of(pdf):
    """Give the text of all pages without white space, since lines break where they will."""
    return squeezed("".join(pages_of(pdf)))


def squeezed(text):
    return re.sub(r"\s", "", text)


def pdf_of(*cells, **parameters):
    return publish(notebook(*cells, **parameters), ["pdf"])["pdf"]


def test_the_text_extracts_exactly(published):
    text = text_of(published()[1]["pdf"])
    names = """发布新课件 支持学员账号数 课件验收 课件制作完成 平台软件系统更新完成 成本控制率 系统运行稳定性 驻场人员出勤值守
        平台等保测评 学员注册率 学员在学率 建立动态数据库 长效管理机制建设情况 长效管理机制及其有效性 可持续性 网络培训满意度"""
    assert [name for name in names.split() if name not in text] == []
    for words in ("96.90", "98.98%", "8,120,525", "受疫情封控影响"):
        assert words in text
    assert "\ufffd" not in text
    assert "□" not in text


def test_every_glyph_is_there(published):
    with pdfplumber.open(BytesIO(published()[1]["pdf"])) as opened:
        assert [
            c["text"]
            for page in opened.pages
            for c in page.chars
            if "(cid:" in c["text"] or c["text"] == "\0"
        ] == []


def test_it_is_archived_tagged_and_named(published):
    with pikepdf.open(BytesIO(published()[1]["pdf"])) as pdf:
        root = pdf.Root
        with pdf.open_metadata() as metadata:
            assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("2", "A")
            assert metadata["pdfuaid:part"] == "1"
            assert metadata["dc:title"] == "在线学习工作经费"
            assert metadata["dc:creator"] == ["上海市干部教育中心"]
            assert set(metadata["dc:language"]) == {"zh-CN"}
        assert str(root.Lang) == "zh-CN"
        assert root.MarkInfo.Marked
        assert root.ViewerPreferences.DisplayDocTitle
        assert structure(root.StructTreeRoot) >= {
            "/H1",
            "/H2",
            "/Table",
            "/TR",
            "/TH",
            "/TD",
            "/Figure",
            "/P",
        }
        with pdf.open_outline() as outline:
            title = outline.root[0]
            assert title.title == "在线学习工作经费"
            assert "总体情况" in [entry.title for entry in title.children]


def structure(node):
    """Give the roles that stand in the tree of tags."""
    found, todo = set(), [node]
    while todo:
        here = todo.pop()
        if isinstance(here, pikepdf.Array):
            todo.extend(here)
        elif isinstance(here, pikepdf.Dictionary):
            if "/S" in here:
                found.add(str(here.S))
            if "/K" in here:
                todo.append(here.K)
    return found


def test_figures_carry_their_sentence(published):
    notebook, pages = published()
    alts = [
        told["image/svg+xml"]["alt"]
        for cell in notebook.cells
        for shown in cell.get("outputs", ())
        if (told := shown.metadata) and "image/svg+xml" in told
    ]
    with pikepdf.open(BytesIO(pages["pdf"])) as pdf:
        written = [
            str(thing.Alt)
            for thing in pdf.objects
            if isinstance(thing, pikepdf.Dictionary) and "/Alt" in thing
        ]
    assert len(alts) == 4
    assert set(alts) <= set(written)


def test_pages_are_a4_and_numbered(published):
    with pdfplumber.open(BytesIO(published()[1]["pdf"])) as opened:
        count = len(opened.pages)
        for number, page in enumerate(opened.pages, 1):
            assert (round(page.width), round(page.height)) == (595, 842)
            assert f"{number} / {count}" in page.extract_text()
            body = [c for c in page.chars if c["text"].strip()]
            assert all(c["x0"] >= 60 and c["x1"] <= page.width - 70 for c in body)
        assert all("在线学习工作经费 · 2022" in page.extract_text() for page in opened.pages[1:])


def test_the_same_notebook_gives_the_same_bytes(published):
    notebook, pages = published()
    assert publish(notebook, ["pdf"])["pdf"] == pages["pdf"]


def test_the_time_is_the_pages_the_notebooks_or_the_epochs(monkeypatch):
    told = '<h1>题</h1><dl class="pk-provenance"><dt>生成时间</dt><dd>2024-05-06 07:08 UTC</dd></dl>'
    noted = notebook("<h1>题</h1>")
    noted.metadata["papermill"] = {"end_time": "2024-03-01T08:00:00.5"}
    assert b"D:20240506070800" in pdf_of(told)
    assert b"D:20240301080000" in publish(noted, ["pdf"])["pdf"]
    assert b"D:20240505230800" in pdf_of(told.replace("07:08 UTC", "07:08 UTC+08:00"))
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    assert b"D:20231114221320" in pdf_of(told)


@pytest.mark.parametrize("name", sorted(ODD))
def test_an_odd_report_stays_inside_its_pages(odd, name):
    with pdfplumber.open(BytesIO(odd(name)["pdf"])) as opened:
        for page in (*opened.pages[:4], *opened.pages[-2:]):
            outside = [
                c["text"] for c in page.chars if c["x1"] > page.width - 66 or c["bottom"] > page.height - 30
            ]
            assert outside == []


def test_no_row_is_split_and_headers_repeat(odd):
    pages = [re.sub(r"\s+", " ", page) for page in pages_of(odd("two-hundred-rows")["pdf"])]
    assert sum("三级指标" in page for page in pages) >= 4
    assert all(any(re.search(rf"指标{n} (?:PK\d+ )*≥90% 95%", page) for page in pages) for n in range(200))


def test_hostile_text_prints_as_it_stands(odd):
    text = text_of(odd("hostile")["pdf"])
    assert squeezed('<script>alert(1)</script> #import "x" $x$ *a* _b_ </details>') in text
    assert squeezed("&lt;&amp; \\u{41} @ref <lab> ``r``") in text
    assert "甲[U+202E]乙[U+2066]丙[U+0007]丁" in text


@pytest.mark.parametrize("text", ["🎉庆典", "🚀上线✅☑", "नमस्ते"])
def test_other_scripts_and_emoji_extract(odd, text):
    assert text in text_of(odd("emoji")["pdf"]).replace("\ufe0f", "")


def test_right_to_left_names_do_not_reorder_what_stands_beside(odd):
    assert "2022年度单位" in text_of(odd("right-to-left")["pdf"])


@pytest.mark.parametrize(
    "absent", ["𠮷", "𡈽", "ꀀ"], ids=["a rare surname", "a rare place name", "a script no packaged font has"]
)
def test_a_character_no_font_has_is_its_code_point_and_told(absent):
    pages = publish(notebook(f"<h1>题</h1><h2>摘要</h2><p>负责人{absent}田</p>", language="zh"))
    assert f"负责人U+{ord(absent):04X}田" in text_of(pages["pdf"])
    assert absent in pages["html"].decode()
    (note,) = pages.notes
    assert all(part in note for part in (absent, f"U+{ord(absent):04X}", "摘要", "负责人"))


@pytest.mark.parametrize(
    "cell",
    [
        markdown("# 𠮷"),
        markdown("# 题\n\n`𠮷`\n\n```\n𠮷\n```"),
        output("<h1>题</h1><table><caption>𠮷</caption><tr><td>𠮷</td></tr></table>"),
        output("<h1>题</h1><p><em>𠮷</em> <b>a" + "𠮷" * 30 + "</b></p>"),
        output("<h1>题</h1><dl class='pk-figures'><dt>𠮷</dt><dd>1𠮷</dd></dl>"),
    ],
    ids=["title", "code", "table", "long word", "key figure"],
)
def test_a_character_no_font_has_stops_no_report_wherever_it_stands(cell):
    pages = publish(notebook(cell))
    assert "U+20BB7" in text_of(pages["pdf"])
    assert len(pages.notes) == 1


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        (markdown("# 题\n\n- 甲\n  - 乙\n\n3. 三\n4. 四"), ["甲", "乙", "3.三", "4.四"]),
        (markdown("# 题\n\n| 项 | 数 |\n|---|---:|\n| 甲 | 1,234 |"), ["项数", "甲1,234"]),
        (markdown("# 题\n\n> 引文 **重** *em* `code` ~~旧~~ x<sub>2</sub>"), ["引文重emcode旧x", "2"]),
        (markdown("# 题\n\n```python\nprint('甲')  # #set $x$\n```"), ["print('甲')##set$x$"]),
        (markdown("# 题\n\n[链接](https://example.org/a) 与 $E = mc^2$"), ["链接与𝐸=𝑚𝑐2"]),
        (markdown("# 题\n\n- [ ] 待办\n- [x] 完成"), ["☐待办", "☑完成"]),
        (output("<dl><dt>甲</dt><dd>乙</dd></dl><hr><pre>a  b\n c</pre>"), ["甲乙", "ab"]),
        (output("<details><summary>为何</summary><p>因为</p></details>"), ["为何", "因为"]),
        (
            output("<table><tr><td><details><summary>9.9</summary><p>因为</p></details></td></tr></table>"),
            ["9.9"],
        ),
        (output(text__plain="Series\x1b[31m红"), ["Series红"]),
        (output(text__markdown="**重** 点"), ["重点"]),
        (
            output("<table><tr><th rowspan=2>合</th><td>1</td></tr><tr><td>2</td></tr></table>"),
            ["合", "1", "2"],
        ),
    ],
)
def test_an_analysts_cell_comes_out(cell, words):
    text = text_of(pdf_of(cell, tagged=True))
    assert [word for word in words if word not in text] == []


@pytest.mark.parametrize(
    "table",
    [
        "<tr><td>甲</td></tr><tr><td>乙</td><td>丙</td><td>丁</td></tr><tr></tr><tr><td>戊</td></tr>",
        "<tr><td rowspan=9>甲</td><td>乙</td></tr><tr><td>丙</td></tr>",
        "<tr><td>甲</td><td rowspan=2>乙</td></tr><tr><td colspan=3>丙</td></tr>",
        "<tr><td rowspan=2>甲</td></tr><tr></tr><tr><td>乙</td></tr>",
        "<thead><tr><th rowspan=3>甲</th><th>乙</th></tr></thead><tbody><tr><td>丙</td><td>丁</td></tr></tbody>",
        "<thead><tr><th colspan=2>甲</th></tr><tr><th>乙</th><th>丙</th></tr></thead>",
        "<tr><td>甲<table><tr><td>乙</td><td>丙</td></tr></table></td><td>丁</td></tr>",
        "<tr><td colspan=900>甲</td></tr><tr><td>乙</td></tr>",
    ],
)
def test_a_ragged_table_is_set_all_the_same(table):
    text = text_of(pdf_of("<h1>题</h1>", f"<table>{table}</table>"))
    assert all(word in text for word in "甲乙丙丁戊" if word in table)


@pytest.mark.parametrize(
    "tag", ["<div class=a>", "<blockquote>", "<ul><li>", "<section><p>", "<b><i>", "<details open>"]
)
def test_deep_nesting_is_set_all_the_same(tag):
    assert "底" in text_of(pdf_of("<h1>题</h1>", tag * 9 + "底"))


def test_a_table_of_many_columns_is_turned_or_set_small():
    import pandas as pd

    frame = pd.DataFrame({f"第{n}个指标名称": [123456.78 + n] for n in range(24)})
    with pdfplumber.open(BytesIO(pdf_of("<h1>题</h1>", frame._repr_html_()))) as opened:
        wide = [page for page in opened.pages if page.width > page.height]
        assert len(wide) == 1
        assert max(c["x1"] for c in wide[0].chars) <= wide[0].width - 66
        assert "123456.78" in wide[0].extract_text()


def test_a_mark_leads_to_its_finding():
    pdf = pdf_of(
        '<h1>题</h1><p>行 <a class="pk-mark" href="#PK1">PK1</a></p><ol class="pk-findings"><li id="PK1">因</li></ol>'
    )
    with pikepdf.open(BytesIO(pdf)) as opened:
        links = [a for page in opened.pages for a in page.get("/Annots", []) if a.Subtype == "/Link"]
    assert len(links) == 1


def test_an_empty_notebook_is_still_a_report():
    assert squeezed("report") in text_of(publish(notebook(tagged=False), ["pdf"])["pdf"])


def test_a_font_that_typst_does_not_know_is_an_error(monkeypatch):
    from perfkit.publish import theme

    monkeypatch.setattr(theme, "EMPHASIS", "No Such Font")
    with pytest.raises(MachineError, match="unknown font family: no such font"):
        pdf_of("<h1>题</h1><p><em>x</em></p>")


def test_a_process_forked_after_typst_ran_still_sets_its_report():
    import os

    made = notebook("<h1>题</h1>")
    expected = publish(made, ["pdf"])["pdf"]
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        done = publish(made, ["pdf"])["pdf"] == expected
        os.write(write, b"y" if done else b"n")
        os._exit(0)
    os.waitpid(child, 0)
    assert os.read(read, 1) == b"y"


def test_a_paragraph_that_opens_a_table_stays_with_it():
    def chapter(number):
        filler = "<p>正文一行</p>" * (number % 7)
        table = f"<table><thead><tr><th>表头{number}甲</th></tr></thead><tbody><tr><td>一</td></tr></tbody></table>"
        return output(f"<section><h2>章</h2>{filler}<p>引言{number}甲</p>{table}</section>")

    pages = pages_of(pdf_of(*map(chapter, range(60))))
    assert len(pages) > 8
    assert [n for n in range(60) for page in pages if f"引言{n}甲" in page and f"表头{n}甲" not in page] == []


SIZELESS = '<svg xmlns="http://www.w3.org/2000/svg" width="0" height="9"><rect width="9" height="9"/></svg>'
NAMED = SIZELESS.replace("<svg", '<svg aria-label="甲图"')
FLAT = SIZELESS.replace('width="0" height="9"', 'width="9" height="0"')
LETTERS = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="90" height="90"><text x="1" y="20">مرحبا</text></svg>'
)
SOUND = '<svg xmlns="http://www.w3.org/2000/svg" width="99" height="30"><rect width="9" height="9"/></svg>'


@pytest.mark.parametrize(
    "cell",
    [
        output(image__svg_xml=SIZELESS, metadata={"image/svg+xml": {"alt": "甲图"}}),
        output(image__svg_xml=FLAT, metadata={"image/svg+xml": {"alt": "甲图"}}),
        output(image__svg_xml=LETTERS, metadata={"image/svg+xml": {"alt": "甲图"}}),
        output(f'<figure>{NAMED}<figcaption>题注</figcaption></figure>'),
        output(f'<table><tr><td>{NAMED}</td><td>格</td></tr></table>'),
    ],
    ids=["no size", "no height", "letters Typst does not set", "a figure", "a table's cell"],
)  # fmt: skip
def test_a_drawing_that_typst_refuses_is_named_and_the_rest_is_whole(cell):
    sound = output(image__svg_xml=SOUND, metadata={"image/svg+xml": {"alt": "乙图"}})
    pages = publish(notebook("<h1>题</h1><h2>摘要</h2>", sound, cell, "<p>末段</p>"), ["html", "pdf"])
    text = text_of(pages["pdf"])
    assert "图未能画出" in text
    assert "末段" in text
    assert "乙图" not in text
    (note,) = pages.notes
    assert "摘要" in note
    assert "乙图" not in note
    assert b"<img" in pages["html"]


RARE = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="180" height="40"><rect width="180" height="40" fill="#fff"/>'
    '<text x="1" y="20" font-size="14"{}>绩效{}<tspan>优</tspan></text><desc>图{}</desc></svg>'
)


@pytest.mark.parametrize("letter", ["ꀀ", "\U0002ebf0", "&#xA000;"])
@pytest.mark.parametrize("attribute", ["", ' font-family="SimSun"', ' id="ꀀ"'])
def test_a_rare_character_of_a_drawing_is_named_and_the_rest_is_drawn(letter, attribute):
    character = unescape(letter)
    cell = output(image__svg_xml=RARE.format(attribute, letter, ""))
    pages = publish(notebook("<h1>题</h1><h2>摘要</h2>", cell, "<p>末段</p>"), ["html", "pdf", "docx"])
    assert f"绩效[U+{ord(character):04X}]优" in text_of(pages["pdf"])
    notes = [note for note in pages.notes if f"U+{ord(character):04X}" in note]
    assert [note.split()[0] for note in notes] == ["PDF", "Word"]
    assert all("摘要" in note and "绩效" in note for note in notes)
    assert b"LastResort" not in pages["pdf"]


def test_the_same_drawing_without_the_rare_character_is_noted_nowhere():
    cell = output(image__svg_xml=RARE.format("", "", "ꀀ"))
    assert publish(notebook("<h1>题</h1>", cell, "<p>مرحبا</p>"), ["pdf", "docx"]).notes == ()


def test_a_logo_that_typst_refuses_ends_no_report(tmp_path):
    (tmp_path / "logo.svg").write_text(SIZELESS, encoding="utf-8")
    (tmp_path / "theme.yaml").write_text("office: 甲局\nlogo: logo.svg\n", encoding="utf-8")
    pages = publish(notebook("<h1>题</h1><p>末段</p>", theme=str(tmp_path / "theme.yaml")), ["pdf"])
    assert "末段" in text_of(pages["pdf"])
    assert "甲局" in text_of(pages["pdf"])
    (note,) = pages.notes
    assert "logo.svg" in note


def filled(page):
    """Tell how much of a page's height its text and pictures use, head and foot aside."""
    top, foot = page.get_height() - 72, 72
    ends = [found.get_bounds()[1] for found in page.get_objects()]
    room = top - foot
    return (top - min((end for end in ends if end > foot - 5), default=top)) / room


OFFICIAL = '<section><h2>自评表</h2><table class="pk-official">{}</table></section>'
MEASURES = "<h2>措施</h2><table><thead><tr><th>原因</th><th>措施</th></tr></thead><tbody>{}</tbody></table>"


@pytest.mark.parametrize("rows", [0, 5, 30], ids=["text", "a short table", "a table that is parted"])
def test_no_page_before_the_official_form_or_at_the_end_holds_a_few_lines(rows):
    """The form has a page of its own; whatever stands before and after it, no page holds three lines."""
    table = MEASURES.format(
        "".join(f"<tr><td>{'因' * 20}{n}</td><td>{'办' * 50}</td></tr>" for n in range(rows))
    )
    form = OFFICIAL.format("".join(f"<tr><td>指标{n}</td><td>{'甲' * 30}</td></tr>" for n in range(27)))
    last = "<h2>来源</h2><dl class=pk-provenance>" + "<dt>文件</dt><dd>甲</dd>" * 6 + "</dl>"
    for lines in range(0, 44, 3):
        story = "".join(f"<p>第{n}行</p>" for n in range(lines))
        data = pdf_of(
            f"<h1>题</h1>{story}",
            table * bool(rows),
            "<h2>应用</h2><p>一</p>",
            form,
            story + table * bool(rows) + last,
        )
        with pdfium.PdfDocument(data) as pdf:
            assert min(filled(page) for page in pdf) > 0.2, lines
            texts = [page.get_textpage().get_text_range() for page in pdf]
        assert sum("指标0" in text and "指标26" in text for text in texts) == 1 or lines + rows < 10, lines
