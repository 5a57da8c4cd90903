"""The warm process beside a run: it imports everything once and forks the workers that do the tasks.

A worker does one task after another, so that it stays warm; what a task must not share with the next (a
notebook's cells) it forks itself. The host has no thread and no knowledge of reports. What a task says goes
to the parent as it is said. When the parent is gone, however it went, the host ends its workers and itself.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import selectors
import signal
import socket
import sys
import time
from collections import deque
from dataclasses import dataclass
from multiprocessing import Pipe, reduction
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, Any

from perfkit.batch.limits import adopt_orphans, die_with_parent

if TYPE_CHECKING:
    from collections.abc import Sequence

TASKS = 500  # after so many a worker is replaced, whatever it may have leaked
IDLE = -1
DONE = b""


@dataclass(slots=True)
class Child:
    """Hold one worker: the task it is at (or IDLE), its wire, and when the task has had its time.

    A kernel that was forked for somebody outside has no wire.
    """

    number: int
    wire: Connection | None
    deadline: float = float("inf")
    overdue: bool = False
    tasks: int = 0


class Host:
    """Give tasks to at most `slots` workers; forward what they say; replace those that are lost."""

    def __init__(self, control: Connection, slots: int) -> None:
        self.control = control
        self.slots = slots
        self.waiting: deque[tuple[int, Any, float]] = deque()
        self.children: dict[int, Child] = {}
        self.selector = selectors.DefaultSelector()
        self.wakeup, writer = socket.socketpair()
        for end in (self.wakeup, writer):
            end.settimeout(0)
        self._writer = writer
        signal.set_wakeup_fd(writer.fileno(), warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        self.selector.register(control, selectors.EVENT_READ, self.listen)
        self.selector.register(self.wakeup, selectors.EVENT_READ, self.reap)
        self.running = True
        signal.signal(signal.SIGTERM, self._stop)

    def _stop(self, *_: object) -> None:
        self.running = False

    def serve(self) -> None:
        """Serve until the parent says stop or is gone."""
        try:
            while self.running:
                for key, _ in self.selector.select(self._until_deadline()):
                    key.data(key.fileobj)
                self._end_overdue()
                self._start_waiting()
        except (EOFError, BrokenPipeError, ConnectionResetError):
            pass  # the parent is gone
        finally:
            self.end_all()

    def listen(self, control: Connection) -> None:
        """Take one request from the parent."""
        kind, *rest = control.recv()
        if kind == "run":
            self.waiting.append(tuple(rest))
        elif kind == "kernel":
            self._fork_kernel(*rest)
        elif kind == "stop":
            self.running = False

    def _start_waiting(self) -> None:
        """Give waiting tasks to idle workers, and fork workers as long as there is room."""
        while self.waiting:
            workers = [(pid, child) for pid, child in self.children.items() if child.wire is not None]
            idle = next((worker for worker in workers if worker[1].number == IDLE), None)
            if idle is None and len(workers) >= self.slots:
                return
            pid, child = idle or self._fork_worker()
            number, task, seconds = self.waiting.popleft()
            child.number, child.deadline = number, time.monotonic() + seconds
            self.control.send(("begun", number, pid))
            if child.wire is not None:
                with contextlib.suppress(
                    BrokenPipeError, ConnectionResetError
                ):  # then it is about to be reaped
                    child.wire.send(task)

    def _fork_worker(self) -> tuple[int, Child]:
        ours, theirs = Pipe()
        host, pid = os.getpid(), os.fork()
        if pid == 0:
            self._become_child(host)
            ours.close()
            _work(theirs)
        theirs.close()
        child = self.children[pid] = Child(IDLE, ours)
        self.selector.register(ours, selectors.EVENT_READ, self.forward)
        return pid, child

    def _become_child(self, host: int) -> None:
        """Let go of what is the host's: its sockets, its signals, its session."""
        os.setsid()
        die_with_parent(host)
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        self.selector.close()
        self.control.close()
        self.wakeup.close()
        self._writer.close()
        for child in self.children.values():
            if child.wire is not None:
                child.wire.close()

    def forward(self, wire: Connection) -> None:
        """Pass on what a worker says."""
        if wire.closed:  # its end was noticed in the same breath
            return
        try:
            self._hear(
                next(child for child in self.children.values() if child.wire is wire), wire.recv_bytes()
            )
        except (EOFError, ConnectionResetError):
            self._let_go(wire)

    def _hear(self, child: Child, said: bytes) -> None:
        if said != DONE:
            self.control.send(("said", child.number, said))
            return
        self._kill_strays()
        self.control.send(("ended", child.number, 0))
        child.number, child.deadline, child.tasks = IDLE, float("inf"), child.tasks + 1
        if child.tasks >= TASKS and child.wire is not None:
            self._let_go(child.wire)  # it ends when it finds nobody there

    def _let_go(self, wire: Connection) -> None:
        self.selector.unregister(wire)
        wire.close()

    def reap(self, wakeup: socket.socket) -> None:
        """Learn which children have ended, hear their last words, and end whatever they started."""
        with contextlib.suppress(BlockingIOError):
            wakeup.recv(4096)
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            if (child := self.children.pop(pid, None)) is not None and child.wire is not None:
                if not child.wire.closed:
                    self._last_words(child, child.wire)
                _kill_group(pid)
                self._kill_strays()
                if child.number != IDLE:
                    ended = -signal.SIGALRM if child.overdue else os.waitstatus_to_exitcode(status)
                    self.control.send(("ended", child.number, ended))

    def _kill_strays(self) -> None:
        """End what an ended report has left behind in a session of its own."""
        for stray in set(_orphans()) - self.children.keys():
            _kill(stray)

    def _last_words(self, child: Child, wire: Connection) -> None:
        with contextlib.suppress(EOFError, OSError):
            while wire.poll():
                self._hear(child, wire.recv_bytes())
        if not wire.closed:
            self._let_go(wire)

    def _fork_kernel(self, memory: int | None, folder: str, environment: dict[str, str]) -> None:
        """Fork a kernel for somebody outside, on the socket they sent along."""
        with socket.socket(fileno=os.dup(self.control.fileno())) as channel:
            (handle,) = reduction.recvfds(channel, 1)
        wire = Connection(handle)
        host, pid = os.getpid(), os.fork()
        if pid == 0:
            self._become_child(host)
            from perfkit.batch.warm import be_kernel

            os.chdir(folder)
            os.environ.update(
                {name: value for name, value in environment.items() if os.environ.get(name) != value}
            )
            for name in os.environ.keys() - environment.keys() - {"MPLBACKEND"}:
                del os.environ[name]
            be_kernel(wire, memory)
        self.children[pid] = Child(IDLE, None)
        wire.close()
        self.control.send(("begun", -1, pid))

    def _until_deadline(self) -> float | None:
        nearest = min((child.deadline for child in self.children.values()), default=float("inf"))
        return None if nearest == float("inf") else max(0.0, nearest - time.monotonic())

    def _end_overdue(self) -> None:
        for pid, child in self.children.items():
            if child.deadline <= time.monotonic():
                child.deadline, child.overdue = float("inf"), True
                _kill_group(pid)

    def end_all(self) -> None:
        """End every child and what it started."""
        for pid in self.children:
            _kill_group(pid)
        with contextlib.suppress(ChildProcessError):
            while self.children or _orphans():
                pid, _ = os.waitpid(-1, 0)
                self.children.pop(pid, None)
                for orphan in _orphans():
                    _kill(orphan)


def _kill_group(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)


def _kill(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.kill(pid, signal.SIGKILL)


def _orphans() -> list[int]:
    """Give the processes that have become our children because their own parents ended (Linux)."""
    try:
        listed = Path(f"/proc/self/task/{os.getpid()}/children").read_text(encoding="ascii")
    except OSError:
        return []
    return [int(pid) for pid in listed.split()]


def _work(wire: Connection) -> None:
    """Do one task after another in this worker, until nobody gives any; what one raises is its status."""
    status = 1
    try:
        while True:
            task = wire.recv()
            task(wire.send)
            wire.send_bytes(DONE)
    except EOFError:
        status = 0
    except BaseException:  # noqa: BLE001  # the process ends here, whatever came
        import traceback

        traceback.print_exc()
    finally:
        with contextlib.suppress(Exception):
            sys.stderr.flush()
            wire.close()
        os._exit(status)


def main(handle: int, parent: int, prepare: str) -> None:
    """Be the host: get ready by `prepare` (`module:function`), then serve.

    The function is called with another, which waits for the parent to say what the host is about, and
    gives the samples; what can be done without knowing comes before that.
    """
    if sys.path[0] == "":
        del sys.path[0]  # as ipykernel's launcher does; IPython puts the working directory where it belongs
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    die_with_parent(parent, signal.SIGTERM)
    adopt_orphans()
    control = Connection(handle)
    slots = 0

    def samples() -> Sequence[Any]:
        nonlocal slots
        slots, told = control.recv()
        return told  # type: ignore[no-any-return]

    module, _, function = prepare.partition(":")
    try:
        getattr(importlib.import_module(module), function)(samples)
    except EOFError:  # the parent has found nothing to do
        return
    control.send(("warm", 0, os.getpid()))
    Host(control, slots).serve()
