"""Why a row was judged as it was: both cells token by token, the rule by name, and the words that decided.

A word decides where the verdict would be another without it; that is tried, word by word.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from perfkit.language import LANGUAGES, Text
from perfkit.text import fold_cell, say
from perfkit.values.cell import likely
from perfkit.values.reading import read_row, row_cells
from perfkit.values.terms import Flag
from perfkit.values.tokens import Token, tokens

if TYPE_CHECKING:
    from collections.abc import Iterator

    from perfkit.form import Indicator
    from perfkit.language import Language
    from perfkit.values.cell import Cell
    from perfkit.values.reading import Actual, Reading, Target

_STATES = frozenset({
    "not_applicable", "unknown", "bad", "handled", "sound", "over", "absent", "present", "partly", "ongoing",
    "missed", "done", "reached", "good", "whole", "on_time", "strong", "weak",
})  # fmt: skip
_PLAIN = frozenset({"figure", "date", "sign", "echo", "unknown", "operator"})


class Why(NamedTuple):
    """Hold the reading of a row with the tokens of both cells and the words that decided."""

    reading: Reading
    target: tuple[Token, ...]
    actual: tuple[Token, ...]
    deciding: tuple[str, ...]

    def lines(self, language: Language, head: Text | None = None) -> Iterator[str]:
        """Tell it line by line in a language."""
        if head is not None:
            yield head[language]
        for side, found in (("target", self.target), ("actual", self.actual)):
            cell: Target | Actual = getattr(self.reading, side)
            yield f"{say(f'values.{side}')[language]}  {cell.text or say('values.blank')[language]}"
            yield from (
                f"    {token.text}  {_kind(token)[language]}" for token in found if token.text.strip()
            )
        yield from (f"{label[language]}  {text[language]}" for label, text in self._told())

    def _told(self) -> Iterator[tuple[Text, Text]]:
        reading = self.reading
        if reading.rule:
            name = Text(*[f"{say(f'values.rule.{reading.rule}')[one]} ({reading.rule})" for one in LANGUAGES])
            yield say("values.by"), name
        if reading.working:
            yield say("values.working"), Text(reading.working, reading.working)
        if self.deciding:
            yield say("values.deciding"), _listed([*self.deciding])
        yield from self._not_accounted_for()
        meant = [likely(fold_cell(cell.text)) for cell in (reading.target, reading.actual)]
        if Flag.SCAN_SUSPECT in reading.flags and any(meant):
            text = "、".join(filter(None, meant))
            yield say("values.likely"), Text(text, text)
        verdict, basis = say(f"values.verdict.{reading.verdict}"), say(f"values.basis.{reading.basis}")
        yield say("values.conclusion"), say("values.told", verdict=verdict, basis=basis)

    def _not_accounted_for(self) -> Iterator[tuple[Text, Text]]:
        """Tell what keeps the verdict from being sure: words of the actual, and demands of the target."""
        actual = fold_cell(self.reading.actual.text)
        unknown = [words for words in self.reading.unknown if words in actual]
        unanswered = [words for words in self.reading.unknown if words not in actual]
        if unknown:
            yield say("values.unknown"), _listed(unknown)
        if unanswered:
            yield say("values.unanswered"), _listed(unanswered)


def _listed(words: list[str]) -> Text:
    return Text("、".join(words), ", ".join(words))


def _kind(token: Token) -> Text:
    """Say what sort of token it is, in the few words that matter to a reader."""
    kind = token.kind
    if kind not in _PLAIN:
        kind = "state" if kind in _STATES else "ladder" if kind in {"levels", "stages"} else "neutral"
    return say(f"values.token.{kind}")


def explain_row(row: Indicator, year: int | None = None) -> Why:
    """Explain the reading of an indicator's row; `year` is the form's. Never raises, whatever the texts.

    `deciding` are the tokens, target first, without which the verdict would be another; each is tried, so
    that this costs a reading a token.
    """
    reading = _read(row.target, row.actual, row, year)
    target, actual = row_cells(row.target, row.actual, name=row.name, level1=row.level1, level2=row.level2)
    name = row.name or ""
    asked = tuple(tokens(target, f"{name}{actual.text}"))
    told = tuple(tokens(actual, f"{name}{target.text}"))
    return Why(reading, asked, told, tuple(dict.fromkeys(_deciding(row, year, reading, (target, actual)))))


def _deciding(row: Indicator, year: int | None, reading: Reading, cells: tuple[Cell, Cell]) -> Iterator[str]:
    """Give the tokens without which the verdict would be another."""
    for side, cell in enumerate(cells):
        place = 0
        for token in tokens(cell, ""):
            start = cell.text.index(token.text, place)
            place = start + len(token.text)
            if token.kind == "sign":
                continue
            texts = [one.text for one in cells]
            texts[side] = f"{cell.text[:start]}{cell.text[place:]}"
            if _read(texts[0], texts[1], row, year).verdict is not reading.verdict:
                yield token.text


def _read(target: str | None, actual: str | None, row: Indicator, year: int | None) -> Reading:
    return read_row(
        target, actual, name=row.name, level1=row.level1, level2=row.level2, year=year, rating=row.rating
    )
