"""The verb: read every row of a form, score it by the profile, and sum up."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from perfkit.profile import Profile, load_profile
from perfkit.scoring.card import Scorecard
from perfkit.scoring.execution import score_execution
from perfkit.scoring.rows import score_row
from perfkit.scoring.totals import score_total
from perfkit.values import Reading, read_row

if TYPE_CHECKING:
    from collections.abc import Sequence

    from perfkit.form import Form, Indicator


def score(form: Form, profile: Profile | str | Path = "mof-2020") -> Scorecard:
    """Score a form by a profile, every figure with its explanation.

    `profile` is a `Profile`, the name of one, or the path of a profile file.

    Raises:
        SettingsError: the profile is unknown or has faults.
    """
    rules = profile if isinstance(profile, Profile) else load_profile(profile, near=_folder(form))
    return score_readings(form, [read_indicator(row, form.year) for row in form.indicators], rules)


def score_readings(form: Form, readings: Sequence[Reading], profile: Profile) -> Scorecard:
    """Score a form whose rows have been read already, a reading for each row in the form's order."""
    rows = tuple(
        score_row(number, row, reading, profile)
        for (number, row), reading in zip(form.numbered(), readings, strict=True)
    )
    budget = score_execution(form, profile)
    return Scorecard(form, profile, budget, rows, score_total(form, profile, budget, rows))


def _folder(form: Form) -> Path | str:
    """Give the folder of the form's file, beside which a user's own profile may lie."""
    return Path(form.source.file).parent if form.source.file else ""


def read_indicator(row: Indicator, year: int | None) -> Reading:
    """Read the cells of a row as they are scored; `year` is the form's."""
    return read_row(
        row.target,
        row.actual,
        name=row.name,
        level1=row.level1,
        level2=row.level2,
        year=year,
        rating=row.rating,
        weight=row.score if row.weight is None else row.weight,
    )
