"""The ledger keeps every run, shows the present, and outlives whatever happens to it."""

from __future__ import annotations

import json
import os
import random
import re
import sqlite3
import stat
from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfkit.batch import diff, export_results, query, questions, results, why
from perfkit.batch.ledger import Ledger, Writer, older
from perfkit.batch.portfolio import Portfolio, write_index
from perfkit.batch.results import rows_of
from perfkit.errors import BusyError, MachineError, PerfkitError, SettingsError
from perfkit.summary import Summary
from tests.batch.filled import fill, outcome, present, project
from tests.batch.light import add_project, light_report, make_workspace


@pytest.fixture
def store(tmp_path):
    """Two runs: both make `a`, the first makes `b` as well."""
    fill(tmp_path, [project("a", "90"), project("b")], [project("a", "85.5")])
    return tmp_path


def test_the_present_state_is_what_was_last_written_of_each(store):
    with Ledger.of(store) as ledger:
        assert [(row["name"], row["score"]) for row in present(ledger)] == [("a", Decimal("85.5")), ("b", 90)]
        assert len(present(ledger, "indicators")) == 2
        assert (ledger.last_made(until=1), ledger.runs()) == ({"a": 1, "b": 2}, [1, 2])


def test_the_rows_of_many_are_those_of_each_and_are_read_together(tmp_path):
    names = [f"p{number:03}" for number in range(300)]
    fill(tmp_path, [project(name) for name in names], [project("p007", "85.5")])
    with Ledger.of(tmp_path) as ledger:
        ledger.connection.set_trace_callback((asked := []).append)
        read = {name: (report, rows) for name, report, rows in ledger.last_rows(("projects", "findings"))}
        ledger.connection.set_trace_callback(None)
        assert list(read) == names
        assert len(asked) < 60
        for name, report in ledger.last_made().items():
            assert read[name] == (report, ledger.rows_of(report, ("projects", "findings")))


@pytest.mark.parametrize(("before", "after"), [("1", "2"), (1, 2), ("previous", "latest")])
def test_what_moved_and_what_it_did(store, before, after):
    told = [str(move) for move in diff(before, after, out=store)]
    assert "a: score 90 → 85.5 (-4.5)" in told
    assert "a, row 1: 课程, score 90 → 85.5" in told
    assert not any(line.startswith("b") for line in told)


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("zh", "a 第1行：课程，核对结果 与规则一致 → 自评高于核算，以核算计 (-0.4)"),
        (
            "en",
            "a, row 1: 课程, status agrees with the rules → above the rules; what they give counts (-0.4)",
        ),
    ],
)
def test_how_a_score_stands_is_told_in_words(language, told, monkeypatch):
    monkeypatch.setenv("PERFKIT_LANGUAGE", language)
    row = dict.fromkeys(questions.FIELDS) | {"indicator": "课程", "number": 1}
    was, now = ({"indicators": [row | {"score": Decimal(score), "status": status}]}
                for score, status in (("9.4", "agrees"), ("9", "differs")))  # fmt: skip
    assert told in [str(move) for move in questions.rows("a", was, now)]


@pytest.mark.parametrize("run", ["9", "0", "", "yesterday"])
def test_an_unknown_run_is_told(store, run):
    with pytest.raises(SettingsError, match="no such run"):
        diff("1", run, out=store)


def test_the_file_alone_holds_it_all(store, tmp_path_factory):
    assert [path.name for path in store.iterdir()] == ["perfkit.db"]
    copy = tmp_path_factory.mktemp("copy") / "perfkit.db"
    copy.write_bytes((store / "perfkit.db").read_bytes())
    copy.chmod(stat.S_IRUSR)
    copy.parent.chmod(stat.S_IRUSR | stat.S_IXUSR)
    assert query("select count(*) from projects", out=copy.parent).rows == ((3,),)
    copy.parent.chmod(stat.S_IRWXU)


def test_a_reader_sees_what_is_committed_while_a_run_writes(tmp_path):
    with Writer.of(tmp_path) as ledger:
        ledger.begin({})
        ledger.record(outcome("a"), rows=project("a"))
        with ledger.transaction():
            ledger.connection.execute("UPDATE projects SET score_text = '1'")
            with Ledger.of(tmp_path) as reader:
                assert present(reader)[0]["score"] == 90
            assert query("select score from current_projects", out=tmp_path).rows == ((90.0,),)
            ledger.connection.execute("UPDATE projects SET score_text = '90'")


def test_a_drive_without_shared_memory_has_a_rollback_journal(tmp_path, monkeypatch):
    monkeypatch.setattr("perfkit.batch.ledger.is_far", lambda _: True)
    with Writer.of(tmp_path) as ledger:
        assert ledger.rows("PRAGMA journal_mode") == [("delete",)]
        ledger.begin({})
        ledger.record(outcome("a"), rows=project("a"))
    assert query("select score_text from current_projects", out=tmp_path).rows == (("90",),)


def test_who_waits_too_long_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr("perfkit.batch.ledger.PATIENCE", 0.05)
    with Writer.of(tmp_path) as first, first.transaction(), pytest.raises(BusyError, match="another program"):
        Writer.of(tmp_path)


@pytest.mark.parametrize(
    "figure", ["1E+30", "NaN", "0.00005", "-12.3456789", "1E-40", "96.90", "1E+999999", "Infinity"]
)
def test_a_figure_keeps_its_digits_or_is_left_out(tmp_path, figure):
    fill(tmp_path, [project("a", figure)])
    ((text, number),) = query("select score_text, score from current_projects", out=tmp_path).rows
    value = Decimal(figure)
    assert text is None if not value.is_finite() or value.adjusted() > 60 else text == f"{value:f}"
    assert number == (None if text is None else float(text))


@given(st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**12), max_value=10**12))
def test_a_figure_comes_back_digit_by_digit(value):
    row = results.from_store("projects", results.to_store("projects", {"score": value}))
    assert str(row["score"]) == f"{value:f}"


def test_a_name_that_no_file_can_hold_is_kept_readable(tmp_path):
    fill(tmp_path, [project("a", unit="甲\ud800乙")])
    assert query("select unit from current_projects", out=tmp_path).rows == (("甲?乙",),)


def test_order_is_the_ledger_s_own(tmp_path, monkeypatch):
    times = iter(["2030-01-01", "2030-01-02", "2030-01-03"] + ["2020-01-01"] * 9)
    monkeypatch.setattr("perfkit.batch.ledger.now", lambda: next(times))
    fill(tmp_path, [project("a", "90")], [project("a", "80")])
    assert query("select score from current_projects", out=tmp_path).rows == ((80.0,),)
    assert next(map(str, diff("previous", "latest", out=tmp_path))) == "a: score 90 → 80 (-10)"


def test_what_an_older_version_left_is_named_and_left_alone(tmp_path, monkeypatch):
    workspace = make_workspace(tmp_path)
    add_project(workspace, "a")
    monkeypatch.chdir(workspace)
    (workspace / "reports/results").mkdir(parents=True)
    (workspace / "reports/journal.jsonl").write_text("{}\n", encoding="utf-8")
    assert older(workspace / "reports") == ["journal.jsonl", "results"]
    assert len(light_report(workspace).made) == 1
    assert (workspace / "reports/journal.jsonl").read_text(encoding="utf-8") == "{}\n"
    assert len(light_report(workspace).skipped) == 1


def test_rows_of_a_form_hold_its_money_in_yuan_and_its_losses(tmp_path, monkeypatch):
    workspace = make_workspace(tmp_path)
    add_project(workspace, "a", actual="9门")
    monkeypatch.chdir(workspace)
    rows = rows_of("a", "params/forms/a.yaml", "mof-2020", "zh", ".")
    assert rows.projects[0]["adjusted"] == 100
    assert len(rows.indicators) == 1
    for table in results.TABLES:
        known = {column.name for column in results.tables()[table]}
        assert all(known >= row.keys() for row in getattr(rows, table))


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
    fill(tmp_path, [rows_of("a", str(tmp_path / "form.yaml"), "mof-2020", "zh", "."), project("b")])
    asked = "select self_score, review, deviation from current_projects where review < self_score"
    assert query(asked, out=tmp_path).rows == ((100.0, 94.0, 6.0),)
    asked = "select review, opinion, deduction from current_indicators where name = 'a' order by number"
    assert query(asked, out=tmp_path).rows == ((45.0, "台账不全", None), (None, None, 2.0))


def test_a_damaged_report_is_made_anew_and_said_until_then(tmp_path, monkeypatch):
    workspace = make_workspace(tmp_path)
    for name in ("a", "b"):
        add_project(workspace, name)
    monkeypatch.chdir(workspace)
    light_report(workspace, rows=True)
    for sql in (
        "UPDATE projects SET score_text = '1' WHERE name = 'a'",
        "UPDATE indicators SET target = 7 WHERE name = 'a'",
        "UPDATE findings SET message = x'ff00' WHERE name = 'a'",
        "DELETE FROM indicators WHERE name = 'a'",
        "UPDATE reports SET inputs = 5 WHERE name = 'a'",
        "UPDATE reports SET files = NULL, seen_at = 'x' WHERE name = 'a'",
    ):
        database = sqlite3.connect("reports/perfkit.db")
        database.execute(sql)
        database.commit()
        database.close()
        assert [failure["name"] for failure in Portfolio.of("reports").failures] == ["a"], sql
        with pytest.raises(MachineError, match="damaged"):
            query("select score from current_projects", out="reports")
        run = light_report(workspace, rows=True)
        assert ([line["name"] for line in run.made], len(run.skipped)) == (["a"], 1), sql
        assert len(query("select score from current_projects", out="reports").rows) == 2
        assert len(query("select score from projects", out="reports").rows) == 2, "what was damaged is gone"


ASKED = (
    lambda out: query("select * from current_projects", out=out).to_csv(),
    lambda out: query("select * from reports join indicators using (report)", out=out).to_csv(),
    lambda out: [str(reason) for reason in why(out.parent / "params", out=out)],
    lambda out: [(row["name"], row["score"]) for row in Portfolio.of(out).projects],
    lambda out: [str(part) for part in (Summary(out).figures(), Summary(out).below(), Summary(out).common())],
    lambda out: [str(move) for move in diff("previous", "latest", out=out)],
)


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A workspace of which both of two runs made a report; and what each question answers."""
    workspace = make_workspace(tmp_path_factory.mktemp("whole"))
    for name in ("a", "b"):
        add_project(workspace, name)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(workspace)
        light_report(workspace, rows=True)
        add_project(workspace, "a", actual="8门")
        light_report(workspace, rows=True)
    right = [ask(workspace / "reports") for ask in ASKED]
    return workspace, (workspace / "reports/perfkit.db").read_bytes(), right


@pytest.mark.parametrize("seed", range(int(os.environ.get("PERFKIT_FLIPS", "60"))))
def test_any_byte_flipped_gives_right_results_or_a_clear_fault(whole, seed, monkeypatch):
    workspace, content, right = whole
    monkeypatch.chdir(workspace)
    chosen = random.Random(seed)
    place = chosen.randrange(
        100 if seed % 4 == 0 else len(content)
    )  # the head of the file, a quarter of the time
    flipped = content[place] ^ (1 << chosen.randrange(8))
    (workspace / "reports/perfkit.db").write_bytes(content[:place] + bytes([flipped]) + content[place + 1 :])
    for number, ask in enumerate(ASKED):
        try:
            told = ask(workspace / "reports")
        except PerfkitError:
            continue
        if number in (2, 3, 4, 5) and told != right[number]:
            damaged = Portfolio.of(workspace / "reports").failures
            assert damaged or told == [f"{name}: new" for name in ("a", "b")] or number == 2, (place, told)
            continue
        assert told == right[number], place
    with suppress(PerfkitError):
        light_report(workspace, rows=True)
        write_index(workspace / "reports")


def test_a_file_that_is_no_ledger_is_told(tmp_path):
    for content in (b"x" * 5000, b"SQLite format 3\0" + b"\0" * 4000):
        (tmp_path / "perfkit.db").write_bytes(content)
        for opened in (Ledger.of, Writer.of):
            with pytest.raises(MachineError, match="ledger"):
                opened(tmp_path)
    (tmp_path / "perfkit.db").unlink()
    other = sqlite3.connect(tmp_path / "perfkit.db")
    other.execute("CREATE TABLE people (name)")
    other.commit()
    other.close()
    for opened in (Ledger.of, Writer.of):
        with pytest.raises(MachineError, match="not a ledger"):
            opened(tmp_path)


def test_a_row_is_small(tmp_path):
    rows = project("p")
    row = rows.indicators[0] | {
        "actual": "12门",
        "reason": "因供货商到货较晚，未能按期完成，下一年提前签订合同",
        "level1": "产出指标",
    }
    for number in range(200):
        name = f"p{number}"
        rows.projects[0]["name"] = name
        indicators = [row | {"name": name, "number": place} for place in range(16)]
        findings = [{"name": name, "code": "PK206", "message": "本行失分而原因未写明改进措施" * 2}] * 6
        fill(tmp_path, [type(rows)([rows.projects[0]], indicators, findings)])
    assert (tmp_path / "perfkit.db").stat().st_size / 200 < 15_000


def test_results_as_a_spreadsheet(store):
    import openpyxl

    export_results(store / "results.xlsx", store)
    book = openpyxl.load_workbook(store / "results.xlsx")
    assert book.sheetnames == ["项目", "指标", "问题", "不列为问题"]
    rows = list(book["项目"].values)
    assert rows[0][:2] == ("名称", "项目名称")
    assert len(rows) == 3
    assert {row[rows[0].index("得分")] for row in rows[1:]} == {85.5, 90}
    with pytest.raises(SettingsError, match=r"\.xlsx"):
        export_results(store / "results.csv", store)


def test_every_column_is_documented_in_both_languages():
    for columns in results.tables().values():
        titles = [column.meaning.zh for column in columns]
        assert len(set(titles)) == len(titles)
        assert all(column.meaning.zh and column.meaning.en for column in columns)
    assert json.dumps(results.statements())


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda path: path.write_bytes(b"no database at all" * 99), "不是数据库文件"),
        (lambda path: path.write_bytes(path.read_bytes()[:3000]), "数据库文件已损坏"),
    ],
)
def test_what_is_wrong_with_a_ledger_is_told_in_chinese(tmp_path, spoil, told):
    fill(tmp_path, [project("a")])
    spoil(tmp_path / "perfkit.db")
    with pytest.raises(MachineError) as raised:
        Ledger.of(tmp_path)
    assert told in raised.value.told("zh")
    assert not re.search("[a-z]{2,} [a-z]{2,}", raised.value.told("zh").replace(str(tmp_path), ""))


def test_a_ledger_that_somebody_holds_is_told_in_chinese(tmp_path, monkeypatch):
    fill(tmp_path, [project("a")])
    monkeypatch.setattr("perfkit.batch.ledger.PATIENCE", 0.01)
    holder = sqlite3.connect(tmp_path / "perfkit.db", isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    try:
        with pytest.raises(BusyError) as raised, Writer.of(tmp_path):
            pass
    finally:
        holder.close()
    assert "已被锁住" in raised.value.told("zh")
