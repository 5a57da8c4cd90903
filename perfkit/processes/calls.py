"""Many calls side by side: workers that stay warm, each with a plain thread of ours that waits for it."""

from __future__ import annotations

import contextlib
import os
import queue
import threading
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from perfkit.errors import MachineError, PerfkitError
from perfkit.processes.process import CallError, LostError, Process
from perfkit.text import say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from perfkit.processes.template import Template

CALLS = 500  # after so many a worker is replaced, whatever it may have leaked
TRIES = 3  # how often a call is made whose server dies under it: what kills two will kill more


@dataclass(frozen=True, slots=True)
class Task:
    """Hold one call to be made: any key that tells it apart, the function, its arguments, its seconds."""

    key: Any
    function: Callable[..., Any]
    args: tuple[Any, ...] = ()
    seconds: float | None = None


class Begun(NamedTuple):
    """Tell that a worker, counted from 0, has begun with a task."""

    key: Any
    worker: int


class Done(NamedTuple):
    """Tell what a task has given: its value, or the error that stands for it."""

    key: Any
    value: Any
    error: PerfkitError | CallError | LostError | None


@dataclass
class _Worker:
    """Wait for one process: give it a task, hear what comes of it, replace it when it is lost or old."""

    number: int
    template: Template
    memory: int | None
    tasks: queue.SimpleQueue[Task | None]
    events: queue.SimpleQueue[Begun | Done]
    process: Process | None = None
    calls: int = 0
    most: int = CALLS
    over: bool = False
    lock: threading.Lock = field(default_factory=threading.Lock)

    def work(self) -> None:
        while (task := self.tasks.get()) is not None:
            self.events.put(Begun(task.key, self.number))
            self.events.put(self.done(task))
        self.end()

    def done(self, task: Task) -> Done:
        for tries in range(1, TRIES + 1):
            try:
                process = self.start()
                self.calls += 1
                return Done(task.key, process.call(task.function, *task.args, seconds=task.seconds), None)
            except LostError as lost:
                self.end()
                if lost.cause != "server" or tries == TRIES:
                    return Done(task.key, None, lost)
            except (PerfkitError, CallError) as error:
                return Done(task.key, None, error)
        raise AssertionError  # TRIES is at least one

    def start(self) -> Process:
        """Give the process that makes the next call, started now unless it waits already."""
        if self.calls >= self.most:
            self.end()
        with self.lock:
            if self.over:
                raise MachineError(say("faults.run_has_ended"))
            if self.process is None:
                self.process, self.calls = self.template.start(memory=self.memory), 0
        return self.process

    def end(self) -> None:
        with self.lock:
            if self.process is not None:
                self.process.end()
            self.process = None

    def stop(self) -> None:
        """End the process, whatever it is at."""
        with self.lock:
            self.over = True
            if self.process is not None:
                self.process.hang_up()


class Ahead:
    """Make one call after another, each in a process of its own that may be started before."""

    def __init__(self, template: Template, memory: int | None = None) -> None:
        self._worker = _Worker(0, template, memory, queue.SimpleQueue(), queue.SimpleQueue(), most=1)

    def start(self) -> None:
        """Start the process of the next call; what hinders it the call itself will tell."""
        with contextlib.suppress(MachineError):
            self._worker.start()

    def do(self, task: Task) -> Done:
        """Make a call."""
        return self._worker.done(task)

    def close(self) -> None:
        """End what waits."""
        self._worker.stop()
        self._worker.end()


def run(
    tasks: Iterable[Task], slots: int, template: Template, memory: int | None = None
) -> Iterator[Begun | Done]:
    """Make every call once, `slots` at a time, in any order; tasks are taken as workers come free.

    Leaving the loop early ends what still runs.
    """
    given: queue.SimpleQueue[Task | None] = queue.SimpleQueue()
    events: queue.SimpleQueue[Begun | Done] = queue.SimpleQueue()
    workers = [_Worker(number, template, memory, given, events) for number in range(slots)]
    threads = [threading.Thread(target=worker.work, daemon=True) for worker in workers]
    for thread in threads:
        thread.start()
    waiting, out = iter(tasks), 0
    try:
        while True:
            for task in islice(waiting, slots + 1 - out):  # one more than can run: no worker waits for us
                given.put(task)
                out += 1
            if not out:
                return
            event = events.get()
            out -= isinstance(event, Done)
            yield event
    finally:
        for worker in workers:
            given.put(None)
            worker.stop()
        for thread in threads:
            thread.join()


def cores() -> int:
    """Give the number of cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
