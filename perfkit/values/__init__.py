"""What a cell means: targets, actuals, and whether one reaches the other.

`read_row` is the one way in: it reads a row's target and actual, in the light of the indicator's name
and level 2 and of the form's year, and gives a `Reading`. Nothing here knows weights or profiles.
"""

from perfkit.text.folding import is_blank
from perfkit.values.cell import PrintedRate, amount, likely, printed_rate, read_rate
from perfkit.values.reading import (
    Actual,
    Reading,
    Target,
    explain_row,
    format_value,
    read_actual,
    read_row,
    read_target,
)
from perfkit.values.rules import Basis, Direction, Flag, Kind, Verdict
from perfkit.values.vocabulary import Example, Family, grammar

__all__ = [
    "Actual",
    "Basis",
    "Direction",
    "Example",
    "Family",
    "Flag",
    "Kind",
    "PrintedRate",
    "Reading",
    "Target",
    "Verdict",
    "amount",
    "explain_row",
    "format_value",
    "grammar",
    "is_blank",
    "likely",
    "printed_rate",
    "read_actual",
    "read_rate",
    "read_row",
    "read_target",
]
