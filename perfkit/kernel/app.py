"""ipykernel without its sockets: made once in the fork server, woken in a fork for each notebook.

Everything a notebook can see is ipykernel's own: its application (with the user's IPython settings),
kernel, shell, streams and messages. What is left out is ZeroMQ, the heartbeat, the debugger's threads
and the second that starting them takes.

A kernel that cannot be made here is no harm: why is remembered, a fork that should become one says so, the
canary hears it, and notebooks run on the standard kernel.
"""

from __future__ import annotations

import asyncio
import atexit
import contextvars
import gc
import importlib
import json
import linecache
import os
import signal
import sys
import threading
import weakref
from contextlib import contextmanager
from importlib.util import find_spec
from multiprocessing import get_context, util
from types import ModuleType, SimpleNamespace
from typing import TYPE_CHECKING, Any

from ipykernel.ipkernel import IPythonKernel
from ipykernel.kernelapp import IPKernelApp
from jupyter_client.session import DELIM
from tornado.ioloop import IOLoop
from traitlets import Any as AnyTrait
from traitlets import default

from perfkit.kernel.messages import Inbox, Outlet, PlainSession, Publisher, log_uncaught
from perfkit.processes.process import home

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from socket import socket


# ipykernel has no types, and what a fork must undo has no public name.
# ruff: noqa: SLF001
# mypy: disable-error-code="no-untyped-call, attr-defined, assignment, arg-type, union-attr"


ARGUMENTS = ["-f", "perfkit", "--HistoryManager.hist_file=:memory:"]


class ForkedKernel(IPythonKernel):
    """Run cells as IPythonKernel does; one conversation only, so no subshells."""

    _supports_kernel_subshells = False
    shell_stream = AnyTrait()

    @default("shell_channel_thread")
    def _default_shell_channel_thread(self) -> Any:
        return SimpleNamespace(parent_thread=threading.main_thread())

    def _abort_queues(self, subshell_id: str | None = None) -> None:
        """Abort no cell after an error: nbclient asks for the next only once it has decided to go on."""


class KernelOutlet(Outlet):
    """Send with the next message what a next message follows at once; end when nobody reads any more.

    "Busy" comes before the cell's input, a result before the reply, the reply before "idle": the other
    side wakes twice a cell instead of five times.
    """

    held = b""

    def _put(self, frames: Sequence[Any], packed: bytes) -> None:
        with self.lock:
            self.held += packed
            if not _another_follows(frames):
                packed, self.held = self.held, b""
                self._write(packed)

    def _write(self, packed: bytes) -> None:
        try:
            super()._write(packed)
        except OSError:  # nobody reads any more, or a cell has closed the connection
            os._exit(1)


def _another_follows(frames: Sequence[Any]) -> bool:
    at = frames.index(DELIM) + 2
    kind: str = json.loads(frames[at])["msg_type"]
    return (
        kind == "execute_result"
        or kind.endswith("_reply")
        or (kind == "status" and bool(json.loads(frames[at + 3])["execution_state"] == "busy"))
    )


class ForkedKernelApp(IPKernelApp):
    """Set up a kernel as IPKernelApp does, in two halves: what a fork may inherit, and what it must do."""

    name = "ipython-kernel"
    outstream_class = "perfkit.kernel.messages.Stream"

    def _nothing(self) -> None:
        """Leave out a step that is about sockets."""

    init_connection_file = init_poller = init_heartbeat = _nothing
    log_connection_info = init_signal = init_crash_handler = _nothing

    def write_connection_file(self, **_: Any) -> None:
        """Write none: nobody connects from outside."""

    def init_sockets(self) -> None:
        """Make the session and the publisher that stand for the sockets."""
        self.session = PlainSession(parent=self)
        self.outlet = KernelOutlet()
        self.iopub_thread = Publisher(self.outlet)
        self.iopub_socket = self.iopub_thread

    def init_io(self) -> None:
        """Leave the streams alone until the fork."""

    def init_path(self) -> None:
        """Leave the current folder off the path of modules until the fork: what is warm is nobody's own."""

    def init_code(self) -> None:
        """Leave the user's startup files to the fork: they may start threads."""

    def init_kernel(self) -> None:
        """Make the kernel and its shell."""
        self.kernel = ForkedKernel.instance(
            parent=self, session=self.session, iopub_thread=self.iopub_thread, iopub_socket=self.iopub_socket,
            shell_stream=self.outlet, log=self.log, profile_dir=self.profile_dir, user_ns=self.user_ns,
        )  # fmt: skip
        self.kernel._execute_sleep = 0.0
        self.log.setLevel(self.log_level)  # records below it would be made, and dropped by the handler

    def wake(self, wire: socket) -> None:
        """Do in the fork what must not be inherited: streams, threads, signals, seeds, startup files."""
        sys.argv = ["ipykernel_launcher.py", *ARGUMENTS]
        IPKernelApp.init_path(self)
        os.environ["JPY_PARENT_PID"] = str(os.getppid())
        self.shell.init_environment()  # colours and pagers: the one who asked for the kernel has others
        os.environ.setdefault("PYDEVD_USE_FRAME_EVAL", "NO")  # debugpy, which is left out, would set it
        sys.breakpointhook = pass_on
        self.outlet.wire, self.outlet.lock = wire, get_context("fork").Lock()
        self.session.pid = os.getpid()
        self.iopub_thread.start()
        IPKernelApp.init_crash_handler(self)
        self.configure_tornado_logger()
        IPKernelApp.init_io(self)
        self.displayhook.get_execution_count = lambda: self.kernel.execution_count
        IPKernelApp.init_signal(self)
        self.run_settings()
        sys.stdout.flush()
        sys.stderr.flush()

    def rehearse(self) -> None:
        """Run an empty cell, so that what the first cell loads is there; leave no trace of it."""
        self.shell.run_cell("None", store_history=False, silent=True)
        self.shell.displayhook.exec_result = self.shell.last_execution_result = None

    def run_settings(self) -> None:
        """Run what the user's settings ask for, as `init_code` does.

        It would also list every module anew, and a fork pays for each page that it touches.
        """
        self._run_startup_files()
        self._run_exec_lines()
        self._run_exec_files()
        if self.hide_initial_ns:
            self.shell.user_ns_hidden.update(self.shell.user_ns)


for _name in ("__module__", "__name__", "__qualname__"):  # a cell that asks for them is shown ipykernel's
    setattr(ForkedKernel, _name, getattr(IPythonKernel, _name))
    setattr(ForkedKernelApp, _name, getattr(IPKernelApp, _name))


def pass_on(*_: Any, **__: Any) -> None:
    """Do at a `breakpoint()` what debugpy's hook does in a kernel that nobody debugs: nothing."""


def make_kernel() -> ForkedKernelApp:
    """Make the kernel that forks will wake; call it before any thread exists."""
    sys.modules.setdefault("debugpy", None)  # 0.3 s, and nobody debugs a batch
    try:
        app: ForkedKernelApp = ForkedKernelApp.instance()
        app.initialize(ARGUMENTS)
    finally:
        if sys.modules["debugpy"] is None:
            del sys.modules["debugpy"]
    return app


@contextmanager
def as_in_a_cell(app: ForkedKernelApp) -> Iterator[None]:
    """Let modules that are imported meanwhile find what they would find in a cell.

    Some ask for `get_ipython` to learn where they are, some take `input` or `getpass` for good.
    """
    app.kernel._forward_input(allow_stdin=False)
    try:
        with app.shell.builtin_trap:
            yield
    finally:
        app.kernel._restore_input()
        app.shell._sys_modules_keys = set(sys.modules)


def run_kernel(app: ForkedKernelApp, wire: socket) -> None:
    """Serve one notebook in this process, a fork, until the other side says shutdown or is gone."""
    forget_inheritance()
    app.wake(wire)
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    app.kernel.io_loop = IOLoop.current()
    app.io_loop = app.kernel.io_loop
    context = contextvars.copy_context()
    running: set[asyncio.Task[None]] = set()
    inbox = Inbox(app.session, wire)

    def on_message() -> None:
        try:
            messages = inbox.read()
        except (EOFError, OSError, ValueError):
            loop.stop()
            return
        for message in messages:
            if message["msg_type"] == "shutdown_request":
                loop.stop()
                return
            task = loop.create_task(app.kernel.shell_main(None, [message, None]), context=context)
            running.add(task)
            task.add_done_callback(running.discard)
            task.add_done_callback(log_failure)

    loop.add_reader(wire.fileno(), on_message)
    loop.run_forever()
    sys.stdout.flush()
    sys.stderr.flush()
    atexit._run_exitfuncs()  # as at the end of any interpreter; os._exit would skip them


def log_failure(task: asyncio.Task[None]) -> None:
    """Log what a message brought about beyond its own errors, such as a stdout that cannot be flushed."""
    try:
        task.result()
    except Exception:  # noqa: BLE001  # the kernel goes on, as a real one does
        log_uncaught()


def forget_inheritance() -> None:
    """Drop what a fork must not share with its siblings: exit handlers, seeds."""
    atexit._clear()  # the parent's temp folders are not ours to delete
    weakref.finalize._registry.clear()
    weakref.finalize._registered_with_atexit = False
    util._finalizer_registry.clear()
    atexit.register(util._exit_function)
    if (numpy := sys.modules.get("numpy")) is not None:
        numpy.random.seed()
    linecache.cache.pop("<string>", None)  # from 3.13 on, the line that started the server
    sys.stdout, sys.stderr = sys.__stdout__, sys.__stderr__
    signal.signal(signal.SIGINT, signal.SIG_DFL)


# what is done once, in the fork server, so that a fork of it can be a kernel at once


WARM = "perfkit.kernel.app:warm"
KERNEL = "perfkit.kernel.app:be_kernel"
BACKEND = "module://matplotlib_inline.backend_inline"  # what IPKernelApp sets
SECONDS = 20.0  # in which a kernel must be made
GRAMMAR = "rfc3987_syntax"
MODULES = (  # what the kernel, its client and most notebooks load
    "faulthandler",
    "matplotlib.pyplot",
    "matplotlib.backends.backend_svg",
    "matplotlib.backends.backend_agg",
    "PIL.BmpImagePlugin",
    "PIL.GifImagePlugin",
    "PIL.JpegImagePlugin",
    "PIL.PpmImagePlugin",  # what Pillow loads with the first picture
    "pandas",
    "pandas.io.formats.style",
    "pandas.io.formats.html",
    "IPython.core.pylabtools",
    "IPython.core.completer",
    "IPython.core.logger",
    "asyncio.selector_events",
    "concurrent.futures.thread",
    "multiprocessing.synchronize",
    "tornado.platform.asyncio",
    "nbclient.output_widget",
    "papermill.execute",
    "nbformat.v4",
    "ipywidgets",
    "perfkit.kernel.canary",
    "perfkit.kernel.fork_engine",
)
_made: dict[str, Any] = {}


def warm(modules: Iterable[str] = ()) -> None:
    """Make the kernel that forks will wake, and import what most notebooks load, and `modules`."""
    os.environ.setdefault("MPLBACKEND", BACKEND)
    gc.disable()  # what is imported stays
    try:
        if home.second:
            raise RuntimeError("a process that made a kernel has died")  # noqa: TRY301  # as if it had failed here
        with _within(SECONDS):
            _made["app"] = make_kernel()
        with as_in_a_cell(_made["app"]):
            _import([*MODULES, *modules])
        _made["app"].rehearse()
    except Exception as error:  # noqa: BLE001  # whatever is off here the canary will meet, and tell
        _made.clear()
        _made["broken"] = f"{type(error).__name__}: {error}"
        _import([*MODULES, *modules])
    gc.enable()


def be_kernel(connection: Any) -> None:
    """Be a kernel on this connection until it ends."""
    if "app" not in _made:
        sys.stderr.write(_made.get("broken", "no kernel was made here") + "\n")
        sys.stderr.flush()
        os._exit(1)

    os.environ.setdefault("MPLBACKEND", BACKEND)
    run_kernel(_made["app"], connection)


@contextmanager
def _within(seconds: float) -> Iterator[None]:
    """Raise TimeoutError in what is done meanwhile if it takes longer."""

    def late(*_: Any) -> None:
        raise TimeoutError(f"a kernel was not made in {seconds:g} s")

    signal.signal(signal.SIGALRM, late)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, signal.SIG_DFL)


def _import(modules: Iterable[str]) -> None:
    with _later_grammar():
        importlib.import_module("jsonschema")
    for name in modules:
        try:
            importlib.import_module(name)
        except Exception:  # noqa: BLE001, S112  # warmth only: the cell that needs it will say so
            continue


@contextmanager
def _later_grammar() -> Iterator[None]:
    """Let jsonschema, imported meanwhile, load `rfc3987_syntax` when it first checks an address.

    Loading it compiles a grammar for more than a second, which no notebook asks for.
    """
    if GRAMMAR in sys.modules or find_spec(GRAMMAR) is None:
        yield
        return
    stand_in = ModuleType(GRAMMAR)
    vars(stand_in)["is_valid_syntax"] = lambda *of: importlib.import_module(GRAMMAR).is_valid_syntax(*of)
    sys.modules[GRAMMAR] = stand_in
    try:
        yield
    finally:
        del sys.modules[GRAMMAR]
