"""Which values of a recognised form are borne: by the form's own sums, or by the words of the field.

A recogniser may be sure of a text and wrong (`≥90%` read as `290%`), so its certainty proves nothing. Figures
that close a sum do, and a level that is one of the field's. Every other value is for a person to look at.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from perfkit.language import Text
from perfkit.readers.layout.arithmetic import sums
from perfkit.readers.layout.looks import level_of
from perfkit.text import fold_cell
from perfkit.values import likely

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from perfkit.form import Form
    from perfkit.readers.grid import Cell
    from perfkit.readers.layout.record import Evidence

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
    return Text(f"{why.zh}；疑似应为{meant}", f"{why.en}; likely meant {meant}") if meant else why


def unborne(form: Form, evidence: Evidence, text_at: Callable[[str], str]) -> Iterator[tuple[str, Text]]:
    """Give the paths of recognised values that nothing bears, with why.

    Where columns and rows were found by the space between texts, a level may be a word of the field and
    stand beside the wrong row. `text_at` gives the text of a value by its path.
    """
    borne = frozenset(_borne(form, evidence.whole, levels=not evidence.aligned))
    for path, sure in evidence.unsure.items():
        if path in borne or (path in _WORDS and sure >= _SURE):
            continue
        why = Text(
            f"由图像识别，把握{sure:.0%}，没有勾稽关系可证",
            f"recognised from a picture with {sure:.0%} certainty, and no sum bears it",
        )
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
