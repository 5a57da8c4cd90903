"""The papermill engine `perfkit`: a notebook runs in a fork of a process that has everything imported.

One rule picks the way: a Python notebook whose kernel is this interpreter runs in a fork; any other, and
any on a machine without fork, runs as papermill's own engine runs it. The outputs are the same.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

from perfkit.batch import warm

if TYPE_CHECKING:
    from perfkit.batch.client import ForkedKernel
    from perfkit.batch.execution import PerfkitEngine

__all__ = ["FORKS", "PerfkitEngine", "runs_here", "start_kernel"]

FORKS = hasattr(os, "fork") and sys.platform != "darwin"  # Windows has none, macOS warns of it


def __getattr__(name: str) -> Any:
    """Give the engine; papermill, which looks for it while it is itself imported, has to be there first."""
    if name != "PerfkitEngine":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    import papermill.engines  # noqa: F401

    from perfkit.batch.execution import PerfkitEngine

    return PerfkitEngine


def runs_here(kernel_name: str) -> bool:
    """Tell whether a kernel of that name is this interpreter's, so that a fork can stand for it."""
    if not FORKS:
        return False
    if kernel_name in ("", "python3", None):
        return True
    from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel

    try:
        argv = KernelSpecManager().get_kernel_spec(kernel_name).argv
    except NoSuchKernel:
        return False
    return argv[:3] == [sys.executable, "-m", "ipykernel_launcher"]


def start_kernel(memory: int | None = None) -> ForkedKernel:
    """Start a kernel, off an untouched copy of this process if it is warm, else off a warm one beside it."""
    if warm.is_warm():
        from perfkit.batch.forker import forker

        return forker().kernel(memory)
    from perfkit.batch.pool import shared_host

    return shared_host().kernel(memory)
