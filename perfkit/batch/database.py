"""The ledger's file as SQLite sees it: how it is opened, and what may be wrong with it in plain words.

While a run writes, SQLite keeps a log beside the file (WAL), so that readers never wait; at its end the log
is folded into the one file. Where processes cannot share memory over a file, network drives above all, a
rollback journal takes the log's place, and whoever comes second waits.
"""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager, suppress
from functools import partial
from typing import TYPE_CHECKING

from perfkit.batch import results
from perfkit.errors import BusyError, Fault, MachineError, PerfkitError, refused
from perfkit.files import is_far
from perfkit.language import spoken
from perfkit.text import say
from perfkit.workspace import shown

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

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
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.OperationalError:
        connection.close()
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
        got = f"version {version}" if application == results.APPLICATION else "another database"
        what, expected = (
            say("faults.not_ledger_version_perfkit"),
            say("faults.version", version=results.VERSION),
        )
        raise MachineError(Fault(what, shown(path), got=got, expected=expected, hint=AWAY))
    ours = "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'"
    if sorted(str(sql) for (sql,) in connection.execute(ours)) != sorted(results.statements()):
        raise damaged(path, say("batch.ledger.tables")[spoken()])
    ((told,),) = connection.execute("PRAGMA quick_check(1)").fetchall()
    if told != "ok":
        raise damaged(path, str(told))


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
        raise damaged(path, str(error)) from None


def _told(error: sqlite3.Error, path: Path) -> PerfkitError:
    name, told = getattr(error, "sqlite_errorname", ""), str(error)
    if name.startswith(_BUSY):
        what, hint = say("faults.another_program_holds_ledger"), say("faults.close_program_has_open")
        return BusyError(Fault(what, shown(path), got=told, hint=hint))
    if name.startswith(_REFUSED):
        what, hint = say("faults.ledger_cannot_read_written"), say("faults.make_room_on_disk")
        return MachineError(Fault(what, shown(path), got=told, hint=hint))
    return damaged(path, told)


def damaged(path: Path, why: str) -> MachineError:
    """Give the error that says what is damaged in a ledger."""
    return MachineError(Fault(say("faults.ledger_damaged"), shown(path), got=why, hint=AWAY))
