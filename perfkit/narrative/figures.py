"""The lint of the prose: every figure that a story tells, held against the results.

`unsupported_figures` takes the exact quotations out of a story, reads every figure that is left, in
numerals and in words (三项, "three indicators"), with the unit that stands beside it, and looks for it
among the figures that `support` derives from the scorecard, the form and the findings. A figure of one
row counts only where that row is named.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from perfkit.narrative.derived import LONGEST_CUT, MARKS
from perfkit.narrative.reading import Reading, figures_in
from perfkit.narrative.story import Grid, Paragraph, Points
from perfkit.narrative.support import Support
from perfkit.narrative.wording import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from perfkit.checks import Finding
    from perfkit.narrative.story import Block, Story
    from perfkit.scoring import Scorecard


@dataclass(frozen=True, slots=True)
class Figure:
    """Hold a figure of a story with the section and the passage it stands in."""

    section: str
    passage: str
    reading: Reading


def unsupported_figures(story: Story, card: Scorecard, findings: Sequence[Finding]) -> list[Figure]:
    """Give the figures of a story that neither stand in the results nor derive from them.

    Derived figures are differences, percentages, sums and counts, as `support` defines them.
    """
    support = Support.of(card, findings)
    return [
        Figure(section, passage, reading)
        for section, passage, bare in _passages(story, card, findings)
        for reading in figures_in(bare)
        if not support.holds(reading, section, passage)
    ]


def _passages(story: Story, card: Scorecard, findings: Sequence[Finding]) -> Iterator[tuple[str, str, str]]:
    """Give each passage whole, and bare of exact quotations."""
    quotes = _quotations(card, [finding.message[story.language] for finding in findings])
    yield "headline", story.headline, _bare(story.headline, quotes)
    for section in story.sections:
        for block in section.blocks:
            for passage in _texts(block, section.key, card):
                yield section.key, passage, _bare(passage, quotes)


def _texts(block: Block, section: str, card: Scorecard) -> Iterator[str]:
    """Give the passages of a block; each dimension is a passage of its own."""
    if isinstance(block, Paragraph) and section == "dimensions":
        yield from (block.lead, *re.split(r"；|; ", block.text))
    elif isinstance(block, Paragraph):
        yield f"{block.lead} {block.text}"
    elif isinstance(block, Points):
        yield from block.items
    elif isinstance(block, Grid):
        reasons = [one_line(row.indicator.reason or "") for row in card.indicators]
        for row in block.rows:
            # a cell that is a passage of a stated reason is a quotation with the cell as its marks
            yield "\n".join(cell for cell in row if not any(cell in reason for reason in reasons))


def _quotations(card: Scorecard, messages: Sequence[str]) -> list[str]:
    texts = {f"{pair[0]}{text}{pair[1]}" for text in _form_texts(card) if text for pair in MARKS}
    told = {one_line(message).rstrip("。.") for message in messages if message}
    capitals = {message[:1].upper() + message[1:] for message in told}
    return sorted(texts | told | capitals, key=len, reverse=True)


def _form_texts(card: Scorecard) -> Iterator[str]:
    """Give the texts of the form that a story may quote, on one line, names also as cut for prose."""
    form = card.form
    for text in (form.project, form.department, form.unit, form.budget.total.rate):
        yield one_line(text or "")
    for row in form.indicators:
        for text in (
            row.name,
            row.level1,
            row.level2,
            row.target,
            row.initial_target,
            row.actual,
            row.reason,
            row.opinion,
        ):
            yield one_line(text or "")
        yield one_line(row.name or "")[:LONGEST_CUT].rstrip() + "…"


def _bare(passage: str, quotes: Sequence[str]) -> str:
    for quote in quotes:
        passage = passage.replace(quote, " · ")
    return passage
