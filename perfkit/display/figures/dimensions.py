"""Where did the points go? A bar a dimension: what it earned, and what it lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfkit.display import numerals, views
from perfkit.display.figures.lettering import width
from perfkit.display.figures.page import BLUE, INK, OCHRE, OCHRE_TEXT, TEXT, TRACK, Chart, Figure, Place, Row, show, write
from perfkit.display.labels import label

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

    from perfkit.language import Language
    from perfkit.scoring import Scorecard


def dimensions(card: Scorecard, *, language: Language = "zh", ax: Axes | None = None) -> Figure | Axes:
    """Draw the points by dimension (execution and each level 1): earned and lost."""
    found = [d for d in views.dimensions(card, language) if d.weight > 0]
    if not found:
        nothing = label("dimensions_nothing", language)
        return show(Chart(nothing, "", nothing), ax)
    title = _title(found, language)
    subtitle = label("dimensions_subtitle", language)
    values = [(label("of", language, earned=numerals.points(d.earned), weight=numerals.points(d.weight)), _lost(d, language)) for d in found]
    most = float(max(d.weight for d in found))

    def mark(ax: Axes, places: Sequence[Place]) -> None:
        for d, place, (value, lost) in zip(found, places, values, strict=True):
            parts = ((d.earned, BLUE), (d.lost, OCHRE), (d.unscored, TRACK))
            start = 0.0
            for points, colour in parts:
                ax.barh(place.middle, float(points), left=start, height=12, color=colour, linewidth=0)
                start += float(points)
            write(ax, start, place.middle + 3.8, value, dx=5)
            write(ax, start, place.middle + 3.8, lost, dx=9 + width(value, TEXT), color=OCHRE_TEXT)

    told = "；".join(f"{d.name} {value}{' ' + lost if lost else ''}" for d, (value, lost) in zip(found, values, strict=True))
    right = max(width(value + lost, TEXT) for value, lost in values) + 12
    return show(Chart(title, subtitle, f"{title}。{told}", [Row(d.name) for d in found], (0, most), mark, right), ax)


def _lost(d: views.Dimension, language: Language) -> str:
    return label("lost_points", language, points=numerals.points(d.lost)) if d.lost > 0 else ""


def _title(found: Sequence[views.Dimension], language: Language) -> str:
    total = views.whole(found)
    if total.lost <= 0:
        return label("dimensions_full", language)
    return label("dimensions_title", language, points=numerals.points(total.lost))


_ = INK
