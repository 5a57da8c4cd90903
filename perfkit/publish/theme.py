"""The look of an office, in a small YAML file that both formats follow.

    office: 上海市干部教育中心
    number: 沪干教〔2023〕12号
    footer: 内部资料，请注意保存
    logo: logo.svg          # beside this file, as is the folder of fonts
    primary: "#1d4e79"      # titles and rules
    loss: "#8a5a00"         # points lost
    fonts: {headings: 方正小标宋简体, text: 仿宋_GB2312, folder: fonts}

Every key may be left out.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import PydanticCustomError

from perfkit.display.visible import visible
from perfkit.errors import DataError, Fault, SettingsError
from perfkit.publish.contrast import DARK_PAPER, READABLE, contrast, lightened
from perfkit.publish.pictures import Picture, Pictures
from perfkit.readers.document import Document, parse
from perfkit.readers.schema import faults
from perfkit.workspace import find_workspace

_HEX = re.compile(r"#[0-9a-fA-F]{6}")
_FAMILY = re.compile(r"[\w .\-]{1,60}")
_LONGEST = 120


def _wrong(what: str, expected: str, hint: str = "") -> PydanticCustomError:
    return PydanticCustomError("form", "{what}", {"what": what, "expected": expected, "hint": hint})


def _colour(value: str) -> str:
    if not _HEX.fullmatch(value):
        raise _wrong(
            "not a colour", "six hexadecimal digits, such as '#1d4e79'", "quote it: YAML reads # as a comment"
        )
    if contrast(value, "#ffffff") < READABLE:
        raise _wrong(
            f"too pale to be read on white: contrast {contrast(value, '#ffffff'):.1f}",
            f"a contrast of at least {READABLE}",
            "choose a darker colour",
        )
    return value.lower()


def _family(value: str) -> str:
    if value and not _FAMILY.fullmatch(value):
        raise _wrong("not the name of a font", "its family name, such as 仿宋_GB2312")
    return value


def _line(value: str) -> str:
    if len(value) > _LONGEST or "\n" in value.strip():
        raise _wrong("too long for its place", f"one line of at most {_LONGEST} characters")
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
    primary: Colour = "#1d4e79"
    loss: Colour = "#8a5a00"
    fonts: FontChoice = Field(default_factory=FontChoice)

    def colours(self) -> dict[str, str]:
        """Give the theme's colours by the ones of perfkit that they stand in for, where they differ."""
        own = Theme()
        pairs = {own.primary: self.primary, own.loss: self.loss}
        return {old: new for old, new in pairs.items() if old != new}

    def logo_picture(self) -> Picture | None:
        """Give the logo, None where there is none."""
        return _logo(Path(self.logo)) if self.logo else None

    def placed(self, folder: Path) -> Theme:
        """Give the theme with its files named from the root, where it named them from its own `folder`."""
        fonts = self.fonts.model_copy(update={"folder": _from(folder, self.fonts.folder)})
        return self.model_copy(update={"logo": _from(folder, self.logo), "fonts": fonts})

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


def load_theme(path: str, folder: Path) -> Theme:
    """Read the theme file that a notebook asks for; "" gives perfkit's own look.

    A path starts at the workspace, or at the notebook's own `folder`.

    Raises:
        SettingsError: with every fault of the file: a missing logo, an unknown key, too pale a colour.
    """
    if not path:
        return Theme()
    places = [find_workspace(folder) / path, folder / path]
    file = next((place for place in places if place.is_file()), None)
    if file is None:
        raise SettingsError(
            Fault(
                "the theme file does not exist", path, place="theme", expected="a YAML file in the workspace"
            )
        )
    return _read(file, path, file.stat().st_mtime_ns)


@lru_cache(maxsize=8)
def _read(file: Path, name: str, _changed: int) -> Theme:
    try:
        document = parse(file.read_bytes(), name)
    except DataError as error:
        raise SettingsError(*error.faults) from None
    data = {} if document.data is None else document.data
    if not isinstance(data, dict):
        raise SettingsError(Fault("not a theme", name, expected="keys such as office, logo, colours, footer"))
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
            Fault("the logo cannot be read", document.file, document.place("logo"), got=logo,
                  expected="an SVG, PNG or JPEG file beside the theme")
        )  # fmt: skip
    fonts = data.get("fonts")
    named = fonts.get("folder") if isinstance(fonts, dict) else None
    if isinstance(named, str) and not (folder / named).is_dir():
        found.append(
            Fault(
                "the folder of fonts does not exist", document.file, document.place("fonts.folder"), got=named
            )
        )
    return found


@lru_cache(maxsize=8)
def _logo(path: Path) -> Picture | None:
    import base64

    if not path.is_file():
        return None
    pictures = Pictures()
    data = path.read_bytes()
    address = pictures.add(data.decode("utf-8", "replace")) if path.suffix.lower() == ".svg" else ""
    return pictures.get(address or pictures.photograph(base64.b64encode(data).decode()))
