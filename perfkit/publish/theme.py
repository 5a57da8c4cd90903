"""The looks of an office: its colours, readable on any paper, and the fonts, with what they lack.

Source: WCAG 2.2, success criterion 1.4.3 (at least 4.5) and its definition of relative luminance.

The look of an office, in a small YAML file that both formats follow.

    office: 上海市干部教育中心
    number: 沪干教〔2023〕12号
    footer: 内部资料，请注意保存
    logo: logo.svg          # beside this file, as is the folder of fonts
    primary: "#1d4e79"      # titles and rules
    loss: "#8a5a00"         # points lost
    template: 公文.docx      # beside this file: its styles, page and header are the Word report's
    words: words.yaml       # beside this file: phrases of the story as the office says them
    glyphs: true            # HTML carries the Chinese glyphs it needs, some 80 kB
    fonts: {headings: 方正小标宋简体, text: 仿宋_GB2312, folder: fonts}

Every key may be left out.

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
from typing import TYPE_CHECKING, Annotated, Any
from unicodedata import category, name

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import PydanticCustomError

from perfkit.errors import DataError, Fault, MachineError, SettingsError, refused
from perfkit.files import read_written
from perfkit.narrative.voice import own_words
from perfkit.publish.images import Picture, Pictures
from perfkit.readers.document import Document, parse
from perfkit.readers.structured import faults
from perfkit.text import say
from perfkit.text.folding import visible
from perfkit.workspace import find_workspace, is_file, is_folder, shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from perfkit.language import Text


READABLE = 4.5
DARK_PAPER = "#16191d"
_COMFORTABLE = 7.0
_LINEAR_BELOW = 0.04045


def contrast(one: str, other: str) -> float:
    """Give the contrast of two colours (`#rrggbb`): 1 for equal ones, 21 for black on white."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def lightened(colour: str, paper: str) -> str:
    """Mix white into a colour until it reads comfortably on dark paper."""
    for share in range(0, 101, 5):
        mixed = _mix(colour, share / 100)
        if contrast(mixed, paper) >= _COMFORTABLE:
            return mixed
    return "#ffffff"


def _channels(colour: str) -> tuple[int, ...]:
    return tuple(int(colour[i : i + 2], 16) for i in (1, 3, 5))


def _luminance(colour: str) -> float:
    linear = [
        c / 12.92 if c <= _LINEAR_BELOW else ((c + 0.055) / 1.055) ** 2.4
        for c in (v / 255 for v in _channels(colour))
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _mix(colour: str, white: float) -> str:
    return "#" + "".join(f"{round(v + (255 - v) * white):02x}" for v in _channels(colour))


_HEX = re.compile(r"#[0-9a-fA-F]{6}")
_FAMILY = re.compile(r"[\w .\-]{1,60}")
_LONGEST = 120


def _wrong(what: Text, expected: Text, hint: Text | str = "") -> PydanticCustomError:
    return PydanticCustomError("form", "{what}", {"what": what, "expected": expected, "hint": hint})


def _colour(value: str) -> str:
    if not _HEX.fullmatch(value):
        raise _wrong(say("expected.no_colour"), say("expected.colour"), say("expected.quote_colour"))
    if contrast(value, "#ffffff") < READABLE:
        raise _wrong(
            say("expected.too_pale", contrast=f"{contrast(value, '#ffffff'):.1f}"),
            say("expected.contrast", least=READABLE),
            say("expected.darker"),
        )
    return value.lower()


def _family(value: str) -> str:
    if value and not _FAMILY.fullmatch(value):
        raise _wrong(say("expected.no_font"), say("expected.font"))
    return value


def _line(value: str) -> str:
    if len(value) > _LONGEST or "\n" in value.strip():
        raise _wrong(say("expected.too_long"), say("expected.one_line", longest=_LONGEST))
    return visible(value.strip())


Colour = Annotated[str, AfterValidator(_colour)]
Family = Annotated[str, AfterValidator(_family)]
Line = Annotated[str, AfterValidator(_line)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class FontChoice(_Part):
    """Hold the families an office asks for, "" for perfkit's own, and the folder that holds their files."""

    headings: Family = ""
    text: Family = ""
    folder: str = ""


class Theme(_Part):
    """Hold the look of an office; an empty one is perfkit's own look."""

    office: Line = ""
    number: Line = ""
    footer: Line = ""
    logo: str = ""
    template: str = ""
    words: str = ""
    glyphs: bool = True
    primary: Colour = "#1d4e79"
    loss: Colour = "#8a5a00"
    fonts: FontChoice = Field(default_factory=FontChoice)

    def colours(self) -> dict[str, str]:
        """Give the theme's colours by the ones of perfkit that they stand in for, where they differ."""
        own, pairs = Theme(), {}
        if self.primary != own.primary:
            pairs = {own.primary: self.primary} | _shades(_OF_PRIMARY, self.primary)
        if self.loss != own.loss:
            pairs |= {own.loss: self.loss} | _shades(_OF_LOSS, self.loss)
        return pairs

    def logo_picture(self) -> Picture | None:
        """Give the logo, None where there is none."""
        return _logo(Path(self.logo)) if self.logo else None

    def placed(self, folder: Path) -> Theme:
        """Give the theme with its files named from the root, where it named them from its own `folder`."""
        fonts = self.fonts.model_copy(update={"folder": _from(folder, self.fonts.folder)})
        files = {key: _from(folder, getattr(self, key)) for key in ("logo", "template", "words")}
        return self.model_copy(update={**files, "fonts": fonts})

    def style(self) -> str:
        """Give the theme as CSS custom properties, lightened for the dark scheme to stay readable."""
        colours = {"structure": self.primary, "loss": self.loss}
        light = "".join(f"--{name}:{value};" for name, value in colours.items())
        dark = "".join(f"--{name}:{lightened(value, DARK_PAPER)};" for name, value in colours.items())
        families = {"headings": self.fonts.headings, "text": self.fonts.text}
        fonts = "".join(
            f'--{name}-font:"{family}",var(--sans);' for name, family in families.items() if family
        )
        return f":root{{{light}{fonts}}}\n@media screen and (prefers-color-scheme:dark){{:root{{{dark}}}}}\n"


_OF_PRIMARY = {"pale": "#86a9c8", "dark": "#7fb2e5", "pale in the dark": "#4f7ca8"}
_OF_LOSS = {"bar": "#d39a2d", "bar in the dark": "#d9a441", "dark": "#e3b763"}
"""The shades of perfkit's two colours that figures are drawn in (`perfkit.display.figures.drawing`)."""
_WHITE = {"pale": 0.5, "bar": 0.35, "pale in the dark": 0.3}


def _shades(own: dict[str, str], colour: str) -> dict[str, str]:
    """Give by the shades of perfkit's own colour the same ones of another."""
    bright = lightened(colour, DARK_PAPER)
    return {old: _mix(colour, _WHITE[name]) if name in _WHITE else bright for name, old in own.items()}


def load_theme(path: str, folder: Path, workspace: Path | None = None) -> Theme:
    """Read the theme file that a notebook asks for; "" gives perfkit's own look.

    A path starts at the workspace (the folder's unless given), or at the notebook's own `folder`.

    Raises:
        SettingsError: with every fault of the file: a missing logo, an unknown key, too pale a colour.
    """
    if not path:
        return Theme()
    places = [(workspace or find_workspace(folder)) / path, folder / path]
    file = next((place for place in places if is_file(place)), None)
    if file is None:
        raise SettingsError(
            Fault(
                say("faults.theme_file_does_not"),
                path,
                place="theme",
                expected=say("faults.yaml_file_workspace"),
            )
        )
    return _read(file, shown(file), file.stat().st_mtime_ns)


@lru_cache(maxsize=8)
def _read(file: Path, name: str, _changed: int) -> Theme:
    try:
        document = parse(read_written(file), name)
    except OSError as error:
        raise SettingsError(Fault(say("faults.file_cannot_read"), name, got=refused(error))) from None
    except DataError as error:
        raise SettingsError(*error.faults) from None
    data = {} if document.data is None else document.data
    if not isinstance(data, dict):
        raise SettingsError(
            Fault(say("faults.not_theme"), name, expected=say("faults.keys_such_office_logo"))
        )
    found: list[Fault] = []
    theme = Theme()
    try:
        theme = Theme.model_validate({key: value for key, value in data.items() if value is not None})
    except ValidationError as error:
        found = faults(error, Theme, document)
    found += _absent(data, file.parent, document)
    if found:
        raise SettingsError(*found)
    return theme.placed(file.parent)


def _from(folder: Path, name: str) -> str:
    return str((folder / name).resolve()) if name else ""


def _absent(data: dict[str, Any], folder: Path, document: Document) -> list[Fault]:
    """Find what the theme names and the disk does not have."""
    found = []
    logo = data.get("logo")
    if isinstance(logo, str) and _logo(folder / logo) is None:
        found.append(
            Fault(
                say("faults.logo_cannot_read"),
                document.file,
                document.place("logo"),
                got=logo,
                expected=say("faults.svg_png_jpeg_file"),
            )
        )
    template = data.get("template")
    if isinstance(template, str) and not is_file(folder / template):
        found.append(
            Fault(
                say("faults.word_template_does_not"), document.file, document.place("template"), got=template
            )
        )
    words = data.get("words")
    if isinstance(words, str) and words:
        try:
            own_words(folder / words)
        except SettingsError as error:
            found += error.faults
    return found


@lru_cache(maxsize=8)
def _logo(path: Path) -> Picture | None:
    import base64

    if not is_file(path):
        return None
    pictures = Pictures()
    data = path.read_bytes()
    address = pictures.add(data.decode("utf-8", "replace")) if path.suffix.lower() == ".svg" else ""
    return pictures.get(address or pictures.photograph(base64.b64encode(data).decode()))


# which fonts a document is set in, and whether they have every character of it


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
        MachineError: a family that the theme asks for, or its folder of fonts, is not on this machine.
    """
    asked = {"headings": choice.headings, "text": choice.text}
    lacks = bool(choice.folder) and not is_folder(choice.folder)
    found = faces("" if lacks else choice.folder, system=any(asked.values()))
    missing = [
        Fault(
            say("faults.folder_fonts_does_not"),
            place=say("faults.of_theme", key="fonts.folder"),
            got=shown(choice.folder),
            hint=say("faults.make_folder_of_fonts"),
        )
        for _ in range(lacks)
    ]
    missing += [
        Fault(
            say("faults.font_not_on_machine"),
            place=say("faults.of_theme", key=f"fonts.{key}"),
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
