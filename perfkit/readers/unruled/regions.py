"""The regions of a form without rules: head, money, goals, indicators, each with columns of its own."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from perfkit.readers.layout.columns import heads_listing
from perfkit.readers.layout.record import money, number
from perfkit.readers.layout.words import column_role, is_title, is_total, key, label_role
from perfkit.readers.unruled.chunks import Row
from perfkit.readers.unruled.headings import heading_band

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


_HEADINGS = 3
_OPENS = 99  # a label may have any rank where it opens its line
FIGURES = {
    "budget": frozenset({"initial", "adjusted", "executed", "weight", "score", "rate"}),
    "columns": frozenset({"weight", "score"}),
}


def kind_of(row: Row) -> str:
    """Tell which region a line opens: budget, columns (the indicators), goals, text; "" for none."""
    keys = [key(chunk.text) for chunk in row]
    if heads_listing(keys):
        return "listing"
    roles = {match.role for k in keys if (match := column_role(k, "budget"))}
    if ({"adjusted", "executed"} <= roles or {"initial", "adjusted"} <= roles) and not _answered(row):
        return "budget"
    columns = {match.role for k in keys if (match := column_role(k)) and not match.aside}
    if len(columns) >= _HEADINGS and columns & {"target", "actual", "name", "value", "goal"}:
        return "columns"
    labels = {
        match.role for n, k in enumerate(keys) if (match := label_role(k)) and match.rank < (n or _OPENS)
    }
    if labels & {"expected", "outcome"}:
        return "goals"
    if labels & {"project", "department", "notes"} or is_title(row[0].text):
        return "text"
    return ""


def _answered(row: Row) -> bool:
    """Tell whether an amount stands right of a money label: then the line is no heading."""
    return any(
        column_role(key(label.text), "budget") and money(beside.text, "元") is not None
        for label, beside in pairwise(row)
    )


def regions(rows: Sequence[Row]) -> Iterator[tuple[str, list[Row]]]:
    """Part the lines into regions, each with the kind of the line that opens it."""
    kind, region = "text", list[Row]()
    for at, row in enumerate(rows):
        opened = kind_of(row)
        if opened and opened != kind:
            above = _upper_heading(rows, at, opened, region) if opened in FIGURES else []
            yield kind, region[: len(region) - len(above)]
            kind, region = opened, above
        region.append(row)
        if kind == "listing":
            region = []
        if kind == "columns" and _is_total(row) and not _goes_on(rows, at + 1):
            yield kind, region
            kind, region = "text", []
    yield kind, region


def _is_total(row: Row) -> bool:
    return any(is_total(chunk.text) for chunk in row)


def _goes_on(rows: Sequence[Row], first: int) -> bool:
    """Tell whether rows follow on a total, which then is that of a level."""
    for row in rows[first:]:
        if kind_of(row) or label_role(key(row[0].text)):
            return False
        if sum(number(chunk.text) is not None for chunk in row) > 1 and not _is_total(row):
            return True
    return False


def _upper_heading(rows: Sequence[Row], opening: int, kind: str, region: Sequence[Row]) -> list[Row]:
    """Take back from the region above the upper lines of a heading whose cells are wrapped."""
    count = opening - heading_band(rows, opening, kind).start
    return list(region[len(region) - min(count, len(region)) :])
