"""How wide the columns of a printed table are: short ones as wide as their text, the rest by what they hold."""

from __future__ import annotations

import unicodedata

from perfkit.publish.page import Element, words_of


def ems(text: str) -> float:
    """Measure a text in widths of a Chinese character: Latin letters and digits count a good half."""
    return sum(1.0 if unicodedata.east_asian_width(c) in "WF" else 0.55 for c in text)


def column_widths(table: Element, count: int) -> list[float]:
    """Give each column's share of the width of a table."""
    need = [2.0] * count
    occupied: dict[int, int] = {}
    for row in table.iter("tr"):
        column = 0
        blocked, occupied = occupied, {c: left - 1 for c, left in occupied.items() if left > 1}
        for cell in row.iterchildren("td", "th"):
            while column in blocked:
                column += 1
            across = int(cell.get("colspan") or 1)
            down = int(cell.get("rowspan") or 1)
            if across == 1 and column < count:
                need[column] = max(need[column], min(ems(words_of(cell)), 14.0))
            if down > 1:
                occupied.update(dict.fromkeys(range(column, column + across), down - 1))
            column += across
    return need
