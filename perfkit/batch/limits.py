"""What one report may use of the machine, and that it dies with the one who started it."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import sys
from pathlib import Path

PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER = 1, 36


def limit_memory(size: int | None) -> None:
    """Let this process have `size` bytes more of data than it has now; None sets no limit."""
    if size is None or sys.platform == "win32":
        return
    import resource

    kind = resource.RLIMIT_DATA if sys.platform == "linux" else resource.RLIMIT_AS
    most = size + _in_use()
    _, hard = resource.getrlimit(kind)
    resource.setrlimit(kind, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))


def _in_use() -> int:
    """Give the bytes of data this process has mapped."""
    try:
        with Path("/proc/self/statm").open(encoding="ascii") as file:
            return int(file.read().split()[5]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 1 << 30


def die_with_parent(parent: int, by: int = signal.SIGKILL) -> None:
    """Have the operating system end this process when `parent` ends, however it ends (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, by)
        if os.getppid() != parent:
            os._exit(0)


def be_a_group() -> None:
    """Let this process and what it starts be a group that can be ended together (Linux).

    Elsewhere it stays in its parent's group: there nothing else would end it with its parent.
    """
    if sys.platform == "linux":
        os.setsid()


def end_group(pid: int) -> None:
    """End a process's group, if it has one of its own."""
    if sys.platform == "linux":
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(pid, signal.SIGKILL)


def adopt_orphans() -> None:
    """Become the parent of whatever this process's children leave behind, so that it can be ended (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_CHILD_SUBREAPER, 1)


def how_ended(status: int | None) -> str:
    """Say how a process ended, from its exit status (negative: the signal that killed it)."""
    if status is None:
        return "how is not known"
    if status >= 0:
        return f"exit status {status}"
    name = signal.Signals(-status).name
    return f"killed by {name}" + ("; out of memory?" if -status == signal.SIGKILL else "")
