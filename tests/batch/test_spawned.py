"""Where there is no fork the same notebooks give the same reports."""

from __future__ import annotations

import json

import pytest

from perfkit.batch.progress import Quiet
from perfkit.batch.run import Run, Settings
from perfkit.batch.spawned import SpawnedWorkers
from tests.batch.light import add_project, make_workspace


class SpawnedRun(Run):
    def _workers(self, stale) -> SpawnedWorkers:
        return SpawnedWorkers(1)


@pytest.mark.skipif("sys.platform == 'win32'", reason="there it is what every other test runs")
def test_reports_are_the_same_without_fork(tmp_path, monkeypatch):
    workspace = make_workspace(tmp_path)
    for name, mode in (("a", ""), ("b", "error"), ("c", "exit")):
        add_project(workspace, name, mode=mode)
    monkeypatch.chdir(workspace)
    monkeypatch.delenv("PYTEST_CURRENT_TEST")
    outputs = {}
    for kind in (SpawnedRun, Run):
        folder = workspace / kind.__name__
        folder.mkdir()
        run = kind(folder, Settings(formats=("html",)), Quiet()).carry_out(["params"])
        assert {line["name"]: line["cause"] for line in run.failed} == {"b": "cell", "c": "kernel"}
        pages = {path.name: json.loads(path.read_text(encoding="utf-8")) for path in folder.glob("*.ipynb")}
        outputs[kind] = {
            name: [cell.get("outputs") for cell in page["cells"]] for name, page in pages.items()
        }
        assert (folder / "a.html").exists()
    assert outputs[SpawnedRun] == outputs[Run]
    assert outputs[Run].keys() == {"a.ipynb", "b.failed.ipynb", "c.failed.ipynb"}
