"""A workspace whose notebook does what its parameter says, and jobs that cost nothing.

The first tries the whole path on every way to fail; the second tries the run, the ledger and the files a
hundred times over, without a kernel each.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import nbformat

from perfkit.batch import results
from perfkit.batch.ledger import Ledger
from perfkit.batch.run import Run, Settings, alone
from perfkit.batch.workers import LocalWorkers
from perfkit.display.progress import Quiet
from perfkit.processes import Task
from tests.batch.nothing import nothing

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
if mode == 'slow': open(f'slow.{os.getpid()}', 'w').close(); time.sleep(60)
if mode == 'exit': os._exit(3)
if mode == 'killed': os.kill(os.getpid(), 9)
if mode == 'memory': x = bytearray(3_000_000_000)
if mode == 'worker':
    import socket, struct
    for number in range(3, 64):
        try: peer = socket.socket(fileno=os.dup(number)).getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12)
        except OSError: continue
        worker = struct.unpack('3i', peer)[0]
        if worker not in (0, os.getpid()): os.kill(worker, 9); time.sleep(60)
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


def outcomes(folder: Path) -> list[dict]:
    """Give every outcome in a ledger, in its order."""
    if not (folder / "perfkit.db").exists():
        return []
    with Ledger.of(folder) as ledger:
        return [
            results.from_store("reports", row)
            for row in ledger.rows(f"{results.select('reports')} ORDER BY report")
        ]


class LightWorkers(LocalWorkers):
    """Workers of a server that imports next to nothing."""

    rows = False
    warm = "tests.batch.nothing:ready"

    def __init__(self) -> None:
        os.environ["PYTHONPATH"] = str(Path(__file__).parents[2])
        super().__init__()

    def task(self, number: int, job) -> Task:
        return Task(number, nothing, (job, self.rows), 30.0)


class LightRun(Run):
    """A run with light workers; `rows` has them read, score and check their forms as well, or tell "fixed" ones."""

    rows = False

    def workers(self) -> LightWorkers:
        workers = LightWorkers()
        workers.rows = self.rows
        return workers


def light_report(workspace: Path, *, rows: bool | str = False, **settings):
    """Report on a workspace with jobs that cost nothing."""
    folder = workspace / "reports"
    folder.mkdir(exist_ok=True)
    with alone(folder):
        run = LightRun(folder, Settings(**settings), Quiet())
        run.rows = rows
        return run.carry_out([workspace / "params"])


def forked_report(workspace: str) -> None:
    """Report on a workspace in this process, a fork that may be killed at any moment."""
    os.chdir(workspace)
    from perfkit.batch import inputs

    inputs._perfkit = lambda: "0.1.0+test"
    light_report(Path(workspace), rows="fixed")
