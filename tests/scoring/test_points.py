"""Rounding, and agreement at a declared figure's own precision; never under the caller's context."""

from decimal import ROUND_UP, Decimal, getcontext, localcontext

import pytest

from perfkit.profile import Rounding
from perfkit.scoring.explanation import agrees, cut, plain, product, rounded
from perfkit.values import Verdict
from tests.scoring.rows import read, scored_reading


@pytest.mark.parametrize(
    ("value", "mode", "digits", "expected"),
    [
        ("0.105", "half_up", 2, "0.11"),
        ("0.105", "half_even", 2, "0.10"),
        ("0.105", "down", 2, "0.10"),
        ("0.101", "up", 2, "0.11"),
        ("0.10", "up", 2, "0.10"),
        ("7.5", "half_up", 0, "8"),
    ],
)
def test_rounding(value, mode, digits, expected):
    assert f"{rounded(Decimal(value), Rounding(mode, digits)):f}" == expected


@pytest.mark.parametrize(
    ("declared", "exact", "mode", "expected"),
    [
        ("9.9", "9.898", "half_up", True),
        ("9.90", "9.898", "half_up", True),
        ("9.898", "9.898", "half_up", True),
        ("9.89", "9.898", "half_up", False),
        ("9.89", "9.898", "down", True),
        ("10", "9.96", "half_up", True),
        ("10", "9.94", "half_up", False),
        ("9", "9.44", "half_up", False),
    ],
)
def test_agreement(declared, exact, mode, expected):
    assert agrees(Decimal(declared), Decimal(exact), Rounding(mode, 2)) is expected


@pytest.mark.parametrize(
    ("figure", "expected"), [("100.0", "100"), ("1E+3", "1000"), ("2.50", "2.5"), ("0E-8", "0"), ("90", "90")]
)
def test_plain_notation(figure, expected):
    assert plain(Decimal(figure)) == expected


def test_a_figure_too_long_to_round_stays_as_it_is():
    assert cut(Decimal("1E+400"), 3) == Decimal("1E+400")
    assert product(Decimal("1E+400"), Decimal(2)).is_finite()


def test_the_callers_context_is_neither_used_nor_changed():
    reading = read(Verdict.MISSED, target="300", actual="32")
    with localcontext() as context:
        context.prec = 2
        context.rounding = ROUND_UP
        context.clear_flags()
        row = scored_reading(reading, declared="1.067")
        assert f"{row.computed:f}" == "1.07"
        assert f"{row.lost:f}" == "8.933"
        assert not any(getcontext().flags.values())
