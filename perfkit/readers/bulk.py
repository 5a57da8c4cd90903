"""Many documents at once, each in bounded time and memory; one bad file never stops the others.

Every core has a worker process. A worker that takes too long is killed, one that dies is replaced, and
the file it was at is told of in an error.
"""

from __future__ import annotations

import contextlib
import os
import queue
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, cast

from perfkit.errors import DataError, Fault, MachineError, PerfkitError
from perfkit.readers.worker import MEMORY, receive, send
from perfkit.workspace import shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from perfkit.form import Form

    Result = list[Form] | PerfkitError

SECONDS = 10.0
_HINT = "save the form in a file of its own, as .xlsx or .docx, without the data around it"
_ROOT = str(Path(__file__).parents[2])
_START = "import sys; sys.path.append(sys.argv[1]); from perfkit.readers.worker import serve; serve()"


def read_guarded(path: Path) -> list[Form]:
    """Read every form of one document in a process of its own.

    Raises:
        DataError: where the document cannot be read, or not within the bounds of time and memory.
    """
    with contextlib.closing(_Worker()) as worker:
        result = worker.read(path)
    if isinstance(result, PerfkitError):
        raise result
    return result


def read_many(
    paths: Iterable[str | os.PathLike[str]],
    jobs: int | None = None,
    on_done: Callable[[Path, Result], None] | None = None,
) -> Iterator[tuple[Path, Result]]:
    """Read documents side by side; yield each path with its forms or its error, in the order given.

    `jobs` is the number of processes, by default one a core. `on_done` is called with each path and
    result as it is yielded.
    """
    files = [Path(path) for path in paths]
    count = max(1, min(jobs or _cores(), len(files)))
    idle: queue.SimpleQueue[_Worker] = queue.SimpleQueue()
    workers = [_Worker() for _ in range(count if files else 0)]
    for worker in workers:
        idle.put(worker)

    def read(path: Path) -> Result:
        worker = idle.get()
        try:
            return worker.read(path)
        finally:
            idle.put(worker)

    pool = ThreadPoolExecutor(count)
    try:
        for path, result in zip(files, pool.map(read, files), strict=True):
            if on_done is not None:
                on_done(path, result)
            yield path, result
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
        for worker in workers:
            worker.close()


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class _Worker:
    """Own one worker process: start it when needed, kill it when it takes too long."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._closed = False

    def read(self, path: Path) -> Result:
        """Give the forms of a file, or the error that says why there are none."""
        name = shown(path)
        try:
            process = self._running()
        except (OSError, EOFError) as error:
            return MachineError(Fault("no process can be started to read the file", name, got=str(error)))
        late = threading.Event()
        timer = threading.Timer(SECONDS, _kill, (process, late))
        timer.start()
        try:
            send(cast("subprocess.IO[bytes]", process.stdin), (str(path), name))  # type: ignore[name-defined]
            return cast("Result", receive(process.stdout))  # type: ignore[arg-type]
        except (EOFError, OSError):
            self._stop()
            return _died(name, late=late.is_set())
        finally:
            timer.cancel()

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            self._process = subprocess.Popen(  # noqa: S603  this interpreter, our own module
                [sys.executable, "-c", _START, _ROOT],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=os.environ | {"MALLOC_ARENA_MAX": "2"},
                start_new_session=True,
            )
            receive(self._process.stdout)  # type: ignore[arg-type]
        return self._process

    def _stop(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout):
            with contextlib.suppress(OSError):
                stream.close()  # type: ignore[union-attr]

    def close(self) -> None:
        """End the process."""
        self._stop()


def _kill(process: subprocess.Popen[bytes], late: threading.Event) -> None:
    late.set()
    process.kill()


def _died(name: str, *, late: bool) -> DataError:
    if late:
        return DataError(
            Fault(
                "reading the file takes too long", name, expected=f"at most {SECONDS:.0f} seconds", hint=_HINT
            )
        )
    return DataError(
        Fault(
            "reading the file broke off",
            name,
            got="the reading process ended, most likely for want of memory",
            expected=f"a file that can be read in {MEMORY // 10**6} MB",
            hint=_HINT,
        )
    )
