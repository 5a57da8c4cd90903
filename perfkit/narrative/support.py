"""Which figures the results support, and where in a story: in which section, beside which name.

A figure of a section (a total, a count) is supported in that section alone; a figure of a row or of a
dimension only in a passage that names it. What the figures are is derived anew in `derived`, by nothing
that writes the story.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from perfkit.narrative.derived import Values, of_dimensions, of_row, of_sections, row_names

if TYPE_CHECKING:
    from collections.abc import Sequence

    from perfkit.checks import Finding
    from perfkit.narrative.reading import Reading
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
    def of(cls, card: Scorecard, findings: Sequence[Finding]) -> Support:
        """Derive every supported figure of a form's results."""
        rows = []
        for row, names in zip(card.indicators, row_names(card), strict=True):
            cells, values = of_row(row)
            rows.append(Thing(names, values, cells, row.lost or Decimal(0)))
        dimensions = tuple(Thing(names, values) for names, values in of_dimensions(card))
        return cls(of_sections(card, findings), tuple(rows), dimensions)

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
