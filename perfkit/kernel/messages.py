"""How a kernel in a fork and the one who runs its notebook talk: Jupyter messages over one connection.

The messages are those of the Jupyter protocol, made and packed by ipykernel and jupyter_client
themselves; only ZeroMQ, its ports and its threads are left out. A message is a mark, the number of its parts,
the size of each, and the parts: one of JSON, then its binary buffers. What lacks the mark is no message: the
server's last line, or what a cell has written to a connection that is not its own.
"""

# The signatures are jupyter_client's and ipykernel's, and the latter has no types.
# ruff: noqa: ANN001, ARG002, FBT001, FBT002
# mypy: disable-error-code="no-untyped-call, no-untyped-def, assignment"

from __future__ import annotations

import os
import select
import struct
import threading
import time
from datetime import datetime
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, Any

from ipykernel.iostream import IOPubThread, OutStream
from jupyter_client.session import DELIM, Session
from tornado.log import gen_log

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from socket import socket

Message = dict[str, Any]


MARK = b"PKM1"
HEAD, SIZE = struct.Struct("!4sI"), struct.Struct("!Q")
PARTS, LONGEST = 1 << 16, 1 << 40  # what says that it has more is no message
READ = 1 << 20


def encode(frames: Sequence[Any]) -> bytes:
    """Pack the frames of a message as they go over the wire: one of JSON, then its buffers."""
    at = frames.index(DELIM) + 2  # before it the addresses, after it the signature
    named = zip((b"header", b"parent_header", b"metadata", b"content"), frames[at:], strict=False)
    packed = b"{%s}" % b",".join(b'"%s":%s' % pair for pair in named)
    parts = [packed, *(bytes(memoryview(part)) for part in frames[at + 4 :])]
    return b"".join([HEAD.pack(MARK, len(parts)), *(SIZE.pack(len(part)) for part in parts), *parts])


class Inbox:
    """Read the messages that come over a wire, as many as have come at once."""

    def __init__(self, session: Session, wire: socket) -> None:
        self._session = session
        self._wire = wire
        self.rest = bytearray()

    def read(self) -> list[Message]:
        """Wait for more, and give the messages that are whole; `rest` is what has come beyond them.

        Raises:
            EOFError: the other side is gone.
            ValueError: what has come is no message.
        """
        data = os.read(self._wire.fileno(), READ)
        if not data:
            raise EOFError
        self.rest += data
        messages = []
        while (parts := self._next()) is not None:
            messages.append(self._unpack(*parts))
        return messages

    def _next(self) -> list[bytes] | None:
        """Take the parts of the next message, once they have all come."""
        at = HEAD.size
        if len(self.rest) < at:
            return None
        mark, count = HEAD.unpack_from(self.rest)
        if mark != MARK or not 0 < count < PARTS:
            raise ValueError("no message of a kernel")
        start = at + count * SIZE.size
        if len(self.rest) < start:
            return None
        sizes = [size for (size,) in SIZE.iter_unpack(self.rest[at:start])]
        if max(sizes) > LONGEST:
            raise ValueError("no message of a kernel")
        if len(self.rest) < start + sum(sizes):
            return None
        ends = list(accumulate(sizes, initial=start))
        parts = [bytes(self.rest[begin:end]) for begin, end in pairwise(ends)]
        del self.rest[: ends[-1]]
        return parts

    def _unpack(self, packed: bytes, *buffers: bytes) -> Message:
        message: Message = self._session.unpack(packed)
        try:
            header = message["header"]
            message["buffers"] = list(buffers)
            message["msg_id"], message["msg_type"] = header["msg_id"], str(header["msg_type"])
        except (LookupError, TypeError):
            raise ValueError("no message of a kernel") from None
        if isinstance(header.get("date"), str):
            header["date"] = datetime.fromisoformat(header["date"])
        return message


class Outlet:
    """Stand for every socket that a session may send to: all it says goes over one wire.

    Several processes may share it: `lock` guards a whole message between threads and between processes
    that a cell has forked.
    """

    wire: socket | None = None
    lock: Any = None

    def send_multipart(self, frames, *_: Any, **__: Any) -> None:
        """Write a message to the wire, if there is one yet."""
        if self.wire is not None:
            self._put(frames, encode(frames))

    def _put(self, frames: Sequence[Any], packed: bytes) -> None:
        with self.lock:
            self._write(packed)

    def _write(self, packed: bytes) -> None:
        rest = memoryview(packed)
        while rest and self.wire is not None:
            rest = rest[os.write(self.wire.fileno(), rest) :]


class PlainSession(Session):
    """Make messages and take them apart as jupyter_client does; nobody signs them on a wire of two ends."""

    def sign(self, msg_list: Any) -> bytes:
        """Sign nothing."""
        return b""

    def feed_identities(self, msg_list: Any, copy: bool = True) -> tuple[list[bytes], Any]:
        """Take a message as it came: on a wire of two ends nobody needs an address."""
        return [], msg_list

    def deserialize(self, msg_list: Any, content: bool = True, copy: bool = True) -> Message:
        """Take the message out of its frames; it was unpacked when it was read."""
        message: Message = msg_list[0]
        return message


class Publisher(IOPubThread):
    """Run ipykernel's scheduled flushes, as its IOPub thread does, without a ZeroMQ socket.

    The thread is made and started in the fork: one made before cannot be started there (CPython gh-134381).
    """

    def __init__(self, outlet: Outlet) -> None:  # the base class would open sockets
        self._outlet = outlet
        self._wakeup = threading.Condition()
        self._due: list[tuple[float, Callable[[], Any]]] = []
        self.socket = self
        self.background_socket = self
        self.io_loop = self
        self.thread: threading.Thread | None = None

    def start(self) -> None:
        """Start the thread."""
        self.thread = threading.Thread(target=self._serve, name="IOPub", daemon=True)
        self.thread.start()

    def send_multipart(self, frames, *_: Any, **__: Any) -> None:
        """Write a message to the wire."""
        self._outlet.send_multipart(frames)

    def schedule(self, f: Callable[[], Any]) -> None:
        """Run `f` in the thread, or at once where the thread does not run (a process that a cell forked)."""
        if self.thread is not None and self.thread.is_alive():
            self.call_later(0, f)
        else:
            f()

    def call_later(self, delay: float, f: Callable[[], Any]) -> None:
        """Run `f` in the thread after `delay` seconds."""
        with self._wakeup:
            self._due.append((time.monotonic() + delay, f))
            self._wakeup.notify()

    def _serve(self) -> None:
        while True:
            with self._wakeup:
                now = time.monotonic()
                ready = [f for when, f in self._due if when <= now]
                self._due = [(when, f) for when, f in self._due if when > now]
                if not ready:
                    self._wakeup.wait(min((when for when, _ in self._due), default=now + 3600) - now)
            for f in ready:
                f()


def log_uncaught() -> None:
    """Log the present exception as pyzmq logs that of a callback; the kernel goes on."""
    gen_log.error("Uncaught exception in ZMQStream callback", exc_info=True)


class Stream(OutStream):
    """Capture a standard stream as ipykernel does, and know when all that was written to its file is read.

    ipykernel lets the last words of a subprocess arrive after the cell has ended, or never; here a cell
    ends when they are in.
    """

    _reading = False
    _fid: int

    def __init__(self, session: Session, pub_thread: Publisher, name: str, *, echo: Any = None) -> None:
        super().__init__(session, pub_thread, name, echo=echo, watchfd="force")

    def _watch_pipe_fd(self) -> None:
        try:
            while self._should_watch:
                select.select([self._fid], [], [])
                self._reading = True
                data = os.read(self._fid, 65536)
                if not data or not self._should_watch:
                    return
                self.write(data.decode(errors="replace"))
                self._reading = False
        finally:
            self._reading = False

    def flush(self) -> None:
        """Send what was written, also what a subprocess wrote to the file itself."""
        if self._is_master_process():
            while self._reading or select.select([self._fid], [], [], 0)[0]:
                time.sleep(0.0002)
        super().flush()

    def _flush(self) -> None:
        try:
            super()._flush()
        except Exception:  # noqa: BLE001  # such as a text that JSON cannot hold
            log_uncaught()


for _name in ("__module__", "__name__", "__qualname__"):  # a cell that prints its stream shows ipykernel's
    setattr(Stream, _name, getattr(OutStream, _name))
