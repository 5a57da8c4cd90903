"""The sections of the story: which facts are told, and in what order."""

from perfkit.narrative.sections.deviations import deviations, over_achievement
from perfkit.narrative.sections.earned import dimensions, execution
from perfkit.narrative.sections.follow_up import findings, measures, review, use
from perfkit.narrative.sections.previous import previous
from perfkit.narrative.sections.verdict import headline, summary

__all__ = [
    "deviations",
    "dimensions",
    "execution",
    "findings",
    "headline",
    "measures",
    "over_achievement",
    "previous",
    "review",
    "summary",
    "use",
]
