"""The bundled fonts: there, known to matplotlib, and honest about what they lack."""

import re
from pathlib import Path

import matplotlib as mpl
import pytest
from matplotlib import font_manager

from perfkit.display import fonts


def test_the_bundled_files_are_there():
    assert set(fonts.font_paths()) == {fonts.SANS, fonts.SERIF, fonts.SYMBOLS, fonts.EMOJI}
    assert all(path.is_file() for path in fonts.font_paths().values())


def test_registering_makes_the_families_known_and_changes_no_setting():
    before = dict(mpl.rcParams)
    assert fonts.register() == fonts.families
    assert dict(mpl.rcParams) == before
    names = {entry.name for entry in font_manager.fontManager.ttflist}
    assert {fonts.SANS, fonts.SERIF} <= names


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("财政项目支出绩效自评表 ≥36万 镕喆堃玥珺祎昇旻", ()),
        ("Execution 98.98% — “ok”", ()),
        ("שלום مرحبا ✓ □", ()),
        ("完成\U0001f9ec 𓀀ꦀ𓀀", ("𓀀", "ꦀ")),
        ("tab\tline\nzero\u200b", ()),
    ],
)
def test_missing_glyphs_are_named_once_in_order(text, missing):
    assert fonts.missing_glyphs(text) == missing


def test_one_family_may_be_asked_alone():
    assert fonts.missing_glyphs("中ש", (fonts.SERIF,)) == ("ש",)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("page", ["howto/notebook.md", "zh/howto/notebook.md"])
def test_an_own_figure_shows_chinese_as_the_docs_say(page):
    """With the lines of docs/ no glyph is missing, and the first font stays the analyst's."""

    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    text = (Path(__file__).parents[2] / "docs" / page).read_text(encoding="utf-8")
    (code,) = (block for block in re.findall(r"```python\n(.*?)```", text, re.DOTALL) if "register" in block)
    with mpl.rc_context():
        exec(code, {})
        figure = Figure()
        axes = figure.subplots()
        axes.bar(["甲项目", "B"], [1, 2])
        axes.set_title("各单位得分 Score −3")
        FigureCanvasAgg(figure).draw()
        assert mpl.rcParams["font.family"][0] == "sans-serif"
