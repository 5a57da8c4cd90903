"""What each cell of a document was read as, and why: for the person who must check a reading.

The form knows for each of its values the place that it was read from; everything else on the page is a
heading, a label, furniture, or was listed as not read.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from perfkit.readers.layout.doubts import same_value
from perfkit.readers.layout.looks import is_level_label
from perfkit.readers.layout.odd import text_at
from perfkit.readers.layout.words import (
    column_role,
    is_blank,
    is_fund_name,
    is_subtotal,
    is_title,
    is_total,
    key,
    label_role,
    squeeze,
)
from perfkit.readers.scans.pictures import cut_out
from perfkit.text import say

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from perfkit.form import Doubt, Form
    from perfkit.language import Text
    from perfkit.readers.grid import Cell, Grid


_MOST_PICTURES = 400  # of at most some 20 kB


@dataclass(frozen=True, slots=True)
class Explained:
    """Hold one cell: its place and text, the paths that it was read into, its role and why.

    `doubted` tells that a person must look at it; of a scan, `picture` is then a cut-out of the cell (JPEG).
    """

    place: str
    text: str
    paths: tuple[str, ...]
    role: Text
    why: Text
    doubted: bool = False
    picture: bytes = b""


@dataclass(frozen=True, slots=True)
class Explanation:
    """Hold the forms of a document, and each of its cells with what it was read as."""

    forms: tuple[Form, ...]
    cells: tuple[Explained, ...]


def explained(grids: Iterable[Grid], forms: Iterable[Form]) -> Iterator[Explained]:
    """Explain every cell of a document that holds text, in reading order."""
    grids, page = list(grids), _Page(list(forms))
    page.shared = Counter(cell.place for grid in grids for cell in grid.cells if cell.text.strip())
    left = _MOST_PICTURES
    for grid in grids:
        for cell in grid.cells:
            if cell.text.strip():
                told = page.cell(cell, grid)
                if told.doubted and cell.spot is not None and left:
                    left -= 1
                    told = replace(told, picture=cut_out(cell.spot))
                yield told


class _Page:
    """Know what was read from each place, and what of it is doubted.

    Where nothing was ruled, many cells `shared` one place, and their texts tell which value is whose.
    """

    def __init__(self, forms: Sequence[Form]) -> None:
        self.shared: Counter[str] = Counter()
        self.paths: dict[str, list[tuple[str, str]]] = {}
        self.doubts: dict[str, list[Doubt]] = {}
        self.unread = {cell.place for form in forms for cell in form.unread}
        for form in forms:
            for path, places in form.source.places.items():
                for place in () if path.startswith("indicators.") else places.split(" + "):
                    self.paths.setdefault(place, []).append((path, text_at(form, path)))
            for doubt in form.reading.doubts:
                for place in doubt.place.split(" + ") if doubt.text else ():
                    self.doubts.setdefault(place, []).append(doubt)

    def cell(self, cell: Cell, grid: Grid) -> Explained:
        """Explain one cell."""
        text = " ".join(cell.text.split())
        own = self._paths(cell)
        doubt = self._doubt(cell, own)
        if own:
            role, why = _value(own, grid)
            return Explained(cell.place, text, own, role, doubt or why, doubt is not None)
        if cell.place in self.unread and (doubt or not _kind(cell.text)):
            why = doubt or say("reading.why.unread")
            return Explained(cell.place, text, (), say("reading.role.unread"), why, doubt is not None)
        kind = _kind(cell.text) or "aside"
        why = say("reading.why.label_words" if kind == "label" else f"reading.why.{kind}")
        return Explained(cell.place, text, (), say(f"reading.role.{kind}"), why)

    def _paths(self, cell: Cell) -> tuple[str, ...]:
        found = self.paths.get(cell.place, ())
        alone = self.shared[cell.place] < 2  # noqa: PLR2004
        return tuple(path for path, text in found if alone or same_value(text, cell.text))

    def _doubt(self, cell: Cell, own: tuple[str, ...]) -> Text | None:
        alone = self.shared[cell.place] < 2  # noqa: PLR2004
        for doubt in self.doubts.get(cell.place, ()):
            same = squeeze(doubt.text) in squeeze(cell.text) if alone else same_value(doubt.text, cell.text)
            if doubt.path in own or same:
                return doubt.why
        return None


def _value(paths: tuple[str, ...], grid: Grid) -> tuple[Text, Text]:
    """Say which value a cell is, and what told so."""
    last = paths[0].rpartition(".")[2]
    row = re.match(r"indicators\[(\d+)\]", paths[0])
    fund = re.match(r"budget\.(\w+)", paths[0])
    of = say("reading.of.row", n=int(row[1]) + 1) if row else say(f"reading.of.{fund[1] if fund else 'form'}")
    name = say(f"reading.field.{last}")
    if row or paths[0].startswith("budget"):
        why = say("reading.why.column" if grid.known == "grid" and not grid.placed else "reading.why.aligned")
    else:
        why = say("reading.why.label")
    return say("reading.role.value", of=of, name=name), why


def _kind(text: str) -> str:
    """Tell what a cell is that holds no value: heading, label, level, title, total; "" where none of them."""
    plain = key(text)
    if is_blank(text) or is_fund_name(plain):
        return "blank" if is_blank(text) else "fund"
    if is_total(text) or is_subtotal(text) or is_level_label(text):
        return "level" if is_level_label(text) else "total"
    match = column_role(plain) or column_role(plain, "budget")
    if match is not None and match.firm:
        return "heading"
    if label_role(plain) is not None:
        return "label"
    return "title" if is_title(text) else ""
