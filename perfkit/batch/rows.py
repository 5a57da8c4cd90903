"""A project's results as rows: what the results store keeps and the index shows.

Taken from the form, the scorecard and the findings themselves, not from the notebook, so that an
analyst's own notebook fills the store as well. Money is in 元 whatever the form prints.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from perfkit.levels import level1

if TYPE_CHECKING:
    from decimal import Decimal

    from perfkit.checks import Finding, Findings
    from perfkit.scoring import RowScore, Scorecard

Row = dict[str, Any]
UNITS = {"元": 1, "万元": 10_000}
DIMENSIONS = {"产出指标": "output", "效益指标": "benefit", "满意度指标": "satisfaction", "成本指标": "cost"}
LOSSES = ("execution", *DIMENSIONS.values(), "other")


@dataclass(frozen=True, slots=True)
class Rows:
    """Hold the rows of one project for each table of the store."""

    projects: list[Row] = field(default_factory=list)
    indicators: list[Row] = field(default_factory=list)
    findings: list[Row] = field(default_factory=list)


def rows_of(name: str, form: str, profile: str, language: str, folder: str) -> Rows:
    """Read, score and check a form, and give its rows.

    Raises:
        DataError, SettingsError: as reading and scoring do.
    """
    import perfkit

    card = perfkit.score(perfkit.read(form), perfkit.load_profile(profile, near=folder))
    findings = perfkit.check(card.form, card)
    return Rows(
        [_project(name, card, findings, language)],
        [_indicator(name, row) for row in card.indicators],
        [_finding(name, finding, language) for finding in findings],
    )


def _project(name: str, card: Scorecard, findings: Findings, language: str) -> Row:
    form, fund, budget, total = card.form, card.budget.fund, card.budget, card.total
    review = total.review
    unit = UNITS[form.money_unit]
    return {
        "name": name, "project": form.project, "year": form.year, "department": form.department,
        "unit": form.unit, "profile": card.profile.name, "language": language,
        "initial": _times(fund.initial, unit), "adjusted": _times(fund.adjusted, unit),
        "executed": _times(fund.executed, unit), "rate": budget.rate,
        "execution_lost": budget.lost, **_losses(card),
        "weight": total.weight, "declared": total.declared, "computed": total.computed, "score": total.score,
        "grade": total.grade, "complete": total.complete,
        "self_score": review and review.self_score, "review": review and review.score,
        "deviation": review and review.deviation,
        "codes": " ".join(sorted({finding.code for finding in findings})),
        **{f"{severity}s": len(findings.of(severity)) for severity in ("error", "warning", "info")},
    }  # fmt: skip


def _losses(card: Scorecard) -> dict[str, Decimal | None]:
    """Sum the points lost on the rows of each dimension."""
    lost: dict[str, Decimal | None] = {}
    for row in card.indicators:
        if row.lost is not None:
            key = f"{DIMENSIONS.get(level1(row.indicator.level1) or '', 'other')}_lost"
            lost[key] = (lost.get(key) or 0) + row.lost
    return lost


def _times(amount: Decimal | None, unit: int) -> Decimal | None:
    return None if amount is None else amount * unit


def _indicator(name: str, row: RowScore) -> Row:
    printed, reading = row.indicator, row.reading
    return {
        "name": name, "number": row.number, "level1": printed.level1, "level2": printed.level2,
        "indicator": printed.name, "target": printed.target, "actual": printed.actual, "weight": row.weight,
        "declared": row.declared, "computed": row.computed, "score": row.score, "lost": row.lost,
        "status": str(row.status), "verdict": str(reading.verdict), "completion": reading.completion,
        "reason": printed.reason, "deduction": printed.deduction, "review": printed.review,
        "opinion": printed.opinion,
    }  # fmt: skip


def _finding(name: str, finding: Finding, language: str) -> Row:
    return {
        "name": name, "code": finding.code, "slug": finding.slug, "severity": finding.severity,
        "row": finding.row, "field": finding.field, "message": finding.message[language],
    }  # fmt: skip
