"""The review (核查): which lines a reviewer scored otherwise than the unit, and the opinion on each.

What the review makes of the whole is told in the summary. Silent where nobody reviewed the form.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfkit.narrative.story import Paragraph, Points
from perfkit.narrative.wording import one_line

if TYPE_CHECKING:
    from perfkit.narrative.case import Case
    from perfkit.narrative.story import Block
    from perfkit.scoring import ExecutionScore, RowScore

MOST_IN_PROSE = 3
MOST_NAMES = 3


def review(case: Case) -> tuple[Block, ...]:
    """Tell each line whose score the review changes, the other opinions, and what the review is worth."""
    lead = _lead(case)
    if not lead:
        return ()
    told, worth = [*_execution(case), *_rows(case), *_opinions(case)], _worth(case)
    if len(told) <= MOST_IN_PROSE:
        return (Paragraph(lead=lead, text=case.voice.text(*told, worth)),)
    closing = (Paragraph(worth),) if worth else ()
    return (Paragraph(lead=lead, text=""), Points(tuple(told)), *closing)


def _lead(case: Case) -> str:
    rows, execution = sum(map(_changed, case.rows)), _changed(case.card.budget)
    if rows:
        return case.say("review.opening", rows=rows, execution=execution)
    if execution:
        return case.say("review.opening_execution")
    if _scored(case):
        return case.say("review.same")
    if case.card.total.review:
        return case.say("review.total_only")
    return case.say("review.opinions_only") if any(map(_opinion, case.rows)) else ""


def _scored(case: Case) -> bool:
    return case.card.budget.review is not None or any(row.review is not None for row in case.rows)


def _changed(part: ExecutionScore | RowScore) -> bool:
    """Tell a line on which the reviewer's points are not the unit's own."""
    return part.reviewed is not None and part.reviewed != part.own


def _opinion(row: RowScore) -> str:
    return one_line(row.indicator.opinion or "")


def _execution(case: Case) -> list[str]:
    budget = case.card.budget
    return [_line(case, budget, case.say("review.execution"), "")] if _changed(budget) else []


def _rows(case: Case) -> list[str]:
    """Tell the rows that the review changes, in the form's order."""
    rows = (row for row in case.rows if _changed(row))
    return [_line(case, row, case.label(row, full=True), _opinion(row)) for row in rows]


def _line(case: Case, part: ExecutionScore | RowScore, name: str, opinion: str) -> str:
    facts = {"name": name, "own": part.own, "score": part.reviewed, "opinion": opinion}
    if part.cut is None:
        return case.say("review.unscored", **facts)
    return case.say("review.below" if part.cut > 0 else "review.above", gap=abs(part.cut), **facts)


def _opinions(case: Case) -> list[str]:
    """Tell the opinions on rows that the review leaves as they are, each opinion once."""
    groups: dict[str, list[RowScore]] = {}
    for row in case.rows:
        if _opinion(row) and not _changed(row):
            groups.setdefault(_opinion(row), []).append(row)
    return [_shared(case, opinion, rows) for opinion, rows in groups.items()]


def _shared(case: Case, opinion: str, rows: list[RowScore]) -> str:
    if len(rows) > MOST_NAMES:
        return case.say("review.opinion_many", rows=len(rows), opinion=opinion)
    return case.say("review.opinion", names=[case.label(row) for row in rows], opinion=opinion)


def _worth(case: Case) -> str:
    """Tell whether the reviewed scores count in the total."""
    if not _scored(case) or case.card.total.review is None:
        return ""
    return case.say(f"review.{case.card.profile.corrections.review}")
