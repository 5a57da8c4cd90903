"""The tables of a report as fragments of HTML: each takes results and gives an `Html`.

A score opens to its explanation, a row carries the marks of its findings, a loss is told by a sign and a
class and never by colour alone.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from perfkit.checks.finding import SEVERITIES
from perfkit.display import numerals, views
from perfkit.display.labels import label
from perfkit.display.markup import Html, render
from perfkit.display.visible import one_line
from perfkit.scoring import Status, Total

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from perfkit.checks import Finding
    from perfkit.form import Form
    from perfkit.language import Language
    from perfkit.narrative import Story
    from perfkit.scoring import ExecutionScore, RowScore, Scorecard


def title_block(card: Scorecard, findings: Sequence[Finding], story: Story) -> Html:
    """Give the head of a report: project, who and when, the verdict in a line, and four figures."""
    language = story.language
    form = card.form
    year = label("year_of", language, year=form.year) if form.year else None
    parts = [form.department, form.unit, year, card.profile.title[language]]
    return render(
        "title_block",
        language,
        project=one_line(form.project) or label("nameless", language),
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
    return views.grade(total.grade, language) or "" if total.complete else label("incomplete", language)


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
    form, rate = card.form, card.budget.rate
    lines = [
        (key, fund, numerals.rate(rate) if key == "total" and rate is not None else fund.rate)
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
    """Give the form as it is printed, merged cells and all, every score open to its explanation.

    The marks of the findings stand in the cells they speak of and link to their anchors.
    """
    parts = {"budget": card.budget, "rows": list(views.merged(card.indicators)), "total": card.total}
    grade = views.grade(card.total.grade, language)
    return _official(card.form, findings, language, **parts, grade=grade, score_of=partial(_score, language))


def printed(form: Form, *, language: Language = "zh") -> Html:
    """Give a form as it is printed, before anybody scores it."""
    parts = {
        "budget": views.Printed(0, weight=form.budget.total.weight, score=form.budget.total.score),
        "rows": list(views.merged(views.printed(form))),
        "total": views.Printed(0, weight=None, score=form.total),
    }
    return _official(form, (), language, **parts, grade=form.grade, score_of=lambda part: part.score)


def _official(form: Form, findings: Sequence[Finding], language: Language, **parts: object) -> Html:
    marks = marks_of(findings, language)
    return render(
        "official",
        language,
        form=form,
        unit=views.money_unit(form, language),
        funds=views.funds(form),
        on=_by_field(marks, None),
        marks_on=lambda number: _by_field(marks, number),
        **parts,
    )


_ON_FORM = frozenset({"project", "department", "unit", "goals", "indicators", "total", "grade", "budget"})
_ON_ROW = frozenset({"name", "target", "actual", "weight", "score", "reason"})


def _by_field(marks: Sequence[Mark], row: int | None) -> Mapping[str, list[Mark]]:
    """Give the marks on a row (or on the form as a whole) by the cell they stand in.

    A field that is no cell of the table is marked at the row's name, or at the head of the form.
    """
    found: defaultdict[str, list[Mark]] = defaultdict(list)
    for mark in marks:
        if mark.finding.row == row:
            found[_cell(mark.finding)].append(mark)
    return found


def _cell(finding: Finding) -> str:
    field = finding.field.rpartition("].")[2] if finding.row is not None else finding.field
    if finding.row is not None:
        return field if field in _ON_ROW else "name"
    return field if field.partition(".")[0] in _ON_FORM else "form"


def _score(language: Language, part: RowScore | ExecutionScore | Total) -> Html:
    """Give the cell of a score: what counts, what was lost, and the explanation it opens to."""
    lost = None if isinstance(part, Total) else part.lost
    return render(
        "score",
        language,
        score=part.score,
        lost=label("lost_points", language, points=numerals.points(lost)) if (lost or 0) > 0 else "",
        both=_other(part, language),
        explanation=part.explanation[language],
    )


def _other(part: RowScore | ExecutionScore | Total, language: Language) -> str:
    """Say what the form prints, or the rules give, where the score that counts is another."""
    if isinstance(part, Total):
        differs = None not in {part.declared, part.score} and part.declared != part.score
    else:
        differs = part.status == Status.DIFFERS
    if not differs:
        return ""
    declared, computed = numerals.plain(part.declared), numerals.plain(part.computed)
    return label("declared_computed", language, declared=declared, computed=computed)


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
