"""Tables as data for Typst: cells with their spans, header rows that repeat, rows that stay whole."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from perfkit.publish.tree import classes, rows_of
from perfkit.publish.widths import PADDING, Measure, Place, measure, places

if TYPE_CHECKING:
    from collections.abc import Iterator

    from perfkit.publish.blocks import Blocks
    from perfkit.publish.tree import Element

_SIZES = {"pk-official": 8.5}
_SIZE = 9.0
_PAGE = 700.0


def table_of(table: Element, blocks: Blocks) -> Iterator[dict[str, Any]]:
    """Give a table as one node: its caption, its columns' widths and its rows; nothing if it is empty."""
    rows = places(table)
    names = classes(table)
    size = next((_SIZES[name] for name in names if name in _SIZES), _SIZE)
    if not any(rows):
        return
    set_at = measure(rows, size)
    caption = table.find("caption")
    head: list[dict[str, Any]] = []
    body: list[dict[str, Any]] = []
    for row, source in zip(rows, rows_of(table), strict=True):
        section = source.getparent().tag
        whole = not any(set_at.too_tall(place) for place in row)
        cells = [_cell(place, blocks, whole=whole and place.down == 1) for place in row]
        (head if section == "thead" and not body else body).append(
            {"c": cells, "foot": section == "tfoot", "k": classes(source)}
        )
    yield {
        "t": "table", "k": names, "head": head, "body": body,
        "caption": blocks.line(caption) if caption is not None else [],
        "whole": set_at.height(rows) < _PAGE * 0.4,
        **_setting(set_at, names),
    }  # fmt: skip


def takes_a_page(section: Element) -> bool:
    """Tell whether the official form, all its tables together, takes one page and has room on it."""
    tables = [table for table in section.iter("table") if "pk-official" in classes(table)]
    measured = [(rows, measure(rows, _SIZES["pk-official"])) for rows in map(places, tables)]
    return _PAGE * 0.45 < sum(set_at.height(rows) + 40 for rows, set_at in measured) < _PAGE


def _setting(set_at: Measure, names: list[str]) -> dict[str, Any]:
    return {
        "widths": [round(width * set_at.size + PADDING, 1) for width in set_at.widths],
        "size": round(set_at.size, 2),
        "full": set_at.full or "pk-official" in names,
        "turned": set_at.turned,
    }


def _cell(place: Place, blocks: Blocks, *, whole: bool) -> dict[str, Any]:
    return {
        "c": blocks.flow(place.cell),
        "k": classes(place.cell),
        "th": place.cell.tag == "th",
        "scope": place.cell.get("scope", ""),
        "x": place.across,
        "y": place.down,
        "whole": whole,
    }
