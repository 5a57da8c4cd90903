"""The wheel, not the source tree: installed in an empty environment, it does all that the README says."""

import os
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest
from packaging.tags import platform_tags

from perfkit.cli.bundling import _write_scripts, environment_of, lacking

ROOT = Path(__file__).parents[1]
LOCK = ROOT / ".ci" / "lock" / "run.txt"


def run(*command, cwd, env=None, status=0):
    result = subprocess.run(
        [*map(str, command)], cwd=cwd, env=env, capture_output=True, text=True, encoding="utf-8", check=False
    )
    assert result.returncode == status, f"{command}\n{result.stdout}{result.stderr}"
    assert "Traceback" not in result.stderr
    return result


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """The sdist of this tree, and the wheel built from that sdist."""
    folder = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "hatchling", "build", "-t", "sdist", "-d", folder, cwd=ROOT)
    [sdist] = folder.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        archive.extractall(folder, filter="data")
    source = folder / sdist.name.removesuffix(".tar.gz")
    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder, cwd=source)
    [wheel] = folder.glob("*.whl")
    return sdist, wheel


@pytest.fixture(scope="module")
def programs(built, tmp_path_factory):
    """The folder of programs of an empty environment into which only the wheel was installed."""
    folder = tmp_path_factory.mktemp("environment")
    run(sys.executable, "-m", "venv", folder, cwd=folder)
    programs = folder / ("Scripts" if os.name == "nt" else "bin")
    versions = folder / "versions.txt"
    lines = [line.split(" \\")[0] for line in LOCK.read_text(encoding="utf-8").splitlines() if "==" in line]
    versions.write_text("\n".join(lines), encoding="utf-8")
    pip = (programs / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
    run(*pip, "--constraint", versions, built[1], cwd=folder)
    return programs


def test_the_wheel_holds_all_that_perfkit_needs_and_nothing_else(built):
    with zipfile.ZipFile(built[1]) as wheel:
        names = set(wheel.namelist())
    tops = {name.split("/")[0] for name in names}
    assert len(tops) == 2  # perfkit and its dist-info
    for part in (
        "py.typed",
        "workspace_files/notebooks/project_report.ipynb",
        "workspace_files/README.zh.md",
    ):
        assert f"perfkit/{part}" in names
    data = {path.relative_to(ROOT).as_posix() for path in (ROOT / "perfkit").rglob("*") if path.is_file()}
    forgotten = {name for name in data - names if "__pycache__" not in name}
    assert forgotten == set()


def test_the_sdist_holds_the_tests_and_the_licence(built):
    with tarfile.open(built[0]) as archive:
        names = {name.split("/", 1)[1] for name in archive.getnames() if "/" in name}
    assert {
        "LICENSE",
        "README.md",
        "tests/test_wheel.py",
        "notebooks/project_report.ipynb",
        "Makefile",
    } <= names


def test_the_tools_find_perfkit_by_its_entry_points(programs):
    code = (
        "from papermill.engines import papermill_engines as engines; import nbconvert.exporters as exporters;"
        "engines.register_entry_points(); print(engines.get_engine('perfkit').__name__,"
        "*(exporters.get_exporter(name).__name__ for name in ('perfkit-html', 'perfkit-pdf')))"
    )
    found = run(programs / "python", "-c", code, cwd=programs).stdout.split()
    assert found == ["PerfkitEngine", "PerfkitHTMLExporter", "PerfkitPDFExporter"]


def test_a_newcomer_gets_from_an_empty_folder_to_an_index(programs, tmp_path):
    perfkit = programs / "perfkit"
    run(perfkit, "init", cwd=tmp_path)
    run(perfkit, "import", "forms/领导干部培训经费.xlsx", "--profile", "shanghai-2022", cwd=tmp_path)
    run(perfkit, "report", "params", cwd=tmp_path)
    reports = tmp_path / "reports"
    assert "领导干部培训经费" in (reports / "index.html").read_text(encoding="utf-8")
    for name in ("online-learning-2022", "领导干部培训经费"):
        assert (reports / f"{name}.html").stat().st_size > 10_000
        assert (reports / f"{name}.pdf").read_bytes().startswith(b"%PDF-")
    doctor = run(perfkit, "doctor", cwd=tmp_path).stdout
    assert "mend" not in doctor


def test_plain_papermill_and_nbconvert_make_the_same_report(programs, tmp_path):
    run(programs / "perfkit", "init", cwd=tmp_path)
    path = {**os.environ, "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}"}
    notebook = ("notebooks/project_report.ipynb", "out.ipynb", "-f", "params/online-learning-2022.yaml")
    run(programs / "papermill", *notebook, cwd=tmp_path, env=path)
    run(programs / "jupyter", "nbconvert", "--to", "perfkit-html", "out.ipynb", cwd=tmp_path, env=path)
    run(programs / "jupyter", "nbconvert", "--to", "perfkit-pdf", "out.ipynb", cwd=tmp_path, env=path)
    assert "96.90" in (tmp_path / "out.html").read_text(encoding="utf-8")
    assert (tmp_path / "out.pdf").read_bytes().startswith(b"%PDF-")


def test_a_bundle_installs_and_reports_without_an_index(built, tmp_path):
    python = ".".join(map(str, sys.version_info[:2]))
    tags = [part for tag in platform_tags() for part in ("--platform", tag)]
    made = ("bundle", "--python", python, *tags, "--wheel", built[1], "--to", "bundle")
    run(sys.executable, "-m", "perfkit", *made, cwd=tmp_path)
    cut_off = {**os.environ, "PIP_INDEX_URL": "http://127.0.0.1:9", "PYTHON": sys.executable}
    if os.name == "nt":
        run("cmd", "/c", tmp_path / "bundle" / "install.cmd", "/q", cwd=tmp_path, env=cut_off)
    else:
        run("sh", tmp_path / "bundle" / "install.sh", cwd=tmp_path, env=cut_off)
    perfkit = tmp_path / "bundle" / "perfkit-env" / ("Scripts" if os.name == "nt" else "bin") / "perfkit"
    assert run(perfkit, "--version", cwd=tmp_path).stdout.startswith("perfkit, version ")
    run(perfkit, "init", cwd=tmp_path)
    run(perfkit, "report", "params", cwd=tmp_path)
    assert (tmp_path / "reports" / "online-learning-2022.pdf").read_bytes().startswith(b"%PDF-")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_script_for_windows_is_one_that_cmd_reads(tmp_path, monkeypatch, language):
    monkeypatch.setenv("PERFKIT_LANGUAGE", language)
    _write_scripts(tmp_path, "perfkit-1-py3-none-any.whl", "3.12")
    content = (tmp_path / "install.cmd").read_bytes()
    assert content.count(b"\n") == content.count(b"\r\n")  # cmd misses labels elsewhere
    lines = content.decode("utf-8").split("\r\n")
    assert lines[0] == "@echo off"  # no mark of the byte order before it, which cmd would run
    told = [line for line in lines if not line.isascii()]
    assert len(told) == (language == "zh")
    assert lines.index("chcp 65001 >nul") < min(map(lines.index, told), default=len(lines))
    echoed = [line for line in lines if line.startswith("echo ")]
    assert len(echoed) == 1
    assert not set('&|<>^%!"') & set(echoed[0])
    assert set(re.findall(r"goto (\w+)", "\n".join(lines))) == {
        line[1:] for line in lines if line.startswith(":")
    }
    names = set(re.findall(r'set "(\w+)=', "\n".join(lines)))
    assert set(re.findall(r"(?<!%)%(\w+)%", "\n".join(lines))) == names
    after = lines[lines.index(":end") :]
    assert after[1:] == [
        "chcp %page% >nul",
        'if "%~1"=="" pause',
        "exit /b %failed%",
        "",
    ]  # the console as it was
    if shutil.which("sh"):
        run("sh", "-n", tmp_path / "install.sh", cwd=tmp_path)


def wheel_of(folder, name, *requirements):
    path = folder / f"{name}-1-py3-none-any.whl"
    lines = ["Metadata-Version: 2.1", f"Name: {name}", "Version: 1"]
    lines += [f"Requires-Dist: {each}" for each in requirements]
    with zipfile.ZipFile(path, "w") as wheel:
        wheel.writestr(f"{name}-1.dist-info/METADATA", "\n".join(lines) + "\n")
    return path


@pytest.mark.parametrize(
    ("python", "platform", "missing"),
    [
        ("3.12", "win_amd64", {"colorama>=0.4", "pywinpty"}),
        ("3.10", "win_amd64", {"colorama>=0.4", "pywinpty", "tomli"}),
        ("3.12", "manylinux2014_x86_64", {"uvloop"}),
        ("3.12", "manylinux2014_aarch64", set()),
        ("3.12", "macosx_11_0_arm64", {"appnope"}),
    ],
)
def test_a_bundle_holds_what_the_other_system_alone_needs(tmp_path, python, platform, missing):
    wheels = [
        wheel_of(tmp_path, "perfkit", "click", "term[tty]", 'tomli; python_version < "3.11"', 'never; extra == "x"'),
        wheel_of(tmp_path, "click", 'colorama>=0.4; sys_platform == "win32"'),
        wheel_of(tmp_path, "term", "click", 'pywinpty; os_name == "nt" and extra == "tty"',
                 'appnope; platform_system == "Darwin"', 'uvloop; sys_platform == "linux" and platform_machine == "x86_64"'),
    ]  # fmt: skip
    assert lacking(wheels, wheels[0].name, environment_of(python, platform)) == missing
