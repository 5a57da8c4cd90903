"""The letters of a figure as outlines: how wide each is, and its shape in whole thousandths of an em.

Text in a figure is drawn as shapes, so that it reads right on a machine without the font. Each character
is read from the font once a process; two figures that show it share the work.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from perfkit.display.fonts import families, font_paths

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from matplotlib.ft2font import FT2Font

EM = 1000
BOX = "□"
"""What stands for a character that no bundled font draws."""
_STEPS = {1: ("M", 1), 2: ("L", 1), 3: ("Q", 2), 4: ("C", 3), 79: ("z", 1)}


@cache
def _font(family: str) -> FT2Font:
    from matplotlib.ft2font import FT2Font

    font = FT2Font(str(font_paths()[family]))
    font.set_size(EM, 72)
    return font


@cache
def _home(character: str) -> str | None:
    """Give the first family that draws a character."""
    return next((name for name in families if _font(name).get_char_index(ord(character))), None)


@cache
def _glyph(character: str) -> tuple[float, str]:
    """Read a character from its font: its width and its outline; those of a box where no font has it."""
    from matplotlib.ft2font import LoadFlags

    home = _home(character)
    if home is None:
        return _glyph(BOX) if character.isprintable() else (0.0, "")
    font = _font(home)
    wide = font.load_char(ord(character), LoadFlags.NO_HINTING).linearHoriAdvance
    points, codes = font.get_path()
    steps = _steps([(round(x), round(-y)) for x, y in points.tolist()], codes.tolist())
    return float(wide) / 65536, "".join(steps)


@cache
def advance(character: str) -> float:
    """Give the width of a character in thousandths of an em."""
    return _glyph(character)[0]


def outline(character: str) -> str:
    """Give the outline of a character as SVG path data, y downwards, each step relative to the last."""
    return _glyph(character)[1]


@cache
def heights(family: str) -> tuple[float, float, float]:
    """Give how far a font rises above its baseline and falls below it, and its line gap, in ems."""
    font: Any = _font(family)
    lines, em = font.get_sfnt_table("OS/2"), font.get_sfnt_table("head")["unitsPerEm"]
    return lines["sTypoAscender"] / em, -lines["sTypoDescender"] / em, lines["sTypoLineGap"] / em


def name(character: str) -> str:
    """Give the id of a character's outline, the same in every figure."""
    return f"g{ord(character):x}"


def _steps(points: Sequence[tuple[int, int]], codes: Sequence[int]) -> Iterator[str]:
    at, here = 0, (0, 0)
    while at < len(codes):
        step, count = _STEPS[codes[at]]
        if step == "z":
            yield step
        else:
            moved = points[at : at + count]
            yield _relative(step, moved, here)
            here = moved[-1]
        at += count


def _relative(step: str, points: Sequence[tuple[int, int]], here: tuple[int, int]) -> str:
    (x, y), last = here, points[-1]
    if step == "M":
        return f"M{last[0]}{_signed(last[1])}"
    if step == "L" and last[1] == y:
        return f"h{last[0] - x}"
    if step == "L" and last[0] == x:
        return f"v{last[1] - y}"
    moves = [n for px, py in points for n in (px - x, py - y)]
    return f"{step.lower()}{moves[0]}" + "".join(map(_signed, moves[1:]))


def _signed(number: int) -> str:
    return str(number) if number < 0 else f" {number}"
