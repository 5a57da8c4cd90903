"""A printed deduction (扣分) and the findings on points lost: told once, and never to be given back."""

from dataclasses import replace
from decimal import Decimal

import pytest

from tests.checks.forms import codes, sound

GUANGXI = "integrated-system-guangxi"
LOST = {"PK107", "PK114", "PK203", "PK206", "PK307"}


def changed(**cells):
    """Give the sound form with the cells of its first row, worth ten points, changed, and its total with them."""
    form = sound()
    row = replace(form.indicators[0], **cells)
    total = form.total - 10 + row.score
    return replace(form, indicators=(row, *form.indicators[1:]), total=total)


REASON = "材料报送晚，已整改，下年提前一个月报送"


@pytest.mark.parametrize(
    ("profile", "deduction", "score", "reason", "found"),
    [
        (GUANGXI, "2", "8", REASON, set()),
        (GUANGXI, "2", "8", None, {"PK203"}),  # a deduction says how much, not why
        (GUANGXI, "2", "7", None, {"PK307"}),
        (GUANGXI, "2", "10", None, {"PK107"}),
        (GUANGXI, None, "8", None, {"PK307"}),
        ("mof-2020", "2", "8", REASON, set()),
        ("mof-2020", "2", "8", None, {"PK307"}),
        ("mof-2020", "2", "10", None, set()),
    ],
)
def test_points_lost_beside_a_deduction(profile, deduction, score, reason, found):
    taken = None if deduction is None else Decimal(deduction)
    form = changed(deduction=taken, score=Decimal(score), reason=reason)
    assert set(codes(form, profile)) & LOST == found


@pytest.mark.parametrize(("score", "found"), [("5", set()), ("7", {"PK114"})])
def test_a_rated_row_is_held_to_its_band_less_the_deduction(score, found):
    cells = {"target": "明显改善", "actual": "有所改善", "rating": "partly", "reason": REASON}
    form = changed(**cells, deduction=Decimal(2), score=Decimal(score))
    assert set(codes(form, GUANGXI)) & {"PK114"} == found


@pytest.mark.parametrize("profile", ["mof-2020", GUANGXI])
def test_a_reviewers_score_makes_no_finding(profile):
    form = changed(review=Decimal(3), opinion="同意")
    assert codes(replace(form, review_total=Decimal(92)), profile) == codes(sound(), profile)
