"""Who makes the reports of a run: processes of this machine, or a Dask cluster; each warm at its first.

Both are the same to a run: it gives jobs, and hears which have begun and how each has ended. What perfkit
loads when first used (vocabularies, templates, compiled patterns, profiles, font outlines) is ten times the
work of a report, and is imported and tried out once in the fork server. The rehearsal is perfkit's own
notebook on the example that perfkit ships; no stranger's form and no analyst's cell comes near the server.

Every Dask worker process has a fork server of its own, and each report a process of that. A worker that is
lost takes nothing with it: Dask gives its jobs to another, and what comes back twice is taken once. No disk
need be shared: a job's inputs travel with it as bytes, its pages and rows come back, and the ledger is
written by the run alone.
"""

from __future__ import annotations

import contextlib
import json
import tempfile
import threading
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from importlib import import_module
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, Self

from perfkit import processes
from perfkit.batch.inputs import shared_files
from perfkit.batch.job import Failure, Job, Outcome, make, write_draft
from perfkit.errors import Fault, MachineError, SettingsError, theirs
from perfkit.kernel import app, canary
from perfkit.kernel.engine import as_json
from perfkit.language import spoken
from perfkit.params import words_files
from perfkit.processes import Begun, Done, LostError, Task, Template, run, shared
from perfkit.readers.bulk import digest_of
from perfkit.text import say
from perfkit.workspace import shipped

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

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
    app.warm(MODULES)
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

    cells = [v4.new_code_cell(outputs=[v4.new_output("display_data", data)]) for data in outputs]
    return v4.new_notebook(cells=cells)


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
        self._closing = False
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
        wrong = canary.verdict(self.template)
        if not self._closing:  # which ends the canary as well, and says nothing about forks
            self.wrong = wrong

    def __exit__(self, *_: object) -> None:
        self._closing = True
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


# A run's workers on a Dask cluster: the same plan, ledger and outputs; only the making is elsewhere


# distributed has few types.
# mypy: disable-error-code="no-untyped-call"


EXTRA = 'pip install "perfkit[cluster]"'
CONNECT = 20  # seconds that a scheduler has to answer, since it may start beside the run
TRIES = 2  # how often a job is given to a worker that is lost with it
READINGS = ".readings"  # where what was read of documents lies in the temporary workspace
AHEAD = 2  # jobs on their way for each thread of the cluster


class ClusterWorkers(Workers):
    """Give the jobs to the workers of a Dask scheduler."""

    wrong = ""
    slots = 1
    client: Any = None

    def __init__(self, address: str) -> None:
        self.address = address
        self.wait = say("batch.cluster", address=address, seconds=CONNECT)

    def open(self, slots: int, kinds: Iterable[tuple[str, str, str]] = ()) -> Self:  # noqa: ARG002  # the cluster's own
        """Connect to the scheduler: it tells how many reports are made at once.

        Raises:
            MachineError: Dask is not installed.
            SettingsError: there is no scheduler.
        """
        try:
            from distributed import Client
        except ImportError:
            fault = Fault(say("faults.distributed_not_installed"), hint=EXTRA)
            raise MachineError(fault) from None
        try:
            _hold_certificate(self.address)
            self.client = Client(self.address, timeout=f"{CONNECT}s", set_as_default=False)
        except SettingsError:
            raise
        except (OSError, ValueError, TypeError) as error:
            what, expected = say("faults.no_cluster_at_address"), say("faults.dask_scheduler_such_tcp")
            fault = Fault(what, self.address, got=theirs(str(error)), expected=expected)
            raise SettingsError(fault) from None
        self.slots = max(sum(self.client.nthreads().values()), 1)
        return self

    def __exit__(self, *_: object) -> None:
        if self.client is not None:
            self.client.close()

    def run(self, jobs: Iterable[tuple[int, Job]]) -> Iterator[Begun | Ended]:
        """Make every job once; a lost worker's are made by another."""
        from distributed import as_completed

        waiting = iter(jobs)
        out: dict[Any, tuple[int, Job]] = {}
        done = as_completed(loop=self.client.loop)
        for number, job in islice(waiting, self.slots * AHEAD):
            done.add(self._submit(number, job, out))
            yield Begun(number, len(out) - 1)
        for future in done:
            number, job = out.pop(future.key)
            yield Ended(number, _outcome(future, job))
            future.release()
            for next_number, next_job in islice(waiting, 1):
                done.add(self._submit(next_number, next_job, out))
                yield Begun(next_number, next_number % self.slots)

    def _submit(self, number: int, job: Job, out: dict[Any, tuple[int, Job]]) -> Any:
        key, seconds = f"perfkit-{id(self)}-{number}", job.seconds + GRACE
        future = self.client.submit(make_here, Parcel.of(job), seconds, pure=False, retries=TRIES, key=key)
        out[future.key] = (number, job)
        return future


def _hold_certificate(address: str) -> None:
    """Hold that Dask's own configuration has a client's certificate, where the address asks for one.

    Raises:
        SettingsError: it has none.
        OSError: a file that it names cannot be read, or is no certificate.
    """
    from distributed import Security

    if address.startswith("tls://") and not Security().get_connection_args("client").get("ssl_context"):
        expected = "distributed.comm.tls: ca-file, client.cert, client.key"
        raise SettingsError(
            Fault(
                say("faults.no_certificate"),
                address,
                expected=expected,
                hint=say("faults.no_certificate_hint"),
            )
        )


def _outcome(future: Any, job: Job) -> Outcome:
    """Give how a job ended on the cluster; whatever the cluster raises is this report's failure."""
    try:
        made = future.result()
        return made.unpack(job) if isinstance(made, Delivery) else made
    except OSError as error:
        return Outcome({}, Failure("disk", str(error)))
    except Exception as error:  # noqa: BLE001  # a lost worker, a version that does not match, …
        return Outcome({}, Failure("worker", f"{type(error).__name__}: {error}"))


def make_here(parcel: Parcel, seconds: float) -> Delivery | Outcome:
    """Make a report in a process of its own beside this Dask worker, off a server of that worker's.

    Its folder is in the worker's own, which Dask clears away after a worker that was killed.
    """
    from distributed import get_worker

    template = shared(f"{WARM} {REHEARSE}")
    with tempfile.TemporaryDirectory(prefix="perfkit-", dir=get_worker().local_directory) as folder:
        (done,) = (
            event
            for event in run([Task(0, Parcel.make, (replace(parcel, folder=folder),), seconds)], 1, template)
            if isinstance(event, Done)
        )
    return done.value if done.error is None else replace(lost(parcel.job, done.error), files={})


@dataclass(frozen=True, slots=True)
class Parcel:
    """Hold a job and the files it needs, by their places in the workspace; lay them out in `folder`."""

    job: Job
    files: Mapping[str, bytes]
    folder: str = ""

    @classmethod
    def of(cls, job: Job) -> Parcel:
        """Pack what a job reads from its workspace."""
        workspace = Path(job.folder)
        told = [job.profile, *(value for value in job.values.values() if isinstance(value, str) and value)]
        named = [Path(job.notebook), Path(job.form), *((workspace / "profiles").glob("*.y*ml"))]
        named += [path for value in told if (path := workspace / value).is_file()]
        named += [*shared_files(workspace), *words_files(str(job.values.get("theme") or ""), workspace)]
        files = {_place(path, workspace): path.read_bytes() for path in named}
        kept = {Path(job.readings) / digest_of(content) for content in files.values()}
        files |= {f"{READINGS}/{path.name}": path.read_bytes() for path in kept if path.is_file()}
        return cls(job, files)

    def make(self) -> Delivery:
        """Lay the files out in `folder`, make the report, give the outcome with the bytes of its files."""
        workspace, home = Path(self.folder), Path(self.job.folder)
        (workspace / "params").mkdir()
        for place, content in self.files.items():
            (workspace / place).parent.mkdir(parents=True, exist_ok=True)
            (workspace / place).write_bytes(content)
        outcome = make(
            replace(
                self.job,
                folder=str(workspace),
                drafts={kind: str(workspace / f"draft.{kind}") for kind in self.job.drafts},
                notebook=str(workspace / _place(Path(self.job.notebook), home)),
                form=str(workspace / _place(Path(self.job.form), home)),
                readings=str(workspace / READINGS),
            )
        )
        pages = {kind: Path(path).read_bytes() for kind, (path, _) in outcome.files.items()}
        return Delivery(replace(outcome, files={}), pages)


@dataclass(frozen=True, slots=True)
class Delivery:
    """Hold an outcome and the bytes of its files."""

    outcome: Outcome
    pages: Mapping[str, bytes]

    def unpack(self, job: Job) -> Outcome:
        """Write the pages as the job's drafts, and give the outcome as if it had been made here."""
        files = {kind: write_draft(Path(job.drafts[kind]), page) for kind, page in self.pages.items()}
        return replace(self.outcome, files=files)


def _place(path: Path, workspace: Path) -> str:
    """Give a file's place in the temporary workspace: as in its own, or by name where it lies outside."""
    return (
        path.relative_to(workspace).as_posix() if path.is_relative_to(workspace) else f"elsewhere/{path.name}"
    )
