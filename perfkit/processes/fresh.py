"""A fresh interpreter in place of a fork, where there is none: the same greeting, over its own pipes.

It listens nowhere. When its input ends, whoever started it is gone, and it ends at once.
"""

from __future__ import annotations

import contextlib
import os
import queue
import signal
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import Any

from perfkit.processes.exchange import CHUNK, last_line, receive

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
            [sys.executable, "-c", f"{START} from perfkit.processes.fresh import main; main()", ROOT],
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
