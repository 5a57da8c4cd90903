"""A run loses nothing: not to a kill, a full disk, a dying kernel, Ctrl-C, or another run."""

from __future__ import annotations

import json
import multiprocessing
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

import perfkit
from perfkit.batch.journal import latest, read_journal
from perfkit.batch.progress import Quiet
from perfkit.batch.run import Run, Settings, _alone
from perfkit.batch.workers import LocalWorkers
from perfkit.errors import BusyError, MachineError
from tests.batch.light import add_project, forked_report, light_report, make_workspace
from tests.batch.nothing import Nothing

ROOT = Path(__file__).parents[2]
KILLS = int(os.environ.get("PERFKIT_KILLS", "50"))
WAYS = {  # what a notebook does: the cause and a word of the error
    "error": ("cell", "ValueError: 数据不对"),
    "slow": ("timeout", "longer than 2 s"),
    "exit": ("kernel", "exit status 3"),
    "killed": ("kernel", "SIGKILL"),
    "memory": ("memory", "MemoryError"),
    "worker": ("worker", "SIGKILL"),
    "input": ("cell", "StdinNotImplementedError"),
    "status": ("cell", "SystemExit: stop"),
    "full": ("disk", "No space left"),
    "faulty": ("input", "weight"),
    "unwritable": ("cell", "is not valid under any of the given schemas"),
}


class MixedWorkers(LocalWorkers):
    """Real reports for the projects that fail, nothing for the others."""

    def _give(self, number, job) -> None:
        if job.name == "full":
            for draft in job.drafts.values():
                Path(draft).symlink_to("/dev/full")
        self.pool.submit(number, Nothing(job) if job.name.startswith("ok") else job, 60.0)


class MixedRun(Run):
    def _workers(self, stale) -> LocalWorkers:
        return MixedWorkers(2, [self._job(0, stale[0])], self.host)


@pytest.fixture(scope="module")
def ten_ways(tmp_path_factory):
    """Two hundred projects and one, of which eleven fail in eleven ways, and the run that tried them."""
    workspace = make_workspace(tmp_path_factory.mktemp("ten"))
    for number in range(190):
        add_project(workspace, f"ok{number:03}")
    for way in WAYS:
        add_project(workspace, way, mode=way)
    form = workspace / "params/forms/faulty.yaml"
    form.write_text(form.read_text(encoding="utf-8").replace("weight: 90", "weight: -1"), encoding="utf-8")
    folder = workspace / "reports"
    folder.mkdir()
    (folder / "error.html").write_text("an older good report", encoding="utf-8")
    settings = Settings(formats=("html",), cell_seconds=2.0, memory=500_000_000)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(ROOT))
        patch.chdir(workspace)
        with _alone(folder):
            run = MixedRun(folder, settings, Quiet()).carry_out([workspace / "params"])
    return workspace, run


def test_of_two_hundred_projects_those_fail_that_must(ten_ways):
    workspace, run = ten_ways
    assert (len(run.made), len(run.failed), run.exit_status) == (190, 11, 1)
    assert {line["name"] for line in run.failed} == set(WAYS)
    assert len(list((workspace / "reports").glob("ok*.html"))) == 190


@pytest.mark.parametrize("way", WAYS)
def test_each_failure_has_its_cause_and_the_command_that_repeats_it(ten_ways, way):
    workspace, _ = ten_ways
    (line,) = [line for line in read_journal(workspace / "reports") if line["name"] == way]
    cause, word = WAYS[way]
    assert (line["status"], line["cause"]) == ("failed", cause)
    assert word in line["error"]
    assert line["again"] == f"perfkit report params/{way}.yaml --force"
    assert not (workspace / "reports" / f"{way}.pdf").exists()
    if cause in ("cell", "timeout", "kernel", "memory"):
        partial = json.loads((workspace / "reports" / f"{way}.failed.ipynb").read_text(encoding="utf-8"))
        assert f"at params/forms/{way}.yaml" in json.dumps(partial)
        assert line["cell"] == 4
        assert "if mode" in line["source"]


def test_an_older_good_report_stays(ten_ways):
    workspace, _ = ten_ways
    assert (workspace / "reports/error.html").read_text(encoding="utf-8") == "an older good report"


def test_no_draft_is_left(ten_ways):
    workspace, _ = ten_ways
    assert not list((workspace / "reports").glob(".draft*"))


def test_the_run_shows_itself(ten_ways):
    _, run = ten_ways
    assert "190 made, 11 failed" in str(run)
    frame = run.to_frame()
    assert list(frame.status.value_counts().items()) == [("made", 190), ("failed", 11)]
    assert "数据不对" in run._repr_html_()


@pytest.fixture(scope="module")
def forty(tmp_path_factory):
    """Forty projects, none of them made."""
    workspace = make_workspace(tmp_path_factory.mktemp("forty"))
    for number in range(40):
        add_project(workspace, f"p{number:02}")
    return workspace


def test_killed_at_random_moments_a_run_goes_on(forty, monkeypatch):
    """Kill a run again and again; after each, what is there is whole, and nothing done is done again."""
    monkeypatch.chdir(forty)
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(
        ["tests.batch.light", "perfkit.batch.results", "perfkit.batch.index", "perfkit.readers"]
    )
    moments = random.Random(7)
    reports = forty / "reports"
    interrupted = 0
    for _ in range(KILLS):
        run = context.Process(target=forked_report, args=(str(forty),))
        run.start()
        kill_after = moments.randrange(4 * 40)  # files that are there, drafts or whole
        while run.is_alive() and (not reports.exists() or len(list(reports.iterdir())) < kill_after):
            run.join(0.001)
        run.kill()
        run.join()
        made = check_whole(reports)
        interrupted += 0 < len(made) < 40
        if len(made) == 40:  # it was quicker than the kill: begin again
            shutil.rmtree(reports)
    forked = context.Process(target=forked_report, args=(str(forty),))
    forked.start()
    forked.join()
    assert forked.exitcode == 0
    assert len(check_whole(reports)) == 40
    assert not list(reports.glob(".draft*"))
    assert interrupted >= KILLS // 3


def check_whole(reports) -> set[str]:
    """Find every report whole that the journal calls made, and none made twice; give their names."""
    made = (
        [line["name"] for line in read_journal(reports) if line["status"] == "made"]
        if reports.exists()
        else []
    )
    assert len(made) == len(set(made))
    for page in reports.glob("p*.*") if reports.exists() else ():
        assert page.read_text(encoding="utf-8") == f"{page.stem} {page.suffix[1:]}\n" * 1000
    assert all((reports / f"{name}.{kind}").exists() for name in made for kind in ("html", "pdf", "ipynb"))
    return set(made)


SCRIPT = """
import perfkit, signal
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background jobs ignore it
perfkit.report("params", to=["html"], jobs=2, progress=True)
"""


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_run_that_is_ended_leaves_no_process_and_goes_on(tmp_path, end, monkeypatch):
    workspace = make_workspace(tmp_path)
    for name in ("a", "b"):
        add_project(workspace, name, mode="slow")
    run = subprocess.Popen([sys.executable, "-c", SCRIPT], cwd=workspace, stderr=subprocess.PIPE, text=True)
    family = wait_for_kernels(run.pid)
    run.send_signal(end)
    said = run.communicate(timeout=20)[1]
    assert run.returncode != 0
    if end == signal.SIGINT:
        assert "KeyboardInterrupt" in said
    _, alive = psutil.wait_procs(family, timeout=10)
    assert not alive
    monkeypatch.chdir(workspace)
    assert len(light_report(workspace, formats=("html",)).made) == 2
    assert not list((workspace / "reports").glob(".draft*"))


def wait_for_kernels(pid: int) -> list[psutil.Process]:
    """Wait until two notebooks run (host, two workers, their copies, two kernels); give the whole family."""
    for _ in range(1200):
        family = psutil.Process(pid).children(recursive=True)
        if len(family) >= 7:
            return family
        time.sleep(0.05)
    raise AssertionError("no report has begun")


def test_the_second_run_at_once_is_refused(forty, monkeypatch):
    monkeypatch.chdir(forty)
    (forty / "reports").mkdir(exist_ok=True)
    with _alone(forty / "reports"):
        before = sorted(Path(forty / "reports").iterdir())
        with pytest.raises(BusyError, match="another run"):
            perfkit.report("params", out="reports")
    assert sorted(Path(forty / "reports").iterdir()) == before


def test_a_folder_that_cannot_be_written_is_told(forty, monkeypatch):
    monkeypatch.chdir(forty)
    (forty / "file").write_text("x", encoding="utf-8")
    with pytest.raises(MachineError, match="cannot be written here"):
        perfkit.report("params", out="file/reports")


def test_an_index_that_cannot_be_written_is_told_after_the_reports(tmp_path, monkeypatch):
    workspace = make_workspace(tmp_path)
    add_project(workspace, "a")
    (workspace / "reports/index.html").mkdir(parents=True)
    monkeypatch.chdir(workspace)
    with pytest.raises(MachineError, match="the index could not be written"):
        light_report(workspace)
    assert latest(workspace / "reports")["a"]["status"] == "made"


def test_a_batch_holds_no_file_and_no_process(forty, monkeypatch):
    monkeypatch.chdir(forty)
    me = psutil.Process()
    light_report(forty, force=True)
    before = (me.num_fds(), len(me.children()))
    for _ in range(3):
        light_report(forty, force=True)
    assert (me.num_fds(), len(me.children())) == before


def test_progress_hears_every_line(forty, monkeypatch):
    monkeypatch.chdir(forty)
    heard = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tests.batch.light.Quiet", lambda: Quiet(heard.append))
        light_report(forty, force=True)
    assert [line["status"] for line in heard] == ["made"] * 40
