"""The what-if panel (ipywidgets): change a value, and score, grade, story and figure follow.

The panel holds no rule: it hands the changed form to `perfkit.score` like anybody else, and shows the
difference from the form as it was handed in.
"""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from functools import cache
from html import escape
from importlib import resources
from typing import TYPE_CHECKING, Any

import ipywidgets as widgets
import yaml

import perfkit
from perfkit.desk.whatif import Change, changed
from perfkit.display import figures
from perfkit.display.html import html_of
from perfkit.display.views import beside
from perfkit.params import DEFAULTS, load_params
from perfkit.profile import profile_names
from perfkit.readers import read_all
from perfkit.scoring import RowScore, Scorecard, score
from perfkit.workspace import find_workspace, resolve

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping
    from pathlib import Path

    from perfkit.form import Form
    from perfkit.language import Language

_BLANK = "—"
RATINGS = ("", "met", "partly", "missed")
_WIDTHS = {
    "": "3em",
    "name": "minmax(8em, 2fr)",
    "target": "minmax(6em, 1fr)",
    "actual": "minmax(7em, 1fr)",
    "rating": "7em",
    "score": "5em",
    "now": "minmax(7em, 1fr)",
    "review": "minmax(5em, 1fr)",
}


@cache
def _words(language: Language) -> Mapping[str, str]:
    text = resources.files("perfkit.desk").joinpath("words.yaml").read_text(encoding="utf-8")
    words: Mapping[str, str] = yaml.safe_load(text)[language]
    return words


class Picker(widgets.VBox):  # type: ignore[misc]
    """Choose a project: a params file of the workspace, or a form of a folder.

    `form` is the chosen one as read; `profile` is that of its params, or the default for a bare form.
    """

    def __init__(self, language: Language = "zh", folder: str | os.PathLike[str] | None = None) -> None:
        self._of_params = folder is None
        files = sorted((find_workspace() / "params").glob("*.yaml")) if folder is None else _forms(folder)
        self._files = {path.stem if self._of_params else path.name: path for path in files}
        self.choice = widgets.Dropdown(options=list(self._files), description=_words(language)["project"])
        self.choice.add_class("pk-project")
        super().__init__([self.choice])

    @property
    def form(self) -> Form:
        """Give the chosen project's form; of a file that holds several, the first."""
        chosen = self._files[self.choice.value]
        return read_all(load_params(chosen).form if self._of_params else chosen)[0]

    @property
    def profile(self) -> str:
        """Give the profile that the chosen project's params name."""
        chosen = self._files[self.choice.value]
        return load_params(chosen).profile if self._of_params else str(DEFAULTS["profile"])


def _forms(folder: str | os.PathLike[str]) -> list[Path]:
    return sorted(path for path in resolve(folder).iterdir() if path.is_file() and path.name[0] not in ".~")


def pick(language: Language = "zh", folder: str | os.PathLike[str] | None = None) -> Picker:
    """Show the projects of params/ to choose from, or the forms of a folder (Excel, Word, PDF, …)."""
    return Picker(language, folder)


class _Row:
    """Hold the widgets of one indicator: what can be changed, and the score that follows."""

    def __init__(self, row: RowScore, words: Mapping[str, str], on_change: Any) -> None:
        self.number = row.number
        printed = row.indicator
        self._printed_actual = printed.actual or ""
        self.actual = widgets.Text(self._printed_actual, continuous_update=False, layout=_FILL)
        self.actual.add_class(f"pk-actual-{row.number}")
        self.rating = widgets.Dropdown(
            options=[(words[key or "unrated"], key) for key in RATINGS],
            value=printed.rating or "",
            layout=_FILL,
        )
        self.score = widgets.Text(
            "", placeholder=_figure(printed.score), continuous_update=False, layout=_FILL
        )
        self.result = widgets.HTML()
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
        self._printed_rating = printed.rating or ""
        for widget in (self.actual, self.rating, self.score):
            widget.observe(on_change, names="value")

    @property
    def change(self) -> Change | None:
        """Give what the analyst changed on this row, or None."""
        points = _decimal(self.score.value)
        if (self.actual.value, self.rating.value, points) == (
            self._printed_actual,
            self._printed_rating,
            None,
        ):
            return None
        return Change(self.actual.value, self.rating.value or None, points)

    def reset(self) -> None:
        """Put the printed values back."""
        self.actual.value, self.rating.value, self.score.value = (
            self._printed_actual,
            self._printed_rating,
            "",
        )


def _review(row: RowScore) -> str:
    """Give what the review of the form as handed in says of a row: score and opinion."""
    said = (_figure(row.review) if row.review is not None else "", escape(row.indicator.opinion or ""))
    return "<br>".join(part for part in said if part) or _BLANK


_FILL = {"width": "auto"}
_MOST_POINTS = 1000


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
        self._words = _words(language)
        self._quiet = False
        self.form = form
        self._before = self.card = score(form, profile)
        self.profile = widgets.Dropdown(
            options=_profiles(profile), value=profile, description=self._words["profile"]
        )
        self._reset = widgets.Button(description=self._words["reset"])
        self._reset.on_click(self._on_reset)
        self.rows = [_Row(row, self._words, self._on_change) for row in self.card.indicators]
        self.profile.observe(self._on_change, names="value")
        self.total = widgets.HTML()
        self.total.add_class("pk-total")
        self.story = widgets.HTML()
        self.figure = widgets.HTML()
        super().__init__(
            [widgets.HBox([self.profile, self._reset]), self.total, self._grid(), self.figure, self.story]
        )
        self._follow()

    def _grid(self) -> widgets.GridBox:
        reviewed = not {"review", "opinion"}.isdisjoint(beside(self._original))
        columns = [column for column in _WIDTHS if reviewed or column != "review"]
        cells = [widgets.HTML(f"<b>{self._words[column] if column else ''}</b>") for column in columns]
        cells += [cell for row in self.rows for cell in row.cells[: len(columns)]]
        widths = " ".join(_WIDTHS[column] for column in columns)
        return widgets.GridBox(cells, layout={"grid_template_columns": widths, "grid_gap": "2px 8px"})

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

    def _total(self, card: Scorecard) -> str:
        words, before = self._words, self._before.total
        return (
            f"<p style='font-size:1.4em'>{words['total']} <b>{_moved(before.score, card.total.score)}</b>"
            f" · {words['grade']} <b>{escape(card.total.grade or _BLANK)}</b>"
            f" <small>({words['as_form']} {_figure(before.score)} {escape(before.grade or _BLANK)})"
            "</small></p>"
        )


def _picture(figure: Any) -> str:
    return f'<div role="img" aria-label="{escape(figure.alt)}" style="max-width:44em">{figure.svg}</div>'


def _moved(before: Decimal | None, after: Decimal | None) -> str:
    """Give a figure and, where it is other than on the form, by how much."""
    if before is None or after is None or before == after:
        return _figure(after)
    step = after - before
    return f"{_figure(after)} ({'+' if step > 0 else '−'}{abs(step):f})"


def _profiles(chosen: str) -> list[str]:
    return list(dict.fromkeys([chosen, *profile_names()]))


def panel(form: Form, profile: str = "mof-2020", *, language: Language = "zh") -> Panel:
    """Show the what-if panel of a form; `panel.form` and `panel.card` are as changed at this moment."""
    return Panel(form, profile, language)
