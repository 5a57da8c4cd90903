"""The one place that starts processes: a warm fork server, and what its forks become.

    form = call(read_here, path, name, seconds=10, memory=500_000_000, warm="perfkit.readers.bulk:warm")

`call` runs one function of a module in its own process and gives what it returns. Arguments and results are
plain values (None, bool, int, float, str, bytes, Decimal, dates, list, tuple, set, dict) and perfkit's own
dataclasses, enums and errors: JSON, never a pickle. perfkit's errors are raised here as they were there,
any other exception is a `CallError` (its `kind` and `text`). A call that took longer than `seconds`, or
more than `memory` bytes beyond what the server has mapped, or lost its process, is a `LostError`: `cause`
is "time", "memory", "ended" or "server", `ended` says how. What it started ends with it.

    for event in run((Task(path, read_here, (path,), 10) for path in paths), slots=2, template=shared(warm)):

`run` makes many calls side by side; each of `slots` workers does one after another and stays warm. An event
is `Begun(key, worker)` or `Done(key, value, error)`, `error` being one of those above, as things happen.
A worker that is lost is replaced; a plain thread waits for each. Leaving the loop ends what still runs.

`Ahead(template).do(task)` makes one call in a process of its own, which `start` has made before it was asked.

A `Template(warm)` is the server itself: a run has its own, `shared(warm)` gives this process's. `warm` names
functions (`module:function`, with spaces between) that import and compute what forks shall start with; they
start no thread. `Template.start(become)` makes a process that becomes something else, such as a kernel. Where
there is no fork, fresh interpreters answer the same calls. All of it works from any thread and process, a
fork of the server included, and changes nothing of the caller's.

    status, told = program([office, "--version"], seconds=90)

`program` runs another program within a bound of time, and ends it with all that it started.
"""

from __future__ import annotations

import contextlib
import os
import queue
import threading
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple, ParamSpec, TypeVar

from perfkit.errors import MachineError, PerfkitError
from perfkit.processes.process import CallError, Ended, LostError, Process, program
from perfkit.processes.template import FORKS, Template, shared
from perfkit.text import say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator


P = ParamSpec("P")
T = TypeVar("T")

__all__ = [
    "FORKS", "Ahead", "Begun", "CallError", "Done", "Ended", "LostError", "Process", "Task", "Template",
    "call", "cores", "program", "run", "shared",
]  # fmt: skip


def call(
    function: Callable[..., T],
    /,
    *args: Any,
    seconds: float | None = None,
    memory: int | None = None,
    warm: str = "",
) -> T:
    """Call a function of a module in a process of its own; see above for what may cross.

    Raises:
        PerfkitError: the function raised it.
        CallError: it raised another exception.
        LostError: it took too long or too much memory, or its process ended.
        MachineError: no process can be started here.
    """
    for event in run([Task(0, function, args, seconds)], 1, shared(warm), memory):
        if isinstance(event, Done):
            if event.error is not None:
                raise event.error
            return event.value  # type: ignore[no-any-return]
    raise AssertionError  # a task is always done


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
