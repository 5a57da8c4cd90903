"""The engine itself, as papermill calls it; import it by `perfkit.batch.engine`, which knows the order."""

from __future__ import annotations

from typing import Any

from nbclient.exceptions import DeadKernelError
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NBClientEngine, NotebookExecutionManager
from papermill.log import logger
from papermill.utils import merge_kwargs, remove_args

from perfkit.batch.engine import runs_here, start_kernel


class PerfkitEngine(NBClientEngine):  # type: ignore[misc]
    """Run a notebook in a warm fork; see papermill's `Engine` for the arguments."""

    @classmethod
    def execute_managed_notebook(  # noqa: PLR0913, PLR0917  # papermill's signature  # papermill's signature
        cls, nb_man: NotebookExecutionManager, kernel_name: str, log_output: bool = False,  # noqa: FBT001, FBT002

        stdout_file: Any = None, stderr_file: Any = None, start_timeout: int = 60,
        execution_timeout: int | None = None, memory: int | None = None, **kwargs: Any,
    ) -> Any:  # fmt: skip
        """Run the cells of a parameterized notebook; outputs and errors are put into it."""
        if not runs_here(kernel_name):
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
        with start_kernel(memory) as kernel:
            try:
                return PapermillNotebookClient(nb_man, km=kernel, **settings).execute()
            except DeadKernelError as error:
                raise DeadKernelError(f"{error} ({kernel.how_it_ended()})") from None
