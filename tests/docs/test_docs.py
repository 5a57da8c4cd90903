"""README and docs are true: every block runs, every command in the prose exists, every link leads somewhere."""

import re
import shlex
import shutil
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import click
import pytest
import yaml

import perfkit
from perfkit.cli import cli
from tests.docs.blocks import RUNNERS, blocks, commands
from tests.docs.session import Session

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
WORKSPACE = ROOT / "perfkit" / "workspace_files" / "README.md"
PAGES = [
    *(ROOT / name for name in ("README.md", "README.zh-CN.md", "CONTRIBUTING.md")),
    WORKSPACE,
    *sorted(page for page in DOCS.rglob("*.md") if "_build" not in page.parts),
]
LINK = re.compile(r"(?<!`)!?\[[^\]]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
NAMED = re.compile(r"`(perfkit|make) ([^`]+)`")
BY_CI = set(re.findall(r"^make .+", (ROOT / ".ci" / "run").read_text(encoding="utf-8"), re.MULTILINE))
LOGO = '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40"><circle cx="20" cy="20" r="18"/></svg>'
PUBLISHED = "tests/data/readers/ruled.pdf"


def name(path):
    return path.relative_to(ROOT).as_posix()


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    """A workspace as `perfkit init` makes it, with the files that a command's help speaks of."""
    folder = tmp_path_factory.mktemp("made") / "office"
    folder.mkdir()
    with Session(folder, folder.parent) as session:
        session.must("perfkit init")
        for file in ("form.xlsx", "forms/form.docx", "units/first.xlsx", "units/second.xlsx"):
            session.must(f"perfkit export params/forms/online-learning-2022.yaml --to {file}")
        shutil.copy(ROOT / PUBLISHED, folder / "published.pdf")
        (folder / "logo.svg").write_text(LOGO)
        (folder / "fonts").mkdir()
        session.must("perfkit report params --to html")
        session.must("perfkit report params")
    return folder


@pytest.fixture
def session(page, office, tmp_path):
    """A terminal in ~/office: a workspace, or an empty folder where the page makes the workspace itself."""
    folder = tmp_path / "office"
    typed = [command for each in blocks(page) if each.language == "console" for command, _ in commands(each)]
    if "perfkit init" in typed:
        folder.mkdir()
    else:
        shutil.copytree(office, folder)
        (folder / ".venv").symlink_to(sys.prefix)
    with Session(folder, tmp_path) as session:
        yield session


@pytest.mark.parametrize("page", [page for page in PAGES if blocks(page)], ids=name)
def test_a_page_is_true_when_followed_from_top_to_bottom(page, session):
    for block in blocks(page):
        assert block.language in RUNNERS, f"{name(page)}:{block.line}: nothing runs {block.language!r} blocks"
        if not (block.language == "console" and BY_CI.issuperset(command for command, _ in commands(block))):
            RUNNERS[block.language](block, session)


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_command_named_in_the_prose_is_one(page):
    targets = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    for program, said in NAMED.findall(FENCE.sub("", page.read_text(encoding="utf-8"))):
        words = shlex.split(said)
        if program == "make":
            assert words[0] in targets
        elif words != ["--version"]:
            command = cli.commands[words[0]]
            command.make_parser(click.Context(command, **cli.context_settings)).parse_args(
                words[1:]
            )  # an unknown option is an error


def test_the_manifest_for_kubernetes_reports_on_loopback(office, tmp_path):
    """Run its containers' own commands; the service's name is this machine's."""
    [block] = [each for each in blocks(DOCS / "howto" / "cluster.md") if each.path == "kubernetes.yaml"]
    parts = list(yaml.safe_load_all(block.text))
    services = [part["metadata"]["name"] for part in parts if part["kind"] == "Service"]
    shutil.copytree(office, tmp_path / "office")
    with Session(tmp_path / "office", tmp_path) as session:
        for part in parts:
            if part["kind"] in {"Deployment", "Job"}:
                [container] = part["spec"]["template"]["spec"]["containers"]
                command = shlex.join(container["command"])
                for service in services:
                    command = command.replace(service, "127.0.0.1")
                session.must(
                    command if part["kind"] == "Job" else f"{command} > {part['metadata']['name']}.log 2>&1 &"
                )


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_no_link_is_dead(page):
    text = FENCE.sub("", page.read_text(encoding="utf-8"))
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
    pages = {path.relative_to(DOCS).with_suffix("").as_posix() for path in PAGES if DOCS in path.parents}
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
