"""One report, made in a fork of its own: cells, published formats, files beside their places.

A job is told everything it needs and answers with an outcome; it decides nothing about other reports
and puts nothing into its final place. That is the run's to do, once it knows how the job ended.
"""

from __future__ import annotations

import copy
import errno
import hashlib
import json
import os
import time
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from perfkit.batch.rows import Rows

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
    """Hold what a job made: by format the draft and the hash of its bytes, its results; or the failure."""

    files: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    failure: Failure | None = None
    seconds: float = 0.0
    rows: Rows | None = None


@dataclass(frozen=True, slots=True)
class Job:
    """Hold what one report is made from; `drafts` maps each format to the file to write.

    `seconds` bounds the whole report, `cell_seconds` one cell, `memory` the bytes its cells may use beyond
    what a warm process has.
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

    def __call__(self, say: Callable[[Any], None]) -> None:
        """Make the report in this process, and say the outcome."""
        say(make(self))


def make(job: Job) -> Outcome:
    """Run the notebook, publish it, write the drafts; whatever goes wrong is in the outcome."""
    begun = time.monotonic()
    os.chdir(job.folder)  # this process is the job's own
    notebook, failure = run_notebook(job, begun + job.seconds)
    files: dict[str, tuple[str, str]] = {}
    found: Rows | None = None
    try:
        files["ipynb"] = write_draft(Path(job.drafts["ipynb"]), as_json(notebook))
        if failure is None:
            for kind, page in publish_pages(job, job.formats, notebook).items():
                files[kind] = write_draft(Path(job.drafts[kind]), page)
            found = rows(job)
    except OSError as error:
        failure = Failure("disk" if error.errno in (errno.ENOSPC, errno.EDQUOT) else "publish", _said(error))
    except Exception as error:  # noqa: BLE001  # whatever a template or typst raises is this report's failure
        failure = Failure("publish", _said(error))
    return Outcome(files, failure, time.monotonic() - begun, found)


def run_notebook(job: Job, deadline: float) -> tuple[Any, Failure | None]:
    """Run the cells; give the notebook as far as it came, and what stopped it."""
    from nbclient.exceptions import CellTimeoutError, DeadKernelError
    from papermill.exceptions import PapermillExecutionError
    from papermill.execute import raise_for_execution_errors

    from perfkit.batch.engine import PerfkitEngine

    notebook, kernel = parameterized(job)
    failure = None
    try:
        PerfkitEngine.execute_notebook(
            notebook, kernel, progress_bar=False, autosave_cell_every=0, memory=job.memory,
            timeout_func=lambda _: _cell_time(job, deadline),
        )  # fmt: skip
        raise_for_execution_errors(notebook, None)
    except PapermillExecutionError as error:
        cause: Cause = "memory" if error.ename == "MemoryError" else "cell"
        failure = Failure(cause, f"{error.ename}: {error.evalue}", error.cell_index + 1, error.source)
    except CellTimeoutError:
        failure = _at_cell(notebook, "timeout", _overdue(job, deadline))
    except DeadKernelError as error:
        failure = _at_cell(notebook, "kernel", str(error))
    except Exception as error:  # noqa: BLE001  # such as an output that no notebook may hold
        failure = _at_cell(notebook, "cell", _said(error).splitlines()[0])
    return notebook, failure


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
        return f"the report took longer than {job.seconds:g} s"
    return f"the cell took longer than {job.cell_seconds:g} s"


def _at_cell(notebook: Any, cause: Cause, error: str) -> Failure:
    """Name the cell that was running when the kernel was lost: the last that had begun."""
    begun = [index for index, cell in enumerate(notebook.cells) if cell.metadata.papermill.get("start_time")]
    at = begun[-1] if begun else 0
    return Failure(cause, error, at + 1, notebook.cells[at].source)


def publish_pages(job: Job, formats: tuple[str, ...], notebook: Any) -> Mapping[str, bytes]:
    """Give the pages of an executed notebook."""
    from perfkit.publish import Format, publish

    return cast("Mapping[str, bytes]", publish(notebook, cast("tuple[Format, ...]", formats), job.name))


def rows(job: Job) -> Rows | None:
    """Give the results; a notebook may report on what is not a form, and then there are none."""
    from perfkit.batch.rows import rows_of
    from perfkit.errors import PerfkitError

    try:
        return rows_of(job.name, job.form, job.profile, job.language, job.folder)
    except PerfkitError:
        return None


def as_json(notebook: Any) -> bytes:
    """Give a notebook as its file holds it, a line a cell: indented, it takes six times as long."""
    rest = {name: part for name, part in notebook.items() if name != "cells"}
    cells = ",\n".join(_line(cell) for cell in notebook.cells)
    return f'{{"cells": [\n{cells}\n],\n{_line(rest)[1:]}\n'.encode("utf-8", errors="surrogatepass")


def _line(part: Any) -> str:
    return json.dumps(part, ensure_ascii=False, sort_keys=True)


def _said(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"


def write_draft(path: Path, content: bytes) -> tuple[str, str]:
    """Write a draft, down to the disk; give it with its hash."""
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    return str(path), hashlib.sha256(content).hexdigest()[:32]
