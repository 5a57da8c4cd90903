"""README and docs are true: every block runs, every command in the prose exists, every link leads somewhere."""

import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import click
import docx
import pypdfium2
import pytest
import yaml

import perfkit
from perfkit.cli import cli
from tests.docs.blocks import RUNNERS, blocks, commands
from tests.docs.session import Session

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
WORKSPACE = ROOT / "perfkit" / "workspace_files" / "README.en.md"
PAGES = [
    *(ROOT / name for name in ("README.md", "README.zh-CN.md", "CONTRIBUTING.md")),
    WORKSPACE,
    *sorted(page for page in DOCS.rglob("*.md") if "_build" not in page.parts),
]
CHINESE = DOCS / "zh"  # its code blocks are those of the English pages, which are run
COMMENT = re.compile(r"(?:^| +)# (?!\S+\.\w+$).*$", re.MULTILINE)  # but the one that names the file
FOLLOWED = {"CONTRIBUTING.md"}  # by tests/test_recipes.py, in a copy of the house
LINK = re.compile(r"(?<!`)!?\[[^\]]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
NAMED = re.compile(r"`(perfkit|make) ([^`]+)`")
BY_CI = set(re.findall(r"^make .+", (ROOT / ".ci" / "run").read_text(encoding="utf-8"), re.MULTILINE))
BY_CI |= {"make dist", "pip install dist/*.whl"}  # tests/test_wheel.py does both, and makes a bundle
BUNDLE = "perfkit bundle --python 3.12 --platform "
BY_CI |= {f"{BUNDLE}win_amd64", f"{BUNDLE}manylinux2014_x86_64 --platform manylinux_2_28_x86_64"}
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
        with pypdfium2.PdfDocument(folder / "published.pdf") as document:
            document[0].render(scale=200 / 72).to_pil().save(folder / "scan.png")
        (folder / "logo.svg").write_text(LOGO)
        (folder / "words.yaml").write_text("{}\n")
        (folder / "fonts").mkdir()
        session.must("perfkit report params --to html")
        session.must("perfkit report params")
        session.must("perfkit report params --to docx")
        session.must("perfkit summary --to docx")
        for kind in ("docx", "pdf"):
            shutil.copy(folder / "reports" / f"online-learning-2022.{kind}", folder / f"report.{kind}")
        shutil.copy(folder / "reports" / "summary.docx", folder)
        docx.Document().save(folder / "公文.docx")
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
    with Session(folder, tmp_path, PERFKIT_LANGUAGE="zh" if CHINESE in page.parents else "") as session:
        yield session


def printed(page):
    return [each for block in blocks(page) if block.language == "console" for each in commands(block)]


def prints_otherwise(page):
    """Tell a Chinese page whose terminal prints other lines than that of its English twin."""
    return printed(page) != printed(DOCS / page.relative_to(CHINESE))


@pytest.mark.parametrize(
    "page",
    [
        page
        for page in PAGES
        if blocks(page)
        and page.name not in FOLLOWED
        and (CHINESE not in page.parents or prints_otherwise(page))
    ],
    ids=name,
)
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
    assert (DOCS / page.PAGE).read_text(encoding="utf-8") == page.text(), "make docs"
    assert (CHINESE / page.PAGE).read_text(encoding="utf-8") == page.text("zh"), "make docs"


@pytest.mark.parametrize("root", [DOCS, CHINESE], ids=["en", "zh"])
def test_every_page_is_in_the_contents(root):
    listed = set(re.findall(r"^([\w/\-]+)$", (root / "index.md").read_text(encoding="utf-8"), re.MULTILINE))
    pages = {path.relative_to(root).with_suffix("").as_posix() for path in PAGES if root in path.parents}
    if root == DOCS:
        pages = {page for page in pages if not page.startswith("zh/")} | {"zh/index"}
    assert pages - {"index"} == listed


def test_the_glossary_says_in_chinese_what_it_says_in_english_and_names_what_is_in_use():
    english, chinese = (
        re.findall(
            r"^\| ([a-z][^|]+) \| ([^|]+) \|",
            (root / "glossary.md").read_text(encoding="utf-8"),
            re.MULTILINE,
        )
        for root in (DOCS, CHINESE)
    )
    assert english == chinese
    pages = [page for page in PAGES if page.name != "glossary.md"]
    kept = [*pages, *(path for kind in ("py", "yaml") for path in (ROOT / "perfkit").rglob(f"*.{kind}"))]
    said = "\n".join(path.read_text(encoding="utf-8").lower() for path in kept)
    used = [
        word
        for term in english
        for cell, mark in zip(term, (", ", "、"), strict=True)
        for word in cell.split(mark)
    ]
    assert [word for word in used if word not in said] == []


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


INSTALL = re.compile(r"^\$ (?:python -m )?pip install (.+)$", re.MULTILINE)


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_line_that_installs_names_what_exists(page):
    """perfkit is on no index: its wheel is what `make dist` builds, and an extra is asked of the one installed."""
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"][
        "optional-dependencies"
    ]
    for what in INSTALL.findall(page.read_text(encoding="utf-8")):
        extra = re.fullmatch(r"""['"]?perfkit\[(\w+)\]['"]?""", what)
        assert what == "dist/*.whl" or (extra and extra[1] in extras), what


CHINESE = DOCS / "zh"
ENGLISH = [page for page in DOCS.rglob("*.md") if not {"_build", "zh", "pages"} & set(page.parts)]


@pytest.mark.skipif(not (CHINESE / "index.md").is_file(), reason="docs/zh is not begun")
@pytest.mark.parametrize("page", ENGLISH, ids=name)
def test_every_page_stands_in_chinese_with_the_same_code(page):
    theirs = CHINESE / page.relative_to(DOCS)
    assert theirs.is_file(), f"{name(theirs)} is missing"
    assert [command for command, _ in printed(theirs)] == [command for command, _ in printed(page)]
    for ours, told in zip(files(page), files(theirs), strict=True):
        assert COMMENT.sub("", told) == COMMENT.sub("", ours), f"{name(theirs)} is stale"
        for comment in COMMENT.findall(told):
            assert re.search("[一-鿿]", comment), f"{name(theirs)}: not in Chinese: {comment}"


def files(page):
    return [block.text for block in blocks(page) if block.language in {"yaml", "bash", "crontab"}]
