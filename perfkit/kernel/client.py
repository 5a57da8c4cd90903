"""nbclient with a kernel in a fork: its two seams, a kernel manager and a kernel client, and the run itself.

nbclient itself runs the cells and turns messages into outputs, so a notebook comes out here as it does
with any kernel.
"""

# nbformat has no types, and nbclient's attributes have none of their own.
# mypy: disable-error-code="no-untyped-call, has-type"

from __future__ import annotations

import asyncio
import contextlib
import queue
import threading
from contextvars import Context
from typing import TYPE_CHECKING, Any, cast

from jupyter_core.utils import ensure_event_loop
from nbclient.exceptions import DeadKernelError
from nbformat import NotebookNode
from nbformat.notebooknode import from_dict
from papermill.clientwrap import PapermillNotebookClient
from traitlets import Any as AnyTrait
from traitlets import Unicode

from perfkit.kernel.app import KERNEL, WARM
from perfkit.kernel.messages import Inbox, Message, Outlet, PlainSession
from perfkit.processes import shared

if TYPE_CHECKING:
    from collections.abc import Callable
    from socket import socket

    from jupyter_client.session import Session
    from papermill.engines import NotebookExecutionManager

    from perfkit.processes import Ended, Process, Template

GRACE = 5.0  # seconds that a kernel has to end by itself, as under jupyter_client


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


class KernelClient:
    """Stand for jupyter_client's KernelClient towards nbclient."""

    allow_stdin = False

    def __init__(self, process: Process) -> None:
        self.process = process
        self.wire = cast("socket", process.connection)
        self.session: Session = PlainSession()
        self.outlet = Outlet()
        self.outlet.wire, self.outlet.lock = self.wire, threading.Lock()
        self.shell_channel = Channel(self._send)
        self.iopub_channel = Channel(self._send)
        self._inbox = Inbox(self.session, self.wire)
        self._loop: asyncio.AbstractEventLoop | None = None
        self.gone = asyncio.Event()

    def _send(self, message: Message) -> None:
        """Send a message; a kernel that has ended does not answer, and nbclient will find it dead."""
        with contextlib.suppress(OSError):
            self.session.send(self.outlet, message)  # type: ignore[arg-type]  # what of a socket it uses

    def start_channels(self) -> None:
        """Do nothing: the wire is there already."""

    def stop_channels(self) -> None:
        """Stop listening."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.remove_reader(self.wire.fileno())
        self._loop = None

    async def wait_for_ready(self, timeout: float | None = None) -> None:  # noqa: ARG002  # jupyter_client's name
        """Listen from now on; a kernel in a fork is ready when it is there."""
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(self.wire.fileno(), self._on_message)

    def _on_message(self) -> None:
        try:
            messages = self._inbox.read()
        except (EOFError, OSError, ValueError):  # it has ended, or talks nonsense and is ended
            self.stop_channels()
            self.process.end(bytes(self._inbox.rest))
            self.gone.set()
            return
        for message in messages:
            reply = message["msg_type"].endswith("_reply")
            (self.shell_channel if reply else self.iopub_channel).messages.put_nowait(message)

    def is_alive(self) -> bool:
        """Tell whether the kernel still runs."""
        return self.process.ended is None

    def execute(self, code: str, *, store_history: bool = True, stop_on_error: bool = True) -> str:
        """Ask for a cell to be run; give the id that its messages will bear."""
        return self._execute(code, silent=False, store_history=store_history, stop_on_error=stop_on_error)

    def evaluate(self, expression: str) -> str:
        """Ask what an expression gives, without leaving a trace; the reply has it under `asked`."""
        return self._execute("", silent=True, store_history=False, user_expressions={"asked": expression})

    def _execute(self, code: str, **more: Any) -> str:
        content = {"code": code, "user_expressions": {}, "allow_stdin": False, "stop_on_error": True}
        return self._request("execute_request", content | more)

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


class KernelManager:
    """Stand for jupyter_client's KernelManager towards nbclient: a kernel of a template, which it ends."""

    has_kernel = True
    ipykernel = True

    def __init__(self, template: Template, memory: int | None = None) -> None:
        self.template = template
        self.process = template.start(KERNEL, memory)
        self.kc: KernelClient | None = None

    def client(self) -> KernelClient:
        """Give the client, made once."""
        self.kc = self.kc or KernelClient(self.process)
        return self.kc

    def is_alive(self) -> bool:
        """Tell whether the kernel still runs."""
        return self.process.ended is None

    def interrupt_kernel(self) -> None:
        """Interrupt the running cell, as Ctrl-C would."""
        self.template.interrupt(self.process)

    async def shutdown_kernel(self, now: bool = False, **_: Any) -> None:  # noqa: FBT001, FBT002  # their signature
        """End the kernel as jupyter_client does: interrupted, then asked, then killed after a while.

        What it says meanwhile is still heard, such as where a cell was interrupted.
        """
        client = self.client()
        self.interrupt_kernel()
        if not now:
            client.shutdown()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(client.gone.wait(), GRACE)
        self.end()

    def cleanup_resources(self, **_: Any) -> None:
        """Do nothing: there is no connection file."""

    def end(self) -> Ended:
        """End the kernel now, and tell how it ended."""
        if self.kc is not None:
            self.kc.stop_channels()
        return self.process.end()


_FIELDS = {
    "execute_result": ("metadata", "data", "execution_count"),
    "display_data": ("metadata", "data"),
    "stream": ("name", "text"),
    "error": ("ename", "evalue", "traceback"),
}


class NotebookClient(PapermillNotebookClient):  # type: ignore[misc]
    """Run cells as nbclient does, which would check each output by the slower of two validators.

    An output of texts alone cannot be wrong, so only one that holds anything else is checked. `ask` is an
    expression that the kernel evaluates once all cells have run; `answered` is called with its text.
    """

    ask = Unicode("")
    answered = AnyTrait()

    def papermill_execute_cells(self) -> None:
        """Run the cells, then ask what there is to be asked."""
        super().papermill_execute_cells()
        failed = any(cell.metadata.get("papermill", {}).get("exception") for cell in self.nb.cells)
        if self.ask and not failed:
            reply = self.wait_for_reply(self.kc.evaluate(self.ask))
            told = reply["content"].get("user_expressions", {}).get("asked", {})
            self.answered(told.get("data", {}).get("text/plain", ""))

    def output(
        self, outs: list[NotebookNode], msg: dict[str, Any], display_id: str | None, cell_index: int
    ) -> NotebookNode | None:
        """Put the output that a message brings into its cell."""
        fields = _FIELDS.get(msg["msg_type"])
        hooked = self.output_hook_stack[msg["parent_header"].get("msg_id")]
        if fields is None or hooked or not _is_text(msg["content"].get("data", {})):
            made: NotebookNode | None = super().output(outs, msg, display_id, cell_index)
            return made
        if self.clear_before_next_output:
            outs.clear()
            self.clear_display_id_mapping(cell_index)
            self.clear_before_next_output = False
        if display_id:
            places = self._display_id_map.setdefault(display_id, {})
            places.setdefault(cell_index, []).append(len(outs))
        content = {name: from_dict(msg["content"][name]) for name in fields}
        output = NotebookNode(output_type=msg["msg_type"], **content)
        outs.append(output)
        return output


def _is_text(data: dict[str, Any]) -> bool:
    return all(isinstance(value, str) for value in data.values())


def run_in_fork(nb_man: NotebookExecutionManager, memory: int | None = None, **settings: Any) -> Any:
    """Run the cells of a notebook in a fork of this process's server; the settings are nbclient's.

    Raises:
        DeadKernelError: the kernel was lost; how, and its last words.
    """
    kernel = KernelManager(shared(WARM), memory)
    client = NotebookClient(nb_man, km=kernel, **settings)
    try:
        if threading.current_thread() is threading.main_thread():
            return client.execute(cleanup_kc=True)
        return Context().run(_execute, client)
    except DeadKernelError as error:
        raise DeadKernelError(f"{error} ({kernel.end()})") from None
    finally:
        kernel.end()


def _execute(client: NotebookClient) -> Any:
    """Run nbclient in a thread, on an event loop of its own.

    jupyter_core keeps the loop in a context variable, which `asyncio.to_thread` hands to every thread, and
    closes none.
    """
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        loop = ensure_event_loop()
        try:
            return client.execute(cleanup_kc=True)
        finally:
            asyncio.set_event_loop(None)
            loop.close()
    return client.execute(cleanup_kc=True)
