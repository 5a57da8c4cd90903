"""Form × Profile → Scorecard: what each row is worth by the rules, and how that came about.

Every figure carries its explanation. `rows` scores an indicator and says which figure counts, `measured`
holds its formulas, `proof` says what an actual proves; `execution` is the budget line, `totals` the sum and
whether it is final.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from perfkit.errors import need
from perfkit.form import Form
from perfkit.profile import Profile
from perfkit.profiles import load_profile
from perfkit.scoring.card import ExecutionScore, Reason, Review, RowScore, Scorecard, Status, Total
from perfkit.scoring.execution import score_execution
from perfkit.scoring.rows import groups_of, read_indicator, score_row
from perfkit.scoring.totals import score_total, weights_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from perfkit.values import Reading

__all__ = [
    "ExecutionScore",
    "Reason",
    "Review",
    "RowScore",
    "Scorecard",
    "Status",
    "Total",
    "score",
    "score_readings",
]


def score(form: Form, profile: Profile | str | Path = "mof-2020") -> Scorecard:
    """Score a form by a profile, every figure with its explanation.

    `profile` is a `Profile`, the name of one, or the path of a profile file; a path is looked for beside the
    form's file too. All figures are points, of which a line earns from 0 to its weight; the rules that gave
    them are the profile's, which cites act and article for each section (mof-2020: 财预〔2020〕10号
    第十八条). Whatever the cells of the form say, no text of it raises.

    Raises:
        SettingsError: the profile is unknown or has faults, or what is given is no form.
    """
    need("form", Form, form)
    rules = profile if isinstance(profile, Profile) else load_profile(profile, near=_folder(form))
    return score_readings(form, [read_indicator(row, form.year) for row in form.indicators], rules)


def score_readings(form: Form, readings: Sequence[Reading], profile: Profile) -> Scorecard:
    """Score a form whose rows have been read already, a reading for each row in the form's order.

    Raises:
        ValueError: there are more rows than readings, or fewer.
    """
    groups = groups_of(form.indicators) if weights_of(form, profile).add_up else {}
    rows = tuple(
        score_row(number, row, reading, profile, [readings[n] for n in groups.get(number - 1, ())])
        for (number, row), reading in zip(form.numbered(), readings, strict=True)
    )
    budget = score_execution(form, profile)
    return Scorecard(form, profile, budget, rows, score_total(form, profile, budget, rows))


def _folder(form: Form) -> Path | str:
    """Give the folder of the form's file, beside which a user's own profile may lie."""
    return Path(form.source.file).parent if form.source.file else ""
