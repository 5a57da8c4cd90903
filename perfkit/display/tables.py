"""The tables of a report as fragments of HTML; where it comes from; how a result shows itself.

A score opens to its explanation, a row carries the marks of its findings, a loss is told by a sign and a
class and never by colour alone.
"""

from __future__ import annotations

import os
import platform
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, partial, singledispatch
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING

from perfkit import __version__
from perfkit.checks.finding import SEVERITIES, Findings
from perfkit.display import views
from perfkit.display.markup import Html, render, styled
from perfkit.display.views import by_cell, label, marks_of
from perfkit.form import Form
from perfkit.narrative import Grid, Paragraph, Points, Section, Story
from perfkit.profile import Profile
from perfkit.profiles.in_words import cited, profile_table, rolling
from perfkit.rollup import RollUp
from perfkit.scoring import Scorecard, Total
from perfkit.text import figures as says
from perfkit.text.figures import moment
from perfkit.text.folding import one_line
from perfkit.workspace import find_workspace

if TYPE_CHECKING:
    from collections.abc import Sequence

    from perfkit.checks import Finding
    from perfkit.language import Language
    from perfkit.scoring import ExecutionScore, RowScore


_SOFTWARE = ("matplotlib", "pandas", "typst")


def facts(card: Scorecard, language: Language) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Give each fact by its label, with one value or several."""
    source, profile = card.form.source, card.profile
    told = {
        "form_file": (relative(source.file),),
        "sha256": (source.sha256,),
        "rules": (profile.name, profile.title[language], profile.source[language]),
        "versions": (", ".join(versions()),),
        "made": (moment(made()),),
    }
    return tuple((label(key, language), tuple(filter(None, values)) or ("",)) for key, values in told.items())


def relative(file: str) -> str:
    """Give a path as seen from the workspace, or its name alone: no path of the machine leaves it."""
    path = Path(file)
    if not path.is_absolute():
        return file
    here = find_workspace()
    return path.relative_to(here).as_posix() if path.is_relative_to(here) else path.name


@cache
def versions() -> tuple[str, ...]:
    """Give the versions of what made the report."""
    return (
        f"perfkit {__version__}",
        *filter(None, map(_version, _SOFTWARE)),
        f"Python {platform.python_version()}",
    )


def _version(package: str) -> str | None:
    try:
        return f"{package} {version(package)}"
    except PackageNotFoundError:
        return None


def made() -> datetime:
    """Give the time of making, local; SOURCE_DATE_EPOCH where it is set, so that a page can be made again."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    return datetime.fromtimestamp(int(epoch), UTC) if epoch.isdigit() else datetime.now().astimezone()


# the tables of a report as fragments of HTML: each takes results and gives an `Html`


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
            label("score_and_grade", language),
            says.carried(card.total.score),
            _grade(card.total, language),
        ),
        _Figure(label("execution", language), says.rate(card.budget.rate)),
        _Figure(label("met", language), label("met_of", language, met=met, all=counted)),
        _Figure(label("findings", language), _counts(findings, language)),
    ]


def _grade(total: Total, language: Language) -> str:
    grade = views.grade(total.grade, language) or "" if total.complete else label("incomplete", language)
    return f"{grade}{views.provisional(total, language)}".strip()


def _counts(findings: Sequence[Finding], language: Language) -> str:
    counts = [(severity, sum(f.severity == severity for f in findings)) for severity in SEVERITIES]
    told = [label(f"count_{severity}", language, n=n) for severity, n in counts if n]
    return " · ".join(told) or label("none", language)


def dimensions(card: Scorecard, *, language: Language = "zh") -> Html:
    """Give the points by dimension: weight, earned, lost."""
    found = views.dimensions(card, language)
    sums = {"whole": views.whole(found), "total": card.total, "cut_off": views.cut_off(card)}
    return render("dimensions", language, dimensions=found, **sums)


def money(card: Scorecard, *, language: Language = "zh") -> Html:
    """Give the budget block: initial, adjusted and executed by source, in the form's money unit."""
    form, rate = card.form, card.budget.rate
    lines = [
        (key, fund, says.rate(rate) if key == "total" and rate is not None else fund.rate)
        for key, fund in views.funds(form)
    ]
    return render("money", language, funds=lines, unit=views.money_unit(form, language))


def official(card: Scorecard, findings: Sequence[Finding] = (), *, language: Language = "zh") -> Html:
    """Give the form as it is printed, merged cells and all, every score open to its explanation.

    The marks of the findings stand in the cells they speak of and link to their anchors.
    """
    parts = {"budget": card.budget, "rows": list(views.merged(card.indicators)), "total": card.total}
    parts["review_total"] = card.total.review.score if card.total.review else None
    grade = views.grade(card.total.grade, language)
    return _official(card.form, findings, language, **parts, grade=grade, score_of=partial(_score, language))


def printed(form: Form, *, language: Language = "zh") -> Html:
    """Give a form as it is printed, before anybody scores it."""
    parts = {
        "budget": views.Printed(0, weight=form.budget.total.weight, score=form.budget.total.score),
        "rows": list(views.merged(views.printed(form))),
        "total": views.Printed(0, weight=None, score=form.total),
        "review_total": form.review_total,
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
        beside=views.beside(form),
        on=by_cell(marks, None),
        marks_on=lambda number: by_cell(marks, number),
        **parts,
    )


def _score(language: Language, part: RowScore | ExecutionScore | Total) -> Html:
    """Give the cell of a score: what counts, what was lost, and the explanation it opens to."""
    lost = None if isinstance(part, Total) else part.lost
    return render(
        "score",
        language,
        score=_points(part),
        lost=label("lost_points", language, points=says.plain(lost)) if (lost or 0) > 0 else "",
        printed=_other(part, language),
        explanation=part.explanation[language],
    )


def _points(part: RowScore | ExecutionScore | Total) -> str | None:
    """Say the points that count, a row's with the decimals that the form prints."""
    if part.score is None or isinstance(part, Total):
        return None if part.score is None else says.carried(part.score)
    return says.beside(part.score, part.declared, part.weight)


def _other(part: RowScore | ExecutionScore | Total, language: Language) -> str:
    """Say what the form prints, where the score that counts is another."""
    if part.declared is None or part.declared == part.score:
        return ""
    return label("printed", language, declared=says.carried(part.declared))


def findings(findings: Sequence[Finding], *, language: Language = "zh") -> Html:
    """Give the findings, worst first: what, where, on what evidence, and how to mend it.

    What a person has set aside follows, with the reason and, where the form says it, who decided.
    """
    aside = findings.set_aside if isinstance(findings, Findings) else ()
    return render("findings", language, marks=marks_of(findings, language), aside=marks_of(aside, language))


@dataclass(frozen=True, slots=True)
class _Line:
    number: int | None
    name: str
    row: RowScore | ExecutionScore


def explanations(card: Scorecard, *, language: Language = "zh") -> Html:
    """Give every score with the way it came about, the budget line first, the total last."""
    budget = [_Line(None, views.row_name(card.budget, language), card.budget)]
    rows = [_Line(row.number, views.row_name(row, language), row) for row in card.indicators]
    return render(
        "explanations",
        language,
        lines=budget + rows,
        total=card.total,
        because=views.because(card.total, language),
    )


def provenance(card: Scorecard, *, language: Language = "zh") -> Html:
    """Give where the report comes from: file and hash, rules and their source, versions, time."""
    return render("provenance", language, facts=facts(card, language))


# how a result shows itself in a notebook: the fragment that serves it, with a small style of its own


@singledispatch
def html_of(result: object) -> str:
    """Give a result as a fragment of HTML5; everything a form says is text, never markup."""
    raise TypeError(f"no HTML is known for {type(result).__name__}")


@html_of.register(Form)
def _(form: Form) -> str:
    return styled(printed(form).text)


@html_of.register(Scorecard)
def _(card: Scorecard) -> str:
    headline = views.headline(card, "zh")
    return styled(render("scorecard", "zh", headline=headline, official=official(card)).text)


@html_of.register(Findings)
def _(found: Findings) -> str:
    return styled(findings(found).text)


@html_of.register(Section)
def _(section: Section) -> str:
    if not section.blocks:
        return ""
    return styled(render("section", section.language, section=section, kind=_kind).text)


@html_of.register(Story)
def _(story: Story) -> str:
    sections = [section for section in story.sections if section.blocks]
    return styled(
        render("story", story.language, headline=story.headline, sections=sections, kind=_kind).text
    )


@html_of.register(Profile)
def _(profile: Profile) -> str:
    return styled(render("profile", "zh", profile=profile, rules=profile_table(profile), cited=cited).text)


@html_of.register(RollUp)
def _(result: RollUp) -> str:
    shown = {
        "result": result,
        "headline": views.rolled_headline(result, "zh"),
        "rule": rolling(result.profile),
    }
    return styled(render("rollup", "zh", **shown, cited=cited).text)


def _kind(block: Paragraph | Points | Grid) -> str:
    return type(block).__name__
