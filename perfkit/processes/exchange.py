"""Messages between two processes: a line of JSON with its length before it, and the last line of all.

The last line is the server's: it comes when a process has ended, and says how. It stands at the very end of
what came, whatever that process wrote before, so nobody can speak for the server.
"""

from __future__ import annotations

import json
import signal
import struct
from dataclasses import dataclass
from typing import Any, Protocol

from perfkit.language import spoken
from perfkit.plain import dumps, loads
from perfkit.text import say

LENGTH = struct.Struct("!Q")
MOST = 1 << 32  # no message is as long: what says so is the last line, or noise
CHUNK = 1 << 18


class Stream(Protocol):
    """Carry bytes both ways: a socket, or the pipes of a fresh interpreter."""

    def recv(self, size: int, /) -> bytes:
        """Give at most `size` bytes; none at the end."""

    def sendall(self, data: bytes, /) -> None:
        """Send all the bytes."""


@dataclass(frozen=True, slots=True)
class Ended:
    """Hold how a process ended: its status (negative: a signal; None: nobody knows), its last words."""

    status: int | None = None
    words: str = ""

    def __str__(self) -> str:
        last = self.words.strip().splitlines()[-1:]
        return ": ".join([how_ended(self.status), *last])


class BrokenOffError(Exception):
    """Tell that no further message comes; `rest` is what came instead."""

    def __init__(self, rest: bytes = b"") -> None:
        super().__init__("the other side has ended")
        self.rest = rest


def send(stream: Stream, message: Any) -> None:
    """Send one message."""
    data = dumps(message)
    stream.sendall(LENGTH.pack(len(data)) + data)


def receive(stream: Stream) -> Any:
    """Give the next message.

    Raises:
        BrokenOffError: there is none, or it makes no sense.
    """
    head = _read(stream, LENGTH.size)
    (length,) = LENGTH.unpack(head) if len(head) == LENGTH.size else (MOST,)
    if length >= MOST:
        raise BrokenOffError(head)
    data = _read(stream, length)
    if len(data) < length:
        raise BrokenOffError(data)
    try:
        return loads(data)
    except (ValueError, LookupError, TypeError, AttributeError, ImportError) as error:
        raise BrokenOffError from error


def _read(stream: Stream, size: int) -> bytes:
    parts = bytearray()
    while len(parts) < size and (part := stream.recv(min(CHUNK, size - len(parts)))):
        parts += part
    return bytes(parts)


def last_line(status: int | None, words: str) -> bytes:
    """Give the line that says how a process ended."""
    return b"\n%s\n" % json.dumps({"ended": status, "words": words}).encode("ascii")


def read_last_line(rest: bytes) -> Ended | None:
    """Find the last line at the end of all that came; None where the server has not spoken."""
    try:
        said = json.loads(rest.rstrip(b"\n").rpartition(b"\n")[2])
        return Ended(said["ended"], said["words"])
    except (ValueError, LookupError, TypeError):
        return None


def how_ended(status: int | None) -> str:
    """Say how a process ended, from its exit status (negative: the signal that killed it)."""
    if status is None:
        return say("batch.ended.unknown")[spoken()]
    if status >= 0:
        return say("batch.ended.status", status=status)[spoken()]
    try:
        name = signal.Signals(-status).name
    except ValueError:
        name = f"signal {-status}"
    told = say("batch.ended.killed", signal=name)[spoken()]
    return told + (say("batch.ended.memory")[spoken()] if name == "SIGKILL" else "")
