"""The recipes of CONTRIBUTING.md, each followed in a copy of the house: what it adds is not there before and is after."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs.blocks import blocks

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "CONTRIBUTING.md"
STEP = re.compile(r"# (?P<path>[\w./-]+)(?:, (?:(?P<end>at the end)|after (?P<line>.+)))?\n")
# What a recipe is done by: the tests that it names, those of the house that hold the new thing among them.
TRIED = {
    "A new province's rules": [
        "tests/profile/test_county.py",
        "tests/profile/test_shipped.py",
    ],
    "A new file format": ["tests/readers/test_sylk.py"],
    "A new finding": [
        "tests/checks/test_cases.py",
        "tests/checks/test_pages.py",
        "-k",
        "PK218 or rule or agreed or manual",
    ],
    "A new figure": ["tests/display/test_verdicts.py", "tests/display/test_figures.py", "-k", "verdicts"],
    "A new word": ["tests/values/test_published_rows.py", "-k", "judged_row"],
}


def recipes():
    """Give the blocks of each recipe, in order, by its heading."""
    text = PAGE.read_text(encoding="utf-8")
    heads = [
        (number, line[4:]) for number, line in enumerate(text.splitlines(), 1) if line.startswith("### ")
    ]
    ends = [number for number, _ in heads[1:]] + [len(text.splitlines()) + 1]
    found = blocks(PAGE)
    return {
        name: [block for block in found if start < block.line < end]
        for (start, name), end in zip(heads, ends, strict=True)
    }


def do(block, house):
    """Do what a block says: make a file, or put its lines where its first line says."""
    step = STEP.match(block.text)
    assert step, f"line {block.line}: the first line names the file"
    path, lines = house / step["path"], block.text[step.end() :]
    if step["end"]:
        path.write_text(f"{path.read_text(encoding='utf-8').rstrip()}\n\n\n{lines}", encoding="utf-8")
    elif step["line"]:
        text = path.read_text(encoding="utf-8")
        (before,) = [line for line in text.splitlines(keepends=True) if line.strip().startswith(step["line"])]
        path.write_text(text.replace(before, before + lines), encoding="utf-8")
    else:
        assert not path.exists(), f"{step['path']} is there already"
        path.write_text(lines, encoding="utf-8")
    return step["path"]


def run(house, *command):
    environment = os.environ | {"PYTHONPATH": str(house), "PYTHONUTF8": "1"}
    return subprocess.run(
        [sys.executable, "-m", *command],
        cwd=house,
        env=environment,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def tried(house, name):
    return run(house, "pytest", "-q", "-p", "no:cacheprovider", *TRIED[name])


@pytest.fixture
def house(tmp_path):
    """Copy what the recipes touch; the package that is imported there is the copy."""
    aside = shutil.ignore_patterns("__pycache__", "fuzz", "_build", "pictures")
    for folder in ("perfkit", "tests", "docs", "params"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=aside)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_there_is_a_recipe_for_each_thing_that_people_add():
    assert list(recipes()) == list(TRIED)


@pytest.mark.parametrize("name", TRIED)
def test_a_recipe_does_what_it_says(name, house):
    steps = recipes()[name]
    of_tests = [block for block in steps if STEP.match(block.text)["path"].startswith("tests/")]
    for block in of_tests:
        do(block, house)
    before = tried(house, name)
    assert before.returncode in (1, 2), "the tests hold without the rest:\n" + before.stdout
    for block in steps:
        if block not in of_tests:
            do(block, house)
    if any("make docs" in line for line in section(name)):
        made = run(house, "docs.pages")
        assert made.returncode == 0, made.stderr
    after = tried(house, name)
    assert after.returncode == 0, after.stdout + after.stderr
    assert " passed" in after.stdout


def section(name):
    return PAGE.read_text(encoding="utf-8").partition(f"### {name}\n")[2].partition("\n### ")[0].splitlines()


@pytest.mark.parametrize("name", TRIED)
def test_every_file_that_a_recipe_names_is_there(name):
    prose = re.sub(r"```.*?```", "", "\n".join(section(name)), flags=re.DOTALL)
    made = {STEP.match(block.text)["path"] for block in recipes()[name]}
    for path in re.findall(r"\b(?:perfkit|docs|tests)/[\w./-]+\w", prose):
        assert (ROOT / path).exists() or path in made, path
