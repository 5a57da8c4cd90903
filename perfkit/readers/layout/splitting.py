"""Where one form ends and the next begins, in a book, a page or a document that holds several.

A form has one project name, one money table, one title. The second of a kind starts the next form,
and a title stands before what it names.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfkit.readers.layout.budget import is_money_table
from perfkit.readers.layout.columns import budget_columns, indicator_columns, is_listing
from perfkit.readers.layout.words import is_blank, is_title, label_role

if TYPE_CHECKING:
    from collections.abc import Sequence
    from collections.abc import Set as AbstractSet

    from perfkit.readers.layout.columns import Columns
    from perfkit.readers.layout.stream import Line


_ALIAS = 2
_TITLE_LINES = 3


def split_forms(lines: Sequence[Line]) -> list[list[Line]]:
    """Split the lines of a document into those of each form, in order; text that is no form is dropped."""
    lines = _without_listings(lines)
    parts: list[list[Line]] = [[]]
    seen: set[str] = set()
    lines, openings = _by_project(lines)
    own: set[int] = set()
    for number, line in enumerate(lines):
        marks = _marks(lines, number)
        if number in openings:
            own.add(len(parts))
        if number in openings or _opens(marks, seen):
            parts.append([])
            seen = set()
        parts[-1].append(line)
        seen |= marks
    return _merged(parts, own)


def _by_project(lines: Sequence[Line]) -> tuple[list[Line], set[int]]:
    """Give each project of a table of several the heading again; tell the numbers of these lines."""
    given: list[Line] = []
    openings: set[int] = set()
    heading: Sequence[Line] = ()
    columns: Columns | None = None
    project = ""
    for number, line in enumerate(lines):
        found = indicator_columns(lines, number)
        if found is not None:
            columns, heading, project = found, lines[number : number + found.height], ""
        elif columns is not None and line.grid != heading[0].grid:
            columns = None
        cell = columns.cell(line, "project") if columns is not None and line not in heading else None
        if cell is not None and not is_blank(cell.text) and cell.text != project:
            if project:
                openings.add(len(given))
                given.extend(heading)
            project = cell.text
        given.append(line)
    return given, openings


def _without_listings(lines: Sequence[Line]) -> list[Line]:
    """Leave out lists of projects, a row each, as books of many forms have on their first sheet."""
    kept: list[Line] = []
    listing: int | None = None
    for number, line in enumerate(lines):
        if is_listing(line) and indicator_columns(lines, number) is None:
            listing = line.grid
        elif listing is not None and (line.grid != listing or _marks(lines, number)):
            listing = None
        if listing is None:
            kept.append(line)
    return kept


def _marks(lines: Sequence[Line], number: int) -> set[str]:
    line = lines[number]
    marks: set[str] = set()
    # a bare 项目 is a label only where it opens its line; elsewhere it is a word
    labels = [(n, match) for n, k in enumerate(line.keys) if (match := label_role(k))]
    roles = {match.role for n, match in labels if n == 0 or match.rank < _ALIAS}
    if "project" in roles and indicator_columns(lines, number) is None:
        marks.add("project")
    if len(line.starts) == 1 and is_title(line.texts[0]):
        marks.add("title")
    money = budget_columns(lines, number)
    if money is not None and is_money_table(lines, number, money):
        marks.add("budget")
    if indicator_columns(lines, number) is not None:
        marks.add("table")
    return marks


def _opens(marks: set[str], seen: set[str]) -> bool:
    content = seen & {"project", "budget", "table"}
    if "title" in marks:
        return bool(content)
    if "project" in marks:
        return bool(seen & {"project", "table"})
    return "budget" in marks and bool(seen & {"budget", "table"})


def _merged(parts: Sequence[list[Line]], own: AbstractSet[int]) -> list[list[Line]]:
    """Give back to a form what a repeated title cut off; drop what is no form at all."""
    forms: list[list[Line]] = []
    heads: list[list[Line]] = []
    title: list[Line] = []
    for number, part in enumerate(parts):
        if number in own:  # the next project of a table of several, under the same title
            forms.append([*title, *part])
            continue
        marks = set().union(*(_marks(part, number) for number in range(len(part)))) if part else set()
        title = [line for line in part[:_TITLE_LINES] if len(line.starts) == 1]
        if marks & {"project", "budget"}:
            forms.append([line for head in heads for line in head] + part)
            heads = []
        elif forms and marks & {"table"}:
            forms[-1].extend(part)
        elif "table" in marks:
            forms.append(part)
            heads = []
        else:
            heads = [part]
    return forms
