"""Where did the points go? A bar a dimension: what it earned, and what it lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfkit.display import views
from perfkit.display.figures.chart import Chart, Figure, Row, in_title, sentence, show
from perfkit.display.figures.drawing import BLUE, OCHRE, OCHRE_TEXT, TEXT, TRACK, Type, bar, say
from perfkit.display.fonts import width
from perfkit.display.views import label, listed
from perfkit.text.figures import plain as points

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

    from perfkit.display.figures.drawing import Plane
    from perfkit.language import Language
    from perfkit.scoring import Scorecard

_MOST_ROWS = 12


def dimensions(card: Scorecard, *, language: Language = "zh", ax: Axes | None = None) -> Figure | Axes:
    """Draw the points by dimension (execution and each level 1): earned and lost.

    A form without weights gives a sentence instead of a plot. With `ax` the marks go into these axes.
    """
    found = [d for d in views.dimensions(card, language) if d.weight > 0]
    return show(
        _chart(_few(found, language), card, language)
        if found
        else sentence(label("dimensions.nothing", language)),
        ax,
    )


def _few(found: list[views.Dimension], language: Language) -> list[views.Dimension]:
    """Give at most a dozen dimensions, the smaller ones of a longer list as one."""
    if len(found) <= _MOST_ROWS:
        return found
    kept = sorted(found, key=lambda d: -d.weight)[: _MOST_ROWS - 1]
    rest = [d for d in found if d not in kept]
    return [
        *(d for d in found if d in kept),
        views.whole(rest, label("dimensions.rest", language, n=len(rest))),
    ]


def _chart(found: Sequence[views.Dimension], card: Scorecard, language: Language) -> Chart:
    values = [
        label("dimensions.value", language, earned=points(d.earned), weight=points(d.weight)) for d in found
    ]
    asides = [_aside(d, language) for d in found]

    def mark(plane: Plane, middles: Sequence[float]) -> None:
        for d, middle, value, aside in zip(found, middles, values, asides, strict=True):
            start = 0.0
            for part, colour in ((d.earned, BLUE), (d.lost, OCHRE), (d.unscored, TRACK)):
                bar(plane, start, float(part), middle, colour)
                start += max(float(part), 0.0)
            say(plane, start, middle, value, Type(dx=5))
            say(plane, start, middle, aside, Type(colour=OCHRE_TEXT, dx=11 + width(value, TEXT)))

    told = [f"{d.name} {value}" for d, value in zip(found, values, strict=True)]
    title = _title(found, language)
    return Chart(
        title=title,
        subtitle=_subtitle(card, language),
        alt=label("alt", language, title=title, rows=listed(told, language)),
        rows=[Row(d.name) for d in found],
        span=(0.0, max(float(d.weight) for d in found)),
        mark=mark,
        right=max(width(value + aside, TEXT) for value, aside in zip(values, asides, strict=True)) + 14,
    )


def _subtitle(card: Scorecard, language: Language) -> str:
    """Say what is drawn, and what of the total is not: points without a weight, what lies below the sum."""
    told, off = label("dimensions.subtitle", language), views.cut_off(card)
    if unweighed := views.whole(views.dimensions(card, language)).unweighed:
        told += label("dimensions.unweighed", language, points=points(unweighed))
    if off <= 0:
        return told
    key = "dimensions.held" if card.total.held else "dimensions.capped"
    return told + label(key, language, total=points(card.total.score), points=points(off))


def _aside(d: views.Dimension, language: Language) -> str:
    """Say beside the bar what is lost, or that rows are unscored."""
    if d.lost > 0:
        return label("lost_points", language, points=points(d.lost))
    return label("unscored_points", language, points=points(d.unscored)) if d.unscored > 0 else ""


def _title(found: Sequence[views.Dimension], language: Language) -> str:
    total = views.whole(found)
    losers = sorted((d for d in found if d.lost > 0), key=lambda d: -d.lost)
    if not losers:
        key = "dimensions.unscored" if total.unscored > 0 else "dimensions.full"
        return label(key, language, points=points(total.weight), unscored=points(total.unscored))
    most = losers[0]
    if len(losers) == 1:
        key = "dimensions.one"
    else:
        key = "dimensions.tied" if losers[1].lost == most.lost else "dimensions.several"
    return label(
        key,
        language,
        points=points(total.lost),
        n=len(losers),
        name=in_title(most.name),
        most=points(most.lost),
    )
