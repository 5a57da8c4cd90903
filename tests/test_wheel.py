"""The wheel, not the source tree: installed in an empty environment, it does all that the README says."""

import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

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
    for part in ("py.typed", "workspace_files/notebooks/project_report.ipynb", "workspace_files/README.md"):
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
