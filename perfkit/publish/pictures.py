"""Pictures of a report: drawings and photographs, made harmless and carried inside the page.

In HTML a drawing becomes an `<img>` with the drawing in its address, not a part of the page: so it can
neither run nor ask nor clash with the ids of its neighbours, and a browser still draws it sharp. Until then a
picture is known by its number, as `pk-figure:3`, so that nothing has to parse it twice.
"""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass, field, replace
from io import BytesIO

from perfkit.publish.drawings import description_of, harmless_svg, size_of

_INLINE_SVG = re.compile(r"<svg\b.*?</svg\s*>", re.DOTALL | re.IGNORECASE)
_PREFIX = "pk-figure:"
_LARGEST = 40_000_000
_PX = 0.75


@dataclass(frozen=True, slots=True)
class Picture:
    """Hold one picture, a drawing (`svg`) or a photograph (`data`, base64), and its size in points."""

    width: float
    height: float
    svg: str = ""
    kind: str = ""
    data: str = ""

    @property
    def address(self) -> str:
        """Give the address under which a page carries the picture."""
        return f"data:image/{self.kind};base64,{self.data}" if self.data else _address_of(self.svg)

    @property
    def drawing(self) -> str:
        """Give the picture as SVG, a photograph as the one image in it."""
        if self.svg:
            return self.svg
        return (
            '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
            f'width="{self.width}" height="{self.height}"><image width="{self.width}" height="{self.height}" '
            f'xlink:href="{self.address}"/></svg>'
        )


@dataclass(slots=True)
class Pictures:
    """Collect the pictures of one report while its fragments are cleaned; each gets a number."""

    kept: list[Picture] = field(default_factory=list)

    def take_out(self, html: str) -> str:
        """Put `<img src="pk-figure:N">` in the place of every inline drawing."""
        return _INLINE_SVG.sub(self._placeholder, html) if "<svg" in html.lower() else html

    def add(self, svg: str) -> str:
        """Keep a drawing and give its address within the report, or "" when it is none."""
        drawing = harmless_svg(svg)
        return self._keep(Picture(*size_of(drawing), svg=drawing)) if drawing else ""

    def photograph(self, data: str) -> str:
        """Keep a photograph (base64) and give its address within the report, or "" when it is none."""
        from PIL import Image, UnidentifiedImageError

        try:
            with Image.open(BytesIO(base64.b64decode(data, validate=True))) as image:
                width, height, kind = image.width, image.height, (image.format or "").lower()
        except (ValueError, OSError, UnidentifiedImageError, Image.DecompressionBombError):
            return ""
        if width * height > _LARGEST or kind not in {"png", "jpeg", "gif", "webp"}:
            return ""
        return self._keep(Picture(width * _PX, height * _PX, kind=kind, data=data))

    def recolour(self, colours: dict[str, str]) -> None:
        """Draw in other colours: each (`#rrggbb`) that `colours` knows becomes another."""
        for number, picture in enumerate(self.kept):
            svg = picture.svg
            for old, new in colours.items():
                svg = svg.replace(old, new)
            self.kept[number] = replace(picture, svg=svg)

    def get(self, address: str) -> Picture | None:
        """Give the picture of an address, None when nothing was kept under it."""
        number = address.removeprefix(_PREFIX) if address.startswith(_PREFIX) else ""
        return self.kept[int(number)] if number.isdecimal() and int(number) < len(self.kept) else None

    def description(self, address: str) -> str:
        """Give the description that a drawing carries itself, or ""."""
        picture = self.get(address)
        return description_of(picture.svg) if picture and picture.svg else ""

    def _keep(self, picture: Picture) -> str:
        self.kept.append(picture)
        return f"{_PREFIX}{len(self.kept) - 1}"

    def _placeholder(self, match: re.Match[str]) -> str:
        address = self.add(match.group())
        return f'<img src="{address}">' if address else ""


def _address_of(svg: str) -> str:
    """Write a drawing as an address that a page can carry, shorter than base64."""
    for character, code in (("%", "%25"), ("#", "%23"), ("<", "%3C"), (">", "%3E"), ('"', "'")):
        svg = svg.replace(character, code)
    return "data:image/svg+xml," + " ".join(svg.split())
