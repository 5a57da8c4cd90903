"""Pictures that a page only names, brought into it or told of: a report asks no host and no folder."""

from __future__ import annotations

import base64
import re
from typing import TYPE_CHECKING

from lxml import etree

from perfkit.language import Language, Text
from perfkit.publish.tree import replace

if TYPE_CHECKING:
    from pathlib import Path

    from perfkit.publish.pictures import Pictures
    from perfkit.publish.tree import Element

_UNDESCRIBED = Text("图（没有文字说明）", "Picture (no description was given)")
_ABSENT = Text("图片未收入报告", "Picture not part of the report")
_RASTER = re.compile(r"data:image/(png|jpeg|gif|webp);base64,([A-Za-z0-9+/=\s]+)")
_DRAWN = re.compile(r"data:image/svg\+xml[^,]*,")
_MAGIC = {b"\x89PNG": "png", b"\xff\xd8\xff": "jpeg", b"GIF8": "gif", b"RIFF": "webp"}
_LARGEST = 8_000_000


def settle_picture(image: Element, pictures: Pictures, folder: Path | None, language: Language) -> None:
    """Make a picture part of the report, described; or put a note in its place that says it is not."""
    address = _address(image.get("src", ""), pictures, folder)
    described = (image.get("alt") or "").strip() or pictures.description(address)
    if not address:
        note = etree.Element("span", {"class": "pk-note"})
        note.text = f"[{_ABSENT[language]}：{described or image.get('src', '')[:80]}]"
        replace(image, note)
        return
    image.set("src", address)
    image.set("alt", described or _UNDESCRIBED[language])


def _address(source: str, pictures: Pictures, folder: Path | None) -> str:
    """Give the address under which a picture is part of the report, or ""."""
    if source.startswith("pk-figure:"):
        return source if pictures.get(source) else ""
    if found := _RASTER.fullmatch(source.strip()):
        return pictures.photograph(re.sub(r"\s", "", found.group(2)))
    if _DRAWN.match(source):
        return pictures.add(_drawing(source))
    return _from_folder(source, pictures, folder)


def _drawing(source: str) -> str:
    from urllib.parse import unquote_to_bytes

    head, _, data = source.partition(",")
    try:
        raw = base64.b64decode(data) if head.endswith(";base64") else unquote_to_bytes(data)
    except ValueError:
        return ""
    return raw.decode("utf-8", "replace")


def _from_folder(source: str, pictures: Pictures, folder: Path | None) -> str:
    """Read a picture beside the notebook; nothing outside that folder, and nothing that is no picture."""
    if folder is None or not source or ":" in source or source.startswith(("/", "\\", "#")):
        return ""
    from urllib.parse import unquote

    path = (folder / unquote(source)).resolve()
    if not path.is_relative_to(folder.resolve()) or not path.is_file() or path.stat().st_size > _LARGEST:
        return ""
    data = path.read_bytes()
    if path.suffix.lower() == ".svg":
        return pictures.add(data.decode("utf-8", "replace"))
    return pictures.photograph(base64.b64encode(data).decode()) if kind_of(data) else ""


def kind_of(data: bytes) -> str:
    """Tell which kind of photograph some bytes are (png, jpeg, gif, webp), or ""."""
    return next((kind for magic, kind in _MAGIC.items() if data.startswith(magic)), "")
