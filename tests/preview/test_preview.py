"""The preview as it is used: save, see, break, mend; and nobody else is answered."""

import asyncio
import contextlib
import http.client
import os
import re
import shutil
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from perfkit.batch.workers import LocalWorkers
from perfkit.kernel import canary
from perfkit.preview import Maker, Page, Server, saved, stamps
from perfkit.readers import form_yaml, read
from perfkit.writers import write

ROOT = Path(__file__).parents[2]


@pytest.fixture
def served():
    """Serve a page in a thread of its own, as `perfkit preview` does."""
    ready, box = threading.Event(), {}

    async def serve():
        box["loop"], box["end"] = asyncio.get_running_loop(), asyncio.Event()
        box["server"] = Server()
        box["server"].show(Page(b"<p>one</p>"))
        ready.set()
        await box["end"].wait()
        box["server"].close()

    thread = threading.Thread(target=asyncio.run, args=(serve(),))
    thread.start()
    assert ready.wait(10)
    yield box["server"]
    box["loop"].call_soon_threadsafe(box["end"].set)
    thread.join()


def ask(server, path, host=None, method="GET"):
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    with contextlib.closing(connection):
        connection.request(method, path, headers={"Host": host} if host else {})
        answer = connection.getresponse()
        return answer, answer.read()


def test_the_frame_and_the_report_are_served_and_nothing_else(served):
    answer, frame = ask(served, f"/{served.key}/")
    assert answer.status == 200
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert b"[[" not in frame
    assert ask(served, f"/{served.key}/report")[1] == b"<p>one</p>"
    for path in (
        "/",
        "/report",
        "/etc/passwd",
        f"/{served.key}/../perfkit.yaml",
        f"/{served.key}/frame.html",
    ):
        assert ask(served, path)[0].status in {403, 404}, path
    assert ask(served, f"/{served.key}/report", method="POST")[0].status == 405


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:{port}", "127.0.0.1", "0.0.0.0:{port}", "127.0.0.1:1"]
)
def test_a_page_of_another_name_is_refused(served, host):
    for path in ("", "report", "events"):
        assert ask(served, f"/{served.key}/{path}", host.format(port=served.port))[0].status == 403


def test_the_server_listens_on_this_machine_alone(served):
    names = {sock.getsockname()[0] for sock in served._server._sockets.values()}
    assert names == {"127.0.0.1"}


def test_what_is_saved_while_a_page_is_made_is_not_missed(tmp_path):
    form, other = tmp_path / "form.yaml", tmp_path / "other.yaml"
    form.write_text("a", encoding="utf-8")

    async def watch():
        seen = stamps({form})
        form.write_text("ab", encoding="utf-8")
        changes = saved(lambda: {form}, seen)
        found = [await anext(changes)]
        waiting = asyncio.ensure_future(anext(changes))
        await asyncio.sleep(0)
        other.write_text("x", encoding="utf-8")
        draft = tmp_path / "draft"
        draft.write_text("abc", encoding="utf-8")
        draft.replace(form)
        found.append(await asyncio.wait_for(waiting, 20))
        await changes.aclose()
        return found

    assert asyncio.run(watch()) == [{form}, {form}]


def test_the_unit_s_own_file_goes_before_the_form_imported_from_it_while_it_is_newer(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    shutil.copytree(ROOT / "params", "params")
    own, form = Path("unit.xlsx"), Path("params/forms/unit.yaml")
    write(read("params/forms/online-learning-2022.yaml"), own)
    form.write_text(form_yaml(read(own)), encoding="utf-8")
    Path("params/unit.yaml").write_text(
        "form: params/forms/unit.yaml\nprofile: shanghai-2022\n", encoding="utf-8"
    )
    imported = form.read_bytes()

    def rename(name, later):
        changed = replace(read("params/forms/online-learning-2022.yaml"), project=name)
        write(changed, own)
        os.utime(own, ns=(0, form.stat().st_mtime_ns + later))

    with Maker(Path("params/unit.yaml")) as maker:
        page = maker.make()
        assert (page.fault, page.note) == ("", "")
        assert own.absolute() in maker.inputs()
        rename("线上学习经费", 1_000_000_000)
        page = maker.make()
        assert "线上学习经费" in page.html.decode("utf-8")
        assert "unit.xlsx" in page.note
        assert form.read_bytes() == imported
        rename("线上学习经费", -1_000_000_000)
        page = maker.make()
        assert "线上学习经费" not in page.html.decode("utf-8")
        assert page.note == ""


def test_each_page_knows_nothing_of_the_notebook_profile_and_theme_of_the_last(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    shutil.copytree(ROOT / "params", "params")
    shutil.copytree(ROOT / "notebooks", "notebooks")
    files = {
        "rules.yaml": ("extends: mof-2020\ntitle: {{zh: 规则{n}, en: Rules {n}}}\n", "规则{n}"),
        "theme.yaml": ("office: 处室{n}\n", "处室{n}"),
        "notebooks/project_report.ipynb": ("{n}", "笔记{n}"),
    }
    notebook = Path("notebooks/project_report.ipynb").read_text(encoding="utf-8")
    Path("params/online-learning-2022.yaml").write_text(
        "form: params/forms/online-learning-2022.yaml\nprofile: rules.yaml\ntheme: theme.yaml\n",
        encoding="utf-8",
    )
    last = dict.fromkeys(files, 1)

    def save(name, n):
        text = files[name][0].format(n=n)
        if name.endswith("ipynb"):
            text = notebook.replace(
                "card = perfkit.score", f"print('笔记{n}')\\n\",\n    \"card = perfkit.score"
            )
        Path(name).write_text(text, encoding="utf-8")

    for name in files:
        save(name, 1)
    with Maker(Path("params/online-learning-2022.yaml")) as maker:
        for changed in (None, *files):
            if changed:
                last[changed] = 2
                save(changed, 2)
            page = maker.make()
            maker.get_ready()
            assert page.fault == ""
            said = page.html.decode("utf-8")
            for name, (_, shown) in files.items():
                assert shown.format(n=last[name]) in said, (changed, name)


@pytest.mark.browser
def test_save_see_break_and_mend(browser, tmp_path):
    workspace = tmp_path / "office"
    shutil.copytree(ROOT / "params", workspace / "params")
    form = workspace / "params" / "forms" / "online-learning-2022.yaml"
    good = form.read_text(encoding="utf-8")
    process = subprocess.Popen(
        [sys.executable, "-m", "perfkit", "preview", "params/online-learning-2022.yaml", "--no-open", "--language", "zh"],
        stderr=subprocess.PIPE, text=True, encoding="utf-8", cwd=workspace,
    )  # fmt: skip
    try:
        address = re.search(r"http://\S+/", process.stderr.readline())[0]
        page = browser.new_page()
        errors = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
        page.goto(address)
        report = page.frame_locator("#report")
        report.get_by_role("heading", name="在线学习工作经费").wait_for(timeout=120_000)
        form.write_text(good.replace("在线学习工作经费", "线上学习经费"), encoding="utf-8")
        report.get_by_role("heading", name="线上学习经费").wait_for(timeout=60_000)
        form.write_text(good.replace("money_unit: 元", "money_unit: 角"), encoding="utf-8")
        page.locator("#fault:visible").wait_for(timeout=60_000)
        assert "money_unit" in page.locator("#fault").inner_text()
        assert report.get_by_role("heading", name="线上学习经费").is_visible()
        form.write_text(good, encoding="utf-8")
        report.get_by_role("heading", name="在线学习工作经费").wait_for(timeout=60_000)
        page.locator("#fault").wait_for(state="hidden", timeout=60_000)
        assert "已生成" in page.locator("#state").inner_text()
        assert errors == []
        page.close()
    finally:
        process.terminate()
        process.wait(20)
        process.stderr.close()


def test_a_canary_that_the_end_of_a_preview_ends_has_told_nothing(monkeypatch, capsys):
    closed = threading.Event()

    def ended(_template):
        assert closed.wait(60)
        return "SIGKILL"

    monkeypatch.setattr(canary, "verdict", ended)
    monkeypatch.setattr(canary, "_told", [])
    with LocalWorkers() as workers:
        pass
    closed.set()
    workers._tell_what_is_wrong()
    assert not workers.wrong
    assert not capsys.readouterr().err


def test_what_a_canary_finds_while_a_preview_runs_is_told(monkeypatch, capsys):
    monkeypatch.setattr(canary, "verdict", lambda _template: "broken")
    monkeypatch.setattr(canary, "_told", [])
    with LocalWorkers() as workers:
        workers._tell_what_is_wrong()
    assert "broken" in capsys.readouterr().err
