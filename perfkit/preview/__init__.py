"""A report in the browser, made anew as what it is made from is saved.

`making` makes the page and knows its inputs, `watching` hears that one of them was saved, `serving` shows it
to this machine alone. `preview` puts the three together and runs until it is stopped.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from perfkit.preview.making import Maker, Page
from perfkit.preview.serving import Server
from perfkit.preview.watching import saved, stamps

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

__all__ = ["Maker", "Page", "Server", "preview"]


def preview(path: Path, profile: str, port: int, begun: Callable[[str], None]) -> None:
    """Serve the report of a form or a params file until the process is stopped; `begun` hears its address."""
    asyncio.run(_preview(path, profile, port, begun))


async def _preview(path: Path, profile: str, port: int, begun: Callable[[str], None]) -> None:
    with Maker(path, profile) as maker:
        server = Server(port)
        begun(server.address)
        seen = stamps(maker.inputs())
        server.show(await asyncio.to_thread(maker.make))
        await asyncio.to_thread(maker.get_ready)
        async for _ in saved(maker.inputs, seen):
            server.busy()
            server.show(await asyncio.to_thread(maker.make))
            await asyncio.to_thread(maker.get_ready)
