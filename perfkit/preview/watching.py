"""Which files were saved: their folders are watched, since programs replace a file rather than write in it.

What counts is that a file is another than it was: nothing saved while a report is made goes unseen, and a
shared folder that tells no changes is looked at every second.
"""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from typing import TYPE_CHECKING

from watchfiles import awatch

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

QUIET = 60  # milliseconds without a change, after which a save is over
STEP = 20
AT_LEAST = 1000  # milliseconds after which the files are looked at, whatever the system tells

Stamp = tuple[int, int] | None


def stamps(paths: set[Path]) -> dict[Path, Stamp]:
    """Give what tells a file from an earlier one of its name; None where there is none."""
    found: dict[Path, Stamp] = {}
    for path in paths:
        try:
            stat = path.stat()
            found[path.absolute()] = (stat.st_mtime_ns, stat.st_size)
        except OSError:
            found[path.absolute()] = None
    return found


async def saved(inputs: Callable[[], set[Path]], seen: dict[Path, Stamp]) -> AsyncIterator[set[Path]]:
    """Yield the inputs that are others than `seen`, as often as some are; what they are is asked anew."""
    while True:
        now = stamps(inputs())
        changed = {path for path, stamp in now.items() if seen.get(path, stamp) != stamp}
        seen.clear()
        seen |= now
        if changed:
            yield changed
        else:
            await _stirred(set(now))


async def _stirred(paths: set[Path]) -> None:
    """Wait until something happens to one of the files, or long enough."""
    names = {str(path) for path in paths} | {str(path.resolve()) for path in paths}
    folders = {path.parent for path in paths if path.parent.is_dir()}
    if not folders:
        await asyncio.sleep(AT_LEAST / 1000)
        return
    changes = awatch(
        *folders, watch_filter=lambda _, path: path in names, debounce=QUIET, step=STEP, recursive=False,
        rust_timeout=AT_LEAST, yield_on_timeout=True,
    )  # fmt: skip
    async with aclosing(changes) as watched:
        async for _ in watched:
            return
