"""The lint of the prose: every figure that a story tells, held against the results.

`unsupported_figures` takes the exact quotations out of a story, reads every figure that is left, in
numerals and in words (三项, "three indicators"), with the unit that stands beside it, and looks for it
among those of `perfkit.narrative.supported_figures`. A figure of a section (a total, a count) is supported in
that section alone; a figure of a row or of a dimension only in a passage that names it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from perfkit.narrative.story import Grid, Paragraph, Points
from perfkit.narrative.supported_figures import (
    LONGEST_CUT,
    MARKS,
    Values,
    of_dimensions,
    of_row,
    of_sections,
    row_names,
)
from perfkit.narrative.wording import Reading, figures_in, within
from perfkit.text import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from perfkit.checks import Finding
    from perfkit.narrative.story import Block, Story
    from perfkit.scoring import Scorecard


# A unit that the words beside a figure leave open, and what it may then be.
_READINGS = {
    "": ("points", "quantity", "year"),
    "lost_or_sum": ("lost", "lost_sum"),
    "count": ("rows", "findings"),
    "wan": ("quantity",),
    "money_wan": ("money", "quantity"),
}
_TEN_THOUSANDS = {"wan", "money_wan"}


@dataclass(frozen=True, slots=True)
class Thing:
    """Hold a row or a dimension: the names it goes by, its figures by unit, its cells as printed."""

    names: tuple[str, ...]
    values: Values
    cells: str = ""
    lost: Decimal = Decimal(0)

    def named_in(self, passage: str) -> bool:
        """Tell whether a passage names this thing; `row 1` is not named by `row 11`."""
        return any(
            name in passage and (not name[-1].isdigit() or re.search(rf"{re.escape(name)}(?![0-9])", passage))
            for name in self.names
        )


@dataclass(frozen=True, slots=True)
class Support:
    """Hold the figures of each section by unit, and those of each thing that a passage may name."""

    sections: dict[str, Values]
    rows: tuple[Thing, ...]
    dimensions: tuple[Thing, ...]

    @classmethod
    def of(cls, card: Scorecard, findings: Sequence[Finding], previous: Scorecard | None = None) -> Support:
        """Derive every supported figure of a form's results, and of those against the year before."""
        rows = []
        for row, names in zip(card.indicators, row_names(card), strict=True):
            cells, values = of_row(row)
            rows.append(Thing(names, values, cells, row.lost or Decimal(0)))
        dimensions = tuple(Thing(names, values) for names, values in of_dimensions(card))
        return cls(of_sections(card, findings, previous), tuple(rows), dimensions)

    def holds(self, figure: Reading, section: str, passage: str) -> bool:
        """Tell whether a figure is supported in a passage of a section.

        A cell told as it stands supports just itself, the figure with the character after it.
        """
        value, unit = figure.value, figure.unit
        things = self.dimensions if section == "dimensions" else self.rows
        named = [thing for thing in things if thing.named_in(passage)]
        if any(figure.text in thing.cells for thing in named):
            return True
        if unit == "lost_sum" and named:
            return value == sum(thing.lost for thing in named)
        if unit == "rows" and section == "deviations" and value == len(named):
            return True
        scaled = value * 10000 if unit in _TEN_THOUSANDS else value
        known = [self.sections[section], *(thing.values for thing in named)]
        readings = _READINGS.get(unit, (unit,))
        return any(scaled in values[reading] for values in known for reading in readings)


_FORM_COLUMNS = 3


@dataclass(frozen=True, slots=True)
class Figure:
    """Hold a figure of a story with the section and the passage it stands in."""

    section: str
    passage: str
    reading: Reading


def unsupported_figures(
    story: Story, card: Scorecard, findings: Sequence[Finding], previous: Scorecard | None = None
) -> list[Figure]:
    """Give the figures of a story that neither stand in the results nor derive from them.

    Derived figures are differences, percentages, sums and counts, as `support` defines them.
    """
    support = Support.of(card, findings, previous)
    return [
        Figure(section, passage, reading)
        for section, passage, bare in _passages(story, card, findings, previous)
        for reading in figures_in(bare)
        if not support.holds(reading, section, passage)
    ]


def _passages(
    story: Story, card: Scorecard, findings: Sequence[Finding], previous: Scorecard | None
) -> Iterator[tuple[str, str, str]]:
    """Give each passage whole, and bare of exact quotations."""
    quotes = _quotations(card, [finding.message[story.language] for finding in findings])
    if previous is not None:
        quotes = sorted((*quotes, *_quotations(previous, [])), key=len, reverse=True)
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
        # the first columns of the two years are the cells of the forms as they stand
        for row in block.rows if section != "previous" else [row[_FORM_COLUMNS:] for row in block.rows]:
            # a cell that is a passage of a stated reason is a quotation with the cell as its marks
            yield "\n".join(cell for cell in row if not any(cell in reason for reason in reasons))


def _quotations(card: Scorecard, messages: Sequence[str]) -> list[str]:
    texts = {f"{pair[0]}{text}{pair[1]}" for text in _form_texts(card) if text for pair in MARKS}
    reasons = (text for each in card.total.because for text in (each.text.zh, each.text.en))
    told = {one_line(message).rstrip("。.") for message in (*messages, *reasons) if message}
    capitals = {message[:1].upper() + message[1:] for message in told}
    return sorted(texts | told | capitals | set(map(within, told)), key=len, reverse=True)


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
