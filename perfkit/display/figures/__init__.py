"""The figures of a report, each answering one question from the scorecard.

    figures.dimensions(card)   where did the points go?
    figures.money(card)        what was budgeted, and what was spent?
    figures.completion(card)   how far is each actual from its target?
    figures.losses(card)       which rows lost points?

Each gives a `Figure` that shows itself as SVG with an alt sentence; with `ax=` it draws into the
analyst's own axes and gives them back.
"""

from perfkit.display.figures.completion import completion
from perfkit.display.figures.dimensions import dimensions
from perfkit.display.figures.losses import losses
from perfkit.display.figures.money import money
from perfkit.display.figures.page import Figure

__all__ = ["Figure", "completion", "dimensions", "losses", "money"]
