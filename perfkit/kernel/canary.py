"""A small notebook that is run before any other, to see whether a kernel in a fork does what a kernel does.

What a fork leans on inside ipykernel may change with any release. The canary meets that first: its verdict is
kept beside the server's socket, so that it is sung once for all who use that server, and where it is bad
every notebook runs on the standard kernel.
"""

from __future__ import annotations

import re
import sys
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from perfkit.kernel.app import WARM
from perfkit.language import spoken
from perfkit.processes import CallError, LostError, Task, run, shared
from perfkit.text import say

if TYPE_CHECKING:
    from perfkit.processes import Template

SECONDS = 30.0  # within which the canary must have sung
PACKAGES = ("ipykernel", "ipython", "jupyter_client", "nbclient", "papermill")
CELLS = (
    "import sys\nprint('heard')\nprint('beside', file=sys.stderr)",
    "display({'text/plain': 'shown'}, raw=True)\n6 * 7",
    "h = display('first', display_id='d')\nh.update('second')",
    "_ + 1",
    "1 / 0",
)
EXPECTED = [
    [("stream", "stdout", "heard\n"), ("stream", "stderr", "beside\n")],
    [("display_data", "shown"), ("execute_result", 2, "42")],
    [("display_data", "'second'")],
    [("execute_result", 4, "43")],
    [("error", "ZeroDivisionError", "division by zero", "1 / 0")],
]
_told: list[str] = []
_wrong: WeakKeyDictionary[Template, str] = WeakKeyDictionary()


def is_well() -> bool:
    """Tell whether notebooks may run in forks here; if not, say why, once, on standard error."""
    wrong = verdict(shared(WARM))
    if wrong:
        warn(wrong)
    return not wrong


def warn(wrong: str) -> None:
    """Say once, on standard error, why notebooks run on the standard kernel."""
    if not _told:
        _told.append(wrong)
        said = say("cli.standard_kernel", wrong=wrong, versions=versions())
        sys.stderr.write(f"perfkit: {said[spoken()]}\n")


def verdict(template: Template) -> str:
    """Say what is wrong with the kernels of a server, if anything; the first who asks has it sing."""
    from filelock import FileLock

    if template not in _wrong:
        try:
            with FileLock(template.folder / "canary.lock"):
                found = _kept(template)
                if found is None:
                    found = _listen(template)
                    (template.folder / "canary").write_text(found, encoding="utf-8")
        except OSError as error:  # the server went, and its folder with it
            found = f"{type(error).__name__}: {error}"
        if not found:
            return ""
        _wrong[template] = found
    return _wrong[template]


def _kept(template: Template) -> str | None:
    try:
        return (template.folder / "canary").read_text(encoding="utf-8")
    except FileNotFoundError:
        return None


def _listen(template: Template) -> str:
    """Have the canary sing in a process of its own, so that it may hang or crash."""
    *_, done = run([Task(0, sing, (), SECONDS)], 1, template)
    error = getattr(done, "error", None)
    if isinstance(error, LostError) and error.cause == "time":
        return say("batch.canary.slow", n=len(CELLS), seconds=f"{SECONDS:g}")[spoken()]
    if isinstance(error, CallError | LostError):
        return str(error)
    return str(error or getattr(done, "value", ""))


def sing() -> str:
    """Run the canary's cells in a kernel of this server; say what came out otherwise than it should."""
    from nbclient.exceptions import DeadKernelError
    from nbformat.v4 import new_code_cell, new_notebook
    from papermill.engines import NotebookExecutionManager

    from perfkit.kernel.client import run_in_fork

    notebook: Any = new_notebook(cells=[new_code_cell(source) for source in CELLS])  # type: ignore[no-untyped-call]
    notebook.metadata.papermill = {}
    manager = NotebookExecutionManager(notebook, progress_bar=False)
    manager.notebook_start()
    try:
        run_in_fork(manager, kernel_name="python3")
    except DeadKernelError as error:
        return say("batch.canary.lost", error=error)[spoken()]
    for number, (cell, expected) in enumerate(zip(notebook.cells, EXPECTED, strict=True), 1):
        if (heard := [_essence(output) for output in cell.outputs]) != expected:
            return f"cell {number} gave {heard}, not {expected}"
    return ""


def _essence(output: Any) -> tuple[Any, ...]:
    match output["output_type"]:
        case "stream":
            return ("stream", output["name"], output["text"])
        case "display_data":
            return ("display_data", output["data"].get("text/plain"))
        case "execute_result":
            return ("execute_result", output["execution_count"], output["data"].get("text/plain"))
        case "error":
            shown = re.sub(r"\x1b\[[\d;]*m", "", "\n".join(output["traceback"]))
            place = "1 / 0" if re.search(r"^-+> 1 1 ?/ ?0$", shown, re.MULTILINE) else shown[-200:]
            return ("error", output["ename"], output["evalue"], place)
    return (output["output_type"],)


def versions() -> str:
    """Name the versions that a kernel in a fork leans on."""
    python = ".".join(map(str, sys.version_info[:3]))
    return ", ".join([f"Python {python}", *(f"{name} {_version(name)}" for name in PACKAGES)])


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "missing"
