"""How far is each actual from its target?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfkit.display.figures.page import Chart, Figure, show
from perfkit.display.labels import label

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from perfkit.language import Language
    from perfkit.scoring import Scorecard


def completion(card: Scorecard, *, language: Language = "zh", ax: Axes | None = None) -> Figure | Axes:
    """Draw the completion of every measured row."""
    nothing = label("completion_nothing", language)
    return show(Chart(nothing, "", nothing), ax)
