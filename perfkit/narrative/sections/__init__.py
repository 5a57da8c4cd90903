"""The sections of the story, a module each: which facts are told, and in what order."""

from perfkit.narrative.sections.deviations import deviations
from perfkit.narrative.sections.dimensions import dimensions
from perfkit.narrative.sections.execution import execution
from perfkit.narrative.sections.findings import findings
from perfkit.narrative.sections.measures import measures
from perfkit.narrative.sections.over_achievement import over_achievement
from perfkit.narrative.sections.review import review
from perfkit.narrative.sections.summary import headline, summary
from perfkit.narrative.sections.use import use

__all__ = [
    "deviations",
    "dimensions",
    "execution",
    "findings",
    "headline",
    "measures",
    "over_achievement",
    "review",
    "summary",
    "use",
]
