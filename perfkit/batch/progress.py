"""How a run shows itself while it goes on: a total, a line a worker, the rate and the time left.

On a terminal the lines are drawn over; elsewhere (a log, CI) each report that was made or failed is a
plain line. Nothing here starts a thread.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Protocol

from perfkit.display.visible import visible

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import TaskID

Line = Mapping[str, Any]
BETWEEN_DRAWINGS = 0.1  # seconds


class Progress(Protocol):
    """Hear what a run does."""

    def start(self, total: int, workers: int) -> None:
        """Hear that `total` reports are to be made by so many workers."""

    def begun(self, worker: int, name: str) -> None:
        """Hear that a worker is at a project."""

    def ended(self, worker: int | None, line: Line) -> None:
        """Hear the journal line of a report."""

    def close(self) -> None:
        """Hear that no more reports will come."""

    def sum_up(self, text: str) -> None:
        """Hear in a line what the run has done."""


class Quiet:
    """Show nothing; call `on_line` with each journal line, if given."""

    def __init__(self, on_line: Callable[[Line], None] | None = None) -> None:
        self.on_line = on_line

    def start(self, total: int, workers: int) -> None:
        """Show nothing."""

    def begun(self, worker: int, name: str) -> None:
        """Show nothing."""

    def ended(self, worker: int | None, line: Line) -> None:  # noqa: ARG002  # a Progress hears both
        """Pass the line on."""
        if self.on_line is not None:
            self.on_line(line)

    def close(self) -> None:
        """Show nothing."""

    def sum_up(self, text: str) -> None:
        """Show nothing."""


class PlainLines:
    """Print a line for each report that was made or failed."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self.total = self.done = 0
        self.begin = time.monotonic()

    def start(self, total: int, workers: int) -> None:
        """Say how much there is to do."""
        self.total, self.begin = total, time.monotonic()
        self._print(f"{total} report{'s' if total != 1 else ''} to make, {workers} at a time")

    def begun(self, worker: int, name: str) -> None:
        """Say nothing yet."""

    def ended(self, worker: int | None, line: Line) -> None:
        """Print the line of a report; unchanged ones are left to the summary."""
        if line["status"] == "skipped":
            return
        if worker is None:
            self._print(_told(line))
            return
        self.done += 1
        self._print(f"{self.done}/{self.total} {_told(line)}, {_left(self.begin, self.done, self.total)}")

    def close(self) -> None:
        """Print nothing."""

    def sum_up(self, text: str) -> None:
        """Print it."""
        self._print(text)

    def _print(self, text: str) -> None:
        self.console.print(text, markup=False, highlight=False, soft_wrap=True)


class Lively:
    """Draw the total and a line a worker on a terminal."""

    def __init__(self, console: Console) -> None:
        from rich.console import Group
        from rich.live import Live
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
        from rich.progress import Progress as Bars

        self.console = console
        self.bar = Bars(BarColumn(bar_width=30), MofNCompleteColumn(), TextColumn("{task.fields[left]}"))
        self.at = Bars(TextColumn("{task.description}", markup=False))
        self.live = Live(Group(self.bar, self.at), console=console, auto_refresh=False, transient=True)
        self.workers: list[TaskID] = []
        self.total = self.done = self.failed = 0
        self.begin = self.drawn = 0.0

    def start(self, total: int, workers: int) -> None:
        """Draw the first lines."""
        self.total, self.begin = total, time.monotonic()
        self.main = self.bar.add_task("", total=total, left="getting warm")
        self.workers = [self.at.add_task("") for _ in range(workers)]
        self.live.start()
        self._draw(now=True)

    def begun(self, worker: int, name: str) -> None:
        """Show what a worker is at."""
        if worker < len(self.workers):
            self.at.update(self.workers[worker], description=f"  {worker + 1}  {name}")
            self._draw()

    def ended(self, worker: int | None, line: Line) -> None:
        """Count a report; a failure stays on the screen."""
        if line["status"] == "failed":
            self.failed += 1
            self.console.print(_told(line), markup=False, highlight=False, style="red")
        if worker is None:
            return
        self.done += 1
        left = _left(self.begin, self.done, self.total)
        left = f"{self.failed} failed, {left}" if self.failed else left
        self.bar.update(self.main, completed=self.done, left=left)
        self._draw()

    def _draw(self, *, now: bool = False) -> None:
        """Draw at most ten times a second."""
        if now or time.monotonic() - self.drawn > BETWEEN_DRAWINGS:
            self.drawn = time.monotonic()
            self.live.refresh()

    def close(self) -> None:
        """Take the lines away."""
        self.live.stop()

    def sum_up(self, text: str) -> None:
        """Print it."""
        self.console.print(text, markup=False, highlight=False, soft_wrap=True)


def progress_for(wanted: bool | Callable[[Line], None]) -> Progress:  # noqa: FBT001  # the argument of `report`
    """Give the progress that a caller asked for: none, shown on stderr, or their own function."""
    if wanted is False:
        return Quiet()
    if wanted is not True:
        return Quiet(wanted)
    from rich.console import Console

    console = Console(file=sys.stderr)
    return Lively(console) if console.is_terminal else PlainLines(console)


def _told(line: Line) -> str:
    """Say how a report ended; a name or an error from a file moves nothing on the terminal."""
    return visible(_said(line))


def _said(line: Line) -> str:
    if line.get("cause") == "input":
        return f"{line['name']}: cannot be made\n{line['error']}"  # every fault of the file
    if line["status"] == "failed":
        cell = f" (cell {line['cell']})" if line.get("cell") else ""
        first, *more = str(line["error"]).splitlines() or [""]
        return f"{line['name']}: failed, {line['cause']}{cell}: {first}" + (" …" if more else "")
    return f"{line['name']}: {line['status']}" + (f" in {line['seconds']:.2f} s" if "seconds" in line else "")


def _left(begin: float, done: int, total: int) -> str:
    """Say the rate and the time left."""
    rate = done / max(time.monotonic() - begin, 1e-6)
    minutes, seconds = divmod(round((total - done) / rate), 60)
    return f"{rate:.1f}/s, {minutes}:{seconds:02} left"
