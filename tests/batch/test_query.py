"""Questions are answered, anything else is refused, and no text becomes a formula."""

from __future__ import annotations

import csv
import io

import openpyxl
import pytest

from perfkit.batch import query, questions
from perfkit.errors import SettingsError
from tests.batch.filled import fill, project

FORMULAS = ("=1+1", '=HYPERLINK("http://x")', "+1-1", "-2+3", "@SUM(A1)", "\t=1", "＝1+1", " =cmd", "\r=1")


@pytest.fixture
def store(tmp_path):
    fill(tmp_path, [project("a", "90"), project("b")], [project("a", "85.5")])
    return tmp_path


@pytest.mark.parametrize(
    ("sql", "rows"),
    [
        ("select name, score from current_projects order by name", (("a", 85.5), ("b", 90.0))),
        ("select name, score_text from current_projects order by score", (("a", "85.5"), ("b", "90"))),
        ("select count(*) from projects", ((3,),)),
        ("select count(*) from current_findings join current_projects using (name)", ((2,),)),
        ("with x as (select 1 as n) select n from x;", ((1,),)),
        ("values (1, null)", ((1, None),)),
        ("select sum(score) from current_indicators -- all of it", ((175.5,),)),
        ("select made, failed from runs order by run", ((2, 0), (1, 0))),
        ("pragma table_info(runs)", None),
    ],
)
def test_questions(store, sql, rows):
    answer = query(sql, out=store)
    assert answer.rows == rows or (rows is None and answer.columns[:2] == ("cid", "name"))


@pytest.mark.parametrize(
    ("sql", "word"),
    [
        ("", "empty"), ("   ", "empty"), (";", "empty"), ("-- nothing", "empty"), ("/* no */", "empty"),
        ("select nothing from projects", "nothing"), ("selec", "selec"), ("select * from nowhere", "nowhere"),
        ("select", "not finished"), ("select 1; select 2", "one statement"), ("select '", "unrecognized token"),
        ("select \0 1", "null"), ("from projects", "from"), ("select ?", "binding"), ("分数最高的项目", "分数最高的项目"),
    ],
)  # fmt: skip
def test_a_wrong_statement_is_told_by_its_word(store, sql, word):
    with pytest.raises(SettingsError, match=r"query") as told:
        query(sql, out=store)
    assert word in str(told.value)


@pytest.mark.parametrize(
    "sql",
    [
        "delete from projects", "update projects set score_text = '1'", "drop table projects", "vacuum", "vacuum into 'x.db'",
        "insert into runs (run) values (9)", "create table t (x)", "create temp table t (x)", "create view v as select 1",
        "attach '{file}' as other", "detach main", "pragma journal_mode = wal", "pragma query_only = 0",
        "pragma writable_schema = 1", "pragma user_version = 3", "begin", "commit", "rollback", "savepoint a", "analyze",
        "reindex", "select load_extension('x')", "with x as (select 1) delete from projects", "alter table runs add y",
        "replace into runs (run) values (1)", "create virtual table t using fts5(x)", "pragma temp_store_directory = '/'",
        "create trigger t after insert on runs begin select 1; end", "explain delete from runs",
    ],
)  # fmt: skip
def test_all_but_questions_is_refused(store, sql):
    before = (store / "perfkit.db").read_bytes()
    with pytest.raises(SettingsError, match=r"query|questions"):
        query(sql.format(file=store / "new.db"), out=store)
    assert (store / "perfkit.db").read_bytes() == before
    assert [path.name for path in store.iterdir()] == ["perfkit.db"]


@pytest.mark.parametrize(
    "sql",
    ["select readfile('/etc/passwd')", "select writefile('x', 'y')", "select edit('x')", "install httpfs"],
)
def test_no_file_and_no_network_is_asked(store, sql):
    with pytest.raises(SettingsError):
        query(sql, out=store)


ENDLESS = "with recursive c(x) as (select 1 union all select x + 1 from c) "


@pytest.mark.parametrize(
    ("sql", "why"),
    [
        (ENDLESS + "select count(*) from c", "longer than"),
        (ENDLESS + "select x from c", "more than"),
        ("select zeroblob(1000000000)", "too big"),
        ("select hex(zeroblob(9000000)) || hex(zeroblob(9000000))", "too big"),
        (ENDLESS + "select hex(zeroblob(90000)) from c limit 900", "too much memory"),
        (ENDLESS + "select zeroblob(90000), 1 from c limit 900", "too much memory"),
    ],
)
def test_time_rows_and_memory_have_bounds(store, sql, why, monkeypatch):
    monkeypatch.setattr(questions, "SECONDS", 0.3)
    monkeypatch.setattr(questions, "MOST", 1000)
    monkeypatch.setattr(questions, "TEXT", 10_000_000)
    with pytest.raises(SettingsError, match=why):
        query(sql, out=store)


LONG, ONES = "hex(zeroblob(2000000))", "replace(hex(zeroblob(300000)), '0', '1')"


@pytest.mark.parametrize(
    ("sql", "why"),
    [
        (f"select instr({LONG}, {ONES})", "longer than"),
        (f"select replace({LONG}, {ONES}, 'x')", "longer than"),
        (f"select trim({LONG}, {ONES} || '0')", "longer than"),
        (f"select ltrim({LONG}, {ONES} || '0')", "longer than"),
        (f"select {LONG} like '%' || {ONES}", "pattern too complex"),
        (f"select {LONG} glob '*' || {ONES}", "pattern too complex"),
    ],
)
def test_no_function_runs_past_the_time_of_a_question(store, sql, why):
    with pytest.raises(SettingsError, match=why):
        query(sql, out=store)


def test_bounded_functions_are_sqlite_s_own(store):
    answer = query(
        "select instr('abc', 'c'), instr(null, 1), instr(12.5, '.'), instr(x'0102', x'02'), "
        "replace(1e20, 'e', 'x'), replace(0.1 + 0.2, '.', ','), trim('xax', 'x'), replace('a', '', 'b')",
        out=store,
    )
    assert answer.rows == ((3, None, 3, 2, "1.0x+20", "0,3", "a", "a"),)


def test_no_results_yet_is_told(tmp_path):
    with pytest.raises(SettingsError, match="no results yet"):
        query("select 1", out=tmp_path)


@pytest.mark.parametrize("text", FORMULAS)
def test_a_text_like_a_formula_stays_a_text(tmp_path, text):
    fill(tmp_path, [project("a", "-5", unit=text)])
    answer = query("select unit, score, score_text, -5 as below from current_projects", out=tmp_path)
    answer.write(tmp_path / "a.csv")
    content = (tmp_path / "a.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    ((unit, *figures),) = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))[1:]
    assert unit == f"'{text}".replace("\r", "\n")
    assert figures == ["-5", "-5", "-5"]
    answer.write(tmp_path / "a.xlsx")
    cells = next(openpyxl.load_workbook(tmp_path / "a.xlsx").active.iter_rows(min_row=2))
    assert [cell.data_type for cell in cells] == ["s", "n", "s", "n"]
    assert cells[1].value == -5
    if "\r" not in text:
        assert cells[0].value == text


def test_odd_values_fit_into_a_sheet(store):
    answer = query(
        "select 9223372036854775807 a, 9e999 b, hex(zeroblob(20000)) c, x'ff' d, null e", out=store
    )
    answer.write(store / "odd.xlsx")
    ((a, b, c, d, e),) = openpyxl.load_workbook(store / "odd.xlsx").active.iter_rows(
        min_row=2, values_only=True
    )
    assert (a, b, len(c), d, e) == ("9223372036854775807", "inf", 32767, "�", None)


def test_another_kind_of_file_is_told(store):
    with pytest.raises(SettingsError, match=r"\.csv or \.xlsx"):
        query("select 1", out=store).write(store / "a.txt")


def test_an_answer_shows_itself(store):
    answer = query("select name, score from current_projects order by name", out=store)
    assert list(answer.to_frame().columns) == ["name", "score"]
    assert "<td>85.5</td>" in answer._repr_html_()
    assert str(answer) == "name,score\na,85.5\nb,90\n"


@pytest.mark.parametrize(
    ("sql", "told"),
    [
        ("select nobody from current_projects", "没有这一列：nobody"),
        ("select 1 from nowhere", "没有这张表：nowhere"),
        ("select nofun(1)", "没有这个函数：nofun"),
        ("select name from projects, indicators", "几张表都有这一列，请写明是哪张表的：name"),
        ("select name frm projects order by", "“projects”附近的语法不对"),
        ("select (1", "语句没有写完"),
    ],
)
def test_what_sqlite_finds_wrong_is_told_in_chinese(store, sql, told, monkeypatch):
    monkeypatch.setenv("PERFKIT_LANGUAGE", "zh")
    with pytest.raises(SettingsError) as raised:
        query(sql, out=store)
    assert told in raised.value.told("zh")


@pytest.mark.parametrize(
    ("language", "sql", "heads"),
    [
        ("zh", "select name, score, 1 as 另列 from current_projects", ["名称", "得分", "另列"]),
        ("zh", "select status from reports", ["状态"]),
        ("zh", "select p.status, p.name from indicators p join reports using (report)", ["status", "名称"]),
        ("en", "select name, score from current_projects", ["name", "score"]),
    ],
)
def test_a_file_of_answers_has_headings_for_people(store, language, sql, heads, monkeypatch):
    monkeypatch.setenv("PERFKIT_LANGUAGE", language)
    answer = query(sql, out=store)
    answer.write(store / "a.csv")
    assert (store / "a.csv").read_text("utf-8-sig").splitlines()[0].split(",") == heads
    answer.write(store / "a.xlsx")
    sheet = openpyxl.load_workbook(store / "a.xlsx").active
    assert [cell.value for cell in sheet[1]] == heads
    assert str(answer).splitlines()[0].split(",") == list(answer.columns)  # for scripts
