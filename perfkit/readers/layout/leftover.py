"""What of a form nothing bears: printed and read by nobody, or recognised without sum or known word.

Reading notes every cell that went into the form, was listed, or heads what did. Whatever else says something
within the form is listed here, a line at a time: it is neither a label nor furniture (furniture.yaml).
Running text before and after the form is not the form's.

A recogniser may be sure of a text and wrong (`≥90%` read as `290%`), so its certainty proves nothing. Figures
that close a sum do, and a level that is one of the field's. Every other value is for a person to look at.
"""

from __future__ import annotations

import re
from collections import Counter
from decimal import Decimal
from functools import cache
from importlib.resources import files
from itertools import islice
from typing import TYPE_CHECKING

from perfkit.form import Unread
from perfkit.readers.layout.arithmetic import sums
from perfkit.readers.layout.flattened.levels import is_level_name
from perfkit.readers.layout.looks import level_of
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
from perfkit.text import fold_cell, say
from perfkit.text.folding import own_yaml
from perfkit.values import likely

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from perfkit.form import Form
    from perfkit.language import Text
    from perfkit.readers.grid import Cell
    from perfkit.readers.layout.record import Evidence, Line, Record


_WORDS = frozenset({"year", "money_unit", "grade"})
_SURE = 0.9
_DASH = "—"
_DRAWN_DASH = re.compile("一{1,4}")


def is_drawn_dash(cell: Cell) -> bool:
    """Tell whether all that was recognised in a cell is 一, which is likely a dash (—)."""
    return cell.confidence is not None and _DRAWN_DASH.fullmatch(cell.text.strip()) is not None


def proposing(why: Text, text: str) -> Text:
    """Add to a doubt what a misread text was likely to say; it is proposed, the text stays as it was read."""
    meant = _DASH if _DRAWN_DASH.fullmatch(text.strip()) else likely(fold_cell(text))
    return say("reading.doubt.likely", why=why, meant=meant) if meant else why


def unborne(form: Form, evidence: Evidence, text_at: Callable[[str], str]) -> Iterator[tuple[str, Text]]:
    """Give the paths of recognised values that nothing bears, with why.

    Where columns and rows were found by the space between texts, a level may be a word of the field and
    stand beside the wrong row. `text_at` gives the text of a value by its path.
    """
    borne = frozenset(_borne(form, evidence.whole, levels=not evidence.aligned))
    for path, sure in evidence.unsure.items():
        if path in borne or (path in _WORDS and sure >= _SURE):
            continue
        why = say("reading.doubt.recognised", sure=sure)
        yield path, proposing(why, text_at(path))


def _borne(form: Form, whole: Decimal | None, *, levels: bool) -> Iterator[str]:
    found = sums(form, whole)
    closing = {each.name for each in found if each.closes}
    failing = {each.name for each in found if not each.closes}
    summed = [each.column for each in found if each.name == "funds"]
    if "weights" in closing:
        yield from _column(form, "weight", whole or Decimal(100))
    if "scores" in closing and form.total is not None:
        yield "total"
        yield from _column(form, "score", form.total)
    if "rate" in closing:
        fine = all(each.fine for each in found)
        yield from (
            f"budget.total.{name}" for name in (("rate", "executed", "adjusted") if fine else ("rate",))
        )
    for column in summed if "funds" not in failing else ():
        parts = [line for line, fund in form.budget.sources.items() if getattr(fund, column) is not None]
        yield from (f"budget.{line}.{column}" for line in ("total", *parts))
    for number, row in enumerate(form.indicators if levels else ()):
        for level in ("level1", "level2"):
            if level in level_of(getattr(row, level) or ""):
                yield f"indicators[{number}].{level}"


def _column(form: Form, name: str, whole: Decimal) -> Iterator[str]:
    """Give the figures of a column whose sum closes, the budget's line with them where it is part of it."""
    figures = [getattr(row, name) for row in form.indicators]
    yield from (f"indicators[{n}].{name}" for n, figure in enumerate(figures) if figure is not None)
    rows = sum((figure for figure in figures if figure is not None), Decimal(0))
    if abs(rows - whole) > Decimal("0.05"):
        yield f"budget.total.{name}"


# what a form prints and nobody read: nothing is lost in silence


EXPECTED = say("expected.label")
_TOLD_DASH = say("expected.drawn_dash")
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
    return [*listed(found), *(Unread("", c.place, c.text.strip(), _TOLD_DASH) for c in islice(dashes, _MOST))]


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
