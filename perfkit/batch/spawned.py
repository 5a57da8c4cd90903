"""Workers where there is no fork (Windows): processes that stay warm, kernels that are jupyter's own.

Each process has everything imported and makes one report after another; the cells run in a fresh kernel
for each, by papermill's own engine, so reports share nothing here either.
"""

from __future__ import annotations

import contextlib
import multiprocessing
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from itertools import islice
from typing import TYPE_CHECKING

from perfkit.batch.job import Job, Outcome, make
from perfkit.batch.workers import Begun, Ended, Workers, lost

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


class SpawnedWorkers(Workers):
    """Make reports in `slots` processes that are started once."""

    def __init__(self, slots: int) -> None:
        self.slots = slots
        self.pool = self._start()

    def _start(self) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(self.slots, multiprocessing.get_context("spawn"), get_ready)

    def __exit__(self, *_: object) -> None:
        self.pool.shutdown(wait=False, cancel_futures=True)
        for process in multiprocessing.active_children():
            with contextlib.suppress(AttributeError):
                process.terminate()
        self.pool.shutdown()

    def run(self, jobs: Iterable[tuple[int, Job]]) -> Iterator[Begun | Ended]:
        """Make every job; one that takes its process along has failed."""
        waiting = iter(jobs)
        out: dict[Future[Outcome], tuple[int, Job]] = {}
        while True:
            for number, job in islice(waiting, self.slots - len(out)):
                out[self.pool.submit(make, job)] = (number, job)
                yield Begun(number, len(out) - 1)
            if not out:
                return
            done, _ = wait(out, return_when=FIRST_COMPLETED)
            broken = [future for future in done if isinstance(future.exception(), BrokenProcessPool)]
            if broken:
                self.pool.shutdown()
                self.pool = self._start()
            for future in done:
                number, job = out.pop(future)
                yield Ended(number, lost(job, 1) if future in broken else future.result())


def get_ready() -> None:
    """Import what reports need, in a process that has just been started."""
    from perfkit.batch import engine
    from perfkit.batch.warm import import_modules

    engine.FORKS = False
    import_modules()
