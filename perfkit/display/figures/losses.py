"""Which rows lost points? A bar a row: its weight, and what of it was lost, the most first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfkit.display import views
from perfkit.display.figures.chart import Chart, Figure, Row, in_title, sentence, show
from perfkit.display.figures.drawing import OCHRE, OCHRE_TEXT, TEXT, TRACK, Type, bar, say
from perfkit.display.fonts import width
from perfkit.display.views import label, listed
from perfkit.text.figures import plain as points
from perfkit.text.folding import one_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

    from perfkit.display.figures.drawing import Plane
    from perfkit.language import Language
    from perfkit.scoring import ExecutionScore, RowScore, Scorecard

_MOST_ROWS = 16


def losses(card: Scorecard, *, language: Language = "zh", ax: Axes | None = None) -> Figure | Axes:
    """Draw the points lost row by row, the most first, the reason given under each name.

    A form that lost none gives a sentence instead of a plot. With `ax` the marks go into these axes.
    """
    lost = views.losses(card)
    return show(_chart(lost, language) if lost else sentence(_nothing(card, language)), ax)


def _nothing(card: Scorecard, language: Language) -> str:
    if not views.whole(views.dimensions(card, language)).weight:
        return label("dimensions.nothing", language)
    unscored = sum(row.weight is not None and row.score is None for row in views.lines(card))
    return label("losses.unscored" if unscored else "losses.nothing", language, n=unscored)


def _chart(lost: Sequence[RowScore | ExecutionScore], language: Language) -> Chart:
    shown = lost[:_MOST_ROWS]
    names = [views.short_name(row, language) for row in shown]
    values = [
        label("losses.value", language, lost=points(row.lost), weight=points(row.weight)) for row in shown
    ]

    def mark(plane: Plane, middles: Sequence[float]) -> None:
        for row, middle, value in zip(shown, middles, values, strict=True):
            weight, gone = float(row.weight or 0), float(row.lost or 0)
            bar(plane, 0, weight, middle, TRACK)
            bar(plane, 0, gone, middle, OCHRE)
            say(plane, max(weight, gone), middle, value, Type(colour=OCHRE_TEXT, dx=5))

    title = _title(lost, language)
    told = [f"{name} {value}" for name, value in zip(names, values, strict=True)]
    return Chart(
        title=title,
        subtitle=_subtitle(lost, language),
        alt=label("alt", language, title=title, rows=listed(told, language)),
        rows=[Row(name, _reason(row)) for name, row in zip(names, shown, strict=True)],
        span=(0.0, max(max(float(row.weight or 0), float(row.lost or 0)) for row in shown)),
        mark=mark,
        right=max(width(value, TEXT) for value in values) + 8,
    )


def _reason(row: RowScore | ExecutionScore) -> str:
    indicator = getattr(row, "indicator", None)
    return one_line(indicator.reason or "") if indicator is not None else ""


def _title(lost: Sequence[RowScore | ExecutionScore], language: Language) -> str:
    total = points(views.lost(lost))
    if len(lost) == 1:
        key = "losses.one"
    else:
        key = "losses.tied" if lost[0].lost == lost[1].lost else "losses.several"
    return label(
        key,
        language,
        n=len(lost),
        points=total,
        name=in_title(views.short_name(lost[0], language)),
        most=points(lost[0].lost),
    )


def _subtitle(lost: Sequence[RowScore | ExecutionScore], language: Language) -> str:
    told = label("losses.subtitle", language)
    rest = lost[_MOST_ROWS:]
    if not rest:
        return told
    return told + label(
        "losses.rest", language, shown=_MOST_ROWS, n=len(rest), points=points(views.lost(rest))
    )
