"""Side by side: one form under several rule sets, or two scorecards row by row."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pandas as pd

from perfkit.display.frames import named
from perfkit.profiles import profile_names
from perfkit.scoring import Scorecard, Status, score
from perfkit.text import choose
from perfkit.text.folding import one_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from perfkit.form import Form
    from perfkit.language import Language


def profiles(form: Form, names: Sequence[str] = (), *, language: Language | None = None) -> pd.DataFrame:
    """Score one form by several profiles (all that perfkit ships unless named).

    Index: the profile. Columns: `rate` (execution rate in percent), `execution`, `computed` and `score` in
    points (Decimal, None where the profile gives none), `grade`, and `differs`, the number of rows whose
    printed score the profile contradicts. With a `language` index and columns are named in it.
    """
    rows = {name: _row(score(form, name)) for name in names or profile_names()}
    frame = pd.DataFrame.from_dict(rows, orient="index").rename_axis("profile")
    return frame if language is None else named(frame, language)


def _row(card: Scorecard) -> dict[str, object]:
    return {
        "rate": card.budget.rate,
        "execution": card.budget.score,
        "computed": card.total.computed,
        "score": card.total.score,
        "grade": card.total.grade,
        "differs": sum(status == "differs" for status in _statuses(card)),
    }


def _statuses(card: Scorecard) -> list[Status]:
    return [card.budget.status, *(row.status for row in card.indicators)]


_SIDES = ("target", "actual", "score")
_COLUMNS = ("level2", "name", *(f"{name}_1" for name in _SIDES), *(f"{name}_2" for name in _SIDES), "moved")


def compare(card: Scorecard, other: Scorecard, *, language: Language | None = None) -> pd.DataFrame:
    """Set two scorecards side by side, row by row; rows are matched by level 2 and name.

    Columns: `level2`, `name`, then `target`, `actual`, `score` of each (suffix `_1`, `_2`) and `moved`, the
    points from the first to the second (None where a row stands on one side only). With a `language` the
    columns are named in it, each side by its year, or by its project where the years are the same.
    """
    left, right = (_rows(each) for each in (card, other))
    keys = list(dict.fromkeys([*left, *right]))
    rows = [_side_by_side(key, left.get(key, {}), right.get(key, {})) for key in keys]
    frame = pd.DataFrame(rows, columns=list(_COLUMNS))
    if language is None:
        return frame
    sides = [str(each.form.year or "—") for each in (card, other)]
    if sides[0] == sides[1]:
        sides = [one_line(each.form.project) or "—" for each in (card, other)]
    if sides[0] == sides[1]:
        sides = ["1", "2"]
    return frame.rename(columns={column: _named(column, sides, language) for column in _COLUMNS})


def _named(column: str, sides: Sequence[str], language: Language) -> str:
    what, _, side = column.partition("_")
    told = choose(f"desk.compare.{what}", language)
    return f"{told} · {sides[int(side) - 1]}" if side else told


def _rows(card: Scorecard) -> dict[tuple[str, str, int], dict[str, object]]:
    """Give the rows by level 2 and name; a name that stands twice is told apart by its count."""
    found: dict[tuple[str, str, int], dict[str, object]] = {}
    seen: Counter[tuple[str, str]] = Counter()
    for row in card.indicators:
        key = (row.indicator.level2 or "", row.indicator.name or "")
        seen[key] += 1
        found[(*key, seen[key])] = {
            "target": row.indicator.target,
            "actual": row.indicator.actual,
            "score": row.score,
        }
    return found


def _side_by_side(
    key: tuple[str, str, int], one: dict[str, object], two: dict[str, object]
) -> dict[str, object]:
    first, second = one.get("score"), two.get("score")
    return {
        "level2": key[0],
        "name": key[1],
        **{f"{name}_1": value for name, value in one.items()},
        **{f"{name}_2": value for name, value in two.items()},
        "moved": None if first is None or second is None else second - first,  # type: ignore[operator]
    }
