"""What units are weighed by (money, 按资金加权), the formula of each way to combine, and the words for it.

A unit weighs as much as the budget that its execution rate is measured against. Then the whole's rate, Σ
executed ÷ Σ budget, is itself the weighted mean of the units' rates, and no unit makes its results weigh
less by leaving its money unspent, as it would if what was executed weighed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from perfkit.errors import Fault
from perfkit.language import Text
from perfkit.rollup.rolled_up import Rule
from perfkit.scoring.explanation import amount
from perfkit.scoring.points import CONTEXT, MODES, ONE, ZERO, cut, product, total
from perfkit.text.catalogue import say
from perfkit.text.folding import own_yaml, shortened

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from perfkit.form import MoneyUnit
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
