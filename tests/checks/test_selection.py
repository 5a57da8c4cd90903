"""Which findings are wanted: on the command line, in a profile, on a row."""

from dataclasses import replace

import pytest

import perfkit
from perfkit.checks.registry import codes_of
from perfkit.errors import SettingsError
from perfkit.form import Ignore
from perfkit.profiles import load_profile
from tests.checks.forms import changed, codes

DEFECTIVE = changed(("indicators[1].actual", "240盏"), ("total", 99), ("indicators[1].reason", None))
ALL = ["PK104", "PK303", "PK316"]


@pytest.mark.parametrize(
    ("select", "ignore", "expected"),
    [
        ([], [], ALL),
        (["PK316"], [], ["PK316"]),
        (["pk3"], [], ["PK303", "PK316"]),
        (["missed-at-full-marks"], [], ["PK316"]),
        (["PK"], ["PK3"], ["PK104"]),
        ([], ["total-not-sum", "PK303"], ["PK316"]),
        (["PK1", "PK316"], ["PK104"], ["PK316"]),
        (["PK2"], [], []),
        ([""], [], ALL),
    ],
)
def test_select_and_ignore(select, ignore, expected):
    assert codes(DEFECTIVE, select=select, ignore=ignore) == expected


@pytest.mark.parametrize(
    ("pattern", "hint"),
    [
        ("PK316x", "PK316"),
        ("PK999", "PK"),
        ("mised-at-full-marks", "missed-at-full-marks"),
        ("weights-100", "weights-not-100"),
        ("qqq", "docs"),
    ],
)
def test_an_unknown_code_names_the_nearest(pattern, hint):
    with pytest.raises(SettingsError, match="no such finding") as caught:
        codes(DEFECTIVE, ignore=[pattern])
    assert hint in str(caught.value)


def test_all_unknown_codes_are_told_at_once():
    with pytest.raises(SettingsError) as caught:
        codes_of(["PK316", "PK999", "nonsense"])
    assert len(caught.value.faults) == 2


def test_a_profile_sets_severities_thresholds_and_what_is_ignored():
    profile = load_profile("mof-2020")
    strict = replace(profile, severities={"PK303": "error", "total-not-sum": "info"}, ignore=("PK316",))
    found = perfkit.check(DEFECTIVE, perfkit.score(DEFECTIVE, strict))
    assert [(each.code, each.severity) for each in found] == [("PK303", "error"), ("PK104", "info")]
    lenient = replace(profile, thresholds=replace(profile.thresholds, over_achievement=2))
    over = changed(("indicators[1].actual", "500盏"))
    assert [each.code for each in perfkit.check(over, perfkit.score(over, profile))] == ["PK210"]
    assert not perfkit.check(over, perfkit.score(over, lenient))


@pytest.mark.parametrize(
    ("ignore", "left"),
    [
        ((Ignore("PK316", "合同分两期"),), ["PK104", "PK303"]),
        ((Ignore("PK3", "合同分两期"),), ["PK104"]),
        ((Ignore("missed-at-full-marks", "合同分两期"),), ["PK104", "PK303"]),
        ((Ignore("PK316", " "),), ALL),
        ((Ignore("PK104", "合同分两期"),), ALL),
    ],
)
def test_a_row_sets_its_own_findings_aside_with_a_reason(ignore, left):
    assert codes(changed(("indicators[1].ignore", ignore), base=DEFECTIVE)) == left


def test_another_row_is_not_set_aside():
    form = changed(("indicators[0].ignore", (Ignore("PK3", "合同分两期"),)), base=DEFECTIVE)
    assert codes(form) == ALL


def test_findings_come_worst_first_then_in_the_order_of_the_form():
    form = changed(("indicators[9].actual", "80%"), ("grade", "良"), base=DEFECTIVE)
    found = perfkit.check(form, perfkit.score(form))
    order = [(["error", "warning", "info"].index(each.severity), each.row or 0) for each in found]
    assert order == sorted(order)
    assert [each.code for each in found.on_row(10)] == ["PK316"]
