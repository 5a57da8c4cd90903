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

from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from perfkit.processes.calls import Ahead, Begun, Done, Task, cores, run
from perfkit.processes.process import CallError, Ended, LostError, Process, program
from perfkit.processes.template import FORKS, Template, shared

if TYPE_CHECKING:
    from collections.abc import Callable

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
