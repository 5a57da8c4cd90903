"""What SECURITY.md says of limits is what the code holds to."""

import re
from pathlib import Path

import pytest

import perfkit
from perfkit import files
from perfkit.batch import questions
from perfkit.cli.reports import report
from perfkit.params import is_params, load_params
from perfkit.publish import cleaning, page
from perfkit.publish.theme import load_theme
from perfkit.readers import bulk, container, document
from perfkit.verify import documents

SAID = (Path(__file__).parents[1] / "SECURITY.md").read_text(encoding="utf-8")
SECONDS = next(option.default for option in report.params if option.name == "seconds")
LIMITS = {
    "a document": [container.LARGEST / 1e6, bulk.SECONDS, bulk.MEMORY / 1e6, bulk.FULL_MEMORY / 1e6],
    "an archive or a package": [
        container.MOST_PARTS,
        container.LARGEST_PACKAGE / 1e6,
        container.MOST_DOCUMENTS,
    ],
    "a form file": [files.LARGEST / 1e6, files.DEEPEST],
    "a report": [SECONDS],
    "a text": [cleaning.LONGEST_TEXT, cleaning.LONGEST_HTML, cleaning.MOST_ROWS],
    "a picture beside the notebook": [page._LARGEST / 1e6],
    "a question to the ledger": [questions.SECONDS, questions.HEAP / 1e6, questions.MOST, questions.TEXT],
    "a report given to": [documents.MOST_BYTES / 2**20],
}


@pytest.mark.parametrize("of", LIMITS)
def test_a_limit_is_the_one_that_is_told(of):
    (line,) = re.findall(rf"^\| {re.escape(of)}\b[^|]*\|([^|]*)\|$", SAID, re.MULTILINE)[:1]
    assert [float(figure.replace(",", "")) for figure in re.findall(r"\d[\d,]*", line)] == LIMITS[of]


def test_form_files_and_params_have_one_limit():
    assert (document.LARGEST, document.DEEPEST) == (files.LARGEST, files.DEEPEST)


@pytest.mark.parametrize(
    "way",
    [perfkit.read, perfkit.load_profile, load_params, lambda path: load_theme(str(path), path.parent)],
    ids=["form", "profile", "params", "theme"],
)
def test_a_file_without_end_is_refused_by_its_size(tmp_path, monkeypatch, way):
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "endless.yaml"
    with path.open("wb") as file:
        file.truncate(1 << 40)
    assert not is_params(path)
    with pytest.raises(perfkit.PerfkitError, match=r"large"):
        way(path)
