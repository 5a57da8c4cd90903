"""The story of a project, in Chinese and in English; every figure in it comes from the results."""

from __future__ import annotations

from collections.abc import Sequence

from perfkit.checks import Finding
from perfkit.form import Form
from perfkit.language import Language
from perfkit.narrative.story import Block, Grid, Paragraph, Points, Section, Story
from perfkit.scoring import Scorecard

__all__ = ["Block", "Grid", "Paragraph", "Points", "Section", "Story", "narrate"]


def narrate(
    form: Form, card: Scorecard, findings: Sequence[Finding], *, language: Language = "zh"
) -> Story:
    """Write the story of one project."""
    raise NotImplementedError
