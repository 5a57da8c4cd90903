"""1xx, money and what figures mean: the budget block adds up, 元 is not 万元, zero is no target.

The budget block (项目资金) is summed; its rate and score are the division's. No share can be taken of a
target of zero.
"""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

from perfkit.checks.phrasing import HUNDRED, add, figure, or_blank, percent, percent_of
from perfkit.checks.registry import TEN_THOUSAND, Hit, hit, mixed_amounts, rule
from perfkit.checks.words import is_blank, words
from perfkit.language import Text
from perfkit.scoring import Status
from perfkit.scoring.execution import budgets_of
from perfkit.scoring.explanation import ONE, equal, product, rounded
from perfkit.text import say
from perfkit.text.figures import cut, money
from perfkit.values import printed_rate, read_rate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from perfkit.checks.finding import Severity
    from perfkit.checks.registry import Row, Subject
    from perfkit.form import Fund

COLUMNS = {
    "initial": say("checks.column.initial"),
    "adjusted": say("checks.column.adjusted"),
    "executed": say("checks.column.executed"),
}
LINES = {
    "total": say("checks.line.total"),
    "fiscal": say("checks.line.fiscal"),
    "carried_over": say("checks.line.carried_over"),
    "other": say("checks.line.other"),
}
ZERO = Decimal(0)


@rule("PK108")
def rate_wrong(subject: Subject) -> Iterator[Hit]:
    """Compare the printed rate with executed ÷ budget, at the precision that is printed."""
    total = subject.form.budget.total
    rules = subject.profile.execution
    budgets = () if subject.negative_money else budgets_of(subject.form, rules)
    if is_blank(total.rate) or total.rate is None or not budgets or total.executed is None:
        return
    exact = percent_of(total.executed, budgets[0])
    printed = read_rate(total.rate, exact)
    if subject.mixed_money or (printed and not subject.card.budget.misprinted):
        return
    figures: dict[str, Any] = {
        "got": total.rate.strip(),
        "exact": f"{cut(exact, 4, ROUND_HALF_UP):f}",
        "expected": f"{rounded(exact, rules.rate):f}",
        "executed": total.executed,
        "budget": budgets[0],
    }
    if printed is None:
        yield hit("budget.total.rate", variant="unreadable", **figures)
        return
    gap = abs(printed.percent - exact)
    near = gap <= subject.profile.thresholds.rate_tolerance
    also = ("PK109",) if _follows(subject, printed.percent) else ()
    severity: Severity | None = "warning" if near else None
    yield hit("budget.total.rate", severity=severity, also=also, gap=cut(gap, 4, ROUND_HALF_UP), **figures)


def _follows(subject: Subject, printed: Decimal) -> bool:
    """Tell whether the printed score is what the wrong printed rate would earn: one slip, not two."""
    total = subject.form.budget.total
    if total.score is None or total.weight is None or subject.card.budget.status is Status.AGREES:
        return False
    return subject.card.budget.misprinted and equal(total.score, product(printed, total.weight, HUNDRED))


@rule("PK109")
def execution_score_wrong(subject: Subject) -> Iterator[Hit]:
    """Compare the printed execution score with the profile's."""
    card, total = subject.card.budget, subject.form.budget.total
    if card.status not in (Status.DIFFERS, Status.LOWER) or card.declared is None or card.computed is None:
        return
    printed = printed_rate(total.rate, card.rate)
    if (
        subject.negative_money
        or subject.mixed_money
        or (printed is not None and _follows(subject, printed))
        or card.declared < 0
        or (total.weight is not None and card.declared > total.weight)
    ):
        return
    yield hit(
        "budget.total.score",
        got=card.declared,
        expected=card.computed,
        why=card.explanation,
        rate=percent(card.rate),
    )


@rule("PK110")
def fund_total_not_sum(subject: Subject) -> Iterator[Hit]:
    """Compare each amount of the total line with the sum of its lines (其中)."""
    found = list(_off_sum(subject))
    empty = not any(getattr(subject.form.budget.total, column) for column in COLUMNS)
    if len(found) > 1 and empty:
        first = found[0]
        also = ("PK111",) if any(True for _ in _spent_without(subject)) else ()
        yield replace(first, variant="empty", also=also)
    else:
        yield from found


def _off_sum(subject: Subject) -> Iterator[Hit]:
    budget = subject.form.budget
    for column, title in COLUMNS.items() if not subject.negative_money else ():
        path = f"budget.total.{column}"
        parts = {line: getattr(fund, column) for line, fund in budget.sources.items()}
        known = {line: amount for line, amount in parts.items() if amount is not None}
        lines_unread = any(f"budget.{line}.{column}" in subject.unread for line in parts)
        got, expected = getattr(budget.total, column), add(known.values())
        if not known or lines_unread or path in subject.unread or (got or ZERO) == expected:
            continue
        if column in subject.mixed_money or (subject.mixed_money and _ten_thousand_apart(got, expected)):
            continue
        yield hit(
            path,
            column=title,
            got=or_blank(got),
            stated=_stated(got),
            expected=expected,
            lines=_lines(known),
            gap=abs((got or ZERO) - expected),
        )


@rule("PK111")
def zero_budget(subject: Subject) -> Iterator[Hit]:
    """Find spending where the budget of the year is zero or blank."""
    yield from _spent_without(subject)


def _spent_without(subject: Subject) -> Iterator[Hit]:
    for line, fund in _fund_lines(subject):
        path = f"budget.{line}.adjusted"
        if path not in subject.unread and (fund.executed or ZERO) > 0 and (fund.adjusted or ZERO) <= 0:
            got, stated = or_blank(fund.adjusted), _stated(fund.adjusted)
            yield hit(path, line=LINES[line], got=got, stated=stated, executed=fund.executed)


def _stated(amount: Decimal | None) -> Text:
    told = or_blank(amount)
    return told if amount is None else say("checks.stated", amount=told)


@rule("PK112")
def overspent(subject: Subject) -> Iterator[Hit]:
    """Compare what was spent with the budget of the year; mixed units are PK117."""
    if subject.mixed_money:
        return
    for line, fund in _fund_lines(subject):
        if fund.adjusted is not None and fund.executed is not None and fund.executed > fund.adjusted > 0:
            yield hit(
                f"budget.{line}.executed",
                line=LINES[line],
                got=fund.executed,
                expected=fund.adjusted,
                over=fund.executed - fund.adjusted,
                rate=percent(percent_of(fund.executed, fund.adjusted)),
            )


def _fund_lines(subject: Subject) -> Iterator[tuple[str, Fund]]:
    """Yield the total line, or where nothing stands on it the lines under it."""
    budget = subject.form.budget
    if budget.total.filled:
        yield "total", budget.total
    else:
        yield from budget.sources.items()


def _lines(known: dict[str, Decimal]) -> Text:
    return Text(
        zh="＋".join(f"{LINES[line].zh}{figure(amount)}" for line, amount in known.items()),
        en=" + ".join(f"{LINES[line].en} {figure(amount)}" for line, amount in known.items()),
    )


_YUAN = {"元": Decimal(1), "万元": TEN_THOUSAND}
_AMOUNT = re.compile(r"(?<![\d.,])(?P<figure>\d[\d,]*(?:\.\d+)?)\s*(?P<scale>万|亿)?元(?!\s*[/／每])")
_SCALES = {None: Decimal(1), "万": TEN_THOUSAND, "亿": Decimal(10) ** 8}
_YI = Decimal(10) ** 8
_SAME = Decimal("0.005")


@rule("PK113")
def zero_target(subject: Subject) -> Iterator[Hit]:
    """Find a target of 0 that more is better than: no share of it can be reached."""
    for row in subject.leaves:
        if row.asks_for_nothing:
            yield hit("target", row.number)


@rule("PK117")
def money_unit_mixed(subject: Subject) -> Iterator[Hit]:
    """Find amounts that differ by 10⁴ between the budget block, the cost rows and the texts: one finding.

    The block speaks first, then the rows, then the texts; the others are the same slip told again.
    """
    found = [*_mixed_block(subject), *_mixed_rows(subject), *_mixed_texts(subject)]
    if found:
        also = ("PK119",) if _beyond(subject) else ()
        more = len(found) - 1
        yield replace(found[0], also=also, values={**found[0].values, "more": _more(more)})


def _more(count: int) -> Text:
    if not count:
        return Text("", "")
    return say("checks.more_places", n=count)


def _mixed_rows(subject: Subject) -> Iterator[Hit]:
    amounts = _amounts(subject)
    for row in subject.leaves:
        stated = _whole_cost(row)
        if stated is not None and (other := _ten_thousand_fold(stated, amounts)) is not None:
            yuan, block = _in_form_unit(subject, stated, other)
            yield hit("target", row.number, variant="row", yuan=yuan, other=block)


def _mixed_texts(subject: Subject) -> Iterator[Hit]:
    amounts = _amounts(subject)
    for path, number, text in _texts(subject):
        for match in _AMOUNT.finditer(text):
            before = text[max(0, match.start() - 14) : match.start()]
            other_money = words().has("per_unit", before) or words().has("money_results", before)
            if other_money or not words().has("whole_money", before):
                continue
            stated = Decimal(match["figure"].replace(",", "")) * _SCALES[match["scale"]]
            if (other := _ten_thousand_fold(stated, amounts)) is not None:
                yuan, block = _in_form_unit(subject, stated, other)
                yield hit(path, number, variant="text", text=match.group(), yuan=yuan, other=block)


def _in_form_unit(subject: Subject, *amounts: Decimal) -> list[Text]:
    unit = subject.form.money_unit
    return [money(product(yuan, ONE, _YUAN[unit]), unit) for yuan in amounts]


@rule("PK119")
def money_implausible(subject: Subject) -> Iterator[Hit]:
    """Find a project's total beyond what projects cost: 元 typed under 万元."""
    beyond = _beyond(subject)
    if beyond is None or any(True for _ in money_unit_mixed(subject)):
        return
    path, amount, yuan = beyond
    line = subject.profile.thresholds.implausible_money
    yield hit(path, got=amount, yi=cut(product(yuan, ONE, _YI), 2), line=line)


def _beyond(subject: Subject) -> tuple[str, Decimal, Decimal] | None:
    """Give the amount of the total line beyond the profile's line: its path, as printed, in yuan."""
    form = subject.form
    if form.kind == "department":
        return None
    total, scale = form.budget.total, _YUAN[form.money_unit]
    line = subject.profile.thresholds.implausible_money * _YI
    for column in ("adjusted", "initial", "executed"):
        amount = getattr(total, column)
        if amount is not None and amount.is_finite() and product(amount, scale) > line:
            return f"budget.total.{column}", amount, product(amount, scale)
    return None


def _amounts(subject: Subject) -> dict[str, Decimal]:
    """Give every amount of the budget block in yuan, by its path."""
    budget, scale = subject.form.budget, _YUAN[subject.form.money_unit]
    return {
        f"budget.{line}.{column}": amount * scale
        for line, fund in {"total": budget.total, **budget.sources}.items()
        for column in COLUMNS
        if (amount := getattr(fund, column)) is not None and amount > 0
    }


def _mixed_block(subject: Subject) -> Iterator[Hit]:
    """Compare the amounts of the total line with each other and with the lines under it."""
    for path, (amount, base) in mixed_amounts(subject.form).items():
        ratio = round(max(amount, base) / min(amount, base))
        yield hit(path, variant="block", got=amount, other=base, ratio=ratio)


def _whole_cost(row: Row) -> Decimal | None:
    """Give the amount in yuan that a row states for the project's whole cost, None for unit costs."""
    target = row.reading.target
    if target.value is None or target.unit != "元" or target.value <= 0:
        return None
    text = f"{row.name}{row.printed.target or ''}"
    whole = row.cost or words().has("whole_money", row.name)
    return target.value if whole and not words().has("per_unit", text) else None


def _ten_thousand_apart(one: Decimal | None, other: Decimal) -> bool:
    return one is not None and one > 0 < other and _ten_thousand_fold(one, {"": other}) is not None


def _ten_thousand_fold(stated: Decimal, amounts: dict[str, Decimal]) -> Decimal | None:
    """Give the amount that a stated one is 10⁴ times or a 10⁴th of, unless it equals another one."""
    if any(abs(stated / amount - 1) <= _SAME for amount in amounts.values()):
        return None
    for amount in amounts.values():
        for ratio in (stated / amount, amount / stated):
            if abs(ratio / TEN_THOUSAND - 1) <= _SAME:
                return amount
    return None


def _texts(subject: Subject) -> Iterator[tuple[str, int | None, str]]:
    """Yield every running text of the form: its field, its row, the text."""
    form = subject.form
    texts = {"goals.expected": form.goals.expected, "goals.outcome": form.goals.outcome, "notes": form.notes}
    yield from ((path, None, text) for path, text in texts.items() if text)
    yield from (("reason", row.number, row.said) for row in subject.rows if row.said)
