"""A process that does something for us: both sides of its connection, and the messages on it.

Who waits keeps the time: a call that takes too long is hung up on, and that ends the process and all it
started. There is no heartbeat and no other way to end one. A connection begins with a greeting: what the
new process shall become, where, and how much memory of the machine it may use. It ends with the one who
started it.

The last line is the server's: it comes when a process has ended, and says how. It stands at the very end of
what came, whatever that process wrote before, so nobody can speak for the server.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import signal
import socket
import struct
import subprocess
import sys
import uuid
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Literal, ParamSpec, Protocol, Self, TypeVar

from perfkit.errors import PerfkitError
from perfkit.language import spoken
from perfkit.plain import dumps, loads
from perfkit.text import say

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence


LENGTH = struct.Struct("!Q")
MOST = 1 << 32  # no message is as long: what says so is the last line, or noise
CHUNK = 1 << 18


class Stream(Protocol):
    """Carry bytes both ways: a socket, or the pipes of a fresh interpreter."""

    def recv(self, size: int, /) -> bytes:
        """Give at most `size` bytes; none at the end."""

    def sendall(self, data: bytes, /) -> None:
        """Send all the bytes."""


@dataclass(frozen=True, slots=True)
class Ended:
    """Hold how a process ended: its status (negative: a signal; None: nobody knows), its last words."""

    status: int | None = None
    words: str = ""

    def __str__(self) -> str:
        last = self.words.strip().splitlines()[-1:]
        return ": ".join([how_ended(self.status), *last])


class BrokenOffError(Exception):
    """Tell that no further message comes; `rest` is what came instead."""

    def __init__(self, rest: bytes = b"") -> None:
        super().__init__("the other side has ended")
        self.rest = rest


def send(stream: Stream, message: Any) -> None:
    """Send one message."""
    data = dumps(message)
    stream.sendall(LENGTH.pack(len(data)) + data)


def receive(stream: Stream) -> Any:
    """Give the next message.

    Raises:
        BrokenOffError: there is none, or it makes no sense.
    """
    head = _read(stream, LENGTH.size)
    (length,) = LENGTH.unpack(head) if len(head) == LENGTH.size else (MOST,)
    if length >= MOST:
        raise BrokenOffError(head)
    data = _read(stream, length)
    if len(data) < length:
        raise BrokenOffError(data)
    try:
        return loads(data)
    except (ValueError, LookupError, TypeError, AttributeError, ImportError) as error:
        raise BrokenOffError from error


def _read(stream: Stream, size: int) -> bytes:
    parts = bytearray()
    while len(parts) < size and (part := stream.recv(min(CHUNK, size - len(parts)))):
        parts += part
    return bytes(parts)


def last_line(status: int | None, words: str) -> bytes:
    """Give the line that says how a process ended."""
    return b"\n%s\n" % json.dumps({"ended": status, "words": words}).encode("ascii")


def read_last_line(rest: bytes) -> Ended | None:
    """Find the last line at the end of all that came; None where the server has not spoken."""
    try:
        said = json.loads(rest.rstrip(b"\n").rpartition(b"\n")[2])
        return Ended(said["ended"], said["words"])
    except (ValueError, LookupError, TypeError):
        return None


def how_ended(status: int | None) -> str:
    """Say how a process ended, from its exit status (negative: the signal that killed it)."""
    if status is None:
        return say("batch.ended.unknown")[spoken()]
    if status >= 0:
        return say("batch.ended.status", status=status)[spoken()]
    try:
        name = signal.Signals(-status).name
    except ValueError:
        name = f"signal {-status}"
    told = say("batch.ended.killed", signal=name)[spoken()]
    return told + (say("batch.ended.memory")[spoken()] if name == "SIGKILL" else "")


# a process that does something for us: our side of its connection (`Process`), and its own (`become`)


PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER = 1, 36


def limit_memory(size: int | None) -> None:
    """Let this process have `size` bytes more of data than it has now; None sets no limit."""
    try:
        import resource
    except ImportError:  # Windows
        return
    if size is None:
        return
    kind = resource.RLIMIT_DATA if sys.platform == "linux" else resource.RLIMIT_AS
    most = size + _in_use()
    _, hard = resource.getrlimit(kind)
    with contextlib.suppress(ValueError, OSError):  # macOS sets none
        resource.setrlimit(kind, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))
        resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))


def _in_use() -> int:
    """Give the bytes of data this process has mapped."""
    try:
        with Path("/proc/self/statm").open(encoding="ascii") as file:
            return int(file.read().split()[5]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 1 << 30


def die_with_parent(parent: int) -> None:
    """Have Linux kill this process when the thread that forked it ends, however it ends."""
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(0)


def adopt_orphans() -> None:
    """Become the parent of whatever this process's children leave behind, so that it can be ended (Linux)."""
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_CHILD_SUBREAPER, 1)


def children() -> set[int]:
    """Give this process's children, adopted ones too (Linux)."""
    try:
        listed = Path(f"/proc/self/task/{os.getpid()}/children").read_text(encoding="ascii")
    except OSError:
        return set()
    return {int(pid) for pid in listed.split()}


def kill(pid: int, *, group: bool = False) -> None:
    """Kill a child that nobody has waited for yet, so that the id is still its own; with its group."""
    for end in (os.killpg, os.kill) if group else (os.kill,):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            end(pid, signal.SIGKILL)


P = ParamSpec("P")
T = TypeVar("T")
FAREWELL = 20.0  # seconds to wait for a process that was hung up on
TAIL = 1 << 16
WARM = "warm"  # the file in a server's folder which says that it has warmed up


class LostError(Exception):
    """Tell that a call had no answer.

    `cause`: "time" ran out, "memory" ran out, the process "ended" by itself, or the "server" with it.
    """

    def __init__(self, cause: Literal["time", "memory", "ended", "server"], ended: Ended) -> None:
        super().__init__(cause, ended)
        self.cause = cause
        self.ended = ended

    def __str__(self) -> str:
        key = {"time": "too_long", "memory": "too_much_memory"}.get(self.cause, "lost")
        return say(f"batch.{key}", how=self.ended)[spoken()]


class CallError(Exception):
    """Tell of an exception, other than perfkit's own, that a called function raised: its kind and text."""

    def __init__(self, kind: str, text: str) -> None:
        super().__init__(kind, text)
        self.kind = kind
        self.text = text

    def __str__(self) -> str:
        return f"{self.kind}: {self.text}"


class Process:
    """Hold one process: a fork of the server's, or a fresh interpreter."""

    def __init__(self, connection: Any, greeting: dict[str, Any]) -> None:  # a socket, or what stands for one
        self.connection = connection
        self.id = uuid.uuid4().hex
        self.ended: Ended | None = None
        with contextlib.suppress(OSError):  # it has ended, which the first answer will tell
            send(connection, greeting | {"id": self.id})

    def call(self, function: Callable[P, T], /, *args: Any, seconds: float | None = None) -> T:
        """Call a function of a module there, with plain values and perfkit's own; give what it returns.

        Raises:
            PerfkitError: the function raised it.
            CallError: it raised another exception.
            LostError: it took longer than `seconds`, or its process ended; this process can no more be used.
        """
        self.connection.settimeout(None if seconds is None else max(seconds, 0.001))
        try:
            send(self.connection, (f"{function.__module__}:{function.__qualname__}", args))
        except TimeoutError:
            raise self._late() from None
        except OSError:
            pass  # it has ended: its last line says how
        try:
            kind, value = receive(self.connection)
        except TimeoutError:
            raise self._late() from None
        except (BrokenOffError, OSError) as error:
            ended = self.end(getattr(error, "rest", b""))
            raise LostError("server" if ended.status is None else "ended", ended) from None
        if kind == "value":
            return value  # type: ignore[no-any-return]
        if isinstance(value, PerfkitError):
            raise value
        if value[0] == "MemoryError":
            raise LostError("memory", self.end())
        raise CallError(*value)

    def _late(self) -> LostError:
        return LostError("time", self.end())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    def hang_up(self) -> None:
        """Let the process be ended, without waiting for it; another thread's call of it is lost."""
        with contextlib.suppress(OSError):
            self.connection.shutdown(socket.SHUT_WR)

    def end(self, rest: bytes = b"") -> Ended:
        """Hang up, and wait until the process has ended with all that it started; tell how it ended.

        `rest` is what was read already of what it said.
        """
        if self.ended is None:
            tail = bytearray(rest)
            with contextlib.suppress(OSError):
                self.connection.settimeout(FAREWELL)
                self.hang_up()
                while part := self.connection.recv(CHUNK):
                    tail = (tail + part)[-TAIL:]
            self.connection.close()
            self.ended = read_last_line(bytes(tail)) or Ended()
        return self.ended


def program(
    command: Sequence[str],
    folder: Path | None = None,
    environment: Mapping[str, str] | None = None,
    seconds: float | None = None,
) -> tuple[int | None, str]:
    """Run another program, which reads nothing; give its exit status and all that it said.

    The status is None where it took longer than `seconds`: then it was killed, with all that it started.
    """
    with subprocess.Popen(  # noqa: S603  a program that we found, and arguments of ours
        command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, start_new_session=os.name == "posix",
    ) as process:  # fmt: skip
        try:
            told, _ = process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            with contextlib.suppress(OSError):
                if os.name == "posix":
                    os.killpg(process.pid, signal.SIGKILL)
                else:
                    process.kill()
            return None, say("batch.program.slow", seconds=f"{seconds:g}")[spoken()]
    return process.returncode, told.decode("utf-8", "replace").strip()


# In a server and its forks: the folder that holds its socket; whether one before it died while it warmed up.
home = SimpleNamespace(folder="", second=False)


def become(connection: Any, greeting: dict[str, Any]) -> None:
    """Be what a greeting asks for, in a process of its own."""
    if greeting["folder"]:
        os.chdir(greeting["folder"])
    wanted = greeting["environment"]
    for name in os.environ.keys() - wanted.keys():
        del os.environ[name]
    os.environ.update({name: value for name, value in wanted.items() if os.environ.get(name) != value})
    serve = named(greeting["become"])
    limit_memory(greeting["memory"])
    serve(connection)


def named(name: str) -> Any:
    """Find a function by `module:function`."""
    module, _, path = name.partition(":")
    found: Any = import_module(module)
    for part in path.split("."):
        found = getattr(found, part)
    return found


def serve(connection: Any) -> None:
    """Answer one call after another, in the process that is called, until there are no more."""
    with contextlib.suppress(BrokenOffError, OSError):
        while True:
            name, args = receive(connection)
            send(connection, _answer(name, args))


def _answer(name: str, args: tuple[Any, ...]) -> tuple[str, Any]:
    try:
        return "value", named(name)(*args)
    except PerfkitError as error:
        return "error", error
    except Exception as error:  # noqa: BLE001  # whatever it is, the caller is told
        return "error", (type(error).__name__, str(error))
