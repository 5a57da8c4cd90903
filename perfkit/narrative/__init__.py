"""The story of a project, in Chinese and in English; every figure in it comes from the results."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from perfkit.checks import Finding
from perfkit.form import Form
from perfkit.language import Language
from perfkit.narrative.story import Block, Grid, Paragraph, Points, Section, SectionKey, Story
from perfkit.scoring import Scorecard

__all__ = ["Block", "Grid", "Paragraph", "Points", "Section", "Story", "narrate"]


@cache
def _phrases(language: Language) -> Any:
    import yaml

    return yaml.safe_load(files(__name__).joinpath("phrases", f"{language}.yaml").read_text("utf-8"))


def narrate(form: Form, card: Scorecard, findings: Sequence[Finding], *, language: Language = "zh") -> Story:
    """Write the story of one project."""
    zh = language == "zh"
    lost = [row for row in card.indicators if row.lost]
    total = card.total
    verdict = f"得分{total.score}，等级{total.grade}" if zh else f"Score {total.score}, grade {total.grade}"
    headline = f"{verdict}；{len(lost)}项指标有扣分" if zh else f"{verdict}; {len(lost)} rows lost points"
    blocks: dict[SectionKey, tuple[Block, ...]] = {
        "summary": (Paragraph(lead=verdict + ("。" if zh else "."), text=str(total.explanation[language])),),
        "execution": (Paragraph(card.budget.explanation[language]),),
        "dimensions": (),
        "deviations": (Points(tuple(f"{row.indicator.name}: {row.explanation[language]}" for row in lost)),),
        "over_achievement": (),
        "findings": (Points(tuple(finding.message[language] for finding in findings)),),
        "measures": (
            Grid(
                ("问题", "措施", "责任单位", "完成时限")
                if zh
                else ("Problem", "Measure", "Owner", "Deadline"),
                tuple(
                    (row.indicator.name or "—", row.indicator.reason or "待填", "待填", "待填")
                    for row in lost
                ),
            ),
        ),
        "use": (),
    }
    headings = _phrases(language)["heading"]
    sections = tuple(Section(key, headings[key], blocks[key], language) for key in blocks)
    return Story(language, headline, sections)
