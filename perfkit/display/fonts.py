"""The fonts a report is set in, so that Chinese reads right on a machine that has no Chinese font.

Noto Sans SC and Noto Serif SC come as a package; DejaVu Sans, which matplotlib ships, stands in for
the symbols, Arabic and Hebrew that they lack, Noto Emoji for emoji. What no family has is named by
`missing_glyphs`, never dropped in silence. The analyst's own matplotlib settings stay as they are. An
office's own fonts are a matter of the theme (`perfkit.publish`).
"""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise
from pathlib import Path
from unicodedata import category

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
