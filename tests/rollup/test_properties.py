"""What holds for the forms of any units, under every profile that scores."""

from collections import Counter
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from perfkit.errors import DataError
from perfkit.form import Budget, Form, Fund
from perfkit.profiles import profile_names
from perfkit.rollup import RollUp, roll_up
from perfkit.scoring import score
from tests.rollup.units import row, ruled, unit
from tests.strategies import (
    AT_LEAST,
    AT_MOST,
    figures,
    forms,
    indicators,
    measured_pairs,
    scored_forms,
    texts,
)

SCORED = [name for name in profile_names() if name != "transfer"]
profiles = st.sampled_from(SCORED)
orders = st.sampled_from(["sum_then_score", "score_then_sum"])
MEANS = {"rates": "mean", "totals": "mean"}


@st.composite
def one_project(draw: st.DrawFn, least: int = 2) -> list[Form]:
    """Give the forms of several units: the rows of one form, filled in anew, some left out, with money."""
    first = draw(scored_forms(most=4))
    own = [replace(each, name=f"{each.name}（{place}）") for place, each in enumerate(first.indicators)]
    given_forms = []
    for number in range(draw(st.integers(least, 4))):
        rows = [_filled(draw, each) for each in own if number == 0 or draw(st.booleans())]
        budget, spent = draw(figures("0.01", "10000")), draw(figures("0", "10000"))
        line = Fund(budget, budget, spent, Decimal(10))
        form = replace(
            first,
            unit=f"单位{number}",
            money_unit=draw(st.sampled_from(["元", "万元"])),
            budget=Budget(line, fiscal=replace(line, weight=None)),
            indicators=tuple(rows),
        )
        given_forms.append(form)
    return given_forms


def _filled(draw: st.DrawFn, one):
    other = draw(indicators(st.just(one.weight)))
    if draw(st.booleans()):
        pair = draw(measured_pairs(draw(st.sampled_from([AT_LEAST, AT_MOST]))))
        other = replace(other, target=pair.target, actual=pair.actual)
    return replace(one, target=other.target, actual=other.actual, score=other.score)


@given(form=forms(most=5), profile=profiles, order=orders)
def test_one_form_rolled_up_is_that_form(form, profile, order):
    result, card = roll_up([form], ruled(profile, order=order)), score(form, profile)
    assert (result.total.score, result.total.grade, result.total.complete) == (
        card.total.score, card.total.grade, card.total.complete,
    )  # fmt: skip
    assert [line.score for line in result.lines] == [
        card.budget.score,
        *(each.score for each in card.indicators),
    ]
    assert (result.form, result.notes, result.cells) == (form, (), ())


@given(given_forms=one_project(), profile=profiles, order=orders, seed=st.randoms())
def test_the_order_of_the_forms_changes_nothing(given_forms, profile, order, seed):
    turned = list(given_forms)
    seed.shuffle(turned)
    rules = ruled(profile, order=order)
    one, other = roll_up(given_forms, rules), roll_up(turned, rules)
    assert facts(one) == facts(other)


def facts(result: RollUp) -> tuple:
    """Give what is so of a whole, in whatever order its rows stand."""
    lines = Counter((line.name, line.weight, line.score) for line in result.lines)
    rows = Counter() if result.form is None else Counter(
        (each.name, same(each.target), same(each.actual)) for each in result.form.indicators
    )  # fmt: skip
    total = result.total
    return total.score, total.computed, total.weight, total.grade, total.complete, lines, rows


def same(text: str | None) -> str | None:
    """Give a text in which the spelling of an operator tells nothing: it is the first unit's."""
    for sign, words in (("≥", AT_LEAST), ("≤", AT_MOST)):
        for word in words:
            text = text and text.replace(word, sign)
    return text


@given(form=scored_forms(), copies=st.integers(2, 4), profile=profiles)
def test_copies_of_a_form_have_its_completion_and_its_total(form, copies, profile):
    result, card = roll_up([form] * copies, profile), score(form, profile)
    for whole, own in zip(by_name(result.card), by_name(card), strict=True):
        assert whole.reading.completion == own.reading.completion
        assert whole.reading.verdict == own.reading.verdict
        assert whole.score == own.score
    assert result.total.score == card.total.score
    scored_first = roll_up([form] * copies, ruled(profile, order="score_then_sum"))
    assert scored_first.total.score == card.total.score
    assert scored_first.total.grade == card.total.grade


def by_name(card):
    return sorted(card.indicators, key=lambda each: (each.indicator.name, each.indicator.level2, each.number))


@given(given_forms=one_project(), profile=profiles, order=orders, factor=st.integers(2, 1000))
def test_scaling_all_money_changes_nothing(given_forms, profile, order, factor):
    rules = ruled(profile, order=order)
    scaled = [replace(form, budget=times(form.budget, factor)) for form in given_forms]
    assert facts(roll_up(given_forms, rules)) == facts(roll_up(scaled, rules))


def times(budget: Budget, factor: int) -> Budget:
    def line(fund: Fund) -> Fund:
        amounts = {name: getattr(fund, name) for name in ("initial", "adjusted", "executed")}
        return replace(fund, **{name: each and each * factor for name, each in amounts.items()})

    return Budget(
        **{name: line(getattr(budget, name)) for name in ("total", "fiscal", "carried_over", "other")}
    )


@given(
    given_forms=one_project(),
    profile=profiles,
    order=orders,
    amounts=st.sampled_from(["sum", "mean"]),
    rates=st.sampled_from(["money_weighted", "mean"]),
    totals=st.sampled_from(["money_weighted", "mean", "sum"]),
)
def test_a_total_lies_between_zero_and_the_weight(given_forms, profile, order, amounts, rates, totals):
    result = roll_up(given_forms, ruled(profile, order=order, amounts=amounts, rates=rates, totals=totals))
    total = result.total
    assert total.score is None or 0 <= total.score <= total.weight or profile == "rescaled"
    for line in result.lines:
        assert line.score is None or line.weight is None or 0 <= line.score <= line.weight
        assert line.explanation.zh
        assert line.explanation.en
    for place, each in enumerate(result.form.indicators if result.form else ()):
        for name in ("target", "actual"):
            cell = result.cell(f"indicators[{place}].{name}")
            assert cell is None or cell.text == getattr(each, name)
    assert result.total.complete or result.total.grade is None


@given(given_forms=st.lists(forms(most=4), min_size=1, max_size=3), profile=profiles, order=orders)
def test_forms_of_any_sort_are_rolled_up_or_refused_with_their_faults(given_forms, profile, order):
    faults, result = (), None
    try:
        result = roll_up(given_forms, ruled(profile, order=order))
    except DataError as error:
        faults = error.faults
    assert (result is None) == bool(faults)
    assert all(fault.what and fault.got and fault.expected for fault in faults)
    assert result is None or result.to_dict()


@given(name=texts(), target=texts(), actual=texts(), reason=texts())
def test_whatever_stands_in_a_cell_it_is_rolled_up_as_text(name, target, actual, reason):
    assume(name.strip())
    one = unit(row(target, actual, name, reason=reason), name=name, budget="1")
    other = unit(row(target, "3场", name, reason="{0}"), name="{unit}", budget="1")
    result = roll_up([one, other], ruled("mof-2020", **MEANS))
    assert result.form.indicators[0].name == name
    assert result.to_dict("en")["cells"]


@pytest.mark.parametrize("name", ["{parts}", "%s", "\u202e甲", "a\nb", "<b>", "甲" * 500])
def test_a_hostile_name_is_only_a_name(name):
    result = roll_up([unit(row("≥1场", "1场", name), name=name), unit(row("≥2场", "2场", name), name="乙")])
    assert result.form.indicators[0].target == "≥3场"
    [_, line] = result.lines
    assert "{" not in name or name in line.explanation.zh
    assert len(line.explanation.zh) < 500
