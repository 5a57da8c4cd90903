"""What takes longer than reading: pages to be recognised, documents that another program must convert.

A guarded reading puts it off: the document is then read anew in a process with the bounds that it needs.
"""

from __future__ import annotations

import contextlib
from contextvars import ContextVar
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


class LaterError(Exception):
    """Says that reading a document takes more time than it has now: so many seconds at most."""

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds)
        self.seconds = seconds


_put_off: ContextVar[bool] = ContextVar("put_off", default=False)


@contextlib.contextmanager
def put_off() -> Iterator[None]:
    """Raise LaterError, within, instead of doing what takes longer."""
    token = _put_off.set(True)
    try:
        yield
    finally:
        _put_off.reset(token)


def ask(seconds: int) -> None:
    """Ask for so many seconds; raise LaterError where what takes longer is put off."""
    if _put_off.get():
        raise LaterError(seconds)
