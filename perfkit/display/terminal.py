"""Results in a terminal: aligned columns that know how wide Chinese is, colour for severity only."""

from __future__ import annotations

from functools import singledispatch
from io import StringIO
from typing import TYPE_CHECKING

from perfkit.checks import Findings
from perfkit.display import numerals, views
from perfkit.display.visible import visible
from perfkit.form import Form
from perfkit.narrative import Section, Story
from perfkit.profile import Profile
from perfkit.scoring import Scorecard

if TYPE_CHECKING:
    from rich.console import RenderableType

_WIDTH = 80


def text_of(result: object, *, width: int = _WIDTH) -> str:
    """Give a result as plain text, without colour, at most `width` columns wide."""
    from rich.console import Console

    out = StringIO()
    Console(file=out, width=width, color_system=None, legacy_windows=False).print(rich_of(result))
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines())


@singledispatch
def rich_of(result: object) -> RenderableType:
    """Give a result as something a rich console prints."""
    raise TypeError(f"no text is known for {type(result).__name__}")


@rich_of.register(Scorecard)
def _(card: Scorecard) -> RenderableType:
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None)
    for heading in ("", "指标", "分值", "得分", "说明"):
        table.add_column(heading)
    for row in views.lines(card):
        table.add_row(
            str(getattr(row, "number", "")),
            Text(views.row_name(row, "zh")),
            numerals.plain(row.weight),
            numerals.plain(row.score),
            Text(visible(row.explanation.zh)),
        )
    return table


@rich_of.register(Form)
@rich_of.register(Findings)
@rich_of.register(Story)
@rich_of.register(Section)
@rich_of.register(Profile)
def _(result: object) -> RenderableType:
    from rich.text import Text

    from perfkit.display.frames import frame_of

    return Text(frame_of(result).to_string())
