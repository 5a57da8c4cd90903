"""What a cell means: targets, actuals, and whether one reaches the other (RULES.md §6).

`read_row` is the one way in: it reads a row's target and actual, in the light of the indicator's name
and level 2 and of the form's year, and gives a `Reading`. Nothing here knows weights or profiles.
"""

from perfkit.values.grammar import Example, Family, grammar
from perfkit.values.normal import is_blank
from perfkit.values.printing import format_value
from perfkit.values.reading import Actual, Reading, Target
from perfkit.values.row import read_actual, read_row, read_target
from perfkit.values.sums import amount, percent
from perfkit.values.terms import Basis, Direction, Flag, Kind, Verdict

__all__ = [
    "Actual",
    "Basis",
    "Direction",
    "Example",
    "Family",
    "Flag",
    "Kind",
    "Reading",
    "Target",
    "Verdict",
    "amount",
    "format_value",
    "grammar",
    "is_blank",
    "percent",
    "read_actual",
    "read_row",
    "read_target",
]
