"""A run loses nothing: not to a kill, a full disk, a dying kernel, Ctrl-C, or another run."""

from __future__ import annotations

import contextlib
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
from perfkit import processes
from perfkit.batch import query
from perfkit.batch.ledger import Ledger
from perfkit.batch.results import TABLES
from perfkit.batch.run import Run, Settings, alone
from perfkit.batch.workers import REHEARSE, WARM, LocalWorkers
from perfkit.display.progress import Quiet
from perfkit.errors import BusyError, MachineError
from perfkit.processes import Task
from tests.batch.light import add_project, forked_report, light_report, make_workspace, outcomes
from tests.batch.nothing import nothing
from tests.processes import deeds

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

    def task(self, number, job) -> Task:
        if job.name == "full":
            for draft in job.drafts.values():
                Path(draft).symlink_to("/dev/full")
        return (
            Task(number, nothing, (job, False), 60.0)
            if job.name.startswith("ok")
            else super().task(number, job)
        )


class MixedRun(Run):
    def workers(self) -> MixedWorkers:
        return MixedWorkers()


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
    settings = Settings(formats=("html",), jobs=2, cell_seconds=2.0, memory=500_000_000)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(ROOT))
        patch.chdir(workspace)
        with alone(folder):
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
    (line,) = [line for line in outcomes(workspace / "reports") if line["name"] == way]
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


def test_killed_at_random_moments_a_run_goes_on(forty, monkeypatch, tmp_path_factory):
    """Kill a run again and again; after each, what is there is whole, and nothing done is done again."""
    monkeypatch.chdir(forty)
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(
        ["tests.batch.light", "perfkit.batch.results", "perfkit.batch.portfolio", "perfkit.readers"]
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
    assert present(reports) == present(unharmed(forty, tmp_path_factory))
    assert interrupted >= KILLS // 3


def unharmed(forty, tmp_path_factory) -> Path:
    """Give the reports of the same projects, made by a run that nobody ended."""
    workspace = shutil.copytree(forty, tmp_path_factory.mktemp("unharmed") / "office")
    shutil.rmtree(workspace / "reports", ignore_errors=True)
    with contextlib.chdir(workspace):
        assert len(light_report(workspace, rows="fixed").made) == 40
    return workspace / "reports"


def present(reports) -> dict:
    """Give the present state of a ledger, times aside; and hold that it is whole."""
    with Ledger.of(reports) as ledger:
        assert ledger.rows("PRAGMA integrity_check") == [("ok",)]
        assert ledger.unsound(ever=True) == []
    views = {table: f"select * from current_{table} order by name" for table in TABLES}
    views["reports"] = (
        "select name, status, params, profile, why, inputs, results from current_reports order by name"
    )
    return {view: query(sql, out=reports).rows for view, sql in views.items()}


def check_whole(reports) -> set[str]:
    """Find every report whole that the ledger calls made, and none made twice; give their names."""
    made = (
        [line["name"] for line in outcomes(reports) if line["status"] == "made"] if reports.exists() else []
    )
    assert len(made) == len(set(made))
    for page in reports.glob("p[0-9]*.*") if reports.exists() else ():
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
    family = wait_for_kernels(run.pid, workspace)
    assert len(family) >= 5
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


def wait_for_kernels(pid: int, workspace: Path) -> list[psutil.Process]:
    """Wait until two notebooks run (server, two workers, two kernels); give the whole family."""
    for _ in range(1200):
        if len(list(workspace.glob("slow.*"))) == 2:
            return psutil.Process(pid).children(recursive=True)
        time.sleep(0.05)
    raise AssertionError("no report has begun")


def test_the_second_run_at_once_is_refused(forty, monkeypatch):
    monkeypatch.chdir(forty)
    (forty / "reports").mkdir(exist_ok=True)
    with alone(forty / "reports"):
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
    assert [line["status"] for line in outcomes(workspace / "reports")] == ["made"]


def test_a_batch_holds_no_file_and_no_process(forty, monkeypatch):
    monkeypatch.chdir(forty)
    me = psutil.Process()
    light_report(forty, force=True)
    before = (me.num_fds(), len(me.children()))
    for _ in range(3):
        light_report(forty, force=True)
    assert (me.num_fds(), len(me.children())) == before


@pytest.mark.skipif(not processes.FORKS, reason="needs fork")
def test_the_server_has_one_thread_once_it_is_warm_and_has_rehearsed():
    with processes.Template(f"{WARM} {REHEARSE}") as template:
        template.prepare(REHEARSE, ("shanghai-2022", "en", str(ROOT)))
        with template.start() as process:
            assert process.call(deeds.threads) == 1


def test_progress_hears_every_line(forty, monkeypatch):
    monkeypatch.chdir(forty)
    heard = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tests.batch.light.Quiet", lambda: Quiet(heard.append))
        light_report(forty, force=True)
    assert [line["status"] for line in heard] == ["made"] * 40


def can_mount() -> bool:
    """Tell whether this user may make a disk of their own."""
    tried = ["unshare", "-rm", "mount", "-t", "tmpfs", "none", "/mnt"]
    return (
        shutil.which("unshare") is not None
        and subprocess.run(tried, capture_output=True, check=False).returncode == 0
    )


@pytest.mark.skipif(not can_mount(), reason="no disk of a chosen size can be made here")
def test_a_disk_that_is_full_at_any_write_leaves_a_whole_ledger(forty, tmp_path, tmp_path_factory):
    shutil.rmtree(forty / "reports", ignore_errors=True)
    sizes = random.Random(3)
    whole = present(unharmed(forty, tmp_path_factory))
    stopped = 0
    for number in range(int(os.environ.get("PERFKIT_FULL_DISKS", "4"))):
        workspace = shutil.copytree(forty, tmp_path / str(number))
        size = sizes.choice([sizes.randrange(8, 120), sizes.randrange(120, 2500)])
        call = ["unshare", "-rm", sys.executable, "-m", "tests.batch.full_disk", str(workspace), str(size)]
        run = subprocess.run(call, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
        assert run.returncode == 0, f"{size} kB\n{run.stderr[-3000:]}"
        failed, _, told = run.stdout.strip().splitlines()[-1].partition(" ")
        assert told == str(whole), size
        stopped += int(failed) > 0
    assert stopped


def test_the_rehearsal_goes_through_a_whole_report(monkeypatch):
    from perfkit.batch import job, workers

    published = []
    monkeypatch.setattr(job, "publish_pages", lambda *_: published.append(True))
    workers._rehearse(workers._example(workers.PROFILE, workers.LANGUAGE, str(ROOT)))
    assert published
