"""Many documents at once, each in bounded time and memory, none opened again that was read before.

Every core has a process of the fork server. One that takes too long is ended, one that dies is replaced, and
the file it was at is told of in an error. What takes longer than reading (scans to recognise, old office
files to convert) is put off until the rest is read; processes with the bounds that it needs then do it, and
load the recogniser's models once.

A run keeps readings beside its ledger and tells its processes where (`PLACE`); there `perfkit.read` takes
what was kept. Elsewhere nothing is kept, and a document is opened. A reading is as good as the readers that
made it: another version of them, or of a library they read with, knows nothing of it.
"""

from __future__ import annotations

import hashlib
import os
import zlib
from contextlib import suppress
from dataclasses import replace
from functools import cache
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as installed
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from perfkit import plain
from perfkit.errors import DataError, Fault, PerfkitError
from perfkit.files import hash_of_sources, write_atomic
from perfkit.plugins import READERS, added, packages
from perfkit.processes import CallError, Done, LostError, Task, cores, run, shared
from perfkit.readers.worker import MEMORY, WARM, Wanted, explained_here, read_bounded, read_here
from perfkit.text import say
from perfkit.workspace import shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from perfkit.form import Form
    from perfkit.readers.layout.explanation import Explanation

    Result = list[Form] | PerfkitError


SECONDS = 10.0
# Bytes of data for what is recognised and converted, beyond what a process began with. onnxruntime needs 1.0
# to 1.15 GB for a moment, when it looks for texts; with its libraries, 0.15 GB that are no data, that keeps
# what is resident below 1.5 GB. A bound on addresses would have to be twice that: much is mapped, never used.
FULL_MEMORY = 1_350_000_000
_HINT = say("faults.save_form_file_its")


def read_document(path: Path) -> list[Form]:
    """Read every form of one document in a process of its own.

    Raises:
        DataError: where the document cannot be read, or not within the bounds of time and memory.
    """
    result: Result
    ((_, result),) = read_each([(0, path)], jobs=1)
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
    for path, result in _in_order([Path(path) for path in paths], jobs, "forms"):
        if on_done is not None:
            on_done(path, result)
        yield path, result


def explain_many(paths: Iterable[Path]) -> Iterator[tuple[Path, Explanation | PerfkitError]]:
    """Read documents side by side, with what each of their cells was read as; in the order given."""
    return _in_order(list(paths), None, "cells")


def _in_order(files: list[Path], jobs: int | None, wanted: Wanted) -> Iterator[tuple[Path, Any]]:
    read: dict[int, Any] = {}
    at = 0
    for number, result in _each(enumerate(files), min(jobs or cores(), max(len(files), 1)), wanted):
        read[number] = result
        while at in read:
            yield files[at], read.pop(at)
            at += 1


def read_each(files: Iterable[tuple[Any, Path]], jobs: int | None = None) -> Iterator[tuple[Any, Result]]:
    """Read documents as they are named, each under a key; yield keys with forms or errors as they come.

    The next file is asked for when a process comes free, so that naming the files and reading them overlap.
    """
    return _each(files, jobs, "forms")


def _each(files: Iterable[tuple[Any, Path]], jobs: int | None, wanted: Wanted) -> Iterator[tuple[Any, Any]]:
    waiting, slots = iter(files), jobs or cores()
    first = next(waiting, None)
    if first is None:
        return
    added(READERS)  # here, where a broken one is heard: nobody listens to what a process says of it
    names: dict[Any, Path] = {}
    put_off: dict[Any, int] = {}

    def tasks() -> Iterator[Task]:
        for key, path in chain([first], waiting):
            names[key] = path
            yield Task(key, read_bounded, (str(path), shown(path), wanted), SECONDS)

    for done in run(tasks(), slots, shared(WARM), MEMORY):
        if isinstance(done, Done):
            if isinstance(done.value, int):
                put_off[done.key] = done.value
            else:
                yield done.key, _result(done, shown(names.pop(done.key)), SECONDS, MEMORY)
    for key, done in _in_full({key: names[key] for key in put_off}, put_off, slots, wanted):
        yield key, _result(done, shown(names[key]), put_off[key], FULL_MEMORY)


def _in_full(
    paths: Mapping[Any, Path], seconds: Mapping[Any, int], slots: int, wanted: Wanted
) -> Iterator[tuple[Any, Done]]:
    """Read what takes longer; what a process failed at that had read others before has one of its own."""
    tasks = [
        Task(key, read_in_full, (str(path), shown(path), wanted), seconds[key]) for key, path in paths.items()
    ]
    again: list[Task] = []
    for done in run(tasks, min(slots, len(tasks)), shared(), FULL_MEMORY) if tasks else ():
        if not isinstance(done, Done):
            continue
        short = isinstance(done.error, CallError) or getattr(done.error, "cause", "") == "memory"
        if short and len(tasks) > slots:
            again += [task for task in tasks if task.key == done.key]
        else:
            yield done.key, done
    for task in again:
        yield from (
            (each.key, each) for each in run([task], 1, shared(), FULL_MEMORY) if isinstance(each, Done)
        )


def read_in_full(path: str, name: str, wanted: Wanted = "forms") -> list[Form] | Explanation:
    """Read every form of a document, recognising and converting what must be."""
    return explained_here(Path(path), name) if wanted == "cells" else read_here(Path(path), name)


def _result(done: Done, name: str, seconds: float, memory: int) -> Any:
    """Give what a call gave, or say what became of it."""
    match done.error:
        case None:
            return done.value
        case PerfkitError():
            return done.error
        case LostError(cause="time"):
            expected = say("faults.at_most_seconds", seconds=f"{seconds:.0f}")
            hint = _HINT if seconds == SECONDS else say("faults.scan_again_at_n200")
            return DataError(Fault(say("faults.reading_file_takes_too"), name, expected=expected, hint=hint))
        case CallError():
            told = f"{done.error.kind}: {done.error.text}"[:200]
            return DataError(Fault(say("faults.document_cannot_read"), name, got=told))
    got, expected = (
        say("faults.reading_process_ended_most"),
        say("faults.file_can_read_mb", value=memory // 10**6),
    )
    return DataError(
        Fault(say("faults.reading_file_broke_off"), name, got=got, expected=expected, hint=_HINT)
    )


# what was read of a document, kept by the digest of its bytes, so that an unchanged one is not opened again


PLACE = "PERFKIT_READINGS"
LIBRARIES = (
    "python-calamine", "openpyxl", "python-docx", "lxml", "pdfplumber", "pdfminer.six", "pypdfium2",
    "tinycss2", "cssselect", "rapidocr", "onnxruntime",
)  # fmt: skip
SOURCES = ("readers", "text", "values", "form.py", "levels.py", "language.py")


@cache
def readers_version() -> str:
    """Give a digest of the readers: their code, the libraries that they read with, and what others add."""
    hashed = hash_of_sources([Path(__file__).parents[1] / part for part in SOURCES])
    for library in LIBRARIES:
        with suppress(PackageNotFoundError):
            hashed.update(f"{library} {installed(library)}\0".encode())
    for package, version in sorted(packages().items()):
        hashed.update(f"{package} {version}\0".encode())
    return str(hashed.hexdigest())[:16]


def digest_of(content: bytes) -> str:
    """Give the digest that a document's reading is kept by."""
    return hashlib.sha256(content).hexdigest()[:32]


def keep(folder: Path, forms: Sequence[Form]) -> None:
    """Keep what was read of a document; a disk that refuses makes it be opened again, no more."""
    with suppress(OSError):
        write_atomic(folder / forms[0].source.sha256[:32], zlib.compress(plain.dumps(list(forms)), 1))


def kept(folder: Path, digest: str, name: str) -> list[Form] | None:
    """Give what was read of a document whose file is now called `name`; None where nothing whole is kept."""
    try:
        forms: list[Form] = plain.loads(zlib.decompress((folder / digest).read_bytes()))
        return [replace(form, source=replace(form.source, file=name)) for form in forms]
    except (OSError, ValueError, TypeError, AttributeError, ImportError, zlib.error):
        return None


def kept_here(content: bytes, name: str) -> list[Form] | None:
    """Give what the run that this process belongs to has kept of a document."""
    place = os.environ.get(PLACE)
    return kept(Path(place), digest_of(content), name) if place else None
