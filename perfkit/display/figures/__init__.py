"""The figures of a report, each answering one question from the scorecard.

    figures.dimensions(card)   where did the points go?
    figures.money(card)        what was budgeted, and what was spent?
    figures.completion(card)   how far is each actual from its target?
    figures.losses(card)       which rows lost points?

Another package adds one by the entry point `perfkit.figures` (`perfkit.plugins`): it is called like these.

Each gives a `Figure` that shows itself as SVG with an alt sentence; with `ax=` it draws into the
analyst's own axes and gives them back.
"""

from typing import Any

from perfkit.display.figures.chart import Figure
from perfkit.display.figures.completion import completion
from perfkit.display.figures.dimensions import dimensions
from perfkit.display.figures.losses import losses
from perfkit.display.figures.money import money

__all__ = [
    "Figure",
    "completion",
    "dimensions",
    "losses",
    "money",
]


def __getattr__(name: str) -> Any:
    from perfkit.plugins import FIGURES, added

    brought = {} if name.startswith("_") else added(FIGURES)
    if name not in brought:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return brought[name]
