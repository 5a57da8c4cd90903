"""When a Jupyter package has changed under it, perfkit notices, says so once, and runs on the standard kernel."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
GONE = [  # every name of another package that a kernel in a fork leans on, and that the package does not promise
    "ipykernel.kernelapp:IPKernelApp.init_io",
    "ipykernel.kernelapp:IPKernelApp.init_signal",
    "ipykernel.kernelapp:IPKernelApp.init_crash_handler",
    "ipykernel.kernelapp:IPKernelApp.configure_tornado_logger",
    "IPython.core.shellapp:InteractiveShellApp._run_startup_files",
    "IPython.core.shellapp:InteractiveShellApp._run_exec_lines",
    "IPython.core.shellapp:InteractiveShellApp._run_exec_files",
    "ipykernel.ipkernel:IPythonKernel._forward_input",
    "ipykernel.ipkernel:IPythonKernel._restore_input",
    "ipykernel.kernelbase:Kernel.shell_main",
    "ipykernel.iostream:IOPubThread",
    "ipykernel.iostream:OutStream",
    "ipykernel.iostream:OutStream._flush",
    "ipykernel.iostream:OutStream._is_master_process",
    "jupyter_client.session:DELIM",
    "ipykernel.zmqshell:ZMQInteractiveShell.init_environment",
    "weakref:finalize._registry",
    "multiprocessing.util:_finalizer_registry",
    "multiprocessing.util:_exit_function",
]
CHANGED = {  # and other ways to change
    "a hang": "import time\nfrom ipykernel.kernelapp import IPKernelApp\nIPKernelApp.init_io = lambda *_: time.sleep(600)",
    "a crash": "import os\nfrom ipykernel.kernelapp import IPKernelApp\nIPKernelApp.init_signal = lambda *_: os.abort()",
    "another output": "from ipykernel.displayhook import ZMQShellDisplayHook as Hook\n"
    "Hook.write_format_data = lambda self, *_: self.msg['content'].update(data={'text/plain': '?'}, metadata={})",
    "a hang before": "import time\nfrom ipykernel.kernelapp import IPKernelApp\nIPKernelApp.initialize = lambda *_: time.sleep(600)",
    "no kernel at all": "import os\nfrom ipykernel.kernelapp import IPKernelApp\nIPKernelApp.initialize = lambda *_: os._exit(5)",
}
REMOVE = """
import importlib
module, _, path = {name!r}.partition(":")
thing, names = importlib.import_module(module), path.split(".")
for name in names[:-1]: thing = getattr(thing, name)
for each in getattr(thing, "__mro__", [thing]):
    if names[-1] in vars(each): delattr(each, names[-1])
"""
SITE = """
import sys
if "perfkit.processes.server" in " ".join(sys.orig_argv):
{change}
"""
SCRIPT = """
import nbformat
from perfkit.kernel.engine import PerfkitEngine
for _ in range(2):
    made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("print('out'); 6 * 7")])
    made.metadata.papermill = {}
    PerfkitEngine.execute_notebook(made, "python3", progress_bar=False)
    print([output.get("text") or output["data"]["text/plain"] for output in made.cells[0].outputs])
"""


def run_with(change: str, tmp_path, script: str = SCRIPT) -> tuple[str, list[str]]:
    lines = "\n".join(f"    {line}" for line in change.strip().splitlines())
    (tmp_path / "sitecustomize.py").write_text(SITE.format(change=lines), encoding="utf-8")
    environment = os.environ | {
        "PYTHONPATH": os.pathsep.join([str(tmp_path), str(ROOT)]), "PERFKIT_LANGUAGE": "en",
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", script],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
    )
    return done.stdout, [line for line in done.stderr.splitlines() if line.startswith("perfkit:")]


@pytest.mark.parametrize("name", GONE)
def test_with_any_name_gone_notebooks_run_on_the_standard_kernel_with_one_warning(name, tmp_path):
    out, said = run_with(REMOVE.format(name=name), tmp_path)
    assert out == "['out\\n', '42']\n" * 2
    assert len(said) == 1
    assert "ipykernel" in said[0]
    assert "standard kernel" in said[0]


@pytest.mark.parametrize("change", CHANGED)
def test_whatever_else_changes_is_met_by_the_canary(change, tmp_path, monkeypatch):
    script = "from perfkit.kernel import canary; canary.SECONDS = 5.0\n" + SCRIPT
    out, said = run_with(CHANGED[change], tmp_path, script)
    assert out == "['out\\n', '42']\n" * 2
    assert len(said) == 1


def test_where_nothing_has_changed_nothing_is_said(tmp_path):
    assert run_with("pass", tmp_path) == ("['out\\n', '42']\n" * 2, [])


def test_a_run_says_once_and_records_that_it_used_the_standard_kernel(tmp_path):
    script = f"""
import json, sqlite3, sys
from pathlib import Path
sys.path.insert(0, {str(ROOT)!r})
import perfkit
from tests.batch.light import add_project, make_workspace
workspace = make_workspace(Path("office"))
add_project(workspace, "a"); add_project(workspace, "b")
run = perfkit.report("office/params", to=["html"], out="office/reports", jobs=2)
(versions,) = sqlite3.connect("office/reports/perfkit.db").execute("SELECT versions FROM runs").fetchone()
print(len(run.made), json.loads(versions)["kernel"].partition(":")[0])
"""
    out, said = run_with(REMOVE.format(name=GONE[0]), tmp_path, script)
    assert out == "2 standard\n"
    assert len(said) == 1
