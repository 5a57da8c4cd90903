"""Starts the fork server and connects to it; where there is no fork, a fresh interpreter does the same.

The listening socket is made here and handed down, so that anybody can connect at once, from any thread, while
the server still warms up. Its standard input is its lifeline: when we are gone, however we went, it ends.

A fresh interpreter listens nowhere. When its input ends, whoever started it is gone, and it ends at once.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import queue
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import Any, Self

from perfkit.errors import Fault, MachineError
from perfkit.processes.process import CHUNK, WARM, Process, home, last_line, receive
from perfkit.text import say

ROOT = str(Path(__file__).parents[2])
START = (
    "import sys; sys.path[:] = [*filter(None, sys.path), sys.argv[1]]; "  # no module here shadows one there
)
WORDS = 2000


class Pipes:
    """Stand for a connection: the pipes of a fresh interpreter, whose end is told as a last line."""

    def __init__(self) -> None:
        self._log = tempfile.TemporaryFile()  # noqa: SIM115  # closed in close()
        self._process = subprocess.Popen(  # noqa: S603  # this interpreter, our own module
            [sys.executable, "-c", f"{START} from perfkit.processes.template import main; main()", ROOT],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._log, start_new_session=True,
        )  # fmt: skip
        self._timer: threading.Timer | None = None
        self._late = False
        self._told = False

    def settimeout(self, seconds: float | None, /) -> None:
        """Let the process be killed after `seconds`, and `recv` raise TimeoutError then."""
        if self._timer is not None:
            self._timer.cancel()
        self._timer = None
        self._late = False
        if seconds is not None:
            self._timer = threading.Timer(seconds, self._too_late)
            self._timer.daemon = True
            self._timer.start()

    def _too_late(self) -> None:
        self._late = True
        self._kill()

    def _kill(self) -> None:
        with contextlib.suppress(OSError):
            if hasattr(os, "killpg"):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.kill()

    def sendall(self, data: bytes, /) -> None:
        """Send all the bytes."""
        if self._process.stdin is not None:
            self._process.stdin.write(data)
            self._process.stdin.flush()

    def recv(self, size: int, /) -> bytes:
        """Give what has come; after all that, how the process ended; then nothing.

        Raises:
            TimeoutError: it was killed because it took too long.
        """
        data = os.read(self._process.stdout.fileno(), size) if self._process.stdout is not None else b""
        if data or self._told:
            return data
        status = self._process.wait()
        if self._late:
            self._late = False
            raise TimeoutError
        self._told = True
        self._log.seek(max(0, self._log.seek(0, os.SEEK_END) - WORDS))
        return last_line(status, self._log.read().decode(errors="replace"))

    def shutdown(self, how: int, /) -> None:  # noqa: ARG002  # as a socket has it
        """End the process."""
        self._kill()

    def close(self) -> None:
        """Close the pipes."""
        self.settimeout(None)
        self._kill()
        self._process.wait()
        for each in (self._process.stdin, self._process.stdout, self._log):
            with contextlib.suppress(OSError):
                each.close()  # type: ignore[union-attr]


class Standard:
    """Stand for the connection in the fresh interpreter itself: its standard input and output."""

    def __init__(self) -> None:
        self._in, self._out = os.dup(0), os.dup(1)
        null = os.open(os.devnull, os.O_RDWR)
        os.dup2(null, 0)
        os.dup2(2, 1)  # what a library prints must not look like an answer
        self._come: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        self._left = b""
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        while data := os.read(self._in, CHUNK):
            self._come.put(data)
        os._exit(0)

    def recv(self, size: int, /) -> bytes:
        """Give at most `size` bytes."""
        data = self._left or self._come.get()
        self._left = data[size:]
        return data[:size]

    def sendall(self, data: bytes, /) -> None:
        """Send all the bytes."""
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(self._out, rest) :]


def main() -> None:
    """Read the greeting, and become what it asks for."""
    from perfkit.processes.process import become

    connection: Any = Standard()
    become(connection, receive(connection))


# starts the fork server, connects to it, and starts it again should it be lost


FORKS = sys.platform == "linux"  # Windows has no fork, on macOS it is not safe
LONGEST = 90  # bytes that the path of a socket may have
DYING = 1.0  # seconds that a server which listens no more may take to end
DEATHS = 2  # servers that may be lost, one after another, before that is an error
CALLS = "perfkit.processes.process:serve"
READ_AT_START = ("PYTHON", "TZ", "LANG", "LC_", "MPL")  # how variables begin that no fork reads anew


class Template:
    """Make processes: forks of a warm server, or fresh interpreters where there is no fork.

    `warm` names the functions, as `module:function …`, that make the server warm: they may import and
    compute, but start no thread and open nothing.
    """

    def __init__(self, warm: str = "") -> None:
        self.warm = warm
        self._lock = threading.Lock()
        self._deaths = 0
        self._second = ""  # said to a server whose forerunner died before it was warm
        self._closed = False
        self._process: subprocess.Popen[bytes] | None = None
        self.folder = Path(home.folder)
        if FORKS and not home.folder:  # a fork of a server uses that one
            self._start()

    def _start(self) -> None:
        _started.append(self)  # before there is a server: somebody may fork at any moment
        self.folder = Path(tempfile.mkdtemp(prefix="perfkit-"))  # of mode 0700
        if len(os.fsencode(self.folder)) > LONGEST:
            self.folder.rmdir()
            self.folder = Path(tempfile.mkdtemp(prefix="perfkit-", dir="/tmp"))  # as above
        self._log = tempfile.TemporaryFile()  # noqa: SIM115  # closed in close()
        code = f"{START} from perfkit.processes.server import main; main(int(sys.argv[2]), *sys.argv[3:])"
        with _listening(self.folder / "socket") as listener:
            self._process = subprocess.Popen(  # noqa: S603  # this interpreter, our own module
                [sys.executable, "-c", code, ROOT, str(listener.fileno()), str(self.folder), self.warm,
                 self._second],
                stdin=subprocess.PIPE, stdout=self._log, stderr=self._log, pass_fds=[listener.fileno()],
                start_new_session=True,
            )  # fmt: skip

    def start(self, become: str = CALLS, memory: int | None = None) -> Process:
        """Start a process that has our folder and environment, with `memory` bytes more than the server has.

        Raises:
            MachineError: no server can be started.
        """
        greeting = {
            "become": become,
            "folder": _folder(),
            "environment": dict(os.environ),
            "memory": memory,
        }
        return Process(self._connected() if FORKS else Pipes(), greeting)

    def _connected(self) -> socket.socket:
        while True:
            connection = socket.socket(socket.AF_UNIX)
            try:
                connection.connect(str(self.folder / "socket"))
            except OSError as error:
                connection.close()
                self._revive(str(error))
            except BaseException:
                connection.close()
                raise
            else:
                return connection

    def _revive(self, refused: str) -> None:
        """Start another server where ours has died.

        Raises:
            MachineError: it dies again and again, or is not ours to start.
        """
        with self._lock:
            if home.folder or self._closed:
                raise MachineError(_gone(refused))
            if self._process is not None:
                try:
                    self._process.wait(DYING)
                except subprocess.TimeoutExpired:
                    return
                words = self._words()
                self._second = "" if (self.folder / WARM).exists() else "second"
                self._end()
                self._deaths += 1
                if self._deaths % DEATHS == 0:
                    raise MachineError(_gone(words))
            self._start()

    def _words(self) -> str:
        self._log.seek(0)
        said = self._log.read().decode("utf-8", errors="replace").strip()
        return next(reversed(said.splitlines()), "")

    def prepare(self, function: str, *args: Any) -> None:
        """Have the server itself call a function, before all that is asked of it later; wait for nothing."""
        if FORKS:
            with self._connected() as connection:
                Process(connection, {"prepare": function, "args": args})

    def interrupt(self, process: Process) -> None:
        """Interrupt a process of ours, as Ctrl-C would."""
        with self._connected() as connection:
            Process(connection, {"interrupt": process.id})

    def close(self) -> None:
        """End the server and every process of it; there will be no other."""
        with self._lock:
            self._closed = True
            self._end()

    def _end(self) -> None:
        if self._process is None:
            return
        with contextlib.suppress(ValueError):
            _started.remove(self)
        if self._process.stdin is not None:
            self._process.stdin.close()
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None
        self._log.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def disown(self) -> None:
        """Leave the server to the process that has started it."""
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.close()
            self._process.returncode = 0
            self._process = None
            self._log.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


_started: list[Template] = []
_shared: dict[tuple[str, frozenset[tuple[str, str]]], Template] = {}
_lock = threading.Lock()


def shared(warm: str = "") -> Template:
    """Give this process's server of that kind, started when first asked for.

    There is one for each environment that an interpreter would start with. A fork of a server uses that.
    """
    begins = frozenset(pair for pair in os.environ.items() if pair[0].startswith(READ_AT_START))
    key = ("", frozenset[tuple[str, str]]()) if home.folder else (warm, begins)
    with _lock:
        if key not in _shared:
            _shared[key] = Template(warm)
        return _shared[key]


def _listening(path: Path) -> socket.socket:
    """Make the socket to listen on; its number is above those of the standard streams, wherever these are."""
    import fcntl

    with socket.socket(socket.AF_UNIX) as made:
        made.bind(str(path))
        made.listen(socket.SOMAXCONN)
        return socket.socket(fileno=fcntl.fcntl(made.fileno(), fcntl.F_DUPFD_CLOEXEC, 3))


def _folder() -> str | None:
    try:
        return os.getcwd()  # noqa: PTH109  # a folder that is gone has no Path either
    except OSError:
        return None


def _gone(words: str) -> Fault:
    return Fault(
        say("faults.process_others_are_forked"),
        got=words or say("faults.no_word"),
        hint=say("faults.run_command_again_perfkit"),
    )


def _forget() -> None:
    """Leave the servers to our parent, in a process that somebody has forked from us."""
    for template in _started:
        template.disown()
    _started.clear()
    _shared.clear()
    if _lock.locked():  # by a thread that is not here
        _lock.release()


def _close_all() -> None:
    for template in _started[:]:  # each that is closed leaves it
        template.close()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)
atexit.register(_close_all)
