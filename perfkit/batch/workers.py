"""Who makes the reports of a run: forks on this machine, spawned processes, or a cluster.

All of them are the same to a run: it gives jobs, and hears which have begun and how each has ended.
"""

from __future__ import annotations

import signal
from contextlib import AbstractContextManager
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Protocol

from perfkit.batch.job import Failure, Job, Outcome
from perfkit.batch.limits import how_ended
from perfkit.batch.pool import Event, Pool
from perfkit.errors import MachineError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

GRACE = 30.0  # seconds that a report may be over its time, to publish, before it is ended from outside
TRIES = 2  # how often a job is given to a host that dies under it


@dataclass(frozen=True, slots=True)
class Begun:
    """Tell that a job has begun; `worker` counts from 0."""

    number: int
    worker: int


@dataclass(frozen=True, slots=True)
class Ended:
    """Tell how a job has ended."""

    number: int
    outcome: Outcome


class Workers(AbstractContextManager["Workers"], Protocol):
    """Make reports; entered for a run, and leaving it ends whatever still runs."""

    slots: int

    def run(self, jobs: Iterable[tuple[int, Job]]) -> Iterator[Begun | Ended]:
        """Make every job once, in any order; jobs are taken as workers come free."""


class LocalWorkers(Workers):
    """Make each report in a fork of its own, `slots` at once."""

    def __init__(self, slots: int, samples: Sequence[Job] = (), pool: Pool | None = None) -> None:
        self.slots = slots
        self.samples = samples
        self.pool = (pool or self._new()).open(slots, samples)

    def _new(self) -> Pool:
        return Pool()

    def __exit__(self, *_: object) -> None:
        self.pool.close()

    def run(self, jobs: Iterable[tuple[int, Job]]) -> Iterator[Begun | Ended]:
        """Make every job; one that loses its process has failed, one whose host dies is tried once more."""
        waiting = iter(jobs)
        board = Board(self.slots)
        while True:
            try:
                for number, job in islice(waiting, board.room):
                    board.add(number, job)
                    self._give(number, job)
                if not board.jobs:
                    return
                if (event := self.pool.next_event()) is not None:
                    yield from board.hear(event)
            except MachineError as error:
                yield from board.give_up(error)
                self.pool.close()
                self.pool = self._new().open(self.slots, self.samples)
                for number, left in board.jobs.items():
                    self._give(number, left)

    def _give(self, number: int, job: Job) -> None:
        self.pool.submit(number, job, job.seconds + GRACE)


class Board:
    """Know which jobs are out, which worker has each, and what each has said."""

    def __init__(self, slots: int) -> None:
        self.slots = slots
        self.jobs: dict[int, Job] = {}
        self.workers: dict[int, int] = {}
        self.said: dict[int, Outcome] = {}
        self.tries: dict[int, int] = {}

    @property
    def room(self) -> int:
        """Give how many more jobs to give out: one more than can run, so that no worker waits for us."""
        return self.slots + 1 - len(self.jobs)

    def add(self, number: int, job: Job) -> None:
        """Note that a job is out."""
        self.jobs[number] = job

    def hear(self, event: Event) -> Iterator[Begun | Ended]:
        """Turn an event of the pool into what it means for a job."""
        number = event.number
        if event.kind == "begun":
            self.workers[number] = next(i for i in range(self.slots + 1) if i not in self.workers.values())
            yield Begun(number, self.workers[number])
        elif event.kind == "said":
            self.said[number] = event.value
        else:
            job = self._drop(number)
            yield Ended(number, self.said.pop(number) if number in self.said else lost(job, event.value))

    def _drop(self, number: int) -> Job:
        self.workers.pop(number, None)
        self.tries.pop(number, None)
        return self.jobs.pop(number)

    def give_up(self, error: MachineError) -> Iterator[Ended]:
        """Count a try for the jobs that were running when the host died; end those that had enough.

        Raises:
            MachineError: nothing was running: the host cannot live here at all.
        """
        if not self.workers:
            raise error
        for number in list(self.workers):
            self.tries[number] = self.tries.get(number, 0) + 1
            if self.tries[number] >= TRIES:
                job = self._drop(number)
                yield Ended(number, lost(job, -signal.SIGKILL))
        self.workers.clear()
        self.said.clear()


def lost(job: Job, status: int) -> Outcome:
    """Say how a job ended whose process was lost; its drafts may be there."""
    drafts = {kind: (path, "") for kind, path in job.drafts.items()}
    if status == -signal.SIGALRM:
        return Outcome(
            drafts, Failure("timeout", f"the report took longer than {job.seconds:g} s"), job.seconds
        )
    return Outcome(drafts, Failure("worker", f"its process was lost ({how_ended(status)})"))
