"""A Dask cluster makes the same reports, and outlives one of its workers."""

from __future__ import annotations

import os
import subprocess
import sys
import time

import psutil
import pytest

import perfkit
from perfkit.errors import SettingsError
from tests.batch.light import add_project, make_workspace, outcomes

COUNT = 12


@pytest.fixture
def cluster(tmp_path):
    """A scheduler and two workers on loopback, each a process of its own."""
    from distributed import Client

    (tmp_path / "temporary").mkdir()

    def start(*arguments):
        return subprocess.Popen([sys.executable, "-m", "dask", *arguments], cwd=tmp_path,
                                env=os.environ | {"TMPDIR": str(tmp_path / "temporary")},
                                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip

    address_file = tmp_path / "scheduler.json"
    scheduler = start(
        "scheduler",
        "--host",
        "127.0.0.1",
        "--port",
        "0",
        "--no-dashboard",
        "--scheduler-file",
        str(address_file),
    )
    workers = [
        start("worker", "--scheduler-file", str(address_file), "--nthreads", "1", "--no-dashboard", "--no-nanny",
              "--host", "127.0.0.1", "--local-directory", str(tmp_path / f"w{number}"))
        for number in range(2)
    ]  # fmt: skip
    while not address_file.exists():
        time.sleep(0.05)
    with Client(scheduler_file=str(address_file), set_as_default=False) as client:
        client.wait_for_workers(2, timeout=60)
        address = client.scheduler.address
    yield address, workers
    for process in (*workers, scheduler):
        for child in psutil.Process(process.pid).children(recursive=True) if process.poll() is None else ():
            child.kill()
        process.kill()
        process.wait()


def test_one_worker_killed_in_the_middle_and_all_reports_made_once(cluster, tmp_path, monkeypatch):
    address, workers = cluster
    workspace = make_workspace(tmp_path / "office")
    for number in range(COUNT):
        add_project(workspace, f"p{number:02}", mode="error" if number == 3 else "")
    monkeypatch.chdir(workspace)
    heard = []

    def on_line(line):
        heard.append(line["name"])
        if len(heard) == 3:
            workers[0].kill()

    run = perfkit.report("params", to=["html"], cluster=address, progress=on_line)
    assert (len(run.made), [line["name"] for line in run.failed]) == (COUNT - 1, ["p03"])
    assert (
        sorted(heard)
        == sorted({line["name"] for line in outcomes(workspace / "reports")})
        == sorted(set(heard))
    )
    for line in run.made:
        assert (workspace / "reports" / f"{line['name']}.html").stat().st_size > 500
    assert (workspace / "reports/p03.failed.ipynb").exists()
    left = (tmp_path / "temporary").glob("perfkit-*")
    assert not [folder for folder in left if not (folder / "socket").exists()]  # but for the other's server
    assert len(perfkit.report("params", to=["html"], jobs=1).skipped) == COUNT - 1


def test_an_address_where_no_cluster_is(tmp_path, monkeypatch, capsys):
    workspace = make_workspace(tmp_path)
    add_project(workspace, "a")
    monkeypatch.chdir(workspace)
    monkeypatch.setattr("perfkit.batch.cluster.CONNECT", 1)
    with pytest.raises(SettingsError, match="no cluster"):
        perfkit.report("params", cluster="tcp://127.0.0.1:9", progress=True)
    assert "waiting for the cluster tcp://127.0.0.1:9, 1 s at most" in capsys.readouterr().err
