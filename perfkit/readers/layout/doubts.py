"""What a person is asked to look at where blanks alone told the columns, and nothing proves the reading.

The form itself is the proof: nothing left over, scores that add up to its total, sources of money that add
up to theirs, and levels by names that forms have.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from perfkit.form import Unread
from perfkit.readers.layout.flattened.levels import is_level_name
from perfkit.readers.layout.leftover import EXPECTED
from perfkit.readers.layout.summary import adds_up

if TYPE_CHECKING:
    from collections.abc import Iterator

    from perfkit.form import Budget, Form

_AMOUNTS = ("initial", "adjusted", "executed")


def doubted(form: Form) -> Form:
    """Add to a form what wants checking."""
    return replace(form, unread=(*form.unread, *_doubts(form)))


def _doubts(form: Form) -> Iterator[Unread]:
    if not adds_up(form) or any(cell.expected == EXPECTED for cell in form.unread):
        told = "columns parted by rules: blanks told these; please check every value"
        yield Unread("indicators", "", "", told)
    if not _sources_add_up(form.budget):
        yield Unread(
            "budget", "", "", "sources of money that add up to their total; please check every amount"
        )
    levels = [level for row in form.indicators for level in (row.level1, row.level2) if level]
    odd = [level for level in dict.fromkeys(levels) if not is_level_name(level)]
    if odd:
        yield Unread("indicators", "", ", ".join(odd), "labels of levels in whole; please check the grouping")


def _sources_add_up(budget: Budget) -> bool:
    """Tell whether the sources of money, where any are printed, give their total."""
    sources = budget.sources.values()
    for column in _AMOUNTS:
        amounts = [amount for fund in sources if (amount := getattr(fund, column)) is not None]
        total = getattr(budget.total, column)
        if amounts and sum(amounts, Decimal(0)) != total:
            return False
    return True
