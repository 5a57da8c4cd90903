"""The phrase files: the same keys in both languages, every phrase spoken, every term translated."""

from dataclasses import replace

import pytest

import perfkit
from perfkit.narrative.figures import unsupported_figures
from perfkit.narrative.voice import Voice, phrases
from perfkit.narrative.wording import glossary
from perfkit.profile import load_profile
from tests.narrative.situations import SITUATIONS, findings_of

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
    assert set(phrases(language)) - spoken == set()


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", SITUATIONS)
def test_every_situation_is_told_with_figures_of_the_results(name, language):
    card, story = told(name, language)
    assert [str(figure) for figure in unsupported_figures(story, card, findings_of(name))] == []


def test_the_glossary_knows_every_level_that_perfkit_knows():
    from perfkit.levels import LEVEL1, LEVEL2

    assert {name for name, _ in (*LEVEL1, *LEVEL2)} - set(glossary()) == set()


def test_the_glossary_knows_every_grade_of_the_profiles():
    grades = {grade.name for name in perfkit.profile_names() for grade in load_profile(name).grades}
    assert grades - set(glossary()) == set()
