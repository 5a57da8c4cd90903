"""Saved web pages: in one file (.mht, .mhtml), or complete with a folder of their own beside them.

A browser saves `NAME.html` with `NAME_files/`, an office program `NAME.htm` with `NAME.files/`, whose frames
are the sheets of a book. The page and its frames are read with their style sheets; nothing is fetched.
"""

from __future__ import annotations

import re
from email import message_from_bytes, policy
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from perfkit.errors import DataError, Fault
from perfkit.text import say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from perfkit.readers.grid import Grid

    Beside = Callable[[str], bytes | None]

_MOST_PARTS = 500
_MOST_BYTES = 20_000_000
_HEAD = re.compile(rb"</head\s*>|<body", re.IGNORECASE)
_ITS_FOLDER = re.compile(r".+[._]files?", re.IGNORECASE)


def grids(data: bytes, name: str) -> list[Grid]:
    """Read the pages of a web archive as grids.

    Raises:
        DataError: where it holds no page.
    """
    from perfkit.readers import html

    parts = list(_parts(data))
    sheets = [content for kind, _, content in parts if kind == "text/css"]
    pages = [part for part in parts if part[0] in {"text/html", "application/xhtml+xml"}]
    if not pages:
        raise DataError(
            Fault(say("faults.web_archive_holds_no"), name, hint=say("faults.save_page_again_html"))
        )
    found: list[Grid] = []
    for number, (_, place, page) in enumerate(pages):
        found += html.grids(styled(page, sheets), name, place if number else "", alone=len(pages) == 1)
    return found


def styled(page: bytes, sheets: list[bytes]) -> bytes:
    """Give a page with style sheets that lie outside it."""
    style = b"".join(b"<style>" + sheet.replace(b"</", b"") + b"</style>" for sheet in sheets)
    return _HEAD.sub(lambda match: style + match[0], page, count=1) if style else page


def _parts(data: bytes) -> Iterator[tuple[str, str, bytes]]:
    """Give the kind, the place and the content of each part, texts in UTF-8."""
    message = message_from_bytes(data, policy=policy.default)
    for number, part in enumerate(message.walk()):
        if number > _MOST_PARTS:
            return
        if not part.is_multipart() and part.get_content_maintype() in {"text", "application"}:
            place = PurePosixPath(unquote(str(part.get("Content-Location") or f"part {number}"))).name
            yield part.get_content_type(), place, _content(part)


def _content(part: Any) -> bytes:
    content: bytes = part.get_payload(decode=True) or b""
    charset = part.get_content_charset()
    if (
        not charset
        or part.get_content_subtype() == "css"
        or re.search(rb"<meta[^>]+charset", content[:4096], re.IGNORECASE)
    ):
        return content
    try:
        return b"<meta charset=utf-8>" + content.decode(charset).encode()
    except (LookupError, UnicodeDecodeError):
        return content


class SavedPage:
    """Read a page that was saved complete: with the frames and style sheets in the folder beside it.

    `beside` gives the bytes of what the page names, None where there is no such file; `used` are those read.
    """

    def __init__(self, beside: Beside) -> None:
        self._beside = beside
        self._frames: dict[str, bool] = {}
        self.used: list[bytes] = []

    def grids(self, data: bytes, name: str, place: str = "", folder: str = "") -> list[Grid]:
        """Read a page and its frames as grids, each frame once.

        Raises:
            DataError: where nothing but frames is on the page, and they are not beside it.
        """
        from perfkit.readers import html

        named = html.named(data, name)
        sheets = [sheet for link in named.sheets if (sheet := self._file(folder, link)) is not None]
        found = html.grids(styled(data, sheets), name, place, alone=not (place or named.frames))
        missing = []
        for link in named.frames:
            at = _within(folder, link)
            if at in self._frames or len(self._frames) >= _MOST_PARTS:
                continue
            frame = self._file(folder, link)
            self._frames[at] = frame is not None
            if frame is None:
                missing.append(link)
            else:
                path = PurePosixPath(at)
                inside = str(path.parent) if str(path.parent) != "." else ""
                found += self.grids(frame, name, path.name, inside)
        if missing and not any(grid.cells for grid in found):
            hint = say("faults.send_page_with_folder")
            raise DataError(
                Fault(say("faults.frames_not_beside"), name, got=", ".join(missing[:5]), hint=hint)
            )
        return found

    def _file(self, folder: str, link: str) -> bytes | None:
        at = _within(folder, link)
        content = self._beside(at) if at else None
        if content is not None:
            self.used.append(content)
        return content


def _within(folder: str, link: str) -> str:
    """Give what a page in a folder names, from the page that was saved; "" for what lies elsewhere."""
    path = unquote(link.partition("#")[0].partition("?")[0]).replace("\\", "/")
    if re.match(r"[a-zA-Z][a-zA-Z0-9+.-]*:|/", path):
        return ""
    parts = [part for part in f"{folder}/{path}".split("/") if part not in {"", "."}]
    inside = len(parts) > 1 and ".." not in parts and _ITS_FOLDER.fullmatch(parts[0])
    return "/".join(parts) if inside else ""


def on_disk(path: Path) -> Beside:
    """Give what lies in the folders beside a saved page, and nowhere else."""

    def beside(at: str) -> bytes | None:
        file, home = path.parent / at, (path.parent / at.partition("/")[0]).resolve()
        try:
            if home.parent != path.parent.resolve() or not file.resolve().is_relative_to(home):
                return None
            if not file.is_file() or file.stat().st_size > _MOST_BYTES:
                return None
            return file.read_bytes()
        except (OSError, ValueError):
            return None

    return beside
