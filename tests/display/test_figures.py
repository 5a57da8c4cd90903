"""The figures: each says something true about every form, small, the same again, and legible."""

import json
import re
import subprocess
import sys
from dataclasses import replace
from decimal import Decimal

import matplotlib as mpl
import pytest
from hypothesis import given, settings
from lxml import etree
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure as Canvas
from matplotlib.transforms import Affine2D

import perfkit
from perfkit.display import figures, fonts
from perfkit.display.figures import drawing
from perfkit.display.figures.completion import Scale
from perfkit.display.fonts import cut, drawable, width, wrap
from perfkit.form import Budget, Fund
from tests.display import samples
from tests.display.snapshots import assert_as_before
from tests.strategies import forms

KINDS = {name: getattr(figures, name) for name in figures.__all__ if name != "Figure"}
LANGUAGES = ("zh", "en")
PHONE = 358  # the width of text on a 390-pixel screen


def drawn(figure):
    return etree.fromstring(figure.svg.encode())


def boxes(canvas):
    """Give every text of a figure with its extent in points, as matplotlib's own renderer measures it."""
    canvas.dpi = 720  # so fine that rounding to pixels does not count
    renderer = FigureCanvasAgg(canvas).get_renderer()
    for text in canvas.findobj(mpl.text.Text):
        if text.get_text():
            yield text, text.get_window_extent(renderer).transformed(Affine2D().scale(0.1))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", samples.EVERY)
def test_every_figure_says_something_about_every_form(name, kind, language):
    figure = KINDS[kind](samples.EVERY[name](), language=language)
    root = drawn(figure)
    assert root.attrib["role"] == "img"
    assert root.find("{*}title").text == figure.title
    assert root.find("{*}desc").text == figure.alt
    assert figure.title in figure.alt
    assert figure.alt.endswith(("。", "."))
    assert not re.search(r"\b(None|nan|inf)\b", figure.alt)
    assert len(figure.svg.encode()) <= 60_000
    assert not re.search(r"style=|<script|xlink|metadata|DOCTYPE|NaN", figure.svg)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", samples.EVERY)
def test_the_same_form_gives_the_same_bytes(name, kind):
    first, second = (KINDS[kind](samples.EVERY[name]()).svg for _ in range(2))
    assert first == second


def test_four_figures_fit_in_a_page_of_400_kb():
    assert sum(len(KINDS[kind](samples.leadership()).svg.encode()) for kind in KINDS) < 160_000


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", [name for name in samples.EVERY if name != "right-to-left"])
def test_nothing_is_cut_off_and_no_text_lies_on_another(name, kind):
    figure = KINDS[kind](samples.EVERY[name]())
    wide, high = figure.figure.get_size_inches() * 72
    placed = []
    for text, box in boxes(figure.figure):
        assert box.x0 >= -1, text.get_text()
        assert box.x1 <= wide + 1, text.get_text()
        assert box.y0 >= -1, text.get_text()
        assert box.y1 <= high + 2, text.get_text()
        for other, there in placed:
            across = min(box.x1, there.x1) - max(box.x0, there.x0)
            down = min(box.y1, there.y1) - max(box.y0, there.y0)
            assert across < 1 or down < 4, f"{text.get_text()} over {other.get_text()}"
        placed.append((text, box))


@pytest.mark.parametrize("kind", KINDS)
def test_type_is_legible_on_a_phone_without_zooming(kind):
    figure = KINDS[kind](samples.leadership())
    wide = figure.figure.get_size_inches()[0] * 72
    sizes = {text.get_fontsize() for text, _ in boxes(figure.figure)}
    assert min(sizes) * PHONE / wide >= 9


def luminance(colour):
    def linear(part):
        return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4

    red, green, blue = map(linear, mpl.colors.to_rgb(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize(
    "turn", [lambda colour: colour, lambda colour: drawing.DARK[colour]], ids=["light", "dark"]
)
def test_colours_are_told_apart_without_hue(turn):
    paper = turn(drawing.PAPER)
    assert all(
        contrast(turn(colour), paper) >= 4.5 for colour in (drawing.INK, drawing.GREY, drawing.OCHRE_TEXT)
    )
    assert contrast(turn(drawing.BLUE), turn(drawing.TRACK)) >= 3
    if paper == drawing.PAPER:
        assert contrast(drawing.BLUE, drawing.OCHRE) >= 3
        assert contrast(drawing.BLUE, drawing.PALE_BLUE) >= 3


@pytest.mark.parametrize(
    ("kind", "language", "title"),
    [
        ("dimensions", "zh", "共扣 12.86 分，其中预算执行最多，扣 8.96 分"),
        ("dimensions", "en", "12.86 points were lost, 8.96 of them in Budget execution"),
        ("money", "zh", "全年预算 1,145,000 元，执行 119,132 元，执行率 10.41%"),
        ("money", "en", "Of 1,145,000 budgeted, 119,132 were executed: 10.41%"),
        ("completion", "zh", "可计算完成率的 6 项中 5 项达成；全年培训人次为 3,479%，全年培训课时为 10.7%"),
        ("completion", "en", "5 of 6 measured rows meet their targets; 全年培训人次 is at 3,479% and 全年培训课时 is at 10.7%"),
        ("losses", "zh", "5 行扣 12.86 分，预算执行最多，扣 8.96 分"),
        ("losses", "en", "5 rows lost 12.86 points, Budget execution the most (8.96)"),
    ],
)  # fmt: skip
def test_the_title_says_the_finding(kind, language, title):
    figure = KINDS[kind](samples.leadership(), language=language)
    assert figure.title == title


def test_titles_count_as_people_do():
    card = samples.named("出勤率")
    assert figures.completion(card).title == "可计算完成率的 1 项未达成；出勤率为 80%"
    assert figures.completion(card, language="en").title.startswith("The one measured row misses its target")
    assert figures.completion(samples.one_row()).title == "可计算完成率的 1 项达成"


def test_no_row_is_called_the_most_among_equals():
    assert figures.losses(samples.online()).title == "4 行扣 3.1 分，每行至多 1 分"
    title = figures.losses(samples.many_rows(), language="en").title
    assert title == "134 rows lost 20.1 points, at most 0.2 each"
    card = samples.online()
    even = replace(card, indicators=card.indicators[3:4] + card.indicators[8:9])
    even = replace(even, budget=replace(even.budget, score=Decimal(9)))
    assert figures.dimensions(even).title == "共扣 3 分，分布在 3 个维度"


@pytest.mark.parametrize(
    ("text", "room", "lines"),
    [
        (
            "可计算的 6 项中 5 项达成；全年培训为 3,479%",
            200,
            ["可计算的 6 项中 5 项达成；", "全年培训为 3,479%"],
        ),
        ("禁毒舞台剧宣传的场次", 96, ["禁毒舞台剧", "宣传的场次"]),
    ],
)
def test_lines_end_with_a_phrase_or_are_even(text, room, lines):
    assert list(wrap(text, 10.5, room, lines=3)) == lines


def test_the_alt_sentence_holds_what_the_marks_show():
    alt = figures.completion(samples.leadership()).alt
    for told in ("全年培训人次 3,479%", "出勤率 142.9%", "培训学时达标 100%", "全年培训课时 10.7%"):
        assert told in alt
    assert "年初 2,400,000；全年 1,145,000；执行 119,132（10.41%）" in figures.money(samples.leadership()).alt


def test_absurd_amounts_widen_the_page_rather_than_lose_digits():
    vast = Fund(Decimal("1E+40"), Decimal("1E+40"), Decimal(1))
    card = samples.online()
    figure = figures.money(replace(card, form=replace(card.form, budget=Budget(total=vast))))
    wide = figure.figure.get_size_inches()[0] * 72
    assert max(box.x1 for _, box in boxes(figure.figure)) <= wide


def test_a_broken_scale_says_so_and_keeps_the_order():
    assert "断轴" in figures.completion(samples.leadership()).subtitle
    assert "断轴" not in figures.completion(samples.online()).subtitle
    scale = Scale(34.79)
    ratios = [0, 0.1, 0.5, 1, 1.4, 1.5, 1.51, 2, 10, 34.79]
    places = [scale.place(ratio) for ratio in ratios]
    assert places == sorted(places)
    assert places[-1] == pytest.approx(scale.end)


@pytest.mark.parametrize(
    ("kind", "name", "said"),
    [
        ("dimensions", "blank", "这张表没有分值，没有得分可以画。"),
        ("losses", "blank", "这张表没有分值，没有得分可以画。"),
        ("losses", "one-row", "没有扣分：各行均得满分。"),
        ("money", "blank", "这张表没有填写资金。"),
        ("money", "zero-budget", "这张表填写的资金均为零。"),
        ("completion", "blank", "没有可以计算完成率的指标。"),
    ],
)
def test_nothing_to_draw_is_a_sentence(kind, name, said):
    figure = KINDS[kind](samples.EVERY[name]())
    assert figure.alt == said
    assert figure.figure.get_size_inches()[1] * 72 < 40


def test_unscored_rows_are_not_drawn_as_lost():
    card = samples.one_row()
    row = replace(card.indicators[0], score=None)
    card = replace(card, indicators=(row,))
    assert figures.dimensions(card).title == "没有扣分，但有 10 分未计分"
    assert figures.losses(card).title == "没有扣分，但有 1 行未计分。"


def test_a_cap_on_the_total_is_told():
    card = samples.leadership()
    capped = replace(card, total=replace(card.total, score=Decimal(59)))
    assert "总分按规则计为 59 分，合计之外再减 28.14 分" in figures.dimensions(capped).subtitle
    assert "总分" not in figures.dimensions(card).subtitle


def test_a_lower_printed_total_is_told_as_the_unit_s_own():
    form = replace(samples.leadership().form, total=Decimal(59))
    told = figures.dimensions(perfkit.score(form, "shanghai-2022")).subtitle
    assert told.endswith("。表列总分 59 分，比各项合计少 28.14 分，以表列计")


def test_points_of_rows_without_a_weight_are_told_and_not_drawn():
    form = samples.leadership().form
    rows = (replace(form.indicators[0], weight=None), *form.indicators[1:])
    told = figures.dimensions(perfkit.score(replace(form, indicators=rows), "shanghai-2022")).subtitle
    assert told.endswith("。未填分值的指标另计 10 分，未画出")


def test_many_rows_are_cut_to_the_worst_and_the_rest_is_told():
    figure = figures.losses(samples.many_rows())
    assert "图示 16 行，其余 118 行共扣" in figure.subtitle
    assert "共 200 项，图示偏离最大的 20 项" in figures.completion(samples.many_rows()).subtitle


def test_sources_stand_beside_the_total_where_there_are_two():
    card = samples.online()
    part = Fund(Decimal(5), Decimal(4), Decimal(3))
    money = replace(card.form.budget, carried_over=part)
    card = replace(card, form=replace(card.form, budget=money))
    assert "上年结转资金 年初 5；全年 4；执行 3" in figures.money(card).alt
    only = replace(
        card, form=replace(card.form, budget=Budget(fiscal=part)), budget=replace(card.budget, rate=None)
    )
    assert figures.money(only).title == "总额一行没有填写，只有各来源的资金"


@pytest.mark.parametrize("kind", KINDS)
def test_an_analysts_axes_are_drawn_into_and_given_back(kind):
    ax = Canvas(figsize=(8, 4)).add_subplot()
    card = samples.leadership()
    assert KINDS[kind](card, ax=ax) is ax
    texts = [text.get_text() for text in ax.texts]
    assert len(texts) > 3
    assert ax.get_title(loc="left").replace("\n", "") == KINDS[kind](card).title
    assert list(boxes(ax.figure))


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_to_draw_in_an_analysts_axes_is_a_sentence_too(kind):
    ax = Canvas().add_subplot()
    KINDS[kind](samples.blank(), ax=ax)
    assert ax.get_title(loc="left")


def test_the_analysts_settings_neither_change_nor_spoil_a_figure():
    before = figures.dimensions(samples.online()).svg
    loud = {"path.sketch": (10, 10, 10), "font.size": 30, "axes.facecolor": "black", "text.color": "red"}
    with mpl.rc_context(loud):
        kept = dict(mpl.rcParams)
        assert figures.dimensions(samples.online()).svg == before
        assert dict(mpl.rcParams) == kept


def test_the_figure_shows_itself_as_svg_with_its_alt():
    figure = figures.losses(samples.online())
    data, metadata = figure._repr_mimebundle_()
    assert data == {"image/svg+xml": figure.svg, "text/plain": figure.alt}
    assert metadata["image/svg+xml"]["alt"] == figure.alt
    json.dumps([data, metadata])
    assert repr(figure) == f"<Figure {figure.alt}>"


def test_pyplot_is_never_loaded():
    code = (
        "import sys; from tests.display import samples; from perfkit.display import figures;"
        "figures.losses(samples.online()).svg; assert 'matplotlib.pyplot' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_maths_in_a_name_is_text():
    figure = figures.losses(samples.named("$x^2$ _a_"))
    assert "$x^2$ _a_" in figure.alt
    assert {fonts.name(letter) for letter in "$^_"} <= {
        e.get("id") for e in drawn(figure).iter() if e.get("id")
    }


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", '"/><image href="http://x"/>', "\u202eabc", "a\x00b", "]]>&amp;"]
)
def test_hostile_names_are_only_drawn(text):
    for kind in KINDS.values():
        figure = kind(samples.named(text))
        root = drawn(figure)
        tags = {element.tag.rpartition("}")[2] for element in root.iter()}
        assert tags <= {"svg", "title", "desc", "style", "defs", "path", "g", "use"}
        assert not re.search("[\x00-\x08\u202a-\u202e]", figure.svg)


def test_glyphs_nobody_has_become_boxes_without_a_warning():
    assert drawable("基因𓀀") == "基因□"
    assert "𓀀" in figures.losses(samples.named("基因𓀀")).alt


@pytest.mark.parametrize("text", ["发布新课件", "Budget 98.98%", "很长的名称" * 40, "👩‍🏫", ""])
def test_cut_and_wrapped_text_fits(text):
    shown = drawable(text)
    assert width(cut(shown, 10, 60), 10) <= 60
    lines = wrap(shown, 10, 60, lines=2)
    assert len(lines) <= 2
    assert all(width(line, 10) <= 60 for line in lines)


def test_measured_widths_are_those_that_are_drawn():
    from matplotlib.ft2font import FT2Font, LoadFlags

    from perfkit.display import fonts

    font = FT2Font(str(fonts.font_paths()[fonts.SANS]))
    font.set_size(1000, 72)
    font.set_text("中", flags=LoadFlags.NO_HINTING)
    assert fonts.advance("中") == 1000
    assert width("中文", 10.5) == pytest.approx(21)


@settings(max_examples=20)
@given(forms(most=6))
def test_whatever_a_form_holds_every_figure_stands(form):
    card = perfkit.score(form)
    for kind in KINDS.values():
        figure = kind(card, language="en")
        drawn(figure)
        assert figure.alt


def test_a_small_figure_is_as_it_was():
    assert_as_before("nothing.svg", figures.money(samples.blank(), language="en").svg)
