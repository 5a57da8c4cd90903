"""nbclient's two seams, a kernel manager and a kernel client, over a wire to a kernel in a fork.

nbclient itself runs the cells and turns messages into outputs, so a notebook comes out here as it does
with any kernel.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import queue
import signal
import threading
from typing import TYPE_CHECKING, Any, Self

from perfkit.batch.limits import end_group, how_ended
from perfkit.batch.wire import READ, Inbox, Message, Outlet, WireSession

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.connection import Connection

    from jupyter_client.session import Session


class Channel:
    """Hold the messages of one channel until nbclient asks for them."""

    def __init__(self, send: Callable[[Message], None]) -> None:
        self.send = send
        self.messages: asyncio.Queue[Message] = asyncio.Queue()

    async def get_msg(self, timeout: float | None = None) -> Message:  # nbclient's signature
        """Give the next message.

        Raises:
            queue.Empty: none came within `timeout` seconds.
        """
        if timeout is None or not self.messages.empty():
            return await self.messages.get()
        try:
            return await asyncio.wait_for(self.messages.get(), timeout)
        except TimeoutError:
            raise queue.Empty from None


class WireClient:
    """Stand for jupyter_client's KernelClient towards nbclient."""

    allow_stdin = False

    def __init__(self, kernel: ForkedKernel) -> None:
        self.kernel = kernel
        self.session: Session = WireSession()
        self.outlet = Outlet()
        self.outlet.wire, self.outlet.lock = kernel.wire, threading.Lock()
        self.shell_channel = Channel(self._send)
        self.iopub_channel = Channel(self._send)
        self._inbox = Inbox(self.session, kernel.wire)
        self._loop: asyncio.AbstractEventLoop | None = None

    def _send(self, message: Message) -> None:
        """Send a message; a kernel that has ended does not answer, and nbclient will find it dead."""
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            self.session.send(self.outlet, message)  # type: ignore[arg-type]  # what of a socket it uses

    def start_channels(self) -> None:
        """Do nothing: the wire is there already."""

    def stop_channels(self) -> None:
        """Stop listening."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.remove_reader(self.kernel.wire.fileno())
        self._loop = None

    async def wait_for_ready(self, timeout: float | None = None) -> None:  # noqa: ARG002  # jupyter_client's name
        """Listen from now on; a kernel in a fork is ready when it is there."""
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(self.kernel.wire.fileno(), self._on_message)

    def _on_message(self) -> None:
        try:
            messages = self._inbox.read()
        except (EOFError, OSError):
            self.stop_channels()
            return
        for message in messages:
            reply = message["msg_type"].endswith("_reply")
            (self.shell_channel if reply else self.iopub_channel).messages.put_nowait(message)

    def is_alive(self) -> bool:
        """Tell whether the kernel still runs."""
        return self.kernel.is_alive()

    def execute(self, code: str, *, store_history: bool = True, stop_on_error: bool = True) -> str:
        """Ask for a cell to be run; give the id that its messages will bear."""
        return self._request(
            "execute_request",
            {"code": code, "silent": False, "store_history": store_history, "user_expressions": {},
             "allow_stdin": False, "stop_on_error": stop_on_error},
        )  # fmt: skip

    def kernel_info(self) -> str:
        """Ask what the kernel is."""
        return self._request("kernel_info_request", {})

    def shutdown(self) -> None:
        """Ask the kernel to end: exit handlers run, then it is gone."""
        self._request("shutdown_request", {"restart": False})

    def _request(self, kind: str, content: dict[str, Any]) -> str:
        message = self.session.msg(kind, content)
        self._send(message)
        return str(message["header"]["msg_id"])


class ForkedKernel:
    """Hold a kernel in a fork: its wire and its process; stand for a KernelManager towards nbclient."""

    has_kernel = True

    def __init__(self, wire: Connection, pid: int) -> None:
        self.wire = wire
        self.pid = pid
        self.exit_status: int | None = None
        self.kc: WireClient | None = None

    def is_alive(self) -> bool:
        """Tell whether the kernel still runs."""
        raise NotImplementedError

    def how_it_ended(self) -> str:
        """Say how the kernel's process ended, once it has."""
        self.is_alive()
        return how_ended(self.exit_status)

    def kill(self) -> None:
        """End the kernel now."""
        raise NotImplementedError

    def client(self) -> WireClient:
        """Give the client, made once."""
        self.kc = self.kc or WireClient(self)
        return self.kc

    def interrupt_kernel(self) -> None:
        """Interrupt the running cell, as Ctrl-C would."""
        os.kill(self.pid, signal.SIGINT)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self, grace: float = 5.0) -> None:
        """End the kernel: asked first, killed after `grace` seconds (what nbclient grants as well)."""
        if self.kc is not None:
            self.kc.stop_channels()
        try:
            self.client().shutdown()
            while self.wire.poll(grace) and os.read(self.wire.fileno(), READ):
                pass
        except OSError:
            pass  # it has ended
        self.wire.close()
        if self.is_alive():
            self.kill()
        end_group(self.pid)
