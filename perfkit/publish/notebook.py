"""What an executed notebook says of its published form: language, theme, and which cells its readers see.

Its parameters are wishes. Papermill leaves the ones it injected in the metadata; the defaults stand in the
cell tagged `parameters`. One that is there and empty means "as `perfkit.yaml` says"; a notebook without
such a parameter is published in the language that its outputs are mostly written in. Tags decide what is
seen, in either spelling (`remove_cell`, `remove-cell`), and so does JupyterLab's own way of folding a cell
away.
"""

from __future__ import annotations

import ast
import os
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from perfkit.errors import Fault, SettingsError
from perfkit.language import LANGUAGES, Language
from perfkit.shared import Shared, settings
from perfkit.text import say

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from nbformat import NotebookNode

PARAMETER_TAGS = frozenset({"parameters", "injected-parameters"})
_HAN = re.compile("[\u3400-\u9fff]+")
_LETTERS = re.compile("[A-Za-z]+")


@dataclass(frozen=True, slots=True)
class Wishes:
    """Hold what the notebook asks of the page: its language, whether code is shown, the theme's file."""

    language: Language = "zh"
    code: bool = False
    theme: str = ""


def tags_of(cell: NotebookNode) -> frozenset[str]:
    """Give the tags of a cell, lower case, with `-` for `_`, since both spellings are about."""
    tags = cell.metadata.get("tags") or ()
    return frozenset(str(tag).lower().replace("_", "-") for tag in tags)


def parameters_of(notebook: NotebookNode) -> dict[str, Any]:
    """Collect the notebook's parameters: the defaults of its parameters cell, then what was injected."""
    found: dict[str, Any] = {}
    for cell in notebook.cells:
        if cell.cell_type == "code" and tags_of(cell) & PARAMETER_TAGS:
            found.update(_assignments(cell.source))
    papermill = notebook.metadata.get("papermill") or {}
    found.update(papermill.get("parameters") or {})
    return found


def wishes_of(notebook: NotebookNode, workspace: Path | None = None) -> Wishes:
    """Read the wishes of a notebook, every fault of them at once.

    What it leaves empty is looked up in the `perfkit.yaml` of the workspace.

    Raises:
        SettingsError: `language` is neither zh nor en, `code` is no truth value, or `theme` is no text.
    """
    parameters = parameters_of(notebook)
    faults = list(_faults(parameters))
    if faults:
        raise SettingsError(*faults)
    left = [name for name in ("language", "theme") if name in parameters and not parameters[name]]
    common = settings(workspace=workspace) if left else Shared()
    language: Any = (
        parameters.get("language") or ("language" in left and common.language) or spoken_in(notebook)
    )
    theme = parameters.get("theme") or ("theme" in left and common.theme) or ""
    return Wishes(language, bool(parameters.get("code", False)), theme)


def spoken_in(notebook: NotebookNode) -> Language:
    """Guess the language of a notebook that does not name it: Chinese unless Latin letters prevail."""
    text = "".join(_words(notebook))
    return "en" if _length(_LETTERS, text) > 4 * _length(_HAN, text) else "zh"


def _length(runs: re.Pattern[str], text: str) -> int:
    return sum(map(len, runs.findall(text)))


def _words(notebook: NotebookNode) -> Iterator[str]:
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            yield cell.source
        for output in cell.get("outputs", ()):
            yield re.sub(r"<[^>]*>", " ", str(output.get("data", {}).get("text/html", "")))


def _faults(parameters: dict[str, Any]) -> Iterator[Fault]:
    language, code, theme = (parameters.get(key) for key in ("language", "code", "theme"))
    if language and language not in LANGUAGES:
        yield Fault(
            say("faults.unknown_language"), place="language", got=repr(language), expected=say("faults.zh_en")
        )
    if code is not None and not isinstance(code, bool):
        yield Fault(
            say("faults.no_truth_value"), place="code", got=repr(code), expected=say("faults.true_false")
        )
    if theme is not None and not isinstance(theme, str):
        yield Fault(
            say("faults.no_path"), place="theme", got=repr(theme), expected=say("faults.path_yaml_file")
        )


def _assignments(source: str) -> Iterator[tuple[str, Any]]:
    """Give the names a cell assigns plain constants to; anything else there is none of our business."""
    try:
        body = ast.parse(source).body
    except SyntaxError:
        return
    for statement in body:
        if isinstance(statement, ast.Assign | ast.AnnAssign) and isinstance(statement.value, ast.Constant):
            targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
            yield from ((t.id, statement.value.value) for t in targets if isinstance(t, ast.Name))


def made_at(notebook: NotebookNode, told: str = "") -> int:
    """Give the time of the run in Unix seconds, the same whenever the same notebook is published.

    That is SOURCE_DATE_EPOCH, else the time that the page has `told`, else what the notebook notes, else 0.
    """
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    if epoch.isdigit():
        return int(epoch)
    if told:
        return _seconds(told)
    notes = [(part.metadata.get("papermill") or {}).get("end_time") for part in (notebook, *notebook.cells)]
    notes += [time for cell in notebook.cells for time in (cell.metadata.get("execution") or {}).values()]
    return max((_seconds(note) for note in notes), default=0)


def _seconds(note: object) -> int:
    try:
        moment = datetime.fromisoformat(str(note))
    except ValueError:
        return 0
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())


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
