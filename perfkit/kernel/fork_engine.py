"""The engine itself, as papermill calls it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from papermill.engines import NBClientEngine, NotebookExecutionManager
from papermill.log import logger
from papermill.utils import merge_kwargs, remove_args

from perfkit.kernel import canary
from perfkit.kernel.client import run_in_fork
from perfkit.processes import template

if TYPE_CHECKING:
    from collections.abc import Callable


class ForkEngine(NBClientEngine):  # type: ignore[misc]
    """Run a notebook in a warm fork; see papermill's `Engine` for the arguments."""

    @classmethod
    def execute_managed_notebook(  # noqa: PLR0913, PLR0917  # papermill's signature
        cls, nb_man: NotebookExecutionManager, kernel_name: str, log_output: bool = False,  # noqa: FBT001, FBT002
        stdout_file: Any = None, stderr_file: Any = None, start_timeout: int = 60,
        execution_timeout: int | None = None, memory: int | None = None, ask: str = "",
        answered: Callable[[str], object] = str, **kwargs: Any,
    ) -> Any:  # fmt: skip
        """Run the cells of a parameterized notebook; outputs and errors are put into it.

        `ask` is an expression to evaluate after them, `answered` hears its text; not on a standard kernel.
        """
        if not (runs_here(kernel_name) and canary.is_well()):
            return super().execute_managed_notebook(
                nb_man, kernel_name, log_output=log_output, stdout_file=stdout_file, stderr_file=stderr_file,
                start_timeout=start_timeout, execution_timeout=execution_timeout, **kwargs,
            )  # fmt: skip
        settings = merge_kwargs(
            remove_args(["input_path", "timeout", "startup_timeout"], **kwargs),
            timeout=execution_timeout or kwargs.get("timeout"), startup_timeout=start_timeout,
            kernel_name=kernel_name, log=logger, log_output=log_output,
            stdout_file=stdout_file, stderr_file=stderr_file,
        )  # fmt: skip
        return run_in_fork(nb_man, memory, ask=ask, answered=answered, **settings)


def runs_here(kernel_name: str | None) -> bool:
    """Tell whether a kernel of that name is this interpreter's, so that a fork can stand for it."""
    if not template.FORKS:
        return False
    if kernel_name in ("", "python3", None):
        return True
    from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel

    try:
        argv = KernelSpecManager().get_kernel_spec(kernel_name).argv
    except NoSuchKernel:
        return False
    return list(argv[:3]) == [sys.executable, "-m", "ipykernel_launcher"]
