"""The process in which a document is read: it obeys limits, and may die without harm to the caller.

It takes paths on its standard input and gives forms or errors on its standard output, each as a pickle
with its length before it, until its input ends.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import struct
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from perfkit.errors import DataError, Fault, PerfkitError, refused

if TYPE_CHECKING:
    from perfkit.form import Form

MEMORY = 500_000_000
_NEARLY = 0.6
_LENGTH = struct.Struct("!Q")
_HINT = "save the form in a file of its own, as .xlsx or .docx, without the data around it"


def send(stream: BinaryIO, message: Any) -> None:
    """Write one message to a stream."""
    data = pickle.dumps(message)
    stream.write(_LENGTH.pack(len(data)) + data)
    stream.flush()


def receive(stream: BinaryIO) -> Any:
    """Read one message from a stream; raise EOFError where it has ended."""
    head = stream.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        raise EOFError
    (length,) = _LENGTH.unpack(head)
    data = stream.read(length)
    if len(data) < length:
        raise EOFError
    return pickle.loads(data)  # noqa: S301  our own worker's answer


def serve() -> None:
    """Read the paths that come in, one after another, until there are no more."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not look like an answer
    sys.modules.setdefault("numpy", None)  # type: ignore[arg-type]  # openpyxl would load it, for nothing
    _limit_memory()
    send(answers, "ready")
    with contextlib.suppress(EOFError, KeyboardInterrupt):
        while True:
            path, name = receive(sys.stdin.buffer)
            send(answers, _read(Path(path), name))


def _read(path: Path, name: str) -> list[Form] | PerfkitError:
    peak = _peak()
    try:
        return read_here(path, name)
    except MemoryError:
        return _too_large(name)
    except PerfkitError as error:
        return _too_large(name) if _starved(peak) else error
    except OSError as error:
        return unreadable(error, name)
    except Exception as error:  # noqa: BLE001  a stranger's file must never stop the other files
        told = f"{type(error).__name__}: {error}"[:200]
        fault = Fault("the file cannot be read", name, got=told, hint=_HINT)
        return _too_large(name) if _starved(peak) else DataError(fault)


def unreadable(error: OSError, name: str) -> DataError:
    """Say why the system does not give the bytes of a file."""
    match error:
        case FileNotFoundError():
            hint = "paths start here, or at the workspace, the folder that holds params/"
            return DataError(Fault("no such file", name, hint=hint))
        case IsADirectoryError():
            hint = f"name the files in it, such as {name}/*"
            return DataError(Fault("a folder, not a file", name, expected="a form file", hint=hint))
    return DataError(Fault("the file cannot be read", name, got=refused(error)))


def _too_large(name: str) -> DataError:
    limit = f"at most {MEMORY // 10**6} MB"
    return DataError(Fault("reading the file takes too much memory", name, expected=limit, hint=_HINT))


def _starved(before: int) -> bool:
    """Tell whether the file just read is what brought this process to the end of its memory.

    Libraries in C tell a lack of memory as damage, or not at all.
    """
    now = _peak()
    return now > before and now > MEMORY * _NEARLY


def _peak() -> int:
    """Give the most memory that this process ever held, in bytes; 0 where the system does not tell."""
    try:
        import resource
    except ImportError:
        return 0
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def read_here(path: Path, name: str) -> list[Form]:
    """Read every form of a file in this process, whatever its type."""
    from perfkit.readers.formats import LARGEST, parse
    from perfkit.readers.structured import SUFFIXES, read_structured

    check_regular(path, name)
    with path.open("rb") as file:
        data = file.read(LARGEST + 1)
    if path.suffix.lower() in SUFFIXES:
        return [read_structured(data, name)]
    return parse(data, name)


def check_regular(path: Path, name: str) -> None:
    """Refuse what is read once and never ends: a pipe, a terminal, a device."""
    if path.exists() and not (path.is_file() or path.is_dir()):
        hint = "save the form in a file, and name that"
        raise DataError(Fault("a pipe or a device, not a file", name, expected="a form file", hint=hint))


def _limit_memory() -> None:
    """Bound this process's memory, where the system can (not on Windows)."""
    try:
        import resource
    except ImportError:
        return
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
