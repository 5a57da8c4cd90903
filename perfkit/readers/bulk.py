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
import sys
import zlib
from contextlib import suppress
from dataclasses import replace
from functools import cache
from importlib import import_module
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as installed
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from perfkit import plain
from perfkit.errors import DataError, Fault, PerfkitError, refused, theirs
from perfkit.files import hash_of_sources, write_atomic
from perfkit.plugins import READERS, added, packages
from perfkit.processes import CallError, Done, LostError, Task, cores, run, shared
from perfkit.readers.container import LARGEST, LaterError, put_off
from perfkit.text import say
from perfkit.workspace import is_file, is_folder, is_there, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from perfkit.form import Form
    from perfkit.readers.layout.cell_roles import Explanation

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
    longer: dict[Any, int] = {}

    def tasks() -> Iterator[Task]:
        for key, path in chain([first], waiting):
            names[key] = path
            yield Task(key, read_bounded, (str(path), shown(path), wanted), SECONDS)

    for done in run(tasks(), slots, shared(WARM), MEMORY):
        if isinstance(done, Done):
            if isinstance(done.value, int):
                longer[done.key] = done.value
            else:
                yield done.key, _result(done, shown(names.pop(done.key)), SECONDS, MEMORY)
    for key, done in _in_full({key: names[key] for key in longer}, longer, slots, wanted):
        yield key, _result(done, shown(names[key]), longer[key], FULL_MEMORY)


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
SOURCES = ("readers", "text", "values", "form.py", "language.py")


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


# what is done in the process in which a document is read: it obeys limits, and may die without harm


Wanted = Literal["forms", "cells"]
MEMORY = 500_000_000
_NEARLY = 0.6
_began_with: dict[int, int] = {}  # bytes that a fork holds from the server


def read_bounded(
    path: str, name: str, wanted: Wanted = "forms"
) -> list[Form] | Explanation | int | PerfkitError:
    """Give the forms of a file, why there are none, or how many seconds it takes to read.

    With "cells" `wanted`, the forms come with what each cell was read as.
    """
    before = peak()
    _began_with.setdefault(os.getpid(), before)
    try:
        with put_off():
            return explained_here(Path(path), name) if wanted == "cells" else read_here(Path(path), name)
    except LaterError as error:
        return error.seconds
    except MemoryError:
        return _too_large(name)
    except PerfkitError as error:
        return _too_large(name) if _starved(before) else error
    except OSError as error:
        return unreadable(error, name)
    except Exception as error:  # noqa: BLE001  a stranger's file must never stop the other files
        told = theirs(error)
        fault = Fault(say("faults.file_cannot_read"), name, got=told, hint=_HINT)
        return _too_large(name) if _starved(before) else DataError(fault)


WARM = "perfkit.readers.bulk:warm"
_SMALL = """项目支出绩效自评表
（2023年度）
项目名称\t甲
主管部门\t乙局\t实施单位\t乙所
项目资金（万元）\t\t年初预算数\t全年预算数\t全年执行数\t分值\t执行率\t得分
\t年度资金总额\t10\t10\t9.5\t10\t95.00%\t9.5
\t其中：当年财政拨款\t10\t10\t9.5\t—\t95.00%\t—
年度总体目标\t预期目标\t实际完成情况
\t完成十处维修\t完成十处维修
一级指标\t二级指标\t三级指标\t年度指标值\t实际完成值\t分值\t得分\t偏差原因分析及改进措施
产出指标\t数量指标\t丙\t≥10个\t12个\t40\t40\t
产出指标\t时效指标\t丁\t2023年11月底前\t2023年12月5日\t20\t18\t雨季停工，今后提前安排
效益指标\t社会效益指标\t戊\t有效改善\t有效改善\t30\t30\t
总分\t100\t97.5
填报人：己\t联系电话：0100-1234567
"""
_OF_A_BOOK = ("container", "fields", "html", "mhtml", "xlsx")


def warm() -> None:
    """Read a small form and import what a book needs: then no fork of a server has to do it for itself."""
    from perfkit.readers.formats import parse

    with suppress(Exception):  # whoever reads a file that needs it is told of it
        for name in ("lxml.etree", *(f"perfkit.readers.{each}" for each in _OF_A_BOOK)):
            import_module(name)
        parse(_SMALL.encode(), "small.txt")


def unreadable(error: OSError, name: str) -> DataError:
    """Say why the system does not give the bytes of a file."""
    match error:
        case FileNotFoundError():
            hint = say("faults.paths_start_here_at")
            return DataError(Fault(say("faults.no_such_file"), name, hint=hint))
        case IsADirectoryError():
            hint = say("faults.name_files_such", name=name)
            return DataError(
                Fault(say("faults.folder_not_file"), name, expected=say("faults.form_file"), hint=hint)
            )
    return DataError(Fault(say("faults.file_cannot_read"), name, got=refused(error)))


def _too_large(name: str) -> DataError:
    limit = say("faults.at_most_mb", size=MEMORY // 10**6)
    return DataError(Fault(say("faults.reading_file_takes_too_much"), name, expected=limit, hint=_HINT))


def _starved(before: int) -> bool:
    """Tell whether the file just read is what brought this process to the end of its memory.

    Libraries in C tell a lack of memory as damage, or not at all.
    """
    now = peak()
    return now > before and now - _began_with[os.getpid()] > MEMORY * _NEARLY


def peak() -> int:
    """Give the most memory that this process ever held, in bytes; 0 where the system does not tell."""
    try:
        import resource
    except ImportError:
        return 0
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024


def read_here(path: Path, name: str) -> list[Form]:
    """Read every form of a file in this process, whatever its type."""
    from perfkit.readers.formats import parse
    from perfkit.readers.mhtml import on_disk
    from perfkit.readers.structured import SUFFIXES, read_structured

    data = _bytes_of(path, name)
    if path.suffix.lower() in SUFFIXES:
        return [read_structured(data, name)]
    return parse(data, name, on_disk(path))


def explained_here(path: Path, name: str) -> Explanation:
    """Read every form of a file in this process, with what each of its cells was read as."""
    from perfkit.readers.formats import explain
    from perfkit.readers.mhtml import on_disk

    return explain(_bytes_of(path, name), name, on_disk(path))


def _bytes_of(path: Path, name: str) -> bytes:
    check_regular(path, name)
    with path.open("rb") as file:
        return file.read(LARGEST + 1)


def check_regular(path: Path, name: str) -> None:
    """Refuse what is read once and never ends: a pipe, a terminal, a device."""
    if is_there(path) and not (is_file(path) or is_folder(path)):
        hint = say("faults.save_form_file_name")
        raise DataError(
            Fault(say("faults.pipe_device_not_file"), name, expected=say("faults.form_file"), hint=hint)
        )
