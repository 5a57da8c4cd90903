"""The result of a roll-up: the units with their shares, the whole, and how each figure of it came about."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from perfkit import Shown

if TYPE_CHECKING:
    from decimal import Decimal

    from perfkit.form import Form
    from perfkit.language import Text
    from perfkit.profile import Profile
    from perfkit.scoring import ExecutionScore, RowScore, Scorecard, Total


class Rule(StrEnum):
    """Say how the cells of the units became one.

    `SUM`, `MEAN` and `MONEY_WEIGHTED` combine figures. `KEPT`: all units print the same. `JOINED`: each
    unit's words stand after its name. `LEFT`: they cannot be combined, so that the cell is blank.
    """

    SUM = "sum"
    MEAN = "mean"
    MONEY_WEIGHTED = "money_weighted"
    KEPT = "kept"
    JOINED = "joined"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class Unit:
    """Hold one unit's part (实施单位): its `name` among the others, its form and that form's own scorecard.

    `budget` is what its execution rate is measured against, in 元; `share` its part of the whole, from 0
    to 1: by money, or equal where the profile averages totals; None where there is no money to share by.
    """

    name: str
    form: Form
    card: Scorecard
    budget: Decimal | None
    share: Decimal | None = None

    def to_dict(self) -> dict[str, Any]:
        """Give the unit with its own score, figures as text."""
        return {
            "unit": self.name,
            "file": self.form.source.file,
            "budget": _text(self.budget),
            "share": _text(self.share),
            "score": _text(self.card.total.score),
            "grade": self.card.total.grade,
        }


@dataclass(frozen=True, slots=True)
class Cell:
    """Hold where a cell of the summed form comes from.

    `path` is the cell's address in the form (`budget.total.executed`, `indicators[3].actual`, counted
    from 0), `text` what stands there now, `parts` each unit's name with what it prints (None: nothing),
    `rule` how they became one, and `explanation` says so in words.
    """

    path: str
    text: str | None
    rule: Rule
    parts: tuple[tuple[str, str | None], ...]
    explanation: Text

    def to_dict(self, language: str = "zh") -> dict[str, Any]:
        """Give the cell with its parts."""
        return {
            "path": self.path,
            "text": self.text,
            "rule": str(self.rule),
            "units": [{"unit": unit, "text": text} for unit, text in self.parts],
            "explanation": self.explanation[language],
        }


@dataclass(frozen=True, slots=True)
class Line:
    """Hold one line of the whole: the budget line (`number` None) or an indicator.

    `parts` are the units' own scores of the line in the units' order, None for a unit that does not have
    it. `explanation` says how the units' figures became one and how the points came about.
    """

    number: int | None
    name: str | None
    level1: str | None
    level2: str | None
    weight: Decimal | None
    score: Decimal | None
    parts: tuple[RowScore | ExecutionScore | None, ...]
    explanation: Text

    def to_dict(self, units: tuple[Unit, ...], language: str = "zh") -> dict[str, Any]:
        """Give the line with each unit's own score of it."""
        return {
            "number": self.number,
            "level1": self.level1,
            "level2": self.level2,
            "name": self.name,
            "weight": _text(self.weight),
            "score": _text(self.score),
            "units": [
                {"unit": unit.name, "weight": _text(part.weight), "score": _text(part.score)}
                for unit, part in zip(units, self.parts, strict=True)
                if part is not None
            ],
            "explanation": self.explanation[language],
        }


@dataclass(frozen=True, slots=True)
class Note:
    """Hold what a reader must know of a roll-up: a row that only some units have, a cell left blank.

    `key` names the kind of note; `row` the indicator's number in the whole, from 1, None for all of it.
    """

    key: str
    said: Text
    row: int | None = None

    def to_dict(self, language: str = "zh") -> dict[str, Any]:
        """Give the note in one language."""
        return {"key": self.key, "row": self.row, "said": self.said[language]}


@dataclass(frozen=True, slots=True)
class RollUp(Shown):
    """Hold several units' forms of one project as one result (多单位汇总).

    `form` and `card` are the summed form and its scorecard, None where the profile scores first; `total`
    is the total of the whole (总分) either way. `lines` are the budget line and the indicators, `cells`
    where each cell of the summed form comes from, `notes` what had to be left or decided.
    """

    project: str
    year: int | None
    profile: Profile
    units: tuple[Unit, ...]
    lines: tuple[Line, ...]
    total: Total
    form: Form | None = None
    card: Scorecard | None = None
    cells: tuple[Cell, ...] = ()
    notes: tuple[Note, ...] = ()

    def cell(self, path: str) -> Cell | None:
        """Give where a cell of the summed form comes from, None where one unit alone printed it."""
        return next((cell for cell in self.cells if cell.path == path), None)

    def to_dict(self, language: str = "zh") -> dict[str, Any]:
        """Give the roll-up as `perfkit rollup --format json` prints it: figures as text."""
        return {
            "project": self.project,
            "year": self.year,
            "profile": self.profile.name,
            "order": self.profile.roll_up.order,
            "units": [unit.to_dict() for unit in self.units],
            "lines": [line.to_dict(self.units, language) for line in self.lines],
            "total": self.total.to_dict() | {"explanation": self.total.explanation[language]},
            "form": None if self.form is None else self.form.to_dict(),
            "scorecard": None if self.card is None else self.card.to_dict(language),
            "cells": [cell.to_dict(language) for cell in self.cells],
            "notes": [note.to_dict(language) for note in self.notes],
        }


def _text(figure: Decimal | None) -> str | None:
    return None if figure is None else f"{figure:f}"
