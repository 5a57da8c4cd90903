"""The present state of a department's projects, read once from the ledger, and what a summary asks of it.

Everything is computed from the digits that the ledger keeps, never in SQL. Totals that are not final are
counted and listed, and stand in no average and no ranking.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import TYPE_CHECKING, Self

from perfkit.batch.portfolio import Portfolio
from perfkit.errors import SettingsError
from perfkit.profile import Thresholds
from perfkit.profiles import load_profile
from perfkit.text.folding import one_line

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from decimal import Decimal
    from pathlib import Path

    from perfkit.batch.results import Row

UNMET = ("missed", "partly")
REPORTABLE = ("error", "warning")
FEWEST, SHARE = 2, 5  # projects that share a common finding: two, and one of five
TABLES = ("indicators", "findings", "set_aside")


@dataclass(frozen=True)
class State:
    """Hold the projects and failures (`portfolio`), and each report's rows of a kind by its name.

    They are its indicators, its findings, and the findings that a person has set aside (`aside`). What is
    asked of them more than once is found once.
    """

    portfolio: Portfolio
    indicators: Mapping[str, Sequence[Row]] = field(default_factory=dict)
    findings: Mapping[str, Sequence[Row]] = field(default_factory=dict)
    aside: Mapping[str, Sequence[Row]] = field(default_factory=dict)
    folder: str = ""

    @classmethod
    def of(cls, out: str | Path) -> Self:
        """Read the state of a folder of reports.

        Raises:
            MachineError: the ledger is damaged.
        """
        portfolio, rows = Portfolio.read(out, TABLES)
        told = ({name: each[table] for name, each in rows.items()} for table in TABLES)
        indicators, findings, aside = told
        return cls(portfolio, indicators, findings, aside, str(out))

    @property
    def projects(self) -> Sequence[Row]:
        """Give every project's row."""
        return self.portfolio.projects

    @cached_property
    def final(self) -> list[Row]:
        """Give the projects whose total is final and scored."""
        return [row for row in self.projects if is_ranked(row)]

    @cached_property
    def provisional(self) -> list[Row]:
        """Give the projects whose total is to be verified (待核实)."""
        return [row for row in self.projects if row["state"] != "final"]

    @cached_property
    def ranked(self) -> list[Row]:
        """Give the final projects, the best score first; equal scores by execution rate, then by name."""
        return sorted(self.final, key=lambda row: (-row["score"], -(row["rate"] or 0), row["project"] or ""))

    @cached_property
    def unmet(self) -> list[tuple[Row, Row]]:
        """Give each indicator that missed its target, or reached it in part, with its project."""
        return self._rows(lambda row: row["verdict"] in UNMET)

    @cached_property
    def listed(self) -> list[tuple[Row, Row]]:
        """Give each finding that is an error or a warning, with its project: errors first."""
        found = [
            (project, row)
            for project in self.by_department
            for row in self.findings.get(project["name"], ())
            if row["severity"] in REPORTABLE
        ]
        return sorted(found, key=lambda pair: REPORTABLE.index(pair[1]["severity"]))

    @cached_property
    def set_aside(self) -> list[tuple[Row, Row]]:
        """Give each finding that a person has set aside (不列为问题), with its project, by department."""
        return [
            (project, row) for project in self.by_department for row in self.aside.get(project["name"], ())
        ]

    @cached_property
    def departed(self) -> list[tuple[Row, Row]]:
        """Give each indicator that calls for rectification (整改): unmet, or with points lost."""
        return self._rows(lambda row: row["verdict"] in UNMET or (row["lost"] or 0) > 0)

    @cached_property
    def unspent(self) -> list[Row]:
        """Give the projects whose execution lies under the line of their profile, by department."""
        money = ("rate", "adjusted", "executed")
        told = [row for row in self.by_department if all(row[column] is not None for column in money)]
        return [row for row in told if row["rate"] < _execution_line(row["profile"] or "", self.folder)]

    def _rows(self, wanted: Callable[[Row], bool]) -> list[tuple[Row, Row]]:
        """Give the indicators that are wanted, each with its project, by department."""
        return [
            (project, row)
            for project in self.by_department
            for row in self.indicators.get(project["name"], ())
            if wanted(row)
        ]

    def below(self, score: Decimal, rate: Decimal) -> list[Row]:
        """Give the projects under a line of points or of execution (percent), the worst first."""
        low = [row for row in self.projects if _under(row["score"], score) or _under(row["rate"], rate)]
        return sorted(low, key=lambda row: (row["score"] is None, row["score"] or 0, row["project"] or ""))

    @cached_property
    def by_department(self) -> list[Row]:
        """Give the projects in the order of their departments' names."""
        return sorted(self.projects, key=lambda row: (row["department"] or "", row["project"] or row["name"]))

    def common(self, most: int = 10) -> list[tuple[str, int, int, str]]:
        """Give the findings that many projects share, most first: code, projects, places, an example.

        Many are two projects at least, and a fifth of all.
        """
        named: dict[str, set[str]] = defaultdict(set)
        places: Counter[str] = Counter()
        example: dict[str, str] = {}
        for project, row in self.listed:
            named[row["code"]].add(project["name"])
            places[row["code"]] += 1
            example.setdefault(row["code"], row["message"])
        shared = [
            code for code, names in named.items() if len(names) >= max(FEWEST, len(self.projects) / SHARE)
        ]
        ranked = sorted(shared, key=lambda code: (-len(named[code]), code))
        return [(code, len(named[code]), places[code], example[code]) for code in ranked[:most]]

    def years(self) -> list[int]:
        """Give the years of the forms, the oldest first."""
        return sorted({row["year"] for row in self.projects if row["year"]})

    def groups(self, column: str) -> dict[str, Portfolio]:
        """Group the projects by a column (`department`, `kind`, `year`); the most money first."""
        found: dict[str, list[Row]] = defaultdict(list)
        for row in self.projects:
            found[one_line(str(row[column] or ""))].append(row)
        whole = {name: Portfolio(tuple(rows)) for name, rows in found.items()}
        return dict(sorted(whole.items(), key=lambda item: (-item[1].total("adjusted"), item[0])))


def is_ranked(row: Row) -> bool:
    """Tell whether a project's total is final and scored, so that it stands in averages and ranks."""
    return row["state"] == "final" and row["score"] is not None


@cache
def _execution_line(profile: str, folder: str) -> Decimal:
    """Give the rate (percent) under which a profile asks why; perfkit's own where the profile is gone."""
    try:
        return load_profile(profile, near=folder).thresholds.low_execution
    except SettingsError:
        return Thresholds().low_execution


def _under(value: Decimal | None, line: Decimal) -> bool:
    return value is not None and value < line
