"""Whatever is wrong with one project's files is told with its place, in bounded time, and stays its own."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

import perfkit
from perfkit.batch import why
from perfkit.errors import SettingsError
from perfkit.params import load_params
from tests.batch.light import add_project, light_report, make_workspace

BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{after}: &{after} [*{before}, *{before}, *{before}, *{before}, *{before}, *{before}, *{before}, *{before}]\n"
    for before, after in zip("abcdefghij", "bcdefghijk", strict=True)
)
DEEP = "a: " + "[" * 3000 + "]" * 3000
PROFILES = {
    "bomb": "extends: mof-2020\n" + BOMB,
    "recursive": "extends: mof-2020\ngrades: &a [*a]\n",
    "deep": "extends: mof-2020\n" + DEEP,
    "indented": "extends: mof-2020\n" + "".join(f"{' ' * level}a:\n" for level in range(3000)),
    "tag": "extends: mof-2020\nsource: !!python/object/apply:os.system [true]\n",
    "date": "extends: mof-2020\nsource: 2020-13-45\n",
    "digits": f"extends: mof-2020\nexecution_weight: {'9' * 5000}\n",
    "merge": "extends: mof-2020\n<<: 1\n",
    "equals": "extends: mof-2020\nsource: =\n",
    "circle": "extends: circle\n",
    "nothing": "",
    "list": "- a\n",
    "binary": "\x00\x01",
    "missing": None,
}
PARAMS = {
    "date": "form: 2020-13-45\n",
    "bits": "form: 0b_\n",
    "hex": "form: 0x_\n",
    "equals": "form: =\n",
    "merge": "<<: 1\nform: params/forms/ok.yaml\n",
    "nested": "form: params/forms/ok.yaml\nmode: {<<: 1}\n",
    "digits": f"form: {'9' * 5000}\n",
    "nobody": "form: ~nouser/x\n",
    "surrogate": 'form: "\\ud800"\n',
    "null": 'form: "a\\0b"\n',
    "folder": "form: params\n",
    "device": "form: /dev/zero\n",
    "theme folder": "form: params/forms/ok.yaml\ntheme: params\n",
    "bomb": "form: params/forms/ok.yaml\nmode: x\n" + BOMB,
    "deep": DEEP,
    "tag": "form: !!python/name:os.system\n",
    "twice": "form: a\nform: b\n",
    "empty": "",
    "latin": "form: caf\xe9".encode("latin-1"),
    "profile folder": "form: params/forms/ok.yaml\nprofile: params\n",
    "profile device": "form: params/forms/ok.yaml\nprofile: /dev/zero\n",
    "profile nobody": "form: params/forms/ok.yaml\nprofile: ~nouser/x.yaml\n",
}


@pytest.fixture
def office(tmp_path, monkeypatch):
    """A workspace with one sound project."""
    workspace = make_workspace(tmp_path)
    add_project(workspace, "ok")
    (workspace / "profiles").mkdir()
    monkeypatch.chdir(workspace)
    return workspace


def held(office, *names) -> None:
    """Hold that these projects fail with a fault that says where, and that the sound one is made."""
    told = {reason.name: reason.faults for reason in why("params")}
    run = light_report(office)
    assert [line["name"] for line in run.made] == ["ok"]
    assert {line["name"]: line["cause"] for line in run.failed} == dict.fromkeys(names, "input")
    for line in run.failed:
        assert line["error"].strip()
        assert told[line["name"]].strip()


@pytest.mark.timeout(60)
def test_params_of_every_kind(office):
    for name, content in PARAMS.items():
        raw = content if isinstance(content, bytes) else content.encode("utf-8")
        (office / "params" / f"{name}.yaml").write_bytes(raw)
    os.mkfifo(office / "params/pipe.yaml")
    (office / "params/directory.yaml").mkdir()
    (office / "params/zero.yaml").symlink_to("/dev/zero")
    (office / "params/gone.yaml").symlink_to("nowhere")
    (office / "params/loop.yaml").symlink_to("loop.yaml")
    os.mkfifo(office / "params/forms/pipe.yaml")
    (office / "params/form pipe.yaml").write_text("form: params/forms/pipe.yaml\n", encoding="utf-8")
    held(office, *PARAMS, "pipe", "directory", "zero", "gone", "loop", "form pipe")


@pytest.mark.timeout(60)
def test_profiles_of_every_kind(office):
    for name, content in PROFILES.items():
        if content is not None:
            (office / f"profiles/{name}.yaml").write_text(content, encoding="utf-8")
        add_project(office, name, profile=name)
    os.mkfifo(office / "profiles/pipe.yaml")
    add_project(office, "pipe", profile="pipe")
    held(office, *PROFILES, "pipe")


@pytest.mark.parametrize("name", PARAMS)
def test_a_params_file_alone_is_told_with_its_place(office, name):
    content = PARAMS[name]
    path = office / "params" / f"{name}.yaml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    with pytest.raises(SettingsError) as told:
        load_params(path)
    assert all(fault.file for fault in told.value.faults)


@pytest.mark.parametrize("name", sorted(set(PROFILES) - {"missing"}))
def test_a_profile_alone_is_told_with_its_place(office, name):
    path = office / "profiles" / f"{name}.yaml"
    path.write_text(PROFILES[name], encoding="utf-8")
    with pytest.raises(SettingsError) as told:
        perfkit.load_profile(name)
    assert all(fault.file for fault in told.value.faults)


def test_a_form_of_another_project_with_half_a_character_harms_nobody(office):
    add_project(office, "half", project="甲\ud800乙")
    run = light_report(office, rows=True)
    assert {line["name"] for line in (*run.made, *run.failed)} == {"ok", "half"}
    assert (office / "reports/index.html").exists()


def test_a_name_that_is_no_text_is_told(office):
    path = Path(os.fsdecode(os.fsencode(office) + b"/params/\xb2\xe2.yaml"))
    path.write_bytes(b"form: params/forms/ok.yaml\n")
    run = light_report(office)
    assert [line["name"] for line in run.made] == ["ok"]
    assert ["name" in line["error"] for line in run.failed] == [True]
    assert len(light_report(office).skipped) == 1
