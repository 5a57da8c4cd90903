"""Several units, one project (多单位汇总): the forms of the units become one result.

A profile says in which order. Either the actuals are summed and the sum is scored, which gives one summed
`Form`, or each form is scored and the totals become one. What cannot be added is kept where all units print
the same, and is otherwise left blank and said, never guessed.

Where totals become one, they are weighted by money, averaged or summed. A line of the whole is made of the
units' points in the same way, a unit without the line giving nothing to it, so that the lines add up to the
total where no cap and no rescaling stands between the two.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING

from perfkit.errors import DataError, Fault, SettingsError, need
from perfkit.form import Form, Goals
from perfkit.profile import Profile
from perfkit.profiles import load_profile
from perfkit.rollup.cells import IN_YUAN, Combined, Weights, joined, listed, named, same, tell
from perfkit.rollup.indicators import (
    POINTS,
    Matched,
    Row,
    combine_funds,
    combine_row,
    keyed,
    matched,
    money_unit,
    points,
    side_by_side,
)
from perfkit.rollup.rolled_up import Cell, Line, Note, RollUp, Rule, Unit
from perfkit.scoring import RowScore, Status, Total, score
from perfkit.scoring.execution import rate_of
from perfkit.scoring.explanation import HUNDRED, ONE, ZERO, product, rounded, short, total
from perfkit.text import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from perfkit.language import Text
    from perfkit.rollup.indicators import Funds
    from perfkit.scoring import ExecutionScore, Scorecard

__all__ = ["Cell", "Line", "Note", "RollUp", "Rule", "Unit", "roll_up"]


def score_then_sum(
    project: str, year: int | None, units: tuple[Unit, ...], profile: Profile, faults: Sequence[Fault]
) -> RollUp:
    """Make one result of the units' scorecards.

    Raises:
        DataError: `faults`, those found before, with those of a unit that has no money to weigh it by.
    """
    whole = _Whole(units, profile)
    wrong = [*faults, *whole.weights.faults]
    if wrong:
        raise DataError.of(wrong)
    total = whole.total()
    return RollUp(project, year, profile, units, tuple(whole.lines()), total, notes=tuple(whole.notes))


class _Whole:
    """Hold the units while their points become one."""

    def __init__(self, units: Sequence[Unit], profile: Profile) -> None:
        self.units, self.profile = units, profile
        self.weights = Weights(units, money_unit(units), "totals")
        self.rule = Rule(profile.roll_up.totals)
        self.notes: list[Note] = []
        if self.rule is Rule.MONEY_WEIGHTED:
            self.weights.of(range(len(units)))

    def _made(self, figures: Sequence[Decimal | None]) -> Decimal | None:
        """Make one figure of the units', None where no unit has one."""
        if all(figure is None for figure in figures):
            return None
        return self.weights.combined(self.rule, [figure or ZERO for figure in figures], range(len(figures)))

    def _told(self, points: Sequence[Decimal | None], made: Decimal) -> Text:
        printed = [(place, f"{each:f}") for place, each in enumerate(points) if each is not None]
        if len(printed) < len(points):  # the others give nothing, and still count in what is divided by
            printed = [(place, f"{each or ZERO:f}") for place, each in enumerate(points)]
        return self.weights.told(self.rule, printed, f"{made:f}")

    def total(self) -> Total:
        """Give the total of the whole; where a unit's is incomplete or missing, so is the whole's."""
        totals, rule = [unit.card.total for unit in self.units], self.profile.totalling.total
        without = [unit.name for unit in self.units if unit.card.total.score is None]
        open_ = [unit.name for unit in self.units if not unit.card.total.complete]
        weight = self._made([each.weight for each in totals])
        weight = None if weight is None else rounded(weight, rule)
        if without:
            said = tell("no_total", units=named(without))
            return Total(weight, None, None, None, None, complete=False, explanation=said)
        points = [each.score for each in totals]
        score, computed = (self._made(each) for each in (points, [each.computed for each in totals]))
        score, computed = (None if each is None else rounded(each, rule) for each in (score, computed))
        whole = self.rule is not Rule.SUM or weight == HUNDRED
        grade = self.profile.grade(score) if whole and not open_ and score is not None else None
        told = [self._told(points, score)] if score is not None else []
        if open_:
            told.append(tell("incomplete", units=named(open_)))
        elif not whole and weight is not None:
            told.append(tell("no_grade", text=f"{weight:f}"))
            self.notes.append(Note("no_grade", told[-1]))
        graded: list[Text] = []
        if grade is not None:
            graded = [tell("grade", grade=grade), *_cited(self.profile.grades_source)]
        said = joined("_joint", [*told, *_cited(self.profile.roll_up.source), *graded])
        return Total(weight, None, computed, score, grade, not open_, said)

    def lines(self) -> Iterator[Line]:
        """Yield the budget line and the indicators of the whole."""
        yield self._line(None, [unit.card.budget for unit in self.units])
        for number, one in enumerate(matched(self.units), start=1):
            yield self._line(number, [one.rows.get(place) for place in range(len(self.units))])

    def _line(self, number: int | None, parts: Sequence[RowScore | ExecutionScore | None]) -> Line:
        """Give one line of the whole, rounded as the profile rounds a row."""
        points = [None if part is None else part.score for part in parts]
        weight = self._made([None if part is None else part.weight for part in parts])
        score, rule = self._made(points), self.profile.totalling.row
        weight, score = (None if each is None else rounded(each, rule) for each in (weight, score))
        said = tell("no_points") if score is None else self._told(points, score)
        row = next((part.indicator for part in parts if isinstance(part, RowScore)), None)
        names = (row.name, row.level1, row.level2) if row else (None, None, None)
        return Line(number, *names, weight, score, tuple(parts), said)


_TOLD = ("target", "actual", "initial_target")


def _cited(source: Text) -> list[Text]:
    return [tell("_cited", source=source)] if source else []


def sum_then_score(
    project: str, year: int | None, units: tuple[Unit, ...], profile: Profile, faults: Sequence[Fault]
) -> RollUp:
    """Sum the forms and score the sum.

    Raises:
        DataError: `faults`, those found before, with those of the summing.
    """
    weights = Weights(units, money_unit(units))
    found = matched(units)
    rows = [combine_row(each, year, profile.roll_up, weights) for each in found]
    funds = combine_funds(units, profile.execution)
    wrong = [*faults, *funds.faults, *(fault for row in rows for fault in row.faults), *weights.faults]
    if wrong:
        raise DataError.of(wrong)
    heads = dict(_heads(units))
    form = replace(_form(units, funds, rows, heads), project=project, year=year)
    card = score(form, profile)
    lines = tuple(_lines(card, units, found, rows, funds.cells))
    cells = tuple(_cells(units, found, rows, funds, heads))
    notes = (*funds.notes, *_notes(units, found, rows, card))
    return RollUp(project, year, profile, units, lines, card.total, form, card, cells, notes)


def alone(project: str, units: tuple[Unit, ...], profile: Profile) -> RollUp:
    """Give one unit's form as it stands, in either order: there is nothing to sum."""
    form = replace(units[0].form, project=project)
    card = score(form, profile)
    found = [Matched(key, {0: row}) for key, row in keyed(units[0])]
    lines = tuple(_lines(card, units, found, [Row(each.first, {}) for each in found], {}))
    return RollUp(project, form.year, profile, units, lines, card.total, form, card)


def _form(units: Sequence[Unit], funds: Funds, rows: Sequence[Row], heads: dict[str, Combined]) -> Form:
    """Give the form of the whole; total and grade are left to be computed."""
    texts = {path: cell.text for path, cell in heads.items()}
    return Form(
        department=texts.get("department"),
        unit=texts.get("unit"),
        money_unit=money_unit(units),
        budget=funds.budget,
        goals=Goals(texts.get("goals.expected"), texts.get("goals.outcome")),
        indicators=tuple(row.indicator for row in rows),
        notes=texts.get("notes"),
    )


def _heads(units: Sequence[Unit]) -> Iterator[tuple[str, Combined]]:
    """Yield the names and the prose of the whole by path: names in a row, prose side by side."""
    for path in ("department", "unit"):
        names = [getattr(unit.form, path) for unit in units]
        told = list(dict.fromkeys(name for name in names if name))
        if told:
            rule = Rule.KEPT if len(told) == 1 else Rule.JOINED
            said = tell(str(rule), text=short(told[0]), parts=named(told))
            yield path, Combined("、".join(told), rule, said)
    prose = {
        "goals.expected": [unit.form.goals.expected for unit in units],
        "goals.outcome": [unit.form.goals.outcome for unit in units],
        "notes": [unit.form.notes for unit in units],
    }
    for path, texts in prose.items():
        cell = side_by_side([(unit.name, text) for unit, text in zip(units, texts, strict=True)])
        if cell is not None:
            yield path, cell


def _lines(
    card: Scorecard,
    units: Sequence[Unit],
    found: Sequence[Matched],
    rows: Sequence[Row],
    money: dict[str, Combined],
) -> Iterator[Line]:
    """Yield the lines of the whole, each with how its cells and then its points came about."""
    budget = card.budget
    paths = {"_adjusted": "budget.total.adjusted", "_executed": "budget.total.executed"}
    told = [(name, money[path]) for name, path in paths.items() if path in money]
    said = joined("_joint", [*(_fielded(*each) for each in told), budget.explanation])
    parts = tuple(unit.card.budget for unit in units)
    yield Line(None, None, None, None, budget.weight, budget.score, parts, said)
    for scored, one, row in zip(card.indicators, found, rows, strict=True):
        told = [(f"_{name}", row.cells[name]) for name in _TOLD if name in row.cells]
        said = joined("_joint", [*(_fielded(*each) for each in told), scored.explanation])
        places = tuple(one.rows.get(place) for place in range(len(units)))
        form = row.indicator
        yield Line(
            scored.number, form.name, form.level1, form.level2, scored.weight, scored.score, places, said
        )


def _fielded(name: str, cell: Combined) -> Text:
    return tell("_field", field=tell(name), said=cell.said)


def _cells(
    units: Sequence[Unit],
    found: Sequence[Matched],
    rows: Sequence[Row],
    funds: Funds,
    heads: dict[str, Combined],
) -> Iterator[Cell]:
    """Yield where each cell of the whole comes from, by its path."""
    for path, cell in (heads | funds.cells).items():
        yield Cell(path, cell.text, cell.rule, _printed(path, units), cell.said)
    for number, (one, row) in enumerate(zip(found, rows, strict=True)):
        for name, cell in row.cells.items():
            printed = tuple(
                (units[place].name, _text(getattr(each.indicator, name))) for place, each in one.rows.items()
            )
            yield Cell(f"indicators[{number}].{name}", cell.text, cell.rule, printed, cell.said)


def _printed(path: str, units: Sequence[Unit]) -> tuple[tuple[str, str | None], ...]:
    """Give what each unit prints at a path of the form."""
    return tuple((unit.name, _text(attrgetter(path)(unit.form))) for unit in units)


def _text(value: object) -> str | None:
    return f"{value:f}" if isinstance(value, Decimal) else value if isinstance(value, str) else None


def _notes(
    units: Sequence[Unit], found: Sequence[Matched], rows: Sequence[Row], card: Scorecard
) -> Iterator[Note]:
    """Yield what a reader must know of the rows of the whole."""
    for scored, one, row in zip(card.indicators, found, rows, strict=True):
        for key, facts in _row_notes(units, one, row):
            named_row = {"row": scored.number, "name": short(one.first.name or "")}
            yield Note(key, tell(key, **named_row, **facts), scored.number)
        if scored.weight is not None and scored.status is Status.UNSCORED:
            facts = {"row": scored.number, "name": short(one.first.name or "")}
            said = tell("by_person", **facts, parts=listed(points(one, units)))
            yield Note("by_person", said, scored.number)
    whole = card.total.weight
    if whole is not None and whole != HUNDRED and all(unit.card.total.weight == HUNDRED for unit in units):
        yield Note("weights_sum", tell("weights_sum", text=f"{whole:f}"))


def _row_notes(units: Sequence[Unit], one: Matched, row: Row) -> Iterator[tuple[str, dict[str, object]]]:
    """Yield the notes on one row: who has it, whose weight it carries, what was left blank."""
    having = [units[place].name for place in one.rows]
    if len(having) < len(units):
        yield "some_units", {"units": named(having)}
    if one.key.nth > 1:
        yield "twice", {}
    blank = [units[place].name for place, each in one.rows.items() if each.indicator.weight is None]
    if blank and row.indicator.weight is not None and len(one.rows) > 1:
        yield "weight_blank", {"units": named(blank), "text": f"{row.indicator.weight:f}"}
    for name in (*_TOLD, *POINTS[1:]):
        if name in row.cells and row.cells[name].rule is Rule.LEFT:
            yield "left", {"field": tell(f"_{name}"), "said": row.cells[name].said}


# the verb: read the units' shares, refuse what is not one project, and roll up in the profile's order


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
    need("forms", Iterable, forms)
    given = list(forms)
    need("forms", Form, *given)
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
    return replace(made, notes=(*_notes_on_units(units), *made.notes))


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


def _notes_on_units(units: Sequence[Unit]) -> Iterator[Note]:
    """Yield what a reader must know of the forms themselves."""
    owned: dict[str, list[Unit]] = {}
    for unit in units:
        owned.setdefault(same(unit.form.unit) or same(unit.form.department), []).append(unit)
    for name, theirs in owned.items():
        forms = [unit.form for unit in theirs]
        alike = [unit for unit in theirs if forms.count(unit.form) > 1]
        if alike:
            yield Note("same_form", tell("same_form", files=_files(alike)))
        if name and len(theirs) > max(len(alike), 1):
            text = short(forms[0].unit or forms[0].department or "")
            facts = {"text": text, "count": len(theirs), "files": _files(theirs)}
            yield Note("same_name", tell("same_name", **facts))
    for unit in units:
        if unit.form.unread:
            yield Note("unread", tell("unread", units=short(unit.name), count=len(unit.form.unread)))


def _files(units: Iterable[Unit]) -> str:
    return named(unit.form.source.file or unit.name for unit in units)
