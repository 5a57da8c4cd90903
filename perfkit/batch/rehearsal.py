"""A report made once before the forks, so that none of them pays for what all of them need.

What perfkit loads when first used (vocabularies, templates, compiled patterns, profiles, font outlines) is
ten times the work of a report. Only perfkit's own notebook is rehearsed, on the first forms of the run;
an analyst's cells run in their own fork alone.
"""

from __future__ import annotations

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
            notebook = _notebook(_outputs(job))
            jobs.as_json(notebook)
            jobs.rows(job)
            jobs.publish_pages(job, ("html",), notebook)


def _outputs(job: Job) -> list[dict[str, Any]]:
    """Run perfkit's own cells, and give what they would show."""
    from IPython.utils.capture import capture_output

    names = {"form": job.form, "profile": job.profile, "language": job.language}
    with capture_output() as captured:
        exec(compile(_code(), "rehearsal", "exec"), names)  # noqa: S102  # our own
    return [shown.data for shown in captured.outputs]


def _code() -> str:
    """Give the code of perfkit's own report notebook, the parameters left out."""
    content = json.loads(shipped("notebooks", "project_report.ipynb").read_text(encoding="utf-8"))
    return "\n".join(
        "".join(cell["source"])
        for cell in content["cells"]
        if cell["cell_type"] == "code" and "parameters" not in cell["metadata"].get("tags", ())
    )


def _notebook(outputs: Iterable[dict[str, Any]]) -> Any:
    from nbformat import v4

    cells = [v4.new_code_cell(outputs=[v4.new_output("display_data", data)]) for data in outputs]  # type: ignore[no-untyped-call]
    return v4.new_notebook(cells=cells)  # type: ignore[no-untyped-call]
