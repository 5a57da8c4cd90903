"""One report, made in a fork of its own: cells, published formats, files beside their places.

A job is told everything it needs and answers with an outcome; it decides nothing about other reports and
puts nothing into its final place. That is the run's to do, once it knows how the job ended: a draft is
complete and on the disk before it gets its name, so that a reader, a web server or the next run never sees
half a report, and what a killed run left behind is swept away by the next.
"""

from __future__ import annotations

import copy
import errno
import hashlib
import os
import time
import traceback
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, cast

from perfkit.batch.results import rows_of, told
from perfkit.errors import PerfkitError, shadowing
from perfkit.kernel.engine import PerfkitEngine, as_json, group_told
from perfkit.language import spoken
from perfkit.readers.bulk import PLACE
from perfkit.text import say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from perfkit.batch.results import Rows
    from perfkit.publish import Pages

DRAFT = ".draft-"
RESERVED = frozenset({"index", "perfkit", "journal", "results"})


def stamp(path: str | Path) -> list[int]:
    """Give the size and the time of change (ns) of a file, the cheap sign that it is the same."""
    found = os.stat(path)  # noqa: PTH116  # of six files a project, whatever their number
    return [found.st_size, found.st_mtime_ns]


@dataclass(frozen=True, slots=True)
class Outputs:
    """Hold the folder that a run writes to, and name its files."""

    folder: Path

    def final(self, name: str, kind: str) -> Path:
        """Give the place of a report's file."""
        return self.folder / f"{name}.{kind}"

    def drafts(self, number: int, kinds: Iterable[str]) -> dict[str, str]:
        """Name the drafts of the job with that number; their length does not depend on the report's name."""
        return {kind: str(self.folder / f"{DRAFT}{os.getpid()}-{number}.{kind}") for kind in kinds}

    def keep(self, name: str, drafts: Mapping[str, str]) -> dict[str, list[int]]:
        """Put the drafts of a whole report into their places; give the size and time of each file.

        The notebook of an earlier failure goes.
        """
        for kind, draft in drafts.items():
            Path(draft).replace(self.final(name, kind))
        self.final(name, "failed.ipynb").unlink(missing_ok=True)
        self._sync()
        return {kind: stamp(self.final(name, kind)) for kind in drafts}

    def drop(self, name: str, kind: str, left: list[int]) -> bool:
        """Remove a report's file if it is as it was `left` (its size and time); tell whether it is gone."""
        place = self.final(name, kind)
        if not place.exists():
            return True
        if stamp(place) != left:  # a person's own work by now
            return False
        place.unlink()
        return True

    def keep_failed(self, name: str, drafts: Mapping[str, str]) -> str | None:
        """Keep the notebook of a failed report, as far as it came; drop its other drafts."""
        kept = None
        for kind, draft in drafts.items():
            if kind == "ipynb" and Path(draft).exists() and Path(draft).stat().st_size:
                kept = f"{name}.failed.ipynb"
                Path(draft).replace(self.folder / kept)
            else:
                Path(draft).unlink(missing_ok=True)
        return kept

    def sweep(self) -> None:
        """Remove the drafts that a killed run has left; only under the lock."""
        for draft in self.folder.glob(f"{DRAFT}*"):
            draft.unlink(missing_ok=True)

    def _sync(self) -> None:
        """Have the disk know the new names as well."""
        if os.name != "posix":
            return
        handle = os.open(self.folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


Cause = Literal["input", "cell", "timeout", "memory", "kernel", "publish", "disk", "worker"]


@dataclass(frozen=True, slots=True)
class Failure:
    """Hold why a report failed: the error, and the cell it came from where there is one (counted from 1)."""

    cause: Cause
    error: str
    cell: int | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """Hold what a job made: by format the draft and the hash of its bytes, its results; or the failure.

    `notes` say what of a report could not be set as it stands, such as a character that no font has.
    """

    files: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    failure: Failure | None = None
    seconds: float = 0.0
    rows: Rows | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Job:
    """Hold what one report is made from; `drafts` maps each format to the file to write.

    `seconds` bounds the whole report, `cell_seconds` one cell, `memory` the bytes its cells may use beyond
    what a warm process has. `readings` is the folder where the run keeps what it read of documents. What
    is not `kept` is looked at once: no results are wanted, and no disk is waited for.
    """

    name: str
    notebook: str
    values: Mapping[str, Any]
    form: str
    profile: str
    language: str
    folder: str
    formats: tuple[str, ...]
    drafts: Mapping[str, str]
    seconds: float = 600.0
    cell_seconds: float | None = None
    memory: int | None = None
    readings: str = ""
    kept: bool = True


def make(job: Job) -> Outcome:
    """Run the notebook, publish it, write the drafts; whatever goes wrong is in the outcome."""
    begun = time.monotonic()
    os.chdir(job.folder)  # this process is the job's own
    if job.readings:
        os.environ[PLACE] = job.readings
    answers = [""]
    notebook, failure = run_notebook(job, begun + job.seconds, answers.append)
    files: dict[str, tuple[str, str]] = {}
    found: Rows | None = None
    notes: tuple[str, ...] = ()
    traced = ""
    try:
        files["ipynb"] = write_draft(Path(job.drafts["ipynb"]), as_json(notebook), sync=job.kept)
        if failure is None:
            pages = publish_pages(job, job.formats, notebook)
            notes = pages.notes
            for kind, page in pages.items():
                files[kind] = write_draft(Path(job.drafts[kind]), page, sync=job.kept)
            found = (told(answers[-1]) or rows(job)) if job.kept else None
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        failure = Failure("disk" if full else "publish", _said(error))
    except Exception as error:  # noqa: BLE001  # whatever a template or typst raises is this report's failure
        failure = Failure("publish", _said(error))
        traced = "".join(traceback.format_exception(error))
    if failure is not None:
        failure = _shadowed(failure, notebook, traced)
    return Outcome(files, failure, time.monotonic() - begun, found, notes)


def run_notebook(
    job: Job, deadline: float, answered: Callable[[str], object] = str
) -> tuple[Any, Failure | None]:
    """Run the cells; give the notebook as far as it came, and what stopped it."""
    from nbclient.exceptions import CellTimeoutError, DeadKernelError
    from papermill.exceptions import PapermillExecutionError
    from papermill.execute import raise_for_execution_errors

    notebook, kernel = parameterized(job)
    failure = None
    try:
        PerfkitEngine.execute_notebook(
            notebook, kernel, progress_bar=False, autosave_cell_every=0, memory=job.memory,
            timeout_func=lambda _: _cell_time(job, deadline), ask=_ask(job), answered=answered,
        )  # fmt: skip
        raise_for_execution_errors(notebook, None)
    except PapermillExecutionError as error:
        cause: Cause = "memory" if error.ename == "MemoryError" else "cell"
        told = f"{error.ename}: {error.evalue}" if error.evalue else group_told(notebook)
        failure = Failure(cause, told or error.ename, error.cell_index + 1, error.source)
    except CellTimeoutError:
        failure = _at_cell(notebook, "timeout", _overdue(job, deadline))
    except DeadKernelError as error:
        failure = _at_cell(notebook, "kernel", str(error))
    except Exception as error:  # noqa: BLE001  # such as an output that no notebook may hold
        failure = _at_cell(notebook, "cell", _said(error).splitlines()[0])
    return notebook, failure


def _ask(job: Job) -> str:
    """Give the expression by which a kernel tells what its cells have worked out; "" where nobody asks."""
    return f"__import__('perfkit.batch.results', fromlist=['']).worked_out{_given(job)!r}" if job.kept else ""


def _given(job: Job) -> tuple[str, str, str, str, str]:
    """Give what results are worked out from."""
    return job.name, job.form, job.profile, job.language, job.folder


def parameterized(job: Job) -> tuple[Any, str]:
    """Load the notebook and put the parameters in, as papermill does; give it with its kernel's name."""
    from papermill.execute import prepare_notebook_metadata, remove_error_markers
    from papermill.parameterize import parameterize_notebook

    notebook = copy.deepcopy(_loaded(job.notebook))
    spec = notebook.metadata.get("kernelspec", {})
    kernel, language = spec.get("name", "python3"), spec.get("language", "python")
    notebook = parameterize_notebook(notebook, dict(job.values), kernel_name=kernel, language=language)
    shown = os.path.relpath(job.notebook, job.folder)  # no path of this machine in an output
    return remove_error_markers(prepare_notebook_metadata(notebook, shown, None)), kernel


@lru_cache(maxsize=8)
def _loaded(path: str) -> Any:
    """Load a notebook as papermill does; a warm process has done it before its forks need it."""
    from papermill.iorw import load_notebook_node

    return load_notebook_node(path)


def _cell_time(job: Job, deadline: float) -> float:
    """Give what the next cell may take: what is left of the report's time, or its own."""
    return max(0.05, min(deadline - time.monotonic(), job.cell_seconds or job.seconds))


def _overdue(job: Job, deadline: float) -> str:
    if time.monotonic() >= deadline:
        return say("batch.overdue.report", seconds=f"{job.seconds:g}")[spoken()]
    return say("batch.overdue.cell", seconds=f"{job.cell_seconds:g}")[spoken()]


def _at_cell(notebook: Any, cause: Cause, error: str) -> Failure:
    """Name the cell that was running when the kernel was lost: the last that had begun."""
    begun = [index for index, cell in enumerate(notebook.cells) if cell.metadata.papermill.get("start_time")]
    at = begun[-1] if begun else 0
    return Failure(cause, error, at + 1, notebook.cells[at].source)


def _shadowed(failure: Failure, notebook: Any, traced: str) -> Failure:
    """Add to a failure which file of the workspace stands in the place of a module that they name."""
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", ())]
    raised = [line for output in outputs for line in output.get("traceback", ())]
    fault = shadowing("\n".join([failure.error, traced, *raised]))
    return failure if fault is None else replace(failure, error=f"{failure.error} · {fault}")


def publish_pages(job: Job, formats: tuple[str, ...], notebook: Any) -> Pages:
    """Give the pages of an executed notebook."""
    from perfkit.publish import Format, publish

    folder = os.path.relpath(Path(job.notebook).parent, job.folder)  # pictures beside the notebook
    return publish(notebook, cast("tuple[Format, ...]", formats), job.name, folder, job.folder)


def rows(job: Job) -> Rows | None:
    """Give the results; a notebook may report on what is not a form, and then there are none."""
    with suppress(PerfkitError):
        return rows_of(*_given(job))
    return None


def _said(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"


def write_draft(path: Path, content: bytes, *, sync: bool = True) -> tuple[str, str]:
    """Write a draft, down to the disk (`sync`); give it with its hash."""
    with path.open("wb") as file:
        file.write(content)
        if sync:
            file.flush()
            os.fsync(file.fileno())
    return str(path), hashlib.sha256(content).hexdigest()[:32]
