"""Stamps: the size and the time of change of a file or an object, the cheap sign that it is the same.

Drivers tell the time of change under many names, some to the second only; a tag of the content (ETag) then
says what the time cannot.
"""

from __future__ import annotations

import time
import zlib
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

TIMES = ("LastModified", "last_modified", "mtime", "modified", "updated", "created")
TAGS = ("ETag", "etag", "md5Hash", "content_md5")


def stat(path: Path) -> list[int]:
    """Give the stamp of a file of this machine."""
    found = path.stat()
    return [found.st_size, found.st_mtime_ns]


def stamp_of(info: Mapping[str, Any]) -> list[int]:
    """Give an object's size and time of change; its tag, if any, stands for what is below a second.

    One that has neither is as new every time it is asked about, so that it is read.
    """
    moment = next((info[key] for key in TIMES if info.get(key) is not None), None)
    tag = next((str(info[key]) for key in TAGS if info.get(key)), "")
    millionths = _millionths(moment)
    if tag:
        millionths = (millionths or 0) // 10**6 * 10**6 + zlib.crc32(tag.encode()) % 10**6
    elif millionths is None:
        millionths = time.time_ns() // 1000
    return [int(info.get("size") or 0), millionths * 1000]


def _millionths(moment: Any) -> int | None:
    """Give a moment as drivers tell it (seconds, a datetime, ISO text) in millionths of a second."""
    if isinstance(moment, str):
        try:
            moment = datetime.fromisoformat(moment)
        except ValueError:
            return None
    if isinstance(moment, datetime):
        moment = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    return None if moment is None else round(moment * 10**6)
