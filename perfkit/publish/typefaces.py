"""Which fonts a document is set in, and whether they have every character of it.

Chinese first, then, where a text needs them, fonts for other scripts, symbols and emoji, all from packages,
so that a report looks the same on every machine. An office's own fonts come before them where a theme asks. A
character that none of them has is an error that names it and its place: a box in its stead would be a lie.

The glyphs that a page needs, carried in it: Chinese reads right where no Chinese font is installed.

A subset of Noto Sans SC with the page's own characters alone, some 200 bytes each. It comes last among the
page's fonts, so that a machine with fonts of its own uses those; text stays text.
"""

from __future__ import annotations

import base64
import re
from collections import Counter
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unicodedata import category, name

from perfkit.errors import Fault, MachineError
from perfkit.text import say

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from perfkit.publish.theme import FontChoice


SERIF, SANS, MONO = "Noto Serif SC", "Noto Sans SC", "DejaVu Sans Mono"
EMPHASIS = "STIXGeneral"
FORMULAS = "New Computer Modern Math"  # comes with Typst
_SCRIPTS = (
    "Arabic Hebrew Thai Devanagari Bengali Tamil Telugu Gujarati Gurmukhi Kannada Malayalam Oriya Sinhala"
)
_MORE = "Myanmar Khmer Lao Georgian Armenian Ethiopic Symbols"
FALLBACKS = (
    "Noto Sans",
    *(f"Noto Sans {script}" for script in f"{_SCRIPTS} {_MORE}".split()),
    "Noto Emoji",
    "DejaVu Sans",
)
_NO_GLYPH = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp", "Cs"})
_VARIATION = frozenset([*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)])


@dataclass(frozen=True, slots=True)
class Faces:
    """Hold the fonts of a machine as Typst knows them: `fonts` for Typst, `files` by family."""

    fonts: Any
    files: dict[str, tuple[str, int]]

    def has(self, family: str) -> bool:
        """Tell whether a family is there."""
        return family.lower() in self.files

    def draws(self, family: str) -> frozenset[int]:
        """Give the code points that a family has glyphs for."""
        return _charmap(*self.files[family.lower()])


@lru_cache(maxsize=4)
def faces(folder: str = "", *, system: bool = False) -> Faces:
    """Find the fonts of the packages, of a theme's `folder`, and of the machine where `system` asks."""
    import typst

    paths = [str(path) for path in (*_packaged(), folder) if str(path)]
    fonts = typst.Fonts(include_system_fonts=system, include_embedded_fonts=True, font_paths=paths)
    files: dict[str, tuple[str, int]] = {}
    for face in sorted(fonts.fonts(), key=lambda face: (face.style != "normal", abs(face.weight - 400))):
        if face.path:
            files.setdefault(face.family.lower(), (face.path, face.index))
    return Faces(fonts, files)


def _packaged() -> Iterator[Path]:
    import manimgx_fonts
    import matplotlib as mpl
    import pylopdf_fonts_zh_cn

    yield Path(pylopdf_fonts_zh_cn.__file__).parent
    yield Path(manimgx_fonts.__file__).parent
    yield Path(mpl.get_data_path()) / "fonts" / "ttf"


@cache
def _charmap(path: str, index: int) -> frozenset[int]:
    from fontTools.ttLib import TTFont

    with TTFont(path, fontNumber=index, lazy=True) as font:
        return frozenset(font.getBestCmap() or ())


def chosen(choice: FontChoice) -> Faces:
    """Give the fonts a theme needs; the machine's own are looked at only where it asks for some.

    Raises:
        MachineError: a family that the theme asks for is not on this machine.
    """
    asked = {"headings": choice.headings, "text": choice.text}
    found = faces(choice.folder, system=any(asked.values()))
    missing = [
        Fault(
            say("faults.font_not_on_machine"),
            place=f"theme, fonts.{key}",
            got=family,
            hint=say("faults.install_put_its_file"),
        )
        for key, family in asked.items()
        if family and not found.has(family)
    ]
    if missing:
        raise MachineError(*missing)
    return found


def chains(
    choice: FontChoice, found: Faces, characters: frozenset[str]
) -> tuple[dict[str, list[str]], list[str]]:
    """Give the families for each use, only as many as are needed, and the characters that none has."""
    first = [family for family in (choice.text, choice.headings) if family]
    rest = {c for c in characters if ord(c) not in _VARIATION and category(c) not in _NO_GLYPH}
    for family in (SERIF, SANS):
        rest = {c for c in rest if ord(c) not in found.draws(family)}
    more = []
    for family in (*first, *FALLBACKS):
        covered = {c for c in rest if ord(c) in found.draws(family)}
        if covered and family not in first:
            more.append(family)
        rest -= covered
    return {
        "text": [*filter(None, [choice.text]), SERIF, SANS, *more],
        "headings": [*filter(None, [choice.headings]), SANS, SERIF, *more],
        "emphasis": [EMPHASIS, *filter(None, [choice.text]), SERIF, SANS, *more],
        "code": [MONO, SANS, SERIF, *more],
        "formulas": [FORMULAS, *filter(None, [choice.text]), SERIF, SANS, *more],
    }, sorted(rest)


def told(character: str) -> str:
    """Name a character for people: the character, its code point and its Unicode name."""
    return f"{character} U+{ord(character):04X} {name(character, '')}".strip()


FAMILY = "Report Glyphs"
LARGEST = 1_000_000
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]+")
_FAMILIES = re.compile(r"""(font-family=["'][^"']*|font(?:-family)?:[^;"<}]*)""")
_UNUSED = ("GSUB", "GPOS", "GDEF", "vhea", "vmtx", "VORG", "BASE", "DSIG")


def font_face(page: str, largest: int = LARGEST) -> str:
    """Give a rule of CSS that carries the glyphs of a page's characters, whoever writes them; "" for none.

    The rule is at most `largest` bytes: where all glyphs take more, the characters used most have theirs.
    """
    drawn = _face()[1]
    counted = Counter("".join(_BEYOND_ASCII.findall(page)))
    wanted = [c for c, _ in counted.most_common() if ord(c) in drawn]
    while wanted:
        rule = _rule(_subset(wanted))
        if len(rule) <= largest:
            return rule
        wanted = wanted[: int(len(wanted) * min(largest / len(rule), 0.95))]
    return ""


def lettered(svg: str) -> str:
    """Give a drawing whose texts are text with the glyphs they need, since a page's fonts do not reach it."""
    if "<text" not in svg or not _BEYOND_ASCII.search(svg):
        return svg
    named = _FAMILIES.sub(rf"\1, &apos;{FAMILY}&apos;", svg)
    start = named.find(">", named.find("<svg")) + 1
    rule = f'svg{{font-family:sans-serif,"{FAMILY}"}}{font_face(svg)}'
    return f"{named[:start]}<style>{rule}</style>{named[start:]}" if start else svg


def _rule(font: bytes) -> str:
    carried = base64.b64encode(font).decode()
    return f'@font-face{{font-family:"{FAMILY}";src:url(data:font/otf;base64,{carried}) format("opentype")}}'


def _subset(characters: Iterable[str]) -> bytes:
    import uharfbuzz as hb  # type: ignore[import-untyped]

    wanted = hb.SubsetInput()
    wanted.unicode_set.update(map(ord, characters))
    wanted.drop_table_tag_set.update(int.from_bytes(tag.encode(), "big") for tag in _UNUSED)
    wanted.flags = hb.SubsetFlags.NO_HINTING
    return bytes(hb.subset(_face()[0], wanted).blob.data)


@cache
def _face() -> tuple[Any, frozenset[int]]:
    """Open Noto Sans SC; give it with the code points that it draws."""
    import pylopdf_fonts_zh_cn
    import uharfbuzz as hb

    face = hb.Face(hb.Blob.from_file_path(str(pylopdf_fonts_zh_cn.sans_path())))
    return face, frozenset(face.unicodes)
