"""The body of a report as a small typed tree, which the PDF and the Word file are both written from.

The tidy page (`body`) has a few dozen kinds of HTML element; on paper there are a dozen kinds of block and
half a dozen kinds of inline content. What is text stays text here, down to the last character, so that no
writer can take it for markup. Nothing is measured and nothing is styled: that is the writers' part.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from perfkit.publish.formulas import Formula

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from perfkit.publish.images import Picture

Style = Literal["strong", "em", "code", "sub", "sup", "strike", "under", "small", "loss", "quiet"]
Severity = Literal["", "error", "warning", "info"]
Kind = Literal["", "headline", "subtitle", "lead", "note"]


@dataclass(frozen=True, slots=True)
class Styled:
    """Hold inline content that looks different from its surroundings."""

    style: Style
    content: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Link:
    """Hold a link: `to` is an address, or `#` and the name of an anchor."""

    to: str
    content: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """Hold the small sign of a finding beside a row; `to` leads to the finding, or is ""."""

    severity: Severity
    to: str
    content: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Anchor:
    """Mark the place that a link of the report leads to."""

    name: str


@dataclass(frozen=True, slots=True)
class Break:
    """End a line."""


@dataclass(frozen=True, slots=True)
class Image:
    """Hold a picture with its description."""

    picture: Picture
    alt: str


Inline: TypeAlias = "str | Styled | Link | Mark | Anchor | Break | Image | Formula"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Hold a paragraph; its kind says what it does: a lead sentence, a note."""

    content: tuple[Inline, ...]
    kind: Kind = ""


@dataclass(frozen=True, slots=True)
class Heading:
    """Hold a heading of level 1 to 6; no level is skipped."""

    level: int
    content: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Items:
    """Hold a list; `start` is the number of the first item, 0 where the items have none."""

    items: tuple[tuple[Block, ...], ...]
    start: int = 0


@dataclass(frozen=True, slots=True)
class Finding:
    """Hold one finding of the list of findings."""

    severity: Severity
    content: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """Hold a term with what is said of it; `long` where that is too long for large type."""

    term: tuple[Inline, ...]
    answers: tuple[tuple[Block, ...], ...]
    long: bool = False


@dataclass(frozen=True, slots=True)
class Definitions:
    """Hold pairs of term and answer: the key figures of the title block, the provenance, others."""

    pairs: tuple[Pair, ...]
    kind: Literal["", "figures", "provenance"] = ""


@dataclass(frozen=True, slots=True)
class Code:
    """Hold preformatted text; `python` where it is source code of the notebook."""

    text: str
    python: bool = False


@dataclass(frozen=True, slots=True)
class Quotation:
    """Hold quoted blocks."""

    content: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Failure:
    """Hold what a step that failed left in the report."""

    content: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """Draw a line across the page."""


@dataclass(frozen=True, slots=True)
class Figure:
    """Hold a picture, or several, with the caption below."""

    content: tuple[Block, ...]
    caption: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Form:
    """Hold the section of the official form: its heading, its tables, what stands below them."""

    content: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """Hold a cell of a table with its column and the columns and rows it covers."""

    content: tuple[Block, ...]
    column: int
    across: int = 1
    down: int = 1
    heads: Literal["", "row", "column"] = ""
    align: Literal["", "right", "center"] = ""
    tone: Literal["", "loss", "blank"] = ""
    number: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """Hold a row of a table; `foot` where it sums up those above."""

    cells: tuple[Cell, ...]
    foot: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Hold a table: rows that head it, the others, its caption; `official` keeps the form's frame."""

    head: tuple[Row, ...]
    body: tuple[Row, ...]
    caption: tuple[Inline, ...]
    official: bool = False

    @property
    def rows(self) -> tuple[Row, ...]:
        """Give all rows."""
        return self.head + self.body

    @property
    def columns(self) -> int:
        """Give the number of columns."""
        return max((cell.column + cell.across for row in self.rows for cell in row.cells), default=0)


Block: TypeAlias = (
    "Paragraph | Heading | Items | Finding | Definitions | Code | Quotation | Failure | Rule | Figure | Form"
    " | Table | Anchor"
)


@dataclass(frozen=True, slots=True)
class Blocks:
    """Hold the blocks of a report, and the names that its links can lead to."""

    content: tuple[Block, ...]
    anchors: frozenset[str]


def texts_in(node: Any) -> Iterator[str]:
    """Give every text that a block, inline content or a tuple of them shows, in reading order."""
    if isinstance(node, str):
        yield node
    elif isinstance(node, tuple):
        for part in node:
            yield from texts_in(part)
    elif isinstance(node, Code | Formula):
        yield node.text if isinstance(node, Code) else node.characters
    elif not isinstance(node, Anchor | Break | Image | Rule):
        for name in _SHOWN[type(node)]:
            yield from texts_in(getattr(node, name))


def with_images(node: Any, change: Callable[[Image], Inline]) -> Any:
    """Give a block, inline content or a tuple of them with what stands in the place of each picture."""
    if isinstance(node, Image):
        return change(node)
    if isinstance(node, tuple):
        return tuple(with_images(part, change) for part in node)
    names = _SHOWN.get(type(node), ())
    return (
        replace(node, **{name: with_images(getattr(node, name), change) for name in names}) if names else node
    )


_PARTS = ("caption", "term", "head", "body", "cells", "pairs", "items", "content", "answers")
_SHOWN = {
    kind: [name for name in _PARTS if name in kind.__slots__]
    for kind in (
        *(Styled, Link, Mark, Paragraph, Heading, Items, Finding, Pair, Definitions, Quotation, Failure),
        *(Figure, Form, Cell, Row, Table),
    )
}
