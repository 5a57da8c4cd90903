"""The marks a figure is made of: a bar, a dot, a rule, a line of text; nothing else is drawn.

All that look alike are one artist, unclipped and without matplotlib's autoscaling: the chart knows its
range beforehand.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from matplotlib.lines import Line2D
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from matplotlib.transforms import Affine2D, ScaledTranslation

from perfkit.display.figures.drawing import Line
from perfkit.display.figures.lettering import drawable, ordered
from perfkit.display.fonts import register

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Canvas
    from matplotlib.transforms import Transform

INK, GREY, FAINT, TRACK, PAPER = "#1f2933", "#5b6774", "#d3d9df", "#e4e7eb", "#ffffff"
BLUE, OCHRE, OCHRE_TEXT = "#1d4e79", "#d39a2d", "#8a5a00"
GREY_BAR, PALE_BLUE = "#bcc5ce", "#86a9c8"
DARK = {
    INK: "#e4e7eb", GREY: "#a3adb8", FAINT: "#4a5661", TRACK: "#39434d", PAPER: "#16191d",
    BLUE: "#7fb2e5", OCHRE: "#d9a441", OCHRE_TEXT: "#e3b763",
    GREY_BAR: "#5d6873", PALE_BLUE: "#4f7ca8",
}  # fmt: skip
"""What stands for each colour where the reader prefers dark."""
TITLE, TEXT, SMALL = 13.0, 10.5, 9.5
_BASELINE = 0.36


@dataclass(frozen=True, slots=True)
class Type:
    """Hold how a text is set: its `size`, and `dx` and `up` from where it stands, in points."""

    size: float = TEXT
    colour: str = INK
    align: Literal["left", "center", "right"] = "left"
    dx: float = 0.0
    up: float = 0.0


PLAIN = Type()
_BAR = 12.0


@dataclass(frozen=True, slots=True)
class Plane:
    """Hold where marks are drawn: x is data, y counts points from the top of the plot.

    It is a part of a page, or the axes of an analyst; `canvas` is the figure that either belongs to, `depth`
    the height of the plot in points. Marks that look alike are gathered, and drawn as one by `settle`.
    """

    depth: float
    canvas: Canvas
    add: Callable[[Artist], object]
    data: Transform
    bars: dict[str, list[Path]] = field(default_factory=dict)
    strokes: dict[tuple[str, float], list[Path]] = field(default_factory=dict)
    dots: dict[tuple[str, str], list[tuple[float, float]]] = field(default_factory=dict)

    @classmethod
    def on_page(cls, canvas: Canvas, box: Box, span: tuple[float, float], depth: float) -> Plane:
        """Give the plane that maps a span and a depth onto a box of a page."""
        wide, high = (box.right - box.left) / (span[1] - span[0]), (box.bottom - box.top) / depth
        page = Affine2D().translate(-span[0], 0).scale(wide, high).translate(box.left, box.top)
        return cls(depth, canvas, canvas.add_artist, page + canvas.transFigure)

    @classmethod
    def in_axes(cls, ax: Axes, span: tuple[float, float], depth: float) -> Plane:
        """Give the plane of an analyst's axes, which are set to the span and the depth."""
        ax.set_axis_off()
        ax.set_xlim(*span)
        ax.set_ylim(depth, 0)
        return cls(depth, ax.figure.get_figure(root=True), ax.add_artist, ax.transData)

    def settle(self) -> None:
        """Draw the marks that were gathered: bars under lines, lines under dots."""
        for colour, bars in self.bars.items():
            self._shape(bars, facecolor=colour, linewidth=0)
        for (colour, weight), lines in self.strokes.items():
            self._shape(lines, facecolor="none", edgecolor=colour, linewidth=weight, zorder=2)
        for (colour, fill), places in self.dots.items():
            x, y = zip(*places, strict=True)
            dots = Line2D(x, y, marker="o", linestyle="none", transform=self.data, clip_on=False)
            dots.set(markersize=7.5, markeredgecolor=colour, markeredgewidth=1.8, markerfacecolor=fill)
            self.add(dots)

    def _shape(self, paths: Sequence[Path], **style: Any) -> None:
        whole = Path.make_compound_path(*paths)
        self.add(PathPatch(whole, transform=self.data, clip_on=False, linestyle="-", **style))


@dataclass(frozen=True, slots=True)
class Box:
    """Hold a part of a page, in fractions of its width and height; y counts from the bottom."""

    left: float
    right: float
    top: float
    bottom: float


def bar(plane: Plane, start: float, length: float, middle: float, colour: str) -> None:
    """Draw a horizontal bar; nothing where it has no length."""
    if length > 0:
        end, top, bottom = start + length, middle - _BAR / 2, middle + _BAR / 2
        corners = [(start, top), (end, top), (end, bottom), (start, bottom), (start, top)]
        plane.bars.setdefault(colour, []).append(Path(corners, closed=True))


def rule(plane: Plane, x: float, heights: tuple[float, float], colour: str = FAINT) -> None:
    """Draw a vertical line at a value, from one height to another."""
    _line(plane, ((x, heights[0]), (x, heights[1])), colour, 0.8 if colour == FAINT else 1.1)


def reach(plane: Plane, ends: tuple[float, float], middle: float, colour: str) -> None:
    """Draw a thin horizontal line between two values."""
    _line(plane, ((ends[0], middle), (ends[1], middle)), colour, 1.2)


def _line(plane: Plane, ends: Sequence[tuple[float, float]], colour: str, weight: float) -> None:
    plane.strokes.setdefault((colour, weight), []).append(Path(ends))


def dot(plane: Plane, x: float, middle: float, colour: str, fill: str) -> None:
    """Draw a dot with an edge of one colour and a fill of another."""
    plane.dots.setdefault((colour, fill), []).append((x, middle))


def lettering(style: Type) -> dict[str, Any]:
    """Give the settings of a line of text: the bundled fonts, never read as maths."""
    return {
        "fontfamily": list(register()),
        "fontsize": style.size,
        "fontweight": "normal",
        "fontstyle": "normal",
        "color": style.colour,
        "ha": style.align,
        "va": "baseline",
        "parse_math": False,
    }


def say(plane: Plane, x: float, middle: float, text: str, style: Type = PLAIN) -> None:
    """Write at a value, upright on the middle of its row."""
    shown = drawable(text)
    if shown:
        up = style.up - _BASELINE * style.size
        moved = plane.data + ScaledTranslation(style.dx / 72, up / 72, plane.canvas.dpi_scale_trans)
        plane.add(Line(x, middle, ordered(shown), transform=moved, clip_on=False, **lettering(style)))
