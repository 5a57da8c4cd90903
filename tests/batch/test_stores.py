"""Params, forms and reports on any store: the same reports, journal and index as on a disk."""

from __future__ import annotations

import json

import fsspec
import pytest

import perfkit.batch
from perfkit import stores
from perfkit.batch.progress import Quiet
from perfkit.batch.run import Settings, _alone
from perfkit.errors import BusyError, DataError, MachineError, PerfkitError, SettingsError
from tests.batch.light import LightRun, add_project, make_workspace

PARAMS, OUT = "memory://office/params", "memory://office/reports"


@pytest.fixture
def memory():
    """The store, empty, under the root that all tests here use."""
    fs = fsspec.filesystem("memory")
    fs.store.clear()
    fs.pseudo_dirs[:] = [""]
    yield fs
    fs.store.clear()
    fs.pseudo_dirs[:] = [""]


@pytest.fixture
def office(memory, tmp_path, monkeypatch):
    """Three projects on the store; the working directory has nothing of them."""
    workspace = make_workspace(tmp_path / "made")
    for name in ("a", "b", "c"):
        add_project(workspace, name)
    memory.put(str(workspace) + "/", "/office/", recursive=True)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    return memory


def light(paths=PARAMS, out=OUT, *, rows=False, kind=LightRun, **settings):
    """Report with jobs that cost nothing, as `perfkit.report` does."""
    with stores.mounted():
        folder = stores.local_path(out).absolute()
        folder.mkdir(parents=True, exist_ok=True)
        with _alone(folder) as depot:
            run = kind(folder, Settings(**settings), Quiet(), depot)
            run.rows = rows
            return run.carry_out([paths])


def journal(fs, folder="/office/reports"):
    return [json.loads(line) for line in fs.cat_file(f"{folder}/journal.jsonl").splitlines()]


def files(fs, folder="/office/reports"):
    return sorted(name.removeprefix(folder + "/") for name in fs.find(folder))


def names(run):
    return [sorted(line["name"] for line in lines) for lines in (run.made, run.skipped, run.failed)]


def test_real_reports_from_a_store_to_a_store(office):
    run = perfkit.report(PARAMS, to=["html"], out=OUT, jobs=1)
    assert (names(run), run.folder) == ([["a", "b", "c"], [], []], OUT)
    assert [name for name in files(office) if "parquet" not in name] == sorted(
        ["index.html", "journal.jsonl", *(f"{name}.{kind}" for name in "abc" for kind in ("html", "ipynb"))]
    )
    assert b"at params/forms/a.yaml" in office.cat_file("/office/reports/a.ipynb")
    assert names(perfkit.report(PARAMS, to=["html"], out=OUT, jobs=1)) == [[], ["a", "b", "c"], []]
    assert list(perfkit.batch.query("select name, score from projects order by name", out=OUT).name) == [
        "a",
        "b",
        "c",
    ]


def test_only_what_changed_is_made_again_and_why_says_so(office):
    light()
    form = office.cat_file("/office/params/forms/b.yaml")
    office.pipe_file("/office/params/forms/b.yaml", form.replace(b"10\xe9\x97\xa8", b"11\xe9\x97\xa8"))
    office.rm_file("/office/reports/c.pdf")
    told = [str(reason) for reason in perfkit.batch.why(PARAMS, out=OUT)]
    assert told == ["a: unchanged", "b: form", "c: pdf missing"]
    assert names(light()) == [["b", "c"], ["a"], []]
    assert names(light()) == [[], ["a", "b", "c"], []]


def test_nothing_unchanged_is_brought(office, monkeypatch):
    light()
    light()  # what was written just before its report was made is looked at once more
    got, get_file = [], type(office).get_file

    def noted(self, place, *rest, **how):
        got.append(place)
        return get_file(self, place, *rest, **how)

    monkeypatch.setattr(type(office), "get_file", noted)
    assert names(light()) == [[], ["a", "b", "c"], []]
    assert got == ["/office/reports/journal.jsonl", "/office/notebooks/project_report.ipynb"]


def test_the_journal_becomes_one_object_and_knows_each_report_once(office):
    light()
    light(force=True)
    assert sorted(line["name"] for line in journal(office) if line["status"] == "made") == list("aabbcc")
    assert not [
        name for name in files(office) if name.startswith((".lock", "journal/", ".draft", ".journal"))
    ]


def test_a_faulty_project_is_named_by_its_url(office, capsys):
    office.pipe_file("/office/params/b.yaml", b"form: params/forms/none.yaml\n")
    run = light()
    assert names(run) == [["a", "c"], [], ["b"]]
    (line,) = run.failed
    assert "memory://office/params/b.yaml" in line["error"]
    assert line["again"] == f"perfkit report {PARAMS}/b.yaml --out {OUT} --force"


def test_a_project_whose_params_are_gone_leaves_the_index(office):
    light(rows=True)
    office.rm_file("/office/params/b.yaml")
    light(rows=True)
    page = office.cat_file("/office/reports/index.html").decode()
    assert ('"a"' in page, '"b"' in page) == (True, False)


@pytest.mark.parametrize("given", [f"{PARAMS}/b.yaml", f"{PARAMS}/b*.yaml", f"{PARAMS}/[b].yaml"])
def test_a_file_or_a_glob_of_a_store(office, given):
    assert names(light(given)) == [["b"], [], []]


@pytest.mark.parametrize("given", ["memory://nowhere/params", f"{PARAMS}/x*.yaml", f"{PARAMS}/x.yaml"])
def test_a_url_that_means_nothing(office, given):
    with pytest.raises(SettingsError, match="no params file here"):
        light(given)


def test_a_store_of_no_known_kind(office):
    with pytest.raises(PerfkitError, match="no such kind of store"):
        light("nosuchthing://bucket/params")


def test_local_params_with_a_form_on_a_store(memory, tmp_path, monkeypatch):
    workspace = make_workspace(tmp_path / "made")
    add_project(workspace, "a", form="memory://forms/2022/a.yaml")
    memory.pipe_file("/forms/2022/a.yaml", (workspace / "params/forms/a.yaml").read_bytes())
    monkeypatch.chdir(workspace)
    run = perfkit.report("params", to=["html"], jobs=1)
    assert names(run) == [["a"], [], []]
    assert "at memory://forms/2022/a.yaml" in (workspace / "reports/a.ipynb").read_text(encoding="utf-8")
    assert names(perfkit.report("params", to=["html"], jobs=1)) == [[], ["a"], []]
    changed = memory.cat_file("/forms/2022/a.yaml") + b"# seen\n"
    memory.pipe_file("/forms/2022/a.yaml", changed)
    assert [str(reason) for reason in perfkit.batch.why("params", to=["html"])] == ["a: form"]


def test_reports_of_local_params_on_a_store(memory, tmp_path, monkeypatch):
    workspace = make_workspace(tmp_path / "made")
    add_project(workspace, "a")
    monkeypatch.chdir(workspace)
    assert names(light("params", rows=True)) == [["a"], [], []]
    assert names(light("params", rows=True)) == [[], ["a"], []]
    assert '"a"' in memory.cat_file("/office/reports/index.html").decode()


@pytest.mark.parametrize("scheme", ["file", "local"])
def test_a_file_url_is_this_disk(tmp_path, monkeypatch, scheme):
    workspace = make_workspace(tmp_path / "made")
    add_project(workspace, "a")
    monkeypatch.chdir(tmp_path)
    base = f"{scheme}://{workspace.as_posix()}"
    run = light(f"{base}/params", f"{base}/reports")
    assert (names(run), run.folder) == ([["a"], [], []], workspace / "reports")
    assert (workspace / "reports/a.html").is_file()


def test_a_form_of_a_store_is_read_anew_each_time(memory, tmp_path):
    from tests.batch.light import FORM

    memory.pipe_file("/forms/a.yaml", FORM.format(project="甲", executed=90, actual="10门").encode())
    assert perfkit.read("memory://forms/a.yaml").project == "甲"
    memory.pipe_file("/forms/a.yaml", FORM.format(project="乙", executed=90, actual="10门").encode())
    assert perfkit.read("memory://forms/a.yaml").project == "乙"
    with pytest.raises(DataError, match=r"memory://forms/none\.yaml: no such file"):
        perfkit.read("memory://forms/none.yaml")


def test_the_second_run_at_once_is_refused(office):
    class Nosy(LightRun):
        def _plan(self, paths):
            with pytest.raises(BusyError, match=r"memory://office/reports: another run"):
                light()
            return super()._plan(paths)

    assert names(light(kind=Nosy)) == [["a", "b", "c"], [], []]
    assert names(light()) == [[], ["a", "b", "c"], []]


def test_a_killed_run_s_place_is_taken(office):
    office.pipe_file("/office/reports/.lock", json.dumps({"owner": "x", "host": "gone", "time": 0}).encode())
    assert names(light()) == [["a", "b", "c"], [], []]


def test_a_run_that_was_killed_goes_on(office):
    """Leave the store as a kill leaves it: a piece of journal, one report of which is put, and the lock."""
    light(f"{PARAMS}/a.yaml")
    whole = office.cat_file("/office/reports/journal.jsonl")
    office.pipe_file("/office/reports/journal/20220101-000000-000-0000.jsonl", whole)
    office.rm_file("/office/reports/journal.jsonl")
    assert names(light()) == [["b", "c"], ["a"], []]
    assert sorted(line["name"] for line in journal(office) if line["status"] == "made") == ["a", "b", "c"]


def test_a_store_that_refuses_ends_the_run_with_its_cause(office, monkeypatch):
    def refuse(*_, **__):
        raise PermissionError("403 Forbidden")

    monkeypatch.setattr(type(office), "put_file", refuse)
    with pytest.raises(MachineError, match="403 Forbidden"):
        light()
    assert "/office/reports/.lock" not in office.store


def test_nothing_is_left_on_this_machine(office, tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    before = sorted(tmp_path.iterdir())
    light()
    assert sorted(tmp_path.iterdir()) == before
