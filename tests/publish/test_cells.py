"""Tags decide what of a notebook its readers see; code is shown only on request."""

import pytest

from perfkit.publish import publish
from tests.publish.notebooks import markdown, notebook, output


def page(*cells, **parameters):
    return publish(notebook("<h1>题</h1>", *cells, **parameters), ["html"])["html"].decode()


@pytest.mark.parametrize(
    "tag", ["remove_cell", "remove-cell", "hide-cell", "hide_cell", "noexport", "Remove_Cell"]
)
def test_a_cell_is_left_out_by_tag(tag):
    shown = page(output("<p>秘密</p>", tags=[tag]), markdown("秘密", metadata={"tags": [tag]}), code=True)
    assert "秘密" not in shown


@pytest.mark.parametrize(
    ("tag", "code", "result"),
    [
        ("remove_input", False, True),
        ("remove-input", False, True),
        ("hide-input", False, True),
        ("remove_output", True, False),
        ("hide-output", True, False),
        ("other", True, True),
    ],
)
def test_an_input_or_an_output_is_left_out_by_tag(tag, code, result):
    shown = page(output("<p>果</p>", source="因", tags=[tag]), code=True)
    assert ("因" in shown, "果" in shown) == (code, result)


def test_what_is_folded_in_jupyterlab_stays_folded():
    cell = output("<p>果</p>", source="因")
    cell.metadata["jupyter"] = {"source_hidden": True, "outputs_hidden": True}
    shown = page(cell, code=True)
    assert "因" not in shown
    assert "果" not in shown


def test_code_is_shown_on_request_only():
    assert "sum(x)" not in page(output("<p>果</p>", source="sum(x)"))
    shown = page(output("<p>果</p>", source="sum(x)"), code=True)
    assert 'class="pk-code"' in shown
    assert "code" in shown
    assert "language" in shown  # the parameters stand in the report with the other code


def test_publishing_leaves_the_notebook_as_it_was():
    made = notebook(output("<p>秘密</p>", tags=["remove_cell"]))
    before = made.copy()
    publish(made, ["html"])
    assert made == before
