"""One batch: what is stale is made again, what is not is left, and every line of it is in the journal."""

from __future__ import annotations

import contextlib
import os
import shlex
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from perfkit import stores
from perfkit.batch import plan as planning
from perfkit.batch.engine import FORKS
from perfkit.batch.inputs import find
from perfkit.batch.job import Failure, Job, Outcome
from perfkit.batch.journal import Journal, is_gone, latest
from perfkit.batch.outcome import COLUMNS, ReportRun
from perfkit.batch.outputs import Outputs
from perfkit.batch.pool import Pool
from perfkit.batch.progress import Progress, progress_for
from perfkit.batch.results import ResultsWriter, stored
from perfkit.batch.rows import rows_of
from perfkit.batch.workers import Begun, LocalWorkers, Workers
from perfkit.errors import BusyError, Fault, MachineError, PerfkitError, refused
from perfkit.workspace import resolve, shown

if TYPE_CHECKING:
    from perfkit.batch.depot import Depot
    from perfkit.batch.plan import Faulty, Fresh, Plan, Stale

Line = Mapping[str, Any]
OUT = "reports"


@dataclass(frozen=True, slots=True)
class Settings:
    """Hold how a batch is to run; see `report` for what each means."""

    formats: tuple[str, ...] = ("html", "pdf")
    jobs: int | None = None
    force: bool = False
    strict: bool = False
    cluster: str | None = None
    seconds: float = 600.0
    cell_seconds: float | None = None
    memory: int | None = None


def report(  # noqa: PLR0913  # one keyword for each option of the command
    paths: Sequence[str | Path] | str | Path,
    to: Sequence[str] = ("html", "pdf"),
    out: str | Path = OUT,
    *,
    jobs: int | None = None,
    force: bool = False,
    strict: bool = False,
    cluster: str | None = None,
    progress: bool | Callable[[Line], None] = False,
    seconds: float = 600.0,
    cell_seconds: float | None = None,
    memory: int | None = None,
) -> ReportRun:
    """Make a report for each params file; leave those that nothing has changed for.

    Args:
        paths: params files, folders of them, or globs; here and in `out`, a URL that fsspec opens will do.
        to: the formats, `html` and `pdf`; the executed notebook is always kept.
        out: the folder for reports, journal, results and index.
        jobs: reports made at a time; as many as there are cores unless given.
        force: make every report again, changed or not.
        strict: make none while any params or form has a fault.
        cluster: the address of a Dask scheduler that shall do the work.
        progress: show it on stderr, or call this with each journal line as it is written.
        seconds: what one report may take.
        cell_seconds: what one cell may take; no limit of its own unless given.
        memory: bytes that one report's cells may use beyond what a warm process has.

    Raises:
        SettingsError, DataError: no params file can be used, or one cannot and `strict` is on.
        BusyError: another run writes to `out`.
        MachineError: the disk, a store, or the process that reports are forked from, gave up.
    """
    given = [paths] if isinstance(paths, str | Path) else list(paths)
    formats = tuple(dict.fromkeys(to))
    settings = Settings(formats, jobs, force, strict, cluster, seconds, cell_seconds, memory)
    return _reported(given, out, settings, progress_for(progress))


def _reported(
    paths: Sequence[str | Path], out: str | Path, settings: Settings, progress: Progress
) -> ReportRun:
    """Run a batch in a folder, or in the copy of one on a store."""
    with stores.mounted():
        folder = stores.local_path(out).absolute()
        with _alone(folder) as depot:
            run = Run(folder, settings, progress, depot).carry_out(paths)
        return replace(run, folder=str(out)) if depot else run


@contextmanager
def _alone(folder: Path) -> Iterator[Depot | None]:
    """Hold the lock on a folder of reports; on a store, its depot."""
    if mount := stores.mount_of(folder):
        from perfkit.batch.depot import Depot

        folder.mkdir(parents=True, exist_ok=True)
        with Depot(folder, mount) as depot:
            yield depot
        return
    from filelock import FileLock, Timeout

    lock = FileLock(folder / ".lock", timeout=0)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except Timeout:
        raise BusyError(
            Fault("another run is writing reports here", shown(folder),
                  hint="wait until it has ended, or write to another folder with --out")
        ) from None  # fmt: skip
    except OSError as error:
        raise MachineError(
            Fault("reports cannot be written here", shown(folder), got=refused(error),
                  hint="make the folder writable, or write to another with --out")
        ) from None  # fmt: skip
    try:
        yield None
    finally:
        lock.release()


class Run:
    """Carry out one batch in a folder that is ours alone."""

    def __init__(
        self, folder: Path, settings: Settings, progress: Progress, depot: Depot | None = None
    ) -> None:
        now = datetime.now(UTC)
        self.id = f"{now:%Y%m%d-%H%M%S}-{now.microsecond // 1000:03}"
        self.folder = folder
        self.settings = settings
        self.progress = progress
        self.depot = depot
        self.outputs = Outputs(folder, self.id)
        self.journal = Journal(folder)
        self.results = ResultsWriter(folder, self.id)
        self.lines: dict[str, list[Line]] = {"made": [], "skipped": [], "failed": []}

    def carry_out(self, paths: Sequence[str | Path]) -> ReportRun:
        """Plan, make, journal, store, index; a host gets ready to make reports while they are planned."""
        with self._host() as self.host:
            return self._carry_out(paths)

    @contextmanager
    def _host(self) -> Iterator[Pool | None]:
        if self.settings.cluster or not FORKS:
            yield None
            return
        pool = Pool()
        try:
            yield pool
        finally:
            pool.close()

    def _carry_out(self, paths: Sequence[str | Path]) -> ReportRun:
        self.outputs.sweep()
        plan = self._plan(paths)
        if plan.faulty and (self.settings.strict or not (plan.stale or plan.fresh)):
            raise plan.refusal()
        self._note(self._skipped(fresh) for fresh in plan.fresh)
        self._note(self._refused(faulty) for faulty in plan.faulty)
        self._heal(plan)
        try:
            if plan.stale:
                self._make(plan.stale)
        finally:
            self.progress.close()
            self.outputs.sweep()
            self.results.close()
        self._finish(changed=bool(plan.stale or plan.faulty or self._any_gone()))
        lines = {status: tuple(lines) for status, lines in self.lines.items()}
        run = ReportRun(self.id, self.folder, lines["made"], lines["skipped"], lines["failed"], plan.faults)
        self.progress.sum_up(f"{run.head}: {shown(self.folder / 'index.html')}")
        return run

    def _plan(self, paths: Sequence[str | Path]) -> Plan:
        planning.forget()
        self.at = planning.now_ns()
        self.states = latest(self.folder)
        planner = planning.Planner(self.folder, self.settings.formats, self.states, force=self.settings.force)
        plan = planner.plan(find(paths))
        stores.share()
        return plan

    def _heal(self, plan: Plan) -> None:
        """Store the results of reports that were made by a run which was killed before it had stored them."""
        if not plan.fresh:
            return
        there = stored(self.folder)
        for fresh in plan.fresh:
            known = self.states[fresh.name]
            if known.get("rows") and there.get(fresh.name) != known["run"]:
                with contextlib.suppress(PerfkitError):
                    form, profile, language, folder = known["rows"]
                    workspace = stores.placed(folder, self.folder)
                    place = str(resolve(form, workspace))
                    found = rows_of(fresh.name, place, profile, language, str(workspace))
                    self.results.add(found, known["run"])

    def _make(self, stale: Sequence[Stale]) -> None:
        with self._workers(stale) as workers:
            self.results.get_ready()
            self.progress.start(len(stale), workers.slots)
            at: dict[int, int] = {}
            for event in workers.run((number, self._job(number, one)) for number, one in enumerate(stale)):
                project = stale[event.number]
                if isinstance(event, Begun):
                    at[event.number] = event.worker
                    self.progress.begun(event.worker, project.params.name)
                else:
                    self._end(project, event.outcome, at.pop(event.number, 0))

    def _workers(self, stale: Sequence[Stale]) -> Workers:
        if self.settings.cluster:
            from perfkit.batch.cluster import ClusterWorkers

            return ClusterWorkers(self.settings.cluster)
        slots = min(self.settings.jobs or cores(), len(stale))
        if not FORKS:
            from perfkit.batch.spawned import SpawnedWorkers

            return SpawnedWorkers(slots)
        return LocalWorkers(slots, [self._job(0, one) for one in samples_of(stale)], self.host)

    def _job(self, number: int, project: Stale) -> Job:
        params, settings = project.params, self.settings
        drafts = self.outputs.drafts(number, (*settings.formats, "ipynb"))
        return Job(
            params.name, str(params.notebook), params.values, str(params.form), params.profile,
            params.language, str(params.workspace), settings.formats, drafts, settings.seconds,
            settings.cell_seconds, settings.memory,
        )  # fmt: skip

    def _end(self, project: Stale, outcome: Outcome, worker: int) -> None:
        """Give a report its place, or keep what is left of it; write its line."""
        if outcome.failure is None:
            try:
                line = self._made(project, outcome)
            except OSError as error:
                outcome = replace(outcome, failure=Failure("disk", str(error)))
        if outcome.failure is not None:
            line = self._failed(project, outcome, outcome.failure)
        self._note([line], worker)

    def _made(self, project: Stale, outcome: Outcome) -> Line:
        name = project.params.name
        stamps = self.outputs.keep(name, {kind: path for kind, (path, _) in outcome.files.items()})
        if outcome.rows is not None:
            self.results.add(outcome.rows)
        return self._line(name, "made", project.params.path) | {
            "seconds": round(outcome.seconds, 3),
            "params": planning.shown_from(project.params.path, project.params.workspace),
            "profile": project.params.profile,
            "rows": self._source(project) if outcome.rows is not None else None,
            "why": project.reasons,
            "at": self.at,
            "key": project.key,
            "seen": project.seen,
            "files": {kind: [*stamp, outcome.files[kind][1]] for kind, stamp in stamps.items()},
        }

    def _source(self, project: Stale) -> list[str]:
        """Give what a project's results are made from, so that they can be made again."""
        params = project.params
        form = planning.shown_from(params.form, params.workspace)
        return [form, params.profile, params.language, stores.relative(params.workspace, self.folder)]

    def _failed(self, project: Stale, outcome: Outcome, failure: Failure) -> Line:
        kept = self.outputs.keep_failed(
            project.params.name, {k: path for k, (path, _) in outcome.files.items()}
        )
        return self._line(project.params.name, "failed", project.params.path) | {
            "seconds": round(outcome.seconds, 3),
            "cause": failure.cause,
            "error": failure.error,
            "cell": failure.cell,
            "source": failure.source,
            "notebook": kept,
            "again": self._again(project.params.path),
        }

    def _again(self, path: Path) -> str:
        """Give the command that makes one report again."""
        out = "" if self.folder == Path(OUT).absolute() else f" --out {shlex.quote(shown(self.folder))}"
        return f"perfkit report {shlex.quote(shown(path))}{out} --force"

    def _line(self, name: str, status: str, path: Path | None = None) -> dict[str, Any]:
        """Begin a line; `from` tells where the params file is, so that it can be missed when it is gone."""
        now = datetime.now(UTC).isoformat(timespec="seconds")
        source = {"from": stores.relative(path, self.folder)} if path else {}
        return {"name": name, "status": status, "run": self.id, "time": now} | source

    def _skipped(self, fresh: Fresh) -> Line:
        if fresh.seen is None:
            return self._line(fresh.name, "skipped")
        return self._line(fresh.name, "skipped", fresh.path) | {"seen": fresh.seen, "at": self.at}

    def _refused(self, faulty: Faulty) -> Line:
        error = str(faulty.error)
        return self._line(faulty.name, "failed", faulty.path) | {
            "cause": "input",
            "error": error,
            "again": self._again(faulty.path),
        }

    def _note(self, lines: Iterable[Line], worker: int | None = None) -> None:
        """Write lines to the journal, then tell of them."""
        written = list(lines)
        self.journal.append(*written)
        if self.depot is not None:
            self.depot.note(written)
        for line in written:
            self.lines[line["status"]].append({key: line[key] for key in COLUMNS if key in line})
            self.progress.ended(worker, line)

    def _any_gone(self) -> bool:
        return any(is_gone(known, self.folder) for known in self.states.values())

    def _finish(self, *, changed: bool) -> None:
        with self._disk("the journal could not be written", self.journal.path):
            self.journal.close()
        index = self.folder / "index.html"
        if changed or not stores.there(index):
            from perfkit.batch.index import write_index

            with self._disk("the index could not be written", index):
                write_index(self.folder)

    @contextmanager
    def _disk(self, what: str, path: Path) -> Iterator[None]:
        """Say what a full or failing disk has refused.

        Raises:
            MachineError: it has refused something.
        """
        try:
            yield
        except OSError as error:
            raise MachineError(
                Fault(what, shown(path), got=refused(error),
                      hint="make room on the disk; the reports that were made are complete")
            ) from None  # fmt: skip


def samples_of(stale: Sequence[Stale], most: int = 3) -> list[Stale]:
    """Pick the reports that a warm process should rehearse: one of each kind, the commonest kinds.

    A single report is its own rehearsal.
    """
    if len(stale) == 1:
        return []
    kinds: dict[tuple[str, str, str], list[Stale]] = {}
    for one in stale:
        params = one.params
        kinds.setdefault((params.form.suffix, params.profile, params.language), []).append(one)
    return [same[0] for same in sorted(kinds.values(), key=len, reverse=True)[:most]]


def cores() -> int:
    """Give the number of cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
