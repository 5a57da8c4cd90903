"""A user's own profile: found by path or name, extending others, and refused with all its faults at once."""

from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from perfkit.errors import SettingsError
from perfkit.form import Form, Source
from perfkit.profiles import CITED, load_profile
from perfkit.profiles.in_words import cited, profile_table
from perfkit.scoring import score
from tests.strategies import in_english

if TYPE_CHECKING:
    from perfkit.profile import Profile


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / f"{name}.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def faults(path: Path | str) -> list[tuple[str, str, str, str, str]]:
    with pytest.raises(SettingsError) as caught:
        load_profile(path)
    parts = ("what", "place", "got", "expected", "hint")
    return [tuple(in_english(getattr(fault, part)) for part in parts) for fault in caught.value.faults]


OWN = """\
extends: mof-2020
title: 我市
weights: {execution: 20, source: 市财政局通知}
over_achievement: {method: fixed, threshold: 1.5, points: 1}
severities: {PK107: info}
ignore: [PK116]
"""


def test_a_profile_of_ones_own(tmp_path):
    profile = load_profile(write(tmp_path, "own", OWN))
    assert (profile.name, profile.extends, profile.title.zh, profile.title.en) == (
        "own",
        "mof-2020",
        "我市",
        "我市",
    )
    assert (profile.execution_weight, profile.level1_weights["产出指标"]) == (20, 50)
    assert (profile.over_achievement.points, profile.thresholds.over_achievement) == (1, Decimal("1.5"))
    assert profile.quantity == load_profile("mof-2020").quantity
    assert (profile.severities, profile.ignore) == ({"PK107": "info"}, ("PK116",))


def test_a_section_that_departs_from_an_act_is_not_cited_to_it(tmp_path):
    profile = load_profile(write(tmp_path, "own", OWN))
    assert profile.weights_source.zh == "市财政局通知"
    assert profile.over_achievement.source.zh == "自定规则 own"
    assert profile.over_achievement.source.mark == "user"
    assert profile.quantity.source == load_profile("mof-2020").quantity.source
    assert profile.source.en == "own profile own, extends mof-2020"


def test_grades_may_be_a_bare_list(tmp_path):
    text = "extends: mof-2020\ngrades: [{name: 合格, at_least: 60}, {name: 不合格, at_least: 0}]\n"
    profile = load_profile(write(tmp_path, "own", text))
    assert [profile.grade(Decimal(total)) for total in (60, 59)] == ["合格", "不合格"]
    assert profile.grades_source.zh == "自定规则 own"


def test_a_chain_of_extensions(tmp_path):
    write(tmp_path, "city", "extends: hubei\nquantity: {pass_line: 60}\n")
    write(
        tmp_path,
        "district",
        "extends: city\nquantity: {at_most: mirrored}\nthresholds: {over_achievement: 2}\n",
    )
    profile = load_profile(tmp_path / "district.yaml")
    assert (profile.quantity.pass_line, profile.quantity.at_most) == (60, "mirrored")
    assert (profile.execution_weight, profile.qualitative.partly_from) == (20, 50)
    assert profile.thresholds.over_achievement == 2


def test_found_by_name_beside_the_work(tmp_path, monkeypatch):
    write(tmp_path / "profiles", "own", OWN)
    assert load_profile("own", near=tmp_path).name == "own"
    monkeypatch.chdir(tmp_path)
    assert load_profile("own").title.zh == "我市"
    assert load_profile("profiles/own.yaml") is load_profile("own")


def test_found_from_the_folder_of_the_form_and_from_a_kernel_in_notebooks(tmp_path, monkeypatch):
    for folder in ("params/forms", "notebooks"):
        (tmp_path / folder).mkdir(parents=True)
    write(tmp_path / "profiles", "own", OWN)
    form = Form("项目", source=Source(file=str(tmp_path / "params/forms/a.yaml")))
    assert score(form, "own").profile.name == "own"
    monkeypatch.chdir(tmp_path / "notebooks")
    assert load_profile("own") is load_profile("profiles/own.yaml")


def test_a_changed_file_is_read_again_whoever_extends_it(tmp_path):
    write(tmp_path, "city", "extends: hubei\nweights: {execution: 30}\n")
    path = write(tmp_path, "district", "extends: city\n")
    assert load_profile(path).execution_weight == 30
    write(tmp_path, "city", "extends: hubei\nweights: {execution: 5}\n")
    assert load_profile(path).execution_weight == 5


def test_what_stands_beside_the_score_is_a_setting_like_the_others(tmp_path):
    profile = load_profile(write(tmp_path, "own", "extends: mof-2020\ncorrections: {review: counts}\n"))
    assert (profile.corrections.deduction, profile.corrections.review) == ("ignore", "counts")
    assert profile.corrections.source.zh == "自定规则 own"
    bad = write(tmp_path, "bad", "extends: mof-2020\ncorrections:\n  deduction: substract\n  reviews: note\n")
    found = {(place, got) for _, place, got, _, _ in faults(bad)}
    assert ("line 3: corrections.deduction", "substract") in found
    assert any(place.startswith("line 4: corrections.reviews") for place, _ in found)


@pytest.mark.parametrize(
    ("name", "hint"),
    [("mof2020", "mof-2020"), ("shanghai", "shanghai-2022"), ("intergrated-system", "integrated-system")],
)
def test_an_unknown_name_names_the_nearest(name, hint):
    [(what, _, got, expected, said)] = faults(name)
    assert (what, got, said) == ("there is no such profile", name, f"did you mean {hint}?")
    assert "rate-cap-2022" in expected


def test_an_unknown_parent_is_placed_in_the_child(tmp_path):
    path = write(tmp_path, "own", "title: x\nextends: mof-2022\n")
    with pytest.raises(SettingsError, match=r"own\.yaml, line 2: extends: there is no such profile"):
        load_profile(path)


def test_circles_are_refused(tmp_path):
    write(tmp_path, "a", "extends: b\n")
    write(tmp_path, "b", "extends: c\n")
    write(tmp_path, "c", "extends: a\n")
    [(what, place, _, _, hint)] = faults(tmp_path / "a.yaml")
    assert (what, place, hint) == (
        "profiles extend each other in a circle",
        "line 1: extends",
        "a → b → c → a",
    )
    path = write(tmp_path, "own", "extends: own\n")
    assert faults(path)[0][4] == "own → own"


BAD = """\
extends: mof-2020
titel: x
execution:
  capt: true
  method: proportionl
  pass_line: 120
  rate: {mode: half_up, digits: -1}
quantity: [1]
over_achievement: {method: steps}
weights: {execution: ten, level1: {产出指标: -5}}
grades: {bands: [{name: 优, at_least: 80}, {name: 良, at_least: 90}]}
satisfaction: {steps: [{at_least: 1}]}
severities: {PK1: error, PK107: loud}
ignore: PK101
totalling: {caps: [{below: 80, at_mots: 3}], no_evidence: 3}
qualitative: {met_from: 50}
scored: perhaps
"""


def test_all_faults_of_a_file_at_once(tmp_path):
    found = {
        place: (what, got, expected, hint)
        for what, place, got, expected, hint in faults(write(tmp_path, "own", BAD))
    }
    assert found["line 2: titel"][0] == "unknown key"
    assert found["line 2: titel"][3] == "did you mean title?"
    assert found["line 4: execution.capt"][3] == "did you mean capped?"
    assert found["line 5: execution.method"] == (
        "this value is not known",
        "proportionl",
        "proportional, steps, manual",
        "did you mean proportional?",
    )
    assert found["line 6: execution.pass_line"] == ("this figure is too large", "120", "100 or less", "")
    assert found["line 7: execution.rate.digits"] == ("this figure is too small", "-1", "0 or more", "")
    assert found["line 8: quantity"] == ("a section belongs here", "[1]", "a mapping, key: value", "")
    assert found["line 9: over_achievement"][0] == "the method steps needs a table of steps"
    assert found["line 10: weights.execution"][:2] == ("this is no figure", "ten")
    assert found["line 10: weights.level1.产出指标"][:2] == ("this figure is too small", "-5")
    assert found["line 11: grades"][0].startswith("grades go from the best down")
    assert found["line 12: satisfaction.steps.0.percent"][0] == "a setting is missing"
    assert found["line 13: severities.PK1"][:2] == ("this is no finding code", "PK1")
    assert found["line 13: severities.PK107"][:2] == ("this value is not known", "loud")
    assert found["line 14: ignore"][0] == "a list belongs here"
    assert found["line 15: totalling.caps.0.at_mots"][3] == "did you mean at_most?"
    assert found["line 16: qualitative"][0] == "partly_from lies above met_from"
    assert found["line 17: scored"][:2] == ("this is neither yes nor no", "perhaps")
    assert len(found) >= 18


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("extends: mof-2020\nexecution: {at_lest: 3}\n", "did you mean quantity.at_least?"),
        ("extends: mof-2020\nweights: {bandz: 3}\n", "did you mean grades.bands?"),
        ("extends: mof-2020\nzzz: 3\n", ""),
    ],
)
def test_the_key_of_another_section_is_named_with_its_section(tmp_path, text, hint):
    [(what, _, _, _, said)] = faults(write(tmp_path, "own", text))
    assert (what, said) == ("unknown key", hint)


def test_a_fault_in_a_bare_list_of_grades_is_placed_in_the_file_that_lists_them(tmp_path):
    text = "extends: mof-2020\ngrades:\n  - {name: 优, at_least: 九十}\n  - {name: 差, at_least: 0}\n"
    path = write(tmp_path, "own", text)
    [fault] = faults(path)
    assert fault[:3] == ("this is no figure", "line 3: grades.bands.0.at_least", "九十")
    with pytest.raises(SettingsError) as caught:
        load_profile(path)
    assert caught.value.faults[0].file.endswith("own.yaml")


def test_steps_go_from_the_highest_down(tmp_path):
    text = (
        "extends: mof-2021\nsatisfaction: {steps: [{at_least: 1, percent: 2}, {at_least: 3, percent: 4}]}\n"
    )
    assert faults(write(tmp_path, "own", text))[0][:2] == (
        "steps go from the highest down",
        "line 2: satisfaction",
    )


@pytest.mark.parametrize(
    ("text", "what", "place"),
    [
        ("title: x\ntitle: y\n", "this key stands twice", "line 2"),
        ("a: {b: 1, b: 2}\n", "this key stands twice", "line 1"),
        ("title: {zh: 某市, en: Our city, 2024}\n", "a key without a value", "line 1"),
        ("title: [x\n", "this is not valid YAML", "line 2, column 1"),
        ("- a\n", "a profile is a mapping of settings", ""),
        ("", "a profile is a mapping of settings", ""),
        ("title: !!python/object:os.system x\n", "this is not valid YAML", "line 1, column 8"),
        ("extends: mof-2020\nover_achievement: {threshold: .nan}\n", "this is no figure", None),
        ("extends: mof-2020\nweights: {execution: 1_0x}\n", "this is no figure", None),
    ],
)
def test_files_that_are_no_profile(tmp_path, text, what, place):
    found = faults(write(tmp_path, "own", text))[0]
    assert found[0] == what
    assert place is None or found[1] == place


def test_a_file_that_is_no_text(tmp_path):
    path = tmp_path / "own.yaml"
    path.write_bytes(b"\xff\xfe\x00")
    assert faults(path)[0][4] == "save it as UTF-8"


def test_figures_are_never_floats(tmp_path):
    profile: Profile = load_profile(write(tmp_path, "own", "extends: mof-2020\nweights: {execution: 10.1}\n"))
    assert f"{profile.execution_weight:f}" == "10.1"


def test_units_may_be_scored_before_they_are_rolled_up(tmp_path):
    path = write(tmp_path, "own", "extends: hubei\nroll_up: {order: score_then_sum, totals: sum}\n")
    profile = load_profile(path)
    assert (profile.roll_up.order, profile.roll_up.totals) == ("score_then_sum", "sum")
    assert profile.roll_up.source.zh == "自定规则 own"
    [rule] = [rule for rule in profile_table(profile) if rule.key == "roll_up"]
    assert rule.rule.en.endswith("totals summed (the units share the 100 points)")


def test_an_unknown_way_to_roll_up_names_the_nearest(tmp_path):
    path = write(tmp_path, "own", "extends: hubei\nroll_up: {rates: money_weight, totals: median}\n")
    found = {place: (got, expected, hint) for _, place, got, expected, hint in faults(path)}
    assert found["line 2: roll_up.rates"] == (
        "money_weight",
        "money_weighted, mean",
        "did you mean money_weighted?",
    )
    assert found["line 2: roll_up.totals"][0] == "median"


@pytest.mark.parametrize("given", ["{zh: 县, en: }", "{zh: 县}", "{en: 县}", "县", "{zh: '', en: 县}"])
def test_a_text_in_one_language_counts_for_both(tmp_path, given):
    given = given.replace("en: }", "en: null}")
    text = f"extends: mof-2020\ntitle: {given}\nsource: {given}\nquantity:\n  source: {given}\n"
    profile = load_profile(write(tmp_path, "own", text))
    said = [(each.zh, each.en) for each in (profile.title, profile.source, profile.quantity.source)]
    assert said == [("县", "县")] * 3


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("title: {}\n", ["line 2: title.zh", "line 2: title.en"]),
        ("title: 3\n", ["line 2: title"]),
        ("grades: {bands: [{name: 优}]}\n", ["line 2: grades.bands.0.at_least"]),
        ("grades: [{at_least: 90}]\n", ["line 2: grades.bands.0.name"]),
        ("grades:\n", ["line 2: grades"]),
        ("weights:\n  level1:\n    产出指标: x\n", ["line 4: weights.level1.产出指标"]),
        ("weights:\n  level1: 3\n", ["line 3: weights.level1"]),
        ("execution:\n  source: {zh: x, mark: loud}\n", ["line 3: execution.source.mark"]),
        ("source: {zh: x, mark: loud}\nquantity: {at_most: inverse}\n", ["line 2: source.mark"]),
    ],
)
def test_a_fault_is_placed_in_the_file_that_wrote_it(tmp_path, text, places):
    path = write(tmp_path, "own", "extends: mof-2020\n" + text)
    assert [place for _, place, *_ in faults(path)] == places
    with pytest.raises(SettingsError) as caught:
        load_profile(path)
    assert {Path(fault.file).name for fault in caught.value.faults} == {"own.yaml"}


def test_a_fault_of_the_base_stays_in_the_base(tmp_path):
    write(tmp_path, "city", "extends: mof-2020\nexecution: {method: loud}\n")
    path = write(tmp_path, "own", "extends: city\n\nexecution: {capped: false}\n")
    with pytest.raises(SettingsError) as caught:
        load_profile(path)
    [fault] = caught.value.faults
    assert (Path(fault.file).name, fault.place) == ("city.yaml", "line 2: execution.method")


NOTICE = "extends: {base}\nsource: 县财绩〔2024〕3号\n"


def test_the_line_of_over_achievement_is_cited_to_the_file_that_sets_it(tmp_path):
    lines = load_profile("mof-2020").to_dict()["thresholds"]["source"]["zh"]
    for text, start in (
        ("over_achievement: {threshold: 1.5}\n", "超额完成：县财绩〔2024〕3号；其余："),
        ("over_achievement: {points: 1}\n", lines),
        ("over_achievement: {threshold: 1.5, source: 县办法}\n", "超额完成：县办法；其余："),
        ("thresholds: {over_achievement: 1.5}\n", "县财绩〔2024〕3号"),
    ):
        path = write(tmp_path, f"own{len(start)}", NOTICE.format(base="mof-2020") + text)
        told = load_profile(path).to_dict()["thresholds"]["source"]["zh"]
        assert told.startswith(start)
        assert told.endswith(lines) or text.startswith("thresholds")


@pytest.mark.parametrize("base", ["mof-2020", "mof-2021", "hubei", "transfer"])
@pytest.mark.parametrize("section", CITED)
def test_a_section_that_is_set_is_cited_to_the_file_that_sets_it(tmp_path, section, base):
    path = write(tmp_path, "own", NOTICE.format(base=base) + f"{section}: {{}}\n")
    told, above = load_profile(path).to_dict(), load_profile(base).to_dict()
    assert told[section]["source"] == {"zh": "县财绩〔2024〕3号", "en": "县财绩〔2024〕3号", "mark": "user"}
    assert all(told[other]["source"] == above[other]["source"] for other in CITED if other != section)


def test_what_a_user_sets_is_not_said_to_be_set_by_perfkit(tmp_path):
    text = NOTICE.format(base="mof-2020") + "grades: [{name: 合格, at_least: 60}]\n"
    profile = load_profile(write(tmp_path, "own", text))
    assert cited(profile.grades_source, "zh") == "县财绩〔2024〕3号"
    assert cited(load_profile(write(tmp_path, "bare", "extends: own\ngrades: {}\n")).source, "zh") == (
        "自定规则 bare（扩展 own）"
    )


CHANGES = """\
grades: [{name: 合格, at_least: 60}, {name: 不合格, at_least: 0}]
thresholds: {over_achievement: 1.5, fewest_indicators: 4}
severities: {PK107: info}
ignore: [PK116]
"""


def test_what_a_profile_changes_is_told_beside_what_its_base_says(tmp_path):
    profile = load_profile(write(tmp_path, "own", NOTICE.format(base="mof-2020") + CHANGES))
    rules = {rule.key: rule for rule in profile_table(profile)}
    before = {key: rule.before.zh for key, rule in rules.items() if rule.before}
    assert before == {
        "grades": "（mof-2020 为：优 ≥ 90，良 ≥ 80，中 ≥ 60，差 ≥ 0）",
        "thresholds": "（mof-2020 为：超额完成 1.3 倍，指标至少 3 项）",
        "findings": "（mof-2020 为：不设）",
    }
    assert "超额完成 1.5 倍" in rules["thresholds"].rule.zh
    assert rules["findings"].rule.zh == "PK107 作提示，PK116 不报"


def test_a_root_tells_no_change():
    assert not any(rule.before for rule in profile_table(load_profile("mof-2020")))
