"""What a form prints and nobody read: nothing is lost in silence.

Reading notes every cell that went into the form, was listed, or heads what did. Whatever else says something
within the form is listed here, a line at a time: it is neither a label nor furniture (furniture.yaml).
Running text before and after the form is not the form's.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from importlib.resources import files
from itertools import islice
from typing import TYPE_CHECKING

from perfkit.form import Unread
from perfkit.readers.layout.flattened.levels import is_level_name
from perfkit.readers.layout.recognised import is_drawn_dash
from perfkit.readers.layout.words import (
    column_role,
    is_blank,
    is_subtotal,
    is_template,
    is_title,
    is_total,
    key,
    label_role,
    squeeze,
)
from perfkit.text import say
from perfkit.text.folding import own_yaml

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from perfkit.readers.grid import Cell
    from perfkit.readers.layout.record import Record
    from perfkit.readers.layout.stream import Line

EXPECTED = say("expected.label")
_DASH = say("expected.drawn_dash")
_MOST = 50
_LONG = 300


def leftover(lines: Sequence[Line], record: Record) -> list[Unread]:
    """List the lines of a form that hold what was not accounted for, each with its place and texts.

    A recognised cell of nothing but 一 is listed too: a dash, which is no value, or what a recogniser made
    of something else.
    """
    found = ((cells[0].place, [cell.text for cell in cells]) for cells in _unseen(lines, record))
    starts = (cell for line in lines for cell in line.cells if cell.row == line.row)
    dashes = (cell for cell in starts if is_drawn_dash(cell) and id(cell) not in record.held)
    return [*listed(found), *(Unread("", c.place, c.text.strip(), _DASH) for c in islice(dashes, _MOST))]


def listed(lines: Iterable[tuple[str, Sequence[str]]]) -> list[Unread]:
    """List lines, given as (place, texts), whose texts say something; of very many the first only."""
    telling = [(place, texts) for place, texts in lines if says_something(texts)]
    unread = [Unread("", place, _shown(texts), EXPECTED) for place, texts in telling[:_MOST]]
    if len(telling) > _MOST:
        rest = f"{len(telling) - _MOST} more lines"
        unread.append(Unread("", telling[_MOST][0], rest, EXPECTED))
    return unread


def says_something(texts: Sequence[str]) -> bool:
    """Tell whether any text of a line is more than a label or furniture."""
    alone = len(texts) == 1
    return any(
        not is_blank(text) and not _is_label(text) and not _is_furniture(text, alone=alone) for text in texts
    )


def _unseen(lines: Sequence[Line], record: Record) -> Iterator[list[Cell]]:
    """Give the cells of each line of the form that were not accounted for."""
    own = [n for n, line in enumerate(lines) if any(id(cell) in record.held for cell in line.starts)]
    grids = {lines[n].grid for n in own}
    lengths = Counter(line.grid for line in lines)
    for number, line in enumerate(lines if own else ()):
        cells = [cell for cell in line.starts if id(cell) not in record.seen]
        if own[0] < number < own[-1]:
            within = True
        elif line.kind == "text" or len(line.starts) == 1:
            within = line.grid in grids and line.kind == "table" and number > own[-1]
        else:  # a table of its own after the form is not the form's, but for a single line that came loose
            within = line.grid in grids or (number > own[-1] and lengths[line.grid] == 1)
        if cells and within:
            yield cells


def _shown(texts: Sequence[str]) -> str:
    text = " | ".join(" ".join(text.split()) for text in texts)
    return text if len(text) <= _LONG else f"{text[:_LONG]}…"


def _is_label(text: str) -> bool:
    """Tell whether a text is a heading or a label, in words that no cell of a row would hold."""
    plain = key(text)
    roles = [column_role(plain), column_role(plain, "budget")]
    return bool(
        any(match is not None and match.firm and not match.aside for match in roles)
        or label_role(plain)
        or any(is_known(text) for is_known in (is_level_name, is_total, is_subtotal, is_title, is_template))
    )


@cache
def _furniture(part: str) -> re.Pattern[str]:
    text = files("perfkit.readers.layout").joinpath("furniture.yaml").read_text(encoding="utf-8")
    return re.compile("|".join(f"(?:{entry})" for entry in own_yaml(text)[part]), re.DOTALL)


def _is_furniture(text: str, *, alone: bool) -> bool:
    plain = squeeze(text)
    return bool(_furniture("anywhere").fullmatch(plain) or (alone and _furniture("alone").fullmatch(plain)))
