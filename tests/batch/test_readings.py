"""A document is opened once, whatever a run needs it for, and not at all while it is unchanged."""

from __future__ import annotations

import dataclasses
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import perfkit
from perfkit.batch.inputs import Readings
from perfkit.readers.bulk import keep, kept, readers_version
from perfkit.writers import write

ROOT = Path(__file__).parents[2]
FORM = "params/forms/online-learning-2022.yaml"
COUNTING = """
import importlib.util, os, sys

class Finder:
    '''Have every process note each document that it opens.'''

    def find_spec(self, name, path, target=None):
        if name != "perfkit.readers.formats":
            return None
        sys.meta_path.remove(self)
        spec = importlib.util.find_spec(name)
        run = spec.loader.exec_module
        def exec_module(module):
            run(module)
            parse = module.parse
            def counted(data, name, *beside):
                with open(os.environ["OPENED"], "a") as file:
                    file.write(name + "\\n")
                return parse(data, name, *beside)
            module.parse = counted
        spec.loader.exec_module = exec_module
        return spec

sys.meta_path.insert(0, Finder())
"""


@pytest.fixture
def office(tmp_path):
    """A workspace of the notebook that perfkit ships, with two projects on forms in Excel, one on another's bytes."""
    shutil.copytree(ROOT / "notebooks", tmp_path / "notebooks")
    (tmp_path / "params/forms").mkdir(parents=True)
    for name in ("a", "b", "c"):
        form = dataclasses.replace(perfkit.read(ROOT / FORM), project=f"项目{min(name, 'b')}")
        place = f"params/forms/{name}.xlsx"
        write(form, tmp_path / place)
        (tmp_path / f"params/{name}.yaml").write_text(
            f"form: {place}\nprofile: shanghai-2022\n", encoding="utf-8"
        )
    shutil.copy(tmp_path / "params/forms/b.xlsx", tmp_path / "params/forms/c.xlsx")
    (tmp_path / "counting").mkdir()
    (tmp_path / "counting/sitecustomize.py").write_text(COUNTING, encoding="utf-8")
    return tmp_path


def opened(office, call) -> list[str]:
    """Run a call in a process of its own; give the documents that were opened, in whatever process.

    The server of readers reads a text of its own once, to be warm; it is no document of the office.
    """
    log = office / "opened"
    log.write_text("", encoding="utf-8")
    places = os.pathsep.join([str(office / "counting"), str(ROOT)])
    environment = os.environ | {"PYTHONPATH": places, "OPENED": str(log)}
    script = (
        f"from perfkit.batch import inputs; inputs._perfkit = lambda: '0.1.0+test'; import perfkit; {call}"
    )
    subprocess.run([sys.executable, "-c", script], cwd=office, env=environment, check=True)
    return sorted(name for name in log.read_text(encoding="utf-8").split() if (office / name).exists())


REPORT = (
    "run = perfkit.report('params', to=['html'], jobs=2); assert run.ok, str(run); assert len(run.made) == {}"
)


def test_a_document_is_opened_once_and_not_at_all_while_unchanged(office):
    once = opened(office, REPORT.format(3))
    assert len(once) == 2, "once for each of two contents"
    assert once[0] == "params/forms/a.xlsx"
    assert opened(office, REPORT.format(0)) == []
    params = office / "params/a.yaml"
    params.write_text(params.read_text(encoding="utf-8") + "language: en\n", encoding="utf-8")
    assert opened(office, "perfkit.batch.why('params')") == []
    assert opened(office, REPORT.format(1)) == [], "params have changed, the document has not"
    shutil.copy(office / "params/forms/a.xlsx", office / "params/forms/b.xlsx")
    assert opened(office, REPORT.format(1)) == []
    page = (office / "reports/b.html").read_text(encoding="utf-8")
    assert "params/forms/b.xlsx" in page, (
        "what was kept of one file is another's by its bytes, not by its name"
    )
    write(perfkit.read(ROOT / FORM), office / "params/forms/c.xlsx")
    assert opened(office, REPORT.format(1)) == ["params/forms/c.xlsx"]


@pytest.fixture
def form(tmp_path):
    write(perfkit.read(ROOT / FORM), tmp_path / "form.xlsx")
    return perfkit.read(tmp_path / "form.xlsx")


def test_what_was_kept_is_what_was_read(form, tmp_path):
    keep(tmp_path, [form, form])
    (back, again) = kept(tmp_path, form.source.sha256[:32], "other.xlsx")
    assert back == again == form
    assert back.source == dataclasses.replace(form.source, file="other.xlsx")
    for field in dataclasses.fields(form):
        if field.name != "source":
            assert getattr(back, field.name) == getattr(form, field.name)
    assert perfkit.score(back, "mof-2020").to_dict() == perfkit.score(form, "mof-2020").to_dict()


@pytest.mark.parametrize("content", [b"", b"x", b"\x00" * 50])
def test_a_damaged_reading_is_none(form, tmp_path, content):
    keep(tmp_path, [form])
    (path,) = (path for path in tmp_path.iterdir() if path.name == form.source.sha256[:32])
    whole = path.read_bytes()
    for damaged in (content, whole[:-3], whole[:40] + b"\x00\x00" + whole[42:]):
        path.write_bytes(damaged)
        assert kept(tmp_path, path.name, "x") is None


def test_what_other_readers_have_left_goes(tmp_path):
    (tmp_path / ".readings/old").mkdir(parents=True)
    readings = Readings.of(tmp_path)
    assert not (tmp_path / ".readings/old").exists()
    assert readings.folder.name == readers_version()


def test_old_readings_go_where_there_are_many(tmp_path):
    readings = Readings.of(tmp_path)
    readings.folder.mkdir(parents=True)
    for number in range(130):
        (readings.folder / str(number)).write_bytes(b"")
        os.utime(readings.folder / str(number), ns=(number, number))
    readings.forget(10)
    assert len(list(readings.folder.iterdir())) == 120
    assert not (readings.folder / "9").exists()


def test_the_form_of_the_year_before_is_opened_once_as_well_and_check_opens_none(office):
    params = office / "params/a.yaml"
    params.write_text(
        params.read_text(encoding="utf-8") + "previous: params/forms/b.xlsx\n", encoding="utf-8"
    )
    assert len(opened(office, REPORT.format(3))) == 2
    check = "from perfkit.cli import cli; cli.main(['check', 'params/a.yaml', 'params/c.yaml'], standalone_mode=False)"
    assert opened(office, check) == []
