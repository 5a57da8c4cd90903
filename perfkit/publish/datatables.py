"""Tables of data, pandas' own above all, made to read as the report's other tables do.

Numbers stand right, a missing value is a dash, headings say what they head. Tables that perfkit's display
made already carry all this and pass through unchanged.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from perfkit.publish.tree import add_class, classes, rows_of, words_of

if TYPE_CHECKING:
    from perfkit.publish.tree import Element

_NUMBER = re.compile(r"[-+−]?(?:\d[\d,]*\.?\d*|\.\d+)(?:[eE][-+]?\d+)?\s?[%％‰]?")
_MISSING = frozenset({"NaN", "nan", "None", "NaT", "<NA>", "null"})


def settle_table(table: Element) -> None:
    """Tidy one table in place."""
    if any(name.startswith("pk-") for name in classes(table)):
        return
    add_class(table, "pk-data")
    for cell in table.iter("td"):
        if words_of(cell) in _MISSING and not len(cell):
            cell.text = "—"
            add_class(cell, "blank")
    _settle_heads(table)
    _settle_numbers(table)


def _settle_heads(table: Element) -> None:
    for cell in list(table.iter("th")):
        if not words_of(cell) and not len(cell):
            cell.tag = "td"
            cell.attrib.pop("scope", None)
        elif not cell.get("scope"):
            in_head = any(parent.tag == "thead" for parent in cell.iterancestors("thead", "table"))
            cell.set("scope", "col" if in_head else "row")


def _settle_numbers(table: Element) -> None:
    """Set a column right where all it holds are numbers; tables with merged cells are left as they are."""
    rows = [list(row.iterchildren("td", "th")) for row in rows_of(table)]
    if any(cell.get("colspan") or cell.get("rowspan") for row in rows for cell in row):
        return
    for column in range(max(map(len, rows), default=0)):
        cells = [row[column] for row in rows if column < len(row)]
        body = [words_of(cell) for cell in cells if cell.tag == "td" and "blank" not in classes(cell)]
        told = [words for words in body if words]
        if told and all(_NUMBER.fullmatch(words) for words in told):
            for cell in cells:
                if cell.tag == "td" or cell.get("scope") == "col":
                    add_class(cell, "num")
