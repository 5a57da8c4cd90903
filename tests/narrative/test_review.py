"""What the story tells of a review: the total, each line that it changes, opinions verbatim, or nothing."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings

import perfkit
from perfkit.narrative.lint import unsupported_figures
from tests.narrative.cases import form_of, passages, results, row, told
from tests.narrative.test_phrases import ALTERED
from tests.strategies import forms, reviewed_forms, scored_forms

REVIEWED = form_of(
    row(name="甲", actual="100人次", weight="50", score="50", review=Decimal(45), opinion="台账缺第3季度"),
    row(name="乙", actual="100人次", weight="40", score="40", review=Decimal(40)),
)
TOLD = {
    "zh": (
        "核查得分为95.00分，比自评的100.00分低5分（5%）。",
        "一项指标的核查得分与自评不同。 “甲”自评50分、核查45分，低5分；核查意见为“台账缺第3季度”。核查得分只作列示，不计入总分。",
    ),
    "en": (
        "The review gives 95.00, 5 points below the unit's own 100.00 (5%).",
        (
            "The review scores one indicator differently from the unit. “甲” has 50 points from the unit and 45 "
            "from the review, 5 points less; the reviewer's opinion is “台账缺第3季度”. The scores of the review "
            "stand beside the unit's and do not count in the total."
        ),
    ),
}


@pytest.mark.parametrize("language", TOLD)
def test_a_review_is_told_as_a_whole_and_line_by_line(language):
    story = told(REVIEWED, language=language)
    whole, lines = TOLD[language]
    assert story["summary"].blocks[0].text.endswith(whole)
    assert list(passages(story["review"])) == [lines]


def test_a_review_that_counts_is_told_as_the_one_that_counts():
    card = perfkit.score(REVIEWED, ALTERED["review counts"])
    story = perfkit.narrate(REVIEWED, card)
    assert story["review"].blocks[0].text.endswith("按评分规则，有核查得分的以核查得分计入总分。")
    assert story.headline.startswith(f"得分{card.total.review.score:f}，")


@settings(max_examples=30)
@given(case=results(forms() | scored_forms()))
def test_a_form_that_nobody_reviewed_says_nothing_of_a_review(case):
    form, card, findings = case
    for language, word in (("zh", "核查"), ("en", "review")):
        story = perfkit.narrate(form, card, findings, language=language)
        assert story["review"].blocks == ()
        assert word not in story["summary"].blocks[0].text


@settings(max_examples=50)
@given(case=results(reviewed_forms()))
def test_every_line_that_the_review_changes_is_told_once_with_its_opinion(case):
    form, card, findings = case
    rows = [row for row in card.indicators if row.applies and row.reviewed not in (None, row.own)]
    text = "\n".join(passages(perfkit.narrate(form, card, findings)["review"]))
    assert text.count("、核查") == len(rows) + (card.budget.reviewed not in (None, card.budget.own))
    with_opinion = sum(row.indicator.opinion is not None for row in rows)
    assert text.count("；核查意见为“佐证材料不全”") == with_opinion


def test_an_opinion_that_many_rows_share_is_told_once():
    form = form_of(*[row(name=f"项{n}", actual="100人次", weight="15", opinion="同意") for n in range(6)])
    lines = list(passages(told(form)["review"]))
    assert lines == ["核查提出了意见，没有给出得分。 六项指标的核查意见都是“同意”。"]


DEDUCTED = [("mof-2020", "，扣分栏填2分（按评分规则不计）"), ("integrated-system-guangxi", "，扣分栏填2分")]


@pytest.mark.parametrize(("profile", "words"), DEDUCTED)
def test_points_taken_off_by_hand_are_told_with_their_row(profile, words):
    story = told(form_of(row(weight="90", deduction=Decimal(2))), profile)
    assert words + "。" in story["deviations"].blocks[1].text


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(
    ("told_as", "other"), [("95.00", "94.00"), ("5 points", "6 points"), ("低5分", "低6分")]
)
def test_the_lint_sees_a_figure_of_the_review_that_is_changed(language, told_as, other):
    card, story = perfkit.score(REVIEWED), told(REVIEWED, language=language)
    for section in (story["summary"], story["review"]):
        block = section.blocks[0]
        changed = replace(section, blocks=(replace(block, text=block.text.replace(told_as, other)),))
        sections = tuple(changed if old.key == section.key else old for old in story.sections)
        seen = unsupported_figures(replace(story, sections=sections), card, ())
        assert bool(seen) == (told_as in block.text)
