"""The marks a figure is made of (a bar, a dot, a rule, a line of text), drawn as small SVG.

matplotlib's own SVG lays every text out three times and spells each glyph's outline to six digits: 70–100
kB and most of a report's time. Here a renderer knows paths, text and nothing superfluous: a glyph is a
shape defined once a figure and placed by its advance. Scripts that need shaping (Arabic, Hebrew, marks that
combine) are still laid out by matplotlib itself. Colours are attributes, not inline style (which a strict
Content-Security-Policy forbids), and turn with the reader's light or dark setting. Marks that look alike
are one artist, unclipped and without matplotlib's autoscaling: the chart knows its range beforehand.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING, Any, Literal
from unicodedata import combining

from matplotlib.backend_bases import RendererBase
from matplotlib.colors import to_hex
from matplotlib.lines import Line2D
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from matplotlib.text import Text
from matplotlib.transforms import Affine2D, ScaledTranslation

from perfkit.display import fonts
from perfkit.display.fonts import drawable, ordered, register, width
from perfkit.text.folding import reads_right_to_left

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.backend_bases import GraphicsContextBase
    from matplotlib.figure import Figure
    from matplotlib.figure import Figure as Canvas
    from matplotlib.transforms import Transform

_NAMESPACE = "http://www.w3.org/2000/svg"
_BEFORE = {"left": 0.0, "center": 0.5, "right": 1.0}
_STEPS = {1: "M", 2: "L", 3: "Q", 4: "C", 79: "z"}


def svg_of(figure: Figure, *, title: str, description: str, dark: Mapping[str, str]) -> str:
    """Draw a figure as SVG with its title and description for screen readers.

    `dark` maps each colour to the one that stands for it where the reader prefers dark.
    """
    was, figure.dpi = figure.dpi, 72
    try:
        renderer = SmallSVG(*figure.get_size_inches() * 72)
        figure.draw(renderer)
    finally:
        figure.dpi = was
    return renderer.document(title, description, dark)


class SmallSVG(RendererBase):
    """Draw paths and text as SVG elements, one string each."""

    def __init__(self, width: float, height: float) -> None:
        super().__init__()
        self.width, self.height = width, height
        self._drawn: list[str] = []
        self._letters: set[str] = set()

    def document(self, title: str, description: str, dark: Mapping[str, str]) -> str:
        """Give the finished drawing."""
        wide, high = _short(self.width), _short(self.height)
        size = f'width="{wide}pt" height="{high}pt" viewBox="0 0 {wide} {high}"'
        told = f"<title>{escape(title)}</title><desc>{escape(description)}</desc>"
        letters = "".join(map(_defined, sorted(self._letters)))
        head = f"{told}<style>{_in_dark(dark)}</style><defs>{letters}</defs>"
        return f'<svg xmlns="{_NAMESPACE}" {size} role="img">{head}{"".join(self._drawn)}</svg>'

    def get_canvas_width_height(self) -> tuple[float, float]:
        """Give the size of the drawing in points."""
        return self.width, self.height

    def flipy(self) -> bool:
        """Tell that y counts downwards."""
        return True

    def draw_path(
        self,
        gc: GraphicsContextBase,
        path: Path,
        transform: Transform,
        rgbFace: Any = None,  # noqa: N803
    ) -> None:
        """Draw a path, filled, stroked or both."""
        flipped = path.transformed(transform)
        data = "".join(self._steps(flipped, self.height))
        if data:
            self._drawn.append(f'<path d="{data}"{_fill(gc, rgbFace)}{_stroke(gc)}/>')

    def draw_markers(  # noqa: PLR0913, PLR0917 - the signature is matplotlib's
        self,
        gc: GraphicsContextBase,
        marker_path: Path,
        marker_trans: Transform,
        path: Path,
        trans: Transform,
        rgbFace: Any = None,  # noqa: N803
    ) -> None:
        """Draw a mark at every point of a path."""
        look = f"{_fill(gc, rgbFace)}{_stroke(gc)}"
        data = "".join(self._steps(marker_path.transformed(marker_trans), 0))
        for x, y in trans.transform(path.vertices).tolist():
            at = f"translate({_short(x)} {_short(self.height - y)})"
            self._drawn.append(f'<path d="{data}" transform="{at}"{look}/>')

    def _steps(self, path: Path, height: float) -> Iterable[str]:
        for points, code in path.iter_segments(simplify=False, curves=True):
            step = _STEPS.get(int(code), "")
            if step == "z":
                yield step
            elif step:
                pairs = points.reshape(-1, 2).tolist()
                yield step + " ".join(f"{_short(x)} {_short(height - y)}" for x, y in pairs)

    def write(self, line: Line) -> None:
        """Draw a line of text, letter by letter."""
        text, size = line.get_text(), float(line.get_fontsize())
        x, y = line.get_transform().transform(line.get_unitless_position())
        x -= _BEFORE[line.get_horizontalalignment()] * width(text, size)
        self._letters.update(letter for letter in text if not letter.isspace())
        at = f"translate({_short(x)} {_short(self.height - y)})scale({size / fonts.EM:.4g})"
        colour = to_hex(line.get_color())
        self._drawn.append(f'<g fill="{colour}" transform="{at}">{"".join(_placed(text))}</g>')


class Line(Text):
    """Hold one line of text in the bundled fonts, upright on its baseline.

    `SmallSVG` takes it whole; anything else draws it as it draws every text.
    """

    def draw(self, renderer: RendererBase) -> None:
        """Draw the line."""
        if isinstance(renderer, SmallSVG) and _plain(self.get_text()):
            renderer.write(self)
        else:
            super().draw(renderer)


def _defined(letter: str) -> str:
    return f'<path id="{fonts.name(letter)}" d="{fonts.outline(letter)}"/>'


def _placed(text: str) -> Iterable[str]:
    """Yield each letter at its place in thousandths of an em."""
    x = 0.0
    for letter in text:
        if not letter.isspace():
            place = f' x="{x:.0f}"' if round(x) else ""
            yield f'<use href="#{fonts.name(letter)}"{place}/>'
        x += fonts.advance(letter)


def _plain(text: str) -> bool:
    """Tell whether letters may be set one after the other as they stand."""
    return text.isascii() or not (reads_right_to_left(text) or any(map(_needs_shaping, text)))


def _needs_shaping(letter: str) -> bool:
    """Tell whether a letter belongs to the scripts between Hebrew and Khmer, or combines with others."""
    return "\u0590" <= letter <= "\u18ff" or bool(combining(letter))


def _fill(gc: GraphicsContextBase, face: Any) -> str:
    if face is None or (len(face) > 3 and face[3] == 0):  # noqa: PLR2004 - the fourth is opacity
        return ' fill="none"'
    return f' fill="{to_hex(face)}"{_opacity("fill", face[3] if len(face) > 3 else gc.get_alpha())}'  # noqa: PLR2004


def _stroke(gc: GraphicsContextBase) -> str:
    rgb, weight = gc.get_rgb(), gc.get_linewidth()
    if not weight or rgb[3] == 0:
        return ""
    _, dashes = gc.get_dashes()
    gaps = "" if dashes is None else " ".join(_short(float(dash)) for dash in dashes)  # type: ignore[union-attr, arg-type]
    dashed = f' stroke-dasharray="{gaps}"' if gaps else ""
    return f' stroke="{to_hex(rgb)}" stroke-width="{_short(weight)}"{dashed}{_opacity("stroke", rgb[3])}'


def _opacity(what: str, alpha: float | None) -> str:
    return "" if alpha in {None, 1} else f' {what}-opacity="{alpha:.3g}"'


def _in_dark(dark: Mapping[str, str]) -> str:
    turned = (
        f'[fill="{light}"]{{fill:{other}}}[stroke="{light}"]{{stroke:{other}}}'
        for light, other in dark.items()
    )
    return f"@media (prefers-color-scheme:dark){{{''.join(turned)}}}"


def _short(number: float) -> str:
    return f"{number:.2f}".rstrip("0").rstrip(".")


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
