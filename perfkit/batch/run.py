"""One batch: what is stale is made again, what is not is left, and every line of it is in the journal."""

from __future__ import annotations

import os
import shlex
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from perfkit.batch.journal import Journal, latest
from perfkit.batch.outputs import Outputs
from perfkit.errors import BusyError, Fault
from perfkit.workspace import shown

if TYPE_CHECKING:
    import pandas as pd

    from perfkit.batch.job import Failure, Job, Outcome
    from perfkit.batch.plan import Plan, Stale
    from perfkit.batch.pool import Event

__all__ = ["ReportRun", "report"]


@dataclass(frozen=True, slots=True)
class ReportRun:
    """Hold what a run did: the journal lines of the reports it made, skipped and failed to make."""

    run: str
    folder: Path
    made: tuple[Mapping[str, Any], ...] = ()
    skipped: tuple[Mapping[str, Any], ...] = ()
    failed: tuple[Mapping[str, Any], ...] = ()
    faults: tuple[Fault, ...] = field(default=(), repr=False)

    @property
    def ok(self) -> bool:
        """Tell whether no report failed."""
        return not self.failed

    @property
    def exit_status(self) -> int:
        """Give the exit status of the command: 1 where a report failed."""
        return 0 if self.ok else 1

    def to_frame(self) -> pd.DataFrame:
        """Give a row for each report: name, status, seconds, cause and error."""
        import pandas as pd

        columns = ["name", "status", "seconds", "cause", "cell", "error"]
        return pd.DataFrame([*self.made, *self.skipped, *self.failed], columns=columns)

    def _repr_html_(self) -> str:
        return self.to_frame().to_html(index=False, na_rep="—", border=0)

    def __str__(self) -> str:
        head = f"{len(self.made)} made, {len(self.skipped)} unchanged, {len(self.failed)} failed in {self.folder}"
        return "\n".join([head, *(f"  {line['name']}: {line['error']}" for line in self.failed)])


@dataclass(frozen=True, slots=True)
class Settings:
    """Hold how a batch is to run; see `report` for what each means."""

    formats: tuple[str, ...] = ("html", "pdf")
    jobs: int | None = None
    force: bool = False
    strict: bool = False
    cell_seconds: float | None = None
    seconds: float = 600.0
    memory: int | None = None


def report(  # noqa: PLR0913  # one keyword for each option of the command
    paths: Sequence[str | Path] | str | Path,
    to: Sequence[str] = ("html", "pdf"),
    out: str | Path = "reports",
    *,
    jobs: int | None = None,
    force: bool = False,
    strict: bool = False,
    cluster: str | None = None,
    progress: bool | Callable[[Mapping[str, Any]], None] = False,
    seconds: float = 600.0,
    cell_seconds: float | None = None,
    memory: int | None = None,
) -> ReportRun:
    """Make a report for each params file; leave those that nothing has changed for.

    Args:
        paths: params files, folders of them, or globs.
        to: the formats, `html` and `pdf`; the executed notebook is always kept.
        out: the folder for reports, journal, results and index.
        jobs: reports made at a time; as many as there are cores unless given.
        force: make every report again, changed or not.
        strict: make none while any params or form has a fault.
        cluster: the address of a Dask scheduler that shall do the work.
        progress: show it on stderr, or call this with each journal line as it is written.
        seconds: what one report may take; `cell_seconds`: what one cell may take.
        memory: bytes that one report's cells may use beyond what a warm process has.

    Raises:
        SettingsError, DataError: no params file can be used, or one cannot and `strict` is on.
        BusyError: another run writes to `out`.
        MachineError: the disk, or the process that reports are forked from, gave up.
    """
    folder = Path(out).absolute()
    given = [paths] if isinstance(paths, str | Path) else list(paths)
    settings = Settings(tuple(dict.fromkeys(to)), jobs, force, strict, cell_seconds, seconds, memory)
    folder.mkdir(parents=True, exist_ok=True)
    with _alone(folder):
        return Run(folder, settings).carry_out(given)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Hold the lock on a folder of reports."""
    from filelock import FileLock, Timeout

    lock = FileLock(folder / ".lock", timeout=0)
    try:
        with lock:
            yield
    except Timeout:
        raise BusyError(
            Fault("another run is writing reports here", str(folder),
                  hint="wait until it has ended, or write to another folder with --out")
        ) from None  # fmt: skip


class Run:
    """Carry out one batch in a folder that is ours alone."""

    def __init__(self, folder: Path, settings: Settings) -> None:
        now = datetime.now(UTC)
        self.id = f"{now:%Y%m%d-%H%M%S}-{now.microsecond // 1000:03}"
        self.folder = folder
        self.settings = settings
        self.outputs = Outputs(folder, self.id)
        self.journal = Journal(folder)
        self.lines: dict[str, list[Mapping[str, Any]]] = {"made": [], "skipped": [], "failed": []}

    def carry_out(self, paths: Sequence[str | Path]) -> ReportRun:
        """Plan, make, journal."""
        self.outputs.sweep()
        plan = self._plan(paths)
        if plan.faulty and (self.settings.strict or not (plan.stale or plan.fresh)):
            raise plan.refusal()
        self._note([self._skipped(fresh) for fresh in plan.fresh])
        self._note([self._refused(faulty) for faulty in plan.faulty])
        try:
            if plan.stale:
                self._make(plan.stale)
        finally:
            self.outputs.sweep()
        self.journal.close()
        lines = {status: tuple(lines) for status, lines in self.lines.items()}
        return ReportRun(self.id, self.folder, lines["made"], lines["skipped"], lines["failed"], plan.faults)

    def _plan(self, paths: Sequence[str | Path]) -> Plan:
        from perfkit.batch import plan

        plan.forget()
        self.at = plan.now_ns()
        planner = plan.Planner(
            self.folder, self.settings.formats, latest(self.folder), force=self.settings.force
        )
        return planner.plan(plan.find(paths))

    def _make(self, stale: Sequence[Stale]) -> None:
        from perfkit.batch.pool import Pool

        pool = Pool(min(self.settings.jobs or cores(), len(stale)))
        try:
            for number, project in enumerate(stale):
                pool.submit(number, self._job(number, project), self.settings.seconds)
            outcomes: dict[int, Outcome] = {}
            left = len(stale)
            while left:
                event = pool.next_event()
                if event is not None and event.kind == "said":
                    outcomes[event.number] = event.value
                elif event is not None and event.kind == "ended":
                    left -= 1
                    self._end(stale[event.number], event, outcomes.pop(event.number, None))
        finally:
            pool.close()

    def _job(self, number: int, project: Stale) -> Job:
        from perfkit.batch.job import Job

        params, settings = project.params, self.settings
        kinds = (*settings.formats, "ipynb")
        return Job(
            name=params.name, notebook=str(params.notebook), values=params.values, folder=str(params.workspace),
            formats=settings.formats, drafts=self.outputs.drafts(number, kinds),
            cell_seconds=settings.cell_seconds, seconds=settings.seconds, memory=settings.memory,
        )  # fmt: skip

    def _end(self, project: Stale, event: Event, outcome: Outcome | None) -> None:
        """Give a report its place, or keep what is left of it; write its line."""
        from perfkit.batch.job import Failure
        from perfkit.batch.job import Outcome as Ended

        if outcome is None:
            drafts = self.outputs.drafts(event.number, (*self.settings.formats, "ipynb"))
            outcome = Ended(
                "failed", {kind: (path, "") for kind, path in drafts.items()}, _lost(event, self.settings)
            )
        name = project.params.name
        line = self._line(name, outcome.status) | {"seconds": round(outcome.seconds, 3)}
        if outcome.failure is None:
            paths = {kind: path for kind, (path, _) in outcome.files.items()}
            stamps = self.outputs.keep(name, paths)
            files = {kind: [*stamps[kind], outcome.files[kind][1]] for kind in stamps}
            line |= {
                "profile": project.params.profile,
                "at": self.at,
                "key": project.key,
                "seen": project.seen,
            }
            line |= {"files": files, "why": project.reasons}
        else:
            failure: Failure = outcome.failure
            kept = self.outputs.keep_failed(name, {kind: path for kind, (path, _) in outcome.files.items()})
            line |= {
                "cause": failure.cause,
                "error": failure.error,
                "cell": failure.cell,
                "source": failure.source,
            }
            line |= {"notebook": kept, "again": again(project.params.path)}
        self._note([line])

    def _line(self, name: str, status: str) -> dict[str, Any]:
        return {
            "name": name,
            "status": status,
            "run": self.id,
            "time": datetime.now(UTC).isoformat(timespec="seconds"),
        }

    def _skipped(self, fresh: Any) -> Mapping[str, Any]:
        touched = {} if fresh.seen is None else {"seen": fresh.seen, "at": self.at}
        return self._line(fresh.name, "skipped") | touched

    def _refused(self, faulty: Any) -> Mapping[str, Any]:
        error = str(faulty.error)
        return self._line(faulty.name, "failed") | {
            "cause": "input",
            "error": error,
            "again": again(faulty.path),
        }

    def _note(self, lines: Iterable[Mapping[str, Any]]) -> None:
        written = list(lines)
        self.journal.append(*written)
        for line in written:
            self.lines[line["status"]].append(line)


def _lost(event: Event, settings: Settings) -> Failure:
    """Say how a worker was lost."""
    from perfkit.batch.job import Failure

    return Failure("worker", f"the process ended with status {event.value}")


def again(path: Path) -> str:
    """Give the command that makes one report again."""
    return f"perfkit report {shlex.quote(shown(path))} --force"


def cores() -> int:
    """Give the number of cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
