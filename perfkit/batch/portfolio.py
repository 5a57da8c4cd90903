"""All projects together: the numbers of a department's summary (自评情况汇总).

Counts, money, averages, grades and points lost over the present state of every project; what the index
shows and what notebooks/portfolio_report.ipynb is made of.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Self

from perfkit import stores
from perfkit.batch.journal import is_gone, latest
from perfkit.batch.records import readable
from perfkit.batch.results import state
from perfkit.batch.rows import LOSSES, Row

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    import pandas as pd

GRADES = ("优", "良", "中", "低", "差")  # best first; 低 is Guangdong's (RULES R10)
RATE_BINS = ((0, "<30%"), (30, "30–60%"), (60, "60–80%"), (80, "80–100%"), (100, "≥100%"))
SCORE_BINS = tuple((low, f"{low}–{low + 5}" if low else "<60") for low in (0, *range(60, 100, 5)))


@dataclass(frozen=True, slots=True)
class Portfolio:
    """Hold every project's present row, and the reports that failed."""

    projects: tuple[Row, ...]
    failures: tuple[Row, ...] = ()

    @classmethod
    def of(cls, out: str | Path = "reports") -> Self:
        """Read the portfolio of a folder of reports.

        A project is in it as long as its params file and any of its reports' files are; one that failed,
        until it is made or its params file is gone.
        """
        with readable(out) as folder:
            return cls._of(folder)

    @classmethod
    def _of(cls, folder: Path) -> Self:
        known = latest(folder)
        gone = {name for name, one in known.items() if is_gone(one, folder)}
        last = {name: one["last"] for name, one in known.items() if name not in gone}
        mount = stores.mount_of(folder)
        files = mount.seen(folder) if mount else folder.glob("*.*") if folder.is_dir() else ()
        there = {path.name.split(".")[0] for path in files}
        rows = tuple(
            row
            for row in state(folder, "projects")
            if row["name"] not in gone and _is_there(row["name"], folder, there)
        )
        failures = tuple(line for _, line in sorted(last.items()) if line.get("status") == "failed")
        return cls(rows, failures)

    @property
    def mean(self) -> Decimal | None:
        """Give the mean score (平均得分) of the projects that have one."""
        scores = [row["score"] for row in self.projects if row["score"] is not None]
        return sum(scores, Decimal(0)) / len(scores) if scores else None

    def total(self, column: str) -> Decimal:
        """Give a sum of money over all projects, in 元: `initial`, `adjusted` or `executed`."""
        return sum((row[column] for row in self.projects if row[column] is not None), Decimal(0))

    @property
    def rate(self) -> Decimal | None:
        """Give the execution rate (预算执行率) of all money together, in percent."""
        both = [row for row in self.projects if row["adjusted"] and row["executed"] is not None]
        budget = sum((row["adjusted"] for row in both), Decimal(0))
        return 100 * sum((row["executed"] for row in both), Decimal(0)) / budget if budget else None

    def grades(self) -> list[tuple[str, int]]:
        """Count the projects of each grade, best first; "" stands for those without."""
        counts = Counter(row["grade"] or "" for row in self.projects)
        order = {grade: place for place, grade in enumerate(GRADES)}
        return sorted(counts.items(), key=lambda item: (order.get(item[0], 9), item[0]))

    def losses(self) -> list[tuple[str, Decimal]]:
        """Give the mean points lost by dimension, most first; only dimensions that lost any."""
        count = len(self.projects) or 1
        means = {name: self._lost(name) / count for name in LOSSES}
        return sorted(((name, mean) for name, mean in means.items() if mean > 0), key=lambda item: -item[1])

    def _lost(self, dimension: str) -> Decimal:
        return sum((row[f"{dimension}_lost"] or Decimal(0) for row in self.projects), Decimal(0))

    def binned(self, column: str, bins: Sequence[tuple[int, str]]) -> list[tuple[str, int]]:
        """Count the values of a column by bins, half-open upwards."""
        values = [row[column] for row in self.projects if row[column] is not None]
        edges = [*(low for low, _ in bins), float("inf")]
        return [
            (label, sum(edges[place] <= value < edges[place + 1] for value in values))
            for place, (_, label) in enumerate(bins)
        ]

    def to_frame(self) -> pd.DataFrame:
        """Give a row for each project."""
        import pandas as pd

        return pd.DataFrame([*self.projects])

    def _repr_html_(self) -> str:
        return str(self.to_frame().to_html(index=False, na_rep="—", border=0))


def _is_there(name: str, folder: Path, there: Iterable[str]) -> bool:
    return name in there or any(stores.there(folder / f"{name}.{kind}") for kind in ("html", "pdf", "ipynb"))


def money(amount: Decimal | None) -> str:
    """Give an amount of 元 in 万元, with separators."""
    return "—" if amount is None else f"{amount / 10_000:,.2f}"


def text_of(value: Any, digits: int = 2) -> str:
    """Give a figure with its digits, a dash where there is none."""
    return "—" if value is None else f"{value:,.{digits}f}"
