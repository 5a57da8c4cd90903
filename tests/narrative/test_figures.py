"""The lint of the prose: no story tells a figure that the results do not hold, and the lint can tell."""

import re
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings

import perfkit
from perfkit.narrative import Grid, Paragraph, Points
from perfkit.narrative.lint import unsupported_figures
from perfkit.narrative.voice import figures_in
from tests.narrative.cases import form_of, results, row, seed, told


@settings(max_examples=100)
@given(case=results())
def test_every_figure_of_a_story_is_in_the_results(case):
    form, card, findings = case
    for language in ("zh", "en"):
        story = perfkit.narrate(form, card, findings, language=language)
        assert [str(figure) for figure in unsupported_figures(story, card, findings)] == []


READINGS = [
    ("得分96.90，等级优", ["96.90 "]),
    ("三项指标有扣分，共3分；两处需核对", ["3 rows", "3 lost_sum", "2 findings"]),
    ("16项指标得87分（满分90分）", ["16 rows", "87 points", "90 full"]),
    ("年中调减1,075,000元（11.58%）", ["1075000 money", "11.58 percent"]),
    ("全年执行812.05万元", ["812.05 money_wan"]),
    ("晚1个月，扣1分", ["1 delay", "1 lost"]),
    ("低5个百分点", ["5 points_apart"]),
    ("约少6万人次", ["6 wan"]),
    ("三级等保、统一、第一名", []),
    ("Three indicators lost 3 points; two findings to verify", ["3 rows", "3 lost_or_sum", "2 findings"]),
    ("earned 9.9 of 10 points", ["9.9 ", "10 full"]),
    ("1 month late, 0.9 points lost", ["1 delay", "0.9 lost"]),
    ("reduced by 1,075,000 yuan (11.58%)", ["1075000 money", "11.58 percent"]),
    ("someone had none", []),
]


@pytest.mark.parametrize(("prose", "expected"), READINGS)
def test_figures_are_read_with_their_unit(prose, expected):
    assert [f"{figure.value} {figure.unit}" for figure in figures_in(prose)] == expected


def edited(story, edit):
    """Give every story that differs from this one in one figure outside quotations and tables."""
    for s, section in enumerate(story.sections):
        for b, block in enumerate(section.blocks):
            if isinstance(block, Grid):
                continue
            texts = [block.lead, block.text] if isinstance(block, Paragraph) else list(block.items)
            for t, text in enumerate(texts):
                masked = re.sub(r"“[^”]*”", lambda quote: "“" * len(quote[0]), text)
                for found in re.finditer(r"[0-9][0-9,.]*[0-9]|[0-9]", masked):
                    other = edit(Decimal(found[0].replace(",", "")))
                    changed = [
                        *texts[:t],
                        f"{text[: found.start()]}{other:f}{text[found.end() :]}",
                        *texts[t + 1 :],
                    ]
                    whole = (
                        Points(tuple(changed))
                        if isinstance(block, Points)
                        else Paragraph(changed[1], changed[0])
                    )
                    blocks = (*section.blocks[:b], whole, *section.blocks[b + 1 :])
                    sections = (
                        *story.sections[:s],
                        replace(section, blocks=blocks),
                        *story.sections[s + 1 :],
                    )
                    yield replace(story, sections=sections)


EDITS = {"one more": lambda v: v + 1, "a tenth less": lambda v: v - Decimal("0.1"), "half": lambda v: v / 2}


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", ["online-learning-2022", "leadership-training-2022"])
def test_the_lint_sees_nearly_every_figure_that_is_changed(name, language, edit):
    form, card = seed(name)
    story = perfkit.narrate(form, card, (), language=language)
    changed = list(edited(story, edit))
    seen = sum(bool(unsupported_figures(other, card, ())) for other in changed)
    assert len(changed) > 30
    assert seen >= len(changed) - 3


def test_a_figure_of_one_row_is_no_figure_of_another():
    form = form_of(row(name="甲", actual="80人次"), row(name="乙", actual="70人次", reason="受天气影响"))
    card, story = perfkit.score(form), told(form)
    paragraphs = story["deviations"].blocks
    swapped = [replace(block, text=block.text.replace("少20人次", "少30人次")) for block in paragraphs]
    assert swapped != list(paragraphs)
    section = replace(story["deviations"], blocks=tuple(swapped))
    sections = tuple(section if old.key == "deviations" else old for old in story.sections)
    assert [f.reading.text for f in unsupported_figures(replace(story, sections=sections), card, ())] == [
        "30人"
    ]


def test_a_quotation_is_exempt_only_when_exact():
    form = form_of(row(name="甲", reason="因3次停工"))
    card, story = perfkit.score(form), told(form)
    paragraph = story["deviations"].blocks[1]
    section = replace(
        story["deviations"], blocks=(replace(paragraph, text=paragraph.text.replace("因3次", "约因3次")),)
    )
    sections = tuple(section if old.key == "deviations" else old for old in story.sections)
    assert unsupported_figures(story, card, ()) == []
    assert [f.reading.text for f in unsupported_figures(replace(story, sections=sections), card, ())] == [
        "3次"
    ]
