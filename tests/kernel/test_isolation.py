"""A cell may do what it likes to itself: its kernel ends in time, nobody else is harmed, nothing is left."""

from __future__ import annotations

import asyncio
import contextlib
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import nbformat
import psutil
import pytest
from nbclient.exceptions import CellTimeoutError, DeadKernelError

from perfkit.kernel.engine import PerfkitEngine

ROOT = Path(__file__).parents[2]
BUSY = "import re; re.match(r'(a+)+b', 'a' * 64)"  # holds the interpreter


def notebook(*cells) -> nbformat.NotebookNode:
    made = nbformat.v4.new_notebook(
        metadata={"kernelspec": {"name": "python3", "display_name": "", "language": "python"}},
        cells=[nbformat.v4.new_code_cell(source) for source in cells],
    )
    made.metadata.papermill = {}
    return made


def run(*cells, **settings) -> nbformat.NotebookNode:
    return PerfkitEngine.execute_notebook(notebook(*cells), "python3", progress_bar=False, **settings)


def texts(made) -> list[str]:
    return [
        "".join(o.get("text", "") or o.get("data", {}).get("text/plain", "") for o in c.outputs)
        for c in made.cells
    ]


def family(marker: str) -> list[psutil.Process]:
    return [p for p in psutil.process_iter(["cmdline"]) if f"#{marker}" in " ".join(p.info["cmdline"] or [])]


def test_a_cell_finds_no_descriptor_but_its_own():
    listing = (
        "import os, stat\nfound = []\n"
        "for number in map(int, os.listdir('/proc/self/fd')):\n"
        "    try: mode = os.fstat(number).st_mode\n"
        "    except OSError: continue\n"
        "    if stat.S_ISSOCK(mode): found.append(os.readlink(f'/proc/self/fd/{number}'))\n"
        "len(found)"
    )
    own = run("import asyncio", listing)  # one connection, and the loop's own pair
    assert texts(own)[1] == "3"


@pytest.mark.parametrize(
    "deed",
    [
        "import os\nfor n in range(3, 256):\n    try: os.write(n, b'\\x80\\x04garbage\\n' * 1000)\n    except OSError: pass",
        "import os\nfor n in range(3, 256):\n    try: os.close(n)\n    except OSError: pass",
        "import os; os.closerange(0, 256)",
        "import os\nfor n in range(256):\n    try: os.dup2(os.open('/dev/null', os.O_RDWR), n)\n    except OSError: pass",
        "import signal\nfor n in set(signal.Signals) - {9, 19}: signal.signal(n, signal.SIG_IGN)\nwhile True: pass",
        "import signal; signal.pthread_sigmask(signal.SIG_BLOCK, set(signal.Signals))\nimport time; time.sleep(600)",
        "import os, signal; os.kill(os.getpid(), signal.SIGSTOP)",
        BUSY,
        "import os\nif os.fork() == 0:\n    while True: pass\nos._exit(0)",
        "import os; os.setpgid(0, 0) if os.getpid() != os.getsid(0) else None\nimport time; time.sleep(600)",
    ],
    ids=["garbage", "close", "close all", "overwrite", "ignore", "block", "stop", "busy", "fork", "session"],
)
def test_a_cell_that_does_its_worst_ends_in_time_and_alone(deed):
    before = time.monotonic()
    other = threading.Thread(target=lambda: outcomes.append(texts(run("6 * 7"))))
    outcomes: list = []
    other.start()
    with pytest.raises((CellTimeoutError, DeadKernelError)):
        run(deed, "1", execution_timeout=2)
    other.join()
    assert outcomes == [["42"]]
    assert time.monotonic() - before < 60
    assert texts(run("1 + 1")) == ["2"]


def test_nothing_is_left_of_what_a_cell_has_started():
    start = "import subprocess, sys; subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600) #{}'], {})"
    run(
        start.format("plain", ""),
        start.format("session", "start_new_session=True"),
        "import os; os.spawnlp(os.P_NOWAIT, 'sh', 'sh', '-c', 'setsid sleep 601 & setsid sleep 602 &')",
    )
    assert not family("plain") + family("session")
    assert not [
        p
        for p in psutil.process_iter(["cmdline"])
        if p.info["cmdline"] in (["sleep", "601"], ["sleep", "602"])
    ]


def test_a_daemon_of_a_cell_outlives_another_kernel_s_end():
    daemon = "import subprocess, sys, time\np = subprocess.Popen(['sh', '-c', 'setsid sleep 603 & echo $!'], stdout=-1)\npid = int(p.stdout.readline()); p.wait()"
    wait = "while not __import__('os').path.exists({!r}): time.sleep(.02)"
    marker = f"/tmp/perfkit-test-{os.getpid()}"
    result: list = []
    thread = threading.Thread(
        target=lambda: result.append(
            texts(run(daemon, wait.format(marker), "import os; os.kill(pid, 0); 'alive'"))
        )
    )
    thread.start()
    run("1")
    Path(marker).touch()
    thread.join()
    Path(marker).unlink()
    assert result[0][2] == "'alive'"


@pytest.mark.parametrize(
    ("death", "words"),
    [
        ("import ctypes; ctypes.string_at(0)", "SIGSEGV"),
        ("import os; os.abort()", "SIGABRT"),
        ("import os; os.write(2, b'x'); os._exit(7)", "exit status 7"),
        (
            "import sys, os; print('my last words', file=sys.__stderr__, flush=True); os._exit(8)",
            "exit status 8",
        ),
        ("import faulthandler; faulthandler.enable(); import ctypes; ctypes.string_at(0)", "SIGSEGV"),
    ],
)
def test_a_lost_kernel_says_how(death, words):
    with pytest.raises(DeadKernelError, match=words):
        run(death)


def test_eighteen_notebooks_from_six_threads_whose_first_ends():
    found: list[tuple[int, list[str]]] = []

    def three(number: int) -> None:
        for each in range(3):
            key = number * 10 + each
            found.append((key, texts(run("import os; os.getpid()", f"x = {key}; x * 2", "print(x)"))))

    threading.Thread(target=run, args=("1",)).start()
    threads = [threading.Thread(target=three, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({outputs[0] for _, outputs in found}) == 18
    assert all(outputs[1:] == [str(key * 2), f"{key}\n"] for key, outputs in found)


def test_from_async_code():
    async def both():
        return await asyncio.gather(*(asyncio.to_thread(run, f"{n} + 1") for n in range(2)))

    async def inside():
        return run("7")  # blocks the loop, as papermill itself does

    assert [texts(made) for made in asyncio.run(both())] == [["1"], ["2"]]
    assert texts(asyncio.run(inside())) == ["7"]


def test_the_papermill_command_runs_any_notebook(tmp_path):
    nbformat.write(notebook("import sys\nx = 1", "print(x, 'ran')", "__name__"), tmp_path / "any.ipynb")
    done = subprocess.run(
        [sys.executable, "-m", "papermill", "--engine", "perfkit", "any.ipynb", "out.ipynb"],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    made = nbformat.read(tmp_path / "out.ipynb", as_version=4)
    assert texts(made)[1:] == ["1 ran\n", "'__main__'"]


SCRIPT = """
import sys, multiprocessing
sys.path.insert(0, {tests!r})
from tests.kernel.test_isolation import run, texts
if len(sys.argv) > 1:
    run("print('begun', flush=True)", sys.argv[1])
else:
    context = multiprocessing.get_context("fork")
    process = context.Process(target=lambda: print(texts(run("'in a child'")), flush=True))
    print(texts(run("'here'")), flush=True)
    process.start(); process.join()
"""


def script(*args, **settings) -> subprocess.Popen:
    code = SCRIPT.format(tests=str(ROOT))
    return subprocess.Popen(
        [sys.executable, "-c", code, *args], stdout=subprocess.PIPE, text=True, **settings
    )


def test_from_a_script_without_a_guard_and_from_its_forks():
    out, _ = script().communicate(timeout=120)
    assert out == "[\"'here'\"]\n[\"'in a child'\"]\n"


@pytest.mark.parametrize("end", ["kill", "terminate"])
def test_a_kernel_that_holds_the_interpreter_ends_with_its_caller(end):
    caller = script(BUSY)
    assert hanging(caller)
    members = psutil.Process(caller.pid).children(recursive=True)
    getattr(caller, end)()
    caller.communicate()
    assert not psutil.wait_procs(members, timeout=20)[1]


def hanging(caller: subprocess.Popen) -> list[psutil.Process]:
    """Wait for the kernel of the cell that never returns: it has computed for a second and goes on.

    A kernel is the child of the server, which computes too while it warms up.
    """
    while caller.poll() is None:
        for each in psutil.Process(caller.pid).children(recursive=True):
            with contextlib.suppress(psutil.Error):
                first = each.cpu_times().user
                time.sleep(0.3)
                if each.ppid() != caller.pid and each.cpu_times().user - first > 0.1 and first > 1:
                    return [each]
    return []
