"""The phrase files: the same keys in both languages, every phrase spoken, every term translated."""

from dataclasses import replace

import pytest

import perfkit
from perfkit.narrative.lint import unsupported_figures
from perfkit.narrative.voice import Voice, glossary, phrases
from perfkit.profiles import load_profile
from tests.narrative.cases import text_of
from tests.narrative.situations import SITUATIONS, YEARS, findings_of

_RULES = load_profile("mof-2020")
_COUNTING = replace(_RULES.corrections, deduction="subtract", review="counts")
ALTERED = {
    "no grades": replace(_RULES, grades=()),
    "review counts": replace(_RULES, corrections=_COUNTING),
}


def told(name, language):
    form, profile, _ = SITUATIONS[name]
    rules = ALTERED[profile] if profile in ALTERED else load_profile(profile)
    card = perfkit.score(form, profile=rules)
    return card, perfkit.narrate(form, card, findings_of(name), language=language)


def test_both_languages_have_the_same_phrases():
    assert list(phrases("zh")) == list(phrases("en"))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_phrase_is_spoken_in_some_situation(language, monkeypatch):
    spoken = set()
    say = Voice.say
    monkeypatch.setattr(
        Voice, "say", lambda voice, key, **facts: (spoken.add(key), say(voice, key, **facts))[1]
    )
    for name in SITUATIONS:
        told(name, language)
    for now, then in YEARS:
        card = perfkit.score(now)
        perfkit.narrate(now, card, perfkit.check(now, card), language=language, previous=perfkit.score(then))
    assert set(phrases(language)) - spoken == set()


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", SITUATIONS)
def test_every_situation_is_told_with_figures_of_the_results(name, language):
    card, story = told(name, language)
    assert [str(figure) for figure in unsupported_figures(story, card, findings_of(name))] == []


def test_the_glossary_knows_every_level_that_perfkit_knows():
    from perfkit.values.vocabulary import LEVEL1, LEVEL2

    assert {*LEVEL1, *LEVEL2} - set(glossary()) == set()


def test_the_glossary_knows_every_grade_of_the_profiles():
    grades = {grade.name for name in perfkit.profile_names() for grade in load_profile(name).grades}
    assert grades - set(glossary()) == set()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_figure_that_was_worked_out_is_told_with_its_working(language):
    """In the story where the row is missed, and in the explanation of its score."""
    card, story = told("worked out from counts, and missed", language)
    working = "办结102件÷共受理120件=85%"
    assert working in text_of(story)
    assert working in card.indicators[0].explanation[language]


@pytest.mark.parametrize(
    ("name", "chinese", "english"),
    [
        (
            "a budget raised by what was carried over",
            "年初预算100万元，加上上年结转60万元，全年预算160万元",
            "carried over from the year before made a budget of",
        ),
        ("a budget raised beside what was carried over", "年中调增60万元", "was raised during the year"),
        ("a share that ends nowhere", "低6.67个百分点", "6.67 percentage points short"),
        (
            "a satisfaction that nobody surveyed",
            "“满意度”没有可供核实的实际数据。",
            "no data are given for “满意度”",
        ),
        (
            "two rows left blank",
            "总分待核实：第1、2项未填实际完成值而计了分。",
            "The total is to be verified: indicators 1 and 2 scored with the actual left blank.",
        ),
    ],
)
def test_a_flawed_form_is_told_as_an_official_would(name, chinese, english):
    assert chinese in text_of(told(name, "zh")[1])
    assert english in text_of(told(name, "en")[1])


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_provisional_total_without_findings_is_not_said_to_be_in_order(language):
    card, story = told("two rows left blank", language)
    silent = perfkit.narrate(card.form, card, (), language=language)
    in_order = {"zh": "未发现需核对之处", "en": "nothing to verify"}[language]
    assert in_order in perfkit.narrate(*_sound(language)[:2], (), language=language).headline
    assert in_order not in silent.headline
    assert story.headline


def _sound(language):
    card, _ = told("everything met", language)
    return card.form, card
