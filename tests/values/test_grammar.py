"""The grammar that the docs print is the grammar that the code reads."""

import pytest

from perfkit.values import grammar, read_row

EXAMPLES = [(family.name.en, example) for family in grammar() for example in family.examples]


@pytest.mark.parametrize(("family", "example"), EXAMPLES, ids=lambda part: str(part)[:60])
def test_example_reads_as_the_docs_say(family, example):
    reading = read_row(example.target, example.actual, level2="数量指标", year=2022)
    assert reading.verdict == example.verdict, family


def test_every_family_is_told_in_both_languages():
    assert all(
        family.name.zh and family.name.en and family.meaning.zh and family.meaning.en for family in grammar()
    )


def test_families_that_name_a_table_list_its_words():
    words = {family.name.en: family.words for family in grammar()}
    assert "不低于" in words["at least"]
    assert "以上" in words["at least"]
    assert "受害率" in words["names of which low is good"]
