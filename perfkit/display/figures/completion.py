"""How far is each actual from its target? A dot a measured row, on a scale that carries 11% and 3,479%.

Up to one and a half times the target the scale is linear, where nearly every row lies; beyond, where some
row reaches more than twice its target, it is broken and goes on in logarithms, and the figure says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log
from typing import TYPE_CHECKING

from perfkit.display import views
from perfkit.display.figures.chart import Chart, Figure, Row, in_title, sentence, show
from perfkit.display.figures.drawing import (
    BLUE,
    FAINT,
    GREY,
    INK,
    OCHRE,
    OCHRE_TEXT,
    PAPER,
    SMALL,
    TEXT,
    Type,
    dot,
    reach,
    rule,
    say,
)
from perfkit.display.fonts import width
from perfkit.display.views import label, listed
from perfkit.text.figures import percent
from perfkit.text.folding import one_line
from perfkit.values import Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from matplotlib.axes import Axes

    from perfkit.display.figures.drawing import Plane
    from perfkit.language import Language
    from perfkit.scoring import RowScore, Scorecard

_MOST_ROWS = 20
_BREAK, _BROKEN_OVER = 1.5, 2.0
_GAP, _BEYOND = 0.12, 0.75
_LOW = 0.4
_FOOT = 18.0


def completion(card: Scorecard, *, language: Language = "zh", ax: Axes | None = None) -> Figure | Axes:
    """Draw actual ÷ target of every measured row as a dot beside the target line.

    A form without measured rows gives a sentence instead of a plot. With `ax` the marks go into these axes.
    """
    rows = [row for row in card.indicators if row.reading.completion is not None]
    return show(_chart(rows, card, language) if rows else sentence(label("completion.nothing", language)), ax)


@dataclass(frozen=True, slots=True)
class Scale:
    """Map a completion to its place: linear up to the break, logarithmic beyond it where there is one."""

    most: float

    @property
    def broken(self) -> bool:
        """Tell whether the scale has a break."""
        return self.most > _BROKEN_OVER

    @property
    def end(self) -> float:
        """Give the place of the greatest completion."""
        return _BREAK + _GAP + _BEYOND if self.broken else max(self.most, 1.1)

    def place(self, ratio: float) -> float:
        """Give where a completion stands on the axis."""
        if not self.broken or ratio <= _BREAK:
            return max(ratio, 0.0)
        return _BREAK + _GAP + _BEYOND * log(ratio / _BREAK) / log(self.most / _BREAK)


def _ratio(row: RowScore) -> Decimal:
    ratio = row.reading.completion
    if ratio is None:
        raise ValueError("a row without a completion is not drawn")
    return ratio


def _chart(rows: Sequence[RowScore], card: Scorecard, language: Language) -> Chart:
    shown = _farthest(rows)
    scale = Scale(max(float(_ratio(row)) for row in shown))
    title = _title(rows, card.profile.thresholds.over_achievement, language)
    told = [f"{views.short_name(row, language)} {percent(_ratio(row))}" for row in shown]

    def mark(plane: Plane, middles: Sequence[float]) -> None:
        _grid(plane, scale, language)
        for row, middle in zip(shown, middles, strict=True):
            _mark(plane, row, middle, scale)

    return Chart(
        title=title,
        subtitle=_subtitle(rows, shown, scale, language),
        alt=label("alt", language, title=title, rows=listed(told, language)),
        rows=[Row(views.short_name(row, language), _note(row)) for row in shown],
        span=(0.0, scale.end),
        mark=mark,
        right=max(width(percent(_ratio(row)), TEXT) for row in shown) + 12,
        foot=_FOOT,
    )


def _farthest(rows: Sequence[RowScore]) -> list[RowScore]:
    """Give the rows that fit, missed ones and those farthest from their targets first, by size."""
    far = sorted(rows, key=lambda row: (not _missed(row), -abs(_ratio(row) - 1)))[:_MOST_ROWS]
    return sorted(far, key=lambda row: (-_ratio(row), row.number))


def _missed(row: RowScore) -> bool:
    return row.reading.verdict in {Verdict.MISSED, Verdict.PARTLY}


def _note(row: RowScore) -> str:
    return f"{one_line(row.indicator.target or '—')} → {one_line(row.indicator.actual or '—')}"


def _mark(plane: Plane, row: RowScore, middle: float, scale: Scale) -> None:
    """Draw a row: a thin line from the target, a dot (hollow where the target is not met), the figure."""
    ratio = float(_ratio(row))
    x, colour = scale.place(ratio), OCHRE if _missed(row) else BLUE
    reach(plane, (scale.place(1.0), x), middle, colour)
    dot(plane, x, middle, colour, colour if row.reading.verdict == Verdict.MET else PAPER)
    ink = OCHRE_TEXT if _missed(row) else INK
    if ratio >= 1:
        style = Type(TEXT, ink, dx=7)
    elif ratio > _LOW:
        style = Type(TEXT, ink, "right", dx=-7)
    else:
        style = Type(TEXT, ink, dx=7, up=7)
    say(plane, x, middle, percent(_ratio(row)), style)


def _grid(plane: Plane, scale: Scale, language: Language) -> None:
    """Draw the target line, faint lines for halves, and the two strokes of a broken scale."""
    bottom, target = plane.depth, label("completion.target", language)
    half = "" if scale.broken else "50%"
    for ratio, text, colour in ((0.0, "0", FAINT), (0.5, half, FAINT), (1.0, target, INK)):
        rule(plane, ratio, (0, bottom), colour)
        say(plane, ratio, bottom + 9, text, Type(SMALL, INK if colour == INK else GREY, "center"))
    if scale.broken:
        before, after = _BREAK + _GAP * 0.35, _BREAK + _GAP * 0.65
        for ends in ((0.0, before), (after, scale.end)):
            reach(plane, ends, bottom, FAINT)
        for x in (before, after):
            rule(plane, x, (bottom - 4, bottom + 4), GREY)
        beyond = label("completion.log", language)
        say(plane, (after + scale.end) / 2, bottom + 9, beyond, Type(SMALL, GREY, "center"))


def _subtitle(rows: Sequence[RowScore], shown: Sequence[RowScore], scale: Scale, language: Language) -> str:
    told = label("completion.subtitle", language)
    if scale.broken:
        told += label("completion.broken", language)
    return (
        told
        if len(shown) == len(rows)
        else told + label("completion.rest", language, shown=len(shown), n=len(rows))
    )


def _title(rows: Sequence[RowScore], far: Decimal, language: Language) -> str:
    """Say how many rows reach their targets, and name the two that stand out."""
    met = sum(row.reading.verdict == Verdict.MET for row in rows)
    every = {"completion.all": met == len(rows), "completion.none": all(map(_missed, rows))}
    key = next((key for key, holds in every.items() if holds), "completion.met")
    told = label(key, language, met=met, n=len(rows))
    low = min((row for row in rows if _missed(row)), key=_ratio, default=None)
    high = max(rows, key=_ratio)
    extremes = [row for row in (high if _ratio(high) >= far else None, low) if row is not None]
    named = [
        label(
            "completion.at",
            language,
            name=in_title(views.short_name(row, language)),
            percent=percent(_ratio(row)),
        )
        for row in dict.fromkeys(extremes)
    ]
    return (
        told + label("completion.while", language, rows=label("and", language).join(named)) if named else told
    )
