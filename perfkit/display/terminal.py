"""Results in a terminal: aligned columns that know how wide Chinese is, colour for severity only.

`rich_of` gives a renderable for a rich console (the commands print it), `text_of` the same as plain text,
80 columns wide. An analyst can check every score by hand: the explanation stands under its row.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import singledispatch
from io import StringIO
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.console import Console, Group
from rich.measure import Measurement
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from perfkit.checks import Findings
from perfkit.display import views
from perfkit.display.views import label, marks_of
from perfkit.form import Form
from perfkit.narrative import Grid, Paragraph, Points, Section, Story
from perfkit.profile import Profile
from perfkit.profiles.in_words import cited, profile_table, rolling
from perfkit.rollup import RollUp
from perfkit.scoring import RowScore, Scorecard, Status
from perfkit.text import figures as says
from perfkit.text.folding import one_line, visible, wrap

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from decimal import Decimal

    from rich.console import ConsoleOptions, RenderableType

    from perfkit.display.views import Mark
    from perfkit.language import Language
    from perfkit.rollup import Line
    from perfkit.scoring import ExecutionScore, Total

WIDTH = 80
_LEAST = 8
_SEVERITY = {"error": "bold red", "warning": "yellow", "info": "blue"}
_NUMBER, _FIGURE, _FUND = 4, 7, 16
_BESIDE = frozenset({"deduction", "review"})
_INDENT = (0, 0, 0, _NUMBER + 1)


def text_of(result: object, *, width: int = WIDTH, language: Language = "zh") -> str:
    """Give a result as plain text, without colour, at most `width` columns wide."""
    out = StringIO()
    console = Console(file=out, width=width, color_system=None, legacy_windows=False, emoji=False)
    console.print(rich_of(result, language=language))
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines())


@singledispatch
def rich_of(result: object, *, language: Language = "zh") -> RenderableType:  # noqa: ARG001
    """Give a result as something a rich console prints; text of a form is never read as markup."""
    raise TypeError(f"no text is known for {type(result).__name__}")


@rich_of.register(Scorecard)
def _(card: Scorecard, *, language: Language = "zh") -> RenderableType:
    beside = [name for name in views.beside(card.form) if name in _BESIDE]
    columns = ("weight", "declared", "computed", "score", "lost", *beside)
    heads = [label(f"column.{name}", language) for name in columns]
    blocks = [block for row in views.lines(card) for block in _scored(row, beside, language)]
    head = _columns(Said(""), Said(label("indicator", language)), heads)
    summed = _summed(card.total, beside, language)
    return Group(*_heading(card.form, language, card.profile), "", head, *blocks, *summed)


def _scored(
    row: RowScore | ExecutionScore, beside: Sequence[str], language: Language
) -> Iterator[RenderableType]:
    """Give a row with its figures, its target and actual, and how its score came about."""
    figures = [says.carried(figure) for figure in (row.weight, row.declared)]
    figures += [says.beside(figure, row.declared, row.weight) for figure in (row.computed, row.score)]
    figures.append(f"▼{says.plain(row.lost)}" if (row.lost or 0) > 0 else "")
    figures += [
        _shown(getattr(row.indicator if isinstance(row, RowScore) else row.fund, name, None))
        for name in beside
    ]
    number = f"{row.number}" if isinstance(row, RowScore) else ""
    yield _columns(Said(number), Said(views.row_name(row, language)), figures)
    if isinstance(row, RowScore):
        target, actual = (one_line(cell or "—") for cell in (row.indicator.target, row.indicator.actual))
        yield _under(label("target_to_actual", language, target=target, actual=actual))
    open_ = row.status == Status.DIFFERS and row.computed is None and row.score == row.declared
    status = f"status_{row.status}{'_open' if open_ else ''}"
    status = "" if row.status == Status.AGREES else f"[{label(status, language)}] "
    yield _under(f"{status}{row.explanation[language]}", style="dim")


def _shown(figure: Decimal | None) -> str:
    """Give a figure of a column beside the score, nothing where there is none."""
    return "" if figure is None else says.carried(figure)


def _summed(total: Total, beside: Sequence[str], language: Language) -> Iterator[RenderableType]:
    figures = [says.plain(total.weight)]
    computed = says.beside(total.computed, total.declared, total.score)
    figures += [says.carried(total.declared), computed, says.carried(total.score)]
    name = label("sum", language) + (f"  {views.grade(total.grade, language)}" if total.grade else "")
    name += views.provisional(total, language)
    yield ""
    reviewed = _shown(total.review.score if total.review else None)
    figures += ["", *(reviewed if column == "review" else "" for column in beside)]
    yield _columns(Said(""), Said(name, "bold"), figures)
    if total.because:
        yield _under(views.because(total, language), style="yellow")
    if total.explanation:
        yield _under(total.explanation[language], style="dim")


def _columns(number: Said, name: Said, figures: Sequence[str]) -> Table:
    """Give one line of the scorecard: number, name, and figures in columns of one width."""
    line = Table.grid(padding=(0, 1, 0, 0), expand=True)
    line.add_column(width=_NUMBER, justify="right")
    line.add_column(ratio=1, overflow="fold")
    for _ in figures:
        line.add_column(width=_FIGURE, justify="right", overflow="fold")
    line.add_row(number, name, *map(Said, figures))
    return line


def _under(text: str, *, style: str = "") -> Padding:
    return Padding(Said(text, style), _INDENT)


@dataclass(frozen=True, slots=True)
class Said:
    """Hold text that a console shows as it is: no markup, nothing hidden, Chinese broken as Chinese is."""

    text: str
    style: str = ""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[Text]:
        for line in self._lines() or [""]:
            for part in wrap(line, options.max_width, cell_len) or [""]:
                yield Text(part, style=self.style, justify=options.justify, no_wrap=True, overflow="fold")

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        wide = max(map(cell_len, self._lines()), default=0)
        return Measurement(min(wide, _LEAST), wide).with_maximum(options.max_width)

    def _lines(self) -> list[str]:
        return visible(self.text).replace("\t", " ").splitlines()


def _heading(form: Form, language: Language, profile: Profile | None = None) -> Iterator[RenderableType]:
    """Say whose form it is: project, then department, unit, year and rules."""
    year = label("year_of", language, year=form.year) if form.year else None
    rules = profile.title[language] if profile else None
    parts = [one_line(part) for part in (form.department, form.unit, year, rules) if part]
    yield Said(one_line(form.project) or label("nameless", language), "bold")
    if parts:
        yield Said(" · ".join(parts))


@rich_of.register(Form)
def _(form: Form, *, language: Language = "zh") -> RenderableType:
    money = _table(
        [label("funds_unit", language, unit=views.money_unit(form, language))]
        + [label(stage, language) for stage in ("initial", "adjusted", "executed")],
        [
            [label(f"money.{key}", language), *map(says.amount, (f.initial, f.adjusted, f.executed))]
            for key, f in views.funds(form)
        ],
        right=3,
    )
    beside = [name for name in views.beside(form) if name in _BESIDE]
    heads = ("number", "indicator", "target", "actual", "weight", "score", *beside)
    rows = _table(
        [label(key, language) for key in heads],
        [
            [str(n), *(one_line(cell or "—") for cell in (row.name, row.target, row.actual)),
             says.carried(row.weight), says.carried(row.score),
             *(_shown(getattr(row, name)) for name in beside)]
            for n, row in form.numbered()
        ],
        right=2 + len(beside),
    )  # fmt: skip
    total = f"{label('sum', language)} {says.carried(form.total)} {form.grade or ''}".rstrip()
    return Group(*_heading(form, language), "", money, "", rows, "", Said(total))


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]], *, right: int = 0) -> Table:
    """Give a table of text, its last `right` columns figures."""
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for place, head in enumerate(heads):
        figures = place >= len(heads) - right
        table.add_column(Said(head), justify="right" if figures else "left", overflow="fold", no_wrap=figures)
    for row in rows:
        table.add_row(*map(Said, row))
    return table


@rich_of.register(Findings)
def _(findings: Findings, *, language: Language = "zh") -> RenderableType:
    found = [block for mark in marks_of(findings, language) for block in _found(mark, language)]
    return Group(*(found or [Said(label("nothing_found", language))]), *_set_aside(findings, language))


def _set_aside(findings: Findings, language: Language) -> Iterator[RenderableType]:
    """Tell what a person has set aside, why, and by whom where the form says it."""
    if findings.set_aside:
        yield Said(label("set_aside", language), "bold")
    for finding in findings.set_aside:
        if (aside := finding.set_aside) is None:
            continue
        by = label("aside_by", language, by=aside.by) if aside.by else ""
        because = label("aside_because", language, reason=aside.reason)
        yield Said(f"{finding.code} {finding.message[language]}{because}{by}")


def _found(mark: Mark, language: Language) -> Iterator[RenderableType]:
    finding = mark.finding
    severity = label(finding.severity, language)
    where = " · ".join(part for part in (finding.file, mark.where) if part)
    head = Table.grid(padding=(0, 1, 0, 0))
    severity_shown = Text(severity, _SEVERITY[finding.severity])
    head.add_row(severity_shown, Said(finding.code), Said(finding.message[language]))
    yield head
    yield Padding(Said(where, "dim"), (0, 0, 0, 4))
    for key, text in (("evidence", finding.evidence), ("fix", finding.fix)):
        if text:
            yield Padding(Said(f"{label(key, language)}  {text[language]}"), (0, 0, 0, 4))


@rich_of.register(Story)
def _(story: Story, *, language: Language = "zh") -> RenderableType:
    sections = [rich_of(section, language=language) for section in story.sections if section.blocks]
    return Group(Said(story.headline, "bold"), *(part for section in sections for part in ("", section)))


@rich_of.register(Section)
def _(section: Section, *, language: Language = "zh") -> RenderableType:  # noqa: ARG001 - a section has its own
    return Group(Said(section.heading, "bold"), *map(_block, section.blocks))


def _block(block: Paragraph | Points | Grid) -> RenderableType:
    match block:
        case Paragraph():
            return Group(*(Said(text) for text in (block.lead, block.text) if text))
        case Points():
            return Group(*(Padding(Said(f"- {item}"), (0, 0, 0, 2)) for item in block.items))
        case Grid():
            return _table(block.heading, block.rows)


@rich_of.register(Profile)
def _(profile: Profile, *, language: Language = "zh") -> RenderableType:
    rows = [
        (each.topic[language], each.rule[language] + each.before[language], cited(each.source, language))
        for each in profile_table(profile)
    ]
    heads = [label(key, language) for key in ("topic", "rule", "rule_source")]
    title = f"{profile.title[language]} ({profile.name})"
    return Group(Said(title, "bold"), Said(profile.source[language], "dim"), "", _table(heads, rows))


@rich_of.register(RollUp)
def _(result: RollUp, *, language: Language = "zh") -> RenderableType:
    rule = rolling(result.profile)
    units = _table(
        [label(key, language) for key in ("unit", "rolled_share", "rolled_own_score")],
        [
            [one_line(unit.name), says.percent(unit.share), says.carried(unit.card.total.score)]
            for unit in result.units
        ],
        right=2,
    )
    heads = [label(f"column.{name}", language) for name in ("weight", "score")]
    head = _columns(Said(""), Said(label("indicator", language)), heads)
    return Group(
        Said(views.rolled_headline(result, language), "bold"),
        Said(f"{rule.rule[language]} · {cited(rule.source, language)}", "dim"),
        "",
        units,
        "",
        head,
        *(block for line in result.lines for block in _line(line, language)),
        *_whole(result, language),
    )


def _line(line: Line, language: Language) -> Iterator[RenderableType]:
    """Give a line of a roll-up, and under it how its figures became one and what they are worth."""
    name = one_line(line.name or "") or label("nameless", language)
    if line.number is None:
        name = label("execution_dimension", language)
    figures = [says.carried(line.weight), says.carried(line.score)]
    yield _columns(Said(str(line.number or "")), Said(name), figures)
    yield _under(line.explanation[language], style="dim")


def _whole(result: RollUp, language: Language) -> Iterator[RenderableType]:
    """Give the total of a roll-up, and what a reader must know of it."""
    total = result.total
    name = label("sum", language) + (f"  {views.grade(total.grade, language)}" if total.grade else "")
    name += views.provisional(total, language)
    yield ""
    yield _columns(Said(""), Said(name, "bold"), [says.plain(total.weight), says.carried(total.score)])
    yield _under(total.explanation[language], style="dim")
    if result.notes:
        yield from ("", Said(label("rolled_notes", language), "bold"))
        yield from (Padding(Said(f"- {note.said[language]}"), (0, 0, 0, 2)) for note in result.notes)
