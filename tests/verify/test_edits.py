"""Edited reports: what a person changed is found, what they did not change or truly added is not."""

import pytest

import perfkit
from perfkit.verify.reference import subject, written
from tests.verify.edits import KINDS
from tests.verify.trial import (
    LANGUAGES,
    contradicted_truth,
    found_in_untouched,
    lines_of,
    missed_edit,
    passages_of,
    report,
    verified,
)

FORMS = 12  # make trial takes two hundred


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_found_in_a_report_as_it_was_made(language):
    for seed in range(FORMS):
        assert found_in_untouched(*report(seed, language)) == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", sorted(KINDS))
def test_one_edit_of_a_report_is_found(kind, language):
    tried = [missed_edit(*report(seed, language), kind, seed) for seed in range(FORMS)]
    made = [each for each in tried if each != ()]
    missed = [each for each in made if each is not None]
    assert len(made) >= FORMS // 3
    assert len(missed) <= 0.02 * len(made), missed


def test_a_name_that_stands_alone_in_its_row_is_found_where_it_was_changed():
    one, passages = report(45, "en")
    lines = [
        line.replace(one.form.project, "乡镇文化站") if "Project\t" in line else line
        for line in lines_of(passages)
    ]
    assert [found.got for found in verified(one, passages_of(lines))] == ["乡镇文化站"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_a_person_truly_adds_is_no_contradiction(language):
    for seed in range(FORMS):
        assert contradicted_truth(*report(seed, language), seed) == []


WRONG = [
    ("预算执行率为45.3%，进度正常。", "the execution rate", "45.3"),
    ("本项目自评总分为12.5分。", "the total score", "12.5"),
    ("全年执行数：3.5万元。", "the amount executed", "3.5万元"),
    ("主管部门：省体育局。", "the department", "省体育局"),
    ("项目名称：山区饮水安全项目。", "the project's name", "山区饮水安全项目"),
    ("评价等级为差。", "a direction or a verdict", "差"),
    ("The initial budget was 3 yuan.", "the initial budget", "3yuan"),
]


@pytest.mark.parametrize(("sentence", "what", "got"), WRONG)
def test_a_false_sentence_of_another_hand_contradicts(sentence, what, got):
    one = subject(perfkit.read("params/forms/online-learning-2022.yaml"), "shanghai-2022")
    lines = [*lines_of(written(one, "zh", whole=False)), sentence]
    (found,) = [each for each in verified(one, passages_of(lines)) if each.kind == "contradicts"]
    assert (found.what.en, found.got) == (what, got)
