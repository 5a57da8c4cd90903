"""The papermill engine `perfkit`: a notebook runs in a fork of a process that has everything imported.

One rule picks the way: a Python notebook whose kernel is this interpreter runs in a fork, if the canary tells
that this works here; any other, and any on a machine without fork, runs as papermill's own engine runs it.
The outputs are the same.
"""

from __future__ import annotations

import json
import re
from typing import Any

_FIRST = re.compile(r"[+-]+ 1 -+")
_TOLD = re.compile(r"(?!Exception Group Traceback|Traceback)[A-Za-z_][\w.]*(?:: |$)")


class PerfkitEngine:
    """Stand for the engine where papermill looks for it, which is while papermill itself is imported."""

    @classmethod
    def execute_notebook(cls, *args: Any, **kwargs: Any) -> Any:
        """Run a notebook; see papermill's `Engine` for the arguments.

        `memory` bounds the bytes that its cells may use beyond what a warm process has.
        """
        from perfkit.kernel.fork_engine import ForkEngine

        return ForkEngine.execute_notebook(*args, **kwargs)

    @staticmethod
    def nb_kernel_name(nb: Any, name: str | None = None) -> str:
        """Give the name of a notebook's kernel, as papermill asks for it."""
        from papermill.utils import nb_kernel_name

        return str(nb_kernel_name(nb, name))

    @staticmethod
    def nb_language(nb: Any, language: str | None = None) -> str:
        """Give the language of a notebook, as papermill asks for it."""
        from papermill.utils import nb_language

        return str(nb_language(nb, language))


def group_told(notebook: Any) -> str:
    """Give a group of exceptions, which IPython only writes to stderr, with the first one in it; or ""."""
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", ())]
    written = "".join(output.text for output in outputs if output.get("name") == "stderr")
    traceback = written[max(written.rfind("Exception Group Traceback"), 0) :]
    lines = [line.strip(" |") for line in traceback.splitlines()[1:]]
    group = next((line for line in lines if _TOLD.match(line)), "")
    first = next((at for at, line in enumerate(lines) if _FIRST.match(line)), len(lines))
    inner = next((line for line in lines[first:] if _TOLD.match(line) and "Group: " not in line), "")
    return " · ".join(filter(None, [group, inner]))


def as_json(notebook: Any) -> bytes:
    """Give a notebook as its file holds it, a line a cell: indented, it takes six times as long."""
    rest = {name: part for name, part in notebook.items() if name != "cells"}
    cells = ",\n".join(_line(cell) for cell in notebook.cells)
    return f'{{"cells": [\n{cells}\n],\n{_line(rest)[1:]}\n'.encode("utf-8", errors="surrogatepass")


def _line(part: Any) -> str:
    return json.dumps(part, ensure_ascii=False, sort_keys=True)
