"""One cell of the whole from the cells of several units, and what the units are weighed by.

Absolute values and relative ones go by different rules of the profile. Figures are combined only where
every unit prints one, in one unit of measure and with one operator; the sum is then printed as the form
would print it.

A unit weighs as much as the budget that its execution rate is measured against. Then the whole's rate, Σ
executed ÷ Σ budget, is itself the weighted mean of the units' rates, and no unit makes its results weigh
less by leaving its money unspent, as it would if what was executed weighed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from perfkit.errors import Fault
from perfkit.language import Text
from perfkit.rollup.rolled_up import Rule
from perfkit.scoring.explanation import CONTEXT, MODES, ONE, ZERO, amount, cut, product, short, total
from perfkit.text.catalogue import say
from perfkit.text.folding import LONGEST, own_yaml, shortened
from perfkit.text.folding import fold_cell as fold
from perfkit.values import Actual, Target, format_value, is_blank
from perfkit.values.quantity import units
from perfkit.values.rules import AT_LEAST, AT_MOST, EQUAL, NUMBER, RATIO, Flag

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from perfkit.form import MoneyUnit
    from perfkit.profile import RollingUp
    from perfkit.rollup.rolled_up import Unit


@cache
def words() -> dict[str, Any]:
    """Give the vocabulary of the room."""
    text = files("perfkit.rollup").joinpath("words.yaml").read_text(encoding="utf-8")
    found: dict[str, Any] = own_yaml(text)
    return found


def tell(key: str, **facts: object) -> Text:
    """Give a phrase with its facts; a fact that is a `Text` stands in the phrase's language."""
    return say(f"rollup.{key}", **facts)


def joined(key: str, told: Sequence[Text]) -> Text:
    """Join statements by the joint that a phrase is."""
    joint = say(f"rollup.{key}")
    return Text(joint.zh.join(text.zh for text in told), joint.en.join(text.en for text in told))


def parts(printed: Iterable[tuple[str, str | None]]) -> list[Text]:
    """Give each unit's name with what it prints."""
    return [
        tell("_part", unit=shortened(unit), text=tell("_blank") if text is None else shortened(text))
        for unit, text in printed
    ]


def listed(printed: Iterable[tuple[str, str | None]]) -> Text:
    """Give what each unit prints, side by side."""
    return joined("_list", parts(printed))


def named(units: Iterable[str]) -> str:
    """Give the names of units in a row."""
    return "、".join(map(shortened, units))


IN_YUAN = {"元": Decimal(1), "万元": Decimal(10_000)}
DIGITS = 6


@dataclass(slots=True)
class Weights:
    """Hold the units and the money that weighs them; what is missing gathers in `faults`, each once."""

    units: Sequence[Unit]
    money_unit: MoneyUnit
    setting: str = "rates"
    faults: dict[Fault, None] = field(default_factory=dict)

    def of(self, members: Sequence[int]) -> list[Decimal] | None:
        """Give the budgets of some units in 元, None where there is nothing to weigh them by."""
        budgets = [self.units[member].budget for member in members]
        for member, budget in zip(members, budgets, strict=True):
            if budget is None or budget < ZERO:
                self._missing(member, say("expected.not_filled") if budget is None else f"{budget:f}")
        known = [budget for budget in budgets if budget is not None and budget >= ZERO]
        if len(known) < len(budgets):
            return None
        if total(known) > ZERO:
            return known
        for member in members:
            self._missing(member, say("expected.zero_everywhere"))
        return None

    def _missing(self, member: int, got: Text | str) -> None:
        hint = say("expected.fill_in_budget", setting=self.setting)
        fault = Fault(
            say("faults.no_budget_weigh_unit"),
            self.units[member].form.source.file or self.units[member].name,
            "budget.total",
            got=got,
            expected=say("faults.amount_money"),
            hint=hint,
        )
        self.faults[fault] = None

    def combined(self, rule: Rule, figures: Sequence[Decimal], members: Sequence[int]) -> Decimal | None:
        """Combine figures by a rule, exactly where they are summed; None where money is missing."""
        if rule is Rule.SUM:
            return total(figures)
        if rule is Rule.MEAN:
            return product(total(figures), ONE, Decimal(len(figures)))
        money = self.of(members)
        if money is None:
            return None
        return product(total(map(CONTEXT.multiply, figures, money)), ONE, total(money))

    def told(self, rule: Rule, printed: Sequence[tuple[int, str]], text: str) -> Text:
        """Say how figures were combined: `(甲 95% × 200 万元 + 乙 98% × 800 万元) ÷ 1,000 万元 = 97.4%`."""
        names = [(self.units[member].name, said) for member, said in printed]
        if rule is not Rule.MONEY_WEIGHTED:
            return tell(
                str(rule), parts=joined("_plus", parts(names)), text=shortened(text), count=len(names)
            )
        money = [self.units[member].budget or ZERO for member, _ in printed]
        weighted = [
            tell("_weighted", unit=shortened(name), text=shortened(said), money=self.money(each))
            for (name, said), each in zip(names, money, strict=True)
        ]
        return tell(
            str(rule), parts=joined("_plus", weighted), money=self.money(total(money)), text=shortened(text)
        )

    def money(self, yuan: Decimal) -> str:
        """Print an amount in 元 in the money unit of the whole."""
        return amount(product(yuan, ONE, IN_YUAN[self.money_unit]), self.money_unit)


def settled(figure: Decimal) -> Decimal:
    """Round a quotient so that it can be printed; figures in order stay in order."""
    return cut(figure, DIGITS, MODES["half_up"])


# one cell of the whole from the cells of several units: figures are combined, anything else is kept or left


_TRUSTLESS = frozenset({Flag.TEMPLATE, Flag.SCAN_SUSPECT, Flag.NOT_APPLICABLE})
_BARE_AND_ONE = 2
_DIRECTIONS = (AT_LEAST, AT_MOST, EQUAL)


@dataclass(frozen=True, slots=True)
class Printed:
    """Hold what one unit prints in a cell, and how it reads; `sound` where its figure can be trusted."""

    member: int
    text: str | None
    value: Target | Actual
    sound: bool = True

    @property
    def figure(self) -> Decimal | None:
        """Give the one figure that stands in the cell, None where it is words, a date, a range or blank."""
        value = self.value
        plain = value.kind in (NUMBER, RATIO) and value.low is None
        directed = isinstance(value, Actual) or value.direction in _DIRECTIONS
        return value.value if self.sound and plain and directed and not value.flags & _TRUSTLESS else None

    @property
    def way(self) -> str:
        """Say which way a change goes (下降, 增长): by its words, or by a sign that was read as a word."""
        text = same(self.text)
        ways = [way for way, pattern in _changes().items() if pattern.search(text)]
        turned = "-" in text and (self.value.value or 0) > 0
        return ways[0] if ways else "falling" if turned else ""

    @property
    def plain(self) -> bool:
        """Tell a cell that prints its number without 万 or 亿."""
        text = same(self.text)
        return bool(text) and _multipliers().search(text) is None


@dataclass(frozen=True, slots=True)
class Combined:
    """Hold a cell of the whole: its text, the rule that gave it, and the figure that it must read back as."""

    text: str | None
    rule: Rule
    said: Text
    figure: Target | Actual | None = None


def combine(printed: Sequence[Printed], name: str, rules: RollingUp, weights: Weights) -> Combined:
    """Give one cell of the whole."""
    figures = [each.figure for each in printed]
    found = [figure for figure in figures if figure is not None]
    if len(found) < len(printed):
        return kept(printed) or left(printed, weights, _why(printed))
    operators = {(each.way, getattr(each.value, "direction", None)) for each in printed}
    common = common_unit(
        [(each.value.unit, figure) for each, figure in zip(printed, found, strict=True)],
        plain=all(each.plain for each in printed),
    )
    if common is None or len(operators) > 1:
        why = "left_units" if common is None else "left_operators"
        return left(printed, weights, why)
    unit, values = common
    rule = Rule(rules.rates if is_relative(unit, name) else rules.amounts)
    if rule is not Rule.SUM and len(set(values)) == 1:
        return kept(printed) or _figure(printed, values[0], unit, Rule.KEPT, weights)
    value = weights.combined(rule, values, [each.member for each in printed])
    if value is None:  # a fault says so, and nothing will come of this roll-up
        return left(printed, weights, "left_differs")
    return _figure(printed, value if rule is Rule.SUM else settled(value), unit, rule, weights)


def _figure(printed: Sequence[Printed], value: Decimal, unit: str, rule: Rule, weights: Weights) -> Combined:
    """Print a combined figure as a cell."""
    first = printed[0].value
    if isinstance(first, Target):
        operator = next((each.value.operator for each in printed if each.value.operator), "")
        figure: Target | Actual = first._replace(value=value, unit=unit, operator=operator)
    else:
        figure = first._replace(value=value, unit=unit)
    about = any(Flag.APPROXIMATE in each.value.flags for each in printed) and isinstance(first, Actual)
    text = f"{'约' if about else ''}{format_value(figure)}"
    if rule is Rule.KEPT:
        return Combined(text, rule, tell("kept", text=short(text)), figure)
    told = [(each.member, (each.text or "").strip() or format_value(each.value)) for each in printed]
    return Combined(text, rule, weights.told(rule, told, text), figure)


def worded(combined: Combined, printed: Sequence[Printed]) -> Combined:
    """Give a combined change with the word that says which way it goes (`下降5%`), where all use one word."""
    figure, words_ = combined.figure, {each.value.operator for each in printed}
    if figure is None or len(words_) > 1 or not any(each.way for each in printed):
        return combined
    plain = format_value(figure._replace(operator="", kind=NUMBER))
    return Combined(f"{words_.pop()}{plain}", combined.rule, combined.said, figure)


def signed(combined: Combined) -> Combined:
    """Give a combined target with its operator printed, where it was only inferred before."""
    figure = combined.figure
    if not isinstance(figure, Target) or figure.operator:
        return combined
    text = format_value(figure._replace(operator=figure.direction))
    return Combined(text, combined.rule, combined.said, figure)


def kept(printed: Sequence[Printed]) -> Combined | None:
    """Keep a cell that all units print the same; None where they do not."""
    texts = {same(each.text) for each in printed}
    if len(texts) > 1:
        return None
    text = printed[0].text
    if texts == {""}:
        return Combined(text, Rule.KEPT, tell("kept_blank"))
    return Combined(text, Rule.KEPT, tell("kept", text=short(text or "")))


def left(printed: Sequence[Printed], weights: Weights, why: str) -> Combined:
    """Leave a cell blank, and say why and what the units print."""
    names = [
        (weights.units[each.member].name, None if is_blank(each.text) else each.text) for each in printed
    ]
    return Combined(None, Rule.LEFT, tell(why, parts=listed(names)))


def _why(printed: Sequence[Printed]) -> str:
    return "left_blank" if any(is_blank(each.text) for each in printed) else "left_differs"


def same(text: str | None) -> str:
    """Give the text by which two cells are the same: folded, and nothing for a blank one."""
    if text is None or is_blank(text):
        return ""
    return fold(text) if len(text) < LONGEST else text


def common_unit(
    figures: Sequence[tuple[str, Decimal]], *, plain: bool = False
) -> tuple[str, list[Decimal]] | None:
    """Give figures in one unit: their own, or the finest of one dimension; None where there is none.

    None of anything is none, so that a zero takes any unit. Where the cells are `plain` a bare number takes
    the unit of the things that the others count.
    """
    names = sorted({unit for unit, value in figures if value} or {min(unit for unit, _ in figures)})
    if len(names) == 1:
        return names[0], [value for _, value in figures]
    if plain and len(names) == _BARE_AND_ONE and not names[0] and _counts(names[1]):
        return names[1], [value for _, value in figures]
    known = [units().get(name) for name in names]
    if None in known or len({unit.dimension for unit in known if unit}) > 1:
        return None
    finest = min((unit for unit in known if unit), key=lambda unit: (unit.factor, unit.name))
    if finest.counts:
        return None
    factors = {unit.name: unit.factor for unit in known if unit}
    values = [product(value, factors.get(unit, ONE), finest.factor) for unit, value in figures]
    exact = all(
        product(value, finest.factor) == product(printed, factors.get(unit, ONE))
        for value, (unit, printed) in zip(values, figures, strict=True)
    )
    return (finest.name, values) if exact else None


def _counts(unit: str) -> bool:
    known = units().get(unit)
    return known is not None and known.counts


def is_relative(unit: str, name: str) -> bool:
    """Tell a relative value (相对值): a ratio, a value per unit, a duration; by its unit or its name."""
    known = units().get(unit)
    relative = "/" in unit if known is None else known.dimension in words()["relative_dimensions"]
    return relative or _relative_names().search(name) is not None


@cache
def _changes() -> dict[str, re.Pattern[str]]:
    return {way: re.compile(pattern) for way, pattern in words()["changes"].items()}


@cache
def _multipliers() -> re.Pattern[str]:
    return re.compile(words()["multipliers"])


@cache
def _relative_names() -> re.Pattern[str]:
    return re.compile(words()["relative_names"])
