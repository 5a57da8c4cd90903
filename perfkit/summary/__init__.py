"""The department's summary of self-evaluations (自评情况汇总): what a bureau reads out, and its four tables.

`Summary` gives the parts that notebooks/portfolio_report.ipynb shows; `make` runs that notebook over a folder
of reports and writes HTML, PDF and Word, and a workbook with a sheet for each table. The order is that of a
department's own summary: who and how much, the results, what was not reached and why, what reviewers would
find, what is to be rectified, how the result is used, and what was left out.

Every cell of the workbook is a text or a number, never a formula; each sheet prints on A4 landscape, its head
on each page and each row as high as its text.
"""

from __future__ import annotations

import io
import re
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal, InvalidOperation
from math import ceil
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Literal, get_args
from unicodedata import east_asian_width

from perfkit.batch.portfolio import RATE_BINS, SCORE_BINS, Portfolio, write_index
from perfkit.display import views
from perfkit.display.markup import bars
from perfkit.errors import Fault, MachineError, SettingsError
from perfkit.files import write_atomic
from perfkit.processes import call, shared
from perfkit.summary import standard_tables
from perfkit.summary.standard_tables import Picture, Prose, Table, Title
from perfkit.summary.state import State
from perfkit.text import choose, say
from perfkit.text.figures import fixed, fixed_percent, fixed_wan, percent_of
from perfkit.text.folding import lines_in
from perfkit.workspace import find_workspace, notebook_of, shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from perfkit.language import Language

__all__ = ["FORMATS", "Summary", "make"]


_SUPPORTED, _CUT = ("优", "良"), ("中", "低", "差")
_NAMED = 8  # projects named in a sentence


class Summary:
    """Make the parts of the summary of a folder of reports."""

    def __init__(self, out: str | Path = "reports", language: Language = "zh") -> None:
        self.language = language
        self.state = State.of(out)

    def parts(self) -> list[str]:
        """Give every part that has something to say, as HTML, in the order of the notebook."""
        made = (
            self.title(), self.overview(), self.figures(), self.kinds(), self.years(), self.grades(),
            self.scores(), self.execution(), self.losses(), self.projects(), self.unmet(), self.below(),
            self.common(), self.findings(), self.rectification(), self.reviews(), self.set_aside(),
            self.failures(),
        )  # fmt: skip
        return [part._repr_html_() for part in made if part is not None]

    def title(self) -> Title:
        """Give the head: how many projects of how many departments, and the four figures of the whole."""
        portfolio = self.state.portfolio
        answers = (
            fixed(portfolio.mean),
            fixed_wan(portfolio.total("adjusted")),
            fixed_wan(portfolio.total("executed")),
            fixed_percent(portfolio.rate),
        )
        labels = [self._say(key) for key in ("mean", "budget", "executed", "rate")]
        return Title(self._say("title"), self._headline(), tuple(zip(labels, answers, strict=True)))

    def _headline(self) -> str:
        """Give the sentence a bureau chief would read out."""
        portfolio, state = self.state.portfolio, self.state
        years = state.years()
        departments = {row["department"] for row in state.projects if row["department"]}
        said = self._say(
            "headline",
            years="–".join(map(str, dict.fromkeys([*years[:1], *years[-1:]]))) or "—",
            departments=self._say("departments_told", n=len(departments)),
            projects=self._projects(len(state.projects)),
            budget=fixed_wan(portfolio.total("adjusted")),
            executed=fixed_wan(portfolio.total("executed")),
            rate=fixed_percent(portfolio.rate),
        )
        if state.final:
            said += self._say("headline_mean", mean=fixed(portfolio.mean), grades=self._grades())
        if state.provisional:
            said += self._say("headline_provisional", count=len(state.provisional))
        if copies := portfolio.copies():
            said += self._say("headline_repeated", count=len(copies))
        return said + self._say("stop")

    def _projects(self, count: int) -> str:
        return self._say("projects_told", n=count, count=f"{count:,}")

    def _grades(self) -> str:
        told = [
            self._say("grade_count", grade=views.grade(grade, self.language), count=count)
            for grade, count in self.state.portfolio.grades()
            if grade
        ]
        return self._say("joint").join(told)

    def overview(self) -> Prose:
        """Tell coverage, results, what was not reached, the findings and the use of the result, in prose."""
        said = [self._coverage(), self._results(), self._unmet(), self._problems(), self._use(), self._rest()]
        return Prose(self._say("overview"), tuple(text for text in said if text))

    def _coverage(self) -> str:
        portfolio = self.state.portfolio
        made, failed = len(portfolio.projects), len(portfolio.failures)
        change = portfolio.total("adjusted") - portfolio.total("initial")
        text = self._say(
            "coverage",
            made=made,
            all=made + failed,
            share=fixed_percent(percent_of(Decimal(made), Decimal(made + failed or 1))),
            initial=fixed_wan(portfolio.total("initial")),
            adjusted=fixed_wan(portfolio.total("adjusted")),
        )
        key = "raised" if change > 0 else "cut" if change < 0 else ""
        return text + (self._say(key, change=fixed_wan(abs(change))) if key else "") + self._say("stop")

    def _results(self) -> str:
        ranked = self.state.ranked
        if not ranked:
            return self._say("no_results")
        best, worst = ranked[0], ranked[-1]
        said = self._say("best", project=_name(best), score=fixed(best["score"]))
        if len(ranked) > 1:
            said += self._say("worst", project=_name(worst), score=fixed(worst["score"]))
        return said + self._say("stop")

    def _unmet(self) -> str:
        unmet = self.state.unmet
        count = sum(len(rows) for rows in self.state.indicators.values())
        if not unmet:
            return self._say("all_met", n=count, count=count)
        projects = len({project["name"] for project, _ in unmet})
        silent = sum(not (row["reason"] or "").strip() for _, row in unmet)
        said = self._say(
            "unmet_told", n=len(unmet), count=count, unmet=len(unmet), projects=self._projects(projects)
        )
        return said + (self._say("unmet_silent", n=silent) if silent else "") + self._say("stop")

    def _problems(self) -> str:
        common, found = self.state.common(3), self.state.listed
        if not found:
            return self._say("no_problems")
        if not common:
            projects = self._projects(len({project["name"] for project, _ in found}))
            return self._say("none_common", count=f"{len(found):,}", projects=projects)
        told = [
            self._say(
                "problem",
                title=standard_tables.title_of(code, self.language),
                count=f"{projects:,}",
                all=f"{len(self.state.projects):,}",
            )
            for code, projects, _, _ in common
        ]
        return self._say("problems", listed=self._say("joint").join(told))

    def _use(self) -> str:
        """Tell what follows from the grades; a total to be verified has none that anything follows from."""
        graded: dict[str, list[str]] = {}
        for row in self.state.final:
            graded.setdefault(row["grade"] or "", []).append(_name(row))
        good = sum(len(graded.get(grade, ())) for grade in _SUPPORTED)
        poor = [name for grade in _CUT for name in graded.get(grade, ())]
        said = self._say("supported", projects=self._projects(good)) if good else ""
        if poor:
            more = self._say("and_more") if len(poor) > _NAMED else ""
            names = self._say("joint").join(poor[:_NAMED]) + more
            said += self._say("to_improve", n=len(poor), count=len(poor), names=names)
        return said

    def _rest(self) -> str:
        """Tell what was left out, counted twice or is provisional, and what a person has set aside."""
        failed, open_ = len(self.state.portfolio.failures), len(self.state.provisional)
        aside = len(self.state.set_aside)
        said = self._say("left_out", n=failed) if failed else ""
        if copies := self.state.portfolio.copies():
            pairs = [self._say("repeated_pair", name=row["name"], other=other) for row, other in copies]
            more = self._say("and_more") if len(pairs) > _NAMED else ""
            named = self._say("joint").join(pairs[:_NAMED]) + more
            said += self._say("repeated_told", n=len(pairs), pairs=named)
        said += self._say("provisional_told", n=open_) if open_ else ""
        return said + (self._say("aside_told", n=aside) if aside else "")

    def figures(self) -> Table:
        """Give counts and money by department, the whole first."""
        return standard_tables.by_group(self.state, "department", self.language)

    def kinds(self) -> Table | None:
        """Give counts and money by kind of form; None where all are of one kind."""
        found = len(self.state.groups("kind"))
        return standard_tables.by_group(self.state, "kind", self.language) if found > 1 else None

    def years(self) -> Table | None:
        """Give counts and money by year; None where all forms are of one year."""
        found = len(self.state.groups("year"))
        return standard_tables.by_group(self.state, "year", self.language) if found > 1 else None

    def grades(self) -> Table:
        """Give the count and the share of each grade (评价等级), totals to be verified apart."""
        return standard_tables.grades(self.state, self.language)

    def scores(self) -> Picture:
        """Draw how the final scores are spread."""
        return self._picture("scores", Portfolio(tuple(self.state.final)).binned("score", SCORE_BINS))

    def execution(self) -> Picture:
        """Draw how budgets were executed (执行率分布), in the five bins of the field."""
        return self._picture("rates", self.state.portfolio.binned("rate", RATE_BINS))

    def losses(self) -> Picture:
        """Draw in which dimension points are lost, in the mean of all projects."""
        values = [(self._say(name), mean) for name, mean in self.state.portfolio.losses()]
        return Picture(self._say("losses"), bars(self._say("losses"), values, digits=2, kind="loss"))

    def _picture(self, key: str, values: list[tuple[str, int]]) -> Picture:
        return Picture(self._say(key), bars(self._say(key), values))

    def projects(self) -> Table:
        """List all projects, the best first; totals to be verified (待核实) stand at the end."""
        return standard_tables.ranking(self.state, self.language)

    def unmet(self) -> Table | None:
        """List the unmet indicators with target, actual, reason and measure; None where all were met."""
        return standard_tables.unmet(self.state, self.language) if self.state.unmet else None

    def below(self, score: int = 80, rate: int = 50) -> Table | None:
        """List the projects below a score or an execution rate (percent); None where there are none."""
        low = self.state.below(Decimal(score), Decimal(rate))
        return standard_tables.below(self.state, low, (score, rate), self.language) if low else None

    def reviews(self) -> Table | None:
        """List the reviewed projects (核查), the greatest deviation first; None where nobody reviewed."""
        return standard_tables.reviews(self.state, self.language)

    def common(self, most: int = 10) -> Table | None:
        """List the findings that many projects share (共性问题), in words; None where there are none."""
        return standard_tables.common(self.state, most, self.language) if self.state.common(most) else None

    def findings(self) -> Table | None:
        """List every finding that is an error or a warning (问题清单); None where there are none."""
        return standard_tables.findings(self.state, self.language) if self.state.listed else None

    def rectification(self) -> Table | None:
        """List what is to be rectified (整改台账), measure, owner, deadline; None where nothing is."""
        called_for = self.state.departed or self.state.unspent
        return standard_tables.rectification(self.state, self.language) if called_for else None

    def set_aside(self) -> Table | None:
        """List the findings that a person has set aside (不列为问题); None where there are none."""
        return standard_tables.set_aside(self.state, self.language) if self.state.set_aside else None

    def failures(self) -> Table | None:
        """List the reports that could not be made; None where there are none."""
        return standard_tables.failures(self.state, self.language) if self.state.portfolio.failures else None

    def _say(self, key: str, **values: Any) -> str:
        return choose(f"summary.{key}", self.language, **values)


def _name(row: Any) -> str:
    return standard_tables.project_of(row)


# run the summary's notebook over a folder of reports and write it in the formats asked for


Format = Literal["html", "pdf", "docx", "xlsx"]
FORMATS: tuple[Format, ...] = get_args(Format)
NAME = "summary"
NOTEBOOK = "portfolio_report.ipynb"


def make(
    out: str | Path = "reports",
    formats: Sequence[Format] = ("html", "xlsx"),
    language: Language = "zh",
    workspace: str | Path = "",
    undone: list[MachineError] | None = None,
) -> list[Path]:
    """Write the summary of a folder of reports beside them: `summary.html`, `.pdf`, `.docx`, `.xlsx`.

    A PDF that cannot be made leaves the others whole: why is put into `undone`, else raised at the end.

    HTML, PDF and Word come from notebooks/portfolio_report.ipynb, the workspace's own or the one that
    perfkit ships; the workbook from the same parts.

    Raises:
        SettingsError: there is no report in the folder yet.
        MachineError: the ledger is damaged, or a font is missing.
    """
    folder = Path(out)
    pages = tuple(wanted for wanted in formats if wanted != "xlsx")
    if pages:
        shared(WARM)  # it warms up while the ledger is read here
    summary = Summary(folder, language)
    if not summary.state.projects and not summary.state.portfolio.failures:
        what, hint = say("summary.no_reports"), say("summary.no_reports_hint")
        raise SettingsError(Fault(what, str(out), hint=hint))
    root = Path(workspace) if workspace else find_workspace(folder)
    asked: tuple[Any, ...] = (str(folder.absolute()), language, str(root.absolute()), pages)
    written: dict[str, bytes] = {}
    faults: list[MachineError] = []
    with ThreadPoolExecutor(1) as beside:
        published = beside.submit(call, publish_pages, *asked, warm=WARM) if pages else None
        if "xlsx" in formats:
            written["xlsx"] = workbook(summary, language)
    if published is not None:
        made, fault = published.result()
        written |= made
        faults += [fault] if fault else []
    paths = []
    for wanted in filter(written.__contains__, formats):
        path = folder / f"{NAME}.{wanted}"
        write_atomic(path, written[wanted])
        paths.append(path)
    for wanted in {*formats} - {*written}:  # it would tell of earlier reports
        (folder / f"{NAME}.{wanted}").unlink(missing_ok=True)
    write_index(folder, summary.state.portfolio)  # it names the summary's files
    if faults and undone is None:
        raise faults[0]
    if undone is not None:
        undone += faults
    return paths


WARM = "perfkit.summary:warm"


def warm() -> None:
    """Import what the notebook and its pages need, in the process that both are forked from."""
    from perfkit.kernel import app

    app.warm(("nbconvert.exporters.html", "perfkit.publish.html", "perfkit.params", "perfkit.profiles"))


def publish_pages(
    folder: str, language: Language, root: str, pages: Sequence[Format]
) -> tuple[dict[str, bytes], MachineError | None]:
    """Run the notebook, and give it in each format; without the PDF where that alone cannot be made, and why.

    Raises:
        SettingsError: a cell of the notebook fails.
        MachineError: no format can be made.
    """
    from perfkit.publish import publish

    notebook = _executed(folder, language, Path(root))
    options: dict[str, Any] = {"name": NAME, "workspace": root}
    try:
        return dict(publish(notebook, pages, **options)), None  # type: ignore[arg-type]
    except MachineError as error:
        rest = [wanted for wanted in pages if wanted != "pdf"]
        if not rest or len(rest) == len(pages):
            raise
        return dict(publish(notebook, rest, **options)), error  # type: ignore[arg-type]


def _executed(folder: str, language: Language, root: Path) -> Any:
    """Run the notebook in a kernel of its own."""
    import papermill

    place = notebook_of(root, NOTEBOOK)
    with TemporaryDirectory(prefix="perfkit-") as temporary:
        try:
            return papermill.execute_notebook(
                str(place),
                str(Path(temporary) / "summary.ipynb"),
                {"reports": folder, "language": language},
                engine_name="perfkit",
                progress_bar=False,
            )
        except papermill.PapermillExecutionError as error:
            what = say("summary.cell_failed", cell=error.cell_index + 1)
            got = f"{error.ename}: {error.evalue}"
            raise SettingsError(Fault(what, shown(place), got=got)) from None


_FIGURE = re.compile(r"-?[\d,]+(?:\.\d+)?%?")
_WIDEST, _NARROWEST = 48, 8
_LINE, _TALLEST = 15.0, 409.0  # points
_SAMPLE = 200  # rows whose texts decide a column's width


def workbook(summary: Summary, language: Language) -> bytes:
    """Write the workbook: 汇总表, 排名, 未完成指标明细, 问题清单, 整改台账; a sheet without rows says so.

    不列为问题 stands in it only where a person has set a finding aside.
    """
    import xlsxwriter

    stream = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(stream, {**options, "strings_to_numbers": False})
    styles = _styles(book)
    sheets = {
        "sheet_summary": summary.figures(),
        "sheet_ranking": summary.projects(),
        "sheet_unmet": summary.unmet(),
        "sheet_findings": summary.findings(),
        "sheet_rectification": summary.rectification(),
    }
    if (aside := summary.set_aside()) is not None:
        sheets["sheet_set_aside"] = aside
    for key, table in sheets.items():
        _sheet(book, choose(f"summary.{key}", language), table, styles, language)
    book.close()
    return stream.getvalue()


def _styles(book: Any) -> dict[str, Any]:
    plain = {"valign": "top", "text_wrap": True, "border": 1, "border_color": "#c8ccd0"}
    return {
        "head": book.add_format({**plain, "bold": True, "bg_color": "#eef2f6", "valign": "vcenter"}),
        "text": book.add_format(plain),
        "beside": book.add_format({**plain, "align": "center"}),  # a dash, or a grade beside its figure
        "figure": book.add_format({**plain, "num_format": "#,##0.00", "align": "right"}),
        "count": book.add_format({**plain, "num_format": "#,##0", "align": "right"}),
        "percent": book.add_format({**plain, "num_format": "0.00%", "align": "right"}),
    }


def _sheet(book: Any, name: str, table: Table | None, styles: dict[str, Any], language: Language) -> None:
    sheet = book.add_worksheet(name)
    if table is None:
        sheet.write_string(0, 0, choose("summary.nothing", language))
        return
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(len(table.rows), 1), len(table.heading) - 1)
    sheet.set_header("&C&14&A")
    sheet.set_footer("&C&P / &N")
    widths = [_column(table, column) for column in range(len(table.heading))]
    for column, label in enumerate(table.heading):
        sheet.write_string(0, column, label, styles["head"])
        sheet.set_column(column, column, widths[column])
    for line, row in enumerate(table.rows, start=1):
        sheet.set_row(line, _height(row, widths))
        for column, text in enumerate(row):
            _cell(sheet, (line, column), text, styles, is_figure=column >= table.figures)


def _column(table: Table, column: int) -> int:
    """Give a column the width of its texts, within bounds."""
    texts = [table.heading[column], *(row[column] for row in table.rows[:_SAMPLE])]
    return min(max(ceil(max(map(_width, texts))) + 3, _NARROWEST), _WIDEST)


def _height(row: Sequence[str], widths: Sequence[int]) -> float:
    """Give a row the height of its longest text, in points."""
    long = [(text, width) for text, width in zip(row, widths, strict=True) if 2 * len(text) > width - 2]
    lines = max((lines_in(text, width) for text, width in long), default=1)
    return min(_LINE * lines + 2, _TALLEST)


def _cell(sheet: Any, place: tuple[int, int], text: str, styles: dict[str, Any], *, is_figure: bool) -> None:
    """Write a figure of a column of figures as a number, everything else as a text."""
    value = _number(text) if is_figure else None
    if value is None:
        sheet.write_string(*place, text, styles["beside" if is_figure else "text"])
    elif text.endswith("%"):
        sheet.write_number(*place, float(value.scaleb(-2)), styles["percent"])
    else:
        sheet.write_number(*place, float(value), styles["figure" if "." in text else "count"])


def _width(text: str) -> float:
    """Give the width of a text in Latin letters, as lines are counted; a Chinese character is two wide."""
    return sum(2 if east_asian_width(character) in "WF" else 1.1 for character in text)


def _number(text: str) -> Decimal | None:
    """Give a printed figure with its digits: a Decimal, since a float divided by 100 has others."""
    if not _FIGURE.fullmatch(text):
        return None
    try:
        return Decimal(text.rstrip("%").replace(",", ""))
    except InvalidOperation:
        return None
