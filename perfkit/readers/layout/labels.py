"""Labels and their values: project, department, unit, year, goals, notes.

A label's value stands to its right, or below it where another label stands to its right, or after a
colon in the same cell. Whatever is itself a label is never a value.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from itertools import zip_longest
from typing import TYPE_CHECKING

from perfkit.readers.layout.columns import heads_table
from perfkit.readers.layout.words import column_role, is_blank, is_total, key, label_role, squeeze

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from collections.abc import Set as AbstractSet

    from perfkit.readers.grid import Cell
    from perfkit.readers.layout.stream import Line

_PROSE = frozenset({"expected", "outcome"})
_INLINE = re.compile(r"\s*([^:：\n]{2,20})[:：]\s*(.*)", re.DOTALL)
_PAIRS = re.compile(r"(?:^|[\s　;；])([^\s　:：;；]{2,16})\s*[:：]")


@dataclass(frozen=True, slots=True)
class Labelled:
    """Hold a label's role and rank, its value's cell, text and further cells, and the label as printed."""

    role: str
    rank: int
    cell: Cell
    text: str
    label: str = ""
    more: tuple[Cell, ...] = ()


def labelled(lines: Sequence[Line], taken: AbstractSet[int]) -> list[Labelled]:
    """Find every label of a form with its value, in reading order; blank values included.

    `taken` holds the numbers of the lines that the tables took.
    """
    found: list[Labelled] = []
    for number, line in enumerate(lines):
        for cell in line.starts if number not in taken and not heads_table(line) else ():
            found += _of_cell(lines, number, cell)
    return found


def _of_cell(lines: Sequence[Line], number: int, cell: Cell) -> list[Labelled]:
    match = label_role(key(cell.text))
    if match is not None:
        value = _value(lines, number, cell)
        if value is not None:
            text = "" if is_blank(value.text) else value.text.strip()
            more = tuple(_further(lines, number, cell, value)) if match.role in _PROSE else ()
            text = "\n".join([text, *(each.text.strip() for each in more)]).strip()
            return [Labelled(match.role, match.rank, value, text, squeeze(cell.text).rstrip(":"), more)]
        return []
    return _inline(cell)


def _further(lines: Sequence[Line], number: int, cell: Cell, value: Cell) -> Iterator[Cell]:
    """Give the cells of the lines that go on with a goal, where a form prints one goal a line."""
    bottom = cell.row + cell.rowspan if value.row < cell.row + cell.rowspan else None
    for line in lines[number + 1 :]:
        if line.grid != lines[number].grid or (bottom is not None and line.row >= bottom):
            return
        if line.row < value.row + value.rowspan:
            continue
        more = line.at(value.column)
        if more is None or more.row != line.row or more.column != value.column or _names_something(line):
            return
        if not is_blank(more.text):
            yield more


def _names_something(line: Line) -> bool:
    """Tell whether a line opens with a label, is a total or heads a table."""
    headings = [match for k in line.keys if (match := column_role(k) or column_role(k, "budget"))]
    opens = any(_is_label(text) for text in line.texts[:1])
    return opens or any(label_role(k) for k in line.keys) or len([m for m in headings if m.firm]) > 1


def _inline(cell: Cell) -> list[Labelled]:
    """Read `label：value` pairs inside one cell or paragraph."""
    marks = [m for m in _PAIRS.finditer(cell.text) if label_role(key(m[1]))]
    found = []
    for mark, following in zip_longest(marks, marks[1:]):
        text = cell.text[mark.end() : following.start() if following else None].strip()
        match = label_role(key(mark[1]))
        if match and text and not is_blank(text):
            found.append(Labelled(match.role, match.rank, cell, text, mark[1]))
    return found


def _value(lines: Sequence[Line], number: int, cell: Cell) -> Cell | None:
    line = lines[number]
    beside = line.beside(cell)
    if beside is not None and not _is_label(beside.text) and _own_row(beside, cell):
        below = _below(lines, number, cell)
        if is_blank(beside.text) and below is not None and _stands_above(line, cell):
            return below
        return _over_gap(line, beside)
    if cell.colspan == 1 and beside is None and len(line.cells) == 1 and line.kind == "text":
        return None
    return _below(lines, number, cell)


def _over_gap(line: Line, beside: Cell) -> Cell:
    """Step over an empty cell to the value, as in sheets whose label spans two columns unmerged."""
    if not is_blank(beside.text) or beside.text.strip() or beside.colspan > 1:
        return beside
    value = line.after(beside)
    if value is None or _is_label(value.text):
        return beside
    following = line.after(value)
    return value if following is None or _is_label(following.text) else beside


def _own_row(beside: Cell, cell: Cell) -> bool:
    return beside.row <= cell.row < beside.row + beside.rowspan


def _stands_above(line: Line, cell: Cell) -> bool:
    """Tell whether other labels share the line: then values stand below, not beside."""
    others = [other for other in line.starts if other is not cell and _is_label(other.text)]
    return bool(others) and all(is_blank(c.text) or _is_label(c.text) for c in line.starts)


def _below(lines: Sequence[Line], number: int, cell: Cell) -> Cell | None:
    for line in lines[number + 1 : number + 3]:
        if line.row < cell.row + cell.rowspan and line.grid == lines[number].grid:
            continue
        if line.grid != lines[number].grid:
            return None
        below = line.at(cell.column)
        if below is None or below.row != line.row:
            return None
        return None if _is_label(below.text) or _inline(below) else below
    return None


def _is_label(text: str) -> bool:
    plain = key(text)
    if label_role(plain) or is_total(text):
        return True
    match = column_role(plain) or column_role(plain, "budget")
    return match is not None and match.firm and not re.fullmatch(r"目标|完成|指标|单位|说明|备注", plain)


_YEAR = re.compile(r"(20\d\d)(?:年度?|年?度)|[(（](20\d\d)年?[)）]")
_HAN_YEAR = re.compile("二[〇○零Oo0][〇○零一二三四五六七八九]{2}(?=年)")
_HAN = {d: str(i) for i, d in enumerate("〇一二三四五六七八九")} | {
    "○": "0",
    "零": "0",
    "O": "0",
    "o": "0",
    "0": "0",
}


def year_in(text: str) -> int | None:
    """Read the year that a title or a year label prints."""
    plain = squeeze(text)
    match = _YEAR.search(plain)
    if match:
        return int(match[1] or match[2])
    han = _HAN_YEAR.search(unicodedata.normalize("NFKC", text).replace(" ", ""))
    return int("".join(_HAN[c] for c in han[0])) if han else None
