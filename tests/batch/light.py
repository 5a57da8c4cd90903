"""A workspace whose notebook does what its parameter says, and jobs that cost nothing.

The first tries the whole path on every way to fail; the second tries the run, the journal and the files a
hundred times over, without a kernel each.
"""

from __future__ import annotations

import json
import os
import signal
import tempfile
from contextlib import nullcontext
from multiprocessing import Pipe
from pathlib import Path

import nbformat

from perfkit.batch.host import Host
from perfkit.batch.limits import die_with_parent
from perfkit.batch.pool import Pool
from perfkit.batch.progress import Quiet
from perfkit.batch.run import Run, Settings
from perfkit.batch.workers import LocalWorkers
from tests.batch.nothing import Nothing

FORM = """\
project: {project}
year: 2022
department: 甲部门
unit: 乙单位
money_unit: 元
budget:
  total: {{initial: 100, adjusted: 100, executed: {executed}, weight: 10, score: 9}}
indicators:
  - {{level1: 产出指标, level2: 数量指标, name: 课程, target: 10门, actual: {actual}, weight: 90, score: 90}}
total: 99
"""
CELLS = (
    "form = ''\nprofile = 'mof-2020'\nlanguage = 'zh'\ntheme = ''\ncode = False\nmode = ''",
    "import os, sys, time\nprint('at', form)",
    """if mode == 'error': raise ValueError('数据不对')
if mode == 'slow': time.sleep(60)
if mode == 'exit': os._exit(3)
if mode == 'killed': os.kill(os.getpid(), 9)
if mode == 'memory': x = bytearray(3_000_000_000)
if mode == 'worker': import psutil; psutil.Process().parents()[1].kill()
if mode == 'input': input('?')
if mode == 'unwritable': get_ipython().display_pub.publish({'text/plain': 'x', 'application/x-own': {'a': [1]}})
if mode == 'status': sys.exit('stop')
if mode == 'children': import subprocess; subprocess.Popen(['sleep', '300'], start_new_session=True)
if mode == 'disk':
    for entry in os.scandir('reports'):
        if entry.name.startswith('.draft'): os.unlink(entry)""",
    "print('done')",
)


def make_workspace(folder: Path) -> Path:
    """Make a workspace with the notebook above and no project."""
    (folder / "params" / "forms").mkdir(parents=True)
    (folder / "notebooks").mkdir()
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(source) for source in CELLS],
        metadata={"kernelspec": {"name": "python3", "display_name": "", "language": "python"}},
    )
    notebook.cells[0].metadata.tags = ["parameters"]
    (folder / "notebooks" / "project_report.ipynb").write_text(nbformat.writes(notebook), encoding="utf-8")
    return folder


def add_project(
    folder: Path, name: str, *, project: str = "", executed: int = 90, actual: str = "10门", **params
) -> Path:
    """Add a project to a workspace; `mode` says what its notebook does."""
    form = folder / "params" / "forms" / f"{name}.yaml"
    form.write_text(
        FORM.format(project=json.dumps(project or name), executed=executed, actual=actual), encoding="utf-8"
    )
    path = folder / "params" / f"{name}.yaml"
    values = {"form": f"params/forms/{name}.yaml", **params}
    path.write_text(
        "".join(f"{key}: {json.dumps(value)}\n" for key, value in values.items()), encoding="utf-8"
    )
    return path


class LightWorkers(LocalWorkers):
    """Workers of a host that imports next to nothing."""

    rows = False

    def __init__(self) -> None:
        super().__init__(2)

    def _new(self) -> Pool:
        return Pool("tests.batch.nothing:nothing")

    def _give(self, number: int, job) -> None:
        self.pool.submit(number, Nothing(job, self.rows), 30.0)


class LightRun(Run):
    """A run with light workers; `rows` has them read, score and check their forms as well."""

    rows = False

    def _host(self):
        return nullcontext()

    def _workers(self, stale) -> LightWorkers:
        workers = LightWorkers()
        workers.rows = self.rows
        return workers


def light_report(workspace: Path, *, rows: bool = False, **settings):
    """Report on a workspace with jobs that cost nothing."""
    from perfkit.batch.run import _alone

    folder = workspace / "reports"
    folder.mkdir(exist_ok=True)
    os.environ["PYTHONPATH"] = str(Path(__file__).parents[2])
    with _alone(folder):
        run = LightRun(folder, Settings(**settings), Quiet())
        run.rows = rows
        return run.carry_out([workspace / "params"])


class ForkedHost(Pool):
    """A host that is a fork of this process instead of a fresh interpreter: nothing to import, nothing warm."""

    def __init__(self, slots: int) -> None:
        self.slots = slots
        self.control, theirs = Pipe()
        self._log = tempfile.TemporaryFile()  # noqa: SIM115
        runner, pid = os.getpid(), os.fork()
        if pid == 0:
            os.setsid()
            self.control.close()
            die_with_parent(runner, signal.SIGTERM)
            Host(theirs, slots).serve()
            os._exit(0)
        theirs.close()
        self.pid = pid

    def close(self) -> None:
        self.control.close()
        os.waitpid(self.pid, 0)
        self._log.close()


class ForkedRun(LightRun):
    """A run with a forked host."""

    def _workers(self, stale) -> LightWorkers:
        workers = LightWorkers.__new__(LightWorkers)
        workers.slots, workers.pool, workers.rows = 2, ForkedHost(2), False
        return workers


def forked_report(workspace: str) -> None:
    """Report on a workspace in this process, a fork that may be killed at any moment."""
    os.chdir(workspace)
    from perfkit.batch import keys
    from perfkit.batch.run import _alone

    keys._perfkit = lambda: "0.1.0+test"
    folder = Path(workspace) / "reports"
    folder.mkdir(exist_ok=True)
    with _alone(folder):
        ForkedRun(folder, Settings(), Quiet()).carry_out([Path(workspace) / "params"])
