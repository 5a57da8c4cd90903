"""The parts of a summary, which show themselves in a notebook, and the tables that are always asked for.

All projects, unmet indicators, findings, rectification; and counts and money by department, kind and year.

A table longer than a person reads prints its head and its end, and says where the rest is.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from perfkit.checks.finding import MONEY_DOUBTED, pages
from perfkit.checks.words import deadline_in, measure_in
from perfkit.display import views
from perfkit.scoring.card import DIFFERS
from perfkit.summary.state import is_ranked
from perfkit.text import choose
from perfkit.text.catalogue import place_in
from perfkit.text.figures import DASH, fixed, fixed_percent, fixed_wan, percent_of, plain
from perfkit.text.folding import one_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from perfkit.batch.portfolio import Portfolio
    from perfkit.batch.results import Row
    from perfkit.language import Language
    from perfkit.summary.state import State


MOST_PRINTED = 100  # rows of one table; of a longer one half stand at each end


@dataclass(frozen=True, slots=True)
class Title:
    """Hold the head of the summary: its title, the sentence a bureau chief would read out, four figures."""

    title: str
    headline: str
    figures: tuple[tuple[str, str], ...]

    def _repr_html_(self) -> str:
        from markupsafe import Markup

        pair = Markup("<div><dt>{}</dt><dd>{}</dd></div>")
        figures = Markup("").join(pair.format(label, value) for label, value in self.figures)
        head = Markup('<h1>{}</h1><p class="pk-headline">{}</p><dl class="pk-figures">{}</dl>')
        return f'<header class="pk pk-title">{head.format(self.title, self.headline, figures)}</header>'

    def __str__(self) -> str:
        return "\n".join([self.title, self.headline, *(f"{label}: {value}" for label, value in self.figures)])


@dataclass(frozen=True, slots=True)
class Prose:
    """Hold a heading and paragraphs under it."""

    title: str
    paragraphs: tuple[str, ...]

    def _repr_html_(self) -> str:
        from markupsafe import Markup

        told = Markup("").join(Markup("<p>{}</p>").format(text) for text in self.paragraphs)
        return str(Markup('<section class="pk-section"><h2>{}</h2>{}</section>').format(self.title, told))

    def __str__(self) -> str:
        return "\n".join([self.title, *self.paragraphs])


@dataclass(frozen=True, slots=True)
class Table:
    """Hold a table of text; columns from `figures` on hold figures and stand on the right.

    `rows` are all rows, (rows, columns); what is printed is at most `MOST_PRINTED` of them, with `rest`
    between the head and the end: a sentence with `{n}` for the rows left out.
    """

    title: str
    heading: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    figures: int = 1
    note: str = ""
    rest: str = ""

    def to_frame(self) -> pd.DataFrame:
        """Give the whole table as pandas has it."""
        import pandas as pd

        return pd.DataFrame(list(self.rows), columns=list(self.heading))

    def _repr_html_(self) -> str:
        from markupsafe import Markup

        half = MOST_PRINTED // 2
        left_out = len(self.rows) - MOST_PRINTED if self.rest else 0
        printed = self.rows if left_out <= 0 else (*self.rows[:half], *self.rows[-half:])
        lines = [self._cells("td", row) for row in printed]
        if left_out > 0:
            gap = Markup('<tr><td colspan="{}">{}</td></tr>')
            lines.insert(half, gap.format(len(self.heading), self.rest.format(n=f"{left_out:,}")))
        note = Markup('<p class="pk-note">{}</p>').format(self.note) if self.note else ""
        head = Markup("<thead>{}</thead>").format(self._cells("th", self.heading))
        table = Markup('<table class="pk-data">{}<tbody>{}</tbody></table>').format(
            head, Markup("").join(lines)
        )
        return str(
            Markup('<section class="pk-section"><h2>{}</h2>{}{}</section>').format(self.title, note, table)
        )

    def _cells(self, tag: str, row: Sequence[str]) -> str:
        from markupsafe import Markup

        plain, figure = Markup(f"<{tag}>{{}}</{tag}>"), Markup(f'<{tag} class="num">{{}}</{tag}>')  # noqa: S704
        made = ((figure if place >= self.figures else plain).format(text) for place, text in enumerate(row))
        return Markup("<tr>{}</tr>").format(Markup("").join(made))

    def __str__(self) -> str:
        return "\n".join([self.title, "\t".join(self.heading), *("\t".join(row) for row in self.rows)])


@dataclass(frozen=True, slots=True)
class Picture:
    """Hold a chart under its title."""

    title: str
    svg: str

    def _repr_html_(self) -> str:
        from markupsafe import escape

        figure = f'<figure class="pk-figure">{self.svg}</figure>'
        return f'<section class="pk-section"><h2>{escape(self.title)}</h2>{figure}</section>'

    def __str__(self) -> str:
        return self.title


# the tables that a department is always asked for, each from the same state


_LONGEST_CAUSE = 200
_REASONS = 20_000  # that are kept
_RANKING = (
    "rank", "project", "department", "year", "budget", "executed", "rate", "declared", "computed", "score",
    "grade",
)  # fmt: skip


def _say(key: str, language: Language, **values: Any) -> str:
    return choose(f"summary.{key}", language, **values)


def _table(
    language: Language,
    title: str,
    keys: Sequence[str],
    rows: Sequence[tuple[str | None, ...]],
    *,
    figures: int,
) -> Table:
    """Make a table; what the ledger does not hold is a blank."""
    heading = tuple(_say(key, language) for key in keys)
    cells = tuple(tuple(text or "" for text in row) for row in rows)
    return Table(title, heading, cells, figures, rest=_say("rest", language, n="{n}"))


def project_of(row: Row) -> str:
    """Give the name of a project on one line; of a form without one that of its report."""
    return one_line(row["project"] or "") or str(row["name"])


def title_of(code: str, language: Language) -> str:
    """Give what a finding is called, in words; a code that is no longer known stands for itself."""
    page = pages().get(code)
    return page.title[language] if page else code


def by_group(state: State, column: str, language: Language) -> Table:
    """Give count, mean, money and rate of each group of projects, the whole first."""
    rows = [_money(_say("everything", language), state.portfolio)]
    rows += [
        _money(_group_name(column, name, language), group) for name, group in state.groups(column).items()
    ]
    keys = (column, "projects", "mean", "budget", "executed", "rate")
    return _table(language, _say(f"by_{column}", language), keys, rows, figures=1)


def _group_name(column: str, name: str, language: Language) -> str:
    if column == "kind":
        return _say(f"kind_{name or 'project'}", language)
    return name or _say("unknown", language)


def _money(name: str, portfolio: Portfolio) -> tuple[str, ...]:
    adjusted, executed = fixed_wan(portfolio.total("adjusted")), fixed_wan(portfolio.total("executed"))
    count = f"{len(portfolio.projects):,}"
    return name, count, fixed(portfolio.mean), adjusted, executed, fixed_percent(portfolio.rate)


def grades(state: State, language: Language) -> Table:
    """Give the count and the share of each grade of final totals, and of totals to be verified (待核实)."""
    count = Decimal(len(state.projects) or 1)
    counts = [
        (views.grade(grade, language) or _say("ungraded", language), number)
        for grade, number in state.portfolio.grades()
    ]
    if state.provisional:
        counts.append((_say("to_verify", language), len(state.provisional)))
    rows = [
        (name, f"{number:,}", fixed_percent(percent_of(Decimal(number), count))) for name, number in counts
    ]
    return _table(language, _say("grades", language), ("grade", "projects", "share"), rows, figures=1)


def ranking(state: State, language: Language) -> Table:
    """List all projects: final totals ranked, equal scores sharing a rank, then those to be verified."""
    shown, place, last = [], 0, None
    for number, row in enumerate(state.ranked, start=1):
        place, last = (place, last) if row["score"] == last else (number, row["score"])
        shown.append({"rank": str(place), **_project(row, language)})
    others = [row for row in state.by_department if not is_ranked(row)]
    shown += [{"rank": _say("to_verify", language), **_project(row, language)} for row in others]
    keys = [key for key in _RANKING if key != "year" or len(state.years()) > 1]
    rows = [tuple(row[key] for key in keys) for row in shown]
    return _table(language, _say("ranking", language), keys, rows, figures=keys.index("budget"))


def _project(row: Row, language: Language) -> dict[str, str]:
    return {
        "project": project_of(row),
        "department": one_line(row["department"] or "") or DASH,
        "year": str(row["year"] or DASH),
        "budget": fixed_wan(row["adjusted"]),
        "executed": fixed_wan(row["executed"]),
        "rate": fixed_percent(row["rate"]),
        **{column: fixed(row[column]) for column in ("declared", "computed", "score")},
        "grade": views.grade(row["grade"], language) or DASH,
    }


def unmet(state: State, language: Language) -> Table:
    """List each unmet indicator: project, indicator, target, actual, reason, measure, points lost."""
    rows = [
        (
            one_line(project["department"] or "") or DASH,
            project_of(project),
            one_line(row["indicator"] or ""),
            one_line(row["target"] or "") or DASH,
            one_line(row["actual"] or "") or DASH,
            cause(row, project["year"]) or _say("not_stated", language),
            measure(row, project["year"]) or _say("not_stated", language),
            _lost(row, language),
        )
        for project, row in state.unmet
    ]
    keys = ("department", "project", "indicator", "target", "actual", "reason", "measure", "lost")
    return _table(language, _say("unmet", language), keys, rows, figures=7)


def cause(row: Row, year: int | None) -> str:
    """Give the part of a reason that is no measure, in a form of the `year`."""
    reason, stated = _reason(row["reason"] or "", year)
    return reason.removesuffix("。").removesuffix(stated).rstrip("，,；;。 ") if stated else reason


def measure(row: Row, year: int | None) -> str:
    """Give the measure of an indicator: of its own column, else what the reason states."""
    return one_line(row.get("measures") or "") or _reason(row["reason"] or "", year)[1]


@lru_cache(_REASONS)
def _reason(text: str, year: int | None) -> tuple[str, str]:
    """Give a reason on one line, and the measure it states; each stands in two tables."""
    reason = one_line(text)
    return reason, measure_in(reason, year)


def below(state: State, low: Sequence[Row], lines: tuple[int, int], language: Language) -> Table:
    """List the projects under a line, with the reasons of the rows that lost most."""
    title = _say("below", language, score=lines[0], rate=lines[1])
    rows = [
        (
            project_of(row),
            one_line(row["department"] or "") or DASH,
            "；".join(_reasons(state, row)) or DASH,
            fixed(row["score"]),
            views.grade(row["grade"], language) or DASH,
            fixed_percent(row["rate"]),
        )
        for row in low
    ]
    return _table(
        language, title, ("project", "department", "reasons", "score", "grade", "rate"), rows, figures=3
    )


def _reasons(state: State, project: Row, most: int = 3) -> list[str]:
    lost = [row for row in state.indicators.get(project["name"], ()) if row["lost"] and row["reason"]]
    lost.sort(key=lambda row: -row["lost"])
    return [f"{one_line(row['indicator'] or '')}：{one_line(row['reason'])}" for row in lost[:most]]


def reviews(state: State, language: Language) -> Table | None:
    """List the reviewed projects: self score, review score, deviation in percent, the main opinion."""
    found = [row for row in state.projects if row["review"] is not None]
    if not found:
        return None
    found.sort(key=lambda row: (row["deviation"] is None, -abs(row["deviation"] or 0)))
    rows = [
        (
            project_of(row),
            one_line(row["department"] or "") or DASH,
            _opinion(state, row),
            fixed(row["self_score"]),
            fixed(row["review"]),
            fixed_percent(row["deviation"]),
        )
        for row in found
    ]
    keys = ("project", "department", "opinion", "self_score", "review", "deviation")
    table = _table(language, _say("reviews", language), keys, rows, figures=3)
    return replace(table, note=_say("reviews_note", language))


def _opinion(state: State, project: Row) -> str:
    """Give the opinion on the row that the review cut most."""
    told = [row for row in state.indicators.get(project["name"], ()) if row["opinion"]]
    most = max(told, key=_cut, default=None)
    return DASH if most is None else f"{one_line(most['indicator'] or '')}: {one_line(most['opinion'])}"


def _cut(row: Row) -> Decimal:
    own = row["computed"] if row["declared"] is None else row["declared"]
    return Decimal(0) if own is None or row["review"] is None else own - row["review"]


def common(state: State, most: int, language: Language) -> Table:
    """List the findings that most projects share, in words, with an example."""
    rows = [
        (title_of(code, language), example, f"{projects:,}", f"{places:,}")
        for code, projects, places, example in state.common(most)
    ]
    return _table(
        language, _say("common", language), ("finding", "example", "projects", "places"), rows, figures=2
    )


def findings(state: State, language: Language) -> Table:
    """List the findings: severity, project, place, what is wrong, the facts, advice, and the rule's code.

    A place begins with the name of the report, which is that of the unit's file.
    """
    rows = [
        (
            _say(f"severity_{row['severity']}", language),
            project_of(project),
            f"{project['name']} · {_place(row, language)}",
            title_of(row["code"], language),
            row["message"],
            row["fix"] or DASH,
            row["code"],
        )
        for project, row in state.listed
    ]
    keys = ("severity", "project", "place", "finding", "fact", "advice", "code")
    return _table(language, _say("findings", language), keys, rows, figures=7)


def set_aside(state: State, language: Language) -> Table:
    """List what a person has set aside (不列为问题): project, place, finding, fact, reason, who it was."""
    rows = [
        (
            project_of(project),
            f"{project['name']} · {_place(row, language)}",
            title_of(row["code"], language),
            row["message"],
            one_line(row["reason"] or "") or DASH,
            one_line(row["set_by"] or "") or DASH,
            row["code"],
        )
        for project, row in state.set_aside
    ]
    keys = ("project", "place", "finding", "fact", "aside_reason", "set_by", "code")
    return _table(language, _say("set_aside", language), keys, rows, figures=7)


def _place(row: Row, language: Language) -> str:
    number = _say("row_number", language, row=row["row"]) if row["row"] else _say("whole_form", language)
    return " · ".join(filter(None, (number, place_in(row["place"] or "", language))))


def rectification(state: State, language: Language) -> Table:
    """List what is to be rectified, as each report does; what no form says is left to fill in.

    An execution under the profile's line stands first, then the rows that departed; a date in a measure is
    its deadline.
    """
    groups: dict[str, list[tuple[str, ...]]] = {project["name"]: [] for project in state.by_department}
    to_fill = _say("to_fill", language)
    for project in state.unspent:
        owner = one_line(project["unit"] or "") or to_fill
        groups[project["name"]].append(
            (project_of(project), _unspent(state, project, language), to_fill, to_fill, owner, to_fill)
        )
    for project, row in state.departed:
        problem = _problem(row, language)
        owner = one_line(project["unit"] or "") or to_fill
        why, stated = cause(row, project["year"]), measure(row, project["year"])
        deadline = deadline_in(stated) or to_fill
        groups[project["name"]].append(
            (project_of(project), problem, why or to_fill, stated or to_fill, owner, deadline)
        )
    rows = [row for group in groups.values() for row in group]
    keys = ("project", "problem_head", "reason", "measure", "owner", "deadline")
    return _table(language, _say("rectification", language), keys, rows, figures=6)


def _problem(row: Row, language: Language) -> str:
    """Tell what a row departed from and the points it lost; nothing of points on a form without scores."""
    said = _say(
        "problem_row",
        language,
        indicator=one_line(row["indicator"] or ""),
        target=one_line(row["target"] or "") or DASH,
        actual=one_line(row["actual"] or "") or DASH,
    )
    if row["lost"] is None and row["weight"] is None:
        return said
    if not _is_undecided(row) and row["lost"] > 0:
        return said + _say("problem_lost", language, lost=plain(row["lost"]), n=row["lost"])
    return said + _say("comma", language) + _lost(row, language)


def _lost(row: Row, language: Language) -> str:
    """Give the points a row lost, in words where it lost none or where only a person can say (扣分待定)."""
    if row["lost"] is None and row["weight"] is None:
        return DASH
    if _is_undecided(row):
        return _say("lost_undecided", language)
    return plain(row["lost"]) if row["lost"] > 0 else _say("lost_none", language)


def _is_undecided(row: Row) -> bool:
    """Tell whether only a person can say what a row loses: no points yet, or full ones that nothing bears."""
    undecided = row["status"] == DIFFERS and row["computed"] is None and row["score"] == row["weight"]
    return row["lost"] is None or undecided


def _unspent(state: State, project: Row, language: Language) -> str:
    """Tell a low execution, and how much is unspent where nobody doubts the amounts."""
    doubted = any(one["code"] in MONEY_DOUBTED for one in state.findings.get(project["name"], ()))
    key = "execution_doubted" if doubted else "execution_row"
    rest = fixed_wan(project["adjusted"] - project["executed"])
    return _say(key, language, rate=fixed_percent(project["rate"]), rest=rest)


def failures(state: State, language: Language) -> Table:
    """List the reports that could not be made, each with its cause."""
    rows = [
        (str(line["name"]), str(line["error"] or "").partition("\n")[0][:_LONGEST_CAUSE])
        for line in state.portfolio.failures
    ]
    return _table(language, _say("failures", language), ("project", "cause"), rows, figures=2)
