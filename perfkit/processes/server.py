"""The fork server: a process of ours, warm and with one thread, that forks for whoever connects.

It is the standard library's `ForkingMixIn` over a Unix socket, with one thing turned round: it keeps its copy
of each connection. So it learns from the system when the other side has hung up, and it alone kills and
reaps: the fork, its group, and whatever that left behind (orphans of a fork become the server's children).
How a fork ended is the last line of its connection. Nobody else needs a process id, and none is used again
while somebody may still mean it.
"""

from __future__ import annotations

import contextlib
import gc
import os
import select
import shutil
import signal
import socket
import sys
from dataclasses import dataclass
from pathlib import Path
from socketserver import ForkingMixIn, UnixStreamServer
from typing import TYPE_CHECKING, Any

from perfkit.processes.process import (
    WARM,
    adopt_orphans,
    become,
    children,
    die_with_parent,
    home,
    kill,
    last_line,
    named,
    receive,
)

if TYPE_CHECKING:
    from collections.abc import Callable

GREETING = 10.0  # seconds in which one who connects must say what for
WORDS = 2000  # bytes of its standard error that are told when a fork has ended
HUNG_UP = getattr(select, "POLLRDHUP", 0) | select.POLLHUP | select.POLLERR if hasattr(select, "poll") else 0


@dataclass(slots=True)
class Fork:
    """Hold a fork as the server sees it: its connection, what it says on standard error, how it ended."""

    id: str
    connection: socket.socket
    stderr: int
    words: bytes = b""
    status: int | None = None


class Server(ForkingMixIn, UnixStreamServer):
    """Fork for each connection, into what its greeting asks for."""

    max_children = sys.maxsize
    timeout = None

    def __init__(self, listener: socket.socket, lifeline: int) -> None:
        super().__init__(listener.getsockname(), None, bind_and_activate=False)  # type: ignore[arg-type]
        self.socket.close()
        self.socket = listener
        self.lifeline = lifeline
        self.active_children: set[int] = set()
        self.forks: dict[int, Fork] = {}
        self.pipe = (-1, -1)  # a new fork's standard error
        self.greeting: dict[str, Any] = {}
        self.over = False
        self.poll = select.poll()
        self.watched: dict[int, Callable[[int, int], None]] = {}
        self.alarm, self.bell = socket.socketpair()
        self.alarm.settimeout(0)
        self.bell.settimeout(0)
        signal.set_wakeup_fd(self.bell.fileno(), warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.signal(signal.SIGTERM, self._stop)
        self._watch(listener.fileno(), select.POLLIN, lambda *_: self.handle_request())
        self._watch(lifeline, select.POLLIN, self._stop)
        self._watch(self.alarm.fileno(), select.POLLIN, lambda *_: self.collect_children())

    def _stop(self, *_: Any) -> None:
        self.over = True

    def _watch(self, handle: int, events: int, act: Callable[[int, int], None]) -> None:
        self.poll.register(handle, events)
        self.watched[handle] = act

    def _unwatch(self, handle: int) -> None:
        if self.watched.pop(handle, None):
            self.poll.unregister(handle)

    def serve(self) -> None:
        """Serve until whoever started this process is gone; then end every fork."""
        while not self.over:
            for handle, event in self.poll.poll():
                if handle in self.watched:
                    self.watched[handle](handle, event)
        self._unwatch(self.socket.fileno())
        self._unwatch(self.lifeline)
        self.socket.close()
        for pid in self.forks:
            kill(pid, group=True)
        while self.active_children or children():
            self.collect_children()
            self.poll.poll(50)

    def verify_request(self, request: Any, client_address: Any) -> bool:  # noqa: ARG002
        """Read the greeting; what needs no process of its own is done here and now."""
        request.settimeout(GREETING)
        greeting = receive(request)
        request.settimeout(None)
        if "interrupt" in greeting:
            for pid in [pid for pid, fork in self.forks.items() if fork.id == greeting["interrupt"]]:
                os.kill(pid, signal.SIGINT)
            return False
        if "prepare" in greeting:
            named(greeting["prepare"])(*greeting["args"])
            gc.collect()
            gc.freeze()
            return False
        self.greeting = greeting
        return True

    def process_request(self, request: Any, client_address: Any) -> None:
        """Fork; from then on, watch the connection and the fork's standard error."""
        stderr, theirs = self.pipe = os.pipe()
        try:
            super().process_request(request, client_address)  # the fork never comes back from here
        except OSError:
            os.close(stderr)
            raise
        finally:
            os.close(theirs)
        os.set_blocking(stderr, False)
        (pid,) = self.active_children - self.forks.keys()
        self.forks[pid] = Fork(self.greeting["id"], request, stderr)
        self._watch(request.fileno(), HUNG_UP, lambda handle, _: self._hung_up(handle, pid))
        self._watch(stderr, select.POLLIN, lambda *_: self._listen(pid))

    def close_request(self, request: Any) -> None:
        """Keep our copy of the connection: `_farewell` closes it."""

    def shutdown_request(self, request: Any) -> None:
        """Close a connection that no fork serves, or in the fork that has served it."""
        request.close()

    def finish_request(self, request: Any, client_address: Any) -> None:  # noqa: ARG002
        """Become, in the fork, what the greeting asks for."""
        self._let_go()
        become(request, self.greeting)

    def _let_go(self) -> None:
        """Let go, in a fork, of everything that is the server's."""
        os.setsid()
        die_with_parent(os.getppid())
        adopt_orphans()
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        for each in (self.socket, self.alarm, self.bell, *(fork.connection for fork in self.forks.values())):
            each.close()
        null = os.open(os.devnull, os.O_RDWR)
        for number in (0, 1):
            os.dup2(null, number)
        os.dup2(self.pipe[1], 2)
        for handle in (null, *self.pipe, *(fork.stderr for fork in self.forks.values())):
            os.close(handle)

    def _hung_up(self, handle: int, pid: int) -> None:
        self._unwatch(handle)
        if self.forks[pid].status is None:
            kill(pid, group=True)

    def _listen(self, pid: int) -> None:
        """Read what a fork says on standard error, so that it can neither block nor fill anything."""
        fork = self.forks[pid]
        try:
            said = os.read(fork.stderr, 1 << 16)
        except BlockingIOError:
            return
        fork.words = (fork.words + said)[-WORDS:]
        if not said:
            self._unwatch(fork.stderr)

    def collect_children(self, *, blocking: bool = False) -> None:  # noqa: ARG002  # socketserver's signature
        """Learn who has ended, end what they left behind, and tell how they ended."""
        with contextlib.suppress(BlockingIOError):
            self.alarm.recv(4096)
        with contextlib.suppress(ChildProcessError):
            while ended := os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT):
                if ended.si_pid in self.forks:
                    kill(ended.si_pid, group=True)
                _, status = os.waitpid(ended.si_pid, 0)
                self.active_children.discard(ended.si_pid)
                if ended.si_pid in self.forks:
                    self.forks[ended.si_pid].status = os.waitstatus_to_exitcode(status)
        strays = children() - self.active_children
        for stray in strays:
            kill(stray)
        if not strays:
            for pid in [pid for pid, fork in self.forks.items() if fork.status is not None]:
                self._farewell(pid)

    def _farewell(self, pid: int) -> None:
        self._listen(pid)
        fork = self.forks.pop(pid)
        self._unwatch(fork.stderr)
        os.close(fork.stderr)
        handle = fork.connection.fileno()
        self._unwatch(handle)
        fork.connection.settimeout(0)
        line = last_line(fork.status, fork.words.decode(errors="replace"))

        def tell(*_: int) -> None:
            nonlocal line
            try:
                line = line[fork.connection.send(line) :]
            except BlockingIOError:  # the fork has left it full: the line follows once it is read
                pass
            except OSError:
                line = b""
            if not line:
                self._unwatch(handle)
                fork.connection.close()

        self._watch(handle, select.POLLOUT, tell)
        tell()


def main(listener: int, folder: str, warm: str, second: str) -> None:
    """Be the server: warm up (`module:function` …), then serve on the socket that was handed down."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    adopt_orphans()
    home.folder, home.second = folder, bool(second)
    for name in warm.split():
        named(name)()
    Path(folder, WARM).touch()
    gc.collect()
    gc.freeze()
    try:
        Server(socket.socket(fileno=listener), 0).serve()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
