"""The fonts a figure is set in: which there are, how wide a text is in them, and each letter's outline.

Noto Sans SC and Noto Serif SC come as a package; DejaVu Sans, which matplotlib ships, stands in for the
symbols, Arabic and Hebrew that they lack, Noto Emoji for emoji. What no family has is named by
`missing_glyphs`, never dropped in silence. The analyst's own matplotlib settings stay as they are. Widths
tell beforehand what matplotlib's own layouts draw a figure twice to learn; outlines, in whole thousandths
of an em, are read once a process, so that a figure reads right on a machine without the font.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import accumulate, pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unicodedata import category

from perfkit.text import folding
from perfkit.text.folding import one_line, reads_right_to_left

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from matplotlib.ft2font import FT2Font

SANS = "Noto Sans SC"
SERIF = "Noto Serif SC"
SYMBOLS = "DejaVu Sans"
EMOJI = "Noto Emoji"
families: tuple[str, ...] = (SANS, SYMBOLS, EMOJI)
"""The families figures are set in, first choice first; a glyph the first lacks comes from the next."""


@cache
def font_paths() -> dict[str, Path]:
    """Give the files of the bundled families by family name."""
    import manimgx_fonts
    import matplotlib as mpl
    import pylopdf_fonts_zh_cn as noto

    (emoji,) = Path(manimgx_fonts.__file__).parent.rglob("NotoEmoji*.ttf")
    return {
        SANS: Path(noto.sans_path()),
        SERIF: Path(noto.serif_path()),
        SYMBOLS: Path(mpl.get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf",
        EMOJI: emoji,
    }


@cache
def register() -> tuple[str, ...]:
    """Make the bundled families known to matplotlib, once a process, and give `families`.

    Only matplotlib's list of fonts grows; no setting of the analyst's changes.
    """
    from matplotlib import font_manager

    known = {entry.fname for entry in font_manager.fontManager.ttflist}
    for path in font_paths().values():
        if str(path) not in known:
            font_manager.fontManager.addfont(path)
    return families


@cache
def _characters(family: str) -> frozenset[int]:
    """Give the code points that a bundled family draws."""
    from matplotlib.ft2font import FT2Font

    return frozenset(FT2Font(str(font_paths()[family])).get_charmap())


def missing_glyphs(text: str, among: tuple[str, ...] = families) -> tuple[str, ...]:
    """Give the characters of a text that none of the families draws, each once, in order.

    White space and control characters need no glyph and are never missing.
    """
    missing = dict.fromkeys(_missing(among).findall(text))
    return tuple(character for character in missing if category(character) not in _NO_GLYPH)


@cache
def _missing(families: tuple[str, ...]) -> re.Pattern[str]:
    """Give a pattern of the characters that none of the families draws."""
    drawn = sorted(frozenset().union(*map(_characters, families)))
    starts = [code for before, code in pairwise([-2, *drawn]) if code - before > 1]
    ends = [code for code, after in pairwise([*drawn, 1 << 21]) if after - code > 1]
    ranges = "".join(f"\\U{start:08x}-\\U{end:08x}" for start, end in zip(starts, ends, strict=True))
    return re.compile(f"[^{ranges}]")


_NO_GLYPH = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp", "Cs"})


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


_ELLIPSIS = "…"
_SHARES = (0.55, 0.65, 0.75, 0.85, 1.0)
_PHRASE = re.compile(r"[，；。]|[,;.]\s+")
_LEFT_TO_RIGHT = "\u200e"
_SHARES = (0.55, 0.65, 0.75, 0.85, 1.0)
_PHRASE = re.compile(r"[，；。]|[,;.]\s+")
_LEFT_TO_RIGHT = "\u200e"


def drawable(text: str) -> str:
    """Give a text on one line with a `□` for each character that no bundled font draws."""
    shown = one_line(text)
    for character in missing_glyphs(shown):
        shown = shown.replace(character, BOX)
    return shown.translate(_JOINERS)


def ordered(line: str) -> str:
    """Give a line so that right-to-left words in it turn only themselves, not the whole line."""
    return f"{_LEFT_TO_RIGHT}{line}" if reads_right_to_left(line) else line


_JOINERS = {0x200C: None, 0x200D: None, 0xFE0E: None, 0xFE0F: None}


def width(text: str, size: float) -> float:
    """Give the width of a line of text in points at a font size."""
    return size / EM * sum(map(advance, text))


def wrap(text: str, size: float, room: float, *, lines: int) -> tuple[str, ...]:
    """Break a text into at most so many lines of at most `room` points, the last ending in `…` if cut.

    Two lines part at a phrase if they can; else lines are about as long, so that no letter stands alone.
    """
    told = _broken(text, size, room)
    if len(told) > lines:
        return (*told[: lines - 1], cut("".join(told[lines - 1 :]), size, room))
    if len(told) == 2:  # noqa: PLR2004 - a pair
        phrases = [pair for pair in _at_phrases(text) if max(width(line, size) for line in pair) <= room]
        if phrases:
            return min(phrases, key=lambda pair: abs(width(pair[0], size) - width(pair[1], size)))
    even = (_broken(text, size, room * share) for share in _SHARES)
    return tuple(next((other for other in even if len(other) == len(told)), told))


def _broken(text: str, size: float, room: float) -> list[str]:
    return folding.wrap(text, room, lambda line: width(line, size))


def _at_phrases(text: str) -> list[tuple[str, str]]:
    """Give each way to part a text in two after a phrase."""
    ends = [found.end() for found in _PHRASE.finditer(text)]
    return [(text[:end].rstrip(), text[end:]) for end in ends if text[end:]]


def cut(text: str, size: float, room: float) -> str:
    """Cut a line so that it fits, its end marked by `…`."""
    if width(text, size) <= room:
        return text
    keep = room - width(_ELLIPSIS, size)
    ends = accumulate(advance(character) * size / EM for character in text)
    return text[: sum(end <= keep for end in ends)].rstrip() + _ELLIPSIS
