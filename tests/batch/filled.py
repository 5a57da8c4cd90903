"""Ledgers that are filled without making a report."""

from __future__ import annotations

from decimal import Decimal

from perfkit.batch.ledger import Writer
from perfkit.batch.results import Rows


def project(name, score="90", **more) -> Rows:
    """Give the rows of a project with one indicator and one finding."""
    head = {
        "name": name,
        "project": f"项目{name}",
        "score": Decimal(score),
        "grade": "优",
        "errors": 1,
        "warnings": 0,
        "infos": 0,
        "language": "zh",
    }
    head |= more
    row = {"name": name, "number": 1, "indicator": "课程", "score": Decimal(score), "target": "10门"}
    return Rows([head], [row], [{"name": name, "code": "PK206", "row": 1, "severity": "error"}])


def outcome(name, status="made", **more) -> dict:
    """Give the outcome of a report."""
    parts = {"inputs": {"form": "0"}, "seen": {f"params/{name}.yaml": [1, 2]}, "seen_at": 9, "files": {}}
    return {
        "name": name,
        "status": status,
        "profile": "mof-2020",
        **(parts if status == "made" else {}),
        **more,
    }


def fill(folder, *runs) -> None:
    """Write runs, each a list of rows, to the ledger of a folder."""
    with Writer.of(folder) as ledger:
        for made in runs:
            ledger.begin({"perfkit": "1"})
            for rows in made:
                ledger.record(outcome(rows.projects[0]["name"]), rows=rows)
            ledger.end(len(made), 0, 0)


def present(ledger, table="projects") -> list[dict]:
    """Give the present rows of a table."""
    return [row for report in ledger.last_made().values() for row in ledger.rows_of(report, (table,))[table]]
