"""One batch: what is stale is made again, what is not is left, and every outcome is in the ledger."""

from __future__ import annotations

import os
import shlex
import time
from collections import Counter
from collections.abc import Iterable
from contextlib import contextmanager
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from perfkit.batch import plan as planning
from perfkit.batch.inputs import Readings, versions
from perfkit.batch.job import Failure, Job, Outcome, Outputs
from perfkit.batch.ledger import Writer, is_gone, older
from perfkit.batch.plan import Faulty
from perfkit.batch.workers import LocalWorkers
from perfkit.display.progress import Line, Progress, progress_for
from perfkit.errors import BusyError, Fault, MachineError, need, refused
from perfkit.language import spoken
from perfkit.processes import Begun, cores
from perfkit.text import say
from perfkit.workspace import shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    import pandas as pd

    from perfkit.batch.plan import Plan, Stale
    from perfkit.batch.workers import Workers
    from perfkit.errors import PerfkitError

OUT = "reports"
COLUMNS = ("name", "status", "seconds", "cause", "cell", "error", "again")


@dataclass(frozen=True, slots=True)
class ReportRun:
    """Hold what a run did: a short line for each report that it made, skipped and failed to make.

    `run` is its number in the ledger, which has all that is known of each; `faults` are those of the params
    and forms, and the fonts without which there are no PDFs.
    """

    run: int
    folder: Path | str
    made: tuple[Mapping[str, Any], ...] = ()
    skipped: tuple[Mapping[str, Any], ...] = ()
    failed: tuple[Mapping[str, Any], ...] = ()
    faults: tuple[Fault, ...] = field(default=(), repr=False)

    @property
    def ok(self) -> bool:
        """Tell whether no report failed, and none lacks a file that was asked for."""
        return not (self.failed or self.faults)

    @property
    def exit_status(self) -> int:
        """Give the exit status of the command: 1 where a report failed, or a file of one is missing."""
        return 0 if self.ok else 1

    def to_frame(self) -> pd.DataFrame:
        """Give a row for each report: name, status, seconds, cause and error, and how to repeat it."""
        import pandas as pd

        return pd.DataFrame([*self.made, *self.skipped, *self.failed], columns=list(COLUMNS))

    def _repr_html_(self) -> str:
        return str(self.to_frame().to_html(index=False, na_rep="—", border=0))

    @property
    def head(self) -> str:
        """Say in a line what was done."""
        language = spoken()
        counts = {"made": len(self.made), "skipped": len(self.skipped), "failed": len(self.failed)}
        told = [say(f"batch.head.{what}", n=count)[language] for what, count in counts.items() if count]
        return say("batch.head.joint")[language].join(told) or say("batch.head.nothing")[language]

    def __str__(self) -> str:
        return "\n".join(
            [
                say("batch.head.at", head=self.head, place=self.folder)[spoken()],
                *(f"  {line['name']}: {line['error']}" for line in self.failed),
            ]
        )


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
    profile: str = ""


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
    profile: str = "",
) -> ReportRun:
    """Make a report for each params file; leave those that nothing has changed for.

    Args:
        paths: params files, folders of them, or globs.
        to: the formats, `html` and `pdf`; the executed notebook is always kept.
        out: the folder for reports, ledger and index.
        jobs: reports made at a time; as many as there are cores unless given.
        force: make every report again, changed or not.
        strict: make none while any params or form has a fault.
        cluster: the address of a Dask scheduler that shall do the work.
        progress: show it on stderr, or call this with what becomes of each report.
        seconds: what one report may take.
        cell_seconds: what one cell may take; no limit of its own unless given.
        memory: bytes that one report's cells may use beyond what a warm process has.
        profile: the rule set of this run, before that of each params file.

    Raises:
        SettingsError, DataError: no params file can be used, or one cannot and `strict` is on.
        BusyError: another run writes to `out`.
        MachineError: the disk, or the process that reports are forked from, gave up.
    """
    need("paths", Iterable, *(() if isinstance(paths, str | Path) else (paths,)))
    given = [paths] if isinstance(paths, str | Path) else list(paths)
    need("paths", (str, Path), *given)
    formats, folder = tuple(dict.fromkeys(to)), Path(out).absolute()
    settings = Settings(formats, jobs, force, strict, cluster, seconds, cell_seconds, memory, profile)
    with alone(folder):
        return Run(folder, settings, progress_for(progress)).carry_out(given)


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Hold the lock on a folder of reports.

    Raises:
        BusyError: another run holds it.
        MachineError: the folder cannot be written to.
    """
    from filelock import FileLock, Timeout

    lock = FileLock(folder / ".lock", timeout=0)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except Timeout:
        what, hint = say("faults.another_run_writing_reports"), say("faults.wait_until_has_ended")
        raise BusyError(Fault(what, shown(folder), hint=hint)) from None
    except OSError as error:
        what, hint = say("faults.reports_cannot_written_here"), say("faults.make_folder_writable_write")
        raise MachineError(Fault(what, shown(folder), got=refused(error), hint=hint)) from None
    try:
        yield
    finally:
        lock.release()


class Run:
    """Carry out one batch in a folder that is ours alone."""

    def __init__(self, folder: Path, settings: Settings, progress: Progress) -> None:
        self.folder = folder
        self.settings = settings
        self.progress = progress
        self.outputs = Outputs(folder)
        self.lines: dict[str, list[Line]] = {"made": [], "skipped": [], "failed": []}
        self.lacking: dict[str, MachineError] = {}  # by a report's name: fonts its PDF cannot be set in

    def carry_out(self, paths: Sequence[str | Path]) -> ReportRun:
        """Plan, make, record, index; a server gets ready to make reports while they are planned."""
        if left := older(self.folder):
            named = say("batch.older.joint")[spoken()].join(left)
            self.progress.say(say("batch.older", left=named)[spoken()])
        with self.workers() as workers, Writer.of(self.folder) as self.ledger:
            return self._carry_out(paths, workers)

    def workers(self) -> Workers:
        """Give who makes the reports: this machine, or a cluster."""
        if self.settings.cluster:
            from perfkit.batch.workers import ClusterWorkers

            return ClusterWorkers(self.settings.cluster)
        return LocalWorkers()

    def _carry_out(self, paths: Sequence[str | Path], workers: Workers) -> ReportRun:
        self.outputs.sweep()
        plan = self._without_fonts(self._plan(paths))
        if plan.faulty and (self.settings.strict or not (plan.stale or plan.fresh)):
            raise plan.refusal()
        self.ledger.begin(versions())
        self._settle(plan)
        try:
            if plan.stale:
                self._make(plan.stale, workers)
        finally:
            self.progress.close()
            self.outputs.sweep()
        gone = self._note_gone({path.stem for path in self.paths})
        self.ledger.end(*map(len, self.lines.values()))
        if plan.stale:
            self.readings.forget(sum(map(len, self.lines.values())))
        changed, faults = bool(plan.stale or plan.faulty or gone), (*plan.faults, *self._lacking())
        del plan  # the index needs the room
        self._index(changed=changed)
        made, skipped, failed = map(tuple, self.lines.values())
        run = ReportRun(self.ledger.run, self.folder, made, skipped, failed, faults)
        place = shown(self.folder / "index.html")
        self.progress.say(say("batch.head.at", head=run.head, place=place)[spoken()])
        return run

    def _plan(self, paths: Sequence[str | Path]) -> Plan:
        planning.forget()
        self.at = time.time_ns()
        settings = self.settings
        self.readings = Readings.of(self.folder, settings.jobs)
        planner = planning.Planner(
            self.folder, settings.formats, self.ledger, self.readings, settings.force, settings.profile
        )
        self.paths = planning.find(paths)
        plan = planner.plan(self.paths)
        if overruled := len(planner.overruled):
            told = say("batch.overruled", profile=settings.profile, n=overruled)
            self.progress.say(told[spoken()])
        return plan

    def _without_fonts(self, plan: Plan) -> Plan:
        """Say once, before any report is made, which fonts of a theme are not here; the PDFs are left out.

        A cluster's machines have fonts of their own. Where nothing but PDFs is asked for, or `strict`, the
        projects have that fault.
        """
        settings = self.settings
        if "pdf" not in settings.formats or settings.cluster:
            return plan
        self.lacking = planning.without_fonts(plan.stale)
        if self.lacking and (settings.strict or settings.formats == ("pdf",)):
            lacking, self.lacking = self.lacking, {}
            faulty = [Faulty(one.params.name, one.params.path, lacking[one.params.name])
                      for one in plan.stale if one.params.name in lacking]  # fmt: skip
            stale = tuple(one for one in plan.stale if one.params.name not in lacking)
            return replace(plan, stale=stale, faulty=(*plan.faulty, *faulty))
        if self.lacking:
            told = "\n".join(map(str, self._lacking()))
            self.progress.say(say("batch.no_pdf", n=len(self.lacking), error=told)[spoken()])
        return plan

    def _lacking(self) -> tuple[Fault, ...]:
        return tuple(dict.fromkeys(fault for error in self.lacking.values() for fault in error.faults))

    def _settle(self, plan: Plan) -> None:
        """Record what needs no making: what was touched but not changed, and what has faults."""
        with self.ledger.transaction():
            for fresh in plan.fresh:
                if fresh.seen is not None:
                    self.ledger.change(
                        fresh.report, seen=fresh.seen, inputs=fresh.inputs, seen_at=self.at, gone=None
                    )
                elif fresh.gone:
                    self.ledger.change(fresh.report, gone=None)
        self.progress.faulty(plan.faulty)
        refused = [self._refused(faulty) for faulty in plan.faulty]
        self.ledger.record(*refused)
        for line in (*({"name": fresh.name, "status": "skipped"} for fresh in plan.fresh), *refused):
            self._tell(line)

    def _note_gone(self, planned: set[str]) -> bool:
        """Note in the ledger which reports' params files are gone since the last run."""
        gone = [
            outcome["report"]
            for outcome in self.ledger.outcomes()
            if outcome["gone"] is None and outcome["name"] not in planned and is_gone(outcome, self.folder)
        ]
        if gone:
            with self.ledger.transaction():
                for report in gone:
                    self.ledger.change(report, gone=self.ledger.run)
        return bool(gone)

    def _make(self, stale: Sequence[Stale], workers: Workers) -> None:
        if wait := workers.wait:
            self.progress.say(wait[spoken()])
        slots = min(self.settings.jobs or cores(), len(stale))
        rehearsed = kinds_of(stale) if len(stale) > slots else ()  # for one each: twice the work
        workers.open(slots, rehearsed)
        self.progress.start(len(stale), workers.slots)
        at: dict[int, int] = {}
        for event in workers.run((number, self._job(number, one)) for number, one in enumerate(stale)):
            project = stale[event.key]
            if isinstance(event, Begun):
                at[event.key] = event.worker
                self.progress.begun(event.worker, project.params.name)
            else:
                self._end(project, event.outcome, at.pop(event.key, 0))
        if workers.wrong:
            self.ledger.note_kernel(f"standard: {workers.wrong}")

    def _job(self, number: int, project: Stale) -> Job:
        params, settings = project.params, self.settings
        formats = tuple(kind for kind in settings.formats if kind != "pdf" or params.name not in self.lacking)
        drafts = self.outputs.drafts(number, (*formats, "ipynb"))
        return Job(
            params.name, str(params.notebook), params.values, str(params.form), params.profile,
            params.language, str(params.workspace), formats, drafts, settings.seconds,
            settings.cell_seconds, settings.memory, str(self.readings.folder),
        )  # fmt: skip

    def _end(self, project: Stale, outcome: Outcome, worker: int) -> None:
        """Give a report its place, or keep what is left of it; record it, then tell of it."""
        if outcome.failure is None:
            try:
                line, rows = self._made(project, outcome), outcome.rows
            except OSError as error:
                outcome = replace(outcome, failure=Failure("disk", str(error)))
        if outcome.failure is not None:
            line, rows = self._failed(project, outcome, outcome.failure), None
        self.ledger.record(line, rows=rows)
        self._tell(line, worker)

    def _made(self, project: Stale, outcome: Outcome) -> Line:
        drafts = {kind: path for kind, (path, _) in outcome.files.items()}
        stamps = self.outputs.keep(project.params.name, drafts)
        others, told = self._others(project, set(stamps))
        notes = [*outcome.notes, *_line_of(self.lacking.get(project.params.name)), *told]
        return self._tried(project, "made", outcome) | {
            "seen_at": self.at,
            "inputs": project.inputs,
            "seen": project.seen,
            "files": others | {kind: [*stamp, outcome.files[kind][1]] for kind, stamp in stamps.items()},
            **({"error": "\n".join(notes)} if notes else {}),
        }

    def _others(self, project: Stale, made: set[str]) -> tuple[dict[str, list[Any]], list[str]]:
        """Give a report's files in formats that are not made now and still hold; say what became of others.

        One from other inputs would stand beside the new files as if it told the same: it goes, unless a
        person has changed it since.
        """
        name = project.params.name
        before = self.ledger.made(name)
        left = {} if before is None else {k: file for k, file in before.files.items() if k not in made}
        if before is None or before.inputs == project.inputs:
            return left, []
        told = []
        for kind, file in left.items():
            if (place := self.outputs.final(name, kind)).exists():
                gone = self.outputs.drop(name, kind, file[:2])
                told.append(
                    say("batch.old_file" if gone else "batch.old_file_altered", file=place.name)[spoken()]
                )
        return {}, told

    def _failed(self, project: Stale, outcome: Outcome, failure: Failure) -> Line:
        drafts = {kind: path for kind, (path, _) in outcome.files.items()}
        return self._tried(project, "failed", outcome) | {
            **{field.name: getattr(failure, field.name) for field in fields(Failure)},
            "notebook": self.outputs.keep_failed(project.params.name, drafts),
            "again": self._again(project.params.path),
        }

    def _tried(self, project: Stale, status: str, outcome: Outcome) -> dict[str, Any]:
        """Begin the outcome of a report that was begun."""
        params = project.params
        told = {"seconds": round(outcome.seconds, 3), "why": project.reasons}
        told |= {"profile": params.profile, "language": params.language}
        return self._line(params.name, status, params.path) | told

    def _again(self, path: Path) -> str:
        """Give the command that makes one report again."""
        out = "" if self.folder == Path(OUT).absolute() else f" --out {shlex.quote(shown(self.folder))}"
        return f"perfkit report {shlex.quote(shown(path))}{out} --force"

    def _line(self, name: str, status: str, path: Path) -> dict[str, Any]:
        """Begin an outcome; `params` tells where the params file is, to be missed when it is gone."""
        return {"name": name, "status": status, "params": Path(os.path.relpath(path, self.folder)).as_posix()}

    def _refused(self, faulty: Faulty) -> Line:
        told = {"cause": "input", "error": str(faulty.error), "again": self._again(faulty.path)}
        return self._line(faulty.name, "failed", faulty.path) | told

    def _tell(self, line: Line, worker: int | None = None) -> None:
        self.lines[line["status"]].append({key: line[key] for key in COLUMNS if key in line})
        self.progress.ended(worker, line)

    def _index(self, *, changed: bool) -> None:
        """Write the index, if anything that stands on it may have changed; say which reports repeat another.

        Raises:
            MachineError: the disk refuses it.
        """
        index = self.folder / "index.html"
        if not changed and index.exists():
            return
        from perfkit.batch.portfolio import Portfolio, write_index

        portfolio = Portfolio.of(self.folder)
        for row, other in portfolio.copies():
            told = say("batch.repeats", other=other)[spoken()]
            self.progress.say(say("batch.note", name=row["name"], note=told)[spoken()])
        try:
            write_index(self.folder, portfolio)
        except OSError as error:
            what, hint = say("faults.index_could_not_written"), say("faults.make_room_on_disk_reports")
            raise MachineError(Fault(what, shown(index), got=refused(error), hint=hint)) from None


def _line_of(error: PerfkitError | None) -> list[str]:
    """Tell each fault of an error in a line of its own, as a note of a report stands in the ledger."""
    return [" ".join(str(fault).split()) for fault in error.faults] if error else []


def kinds_of(stale: Sequence[Stale], most: int = 3) -> list[tuple[str, str, str]]:
    """Give the commonest profiles, languages and workspaces, which are rehearsed before any report is made.

    A single report is its own rehearsal.
    """
    if len(stale) == 1:
        return []
    kinds = Counter((one.params.profile, one.params.language, str(one.params.workspace)) for one in stale)
    return [kind for kind, _ in kinds.most_common(most)]
