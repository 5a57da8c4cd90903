"""What moved between two runs, and what it did to the score."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from perfkit.batch.records import readable
from perfkit.batch.results import state, stored_runs
from perfkit.errors import Fault, SettingsError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from perfkit.batch.rows import Row

FIELDS = ("target", "actual", "weight", "declared", "computed", "score", "status", "review")
HEADS = ("score", "grade", "executed", "adjusted", "rate", "review")


@dataclass(frozen=True, slots=True)
class Move:
    """Hold one thing that differs: in a project's head, on an indicator row (`number`), or a finding.

    `effect` is what it did to the score, in points, where that can be told.
    """

    name: str
    what: str
    before: str
    after: str
    effect: Decimal | None = None
    number: int | None = None

    def __str__(self) -> str:
        place = f"{self.name}, row {self.number}" if self.number else self.name
        effect = f" ({self.effect:+f})" if self.effect else ""
        return f"{place}: {self.what} {self.before or '—'} → {self.after or '—'}{effect}"


def diff(before: str, after: str, out: str | Path = "reports") -> list[Move]:
    """Compare the state after one run with that after another; `latest` and `previous` name the last two.

    Raises:
        SettingsError: there is no such run.
    """
    with readable(out) as folder:
        first, second = _run(before, folder), _run(after, folder)
        moves = list(_projects(folder, first, second))
        moves += _rows(folder, first, second)
        moves += _findings(folder, first, second)
    return sorted(moves, key=lambda move: (move.name, move.number or 0))


def _run(wanted: str, folder: Path) -> str:
    runs = stored_runs(folder)
    named = {"latest": runs[-1:], "previous": runs[-2:-1]}.get(wanted, [run for run in runs if run == wanted])
    if not named:
        raise SettingsError(
            Fault("no such run", str(folder), got=wanted, expected="latest, previous, or the name of a run",
                  hint=f"the runs are: {', '.join(runs[-10:]) or 'none yet'}")
        )  # fmt: skip
    return named[0]


def _projects(folder: Path, first: str, second: str) -> Iterator[Move]:
    old, new = ({row["name"]: row for row in state(folder, "projects", run)} for run in (first, second))
    for name in new.keys() - old.keys():
        yield Move(name, "project", "", _text(new[name]["score"]), _less(new[name]["score"], Decimal(0)))
    for name in old.keys() & new.keys():
        for head in HEADS:
            if old[name][head] != new[name][head]:
                effect = _less(new[name][head], old[name][head]) if head == "score" else None
                yield Move(name, head, _text(old[name][head]), _text(new[name][head]), effect)


def _rows(folder: Path, first: str, second: str) -> Iterator[Move]:
    old, new = ({_place(row): row for row in state(folder, "indicators", run)} for run in (first, second))
    known = {row["name"] for row in state(folder, "projects", first)}
    for place in sorted(old.keys() | new.keys(), key=str):
        was, now = old.get(place), new.get(place)
        if place[0] not in known:
            continue
        if was is None or now is None:
            row = now or was or {}
            effect = _less(row["score"], Decimal(0)) if now else _less(Decimal(0), row["score"])
            yield Move(place[0], f"row {place[1]}", "" if now else "there", "there" if now else "", effect)
            continue
        for field in FIELDS:
            if was[field] != now[field]:
                effect = _less(now["score"], was["score"]) if field != "score" else None
                yield Move(
                    place[0],
                    f"{place[1]}, {field}",
                    _text(was[field]),
                    _text(now[field]),
                    effect,
                    now["number"],
                )


def _place(row: Row) -> tuple[str, str, int]:
    """Know a row again by its name, or by its number where it has none."""
    return row["name"], row["indicator"] or "", 0 if row["indicator"] else row["number"]


def _findings(folder: Path, first: str, second: str) -> Iterator[Move]:
    old, new = (
        {(r["name"], r["code"], r["row"]) for r in state(folder, "findings", run)} for run in (first, second)
    )
    known = {row["name"] for row in state(folder, "projects", first)}
    for name, code, number in sorted(old ^ new, key=str):
        if name in known:
            here = (name, code, number) in new
            yield Move(
                name, f"finding {code}", "" if here else "there", "there" if here else "", None, number
            )


def _less(after: Decimal | None, before: Decimal | None) -> Decimal | None:
    return None if after is None or before is None else (after - before).normalize()


def _text(value: object) -> str:
    if isinstance(value, Decimal):
        text = f"{value:f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    return "" if value is None else str(value)
