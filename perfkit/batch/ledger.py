"""reports/perfkit.db: the only memory between runs, one SQLite file, and what may be wrong with it.

A report's outcome and its results are one transaction, committed before the report counts as made; so
whatever ends a run, there is nothing to heal. Its order is the ledger's own, which counts up, never the
clock's. An outcome bears a digest of itself and of its rows: one that was damaged counts as none, and its
report is made anew.

While a run writes, SQLite keeps a log beside the file (WAL), so that readers never wait; at its end the log
is folded into the one file. Where processes cannot share memory over a file, network drives above all, a
rollback journal takes the log's place, and whoever comes second waits.
"""

from __future__ import annotations

import json
import os
import sqlite3
from contextlib import contextmanager, suppress
from dataclasses import dataclass, fields
from datetime import datetime
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from perfkit.batch import results
from perfkit.batch.results import Rows
from perfkit.errors import BusyError, Fault, MachineError, PerfkitError, Words, refused, theirs
from perfkit.files import is_far
from perfkit.language import spoken
from perfkit.text import say
from perfkit.workspace import shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager

    from perfkit.batch.results import Row


PATIENCE = 30.0  # seconds that a lock is waited for
AWAY = say("batch.ledger.away")
_BUSY = ("SQLITE_BUSY", "SQLITE_LOCKED")
_REFUSED = ("SQLITE_FULL", "SQLITE_IOERR", "SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM")


def connect_to_read(path: Path) -> sqlite3.Connection:
    """Open a ledger to be read, whoever writes it meanwhile; a folder without one has an empty one.

    Raises:
        MachineError: it is damaged, of another version, or cannot be read.
    """
    try:
        path.stat()
    except FileNotFoundError:
        return _empty()
    except OSError as error:  # a file where a folder is needed, a folder that nobody may enter
        what, hint = say("faults.ledger_cannot_read_written"), say("cli.system.hint")
        raise MachineError(Fault(what, shown(path.parent), got=refused(error), hint=hint)) from None
    with telling(path):
        connection = _reading(path)
        with closed_on_failure(connection):
            if _has_nothing(connection):  # a disk that was full when the first run began
                connection.close()
                return _empty()
            check(connection, path)
    return connection


def _empty() -> sqlite3.Connection:
    """Give a ledger in which nothing stands."""
    connection = sqlite3.connect(":memory:")
    create(connection)
    return connection


def _has_nothing(connection: sqlite3.Connection) -> bool:
    """Tell whether a database was only just begun."""
    ((tables,),) = connection.execute("SELECT count(*) FROM sqlite_master").fetchall()
    ((application,),) = connection.execute("PRAGMA application_id").fetchall()
    return not tables and not application


@contextmanager
def closed_on_failure(connection: sqlite3.Connection) -> Iterator[None]:
    """Let go of a file that turns out to be none of ours: whoever holds it open keeps others waiting."""
    try:
        yield
    except BaseException:
        connection.close()
        raise


def _reading(path: Path) -> sqlite3.Connection:
    """Open the file; where nobody may write beside it, it is read as it stands."""
    connection = sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, timeout=PATIENCE)
    try:
        with closed_on_failure(connection):
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.OperationalError:
        if path.with_name(f"{path.name}-wal").exists():
            raise
        connection = sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)
    connection.execute("PRAGMA query_only = 1")
    connection.text_factory = text_of
    return connection


def connect_to_write(path: Path) -> sqlite3.Connection:
    """Open a ledger to be written, made where there is none.

    Raises:
        MachineError: it is damaged, of another version, or the disk refuses.
        BusyError: another program holds it.
    """
    with telling(path):
        connection = sqlite3.connect(path, timeout=PATIENCE, isolation_level=None)
        with closed_on_failure(connection):
            connection.execute(f"PRAGMA journal_mode = {'DELETE' if is_far(path) else 'WAL'}")
            connection.execute("PRAGMA synchronous = FULL")
            connection.text_factory = text_of
            with transaction(connection, path):
                if _has_nothing(connection):
                    create(connection)
            check(connection, path)
    return connection


def create(connection: sqlite3.Connection) -> None:
    """Make the tables of an empty ledger."""
    for statement in results.statements():
        connection.execute(statement)
    connection.execute(f"PRAGMA application_id = {results.APPLICATION}")
    connection.execute(f"PRAGMA user_version = {results.VERSION}")


def check(connection: sqlite3.Connection, path: Path) -> None:
    """Hold that this is a ledger of our version, whole, with no table but those that we made.

    Raises:
        MachineError: it is not.
    """
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    if (application, version) != (results.APPLICATION, results.VERSION):
        ours = application == results.APPLICATION
        got = say("faults.version", version=version) if ours else say("faults.another_database")
        what = say("faults.not_ledger_version_perfkit")
        expected = say("faults.version", version=results.VERSION)
        raise MachineError(Fault(what, shown(path), got=got, expected=expected, hint=AWAY))
    tables = "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'"
    if sorted(str(sql) for (sql,) in connection.execute(tables)) != sorted(results.statements()):
        raise damaged(path, say("batch.ledger.tables"))
    ((told,),) = connection.execute("PRAGMA quick_check(1)").fetchall()
    if told != "ok":
        raise damaged(path, theirs(str(told)))


@contextmanager
def transaction(connection: sqlite3.Connection, path: Path) -> Iterator[None]:
    """Do all that is written meanwhile, or nothing of it."""
    with telling(path):
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield
            connection.execute("COMMIT")
        except BaseException:
            with suppress(sqlite3.Error):
                connection.execute("ROLLBACK")
            raise


# A text of the ledger; what is damaged in one becomes signs that its digest does not fit.
text_of = partial(str, encoding="utf-8", errors="replace")


@contextmanager
def telling(path: Path) -> Iterator[None]:
    """Say in our own words what is wrong with a ledger.

    Raises:
        MachineError: it is damaged, or the disk refuses.
        BusyError: another program holds it.
    """
    try:
        yield
    except PerfkitError:
        raise
    except sqlite3.Error as error:
        raise _told(error, path) from None
    except (ValueError, TypeError, ArithmeticError) as error:  # what stands where a number should
        raise damaged(path, theirs(error)) from None


def _told(error: sqlite3.Error, path: Path) -> PerfkitError:
    name, told = getattr(error, "sqlite_errorname", ""), theirs(error)
    if name.startswith(_BUSY):
        what, hint = say("faults.another_program_holds_ledger"), say("faults.close_program_has_open")
        return BusyError(Fault(what, shown(path), got=told, hint=hint))
    if name.startswith(_REFUSED):
        what, hint = say("faults.ledger_cannot_read_written"), say("faults.make_room_on_disk")
        return MachineError(Fault(what, shown(path), got=told, hint=hint))
    return damaged(path, told)


def damaged(path: Path, why: Words) -> MachineError:
    """Give the error that says what is damaged in a ledger."""
    return MachineError(Fault(say("faults.ledger_damaged"), shown(path), got=why, hint=AWAY))


# reports/perfkit.db: the only memory between runs, one SQLite file


Stored = tuple[Any, ...]
FILE = "perfkit.db"
OLD = ("journal.jsonl", "results")  # what an older version kept in its stead
ALL = 1 << 62  # a run that comes after every other
_BY_NUMBER = "WHERE report = ?"
_LAST_MADE = "WHERE name = ? AND status = 'made' ORDER BY report DESC LIMIT 1"
_LAST_NUMBERS = "SELECT max(report) FROM reports GROUP BY name, status"
_LAST_OF_EACH = (
    "WHERE report IN (SELECT max(report) FROM reports WHERE status = 'made' GROUP BY name) ORDER BY name"
)
_MOST = 256  # outcomes whose rows are read together
_NAME = results.NAME
_LAST = "WHERE report IN (SELECT max(report) FROM reports GROUP BY name) ORDER BY name"


@dataclass(frozen=True, slots=True)
class Made:
    """Hold what the ledger knows of a report that was made: from what, and which files it left.

    `inputs` maps an input to its digest, `seen` an input file to its stamp when it was looked at
    (`seen_at`, ns), `files` a format to its stamp and digest. `gone` is the run that missed its params file.
    """

    report: int
    run: int
    name: str
    profile: str
    inputs: Mapping[str, str]
    seen: Mapping[str, list[int]]
    seen_at: int
    files: Mapping[str, list[Any]]
    gone: int | None


class Ledger:
    """Read the ledger of a folder of reports."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self.connection = connection
        self.path = path

    @classmethod
    def of(cls, out: str | Path) -> Self:
        """Open the ledger of a folder of reports; one that is not there yet is empty.

        Raises:
            MachineError: it is damaged, of another version, or cannot be read.
        """
        path = Path(out).absolute() / FILE
        return cls(connect_to_read(path), path)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        self.connection.close()

    def rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """Give the rows that answer a question.

        Raises:
            MachineError: the ledger is damaged.
        """
        with telling(self.path):
            return self.connection.execute(sql, values).fetchall()

    def each(self, sql: str, *values: Any) -> Iterator[tuple[Any, ...]]:
        """Yield the rows that answer a question, one after another."""
        with telling(self.path):
            yield from self.connection.execute(sql, values)

    def made(self, name: str) -> Made | None:
        """Give a report as it was last made; None where it never was, or is not as it was written."""
        for _, row, rows in self.stored(_LAST_MADE, results.storable(name)):
            if row is not None and rows is not None:
                held = {each.name: row[each.name] for each in fields(Made)} | {"name": name}
                return Made(**held | {part: json.loads(row[part]) for part in ("inputs", "seen", "files")})
        return None

    def stored(
        self, where: str, *values: Any
    ) -> Iterator[tuple[Stored, Row | None, list[list[Stored]] | None]]:
        """Yield outcomes as they are stored, as they were written, and with their rows in each table.

        None stands for an outcome and for rows that their digest does not fit. The rows of many are read
        together, of twice as many each time: whoever wants the first alone reads no more.
        """
        asked, size = self.each(f"{results.select('reports')} {where}", *values), 1
        while some := list(islice(asked, size)):
            written = [_outcome(stored) for stored in some]
            sound = self._sound_rows([row for row in written if row is not None])
            for stored, row in zip(some, written, strict=True):
                yield stored, row, None if row is None else sound.get(row["report"])
            size = min(2 * size, _MOST)

    def versions(self, run: int) -> Mapping[str, str]:
        """Give the versions that a run was made with; none where they are damaged."""
        with suppress(ValueError, TypeError):
            for (versions,) in self.rows("SELECT versions FROM runs WHERE run = ?", run):
                found = json.loads(versions)
                return found if isinstance(found, dict) else {}
        return {}

    def outcomes(self) -> Iterator[Row]:
        """Yield the last outcome of each report, by name, also of those that are gone."""
        for stored in self.each(f"{results.select('reports')} {_LAST}"):
            yield _outcome(stored) or _damaged_outcome(stored)

    def last_made(self, until: int = ALL) -> dict[str, int]:
        """Give for each report the number of the outcome that last made it, up to a run."""
        last = "SELECT name, max(report) FROM reports WHERE status = 'made' AND run <= ? GROUP BY name"
        return dict(self.rows(f"{last} ORDER BY name", until))

    def rows_of(self, report: int, tables: Sequence[str] = results.TABLES) -> dict[str, list[Row]]:
        """Give the results of one outcome in some tables.

        Raises:
            MachineError: they are not as they were written.
        """
        for _, _, found in self.stored(_BY_NUMBER, report):
            if found is not None:
                return _in_tables(found, tables)
        raise self.unlike(report)

    def unlike(self, report: int) -> MachineError:
        """Give the error that says that an outcome's results are not as they were written."""
        return damaged(self.path, say("batch.ledger.results", report=report))

    def last_rows(
        self, tables: Sequence[str] = results.TABLES
    ) -> Iterator[tuple[str, int, dict[str, list[Row]] | None]]:
        """Yield each report's name, the number of the outcome that last made it, its results in some tables.

        None stands for results that are not as they were written.
        """
        for stored, _, found in self.stored(_LAST_OF_EACH):
            yield stored[_NAME], stored[0], None if found is None else _in_tables(found, tables)

    def _sound_rows(self, outcomes: Sequence[Row]) -> dict[int, list[list[Stored]]]:
        """Give the rows of outcomes in each table, as stored, by number; without those no digest fits."""
        found: dict[int, list[list[Stored]]] = {
            row["report"]: [[] for _ in results.TABLES] for row in outcomes
        }
        within = f"WHERE report IN ({', '.join('?' * len(found))}) ORDER BY report, rowid"
        for place, table in enumerate(results.TABLES):
            for row in self.each(f"{results.select(table)} {within}", *found):
                found[row[0]][place].append(row)
        digests = {row["report"]: row["results"] for row in outcomes}
        return {
            report: rows for report, rows in found.items() if results.results_digest(rows) == digests[report]
        }

    def unsound(self, *, ever: bool = False) -> list[str]:
        """Name the reports whose last rows, or any they `ever` had, are not as they were written."""
        asked = self.stored("" if ever else f"WHERE report IN ({_LAST_NUMBERS})")
        return list(dict.fromkeys(str(stored[_NAME]) for stored, _, rows in asked if rows is None))

    def runs(self) -> list[int]:
        """Give the runs that made a report, oldest first."""
        made = self.rows("SELECT DISTINCT run FROM reports WHERE status = 'made' ORDER BY run")
        return [run for (run,) in made]


class Writer(Ledger):
    """Write the ledger of a folder that is ours alone, a transaction an outcome."""

    run = 0

    @classmethod
    def of(cls, out: str | Path) -> Self:
        """Open the ledger of a folder to write to it, made where there is none.

        Raises:
            MachineError: it is damaged, of another version, or the disk refuses.
            BusyError: another program holds it.
        """
        path = Path(out).absolute() / FILE
        return cls(connect_to_write(path), path)

    def close(self) -> None:
        """Fold the ledger into its one file, and let go of it; a reader at work may keep it from folding."""
        with suppress(sqlite3.Error):
            self.connection.execute("PRAGMA journal_mode = DELETE")
        super().close()

    def transaction(self) -> AbstractContextManager[None]:
        """Do all that is written meanwhile, or nothing of it."""
        return transaction(self.connection, self.path)

    def begin(self, versions: Mapping[str, str]) -> None:
        """Begin a run."""
        row = results.to_store("runs", {"began": now(), "versions": dict(versions)}, key=False)
        with self.transaction():
            self.run = self.connection.execute(results.insert("runs", key=False), row).lastrowid or 0

    def note_kernel(self, way: str) -> None:
        """Note among the run's versions that its notebooks ran on the standard kernel, and why."""
        told = json.dumps({**self.versions(self.run), "kernel": way}, ensure_ascii=False)
        with self.transaction():
            self.connection.execute("UPDATE runs SET versions = ? WHERE run = ?", (told, self.run))

    def end(self, made: int, unchanged: int, failed: int) -> None:
        """End the run, and say what it did."""
        told = "UPDATE runs SET ended = ?, made = ?, unchanged = ?, failed = ? WHERE run = ?"
        with self.transaction():
            self.connection.execute(told, (now(), made, unchanged, failed, self.run))

    def record(self, *outcomes: Mapping[str, Any], rows: Rows | None = None) -> None:
        """Write outcomes of this run; `rows` are the results of the one that was made.

        Raises:
            MachineError: the disk refuses; nothing of them is written.
        """
        with self.transaction():
            for outcome in outcomes:
                self._record(outcome, rows or Rows())

    def _record(self, outcome: Mapping[str, Any], rows: Rows) -> None:
        ((report,),) = self.rows("SELECT coalesce(max(report), 0) + 1 FROM reports")
        stored = [
            [results.to_store(table, row | {"report": report}) for row in getattr(rows, table)]
            for table in results.TABLES
        ]
        if "new" in outcome.get("why", ()):
            self._drop_unsound(outcome["name"])
        written = {
            "report": report,
            "run": self.run,
            "ended": now(),
            "results": results.results_digest(stored),
        }
        self.connection.execute(results.insert("reports", key=True), _sealed({**outcome, **written}))
        for table, found in zip(results.TABLES, stored, strict=True):
            self.connection.executemany(results.insert(table, key=True), found)

    def _drop_unsound(self, name: str) -> None:
        """Drop what is damaged of a report that is made anew."""
        for stored, _, rows in list(self.stored("WHERE name = ?", results.storable(name))):
            for table in ("reports", *results.TABLES) if rows is None else ():
                self.connection.execute(f"DELETE FROM {table} {_BY_NUMBER}", (stored[0],))  # noqa: S608

    def change(self, report: int, **changed: Any) -> None:
        """Change what is known of an outcome: the stamps of its inputs, or that its params file is gone."""
        for stored in self.rows(f"{results.select('reports')} {_BY_NUMBER}", report):
            row = results.from_store("reports", stored)
            for column in results.tables()["reports"]:
                if column.kind == "json" and row[column.name] is not None:
                    row[column.name] = json.loads(row[column.name])
            names = ", ".join(f"{name} = ?" for name in results.stored_names("reports"))
            update = f"UPDATE reports SET {names} {_BY_NUMBER}"  # noqa: S608  # our own names
            self.connection.execute(update, (*_sealed(row | changed), report))


def _sealed(outcome: Row) -> tuple[Any, ...]:
    """Give an outcome as it is stored, the digest of it in its last column."""
    *values, _ = results.to_store("reports", outcome)
    return (*values, results.digest_of(values))


def _outcome(stored: Stored) -> Row | None:
    """Give an outcome; None where it is not as it was written."""
    *values, digest = stored
    return results.from_store("reports", stored) if results.digest_of(values) == digest else None


def _in_tables(found: Sequence[Sequence[Stored]], tables: Sequence[str]) -> dict[str, list[Row]]:
    """Give the rows of some tables as perfkit computes with them."""
    return {
        table: [results.from_store(table, row) for row in rows]
        for table, rows in zip(results.TABLES, found, strict=True)
        if table in tables
    }


def _damaged_outcome(stored: Stored) -> Row:
    """Give the outcome of a report whose own row is damaged: one that failed."""
    row = dict(zip(results.stored_names("reports"), stored, strict=True))
    failed = {"status": "failed", "cause": "ledger", "error": say("batch.ledger.row")[spoken()]}
    name = row["name"] if isinstance(row["name"], str) else "?"
    return dict.fromkeys(row) | {"report": row["report"], "name": name} | failed


def is_gone(outcome: Row, folder: Path) -> bool:
    """Tell whether a report's params file is no longer in the folder it was in.

    Where that folder is missing as well, as beside a copy of the reports, nothing is known to be gone.
    """
    if outcome["params"] is None:
        return False
    path = Path(os.path.normpath(folder / outcome["params"]))
    return not path.exists() and path.parent.is_dir()


def older(folder: Path) -> list[str]:
    """Name what an older version of perfkit left in a folder that has no ledger yet."""
    return [] if (folder / FILE).exists() else [name for name in OLD if (folder / name).exists()]


def now() -> str:
    """Give the time, for people: local, with its zone; no order comes from it."""
    return datetime.now().astimezone().isoformat(timespec="seconds")
