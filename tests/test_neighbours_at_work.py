"""Neighbours of what once failed at work: kernels and threads, ends of runs, questions in SQL, the ledger, the clock.

The first of each kind stand in tests/kernel/test_isolation.py, tests/processes, tests/batch. Neighbours of inputs
and outputs are in tests/test_neighbours.py.
"""

from __future__ import annotations

import asyncio
import csv
import io
import os
import shutil
import signal
import sqlite3
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import openpyxl
import psutil
import pytest
from nbclient.exceptions import CellTimeoutError, DeadKernelError

import perfkit
from perfkit.batch import diff, export_results, query, why
from perfkit.batch.portfolio import write_index
from perfkit.summary import Summary, workbook
from tests.batch.filled import fill, project
from tests.batch.light import add_project, light_report, make_workspace
from tests.kernel.test_isolation import family, hanging, run, script, texts

EACH = "import os, socket, threading, subprocess, sys, time\nfor n in map(int, os.listdir('/proc/self/fd')):\n    if n < 3: continue\n    try:\n        {}\n    except OSError: pass"
PICKLE = b"cposix\nsystem\n(S'touch {}'\ntR."


@pytest.mark.parametrize(
    "deed",
    [
        EACH.format("socket.socket(fileno=os.dup(n)).shutdown(socket.SHUT_RDWR)"),
        EACH.format("socket.socket(fileno=os.dup(n)).shutdown(socket.SHUT_WR)"),
        EACH.format("threading.Thread(target=lambda n=n: [os.write(n, b'[]\\n' * 9) for _ in iter(int, 1)], daemon=True).start()"),
        "import subprocess, os; subprocess.Popen(['sleep', '604'], close_fds=False, start_new_session=True); os._exit(0)",
        "import os\nfor _ in range(3): os.fork()\nos.closerange(3, 256)\nimport time; time.sleep(600)",
    ],
    ids=["shut", "half shut", "threads", "held by a child", "forks"],
)  # fmt: skip
def test_a_cell_that_breaks_its_connection_ends_in_time_and_alone(deed):
    with pytest.raises((CellTimeoutError, DeadKernelError)):
        run(deed, "1", execution_timeout=3)
    assert texts(run("1 + 1")) == ["2"]
    assert not [each for each in psutil.process_iter(["cmdline"]) if each.info["cmdline"] == ["sleep", "604"]]


def test_nothing_that_a_cell_sends_is_unpickled(tmp_path):
    marker = tmp_path / "unpickled"
    said = PICKLE.replace(b"{}", os.fsencode(marker))
    deed = EACH.format(f"[os.write(n, head + {said!r}) for head in heads]")
    heads = f"import struct\nsize = {len(said)}\nheads = [b'', struct.pack('>I', size), struct.pack('<I', size), struct.pack('!Q', size), b'\\x80\\x04']\n"
    with pytest.raises((CellTimeoutError, DeadKernelError)):
        run(heads + deed, "1", "import time; time.sleep(600)", execution_timeout=3)
    assert not marker.exists()


DEATHS = {
    signal.SIGTERM: "import signal\nfor n in set(signal.Signals) - {9, 19}: signal.signal(n, signal.SIG_IGN)\n",
    signal.SIGHUP: "import subprocess, sys\nsubprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600) #session605'], start_new_session=True)\n",
    signal.SIGINT: "import os\nos.closerange(0, 3)\n",
}
ENDLESS = "import re; re.match(r'(a+)+b', 'a' * 64)"


@pytest.mark.timeout(300)
@pytest.mark.parametrize("end", DEATHS, ids=lambda end: end.name)
def test_nothing_is_left_of_a_run_that_is_ended_while_a_cell_hangs(end):
    """The cell ignores every signal, has a child in a session of its own, or has closed its streams."""
    caller = script(DEATHS[end] + ENDLESS)
    assert hanging(caller)
    members = psutil.Process(caller.pid).children(recursive=True)
    caller.send_signal(end)
    caller.communicate(timeout=60)
    assert not psutil.wait_procs(members, timeout=20)[1]
    assert not family("session605")


def test_threads_that_fare_differently_keep_their_own_kernels():
    def told(*cells, **settings):
        try:
            return texts(run("import os; os.getpid()", *cells, "os.getpid()", **settings))
        except Exception as error:  # noqa: BLE001  # which one is what is asked
            return type(error).__name__

    ways = {
        "late": (("import time; time.sleep(600)",), {"execution_timeout": 2}),
        "dead": (("import os; os._exit(3)",), {}),
        "wrong": (("1/0",), {}),
        "large": (("print('X' * 3_000_000)",), {}),
        "plain": (("2 + 2",), {}),
        "again": (("import threading; threading.active_count() > 0",), {}),
    }
    with ThreadPoolExecutor(6) as pool:
        found = {name: pool.submit(told, *cells, **settings) for name, (cells, settings) in ways.items()}
    came = {name: future.result() for name, future in found.items()}
    assert (came["late"], came["dead"]) == ("CellTimeoutError", "DeadKernelError")
    whole = [came[name] for name in ("large", "plain", "again")]
    assert all(outputs[0] == outputs[-1] for outputs in whole)
    assert len({outputs[0] for outputs in whole}) == 3
    assert (whole[1][1], whole[2][1]) == ("4", "True")


STARTERS = {
    "a pool that is shut": lambda deed: ThreadPoolExecutor(1).submit(deed).result(),
    "a loop that is closed": lambda deed: asyncio.run(asyncio.to_thread(deed)),
    "a thread of a thread": lambda deed: _ended(lambda: _ended(deed)),
}


def _ended(deed) -> None:
    thread = threading.Thread(target=deed, daemon=True)
    thread.start()
    thread.join()


@pytest.mark.parametrize("name", STARTERS)
def test_a_kernel_outlives_the_thread_that_started_the_server(name, tmp_path, monkeypatch):
    from perfkit.processes import template as templates

    monkeypatch.setattr(templates, "_shared", {})
    STARTERS[name](lambda: run("1"))
    marker = tmp_path / "go"
    with ThreadPoolExecutor(1) as pool:
        later = pool.submit(
            run, f"import os, time\nwhile not os.path.exists({str(marker)!r}): time.sleep(.02)", "6 * 7"
        )
        STARTERS[name](lambda: run("2"))
        marker.touch()
        assert texts(later.result())[1] == "42"
    for template in templates._shared.values():
        template.close()


@pytest.fixture
def store(tmp_path):
    """The ledger of two reports in two runs."""
    out = tmp_path / "out"
    out.mkdir()
    fill(out, [project("a", "90"), project("b")], [project("a", "85.5")])
    return out


@pytest.mark.parametrize(
    "sql",
    [
        *["\u3000", "\ufeff", "\x00", "/*", "/* a */ -- b", ";;;", "'", "\\", "?", "查一下"],
        *["copy projects to 'x.csv'", "copy (select 1) to '/dev/stdout'", "load 'x'", ".read x", ".output x", "\\! ls", "show tables", "describe runs"],
        *["select * from read_csv('x')", "select * from fsdir('.')", "select * from sqlite_dbpage", "select * from pragma_database_list", "select lsmode(1)"],
        *["create table x as select 1", "create temp view x as select 1", "with a as (select 1) insert into runs select * from a", "vacuum main into 'x.db'"],
        *["/* */ attach 'x.db' as y", "explain query plan attach 'x' as y", "pragma database_list", "pragma main.cache_size = 1", "select 1;\n-- a\nattach 'x' as y"],
        *["select fts3_tokenizer('a', x'00')", "select * from temp.sqlite_master; drop table runs", "release a", "select load_extension('x', 'y')"],
    ],
)  # fmt: skip
def test_what_is_no_question_is_told_and_changes_nothing(store, sql, monkeypatch):
    monkeypatch.chdir(store.parent)
    before = (store / "perfkit.db").read_bytes()
    with pytest.raises(perfkit.SettingsError) as told:
        query(sql, out=store)
    assert told.value.told("zh")
    assert query("select 1", out=store).rows == ((1,),)
    assert (store / "perfkit.db").read_bytes() == before
    assert [path.name for path in (*store.iterdir(), *store.parent.iterdir())] == ["perfkit.db", "out"]


CELLS = [
    *["\n=1+1", "\u3000=1+1", "\xa0=1+1", "\t\t@SUM(A1)", "=1+1\n第二行", "＋1", "－cmd", "=\u200b1", '="a"&"b"', "=cmd|'/c calc'!A0", "-1-1", "+86 10 1234", "@甲", "--1"],
]  # fmt: skip


@pytest.mark.parametrize("text", CELLS)
def test_no_text_of_any_cell_or_heading_is_computed(tmp_path, text):
    fill(tmp_path, [project("a", unit=text)])
    named = text.replace('"', "")
    answer = query(f'select unit, 1 as "{named}" from current_projects', out=tmp_path)
    for cell in next(zip(*csv.reader(io.StringIO(answer.to_csv(), newline="")), strict=True))[1:]:
        assert cell.startswith("'")
    heading = next(csv.reader(io.StringIO(answer.to_csv(), newline="")))
    assert heading[1].startswith("'")
    answer.write(tmp_path / "a.xlsx")
    export_results(tmp_path / "b.xlsx", tmp_path)
    for name in ("a.xlsx", "b.xlsx"):
        for sheet in openpyxl.load_workbook(tmp_path / name):
            assert not [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]


VALUES = ["x'ff'", "9e999", "'{'"]


@pytest.mark.timeout(300)
@pytest.mark.parametrize("value", VALUES)
def test_a_value_of_another_type_in_any_column_ends_no_command_in_a_traceback(store, value, tmp_path):
    with sqlite3.connect(store / "perfkit.db") as book:
        tables = [name for (name,) in book.execute("select name from sqlite_master where type = 'table'")]
        columns = [(table, row[1]) for table in tables for row in book.execute(f"pragma table_info({table})")]
    book.close()
    assert len(columns) > 60
    for name in "ab":
        (store / f"{name}.html").touch()
    for table, column in columns:
        spoilt = tmp_path / "spoilt"
        shutil.rmtree(spoilt, ignore_errors=True)
        shutil.copytree(store, spoilt)
        with sqlite3.connect(spoilt / "perfkit.db") as book:
            try:
                book.execute(f'update {table} set "{column}" = {value}')
            except sqlite3.Error:
                continue
        book.close()
        for asked in (
            lambda out: [str(reason) for reason in why("params", out=out)],
            lambda out: [str(move) for move in diff("previous", "latest", out=out)],
            lambda out: query("select * from current_projects", out=out).to_csv(),
            write_index,
            lambda out: Summary(out).parts(),
            lambda out: workbook(Summary(out), "zh"),
        ):
            try:
                asked(spoilt)
            except perfkit.PerfkitError as error:
                assert error.told("zh"), (table, column)  # noqa: PT017


@pytest.fixture
def office(tmp_path, monkeypatch):
    workspace = make_workspace(tmp_path)
    for name in "ab":
        add_project(workspace, name)
    monkeypatch.chdir(workspace)
    return workspace


CLOCKS = {
    "ahead, then right": ["2099-01-01T00:00:00+00:00", "2024-01-01T00:00:00+00:00"],
    "the same moment": ["2024-01-01T00:00:00+00:00"] * 2,
    "in another zone": ["2024-01-01T08:00:00+08:00", "2024-01-01T00:30:00+00:00"],
}


@pytest.mark.parametrize("name", CLOCKS)
def test_whatever_the_clock_says_the_last_run_is_the_last(office, name, monkeypatch):
    from perfkit.batch import ledger

    for number, moment in enumerate(CLOCKS[name]):
        monkeypatch.setattr(ledger, "now", lambda moment=moment: moment)
        add_project(office, "a", executed=90 - number * 10)
        light_report(office, rows=True)
    assert query("select executed from current_projects where name = 'a'").rows == ((80,),)
    assert not light_report(office, rows=True).made
    assert {str(move)[0] for move in diff("previous", "latest")} == {"a"}


def test_files_of_tomorrow_and_of_long_ago_are_compared_all_the_same(office):
    light_report(office, rows=True)
    for moment in (time.time() + 10**6, 0):
        for path in (office / "params/a.yaml", office / "params/forms/a.yaml", office / "reports/b.html"):
            os.utime(path, (moment, moment))
        assert not light_report(office, rows=True).made
        add_project(office, "b", executed=80 if moment else 70)
        os.utime(office / "params/forms/b.yaml", (moment, moment))
        assert [line["name"] for line in light_report(office, rows=True).made] == ["b"]
