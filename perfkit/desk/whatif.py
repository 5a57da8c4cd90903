"""What if: a form with some cells changed, scored like any other; two scorecards side by side.

A changed row is scored anew: the score printed on the form was given for another value, so it no longer
counts where the profile computes one, and a reviewer's score of that value falls away. Where only a person
can score, the printed or the typed score stays.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pandas as pd

from perfkit.display import views
from perfkit.display.frames import named
from perfkit.errors import Fault, SettingsError, need
from perfkit.form import Form
from perfkit.narrative.previous import pairs
from perfkit.profiles import profile_names
from perfkit.scoring import RowScore, Scorecard, Status, score
from perfkit.text import choose, say
from perfkit.text.figures import DASH
from perfkit.text.folding import one_line

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from perfkit.form import Indicator, Rating
    from perfkit.language import Language
    from perfkit.profile import Profile


@dataclass(frozen=True, slots=True)
class Change:
    """Hold what is other on one row: its actual, a person's rating or a person's score; None leaves it."""

    actual: str | None = None
    rating: Rating | None = None
    score: Decimal | None = None


def changed(form: Form, changes: Mapping[int, Change], profile: Profile | str = "mof-2020") -> Form:
    """Give the form with the rows of `changes` (by number, from 1) changed, ready to be scored.

    Raises:
        SettingsError: where a number is no row of the form.
    """
    need("form", Form, form)
    unknown = [number for number in changes if not 1 <= number <= len(form.indicators)]
    if unknown:
        raise SettingsError(
            Fault(
                say("faults.no_such_row"),
                form.source.file,
                got=str(unknown[0]),
                expected=say("faults.n1", value=len(form.indicators)),
            )
        )
    rows = [_changed(row, changes.get(number)) for number, row in form.numbered()]
    unscored = replace(form, indicators=tuple(rows), total=None, review_total=None)
    card = score(unscored, profile)
    settled = [
        _settled(row, form.indicators[row.number - 1]) if row.number in changes else row.indicator
        for row in card.indicators
    ]
    return replace(unscored, indicators=tuple(settled))


def _changed(row: Indicator, change: Change | None) -> Indicator:
    if change is None:
        return row
    return replace(
        row,
        actual=row.actual if change.actual is None else change.actual,
        rating=change.rating or row.rating,
        score=change.score,
        review=None,
        opinion=None,
    )


def _settled(row: RowScore, before: Indicator) -> Indicator:
    """Keep the printed score of a changed row where nobody typed one and the profile computes none.

    Where a rating leaves a band of points, the printed score moves to the nearest end of it.
    """
    if row.indicator.score is not None or row.computed is not None or before.score is None:
        return row.indicator
    low, high = row.band or (before.score, before.score)
    return replace(row.indicator, score=min(max(before.score, low), high))


def losses(card: Scorecard, *, language: Language | None = None) -> pd.DataFrame:
    """Give the rows that lost points, the largest loss first.

    One row each: `number`, `level2`, `name`, `target`, `actual` and `reason` as printed, then what stands
    beside the score where the form has it (`deduction`, `review`, `opinion`), and `lost` (points). With a
    `language` the columns are named in it.
    """
    need("card", Scorecard, card)
    columns = ["level2", "name", "target", "actual", "reason", *views.beside(card.form)]
    rows = [
        {"number": row.number, "lost": row.lost}
        | {column: getattr(row.indicator, column) for column in columns}
        for row in _lost(card)
    ]
    return _table(rows, ["number", *columns, "lost"], language)


def _table(
    rows: Sequence[Mapping[str, Any]], columns: Sequence[str], language: Language | None
) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=list(columns))
    return frame if language is None else named(frame, language)


def _lost(card: Scorecard) -> list[RowScore]:
    """Give the rows that lost points, the largest loss first, in the form's order where equal."""
    return sorted(
        (row for row in card.indicators if (row.lost or 0) > 0), key=lambda row: -(row.lost or Decimal(0))
    )


def reach(card: Scorecard, grade: str = "", *, language: Language | None = None) -> pd.DataFrame:
    """Give the fewest rows that would lift the total to a grade if each earned its full weight.

    One row each: `number`, `name`, `lost` (points), `total` (the total with this row and those above it
    at full weight). Without a `grade` it is the next better one; empty where there is none, where no row can
    lift the total to it, or where the grade is reached already. With a `language` the columns are named in
    it.

    Raises:
        SettingsError: where the profile has no such grade, or the rows' losses are too small for it.
    """
    need("card", Scorecard, card)
    line = _line(card, grade)
    total = card.total.score
    rows: list[dict[str, Any]] = []
    if line is not None and total is not None:
        for row in _lost(card):
            if total >= line:
                break
            total += row.lost or Decimal(0)
            rows.append({"number": row.number, "name": row.indicator.name, "lost": row.lost, "total": total})
        if total < line and grade:
            raise _out_of_reach(total, line, grade)
        rows = rows if total >= line else []
    return _table(rows, ["number", "name", "lost", "total"], language)


def _line(card: Scorecard, grade: str) -> Decimal | None:
    """Give the total from which a grade is earned; without a name, the next one above the total."""
    grades, total = card.profile.grades, card.total.score
    if not grade:
        above = [each.at_least for each in grades if total is not None and each.at_least > total]
        return min(above, default=None)
    line = next((each.at_least for each in grades if each.name == grade), None)
    if line is None or total is None:
        known = ", ".join(each.name for each in grades) or say("desk.no_grades")
        raise SettingsError(
            Fault(say("faults.no_such_grade_profile"), card.profile.name, got=grade, expected=known)
        )
    return line


def _out_of_reach(total: Decimal, line: Decimal, grade: str) -> SettingsError:
    return SettingsError(
        Fault(
            say("faults.out_reach"),
            got=say("faults.with_every_row_at", total=total),
            expected=say("faults.for", line=line, grade=grade),
            hint=say("faults.rest_was_lost_on"),
        )
    )


# side by side: one form under several rule sets, or two scorecards row by row


def profiles(form: Form, names: Sequence[str] = (), *, language: Language | None = None) -> pd.DataFrame:
    """Score one form by several profiles (all that perfkit ships unless named).

    Index: the profile. Columns: `rate` (execution rate in percent), `execution`, `computed` and `score` in
    points (Decimal, None where the profile gives none), `grade`, and `differs`, the number of rows whose
    printed score the profile contradicts. With a `language` index and columns are named in it.
    """
    need("form", Form, form)
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
    """Set two scorecards side by side, row by row: rows of one name, or of one that is nearly the same.

    Columns: `level2`, `name`, then `target`, `actual`, `score` of each (suffix `_1`, `_2`) and `moved`, the
    points from the first to the second (None where a row stands on one side only). With a `language` the
    columns are named in it, each side by its year, or by its project where the years are the same, and what
    is missing is a dash. Two names of one row stand as `first → second`.
    """
    need("card", Scorecard, card, other)
    rows = [_side_by_side(one, two) for one, two in _matched(card, other)]
    frame = pd.DataFrame(rows, columns=list(_COLUMNS))
    if language is None:
        return frame
    sides = [str(each.form.year or "—") for each in (card, other)]
    if sides[0] == sides[1]:
        sides = [one_line(each.form.project) or "—" for each in (card, other)]
    if sides[0] == sides[1]:
        sides = ["1", "2"]
    frame = frame.astype(object).where(frame.notna(), DASH)
    return frame.rename(columns={column: _named(column, sides, language) for column in _COLUMNS})


def _named(column: str, sides: Sequence[str], language: Language) -> str:
    what, _, side = column.partition("_")
    told = choose(f"desk.compare.{what}", language)
    return f"{told} · {sides[int(side) - 1]}" if side else told


def _matched(card: Scorecard, other: Scorecard) -> list[tuple[RowScore | None, RowScore | None]]:
    """Match rows by level 2 and name, then by the name alone, then by one that is nearly the same."""
    left, right = _rows(card), _rows(other)
    rest = [[row for key, row in rows.items() if key not in others]
            for rows, others in ((left, right), (right, left))]  # fmt: skip
    near = {pair.then.number: pair.now for pair in pairs(rest[1], rest[0])}
    taken = {row.number for row in near.values()}
    found: list[tuple[RowScore | None, RowScore | None]] = [
        (row, right.get(key, near.get(row.number))) for key, row in left.items()
    ]
    return found + [(None, row) for row in rest[1] if row.number not in taken]


def _rows(card: Scorecard) -> dict[tuple[str, str, int], RowScore]:
    """Give the rows by level 2 and name; a name that stands twice is told apart by its count."""
    found: dict[tuple[str, str, int], RowScore] = {}
    seen: Counter[tuple[str, str]] = Counter()
    for row in card.indicators:
        key = (row.indicator.level2 or "", row.indicator.name or "")
        seen[key] += 1
        found[(*key, seen[key])] = row
    return found


def _side_by_side(one: RowScore | None, two: RowScore | None) -> dict[str, object]:
    sides = [(f"_{number}", row) for number, row in enumerate((one, two), start=1) if row is not None]
    told: dict[str, object] = {
        key: " → ".join(dict.fromkeys(getattr(row.indicator, key) or "" for _, row in sides))
        for key in ("level2", "name")
    }
    for side, row in sides:
        told |= {f"target{side}": row.indicator.target, f"actual{side}": row.indicator.actual}
        told[f"score{side}"] = row.score
    first, second = (None if row is None else row.score for row in (one, two))
    return told | {"moved": None if first is None or second is None else second - first}
