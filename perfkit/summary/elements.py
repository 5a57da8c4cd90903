"""The parts of a summary, each of which shows itself in a notebook: title, prose, table, picture.

A table longer than a person reads prints its head and its end, and says where the rest is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

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
