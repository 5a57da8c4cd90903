"""Side by side: one form under several rule sets, or two scorecards row by row."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pandas as pd

from perfkit.profile import profile_names
from perfkit.scoring import Scorecard, Status, score

if TYPE_CHECKING:
    from collections.abc import Sequence

    from perfkit.form import Form


def profiles(form: Form, names: Sequence[str] = ()) -> pd.DataFrame:
    """Score one form by several profiles (all that perfkit ships unless named).

    Index: the profile. Columns: `rate` (execution rate in percent), `execution`, `computed` and `score` in
    points (Decimal, None where the profile gives none), `grade`, and `differs`, the number of rows whose
    printed score the profile contradicts.
    """
    rows = {name: _row(score(form, name)) for name in names or profile_names()}
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("profile")


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


def compare(card: Scorecard, other: Scorecard) -> pd.DataFrame:
    """Set two scorecards side by side, row by row; rows are matched by level 2 and name.

    Columns: `level2`, `name`, then `target`, `actual`, `score` of each (suffix `_1`, `_2`) and `moved`, the
    points from the first to the second (None where a row stands on one side only).
    """
    left, right = (_rows(each) for each in (card, other))
    keys = list(dict.fromkeys([*left, *right]))
    return pd.DataFrame(
        [_side_by_side(key, left.get(key, {}), right.get(key, {})) for key in keys],
        columns=[
            "level2",
            "name",
            "target_1",
            "actual_1",
            "score_1",
            "target_2",
            "actual_2",
            "score_2",
            "moved",
        ],
    )


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
