"""The marks a figure is made of: a bar, a dot, a rule, a line of text; nothing else is drawn.

Each is added to the axes as one artist, unclipped and without matplotlib's autoscaling: the chart knows
its range beforehand.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from matplotlib.lines import Line2D

from perfkit.display.figures.lettering import drawable, ordered
from perfkit.display.fonts import register

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.transforms import Transform

INK, GREY, FAINT, TRACK, PAPER = "#1f2933", "#5b6774", "#d3d9df", "#e4e7eb", "#ffffff"
BLUE, OCHRE, OCHRE_TEXT = "#1d4e79", "#d39a2d", "#8a5a00"
GREY_BAR, PALE_BLUE = "#bcc5ce", "#86a9c8"
DARK = {
    INK: "#e4e7eb", GREY: "#a3adb8", FAINT: "#4a5661", TRACK: "#39434d", PAPER: "#14181d",
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


def bar(ax: Axes, start: float, length: float, middle: float, colour: str) -> None:
    """Draw a horizontal bar; nothing where it has no length."""
    from matplotlib.patches import Rectangle

    if length > 0:
        ax.add_artist(Rectangle((start, middle - _BAR / 2), length, _BAR, fc=colour, lw=0, clip_on=False))


def rule(ax: Axes, x: float, heights: tuple[float, float], colour: str = FAINT) -> None:
    """Draw a vertical line at a value, from one height to another."""
    ax.add_artist(Line2D((x, x), heights, color=colour, lw=0.8 if colour == FAINT else 1.1, clip_on=False))


def reach(ax: Axes, ends: tuple[float, float], middle: float, colour: str) -> None:
    """Draw a thin horizontal line between two values."""
    ax.add_artist(Line2D(ends, (middle, middle), color=colour, lw=1.2, clip_on=False))


def dot(ax: Axes, x: float, middle: float, colour: str, fill: str) -> None:
    """Draw a dot with an edge of one colour and a fill of another."""
    ax.add_artist(
        Line2D((x,), (middle,), marker="o", ms=7.5, mec=colour, mew=1.8, mfc=fill, ls="none", clip_on=False)
    )


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


def say(ax: Axes, x: float, middle: float, text: str, style: Type = PLAIN) -> None:
    """Write at a value, upright on the middle of its row."""
    _write(ax, (x, middle), text, style, ax.transData)


def name(ax: Axes, middle: float, text: str, style: Type) -> None:
    """Write a row's name to the left of the axes, where tick labels stand."""
    _write(ax, (0, middle), text, style, ax.get_yaxis_transform())


def _write(ax: Axes, at: tuple[float, float], text: str, style: Type, where: Transform) -> None:
    from matplotlib.transforms import ScaledTranslation

    shown = drawable(text)
    if shown:
        up = style.up - _BASELINE * style.size
        moved = ScaledTranslation(style.dx / 72, up / 72, ax.figure.dpi_scale_trans)
        ax.text(*at, ordered(shown), transform=where + moved, **lettering(style))
