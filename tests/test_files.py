"""Names that no text is, and paths that no file has: read with a name made sound, told, never a crash."""

import json
import os
import shutil
import subprocess
import sys
import zipfile
from io import BytesIO
from pathlib import Path

import pytest

import perfkit
from perfkit.readers.formats import parse
from perfkit.workspace import is_file, is_folder, is_there, matching, name_meant, shown
from tests.readers.books import book
from tests.readers.test_hostile import FORM

GBK = "测试".encode("gbk")
NAMES = {
    b"plain.xlsx": "plain.xlsx",
    "测试.xlsx".encode(): "测试.xlsx",
    GBK + b".xlsx": "测试.xlsx",
    "項目".encode("gb18030") + b".xlsx": "項目.xlsx",
    b"a\xff.xlsx": "a[U+DCFF].xlsx",
    b"\xb2.xlsx": "[U+DCB2].xlsx",
    "目录/".encode() + GBK + b".xlsx": "目录/测试.xlsx",
    GBK + b"/" + "目录.xlsx".encode(): "测试/目录.xlsx",
}
NOWHERE = [
    "a" * 70_000,
    "a/" * 5_000,
    "a\0b",
    "\ud83d",
    "\udcff" * 300,
    "~nouser/x",
    "",
    "*" * 300,
    "[",
    "**x",
    "/dev/zero/x",
]


@pytest.mark.parametrize(("raw", "meant"), NAMES.items())
def test_a_name_is_told_as_it_was_meant(raw, meant):
    assert name_meant(raw.decode("utf-8", "surrogateescape")) == meant
    assert shown(raw.decode("utf-8", "surrogateescape")) == meant


@pytest.mark.parametrize("half", ["\ud83d", "甲\udcff\ud83d", "\udfff/\udc00"])
def test_half_a_character_is_told_by_its_code(half):
    name_meant(half).encode("utf-8")


@pytest.mark.parametrize("name", NOWHERE)
def test_a_path_that_no_file_can_have_is_no_file(name):
    assert not is_file(name)
    assert not is_folder(name)
    assert not is_there(name) or name == ""
    assert name not in map(str, matching(name))


@pytest.mark.parametrize("name", [name for name in NOWHERE if name])
@pytest.mark.parametrize(
    "way",
    [perfkit.read, perfkit.read_all, perfkit.load_profile, lambda name: perfkit.report([name])],
    ids=["read", "read_all", "load_profile", "report"],
)
def test_a_path_that_no_file_can_have_is_refused(name, way, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(perfkit.PerfkitError) as told:
        way(name)
    assert told.value.told("zh")


def zipped(name, flags):
    made = BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        part = zipfile.ZipInfo("x" * len(name))
        archive.writestr(part, book(FORM))
    return made.getvalue().replace(b"x" * len(name), name)


@pytest.mark.parametrize(("raw", "meant"), NAMES.items())
def test_a_part_of_an_archive_is_told_as_it_was_meant(raw, meant):
    (form,) = parse(zipped(raw, 0), "a.zip")
    if b"\xff" in raw or b"\xb2." in raw:
        form.source.file.encode("utf-8")
    else:
        assert form.source.file == f"a.zip/{meant}"


@pytest.fixture
def office(tmp_path):
    """A workspace with forms whose names are in no encoding, or in another one."""
    if sys.platform != "linux":
        pytest.skip("names are text here")
    for raw in (GBK, b"\xff\xfe"):
        (Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + raw + b".xlsx"))).write_bytes(book(FORM))
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/bad\xb2.xlsx")).write_bytes(b"PK\x03\x04")
    shutil.copytree(Path(__file__).parents[1] / "notebooks", tmp_path / "notebooks")
    return tmp_path


def run(office, *arguments, status=0):
    done = subprocess.run(
        [sys.executable, "-m", "perfkit", *arguments], cwd=office, capture_output=True, check=False,
        env=os.environ | {"PERFKIT_LANGUAGE": "en"},
    )  # fmt: skip
    told = done.stdout.decode() + done.stderr.decode()
    assert "Traceback" not in told
    assert done.returncode == status, told
    return told


def test_forms_of_any_name_are_imported_and_reported_on(office):
    told = run(office, "report", ".", "--to", "html", status=1)
    assert "bad[U+DCB2].xlsx" in told
    assert {path.name for path in (office / "params").glob("*.yaml")} == {
        "测试.yaml",
        "[U+DCFF][U+DCFE].yaml",
    }
    assert {path.stem for path in (office / "reports").glob("*.html")} == {
        "测试",
        "[U+DCFF][U+DCFE]",
        "index",
    }
    assert "[U+DCFF]" in (office / "reports/index.html").read_text("utf-8")
    assert "测试" in run(office, "query", "select name from current_reports")
    assert run(office, "why", "params", "--to", "html").count("unchanged") == 2


def test_findings_name_forms_of_any_name(office):
    names = [path.name for path in office.iterdir() if path.suffix == ".xlsx"]
    told = run(office, "check", *sorted(names), "--format", "json", status=2)
    listed = json.loads(told[told.index("[") : told.rindex("]\n") + 1])
    assert {finding["file"] for finding in listed} <= {"测试.xlsx", "[U+DCFF][U+DCFE].xlsx"}
    for name in names:
        run(office, "score", name, status=2 if name.startswith("bad") else 0)
