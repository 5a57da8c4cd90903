"""Over-achievement (超额完成): rows so far above their target that the target itself is in question."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfkit.narrative.cells import cell, target_cell
from perfkit.narrative.story import Paragraph, Points
from perfkit.narrative.wording import one_line, percentage
from perfkit.scoring.points import HUNDRED, ONE, ZERO, product

if TYPE_CHECKING:
    from perfkit.narrative.case import Case
    from perfkit.narrative.story import Block
    from perfkit.scoring import RowScore


def over_achievement(case: Case) -> tuple[Block, ...]:
    """Tell the rows at or above the profile's line, and what the rules ask of them."""
    line = product(case.card.profile.thresholds.over_achievement, HUNDRED)
    measured = any(row.reading.completion is not None for row in case.rows)
    above = case.far_above
    if not measured:
        return (Paragraph(case.say("over_achievement.no_ratio")),)
    if not above:
        return (Paragraph(case.say("over_achievement.none", line=line)),)
    rule = Paragraph(case.say("over_achievement.rule"))
    if len(above) == 1:
        lead = case.say("over_achievement.one", name=case.label(above[0]), line=line)
        return (Paragraph(lead=lead, text=case.voice.text(_tell(case, above[0], ""), rule.text)),)
    lead = case.say("over_achievement.many", rows=len(above), line=line)
    items = tuple(_tell(case, row, case.label(row, full=True)) for row in above)
    return Paragraph("", lead), Points(items), rule


def _tell(case: Case, row: RowScore, name: str) -> str:
    reading = row.reading
    return case.say(
        "over_achievement.tell" if name else "over_achievement.tell_one",
        name=name,
        target=target_cell(row, case.voice)[0],
        actual=cell(row.indicator.actual, reading.actual.kind, case.voice)[0],
        completion=percentage(reading.completion or ZERO, ONE),
        full=row.lost == 0,
        reason=one_line(row.indicator.reason or ""),
    )
