"""Characters given to the cells they stand in, also where one text was printed over another.

A merged cell that a page break cut may be too low for its label, which then runs down across the rule
and over the text of the cell below. Both texts lie on the same spot, but each was drawn in one go: what
was drawn right after the characters of the cell above goes on from there.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from perfkit.readers.positions import Glyph

Home = tuple[int, int]
_ACROSS = 0.1  # how much of a character stands above the rule that it crosses
_ON_TOP = 0.5  # how much of a character another one covers where both are printed on one spot


def by_home(
    glyphs: Sequence[Glyph], homes: Sequence[Home | None], tops: Mapping[Home, float]
) -> dict[Home, list[Glyph]]:
    """Give the characters of each cell.

    `homes` are the cells that the characters stand in, in the order of drawing; `tops` their upper rules.
    """
    settled = list(homes)
    for home in _overprinted(glyphs, homes, tops):
        for number in range(1, len(glyphs)):
            before = settled[number - 1]
            if settled[number] == home and before is not None and _is_above(before, home):
                settled[number] = before
    found: dict[Home, list[Glyph]] = {}
    for glyph, place in zip(glyphs, settled, strict=True):
        if place is not None:
            found.setdefault(place, []).append(glyph)
    return found


def _is_above(one: Home, other: Home) -> bool:
    return one[1] == other[1] and one[0] < other[0]


def _overprinted(
    glyphs: Sequence[Glyph], homes: Sequence[Home | None], tops: Mapping[Home, float]
) -> list[Home]:
    """Give the cells in which characters lie on others, or across the upper rule."""
    inside: dict[Home, list[Glyph]] = {}
    for glyph, home in zip(glyphs, homes, strict=True):
        if home is not None and glyph.text.strip():
            inside.setdefault(home, []).append(glyph)
    return [home for home, found in inside.items() if _crosses(found, tops[home]) or _any_on_top(found)]


def _crosses(glyphs: Sequence[Glyph], top: float) -> bool:
    """Tell whether some of a cell's characters, not all, stand across its upper rule."""
    across = [glyph.top < top - glyph.size * _ACROSS for glyph in glyphs]
    return any(across) and not all(across)


def _any_on_top(glyphs: Sequence[Glyph]) -> bool:
    ordered = sorted(glyphs, key=lambda g: (round(g.x), g.y))
    return any(_covers(a, b) for a, b in pairwise(ordered))


def _covers(one: Glyph, other: Glyph) -> bool:
    across = min(one.x1, other.x1) - max(one.x0, other.x0)
    down = min(one.bottom, other.bottom) - max(one.top, other.top)
    wide, tall = min(one.x1 - one.x0, other.x1 - other.x0), min(one.size, other.size)
    return across > wide * _ON_TOP and down > tall * _ON_TOP and (one.top, one.x0) != (other.top, other.x0)
