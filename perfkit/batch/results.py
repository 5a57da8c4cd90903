"""The results store: reports/results/, Parquet, tables projects, indicators and findings.

Each run adds small files with the projects it made, so writing is proportional to what changed and needs
no memory for the rest; a project's state at any run is its last row up to then. Many small files are
merged into one from time to time; nothing is thrown away, so that any two runs can be compared.
"""

from __future__ import annotations

import importlib
import os
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

from perfkit.batch.records import FOLDER, readable
from perfkit.batch.rows import Row, Rows
from perfkit.errors import Fault, MachineError, SettingsError
from perfkit.workspace import shown

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import pandas as pd
    import pyarrow as pa

BATCH = 500  # projects in a file
MANY = 40  # files of a table before they are merged


def _columns(text: str) -> dict[str, str]:
    return dict(column.split(":") for column in text.split())


# A column that is added later is blank in the rows of earlier runs, whose files lack it.
TABLES: Mapping[str, Mapping[str, str]] = {
    "projects": _columns("""
        run:text name:text project:text year:count department:text unit:text profile:text
        language:text initial:money adjusted:money executed:money rate:points weight:points
        declared:points computed:points score:points grade:text complete:flag errors:count
        warnings:count infos:count codes:text execution_lost:points output_lost:points
        benefit_lost:points satisfaction_lost:points cost_lost:points other_lost:points
        self_score:points review:points deviation:points
    """),
    "indicators": _columns("""
        run:text name:text number:count level1:text level2:text indicator:text target:text
        actual:text weight:points declared:points computed:points score:points lost:points
        status:text verdict:text completion:points reason:text
        deduction:points review:points opinion:text
    """),
    "findings": _columns("""
        run:text name:text code:text slug:text severity:text row:count field:text message:text
    """),
}  # fmt: skip
DECIMALS = {"money": (26, 6), "points": (18, 4)}  # 元; points, rates in percent and ratios


class ResultsWriter:
    """Add the rows of a run's projects to the store, some hundred projects to a file."""

    def __init__(self, folder: Path, run: str) -> None:
        self.folder = folder / FOLDER
        self.run = run
        self.files = 0
        self.waiting = Rows()

    def get_ready(self) -> None:
        """Import now what writing takes: half a second that is to be had while the first reports are made."""
        for name in ("pyarrow.parquet", "pandas"):
            importlib.import_module(name)

    def add(self, rows: Rows, run: str | None = None) -> None:
        """Add a project's rows; `run` where they belong to an earlier run."""
        for table in TABLES:
            for row in getattr(rows, table):
                getattr(self.waiting, table).append({"run": run or self.run, **row})
        if len(self.waiting.projects) >= BATCH:
            self.flush()

    def flush(self) -> None:
        """Write what waits as one file a table; `projects` last, for a row there vouches for the others."""
        if not self.waiting.projects:
            return
        for table in reversed(list(TABLES)):
            place = self.folder / table / f"{self.run}-{self.files:04}.parquet"
            _write(_table(table, getattr(self.waiting, table)), place)
        self.files += 1
        self.waiting = Rows()

    def close(self) -> None:
        """Write the rest, and merge files where there are many."""
        self.flush()
        for table in TABLES:
            files = _files(self.folder / table)
            if len(files) > MANY:
                _merge(files, self.folder / table / f"{self.run}-merged.parquet")


def _files(folder: Path) -> list[Path]:
    """Give the files of a table, drafts left out."""
    return sorted(path for path in folder.glob("*.parquet") if not path.name.startswith("."))


def _table(name: str, rows: list[Row]) -> pa.Table:
    import pyarrow as pa

    columns = {}
    for column, kind in TABLES[name].items():
        values = [row.get(column) for row in rows]
        if kind in DECIMALS:
            values = [_fit(value, *DECIMALS[kind]) for value in values]
        columns[column] = pa.array(values, type=_type(kind))
    return pa.table(columns)


def _type(kind: str) -> pa.DataType:
    import pyarrow as pa

    if kind in DECIMALS:
        return pa.decimal128(*DECIMALS[kind])
    return {"text": pa.string(), "count": pa.int32(), "flag": pa.bool_()}[kind]


def _fit(value: Decimal | None, precision: int, scale: int) -> Decimal | None:
    """Bring a figure to the column's digits; one beyond any sense is left out."""
    if value is None or not value.is_finite() or value.adjusted() >= precision - scale:
        return None
    return value.quantize(Decimal(1).scaleb(-scale), ROUND_HALF_UP)


def _write(table: pa.Table, place: Path) -> None:
    import pyarrow.parquet as pq

    place.parent.mkdir(parents=True, exist_ok=True)
    draft = place.with_name(f".{place.name}")
    with draft.open("wb") as file:
        pq.write_table(table, file, compression="zstd")
        file.flush()
        os.fsync(file.fileno())
    draft.replace(place)


def _merge(files: list[Path], place: Path) -> None:
    """Put many files into one. A crash in between leaves rows twice, which every reader allows for."""
    import pyarrow as pa

    tables = (_table_in(file) for file in files)
    _write(pa.concat_tables(tables, promote_options="default").combine_chunks(), place)
    for file in files:
        file.unlink()


def stored(folder: Path) -> dict[str, str]:
    """Give for each project the run of its last row in the store."""
    runs: dict[str, str] = {}
    for table in _read(folder, "projects", ["name", "run"]):
        for name, run in zip(table["name"].to_pylist(), table["run"].to_pylist(), strict=True):
            runs[name] = max(run, runs.get(name, ""))
    return runs


def stored_runs(folder: Path) -> list[str]:
    """Give the runs that have rows in the store, oldest first."""
    return sorted({run for table in _read(folder, "projects", ["run"]) for run in table["run"].to_pylist()})


def _read(folder: Path, table: str, columns: list[str] | None = None) -> list[pa.Table]:
    tables = [_table_in(file, columns) for file in _files(folder / FOLDER / table)]
    return tables if columns else [_whole(found, table) for found in tables]


def _table_in(file: Path, columns: list[str] | None = None) -> pa.Table:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        return pq.read_table(file, columns=columns)
    except (pa.ArrowException, OSError) as error:
        raise _damaged(file, error) from None


def _whole(found: pa.Table, name: str) -> pa.Table:
    """Bring a table that an earlier perfkit wrote to the columns of today, blank where it has none."""
    import pyarrow as pa

    for column in TABLES[name].keys() - set(found.column_names):
        found = found.append_column(column, pa.nulls(len(found), _type(TABLES[name][column])))
    return found.select(list(TABLES[name]))


def _damaged(place: Path, error: Exception) -> MachineError:
    return MachineError(
        Fault("a file of results cannot be read", shown(place), got=str(error).splitlines()[0],
              hint="if it is damaged, delete it: the next run stores the results of unchanged reports anew")
    )  # fmt: skip


def state(folder: Path, table: str, until: str | None = None) -> list[Row]:
    """Give a table's rows as they stood after a run (`until`), or as they stand now: one state a project."""
    tables = _read(folder, table)
    runs: dict[str, str] = {}
    for part in _read(folder, "projects", ["name", "run"]):
        for name, run in zip(part["name"].to_pylist(), part["run"].to_pylist(), strict=True):
            if until is None or run <= until:
                runs[name] = max(run, runs.get(name, ""))
    rows: dict[tuple[Any, ...], Row] = {}
    for part in tables:
        for row in part.to_pylist():
            if runs.get(row["name"]) == row["run"]:
                rows[tuple(row.values()) if table != "projects" else (row["name"],)] = row
    return sorted(rows.values(), key=lambda row: (row["name"], row.get("number") or row.get("row") or 0))


def query(sql: str, out: str | Path = "reports") -> pd.DataFrame:
    """Ask the store in SQL; `projects`, `indicators` and `findings` hold each project's present state.

    `all_projects`, `all_indicators` and `all_findings` hold the rows of every run.

    Raises:
        SettingsError: there are no results yet, or the SQL is wrong.
        MachineError: duckdb is not installed.
    """
    try:
        import duckdb
    except ImportError:
        raise MachineError(Fault("duckdb is not installed", hint="pip install 'perfkit[query]'")) from None
    with readable(out) as folder:
        return _asked(duckdb, sql, folder / FOLDER)


def _asked(duckdb: Any, sql: str, store: Path) -> pd.DataFrame:
    if not _files(store / "projects"):
        raise SettingsError(
            Fault("no results yet", shown(store.parent), hint="perfkit report params makes them")
        )
    with duckdb.connect(config={"enable_external_access": True}) as database:
        try:
            for table in TABLES:
                database.register(f"no_{table}", _table(table, []))
            for statement in _views(store):
                database.execute(statement)
        except duckdb.Error as error:
            raise _damaged(store, error) from None
        try:
            frame: pd.DataFrame = database.execute(sql).df()
        except duckdb.Error as error:
            raise SettingsError(
                Fault("the query does not work", got=str(error).splitlines()[0],
                      hint=f"tables: {', '.join(TABLES)}; perfkit query \"describe projects\" lists columns")
            ) from None  # fmt: skip
    return frame


def _views(store: Path) -> list[str]:
    def files(table: str) -> str:
        quoted = (str(file.absolute()).replace("'", "''") for file in _files(store / table))
        return ", ".join(f"'{file}'" for file in quoted)

    every = [
        f"CREATE VIEW all_{table} AS SELECT DISTINCT * FROM (SELECT * FROM no_{table} UNION ALL BY NAME "  # noqa: S608
        f"SELECT * FROM read_parquet([{files(table)}], union_by_name=true))"  # our paths
        for table in TABLES
    ]
    last = "SELECT name, max(run) AS run FROM all_projects GROUP BY name"
    present = [
        f"CREATE VIEW {table} AS SELECT t.* FROM all_{table} t JOIN ({last}) USING (name, run)"  # noqa: S608
        for table in TABLES
    ]
    return [*every, *present]
