"""The parent's side of a host: start it, give it tasks, hear what becomes of them."""

from __future__ import annotations

import atexit
import contextlib
import os
import pickle
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from multiprocessing import Pipe, reduction
from pathlib import Path
from typing import Any, Literal, Self

from perfkit.batch.client import ForkedKernel
from perfkit.errors import Fault, MachineError

WARM = "perfkit.batch.warm:warm"
Task = Callable[[Callable[[Any], None]], None]


@dataclass(frozen=True, slots=True)
class Event:
    """Hold what became of a task: it has begun (`value`: its process), said something, ended (its status)."""

    kind: Literal["begun", "said", "ended"]
    number: int
    value: Any


class Pool:
    """Run tasks in forks of a warm process, `slots` at once.

    The host imports what `prepare` imports while the parent plans; told by `open` what it is about, it
    warms up on the samples. Nothing waits for it until the first event.
    """

    def __init__(self, prepare: str = WARM) -> None:
        self.control, theirs = Pipe()
        self._log = tempfile.TemporaryFile()  # noqa: SIM115  # closed in close()
        call = f"from perfkit.batch.host import main; main({theirs.fileno()}, {os.getpid()}, {prepare!r})"
        self.process = subprocess.Popen(  # noqa: S603  # our own interpreter
            [sys.executable, "-c", call], pass_fds=[theirs.fileno()], start_new_session=True,
            stdin=subprocess.DEVNULL, stdout=self._log, stderr=self._log,
        )  # fmt: skip
        theirs.close()

    def open(self, slots: int = 1, samples: Sequence[Any] = ()) -> Self:
        """Tell how many tasks run at once, and some of their kind to rehearse."""
        self._say(slots, samples)
        return self

    def submit(self, number: int, task: Task, seconds: float) -> None:
        """Give a task; it is ended when it has taken `seconds`."""
        self._say("run", number, task, seconds)

    def _say(self, *request: Any) -> None:
        try:
            self.control.send(request)
        except (BrokenPipeError, ConnectionResetError):
            raise self._gone() from None

    def next_event(self, timeout: float | None = None) -> Event | None:
        """Wait for the next event, at most `timeout` seconds.

        Raises:
            MachineError: the host has died.
        """
        if not self.control.poll(timeout):
            return None
        try:
            kind, number, value = self.control.recv()
        except (EOFError, ConnectionResetError):
            raise self._gone() from None
        if kind == "warm":
            return None
        return Event(kind, number, pickle.loads(value) if kind == "said" else value)  # noqa: S301  # our own child

    def _gone(self) -> MachineError:
        self._log.seek(0)
        said = self._log.read().decode(errors="replace").strip().splitlines()
        return MachineError(
            Fault("the process that reports are forked from has died", got=said[-1] if said else "no word",
                  hint="run the command again; `perfkit doctor` tells what this machine can do")
        )  # fmt: skip

    def kernel(self, memory: int | None = None) -> ForkedKernel:
        """Start a kernel for this process; only for a pool that runs no tasks."""
        ours, theirs = Pipe()
        self._say("kernel", memory, str(Path.cwd()), dict(os.environ))
        with socket.socket(fileno=os.dup(self.control.fileno())) as channel:
            reduction.sendfds(channel, [theirs.fileno()])
        theirs.close()
        while (event := self.next_event()) is None:
            pass
        return HostedKernel(ours, event.value)

    def close(self) -> None:
        """End the host and everything it started; one that still gets ready ends at once."""
        self.control.close()
        self.process.terminate()
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self._log.close()


class HostedKernel(ForkedKernel):
    """Hold a kernel that is a host's child, not ours: it is waited for there."""

    def is_alive(self) -> bool:
        """Tell whether the kernel still runs."""
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return False
        return True

    def kill(self) -> None:
        """End the kernel now."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)


READ_AT_START = ("PYTHON", "TZ", "LANG", "LC_", "MPL")  # how variables begin that no fork reads anew
_shared: dict[tuple[int, frozenset[tuple[str, str]]], Pool] = {}
_lock = threading.Lock()


def shared_host() -> Pool:
    """Give this process's host for single kernels (plain papermill), started when first asked for.

    There is one for each environment that an interpreter would start with.
    """
    begins = frozenset(pair for pair in os.environ.items() if pair[0].startswith(READ_AT_START))
    key = (os.getpid(), begins)
    with _lock:
        if key not in _shared or _shared[key].process.poll() is not None:
            _shared[key] = Pool().open()
            atexit.register(_shared[key].close)
        return _shared[key]
