"""An executed notebook comes out in both formats."""

from nbformat.v4 import new_code_cell, new_notebook, new_output

from perfkit.publish import publish


def test_publish_gives_both_formats():
    cell = new_code_cell(
        "1", outputs=[new_output("display_data", {"text/html": "<h1>甲</h1><h2>乙</h2><p>丙</p>"})]
    )
    pages = publish(new_notebook(cells=[cell]))
    assert "<h1" in pages["html"].decode()
    assert pages["pdf"].startswith(b"%PDF-")
