"""Analysts' cells that once cost a report, or its cause: what they show comes out, what they lack is told."""

import base64
import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

import perfkit

ROOT = Path(__file__).parents[2]
PNG = "iVBORw0KGgoAAAANSUhEUgAAAAoAAAAKCAIAAAACUFjqAAAAEklEQVR4nGP8z4APMOGVHbHSAEEsAROxCnMTAAAAAElFTkSuQmCC"


@pytest.fixture
def report(tmp_path, monkeypatch):
    """Report on one form with a cell more at the end of the notebook; give the ledger's line and the page."""

    def give(source, kind="code", to=("html",)):
        for part in ("params", "notebooks"):
            shutil.copytree(ROOT / part, tmp_path / part)
        monkeypatch.chdir(tmp_path)
        path = tmp_path / "notebooks/project_report.ipynb"
        notebook = json.loads(path.read_text("utf-8"))
        cell = {"cell_type": kind, "id": "odd", "metadata": {}, "source": source}
        notebook["cells"].append(cell | ({"outputs": [], "execution_count": None} if kind == "code" else {}))
        path.write_text(json.dumps(notebook), "utf-8")
        (tmp_path / "notebooks/图.png").write_bytes(base64.b64decode(PNG))
        perfkit.report(["params/online-learning-2022.yaml"], to=to, jobs=1, progress=False)
        with closing(sqlite3.connect(tmp_path / "reports/perfkit.db")) as ledger:
            line = ledger.execute("select status, error from reports").fetchone()
        page = tmp_path / "reports/online-learning-2022.html"
        return *line, page.read_text("utf-8") if page.exists() else ""

    return give


def test_a_character_without_a_font_is_told_in_the_ledger(report):
    status, told, page = report("负责人𠮷田", "markdown", ("html", "pdf"))
    assert status == "made"
    assert "𠮷 U+20BB7" in told
    assert "𠮷 U+20BB7" in Path("reports/index.html").read_text("utf-8")
    assert "负责人𠮷田" in page


def test_a_picture_beside_the_notebook_is_embedded(report):
    status, told, page = report("![甲](图.png)", "markdown")
    assert (status, told) == ("made", None)
    assert 'alt="甲"' in page
    assert "data:image/png;base64," in page


@pytest.mark.parametrize(
    ("file", "content", "source", "named"),
    [
        ("openpyxl.py", "", "import openpyxl; openpyxl.Workbook()", "openpyxl"),
        ("docx.py", "raise ValueError('own')", "import docx", "docx"),
        ("xlsxwriter/__init__.py", "", "from xlsxwriter import Workbook", "xlsxwriter"),
        (
            "tomllib.py",
            "",
            "import sys; sys.path.insert(0, ''); sys.modules.pop('tomllib', None)\nimport tomllib; tomllib.loads('')",
            "tomllib",
        ),
    ],
)
def test_a_file_that_stands_in_the_place_of_a_module_is_named(report, tmp_path, file, content, source, named):
    (tmp_path / file).parent.mkdir(exist_ok=True)
    (tmp_path / file).write_text(content, "utf-8")
    status, told, _ = report(source)
    assert status == "failed"
    place = file.removesuffix("/__init__.py")
    assert f"{place}: this file stands in the place of Python's module {named}" in told


def test_files_named_like_modules_harm_no_report(report, tmp_path):
    for name in "copy json random csv yaml pandas numpy typst docx lxml jinja2 IPython zmq perfkit".split():  # noqa: SIM905
        (tmp_path / f"{name}.py").write_text("raise SystemExit(1)", "utf-8")
    status, told, page = report(
        "import random, json, pandas, perfkit; print(json.dumps('甲', ensure_ascii=False))"
    )
    assert (status, told) == ("made", None)
    assert '"甲"' in page


def test_a_cell_s_own_mistake_blames_no_file(report, tmp_path):
    (tmp_path / "test.py").write_text("", "utf-8")
    status, told, _ = report("raise ValueError('甲不对')")
    assert (status, told) == ("failed", "ValueError: 甲不对")


@pytest.mark.parametrize(
    "raised",
    [
        "ExceptionGroup('多处出错', [ValueError('甲不对'), KeyError('乙')])",
        "ExceptionGroup('外', [ExceptionGroup('内', [ValueError('甲不对')]), KeyError('乙')])",
        "ExceptionGroup('外', [ExceptionGroup('中', [ExceptionGroup('内', [ValueError('甲不对')])])])",
        "ExceptionGroup('有因', [ValueError('甲不对')]) from KeyError('丙')",
        "ExceptionGroup('两\\n行', [ValueError('甲不对'), TypeError('丁')])",
    ],
)
def test_a_group_of_exceptions_tells_its_first(report, raised):
    status, told, _ = report(f"raise {raised}")
    assert status == "failed"
    assert "ExceptionGroup: " in told
    assert "ValueError: 甲不对" in told
