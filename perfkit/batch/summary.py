"""A department's summary (自评情况汇总, RULES §3) as tables that a notebook shows, cell by cell.

Counts and money, grades with their shares, the ranking of departments, how budgets were executed, the
projects below a line with their reasons, and the findings that many share.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from perfkit.batch.charts import bars
from perfkit.batch.portfolio import RATE_BINS, SCORE_BINS, Portfolio, money, text_of
from perfkit.batch.records import readable
from perfkit.batch.results import state
from perfkit.display import views

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from perfkit.batch.rows import Row
    from perfkit.language import Language

TEXTS = Path(__file__).parent / "page" / "summary.yaml"


@dataclass(frozen=True, slots=True)
class Table:
    """Hold a table of text that shows itself in a notebook; from column `figures` on it holds figures."""

    title: str
    heading: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    figures: int = 1
    note: str = ""

    def to_frame(self) -> pd.DataFrame:
        """Give the table as pandas has it."""
        import pandas as pd

        return pd.DataFrame(list(self.rows), columns=list(self.heading))

    def _repr_html_(self) -> str:
        from markupsafe import Markup

        def cells(tag: str, row: Sequence[str]) -> Markup:
            plain, figure = Markup(f"<{tag}>{{}}</{tag}>"), Markup(f'<{tag} class="num">{{}}</{tag}>')  # noqa: S704
            made = (
                (figure if place >= self.figures else plain).format(text) for place, text in enumerate(row)
            )
            return Markup("<tr>{}</tr>").format(Markup("").join(made))

        body = Markup("").join(cells("td", row) for row in self.rows)
        note = Markup('<p class="pk-note">{}</p>').format(self.note) if self.note else ""
        head = Markup("<thead>{}</thead>").format(cells("th", self.heading))
        table = Markup('<table class="pk-data">{}<tbody>{}</tbody></table>').format(head, body)
        return str(
            Markup('<section class="pk-section"><h2>{}</h2>{}{}</section>').format(self.title, note, table)
        )

    def __str__(self) -> str:
        return "\n".join([self.title, "\t".join(self.heading), *("\t".join(row) for row in self.rows)])


@dataclass(frozen=True, slots=True)
class Picture:
    """Hold a chart under its title that shows itself in a notebook."""

    title: str
    svg: str

    def _repr_html_(self) -> str:
        from markupsafe import escape

        figure = f'<figure class="pk-figure">{self.svg}</figure>'
        return f'<section class="pk-section"><h2>{escape(self.title)}</h2>{figure}</section>'


@dataclass(frozen=True, slots=True)
class Title:
    """Hold the head of the summary: its title, one sentence, and the figures of the whole."""

    title: str
    headline: str
    figures: tuple[tuple[str, str], ...]

    def _repr_html_(self) -> str:
        from markupsafe import Markup

        pair = Markup("<div><dt>{}</dt><dd>{}</dd></div>")
        figures = Markup("").join(pair.format(label, value) for label, value in self.figures)
        head = Markup('<h1>{}</h1><p class="pk-headline">{}</p><dl class="pk-figures">{}</dl>')
        return f'<header class="pk pk-title">{head.format(self.title, self.headline, figures)}</header>'


class Summary:
    """Make the parts of the summary of a folder of reports, in one language."""

    def __init__(self, out: str | Path = "reports", language: Language = "zh") -> None:
        self.out = out
        self.language = language
        self.portfolio = Portfolio.of(out)
        both = yaml.safe_load(TEXTS.read_text(encoding="utf-8"))
        self.text = {key: pair[0 if language == "zh" else 1] for key, pair in both.items()}

    def _state(self, table: str) -> list[Any]:
        with readable(self.out) as folder:
            return state(folder, table)

    def title(self) -> Title:
        """Give the head: how many projects and departments, and the four figures of the whole."""
        projects, portfolio = self.portfolio.projects, self.portfolio
        departments = len({row["department"] for row in projects if row["department"]})
        years = sorted({row["year"] for row in projects if row["year"]})
        span = "–".join(map(str, dict.fromkeys([*years[:1], *years[-1:]]))) or "—"
        told = {"count": f"{len(projects):,}", "departments": departments, "years": span}
        answers = (text_of(portfolio.mean), money(portfolio.total("adjusted")),
                   money(portfolio.total("executed")), _percent(portfolio.rate))  # fmt: skip
        labels = self._heads("mean", "budget", "executed", "rate")
        headline = self.text["headline"].format(**told)
        return Title(self.text["title"], headline, tuple(zip(labels, answers, strict=True)))

    def figures(self) -> Table:
        """Give the counts and the money, all projects and by department (counts and money by type)."""
        groups: dict[str, list[Any]] = defaultdict(list)
        for row in self.portfolio.projects:
            groups[row["department"] or self.text["unknown"]].append(row)
        ranked = sorted(groups.items(), key=lambda item: -(Portfolio(tuple(item[1])).mean or Decimal(-1)))
        rows = [self._figures(self.text["everything"], self.portfolio)]
        rows += [self._figures(name, Portfolio(tuple(group))) for name, group in ranked]
        heads = self._heads("department", "projects", "mean", "budget", "executed", "rate")
        return Table(self.text["figures"], heads, tuple(rows))

    def _figures(self, name: str, portfolio: Portfolio) -> tuple[str, ...]:
        adjusted, executed = money(portfolio.total("adjusted")), money(portfolio.total("executed"))
        count = f"{len(portfolio.projects):,}"
        return name, count, text_of(portfolio.mean), adjusted, executed, _percent(portfolio.rate)

    def grades(self) -> Table:
        """Give the count and the share of each grade (评价等级)."""
        count = len(self.portfolio.projects) or 1
        rows = [
            (
                views.grade(grade, self.language) or self.text["ungraded"],
                f"{number:,}",
                _percent(Decimal(100 * number) / count),
            )
            for grade, number in self.portfolio.grades()
        ]
        return Table(self.text["grades"], self._heads("grade", "projects", "share"), tuple(rows))

    def scores(self) -> Picture:
        """Draw how the scores are spread."""
        return self._picture("scores", self.portfolio.binned("score", SCORE_BINS))

    def execution(self) -> Picture:
        """Draw how budgets were executed (执行率分布), in the five bins of the field."""
        return self._picture("rates", self.portfolio.binned("rate", RATE_BINS))

    def losses(self) -> Picture:
        """Draw in which dimension points are lost, in the mean of all projects."""
        values = [(self.text[name], float(mean)) for name, mean in self.portfolio.losses()]
        return Picture(self.text["losses"], bars(self.text["losses"], values, digits=2, kind="loss"))

    def _picture(self, key: str, values: list[tuple[str, int]]) -> Picture:
        return Picture(self.text[key], bars(self.text[key], values))

    def below(self, score: int = 80, rate: int = 50) -> Table:
        """List the projects below a score or an execution rate (percent), worst first, with their reasons."""
        low = [
            row
            for row in self.portfolio.projects
            if (row["score"] is not None and row["score"] < score)
            or (row["rate"] is not None and row["rate"] < rate)
        ]
        low.sort(key=lambda row: (row["score"] is None, row["score"]))
        reasons = self._reasons({row["name"] for row in low})
        rows = [
            (row["project"] or row["name"], row["department"] or "—",
             "；".join(reasons[row["name"]][:3]) or "—", text_of(row["score"]),
             views.grade(row["grade"], self.language) or "—",
             _percent(row["rate"]))
            for row in low
        ]  # fmt: skip
        heads = self._heads("project", "department", "reasons", "score", "grade", "rate")
        return Table(self.text["below"].format(score=score, rate=rate), heads, tuple(rows), 3)

    def _reasons(self, names: set[str]) -> dict[str, list[str]]:
        """Give the reasons printed on the rows that lost points, most points first."""
        found: dict[str, list[str]] = defaultdict(list)
        lost = [
            row for row in self._state("indicators") if row["name"] in names and row["lost"] and row["reason"]
        ]
        for row in sorted(lost, key=lambda row: -row["lost"]):
            found[row["name"]].append(f"{row['indicator']}: {row['reason']}")
        return found

    def reviews(self) -> Table | None:
        """List the reviewed projects (核查), the greatest deviation first; None where nobody reviewed.

        Self score, review score, deviation in percent (RULES §3), and the opinion on the row cut most.
        """
        found = [row for row in self.portfolio.projects if row["review"] is not None]
        if not found:
            return None
        found.sort(key=lambda row: (row["deviation"] is None, -abs(row["deviation"] or 0)))
        opinions = self._opinions({row["name"] for row in found})
        rows = [
            (row["project"] or row["name"], row["department"] or "—", opinions.get(row["name"], "—"),
             text_of(row["self_score"]), text_of(row["review"]), _percent(row["deviation"]))
            for row in found
        ]  # fmt: skip
        heads = self._heads("project", "department", "opinion", "self_score", "review", "deviation")
        return Table(self.text["reviews"], heads, tuple(rows), 3, self.text["reviews_note"])

    def _opinions(self, names: set[str]) -> dict[str, str]:
        """Give the opinion on the row of each project that the review cut most."""
        told = [row for row in self._state("indicators") if row["name"] in names and row["opinion"]]
        told.sort(key=_review_cut)
        return {row["name"]: f"{row['indicator']}: {row['opinion']}" for row in told}

    def common(self, most: int = 10) -> Table:
        """List the findings that most projects share (共性问题), with an example."""
        there = {row["name"] for row in self.portfolio.projects}
        rows = [row for row in self._state("findings") if row["name"] in there]
        projects: dict[str, set[str]] = defaultdict(set)
        example: dict[str, str] = {}
        for row in rows:
            projects[row["code"]].add(row["name"])
            example.setdefault(row["code"], row["message"])
        ranked = Counter({code: len(names) for code, names in projects.items()}).most_common(most)
        listed = tuple((code, example[code], f"{count:,}") for code, count in ranked)
        return Table(self.text["common"], self._heads("finding", "example", "projects"), listed, 2)

    def failures(self) -> Table | None:
        """List the reports that could not be made; None where there are none."""
        if not self.portfolio.failures:
            return None
        rows = tuple((line["name"], line["error"].splitlines()[0][:200]) for line in self.portfolio.failures)
        return Table(self.text["failures"], self._heads("project", "cause"), rows, 2)

    def _heads(self, *keys: str) -> tuple[str, ...]:
        return tuple(self.text[key] for key in keys)


def _percent(value: Decimal | None) -> str:
    return "—" if value is None else f"{value:.2f}%"


def _review_cut(row: Row) -> Decimal:
    """Give the points that a review takes off a row's own score."""
    own = row["computed"] if row["declared"] is None else row["declared"]
    return Decimal(0) if own is None or row["review"] is None else own - row["review"]
