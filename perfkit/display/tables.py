"""The tables of a report as fragments of HTML: each takes results and gives an `Html`.

A score opens to its explanation, a row carries the marks of its findings, a loss is told by a sign and a
class and never by colour alone.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from perfkit.checks.finding import SEVERITIES
from perfkit.display import numerals, views
from perfkit.display.labels import label
from perfkit.display.markup import Html, render
from perfkit.scoring import Status

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from perfkit.checks import Finding
    from perfkit.language import Language
    from perfkit.narrative import Story
    from perfkit.scoring import ExecutionScore, RowScore, Scorecard, Total


def title_block(card: Scorecard, findings: Sequence[Finding], story: Story) -> Html:
    """Give the head of a report: project, who and when, the verdict in a line, and four figures."""
    language = story.language
    form = card.form
    year = label("year_of", language, year=form.year) if form.year else None
    parts = [form.department, form.unit, year, card.profile.title[language]]
    return render(
        "title_block",
        language,
        project=form.project,
        parts=[part for part in parts if part],
        headline=story.headline,
        figures=_figures(card, findings, language),
    )


@dataclass(frozen=True, slots=True)
class _Figure:
    label: str
    value: str
    note: str = ""


def _figures(card: Scorecard, findings: Sequence[Finding], language: Language) -> list[_Figure]:
    met, counted = views.met(card)
    return [
        _Figure(
            label("score_and_grade", language), numerals.plain(card.total.score), _grade(card.total, language)
        ),
        _Figure(label("execution", language), numerals.rate(card.budget.rate)),
        _Figure(label("met", language), label("met_of", language, met=met, all=counted)),
        _Figure(label("findings", language), _counts(findings, language)),
    ]


def _grade(total: Total, language: Language) -> str:
    return total.grade or "" if total.complete else label("incomplete", language)


def _counts(findings: Sequence[Finding], language: Language) -> str:
    counts = [(severity, sum(f.severity == severity for f in findings)) for severity in SEVERITIES]
    told = [label(f"count_{severity}", language, n=n) for severity, n in counts if n]
    return " · ".join(told) or label("none", language)


def dimensions(card: Scorecard, *, language: Language = "zh") -> Html:
    """Give the points by dimension: weight, earned, lost."""
    found = views.dimensions(card, language)
    return render("dimensions", language, dimensions=found, whole=views.whole(found))


def money(card: Scorecard, *, language: Language = "zh") -> Html:
    """Give the budget block: initial, adjusted and executed by source, in the form's money unit."""
    form = card.form
    lines = [
        (key, fund, numerals.rate(card.budget.rate) if key == "total" else fund.rate)
        for key, fund in views.funds(form)
    ]
    return render("money", language, funds=lines, unit=views.money_unit(form, language))


@dataclass(frozen=True, slots=True)
class Mark:
    """Hold a finding with the anchor its marks link to (`PK210-3`) and its place in words."""

    finding: Finding
    anchor: str
    where: str
    title: str


def marks_of(findings: Sequence[Finding], language: Language) -> tuple[Mark, ...]:
    """Give each finding its anchor: code and row, and a count where a row has the same code twice."""
    seen: defaultdict[str, int] = defaultdict(int)
    marks = []
    for finding in findings:
        stem = finding.code if finding.row is None else f"{finding.code}-{finding.row}"
        seen[stem] += 1
        anchor = stem if seen[stem] == 1 else f"{stem}.{seen[stem]}"
        title = f"{label(finding.severity, language)} {finding.message[language]}"
        marks.append(Mark(finding, anchor, _where(finding, language), title))
    return tuple(marks)


def _where(finding: Finding, language: Language) -> str:
    row = (
        label("whole_form", language)
        if finding.row is None
        else label("row_number", language, row=finding.row)
    )
    return " · ".join(part for part in (row, finding.place) if part)


def official(card: Scorecard, findings: Sequence[Finding] = (), *, language: Language = "zh") -> Html:
    """Give the form as it is printed, merged cells and all, every score open to its explanation."""
    marks = marks_of(findings, language)
    return render(
        "official",
        language,
        card=card,
        form=card.form,
        unit=views.money_unit(card.form, language),
        funds=views.funds(card.form),
        rows=list(views.merged(card.indicators)),
        here=_by_field([mark for mark in marks if mark.finding.row is None]),
        marks_of=lambda number: _by_field([mark for mark in marks if mark.finding.row == number]),
        score_cell=lambda row: _score(row, language),
        total_cell=lambda total: _total(total, language),
    )


def _by_field(marks: Sequence[Mark]) -> Mapping[str, list[Mark]]:
    """Give the marks by the field they stand in; one without a field of the table stands at the head."""
    found: defaultdict[str, list[Mark]] = defaultdict(list)
    for mark in marks:
        found[mark.finding.field].append(mark)
    return found


def _score(row: RowScore | ExecutionScore, language: Language) -> Html:
    """Give the cell of a score: what counts, what was lost, and the explanation it opens to."""
    lost = row.lost or Decimal(0)
    both = ""
    if row.status == Status.DIFFERS:
        declared, computed = numerals.plain(row.declared), numerals.plain(row.computed)
        both = label("declared_computed", language, declared=declared, computed=computed)
    shown = numerals.points(lost) if lost > 0 else ""
    return render(
        "score", language, score=row.score, lost=shown, both=both, explanation=row.explanation[language]
    )


def _total(total: Total, language: Language) -> Html:
    """Give the cell of the total; where the printed one is another, it is told beside it."""
    differs = None not in {total.declared, total.score} and total.declared != total.score
    both = label("printed_total", language, declared=numerals.plain(total.declared)) if differs else ""
    return render(
        "score", language, score=total.score, lost="", both=both, explanation=total.explanation[language]
    )


def findings(findings: Sequence[Finding], *, language: Language = "zh") -> Html:
    """Give the findings, worst first: what, where, on what evidence, and how to mend it."""
    return render("findings", language, marks=marks_of(findings, language))


@dataclass(frozen=True, slots=True)
class _Line:
    number: int | None
    name: str
    row: RowScore | ExecutionScore


def explanations(card: Scorecard, *, language: Language = "zh") -> Html:
    """Give every score with the way it came about, the budget line first, the total last."""
    budget = [_Line(None, views.row_name(card.budget, language), card.budget)]
    rows = [_Line(row.number, views.row_name(row, language), row) for row in card.indicators]
    return render("explanations", language, lines=budget + rows, total=card.total)


def provenance(card: Scorecard, *, language: Language = "zh") -> Html:
    """Give where the report comes from: file and hash, rules and their source, versions, time."""
    from perfkit.display.provenance import facts

    return render("provenance", language, facts=facts(card, language))
