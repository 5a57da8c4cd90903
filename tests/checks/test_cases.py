"""Every code on forms that must fire and on near misses that differ in one cell."""

import pytest

from perfkit.checks import rules
from perfkit.checks.finding import pages
from perfkit.profiles import load_profile, profile_names
from tests.checks.forms import codes, sound
from tests.checks.tables import cases, forms_of

CASES = [
    pytest.param(code, case, id=f"{code}-{number}")
    for code, listed in cases().items()
    for number, case in enumerate(listed, start=1)
]


@pytest.mark.parametrize("profile", profile_names())
def test_a_sound_form_has_no_findings_but_for_a_split_that_its_rules_do_not_know(profile):
    split = load_profile(profile).allows_level1({"产出指标": 50, "效益指标": 30, "满意度指标": 10})
    assert codes(sound(), profile) == ([] if split else ["PK103"])


def test_every_rule_has_three_cases_and_a_page():
    assert set(rules()) == {code for code in pages() if not code.startswith("PK5")}
    assert {code: len(listed) for code, listed in cases().items() if len(listed) < 3} == {}
    assert set(cases()) == set(rules())


@pytest.mark.parametrize(("code", "case"), CASES)
def test_a_defect_is_found_and_nothing_else_is_said(code, case):
    defective, _ = forms_of(case)
    assert codes(defective) == sorted([code, *case.get("with", [])])


@pytest.mark.parametrize(("code", "case"), CASES)
def test_a_near_miss_is_not_found(code, case):
    _, near = forms_of(case)
    assert codes(near) == case.get("near", [])
    assert code not in codes(near)


@pytest.mark.parametrize(("code", "case"), CASES)
def test_the_near_miss_differs_in_one_cell(code, case):
    assert case["fires"] != case["spares"]
    defective, near = (form.to_dict() for form in forms_of(case))
    assert defective != near
    if case["cell"] != "rows":
        assert len(_differences(defective, near)) == 1


def _differences(one, other, path=""):
    if isinstance(one, dict) and isinstance(other, dict):
        return [
            found
            for key in one.keys() | other.keys()
            for found in _differences(one.get(key), other.get(key), f"{path}.{key}")
        ]
    if isinstance(one, list) and isinstance(other, list):
        return [
            found
            for place, (left, right) in enumerate(zip(one, other, strict=True))
            for found in _differences(left, right, f"{path}[{place}]")
        ]
    return [] if one == other else [path]
