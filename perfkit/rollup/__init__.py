"""Several units, one project (多单位汇总): the forms of the units become one result.

A profile says in which order. Either the actuals are summed and the sum is scored, which gives one summed
`Form`, or each form is scored and the totals become one. What cannot be added is kept where all units print
the same, and is otherwise left blank and said, never guessed.
"""

from perfkit.rollup.orders import roll_up
from perfkit.rollup.rolled_up import Cell, Line, Note, RollUp, Rule, Unit

__all__ = ["Cell", "Line", "Note", "RollUp", "Rule", "Unit", "roll_up"]
