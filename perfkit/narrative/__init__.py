"""The story of a project, in Chinese and in English; every figure in it comes from the results.

A module a group of sections decides which facts are told, in what order, `phrases/*.yaml` how; `lint` holds
the two to each other: it finds every figure of a story that the results do not support.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from perfkit.checks import Finding
from perfkit.form import Form
from perfkit.narrative import deviations, earned, follow_up, previous, verdict
from perfkit.narrative.story import Block, Case, Grid, Paragraph, Points, Section, SectionKey, Story
from perfkit.scoring import Scorecard
from perfkit.text import say

if TYPE_CHECKING:
    from collections.abc import Callable

    from perfkit.language import Language

_TELLERS: dict[SectionKey, Callable[[Case], tuple[Block, ...]]] = {
    "summary": verdict.summary,
    "execution": earned.execution,
    "dimensions": earned.dimensions,
    "deviations": deviations.deviations,
    "over_achievement": deviations.over_achievement,
    "previous": previous.previous,
    "review": follow_up.review,
    "findings": follow_up.findings,
    "measures": follow_up.measures,
    "use": follow_up.use,
}

__all__ = ["Block", "Grid", "Paragraph", "Points", "Section", "SectionKey", "Story", "narrate"]


def narrate(  # noqa: PLR0913  # all but the first three are named
    form: Form,
    card: Scorecard,
    findings: Sequence[Finding] = (),
    *,
    language: Language = "zh",
    previous: Scorecard | None = None,
    theme: str = "",
) -> Story:
    """Write the story of one project: the verdict in a line, then a section a question.

    A section that has nothing to tell is there and empty. Amounts stand in the form's money unit, or
    exactly in 万元; texts of the form stand verbatim in quotation marks, on one line. `previous` is the
    scorecard of the year before, for the section that compares.

    A file of own words replaces phrases by their keys: that of the workspace's `perfkit.yaml`, then that
    of the `theme`, or of the one `perfkit.yaml` names.

    Raises:
        SettingsError: the language is neither `zh` nor `en`, or the own words are wrong.
    """
    from perfkit.errors import Fault, SettingsError, need
    from perfkit.language import LANGUAGES
    from perfkit.narrative.voice import voice
    from perfkit.params import words_files

    need("form", Form, form)
    need("card", Scorecard, card, *(() if previous is None else (previous,)))
    need("findings", Sequence, findings)
    need("findings", Finding, *findings)
    if language not in LANGUAGES:
        raise SettingsError(
            Fault(say("faults.there_no_story_language"), got=str(language), expected=" or ".join(LANGUAGES))
        )
    case = Case(form, card, findings, voice(language, *words_files(theme)), previous)
    sections = tuple(
        Section(key, case.say(f"heading.{key}", scored=case.scored), tell(case), language)
        for key, tell in _TELLERS.items()
    )
    return Story(language, verdict.headline(case), sections)
