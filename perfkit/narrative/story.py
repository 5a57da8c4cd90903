"""The story of a report: sections of paragraphs, lists and tables that state only what the results hold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from perfkit.shown import Shown

if TYPE_CHECKING:
    from perfkit.language import Language

SectionKey = Literal[
    "summary",
    "execution",
    "dimensions",
    "deviations",
    "over_achievement",
    "previous",
    "review",
    "findings",
    "measures",
    "use",
]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Hold one paragraph of plain text; `lead` is its opening sentence, set apart by the layout."""

    text: str
    lead: str = ""


@dataclass(frozen=True, slots=True)
class Points:
    """Hold a list of items of plain text."""

    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """Hold a table of plain text: a heading row and body rows of the same length."""

    heading: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


Block = Paragraph | Points | Grid


@dataclass(frozen=True, slots=True)
class Section(Shown):
    """Hold one section of the story: its heading and its blocks."""

    key: SectionKey
    heading: str
    blocks: tuple[Block, ...]
    language: Language = "zh"


@dataclass(frozen=True, slots=True)
class Story(Shown):
    """Hold the story of one project; `headline` is the verdict in one line of words."""

    language: Language
    headline: str
    sections: tuple[Section, ...]

    def __getitem__(self, key: str) -> Section:
        """Give a section by its key; an empty one where the story has nothing to say on it."""
        for section in self.sections:
            if section.key == key:
                return section
        raise KeyError(key)
