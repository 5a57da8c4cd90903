"""Which cells, inputs and outputs of an executed notebook its readers see.

Tags decide, in either spelling (`remove_cell`, `remove-cell`), and so does JupyterLab's own way of folding a
cell away. Code is left out unless the notebook's parameter `code` asks for it; the cells that hold the
parameters are then shown like any other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfkit.publish.wishes import tags_of

if TYPE_CHECKING:
    from nbformat import NotebookNode

CELL_TAGS = frozenset({"remove-cell", "hide-cell", "remove", "hide", "noexport", "exclude"})
INPUT_TAGS = frozenset({"remove-input", "hide-input", "hide-code"})
OUTPUT_TAGS = frozenset({"remove-output", "hide-output", "remove-outputs"})


def choose(notebook: NotebookNode, *, code: bool) -> NotebookNode:
    """Leave in the notebook, in place, only what its readers are to see."""
    notebook.cells = [cell for cell in notebook.cells if not tags_of(cell) & CELL_TAGS]
    for cell in notebook.cells:
        folded = cell.metadata.get("jupyter") or {}
        tags = tags_of(cell)
        if cell.cell_type != "code":
            if tags & INPUT_TAGS or folded.get("source_hidden"):
                cell.source = ""
            continue
        if not code or tags & INPUT_TAGS or folded.get("source_hidden"):
            cell.metadata.setdefault("transient", {})["remove_source"] = True
        if tags & OUTPUT_TAGS or folded.get("outputs_hidden"):
            cell.outputs = []
    return notebook
