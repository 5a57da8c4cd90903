"""How a run shows itself while it goes on: a total, a line a worker, the rate and the time left.

On a terminal the lines are drawn over; elsewhere (a log, CI) each report that was made or failed is a
plain line. Nothing here starts a thread.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from perfkit.language import spoken
from perfkit.text import say
from perfkit.text.folding import visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from rich.console import Console
    from rich.progress import TaskID

    from perfkit.batch.plan import Faulty
    from perfkit.errors import Fault

Line = Mapping[str, Any]
BETWEEN_DRAWINGS = 0.1  # seconds
NAMED = 5  # of the projects that have a fault


class Progress:
    """Hear what a run does; this one shows nothing."""

    def faulty(self, projects: Sequence[Faulty]) -> None:
        """Hear which projects cannot be reported on, and why."""

    def start(self, total: int, workers: int) -> None:
        """Hear that `total` reports are to be made by so many workers."""

    def begun(self, worker: int, name: str) -> None:
        """Hear that a worker is at a project."""

    def ended(self, worker: int | None, line: Line) -> None:
        """Hear what became of a report; no worker was at one that was skipped or cannot be made."""

    def close(self) -> None:
        """Hear that no more reports will come."""

    def say(self, text: str) -> None:
        """Hear in a line what the run has to say as a whole."""


class Quiet(Progress):
    """Call `on_line` with what becomes of each report, if given."""

    def __init__(self, on_line: Callable[[Line], None] | None = None) -> None:
        self.on_line = on_line

    def ended(self, worker: int | None, line: Line) -> None:  # noqa: ARG002  # a Progress hears both
        """Pass the line on."""
        if self.on_line is not None:
            self.on_line(line)


class PlainLines(Progress):
    """Print a line for each report that was made or failed, and every fault of the projects once."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self.total = self.done = self.failed = 0
        self.begin = time.monotonic()

    def faulty(self, projects: Sequence[Faulty]) -> None:
        """Print each fault, with the projects that have it."""
        for text in faults_once(projects):
            self.say(visible(text), style="red")

    def start(self, total: int, workers: int) -> None:
        """Say how much there is to do."""
        self.total, self.begin = total, time.monotonic()
        self.say(say("batch.to_make", n=total, count=total, workers=workers)[spoken()])

    def ended(self, worker: int | None, line: Line) -> None:
        """Print the line of a report; unchanged ones are left to the summary."""
        self.failed += line["status"] == "failed"
        if worker is not None:
            self.done += 1
            self.show(line)

    def show(self, line: Line) -> None:
        """Print how a report ended, and how many are left."""
        joint, left = say("faults.joint")[spoken()], _left(self.begin, self.done, self.total)
        told, *notes = _told(line).split("\n")
        self.say("\n".join([f"{self.done}/{self.total} {told}{joint}{left}", *notes]))

    def say(self, text: str, style: str = "") -> None:
        """Print it."""
        self.console.print(text, markup=False, highlight=False, soft_wrap=True, style=style)


class Lively(PlainLines):
    """Draw the total and a line a worker on a terminal."""

    def __init__(self, console: Console) -> None:
        from rich.console import Group
        from rich.live import Live
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
        from rich.progress import Progress as Bars

        super().__init__(console)
        self.bar = Bars(BarColumn(bar_width=30), MofNCompleteColumn(), TextColumn("{task.fields[left]}"))
        self.at = Bars(TextColumn("{task.description}", markup=False))
        self.live = Live(Group(self.bar, self.at), console=console, auto_refresh=False, transient=True)
        self.workers: list[TaskID] = []
        self.drawn = 0.0

    def start(self, total: int, workers: int) -> None:
        """Draw the first lines."""
        self.total, self.begin = total, time.monotonic()
        self.main = self.bar.add_task("", total=total, left=say("batch.warm")[spoken()])
        self.workers = [self.at.add_task("") for _ in range(workers)]
        self.live.start()
        self.live.refresh()

    def begun(self, worker: int, name: str) -> None:
        """Show what a worker is at."""
        if worker < len(self.workers):
            self.at.update(self.workers[worker], description=f"  {worker + 1}  {name}")
            self._draw()

    def show(self, line: Line) -> None:
        """Count a report; a failure stays on the screen."""
        if line["status"] == "failed":
            self.say(_told(line), style="red")
        left = _left(self.begin, self.done, self.total)
        left = say("batch.failed_so_far", n=self.failed, left=left)[spoken()] if self.failed else left
        self.bar.update(self.main, completed=self.done, left=left)
        self._draw()

    def _draw(self) -> None:
        """Draw at most ten times a second."""
        if time.monotonic() - self.drawn > BETWEEN_DRAWINGS:
            self.drawn = time.monotonic()
            self.live.refresh()

    def close(self) -> None:
        """Take the lines away."""
        self.live.stop()


def progress_for(wanted: bool | Callable[[Line], None]) -> Progress:  # noqa: FBT001  # the argument of `report`
    """Give the progress that a caller asked for: none, shown on stderr, or their own function."""
    if wanted is False:
        return Quiet()
    if wanted is not True:
        return Quiet(wanted)
    from rich.console import Console

    console = Console(file=sys.stderr)
    return Lively(console) if console.is_terminal else PlainLines(console)


def faults_once(projects: Iterable[Faulty]) -> Iterator[str]:
    """Tell every fault once, with the names of the projects that have it."""
    language = spoken()
    having: dict[Fault, list[str]] = {}
    for project in projects:
        for fault in dict.fromkeys(project.error.faults):
            having.setdefault(fault, []).append(project.name)
    alike: dict[tuple[str, ...], list[Fault]] = {}
    for fault, names in having.items():
        alike.setdefault(tuple(names), []).append(fault)
    for having_them, faults in alike.items():
        name, more = say("batch.head.joint")[language].join(having_them[:NAMED]), len(having_them) - NAMED
        if more > 0:
            name = say("batch.and_more", name=name, n=more)[language]
        yield say("batch.line.input", name=name, error="\n".join(map(str, faults)))[language]


def _told(line: Line) -> str:
    """Say how a report was made or failed; a name or an error from a file moves nothing on the terminal."""
    language, name = spoken(), line["name"]
    if line["status"] == "failed":
        cell = say("batch.line.cell", cell=line["cell"]) if line.get("cell") else ""
        first, *more = str(line["error"]).splitlines() or [""]
        cause = say(f"index.cause_{line['cause']}") if language == "zh" else line["cause"]
        error = first + (" …" if more else "")
        return visible(say("batch.line.failed", name=name, cause=cause, cell=cell, error=error)[language])
    made = say("batch.line.made", name=name, seconds=f"{line['seconds']:.2f}")[language]
    return visible("\n  ".join([made, *str(line.get("error") or "").splitlines()]))


def _left(begin: float, done: int, total: int) -> str:
    """Say the rate and the time left."""
    rate = done / max(time.monotonic() - begin, 1e-6)
    minutes, seconds = divmod(round((total - done) / rate), 60)
    return say("batch.left", rate=f"{rate:.1f}", minutes=minutes, seconds=f"{seconds:02}")[spoken()]
