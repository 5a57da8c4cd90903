"""The rows and the money of the whole from those of several units: which rows are one, and their sum.

Rows are matched by level 1, level 2 and name, as elsewhere in perfkit: headings are brought to their
canonical names and marks are taken off the indicator's (`指标1：`, `★`), so that `产出指标(50分)` and `产出`
are one level. Rows of one name on one form are told apart by their order.

The two cells belong together: a sum beside a figure that stayed one unit's own would be compared wrongly, so
that such a figure is left blank. What is printed reads back as what was combined, or is not printed.

The rate of the whole is Σ executed ÷ Σ budget, each unit's budget being what its own rate is measured
against. A source line that a unit leaves blank is money it does not have; an amount
missing from a total line is not zero, so that the whole's is left blank and said.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from perfkit.errors import Fault
from perfkit.form import Budget, Form, Fund
from perfkit.rollup.cells import (
    IN_YUAN,
    Combined,
    Printed,
    combine,
    joined,
    kept,
    left,
    listed,
    named,
    parts,
    same,
    signed,
    tell,
    worded,
)
from perfkit.rollup.rolled_up import Note, Rule
from perfkit.scoring.execution import filled, rate_of
from perfkit.scoring.explanation import ONE, amount, product, short, total
from perfkit.scoring.proof import folded
from perfkit.scoring.rows import read_indicator
from perfkit.text import say
from perfkit.text.folding import LONGEST
from perfkit.values import Kind, Reading, Verdict, read_target
from perfkit.values.vocabulary import bare_name, level1, level2

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from decimal import Decimal

    from perfkit.form import Indicator, MoneyUnit
    from perfkit.profile import Execution, RollingUp
    from perfkit.rollup.cells import Weights
    from perfkit.rollup.rolled_up import Unit
    from perfkit.scoring import RowScore
    from perfkit.values import Actual, Target


class Key(NamedTuple):
    """Hold what makes rows one indicator; `nth` tells rows of one name on one form apart, from 1."""

    level1: str
    level2: str
    name: str
    nth: int = 1


class Matched(NamedTuple):
    """Hold one indicator of the whole: the row of each unit that has it, by the unit's place."""

    key: Key
    rows: dict[int, RowScore]

    @property
    def first(self) -> Indicator:
        """Give the row as the first unit that has it prints it."""
        return next(iter(self.rows.values())).indicator


def matched(units: Sequence[Unit]) -> list[Matched]:
    """Give the indicators of several forms in the order of the first, each with the rows that are it.

    A row that the first form does not have comes after the last of its level.
    """
    found: dict[Key, dict[int, RowScore]] = {}
    order: list[Key] = []
    for place, unit in enumerate(units):
        for key, row in keyed(unit):
            if key not in found:
                order.insert(_place(key, order) if place else len(order), key)
            found.setdefault(key, {})[place] = row
    return [Matched(key, found[key]) for key in order]


def keyed(unit: Unit) -> Iterator[tuple[Key, RowScore]]:
    """Yield the rows of one form with what makes each the same as another form's."""
    counts: dict[Key, int] = {}
    for row in unit.card.indicators:
        key = _key(row.indicator)
        counts[key] = counts.get(key, 0) + 1
        yield key._replace(nth=counts[key]), row


def _key(row: Indicator) -> Key:
    name = row.name or ""
    return Key(
        level1(row.level1) or same(row.level1),
        level2(row.level2) or same(row.level2),
        bare_name(name) if len(name) < LONGEST else name,
    )


def _place(key: Key, order: Sequence[Key]) -> int:
    """Give the place after the last row of the same levels, else of the same level 1, else the end."""
    for alike in (key[:2], key[:1]):
        for place in range(len(order) - 1, -1, -1):
            if order[place][: len(alike)] == alike:
                return place + 1
    return len(order)


_PROSE = ("reason", "evidence", "opinion")
POINTS = ("score", "deduction", "review")
# What people set on a row, and what stands where the units do not agree.
_SET_BY_PEOPLE: dict[str, Any] = {**dict.fromkeys(POINTS), "rating": None, "ignore": ()}
_OF_EACH = (Kind.NUMBER, Kind.COMPOUND, Kind.DATE)  # a month is no amount either

NOTHING = frozenset({"", "无", "暂无", "没有", "无偏差", "不涉及"})


@dataclass(frozen=True, slots=True)
class Row:
    """Hold one indicator of the whole with where its cells come from, by field."""

    indicator: Indicator
    cells: dict[str, Combined]
    faults: tuple[Fault, ...] = ()


def combine_row(one: Matched, year: int | None, rules: RollingUp, weights: Weights) -> Row:
    """Give an indicator of the whole; one that a single unit has stays as that unit prints it."""
    if len(one.rows) == 1:
        return Row(one.first, {})
    row, faults = _judged(one, weights)
    target, actual = _cells(one, row, year, rules, weights)
    cells = {"target": target, "actual": actual}
    if any(same(each.indicator.initial_target) for each in one.rows.values()):
        cells["initial_target"] = _initial(one, year, rules, weights)
    for name in _PROSE:
        told = _prose(one, name, weights)
        if told is not None:
            cells[name] = told
    texts: dict[str, Any] = {name: cell.text for name, cell in cells.items()}
    for name in POINTS:
        given = points(one, weights.units, name)
        if getattr(row, name) is None and any(figure for _, figure in given):
            cells[name] = Combined(None, Rule.LEFT, tell("left_points", parts=listed(given)))
    return Row(replace(row, **texts), cells, tuple(faults))


def points(one: Matched, units: Sequence[Unit], name: str = "score") -> list[tuple[str, str | None]]:
    """Give the points that each unit's form prints for a row: its own, those taken off, or a reviewer's."""
    printed = [(units[member].name, getattr(row.indicator, name)) for member, row in one.rows.items()]
    return [(unit, None if figure is None else f"{figure:f}") for unit, figure in printed]


def _judged(one: Matched, weights: Weights) -> tuple[Indicator, list[Fault]]:
    """Give the row with what people set, where the units agree: weight, points, rating, what is ignored."""
    rows = [row.indicator for row in one.rows.values()]
    worth = list(dict.fromkeys(row.weight for row in rows if row.weight is not None))
    agreed = {name: {getattr(row, name) for row in rows} for name in _SET_BY_PEOPLE}
    faults = []
    if len(worth) > 1:
        printed = [
            (
                weights.units[member].name,
                None if row.indicator.weight is None else f"{row.indicator.weight:f}",
            )
            for member, row in one.rows.items()
        ]
        faults.append(
            Fault(
                say("faults.units_give_one_row"),
                place=short(one.first.name or "") or say("rollup.nameless_row"),
                got=listed(printed),
                expected=say("faults.one_weight"),
                hint=say("faults.agree_on_weights_let"),
            )
        )
    row = replace(
        one.first,
        weight=worth[0] if worth else None,
        initial_target=None,
        **{name: found.pop() if len(found) == 1 else _SET_BY_PEOPLE[name] for name, found in agreed.items()},
    )
    return row, faults


def _cells(
    one: Matched, row: Indicator, year: int | None, rules: RollingUp, weights: Weights
) -> tuple[Combined, Combined]:
    """Give target and actual of the whole, fit to be compared with each other."""
    targets, actuals = (
        [_printed(member, each, side) for member, each in one.rows.items()] for side in ("target", "actual")
    )
    name = row.name or ""
    target, actual = (combine(printed, name, rules, weights) for printed in (targets, actuals))
    if _own_figures(actual, actuals) and target.rule is Rule.SUM:
        together = kept(targets)
        target, actual = (
            (together, actual) if together else (target, left(actuals, weights, "left_other_side"))
        )
    elif _own_figures(target, targets) and actual.rule is Rule.SUM:
        actual = kept(actuals) or left(actuals, weights, "left_other_side")
    told = worded(actual, actuals)
    for asked, given in (
        (worded(target, targets), told),
        (target, told),
        (target, actual),
        (signed(target), actual),
    ):
        if _reads_back(asked, given, row, year):
            return asked, given
    if target.rule is Rule.LEFT:  # the name holds a target of its own, which is one unit's
        return target, left(actuals, weights, "left_other_side")
    return left(targets, weights, "left_unreadable"), left(actuals, weights, "left_unreadable")


def _printed(member: int, row: RowScore, side: str) -> Printed:
    reading, words = row.reading, row.reading.actual.words
    sound = side == "target" or not words or _measured(reading)
    value: Target | Actual = reading.target if side == "target" else reading.actual
    return Printed(member, getattr(row.indicator, side), value, sound)


def _measured(reading: Reading) -> bool:
    """Tell a row whose words beside a figure change nothing of it (`完成12场`, not `10座(调试中)`)."""
    return reading.measured and reading.verdict in (Verdict.MET, Verdict.MISSED)


def _own_figures(cell: Combined, printed: Sequence[Printed]) -> bool:
    """Tell a cell that keeps figures or dates which are each unit's own, and not the whole's."""
    return cell.rule is Rule.KEPT and any(each.value.kind in _OF_EACH for each in printed)


def _reads_back(target: Combined, actual: Combined, row: Indicator, year: int | None) -> bool:
    """Tell whether the cells read as what was combined; a blank target must not be found in the name."""
    reading = read_indicator(replace(row, target=target.text, actual=actual.text, rating=None), year)
    if target.rule is Rule.LEFT and actual.rule is not Rule.LEFT and reading.target.kind is not Kind.BLANK:
        return False
    return _is(target, reading.target) and _is(actual, reading.actual)


def _is(cell: Combined, value: Target | Actual) -> bool:
    figure = cell.figure
    if figure is None:
        return True
    alike = value.value == figure.value and value.low is None
    alike = alike and (value.unit == figure.unit or not figure.value)  # none of anything is none
    return alike and getattr(value, "direction", None) == getattr(figure, "direction", None)


def _initial(one: Matched, year: int | None, rules: RollingUp, weights: Weights) -> Combined:
    """Give the target as first set (年初指标值); a unit that prints none did not adjust its target."""
    printed = []
    for member, row in one.rows.items():
        form = row.indicator
        text = form.initial_target if same(form.initial_target) else form.target
        value = read_target(
            text, name=form.name or "", level1=form.level1 or "", level2=form.level2 or "", year=year
        )
        printed.append(Printed(member, text, value))
    return combine(printed, one.first.name or "", rules, weights)


def _prose(one: Matched, name: str, weights: Weights) -> Combined | None:
    """Put the units' words side by side; words that say nothing are left out."""
    printed = [(weights.units[member].name, getattr(row.indicator, name)) for member, row in one.rows.items()]
    return side_by_side(printed)


def side_by_side(printed: Sequence[tuple[str, str | None]]) -> Combined | None:
    """Give words of several units as one text, each after its unit's name; None where there are none."""
    if len({same(text) for _, text in printed}) == 1:
        text = printed[0][1]
        return Combined(text, Rule.KEPT, tell("kept", text=short(text))) if text else None
    telling = [(unit, text.strip()) for unit, text in printed if text and folded(text) not in NOTHING]
    if not telling:
        return None
    whole = "；".join(f"{unit}：{text}" for unit, text in telling)
    return Combined(whole, Rule.JOINED, tell("joined", parts=listed(telling)))


# the budget block of the whole (项目资金): line by line, in one money unit, 元 and 万元 converted exactly


AMOUNTS = ("initial", "adjusted", "executed")
_OTHER = {"initial": "adjusted", "adjusted": "initial"}


@dataclass(slots=True)
class Funds:
    """Hold the budget block of the whole while it is made, in the money unit `shown`.

    `cells` say by path where its amounts come from, `notes` what a reader must know.
    """

    units: Sequence[Unit]
    shown: MoneyUnit
    budget: Budget = field(default_factory=Budget)
    cells: dict[str, Combined] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def converted(self, fund: Fund, form: Form) -> Fund:
        """Give a form's line with its amounts in the money unit of the whole."""
        factor, divisor = IN_YUAN[form.money_unit], IN_YUAN[self.shown]
        if factor == divisor:
            return fund
        found: dict[str, Any] = {name: getattr(fund, name) for name in AMOUNTS}
        turned: dict[str, Any] = {
            name: each and product(each, factor, divisor) for name, each in found.items()
        }
        return replace(fund, **turned)

    def put(self, path: str, amounts: Sequence[Decimal | None], whole: Decimal | None) -> None:
        """Keep where an amount comes from."""
        told = [
            (unit.name, None if each is None else amount(each, self.shown))
            for unit, each in zip(self.units, amounts, strict=True)
        ]
        if whole is None:
            self.cells[path] = Combined(None, Rule.LEFT, tell("left_blank", parts=listed(told)))
            return
        known = joined("_plus", parts((name, each) for name, each in told if each is not None))
        said = tell("sum", parts=known, text=amount(whole, self.shown))
        self.cells[path] = Combined(f"{whole:f}", Rule.SUM, said)

    def say(self, key: str, **facts: object) -> None:
        """Add a note."""
        self.notes.append(Note(key, tell(key, **facts)))


def money_unit(units: Sequence[Unit]) -> MoneyUnit:
    """Give the money unit of the whole: 元 where any form is in 元."""
    return "元" if any(unit.form.money_unit == "元" for unit in units) else "万元"


def combine_funds(units: Sequence[Unit], rules: Execution) -> Funds:
    """Sum the budget blocks of several units."""
    funds = Funds(units, money_unit(units))
    totals = [funds.converted(filled(unit.form.budget)[0], unit.form) for unit in units]
    summed: dict[str, Any] = {name: _total(name, totals, funds) for name in AMOUNTS}
    sources = {line: _source(line, funds) for line in Budget().sources}
    funds.budget = Budget(replace(_agreed(funds), **summed), **sources)
    _rebase(rules, funds)
    return funds


def _total(name: str, lines: Sequence[Fund], funds: Funds) -> Decimal | None:
    """Give one amount of the total line; as in scoring, one budget stands in for the other."""
    amounts = [getattr(line, name) for line in lines]
    if all(each is None for each in amounts):
        return None
    blank = [unit.name for unit, each in zip(funds.units, amounts, strict=True) if each is None]
    if blank and name in _OTHER:
        amounts = [
            getattr(line, _OTHER[name]) if each is None else each
            for line, each in zip(lines, amounts, strict=True)
        ]
    known = [each for each in amounts if each is not None]
    whole = total(known) if len(known) == len(amounts) else None
    if blank:
        key = "money_blank" if whole is None else "money_stood_in"
        funds.say(key, line=tell("total_line"), field=tell(f"_{name}"), units=named(blank))
    funds.put(f"budget.total.{name}", amounts, whole)
    return whole


def _source(line: str, funds: Funds) -> Fund:
    """Give one source line (其中), over the units that have money of it."""
    lines = [funds.converted(getattr(unit.form.budget, line), unit.form) for unit in funds.units]
    summed: dict[str, Any] = {}
    for name in AMOUNTS:
        amounts = [getattr(each, name) for each in lines]
        known = [each for each in amounts if each is not None]
        if known:
            summed[name] = total(known)
            funds.put(f"budget.{line}.{name}", amounts, summed[name])
    return Fund(**summed)


def _agreed(funds: Funds) -> Fund:
    """Give the total line with what people set, where the units agree: weight, points, the printed rate."""
    lines = [(unit.name, unit.form.budget.total) for unit in funds.units]
    worth = list(dict.fromkeys(line.weight for _, line in lines if line.weight is not None))
    if len(worth) > 1:
        printed = [(name, None if line.weight is None else f"{line.weight:f}") for name, line in lines]
        funds.faults.append(
            Fault(
                say("faults.units_give_budget_line"),
                place="budget.total.weight",
                got=listed(printed),
                expected=say("faults.one_weight"),
                hint=say("faults.agree_on_weight_let"),
            )
        )
    points, rates = {line.score for _, line in lines}, {same(line.rate) for _, line in lines}
    return Fund(
        weight=worth[0] if worth else None,
        rate=lines[0][1].rate if len(rates) == 1 else None,
        score=points.pop() if len(points) == 1 else None,
    )


def _rebase(rules: Execution, funds: Funds) -> None:
    """Let the whole's rate be measured against the sum of the budgets that the units' rates are.

    The lines alone do not tell it where one unit's total holds the money carried over and another's does not.
    """
    yuan = [unit.budget for unit in funds.units if unit.budget is not None]
    if len(yuan) < len(funds.units):
        return
    budgets = [product(each, ONE, IN_YUAN[funds.shown]) for each in yuan]
    wanted = total(budgets)
    if rate_of(Form(money_unit=funds.shown, budget=funds.budget), rules).budget == wanted:
        return
    name = "initial" if rules.budget == "initial" else "adjusted"
    base: dict[str, Any] = {name: wanted}
    funds.budget = replace(funds.budget, total=replace(funds.budget.total, **base))
    funds.put(f"budget.total.{name}", budgets, wanted)
    funds.say("money_base", text=amount(wanted, funds.shown))
