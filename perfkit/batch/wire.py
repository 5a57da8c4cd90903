"""How a kernel in a fork and the one who runs its notebook talk: Jupyter messages over a socket pair.

The messages are those of the Jupyter protocol, made and packed by ipykernel and jupyter_client
themselves; only ZeroMQ, its ports and its threads are left out. One message is one JSON frame,
followed by its binary buffers.
"""

# The signatures are jupyter_client's and ipykernel's, and the latter has no types.
# ruff: noqa: ANN001, ARG002, FBT001, FBT002, PLR0913, PLR0917
# mypy: disable-error-code="no-untyped-call, no-untyped-def, assignment"

from __future__ import annotations

import os
import select
import threading
import time
from datetime import datetime
from typing import TYPE_CHECKING, Any

from ipykernel.iostream import IOPubThread, OutStream
from jupyter_client.session import Session
from traitlets import Any as AnyTrait

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.connection import Connection

Message = dict[str, Any]


def encode(session: Session, message: Message) -> bytes:
    """Pack a message as jupyter_client would; its buffers follow in frames of their own."""
    return bytes(
        session.pack({key: message[key] for key in ("header", "parent_header", "metadata", "content")})
    )


def receive(session: Session, wire: Connection) -> Message:
    """Read one message with its buffers.

    Raises:
        EOFError: the other side is gone.
    """
    count = wire.recv_bytes()
    message: Message = session.unpack(wire.recv_bytes())
    header = message["header"]
    message["buffers"] = [wire.recv_bytes() for _ in range(int.from_bytes(count, "big"))]
    message["msg_id"], message["msg_type"] = header["msg_id"], header["msg_type"]
    if isinstance(header.get("date"), str):
        header["date"] = datetime.fromisoformat(header["date"])
    return message


class WireSession(Session):
    """Send every message over one wire, whatever socket it was meant for; several processes may share it.

    `lock` guards a whole message between threads and between processes that a cell has forked.
    """

    wire = AnyTrait(allow_none=True, default_value=None)
    lock = AnyTrait(allow_none=True, default_value=None)

    def send(
        self, stream, msg_or_type, content=None, parent=None, ident=None,
        buffers=None, track=False, header=None, metadata=None,
    ) -> Message:  # fmt: skip
        """Build a message as jupyter_client does, and write it to the wire."""
        if isinstance(msg_or_type, dict):
            message, buffers = msg_or_type, buffers or msg_or_type.get("buffers")
        else:
            message = self.msg(msg_or_type, content=content, parent=parent, header=header, metadata=metadata)
        if self.wire is not None:
            self._write(encode(self, message), [bytes(memoryview(part)) for part in buffers or ()])
        return message

    def _write(self, frame: bytes, buffers: list[bytes]) -> None:
        with self.lock:
            self.wire.send_bytes(len(buffers).to_bytes(4, "big"))
            for part in (frame, *buffers):
                self.wire.send_bytes(part)

    def feed_identities(self, msg_list: Any, copy: bool = True) -> tuple[list[bytes], Any]:
        """Take a message as it came: on a wire of two ends nobody needs an address."""
        return [], msg_list

    def deserialize(self, msg_list: Any, content: bool = True, copy: bool = True) -> Message:
        """Take the message out of its frames; it was unpacked when it was read."""
        message: Message = msg_list[0]
        return message


class WirePublisher(IOPubThread):
    """Run ipykernel's scheduled flushes, as its IOPub thread does, without a ZeroMQ socket.

    The thread starts with the first write, so that a kernel may be made before the fork.
    """

    def __init__(self) -> None:  # the base class would open sockets
        self._wakeup = threading.Condition()
        self._due: list[tuple[float, Callable[[], Any]]] = []
        self.socket = self
        self.background_socket = self
        self.io_loop = self
        self.thread = threading.Thread(target=self._serve, name="IOPub", daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self.thread.start()

    def schedule(self, f: Callable[[], Any]) -> None:
        """Run `f` in the thread, or at once where the thread does not run (a process that a cell forked)."""
        if self.thread.is_alive():
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


class WireStream(OutStream):
    """Capture a standard stream as ipykernel does, and know when all that was written to its file is read.

    ipykernel lets the last words of a subprocess arrive after the cell has ended, or never; here a cell
    ends when they are in.
    """

    _reading = False
    _fid: int

    def __init__(self, session: Session, pub_thread: WirePublisher, name: str, *, echo: Any = None) -> None:
        super().__init__(session, pub_thread, name, echo=echo, watchfd="force")

    def _watch_pipe_fd(self) -> None:
        try:
            while self._should_watch:
                select.select([self._fid], [], [])
                self._reading = True
                data = os.read(self._fid, 65536)
                if not data:
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
