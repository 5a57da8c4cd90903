"""What moved between two runs, and what it did to the score."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from perfkit.batch.ledger import Ledger
from perfkit.errors import Fault, SettingsError
from perfkit.language import Text, spoken
from perfkit.text import say
from perfkit.text.figures import plain
from perfkit.workspace import shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from perfkit.batch.results import Row

    Results = Mapping[str, list[Row]]

FIELDS = ("target", "actual", "weight", "declared", "computed", "score", "status", "review")
HEADS = ("score", "grade", "executed", "adjusted", "rate", "review")


@dataclass(frozen=True, slots=True)
class Move:
    """Hold one thing that differs: in a project's head, on an indicator row (`number`), or a finding.

    `effect` is what it did to the score, in points, where that can be told.
    """

    name: str
    what: Text
    before: Text | str
    after: Text | str
    effect: Decimal | None = None
    number: int | None = None

    def __str__(self) -> str:
        language = spoken()
        place = say("batch.move.at", name=self.name, number=self.number) if self.number else self.name
        before, after = (_in(side, language) or "—" for side in (self.before, self.after))
        effect = f" ({self.effect:+f})" if self.effect else ""
        what = _in(self.what, language)
        return say("batch.move.line", place=place, what=what, before=before, after=after, effect=effect)[
            language
        ]


def _in(words: Text | str, language: str) -> str:
    return words if isinstance(words, str) else words[language]


def diff(before: str | int, after: str | int, out: str | Path = "reports") -> list[Move]:
    """Compare the state after one run with that after another; `latest` and `previous` name the last two.

    Raises:
        SettingsError: there is no such run.
        MachineError: the ledger is damaged.
    """
    moves: list[Move] = []
    with Ledger.of(out) as ledger:
        old, new = (ledger.last_made(_run(wanted, ledger)) for wanted in (before, after))
        for name in sorted(new):
            if old.get(name) != new[name]:
                now = ledger.rows_of(new[name])
                if name in old:
                    was = ledger.rows_of(old[name])
                    moves += [*_head(was, now), *rows(name, was, now), *_findings(name, was, now)]
                else:
                    scores = [row["score"] for row in now["projects"]]  # none, where a notebook makes none
                    project = say("batch.move.project")
                    moves += [Move(name, project, "", _text(score), score) for score in scores]
    return sorted(moves, key=lambda move: (move.name, move.number or 0))


def _run(wanted: str | int, ledger: Ledger) -> int:
    runs = ledger.runs()
    named = {"latest": runs[-1:], "previous": runs[-2:-1]}
    found = named.get(str(wanted), [run for run in runs if str(run) == str(wanted)])
    if not found:
        what, expected = say("faults.no_such_run"), say("faults.latest_previous_number_run")
        hint = say("faults.runs_are", value=", ".join(map(str, runs[-10:])) or say("faults.no_run_yet"))
        raise SettingsError(
            Fault(what, shown(ledger.path.parent), got=str(wanted), expected=expected, hint=hint)
        )
    return found[0]


def _head(was: Results, now: Results) -> Iterator[Move]:
    for old, new in zip(was["projects"], now["projects"], strict=False):
        for head in HEADS:
            if old[head] != new[head]:
                effect = _less(new[head], old[head]) if head == "score" else None
                yield Move(new["name"], _field(head), _text(old[head]), _text(new[head]), effect)


def rows(name: str, was: Results, now: Results) -> Iterator[Move]:
    """Yield what moved on the indicator rows of a project, each field for itself."""
    old, new = ({_place(row): row for row in found["indicators"]} for found in (was, now))
    for place in sorted(old.keys() | new.keys(), key=str):
        row, other = new.get(place), old.get(place)
        if row is None or other is None:
            there = row or other or {}
            effect = _less(there["score"], Decimal(0)) if row else _less(Decimal(0), there["score"])
            yield Move(name, say("batch.move.row", name=place[0]), *_there(row is not None), effect)
            continue
        for field in FIELDS:
            if other[field] != row[field]:
                effect = _less(row["score"], other["score"]) if field != "score" else None
                what = say("batch.move.field", name=place[0], field=_field(field))
                before, after = (_said(field, one[field]) for one in (other, row))
                yield Move(name, what, before, after, effect, row["number"])


def _place(row: Row) -> tuple[str, int]:
    """Know a row again by its name, or by its number where it has none."""
    return row["indicator"] or "", 0 if row["indicator"] else row["number"]


def _findings(name: str, was: Results, now: Results) -> Iterator[Move]:
    old, new = ({(row["code"], row["row"]) for row in found["findings"]} for found in (was, now))
    for code, number in sorted(old ^ new, key=str):
        yield Move(name, say("batch.move.finding", code=code), *_there((code, number) in new), None, number)


def _field(name: str) -> Text:
    return say(f"batch.field.{name}")


def _there(now: bool) -> tuple[Text | str, Text | str]:  # noqa: FBT001  # before and after
    there = say("batch.move.there")
    return ("", there) if now else (there, "")


def _less(after: Decimal | None, before: Decimal | None) -> Decimal | None:
    return None if after is None or before is None else (after - before).normalize()


def _said(field: str, value: object) -> Text | str:
    """Say how a score stands, which is a code, in words; a value of a form stands as it is."""
    return say(f"labels.status_{value}") if field == "status" and value else _text(value)


def _text(value: object) -> str:
    if isinstance(value, Decimal):
        return plain(value)
    return "" if value is None else str(value)
