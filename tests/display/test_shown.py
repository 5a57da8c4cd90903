"""How results show themselves: HTML in a notebook, text in a terminal."""

from decimal import Decimal

import pytest
from hypothesis import given
from lxml import html
from rich.cells import cell_len
from rich.console import Console

import perfkit
from perfkit.checks import Findings
from perfkit.display.tables import html_of
from perfkit.display.terminal import rich_of, text_of
from perfkit.form import Form, Indicator
from perfkit.narrative import Section, Story
from perfkit.rollup import roll_up
from tests.display import samples
from tests.display.snapshots import assert_as_before
from tests.strategies import texts

RESULTS = {
    "form": lambda card: card.form,
    "card": lambda card: card,
    "findings": lambda card: samples.findings(card.form.project or "x"),
    "no findings": lambda card: Findings(),
    "story": lambda card: samples.story(card.form.project or "x"),
    "section": lambda card: samples.story(card.form.project or "x")["summary"],
    "profile": lambda card: card.profile,
    "roll-up": lambda card: roll_up([card.form, card.form], samples.MEANS),
    "roll-up of scores": lambda card: roll_up([card.form, card.form], samples.SCORED_FIRST),
}


@pytest.mark.parametrize("what", RESULTS)
@pytest.mark.parametrize("name", samples.EVERY)
def test_every_result_shows_itself_in_a_notebook(name, what):
    shown = RESULTS[what](samples.EVERY[name]())._repr_html_()
    page = html.fragment_fromstring(shown, create_parent="body")
    assert page.text_content().strip()
    assert not page.xpath("//script | //h1")
    assert not page.xpath("//*[@style or @onclick]")
    assert "None" not in page.text_content()


@pytest.mark.parametrize("what", RESULTS)
@pytest.mark.parametrize("name", samples.EVERY)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_result_shows_itself_in_eighty_columns(name, what, language):
    told = text_of(RESULTS[what](samples.EVERY[name]()), language=language)
    assert told.strip()
    assert max(map(cell_len, told.splitlines())) <= 80
    assert "None" not in told
    assert "\x1b" not in told


@pytest.mark.parametrize("text", ["\x1b[31mred", "a\u202eb", "[bold]x[/bold]", ":smile:", "{0}"])
@pytest.mark.parametrize("what", RESULTS)
def test_hostile_text_is_shown_in_a_terminal_and_never_obeyed(what, text):
    told = text_of(RESULTS[what](samples.named(text)))
    assert "\x1b" not in told
    assert "\u202e" not in told
    if what not in {"profile", "no findings"}:
        assert text.replace("\x1b", "[U+001B]").replace("\u202e", "[U+202E]") in told


def test_a_scorecard_in_a_terminal_can_be_checked_by_hand():
    told = str(samples.leadership())
    closed_up = [" ".join(line.split()) for line in told.splitlines()]  # how wide a gap is, is rich's affair
    assert_as_before("scorecard.txt", "\n".join(closed_up) + "\n")


def test_figures_in_a_terminal_stand_in_columns():
    rows = [
        line
        for line in str(samples.leadership()).splitlines()
        if line.rstrip().endswith(("10", "5", "6", "4"))
    ]
    rows = [line for line in rows if line[:4].strip().isdigit()]
    assert len(rows) > 8
    assert len({cell_len(line.rstrip()) for line in rows}) == 1


def colours(result):
    console = Console(width=80, color_system="truecolor", force_terminal=True)
    return {
        part.style.color.name for part in console.render(rich_of(result)) if part.style and part.style.color
    }


def test_columns_beside_the_score_stand_in_a_terminal_only_where_a_row_fills_them():
    plain, beside = (text_of(card, language="en") for card in (samples.online(), samples.reviewed()))
    heads = next(line for line in beside.splitlines() if "weight" in line).split()
    assert heads == ["Indicator", "weight", "form", "rules", "score", "lost", "deduct", "review"]
    assert next(line for line in plain.splitlines() if "weight" in line).split() == heads[:-2]
    total = next(line for line in beside.splitlines() if "Total" in line)
    assert total.split()[-1] == "94.5"
    printed = text_of(samples.reviewed().form, language="en")
    assert "Review score" in printed
    assert "Review score" not in text_of(samples.online().form, language="en")


def test_colour_is_for_severity_only():
    assert colours(samples.findings()) == {"red", "yellow", "blue"}
    assert colours(samples.leadership()) == set()


def test_a_story_keeps_its_headings_in_order():
    page = html.fragment_fromstring(samples.story()._repr_html_(), create_parent="body")
    assert [heading.tag for heading in page.iter("h1", "h2", "h3")] == ["h2"]


def test_an_empty_section_shows_nothing():
    assert Section("findings", "x", ())._repr_html_() == ""
    assert str(Section("findings", "x", ())) == "x"
    story = Story("zh", "只有一句", (Section("findings", "不在", ()),))
    assert "不在" not in story._repr_html_()


@pytest.mark.parametrize("of", [html_of, rich_of])
def test_something_else_is_not_shown(of):
    with pytest.raises(TypeError, match="is known for int"):
        of(3)


@given(texts())
def test_whatever_a_name_holds_it_stays_within_the_columns(text):
    told = text_of(samples.named(text))
    assert max(map(cell_len, told.splitlines())) <= 80


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", '"><img src=x onerror=x>', "{{ 7*7 }}", "\u202ex"]
)
@pytest.mark.parametrize("what", RESULTS)
def test_hostile_text_is_shown_in_a_notebook_and_never_obeyed(what, text):
    shown = RESULTS[what](samples.named(text))._repr_html_()
    page = html.fragment_fromstring(shown, create_parent="body")
    assert not page.xpath("//script | //img | //@onerror")
    assert "\u202e" not in shown
    if what not in {"profile", "no findings"}:
        assert text.replace("\u202e", "[U+202E]") in page.text_content()


def test_a_row_above_the_rules_that_give_no_figure_is_not_said_to_count_as_computed():
    cost = Indicator(
        level1="产出指标",
        level2="成本指标",
        name="培训成本",
        target="≤100万元",
        actual="105万元",
        weight=Decimal(90),
        score=Decimal(90),
    )
    told = text_of(perfkit.score(Form(project="培训", year=2023, indicators=(cost,))))
    assert "自评高于规则，扣多少由人评定" in told
    assert "以核算计" not in told
