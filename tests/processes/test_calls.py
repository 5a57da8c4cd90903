"""A call to another process gives what the function gives, or says what became of it."""

from __future__ import annotations

import datetime as dt
import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from decimal import Decimal
from pathlib import Path

import psutil
import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfkit.errors import DataError, MachineError
from perfkit.form import Fund
from perfkit.language import Text
from perfkit.plain import dumps, loads
from perfkit.processes import Ahead, CallError, Done, LostError, Task, Template, call, run, shared
from perfkit.processes import template as templates
from tests.processes import deeds

ROOT = Path(__file__).parents[2]
VALUES = [
    None, True, 10**5000, 0.1, "镕\ud83d", b"\x00\xff", Decimal("96.90"), [1, [2]], (1, (2,)), {1: {"a": None}},
    {1, 2}, frozenset(), dt.date(2023, 11, 30), dt.datetime(2023, 11, 30, 8, tzinfo=dt.UTC), dt.time(8, 30),
    Fund(Decimal("1.50"), rate="98%"), Text("中", "en"),
]  # fmt: skip
plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.binary() | st.decimals(allow_nan=False)
    | st.dates() | st.datetimes().map(lambda at: at.replace(fold=0)) | st.floats(allow_nan=False),
    lambda inner: st.lists(inner) | st.lists(inner).map(tuple) | st.dictionaries(st.text(), inner),
)  # fmt: skip


@pytest.fixture(params=["forked", "fresh"])
def way(request, monkeypatch):
    """Both ways to make a process: a fork, and a fresh interpreter where fork is refused."""
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]))
    monkeypatch.setattr(templates, "_shared", {})
    if request.param == "fresh":
        monkeypatch.setattr(templates, "FORKS", False)
        monkeypatch.setattr(os, "fork", None)
    yield request.param
    for template in templates._shared.values():
        template.close()


@given(plain)
def test_what_crosses_comes_out_as_it_was(value):
    assert repr(loads(dumps(value))) == repr(value)


def test_all_kinds_of_values_cross(way):
    back = call(deeds.give, VALUES)
    assert back == VALUES
    assert list(map(type, back)) == list(map(type, VALUES))


@pytest.mark.parametrize(
    "message",
    [
        b'["object", "subprocess:Popen", ["args", "id"]]',
        b'["error", "builtins:OSError", 1]',
        b'["object", "perfkit.form:os", ["a", 1]]',
        b'["object", "perfkit.form:Fund", ["__class__", 1]]',
        b'["enum", "perfkit.form:Fund", "x"]',
        b'["error", "perfkit.files:Path", "/"]',
    ],
)
def test_a_message_can_name_nothing_but_perfkit_s_data(message):
    with pytest.raises((ValueError, AttributeError, TypeError)):
        loads(message)


def test_an_error_of_perfkit_s_is_raised_as_it_was(way):
    with pytest.raises(DataError, match=r"a\.xlsx: wrong") as caught:
        call(deeds.fail, "perfkit")
    assert caught.value.faults[0].got == "x"


def test_another_exception_is_told(way):
    with pytest.raises(CallError, match="ValueError: not so") as caught:
        call(deeds.fail, "other")
    assert (caught.value.kind, caught.value.text) == ("ValueError", "not so")


@pytest.mark.parametrize(
    ("function", "argument", "limits", "cause", "told"),
    [
        (deeds.sleep, 600, {"seconds": 0.3}, "time", "too long"),
        (deeds.end, 3, {}, "ended", "exit status 3: farewell"),
        (deeds.end, -9, {}, "ended", "SIGKILL"),
        (deeds.end, -11, {}, "ended", "SIGSEGV"),
        (deeds.take, 3_000_000_000, {"memory": 300_000_000}, "memory", "memory"),
    ],
)
def test_a_lost_call_says_why(way, function, argument, limits, cause, told):
    with pytest.raises(LostError, match=told) as caught:
        call(function, argument, **limits)
    assert caught.value.cause == cause


def test_calls_come_from_every_thread_and_outlive_the_first(way):
    pids: list[int] = []
    first = threading.Thread(target=lambda: pids.append(call(deeds.pid)))
    first.start()
    first.join()
    threads = [threading.Thread(target=lambda: pids.append(call(deeds.pid))) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(pids)) == 7
    assert os.getpid() not in pids


@pytest.mark.skipif(not templates.FORKS, reason="needs fork")
def test_what_a_call_leaves_behind_is_ended_and_no_other_s():
    with Template() as template:
        one, other = template.start(), template.start()
        other.call(deeds.leave, "other-kept")
        one.call(deeds.leave, "one-left")
        assert len(family("one-left")) == len(family("other-kept")) == 1
        one.end()
        assert not family("one-left")
        assert family("other-kept")
        other.end()
        assert not family("other-kept")


def family(marker: str) -> list[psutil.Process]:
    return [p for p in psutil.process_iter(["cmdline"]) if f"#{marker}" in " ".join(p.info["cmdline"] or [])]


@pytest.mark.skipif(not templates.FORKS, reason="needs fork")
def test_a_fork_finds_nothing_of_the_server_s_but_its_own_connection():
    with Template() as template:
        others = [template.start() for _ in range(3)]
        with template.start() as process:
            found = process.call(deeds.descriptors)
            assert process.call(deeds.threads) == 1
        assert len([each for each in found if "socket" in each]) == 1
        assert len(found) == 4
        for other in others:
            other.end()


@pytest.mark.parametrize("slots", [1, 3])
def test_many_calls_side_by_side(way, slots):
    tasks = [Task(n, deeds.give, (n,)) for n in range(30)]
    tasks[7] = Task(7, deeds.end, (4,))
    tasks[9] = Task(9, deeds.sleep, (600,), 0.3)
    tasks[11] = Task(11, deeds.fail, ("perfkit",))
    done = {event.key: event for event in run(tasks, slots, shared()) if isinstance(event, Done)}
    assert set(done) == set(range(30))
    assert [n for n in done if done[n].error is not None] == [n for n in done if n in {7, 9, 11}]
    assert all(done[n].value == n for n in done if done[n].error is None)


def test_a_loop_that_is_left_ends_what_runs(way):
    before = time.monotonic()
    for _ in run([Task(n, deeds.sleep, (600,)) for n in range(4)], 2, shared()):
        break
    assert time.monotonic() - before < 60


@pytest.mark.skipif(not templates.FORKS, reason="needs fork")
def test_a_server_that_is_lost_is_started_again_and_its_calls_made_once_more():
    with Template() as template:
        killed = False
        for event in run([Task(n, deeds.sleep, (0.3,)) for n in range(4)], 2, template):
            if not killed:
                with template.start() as process:
                    psutil.Process(process.call(deeds.pid)).parent().kill()
                killed = True
            elif isinstance(event, Done):
                assert event.value == "slept"


def test_a_server_that_cannot_start_says_why():
    with Template("perfkit.no_such_module:warm") as template:
        events = run([Task(0, deeds.pid)], 1, template)
        (done,) = (event for event in events if isinstance(event, Done))
        assert isinstance(done.error, MachineError)
        assert "no_such_module" in str(done.error)


SCRIPT = """
import os, signal, sys, threading, time, multiprocessing
from perfkit.processes import call
from tests.processes import deeds
WAYS = {
    "script": lambda: print(call(deeds.give, 1)),
    "thread": lambda: in_a_thread(),
    "child": lambda: in_a_child(),
    "busy": lambda: (print(call(deeds.leave, sys.argv[2]), flush=True), call(deeds.sleep, 600)),
    "running": lambda: (call(deeds.pid), print("begun", flush=True), call(deeds.leave, sys.argv[2], 600)),
}
def in_a_thread():
    thread = threading.Thread(target=lambda: print(call(deeds.give, 1)))
    thread.start(); thread.join()  # Python 3.12 starts no thread while it shuts down

def in_a_child():
    call(deeds.pid)
    process = multiprocessing.get_context("fork").Process(target=lambda: print(call(deeds.give, 1), flush=True))
    process.start(); process.join()
    assert process.exitcode == 0
    assert multiprocessing.get_start_method(allow_none=True) is None
signal.signal(signal.SIGINT, signal.default_int_handler)  # whoever started the tests may ignore them
signal.signal(signal.SIGHUP, signal.SIG_DFL)
WAYS[sys.argv[1]]()
"""  # without a main guard


def script(*args: str, **settings) -> subprocess.Popen:
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    return subprocess.Popen(
        [sys.executable, "-W", "error", "-c", SCRIPT, *args], env=environment, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, text=True, **settings,
    )  # fmt: skip


@pytest.mark.parametrize("way", ["script", "thread", "child"])
def test_it_works_from_anywhere(way):
    out, err = script(way).communicate(timeout=60)
    assert (out, err) == ("1\n", "")


def test_it_works_in_a_daemon_without_standard_streams():
    code = SCRIPT.replace("WAYS[sys.argv[1]]()", "os.write(5, str(call(deeds.give, 1)).encode())")
    reader, writer = os.pipe()
    shell = f"exec 5>&{writer} {writer}>&- 0<&- 1>&- 2>&-; exec {sys.executable} -c '{code}' script"
    subprocess.run(
        ["bash", "-c", shell], pass_fds=[writer], env=os.environ | {"PYTHONPATH": str(ROOT)}, check=True
    )
    os.close(writer)
    with os.fdopen(reader) as stream:
        assert stream.read() == "1"


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGKILL, signal.SIGHUP, signal.SIGINT])
def test_nothing_is_left_of_a_caller_that_is_ended(end):
    marker = f"left-{end}"
    caller = script("running", marker, start_new_session=True)
    assert caller.stdout.readline() == "begun\n"
    members = []
    while (
        not family(marker) or len(members) < 2
    ):  # the server and its fork; pytest ends a test that waits forever
        time.sleep(0.02)
        members = psutil.Process(caller.pid).children(recursive=True)
    caller.send_signal(end)
    caller.communicate(timeout=30)
    assert not psutil.wait_procs([*members, *family(marker)], timeout=20)[1]


def test_a_process_that_was_made_ahead_makes_one_call(way):
    ahead = Ahead(shared())
    ahead.start()
    waiting = ahead._worker.process
    pids = [ahead.do(Task(0, deeds.pid)).value for _ in range(2)]
    assert len({os.getpid(), *pids}) == 3
    assert waiting.ended is not None  # it made the first call, and no other
    ahead.start()
    psutil.Process(ahead.do(Task(0, deeds.pid)).value).kill()
    ahead.start()
    assert ahead.do(Task(0, deeds.give, ("there",))).value == "there"
    ahead.start()
    ahead.close()
    assert isinstance(ahead.do(Task(0, deeds.pid)).error, MachineError)


@pytest.mark.skipif(not templates.FORKS, reason="needs fork")
def test_every_server_is_closed_at_exit(monkeypatch):
    monkeypatch.setattr(templates, "_started", [])
    servers = [Template() for _ in range(3)]
    pids = [psutil.Process(server._process.pid) for server in servers]
    templates._close_all()
    assert not any(pid.is_running() for pid in pids)
    assert templates._started == []


def test_the_caller_s_way_with_processes_is_left_alone():
    before = multiprocessing.get_start_method(allow_none=True), signal.getsignal(signal.SIGCHLD)
    call(deeds.pid)
    assert (multiprocessing.get_start_method(allow_none=True), signal.getsignal(signal.SIGCHLD)) == before
