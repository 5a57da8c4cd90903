"""The look of an office: a small file, all its faults at once, followed by both formats."""

from io import BytesIO

import pikepdf
import pypdfium2 as pdfium
import pytest

from perfkit.display.figures import drawing
from perfkit.errors import MachineError, SettingsError
from perfkit.publish import publish
from perfkit.publish.html import PerfkitHTMLExporter
from perfkit.publish.theme import DARK_PAPER, Theme, contrast, lightened, load_theme
from tests.publish.notebooks import notebook
from tests.strategies import in_english

LOGO = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20"><rect width="40" height="20" fill="#123456"/></svg>'
THEME = """
office: 某市财政局绩效评价中心
number: 某财绩评〔2024〕第 12 号
footer: 内部资料，注意保存
logo: logo.svg
primary: "#6b2a4a"
loss: "#9a5b00"
"""


@pytest.fixture
def workspace(tmp_path, monkeypatch):
    (tmp_path / "params").mkdir()
    (tmp_path / "logo.svg").write_text(LOGO, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(workspace, text, name="theme.yaml"):
    (workspace / name).write_text(text, encoding="utf-8")
    return name


def faults(workspace, text):
    with pytest.raises(SettingsError) as caught:
        load_theme(write(workspace, text), workspace)
    parts = ("what", "place", "hint")
    return [tuple(in_english(getattr(fault, part)) for part in parts) for fault in caught.value.faults]


def test_both_formats_follow_the_theme(workspace):
    made = notebook("<h1>题</h1><h2>一</h2><p>x</p>", theme=write(workspace, THEME))
    pages = publish(made)
    page = pages["html"].decode()
    for words in (
        "某市财政局绩效评价中心",
        "某财绩评〔2024〕第 12 号",
        "内部资料，注意保存",
        "--structure:#6b2a4a",
        "data:image/svg",
    ):
        assert words in page
    with pdfium.PdfDocument(pages["pdf"]) as pdf:
        text = pdf[0].get_textpage().get_text_range()
    for words in ("某市财政局绩效评价中心", "某财绩评〔2024〕第 12 号", "内部资料，注意保存"):
        assert words in text
    with pikepdf.open(BytesIO(pages["pdf"])) as pdf, pdf.open_metadata() as metadata:
        assert metadata["dc:creator"] == ["某市财政局绩效评价中心"]


def test_figures_follow_the_theme(workspace):
    bars = "".join(f'<rect fill="{colour}"/>' for colour in (drawing.BLUE, drawing.PALE_BLUE, drawing.OCHRE))
    drawn = f'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">{bars}</svg>'
    page = publish(notebook("<h1>题</h1>", drawn, theme=write(workspace, THEME)), ["html"])["html"].decode()
    assert "fill='%236b2a4a'" in page
    for colour in (drawing.BLUE, drawing.PALE_BLUE, drawing.OCHRE):
        assert colour.replace("#", "%23") not in page


@pytest.mark.parametrize("own", [drawing.BLUE, drawing.PALE_BLUE, drawing.OCHRE, drawing.OCHRE_TEXT])
def test_every_coloured_mark_of_a_figure_has_a_colour_of_the_theme(own):
    turned = Theme(primary="#6b2a4a", loss="#7a1f1f").colours()
    assert {own, drawing.DARK[own]} <= turned.keys()
    assert not turned.keys() & set(turned.values())
    assert Theme().colours() == {}


def test_the_theme_is_found_beside_the_notebook_too(workspace, tmp_path_factory):
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (elsewhere / "own.yaml").write_text("office: 甲", encoding="utf-8")
    resources = {"metadata": {"path": str(elsewhere)}}
    page, _ = PerfkitHTMLExporter().from_notebook_node(notebook("<h1>题</h1>", theme="own.yaml"), resources)
    assert "甲" in page


def test_no_theme_and_an_empty_one_are_perfkits_own_look(workspace):
    assert load_theme("", workspace) == Theme() == load_theme(write(workspace, ""), workspace)


def test_every_fault_is_told_at_once(workspace):
    text = (
        'ofice: 甲\nprimary: "#ffcc00"\nloss: red\nlogo: no.svg\nfonts: {text: "a;b{}", folder: nowhere}\nfooter: '
        + "长" * 200
    )
    found = faults(workspace, text)
    assert [what.split(":")[0] for what, _, _ in found] == [
        "too long for its place",
        "too pale to be read on white",
        "not a colour",
        "not the name of a font",
        "unknown key 'ofice'",
        "the logo cannot be read",
    ]
    assert found[4][2] == "did you mean 'office'?"
    assert all("line" in place for _, place, _ in found)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("- a\n- b", "not a theme"),
        ("a: [", "not valid YAML"),
        ("office: &a x\nfooter: *a", "not allowed here"),
        ("logo: {a: b}", "not of the right kind"),
        ("logo: theme.yaml", "the logo cannot be read"),
        ("words: none.yaml", "the file of own words cannot be read"),
        ("words: theme.yaml", "not a file of own words"),
    ],
)
def test_a_file_that_is_no_theme(workspace, text, what):
    assert any(said.startswith(what) for said, _, _ in faults(workspace, text))


def test_a_theme_that_is_not_there(workspace):
    with pytest.raises(SettingsError, match="does not exist"):
        publish(notebook("<h1>题</h1>", theme="none.yaml"), ["html"])


def test_a_font_that_is_asked_for_and_not_there_is_an_error(workspace):
    made = notebook("<h1>题</h1>", theme=write(workspace, "fonts: {text: 仿宋_GB2312_X}"))
    assert '"仿宋_GB2312_X"' in publish(made, ["html"])["html"].decode()
    with pytest.raises(MachineError, match="not on this machine") as caught:
        publish(made, ["pdf"])
    assert str(caught.value).startswith("theme, fonts.text: ")


def test_a_folder_of_fonts_that_is_not_there_stops_the_pdf_alone(workspace):
    made = notebook("<h1>题</h1>", theme=write(workspace, "fonts: {folder: 字体}"))
    assert set(publish(made, ["html", "docx"])) == {"html", "docx"}
    with pytest.raises(MachineError, match="the folder of fonts does not exist") as caught:
        publish(made, ["pdf"])
    assert len(caught.value.faults) == 1


def test_an_offices_own_font_is_used(workspace):
    from pathlib import Path

    import matplotlib as mpl

    (workspace / "fonts").mkdir()
    source = Path(mpl.get_data_path()) / "fonts" / "ttf" / "DejaVuSerif.ttf"
    (workspace / "fonts" / "own.ttf").write_bytes(source.read_bytes())
    made = notebook(
        "<h1>题</h1><p>Latin</p>", theme=write(workspace, "fonts: {text: DejaVu Serif, folder: fonts}")
    )
    with pikepdf.open(BytesIO(publish(made, ["pdf"])["pdf"])) as pdf:
        used = {
            str(font.BaseFont)
            for font in pdf.objects
            if isinstance(font, pikepdf.Dictionary) and "/BaseFont" in font
        }
    assert any("DejaVuSerif" in name for name in used)


def test_hostile_words_of_a_theme_are_text(workspace):
    made = notebook("<h1>题</h1>", theme=write(workspace, "office: '<script>alert(1)</script> #x'"))
    pages = publish(made)
    assert b"<script>alert(1)" not in pages["html"]
    with pdfium.PdfDocument(pages["pdf"]) as pdf:
        assert "<script>alert(1)</script> #x" in pdf[0].get_textpage().get_text_range()


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ("#000000", "#ffffff", 21.0),
        ("#777777", "#ffffff", 4.48),
        ("#ffffff", "#ffffff", 1.0),
        ("#767676", "#ffffff", 4.54),
    ],
)
def test_contrast_is_as_wcag_measures_it(one, other, ratio):
    assert contrast(one, other) == pytest.approx(ratio, abs=0.05)
    assert contrast(one, other) == contrast(other, one)


@pytest.mark.parametrize("colour", ["#000000", "#1d4e79", "#8a5a00", "#ff0000"])
def test_a_colour_is_lightened_until_dark_paper_carries_it(colour):
    assert contrast(lightened(colour, DARK_PAPER), DARK_PAPER) >= 7
