"""The two languages perfkit speaks, and a text that exists in both.

Whatever perfkit says to a reader (an explanation, a finding, a heading) is made in Chinese and in
English at once, from the same data, so that the two can never tell different stories.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")


@dataclass(frozen=True, slots=True)
class Text:
    """Hold one statement in Chinese (`zh`) and in English (`en`); `text["zh"]` picks one."""

    zh: str
    en: str

    def __getitem__(self, language: str) -> str:
        return self.zh if language == "zh" else self.en

    def __str__(self) -> str:
        return self.zh

    def __bool__(self) -> bool:
        return bool(self.zh or self.en)
