"""The engine itself, as papermill calls it; import it by `perfkit.batch.engine`, which knows the order."""

# nbformat has no types, and nbclient's attributes have none of their own.
# mypy: disable-error-code="no-untyped-call, has-type"

from __future__ import annotations

from typing import Any

from nbclient.exceptions import DeadKernelError
from nbformat import NotebookNode
from nbformat.notebooknode import from_dict
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NBClientEngine, NotebookExecutionManager
from papermill.log import logger
from papermill.utils import merge_kwargs, remove_args

from perfkit.batch.engine import runs_here, start_kernel

_FIELDS = {
    "execute_result": ("metadata", "data", "execution_count"),
    "display_data": ("metadata", "data"),
    "stream": ("name", "text"),
    "error": ("ename", "evalue", "traceback"),
}


class NotebookClient(PapermillNotebookClient):  # type: ignore[misc]
    """Run cells as nbclient does, which would check each output by the slower of two validators.

    An output of texts alone cannot be wrong, so only one that holds anything else is checked.
    """

    def output(
        self, outs: list[NotebookNode], msg: dict[str, Any], display_id: str | None, cell_index: int
    ) -> NotebookNode | None:
        """Put the output that a message brings into its cell."""
        fields = _FIELDS.get(msg["msg_type"])
        hooked = self.output_hook_stack[msg["parent_header"].get("msg_id")]
        if fields is None or hooked or not _is_text(msg["content"].get("data", {})):
            made: NotebookNode | None = super().output(outs, msg, display_id, cell_index)
            return made
        if self.clear_before_next_output:
            outs.clear()
            self.clear_display_id_mapping(cell_index)
            self.clear_before_next_output = False
        if display_id:
            places = self._display_id_map.setdefault(display_id, {})
            places.setdefault(cell_index, []).append(len(outs))
        content = {name: from_dict(msg["content"][name]) for name in fields}
        output = NotebookNode(output_type=msg["msg_type"], **content)
        outs.append(output)
        return output


def _is_text(data: dict[str, Any]) -> bool:
    return all(isinstance(value, str) for value in data.values())


class PerfkitEngine(NBClientEngine):  # type: ignore[misc]
    """Run a notebook in a warm fork; see papermill's `Engine` for the arguments."""

    @classmethod
    def execute_managed_notebook(  # noqa: PLR0913, PLR0917  # papermill's signature
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
                return NotebookClient(nb_man, km=kernel, **settings).execute()
            except DeadKernelError as error:
                raise DeadKernelError(f"{error} ({kernel.how_it_ended()})") from None
