"""The lint of the prose: every figure that a story tells, held against the results.

`unsupported_figures` takes the exact quotations out of a story, reads every figure that is left, in
numerals and in words (三项, "three indicators"), with the unit that stands beside it, and looks for it
among the figures that `support` derives from the scorecard, the form and the findings. A figure of one
row counts only where that row is named.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from perfkit.narrative.story import Grid, Paragraph, Points
from perfkit.narrative.support import Support, form_texts

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from perfkit.checks import Finding
    from perfkit.narrative.story import Block, Story
    from perfkit.scoring import Scorecard

_NUMERAL = r"(?<![0-9.])-?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?"
_CHINESE = "零一两三四五六七八九十"
_ENGLISH = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_FIGURE = re.compile(
    rf"(?P<numeral>{_NUMERAL})|(?P<chinese>[{_CHINESE}]+)(?=[项处])|\b(?P<english>{'|'.join(_ENGLISH)})\b",
    re.IGNORECASE,
)
# What the words after a figure make of it; the first that fits counts.
_UNITS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (unit, re.compile(pattern))
    for unit, pattern in (
        ("points_apart", r"个百分点| percentage point"),
        ("percent", r"%"),
        ("money_wan", r"万元"),
        ("money", r"元| yuan"),
        ("points", r"分| points?\b"),
        ("findings", r"处| (?:more )?(?:finding|error|warning|note)s?\b"),
        (
            "rows",
            r"项| (?:of them|of these|met|missed|not verifiable|left|(?:more |further )?(?:indicator|target)s?)\b",
        ),
        ("delay", r"天|个月| (?:day|month)s? late"),
        ("year", r"年度"),
        ("row", r"行"),
        ("wan", r"万"),
    )
)


@dataclass(frozen=True, slots=True)
class Figure:
    """Hold a figure of a story: the section, the passage it stands in, the text, its value and unit."""

    section: str
    passage: str
    text: str
    value: Decimal
    unit: str


def unsupported_figures(story: Story, card: Scorecard, findings: Sequence[Finding]) -> list[Figure]:
    """Give the figures of a story that neither stand in the results nor derive from them.

    Derived figures are differences, percentages, sums and counts, as `support` defines them.
    """
    support = Support.of(card, findings)
    return [
        figure
        for section, passage, bare in _passages(story, card, findings)
        for figure in _figures(section, passage, bare)
        if not support.holds(figure.value, figure.unit, figure.text, passage)
    ]


def _passages(story: Story, card: Scorecard, findings: Sequence[Finding]) -> Iterator[tuple[str, str, str]]:
    """Give each passage whole, and bare of exact quotations."""
    quotes = _quotations(card, [finding.message[story.language] for finding in findings])
    yield "headline", story.headline, _bare(story.headline, quotes)
    for section in story.sections:
        for block in section.blocks:
            for passage in _texts(block, card):
                yield section.key, passage, _bare(passage, quotes)


def _texts(block: Block, card: Scorecard) -> Iterator[str]:
    if isinstance(block, Paragraph):
        yield f"{block.lead} {block.text}"
    elif isinstance(block, Points):
        yield from block.items
    elif isinstance(block, Grid):
        reasons = [text for text in form_texts(card, "reason") if text]
        for row in block.rows:
            # a cell that is a passage of a stated reason is a quotation with the cell as its marks
            yield "\n".join(cell for cell in row if not any(cell in reason for reason in reasons))


def _quotations(card: Scorecard, messages: Sequence[str]) -> list[str]:
    marks = ("“”", "「」", "『』", "‘’", "«»")
    texts = {f"{pair[0]}{text}{pair[1]}" for text in form_texts(card) if text for pair in marks}
    return sorted(texts | {message for message in messages if message}, key=len, reverse=True)


def _bare(passage: str, quotes: Sequence[str]) -> str:
    for quote in quotes:
        passage = passage.replace(quote, " · ")
    return passage


def _figures(section: str, passage: str, bare: str) -> Iterator[Figure]:
    for found in _FIGURE.finditer(bare):
        after = bare[found.end() : found.end() + 20]
        unit = next((unit for unit, pattern in _UNITS if pattern.match(after)), "")
        if found["numeral"]:
            value = Decimal(found["numeral"].replace(",", ""))
        elif found["chinese"]:
            value = Decimal(_CHINESE.index(found["chinese"])) if len(found["chinese"]) == 1 else Decimal(-1)
        else:
            value = Decimal(_ENGLISH.index(found["english"].lower()) + 1)
            unit = unit or "count"
        if bare[: found.start()].endswith("row "):
            unit = "row"
        yield Figure(section, passage, found[0] + after[:1], value, unit)
