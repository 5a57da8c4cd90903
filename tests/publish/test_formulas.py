"""Formulas of Markdown: MathML on the page, maths in the PDF, OMML in Word; as typed where they cannot be read."""

import re
from io import BytesIO

import docx
import pypdfium2 as pdfium
import pytest
from lxml import etree

from perfkit.publish import publish
from perfkit.publish.formulas import formula
from tests.publish.notebooks import markdown, notebook, output

READ = [
    r"\frac{1}{2}", r"\text{完成率}=\frac{\text{实际}}{\text{目标}}\times 100\%", r"\sum_{i=1}^n x_i^2 \le \sqrt[3]{b}",
    r"\bar{x}+\hat y, \sin\alpha", r"\begin{pmatrix}a&b\\c&d\end{pmatrix}", r"\left(\frac{a}{b}\right)^2",
    r"\lim_{x\to 0} f(x)", r"得分 = 98.5", r"f(x)=\begin{cases}1&x>0\\0&x\le 0\end{cases}", r"\overline{ab}\neq\vec{c}",
    r"\underbrace{a+b}_{2}", r"\overbrace{a+b}^{2}", r"P(A|B)+|x|",
    r"a<b\ \&\ c", r"\binom{n}{k}", r'\text{"#panic()"}', "x'",
]  # fmt: skip


WORD = {"m": "http://schemas.openxmlformats.org/officeDocument/2006/math"}


def omml(tex):
    made = formula(tex, block=True).omml()
    return etree.fromstring(made.replace("<m:oMath>", f'<m:oMath xmlns:m="{WORD["m"]}">', 1))


def pages_of(tex):
    return publish(
        notebook(markdown(f"# 题\n\n前 ${tex}$ 后\n\n$$ {tex} $$"), language="zh"), ["html", "pdf", "docx"]
    )


@pytest.mark.parametrize("tex", READ)
def test_a_formula_is_set_in_every_format(tex, tmp_path):
    pages = pages_of(tex)
    main = etree.HTML(pages["html"].decode()).find(".//main")
    assert [math.get("display") for math in main.iter("{*}math")] == ["inline", "block"]
    assert "$" not in "".join(main.itertext())
    (tmp_path / "a.docx").write_bytes(pages["docx"])
    body = docx.Document(str(tmp_path / "a.docx")).element.body
    assert len(list(body.iter("{*}oMath"))) == 2
    assert len(list(body.iter("{*}oMathPara"))) == 1
    with pdfium.PdfDocument(pages["pdf"]) as pdf:
        text = pdf[0].get_textpage().get_text_range()
    assert "\\" not in text
    assert "$" not in text


@pytest.mark.parametrize(
    ("tex", "part", "value"),
    [
        (r"\bar{x}", "accPr/chr", "\u0304"),
        (r"\hat{y}", "accPr/chr", "\u0302"),
        (r"\vec{c}", "accPr/chr", "\u20d7"),
        (r"\tilde{c}", "accPr/chr", "\u0303"),
        (r"\overline{ab}", "barPr/pos", "top"),
        (r"\underline{ab}", "barPr/pos", "bot"),
        (r"\underbrace{ab}", "groupChrPr/chr", "⏟"),
    ],
)
def test_a_mark_over_a_letter_is_an_accent_in_word(tex, part, value):
    path = "//" + "/".join(f"m:{each}" for each in part.split("/")) + "/@m:val"
    assert omml(tex).xpath(path, namespaces=WORD) == [value]


def test_limits_stand_below_in_a_block_and_functions_upright():
    made = omml(r"\lim_{x\to 0} \sin x")
    assert made.xpath("string(//m:limLow/m:e)", namespaces=WORD) == "lim"
    assert made.xpath("//m:r[m:rPr/m:nor]/m:t/text()", namespaces=WORD) == ["lim", "sin"]
    assert "math.limits" in formula(r"\max_i x", block=True).typst()
    assert "math.limits" not in formula(r"\max_i x", block=False).typst()


def test_a_sign_without_limits_shows_no_empty_box_in_word():
    made = omml(r"\prod_{k} p_k + \sum_{i}^{n} x")
    hidden = made.xpath("//m:nary[.//m:chr/@m:val='∏'][1]/m:naryPr/m:supHide/@m:val", namespaces=WORD)
    assert hidden == ["1"]
    assert not made.xpath("//m:nary[m:sup/*]/m:naryPr/m:supHide", namespaces=WORD)


@pytest.mark.parametrize(
    "tex",
    [
        r"\begin{aligned}a&=b\\&\le d\end{aligned}", r"\begin{matrix}a&b\\&d\end{matrix}", "x^{*}", "A^{+}", "x=", "=x", r"\frac{=a}{b}",
        r"\begin{gathered}a=b\\=c\end{gathered}", r"\times 10", r"\sum_{i}",
    ],
)  # fmt: skip
def test_a_sign_in_word_has_something_on_both_sides_and_a_cell_holds_something(tex):
    groups = "//*[self::m:e or self::m:num or self::m:sup or self::m:oMath]"
    for group in omml(tex).xpath(groups, namespaces=WORD):
        texts = [part.findtext("m:t", namespaces=WORD) for part in group if not part.tag.endswith("Pr")]
        assert texts
        assert "" not in texts
        assert texts[0] not in set("=*×≤")
        assert texts[-1] not in set("=*+")


def test_the_rows_of_an_aligned_formula_stand_below_their_sign_in_word():
    made = omml(r"\begin{aligned}a+b&=c\\d&=e\end{aligned}")
    assert made.xpath("//m:m/m:mPr/m:mcs/m:mc/m:mcPr/m:mcJc/@m:val", namespaces=WORD) == ["right", "left"]
    assert made.xpath("//m:m/m:mPr/m:plcHide/@m:val", namespaces=WORD) == ["1"]


def test_a_minus_before_one_thing_stays_its_own():
    assert "\u200b" not in "".join(omml("-x + y").itertext())


def test_a_square_root_has_a_degree_that_is_not_shown():
    made = omml(r"\sqrt{x} + \sqrt[3]{y}")
    assert made.xpath("//m:rad[m:deg]/m:radPr/m:degHide/@m:val", namespaces=WORD) == ["1"]
    assert len(made.xpath("//m:rad/m:deg", namespaces=WORD)) == 2


def test_a_binomial_has_no_line():
    made = omml(r"\binom{n}{k} + \frac{1}{2}")
    assert made.xpath("//m:f/m:fPr/m:type/@m:val", namespaces=WORD) == ["noBar"]
    assert len(made.xpath("//m:f", namespaces=WORD)) == 2
    assert "math.frac" not in formula(r"\binom{n}{k}", block=True).typst()


def test_a_line_with_a_formula_grows_in_word():
    data = publish(notebook(markdown("# 题\n\n前 $\\frac{a}{b}$ 后\n\n文字")), ["docx"])["docx"]
    rules = {
        paragraph.text: paragraph._p.pPr is not None and paragraph._p.pPr.xpath("w:spacing/@w:lineRule")
        for paragraph in docx.Document(BytesIO(data)).paragraphs
    }
    assert rules["前  后"] == ["atLeast"]
    assert not rules["文字"]


def test_a_brace_before_cases_is_as_tall_as_they_are():
    assert "math.lr({[#symbol" in formula(r"\begin{cases}1&x>0\\0&x\le 0\end{cases}", block=True).typst()


@pytest.mark.parametrize("tex", [r"\undefined{x}", r"\frac{1}", "{" * 2000, "x" * 5000])
def test_what_cannot_be_read_stays_as_typed(tex):
    page = pages_of(tex)["html"].decode()
    assert "<math" not in page
    assert tex[:40] in page


@pytest.mark.parametrize(
    "tex", [r"<script>alert(1)</script>", r"\href{javascript:x}{y}", r"\style{color:red}{x}"]
)
def test_a_formula_carries_nothing_else(tex):
    read = formula(tex, block=False)
    if read:
        assert not re.search(r"<script|href|style=|onclick", re.sub(r'alttext="[^"]*"', "", read.mathml))


def test_a_character_without_a_font_within_a_formula_stops_no_report():
    pages = pages_of(r"\text{𠮷}")
    assert "𠮷" in pages.notes[0]
    with pdfium.PdfDocument(pages["pdf"]) as pdf:
        assert "U+20BB7" in pdf[0].get_textpage().get_text_range()


def test_a_price_is_none():
    assert "$5" in publish(notebook(markdown(r"# 题" + "\n\n" + r"\$5 与 \$6")), ["html"])["html"].decode()


def test_sympys_output_is_set():
    page = publish(notebook(output(text__latex=r"$\displaystyle \frac{x}{2}$", text__plain="x/2")), ["html"])
    assert "<mfrac>" in page["html"].decode()
