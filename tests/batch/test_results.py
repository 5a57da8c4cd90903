"""The store keeps every run, shows the present, and tells what moved."""

from __future__ import annotations

import shutil
from decimal import Decimal

import pytest
from pyarrow import parquet

from perfkit.batch import diff, query
from perfkit.batch.results import MANY, TABLES, ResultsWriter, state, stored, stored_runs
from perfkit.batch.rows import Rows, rows_of
from perfkit.errors import MachineError, SettingsError
from tests.batch.light import add_project, light_report, make_workspace


def project(name, score="90", **more) -> Rows:
    head = {"name": name, "project": f"项目{name}", "score": Decimal(score), "grade": "优", **more}
    row = {"name": name, "number": 1, "indicator": "课程", "score": Decimal(score), "target": "10门"}
    return Rows([head], [row], [{"name": name, "code": "PK206", "row": 1, "severity": "error"}])


@pytest.fixture
def store(tmp_path):
    """Two runs: both make `a`, the first makes `b` as well."""
    for run, made in (("r1", [project("a", "90"), project("b")]), ("r2", [project("a", "85.5")])):
        writer = ResultsWriter(tmp_path, run)
        for rows in made:
            writer.add(rows)
        writer.close()
    return tmp_path


def test_the_present_state_is_the_last_row_of_each(store):
    assert [(row["name"], row["score"]) for row in state(store, "projects")] == [
        ("a", Decimal("85.5")),
        ("b", 90),
    ]
    assert [(row["name"], row["score"]) for row in state(store, "projects", until="r1")] == [
        ("a", 90),
        ("b", 90),
    ]
    assert len(state(store, "indicators")) == 2
    assert (stored(store), stored_runs(store)) == ({"a": "r2", "b": "r1"}, ["r1", "r2"])


def test_sql_sees_the_present_and_the_past(store):
    assert query("select name, score from projects order by name", out=store).values.tolist() == [
        ["a", 85.5],
        ["b", 90.0],
    ]
    assert query("select count(*) n from all_projects", out=store).n[0] == 3
    assert query("select count(*) n from findings join projects using (name)", out=store).n[0] == 2


@pytest.mark.parametrize("sql", ["select nothing from projects", "selec", "select * from nowhere"])
def test_wrong_sql_is_told(store, sql):
    with pytest.raises(SettingsError, match="query does not work"):
        query(sql, out=store)


@pytest.mark.parametrize("ask", [lambda out: state(out, "projects"), lambda out: query("select 1", out=out)])
def test_a_damaged_file_of_results_is_told(store, ask):
    for damaged in (store / "results/projects").glob("*.parquet"):
        damaged.write_bytes(b"x")
    with pytest.raises(MachineError, match=r"cannot be read[\s\S]*delete it"):
        ask(store)


def test_no_results_yet_is_told(tmp_path):
    with pytest.raises(SettingsError, match="no results yet"):
        query("select 1", out=tmp_path)


@pytest.mark.parametrize(("before", "after"), [("r1", "r2"), ("previous", "latest")])
def test_what_moved_and_what_it_did(store, before, after):
    told = [str(move) for move in diff(before, after, out=store)]
    assert "a: score 90 → 85.5 (-4.5)" in told
    assert "a, row 1: 课程, score 90 → 85.5" in told
    assert not any(line.startswith("b") for line in told)


def test_an_unknown_run_is_told(store):
    with pytest.raises(SettingsError, match="no such run"):
        diff("r1", "r9", out=store)


def test_many_files_become_one_and_say_the_same(tmp_path):
    for number in range(MANY + 3):
        writer = ResultsWriter(tmp_path, f"r{number:03}")
        writer.add(project(f"p{number % 7}", str(number)))
        writer.flush()
    before = [state(tmp_path, table) for table in TABLES]
    kept = tmp_path / "kept"
    shutil.copytree(tmp_path / "results", kept)
    writer.close()
    assert len(list((tmp_path / "results/projects").iterdir())) == 1
    assert [state(tmp_path, table) for table in TABLES] == before
    shutil.copytree(
        kept, tmp_path / "results", dirs_exist_ok=True
    )  # as after a crash in the middle of merging
    assert [state(tmp_path, table) for table in TABLES] == before
    assert query("select count(*) n from projects", out=tmp_path).n[0] == 7


@pytest.mark.parametrize("figure", ["1e30", "NaN", "0.00005", "-12.3456789", "1e-40"])
def test_no_figure_breaks_the_store(tmp_path, figure):
    writer = ResultsWriter(tmp_path, "r")
    writer.add(project("a", figure))
    writer.close()
    (row,) = state(tmp_path, "projects")
    assert row["score"] is None or abs(row["score"] - Decimal(figure)) <= Decimal("0.00005")


def test_rows_of_a_form_hold_its_money_in_yuan_and_its_losses(tmp_path, monkeypatch):
    workspace = make_workspace(tmp_path)
    add_project(workspace, "a", actual="9门")
    monkeypatch.chdir(workspace)
    rows = rows_of("a", "params/forms/a.yaml", "mof-2020", "zh", ".")
    assert rows.projects[0]["adjusted"] == 100
    assert len(rows.indicators) == 1
    assert set(TABLES["projects"]) >= rows.projects[0].keys()
    assert set(TABLES["indicators"]) >= rows.indicators[0].keys()
    assert all(set(TABLES["findings"]) >= finding.keys() for finding in rows.findings)


def test_results_lost_in_a_crash_are_made_again(tmp_path, monkeypatch):
    workspace = make_workspace(tmp_path)
    add_project(workspace, "a")
    add_project(workspace, "b")
    monkeypatch.chdir(workspace)
    run = light_report(workspace, rows=True)
    before = state(workspace / "reports", "projects")
    assert [row["name"] for row in before] == ["a", "b"]
    shutil.rmtree(workspace / "reports/results")
    assert len(light_report(workspace).skipped) == 2
    assert state(workspace / "reports", "projects") == before
    assert stored_runs(workspace / "reports") == [run.run]


REVIEWED = """\
project: 养护
year: 2022
budget:
  total: {adjusted: 100, executed: 100, weight: 10, score: 10, review: 9}
indicators:
  - {level1: 产出指标, name: 甲, target: 10门, actual: 10门, weight: 50, score: 50, review: 45, opinion: 台账不全}
  - {level1: 产出指标, name: 乙, target: 10门, actual: 10门, weight: 40, score: 40, deduction: 2}
review_total: 94
"""


def test_a_review_and_points_taken_off_are_to_be_asked_for(tmp_path):
    (tmp_path / "form.yaml").write_text(REVIEWED, encoding="utf-8")
    writer = ResultsWriter(tmp_path, "r1")
    writer.add(rows_of("a", str(tmp_path / "form.yaml"), "mof-2020", "zh", "."))
    writer.add(project("b"))
    writer.close()
    asked = query(
        "select self_score, review, deviation from projects where review < self_score", out=tmp_path
    )
    assert asked.values.tolist() == [[100, 94, 6]]
    asked = query(
        "select review, opinion, deduction from indicators where name = 'a' order by number", out=tmp_path
    )
    assert asked.astype(object).where(asked.notna(), None).values.tolist() == [
        [45, "台账不全", None],
        [None, None, 2],
    ]


ADDED = {"projects": ["self_score", "review", "deviation"], "indicators": ["deduction", "review", "opinion"]}


@pytest.mark.parametrize("with_new", [True, False])
def test_results_of_a_perfkit_that_knew_fewer_columns_are_read_with_the_others(store, with_new):
    for table, columns in ADDED.items():
        for file in (store / "results" / table).iterdir():
            parquet.write_table(parquet.read_table(file).drop_columns(columns), file)
    if with_new:
        writer = ResultsWriter(store, "r3")
        writer.add(project("c", review=Decimal(80)))
        writer.close()
        assert "c: project  → 90 (+90)" in [
            str(move).replace("—", "") for move in diff("r2", "r3", out=store)
        ]
    reviews = {"a": None, "b": None} | ({"c": 80} if with_new else {})
    assert {row["name"]: row["review"] for row in state(store, "projects")} == reviews
    asked = query("select name, review from projects where review is null order by name", out=store)
    assert list(asked.name) == ["a", "b"]
    assert query("select count(opinion) n from indicators", out=store).n[0] == 0


def test_files_that_lack_a_column_are_merged(tmp_path):
    for number in range(MANY + 3):
        writer = ResultsWriter(tmp_path, f"r{number:03}")
        writer.add(project(f"p{number}", review=Decimal(number)))
        writer.flush()
    old = tmp_path / "results/projects/r000-0000.parquet"
    parquet.write_table(parquet.read_table(old).drop_columns(ADDED["projects"]), old)
    before = state(tmp_path, "projects")
    writer.close()
    assert len(list((tmp_path / "results/projects").iterdir())) == 1
    assert state(tmp_path, "projects") == before
    assert sum(row["review"] is None for row in before) == 1
