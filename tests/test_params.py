"""Params files: checked against the notebook's own parameters, with all faults at once."""

from pathlib import Path

import nbformat
import pytest

from perfkit.errors import SettingsError
from perfkit.params import _typed, load_params, notebook_parameters
from perfkit.readers.document import parse

ROOT = Path(__file__).parents[1]


@pytest.fixture
def workspace(tmp_path):
    (tmp_path / "params" / "forms").mkdir(parents=True)
    (tmp_path / "params" / "forms" / "a.yaml").write_text("project: 甲\nindicators: []\n", encoding="utf-8")
    return tmp_path


def load(workspace, text):
    path = workspace / "params" / "a.yaml"
    path.write_text(text, encoding="utf-8")
    return load_params(path)


def faults(workspace, text):
    with pytest.raises(SettingsError) as caught:
        load(workspace, text)
    return [str(fault) for fault in caught.value.faults]


def test_a_params_file_gives_what_papermill_would_take(workspace):
    params = load(workspace, "form: params/forms/a.yaml\nprofile: shanghai-2022\nlanguage: en\n")
    assert params.values == {"form": "params/forms/a.yaml", "profile": "shanghai-2022", "language": "en"}
    assert (params.name, params.language, params.profile) == ("a", "en", "shanghai-2022")
    assert params.form == workspace / "params" / "forms" / "a.yaml"


def test_what_is_left_out_is_as_in_the_notebook(workspace):
    params = load(workspace, "form: params/forms/a.yaml")
    assert (params.profile, params.language, params.theme) == ("mof-2020", "zh", None)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "form: params/forms/a.yaml\nlangage: en",
            ["unknown parameter 'langage'", "line 2", "did you mean 'language'?"],
        ),
        ("form: params/forms/b.yaml", ["no such form file", "params/forms/b.yaml", "workspace"]),
        ("form: params/forms/a.yaml\nlanguage: fr", ["unknown language", "'fr'", "zh or en", "line 2"]),
        ("form: params/forms/a.yaml\nprofile: shangai-2022", ["shangai-2022", "shanghai-2022"]),
        ("form: params/forms/a.yaml\ntheme: none.yaml", ["no such theme file"]),
        ("form: params/forms/a.yaml\ncode: 'on'", ["not of the right kind", "true or false"]),
        ("form: 12", ["not of the right kind", "a text"]),
        ("profile: mof-2020", ["'form' is missing"]),
        ("- form", ["not a params file", "list"]),
        ("", ["not a params file", "nothing"]),
        ("form: [", ["not valid YAML"]),
        ("form: a\nform: b", ["stands twice"]),
    ],
)
def test_a_fault_says_where_and_what_to_do(workspace, text, words):
    [fault] = faults(workspace, text)
    assert "a.yaml" in fault
    for word in words:
        assert word in fault


def test_all_faults_of_a_params_file_are_told_at_once(workspace):
    found = faults(workspace, "from: x\nlanguage: fr\nprofile: nobody\ncode: 3")
    assert len(found) == 5


def test_a_notebook_of_the_workspace_brings_its_own_parameters(workspace):
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell('form = "x"\nregion = "south"', metadata={"tags": ["parameters"]})]
    )
    (workspace / "notebooks").mkdir()
    nbformat.write(notebook, workspace / "notebooks" / "project_report.ipynb")
    params = load(workspace, "form: params/forms/a.yaml\nregion: north")
    assert params.values["region"] == "north"
    [fault] = faults(workspace, "form: params/forms/a.yaml\nlanguage: en")
    assert "unknown parameter 'language'" in fault


def test_the_report_notebook_declares_the_parameters():
    declared = notebook_parameters(ROOT / "notebooks" / "project_report.ipynb")
    assert set(declared) == {"form", "profile", "language", "theme", "previous", "code"}


@pytest.mark.parametrize(
    "content",
    ["", "{}", '{"cells": []}', '{"cells": [{"metadata": {"tags": ["parameters"]}, "source": "a ="}]}'],
)
def test_a_notebook_without_parameters_is_told(tmp_path, content):
    path = tmp_path / "n.ipynb"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(SettingsError, match="parameters"):
        notebook_parameters(path)


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("2023-11-30", "2023-11-30"),
        ("2023-11-30 08:00:00", "2023-11-30 08:00:00"),
        ("2023-11-30T08:00:00Z", "2023-11-30T08:00:00Z"),
        ("2023-13-45", "2023-13-45"),
        ("0100", "0100"),
        ("1:30", "1:30"),
        ("1e-3", 0.001),
        ("-2.5E+2", -250.0),
        ("1_000", 1000),
        ("0x1F", 31),
        ("yes", True),
        ("~", None),
        ("[1, 2023-11-30]", [1, "2023-11-30"]),
        ("{a: 0100}", {"a": "0100"}),
    ],
)
def test_a_value_is_typed_as_papermill_types_it_without_yamls_surprises(written, value):
    document = parse(f"k: {written}".encode(), "p.yaml")
    assert _typed(f"k: {written}", document) == {"k": value}


@pytest.mark.parametrize(
    "written",
    [".nan", ".inf", "-.inf", "[.nan]", "!!timestamp 2023-11-30", "!!set {a, b}", "!!binary eA==", "{1: a}"],
)
def test_a_value_that_no_notebook_can_hold_is_a_fault_with_its_place(written):
    document = parse(b"k: 1", "p.yaml")
    with pytest.raises(SettingsError, match="k"):
        _typed(f"k: {written}", document)
