"""README and docs are true: every command and code block runs, every link leads somewhere."""

import os
import re
import shlex
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import pytest

import perfkit

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", ROOT / "README.zh-CN.md", ROOT / "CONTRIBUTING.md", *sorted(DOCS.rglob("*.md"))]
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"(?<!`)!?\[[^\]]*\]\(([^)\s]+)\)")
TARGETS = {"make report", "make test", "make lab", "make lint", "make help"}


def name(path):
    return path.relative_to(ROOT).as_posix()


def blocks(path, kind):
    return [body for found, body in BLOCK.findall(path.read_text(encoding="utf-8")) if found == kind]


def commands(path):
    lines = [line for body in blocks(path, "console") for line in body.splitlines() if line.startswith("$ ")]
    return [line[2:].split("  #")[0].strip() for line in lines]


def run(command, cwd):
    """Run one command as a reader would type it, with this environment's programs first on the path."""
    environment = os.environ | {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "PYTHONUTF8": "1",
    }
    return subprocess.run(
        ["bash", "-c", command],
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    """A workspace as `perfkit init` makes it, for each page to start from."""
    folder = tmp_path_factory.mktemp("office")
    assert run("perfkit init", folder).returncode == 0
    return folder


@pytest.fixture
def workspace(office, tmp_path, request):
    """The folder a page starts in: empty where the page makes the workspace itself."""
    page = request.getfixturevalue("page")
    makes_its_own = "perfkit init" in commands(page) and "python" not in request.node.name
    if not makes_its_own:
        run(f"cp -r {shlex.quote(str(office))}/. .", tmp_path)
    for body in blocks(page, "yaml"):
        first = body.splitlines()[0]
        if first.startswith("# ") and first.endswith(".yaml"):
            target = tmp_path / first[2:]
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(body, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("page", [page for page in PAGES if commands(page)], ids=name)
def test_every_command_of_a_page_runs(page, workspace):
    for command in commands(page):
        if command in TARGETS or command == "pip install perfkit":
            continue  # CI runs the targets themselves; the wheel's own test installs it
        result = run(command, workspace)
        # `check` exits with 1 where it found errors: it ran
        allowed = {0, 1} if command.startswith("perfkit check") else {0}
        assert result.returncode in allowed, f"$ {command}\n{result.stdout}{result.stderr}"
        assert "Traceback" not in result.stderr


@pytest.mark.parametrize("page", [page for page in PAGES if blocks(page, "python")], ids=name)
def test_the_python_of_a_page_runs(page, workspace):
    script = workspace / "page.py"
    script.write_text("\n".join(blocks(page, "python")), encoding="utf-8")
    result = run(f"{shlex.quote(sys.executable)} page.py", workspace)
    assert result.returncode == 0, result.stderr


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_no_link_is_dead(page):
    text = re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    dead = []
    for link in LINK.findall(text):
        target, _, anchor = link.partition("#")
        if target.startswith(("https://", "mailto:")):
            continue
        path = (page.parent / target).resolve() if target else page
        if not path.exists() or (anchor and path.suffix == ".md" and anchor not in anchors(path)):
            dead.append(link)
    assert dead == []


def anchors(path):
    heads = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    slugs = {re.sub(r"[^\w\- ]", "", head.lower()).strip().replace(" ", "-") for head in heads}
    return slugs | set(
        re.findall(r'(?:id="|^\()([\w.\-]+)(?:"|\)=)', path.read_text(encoding="utf-8"), re.MULTILINE)
    )


@pytest.mark.parametrize(
    "module", sorted(each.name for each in iter_modules([str(DOCS / "pages")]) if each.name[0] != "_")
)
def test_pages_made_from_the_code_are_as_the_code_makes_them(module):
    page = import_module(f"docs.pages.{module}")
    committed = (DOCS / page.PAGE).read_text(encoding="utf-8")
    assert committed == page.text(), "make docs"


def test_every_page_is_in_the_contents():
    listed = set(re.findall(r"^([\w/\-]+)$", (DOCS / "index.md").read_text(encoding="utf-8"), re.MULTILINE))
    pages = {path.relative_to(DOCS).with_suffix("").as_posix() for path in DOCS.rglob("*.md")}
    assert pages - {"index"} == listed


def test_every_public_name_is_in_the_reference():
    reference = (DOCS / "reference" / "python.md").read_text(encoding="utf-8")
    absent = [
        each for each in perfkit.__all__ if f"perfkit.{each}\n" not in reference and not each.startswith("__")
    ]
    errors = {"BusyError", "DataError", "MachineError", "PerfkitError", "SettingsError"}  # by their module
    assert set(absent) == errors
    assert "automodule:: perfkit.errors" in reference


def test_the_site_builds_without_a_warning(tmp_path):
    command = [
        sys.executable,
        "-m",
        "sphinx",
        "-W",
        "--keep-going",
        "-q",
        "-b",
        "html",
        str(DOCS),
        str(tmp_path),
    ]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    assert (tmp_path / "tutorial.html").exists()
