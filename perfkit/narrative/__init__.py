"""The story of a project, in Chinese and in English; every figure in it comes from the results.

`sections` decides which facts are told, `phrases/*.yaml` how; `lint` holds the two to each other: it
finds every figure of a story that the results do not support.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfkit.narrative.story import Block, Grid, Paragraph, Points, Section, SectionKey, Story
from perfkit.text import say

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from perfkit.checks import Finding
    from perfkit.form import Form
    from perfkit.language import Language
    from perfkit.narrative.story import Case
    from perfkit.scoring import Scorecard

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
    from perfkit.errors import Fault, SettingsError
    from perfkit.language import LANGUAGES
    from perfkit.narrative.sections.verdict import headline
    from perfkit.narrative.story import Case
    from perfkit.narrative.voice import voice
    from perfkit.params import words_files

    if language not in LANGUAGES:
        raise SettingsError(
            Fault(say("faults.there_no_story_language"), got=str(language), expected=" or ".join(LANGUAGES))
        )
    case = Case(form, card, findings, voice(language, *words_files(theme)), previous)
    sections = tuple(
        Section(key, case.say(f"heading.{key}", scored=case.scored), tell(case), language)
        for key, tell in _tellers().items()
    )
    return Story(language, headline(case), sections)


def _tellers() -> dict[SectionKey, Callable[[Case], tuple[Block, ...]]]:
    from perfkit.narrative import sections as told

    return {
        "summary": told.summary,
        "execution": told.execution,
        "dimensions": told.dimensions,
        "deviations": told.deviations,
        "over_achievement": told.over_achievement,
        "previous": told.previous,
        "review": told.review,
        "findings": told.findings,
        "measures": told.measures,
        "use": told.use,
    }
