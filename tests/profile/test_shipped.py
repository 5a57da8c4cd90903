"""The profiles that perfkit ships: complete, sourced, and told in words."""

import json
from pathlib import Path

import pytest

import perfkit.profiles
from perfkit.profile import PARTS, Cite, Profile
from perfkit.profiles import load_profile, profile_names
from perfkit.profiles.in_words import cited, profile_table

HOME = Path(perfkit.profiles.__file__).parent


def test_the_names_of_the_contract():
    assert profile_names() == (
        "mof-2020",
        "mof-2021",
        "integrated-system",
        "integrated-system-guangxi",
        "rate-cap-2022",
        "hubei",
        "rescaled",
        "sichuan-2023",
        "shanghai-2022",
        "transfer",
    )
    assert {path.stem for path in HOME.glob("*.yaml")} == set(profile_names())


@pytest.mark.parametrize("name", profile_names())
def test_every_section_names_its_source_and_none_is_weak(name):
    profile = load_profile(name)
    cites = [profile.source, profile.weights_source, profile.execution.source]
    if profile.scored:
        cites += [getattr(profile, part).source for part in PARTS]
        cites += [profile.grades_source, profile.thresholds.source]
    for cite in cites:
        assert isinstance(cite, Cite)
        assert cite.zh
        assert cite.en
        assert cite.mark in ("seen", "memory", "own")


@pytest.mark.parametrize("name", profile_names())
def test_titles_are_in_both_languages_and_their_own(name):
    titles = {load_profile(other).title.zh for other in profile_names()}
    assert len(titles) == len(profile_names())
    profile = load_profile(name)
    assert profile.title.zh
    assert profile.title.en
    assert (profile.name, profile.file) == (name, f"{name}.yaml")


@pytest.mark.parametrize(
    ("name", "execution", "level1", "threshold"),
    [
        ("mof-2020", 10, {"产出指标": 50, "效益指标": 30, "满意度指标": 10}, "1.3"),
        ("mof-2021", 10, {"成本指标": 20, "产出指标": 40, "效益指标": 20, "满意度指标": 10}, "1.3"),
        ("integrated-system", 10, {"产出指标": 50, "效益指标": 30, "满意度指标": 10}, "1.2"),
        ("integrated-system-guangxi", 10, {"产出指标": 50, "效益指标": 30, "满意度指标": 10}, "1.3"),
        ("hubei", 20, {}, "1.3"),
        ("sichuan-2023", 10, {}, "1.3"),
        ("transfer", 0, {}, "1.3"),
    ],
)
def test_weights_and_thresholds(name, execution, level1, threshold):
    profile = load_profile(name)
    assert profile.execution_weight == execution
    assert dict(profile.level1_weights) == level1
    assert f"{profile.thresholds.over_achievement:f}" == threshold


@pytest.mark.parametrize(
    ("name", "split", "allowed"),
    [
        ("mof-2020", {"产出指标": 50, "效益指标": 30, "满意度指标": 10}, True),
        ("mof-2020", {"产出指标": 60, "效益指标": 30}, False),
        ("mof-2021", {"产出指标": 50, "效益指标": 40}, True),
        ("mof-2021", {"成本指标": 20, "产出指标": 40, "效益指标": 30}, True),
        ("sichuan-2023", {"产出指标": 60, "效益指标": 30}, True),
    ],
)
def test_the_splits_that_a_rule_set_allows(name, split, allowed):
    assert load_profile(name).allows_level1(split) is allowed


@pytest.mark.parametrize("name", profile_names())
def test_a_profile_as_data_makes_the_same_profile_again(name, tmp_path):
    profile = load_profile(name)
    data = profile.to_dict()
    again = {key: value for key, value in data.items() if key not in ("name", "extends")}
    path = tmp_path / f"{name}.yaml"
    path.write_text(json.dumps(again, ensure_ascii=False), encoding="utf-8")
    assert load_profile(path).to_dict() == data | {"extends": None}


@pytest.mark.parametrize("name", profile_names())
def test_a_profile_in_words(name):
    profile = load_profile(name)
    rules = profile_table(profile)
    assert [rule.key for rule in rules] == [rule.key for rule in profile_table(load_profile("mof-2020"))]
    for rule in rules:
        for language in ("zh", "en"):
            assert rule.topic[language]
            assert rule.rule[language]
            assert not set("{}[]") & set(rule.rule[language])


def test_the_words_hold_the_figures():
    said = {rule.key: rule.rule.en for rule in profile_table(load_profile("rate-cap-2022"))}
    assert "minus 2 from 1.3 times on" in said["over_achievement"]
    assert "< 50% → ≤ 59" in said["caps"]


def test_a_source_says_how_well_it_is_known():
    assert (
        cited(load_profile("mof-2020").quantity.source, "en") == "Caiyu [2020] No. 10, art. 18 [from memory]"
    )
    assert cited(load_profile("hubei").quantity.source, "zh") == "湖北项目自评表（填表说明）"
    assert cited(Cite(), "zh") == ""


def test_profiles_are_kept():
    assert load_profile("hubei") is load_profile("hubei")
    assert isinstance(load_profile("hubei"), Profile)


@pytest.mark.parametrize(
    ("name", "mark"),
    [
        ("mof-2020", "own"),
        ("rescaled", "own"),
        ("integrated-system", "own"),
        ("integrated-system-guangxi", "own"),
        ("hubei", "seen"),
        ("transfer", "memory"),
    ],
)
def test_several_units_are_summed_before_they_are_scored(name, mark):
    rules = load_profile(name).roll_up
    assert (rules.order, rules.amounts, rules.rates) == ("sum_then_score", "sum", "money_weighted")
    assert rules.source.mark == mark


def test_a_form_without_scores_rolls_up_all_the_same():
    said = {rule.key: rule.rule.en for rule in profile_table(load_profile("transfer"))}
    assert said["totalling"] == "none"
    assert said["roll_up"] == (
        "actuals are summed first, then scored, absolute values summed, relative values weighted by money"
    )
