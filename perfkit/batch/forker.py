"""An untouched copy of a worker, that its kernels are forked from.

After a fork, each page that either side writes to has to be faulted in anew. A worker that forked its
kernels itself would pay for all it touches, in every report; beside this copy, which only waits, it pays
once. The copy lives and dies with its worker, and a kernel with the copy.
"""

from __future__ import annotations

import os
import signal
from multiprocessing import Pipe, reduction
from multiprocessing.connection import Connection
from pathlib import Path

from perfkit.batch.client import ForkedKernel
from perfkit.batch.limits import be_a_group, die_with_parent


class Forker:
    """Hold the copy of this process, which must be warm and have one thread."""

    def __init__(self) -> None:
        self._wire, theirs = Pipe()
        self._lost = False
        parent, pid = os.getpid(), os.fork()
        if pid == 0:
            self._serve(theirs, parent)
        theirs.close()

    def kernel(self, memory: int | None) -> ForkedKernel:
        """Fork a kernel in the folder this process is in; `memory` limits its data, in bytes.

        Raises:
            OSError: the copy is gone.
        """
        ours, theirs = Pipe()
        self._wire.send(("fork", memory, str(Path.cwd())))
        reduction.send_handle(self._wire, theirs.fileno(), None)
        theirs.close()
        return Offspring(ours, self._wire.recv(), self)

    def wait(self, pid: int, options: int = 0) -> int | None:
        """Give the exit status of a kernel, None while it runs; a lost copy has taken its kernels along."""
        try:
            self._wire.send(("wait", pid, options))
            status: int | None = self._wire.recv()
        except (EOFError, OSError):
            self._lost = True
            return -signal.SIGKILL
        return status

    @property
    def is_lost(self) -> bool:
        """Tell whether the copy was found gone."""
        return self._lost

    def _serve(self, wire: Connection, parent: int) -> None:
        """Be the copy until the worker is gone; never return."""
        status = 1
        try:
            die_with_parent(parent)
            self._wire.close()
            while True:
                order, *rest = wire.recv()
                wire.send(_fork(wire, *rest) if order == "fork" else _wait(*rest))
        except EOFError:
            status = 0
        finally:
            os._exit(status)


def _fork(wire: Connection, memory: int | None, folder: str) -> int:
    from perfkit.batch.warm import be_kernel

    handle = reduction.recv_handle(wire)
    parent, pid = os.getpid(), os.fork()
    if pid == 0:
        die_with_parent(parent)
        be_a_group()
        wire.close()
        os.chdir(folder)
        be_kernel(Connection(handle), memory)
    os.close(handle)
    return pid


def _wait(pid: int, options: int) -> int | None:
    ended, status = os.waitpid(pid, options)
    return os.waitstatus_to_exitcode(status) if ended else None


class Offspring(ForkedKernel):
    """Hold a kernel that was forked off the copy: how it ended is learnt from there."""

    def __init__(self, wire: Connection, pid: int, forker: Forker) -> None:
        super().__init__(wire, pid)
        self._forker = forker

    def is_alive(self) -> bool:
        """Tell whether the kernel still runs; once it has ended, `exit_status` says how."""
        if self.exit_status is None:
            self.exit_status = self._forker.wait(self.pid, os.WNOHANG)
        return self.exit_status is None

    def kill(self) -> None:
        """End the kernel now."""
        os.kill(self.pid, signal.SIGKILL)
        self.exit_status = self._forker.wait(self.pid)


_forkers: dict[int, Forker] = {}


def forker() -> Forker:
    """Give this process's copy, made when first asked for."""
    here = _forkers.get(os.getpid())
    if here is None or here.is_lost:
        _forkers.clear()
        here = _forkers[os.getpid()] = Forker()
    return here
