"""What the notebook worked out is what the ledger holds; a notebook that made nothing has it made."""

from __future__ import annotations

import time

import nbformat
import pytest

import perfkit
from perfkit import plain
from perfkit.batch import query
from perfkit.batch.job import Job, run_notebook
from perfkit.batch.results import Rows, rows_of, told
from tests.batch.light import add_project, make_workspace

PARAMETERS = "form = ''\nprofile = 'mof-2020'\nlanguage = 'zh'\ntheme = ''\ncode = False\nmode = ''"
USUAL = """import perfkit
project = perfkit.read(form)
card = perfkit.score(project, profile=profile)
findings = perfkit.check(project, card)"""
CELLS = {
    "usual": USUAL,
    "some findings": USUAL + "\nfindings = findings[:1]",
    "other names": USUAL.replace("card", "scores").replace("findings", "faults"),
    "nothing": "print('done')",
    "no findings": USUAL.rpartition("\n")[0],
    "two lists": USUAL + "\nothers = perfkit.check(project, card, select=['PK2'])",
    "another profile": USUAL.replace("profile=profile", "profile='hubei'"),
    "another form": USUAL.replace("project =", "import dataclasses\nproject =").replace(
        "(form)\n", "(form)\nproject = dataclasses.replace(project, project='另一个')\n"
    ),
    "shown only": "import perfkit\nperfkit.score(perfkit.read(form), profile=profile)",
    "a trap": "__import__ = None\n" + USUAL,
    "a liar": 'import perfkit.batch.results as r\nr.worked_out = lambda *_: r.Told(\'["object", "os:system"]\')\n'
    + USUAL,
    "a broken one": "import perfkit.batch.results as r\nr.worked_out = lambda *_: 1 / 0\n" + USUAL,
}


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    """A workspace with a project, and a notebook of each kind."""
    workspace = make_workspace(tmp_path_factory.mktemp("office"))
    add_project(workspace, "a", actual="9门")
    for name, code in CELLS.items():
        cells = [nbformat.v4.new_code_cell(source) for source in (PARAMETERS, code)]
        cells[0].metadata.tags = ["parameters"]
        notebook = nbformat.writes(nbformat.v4.new_notebook(cells=cells))
        (workspace / f"notebooks/{name}.ipynb").write_text(notebook, encoding="utf-8")
    return workspace


@pytest.fixture(scope="module")
def made(office):
    """The rows that a worker makes."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(office)
        return rows_of("a", "params/forms/a.yaml", "mof-2020", "zh", ".")


@pytest.fixture(scope="module")
def answers(office):
    """What the kernel of each notebook told, of those that told anything."""
    heard = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(office)
        for name in CELLS:
            form, place = "params/forms/a.yaml", str(office / f"notebooks/{name}.ipynb")
            job = Job("a", place, {"form": form}, form, "mof-2020", "zh", str(office), ("html",), {})
            heard[name] = []
            _, failure = run_notebook(job, time.monotonic() + 60, heard[name].append)
            assert failure is None
    return {name: told("".join(texts)) for name, texts in heard.items()}


@pytest.mark.parametrize("name", ["usual", "other names", "a trap"])
def test_the_notebook_s_own_results_are_those_of_a_worker(answers, made, name):
    assert answers[name] == (made if name != "a trap" else None)


def test_what_the_notebook_left_out_is_left_out(answers, made):
    assert len(made.findings) > 1
    assert answers["some findings"].findings == made.findings[:1]
    assert answers["some findings"].indicators == made.indicators


@pytest.mark.parametrize(
    "name",
    [
        "nothing",
        "no findings",
        "two lists",
        "another profile",
        "another form",
        "shown only",
        "a liar",
        "a broken one",
    ],
)
def test_what_is_not_of_the_params_is_not_told(answers, name):
    assert answers[name] is None


@pytest.mark.parametrize(("name", "findings"), [("some findings", 1), ("a liar", None), ("nothing", None)])
def test_what_is_not_told_is_made_by_the_worker(office, made, monkeypatch, name, findings):
    monkeypatch.chdir(office)
    (office / "perfkit.yaml").write_text(f"notebook: notebooks/{name}.ipynb\n", encoding="utf-8")
    assert perfkit.report("params", to=["html"], jobs=1).ok
    assert len(query("select * from current_findings").rows) == (findings or len(made.findings))
    assert query("select score_text from current_projects").rows == ((f"{made.projects[0]['score']:f}",),)


@pytest.mark.parametrize(
    "rows",
    [
        None, 5, {}, Rows(), Rows([{"name": 5}]), Rows([{"nome": "a"}]), Rows([{"name": "a", "score": "90"}]),
        Rows([{"name": "a"}], [{"number": "1"}]), Rows([{"name": "a"}], [7]), Rows([{"name": "a"}, {"name": "b"}]),
        Rows("abc"), Rows([{"name": "a", "errors": True}]),
    ],
)  # fmt: skip
def test_what_no_ledger_can_hold_is_not_taken(rows):
    assert told(plain.dumps(rows).decode()) is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "[",
        '["object","os:system",["a",1]]',
        "[" * 90_000,
        '["object","perfkit.form:Nothing"]',
        '"\u00e9"',
    ],
)
def test_what_is_no_message_is_not_taken(text):
    assert told(text) is None


def test_rows_come_through(made):
    assert told(plain.dumps(made).decode()) == made
