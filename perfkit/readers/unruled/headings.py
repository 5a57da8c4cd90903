"""The heading of a table that nobody ruled: the line that opens it, and those that its cells wrap to.

A line belongs to the heading where each of its texts is a heading, alone or with what stands right above and
below it; `90%。` above 二级指标 is none, and neither is the first name below 三级指标.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from perfkit.readers.layout.words import column_role, key, squeeze

if TYPE_CHECKING:
    from collections.abc import Sequence

    from perfkit.readers.unruled.chunks import Chunk, Row

BAND = 1.8
_REACH = 3
_OF_A_BLOCK = re.compile(
    "[年度绩效总体目标指项资金]{1,4}"
)  # a line of 项目资金, which runs down beside its rows
_OF_A_ROW = re.compile("[，。；,;0-9]")  # what headings do not hold
_BRACKETED = re.compile(r"[(（].{1,12}[)）]")


def heading_band(rows: Sequence[Row], opening: int, kind: str) -> range:
    """Give the numbers of the lines of the heading that a line opens."""
    reach = rows[opening][0].size * BAND
    near = [
        number
        for number in range(max(0, opening - _REACH), min(len(rows), opening + _REACH + 1))
        if abs(rows[number][0].y - rows[opening][0].y) < reach
    ]
    chunks = sorted((chunk for number in near for chunk in rows[number]), key=lambda chunk: chunk.y)
    first, last = opening, opening
    while first - 1 in near and _is_heading(rows[first - 1], chunks, kind):
        first -= 1
    while last + 1 in near and _is_heading(rows[last + 1], chunks, kind):
        last += 1
    return range(first, last + 1)


def _is_heading(row: Row, chunks: Sequence[Chunk], kind: str) -> bool:
    stacks = ((chunk, [c for c in chunks if c.x0 < chunk.x1 and chunk.x0 < c.x1]) for chunk in row)
    found = [_heads(chunk, stack, kind) for chunk, stack in stacks]
    others = [chunk for chunk, heads in zip(row, found, strict=True) if not heads]
    return any(found) and all(_OF_A_BLOCK.fullmatch(squeeze(chunk.text)) for chunk in others)


def _heads(chunk: Chunk, stack: Sequence[Chunk], kind: str) -> bool:
    """Tell whether a text is part of a heading, given all that stands above and below it."""
    if _BRACKETED.fullmatch(squeeze(chunk.text)):
        return True
    if _OF_A_ROW.search(chunk.text):
        return False
    at = next(number for number, other in enumerate(stack) if other is chunk)
    for first in range(at + 1):
        for last in range(at, len(stack)):
            match = column_role(key("".join(c.text for c in stack[first : last + 1])), kind)
            if match is not None and match.firm:
                return True
    return False
