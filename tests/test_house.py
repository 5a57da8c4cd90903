"""The house holds: data runs one way, the core stays light, and the commit holds no stranger's address."""

import ast
import graphlib
import re
import subprocess
import sys
from pathlib import Path

import pytest

import perfkit
from tests.trees import tree

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "perfkit"

# From left to right: a room may import rooms of its own rank or further left, at import time.
RANKS = [
    ("workspace",),
    ("language",),
    ("text",),
    ("errors", "plugins", "files"),
    ("plain",),
    ("processes",),
    ("form",),
    ("values",),
    ("profile", "profiles"),
    ("readers", "params", "scoring"),
    ("rollup",),
    ("checks",),
    ("narrative",),
    ("display", "writers"),
    ("publish", "kernel", "verify"),
    ("batch", "desk"),
    ("summary", "preview"),
    ("cli", "__main__"),
]
RANK = {room: rank for rank, rooms in enumerate(RANKS) for room in rooms}
CORE = ("form", "text", "values", "profile", "scoring", "rollup", "checks", "narrative")
HEAVY = {
    "IPython", "ipykernel", "jupyter_client", "jupyter_core", "jupyterlab", "nbclient", "nbconvert", "nbformat",
    "papermill", "traitlets", "matplotlib", "pandas", "numpy", "openpyxl", "python_calamine", "docx", "pdfplumber",
    "pypdfium2", "lxml", "rich", "click", "typst",
}  # fmt: skip


def modules():
    return sorted(PACKAGE.rglob("*.py"))


def room(path):
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def eager_imports(path):
    """Give the perfkit rooms that a module imports when it is imported itself."""
    module = tree(path)
    typing_only = {
        id(node)
        for block in ast.walk(module)
        if isinstance(block, ast.If) and "TYPE_CHECKING" in ast.unparse(block.test)
        for node in ast.walk(block)
    }
    for node in module.body:
        if id(node) in typing_only:
            continue
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("perfkit."):
            yield node.module.split(".")[1]
        elif isinstance(node, ast.ImportFrom) and node.module == "perfkit":
            yield from (alias.name for alias in node.names if alias.name in RANK)
        elif isinstance(node, ast.Import):
            yield from (alias.name.split(".")[1] for alias in node.names if alias.name.startswith("perfkit."))


def test_every_module_lives_in_a_known_room():
    assert {room(path) for path in modules()} - {"__init__", *RANK} == set()


@pytest.mark.parametrize("folder", ["docs", "docs/zh"])
def test_the_page_shows_the_rooms_as_they_are(folder):
    page = (ROOT / folder / "how-it-works.md").read_text(encoding="utf-8")
    table = page.partition("\n| --- | --- |\n")[2].partition("\n\n")[0]
    assert [tuple(re.findall(r"`(\w+)`", line.split("|")[1])) for line in table.splitlines()] == RANKS


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_data_runs_one_way(path):
    own = RANK.get(room(path))
    if own is None:  # perfkit/__init__.py, the face over all rooms
        assert list(eager_imports(path)) == []
        return
    right = [other for other in eager_imports(path) if RANK[other] > own]
    assert not right, f"{path.name} reaches to its right: {right}"


def name_of(path):
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def every_import(path):
    """Give the perfkit modules that a module imports at any time, inside functions as well."""
    known = {name_of(each) for each in modules()}
    module = tree(path)
    typing_only = {
        id(node)
        for block in ast.walk(module)
        if isinstance(block, ast.If) and "TYPE_CHECKING" in ast.unparse(block.test)
        for statement in block.body
        for node in ast.walk(statement)
    }
    for node in ast.walk(module):
        if id(node) in typing_only:
            continue
        if isinstance(node, ast.Import):
            yield from {alias.name for alias in node.names} & known
        elif isinstance(node, ast.ImportFrom):
            whole = {f"{node.module}.{alias.name}" for alias in node.names}
            yield from whole & known or {node.module} & known


def test_no_imports_go_in_circles():
    graph = {name_of(path): set(every_import(path)) - {name_of(path)} for path in modules()}
    tuple(graphlib.TopologicalSorter(graph).static_order())  # which names the circle that it meets


def loaded_by(statement):
    code = f"import sys\n{statement}\nprint(*sorted({{name.split('.')[0] for name in sys.modules}}))"
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT, encoding="utf-8"
    )
    return set(result.stdout.split())


def test_the_core_works_without_jupyter_matplotlib_pandas_or_a_reader_library():
    used = loaded_by(
        "import perfkit\n"
        "form = perfkit.read('params/forms/online-learning-2022.yaml')\n"
        "card = perfkit.score(form, profile='shanghai-2022')\n"
        "findings = perfkit.check(form, card)\n"
        "story = perfkit.narrate(form, card, findings, language='zh')\n"
        "card.to_dict(), findings.to_dict(), form.to_dict(), story.headline"
    )
    assert used & HEAVY == set()


@pytest.mark.parametrize("name", CORE)
def test_a_room_of_the_core_imports_nothing_heavy(name):
    assert loaded_by(f"import perfkit.{name}") & HEAVY == set()


def test_importing_perfkit_loads_no_room_at_all():
    used = loaded_by("import perfkit")
    assert used & (HEAVY | {"pydantic", "yaml", "decimal"}) == set()


def test_only_the_room_of_processes_starts_processes():
    starts = {"subprocess", "multiprocessing", "pty", "popen2"}
    others = [
        path for path in sorted(PACKAGE.rglob("*.py")) if path.parent.name not in {"processes", "kernel"}
    ]
    found = {path.name: names & starts for path in others if (names := set(_imported(path))) & starts}
    assert found == {}


def _imported(path):
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield (node.module or "").partition(".")[0]


def test_every_public_name_is_there_and_documented():
    for name in perfkit.__all__:
        thing = getattr(perfkit, name)
        assert name == "__version__" or (thing.__doc__ or "").strip(), name
    with pytest.raises(AttributeError, match="no attribute 'scor'"):
        perfkit.scor  # noqa: B018


def tracked():
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    return [ROOT / name for name in listing.decode().split("\0") if name]


@pytest.mark.skipif(
    not (ROOT / ".git").exists(), reason="not a git checkout: an sdist has no list of its files"
)
def test_nothing_committed_names_this_machine_or_a_registry():
    hosts = ("py" + "pi.org", "python" + "hosted", "npm" + "js.", "deb." + "debian")
    homes = ("/ro" + "ot/", "/ho" + "me/", "/Us" + "ers/", "/work/" + "main", "/work/" + "shared")
    strange = re.compile("|".join(re.escape(text) for text in hosts + homes).encode())
    guilty = [
        str(path.relative_to(ROOT))
        for path in tracked()
        if path.is_file() and strange.search(path.read_bytes())
    ]
    assert guilty == []


def test_nothing_cites_a_document_that_is_not_here():
    names = "|".join(("CON" + "TRACT", "RU" + "LES", "DE" + "FECTS", "DE" + "SIGN", "FA" + "CTS"))
    cited = re.compile(rf"\b(?:{names})(?:\.md|,? §| R[0-9]|\b(?= table))")
    files = (path for folder in ("perfkit", "tests", "notebooks") for path in (ROOT / folder).rglob("*"))
    texts = (path for path in files if path.suffix in {".py", ".yaml", ".j2", ".ipynb"})
    guilty = [str(path.relative_to(ROOT)) for path in texts if cited.search(path.read_text("utf-8"))]
    assert guilty == []


def test_the_locks_hold_names_versions_and_hashes_only():
    line = re.compile(
        r"^(?:[A-Za-z0-9_.\[\]-]+==[^\s;]+(?: ; [^\\]+)? \\|    --hash=sha256:[0-9a-f]{64}(?: \\)?)$"
    )
    for path in (ROOT / ".ci" / "lock").glob("*.txt"):
        wrong = [text for text in path.read_text(encoding="utf-8").splitlines() if not line.match(text)]
        assert wrong == [], path.name


@pytest.mark.parametrize("path", sorted((ROOT / "notebooks").glob("*.ipynb")), ids=lambda path: path.name)
def test_notebooks_are_committed_without_outputs(path):
    import nbformat

    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            assert cell.outputs == []
            assert cell.execution_count is None
            assert len(cell.source.splitlines()) <= 12, "cells are short and hold no logic"
