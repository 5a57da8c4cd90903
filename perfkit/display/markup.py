"""How a fragment of HTML is made: a Jinja2 template, everything escaped, everything visible.

Whatever a template prints passes `_shown` first: a missing value is a dash, a form's text has its control
and bidi characters made visible and right-to-left text set apart (`<bdi>`), and Jinja escapes the rest.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cache, partial
from importlib.resources import files
from typing import TYPE_CHECKING

from markupsafe import Markup

from perfkit.display import numerals
from perfkit.display.labels import label
from perfkit.display.visible import one_line, reads_right_to_left, visible

if TYPE_CHECKING:
    from jinja2 import Environment

    from perfkit.language import Language


@dataclass(frozen=True, slots=True)
class Html:
    """Hold a fragment of HTML5 that shows itself in a notebook; `name` says which."""

    name: str
    text: str

    def _repr_html_(self) -> str:
        return self.text

    def __str__(self) -> str:
        return self.text

    def __html__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return f"<Html {self.name}>"


def render(name: str, language: Language, **values: object) -> Html:
    """Fill in the template `name` in a language."""
    template = _environment().get_template(f"{name}.html.j2")
    return Html(name, template.render(lang=language, t=partial(label, language=language), **values))


@cache
def _environment() -> Environment:
    from jinja2 import Environment, FunctionLoader, StrictUndefined

    environment = Environment(
        loader=FunctionLoader(_template),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
        finalize=_shown,
    )
    environment.filters |= {
        "plain": numerals.plain,
        "points": numerals.points,
        "amount": numerals.amount,
        "percent": numerals.percent,
        "rate": numerals.rate,
        "attribute": _attribute,
        "prose": _prose,
    }
    return environment


def _template(name: str) -> str:
    return (files("perfkit.display") / "templates" / name).read_text(encoding="utf-8")


def _shown(value: object) -> object:
    """Make a printed value safe to look at; markup made by a template passes as it is."""
    if value is None or value == "":
        return Markup('<span class="blank">—</span>')
    if isinstance(value, Decimal):
        return numerals.plain(value)
    if not isinstance(value, str) or hasattr(value, "__html__"):
        return value
    return _safe(value)


def _safe(value: str) -> Markup:
    """Give a text escaped, its hidden characters visible, right-to-left text set apart."""
    text = visible(value)
    return Markup("<bdi>{}</bdi>").format(text) if reads_right_to_left(text) else Markup.escape(text)


def _attribute(value: str | None) -> Markup:
    """Give a text for use inside an attribute: one line, escaped, without elements."""
    return Markup.escape(one_line(value or ""))


def _prose(value: str | None) -> Markup | None:
    """Give a longer text with its line ends kept as breaks."""
    lines = [line.strip() for line in (value or "").splitlines() if line.strip()]
    return Markup("<br>").join(_safe(line) for line in lines) or None
