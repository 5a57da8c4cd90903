"""A run's workers on a Dask cluster: the same plan, journal and outputs; only the making is elsewhere.

Every Dask worker keeps a warm host of its own beside it and forks each report from that. A worker that is
lost takes nothing with it: Dask gives its jobs to another, and what comes back twice is taken once.
"""

# distributed has few types.
# mypy: disable-error-code="no-untyped-call"

from __future__ import annotations

import tempfile
import threading
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING, Any

from perfkit.batch.job import Failure, Job, Outcome
from perfkit.batch.parcel import Delivery, Parcel
from perfkit.batch.pool import Pool
from perfkit.batch.workers import GRACE, TRIES, Begun, Ended, Workers, lost
from perfkit.errors import Fault, MachineError, SettingsError
from perfkit.workspace import shipped

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

CONNECT = "20s"
AHEAD = 2  # jobs on their way for each thread of the cluster


class ClusterWorkers(Workers):
    """Give the jobs to the workers of a Dask scheduler."""

    def __init__(self, address: str) -> None:
        try:
            from distributed import Client
        except ImportError:
            raise MachineError(
                Fault("distributed is not installed", hint="pip install 'perfkit[cluster]'")
            ) from None
        try:
            self.client = Client(address, timeout=CONNECT, set_as_default=False)
        except (OSError, ValueError) as error:
            raise SettingsError(
                Fault("no cluster at this address", got=address, expected="a Dask scheduler such as tcp://host:8786",
                      hint=str(error))
            ) from None  # fmt: skip
        self.slots = max(sum(self.client.nthreads().values()), 1)

    def __exit__(self, *_: object) -> None:
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
        future = self.client.submit(
            make_here,
            Parcel.of(job),
            job.seconds + GRACE,
            pure=False,
            retries=TRIES,
            key=f"perfkit-{id(self)}-{number}",
        )
        out[future.key] = (number, job)
        return future


def _outcome(future: Any, job: Job) -> Outcome:
    """Give how a job ended on the cluster; whatever the cluster raises is this report's failure."""
    try:
        made = future.result()
        return made.unpack(job) if isinstance(made, Delivery) else made
    except OSError as error:
        return Outcome({}, Failure("disk", str(error)))
    except Exception as error:  # noqa: BLE001  # a lost worker, a version that does not match, …
        return Outcome({}, Failure("worker", f"{type(error).__name__}: {error}"))


_lock = threading.Lock()
_pools: dict[int, Pool] = {}


def make_here(parcel: Parcel, seconds: float) -> Delivery | Outcome:
    """Make a report in a fork of the warm host of this Dask worker's thread.

    Its folder is in the worker's own, which Dask clears away after a worker that was killed.
    """
    from distributed import get_worker

    pool = _pool()
    said: Delivery | None = None
    with tempfile.TemporaryDirectory(prefix="perfkit-", dir=get_worker().local_directory) as folder:
        pool.submit(0, replace(parcel, folder=folder), seconds)
        while (event := pool.next_event()) is None or event.kind != "ended":
            if event is not None and event.kind == "said":
                said = event.value
    return said or replace(lost(parcel.job, event.value), files={})


def _pool() -> Pool:
    """Give this thread's host, started when first needed."""
    thread = threading.get_ident()
    with _lock:
        pool = _pools.get(thread)
        if pool is None or pool.process.poll() is not None:
            pool = _pools[thread] = Pool().open(1, [_example()])
        return pool


def _example() -> Job:
    """Give a job to rehearse before any has come: the example that perfkit ships."""
    form = str(shipped("params", "forms", "online-learning-2022.yaml"))
    values = {"form": form, "profile": "mof-2020", "language": "zh"}
    notebook = str(shipped("notebooks", "project_report.ipynb"))
    return Job("example", notebook, values, form, "mof-2020", "zh", tempfile.gettempdir(), ("html",), {})
