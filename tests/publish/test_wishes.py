"""What a notebook wishes of its page is read from its parameters, whoever put them there."""

import pytest
from nbformat.v4 import new_code_cell, new_notebook

from perfkit.errors import SettingsError
from perfkit.publish.outputs import Wishes, parameters_of, wishes_of
from tests.publish.notebooks import markdown, notebook, output


@pytest.mark.parametrize(
    ("parameters", "wishes"),
    [
        ({}, Wishes("zh", code=False, theme="")),
        ({"language": "en"}, Wishes("en")),
        ({"code": True}, Wishes("zh", code=True)),
        ({"theme": "a.yaml"}, Wishes("zh", theme="a.yaml")),
        ({"theme": None, "code": None, "language": ""}, Wishes("zh")),
        ({"form": "x", "profile": 3}, Wishes("zh")),
    ],
)
def test_injected_parameters_win_over_the_defaults(parameters, wishes):
    assert wishes_of(notebook(**parameters)) == wishes


def test_the_defaults_of_the_parameters_cell_count():
    cell = new_code_cell('language: str = "en"\ncode = True\nx = f()\n', metadata={"tags": ["parameters"]})
    assert wishes_of(new_notebook(cells=[cell])) == Wishes("en", code=True)


def test_a_broken_parameters_cell_is_none_of_our_business():
    cell = new_code_cell("language = (", metadata={"tags": ["parameters"]})
    assert parameters_of(new_notebook(cells=[cell])) == {}


@pytest.mark.parametrize(
    ("cells", "language"),
    [
        ([markdown("# Report on the project")], "en"),
        ([markdown("# 项目报告 of the ABC")], "zh"),
        ([output("<p>Everything in English words</p>")], "en"),
        ([], "zh"),
    ],
)
def test_a_notebook_that_names_no_language_is_taken_at_its_words(cells, language):
    assert wishes_of(notebook(*cells, tagged=False)).language == language


def test_what_is_left_empty_stands_in_perfkit_yaml(tmp_path):
    (tmp_path / "theme.yaml").write_text("office: 局\n", encoding="utf-8")
    (tmp_path / "perfkit.yaml").write_text("language: en\ntheme: theme.yaml\n", encoding="utf-8")
    left = notebook(language="", theme="")
    assert wishes_of(left, tmp_path) == Wishes("en", theme="theme.yaml")
    assert wishes_of(notebook(language="zh", theme="own.yaml"), tmp_path) == Wishes("zh", theme="own.yaml")
    assert wishes_of(notebook(markdown("# 题"), tagged=False), tmp_path) == Wishes("zh"), (
        "it asks for neither"
    )


def test_every_wrong_wish_is_told_at_once():
    with pytest.raises(SettingsError) as caught:
        wishes_of(notebook(language="fr", code="yes", theme=3))
    assert [fault.place for fault in caught.value.faults] == ["language", "code", "theme"]
