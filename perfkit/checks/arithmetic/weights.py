"""1xx, weights (分值): they add up to 100, to their headings, and to what the profile sets."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from perfkit.checks.figures import add, cents, counted, decimals, or_blank, read_rate, signed
from perfkit.checks.labels import field_text, level_text
from perfkit.checks.registry import Hit, hit, rule
from perfkit.checks.subject import BENEFIT, COST, HUNDRED, OUTPUT, SATISFACTION, Row, Subject
from perfkit.checks.words import words
from perfkit.language import Text
from perfkit.levels import heading_weight

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

ZERO = Decimal(0)
_MARKED = re.compile(r"[(（\[【:：\s]\s*[\d０-９]|[\d０-９]\s*[分%％]")  # 产出指标1 is a number, no weight
MOST_DECIMALS = 2


@rule("PK101")
def weights_not_100(subject: Subject) -> Iterator[Hit]:
    """Sum the leaf weights and the execution weight; a budget line without one may do without."""
    printed = [row.printed.weight for row in subject.rows if row.printed.weight is not None]
    if not printed or any(path.endswith(".weight") for path in subject.unread):
        return
    own = [row.printed.weight or ZERO for row in subject.rows if not words().is_part(row.name)]
    budget = subject.form.budget.total.weight
    extras = (budget,) if budget is not None else (ZERO, subject.profile.execution_weight)
    if any(cents(add(part) + extra) == HUNDRED for part in (printed, own) for extra in extras):
        return
    got = cents(add(printed) + (budget or ZERO))
    yield hit(
        "indicators", rows=add(printed), budget=or_blank(budget, "分"), got=got, gap=signed(got - HUNDRED)
    )


@rule("PK102")
def heading_weight_differs(subject: Subject) -> Iterator[Hit]:
    """Compare the weight printed in a heading (产出指标(50分)) with the rows under it."""
    for level in ("level1", "level2"):
        for heading, weight, rows in _headings(subject, level):
            weights = [row.printed.weight for row in rows if not row.part]
            known = [each for each in weights if each is not None]
            if known and len(known) == len(weights) and cents(add(known)) != cents(weight):
                yield hit(
                    level,
                    rows[0].number,
                    heading=heading,
                    expected=weight,
                    got=add(known),
                    count=counted(len(known), "项", "row"),
                )


@rule("PK103")
def level1_weights_off_profile(subject: Subject) -> Iterator[Hit]:
    """Compare the level-1 weights with the profile's, where every row has a level and a weight."""
    rows = subject.leaves
    if not subject.profile.level1_weights or any(not row.level1 or row.weight is None for row in rows):
        return
    got: dict[str, Decimal] = {}
    for row in rows:
        got[row.level1] = got.get(row.level1, ZERO) + (row.weight or ZERO)
    expected = _expected(subject.profile.level1_weights, got)
    off = [level for level in (expected | got) if cents(got.get(level, ZERO)) != expected.get(level, ZERO)]
    if got and off:
        yield hit("indicators", got=_levels(got, off), expected=_levels(expected, off))


@rule("PK116")
def over_precise(subject: Subject) -> Iterator[Hit]:
    """Find weights, scores and rates with more than two decimals."""
    for row in subject.rows:
        for name in ("weight", "score"):
            if decimals(getattr(row.printed, name)) > MOST_DECIMALS:
                yield hit(name, row.number, got=getattr(row.printed, name))
    total = subject.form.budget.total
    for path, figure in (
        ("budget.total.weight", total.weight),
        ("budget.total.score", total.score),
        ("total", subject.form.total),
    ):
        if decimals(figure) > MOST_DECIMALS:
            yield hit(path, variant="form", cell=field_text(path), got=figure)
    rate = read_rate(total.rate or "", subject.rate or HUNDRED)
    if rate is not None and decimals(rate.percent) > MOST_DECIMALS:
        yield hit(
            "budget.total.rate", variant="form", cell=field_text("rate"), got=(total.rate or "").strip()
        )


def _headings(subject: Subject, level: str) -> Iterator[tuple[str, Decimal, Sequence[Row]]]:
    """Yield the headings that print a weight: heading, weight and rows; level 2 under its level 1."""
    groups: dict[tuple[str, str], list[Row]] = {}
    for row in subject.rows:
        heading = getattr(row.printed, level)
        if heading and not row.empty:
            parent = row.level1 if level == "level2" else ""
            groups.setdefault((parent, getattr(row, level) or heading), []).append(row)
    for rows in groups.values():
        printed: dict[Decimal, list[Row]] = {}
        for row in rows:
            text = getattr(row.printed, level)
            weight = heading_weight(text)
            if weight is not None and _MARKED.search(text):
                printed.setdefault(weight, []).append(row)
        for weight, own in printed.items():
            yield getattr(own[0].printed, level).strip(), weight, rows if len(printed) == 1 else own


def _expected(weights: Mapping[str, Decimal], got: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """Give the weights that the rules set for the blocks that a form has (RULES §1.3).

    Without a cost block its points go half to output and half to benefit; without satisfaction rows
    theirs go to benefit.
    """
    expected = dict(weights)
    if COST in expected and COST not in got:
        half = expected.pop(COST) / 2
        for level in (OUTPUT, BENEFIT):
            expected[level] = expected.get(level, ZERO) + half
    if SATISFACTION in expected and SATISFACTION not in got:
        expected[BENEFIT] = expected.get(BENEFIT, ZERO) + expected.pop(SATISFACTION)
    return expected


def _levels(weights: Mapping[str, Decimal], levels: Sequence[str]) -> Text:
    known = [(level, f"{weights.get(level, ZERO).normalize():f}") for level in levels]
    return Text(
        zh="、".join(f"{level.removesuffix('指标')}{weight}分" for level, weight in known),
        en=", ".join(f"{level_text(level).en} {weight}" for level, weight in known),
    )
