"""What a notebook does under nbclient it does under the engine, output for output."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import re
import subprocess
import sys
from asyncio.subprocess import DEVNULL
from pathlib import Path
from typing import TYPE_CHECKING

import nbformat
import pytest
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbconvert import HTMLExporter
from papermill.engines import NBClientEngine, papermill_engines

from perfkit.errors import DataError
from perfkit.kernel.engine import PerfkitEngine
from perfkit.kernel.fork_engine import runs_here
from perfkit.readers import read
from tests.kernel.kinds import OWN_PACE, notebooks

if TYPE_CHECKING:
    from collections.abc import Iterator

AT_ONCE = 3
PATIENCE, SECONDS = 4, 30  # tries, and what one notebook of the reference may take
NOTEBOOKS = notebooks()


def notebook(cells) -> nbformat.NotebookNode:
    made = nbformat.v4.new_notebook(
        metadata={"kernelspec": {"name": "python3", "display_name": "", "language": "python"}}
    )
    made.metadata.papermill = {}
    for cell in cells:
        source, tags = (cell, []) if isinstance(cell, str) else cell
        made.cells.append(nbformat.v4.new_code_cell(source, metadata={"tags": tags}))
    return made


def run(cells, **settings) -> nbformat.NotebookNode:
    return PerfkitEngine.execute_notebook(notebook(cells), "python3", progress_bar=False, **settings)


async def execute(cells, folder) -> nbformat.NotebookNode:
    """Run a notebook under nbclient with a kernel of its own."""
    made = notebook(cells)
    environment = {key: value for key, value in os.environ.items() if key != "PYTEST_CURRENT_TEST"}
    client = NotebookClient(made, kernel_name="python3", resources={"metadata": {"path": str(folder)}})
    with contextlib.suppress(CellExecutionError):
        await client.async_execute(env=environment, stdout=DEVNULL, stderr=DEVNULL)
    return made


async def patient(cells, folder) -> nbformat.NotebookNode:
    """Start over where a real kernel and its client fail or wait for each other, as they do now and then."""
    failed = []
    for _ in range(PATIENCE):
        try:
            return await asyncio.wait_for(execute(cells, folder), SECONDS)
        except Exception as error:  # noqa: BLE001  # whatever a real kernel or its client raises
            failed.append(repr(error))
    raise TimeoutError(f"nbclient itself never ended {cells}: {failed}")


@pytest.fixture(scope="session")
def reference(tmp_path_factory) -> dict[str, nbformat.NotebookNode]:
    """Run every kind under nbclient."""
    folder = tmp_path_factory.mktemp("reference")

    async def gated(cells, gate) -> nbformat.NotebookNode:
        async with gate:
            return await patient(cells, folder)

    async def everything() -> list[nbformat.NotebookNode]:
        gate = asyncio.Semaphore(AT_ONCE)
        return await asyncio.gather(*(gated(cells, gate) for cells in NOTEBOOKS.values()))

    return dict(zip(NOTEBOOKS, asyncio.run(everything()), strict=True))


CHANGES = (  # what differs between any two runs of the same kernel
    (r"0x[0-9a-f]{6,}", "0xADDRESS"),
    (r"ipykernel_\d+", "ipykernel_PID"),
    (r"\(pid=\d+\) is multi-threaded", "(PID) is multi-threaded"),
    (r"/tmp/tmp\w+", "TEMPORARY"),
    (r"[0-9a-f]{32}", "MODEL"),
    (r"<dc:date>.*?</dc:date>", "DATE"),
    (r"(?:[\d.e+]+ (?:ns|\\u03bcs|ms|s)\b(?:, |\\n|\W)*)+", "TIME"),
    (r"(user|sys|total)?:? ?TIME(\w+: TIME)*", "TIMES"),
)


def as_text(made: nbformat.NotebookNode, *, own_pace: bool) -> str:
    cells = [(cell.execution_count, joined(cell.outputs, own_pace=own_pace)) for cell in made.cells]
    text = json.dumps([cells, widgets(made)], indent=1, sort_keys=True)
    for pattern, stands in CHANGES:
        text = re.sub(pattern, stands, text)
    return text


def joined(outputs, *, own_pace: bool) -> list[dict]:
    """Join pieces of one stream, as every reader of notebooks does; order is all that can be relied on.

    What subprocesses write comes at their own pace, under any kernel: there each stream is compared as a whole.
    """
    pieces: list[dict] = []
    for output in outputs:
        same = [
            p
            for p in (pieces if own_pace else pieces[-1:])
            if p.get("name") == output.get("name") and "name" in p
        ]
        if output.output_type == "stream" and same:
            same[-1]["text"] += output["text"]
        else:
            pieces.append(dict(output))
    return sorted(pieces, key=lambda piece: piece.get("name", "")) if own_pace else pieces


def widgets(made: nbformat.NotebookNode) -> list:
    state = (
        made.metadata.get("widgets", {}).get("application/vnd.jupyter.widget-state+json", {}).get("state", {})
    )
    models = (json.dumps([model["model_name"], model["state"]], sort_keys=True) for model in state.values())
    return sorted(re.sub(r"[0-9a-f]{32}", "MODEL", model) for model in models)


@pytest.mark.parametrize("kinds", NOTEBOOKS)
def test_a_notebook_comes_out_as_under_nbclient(kinds, reference, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    own_pace = not OWN_PACE.isdisjoint(kinds.split("; "))
    made, wanted = (as_text(one, own_pace=own_pace) for one in (run(NOTEBOOKS[kinds]), reference[kinds]))
    if made != wanted:  # a real kernel loses a message now and then: it is asked once more
        wanted = as_text(asyncio.run(patient(NOTEBOOKS[kinds], tmp_path)), own_pace=own_pace)
    assert made == wanted


def test_there_are_forty_of_them_and_they_say_something(reference):
    assert len(NOTEBOOKS) >= 40
    assert all(any(cell.outputs for cell in made.cells) for made in reference.values())


def test_a_cell_that_takes_too_long_is_ended():
    made = notebook(["print('begun', flush=True)\nimport time; time.sleep(60)"])
    with pytest.raises(CellTimeoutError):
        PerfkitEngine.execute_notebook(made, "python3", progress_bar=False, execution_timeout=1)
    assert made.cells[0].outputs[0].text == "begun\n"


LATE = "import time\ndef wait():\n    time.sleep(60)\n"


@pytest.mark.parametrize(
    ("cell", "settings"),
    [
        (f"print('begun', flush=True)\n{LATE}wait()", {}),
        (f"{LATE}try: wait()\nexcept KeyboardInterrupt: print('caught')", {}),
        ("import asyncio\nawait asyncio.sleep(60)", {}),
        (f"{LATE}wait()", {"interrupt_on_timeout": True}),
    ],
    ids=["traceback", "caught", "awaited", "goes on"],
)
def test_a_cell_out_of_time_leaves_what_it_leaves_under_papermill_s_own_engine(cell, settings):
    found = []
    for engine in (NBClientEngine, PerfkitEngine):
        made = notebook([cell, "'next'"])
        try:
            engine.execute_notebook(made, "python3", progress_bar=False, execution_timeout=1, **settings)
            raised = None
        except CellTimeoutError as error:
            raised = str(error)
        found.append((raised, as_text(made, own_pace=False)))
    assert found[0] == found[1]
    assert "KeyboardInterrupt" in found[1][1] or "caught" in found[1][1] or "await" in cell


@pytest.mark.parametrize("settings", [{"allow_error_names": ["ZeroDivisionError"]}, {"allow_errors": True}])
def test_the_cells_after_an_error_that_is_allowed_run_as_under_papermill_s_own_engine(settings):
    found = []
    for engine in (NBClientEngine, PerfkitEngine):
        made = notebook(["1/0", "print('after')", "1/0", "2"])
        engine.execute_notebook(made, "python3", progress_bar=False, **settings)
        found.append(as_text(made, own_pace=False))
    assert found[0] == found[1]
    assert "after" in found[1]


@pytest.mark.parametrize(
    "death", ["os._exit(3)", "os.kill(os.getpid(), 9)", "import ctypes; ctypes.string_at(0)"]
)
def test_a_kernel_that_dies_leaves_what_it_said(death):
    made = notebook(["print('alive')", f"import os; print('last words', flush=True)\n{death}", "1"])
    with pytest.raises(DeadKernelError):
        PerfkitEngine.execute_notebook(made, "python3", progress_bar=False)
    assert [cell.outputs[0].text for cell in made.cells[:2]] == ["alive\n", "last words\n"]


def test_an_output_that_no_notebook_may_hold_is_refused_as_by_nbclient():
    cell = "get_ipython().display_pub.publish({'text/plain': 'y', 'application/x-own': {'a': [1]}})"
    with pytest.raises(nbformat.ValidationError):
        asyncio.run(execute([cell], "."))
    with pytest.raises(nbformat.ValidationError):
        run([cell])


def test_a_text_that_no_message_can_hold_does_not_stop_the_notebook():
    made = run(["print('\\ud83d')", "print('goes on')"])
    assert "surrogates not allowed" in made.cells[0].outputs[0].text
    assert made.cells[1].outputs[0].text == "goes on\n"


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("kernel", ["fork", "standard"])
def test_a_fault_is_told_in_the_reader_s_language_and_without_a_traceback(
    kernel, language, tmp_path, monkeypatch
):
    monkeypatch.setenv("PERFKIT_LANGUAGE", language)
    monkeypatch.chdir(tmp_path)
    Path("form.yaml").write_text("projct: 图书馆\nyear: 两年\n", encoding="utf-8")
    cell = "import perfkit\nperfkit.read('form.yaml')"
    made = run([cell]) if kernel == "fork" else asyncio.run(patient([cell], tmp_path))
    with pytest.raises(DataError) as caught:
        read(Path("form.yaml"))
    assert made.cells[0].outputs[-1].traceback == caught.value.told(language).splitlines()
    page, _ = HTMLExporter().from_notebook_node(made)
    assert "projct" in page
    assert "Traceback" not in page
    assert "perfkit/readers" not in page


def test_notebooks_share_nothing():
    first = run(
        [
            "import os, sys, random\nx = 1; os.chdir('/'); sys.path.append('mine'); os.environ['MINE'] = '1'\nrandom.random()"
        ]
    )
    second = run(
        [
            "import os, sys, random\n'x' in globals(), os.getcwd() == '/', 'mine' in sys.path, 'MINE' in os.environ",
            "random.random()",
        ]
    )
    assert second.cells[0].outputs[0].data["text/plain"] == "(False, False, False, False)"
    assert second.cells[1].outputs[0].data != first.cells[0].outputs[0].data


def test_a_notebook_has_the_environment_that_its_interpreter_would_start_with(tmp_path, monkeypatch):
    run(["1"])
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), *filter(None, sys.path)]))
    monkeypatch.setenv("MPLBACKEND", "agg")
    made = run(
        [
            f"import sys, time\ntime.tzname[0], {str(tmp_path)!r} in sys.path",
            "import matplotlib; matplotlib.get_backend()",
        ]
    )
    assert [cell.outputs[0].data["text/plain"] for cell in made.cells] == ["('JST', True)", "'agg'"]


def test_memory_has_a_limit():
    made = run(["x = bytearray(10)", "y = bytearray(2_000_000_000)"], memory=500_000_000)
    assert made.cells[1].outputs[0].ename == "MemoryError"


def test_papermill_finds_the_engine():
    papermill_engines.register_entry_points()
    assert papermill_engines.get_engine("perfkit") is PerfkitEngine


@pytest.mark.parametrize(
    "imports",
    [
        "from perfkit.kernel.engine import PerfkitEngine",
        "import papermill; from perfkit.kernel.engine import PerfkitEngine",
    ],
)
def test_either_may_be_imported_first(imports):
    code = f"{imports}; from papermill.engines import NBClientEngine, papermill_engines as e; assert e.get_engine('perfkit') is PerfkitEngine"
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize(("name", "here"), [("python3", True), ("", True), ("no-such-kernel", False)])
def test_only_this_interpreter_s_notebooks_run_in_a_fork(name, here):
    assert runs_here(name) is here


@pytest.fixture(autouse=True, scope="module")
def nothing_is_left() -> Iterator[None]:
    """Find no process and no open file that the engine has left."""
    import psutil

    run(["1"])
    before = len(list(Path("/proc/self/fd").iterdir()))
    yield
    servers = [
        each for each in psutil.Process().children() if "perfkit.processes.server" in " ".join(each.cmdline())
    ]
    assert servers
    assert not [each for server in servers for each in server.children()]
    assert len(list(Path("/proc/self/fd").iterdir())) <= before + 2
