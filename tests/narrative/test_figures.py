"""The lint of the prose: no story tells a figure that the results do not hold, and the lint can tell."""

import pytest
from hypothesis import given, settings

import perfkit
from perfkit.narrative.figures import unsupported_figures
from tests.narrative.cases import results


@pytest.mark.parametrize("language", ["zh", "en"])
@settings(max_examples=150)
@given(case=results())
def test_every_figure_of_a_story_is_in_the_results(case, language):
    form, card, findings = case
    story = perfkit.narrate(form, card, findings, language=language)
    assert [str(figure) for figure in unsupported_figures(story, card, findings)] == []
