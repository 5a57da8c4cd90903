"""In a real JupyterLab, in a real browser: the notebooks run, the panel moves, nothing fails."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import pytest

import perfkit
from perfkit.desk import Change, changed

ROOT = Path(__file__).parents[2]
PROFILE = "shanghai-2022"
TRAINING = "leadership-training-2022"
SETTINGS = [
    "--no-browser", "--ServerApp.token=", "--ServerApp.password=", "--ServerApp.disable_check_xsrf=True",
    "--LabApp.expose_app_in_browser=True", "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    "--LabApp.news_url=", "--ServerApp.port_retries=0", "--allow-root",
]  # fmt: skip

pytestmark = pytest.mark.browser


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def answers(address):
    try:
        with urllib.request.urlopen(f"{address}/api", timeout=5) as answer:
            return answer.status == 200
    except OSError:
        return False


@contextmanager
def lab(folder):
    port = free_port()
    command = [
        sys.executable,
        "-m",
        "jupyterlab",
        *SETTINGS,
        f"--ServerApp.root_dir={folder}",
        f"--port={port}",
    ]
    # every cell stays in the page, seen or not, so that the browser finds them all; no news is asked for
    for name, wish in {
        "notebook-extension/tracker": '{"windowingMode": "none"}',
        "apputils-extension/notification": '{"fetchNews": "false", "checkForUpdates": false}',
    }.items():
        file = folder / "settings" / "@jupyterlab" / f"{name}.jupyterlab-settings"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(wish)
    own = {
        "JUPYTERLAB_SETTINGS_DIR": str(folder / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(folder / "workspaces"),
    }
    with (folder / "lab.log").open("wb") as log:
        server = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log, env=os.environ | own)
        try:
            address = f"http://127.0.0.1:{port}"
            while server.poll() is None and not answers(address):
                time.sleep(0.1)  # waits for the server to answer; the run's own time limit ends a hang
            assert server.poll() is None, (folder / "lab.log").read_text()
            yield address
        finally:
            server.terminate()
            server.wait()


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    folder = tmp_path_factory.mktemp("lab")
    for name in ("params", "notebooks"):
        shutil.copytree(ROOT / name, folder / name)
    with lab(folder) as address:
        yield address


@pytest.fixture
def page(browser):
    page = browser.new_page(viewport={"width": 1400, "height": 1000})
    page.set_default_timeout(120_000)
    yield page
    page.close()


def open_and_run(page, address, notebook):
    """Open a notebook, run all its cells, and give what the console said meanwhile."""
    said = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(f"{address}/lab/tree/notebooks/{notebook}?reset")
    page.wait_for_selector(".jp-Notebook .jp-CodeCell", state="attached")
    page.wait_for_function(
        "() => window.jupyterapp && window.jupyterapp.shell.currentWidget?.sessionContext?.isReady"
    )
    page.evaluate("() => window.jupyterapp.commands.execute('notebook:run-all-cells')")
    page.wait_for_function(
        """() => {
            const cells = window.jupyterapp.shell.currentWidget.content.widgets.filter(w => w.model.type === 'code');
            return cells.every(c => c.model.executionCount !== null || c.model.sharedModel.getSource().startsWith('#'));
        }"""
    )
    return said


def ours(said):
    """Leave out what other people's JupyterLab extensions on this machine say of themselves."""
    widgets = "jupyter-widgets"
    return [text for text in said if "/lab/extensions/" not in text or widgets in text]


def failed_cells(page):
    return page.evaluate(
        """() => window.jupyterapp.shell.currentWidget.content.model.toJSON().cells
            .flatMap(c => (c.outputs || []).filter(o => o.output_type === 'error' || o.name === 'stderr'))
            .map(o => o.ename ? o.ename + ': ' + o.evalue : o.text)"""
    )


def test_the_report_notebook_runs_by_hand(page, address):
    said = open_and_run(page, address, "project_report.ipynb")
    assert failed_cells(page) == []
    assert page.locator(".jp-OutputArea h1").first.text_content() == "在线学习工作经费"
    assert ours(said) == []


def test_a_moved_value_moves_the_total_as_score_computes_it(page, address):
    said = open_and_run(page, address, "explore.ipynb")
    assert failed_cells(page) == []
    page.locator(".pk-project select").select_option(TRAINING)
    page.evaluate("() => window.jupyterapp.commands.execute('notebook:run-all-cells')")
    total = page.locator(".pk-total")
    total.get_by_text("87.14").first.wait_for()
    box = page.locator(".pk-actual-2 input")
    assert box.input_value() == "32课时"
    box.fill("300课时")
    box.press("Enter")
    form = perfkit.read(ROOT / "params" / "forms" / f"{TRAINING}.yaml")
    expected = perfkit.score(changed(form, {2: Change("300课时")}, PROFILE), PROFILE).total.score
    total.get_by_text(f"{expected}").first.wait_for()
    assert failed_cells(page) == []
    assert ours(said) == []
