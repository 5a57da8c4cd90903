"""A figure drawn as small SVG: a matplotlib renderer that knows paths, text and nothing superfluous.

matplotlib's own SVG lays every text out three times and spells each glyph's outline to six digits: 70–100
kB and most of a report's time. Here a glyph is a shape defined once a figure and placed by its advance.
Scripts that need shaping (Arabic, Hebrew, marks that combine) are still laid out by matplotlib itself.
Colours are attributes, not inline style (which a strict Content-Security-Policy forbids), and turn with
the reader's light or dark setting.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any
from unicodedata import combining

from matplotlib.backend_bases import RendererBase
from matplotlib.colors import to_hex
from matplotlib.text import Text

from perfkit.display.figures import glyphs
from perfkit.display.figures.lettering import width
from perfkit.display.visible import reads_right_to_left

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from matplotlib.backend_bases import GraphicsContextBase
    from matplotlib.figure import Figure
    from matplotlib.path import Path
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
        at = f"translate({_short(x)} {_short(self.height - y)})scale({size / glyphs.EM:.4g})"
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
    return f'<path id="{glyphs.name(letter)}" d="{glyphs.outline(letter)}"/>'


def _placed(text: str) -> Iterable[str]:
    """Yield each letter at its place in thousandths of an em."""
    x = 0.0
    for letter in text:
        if not letter.isspace():
            place = f' x="{x:.0f}"' if round(x) else ""
            yield f'<use href="#{glyphs.name(letter)}"{place}/>'
        x += glyphs.advance(letter)


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
