"""The use of the result (结果应用) by grade: support for 优 and 良, improvement and cuts for the others.

Source: 财预〔2020〕10号 (RULES.md §1.1, result use).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfkit.narrative.story import Paragraph
from perfkit.scoring.points import ZERO, less

if TYPE_CHECKING:
    from perfkit.narrative.case import Case
    from perfkit.narrative.story import Block

_SUPPORTED = ("优", "良")


def use(case: Case) -> tuple[Block, ...]:
    """Tell what the grade entails, how far its bounds are, and what has to be settled first."""
    total = case.card.total
    if not case.scored:
        return (Paragraph(case.say("use.unscored")),)
    if total.score is None:
        return (Paragraph(case.say("use.no_total")),)
    if not total.complete:
        return (Paragraph(case.say("use.incomplete")),)
    if not total.grade:
        return (Paragraph(case.say("use.ungraded")),)
    phrase = "use.support" if total.grade.startswith(_SUPPORTED) else "use.improve"
    errors = sum(finding.severity == "error" for finding in case.findings)
    pending = case.say("use.pending", errors=errors) if errors else ""
    return (
        Paragraph(
            lead=case.say("use.grade", grade=total.grade),
            text=case.voice.text(case.say(phrase), _bounds(case), pending),
        ),
    )


def _bounds(case: Case) -> str:
    """Tell how far the total lies from the line of its grade, and from that of the next."""
    score, grades = case.card.total.score or ZERO, case.card.profile.grades
    place = next((i for i, grade in enumerate(grades) if grade.name == case.card.total.grade), None)
    if place is None:
        return ""
    own, better = grades[place], grades[place - 1] if place else None
    margin = less(score, own.at_least)
    phrase = "use.above" if margin else "use.at"
    above = case.say(phrase, grade=own.name, line=own.at_least, margin=margin) if own.at_least > 0 else ""
    margin = less(better.at_least, score) if better else ZERO
    below = case.say("use.below", grade=better.name, line=better.at_least, margin=margin) if better else ""
    parts = [part for part in (above, below) if part]
    return case.say("use.bounds", parts=parts) if parts else ""
