"""One report, made in a fork of its own: cells, published formats, files beside their places.

A job is told everything it needs and answers with an outcome; it decides nothing about other reports
and puts nothing into its final place. That is the run's to do, once it knows how the job ended.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class Failure:
    """Hold why a report failed: the error, and the cell it came from where there is one (counted from 1)."""

    cause: str
    error: str
    cell: int | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """Hold what a job made: by format the draft and the hash of its bytes; or the failure."""

    status: Literal["made", "failed"]
    files: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    failure: Failure | None = None
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Job:
    """Hold what one report is made from; `drafts` maps each format to the file to write."""

    name: str
    notebook: str
    values: Mapping[str, Any]
    folder: str
    formats: tuple[str, ...]
    drafts: Mapping[str, str]
    cell_seconds: float | None = None
    seconds: float = 600.0
    memory: int | None = None

    def __call__(self, say: Callable[[Any], None]) -> None:
        """Make the report in this process, and say the outcome."""
        say(make(self))


def make(job: Job) -> Outcome:
    """Run the notebook, publish it, write the drafts."""
    begun = time.monotonic()
    os.chdir(job.folder)  # this process is the job's own
    notebook, failure = run_notebook(job)
    files = {"ipynb": _write(Path(job.drafts["ipynb"]), _as_json(notebook))}
    if failure is None:
        try:
            files |= _publish(job, notebook)
        except Exception as error:  # noqa: BLE001  # whatever a template or typst raises is this report's failure
            failure = Failure("publish", f"{type(error).__name__}: {error}")
    status: Literal["made", "failed"] = "failed" if failure else "made"
    return Outcome(status, files, failure, time.monotonic() - begun)


def run_notebook(job: Job) -> tuple[Any, Failure | None]:
    """Run the cells; give the notebook as far as it came, and what stopped it."""
    import nbformat
    from nbclient.exceptions import CellTimeoutError, DeadKernelError
    from papermill.exceptions import PapermillExecutionError
    from papermill.execute import prepare_notebook_metadata, raise_for_execution_errors, remove_error_markers
    from papermill.iorw import load_notebook_node
    from papermill.parameterize import parameterize_notebook

    from perfkit.batch.engine import PerfkitEngine

    notebook = load_notebook_node(job.notebook)
    kernel = notebook.metadata.get("kernelspec", {}).get("name", "python3")
    notebook = parameterize_notebook(notebook, dict(job.values), kernel_name=kernel, language="python")
    notebook = remove_error_markers(prepare_notebook_metadata(notebook, job.notebook, None))
    failure = None
    try:
        PerfkitEngine.execute_notebook(
            notebook, kernel, progress_bar=False, autosave_cell_every=0,
            execution_timeout=job.cell_seconds, memory=job.memory,
        )  # fmt: skip
        raise_for_execution_errors(notebook, None)
    except PapermillExecutionError as error:
        failure = Failure("cell", f"{error.ename}: {error.evalue}", error.cell_index + 1, error.source)
    except CellTimeoutError:
        failure = _at_cell(notebook, "timeout", f"the cell took longer than {job.cell_seconds:g} s")
    except DeadKernelError as error:
        failure = _at_cell(notebook, "kernel died", str(error))
    return nbformat.from_dict(notebook), failure


def _at_cell(notebook: Any, cause: str, error: str) -> Failure:
    """Name the cell that was running when the kernel was lost."""
    states = [cell.metadata.papermill.get("status") for cell in notebook.cells]
    begun = [index for index, cell in enumerate(notebook.cells) if cell.metadata.papermill.get("start_time")]
    at = states.index("running") if "running" in states else (begun[-1] if begun else 0)
    return Failure(cause, error, at + 1, notebook.cells[at].source)


def _publish(job: Job, notebook: Any) -> dict[str, tuple[str, str]]:
    from perfkit.publish import publish

    pages = publish(notebook, job.formats, job.name)
    return {kind: _write(Path(job.drafts[kind]), content) for kind, content in pages.items()}


def _as_json(notebook: Any) -> bytes:
    import nbformat

    return (nbformat.writes(notebook) + "\n").encode("utf-8", errors="surrogatepass")


def _write(path: Path, content: bytes) -> tuple[str, str]:
    """Write a draft, down to the disk; give it with its hash."""
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    return str(path), hashlib.sha256(content).hexdigest()[:32]
