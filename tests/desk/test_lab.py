"""In a real JupyterLab, in a real browser: the notebooks run, the panel moves, nothing fails."""

import os
import shutil
import signal
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
def lab(folder, **variables):
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
    environment = os.environ | own | variables
    with (folder / "lab.log").open("wb") as log:
        server = subprocess.Popen(
            command, cwd=folder, stdout=log, stderr=log, env=environment, start_new_session=True
        )
        try:
            address = f"http://127.0.0.1:{port}"
            while server.poll() is None and not answers(address):
                time.sleep(0.1)  # waits for the server to answer; the run's own time limit ends a hang
            assert server.poll() is None, (folder / "lab.log").read_text()
            yield address
        finally:
            server.terminate()
            try:
                server.wait(60)
            except subprocess.TimeoutExpired:  # a server that waits for a kernel which is gone
                os.killpg(server.pid, signal.SIGKILL)
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
            const failed = cells.some(c => c.model.toJSON().outputs.some(o => o.output_type === 'error'));
            return failed || cells.every(c => c.model.executionCount !== null);
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


def perfkit_does(folder, language, *words):
    """Run a command of perfkit in a folder, as somebody of that language does."""
    command = [sys.executable, "-m", "perfkit", *words]
    environment = os.environ | {"PERFKIT_LANGUAGE": language}
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stderr


NOTEBOOKS = ("explore.ipynb", "portfolio_report.ipynb", "project_report.ipynb")
SAYS = {
    "zh": {
        "explore.ipynb": ("项目探索", "保存情景", "评分规则", "累计总分"),
        "portfolio_report.ipynb": ("部门绩效自评汇总", "报告所在的文件夹"),
        "project_report.ipynb": ("项目绩效自评报告", "自评表文件"),
    },
    "en": {
        "explore.ipynb": ("Explore a project", "Keep the scenario", "Scoring rules", "Total so far"),
        "portfolio_report.ipynb": ("Portfolio report", "the folder of reports"),
        "project_report.ipynb": ("Project report", "the form file"),
    },
}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_notebook_of_a_new_workspace_runs_before_and_after_its_reports(page, tmp_path, language):
    perfkit_does(tmp_path, language, "init")
    assert sorted(path.name for path in (tmp_path / "notebooks").glob("*.ipynb")) == sorted(NOTEBOOKS)
    with lab(tmp_path, PERFKIT_LANGUAGE=language) as address:
        for made in (False, True):
            if made:
                perfkit_does(
                    tmp_path, language, "report", "params", "forms/领导干部培训经费.xlsx", "--to", "html"
                )
            for notebook in NOTEBOOKS:
                said = open_and_run(page, address, notebook)
                assert (notebook, made, failed_cells(page)) == (notebook, made, [])
                assert ours(said) == []
                words = page.locator(".jp-Notebook").inner_text()
                own, other = SAYS[language][notebook], SAYS["en" if language == "zh" else "zh"][notebook]
                assert [word for word in own if word not in words] == []
                assert [word for word in other if word in words] == []
            assert page.locator(".jp-OutputArea h1").first.text_content() == "在线学习工作经费"


def test_the_report_notebook_runs_by_hand(page, address):
    said = open_and_run(page, address, "project_report.ipynb")
    assert failed_cells(page) == []
    assert page.locator(".jp-OutputArea h1").first.text_content() == "在线学习工作经费"
    assert ours(said) == []


def test_a_moved_value_moves_the_total_as_score_computes_it(page, address):
    said = open_and_run(page, address, "explore.ipynb")
    assert failed_cells(page) == []
    page.locator(".pk-project select").first.select_option(TRAINING)
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


@pytest.fixture
def explored(page, address):
    """Give the page of explore.ipynb with all cells run, the panel in view."""
    open_and_run(page, address, "explore.ipynb")
    page.locator(".pk-total b").first.wait_for()
    page.locator(".pk-desk").evaluate("e => e.scrollIntoView({block: 'start'})")
    return page


FOCUSED = """() => {
    const at = document.activeElement, style = getComputedStyle(at), shown = at.getBoundingClientRect();
    const panel = document.querySelector('.pk-desk');
    const wanted = [...panel.querySelectorAll('input, select, button, [tabindex="0"]')];
    return {index: wanted.indexOf(at), count: wanted.length, tag: at.tagName, title: at.title,
            ring: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
            inside: shown.width > 0 && shown.height > 0};
}"""


def test_tab_reaches_every_control_in_order_and_shows_where_it_is(explored):
    page = explored
    page.locator(".pk-desk select").first.focus()
    at = page.evaluate(FOCUSED)
    seen = [at["index"]]
    while len(seen) < at["count"]:
        page.keyboard.press("Tab")
        at = page.evaluate(FOCUSED)
        assert at["ring"], at
        assert at["inside"], at
        seen.append(at["index"])
    assert seen == list(range(at["count"]))
    assert at["count"] > 3 * 11  # three controls a row, those of profile and scenarios, and the boxes


def test_the_panel_is_worked_by_keyboard_alone_and_a_scenario_is_kept_and_compared(explored, address):
    page = explored
    page.locator(".pk-desk select").first.focus()
    for key in ("Tab", "Tab"):  # the button that puts the form back, then the first row's actual
        page.keyboard.press(key)
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("550人次")
    page.keyboard.press("Enter")
    form = perfkit.read(ROOT / "params" / "forms" / f"{TRAINING}.yaml")
    expected = perfkit.score(changed(form, {1: Change("550人次")}, PROFILE), PROFILE).total.score
    page.locator(".pk-total").get_by_text(f"{expected}").first.wait_for()
    page.locator(".pk-desk select").nth(7).focus()  # the rating of the seventh row, after the profile's
    page.keyboard.press("ArrowDown")
    changes = {1: Change("550人次"), 7: Change("未完成", "met")}
    rated = perfkit.score(changed(form, changes, PROFILE), PROFILE).total.score
    assert rated != expected
    page.locator(".pk-total").get_by_text(f"{rated}").first.wait_for()
    page.locator(".pk-scenario input").focus()
    page.keyboard.type("少开课")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.locator(".pk-desk [role=status]", has_text="少开课").wait_for()
    compared = page.locator(".pk-compared table")
    assert compared.locator("tfoot .num").all_inner_texts()[:2] == ["87.14", f"{rated}"]
    assert compared.locator("tbody tr").count() == 2
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")  # from the form as it is to what the panel shows
    page.locator(".pk-compared", has_text="没有不同").wait_for()
    assert ours([]) == []


def test_axe_finds_nothing_in_the_panel(explored):
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(explored, context=".pk-desk").response["violations"]
    assert [(each["id"], [node["html"][:160] for node in each["nodes"]][:3]) for each in found] == []


SHIFTS = """() => {
    window.shifted = [];
    new PerformanceObserver(list => {
        for (const entry of list.getEntries()) {
            window.shifted.push([entry.value, entry.sources.map(s => s.node && (s.node.className || s.node.nodeName))]);
        }
    }).observe({type: 'layout-shift'});
}"""


def test_nothing_on_the_page_moves_as_values_change(explored):
    page = explored
    page.evaluate(SHIFTS)
    total = page.locator(".pk-total")
    for row, typed, expected in ((1, "5人次", "(−"), (1, "9000人次", "87.14"), (2, "300课时", "(+")):
        box = page.locator(f".pk-actual-{row} input")
        box.fill(typed)
        box.press("Enter")
        total.get_by_text(expected).first.wait_for()
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    assert page.evaluate("() => window.shifted") == []
