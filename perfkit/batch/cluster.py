"""A run's workers on a Dask cluster: the same plan, ledger and outputs; only the making is elsewhere.

Every Dask worker process has a fork server of its own, and each report a process of that. A worker that is
lost takes nothing with it: Dask gives its jobs to another, and what comes back twice is taken once. No disk
need be shared: a job's inputs travel with it as bytes, its pages and rows come back, and the ledger is
written by the run alone.
"""

# distributed has few types.
# mypy: disable-error-code="no-untyped-call"

from __future__ import annotations

import tempfile
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from perfkit.batch.inputs import shared_files
from perfkit.batch.job import Failure, Job, Outcome, make, write_draft
from perfkit.batch.workers import GRACE, REHEARSE, WARM, Ended, Workers, lost
from perfkit.errors import Fault, MachineError, SettingsError, theirs
from perfkit.processes import Begun, Done, Task, run, shared
from perfkit.readers.kept import digest_of
from perfkit.text import say

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

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
        named += shared_files(workspace)
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
