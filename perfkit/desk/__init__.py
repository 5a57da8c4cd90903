"""The analyst's desk: what if a value were another, which rows matter most, how do rule sets compare.

    from perfkit import desk

    desk.pick()                        choose a project of the workspace, or a form of a folder
    desk.panel(form, "shanghai-2022")  change any actual, rating or score, and see what follows
    desk.losses(card)                  the rows that lost points
    desk.reach(card)                   the fewest rows that would lift the total to the next grade
    desk.profiles(form)                one form under every rule set
    desk.compare(card, other)          two projects, two years of one, or two scenarios
    desk.keep(form, "what-if")         a scenario under a name; the panel's button does the same
    desk.scenarios()                   the scenarios that were kept; desk.scenario("what-if").card is one

`whatif`, `compare` and `scenario` work on results alone; only `panel` and `pick` know ipywidgets.

The panel holds no rule: it hands the changed form to `perfkit.score` like anybody else, and shows the
difference from the form as it was handed in. Every control is reached by Tab and has a name for a screen
reader; what follows a change stands in boxes of fixed size, so that nothing moves under the hand.
"""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from html import escape
from importlib import import_module
from typing import TYPE_CHECKING, Any

import ipywidgets as widgets

import perfkit
from perfkit.desk.scenario import (
    Picker,
    Scenario,
    at_the_desk,
    differences,
    keep,
    kept_of,
    pick,
    scenario,
    scenarios,
)
from perfkit.desk.whatif import Change, changed, compare, losses, profiles, reach
from perfkit.display import figures, views
from perfkit.display.markup import render
from perfkit.display.tables import html_of
from perfkit.display.views import label
from perfkit.errors import PerfkitError, need
from perfkit.form import Form
from perfkit.params import settings
from perfkit.profiles import profile_names
from perfkit.scoring import RowScore, Scorecard, score
from perfkit.text.catalogue import in_language

if TYPE_CHECKING:
    from collections.abc import Mapping

    from perfkit.language import Language

__all__ = [
    "Change",
    "Panel",
    "Picker",
    "Scenario",
    "changed",
    "compare",
    "keep",
    "losses",
    "panel",
    "pick",
    "profiles",
    "reach",
    "scenario",
    "scenarios",
]


_BLANK = "—"
RATINGS = ("", "met", "partly", "missed")
_COLUMNS = {
    "number": "3em",
    "indicator": "minmax(8em, 2fr)",
    "target": "minmax(6em, 1fr)",
    "actual": "minmax(7em, 1fr)",
    "rating": "7em",
    "score": "5em",
    "now": "9em",
    "review": "minmax(5em, 1fr)",
}
_FILL = {"width": "auto"}
_BOX = {"flex": "1 1 24em", "height": "24em", "overflow": "auto"}
_BELOW = {"height": "18em", "overflow": "auto"}
_AS_FORM, _NOW = "\x00form", "\x00now"  # no scenario can be called so
_MOST_POINTS = 1000
_STYLE = """<style>
.pk-desk :is(input,select,button,[tabindex]):focus-visible
{outline:2px solid var(--jp-brand-color1,#1d5fa8)!important;outline-offset:1px}
.pk-desk .pk-named{position:relative}
.pk-desk .pk-named .widget-label{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.pk-desk .pk-now,.pk-desk .pk-total p{white-space:nowrap}
.pk-desk .pk-total p{margin:0;line-height:1.6}
.pk-desk .pk-picture svg{max-width:100%;height:auto}
</style>"""
"""The ring of the focus, which JupyterLab takes away; names that a screen reader alone reads; fixed lines."""
_KEYS = """
if (!window.perfkitDesk) {
    window.perfkitDesk = true;
    document.addEventListener('focusin', event => {
        const choice = event.target.closest && event.target.closest('.pk-desk select');
        if (choice) choice.setAttribute('data-lm-suppress-shortcuts', 'true');
    });
}
"""
"""JupyterLab takes arrows and letters for its own commands, unless an element says that they are for it."""


class _Row:
    """Hold the widgets of one indicator: what can be changed, and the score that follows."""

    def __init__(self, row: RowScore, words: Mapping[str, str], language: Language, on_change: Any) -> None:
        self.number = row.number
        printed = row.indicator
        self._printed_actual, self._printed_rating = printed.actual or "", printed.rating or ""
        name = f"{row.number} {printed.name or _BLANK}"
        self.actual = _text(f"{name}: {label('actual', language)}", self._printed_actual)
        self.actual.add_class(f"pk-actual-{row.number}")
        self.rating = widgets.Dropdown(
            options=[(words[key or "unrated"], key) for key in RATINGS],
            value=self._printed_rating,
            description=f"{name}: {words['rating']}",
            layout=_FILL,
        )
        self.score = _text(f"{name}: {label('score', language)}", placeholder=_figure(printed.score))
        self.result = widgets.HTML()
        self.result.add_class("pk-now")
        self.cells = [
            widgets.HTML(str(row.number)),
            widgets.HTML(escape(printed.name or _BLANK)),
            widgets.HTML(escape(printed.target or _BLANK)),
            self.actual,
            self.rating,
            self.score,
            self.result,
            widgets.HTML(_review(row)),
        ]
        for widget in (self.actual, self.rating, self.score):
            widget.add_class("pk-named")
            widget.observe(on_change, names="value")

    @property
    def change(self) -> Change | None:
        """Give what the analyst changed on this row, or None."""
        points = _decimal(self.score.value)
        now = (self.actual.value, self.rating.value, points)
        if now == (self._printed_actual, self._printed_rating, None):
            return None
        return Change(self.actual.value, self.rating.value or None, points)

    def reset(self) -> None:
        """Put the printed values back."""
        self.actual.value, self.rating.value = self._printed_actual, self._printed_rating
        self.score.value = ""


def _text(told: str, value: str = "", placeholder: str = "") -> widgets.Text:
    return widgets.Text(
        value, description=told, placeholder=placeholder, continuous_update=False, layout=_FILL
    )


def _review(row: RowScore) -> str:
    """Give what the review of the form as handed in says of a row: score and opinion."""
    said = (_figure(row.review) if row.review is not None else "", escape(row.indicator.opinion or ""))
    return "<br>".join(part for part in said if part) or _BLANK


def _decimal(text: str) -> Decimal | None:
    try:
        figure = Decimal(text.strip())
    except InvalidOperation:
        return None
    return figure if figure.is_finite() and abs(figure) <= _MOST_POINTS else None


def _figure(value: Decimal | None) -> str:
    return _BLANK if value is None else f"{value:f}"


class Panel(widgets.VBox):  # type: ignore[misc]
    """Show a form with every value open to change; `form` and `card` are as changed at this moment."""

    def __init__(self, form: Form, profile: str, language: Language) -> None:
        self._original = form
        self._language = language
        self._words = in_language("desk", language)
        self._quiet = False
        self.form = form
        self._before = self.card = score(form, profile)
        self.profile = widgets.Dropdown(
            options=list(dict.fromkeys([profile, *profile_names()])),
            value=profile,
            description=label("profile", language),
        )
        self._reset = widgets.Button(description=self._words["reset"])
        self._reset.on_click(self._on_reset)
        self.rows = [_Row(row, self._words, language, self._on_change) for row in self.card.indicators]
        self.profile.observe(self._on_change, names="value")
        self.total = widgets.HTML()
        self.total.add_class("pk-total")
        self.figure = _box(label("lost", language), _BOX)
        self.story = _box(self._words["story"], _BOX)
        self.scenarios = Scenarios(self)
        super().__init__(
            [
                widgets.HTML(_STYLE),
                widgets.HBox([self.profile, self._reset]),
                self.total,
                self._grid(),
                widgets.HBox([self.figure, self.story], layout={"flex_flow": "row wrap", "width": "100%"}),
                self.scenarios,
            ]
        )
        self.add_class("pk-desk")
        self._follow()

    def _ipython_display_(self) -> None:
        """Show the panel, and leave a list's keys to the list."""
        page: Any = import_module("IPython.display")
        page.display(self._repr_mimebundle_(), raw=True)
        page.display(page.Javascript(_KEYS))

    @property
    def language(self) -> Language:
        """Give the language that the panel speaks."""
        return self._language

    @property
    def original(self) -> Scorecard:
        """Give the scorecard of the form as it was handed in, by the profile that the panel began with."""
        return self._before

    def _grid(self) -> widgets.GridBox:
        reviewed = not {"review", "opinion"}.isdisjoint(views.beside(self._original))
        columns = [column for column in _COLUMNS if reviewed or column != "review"]
        cells = [widgets.HTML(f"<b>{self._heading(column)}</b>") for column in columns]
        cells += [cell for row in self.rows for cell in row.cells[: len(columns)]]
        widths = " ".join(_COLUMNS[column] for column in columns)
        return widgets.GridBox(cells, layout={"grid_template_columns": widths, "grid_gap": "2px 8px"})

    def _heading(self, column: str) -> str:
        return self._words.get(column) or label(column, self._language)

    def _on_change(self, _change: Any) -> None:
        if not self._quiet:
            self._follow()

    def _on_reset(self, _button: Any) -> None:
        self._quiet = True
        for row in self.rows:
            row.reset()
        self._quiet = False
        self._follow()

    def _follow(self) -> None:
        """Score the form as it now stands and show what moved."""
        profile = self.profile.value
        changes = {row.number: change for row in self.rows if (change := row.change)}
        self.form = changed(self._original, changes, profile) if changes else self._original
        self.card = score(self.form, profile)
        findings = perfkit.check(self.form, self.card)
        story = perfkit.narrate(self.form, self.card, findings, language=self._language)
        self.total.value = self._total(self.card)
        for widget, before, after in zip(
            self.rows, self._before.indicators, self.card.indicators, strict=True
        ):
            widget.result.value = _moved(before.score, after.score)
        self.story.value = html_of(story["summary"])
        self.figure.value = _picture(figures.losses(self.card, language=self._language))
        self.scenarios.follow()

    def _total(self, card: Scorecard) -> str:
        words, before = self._words, self._before.total
        return (
            f"<p role='status' style='font-size:1.4em'>{label('sum', self._language)} "
            f"<b>{_moved(before.score, card.total.score)}</b>"
            f" · {label('grade', self._language)} <b>{self._grade(card)}</b></p>"
            f"<p><small>{words['as_form']}: {_figure(before.score)} {self._grade(self._before)}</small></p>"
        )

    def _grade(self, card: Scorecard) -> str:
        told = views.grade(card.total.grade, self._language) or _BLANK
        return escape(told + views.provisional(card.total, self._language))


def _box(told: str, layout: Mapping[str, str]) -> widgets.HTML:
    """Make a box of fixed size that the keyboard reaches and scrolls."""
    return widgets.HTML(layout=dict(layout), tabbable=True, tooltip=told)


def _picture(figure: Any) -> str:
    return f'<div class="pk-picture" role="img" aria-label="{escape(figure.alt)}">{figure.svg}</div>'


def _moved(before: Decimal | None, after: Decimal | None) -> str:
    """Give a figure and, where it is other than on the form, by how much."""
    step = _step(before, after)
    return f"{_figure(after)} ({step})" if step else _figure(after)


def _step(before: Decimal | None, after: Decimal | None) -> str:
    """Give by how much a figure moved, with its sign; "" where it did not, or where one is missing."""
    if before is None or after is None or before == after:
        return ""
    return f"{'+' if after > before else '−'}{abs(after - before):f}"


class Scenarios(widgets.VBox):  # type: ignore[misc]
    """Keep what a panel shows under a name, and compare the form, the panel and what was kept."""

    def __init__(self, panel: Panel) -> None:
        self._panel = panel
        language = panel.language
        self._words = words = in_language("desk", language)
        self._cards: dict[str, Scorecard] = {}
        # sent whole, when it is left: letter by letter the last would arrive behind the button's click
        self.name = widgets.Text(description=words["name"], continuous_update=False)
        self.name.add_class("pk-scenario")
        self.keep = widgets.Button(description=words["keep"])
        self.keep.on_click(self._on_keep)
        self.said = widgets.HTML(layout={"height": "2em", "flex": "1 1 auto", "overflow": "hidden"})
        self.one, self.two = (
            widgets.Dropdown(options=[""], description=words[key]) for key in ("compare", "with")
        )
        self.compared = _box(words["compare"], _BELOW)
        self.compared.add_class("pk-compared")
        super().__init__(
            [
                widgets.HBox([self.name, self.keep, self.said]),
                widgets.HBox([self.one, self.two]),
                self.compared,
            ]
        )
        self._list(_AS_FORM, _NOW)
        for choice in (self.one, self.two):
            choice.observe(lambda _change: self.follow(), names="value")

    def _list(self, one: str, two: str) -> None:
        """Offer the form, the panel and every scenario of this project."""
        found = list(kept_of(self._panel.form))
        self._cards = {each.name: each.card for each in found}
        own = [(self._words["as_form"], _AS_FORM), (self._words["now"], _NOW)]
        for choice, value in ((self.one, one), (self.two, two)):
            choice.options = [*own, *((each.name, each.name) for each in found)]
            choice.value = value

    def _on_keep(self, _button: Any) -> None:
        panel, name = self._panel, self.name.value.strip()
        try:
            keep(panel.form, name, profile=panel.profile.value, language=panel.language)
        except PerfkitError as error:
            self.said.value = f"<span role='alert'>{escape('; '.join(self._lines(error)))}</span>"
            return
        self._list(self.one.value, name)
        self.follow()
        self.said.value = f"<span role='status'>{escape(self._words['is_kept'].format(name=name))}</span>"

    def _lines(self, error: PerfkitError) -> list[str]:
        return [line.strip() for line in error.told(self._panel.language).splitlines()[:2]]

    def _card(self, name: str) -> Scorecard:
        own = {_AS_FORM: self._panel.original, _NOW: self._panel.card}
        return own.get(name) or self._cards[name]

    def follow(self) -> None:
        """Set the two that are chosen side by side, as they stand now."""
        if self.one.value and self.two.value:
            cards = self._card(self.one.value), self._card(self.two.value)
            self.compared.value = self._table(*cards)

    def _table(self, one: Scorecard, two: Scorecard) -> str:
        language = self._panel.language
        shown = render(
            "compared",
            language,
            names=(self.one.label, self.two.label),
            totals=(one.total, two.total),
            grades=[views.grade(card.total.grade, language) for card in (one, two)],
            moved=_step(one.total.score, two.total.score) or _BLANK,
            rows=[row | {"moved": _step(row["score_1"], row["score_2"])} for row in differences(one, two)],
            same=self._words["same"],
        )
        return shown._repr_html_()


def panel(form: Form, profile: str = "", *, language: Language | None = None) -> Panel:
    """Show the what-if panel of a form; `panel.form` and `panel.card` are as changed at this moment.

    Profile and language are those of `perfkit.yaml` unless named.
    """
    need("form", Form, form)
    return Panel(form, profile or settings().profile, at_the_desk(language))
