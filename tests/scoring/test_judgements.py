"""The table of small forms: figures, state and findings that a reviewer would sign, worked out by hand."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
import yaml

import perfkit
from perfkit.form import Ignore, Proof
from perfkit.profiles import load_profile
from tests.checks.forms import changed
from tests.checks.tables import path_of

DATA = Path(__file__).parents[1] / "data" / "scoring" / "judgements.yaml"


class _Printed(yaml.SafeLoader):
    """Keep figures as printed."""


_Printed.add_constructor("tag:yaml.org,2002:float", lambda loader, node: Decimal(node.value))
TABLE = yaml.load(DATA.read_text(encoding="utf-8"), _Printed)


def form_of(cells):
    """Give the form of a line, and the profile."""
    cells = {"total": None, "grade": None} | cells
    profile, reading = cells.pop("profile", "mof-2020"), cells.pop("reading", "")
    aside = [
        (path_of(cell), (Ignore(value, "另附调查报告"),)) for cell, value in cells.items() if "ignore" in cell
    ]
    plain = [(path_of(cell), value) for cell, value in cells.items() if "ignore" not in cell]
    rules = load_profile(profile)
    if profile == "integrated-system":
        rules = replace(rules, corrections=replace(rules.corrections, review="counts"))
    return replace(changed(*plain, *aside), reading=Proof(reading)), rules


def told(figure):
    return None if figure is None else f"{figure:f}"


def test_the_table_is_large_enough():
    assert len(TABLE) >= 80
    assert len({line[0] for line in TABLE}) == len(TABLE)


@pytest.mark.parametrize("line", TABLE, ids=[line[0] for line in TABLE])
def test_a_form_is_judged_as_a_reviewer_would(line):
    _, cells, number, status, computed, score, total, grade, state, codes = line
    form, profile = form_of(cells)
    card = perfkit.score(form, profile)
    part = card.indicators[number - 1] if number else card.budget
    found = sorted({finding.code for finding in perfkit.check(form, card)})
    got = [str(part.status), told(part.computed), told(part.score)]
    whole = [Decimal(told(card.total.score)), card.total.grade, card.total.state]
    assert (got, whole, found) == ([status, computed, score], [Decimal(total), grade, state], codes)
    assert bool(card.total.because) == (state == "provisional")
    if part.declared is not None and part.weight is not None and part.declared >= 0 and part.review is None:
        assert part.score is None or part.score <= part.declared


def judged(*cells, profile=None):
    """Give the card of the sound form with some cells changed, and its findings by code."""
    form = changed(*((path_of(cell), value) for cell, value in cells), ("total", None), ("grade", None))
    card = perfkit.score(form, profile or "mof-2020")
    return card, {finding.code: finding.severity for finding in perfkit.check(form, card)}


@pytest.mark.parametrize(
    ("points", "status", "score", "codes"),
    [
        ("10", "differs", "8", {"PK114"}),
        ("8", "judged", "8", set()),
        ("7", "judged", "7", set()),
        ("5.9", "lower", "5.9", set()),
    ],
)
def test_a_late_date_is_held_to_the_band_that_a_profile_gives(points, status, score, codes):
    rules = load_profile("mof-2020")
    timeliness = replace(rules.timeliness, late_at_least=Decimal(60), late_at_most=Decimal(80))
    late = (("r4.actual", "12月"), ("r4.score", Decimal(points)), ("r4.reason", "雨季较长，下年提前备料"))
    card, found = judged(*late, profile=replace(rules, timeliness=timeliness))
    row = card.indicators[3]
    assert (str(row.status), told(row.score), set(found)) == (status, score, codes)


@pytest.mark.parametrize(("printed", "state", "grade"), [(105, "final", "优"), (104, "provisional", None)])
def test_weights_may_make_another_whole_where_headings_and_total_row_print_it(printed, state, grade):
    headings = ["产出指标(50分)"] * 5 + ["效益指标(35分)"] * 4 + ["满意度指标(10分)"]
    cells = [(f"r{number}.level1", heading) for number, heading in enumerate(headings, 1)]
    more = (("r8.weight", Decimal(10)), ("r8.score", Decimal(10)), ("subtotals", [{"weight": printed}]))
    card, _ = judged(*cells, *more)
    assert (card.total.state, card.total.grade) == (state, grade)


@pytest.mark.parametrize(
    ("points", "reason", "severities"),
    [
        ("7", "线路未批复，下年补装", {"PK107": "warning"}),  # lower, with a reason
        ("7", None, {"PK203": "error"}),
        ("9", "线路未批复，下年补装", {"PK107": "warning"}),  # above, within a point
        ("9.5", "线路未批复，下年补装", {"PK107": "error"}),
    ],
)
def test_what_a_score_beside_its_rule_draws(points, reason, severities):
    cells = (("r2.actual", "240盏"), ("r2.score", Decimal(points)), ("r2.reason", reason))
    _, found = judged(*cells)
    assert {code: severity for code, severity in found.items() if code != "PK303"} == severities


DATABASE = (
    ("r6.name", "建立动态数据库"),
    ("r6.target", "课程库、学员库"),
    ("r6.actual", "做了不少工作"),
    ("r6.level2", "可持续影响指标"),
)


@pytest.mark.parametrize(
    ("cells", "state", "because"),
    [
        ((("r1.score", Decimal(25)),), "final", []),
        ((*DATABASE, ("r6.score", Decimal(35))), "provisional", ["above"]),
        ((("r4.actual", "12月"), ("r4.score", Decimal(25))), "provisional", ["above"]),
        ((("r4.actual", "12月"), ("r4.score", Decimal(10))), "provisional", ["late"]),
    ],
)  # fmt: skip
def test_what_counts_above_a_weight_is_proven_or_to_be_verified(cells, state, because):
    card, found = judged(*cells)
    assert ("PK105" in found) == (because != ["late"])
    assert (card.total.state, [reason.key for reason in card.total.because]) == (state, because)
    assert all(row.score <= row.weight for row in card.indicators)


@pytest.mark.parametrize("actual", ["9月31日", "2022年9月31日完成", "9月31日前完成", "2022-11-31"])
def test_a_date_that_does_not_exist_proves_nothing(actual):
    card, found = judged(("r4.actual", actual))
    assert found["PK405"] == "error"
    assert [(reason.key, reason.rows) for reason in card.total.because] == [("no_date", (4,))]
    assert card.indicators[3].computed is None
    assert "日期不存在" in card.indicators[3].explanation.zh
    card, found = judged(("r4.actual", actual.replace("31", "30")))
    assert "no_date" not in [reason.key for reason in card.total.because]
