"""A figure on its page: title, subtitle, and rows of marks beside their names.

Every figure of a report has the same anatomy, so it is drawn once, here: the finding as a title, what is
drawn as a subtitle, a column of names, a plot whose x axis is data and whose y axis counts points from
the top. The page is 5 inches wide, so that its type is read on a phone without zooming.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from perfkit.display import fonts
from perfkit.display.figures import drawing
from perfkit.display.figures.drawing import DARK, GREY, INK, PAPER, SMALL, TEXT, TITLE, Line, Type, svg_of
from perfkit.display.fonts import register

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Canvas

    from perfkit.display.figures.drawing import Plane

WIDTH = 360.0
_LEADING = 1.36
_GAP = 8.0
_LABEL_ROOM = 132.0
_LEAST_PLOT = 24.0
_NAME_IN_TITLE = 170.0
_DPI = 144  # of a PNG that an analyst saves; the SVG has none
_PLAIN: dict[Any, Any] = {
    "text.usetex": False,
    "path.sketch": None,
    "path.effects": [],
    "lines.antialiased": True,
}


@dataclass(frozen=True, slots=True)
class Row:
    """Hold the name of one row of a chart and the smaller note under it."""

    name: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """Hold what a figure says and how its marks are drawn.

    `span` is the range of the x axis; `mark` draws the marks of all rows, given the middle of each in
    points from the top of the plot; `right` is the room in points that values beyond the axis need, `foot`
    that under the rows, `row_height` the least height of a row.
    """

    title: str
    subtitle: str
    alt: str
    rows: Sequence[Row]
    span: tuple[float, float]
    mark: Callable[[Plane, Sequence[float]], None]
    right: float = 0.0
    foot: float = 0.0
    row_height: float = 24.0


def in_title(name: str) -> str:
    """Give a row's name as a title carries it: whole, or cut where it would fill the title alone."""
    return fonts.cut(name, TITLE, _NAME_IN_TITLE)


def sentence(text: str) -> Chart:
    """Give the chart of nothing to draw: a sentence that says so."""
    return Chart(text, "", text, (), (0, 1), lambda _plane, _middles: None)


class Figure:
    """Hold a finished figure: `figure` (matplotlib), `alt` (a sentence) and `svg`; shows itself as SVG."""

    def __init__(self, figure: Canvas, chart: Chart) -> None:
        self.figure = figure
        self.title = chart.title
        self.subtitle = chart.subtitle
        self.alt = chart.alt

    @cached_property
    def svg(self) -> str:
        """Give the figure as SVG, its text as outlines, the same bytes for the same inputs."""
        return svg_of(self.figure, title=self.title, description=self.alt, dark=DARK)

    def _repr_mimebundle_(self, **_asked: object) -> tuple[dict[str, Any], dict[str, Any]]:
        """Give the SVG with the alt sentence beside it, as notebooks and exporters ask for it."""
        told = {"alt": self.alt, "title": self.title, "caption": self.subtitle}
        return {"image/svg+xml": self.svg, "text/plain": self.alt}, {"image/svg+xml": told}

    def __repr__(self) -> str:
        return f"<Figure {self.alt}>"


def show(chart: Chart, ax: Axes | None) -> Figure | Axes:
    """Draw a chart on a page of its own, or into the analyst's axes where they are given."""
    register()
    with _plain_settings():
        if ax is None:
            return Figure(_page(chart), chart)
        labels = _labels(chart)
        _plot(drawing.Plane.in_axes(ax, chart.span, _depth(labels)), chart, labels)
        title = fonts.wrap(fonts.drawable(chart.title), TITLE, WIDTH, lines=3)
        ax.set_title("\n".join(map(fonts.ordered, title)), loc="left", **drawing.lettering(Type(TITLE)))
        return ax


@contextmanager
def _plain_settings() -> Iterator[None]:
    """Put aside what in an analyst's settings would spoil a figure."""
    from matplotlib import rcParams

    kept = {name: rcParams[name] for name in _PLAIN}
    rcParams.update(_PLAIN)
    try:
        yield
    finally:
        rcParams.update(kept)


def _depth(labels: Sequence[_Label]) -> float:
    """Give the height of a plot in points."""
    return sum(label.height for label in labels) or 1.0


@dataclass(frozen=True, slots=True)
class _Label:
    """Hold a row's name and note broken into lines: `width` of the widest, `height` of all, in points."""

    lines: tuple[tuple[str, float, str], ...]
    width: float
    height: float


def _labels(chart: Chart) -> list[_Label]:
    return [_label(row, chart.row_height) for row in chart.rows]


def _label(row: Row, least: float) -> _Label:
    name = fonts.wrap(fonts.drawable(row.name), TEXT, _LABEL_ROOM, lines=2)
    note = fonts.cut(fonts.drawable(row.note), SMALL, _LABEL_ROOM)
    lines = [(line, TEXT, INK) for line in name] + [(note, SMALL, GREY)] * bool(note)
    widest = max((fonts.width(line, size) for line, size, _ in lines), default=0.0)
    return _Label(tuple(lines), widest, max(least, sum(_LEADING * size for _, size, _ in lines) + 7))


def _page(chart: Chart) -> Canvas:
    """Set title and subtitle over the plot, on a page as high as they need and, for vast amounts, wider."""
    from matplotlib.figure import Figure as Canvas

    heads, labels = _heads(chart), _labels(chart)
    left = max((label.width for label in labels), default=0.0) + _GAP
    right = max(WIDTH - chart.right, left + _LEAST_PLOT)
    under = chart.foot + 4 if labels else 2
    top = under + _depth(labels) if labels else under
    wide, high = (
        right + chart.right,
        top + (8 if labels else 0) + sum(_LEADING * size for _, size, _ in heads),
    )
    size = (wide / 72, high / 72)
    canvas = Canvas(figsize=size, dpi=_DPI, facecolor=PAPER, edgecolor="none", linewidth=0)
    _head(canvas, heads, high)
    if labels:
        box = drawing.Box(left / wide, right / wide, top / high, under / high)
        _plot(drawing.Plane.on_page(canvas, box, chart.span, _depth(labels)), chart, labels)
    return canvas


def _heads(chart: Chart) -> list[tuple[str, float, str]]:
    """Break title and subtitle into lines, each with its size and colour."""
    return [
        (line, size, colour)
        for text, size, colour in ((chart.title, TITLE, INK), (chart.subtitle, SMALL, GREY))
        for line in fonts.wrap(fonts.drawable(text), size, WIDTH, lines=3)
    ]


def _head(canvas: Canvas, heads: Sequence[tuple[str, float, str]], high: float) -> None:
    y = high
    for line, size, colour in heads:
        y -= _LEADING * size
        style = drawing.lettering(Type(size, colour))
        canvas.add_artist(
            Line(0, (y + 0.3 * size) / high, fonts.ordered(line), transform=canvas.transFigure, **style)
        )


def _plot(plane: Plane, chart: Chart, labels: Sequence[_Label]) -> None:
    """Place the rows from the top, write their names to the left of the plot and draw their marks."""
    top, middles = 0.0, []
    for label in labels:
        middles.append(top + label.height / 2)
        _name(plane, chart.span[0], middles[-1], label)
        top += label.height
    chart.mark(plane, middles)
    plane.settle()


def _name(plane: Plane, x: float, middle: float, label: _Label) -> None:
    y = middle - sum(_LEADING * size for _, size, _ in label.lines) / 2
    for line, size, colour in label.lines:
        style = Type(size, colour, "right", dx=-_GAP)
        drawing.say(plane, x, y + _LEADING * size / 2, line, style)
        y += _LEADING * size
