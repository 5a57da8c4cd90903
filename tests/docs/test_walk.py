"""The way of a target's text, from an Excel file to the page, is the one that docs/how-it-works.md tells."""

import re
import sys
from dataclasses import replace
from pathlib import Path

import nbformat
import pytest

import perfkit
from perfkit import plain
from perfkit.publish.html import PerfkitHTMLExporter
from perfkit.readers.bulk import read_here
from perfkit.writers import write

DOCS = Path(__file__).parents[2] / "docs"
TARGET = "≥987654个"
MOST = 35
STEP = re.compile(r"^\| \d+ \| `([\w.]+)` \|", re.MULTILINE)


@pytest.fixture
def book(tmp_path):
    """A form as Excel, with a target like no other."""
    form = perfkit.read(Path(__file__).parents[2] / "params/forms/leadership-training-2022.yaml")
    first, *others = form.indicators
    path = tmp_path / "form.xlsx"
    write(replace(form, indicators=(replace(first, target=TARGET), *others)), path)
    return path


def walk(path):
    """Go the way in one process, so that it can be watched; forks do the same, with JSON between them."""
    (form,) = plain.loads(plain.dumps(read_here(path, path.name)))
    html = perfkit.score(form, profile="shanghai-2022")._repr_html_()
    cell = nbformat.v4.new_code_cell("card", execution_count=1)
    cell.outputs = [nbformat.v4.new_output("display_data", {"text/html": html})]
    notebook = nbformat.v4.new_notebook(cells=[cell])
    return PerfkitHTMLExporter().from_notebook_node(notebook)[0]


def watched(go, *args):
    """Give what a call gives, and every function of perfkit that it called, in the order of their first calls."""
    called = {}

    def note(frame, event, _):
        if event == "call" and (room := frame.f_globals.get("__name__", "")).startswith("perfkit."):
            called.setdefault(f"{room.removeprefix('perfkit.')}.{frame.f_code.co_qualname}", None)

    sys.setprofile(note)
    try:
        return go(*args), list(called)
    finally:
        sys.setprofile(None)


def test_the_way_is_as_it_is_told(book):
    walk(book)  # what is loaded once is not of the way
    page, called = watched(walk, book)
    told = STEP.findall((DOCS / "how-it-works.md").read_text(encoding="utf-8"))
    assert TARGET in page
    assert [step for step in told if step not in called] == []
    assert sorted(told, key=called.index) == told
    assert len(told) <= MOST


def test_both_languages_tell_the_same_way():
    one, other = (
        STEP.findall((folder / "how-it-works.md").read_text(encoding="utf-8"))
        for folder in (DOCS, DOCS / "zh")
    )
    assert one == other != []
