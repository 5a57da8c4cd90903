"""Who makes the reports of a run: processes of this machine, or a cluster; each is warm before its first.

Both are the same to a run: it gives jobs, and hears which have begun and how each has ended. What perfkit
loads when first used (vocabularies, templates, compiled patterns, profiles, font outlines) is ten times the
work of a report, and is imported and tried out once in the fork server. The rehearsal is perfkit's own
notebook on the example that perfkit ships; no stranger's form and no analyst's cell comes near the server.
"""

from __future__ import annotations

import contextlib
import json
import tempfile
import threading
from contextlib import AbstractContextManager
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, Self

from perfkit import processes
from perfkit.batch.job import Failure, Job, Outcome, make
from perfkit.errors import MachineError
from perfkit.kernel import canary, warming
from perfkit.kernel.engine import as_json
from perfkit.language import spoken
from perfkit.processes import Begun, Done, LostError, Task, Template
from perfkit.text import say
from perfkit.workspace import shipped

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from perfkit.language import Text

WARM, REHEARSE = "perfkit.batch.workers:warm", "perfkit.batch.workers:rehearse"
MODULES = (
    "nbconvert.exporters.html", "perfkit.readers", "perfkit.scoring", "perfkit.checks", "perfkit.narrative",
    "perfkit.profile", "perfkit.params", "perfkit.display", "perfkit.display.figures",
    "perfkit.display.frames", "perfkit.display.tables", "perfkit.publish", "perfkit.batch.job",
    "perfkit.batch.results",
)  # fmt: skip
EXAMPLE = "online-learning-2022.yaml"
PROFILE, LANGUAGE = "mof-2020", "zh"


def warm() -> None:
    """Import what reports need."""
    warming.warm(MODULES)
    with contextlib.suppress(Exception):  # the report that needs it will fail with the cause
        import_module("perfkit.publish").warm()


def rehearse(*kinds: tuple[str, str, str]) -> None:
    """Go through the motions of a report for each profile, language and workspace; keep nothing."""
    for profile, language, workspace in kinds or [(PROFILE, LANGUAGE, tempfile.gettempdir())]:
        with contextlib.suppress(Exception):  # such as a profile that does not hold
            _rehearse(_example(profile, language, workspace))


def _rehearse(job: Job) -> None:
    from perfkit.batch import job as jobs

    jobs.parameterized(job)
    notebook = _notebook(_outputs(job))
    as_json(notebook)
    jobs.rows(job)
    jobs.publish_pages(job, ("html",), notebook)


def _example(profile: str, language: str, workspace: str) -> Job:
    from perfkit.batch.job import Job

    form = str(shipped("params", "forms", EXAMPLE))
    notebook = str(shipped("notebooks", "project_report.ipynb"))
    values = {"form": form, "profile": profile, "language": language}
    return Job("example", notebook, values, form, profile, language, workspace, ("html",), {})


def _outputs(job: Job) -> list[dict[str, Any]]:
    """Run perfkit's own cells, and give what they would show."""
    from IPython.utils.capture import capture_output

    from perfkit.params import notebook_parameters

    names = notebook_parameters(Path(job.notebook)) | dict(job.values)
    with capture_output() as captured:
        exec(compile(_code(), "rehearsal", "exec"), names)  # noqa: S102  # our own
    return [shown.data for shown in captured.outputs]


def _code() -> str:
    """Give the code of perfkit's own report notebook, the parameters left out."""
    content = json.loads(shipped("notebooks", "project_report.ipynb").read_text(encoding="utf-8"))
    return "\n".join(
        "".join(cell["source"])
        for cell in content["cells"]
        if cell["cell_type"] == "code" and "parameters" not in cell["metadata"].get("tags", ())
    )


def _notebook(outputs: Iterable[dict[str, Any]]) -> Any:
    from nbformat import v4

    cells = [v4.new_code_cell(outputs=[v4.new_output("display_data", data)]) for data in outputs]  # type: ignore[no-untyped-call]
    return v4.new_notebook(cells=cells)  # type: ignore[no-untyped-call]


GRACE = 30.0  # seconds that a report may be over its time, to publish, before it is ended from outside


class Ended(NamedTuple):
    """Tell how the job of a number has ended."""

    key: int
    outcome: Outcome


class Workers(AbstractContextManager["Workers"], Protocol):
    """Make reports, `slots` at once; entered for a run, and leaving it ends whatever still runs.

    `wrong` says why their notebooks run on the standard kernel, where they do; `wait`, what is waited for
    when they are opened, where that may take long.
    """

    slots: int
    wrong: str
    wait: Text | None = None

    def open(self, slots: int, kinds: Iterable[tuple[str, str, str]] = ()) -> Self:
        """Tell how many reports to make at once, and of which profiles, languages and workspaces."""

    def run(self, jobs: Iterable[tuple[int, Job]]) -> Iterator[Begun | Ended]:
        """Make every job once, in any order; jobs are taken as workers come free."""


class LocalWorkers(Workers):
    """Make reports in processes that stay warm, each notebook in a kernel of its own.

    The server that they are forked from warms up from the moment this is made; the canary sings as soon as it
    is warm.
    """

    warm = WARM
    slots = 1

    def __init__(self) -> None:
        self.template = Template(self.warm)
        self.wrong = ""
        self._ahead = processes.Ahead(self.template)
        self._canary = threading.Thread(target=self._listen, daemon=True)
        if self.warm == WARM and processes.FORKS:
            self._canary.start()

    def open(self, slots: int, kinds: Iterable[tuple[str, str, str]] = ()) -> Self:
        """Tell how many reports to make at once; their kinds are rehearsed in the server."""
        self.slots = slots
        if self.warm == WARM and kinds:
            self.template.prepare(REHEARSE, *kinds)
        return self

    def _listen(self) -> None:
        self.wrong = canary.verdict(self.template)

    def __exit__(self, *_: object) -> None:
        self._ahead.close()
        self.template.close()

    def get_ready(self) -> None:
        """Start the process of the next report that `make_one` makes, before it is asked for."""
        self._ahead.start()

    def make_one(self, job: Job) -> Outcome:
        """Make a report in a process of its own, which remembers no notebook, profile or theme from before.

        Raises:
            MachineError: no process can be started here at all.
        """
        done = self._ahead.do(self.task(0, job))
        self._tell_what_is_wrong()
        if isinstance(done.error, MachineError):
            raise done.error
        return lost(job, done.error) if done.error else done.value

    def run(self, jobs: Iterable[tuple[int, Job]]) -> Iterator[Begun | Ended]:
        """Make every job; one that loses its process has failed.

        Raises:
            MachineError: no process can be started here at all.
        """
        given: dict[int, Job] = {}
        began = False
        for event in processes.run(self._tasks(jobs, given), self.slots, self.template):
            if isinstance(event, Done):
                if isinstance(event.error, MachineError) and not began:
                    raise event.error
                began = began or event.error is None
                job = given.pop(event.key)
                yield Ended(event.key, lost(job, event.error) if event.error else event.value)
            else:
                yield event
        self._tell_what_is_wrong()

    def _tell_what_is_wrong(self) -> None:
        if self._canary.ident is not None:
            self._canary.join()
        if self.wrong:
            canary.warn(self.wrong)

    def _tasks(self, jobs: Iterable[tuple[int, Job]], given: dict[int, Job]) -> Iterator[Task]:
        for number, job in jobs:
            given[number] = job
            yield self.task(number, job)

    def task(self, number: int, job: Job) -> Task:
        """Give the call that makes a report."""
        return Task(number, make, (job,), job.seconds + GRACE)


def lost(job: Job, error: Exception) -> Outcome:
    """Say how a job ended whose process was lost; its drafts may be there."""
    drafts = {kind: (path, "") for kind, path in job.drafts.items()}
    if isinstance(error, LostError) and error.cause == "time":
        return Outcome(
            drafts,
            Failure("timeout", say("batch.overdue.report", seconds=f"{job.seconds:g}")[spoken()]),
            job.seconds,
        )
    told = say("batch.lost", how=error.ended)[spoken()] if isinstance(error, LostError) else str(error)
    return Outcome(drafts, Failure("worker", told))
