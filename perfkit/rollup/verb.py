"""The verb: read the units' shares, refuse what is not one project, and roll up in the profile's order."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from perfkit.errors import DataError, Fault, SettingsError
from perfkit.profile import Profile
from perfkit.profiles import load_profile
from perfkit.rollup.cells import same
from perfkit.rollup.orders import alone, score_then_sum, sum_then_score
from perfkit.rollup.rolled_up import Note, RollUp, Unit
from perfkit.rollup.weights import IN_YUAN, tell
from perfkit.scoring import score
from perfkit.scoring.execution import rate_of
from perfkit.scoring.explanation import short
from perfkit.scoring.points import ONE, ZERO, product, total
from perfkit.text import say

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from decimal import Decimal

    from perfkit.form import Form

_ORDERS = {"sum_then_score": sum_then_score, "score_then_sum": score_then_sum}


def roll_up(
    forms: Iterable[Form], profile: Profile | str | Path = "mof-2020", *, project: str | None = None
) -> RollUp:
    """Make one result of the forms of several units that carry out one project (多单位汇总).

    By the profile's `roll_up`: absolute values are summed and relative values weighted by money, then the
    sum is scored; or each form is scored and the totals become one. What cannot be added is kept where all
    units print the same, and is otherwise left blank and said. `project` names the project where the
    units name it differently. Sums first, then scores is the rule of
    Hubei, and of transfer payments (财预〔2015〕163号).

    Raises:
        SettingsError: the profile is unknown or has faults, or scores forms that carry no scores first.
        DataError: there is no form, the forms are not of one project and year, weights differ, or there
            is no money to weigh by; with all faults at once.
    """
    given = list(forms)
    if not given:
        hint = say("faults.name_form_each_unit")
        raise DataError(
            Fault(say("faults.there_no_form_roll"), expected=say("faults.forms_units"), hint=hint)
        )
    near = Path(given[0].source.file).parent if given[0].source.file else ""
    rules = profile if isinstance(profile, Profile) else load_profile(profile, near=near)
    if not rules.scored and rules.roll_up.order == "score_then_sum":
        raise SettingsError(
            Fault(
                say("faults.form_without_scores_cannot"),
                rules.file or rules.name,
                "roll_up.order",
                got="score_then_sum",
                expected="sum_then_score",
            )
        )
    faults = [*_names(given, project), *_years(given)]
    year = next((form.year for form in given if form.year is not None), None)
    named = project or next((form.project for form in given if same(form.project)), "")
    units = _units(given, rules)
    if len(units) == 1:
        made = alone(named, units, rules)
    else:
        made = _ORDERS[rules.roll_up.order](named, year, units, rules, faults)
    return replace(made, notes=(*_notes(units), *made.notes))


def _names(forms: Sequence[Form], project: str | None) -> Iterator[Fault]:
    """Yield a fault for each form of another project than the first."""
    first = next((form.project for form in forms if same(form.project)), "")
    for form in forms:
        if project is None and same(form.project) not in ("", same(first)):
            yield Fault(
                say("faults.form_another_project"),
                _where(form),
                "project",
                got=short(form.project),
                expected=short(first),
                hint=say("faults.name_project_project_project"),
            )


def _years(forms: Sequence[Form]) -> Iterator[Fault]:
    """Yield a fault for each form of another year than the first."""
    first = next((form.year for form in forms if form.year is not None), None)
    for form in forms:
        if form.year not in (None, first):
            hint = say("faults.roll_up_each_year")
            what = say("faults.form_another_year")
            yield Fault(what, _where(form), "year", got=str(form.year), expected=str(first), hint=hint)


def _where(form: Form) -> str:
    """Say which form it is: its file, or whose it is."""
    return form.source.file or form.unit or form.department or ""


def _units(forms: Sequence[Form], rules: Profile) -> tuple[Unit, ...]:
    """Give the units by name, each with its own scorecard, its budget and its share of the whole."""
    cards = [score(form, rules) for form in forms]
    budgets = [_budget(form, rules) for form in forms]
    shares = _shares(budgets, rules)
    return tuple(map(Unit, _named(forms), forms, cards, budgets, shares))


def _budget(form: Form, rules: Profile) -> Decimal | None:
    """Give what a unit's execution rate is measured against, in 元."""
    budget = rate_of(form, rules.execution).budget
    return None if budget is None else product(budget, IN_YUAN[form.money_unit])


def _shares(budgets: Sequence[Decimal | None], rules: Profile) -> list[Decimal | None]:
    """Give each unit's share: by money, or equal where the profile makes nothing of money for totals."""
    if len(budgets) == 1:
        return [ONE]
    ones = [ONE for _ in budgets]
    if rules.roll_up.order == "score_then_sum" and rules.roll_up.totals != "money_weighted":
        return [product(ONE, ONE, total(ones)) for _ in budgets]
    known = [budget for budget in budgets if budget is not None and budget >= ZERO]
    whole = total(known)
    if len(known) < len(budgets) or whole <= ZERO:
        return [None for _ in budgets]
    return [product(budget, ONE, whole) for budget in known]


def _named(forms: Sequence[Form]) -> Iterator[str]:
    """Yield a name for each form that no other has: its unit, department or file, numbered where need be."""
    names = [
        next((name for name in (form.unit, form.department, Path(form.source.file).stem) if same(name)), "")
        or f"#{number}"
        for number, form in enumerate(forms, start=1)
    ]
    counts, seen = Counter(names), Counter[str]()
    for name in names:
        seen[name] += 1
        yield f"{name} ({seen[name]})" if counts[name] > 1 else name


def _notes(units: Sequence[Unit]) -> Iterator[Note]:
    """Yield what a reader must know of the forms themselves."""
    counts = Counter(unit.form.unit for unit in units if unit.form.unit)
    for name, count in counts.items():
        if count > 1:
            yield Note("same_name", tell("same_name", text=short(name), count=count))
    for unit in units:
        if unit.form.unread:
            yield Note("unread", tell("unread", units=short(unit.name), count=len(unit.form.unread)))
