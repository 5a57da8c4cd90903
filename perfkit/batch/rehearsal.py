"""A report made once before the forks, so that none of them pays for what all of them need.

What perfkit loads when first used (vocabularies, templates, compiled patterns, profiles, font outlines) is
ten times the work of a report. Only perfkit's own notebook is rehearsed, on the first forms of the run;
an analyst's cells run in their own fork alone.
"""

from __future__ import annotations

import ast
import contextlib
import json
from typing import TYPE_CHECKING, Any

from perfkit.batch import job as jobs
from perfkit.workspace import shipped

if TYPE_CHECKING:
    from collections.abc import Iterable

    from perfkit.batch.job import Job


def rehearse(samples: Iterable[Job], shell: Any) -> None:
    """Go through the motions of each job with perfkit's own notebook; keep nothing.

    A form that cannot be read says so in its own report, not here.
    """
    shell.run_cell("None", store_history=False, silent=True)
    shell.displayhook.exec_result = shell.last_execution_result = None
    for job in samples:
        with contextlib.suppress(Exception):
            jobs.parameterized(job)
            notebook = _notebook(_outputs(job, shell))
            jobs.as_json(notebook)
            jobs.rows(job)
            jobs.publish_pages(job, ("html",), notebook)


def _outputs(job: Job, shell: Any) -> list[dict[str, Any]]:
    """Run perfkit's own cells, and give what they would show."""
    names: dict[str, Any] = {
        "form": job.form, "profile": job.profile, "language": job.language, "theme": "", "code": False,
    }  # fmt: skip
    outputs = []
    for cell in _cells():
        body, last = cell.body, cell.body[-1]
        ends = isinstance(last, ast.Expr)
        exec(compile(ast.Module(body[:-1] if ends else body, []), "rehearsal", "exec"), names)  # noqa: S102  # our own
        if isinstance(last, ast.Expr):
            value = eval(compile(ast.Expression(last.value), "rehearsal", "eval"), names)  # noqa: S307
            outputs.append(shell.display_formatter.format(value)[0])
    return outputs


def _cells() -> list[ast.Module]:
    """Give the cells of perfkit's own report notebook, the parameters left out."""
    content = json.loads(shipped("notebooks", "project_report.ipynb").read_text(encoding="utf-8"))
    return [
        ast.parse("".join(cell["source"]))
        for cell in content["cells"]
        if cell["cell_type"] == "code" and "parameters" not in cell["metadata"].get("tags", ())
    ]


def _notebook(outputs: Iterable[dict[str, Any]]) -> Any:
    from nbformat import v4

    cells = [v4.new_code_cell(outputs=[v4.new_output("display_data", data)]) for data in outputs]  # type: ignore[no-untyped-call]
    return v4.new_notebook(cells=cells)  # type: ignore[no-untyped-call]
