"""A figure on its page: title, subtitle, and rows of marks beside their names.

Every figure of a report has the same anatomy, so it is drawn once, here: the finding as a title, what is
drawn as a subtitle, a column of names, a plot whose x axis is data and whose y axis counts points from
the top. The page is 5 inches wide, so that its type is read on a phone without zooming.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from io import StringIO
from typing import TYPE_CHECKING, Any

from perfkit.display.figures import lettering
from perfkit.display.figures.svg import compact
from perfkit.display.fonts import register

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Canvas

INK, GREY, FAINT, TRACK, PAPER = "#1f2933", "#5b6774", "#d3d9df", "#e4e7eb", "#ffffff"
BLUE, OCHRE, OCHRE_TEXT = "#1d4e79", "#d39a2d", "#8a5a00"
WIDTH = 360.0
TITLE, TEXT, SMALL = 13.0, 10.5, 9.5
_LEADING = 1.36
_GAP = 8.0
_LABEL_SHARE = 0.4
_STYLE = {
    "svg.fonttype": "path",
    "svg.hashsalt": "perfkit",
    "text.usetex": False,
    "path.sketch": None,
    "path.effects": [],
}
_NO_METADATA = dict.fromkeys(("Date", "Creator", "Format", "Type"))


@dataclass(frozen=True, slots=True)
class Row:
    """Hold the name of one row of a chart and the smaller note under it."""

    name: str
    note: str = ""
    lines: int = 2


@dataclass(frozen=True, slots=True)
class Place:
    """Hold where a row stands: `middle` of its marks and `height`, in points from the top of the plot."""

    middle: float
    height: float


@dataclass(frozen=True, slots=True)
class Chart:
    """Hold what a figure says and how its marks are drawn.

    `span` is the range of the x axis; `mark` draws the marks of all rows into the axes at their places;
    `right` is the room in points that the values beyond the axis need.
    """

    title: str
    subtitle: str
    alt: str
    rows: Sequence[Row] = ()
    span: tuple[float, float] = (0.0, 1.0)
    mark: Callable[[Axes, Sequence[Place]], None] = field(default=lambda ax, places: None)
    right: float = 0.0
    row_height: float = 24.0
    foot: float = 0.0


class Figure:
    """Hold a finished figure: `figure` (matplotlib), `alt` (a sentence) and `svg`; shows itself as SVG."""

    def __init__(self, figure: Canvas, chart: Chart) -> None:
        self.figure = figure
        self.alt = chart.alt
        self.title = chart.title
        self.subtitle = chart.subtitle

    @cached_property
    def svg(self) -> str:
        """Give the figure as SVG, its text as outlines, the same bytes for the same inputs."""
        import matplotlib as mpl

        out = StringIO()
        with mpl.rc_context(_STYLE):
            self.figure.savefig(out, format="svg", metadata=_NO_METADATA)
        return compact(out.getvalue(), title=self.title, description=self.alt)

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> tuple[dict[str, Any], dict[str, Any]]:
        """Give the SVG with the alt sentence beside it, as notebooks and exporters ask for it."""
        told = {"alt": self.alt, "title": self.title, "caption": self.subtitle}
        return {"image/svg+xml": self.svg, "text/plain": self.alt}, {"image/svg+xml": told}

    def __repr__(self) -> str:
        return f"<Figure {self.alt}>"


def show(chart: Chart, ax: Axes | None) -> Figure | Axes:
    """Draw a chart on a page of its own, or into the analyst's axes where they are given."""
    import matplotlib as mpl

    register()
    with mpl.rc_context(_STYLE):
        if ax is None:
            return Figure(_page(chart), chart)
        _plot(ax, chart, [_Label(row, WIDTH * _LABEL_SHARE) for row in chart.rows])
        ax.set_title(f"{lettering.drawable(chart.title)}\n", loc="left", color=INK, parse_math=False, fontfamily=list(register()))
        return ax


class _Label:
    """Hold a row's name and note broken into lines, with the height they take."""

    def __init__(self, row: Row, room: float) -> None:
        self.name = lettering.wrap(lettering.drawable(row.name), TEXT, room, lines=row.lines)
        self.note = lettering.cut(lettering.drawable(row.note), SMALL, room)
        self.height = _LEADING * (TEXT * len(self.name) + SMALL * bool(self.note))
        lines = [lettering.width(line, TEXT) for line in self.name]
        self.width = max([*lines, lettering.width(self.note, SMALL)], default=0.0)


def _page(chart: Chart) -> Canvas:
    from matplotlib.figure import Figure as Canvas

    title = lettering.wrap(lettering.drawable(chart.title), TITLE, WIDTH, lines=3)
    subtitle = lettering.wrap(lettering.drawable(chart.subtitle), SMALL, WIDTH, lines=3)
    labels = [_Label(row, WIDTH * _LABEL_SHARE) for row in chart.rows]
    head = _LEADING * (TITLE * len(title) + SMALL * len(subtitle)) + 6
    plot = sum(_height(label, chart) for label in labels)
    height = head + (plot + chart.foot + 10 if labels else 4)
    figure = Canvas(figsize=(WIDTH / 72, height / 72), dpi=72, facecolor=PAPER)
    y = height
    for lines, size, colour in ((title, TITLE, INK), (subtitle, SMALL, GREY)):
        for line in lines:
            y -= _LEADING * size
            write(figure, 0, (y + 0.3 * size) / height, line, size=size, color=colour)
    if labels:
        left = max(label.width for label in labels) + _GAP
        box = (left / WIDTH, (chart.foot + 4) / height, (WIDTH - left - chart.right) / WIDTH, plot / height)
        _plot(figure.add_axes(box), chart, labels)
    return figure


def _height(label: _Label, chart: Chart) -> float:
    return max(chart.row_height, label.height + 6)


def _plot(ax: Axes, chart: Chart, labels: Sequence[_Label]) -> None:
    """Place the rows from the top, write their names to the left of the axes and draw their marks."""
    top, places = 0.0, []
    for label in labels:
        height = _height(label, chart)
        places.append(Place(top + height / 2, height))
        _name(ax, places[-1].middle, label)
        top += height
    ax.set_axis_off()
    ax.set_xlim(*chart.span)
    ax.set_ylim(top or 1.0, 0)
    chart.mark(ax, places)


def _name(ax: Axes, middle: float, label: _Label) -> None:
    lines = [(line, TEXT, INK) for line in label.name] + [(label.note, SMALL, GREY)] * bool(label.note)
    y = middle - label.height / 2
    for line, size, colour in lines:
        y += _LEADING * size
        write(ax, -_GAP, y - 0.3 * size, line, size=size, color=colour, ha="right", beside=True)


def write(
    where: Any, x: float, y: float, text: str, *, size: float = TEXT, color: str = INK, ha: str = "left", dx: float = 0, beside: bool = False
) -> None:
    """Write a line of text whose baseline starts at x, y: never read as maths, in the bundled fonts.

    `dx` moves it by points; `beside` counts x in points from the left edge of the axes.
    """
    kwargs: dict[str, Any] = {
        "fontfamily": list(register()), "fontsize": size, "color": color, "ha": ha, "va": "baseline", "parse_math": False,
    }  # fmt: skip
    shown = lettering.drawable(text)
    if not shown:
        return
    if not hasattr(where, "annotate"):
        where.text(x, y, shown, **kwargs)
    elif beside:
        where.annotate(shown, (0, y), (x, 0), xycoords=("axes fraction", "data"), textcoords="offset points", annotation_clip=False, **kwargs)
    else:
        where.annotate(shown, (x, y), (dx, 0), textcoords="offset points", annotation_clip=False, **kwargs)
