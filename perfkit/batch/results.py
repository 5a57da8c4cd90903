"""A project's results as rows, and the tables of the ledger that keep them.

The rows are what the notebook worked out of the params' form and profile; a notebook that made no scorecard
or no findings of them has them made by the worker, so that an analyst's own notebook fills the ledger as
well. Money is in 元 whatever the form prints. Figures (money, points, percent, ratio) are Decimals everywhere
in perfkit, and SQLite has none: each is stored as its text in plain notation, and a generated column beside
it holds the number to sort and add by in SQL. perfkit itself computes from the text only.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from perfkit.language import Text
from perfkit.text.figures import in_yuan
from perfkit.text.folding import own_yaml
from perfkit.values.vocabulary import level1

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from perfkit.checks import Finding, Findings
    from perfkit.form import Form
    from perfkit.scoring import RowScore, Scorecard

Row = dict[str, Any]
TABLES = ("projects", "indicators", "findings", "set_aside")
LONGEST = 20_000_000  # characters of what a kernel may tell
MONEY = ("initial", "adjusted", "executed")
DIMENSIONS = {"产出指标": "output", "效益指标": "benefit", "满意度指标": "satisfaction", "成本指标": "cost"}
LOSSES = ("execution", *DIMENSIONS.values(), "other")


@dataclass(frozen=True, slots=True)
class Rows:
    """Hold the rows of one project for each table of the ledger."""

    projects: list[Row] = field(default_factory=list)
    indicators: list[Row] = field(default_factory=list)
    findings: list[Row] = field(default_factory=list)
    set_aside: list[Row] = field(default_factory=list)


def rows_of(name: str, form: str, profile: str, language: str, folder: str) -> Rows:
    """Read, score and check a form, and give its rows.

    Raises:
        DataError, SettingsError: as reading and scoring do.
    """
    import perfkit

    card = perfkit.score(perfkit.read(form), perfkit.load_profile(profile, near=folder))
    return of_results(name, card, perfkit.check(card.form, card), language)


def of_results(name: str, card: Scorecard, findings: Findings, language: str) -> Rows:
    """Give the rows of a scorecard and its findings."""
    return Rows(
        [_project(name, card, findings, language)],
        [_indicator(name, row) for row in card.indicators],
        [_finding(name, finding, language) for finding in findings],
        [_set_aside(name, finding, language) for finding in findings.set_aside],
    )


@dataclass(frozen=True, repr=False)
class Told:
    """Hold what leaves a kernel, which shows a value as its repr: rows as JSON, or nothing."""

    text: str = ""

    def __repr__(self) -> str:
        return self.text


def worked_out(name: str, form: str, profile: str, language: str, folder: str) -> Told:
    """Give the rows of what the cells of this kernel have worked out of a form by a profile.

    They have, where exactly one scorecard and one list of findings stand in their names that are of this form
    and profile; nothing otherwise.
    """
    from IPython import get_ipython

    import perfkit
    from perfkit import plain

    names = get_ipython().user_ns
    held = {id(value): value for name, value in names.items() if not name.startswith("_")}.values()
    cards = [value for value in held if isinstance(value, perfkit.Scorecard)]
    if not cards:
        return Told()
    asked, by = perfkit.read(form), perfkit.load_profile(profile, near=folder)
    cards = [card for card in cards if card.form == asked and card.profile == by]
    found = [value for value in held if isinstance(value, perfkit.Findings) and _are_of(value, asked)]
    if (len(cards), len(found)) != (1, 1):
        return Told()
    return Told(plain.dumps(of_results(name, cards[0], found[0], language)).decode("ascii"))


def _are_of(findings: Findings, form: Form) -> bool:
    return all(finding.file == form.source.file for finding in findings)


def told(text: str) -> Rows | None:
    """Give the rows that a kernel has told; None where it told nothing, or what no ledger can hold."""
    from perfkit import plain

    if not text or len(text) > LONGEST:
        return None
    try:
        rows = plain.loads(text.encode("ascii"))
    except (ValueError, TypeError, AttributeError, ImportError, ArithmeticError, RecursionError):
        return None
    whole = isinstance(rows, Rows) and all(fits(table, getattr(rows, table)) for table in TABLES)
    return rows if whole and len(rows.projects) == 1 else None


def _project(name: str, card: Scorecard, findings: Findings, language: str) -> Row:
    form, fund, budget, total = card.form, card.budget.fund, card.budget, card.total
    review = total.review
    return {
        "name": name, "project": form.project, "year": form.year, "department": form.department,
        "unit": form.unit, "kind": form.kind, "profile": card.profile.name, "language": language,
        **{name: _in_yuan(getattr(fund, name), form.money_unit) for name in MONEY}, "rate": budget.rate,
        "execution_lost": budget.lost, **_losses(card),
        "weight": total.weight, "declared": total.declared, "computed": total.computed, "score": total.score,
        "grade": total.grade, "complete": int(total.complete),
        **_state(total, language),
        "self_score": review and review.self_score, "review": review and review.score,
        "deviation": review and review.deviation,
        "codes": " ".join(sorted({finding.code for finding in findings})),
        **{f"{severity}s": len(findings.of(severity)) for severity in ("error", "warning", "info")},
    }  # fmt: skip


def _state(total: Any, language: str) -> Row:
    """Give whether the total is final, and why it is not."""
    because = [reason.text[language] for reason in total.because]
    return {"state": str(total.state), "because": ("；" if language == "zh" else "; ").join(because) or None}


def _losses(card: Scorecard) -> dict[str, Decimal | None]:
    """Sum the points lost on the rows of each dimension."""
    lost: dict[str, Decimal | None] = {}
    for row in card.indicators:
        if row.lost is not None:
            key = f"{DIMENSIONS.get(level1(row.indicator.level1) or '', 'other')}_lost"
            lost[key] = (lost.get(key) or 0) + row.lost
    return lost


def _in_yuan(amount: Decimal | None, unit: str) -> Decimal | None:
    return None if amount is None else in_yuan(amount, unit)


def _indicator(name: str, row: RowScore) -> Row:
    printed, reading = row.indicator, row.reading
    return {
        "name": name, "number": row.number, "level1": printed.level1, "level2": printed.level2,
        "indicator": printed.name, "target": printed.target, "actual": printed.actual, "weight": row.weight,
        "declared": row.declared, "computed": row.computed, "score": row.score, "lost": row.lost,
        "status": str(row.status), "verdict": str(reading.verdict), "completion": reading.completion,
        "reason": printed.reason, "measures": printed.measures, "deduction": printed.deduction,
        "review": printed.review,
        "opinion": printed.opinion,
    }  # fmt: skip


def _finding(name: str, finding: Finding, language: str) -> Row:
    return {
        "name": name, "code": finding.code, "slug": finding.slug, "severity": finding.severity,
        "row": finding.row, "field": finding.field, "place": finding.place or None,
        "message": finding.message[language], "fix": finding.fix[language],
    }  # fmt: skip


def _set_aside(name: str, finding: Finding, language: str) -> Row:
    """Give a finding that a person has set aside (不列为问题), with the reason and who it was."""
    row = _finding(name, finding, language)
    row.pop("fix")
    aside = finding.set_aside
    return row | {"reason": aside and aside.reason, "set_by": (aside and aside.by) or None}


APPLICATION = 0x70656B74  # "pekt", in the head of the file: what tells a ledger from another database
VERSION = 2
FIGURES = frozenset({"money", "points", "percent", "ratio"})
NAME = 2  # where a report's name stands in its row
MOST_DIGITS = 60  # digits of a figure before or behind its point; one beyond any sense is left out
_KINDS: dict[str, type] = {"count": int, "flag": int, **dict.fromkeys(FIGURES, Decimal)}
_KEY = "INTEGER PRIMARY KEY AUTOINCREMENT"
_TYPES = {"key": _KEY, "count": "INTEGER", "flag": "INTEGER", "seconds": "REAL"}


@dataclass(frozen=True, slots=True)
class Column:
    """Hold one column: its name, its kind and what it means."""

    name: str
    kind: str
    meaning: Text

    @property
    def is_figure(self) -> bool:
        """Tell whether the column holds a Decimal."""
        return self.kind in FIGURES

    @property
    def stored(self) -> str:
        """Give the name of the column that holds what was written."""
        return f"{self.name}_text" if self.is_figure else self.name

    @property
    def sql(self) -> str:
        """Give the column's definition."""
        if not self.is_figure:
            return f"{self.name} {_TYPES.get(self.kind, 'TEXT')}"
        number = f"{self.name} REAL GENERATED ALWAYS AS (CAST({self.stored} AS REAL)) VIRTUAL"
        return f"{self.stored} TEXT, {number}"

    def to_store(self, value: Any) -> Any:
        """Give a value as the ledger holds it."""
        if self.is_figure:
            return plain(value)
        if self.kind == "json" and value is not None:
            return json.dumps(value, ensure_ascii=True, separators=(",", ":"))
        return storable(value) if isinstance(value, str) else value


@cache
def tables() -> Mapping[str, tuple[Column, ...]]:
    """Give the columns of every table, in order."""
    said = own_yaml((Path(__file__).parent / "ledger.yaml").read_text(encoding="utf-8"))
    return {
        table: tuple(Column(name, kind, Text(zh, en)) for name, (kind, zh, en) in columns.items())
        for table, columns in said.items()
    }


@cache
def stored_names(table: str) -> tuple[str, ...]:
    """Give the names of the columns that are written."""
    return tuple(column.stored for column in tables()[table])


@cache
def select(table: str) -> str:
    """Give the beginning of a SELECT of all that was written to a table."""
    return f"SELECT {', '.join(stored_names(table))} FROM {table}"  # noqa: S608  # our own names


@cache
def insert(table: str, *, key: bool) -> str:
    """Give the INSERT of a row; without its `key`, which SQLite then counts up."""
    names = [column.stored for column in tables()[table] if key or column.kind != "key"]
    return f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})"  # noqa: S608


@cache
def statements() -> tuple[str, ...]:
    """Give the SQL that makes an empty ledger."""
    made = [
        f"CREATE TABLE {table} ({', '.join(column.sql for column in columns)})"
        for table, columns in tables().items()
    ]
    made += [f"CREATE INDEX {table}_of_report ON {table} (report)" for table in TABLES]
    made += ["CREATE INDEX reports_of_name ON reports (name, status)"]
    last = "SELECT max(report) FROM reports GROUP BY name"
    current = f"SELECT * FROM reports WHERE report IN ({last}) AND gone IS NULL"  # noqa: S608
    made += [f"CREATE VIEW current_reports AS {current}"]
    named = "name IN (SELECT name FROM current_reports)"
    last = f"SELECT max(report) FROM reports WHERE status = 'made' AND {named} GROUP BY name"  # noqa: S608
    for table in TABLES:
        asked = f"SELECT {', '.join(shown(table))} FROM {table} WHERE report IN ({last})"  # noqa: S608
        made.append(f"CREATE VIEW current_{table} AS {asked}")
    return tuple(made)


@cache
def shown(table: str) -> tuple[str, ...]:
    """Give the columns of a view: each figure as a number, then as text; the report's number left out."""
    names = []
    for column in tables()[table]:
        if column.name != "report":
            names += [column.name, column.stored] if column.is_figure else [column.name]
    return tuple(names)


def to_store(table: str, row: Mapping[str, Any], *, key: bool = True) -> tuple[Any, ...]:
    """Give a row as the ledger holds it."""
    columns = tables()[table]
    return tuple(column.to_store(row.get(column.name)) for column in columns if key or column.kind != "key")


def from_store(table: str, stored: Sequence[Any]) -> dict[str, Any]:
    """Give a row as perfkit computes with it, figures as Decimals."""
    names, figures = _read_names(table)
    row: dict[str, Any] = dict(zip(names, stored, strict=True))
    for name in figures:
        if row[name] is not None:
            row[name] = Decimal(row[name])
    return row


@cache
def _read_names(table: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Give the names of a table's columns, and of those that hold figures."""
    columns = tables()[table]
    return tuple(c.name for c in columns), tuple(c.name for c in columns if c.is_figure)


def fits(table: str, rows: Any) -> bool:
    """Tell whether rows are of the kinds that a table holds."""
    kinds = {column.name: (_KINDS.get(column.kind, str), type(None)) for column in tables()[table]}
    return isinstance(rows, list) and all(
        isinstance(row, dict) and all(type(value) in kinds.get(name, ()) for name, value in row.items())
        for row in rows
    )


def plain(value: Decimal | int | None) -> str | None:
    """Give a figure in plain notation with all its digits; one beyond any sense is left out."""
    if value is None:
        return None
    figure = Decimal(value)
    if (
        not figure.is_finite()
        or abs(figure.adjusted()) > MOST_DIGITS
        or len(figure.as_tuple().digits) > MOST_DIGITS
    ):
        return None
    return f"{figure:f}"


def storable(text: str) -> str:
    """Give a text that a file can hold: half a character (a lone surrogate) becomes a sign that says so."""
    return text.encode("utf-8", "replace").decode("utf-8") if not text.isascii() else text


def results_digest(stored: Iterable[Iterable[Sequence[Any]]]) -> str:
    """Give the digest of a report's rows in all tables; its number, their first value, is left out."""
    return digest_of([row[1:] for row in rows] for rows in stored)


def digest_of(values: Iterable[Any]) -> str:
    """Give a short digest of stored values, whatever their types."""
    packed = json.dumps(list(values), ensure_ascii=True, separators=(",", ":"), default=repr)
    return hashlib.blake2b(packed.encode("ascii"), digest_size=12).hexdigest()
