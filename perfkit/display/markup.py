"""How a fragment of HTML or SVG is made: everything escaped, everything visible.

Whatever a Jinja2 template prints passes `_shown` first: a missing value is a dash, a form's text has its
control and bidi characters made visible and right-to-left text set apart (`<bdi>`), and Jinja escapes the
rest. `bars` draws how scores, rates and losses of many projects are spread.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, partial
from html import escape
from importlib.resources import files
from typing import TYPE_CHECKING

from jinja2 import pass_context
from markupsafe import Markup

from perfkit.display.views import label
from perfkit.text.figures import amount, beside, carried, fixed, percent, plain, rate
from perfkit.text.folding import one_line, reads_right_to_left, visible

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from jinja2 import Environment
    from jinja2.runtime import Context

    from perfkit.language import Language


@dataclass(frozen=True, slots=True)
class Html:
    """Hold a fragment of HTML5 that shows itself in a notebook; `name` says which."""

    name: str
    text: str

    def _repr_html_(self) -> str:
        return styled(self.text)

    def __str__(self) -> str:
        return self.text

    def __html__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return f"<Html {self.name}>"


def styled(text: str) -> str:
    """Give a fragment with the small style that makes it decent in a bare notebook, light or dark."""
    return f"<style>{_style()}</style>{text}"


@cache
def _style() -> str:
    return _template("notebook.css").replace("\n", "")


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
    environment.globals["missing"] = None
    said = {"plain": carried, "points": plain, "amount": amount, "percent": percent, "rate": rate}
    environment.filters |= {name: partial(_figure, say) for name, say in said.items()}
    environment.filters |= {"attribute": _attribute, "prose": _prose, "beside": _beside}
    return environment


def _template(name: str) -> str:
    return (files("perfkit.display") / "templates" / name).read_text(encoding="utf-8")


@pass_context
def _shown(context: Context, value: object) -> object:
    """Make a printed value safe to look at; markup made by a template passes as it is."""
    if hasattr(value, "__html__"):
        return value
    if value is None or value == "":
        return Markup('<span class="blank">—</span>')
    if isinstance(value, Decimal):
        return carried(value)
    return _safe(value, str(context.get("lang"))) if isinstance(value, str) else value


def _safe(value: str, language: str) -> Markup:
    """Give a text escaped, its hidden characters visible, other scripts set apart and named.

    Right-to-left text stands in `<bdi>`; Chinese in an English page is marked as Chinese, so that a
    screen reader changes its voice and a browser picks the right glyphs.
    """
    text = Markup.escape(visible(value))
    if language != "zh":
        text = Markup(_CHINESE.sub(r'<span lang="zh">\g<0></span>', str(text)))  # noqa: S704 - escaped above
    return Markup("<bdi>{}</bdi>").format(text) if reads_right_to_left(value) else text


_CHINESE = re.compile(
    r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]"
    r"(?:[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff0-9“”‘’…·%]*"
    r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff])?"
)


def _figure(say: Callable[[Decimal | None], str], value: Decimal | None) -> str | None:
    """Say a figure, and leave a missing one to the dash that stands for whatever is missing."""
    return None if value is None else say(value)


def _beside(value: Decimal | None, *printed: Decimal | None) -> str | None:
    """Say points with the decimals of those that the form prints beside them."""
    return None if value is None else beside(value, *printed)


def _attribute(value: str | None) -> Markup:
    """Give a text for use inside an attribute: one line, escaped, without elements."""
    return Markup.escape(one_line(value or ""))


@pass_context
def _prose(context: Context, value: str | None) -> Markup | None:
    """Give a longer text with its line ends kept as breaks."""
    lines = [line.strip() for line in (value or "").splitlines() if line.strip()]
    return Markup("<br>").join(_safe(line, str(context.get("lang"))) for line in lines) or None


WIDTH, LEFT, RIGHT, ROW = 300, 92, 46, 22
FILLS = {"": "#1d4e79", "loss": "#8a5a00"}  # where the page has no style of its own for a bar


def bars(title: str, values: Sequence[tuple[str, Decimal | int]], *, digits: int = 0, kind: str = "") -> str:
    """Draw horizontal bars with their figures; the alt sentence names them all."""
    most = max((value for _, value in values), default=0) or 1
    room = WIDTH - LEFT - RIGHT
    parts = []
    for number, (name, value) in enumerate(values):
        top = number * ROW
        length, figure = max(room * float(value / most), 1 if value else 0), fixed(value, digits)
        parts.append(
            f'<text x="{LEFT - 8}" y="{top + 15}" text-anchor="end">{escape(name)}</text>'
            f'<rect x="{LEFT}" y="{top + 4}" width="{length:.1f}" height="{ROW - 8}" '
            f'class="{kind}" fill="{FILLS[kind]}"/>'
            f'<text x="{LEFT + length + 6:.1f}" y="{top + 15}">{figure}</text>'
        )
    told = ", ".join(f"{name} {fixed(value, digits)}" for name, value in values)
    alt = escape(
        f"{title}{'. ' if title.isascii() else '。'}{told}", quote=True
    )  # a caption ends at the stop
    height = max(len(values), 1) * ROW
    return (
        f'<svg viewBox="0 0 {WIDTH} {height}" role="img" aria-label="{alt}" font-family="sans-serif" '
        f'font-size="11" fill="currentColor" '
        f'xmlns="http://www.w3.org/2000/svg">{"".join(parts)}</svg>'
    )
