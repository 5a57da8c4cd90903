"""Questions to the ledger: in SQL, what moved between two runs, and its results as a spreadsheet.

Whatever is asked, nothing is changed: SQLite itself is told to refuse all but questions, and time, rows and
memory have their bounds. A text from a form stays a text, in Excel as well.
"""

from __future__ import annotations

import csv
import io
import math
import re
import sqlite3
import time
from collections import defaultdict
from contextlib import closing
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from perfkit.batch import results
from perfkit.batch.ledger import Ledger
from perfkit.errors import Fault, MachineError, SettingsError
from perfkit.files import write_atomic
from perfkit.language import Text, spoken
from perfkit.params import LANGUAGE, shared
from perfkit.text import choose, say
from perfkit.text.figures import plain
from perfkit.workspace import find_workspace, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    import pandas as pd

    from perfkit.batch.results import Row

    Results = Mapping[str, list[Row]]


SECONDS = 60.0  # what a question may take
MOST = 1_000_000  # rows of an answer; a sheet of Excel holds a few more
HEAP = 1_000_000_000  # bytes that SQLite may use for a question
TEXT = 250_000_000  # characters of an answer
LENGTH = 10_000_000  # bytes of one value
CELL = 32_767  # characters that a cell of Excel holds
STEPS = 1_000  # of SQLite's machine, between two looks at the clock
COSTLY = {"instr": 2, "replace": 3, "trim": 2, "ltrim": 2, "rtrim": 2}  # functions, with so many texts
COST = 1_000_000_000  # characters of one text times those of the other
PATTERN = 1_000  # bytes of what LIKE and GLOB look for
_LOOK = frozenset({"table_info", "table_xinfo", "table_list"})
_FORMULA = re.compile(r"\s*[=+\-@＝＋－＠\t\r]")
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?%?")
_VIEWS = ", ".join(f"current_{table}" for table in (*results.TABLES, "reports"))
_HINT = say("faults.there_are_docs_reference", views=_VIEWS)


@dataclass(frozen=True, slots=True)
class Answer:
    """Hold what a question gave: the names of its columns, and its rows.

    `headings` are the columns' names as a person reads them in a file, where the ledger knows them.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...] = field(repr=False)
    headings: Mapping[str, str] = field(default_factory=dict, repr=False)

    def to_frame(self) -> pd.DataFrame:
        """Give the answer as pandas has it."""
        import pandas as pd

        return pd.DataFrame(list(self.rows), columns=list(self.columns))

    def _repr_html_(self) -> str:
        return str(self.to_frame().to_html(index=False, na_rep="", border=0))

    def __str__(self) -> str:
        return self.to_csv()

    def to_csv(self) -> str:
        """Give the answer as CSV; what a spreadsheet would take for a formula gets a quote before it."""
        stream = io.StringIO()
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow([_harmless(name) for name in self.columns])
        writer.writerows([_harmless(value) for value in row] for row in self.rows)
        return stream.getvalue()

    def write(self, path: Path) -> None:
        """Write the answer to a file, .csv or .xlsx, as Excel opens it right, its headings for people.

        Raises:
            SettingsError: a file of another kind.
        """
        kind = path.suffix.lower()
        shown = replace(self, columns=tuple(map(self.headings.get, self.columns, self.columns)))
        if kind == ".csv":
            write_atomic(path, shown.to_csv().encode("utf-8-sig"))
        elif kind == ".xlsx":
            write_atomic(path, workbook([(say("batch.sheet.answer")[spoken()], shown.columns, self.rows)]))
        else:
            raise _wrong_kind(path, say("faults.csv_xlsx"))


def _wrong_kind(path: Path, expected: Text | str) -> SettingsError:
    got = path.suffix or say("faults.no_ending")
    return SettingsError(Fault(say("faults.no_such_kind_file"), shown(path), got=got, expected=expected))


def query(sql: str, out: str | Path = "reports") -> Answer:
    """Ask the ledger of a folder of reports in SQL.

    The views `current_projects`, `current_indicators`, `current_findings` and `current_reports` hold the
    present state, the tables without `current_` that of every run.

    Raises:
        SettingsError: there are no results yet, or the SQL is wrong, or asks for too much.
        MachineError: the ledger is damaged.
    """
    with Ledger.of(out) as ledger:
        if not ledger.runs():
            what, hint = say("faults.no_results_yet"), say("faults.perfkit_report_params_makes")
            raise SettingsError(Fault(what, shown(Path(out)), hint=hint))
        return _Question(sql, ledger).answer()


def _headings(sql: str) -> dict[str, str]:
    """Give in Chinese the columns of the tables that a question names; not one that two call otherwise."""
    named = {word.strip("(),").removeprefix("current_") for word in re.split(r"[\s,();]+", sql.lower())}
    found: dict[str, set[str]] = defaultdict(set)
    for table, columns in results.tables().items():
        if table in named:
            for column in columns:
                for name in (column.name, column.stored):
                    found[name].add(column.meaning.zh)
    return {name: told.pop() for name, told in found.items() if len(told) == 1}


class _Question:
    """Ask one question; know which tables it reads, and what it was refused."""

    def __init__(self, sql: str, ledger: Ledger) -> None:
        self.sql = sql
        self.ledger = ledger
        self.refused = ""
        self.reads_past = False
        self.late = False
        self.deadline = time.monotonic() + SECONDS

    def answer(self) -> Answer:
        """Give the answer."""
        if not _words(self.sql):
            raise SettingsError(
                Fault(say("faults.query_empty"), expected=say("batch.query.select"), hint=_HINT)
            )
        with closing(sqlite3.connect(":memory:")) as plain:
            self._bound_functions(self.ledger.connection, plain)
            return self._asked(self.ledger.connection)

    def _asked(self, connection: sqlite3.Connection) -> Answer:
        connection.execute("PRAGMA temp_store = MEMORY")
        connection.execute(f"PRAGMA hard_heap_limit = {HEAP}")
        if hasattr(connection, "setlimit"):
            connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LENGTH)
            connection.setlimit(sqlite3.SQLITE_LIMIT_LIKE_PATTERN_LENGTH, PATTERN)
        connection.set_authorizer(self._allows)
        connection.set_progress_handler(self._is_late, STEPS)
        try:
            cursor = connection.execute(self.sql)
            if cursor.description is None:
                raise self._wrong("no question")
            columns = tuple(name for name, *_ in cursor.description)
            rows = tuple(self._bounded(cursor))
        except (sqlite3.Error, sqlite3.Warning, UnicodeError) as error:
            raise self._wrong(str(error)) from None
        except MemoryError:
            raise self._wrong(say("batch.query.memory")[spoken()]) from None
        finally:
            connection.set_authorizer(None)
            connection.set_progress_handler(None, 0)
        self._hold_sound()
        read = (
            tuple(v.decode("utf-8", "replace") if isinstance(v, bytes) else v for v in row) for row in rows
        )
        return Answer(columns, tuple(read), _headings(self.sql) if spoken() == "zh" else {})

    def _bounded(self, cursor: sqlite3.Cursor) -> Iterator[tuple[Any, ...]]:
        """Give the rows, as many and as much of them as an answer holds."""
        left = TEXT
        for number, row in enumerate(cursor):
            left -= sum(len(value) for value in row if isinstance(value, str | bytes))
            if number == MOST:
                raise self._wrong(say("batch.query.rows", n=f"{MOST:,}")[spoken()])
            if left < 0:
                raise MemoryError
            yield row

    def _allows(self, action: int, first: str | None, second: str | None, _: Any, by: str | None) -> int:
        allowed = {
            sqlite3.SQLITE_READ: True, sqlite3.SQLITE_SELECT: True, sqlite3.SQLITE_RECURSIVE: True,
            sqlite3.SQLITE_FUNCTION: second != "load_extension", sqlite3.SQLITE_PRAGMA: first in _LOOK,
        }  # fmt: skip
        if not allowed.get(action, False):
            self.refused = self.refused or str(first or second or "")
            return sqlite3.SQLITE_DENY
        self.reads_past = self.reads_past or (action == sqlite3.SQLITE_READ and not by)
        return sqlite3.SQLITE_OK

    def _bound_functions(self, connection: sqlite3.Connection, plain: sqlite3.Connection) -> None:
        """Have the functions that take the product of two lengths do no more than `COST` in one call.

        SQLite looks at no clock inside a function; the functions themselves stay its own, called in `plain`.
        """

        def bounded(name: str, number: int) -> Callable[..., Any]:
            statement = f"SELECT {name}({', '.join('?' * number)})"  # our own names

            def function(*values: Any) -> Any:
                first, second = (len(value) if isinstance(value, str | bytes) else 1 for value in values[:2])
                if first * second > COST or self._is_late():
                    self.late = True
                    raise TimeoutError
                return plain.execute(statement, values).fetchone()[0]

            return function

        for name, number in COSTLY.items():
            connection.create_function(name, number, bounded(name, number), deterministic=True)

    def _is_late(self) -> int:
        return int(time.monotonic() > self.deadline)

    def _wrong(self, why: str) -> SettingsError:
        word = _words(self.sql)[0]
        if "not authorized" in why or "readonly" in why or "prohibited" in why:
            what, named = say("faults.only_questions_can_asked"), f"{word} {self.refused}".strip()
            return SettingsError(Fault(what, got=named, expected=say("batch.query.select"), hint=_HINT))
        if why == "interrupted" or self.late:
            why = say("batch.query.slow", seconds=f"{SECONDS:g}")[spoken()]
        got = f"{word} …: {_told(why)[spoken()]}"
        return SettingsError(Fault(say("faults.query_does_not_work"), got=got, hint=_HINT))

    def _hold_sound(self) -> None:
        """Hold that what was read is what was written.

        Raises:
            MachineError: it is not.
        """
        if names := self.ledger.unsound(ever=self.reads_past):
            told = ", ".join(names[:5]) + (" …" if len(names) > 5 else "")  # noqa: PLR2004
            hint = say("faults.perfkit_report_params_makes_these")
            what = say("faults.results_ledger_are_damaged")
            raise MachineError(Fault(what, shown(self.ledger.path), got=told, hint=hint))


def _told(why: str) -> Text:
    """Say what SQLite finds wrong with a statement, in our words where it is one of the usual things."""
    for key, pattern in _SQLITE_SAYS.items():
        if found := pattern.fullmatch(why):
            return say(f"batch.query.{key}", name=found[1])
    return Text(why, why)


_SQLITE_SAYS = {
    "no_column": re.compile(r"no such column: (.+)"),
    "no_table": re.compile(r"no such table: (.+)"),
    "no_function": re.compile(r"no such function: (.+)"),
    "ambiguous": re.compile(r"ambiguous column name: (.+)"),
    "syntax": re.compile(r'near "(.+)": syntax error', re.DOTALL),
    "unfinished": re.compile(r"(incomplete input)"),
}


def _words(sql: str) -> list[str]:
    """Give the words of a statement, its comments left out."""
    return re.sub(r"--[^\n]*|/\*.*?\*/", " ", sql, flags=re.DOTALL).replace(";", " ").split()


def _harmless(value: Any) -> Any:
    """Give a value as a cell of CSV that no spreadsheet computes, its lines parted in one way."""
    if isinstance(value, float):
        return f"{value!r}".removesuffix(".0")
    if not isinstance(value, str):
        return value
    text = value.replace("\r\n", "\n").replace("\r", "\n")
    return f"'{text}" if _FORMULA.match(value) and not _NUMBER.fullmatch(value) else text


def export_results(path: Path, out: str | Path = "reports") -> None:
    """Write the present results to an Excel file, a sheet a table, ready for a pivot table.

    Its language is that of `perfkit.yaml`, else Chinese, as of any document.

    Raises:
        SettingsError: there are no results yet, or the file is of another kind.
        MachineError: the ledger is damaged.
    """
    if path.suffix.lower() != ".xlsx":
        raise _wrong_kind(path, ".xlsx")
    language = shared(find_workspace(Path(out))).language or LANGUAGE
    sheets = []
    for table in results.TABLES:
        columns = [column for column in results.tables()[table] if column.name != "report"]
        named = ", ".join(column.name for column in columns)
        answer = query(f"SELECT {named} FROM current_{table}", out)  # noqa: S608  # our own names
        titles = tuple(column.meaning.zh if language == "zh" else column.name for column in columns)
        sheets.append((choose(f"batch.sheet.{table}", language), titles, answer.rows))
    write_atomic(path, workbook(sheets))


def workbook(sheets: Iterable[tuple[str, Sequence[str], Iterable[Sequence[Any]]]]) -> bytes:
    """Give an Excel file of tables: texts stay texts, numbers are numbers, the heading stays in sight."""
    import xlsxwriter

    stream = io.BytesIO()
    plain = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(stream, {"in_memory": True, **plain}) as book:
        head = book.add_format({"bold": True, "bottom": 1})
        for title, columns, rows in sheets:
            sheet, last = book.add_worksheet(title), 0
            sheet.freeze_panes(1, 0)
            for last, row in enumerate(chain([columns], rows)):
                for place, value in enumerate(map(_cell, row)):
                    if isinstance(value, str):
                        sheet.write_string(last, place, value, None if last else head)
                    elif value is not None:
                        sheet.write_number(last, place, value)
            sheet.autofilter(0, 0, last, max(len(columns) - 1, 0))
            sheet.set_column(0, max(len(columns) - 1, 0), 14)
    return stream.getvalue()


def _cell(value: Any) -> Any:
    if isinstance(value, str):
        return value if len(value) <= CELL else value[: CELL - 1] + "…"
    exact = (isinstance(value, int) and abs(value) <= 1 << 53) or (
        isinstance(value, float) and math.isfinite(value)
    )
    return value if value is None or exact else str(value)


# what moved between two runs, and what it did to the score


FIELDS = ("target", "actual", "weight", "declared", "computed", "score", "status", "review")
HEADS = ("score", "grade", "executed", "adjusted", "rate", "review")


@dataclass(frozen=True, slots=True)
class Move:
    """Hold one thing that differs: in a project's head, on an indicator row (`number`), or a finding.

    `effect` is what it did to the score, in points, where that can be told.
    """

    name: str
    what: Text
    before: Text | str
    after: Text | str
    effect: Decimal | None = None
    number: int | None = None

    def __str__(self) -> str:
        language = spoken()
        place = say("batch.move.at", name=self.name, number=self.number) if self.number else self.name
        before, after = (_in(side, language) or "—" for side in (self.before, self.after))
        effect = f" ({self.effect:+f})" if self.effect else ""
        what = _in(self.what, language)
        return say("batch.move.line", place=place, what=what, before=before, after=after, effect=effect)[
            language
        ]


def _in(words: Text | str, language: str) -> str:
    return words if isinstance(words, str) else words[language]


def diff(before: str | int, after: str | int, out: str | Path = "reports") -> list[Move]:
    """Compare the state after one run with that after another; `latest` and `previous` name the last two.

    Raises:
        SettingsError: there is no such run.
        MachineError: the ledger is damaged.
    """
    moves: list[Move] = []
    with Ledger.of(out) as ledger:
        old, new = (ledger.last_made(_run(wanted, ledger)) for wanted in (before, after))
        for name in sorted(new):
            if old.get(name) != new[name]:
                now = ledger.rows_of(new[name])
                if name in old:
                    was = ledger.rows_of(old[name])
                    moves += [*_head(was, now), *rows(name, was, now), *_findings(name, was, now)]
                else:
                    scores = [row["score"] for row in now["projects"]]  # none, where a notebook makes none
                    project = say("batch.move.project")
                    moves += [Move(name, project, "", _text(score), score) for score in scores]
    return sorted(moves, key=lambda move: (move.name, move.number or 0))


def _run(wanted: str | int, ledger: Ledger) -> int:
    runs = ledger.runs()
    named = {"latest": runs[-1:], "previous": runs[-2:-1]}
    found = named.get(str(wanted), [run for run in runs if str(run) == str(wanted)])
    if not found:
        what, expected = say("faults.no_such_run"), say("faults.latest_previous_number_run")
        hint = say("faults.runs_are", value=", ".join(map(str, runs[-10:])) or say("faults.no_run_yet"))
        raise SettingsError(
            Fault(what, shown(ledger.path.parent), got=str(wanted), expected=expected, hint=hint)
        )
    return found[0]


def _head(was: Results, now: Results) -> Iterator[Move]:
    for old, new in zip(was["projects"], now["projects"], strict=False):
        for head in HEADS:
            if old[head] != new[head]:
                effect = _less(new[head], old[head]) if head == "score" else None
                yield Move(new["name"], _field(head), _text(old[head]), _text(new[head]), effect)


def rows(name: str, was: Results, now: Results) -> Iterator[Move]:
    """Yield what moved on the indicator rows of a project, each field for itself."""
    old, new = ({_place(row): row for row in found["indicators"]} for found in (was, now))
    for place in sorted(old.keys() | new.keys(), key=str):
        row, other = new.get(place), old.get(place)
        if row is None or other is None:
            there = row or other or {}
            effect = _less(there["score"], Decimal(0)) if row else _less(Decimal(0), there["score"])
            yield Move(name, say("batch.move.row", name=place[0]), *_there(row is not None), effect)
            continue
        for column in FIELDS:
            if other[column] != row[column]:
                effect = _less(row["score"], other["score"]) if column != "score" else None
                what = say("batch.move.field", name=place[0], field=_field(column))
                before, after = (_said(column, one[column]) for one in (other, row))
                yield Move(name, what, before, after, effect, row["number"])


def _place(row: Row) -> tuple[str, int]:
    """Know a row again by its name, or by its number where it has none."""
    return row["indicator"] or "", 0 if row["indicator"] else row["number"]


def _findings(name: str, was: Results, now: Results) -> Iterator[Move]:
    old, new = ({(row["code"], row["row"]) for row in found["findings"]} for found in (was, now))
    for code, number in sorted(old ^ new, key=str):
        yield Move(name, say("batch.move.finding", code=code), *_there((code, number) in new), None, number)


def _field(name: str) -> Text:
    return say(f"batch.field.{name}")


def _there(now: bool) -> tuple[Text | str, Text | str]:  # noqa: FBT001  # before and after
    there = say("batch.move.there")
    return ("", there) if now else (there, "")


def _less(after: Decimal | None, before: Decimal | None) -> Decimal | None:
    return None if after is None or before is None else (after - before).normalize()


def _said(field: str, value: object) -> Text | str:
    """Say how a score stands, which is a code, in words; a value of a form stands as it is."""
    return say(f"labels.status_{value}") if field == "status" and value else _text(value)


def _text(value: object) -> str:
    if isinstance(value, Decimal):
        return plain(value)
    return "" if value is None else str(value)
